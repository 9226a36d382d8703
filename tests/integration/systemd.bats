#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# systemd.bats - the systemd cgroup driver where there is no systemd: what it says, what it leaves.
# shellcheck disable=SC2016,SC2119,SC2120

load helpers

has_driver() {
  tare features | jq -e '.linux.cgroup.systemd' >/dev/null || skip "built without systemd"
}

prepare() {
  [ "$LAYOUT" != systemd ] || skip 'there is a systemd'
  make_bundle
}

# /run is empty in here, so nobody listens.
refuses_to_connect() {
  attempt tare --systemd-cgroup create -b "$BUNDLE" it
  [ "$status" -eq 1 ]
  says 'unable to apply cgroup configuration'
  nothing_is_left
}

@test "root is told that systemd cannot be reached" {
  tare_only
  only root
  has_driver
  refuses_to_connect
  says 'failed to connect to systemd'
}

@test "an ordinary user without a session bus is told what may be missing" {
  tare_only
  only rootless plain userns
  has_driver
  unset DBUS_SESSION_BUS_ADDRESS
  refuses_to_connect
  says 'failed to connect to dbus (hint: for rootless containers, maybe you need to install dbus-user-session package'
}

@test "a bus that hangs up is none" {
  tare_only
  needs python3
  not_in root # root asks systemd's own socket next
  has_driver
  python3 -c 'import socket, sys, time
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1])
s.listen()
open(sys.argv[1] + ".ready", "w")
c = s.accept()
c[0].recv(1000)' "$WORK/bus" &
  wait_for test -e "$WORK/bus.ready"
  DBUS_SESSION_BUS_ADDRESS=unix:path=$WORK/bus attempt tare --systemd-cgroup create -b "$BUNDLE" it
  [ "$status" -eq 1 ]
  says 'failed to connect to dbus'
  rm "$WORK/bus" "$WORK/bus.ready"
}
