#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# namespaces.bats - each kind new, joined by path, or the caller's own.
# shellcheck disable=SC2016,SC2119,SC2120

load helpers

ns_of() { # PID KIND
  readlink "/proc/$1/ns/$2"
}

# The namespace KIND of the created container "it" is NEW or the caller's.
kind_file() {
  case $1 in network) echo net ;; mount) echo mnt ;; *) echo "$1" ;; esac
}

# A process that holds namespaces to be joined; its pid in $HOLDER.
hold_namespaces() { # UNSHARE-OPTION...
  unshare "$@" --fork sleep 1000 3>&- &
  HOLDER_PARENT=$!
  wait_for pgrep -P "$HOLDER_PARENT" -x sleep >/dev/null
  HOLDER=$(pgrep -P "$HOLDER_PARENT" -x sleep)
}

release_namespaces() {
  kill -KILL "$HOLDER"
  wait "$HOLDER_PARENT" || true
}

# field: linux.namespaces[].type
@test "every namespace of the list is a new one" {
  local kind file pid
  command_is sleep 100
  create_it
  pid=$(pid_of it)
  for kind in $(jq -r '.linux.namespaces[].type' "$BUNDLE/config.json"); do
    file=$(kind_file "$kind")
    [ "$(ns_of "$pid" "$file")" != "$(ns_of self "$file")" ] || {
      echo "$kind is not new"
      return 1
    }
  done
}

@test "a namespace that is not in the list is the caller's" {
  not_in userns rootless plain
  local kind file pid
  for kind in uts ipc network cgroup; do
    rm -rf "$BUNDLE"
    make_bundle
    config 'del(.hostname)'
    no_namespace $kind
    [ $kind != network ] || config '.mounts |= map(select(.type != "sysfs"))'
    [ $kind != ipc ] || config '.mounts |= map(select(.type != "mqueue"))'
    create_it
    pid=$(pid_of it)
    file=$(kind_file $kind)
    [ "$(ns_of "$pid" "$file")" = "$(ns_of self "$file")" ] || {
      echo "$kind is not the caller's"
      return 1
    }
    tare delete it
  done
}

@test "the first process of a new pid namespace is 1" {
  shell_is 'echo $$'
  run_well
  [ "$output" = 1 ]
}

@test "without a pid namespace the container sees the caller's" {
  only root
  shell_is 'ls -d /proc/[0-9]* | wc -l; readlink /proc/self/ns/pid'
  no_namespace pid
  run_well
  [ "${lines[1]}" = "$(ns_of self pid)" ]
}

# field: linux.namespaces[].path
@test "joined by path: uts, ipc, network" {
  only root
  local kind option file
  for kind in uts ipc network; do
    rm -rf "$BUNDLE"
    make_bundle
    config 'del(.hostname)'
    option=$kind
    [ $kind != network ] || option=net
    hold_namespaces "--$option"
    file=$(kind_file $kind)
    join_namespace $kind "/proc/$HOLDER/ns/$file"
    create_it
    [ "$(ns_of "$(pid_of it)" "$file")" = "$(ns_of "$HOLDER" "$file")" ]
    tare delete it
    release_namespaces
  done
}

@test "joined by path: cgroup" {
  only root
  hold_namespaces --cgroup
  join_namespace cgroup "/proc/$HOLDER/ns/cgroup"
  create_it
  [ "$(ns_of "$(pid_of it)" cgroup)" = "$(ns_of "$HOLDER" cgroup)" ]
  release_namespaces
}

@test "joined by path: pid" {
  only root
  hold_namespaces --pid
  shell_is 'exec sleep 1000'
  join_namespace pid "/proc/$HOLDER/ns/pid"
  create_it
  tare start it
  local pid
  pid=$(pid_of it)
  [ "$(ns_of "$pid" pid)" = "$(ns_of "$HOLDER" pid)" ]
  [ "$(awk '/^NSpid/ {print $NF}' "/proc/$pid/status")" -gt 1 ]
  tare delete --force it
  release_namespaces
}

@test "joined by path: pid, and /proc shows that namespace, not the host's" {
  only root
  hold_namespaces --pid
  shell_is 'readlink /proc/self/ns/pid; tr "\\0" " " </proc/1/cmdline; echo; test -d "/proc/$$" && echo self'
  join_namespace pid "/proc/$HOLDER/ns/pid"
  run_well
  echo "$output"
  [ "${lines[0]}" = "$(ns_of "$HOLDER" pid)" ]
  [ "${lines[1]}" = "$(tr '\0' ' ' <"/proc/$HOLDER/cmdline")" ]
  [ "${lines[2]}" = self ]
  release_namespaces
}

