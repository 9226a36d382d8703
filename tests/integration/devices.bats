#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# devices.bats - nodes and links in /dev, and the filter over all of them.
# shellcheck disable=SC2016,SC2119,SC2120

load helpers

@test "the default devices are there and are what they are called" {
  shell_is 'for d in null zero full random urandom tty; do stat -c "%n %F %t:%T %a" /dev/$d; done'
  run_well
  says '/dev/null character special file 1:3'
  says '/dev/zero character special file 1:5'
  says '/dev/full character special file 1:7'
  says '/dev/random character special file 1:8'
  says '/dev/urandom character special file 1:9'
  says '/dev/tty character special file 5:0'
}

@test "the default devices work" {
  shell_is 'echo x >/dev/null && head -c 4 /dev/zero | wc -c && head -c 3 /dev/urandom | wc -c'
  run_well
  [ "$output" = $'4\n3' ]
}

@test "the default links" {
  shell_is 'for l in fd stdin stdout stderr ptmx; do readlink /dev/$l; done'
  run_well
  [ "$output" = $'/proc/self/fd\n/proc/self/fd/0\n/proc/self/fd/1\n/proc/self/fd/2\npts/ptmx' ]
}

# field: linux.devices[].path, linux.devices[].type, linux.devices[].major
# field: linux.devices[].minor, linux.devices[].fileMode, linux.devices[].uid
# field: linux.devices[].gid
@test "a device of config.json" {
  only root
  config '.linux.devices = [{type: "c", path: "/dev/mine", major: 1, minor: 5, fileMode: 438, uid: 7, gid: 8}]
    | .linux.resources.devices += [{allow: true, type: "c", major: 1, minor: 5, access: "rwm"}]'
  shell_is 'stat -c "%t:%T %a %u:%g" /dev/mine; head -c 2 /dev/mine | wc -c'
  run_well
  [ "${lines[0]}" = '1:5 666 7:8' ]
  [ "${lines[1]}" = 2 ]
}

@test "a device outside /dev, in a directory that is missing" {
  only root
  config '.linux.devices = [{type: "c", path: "/srv/nodes/zero", major: 1, minor: 5}] | .root.readonly = false'
  shell_is 'stat -c "%t:%T %a" /srv/nodes/zero'
  run_well
  [ "$output" = '1:5 666' ]
}

# field: linux.devices[].type
@test "a fifo and a block device" {
  only root
  config '.linux.devices = [{type: "p", path: "/dev/fifo", fileMode: 420},
                            {type: "b", path: "/dev/disk", major: 7, minor: 200}]'
  shell_is 'stat -c "%F" /dev/fifo /dev/disk'
  run_well
  [ "$output" = $'fifo\nblock special file' ]
}

@test "a default device that is listed again is no error" {
  only root
  config '.linux.devices = [{type: "c", path: "/dev/null", major: 1, minor: 3},
                            {type: "c", path: "/dev/tty", major: 5, minor: 0}]'
  shell_is 'stat -c "%t:%T" /dev/null'
  run_well
  [ "$output" = 1:3 ]
}

# field: linux.devices[].path, linux.devices[].fileMode, linux.devices[].uid
@test "a device with the path of a default one takes its place" {
  only root
  config '.linux.devices = [{type: "c", path: "/dev/zero", major: 1, minor: 3, fileMode: 256, uid: 3}]'
  shell_is 'stat -c "%t:%T %a %u" /dev/zero; ls -l /dev/full'
  run_well
  [ "${lines[0]}" = '1:3 400 3' ]
  says '1,   7'
}

@test "a device that the image has is kept, something else in its place is refused" {
  only root
  tare_only
  local first
  mknod "$BUNDLE/rootfs/node" c 1 5
  touch "$BUNDLE/rootfs/file"
  config '.linux.devices = [{type: "c", path: "/node", major: 1, minor: 5}]'
  shell_is 'stat -c "%t:%T" /node'
  run_well
  [ "$output" = 1:5 ]
  for first in '"/node", type: "c"' '"/node", type: "b"' '"/file", type: "c"'; do
    config ".linux.devices = [{path: $first, major: 1, minor: 3}]"
    refused 'is something else: file exists'
  done
  [ "$(stat -c %t:%T "$BUNDLE/rootfs/node")" = 1:5 ]
  [ -f "$BUNDLE/rootfs/file" ]
}

@test "a device that is listed twice is one, two at one path are refused" {
  only root
  tare_only
  config '.linux.devices = [range(2) | {type: "c", path: "/dev/mine", major: 1, minor: 5}]'
  shell_is 'stat -c "%t:%T" /dev/mine'
  run_well
  [ "$output" = 1:5 ]
  config '.linux.devices[1].minor = 3'
  refused 'linux.devices[1]: /dev/mine is something else'
}

@test "in a user namespace devices are the host's own nodes" {
  only root
  tare_only
  give_rootfs_to 100000
  config '.linux.namespaces += [{type: "user"}]
    | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}]
    | .linux.gidMappings = .linux.uidMappings
    | .linux.devices = [{type: "c", path: "/dev/kmsg", major: 1, minor: 11}]'
  shell_is 'stat -c "%n %t:%T" /dev/null /dev/kmsg; echo x >/dev/null && echo taken; grep -c " /dev/null " /proc/self/mountinfo'
  run_well
  [ "$output" = $'/dev/null 1:3\n/dev/kmsg 1:b\ntaken\n1' ]
  config '.linux.devices = [{type: "c", path: "/dev/nosuch", major: 1, minor: 7}]'
  refused "no device can be made here, and the host's /dev/nosuch: no such file or directory"
}

