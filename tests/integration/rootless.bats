#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# rootless.bats - ordinary users with and without subordinate ids, with and without a cgroup of
# their own: what works, and in which words the rest is refused.
# shellcheck disable=SC2016,SC2030,SC2031

load helpers

SUB=54321   # tare-test: 65536 subordinate ids from 700000000
PLAIN=54322 # tare-plain: none

prepare() {
  only root
  tare_only
  needs_cgroup
  needs newuidmap
  USERS="$SUB $PLAIN"
  chmod a+rx "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR/test" "$BATS_TEST_TMPDIR" "$WORK"
  # One that belongs to nobody else, with what can be handed on, and one for each user.
  echo +hugetlb >"$CGROUPS/cgroup.subtree_control" 2>/dev/null || true
  mkdir "$CGROUPS/foreign"
  for uid in $USERS; do
    mkdir -p "$CGROUPS/user-$uid/session"
    chown "$uid" "$CGROUPS/user-$uid" "$CGROUPS/user-$uid/session" \
      "$CGROUPS/user-$uid/cgroup.procs" "$CGROUPS/user-$uid/session/cgroup.procs" \
      "$CGROUPS/user-$uid/cgroup.subtree_control" "$CGROUPS/user-$uid/cgroup.threads"
    make_bundle_of "$uid"
  done
}

teardown() {
  local uid
  for uid in $SUB $PLAIN; do
    rm -rf "/run/user/$uid/state"
    find "$CGROUPS/user-$uid" -depth -type d -exec rmdir {} + 2>/dev/null || true
  done
  [ ! -d "$CGROUPS/foreign" ] || rmdir "$CGROUPS/foreign"
  nothing_is_left
}

make_bundle_of() { # UID
  BUNDLE=$WORK/bundle-$1
  mkdir "$BUNDLE"
  cp -dR "$STAGE/rootfs" "$BUNDLE/rootfs"
  chown -R "$1:$1" "$BUNDLE"
  in_cgroup "$CGROUPS/foreign" "$1" "$TARE" spec --rootless -b "$BUNDLE"
  config '.process.terminal = false | .process.args = ["echo", "runs"]'
  cp "$BUNDLE/config.json" "$BUNDLE/good.json"
}

# COMMAND of an ordinary user, as from a session in that cgroup: in_cgroup DIRECTORY UID COMMAND...
in_cgroup() {
  bash -c 'echo 0 >"$0/cgroup.procs" && export XDG_RUNTIME_DIR=/run/user/$1 HOME=/ &&
    exec setpriv --reuid="$1" --regid="$1" --clear-groups "${@:2}"' "$@"
}

# Run the user's bundle changed by FILTER: try UID delegated|foreign FILTER [GLOBAL OPTION...]
try() {
  local uid=$1 cgroup=$CGROUPS/foreign

  [ "$2" = foreign ] || cgroup=$CGROUPS/user-$uid/session
  BUNDLE=$WORK/bundle-$uid
  cp "$BUNDLE/good.json" "$BUNDLE/config.json"
  config "$3"
  run in_cgroup "$cgroup" "$uid" timeout 30 "$TARE" --root "/run/user/$uid/state" "${@:4}" \
    run -b "$BUNDLE" it
}

works() { # UID delegated|foreign FILTER
  try "$@"
  [ "$status" -eq 0 ] || {
    echo "user $1, $2: $output"
    return 1
  }
}

# The whole line, but for where it stands in the document: fails_with TEXT UID ...
fails_with() {
  local text=$1

  shift
  try "$@"
  [ "$status" -eq 1 ] || {
    echo "user $1, $2: status $status: $output"
    return 1
  }
  output=$(sed 's/^config\.json:[0-9]*:[0-9]*: //; s/process [0-9]*/process N/; s|/proc/[0-9]*/|/proc/N/|' <<<"$output")
  [ "$output" = "$text" ] || {
    echo "expected '$text', but user $1, $2: $output"
    return 1
  }
}

everybody() { # FUNCTION ARGUMENTS...: for each user with and without a cgroup
  local uid cgroup

  for uid in $USERS; do
    for cgroup in delegated foreign; do
      "$@" "$uid" "$cgroup" || return 1
    done
  done
}

# ---- what everybody may ----

runs_like_that() { # UID CGROUP
  local filter

  for filter in . '.hostname = "other"' \
    '.linux.namespaces += [{type: "network"}] | .linux.sysctl = {"net.ipv4.ip_forward": "1"}' \
    '.linux.resources.devices = [{allow: false, access: "rwm"}]' \
    '.linux.devices = [{path: "/dev/full", type: "c", major: 1, minor: 7}]' \
    '.linux.rootfsPropagation = "rshared"'; do
    works "$1" "$2" "$filter"
    [ "$output" = runs ]
  done
}