@test "joined by path: pid, with all that comes between create and the process" {
  only root
  hold_namespaces --pid
  join_namespace pid "/proc/$HOLDER/ns/pid"
  shell_is 'trap "exit 7" TERM; while :; do sleep 0.1; done'
  config '.root.readonly = false |
    .hooks.createContainer = [{path: "/bin/sh", args: ["sh", "-c", $script]}] |
    .hooks.startContainer = [{path: "/bin/sh",
      args: ["sh", "-c", "readlink /proc/self/ns/pid >/tmp/2.hook"]}] |
    .linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW",
      syscalls: [{names: ["accept4"], action: "SCMP_ACT_ERRNO"}]} |
    .process.rlimits = [{type: "RLIMIT_NOFILE", soft: 100, hard: 100}] |
    .process.oomScoreAdj = 321' \
    --arg script "readlink /proc/self/ns/pid >'$BUNDLE/rootfs/tmp/1.hook'"
  local pid
  create_it
  pid=$(pid_of it)
  [ "$(cat "/proc/$pid/oom_score_adj")" = 321 ]
  grep -q 'open files *100 *100' "/proc/$pid/limits"
  [ "$(ps -o ppid= -p "$pid")" -ne "$HOLDER" ]
  tare start it
  wait_for grep -q "pid:" "$BUNDLE/rootfs/tmp/2.hook"
  [ "$(cat "$BUNDLE/rootfs/tmp/1.hook")" = "$(ns_of "$HOLDER" pid)" ]
  [ "$(cat "$BUNDLE/rootfs/tmp/2.hook")" = "$(ns_of "$HOLDER" pid)" ]
  tare kill it TERM
  wait_for status_is it stopped
  tare delete it
  release_namespaces
}

@test "joined by path: pid, with a limit that leaves room for one process" {
  only root
  hold_namespaces --pid
  join_namespace pid "/proc/$HOLDER/ns/pid"
  config '.process.args = ["grep", "processes", "/proc/self/limits"] | .process.user.uid = 1000 |
    .process.rlimits = [{type: "RLIMIT_NPROC", soft: 1, hard: 2}]'
  run -0 tare run -b "$BUNDLE" it
  says_like 'Max processes +1 +2 +processes'
  release_namespaces
}

@test "joined by path: pid, in the foreground with a terminal" {
  only root
  hold_namespaces --pid
  join_namespace pid "/proc/$HOLDER/ns/pid"
  shell_is 'tty; ps -o pid,sid,tty >/tmp/ps; echo here >/dev/tty; exit 9'
  config '.process.terminal = true'
  run -9 script -qec "$TARE --root $STATE run -b $BUNDLE it" /dev/null </dev/null
  says /dev/pts/0
  says here
  release_namespaces
}

@test "joined by path: a network namespace kept as a bind mount" {
  only root
  touch "$WORK/netns"
  unshare --net="$WORK/netns" true
  join_namespace network "$WORK/netns"
  shell_is 'readlink /proc/self/ns/net'
  run_well
  local joined
  joined=$(nsenter --net="$WORK/netns" readlink /proc/self/ns/net)
  umount "$WORK/netns"
  [ "$output" = "$joined" ]
}

@test "joined by path: user, with the mappings of that namespace" {
  only root
  unshare --user --fork sleep 1000 3>&- &
  local parent=$! holder
  wait_for pgrep -P "$parent" -x sleep >/dev/null
  holder=$(pgrep -P "$parent" -x sleep)
  echo '0 100000 65536' >"/proc/$holder/uid_map"
  echo '0 100000 65536' >"/proc/$holder/gid_map"
  give_rootfs_to 100000
  config '.linux.namespaces += [{type: "user", path: $p}]' --arg p "/proc/$holder/ns/user"
  shell_is 'cat /proc/self/uid_map; readlink /proc/self/ns/user; id -u'
  run_well
  [[ ${lines[0]} =~ ^\ *0\ +100000\ +65536$ ]]
  [ "${lines[1]}" = "$(ns_of "$holder" user)" ]
  [ "${lines[2]}" = 0 ]
  kill -KILL "$holder"
  wait "$parent" || true
}

@test "a path that is another kind of namespace is refused" {
  only root
  join_namespace network /proc/self/ns/uts
  refused network
}

