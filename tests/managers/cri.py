# SPDX-License-Identifier: GPL-2.0-or-later
"""cri SOCKET METHOD - one call of Kubernetes' Container Runtime Interface, as kubelet makes it.

The request is read from stdin as JSON, with the names of cri-api's api.proto (v1); the answer is
printed likewise.  Only the fields that scenarios use are known.  A call that fails prints its
code and its text on stderr; the status is 1.
"""
import json
import sys

import grpc

from ttrpc import message, parse

# Each message: its fields by name, with number and type; "*" is a list, "map" has strings.
MESSAGES = {
    "PodSandboxMetadata": {"name": (1, "string"), "uid": (2, "string"), "namespace": (3, "string"), "attempt": (4, "int")},
    "DNSConfig": {"servers": (1, "string*"), "searches": (2, "string*")},
    "NamespaceOption": {"network": (1, "int"), "pid": (2, "int"), "ipc": (3, "int"), "target_id": (4, "string")},
    "Int64Value": {"value": (1, "int")},
    "SecurityProfile": {"profile_type": (1, "int"), "localhost_ref": (2, "string")},
    "LinuxSandboxSecurityContext": {
        "namespace_options": (1, "NamespaceOption"),
        "run_as_user": (3, "Int64Value"),
        "privileged": (6, "int"),
        "seccomp": (9, "SecurityProfile"),
    },
    "LinuxPodSandboxConfig": {
        "cgroup_parent": (1, "string"),
        "security_context": (2, "LinuxSandboxSecurityContext"),
        "sysctls": (3, "map"),
    },
    "PodSandboxConfig": {
        "metadata": (1, "PodSandboxMetadata"),
        "hostname": (2, "string"),
        "log_directory": (3, "string"),
        "dns_config": (4, "DNSConfig"),
        "labels": (6, "map"),
        "annotations": (7, "map"),
        "linux": (8, "LinuxPodSandboxConfig"),
    },
    "RunPodSandboxRequest": {"config": (1, "PodSandboxConfig"), "runtime_handler": (2, "string")},
    "RunPodSandboxResponse": {"pod_sandbox_id": (1, "string")},
    "StopPodSandboxRequest": {"pod_sandbox_id": (1, "string")},
    "StopPodSandboxResponse": {},
    "RemovePodSandboxRequest": {"pod_sandbox_id": (1, "string")},
    "RemovePodSandboxResponse": {},
    "PodSandboxStatusRequest": {"pod_sandbox_id": (1, "string"), "verbose": (2, "int")},
    "PodSandboxNetworkStatus": {"ip": (1, "string")},
    "PodSandboxStatus": {
        "id": (1, "string"),
        "metadata": (2, "PodSandboxMetadata"),
        "state": (3, "int"),
        "network": (5, "PodSandboxNetworkStatus"),
        "labels": (7, "map"),
        "runtime_handler": (9, "string"),
    },
    "PodSandboxStatusResponse": {"status": (1, "PodSandboxStatus"), "info": (2, "map")},
    "PodSandbox": {"id": (1, "string"), "metadata": (2, "PodSandboxMetadata"), "state": (3, "int")},
    "ListPodSandboxRequest": {},
    "ListPodSandboxResponse": {"items": (1, "PodSandbox*")},
    "ContainerMetadata": {"name": (1, "string"), "attempt": (2, "int")},
    "ImageSpec": {"image": (1, "string")},
    "KeyValue": {"key": (1, "string"), "value": (2, "string")},
    "Mount": {
        "container_path": (1, "string"),
        "host_path": (2, "string"),
        "readonly": (3, "int"),
        "propagation": (5, "int"),
    },
    "Device": {"container_path": (1, "string"), "host_path": (2, "string"), "permissions": (3, "string")},
    "Capability": {"add_capabilities": (1, "string*"), "drop_capabilities": (2, "string*")},
    "LinuxContainerResources": {
        "cpu_period": (1, "int"),
        "cpu_quota": (2, "int"),
        "cpu_shares": (3, "int"),
        "memory_limit_in_bytes": (4, "int"),
        "oom_score_adj": (5, "int"),
        "unified": (9, "map"),
    },
    "LinuxContainerSecurityContext": {
        "capabilities": (1, "Capability"),
        "privileged": (2, "int"),
        "namespace_options": (3, "NamespaceOption"),
        "run_as_user": (5, "Int64Value"),
        "run_as_username": (6, "string"),
        "readonly_rootfs": (7, "int"),
        "supplemental_groups": (8, "int*"),
        "no_new_privs": (11, "int"),
        "run_as_group": (12, "Int64Value"),
        "masked_paths": (13, "string*"),
        "readonly_paths": (14, "string*"),
        "seccomp": (15, "SecurityProfile"),
    },
    "LinuxContainerConfig": {
        "resources": (1, "LinuxContainerResources"),
        "security_context": (2, "LinuxContainerSecurityContext"),
    },
    "ContainerConfig": {
        "metadata": (1, "ContainerMetadata"),
        "image": (2, "ImageSpec"),
        "command": (3, "string*"),
        "args": (4, "string*"),
        "working_dir": (5, "string"),
        "envs": (6, "KeyValue*"),
        "mounts": (7, "Mount*"),
        "devices": (8, "Device*"),
        "labels": (9, "map"),
        "log_path": (11, "string"),
        "stdin": (12, "int"),
        "tty": (14, "int"),
        "linux": (15, "LinuxContainerConfig"),
    },
    "CreateContainerRequest": {
        "pod_sandbox_id": (1, "string"),
        "config": (2, "ContainerConfig"),
        "sandbox_config": (3, "PodSandboxConfig"),
    },
    "CreateContainerResponse": {"container_id": (1, "string")},
    "StartContainerRequest": {"container_id": (1, "string")},
    "StartContainerResponse": {},
    "StopContainerRequest": {"container_id": (1, "string"), "timeout": (2, "int")},
    "StopContainerResponse": {},
    "RemoveContainerRequest": {"container_id": (1, "string")},
    "RemoveContainerResponse": {},
    "Container": {
        "id": (1, "string"),
        "pod_sandbox_id": (2, "string"),
        "metadata": (3, "ContainerMetadata"),
        "state": (6, "int"),
    },
    "ListContainersRequest": {},
    "ListContainersResponse": {"containers": (1, "Container*")},
    "ContainerStatus": {
        "id": (1, "string"),
        "metadata": (2, "ContainerMetadata"),
        "state": (3, "int"),
        "started_at": (5, "int"),
        "finished_at": (6, "int"),
        "exit_code": (7, "int"),
        "reason": (10, "string"),
        "message": (11, "string"),
        "labels": (12, "map"),
    },
    "ContainerStatusRequest": {"container_id": (1, "string"), "verbose": (2, "int")},
    "ContainerStatusResponse": {"status": (1, "ContainerStatus"), "info": (2, "map")},
    "UpdateContainerResourcesRequest": {"container_id": (1, "string"), "linux": (2, "LinuxContainerResources")},
    "UpdateContainerResourcesResponse": {},
    "ReopenContainerLogRequest": {"container_id": (1, "string")},
    "ReopenContainerLogResponse": {},
    "ExecSyncRequest": {"container_id": (1, "string"), "cmd": (2, "string*"), "timeout": (3, "int")},
    "ExecSyncResponse": {"stdout": (1, "string"), "stderr": (2, "string"), "exit_code": (3, "int")},
    "UInt64Value": {"value": (1, "int")},
    "CpuUsage": {"usage_core_nano_seconds": (2, "UInt64Value")},
    "MemoryUsage": {"working_set_bytes": (2, "UInt64Value")},
    "ContainerStats": {"cpu": (2, "CpuUsage"), "memory": (3, "MemoryUsage")},
    "ContainerStatsRequest": {"container_id": (1, "string")},
    "ContainerStatsResponse": {"stats": (1, "ContainerStats")},
    "VersionRequest": {},
    "VersionResponse": {"runtime_name": (2, "string"), "runtime_version": (3, "string")},
    "StatusRequest": {},
    "RuntimeCondition": {"type": (1, "string"), "status": (2, "int"), "reason": (3, "string")},
    "RuntimeStatus": {"conditions": (1, "RuntimeCondition*")},
    "StatusResponse": {"status": (1, "RuntimeStatus")},
}


