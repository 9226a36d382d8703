#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# resources.bats - each limit of linux.resources as the kernel has it afterwards.
# shellcheck disable=SC2016

load helpers

prepare() {
  tare_only
  may_limit
  needs_cgroup
  make_bundle
  command_is sleep 100
}

# Create a container with these resources: limited FILTER
limited() {
  config ".linux.resources += $1"
  create_it
  DIRECTORY=$CGROUPS$(sed -n 's/^0:://p' "/proc/$(pid_of it)/cgroup")
}

# A block device that takes limits, as MAJOR:MINOR.
disk() {
  local number

  number=$(cat /sys/block/{vd,sd,nvme,ubd,zram,loop}*/dev 2>/dev/null | head -n 1)
  [ -n "$number" ] || skip 'no block device'
  MAJOR=${number%:*} MINOR=${number#*:}
}

# field: linux.resources.memory.limit, linux.resources.memory.reservation
# field: linux.resources.memory.swap
@test "memory: limit, reservation, and swap that is counted with it" {
  needs_controller memory
  limited '{memory: {limit: 67108864, reservation: 33554432, swap: 100663296}}'
  holds memory.max 67108864
  holds memory.low 33554432
  [ ! -e "$DIRECTORY/memory.swap.max" ] || holds memory.swap.max 33554432
}

@test "memory: -1 is no limit" {
  needs_controller memory
  limited '{memory: {limit: -1, swap: -1}}'
  holds memory.max max
}

# trap 25
@test "memory: swap of nought is as if it were not there" {
  needs_controller memory
  limited '{memory: {limit: 67108864, swap: 0}}'
  holds memory.max 67108864
  [ ! -e "$DIRECTORY/memory.swap.max" ] || holds memory.swap.max max
}

@test "memory: a container above its limit is killed, others are not" {
  needs_controller memory
  config '.linux.resources += {memory: {limit: 16777216, swap: 16777216}}'
  shell_is 'head -c 100000000 /dev/zero | tail; echo "status $?"'
  run_it
  [ "$status" -eq 0 ] || [ "$status" -eq 137 ]
  [ "$status" -eq 137 ] || says 'status 137'
}

@test "memory: too little for container init is told as such, and leaves nothing" {
  local limit
  needs_controller memory
  for limit in 4096 32767 65536 98304; do
    config ".linux.resources.memory = {limit: $limit, swap: $limit}"
    LIMIT=20 attempt tare create -b "$BUNDLE" it
    if [ "$status:$LAYOUT" = 0:systemd ]; then # what it had before counts for the cgroup before
      [ "$limit" -gt 32767 ]
      tare delete --force it
      continue
    fi
    [ "$status" -eq 1 ]
    says '(memory limit too low?)'
    ! find "$CGROUPS" -name it -o -name tare-it.scope | grep .
    [ ! -e "$STATE/it" ]
  done
}

# field: linux.resources.cpu.shares
# trap 27
@test "cpu: shares become a weight by the formula that managers use" {
  needs_controller cpu
  limited '{cpu: {shares: 1024}}'
  holds cpu.weight 100
}

# field: linux.resources.cpu.quota, linux.resources.cpu.period, linux.resources.cpu.burst
@test "cpu: quota, period and burst" {
  needs_controller cpu
  limited '{cpu: {quota: 20000, period: 50000, burst: 10000}}'
  holds cpu.max '20000 50000'
  [ ! -e "$DIRECTORY/cpu.max.burst" ] || holds cpu.max.burst 10000
}

# field: linux.resources.cpu.idle
@test "cpu: idle" {
  needs_controller cpu
  needs_file cpu.idle
  limited '{cpu: {idle: 1}}'
  holds cpu.idle 1
}

# field: linux.resources.pids.limit
# trap 26
@test "pids: a limit, none, and nought, which is one" {
  local value
  needs_controller pids
  for value in 17:17 -1:max 0:1; do
    limited "{pids: {limit: ${value%:*}}}"
    holds pids.max "${value#*:}"
    tare delete --force it
  done
}

# trap 67d
@test "pids: a limit of one lets the container's own process be" {
  needs_controller pids
  config '.linux.resources += {pids: {limit: 1}}'
  command_is echo alone
  run_well
  [ "$output" = alone ]
  shell_is 'echo one; (echo two); true'
  run_it
  says_not two
}

# field: linux.resources.blockIO.throttleReadBpsDevice[].major
# field: linux.resources.blockIO.throttleReadBpsDevice[].minor
# field: linux.resources.blockIO.throttleReadBpsDevice[].rate
# field: linux.resources.blockIO.throttleWriteBpsDevice[].major
# field: linux.resources.blockIO.throttleWriteBpsDevice[].minor
# field: linux.resources.blockIO.throttleWriteBpsDevice[].rate
# field: linux.resources.blockIO.throttleReadIOPSDevice[].major
# field: linux.resources.blockIO.throttleReadIOPSDevice[].minor
# field: linux.resources.blockIO.throttleReadIOPSDevice[].rate
# field: linux.resources.blockIO.throttleWriteIOPSDevice[].major
# field: linux.resources.blockIO.throttleWriteIOPSDevice[].minor
# field: linux.resources.blockIO.throttleWriteIOPSDevice[].rate
@test "io: rates of a device" {
  needs_controller io
  disk
  needs_file io.max
  limited "{blockIO: {throttleReadBpsDevice: [{major: $MAJOR, minor: $MINOR, rate: 1048576}],
    throttleWriteBpsDevice: [{major: $MAJOR, minor: $MINOR, rate: 2097152}],
    throttleReadIOPSDevice: [{major: $MAJOR, minor: $MINOR, rate: 300}],
    throttleWriteIOPSDevice: [{major: $MAJOR, minor: $MINOR, rate: 400}]}}"
  holds io.max "$MAJOR:$MINOR rbps=1048576 wbps=2097152 riops=300 wiops=400"
}