@test "a path that is no namespace is refused" {
  only root
  join_namespace network /etc/passwd
  refused ''
  join_namespace network "$WORK/nothing"
  refused 'no such file or directory'
}

@test "the same kind twice is refused" {
  config '.linux.namespaces += [{type: "uts"}]'
  refused namespace
}

# field: linux.uidMappings[].containerID, linux.uidMappings[].hostID
# field: linux.uidMappings[].size, linux.gidMappings[].containerID
# field: linux.gidMappings[].hostID, linux.gidMappings[].size
@test "a user namespace with mappings" {
  only root
  give_rootfs_to 100000
  config '.linux.namespaces += [{type: "user"}]
    | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 1000},
                            {containerID: 5000, hostID: 110000, size: 1}]
    | .linux.gidMappings = [{containerID: 0, hostID: 200000, size: 1000}]
    | .root.readonly = false'
  shell_is 'tr -s " " </proc/self/uid_map; tr -s " " </proc/self/gid_map; touch /tmp/mine; cat /proc/self/setgroups'
  run_well
  [ "${lines[0]}" = ' 0 100000 1000' ]
  [ "${lines[1]}" = ' 5000 110000 1' ]
  [ "${lines[2]}" = ' 0 200000 1000' ]
  [ "${lines[3]}" = allow ]
  [ "$(stat -c %u:%g "$BUNDLE/rootfs/tmp/mine")" = 100000:200000 ]
}

@test "a user that is not mapped is refused" {
  only root
  give_rootfs_to 100000
  config '.linux.namespaces += [{type: "user"}]
    | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 10}]
    | .linux.gidMappings = [{containerID: 0, hostID: 100000, size: 10}]
    | .process.user = {uid: 10, gid: 0}'
  refused ''
}

@test "mappings without a user namespace are refused" {
  tare_only
  only root
  config '.linux.uidMappings = [{containerID: 0, hostID: 100000, size: 10}]'
  refused 'user namespace'
}

@test "an ordinary user's ids come through newuidmap" {
  only rootless
  needs newuidmap
  config '.linux.uidMappings = [{containerID: 0, hostID: $uid, size: 1},
                                {containerID: 1, hostID: 700000000, size: 65536}]
    | .linux.gidMappings = [{containerID: 0, hostID: $gid, size: 1},
                            {containerID: 1, hostID: 700000000, size: 65536}]' \
    --argjson uid "$(id -u)" --argjson gid "$(id -g)"
  shell_is 'tr -s " " </proc/self/uid_map; cat /proc/self/setgroups; exec probe ids'
  config '.process.user = {uid: 1000, gid: 1000, additionalGids: [5]}'
  run_well
  [ "${lines[0]}" = " 0 $(id -u) 1" ]
  [ "${lines[1]}" = ' 1 700000000 65536' ]
  [ "${lines[2]}" = allow ]
  says 'uid 1000 1000 1000 gid 1000 1000 1000 groups 5'
}

@test "ids that are not the ordinary user's are refused" {
  only rootless plain
  config '.linux.uidMappings = [{containerID: 0, hostID: 0, size: 1}]'
  refused ''
  config '.linux.uidMappings = [{containerID: 0, hostID: 0, size: 65536}]'
  refused ''
}

@test "an ordinary user's single id needs no helper" {
  only rootless plain
  shell_is 'tr -s " " </proc/self/uid_map; cat /proc/self/setgroups; id -u'
  run env PATH=/usr/bin:/bin "$TARE" --root "$STATE" run -b "$BUNDLE" it
  [ "$status" -eq 0 ]
  [ "${lines[0]}" = " 0 $(id -u) 1" ]
  [ "${lines[1]}" = deny ]
  [ "${lines[2]}" = 0 ]
}

# field: linux.timeOffsets{}.secs, linux.timeOffsets{}.nanosecs
@test "a time namespace with offsets" {
  only root
  tare_only
  [ -e /proc/self/ns/time ] || skip 'the kernel has no time namespaces'
  config '.linux.namespaces += [{type: "time"}]
    | .linux.timeOffsets = {monotonic: {secs: 100000, nanosecs: 5}, boottime: {secs: 200000}}'
  command_is probe clocks
  local before
  read -ra before <<<"$("$STAGE/bin/probe" clocks)"
  run_well
  local after
  read -ra after <<<"$output"
  ((after[0] - before[0] >= 99999 && after[0] - before[0] < 100060))
  ((after[1] - before[1] >= 199999 && after[1] - before[1] < 200060))
}

