#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# update.bats - limits of a container that runs, as the kernel has them afterwards.
# shellcheck disable=SC2016,SC2119,SC2120

load helpers

prepare() {
  may_limit
  needs_cgroup
  make_bundle
  command_is sleep 1000
}

# Start a container with these resources.
start_with() { # FILTER
  config ".linux.resources += $1"
  create_it
  tare start it
  DIRECTORY=$CGROUPS$(sed -n 's/^0:://p' "/proc/$(pid_of it)/cgroup")
}

refuses() { # TEXT OPTION...
  local text=$1

  shift
  run tare update "$@" it
  [ "$status" -eq 1 ] || {
    echo "update $* gave $status"
    return 1
  }
  says "$text"
}

# ---- what every host has: cgroup.* and the device filter ----

@test "a file of unified, from standard input, from a file and from a pipe" {
  start_with '{}'
  update_by '{"unified": {"cgroup.max.depth": "3"}}'
  holds cgroup.max.depth 3
  echo '{"unified": {"cgroup.max.depth": "4"}}' >"$WORK/limits"
  update --resources="$WORK/limits"
  holds cgroup.max.depth 4
  update -r <(echo '{"unified": {"cgroup.max.descendants": "5"}}')
  holds cgroup.max.depth 4
  holds cgroup.max.descendants 5
}

@test "all that is asked for is done, or nothing" {
  tare_only
  start_with '{unified: {"cgroup.max.depth": "9"}}'
  refuses 'linux.resources.unified["cgroup.max.descendants"]: write '"'x' to cgroup.max.descendants: invalid argument" \
    --resources <(echo '{"unified": {"cgroup.max.depth": "3", "cgroup.max.descendants": "x"}}')
  holds cgroup.max.depth 9
  # Nor is it remembered.
  [ "$(jq .resources "$STATE/it/state.json")" = null ]
}

@test "what one update asked for, the next one goes by" {
  tare_only
  start_with '{unified: {"cgroup.max.depth": "9"}}'
  update_by '{"unified": {"cgroup.max.descendants": "5"}}'
  update_by '{"unified": {"cgroup.max.depth": "8"}}'
  [ "$(jq -c .resources.unified "$STATE/it/state.json")" = '{"cgroup.max.depth":"8","cgroup.max.descendants":"5"}' ]
}

@test "a change of config.json has no part in it" {
  start_with '{unified: {"cgroup.max.depth": "9"}}'
  rm -r "$BUNDLE/config.json"
  update_by '{"unified": {"cgroup.max.depth": "8"}}'
  holds cgroup.max.depth 8
}

@test "devices: the new rules take the old ones' place" {
  only root
  tare_only
  config '.linux.resources.devices = [{allow: false, access: "rwm"}]'
  shell_is 'while :; do head -c1 /dev/zero >/dev/null 2>&1 && echo yes >/shared/can.new || echo no >/shared/can.new; mv /shared/can.new /shared/can; sleep 0.02; done'
  mkdir -m 777 "$WORK/shared"
  add_mount /shared bind "$WORK/shared" bind rw
  start_with '{}'
  wait_for grep -qs yes "$WORK/shared/can"
  update_by '{"devices": [{"allow": false, "type": "c", "major": 1, "minor": 5, "access": "r"}]}'
  wait_for grep -q no "$WORK/shared/can"
  # With other changes that fail, they stay.
  refuses cgroup.max.depth --resources <(echo '{"devices": [{"allow": false, "access": "rwm"}], "unified": {"cgroup.max.depth": "x"}}')
  sleep 0.2
  grep -q no "$WORK/shared/can"
  update_by '{"devices": [{"allow": false, "access": "rwm"}]}'
  wait_for grep -q yes "$WORK/shared/can"
  # One program at each time.
  command -v bpftool >/dev/null || return 0
  [ "$(bpftool cgroup show "$DIRECTORY" | grep -c tare_devices)" -eq 1 ]
}

@test "a controller that is not there is refused by name" {
  tare_only
  start_with '{}'
  grep -qw memory "$CGROUPS/cgroup.controllers" ||
    refuses 'linux.resources.memory.limit: limit "memory.max" can'"'"'t be set: controller "memory" not available' --memory 100M
  grep -qw cpuset "$CGROUPS/cgroup.controllers" ||
    refuses 'controller "cpuset" not available' --cpuset-cpus 0
  grep -qw cpu "$CGROUPS/cgroup.controllers" || refuses 'controller "cpu" not available' --cpu-share 100
  refuses 'unified resource "nosuch.max" can'"'"'t be set: controller "nosuch" not available' \
    --resources <(echo '{"unified": {"nosuch.max": "1"}}')
}

