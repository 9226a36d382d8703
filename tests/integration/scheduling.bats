#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# scheduling.bats - scheduler, priorities, memory policy and personality, as the kernel has them.
# shellcheck disable=SC2016,SC2119,SC2120

load helpers

prepare() {
  only root
  tare_only
  make_bundle
}

# The container's process says TEXT about itself with PROBE when config.json has FILTER.
with() { # FILTER PROBE TEXT
  config "$1"
  shell_is "$2"
  run_well
  says "$3"
}

scheduler_is() { # JSON TEXT
  config '.process.scheduler = $s' --argjson s "$1"
  with . 'exec probe scheduler' "$2"
}

# field: process.scheduler.policy, process.scheduler.nice
@test "each scheduler of the kernel's that takes a nice value or none" {
  scheduler_is '{"policy": "SCHED_OTHER", "nice": -7}' 'policy 0 flags 0x0 nice -7'
  scheduler_is '{"policy": "SCHED_BATCH", "nice": 19}' 'policy 3 flags 0x0 nice 19'
  scheduler_is '{"policy": "SCHED_IDLE"}' "policy 5 flags 0x0 nice $(nice)" # it stays as it was
}

# field: process.scheduler.policy, process.scheduler.priority
@test "both real-time schedulers, at both ends of their priorities" {
  config '.process.scheduler = {policy: "SCHED_FIFO", priority: 1}'
  run_it
  [ "$status" -eq 0 ] || skip "no real-time scheduling here: $output"
  scheduler_is '{"policy": "SCHED_FIFO", "priority": 1}' 'policy 1 flags 0x0 nice 0 priority 1 '
  scheduler_is '{"policy": "SCHED_RR", "priority": 99}' 'policy 2 flags 0x0 nice 0 priority 99 '
}

# sched(7): neither is inherited through fork(2), so they are set in the process itself
@test "exec: deadlines, and a scheduler that children do not inherit" {
  local process spec
  config '.process.scheduler = {policy: "SCHED_DEADLINE", runtime: 2000000, deadline: 10000000, period: 20000000}'
  command_is true
  run_it
  [ "$status" -eq 0 ] || skip "no scheduling by deadlines here: $output"
  config 'del(.process.scheduler)'
  command_is sleep 1000
  create_it
  tare start it
  process=$(jq -c '.process | .args = ["probe", "scheduler"]' "$BUNDLE/config.json")
  for spec in '{"policy": "SCHED_DEADLINE", "runtime": 2000000, "deadline": 10000000, "period": 20000000}' \
    '{"policy": "SCHED_RR", "priority": 9, "flags": ["SCHED_FLAG_RESET_ON_FORK"]}'; do
    jq -c --argjson s "$spec" '.scheduler = $s' <<<"$process" >"$WORK/process"
    run tare exec -p "$WORK/process" it
    [ "$status" -eq 0 ]
    case $spec in
    *DEADLINE*) says 'policy 6 flags 0x0 nice 0 priority 0 runtime 2000000 deadline 10000000 period 20000000' ;;
    *) says 'policy 2 flags 0x1 nice 0 priority 9' ;;
    esac
    # What that took is not the process's, with a filter or without.
    jq -c '.args = ["grep", "^Cap", "/proc/self/status"] | .user.uid = 7' <"$WORK/process" >"$WORK/other"
    run tare exec -p "$WORK/other" it
    [ "$status" -eq 0 ]
    [[ ${lines[1]} == CapPrm:*0000000000000000 ]]
  done
}

@test "in a pid namespace that is joined: deadlines, and a scheduler that children do not inherit" {
  only root
  local spec first
  config '.process.scheduler = {policy: "SCHED_DEADLINE", runtime: 2000000, deadline: 10000000, period: 20000000}'
  command_is true
  run_it
  [ "$status" -eq 0 ] || skip "no scheduling by deadlines here: $output"
  config 'del(.process.scheduler)'
  command_is sleep 1000
  tare_quietly run -d -b "$BUNDLE" it
  first=$(pid_of it)
  config '.linux.namespaces |= map(if .type == "pid" then .path = $p else . end)' \
    --arg p "/proc/$first/ns/pid"
  command_is probe scheduler
  for spec in '{"policy": "SCHED_DEADLINE", "runtime": 2000000, "deadline": 10000000, "period": 20000000}' \
    '{"policy": "SCHED_RR", "priority": 9, "flags": ["SCHED_FLAG_RESET_ON_FORK"]}'; do
    config '.process.scheduler = $s' --argjson s "$spec"
    run tare run -b "$BUNDLE" other
    [ "$status" -eq 0 ]
    case $spec in
    *DEADLINE*) says 'policy 6 flags 0x0 nice 0 priority 0 runtime 2000000' ;;
    *) says 'policy 2 flags 0x1 nice 0 priority 9' ;;
    esac
  done
}