@test "a time namespace without offsets" {
  only root
  tare_only
  [ -e /proc/self/ns/time ] || skip 'the kernel has no time namespaces'
  config '.linux.namespaces += [{type: "time"}]'
  shell_is 'readlink /proc/self/ns/time'
  run_well
  [ "$output" != "$(ns_of self time)" ]
}

@test "joined by path: time, and offsets for it are refused" {
  only root
  tare_only
  local holder
  unshare --time --monotonic 5000 --fork sleep 1000 3>&- &
  local parent=$!
  wait_for pgrep -P "$parent" -x sleep >/dev/null
  holder=$(pgrep -P "$parent" -x sleep)
  join_namespace time "/proc/$holder/ns/time"
  shell_is 'readlink /proc/self/ns/time; cat /proc/self/timens_offsets'
  run_well
  [ "${lines[0]}" = "$(ns_of "$holder" time)" ]
  says_like 'monotonic +5000 '
  config '.linux.timeOffsets = {monotonic: {secs: 1}}'
  refused 'linux.timeOffsets: the time namespace that is joined has its offsets already'
  kill -KILL "$holder"
  wait "$parent" || true
}

# field: linux.timeOffsets{}.secs
@test "an offset that would turn a clock back before its beginning is refused" {
  only root
  tare_only
  config '.linux.namespaces += [{type: "time"}] | .linux.timeOffsets = {monotonic: {secs: -1000000000}}'
  refused 'numerical result out of range'
  says linux.timeOffsets
}

@test "time offsets without a time namespace are refused" {
  tare_only
  config '.linux.timeOffsets = {monotonic: {secs: 1}}'
  refused 'time'
}

# field: hostname, domainname
@test "hostname and domainname" {
  config '.hostname = "weightless"'
  shell_is 'hostname; cat /proc/sys/kernel/domainname'
  ! is_tare || config '.domainname = "example.org"'
  run_well
  [ "${lines[0]}" = weightless ]
  ! is_tare || [ "${lines[1]}" = example.org ]
  [ "$(hostname)" != weightless ]
}

@test "a hostname without its own namespace is refused" {
  only root
  no_namespace uts
  config '.hostname = "weightless"'
  refused 'UTS namespace'
}

@test "a hostname is not given to the host by way of a path" {
  only root
  tare_only
  local before
  before=$(hostname)
  config 'del(.hostname, .domainname)'
  join_namespace uts /proc/self/ns/uts
  run_well
  config '.hostname = "weightless"'
  refused "hostname: linux.namespaces["
  says "is the host's own UTS namespace"
  run tare check -b "$BUNDLE"
  says "hostname: linux.namespaces["
  # Another name for it, from a runtime that is in another one.
  touch "$WORK/uts"
  mount --bind /proc/self/ns/uts "$WORK/uts"
  join_namespace uts "$WORK/uts"
  config 'del(.hostname) | .domainname = "example.org"'
  run unshare --uts "$TARE" --root "$STATE" run -b "$BUNDLE" it
  umount "$WORK/uts"
  [ "$status" -ne 0 ]
  says "domainname: linux.namespaces["
  [ "$(hostname)" = "$before" ]
}

@test "a hostname is given to a namespace that is joined" {
  only root
  hold_namespaces --uts
  join_namespace uts "/proc/$HOLDER/ns/uts"
  config '.hostname = "weightless"'
  command_is hostname
  run_well
  [ "$output" = weightless ]
  release_namespaces
}

# field: linux.sysctl
@test "sysctl of a namespace" {
  not_in plain
  config '.linux.sysctl = {"net.ipv4.ip_forward": "1", "kernel.msgmax": "12345"}'
  [ "$MODE" != rootless ] || config '.linux.namespaces += [{type: "network"}]'
  shell_is 'cat /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/msgmax'
  run_well
  [ "${lines[0]}" = 1 ]
  [ "${lines[1]}" = 12345 ]
}

# field: linux.sysctl
@test "sysctl: of each namespace, dots in names, and the namespaces that they need" {
  only root
  tare_only
  give_rootfs_to 100000
  config '.linux.namespaces += [{type: "user"}]
    | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}]
    | .linux.gidMappings = .linux.uidMappings
    | .linux.sysctl = {"user.max_net_namespaces": "7", "fs.mqueue.msg_max": "9",
      "kernel.shm_rmid_forced": "1", "net/ipv4/conf/lo/forwarding": "1"}'
  shell_is 'cd /proc/sys && cat user/max_net_namespaces fs/mqueue/msg_max kernel/shm_rmid_forced \
    net/ipv4/conf/lo/forwarding'
  run_well
  [ "$output" = $'7\n9\n1\n1' ]
}