# field: linux.resources.blockIO.weight, linux.resources.blockIO.weightDevice[].major
# field: linux.resources.blockIO.weightDevice[].minor
# field: linux.resources.blockIO.weightDevice[].weight
@test "io: weights, or their refusal by name where no scheduler has them" {
  needs_controller io
  disk
  config ".linux.resources += {blockIO: {weight: 500,
    weightDevice: [{major: $MAJOR, minor: $MINOR, weight: 300}]}}"
  attempt tare create -b "$BUNDLE" it
  if [ "$status" -ne 0 ]; then
    says linux.resources.blockIO.weight
    return
  fi
  DIRECTORY=$CGROUPS$(sed -n 's/^0:://p' "/proc/$(pid_of it)/cgroup")
  if [ -e "$DIRECTORY/io.bfq.weight" ]; then
    grep -qx 'default 500' "$DIRECTORY/io.bfq.weight"
  else
    grep -qx 'default 4950' "$DIRECTORY/io.weight"
  fi
}

# field: linux.resources.rdma{}.hcaHandles, linux.resources.rdma{}.hcaObjects
@test "rdma: a limit without its controller is refused by name" {
  ! grep -qw rdma "$CGROUPS/cgroup.controllers" || skip 'the controller is there'
  config '.linux.resources += {rdma: {mlx5_1: {hcaHandles: 3, hcaObjects: 9}}}'
  refused 'linux.resources.rdma'
}

# field: linux.resources.memory.kernel, linux.resources.memory.kernelTCP
# field: linux.resources.memory.swappiness, linux.resources.memory.disableOOMKiller
# field: linux.resources.memory.useHierarchy, linux.resources.memory.checkBeforeUpdate
# field: linux.resources.cpu.realtimeRuntime, linux.resources.cpu.realtimePeriod
# field: linux.resources.network.classID, linux.resources.network.priorities[].name
# field: linux.resources.network.priorities[].priority
# field: linux.resources.blockIO.leafWeight
# trap 24
@test "limits that cgroup v2 does not have stop nothing and say nothing" {
  config '.linux.resources += {
    memory: {kernel: 100000000, kernelTCP: 1000000, swappiness: 60, disableOOMKiller: true,
      useHierarchy: true, checkBeforeUpdate: true},
    cpu: {realtimeRuntime: 1000, realtimePeriod: 2000}, blockIO: {leafWeight: 10},
    network: {classID: 7, priorities: [{name: "lo", priority: 1}]}}'
  command_is echo runs
  run_well
  [ "$output" = runs ]
}

# trap 61
@test "unified: a key without its controller is refused with the controller's name" {
  ! grep -qw io "$CGROUPS/cgroup.controllers" || skip 'the controller is there'
  config '.linux.resources += {unified: {"io.max": "8:0 rbps=1"}}'
  refused 'linux.resources.unified'
  says io
}

# trap 67b
@test "a limit that the kernel refuses leaves no cgroup behind" {
  config '.linux.resources += {unified: {"cgroup.max.depth": "not a number"}}'
  refused 'cgroup.max.depth'
}
