#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# cgroup.bats - made, filled, emptied and removed; on a pure host and on a hybrid one.
# shellcheck disable=SC2016,SC2119,SC2120

load helpers

prepare() {
  needs_cgroup
  make_bundle
  command_is sleep 100
}

cgroup_of() { # PID
  sed -n 's/^0:://p' "/proc/$1/cgroup"
}

@test "a container without a path gets a cgroup of its own name" {
  by_path
  create_it
  [[ $(cgroup_of "$(pid_of it)") == */it ]]
}

# field: linux.cgroupsPath
@test "an absolute path is one from the root of the tree" {
  by_path
  not_in userns rootless
  config '.linux.cgroupsPath = "/tare-a/b/c"'
  create_it
  [ "$(cgroup_of "$(pid_of it)")" = /tare-a/b/c ]
  tare delete it
  [ ! -e "$CGROUPS/tare-a/b/c" ]
  rmdir "$CGROUPS/tare-a/b" "$CGROUPS/tare-a" 2>/dev/null || true
}

@test "delete removes the cgroup, and cgroups that the container made" {
  create_it
  local directory
  directory=$CGROUPS$(cgroup_of "$(pid_of it)")
  mkdir -p "$directory/inner/most"
  [ -d "$directory" ]
  tare delete it
  [ ! -e "$directory" ]
}

@test "delete --force kills what is in the cgroup, first process or not" {
  not_in userns rootless
  create_it
  local directory stray
  directory=$CGROUPS$(cgroup_of "$(pid_of it)")
  sleep 1000 &
  stray=$!
  echo "$stray" >"$directory/cgroup.procs"
  tare start it
  tare delete --force it
  ! kill -0 "$stray" 2>/dev/null || wait "$stray" || true
  [ ! -e "$directory" ]
}

@test "kill KILL ends all processes of a container without a pid namespace" {
  not_in userns rootless
  no_namespace pid
  shell_is 'sleep 1000 & sleep 1000 & exec sleep 1000'
  create_it
  tare start it
  wait_for bash -c '[ "$(pgrep -c -x -f "sleep 1000")" -ge 3 ]'
  tare kill it KILL
  wait_for bash -c '! pgrep -x -f "sleep 1000" >/dev/null'
}

@test "200 containers leave no cgroup and no device filter" {
  [ "$LAYOUT" != systemd ] || skip 'units.bats looks at what systemd has, too'
  only root
  tare_only
  local turn before ids=
  before=$(find "$CGROUPS" -type d | wc -l)
  for ((turn = 0; turn < 200; turn++)); do
    tare_quietly create -b "$BUNDLE" it
    if ((turn % 20 == 0)) && command -v bpftool >/dev/null; then
      ids+=" $(bpftool cgroup show "$CGROUPS$(cgroup_of "$(pid_of it)")" | sed -n 's/^ *\([0-9]*\) .*tare_devices.*/\1/p')"
    fi
    tare delete --force it
  done
  [ "$(find "$CGROUPS" -type d | wc -l)" -eq "$before" ]
  [ -n "$ids" ] || ! command -v bpftool >/dev/null
  for turn in $ids; do
    wait_for bash -c "! bpftool prog show id $turn 2>/dev/null | grep -q tare_devices"
  done
}

@test "a limit whose controller cannot be enabled says why" {
  by_path
  only root
  tare_only
  grep -qw memory "$CGROUPS/cgroup.controllers" || skip 'no controller memory in this tree'
  mkdir "$CGROUPS/full"
  sleep 1000 &
  local stray=$!
  echo "$stray" >"$CGROUPS/full/cgroup.procs"
  config '.linux.cgroupsPath = "/full/below" | .linux.resources.memory.limit = 67108864'
  attempt tare create -b "$BUNDLE" it
  kill "$stray"
  wait "$stray" || true
  rmdir "$CGROUPS/full"
  [ "$status" -eq 1 ]
  says 'linux.resources.memory.limit: '
  says memory
  says_like 'processes|domain'
}

@test "a threaded cgroup is named when domain controllers are asked for" {
  by_path
  only root
  tare_only
  grep -qw memory "$CGROUPS/cgroup.controllers" || skip 'no controller memory in this tree'
  mkdir -p "$CGROUPS/top/threads"
  echo threaded >"$CGROUPS/top/threads/cgroup.type"
  config '.linux.cgroupsPath = "/top/threads" | .linux.resources.memory.limit = 67108864'
  attempt tare create -b "$BUNDLE" it
  config '.linux.cgroupsPath = "/top/between/below"'
  LIMIT=20 attempt tare create -b "$BUNDLE" other
  local second=$output
  find "$CGROUPS/top" -depth -type d -exec rmdir {} +
  [ "$status" -eq 1 ]
  [[ $second == *'with domain controllers'* ]]
  [[ $second == *'domain invalid'* || $second == *'invalid state'* || $second == *threaded* ]]
}