@test "what makes no sense is refused" {
  tare_only
  start_with '{}'
  refuses 'invalid value for memory: "12x"' --memory 12x
  refuses 'invalid value for cpu-share: "-1"' --cpu-share=-1
  refuses 'invalid value for blkio-weight: "70000"' --blkio-weight 70000
  refuses 'linux.resources.blockIO.weight: 5 is not from 10 to 1000' --blkio-weight 5
  refuses 'standard input:1:' --resources - </dev/null
  refuses 'memory' --resources <(echo '{"memory": {"limit": "1"}}')
  refuses 'no such file or directory' --resources "$WORK/nosuch"
  refuses 'Intel RDT' --l3-cache-schema L3:0=f
  refuses 'Intel RDT' --mem-bw-schema MB:0=20
  refuses 'linux.intelRdt.l3CacheSchema: "L3" is not a line of schemata' --l3-cache-schema L3
}

@test "what cgroup v2 does not have is taken and ignored" {
  tare_only
  start_with '{}'
  update --cpu-rt-period 1000 --cpu-rt-runtime 500 --kernel-memory 10M --kernel-memory-tcp 10M
  update_by '{"memory": {"swappiness": 10, "disableOOMKiller": true, "useHierarchy": true}, "network": {"classID": 1}}'
  update_by '{}'
  update
}

@test "a container that has stopped, or does not exist, is not updated" {
  command_is true
  create_it
  tare start it
  wait_for status_is it stopped
  refuses 'container not running' --pids-limit 10
  run tare update --pids-limit 10 nobody
  [ "$status" -eq 1 ]
  says 'container does not exist'
}

@test "a created container and a paused one can be updated, and stay what they are" {
  create_it
  update_by '{"unified": {"cgroup.max.depth": "3"}}'
  [ "$(state_of it)" = created ]
  tare start it
  tare pause it
  update_by '{"unified": {"cgroup.max.depth": "4"}}'
  [ "$(state_of it)" = paused ]
  tare resume it
  [ "$(state_of it)" = running ]
}

@test "hugetlb: a limit is changed" {
  needs_controller hugetlb
  start_with '{hugepageLimits: [{pageSize: "2MB", limit: 4194304}]}'
  update_by '{"hugepageLimits": [{"pageSize": "2MB", "limit": 8388608}]}'
  holds hugetlb.2MB.max 8388608
  [ ! -e "$DIRECTORY/hugetlb.2MB.rsvd.max" ] || holds hugetlb.2MB.rsvd.max 8388608
}

@test "hugetlb: a limit that is undone is what it was" {
  tare_only
  needs_controller hugetlb
  start_with '{hugepageLimits: [{pageSize: "2MB", limit: 4194304}]}'
  refuses cgroup.max.depth --resources <(echo '{"hugepageLimits": [{"pageSize": "2MB", "limit": 0}], "unified": {"cgroup.max.depth": "x"}}')
  holds hugetlb.2MB.max 4194304
}

# ---- memory ----

@test "memory: limit, reservation and swap, each by itself" {
  needs_controller memory
  start_with '{memory: {limit: 67108864}}'
  update --memory 96M
  holds memory.max 100663296
  [ ! -e "$DIRECTORY/memory.swap.max" ] || holds memory.swap.max max
  update --memory-reservation 32m
  holds memory.low 33554432
  holds memory.max 100663296
  [ -e "$DIRECTORY/memory.swap.max" ] || return 0
  update --memory-swap 128MiB
  holds memory.swap.max 33554432
  # Swap is counted together with memory: more memory leaves less for it.
  update --memory 112M
  holds memory.swap.max 16777216
  refuses 'memory+swap limit should be >= memory limit' --memory 1G
  holds memory.max 117440512
  update --memory -1
  holds memory.max max
  holds memory.swap.max max
}

@test "memory: checkBeforeUpdate refuses less than is used" {
  needs_controller memory
  start_with '{memory: {limit: 67108864}}'
  refuses 'rejecting memory limit 4096 <= usage ' --resources <(echo '{"memory": {"limit": 4096, "checkBeforeUpdate": true}}')
  refuses 'rejecting memory+swap limit 4096 <= usage ' \
    --resources <(echo '{"memory": {"limit": 4096, "swap": 4096, "checkBeforeUpdate": true}}')
  holds memory.max 67108864
  [ "$(state_of it)" = running ]
}

@test "memory: a lower limit is enforced" {
  needs_controller memory
  config '.linux.resources += {memory: {limit: 268435456, swap: 268435456}}'
  shell_is 'while [ ! -e /shared/go ]; do sleep 0.05; done; head -c 60000000 /dev/zero | tail >/dev/null; echo $? >/shared/status'
  mkdir -m 777 "$WORK/shared"
  add_mount /shared bind "$WORK/shared" bind rw
  start_with '{}'
  update --memory 16M --memory-swap 16M
  touch "$WORK/shared/go"
  wait_for status_is it stopped
  [ ! -s "$WORK/shared/status" ] || [ "$(cat "$WORK/shared/status")" -ne 0 ]
}

# ---- cpu ----

