#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# limits.bats - containers whose resources are limited, by containerd with io.containerd.tare.v2:
# where cgroup v2 has its controllers, as in hack/vm's guest; the last ones where systemd runs.
# shellcheck disable=SC2016

bats_require_minimum_version 1.5.0
load helpers

has_controllers() {
  grep -qw memory /sys/fs/cgroup/cgroup.controllers 2>/dev/null
}

setup_file() {
  has_controllers || return 0
  start_containerd
  ctr_ images import "$WORLD/image.tar"
}

setup() {
  has_controllers || skip "cgroup v2 has no controllers here"
}

teardown() {
  ! has_controllers || remove_all
}

teardown_file() {
  ! has_controllers || stop_containerd
}

# The folder of its cgroup.
cgroup_of() { # ID
  local pid

  pid=$(ctr_ tasks ls | awk -v id="$1" '$1 == id { print $2 }')
  echo "/sys/fs/cgroup$(sed -n 's/^0:://p' "/proc/$pid/cgroup")"
}

# A number of its metrics, as the shim tells them.
metric() { # ID MEMBER...
  ctr_ tasks metrics --format json "$1" |
    python3 -c 'import functools, json, sys
print(functools.reduce(lambda o, k: o.get(k, 0), sys.argv[1:], json.loads(sys.stdin.read() or "{}")))' "${@:2}"
}

# Task.Update, which ctr has no word for: RESOURCES is a JSON document.
update() { # ID RESOURCES
  timeout 30 python3 - "$BUNDLES/$1/address" "$1" "$2" 3>&- <<'END'
import sys
from ttrpc import Client, any_of, message
path, name, resources = sys.argv[1:]
Client(open(path).read()[7:]).call("Update", message(
    _1=name, _2=any_of("types.containerd.io/opencontainers/runtime-spec/1/LinuxResources", resources)))
END
}

is_frozen() { # CGROUP YES
  grep -qx "frozen $2" "$1/cgroup.events"
}

@test "limits are set, and the metrics have them" {
  sleeper one --memory-limit 33554432 --cpu-quota 50000 --cpu-period 100000
  cgroup=$(cgroup_of one)
  [ "$(cat "$cgroup/memory.max")" -eq 33554432 ]
  [ "$(cat "$cgroup/cpu.max")" = "50000 100000" ]
  [ "$(metric one memory usage_limit)" -eq 33554432 ]
  [ "$(metric one memory usage)" -gt 0 ]
  [ "$(metric one pids current)" -eq 1 ]
}

@test "limits are changed while it runs" {
  sleeper one --memory-limit 33554432
  cgroup=$(cgroup_of one)
  update one '{"memory":{"limit":67108864},"pids":{"limit":7},"cpu":{"quota":20000,"period":50000}}'
  [ "$(cat "$cgroup/memory.max" "$cgroup/pids.max" "$cgroup/cpu.max")" = "67108864
7
20000 50000" ]
  [ "$(metric one memory usage_limit)" -eq 67108864 ]
  [ "$(metric one pids limit)" -eq 7 ]
  run -1 update one '{"memory":{"limit":"much"}}'
  [[ $output == *memory.limit* ]]
  [ "$(metric one memory usage_limit)" -eq 67108864 ]
}

# Nothing is in the file before the client listens: it is told of what is not a task's until then.
listen() {
  ctr_beside events >"$BATS_TEST_TMPDIR/events" 2>&1
  listener=$!
  wait_for hears
}

hears() {
  ctr_ namespaces label default "probe=$RANDOM"
  [ -s "$BATS_TEST_TMPDIR/events" ]
}

topics() {
  awk '{ for (i = 1; i < NF; i++) if (sub(/^\/tasks\//, "", $i)) print $i }' "$BATS_TEST_TMPDIR/events" | xargs
}

@test "a container without memory: that is told before its end, and counted after it" {
  listen
  ctr_run -d --null-io --memory-limit 16777216 "$IMAGE" one tail /dev/zero
  wait_for is_state one STOPPED
  [ "$(metric one memory_events oom_kill)" -ge 1 ]
  run ctr_ tasks rm one
  [[ $output == *137* ]]
  wait_for grep -q /tasks/delete "$BATS_TEST_TMPDIR/events"
  kill "$listener"
  [ "$(topics)" = "create start oom exit delete" ]
}

@test "an exec without memory: that is told, and init runs" {
  listen
  sleeper one --memory-limit 16777216
  run -137 ctr_ tasks exec --exec-id e1 one tail /dev/zero
  is_state one RUNNING
  wait_for grep -q /tasks/oom "$BATS_TEST_TMPDIR/events"
  kill "$listener"
  [ "$(metric one memory_events oom_kill)" -ge 1 ]
}

@test "what is paused stands still, and can be killed" {
  sleeper one
  cgroup=$(cgroup_of one)
  ctr_ tasks pause one
  is_frozen "$cgroup" 1
  ctr_ tasks resume one
  is_frozen "$cgroup" 0
  ctr_ tasks pause one
  ctr_ tasks kill -s KILL one
  wait_for is_state one STOPPED
}

# ---- systemd's driver ----

needs_systemd() {
  [ -d /run/systemd/system ] || skip "systemd is not the first process"
  printf 'SystemdCgroup = true\n' >"$BATS_TEST_TMPDIR/options"
}

property() { # UNIT NAME
  systemctl show --value --property "$2" "$1"
}

@test "systemd: the option makes a unit with the limits, which goes with the container" {
  needs_systemd
  sleeper one --runtime-config-path "$BATS_TEST_TMPDIR/options" --cgroup system.slice:ctr:one \
    --memory-limit 33554432
  [[ $(cgroup_of one) == */system.slice/ctr-one.scope ]]
  [ "$(property ctr-one.scope MemoryMax)" -eq 33554432 ]
  [ "$(metric one memory usage_limit)" -eq 33554432 ]
  update one '{"memory":{"limit":67108864}}'
  [ "$(property ctr-one.scope MemoryMax)" -eq 67108864 ]
  ctr_ tasks kill -s KILL one
  wait_for is_state one STOPPED
  ctr_ tasks rm one || true
  [ "$(property ctr-one.scope LoadState)" = not-found ]
}

@test "systemd: a path of its form is enough, and want of memory is told of after the unit" {
  needs_systemd
  listen
  ctr_run -d --null-io --cgroup system.slice:ctr:two --memory-limit 16777216 "$IMAGE" two tail /dev/zero
  wait_for is_state two STOPPED
  [ "$(metric two memory_events oom_kill)" -ge 1 ]
  ctr_ tasks rm two || true
  wait_for grep -q /tasks/delete "$BATS_TEST_TMPDIR/events"
  kill "$listener"
  [ "$(topics)" = "create start oom exit delete" ]
}