@test "below a threaded cgroup a container without limits is threaded, too" {
  by_path
  only root
  tare_only
  local made
  mkdir -p "$CGROUPS/top/threads"
  echo threaded >"$CGROUPS/top/threads/cgroup.type"
  config 'del(.linux.resources) | .linux.cgroupsPath = "/top/threads/between/below"'
  command_is sleep 1000
  attempt tare create -b "$BUNDLE" it
  made=$(cat "$CGROUPS"/top/threads/{between,between/below}/cgroup.type)
  [ "$status" -ne 0 ] || attempt tare delete --force it
  find "$CGROUPS/top" -depth -type d -exec rmdir {} +
  [ "$status" -eq 0 ]
  [ "$made" = $'threaded\nthreaded' ]
}

@test "below a threaded cgroup a limit comes through the cgroups that are made on the way" {
  by_path
  only root
  tare_only
  local limit
  grep -qw pids "$CGROUPS/cgroup.controllers" || skip 'no controller pids in this tree'
  mkdir -p "$CGROUPS/top/threads"
  echo threaded >"$CGROUPS/top/threads/cgroup.type"
  config '.linux.resources = {pids: {limit: 17}} | .linux.cgroupsPath = "/top/threads/between/below"'
  command_is sleep 1000
  attempt tare create -b "$BUNDLE" it
  limit=$(cat "$CGROUPS/top/threads/between/below/pids.max") || true
  [ "$status" -ne 0 ] || attempt tare delete --force it
  find "$CGROUPS/top" -depth -type d -exec rmdir {} +
  [ "$status" -eq 0 ]
  [ "$limit" = 17 ]
}

@test "a cgroup that holds processes is refused" {
  by_path
  tare_only
  mkdir "$CGROUPS/taken"
  sleep 1000 &
  local stray=$!
  echo "$stray" >"$CGROUPS/taken/cgroup.procs"
  config '.linux.cgroupsPath = "/taken"'
  attempt tare create -b "$BUNDLE" it
  kill "$stray"
  wait "$stray" || true
  rmdir "$CGROUPS/taken"
  [ "$status" -eq 1 ]
  says "container's cgroup is not empty: 1 process(es) found"
}

@test "a frozen cgroup is refused" {
  by_path
  tare_only
  mkdir "$CGROUPS/frozen"
  echo 1 >"$CGROUPS/frozen/cgroup.freeze"
  config '.linux.cgroupsPath = "/frozen"'
  LIMIT=20 attempt tare create -b "$BUNDLE" it
  rmdir "$CGROUPS/frozen"
  [ "$status" -eq 1 ]
  says "container's cgroup unexpectedly frozen"
}

@test "a cgroup below a frozen one is refused, whether it is there already or not" {
  by_path
  tare_only
  mkdir "$CGROUPS/frozen"
  echo 1 >"$CGROUPS/frozen/cgroup.freeze"
  config '.linux.cgroupsPath = "/frozen/below"'
  LIMIT=20 attempt tare create -b "$BUNDLE" it
  [ "$status" -eq 1 ]
  says "container's cgroup unexpectedly frozen"
  [ ! -e "$CGROUPS/frozen/below" ]
  mkdir "$CGROUPS/frozen/below"
  LIMIT=20 attempt tare run -b "$BUNDLE" it
  [ "$status" -eq 1 ]
  says "container's cgroup unexpectedly frozen"
  rmdir "$CGROUPS/frozen/below" "$CGROUPS/frozen"
}

@test "a frozen container is paused, and delete --force still removes it" {
  create_it
  tare start it
  echo 1 >"$CGROUPS$(cgroup_of "$(pid_of it)")/cgroup.freeze"
  wait_for status_is it paused
  LIMIT=20 tare delete --force it
}

@test "two containers in one cgroup: the second is refused" {
  by_path
  tare_only
  create_it
  config '.linux.cgroupsPath = $p' --arg p "$(cgroup_of "$(pid_of it)")"
  attempt tare create -b "$BUNDLE" other
  [ "$status" -eq 1 ]
  says "container's cgroup is not empty"
  [ "$(state_of it)" = created ]
}

@test "delete does not touch a cgroup that somebody else made anew" {
  by_path
  tare_only
  create_it
  local directory
  directory=$CGROUPS$(cgroup_of "$(pid_of it)")
  tare kill it KILL
  wait_for status_is it stopped
  rmdir "$directory"
  mkdir "$directory"
  sleep 1000 &
  local stray=$!
  echo "$stray" >"$directory/cgroup.procs"
  tare delete --force it || true
  kill -0 "$stray"
  kill "$stray"
  wait "$stray" || true
  rmdir "$directory"
}

