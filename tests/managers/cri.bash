# SPDX-License-Identifier: GPL-2.0-or-later
# cri - a containerd of our own, and what kubelet says to it (Container Runtime Interface).
# shellcheck shell=bash
# shellcheck disable=SC2016,SC2034,SC2154

IMAGE=localhost/box:latest
export HOME_OF=$STAGE/k # short: paths of sockets end at 108 bytes

# What containerd keeps for all pods, and where networks of pods are kept.
KEPT='^mount /run/netns$'

# The request is JSON of jq's: cri METHOD [OPTION-OF-JQ...] FILTER
cri() {
  local method=$1

  shift
  jq -n "$@" | /usr/bin/python3 "$HERE/cri.py" "$HOME_OF/containerd.sock" "$method"
}

# ---- pods ----

# In a slice if systemd makes the cgroups; with the network of the machine, unless said; CHANGE
# is a filter for its configuration.  What it is, is kept in a file: pod NAME [CHANGE]
pod() {
  local parent=

  [ "$DRIVER" != systemd ] || parent=system.slice
  jq -n --arg name "$1" --arg logs "$SCRATCH/logs" --arg parent "$parent" '{
    metadata: {name: $name, uid: $name, namespace: "test"}, log_directory: $logs,
    dns_config: {servers: ["10.0.0.1"]},
    linux: {cgroup_parent: $parent,
      security_context: {namespace_options: {network: 2, pid: 1}}}} | '"${2:-.}" >"pod-$1.json"
  cri RunPodSandbox --slurpfile config "pod-$1.json" '{config: $config[0]}' | jq -r .pod_sandbox_id >"pod-$1"
  test -s "pod-$1"
}

pod_id() { # NAME
  cat "$SCRATCH/pod-$1"
}

pod_state() { # NAME: 0 is ready, 1 is not
  cri PodSandboxStatus --arg id "$(pod_id "$1")" '{pod_sandbox_id: $id}' | jq .status.state
}

pod_info() { # NAME FILTER
  cri PodSandboxStatus --arg id "$(pod_id "$1")" '{pod_sandbox_id: $id, verbose: 1}' |
    jq -r ".info.info | fromjson | $2"
}

of_pod() { # METHOD NAME
  cri "$1" --arg id "$(pod_id "$2")" '{pod_sandbox_id: $id}'
}

# ---- containers ----

# created POD NAME [CHANGE] -- COMMAND...
created() {
  local pod=$1 name=$2 change=.

  shift 2
  [ "$1" = -- ] || { change=$1 && shift; }
  shift
  cri CreateContainer --arg pod "$(pod_id "$pod")" --arg name "$name" --arg image "$IMAGE" \
    --slurpfile config "pod-$pod.json" "{pod_sandbox_id: \$pod, sandbox_config: \$config[0], config: (
      {metadata: {name: \$name}, image: {image: \$image}, log_path: (\$name + \".log\"),
        linux: {security_context: {namespace_options:
          {network: \$config[0].linux.security_context.namespace_options.network, pid: 1}}},
        command: \$ARGS.positional} | $change)}" --args -- "$@" | jq -r .container_id >"container-$name"
  test -s "container-$name"
}

# The same, and it runs.
container() { # POD NAME [CHANGE] -- COMMAND...
  created "$@" && with_id StartContainer "$2"
}

# Until its end: what it says on stdout and stderr, and its status.
whole() { # POD [CHANGE] -- COMMAND...
  local pod=$1 name=c$RANDOM

  shift
  container "$pod" "$name" "$@" >/dev/null || return
  eventually has_state "$name" 2
  said "$name"
  return "$(of_status "$name" .exit_code)"
}

container_id() { # NAME
  cat "$SCRATCH/container-$1"
}

with_id() { # METHOD NAME [FILTER-OF-MORE]
  cri "$1" --arg id "$(container_id "$2")" "{container_id: \$id} + ${3:-{\}}"
}

of_status() { # NAME FILTER
  with_id ContainerStatus "$1" | jq -r ".status | $2"
}

# 0 created, 1 running, 2 ended
has_state() { # NAME STATE
  [ "$(of_status "$1" .state)" = "$2" ]
}

pid_of() { # NAME
  with_id ContainerStatus "$1" '{verbose: 1}' | jq -r '.info.info | fromjson | .pid'
}