@test "cpu: a quota keeps its period, a period its quota" {
  needs_controller cpu
  start_with '{cpu: {quota: 20000, period: 50000}}'
  update --cpu-quota 30000
  holds cpu.max '30000 50000'
  update --cpu-period 100000
  holds cpu.max '30000 100000'
  update --cpu-quota -1
  holds cpu.max 'max 100000'
  update --cpu-quota 50000
  holds cpu.max '50000 100000'
}

@test "cpu: burst and quota go up together, and down together" {
  needs_controller cpu
  start_with '{cpu: {quota: 20000, period: 50000}}'
  [ -e "$DIRECTORY/cpu.max.burst" ] || skip 'a kernel without cpu.max.burst'
  update --cpu-burst 10000
  holds cpu.max.burst 10000
  update_by '{"cpu": {"quota": 40000, "burst": 40000}}'
  holds cpu.max '40000 50000'
  holds cpu.max.burst 40000
  update_by '{"cpu": {"quota": 10000, "burst": 5000}}'
  holds cpu.max '10000 50000'
  holds cpu.max.burst 5000
  refuses 'cpu.max.burst: invalid argument' --cpu-burst 20000
  holds cpu.max.burst 5000
}

@test "cpu: shares and idle" {
  needs_controller cpu
  start_with '{cpu: {shares: 1024}}'
  holds cpu.weight 100
  update --cpu-share 2000
  holds cpu.weight 170
  [ -e "$DIRECTORY/cpu.idle" ] || skip 'a kernel without cpu.idle'
  update --cpu-idle 1
  holds cpu.idle 1
  update --cpu-share 1024
  holds cpu.idle 1
  update --cpu-idle 0
  holds cpu.idle 0
  update --cpu-share 1024
  holds cpu.weight 100
  refuses 'is neither 0 nor 1' --cpu-idle 2
}

@test "cpu: a lower quota is enforced" {
  needs_controller cpu
  shell_is 'while :; do :; done'
  start_with '{}'
  update --cpu-quota 5000 --cpu-period 50000
  local before after
  before=$(sed -n 's/^nr_throttled //p' "$DIRECTORY/cpu.stat")
  sleep 1
  after=$(sed -n 's/^nr_throttled //p' "$DIRECTORY/cpu.stat")
  [ "$after" -gt $((before + 5)) ]
}

# ---- pids, io ----

@test "pids: a limit, none, and nought, which is one" {
  needs_controller pids
  start_with '{pids: {limit: 20}}'
  update --pids-limit 30
  holds pids.max 30
  update --pids-limit 0
  holds pids.max 1
  update --pids-limit -1
  holds pids.max max
  update_by '{"pids": {"limit": 12}}'
  holds pids.max 12
}

@test "pids: a lower limit is enforced" {
  needs_controller pids
  shell_is 'while [ ! -e /shared/go ]; do sleep 0.05; done; (for i in 1 2 3 4 5 6; do sleep 100 & done); exec sleep 100'
  mkdir -m 777 "$WORK/shared"
  add_mount /shared bind "$WORK/shared" bind rw
  start_with '{}'
  update --pids-limit 4
  touch "$WORK/shared/go"
  wait_for grep -q '^max [1-9]' "$DIRECTORY/pids.events"
  [ "$(cat "$DIRECTORY/pids.current")" -le 4 ]
}

@test "io: rates of a device are added and changed, and undone" {
  needs_controller io
  start_with '{}'
  [ -e "$DIRECTORY/io.max" ] || skip 'a kernel without io.max'
  local number major minor
  number=$(cat /sys/block/{vd,sd,nvme,ubd,zram,loop}*/dev 2>/dev/null | head -n 1)
  [ -n "$number" ] || skip 'no block device'
  major=${number%:*} minor=${number#*:}
  update_by "{\"blockIO\": {\"throttleReadBpsDevice\": [{\"major\": $major, \"minor\": $minor, \"rate\": 1048576}]}}"
  holds io.max "$number rbps=1048576 wbps=max riops=max wiops=max"
  update_by "{\"blockIO\": {\"throttleWriteIOPSDevice\": [{\"major\": $major, \"minor\": $minor, \"rate\": 50}]}}"
  holds io.max "$number rbps=1048576 wbps=max riops=max wiops=50"
  refuses cgroup.max.depth --resources <(echo "{\"blockIO\": {\"throttleReadBpsDevice\": [{\"major\": $major, \"minor\": $minor, \"rate\": 2097152}]},
    \"unified\": {\"cgroup.max.depth\": \"x\"}}")
  holds io.max "$number rbps=1048576 wbps=max riops=max wiops=50"
}

@test "memory and pids are undone together" {
  tare_only
  needs_controller memory
  needs_controller pids
  start_with '{memory: {limit: 67108864, reservation: 1048576}, pids: {limit: 20}}'
  refuses cgroup.max.depth --resources <(echo '{"memory": {"limit": 33554432, "reservation": 2097152}, "pids": {"limit": 9},
    "cpu": {"shares": 100}, "unified": {"cgroup.max.depth": "x"}}')
  holds memory.max 67108864
  holds memory.low 1048576
  holds pids.max 20
}