@test "everybody: the document of spec --rootless, a hostname, a network, a device of the host" {
  everybody runs_like_that
}

time_goes() { # UID CGROUP
  [ -e /proc/self/ns/time ] || return 0
  works "$1" "$2" '.linux.namespaces += [{type: "time"}] | .linux.timeOffsets = {monotonic: {secs: 100}}'
}

@test "everybody: a clock of its own" {
  everybody time_goes
}

# ---- cgroups ----

@test "with a cgroup of one's own: the container is in it, with its limit" {
  local uid
  grep -qw hugetlb "$CGROUPS/user-$SUB/cgroup.controllers" || skip 'no controller that could be handed on'
  for uid in $USERS; do
    works "$uid" delegated '.linux.resources.hugepageLimits = [{pageSize: "2MB", limit: 4194304}]
      | .linux.cgroupsPath = "mine"
      | .hooks.createRuntime = [{path: "/bin/sh", args: ["sh", "-c",
        "cat '"$CGROUPS/user-$uid"'/mine/hugetlb.2MB.max >limit"]}]'
    [ "$(cat "$WORK/bundle-$uid/limit")" = 4194304 ]
    [ ! -e "$CGROUPS/user-$uid/mine" ]
  done
}

@test "without a cgroup of one's own: no limit, no path" {
  local uid
  local needs='make-cgroup: unable to apply cgroup configuration: rootless needs no limits + no cgrouppath when no permission is granted for cgroups: mkdir'
  for uid in $USERS; do
    fails_with "$needs /elsewhere: permission denied" "$uid" foreign '.linux.cgroupsPath = "/elsewhere"'
    fails_with "$needs /mine: permission denied" "$uid" foreign '.linux.cgroupsPath = "mine"'
    fails_with "$needs /it: permission denied" "$uid" foreign . --rootless=false
    grep -qw hugetlb "$CGROUPS/cgroup.subtree_control" || continue
    fails_with "$needs /it: permission denied" "$uid" foreign \
      '.linux.resources.hugepageLimits = [{pageSize: "2MB", limit: 4194304}]'
  done
}

elsewhere() { # UID CGROUP
  fails_with 'make-cgroup: unable to apply cgroup configuration: rootless needs no limits + no cgrouppath when no permission is granted for cgroups: mkdir /elsewhere: permission denied' \
    "$1" "$2" '.linux.cgroupsPath = "/elsewhere"'
}

@test "everybody: a cgroup of somebody else's is refused" {
  everybody elsewhere
}

@test "without a cgroup of one's own: a limit without a controller names the limit" {
  local uid
  ! grep -qw memory "$CGROUPS/cgroup.controllers" || skip 'the controller is there'
  for uid in $USERS; do
    try "$uid" foreign '.linux.resources.memory.limit = 100000000'
    [ "$status" -eq 1 ]
    says 'linux.resources.memory.limit: limit "memory.max" can'"'"'t be set: controller "memory" not available'
  done
}

@test "without cgroups at all: --cgroup-manager disabled" {
  local uid
  for uid in $USERS; do
    try "$uid" foreign . --cgroup-manager=disabled
    [ "$status" -eq 0 ]
    [ "$output" = runs ]
  done
}

# ---- ids ----

MANY='.linux.uidMappings = [{containerID: 0, hostID: $me, size: 1}, {containerID: 1, hostID: 700000000, size: 1000}]
  | .linux.gidMappings = .linux.uidMappings | .process.user = {uid: 1000, gid: 1000}
  | .process.args = ["id", "-u"]'

@test "with subordinate ids: all of them, and another user" {
  local cgroup
  for cgroup in delegated foreign; do
    works $SUB $cgroup "$SUB as \$me | $MANY"
    [ "$output" = 1000 ]
  done
}

@test "without subordinate ids: one's own alone" {
  fails_with 'write-idmap: linux.gidMappings: the ranges of subuid(5) and subgid(5) decide: /usr/bin/newgidmap: newgidmap: gid range [1-1001) -> [700000000-700001000) not allowed' \
    $PLAIN foreign "$PLAIN as \$me | $MANY"
}

