# SPDX-License-Identifier: GPL-2.0-or-later
# engine-limits - what docker and podman let containers have, where cgroup v2 has the controllers.
# shellcheck shell=bash
# shellcheck disable=SC2016,SC2034,SC2154

limit() { # NAME FILE
  limit_of "$(pid_of "$1")" "$2"
}

# ---- memory ----

it_memory_limit_is_in_force() {
  needs_controller memory
  ok d aa --memory 64m -- sleep 1000
  is memory.max "$(limit aa memory.max)" 67108864
}

it_memory_limit_ends_who_takes_more() {
  needs_controller memory
  run e run --name aa --memory 16m --memory-swap 16m "$IMAGE" sh -c "$GREEDY"
  is status "$status" 137
}

# Managers look into the container's cgroup when it has changed. It goes with the last process, with
# any runtime, and they are too late as often as not: who takes more is another one here.
it_memory_limit_is_told_as_the_reason() {
  needs_controller memory
  ok d aa --memory 16m --memory-swap 16m -- sh -c "$OUTLIVES_GREEDY"
  PATIENCE=40 eventually has_seen_out_of_memory aa
  ok e exec aa touch /tmp/seen
  eventually was_out_of_memory aa
  is status "$(exit_code_of aa)" 137
}

was_out_of_memory() { # NAME
  [ "$(e inspect --format '{{.State.OOMKilled}}' "$1")" = true ]
}

it_memory_limit_ends_an_exec_and_not_the_container() {
  needs_controller memory
  ok d aa --memory 16m --memory-swap 16m -- sleep 1000
  exits 137 e exec aa sh -c "$GREEDY"
  state_is aa running
  ok e exec aa echo well
  output_is well
}

it_memory_limit_is_shown_by_stats() {
  needs_controller memory
  ok d aa --memory 64m -- sleep 1000
  ok e stats --no-stream --format '{{.MemUsage}} {{.PIDs}}' aa
  matches '^[0-9.]+[kKMi]*B / (64MiB|67\.11MB) 1$'
}

it_memory_reservation_is_in_force() {
  needs_controller memory
  ok d aa --memory 64m --memory-reservation 32m -- sleep 1000
  is memory.low "$(limit aa memory.low)" 33554432
}

it_memory_limit_is_kept_by_a_restart() {
  needs_controller memory
  ok d aa --memory 64m -- sleep 1000
  ok e restart --time 0 aa
  is memory.max "$(limit aa memory.max)" 67108864
}

it_memory_limit_of_a_stopped_container_starts_again() {
  needs_controller memory
  run e run --name aa --memory 16m --memory-swap 16m "$IMAGE" \
    sh -c "[ -e /tmp/again ] && echo well && exit; touch /tmp/again; $GREEDY"
  is status "$status" 137
  ok e start --attach aa
  says well
  is oom "$(e inspect --format '{{.State.OOMKilled}}' aa)" false
}

# ---- processors, processes, devices ----

it_cpu_limit_is_in_force() {
  needs_controller cpu
  ok d aa --cpus 0.5 --cpu-shares 512 -- sleep 1000
  is cpu.max "$(limit aa cpu.max)" '50000 100000'
  [ "$(limit aa cpu.weight)" -lt 100 ]
}

it_cpu_period_and_quota_are_in_force() {
  needs_controller cpu
  ok d aa --cpu-period 50000 --cpu-quota 20000 -- sleep 1000
  is cpu.max "$(limit aa cpu.max)" '20000 50000'
}

it_cpu_limit_slows_who_takes_more() {
  needs_controller cpu
  ok d aa --cpus 0.1 -- sh -c 'while :; do :; done'
  eventually was_throttled "$(pid_of aa)"
}

was_throttled() { # PID
  grep -q '^nr_throttled [1-9]' "/sys/fs/cgroup$(cgroup_of "$1")/cpu.stat" ||
    grep -q '^nr_throttled [1-9]' "/sys/fs/cgroup$(dirname "$(cgroup_of "$1")")/cpu.stat"
}

it_pids_limit_is_in_force() {
  needs_controller pids
  fails r --pids-limit 5 -- sh -c 'for i in 1 2 3 4 5 6 7 8; do sleep 1 & done; wait'
  says 'fork'
  ok d aa --pids-limit 7 -- sleep 1000
  is pids.max "$(limit aa pids.max)" 7
}