@test "an unknown type of device is refused" {
  config '.linux.devices = [{type: "x", path: "/dev/mine", major: 1, minor: 5}]'
  refused ''
}

# field: linux.resources.devices[].allow, linux.resources.devices[].type
# field: linux.resources.devices[].major, linux.resources.devices[].minor
# field: linux.resources.devices[].access
@test "the filter: only what is allowed can be opened or made" {
  only root
  needs_cgroup
  config '.process.capabilities.bounding += ["CAP_MKNOD"] | .process.capabilities.effective += ["CAP_MKNOD"]
    | .process.capabilities.permitted += ["CAP_MKNOD"] | .root.readonly = false'
  shell_is 'probe device /tmp/a c 1 3; probe device /tmp/b c 1 1; probe device /tmp/c b 7 0; probe device /tmp/d c 10 229'
  run_well || true
  [ "${lines[0]}" = 'mknod ok' ]
  [ "${lines[1]}" = 'open ok' ]
  [ "${lines[2]}" = 'mknod EPERM' ] || [ "${lines[3]}" = 'open EPERM' ]
  says_not 'open ENXIO'
  [ "$(grep -c 'open ok' <<<"$output")" -eq 1 ]
}

@test "the filter is there when config.json has no resources at all" {
  only root
  needs_cgroup
  tare_only
  config 'del(.linux.resources) | .root.readonly = false | .process.capabilities.bounding += ["CAP_MKNOD"]
    | .process.capabilities.effective += ["CAP_MKNOD"] | .process.capabilities.permitted += ["CAP_MKNOD"]'
  shell_is 'probe device /tmp/b c 1 1; probe device /tmp/c b 7 0'
  run_it
  [ "$(grep -c 'open ok' <<<"$output")" -eq 0 ]
}

# field: linux.resources.devices[].allow
@test "of the filter's rows the last that matches counts" {
  only root
  needs_cgroup
  config '.root.readonly = false | .process.capabilities.bounding += ["CAP_MKNOD"]
    | .process.capabilities.effective += ["CAP_MKNOD"] | .process.capabilities.permitted += ["CAP_MKNOD"]
    | .linux.resources.devices = [
      {allow: false, access: "rwm"},
      {allow: true, type: "c", major: 10, access: "rwm"},
      {allow: false, type: "c", major: 10, minor: 229, access: "r"}]'
  shell_is 'probe device /tmp/a c 10 183; probe device /tmp/b c 10 229'
  run_it
  [ "${lines[0]}" = 'mknod ok' ]
  says_not 'open ok'$'\n''mknod ok'$'\n''open ok'
  [ "${lines[3]}" = 'open EPERM' ]
}

# field: linux.resources.devices[].allow
@test "the filter: what every container may use can be taken away, but not by denying everything" {
  only root
  needs_cgroup
  tare_only
  config '.linux.resources.devices = [{allow: true, access: "rwm"}, {allow: false, access: "rwm"},
    {allow: false, type: "c", major: 1, minor: 5, access: "r"}]'
  shell_is 'head -c1 /dev/zero | wc -c; head -c1 /dev/urandom | wc -c; echo x >/dev/zero && echo written'
  run_it
  [[ $output == *'/dev/zero: Operation not permitted'* ]]
  says_like $'(^|\n)0\n1\nwritten'
}

@test "the filter: thousands of rules" {
  only root
  needs_cgroup
  tare_only
  config '.linux.resources.devices = [{allow: false, access: "rwm"}] + [range(3000) |
    {allow: true, type: "c", major: (. % 700 + 300), minor: ., access: "rw"}] + [{allow: true, type: "c", major: 1, minor: 1, access: "r"}]'
  shell_is 'probe device /tmp/a c 1 1'
  config '.root.readonly = false | .process.capabilities.bounding += ["CAP_MKNOD", "CAP_SYS_RAWIO"]
    | .process.capabilities.effective += ["CAP_MKNOD", "CAP_SYS_RAWIO"] | .process.capabilities.permitted += ["CAP_MKNOD", "CAP_SYS_RAWIO"]'
  run_it
  says 'mknod ok'
  says_not 'error'
}

@test "/dev comes from the host when it is a bind mount" {
  only root
  tare_only
  config '.mounts |= map(select(.destination | startswith("/dev") | not))'
  mkdir "$WORK/dev"
  mknod "$WORK/dev/null" c 1 3
  touch "$WORK/dev/witness"
  add_mount /dev bind "$WORK/dev" bind rw
  shell_is 'ls /dev'
  run_well
  says witness
  says_not zero
  [ ! -e "$WORK/dev/fd" ]
  [ ! -e "$WORK/dev/zero" ]
}

# As podman 4 makes the cgroup of a pod without systemd.
@test "a cgroup above the container's that forbids all devices is told, not left to the container" {
  only root
  needs_cgroup
  tare_only
  mkdir "$CGROUPS/forbidding"
  "$STAGE/bin/nodevices" "$CGROUPS/forbidding"
  config '.linux.cgroupsPath = "/forbidding/it"'
  refused "a cgroup above the container's forbids /dev/null: operation not permitted"
  rmdir "$CGROUPS/forbidding"
}
