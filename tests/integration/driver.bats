#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# driver.bats - the systemd cgroup driver and a manager (systemd/manager): what it is asked, and
# what becomes of its answers.
# shellcheck disable=SC2016,SC2119,SC2120

load helpers

prepare() {
  tare_only
  only root rootless
  needs python3
  needs_cgroup
  tare features | jq -e '.linux.cgroup.systemd' >/dev/null || skip "built without systemd"
  make_bundle
  command_is sleep 100
}

# Ended with the test that started it.
start_manager() { # [MEMBER=ANSWER...]
  local socket=$WORK/bus

  if [ "$MODE" = root ]; then
    export DBUS_SYSTEM_BUS_ADDRESS=unix:path=$socket
  else
    export DBUS_SESSION_BUS_ADDRESS=unix:path=$socket
  fi
  start_manager_at "$socket" "$@"
}

start_manager_at() { # SOCKET [MEMBER=ANSWER...]
  CALLS=$WORK/calls
  python3 systemd/manager "$1" "$CALLS" "$CGROUPS" "${@:2}" </dev/null 2>"$WORK/manager.err" 3>&- &
  MANAGER=$!
  wait_for test -e "$CALLS"
}

teardown() {
  remove_containers
  [ -z "${MANAGER:-}" ] || kill "$MANAGER"
  [ ! -s "$WORK/manager.err" ] || { cat "$WORK/manager.err" && return 1; }
  rmdir "$CGROUPS"/*.slice 2>/dev/null || true # systemd's own
  rm -rf /run/systemd
  nothing_is_left
}

driven() { # ARGUMENTS...
  tare_quietly --systemd-cgroup "$@" || { cat "$WORK/err" && return 1; }
}

# A call's arguments as the manager got them: asked MEMBER FILTER
asked() {
  jq -ec "select(.member == \"$1\") | .args | $2" "$CALLS"
}

property() { # NAME
  asked StartTransientUnit ".[2] | map({ key: .[0], value: .[1] }) | from_entries | .\"$1\""
}

slice() {
  [ "$MODE" = root ] && echo system.slice || echo user.slice
}

@test "a scope is made with the container's process in it, delegated, and stopped with it" {
  start_manager
  driven create -b "$BUNDLE" --pid-file "$WORK/pid" it
  [ "$(asked StartTransientUnit '.[0]')" = '"tare-it.scope"' ]
  [ "$(asked StartTransientUnit '.[1]')" = '"fail"' ]
  [ "$(asked StartTransientUnit '.[3]')" = '[]' ]
  [ "$(property PIDs)" = "[$(cat "$WORK/pid")]" ]
  [ "$(property Slice)" = "\"$(slice)\"" ]
  [ "$(property Delegate)" = true ]
  [ "$(property DefaultDependencies)" = false ]
  grep -qx "0::/$(slice)/tare-it.scope" "/proc/$(cat "$WORK/pid")/cgroup"
  driven start it
  driven delete --force it
  [ "$(asked StopUnit .)" = '["tare-it.scope","replace"]' ]
  rm "$WORK/pid"
}

@test "limits and annotations of every type arrive as properties" {
  start_manager
  config '.annotations = {
    "org.systemd.property.CollectMode": "'"'inactive-or-failed'"'",
    "org.systemd.property.TimeoutStopUSec": "uint64 123456789",
    "org.systemd.property.SendSIGHUP": "true",
    "org.systemd.property.KillSignal": "15",
    "org.systemd.property.Documentation": "['"'man:a(1)', 'man:b(1)'"']" }'
  driven create -b "$BUNDLE" it
  [ "$(property CollectMode)" = '"inactive-or-failed"' ]
  [ "$(property TimeoutStopUSec)" = 123456789 ]
  [ "$(property SendSIGHUP)" = true ]
  [ "$(property KillSignal)" = 15 ]
  [ "$(property Documentation)" = '["man:a(1)","man:b(1)"]' ]
}

@test "a unit of that name that failed before is forgotten, once" {
  start_manager StartTransientUnit=once:error:org.freedesktop.systemd1.UnitExists:there
  driven create -b "$BUNDLE" it
  [ "$(asked ResetFailedUnit .)" = '["tare-it.scope"]' ]
  [ "$(asked StartTransientUnit '.[0]' | wc -l)" = 2 ]
}

@test "a unit that goes on existing is named" {
  start_manager StartTransientUnit=error:org.freedesktop.systemd1.UnitExists:there
  attempt tare --systemd-cgroup create -b "$BUNDLE" it
  [ "$status" -eq 1 ]
  says 'tare-it.scope: the unit already exists'
}

@test "what systemd refuses is told in its own words" {
  start_manager 'StartTransientUnit=error:org.freedesktop.DBus.Error.InvalidArgs:Cannot set it.'
  attempt tare --systemd-cgroup create -b "$BUNDLE" it
  [ "$status" -eq 1 ]
  says 'tare-it.scope: Cannot set it. (org.freedesktop.DBus.Error.InvalidArgs)'
}

@test "a job that fails is a container that fails" {
  start_manager StartTransientUnit=result:failed
  attempt tare --systemd-cgroup create -b "$BUNDLE" it
  [ "$status" -eq 1 ]
  says 'error creating systemd unit: got `failed`'
}

@test "a manager that hangs up in the middle is told, and nothing is left" {
  start_manager StartTransientUnit=hangup
  attempt tare --systemd-cgroup create -b "$BUNDLE" it
  [ "$status" -eq 1 ]
  says 'tare-it.scope: '
}

@test "a manager that says nothing is waited for half a minute" {
  only root
  start_manager StartTransientUnit=hang
  SECONDS=0
  LIMIT=45 attempt tare --systemd-cgroup create -b "$BUNDLE" it
  [ "$status" -eq 1 ]
  [ "$SECONDS" -le 40 ]
  says 'tare-it.scope: '
}

@test "an update tells systemd, until the scope ends" {
  start_manager
  driven create -b "$BUNDLE" it
  attempt tare update --pids-limit 20 it
  if [ "$status" -eq 0 ]; then
    [ "$(asked SetUnitProperties .)" = '["tare-it.scope",true,[["TasksMax",20]]]' ]
  else
    says pids
    skip "the pids controller is not in this tree"
  fi
}

@test "a unit that is gone is no failure of delete" {
  start_manager StopUnit=error:org.freedesktop.systemd1.NoSuchUnit:gone
  driven create -b "$BUNDLE" it
  driven delete --force it
  rmdir "$CGROUPS/$(slice)/tare-it.scope" 2>/dev/null || true
}

@test "where there is no bus, systemd's own socket is asked" {
  only root
  export DBUS_SYSTEM_BUS_ADDRESS=unix:path=$WORK/nobody
  mkdir /run/systemd
  start_manager_at /run/systemd/private
  driven create -b "$BUNDLE" it
  [ "$(property Slice)" = '"system.slice"' ]
  run ! grep Hello "$CALLS"
  driven delete --force it
}

@test "a session's bus is found by its folder" {
  only rootless
  unset DBUS_SESSION_BUS_ADDRESS
  start_manager_at "$XDG_RUNTIME_DIR/bus"
  driven create -b "$BUNDLE" it
  [ "$(asked Hello .)" = '[]' ]
  driven delete --force it
  rm "$XDG_RUNTIME_DIR/bus"
}