# field: process.scheduler.policy, process.scheduler.flags, process.scheduler.deadline
@test "what the kernel refuses of a scheduler is refused, by the member" {
  local spec
  for spec in '{"policy": "SCHED_ISO"}' '{"policy": "SCHED_DEADLINE"}' \
    '{"policy": "SCHED_DEADLINE", "runtime": 20000, "deadline": 10000, "period": 5000}' \
    '{"policy": "SCHED_OTHER", "flags": ["SCHED_FLAG_UTIL_CLAMP_MIN"]}'; do
    config '.process.scheduler = $s' --argjson s "$spec"
    refused 'scheduling: process.scheduler: invalid argument'
  done
}

# field: process.scheduler.flags
@test "the flag that keeps the policy as it is" {
  scheduler_is '{"policy": "SCHED_BATCH", "flags": ["SCHED_FLAG_KEEP_POLICY"]}' 'policy 0 '
}

# field: process.ioPriority.class, process.ioPriority.priority
@test "each class of I/O priorities, at both ends" {
  with '.process.ioPriority = {class: "IOPRIO_CLASS_RT", priority: 0}' 'ionice -p $$' 'realtime: prio 0'
  with '.process.ioPriority = {class: "IOPRIO_CLASS_BE", priority: 7}' 'ionice -p $$' 'best-effort: prio 7'
  with '.process.ioPriority = {class: "IOPRIO_CLASS_IDLE", priority: 0}' 'ionice -p $$' 'idle'
}

policy_is() { # JSON TEXT
  config '.linux.memoryPolicy = $p' --argjson p "$1"
  with . 'exec probe memory-policy' "$2"
}

needs_numa() {
  [ -e /proc/self/numa_maps ] || skip 'a kernel without NUMA'
}

# field: linux.memoryPolicy.mode, linux.memoryPolicy.nodes
@test "each mode of memory policies" {
  needs_numa
  policy_is '{"mode": "MPOL_DEFAULT"}' 'mode 0 flags 0x0 nodes 0x0'
  policy_is '{"mode": "MPOL_PREFERRED", "nodes": "0"}' 'mode 1 flags 0x0 nodes 0x1'
  policy_is '{"mode": "MPOL_BIND", "nodes": "0"}' 'mode 2 flags 0x0 nodes 0x1'
  policy_is '{"mode": "MPOL_INTERLEAVE", "nodes": "0"}' 'mode 3 flags 0x0 nodes 0x1'
  policy_is '{"mode": "MPOL_LOCAL"}' 'mode 4 flags 0x0 nodes 0x0'
  policy_is '{"mode": "MPOL_PREFERRED_MANY", "nodes": "0"}' 'mode 5 flags 0x0 nodes 0x1'
}

# field: linux.memoryPolicy.mode
@test "interleaving with weights, where the kernel has it" {
  needs_numa
  config '.linux.memoryPolicy = {mode: "MPOL_WEIGHTED_INTERLEAVE", nodes: "0"}'
  command_is probe memory-policy
  run_it
  [ "$status" -eq 0 ] || {
    says 'linux.memoryPolicy: invalid argument'
    skip 'a kernel before 6.9'
  }
  [ "$output" = 'mode 6 flags 0x0 nodes 0x1' ]
}

# field: linux.memoryPolicy.mode
@test "a preference without nodes is one for where the process runs" {
  needs_numa
  policy_is '{"mode": "MPOL_PREFERRED"}' 'mode 4 flags 0x0 nodes 0x0'
}

# field: linux.memoryPolicy.flags
@test "each flag of memory policies" {
  needs_numa
  policy_is '{"mode": "MPOL_BIND", "nodes": "0", "flags": ["MPOL_F_STATIC_NODES"]}' 'mode 2 flags 0x8000 '
  policy_is '{"mode": "MPOL_INTERLEAVE", "nodes": "0", "flags": ["MPOL_F_RELATIVE_NODES"]}' \
    'mode 3 flags 0x4000 '
  config '.linux.memoryPolicy = {mode: "MPOL_BIND", nodes: "0", flags: ["MPOL_F_NUMA_BALANCING"]}'
  run_it
  [ "$status" -eq 0 ] || skip 'a kernel without NUMA balancing'
  with . 'exec probe memory-policy' 'mode 2 flags 0x2000 '
}

# field: linux.memoryPolicy.nodes
@test "nodes that the machine does not have are refused" {
  needs_numa
  config '.linux.memoryPolicy = {mode: "MPOL_BIND", nodes: "1023"}'
  refused 'scheduling: linux.memoryPolicy: invalid memory policy: set_mempolicy: invalid argument'
}

# field: linux.personality.domain
@test "the personality of the machine itself" {
  with '.linux.personality = {domain: "LINUX"}' 'cat /proc/self/personality; uname -m' "$(uname -m)"
  says 00000000
}

# field: linux.personality.domain
@test "the personality is there for what the process starts, too" {
  with '.linux.personality = {domain: "LINUX32"}' 'cat /proc/self/personality; true' 00000008
}