it_device_limit_is_in_force() {
  needs_controller io
  local device

  device=$(block_device)
  ok d aa --device-write-bps "$device:1mb" --device-read-iops "$device:100" -- sleep 1000
  output=$(limit aa io.max)
  says wbps=1048576
  says riops=100
}

it_limits_are_seen_inside() {
  needs_controller memory
  ok r --memory 64m -- sh -c 'cat /sys/fs/cgroup/memory.max'
  output_is 67108864
}

# ---- update ----

it_update_changes_limits() {
  needs_controller memory
  needs_update
  ok d aa --memory 64m -- sleep 1000
  ok e update --memory 128m --memory-swap 128m aa
  is memory.max "$(limit aa memory.max)" 134217728
}

it_update_changes_processors() {
  needs_controller cpu
  needs_update
  ok d aa --cpus 0.5 -- sleep 1000
  ok e update --cpus 0.25 --cpu-shares 256 aa
  is cpu.max "$(limit aa cpu.max)" '25000 100000'
  [ "$(limit aa cpu.weight)" -lt 50 ]
}

it_update_changes_processes() {
  needs_controller pids
  needs_update --pids-limit
  ok d aa --pids-limit 7 -- sleep 1000
  ok e update --pids-limit 9 aa
  is pids.max "$(limit aa pids.max)" 9
}

it_update_of_a_paused_container_keeps_it_paused() {
  needs_controller memory
  needs_update
  ok d aa --memory 64m -- sleep 1000
  ok e pause aa
  ok e update --memory 128m --memory-swap 128m aa
  is memory.max "$(limit aa memory.max)" 134217728
  state_is aa paused
  ok e unpause aa
}

# ---- systemd ----

it_systemd_makes_a_scope() {
  needs_systemd
  ok d aa -- sleep 1000
  [[ $(unit_of "$(pid_of aa)") == *"$(e inspect --format '{{.Id}}' aa)"*.scope ]]
  is state "$(property_of_unit "$(pid_of aa)" ActiveState)" active
}

it_systemd_knows_the_limits() {
  needs_systemd
  ok d aa --memory 64m --cpus 0.5 --pids-limit 7 -- sleep 1000
  is MemoryMax "$(property_of_unit "$(pid_of aa)" MemoryMax)" 67108864
  is TasksMax "$(property_of_unit "$(pid_of aa)" TasksMax)" 7
  is CPUQuota "$(property_of_unit "$(pid_of aa)" CPUQuotaPerSecUSec)" 500ms
}

it_systemd_knows_what_update_changes() {
  needs_systemd
  needs_update
  ok d aa --memory 64m -- sleep 1000
  ok e update --memory 128m --memory-swap 128m aa
  is MemoryMax "$(property_of_unit "$(pid_of aa)" MemoryMax)" 134217728
}

it_systemd_keeps_limits_over_a_reload() {
  needs_systemd
  ok d aa --memory 64m --device /dev/fuse -- sleep 1000
  ok manager_of_units daemon-reload
  is memory.max "$(limit aa memory.max)" 67108864
  ok e exec aa sh -c ': </dev/fuse && : >/dev/null && echo opened'
  output_is opened
}

it_systemd_forgets_the_scope() {
  needs_systemd
  local unit

  ok d aa -- sleep 1000
  unit=$(unit_of "$(pid_of aa)")
  ok removed aa
  eventually not manager_of_units is-active "$unit"
  is state "$(manager_of_units show --property LoadState --value "$unit")" not-found
}

it_systemd_stops_the_scope() {
  needs_systemd
  ok d aa -- sh -c 'trap "exit 5" TERM; echo ready; while :; do sleep 0.05; done'
  eventually logs_have aa ready
  ok manager_of_units stop "$(unit_of "$(pid_of aa)")"
  eventually state_is aa exited
}

it_systemd_puts_it_into_a_slice() {
  needs_systemd
  ok d aa --cgroup-parent tested.slice -- sleep 1000
  [[ $(cgroup_of "$(pid_of aa)") == */tested.slice/*.scope* ]]
  ok removed aa
  manager_of_units stop tested.slice
}
