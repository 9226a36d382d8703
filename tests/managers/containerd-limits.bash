# SPDX-License-Identifier: GPL-2.0-or-later
# containerd-limits - what containerd lets containers have, where cgroup v2 has the controllers.
# shellcheck shell=bash
# shellcheck disable=SC2016,SC2034,SC2154

limit() { # ID FILE
  limit_of "$(task_pid "$1")" "$2"
}

it_memory_limit_is_in_force() {
  needs_controller memory
  ok detached a --memory-limit 67108864 -- sleep 100
  is memory.max "$(limit a memory.max)" 67108864
}

it_memory_limit_ends_who_takes_more() {
  needs_controller memory
  "${CTR[@]}" events >told 2>&1 &
  exits 137 launch a --memory-limit 16777216 -- sh -c "$GREEDY"
  eventually contains told /tasks/oom
  kill $!
}

it_memory_limit_ends_an_exec_and_not_the_container() {
  needs_controller memory
  ok detached a --memory-limit 16777216 -- sleep 1000
  exits 137 inside a sh -c "$GREEDY"
  task_is a RUNNING
  ok inside a echo well
  output_is well
}

it_memory_limit_is_shown_by_metrics() {
  needs_controller memory
  ok detached a --memory-limit 67108864 -- sleep 100
  ok task metrics --format json a
  is limit "$(jq -r '.memory.usage_limit' <<<"$output")" 67108864
  [ "$(jq -r '.memory.usage' <<<"$output")" -gt 0 ]
  is processes "$(jq -r '.pids.current' <<<"$output")" 1
}

it_cpu_quota_is_in_force() {
  needs_controller cpu
  ok detached a --cpus 0.5 -- sleep 100
  is cpu.max "$(limit a cpu.max)" '50000 100000'
}

it_cpu_shares_are_in_force() {
  needs_controller cpu
  ok detached a --cpu-shares 2048 -- sleep 100
  [ "$(limit a cpu.weight)" -gt 50 ]
}

# What ctr has no option for.
limited() { # RESOURCES-AS-JSON
  changed_config ".linux.resources += $1 | .process.args = [\"sleep\", \"1000\"]"
  c run --detach "${RUNTIME_WORDS[@]}" --config "$PWD/changed.json" configured
}

it_config_limits_processes() {
  needs_controller pids
  ok limited '{pids: {limit: 7}}'
  is pids.max "$(limit configured pids.max)" 7
}

it_config_reserves_memory() {
  needs_controller memory
  ok limited '{memory: {limit: 67108864, reservation: 33554432}}'
  is memory.max "$(limit configured memory.max)" 67108864
  is memory.low "$(limit configured memory.low)" 33554432
}

it_config_sets_files_of_cgroup_v2() {
  needs_controller memory
  ok limited '{unified: {"memory.high": "50331648", "pids.max": "9"}}'
  is memory.high "$(limit configured memory.high)" 50331648
  is pids.max "$(limit configured pids.max)" 9
}

it_config_limits_a_device() {
  needs_controller io
  local numbers

  numbers=$(lsblk --noheadings --nodeps --output MAJ:MIN "$(block_device)" | tr -d ' ')
  ok limited "{blockIO: {throttleWriteBpsDevice: [{major: ${numbers%:*}, minor: ${numbers#*:}, rate: 1048576}]}}"
  output=$(limit configured io.max)
  says wbps=1048576
}

it_systemd_makes_a_scope() {
  needs_systemd
  ok detached a --memory-limit 67108864 --cpus 0.5 -- sleep 1000
  is unit "$(unit_of "$(task_pid a)")" test-a.scope
  is MemoryMax "$(property_of_unit "$(task_pid a)" MemoryMax)" 67108864
  is CPUQuota "$(property_of_unit "$(task_pid a)" CPUQuotaPerSecUSec)" 500ms
}

it_systemd_forgets_the_scope() {
  needs_systemd
  ok launch a -- true
  eventually not manager_of_units is-active test-a.scope
  is state "$(manager_of_units show --property LoadState --value test-a.scope)" not-found
}

it_systemd_stops_the_scope() {
  needs_systemd
  ok detached a -- sleep 1000
  ok manager_of_units stop test-a.scope
  eventually task_is a STOPPED
}