# field: linux.resources.hugepageLimits[].pageSize, linux.resources.hugepageLimits[].limit
@test "a limit of the kernel's that is there is written" {
  [ -e "$CGROUPS/cgroup.controllers" ] && grep -qw hugetlb "$CGROUPS/cgroup.controllers" || skip 'no controller here'
  only root
  config '.linux.resources.hugepageLimits = [{pageSize: "2MB", limit: 4194304}]'
  create_it
  [ "$(cat "$CGROUPS$(cgroup_of "$(pid_of it)")/hugetlb.2MB.max")" = 4194304 ]
}

# field: linux.resources.unified
@test "a file of the unified tree is written" {
  config '.linux.resources.unified = {"cgroup.max.depth": "3"}'
  only root
  create_it
  [ "$(cat "$CGROUPS$(cgroup_of "$(pid_of it)")/cgroup.max.depth")" = 3 ]
}

@test "a limit without its controller is refused by name" {
  tare_only
  ! grep -qw memory "$CGROUPS/cgroup.controllers" || skip 'the controller is there'
  config '.linux.resources.memory.limit = 10000000'
  attempt tare create -b "$BUNDLE" it
  [ "$status" -eq 1 ]
  says linux.resources.memory
  says memory
}

# field: linux.resources.memory.limit
@test "a memory limit is written" {
  grep -qw memory "$CGROUPS/cgroup.controllers" || skip 'no memory controller in this tree'
  config '.linux.resources.memory.limit = 10485760'
  create_it
  [ "$(cat "$CGROUPS$(cgroup_of "$(pid_of it)")/memory.max")" = 10485760 ]
}

@test "on a hybrid host: the container is in the unified tree, a limit bound to v1 is refused" {
  by_path
  only root
  tare_only
  # shellcheck disable=SC2016
  run unshare --mount --propagation private bash -c '
    umount -R /sys/fs/cgroup || exit 1
    mount -t tmpfs tmpfs /sys/fs/cgroup
    mkdir /sys/fs/cgroup/unified /sys/fs/cgroup/memory
    mount -t cgroup2 cgroup2 /sys/fs/cgroup/unified
    mount -t cgroup -o memory cgroup /sys/fs/cgroup/memory || { echo no v1 memory; exit 99; }
    "$TARE" --root "$1" run -d -b "$2" it </dev/null >/dev/null 2>&1 || { echo create failed; exit 1; }
    pid=$("$TARE" --root "$1" state it | jq .pid)
    grep "^0::" /proc/$pid/cgroup
    "$TARE" --root "$1" delete --force it
    ls -d /sys/fs/cgroup/unified/it /sys/fs/cgroup/memory/it 2>/dev/null
    jq ".linux.resources.memory.limit = 10000000" <"$2/config.json" >"$2/new" && mv "$2/new" "$2/config.json"
    "$TARE" --root "$1" run -b "$2" it </dev/null 2>&1
    exit 0' - "$STATE" "$BUNDLE"
  [ "$status" -ne 99 ] || skip 'memory is not a v1 controller here'
  [ "$status" -eq 0 ]
  says_like '0::/.*it'
  says_not /sys/fs/cgroup/memory/it
  says linux.resources.memory
  says v1
}

@test "on a host without any cgroups a container runs without" {
  only root
  tare_only
  # shellcheck disable=SC2016
  run unshare --mount --propagation private bash -c '
    umount -R /sys/fs/cgroup || exit 1
    while umount -l /sys/fs/cgroup/* 2>/dev/null; do :; done
    mount -t tmpfs tmpfs /sys/fs/cgroup
    jq "del(.linux.resources) | .process.args = [\"echo\", \"without\"] | .mounts |= map(select(.type != \"cgroup\"))
      | .linux.namespaces |= map(select(.type != \"cgroup\"))" <"$2/config.json" >"$2/new" && mv "$2/new" "$2/config.json"
    "$TARE" --root "$1" --cgroup-manager disabled run -b "$2" it 2>&1' - "$STATE" "$BUNDLE"
  [ "$status" -eq 0 ]
  [ "$output" = without ]
}

@test "--cgroup-manager disabled leaves the container in the caller's cgroup" {
  tare_only
  config 'del(.linux.resources) | .linux.namespaces |= map(select(.type != "cgroup")) | .mounts |= map(select(.type != "cgroup"))'
  shell_is 'cat /proc/self/cgroup'
  run timeout 30 "$TARE" --root "$STATE" --cgroup-manager disabled run -b "$BUNDLE" it
  [ "$status" -eq 0 ]
  says "0::$(cgroup_of self)"
}