# field: linux.sysctl
@test "sysctl: a path that leads to the caller's own namespace is refused" {
  only root
  tare_only
  local before
  before=$(cat /proc/sys/net/ipv4/ip_forward)
  join_namespace network /proc/self/ns/net
  config '.linux.sysctl = {"net.ipv4.ip_forward": "1"}'
  refused 'linux.sysctl["net.ipv4.ip_forward"]: sysctl "net.ipv4.ip_forward" not allowed in host network namespace'
  run tare check -b "$BUNDLE"
  says 'linux.sysctl["net.ipv4.ip_forward"]: sysctl "net.ipv4.ip_forward" not allowed in host network namespace'
  [ "$(cat /proc/sys/net/ipv4/ip_forward)" = "$before" ]
  before=$(cat /proc/sys/kernel/msgmax)
  join_namespace ipc /proc/self/ns/ipc
  config '.linux.sysctl = {"kernel.msgmax": "7777"}'
  refused 'not allowed in host ipc namespace'
  [ "$(cat /proc/sys/kernel/msgmax)" = "$before" ]
}

# field: linux.sysctl
@test "sysctl: the domain name of the container" {
  only root
  config '.linux.sysctl = {"kernel/domainname": "example.org"} | del(.domainname)'
  command_is cat /proc/sys/kernel/domainname
  run_well
  [ "$output" = example.org ]
  [ "$(cat /proc/sys/kernel/domainname)" != example.org ]
  config '.domainname = "example.org"'
  run_well
  config '.domainname = "example.net"'
  refused 'linux.sysctl["kernel/domainname"]: "example.org" conflicts with the OCI "domainname" field'
}

# field: linux.sysctl
@test "sysctl: the domain name, whose file a user namespace's root may not write" {
  not_in plain
  if [ "$MODE" = root ]; then
    give_rootfs_to 100000
    config '.linux.namespaces += [{type: "user"}]
      | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}]
      | .linux.gidMappings = .linux.uidMappings'
  fi
  config '.linux.sysctl = {"kernel.domainname": "example.org"} | del(.domainname)'
  command_is cat /proc/sys/kernel/domainname
  run_well
  [ "$output" = example.org ]
}

# field: linux.sysctl
@test "sysctl: an interface with a dot in its name" {
  only root
  tare_only
  touch "$WORK/netns"
  unshare --net="$WORK/netns" true
  nsenter --net="$WORK/netns" ip link add eth0.100 type veth peer name eth1 || {
    umount "$WORK/netns"
    skip 'no veth devices here'
  }
  join_namespace network "$WORK/netns"
  shell_is 'cat /proc/sys/net/ipv4/conf/eth0.100/forwarding'
  config '.linux.sysctl = {"net/ipv4/conf/eth0.100/forwarding": "1"}'
  run_it
  [ "$output" = 1 ] || { umount "$WORK/netns"; false; }
  nsenter --net="$WORK/netns" sh -c 'echo 0 >/proc/sys/net/ipv4/conf/eth0.100/forwarding'
  config '.linux.sysctl = {"net.ipv4.conf.eth0/100.forwarding": "1"}'
  run_it
  umount "$WORK/netns"
  [ "$output" = 1 ]
}

@test "a sysctl of the host is refused" {
  local key before
  before=$(cat /proc/sys/kernel/core_pattern)
  for key in kernel.core_pattern kernel/core_pattern kernel.hostname ../../etc/passwd \
    net/../kernel/core_pattern vm.swappiness fs.file-max; do
    config '.linux.sysctl = {($k): "7"}' --arg k "$key"
    refused '' || {
      echo "$key was taken"
      return 1
    }
  done
  [ "$(cat /proc/sys/kernel/core_pattern)" = "$before" ]
}

@test "the loopback interface of a new network namespace is up" {
  only root userns
  shell_is 'ip -o link show lo'
  run_well
  says 'LOOPBACK,UP'
}

@test "the runtime's own mount namespace is not joined" {
  tare_only
  only root
  local root
  root=$(ls -di /)
  join_namespace mount /proc/self/ns/mnt
  attempt tare run -b "$BUNDLE" it
  [ "$status" -eq 1 ]
  says "own mount namespace"
  [ "$(ls -di /)" = "$root" ]
}
