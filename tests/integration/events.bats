#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# events.bats - what a container uses, line by line, and that it ran out of memory.
# shellcheck disable=SC2016,SC2119,SC2120

load helpers

prepare() {
  needs_cgroup
  make_bundle
  command_is sleep 1000
}

start_it() {
  create_it
  tare start it
  DIRECTORY=$CGROUPS$(sed -n 's/^0:://p' "/proc/$(pid_of it)/cgroup")
}

# In the background, into $WORK/events; its pid is EVENTS.
watch_it() { # OPTION...
  timeout 30 "$TARE" --root "$STATE" events "$@" it >"$WORK/events" 2>&1 &
  EVENTS=$!
}

has_lines() { # HOW MANY
  [ "$(wc -l <"$WORK/events")" -ge "$1" ]
}

ends() {
  ! kill -0 "$EVENTS" 2>/dev/null
}

@test "--stats prints one object with the members that runc's have" {
  tare_only
  start_it
  run tare events --stats it
  [ "$status" -eq 0 ]
  [ "${#lines[@]}" -eq 1 ]
  [ "$(jq -c '[.type, .id]' <<<"$output")" = '["stats","it"]' ]
  [ "$(jq -c '.data | keys_unsorted' <<<"$output")" = \
    '["cpu","cpuset","memory","pids","blkio","hugetlb","intel_rdt","network_interfaces"]' ]
  [ "$(jq -c '.data.network_interfaces, .data.intel_rdt' <<<"$output" | xargs)" = 'null {}' ]
  [ "$(jq -c '.data.cpuset | keys_unsorted' <<<"$output")" = \
    '["cpu_exclusive","mem_hardwall","mem_exclusive","memory_migrate","memory_spread_page","memory_spread_slab","memory_pressure","sched_load_balance","sched_relax_domain_level"]' ]
}

@test "the time of the processors is what the kernel has counted, in nanoseconds" {
  shell_is 'i=0; while [ $i -lt 20000 ]; do i=$((i + 1)); done; sleep 1000'
  start_it
  grep -q '^usage_usec [1-9]' "$DIRECTORY/cpu.stat" || wait_for grep -q '^usage_usec [1-9]' "$DIRECTORY/cpu.stat"
  tare pause it
  run tare events --stats it
  [ "$(jq '.data.cpu.usage.total' <<<"$output")" -eq $(($(sed -n 's/^usage_usec //p' "$DIRECTORY/cpu.stat") * 1000)) ]
}

@test "pressure is there when the kernel counts it" {
  start_it
  [ -e "$DIRECTORY/cpu.pressure" ] || skip 'a kernel without PSI'
  cat "$DIRECTORY/cpu.pressure" >/dev/null 2>&1 || skip 'PSI is off'
  run tare events --stats it
  [ "$(jq -c '.data.cpu.psi | keys' <<<"$output")" = '["full","some"]' ]
  [ "$(jq -c '.data.cpu.psi.some | keys_unsorted' <<<"$output")" = '["avg10","avg60","avg300","total"]' ]
}

@test "memory and pids are what the files say" {
  needs_controller memory
  needs_controller pids
  config '.linux.resources += {memory: {limit: 67108864, swap: 100663296}, pids: {limit: 20}}'
  start_it
  tare pause it
  run tare events --stats it
  [ "$(jq -c '.data.memory.usage | [.limit, .usage]' <<<"$output")" = "[67108864,$(cat "$DIRECTORY/memory.current")]" ]
  [ "$(jq -c '.data.memory.swap.limit // 100663296' <<<"$output")" = 100663296 ]
  [ "$(jq -c '.data.memory.raw.anon' <<<"$output")" = "$(sed -n 's/^anon //p' "$DIRECTORY/memory.stat")" ]
  [ "$(jq -c '.data.pids' <<<"$output")" = '{"current":1,"limit":20}' ]
}

@test "throttling is counted" {
  needs_controller cpu
  config '.linux.resources += {cpu: {quota: 5000, period: 50000}}'
  shell_is 'while :; do :; done'
  start_it
  sleep 1
  run tare events --stats it
  [ "$(jq '.data.cpu.throttling | .throttledPeriods > 5 and .throttledTime > 1000000' <<<"$output")" = true ]
}

@test "a line every interval, until the container has ended" {
  start_it
  watch_it --interval 100ms
  wait_for has_lines 3
  [ "$(jq -r .type "$WORK/events" | sort -u)" = stats ]
  tare kill it KILL
  wait_for ends
  wait "$EVENTS"
}

@test "the first line comes after an interval, the end of the container ends the wait" {
  start_it
  watch_it --interval 1h
  sleep 0.3
  [ ! -s "$WORK/events" ]
  tare kill it KILL
  wait_for ends
  wait "$EVENTS"
  [ ! -s "$WORK/events" ]
}

@test "delete --force ends it, too" {
  start_it
  watch_it --interval 1h
  sleep 0.2
  tare delete --force it
  wait_for ends
  wait "$EVENTS"
}

@test "a kill for lack of memory is an event, one line" {
  needs_controller memory
  config '.linux.resources += {memory: {limit: 16777216, swap: 16777216}}'
  shell_is 'while [ ! -e /shared/go ]; do sleep 0.05; done; head -c 100000000 /dev/zero | tail; sleep 1000'
  mkdir -m 777 "$WORK/shared"
  add_mount /shared bind "$WORK/shared" bind rw
  start_it
  watch_it --interval 1h
  sleep 0.3
  touch "$WORK/shared/go"
  wait_for has_lines 1
  [ "$(head -n 1 "$WORK/events")" = '{"type":"oom","id":"it"}' ]
  tare delete --force it
  wait_for ends
  wait "$EVENTS" || true
}

@test "an interval that makes no sense is refused" {
  start_it
  run tare events --interval 0 it
  [ "$status" -eq 1 ]
  says 'duration interval must be greater than 0'
  run tare events --interval=-3s it
  [ "$status" -eq 1 ]
  says 'duration interval must be greater than 0'
  run tare events --interval 5 it
  [ "$status" -ne 0 ]
  says 'invalid value "5"'
}

@test "a stopped container has no events" {
  command_is true
  create_it
  tare start it
  wait_for status_is it stopped
  run tare events --stats it
  [ "$status" -eq 1 ]
  says 'container with id it is not running'
  run tare events nobody
  [ "$status" -eq 1 ]
  says 'container does not exist'
}

@test "without a cgroup it says so" {
  tare_only
  config 'del(.linux.resources) | .linux.namespaces |= map(select(.type != "cgroup")) | .mounts |= map(select(.type != "cgroup"))'
  tare_quietly --cgroup-manager disabled create -b "$BUNDLE" it
  run tare events --stats it
  [ "$status" -eq 1 ]
  says 'has no cgroup'
}