foreign_ids() { # UID CGROUP
  fails_with 'write-idmap: linux.uidMappings: the ranges of subuid(5) and subgid(5) decide: /usr/bin/newuidmap: newuidmap: uid range [0-1) -> [0-1) not allowed' \
    "$1" "$2" '.linux.uidMappings = [{containerID: 0, hostID: 0, size: 1}]'
}

@test "everybody: root's ids are refused" {
  everybody foreign_ids
}

no_user_namespace() { # UID CGROUP
  local no_mappings='del(.linux.uidMappings, .linux.gidMappings)'
  fails_with 'linux.namespaces: rootless container requires user namespaces' "$1" "$2" \
    "$no_mappings | del(.linux.namespaces[] | select(.type == \"user\"))"
  fails_with 'linux.namespaces: a new user namespace needs uidMappings and gidMappings' "$1" "$2" \
    "$no_mappings"
}

@test "everybody: no container without a user namespace and its mappings" {
  everybody no_user_namespace
}

unmapped() { # UID CGROUP
  fails_with 'process.user.uid: cannot set uid to unmapped user in user namespace' "$1" "$2" \
    '.process.user.uid = 1000'
  # trap 40
  fails_with 'process.user.additionalGids: cannot set any additional groups in a rootless container' \
    "$1" "$2" '.process.user.additionalGids = [0]'
}

@test "everybody: users that are not mapped, and additional groups, are refused" {
  everybody unmapped
}

# ---- what only root of the host may ----

privileged() { # UID CGROUP
  fails_with "limits: process.oomScoreAdj: write '-500' to /proc/N/oom_score_adj: permission denied" \
    "$1" "$2" '.process.oomScoreAdj = -500'
  fails_with 'limits: process.rlimits[0]: error setting rlimit type 7: operation not permitted' \
    "$1" "$2" '.process.rlimits = [{type: "RLIMIT_NOFILE", soft: 1, hard: 1073741816}]'
  fails_with 'scheduling: process.scheduler: operation not permitted' "$1" "$2" \
    '.process.scheduler = {policy: "SCHED_FIFO", priority: 5}'
  fails_with 'scheduling: process.ioPriority: operation not permitted' "$1" "$2" \
    '.process.ioPriority = {class: "IOPRIO_CLASS_RT", priority: 1}'
}

@test "everybody: priorities and limits above one's own are refused" {
  everybody privileged
}

devices() { # UID CGROUP
  fails_with 'devices: linux.devices[0]: no device can be made here, and the host'"'"'s /dev/tare-none: no such file or directory' \
    "$1" "$2" '.linux.devices = [{path: "/dev/tare-none", type: "c", major: 1, minor: 3}]'
  fails_with 'devices: linux.devices[0]: no device can be made here, and the host'"'"'s /dev/zero is another: operation not permitted' \
    "$1" "$2" '.linux.devices = [{path: "/dev/zero", type: "c", major: 1, minor: 1}]'
}

@test "everybody: devices that the host does not have under that name are refused" {
  everybody devices
}

mounts() { # UID CGROUP
  fails_with "mounts: mounts[7]: error mounting \"/s\": file system type 'sysfs': operation not permitted" \
    "$1" "$2" '.mounts += [{destination: "/s", type: "sysfs", source: "sysfs"}]'
  fails_with 'mounts[7].options[1]: id-mapped mounts are not supported for rootless containers' \
    "$1" "$2" '.mounts += [{destination: "/s", type: "bind", source: "/etc", options: ["bind", "idmap"]}]'
  fails_with 'mounts: mounts[0]: error mounting "/proc": proc: mount: operation not permitted' \
    "$1" "$2" 'del(.linux.namespaces[] | select(.type == "pid"))'
}

@test "everybody: file systems of namespaces that are not one's own are refused" {
  everybody mounts
}

network() { # UID CGROUP
  fails_with 'linux.sysctl["net.ipv4.ip_forward"]: sysctl "net.ipv4.ip_forward" not allowed in host network namespace' \
    "$1" "$2" '.linux.sysctl = {"net.ipv4.ip_forward": "1"}'
  fails_with 'linux.netDevices: unable to move network devices without a private NET namespace' \
    "$1" "$2" '.linux.netDevices = {"lo": {name: "x"}}'
}

@test "everybody: the host's network stays as it is" {
  everybody network
}

another_root() { # UID CGROUP
  local other=$SUB
  [ "$1" != $SUB ] || other=$PLAIN
  run in_cgroup "$CGROUPS/foreign" "$1" "$TARE" --root "/run/user/$other/state" list
  [ "$status" -eq 1 ]
  says 'permission denied'
}

@test "everybody: the state of somebody else is out of reach" {
  everybody another_root
}