def encode(kind, value):
    """A dictionary to the bytes of a message; an unknown name is a mistake of the caller's."""
    out = b""
    for name, item in value.items():
        number, of = MESSAGES[kind][name]
        if of == "map":
            item = [message(_1=key, _2=word) for key, word in item.items()]
        for one in item if isinstance(item, list) else [item]:
            if of.rstrip("*") in MESSAGES:
                one = encode(of.rstrip("*"), one)
            out += message(**{f"_{number}": one})
    return out


def decode_one(of, value):
    if of in MESSAGES:
        return decode(of, value)
    return value.decode(errors="replace") if of == "string" else value


def decode(kind, data):
    """The bytes of a message to a dictionary of the fields that are known, all of them."""
    fields, out = parse(data), {}
    for name, (number, of) in MESSAGES[kind].items():
        values = fields.get(number, [])
        if of == "map":
            pairs = [parse(pair) for pair in values]
            out[name] = {pair.get(1, [b""])[0].decode(): pair.get(2, [b""])[0].decode() for pair in pairs}
        elif of.endswith("*"):
            out[name] = [decode_one(of[:-1], value) for value in values]
        elif values:
            out[name] = decode_one(of, values[-1])
        else:
            out[name] = {} if of in MESSAGES else "" if of == "string" else 0
    return out


def main(socket, method):
    request = encode(method + "Request", json.load(sys.stdin))
    with grpc.insecure_channel("unix://" + socket) as channel:
        call = channel.unary_unary("/runtime.v1.RuntimeService/" + method)
        try:
            answer = call(request, timeout=60)
        except grpc.RpcError as error:
            print(f"{error.code().name}: {error.details()}", file=sys.stderr)
            return 1
    json.dump(decode(method + "Response", answer), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