# A line of the log: time, stream, F or P, and what was said.
said() { # NAME
  cut -d' ' -f4- "$SCRATCH/logs/$1.log"
}

log_has() { # NAME TEXT
  said "$1" | grep -qF -- "$2"
}

# What it says on stdout; its status.
inside() { # NAME COMMAND...
  local answer name=$1

  shift
  answer=$(cri ExecSync --arg id "$(container_id "$name")" \
    '{container_id: $id, cmd: $ARGS.positional, timeout: 30}' --args -- "$@") || return 125
  jq -j .stdout <<<"$answer"
  jq -j .stderr <<<"$answer" >&2
  return "$(jq .exit_code <<<"$answer")"
}

clean_up() {
  local id

  for id in $(cri ListPodSandbox '{}' | jq -r '.items[].id'); do
    cri StopPodSandbox --arg id "$id" '{pod_sandbox_id: $id}'
    cri RemovePodSandbox --arg id "$id" '{pod_sandbox_id: $id}'
  done
}

# ---- the daemon ----

start_daemon() {
  containerd --config "$HOME_OF/containerd.toml" >>"$HOME_OF/log" 2>&1 </dev/null &
  echo $! >"$HOME_OF/pid"
  disown
  PATIENCE=40 eventually test -S "$HOME_OF/containerd.sock"
  PATIENCE=40 eventually runtime_is_ready
}

runtime_is_ready() {
  cri Status '{}' | jq -e '[.status.conditions[] | select(.status == 1).type] |
    contains(["RuntimeReady", "NetworkReady"])'
}

stop_daemon() { # SIGNAL
  local pid

  pid=$(cat "$HOME_OF/pid")
  kill "-$1" "$pid"
  eventually not kill -0 "$pid"
}

# Debian's shim with a program, or a shim of its own.
configuration() {
  local kind=io.containerd.runc.v2 options="BinaryName = \"$RUNTIME\"" cgroups=false systemd=false

  [[ $RUNTIME != io.containerd.* ]] || { kind=$RUNTIME && options=; }
  has_controller cpu || cgroups=true
  [ "$DRIVER" != systemd ] || systemd=true
  cat <<END
version = 2
root = "$HOME_OF/root"
state = "$HOME_OF/state"
disabled_plugins = ["io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs",
  "io.containerd.snapshotter.v1.devmapper", "io.containerd.internal.v1.opt"]
[grpc]
  address = "$HOME_OF/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/pause:latest"
  disable_cgroup = $cgroups
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "$HOME_OF/cni"
    conf_dir = "$HOME_OF/net.d"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    default_runtime_name = "tested"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.tested]
      runtime_type = "$kind"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.tested.options]
        $options
        SystemdCgroup = $systemd
END
}

networks() {
  mkdir -p "$HOME_OF/cni" "$HOME_OF/net.d"
  cp "$HERE/cni" "$HOME_OF/cni/loopback"
  cp "$HERE/cni" "$HOME_OF/cni/tested"
  echo '{"cniVersion": "0.3.1", "name": "tested", "plugins": [{"type": "tested"}]}' \
    >"$HOME_OF/net.d/10-tested.conflist"
}

images() {
  "$HERE/../integration/managers/image" "$PLACE/box" "$HOME_OF/image.tar"
  "$HERE/../integration/managers/image" "$PLACE/box" "$HOME_OF/pause.tar" localhost/pause:latest \
    '["sleep","1000000"]'
  ctr --address "$HOME_OF/containerd.sock" --namespace k8s.io images import "$HOME_OF/image.tar" &&
    ctr --address "$HOME_OF/containerd.sock" --namespace k8s.io images import "$HOME_OF/pause.tar"
}

# Results of networks are kept in /var/lib, whoever asks.
start_manager() {
  /usr/bin/python3 -c 'import grpc' || return
  mkdir -p "$HOME_OF"
  mount -t tmpfs -o mode=755 tmpfs /var/lib || return
  networks
  configuration >"$HOME_OF/containerd.toml"
  (start_daemon) && images || return
  # What the first pod makes for all is not one's leak.
  (cd "$SCRATCH" && PATIENCE=10 eventually pod warm && container warm warm -- true) || return
  (clean_up)
}

stop_manager() {
  (clean_up) >/dev/null 2>&1
  (stop_daemon TERM) >/dev/null 2>&1
}
