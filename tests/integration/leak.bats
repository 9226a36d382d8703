#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# leak.bats - many containers, one after the other: nothing adds up.
# shellcheck disable=SC2016,SC2119,SC2120

load helpers

COUNT=${TARE_LEAK_COUNT:-200}

@test "create, start and delete, many times" {
  local n before after
  before=$(sed -n 's/^nr_dying_descendants //p' "$CGROUPS/cgroup.stat" 2>/dev/null || echo 0)
  command_is sleep 100
  for ((n = 0; n < COUNT; n++)); do
    "$TARE" --root "$STATE" create -b "$BUNDLE" it </dev/null >/dev/null 2>"$WORK/err"
    "$TARE" --root "$STATE" start it
    "$TARE" --root "$STATE" delete --force it
  done
  nothing_is_left
  after=$(sed -n 's/^nr_dying_descendants //p' "$CGROUPS/cgroup.stat" 2>/dev/null || echo 0)
  [ $((after - before)) -lt $((COUNT / 2)) ]
}

@test "run, many times" {
  local n
  for ((n = 0; n < COUNT; n++)); do
    "$TARE" --root "$STATE" run -b "$BUNDLE" it
  done
  nothing_is_left
}

@test "containers that fail, many times" {
  local n
  command_is /no/such/program
  for ((n = 0; n < COUNT; n++)); do
    run ! "$TARE" --root "$STATE" run -b "$BUNDLE" it
  done
  nothing_is_left
}
