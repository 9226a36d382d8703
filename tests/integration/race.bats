#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# race.bats - many at once, and calls that cross.
# shellcheck disable=SC2016,SC2119,SC2120

load helpers

prepare() {
  make_bundle
  command_is sleep 100
}

@test "of eight creates of one id exactly one wins" {
  local n won pids
  for _ in 1 2 3; do
    pids=
    for n in 1 2 3 4 5 6 7 8; do
      timeout 30 "$TARE" --root "$STATE" create -b "$BUNDLE" it </dev/null >/dev/null 2>"$WORK/err.$n" &
      pids+=" $!"
    done
    won=0
    for n in $pids; do
      wait "$n" && won=$((won + 1)) || true
    done
    [ "$won" -eq 1 ]
    [ "$(state_of it)" = created ]
    tare delete --force it
  done
  ! is_tare || [ "$(cat "$WORK"/err.* | grep -vc 'container with given ID already exists')" -eq 0 ]
}

@test "eight containers of different ids at once" {
  local n pids=
  for n in 1 2 3 4 5 6 7 8; do
    timeout 60 "$TARE" --root "$STATE" run -d -b "$BUNDLE" "c$n" </dev/null >/dev/null 2>"$WORK/err.$n" &
    pids+=" $!"
  done
  for n in $pids; do
    wait "$n" || {
      cat "$WORK"/err.*
      return 1
    }
  done
  [ "$(tare list -q | wc -l)" -eq 8 ]
  pids=
  for n in 1 2 3 4 5 6 7 8; do
    timeout 60 "$TARE" --root "$STATE" delete --force "c$n" &
    pids+=" $!"
  done
  for n in $pids; do
    wait "$n"
  done
  [ -z "$(tare list -q)" ]
}

@test "a kill that crosses a start hangs nobody" {
  local code
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    create_it
    timeout 20 "$TARE" --root "$STATE" start it >/dev/null 2>&1 &
    local starter=$!
    timeout 20 "$TARE" --root "$STATE" kill it KILL
    code=0
    wait "$starter" || code=$?
    [ "$code" -ne 124 ]
    wait_for status_is it stopped
    tare delete it
  done
}

@test "of two starts exactly one works" {
  local one two
  for _ in 1 2 3 4 5; do
    create_it
    one=0 two=0
    timeout 20 "$TARE" --root "$STATE" start it >/dev/null 2>&1 &
    local first=$!
    timeout 20 "$TARE" --root "$STATE" start it >/dev/null 2>&1 || two=$?
    wait "$first" || one=$?
    [ "$one" -ne 124 ]
    [ "$two" -ne 124 ]
    [ $(((one == 0) + (two == 0))) -eq 1 ]
    tare delete --force it
  done
}

@test "of two deletes neither hangs, and all is gone" {
  for _ in 1 2 3 4 5; do
    create_it
    tare start it
    timeout 20 "$TARE" --root "$STATE" delete --force it &
    local first=$!
    timeout 20 "$TARE" --root "$STATE" delete --force it
    wait "$first"
    run ! tare state it
  done
}

@test "a create that is killed at any moment leaves what delete --force removes" {
  tare_only
  local delay
  for delay in 0.001 0.002 0.003 0.004 0.005 0.006 0.008 0.010 0.012 0.015 0.020; do
    timeout -s KILL "$delay" "$TARE" --root "$STATE" create -b "$BUNDLE" it </dev/null >/dev/null 2>&1 || true
    tare delete --force it
    [ -z "$(ls -A "$STATE")" ] || {
      find "$STATE"
      return 1
    }
  done
  nothing_is_left
}

@test "a stopped creator does not stop state, list and delete --force" {
  tare_only
  add_hook createRuntime 'kill -STOP $PPID; sleep 1000'
  timeout 60 "$TARE" --root "$STATE" create -b "$BUNDLE" it </dev/null >/dev/null 2>&1 &
  local creator=$!
  wait_for pgrep -x -f "sleep 1000" >/dev/null
  LIMIT=20 run tare state it
  [ "$status" -ne 124 ]
  LIMIT=20 run tare list
  [ "$status" -eq 0 ]
  LIMIT=25 run tare delete --force it
  [ "$status" -ne 124 ]
  pkill -KILL -P "$creator" || true
  kill -KILL "$creator" 2>/dev/null || true
  wait "$creator" || true
  pkill -x -f 'sleep 1000' || true
  tare delete --force it
}

@test "delete of what a killed create was about to make leaves another one's cgroup alone" {
  tare_only
  needs_cgroup
  local cgroup
  config '.linux.cgroupsPath = "/shared"'
  command_is sleep 100
  create_it
  cgroup=$(jq -r .cgroup "$STATE/it/state.json")
  mkdir "$cgroup/child"
  mkdir -m 700 "$STATE/dead"
  jq -c 'del(.pid, .pidInode, .startTime, .cgroupId, .keyring) | .id = "dead" | .phase = "creating"' \
    "$STATE/it/state.json" >"$STATE/dead/state.json"
  chmod 600 "$STATE/dead/state.json"
  tare delete --force dead
  [ ! -e "$STATE/dead" ]
  [ -d "$cgroup/child" ]
  [ "$(jq -r .status <<<"$(tare state it)")" = created ]
  tare delete --force it
  [ ! -d "$cgroup" ]
}

# As the record is when tare is killed just before it says so.
@test "a container that went on to its program runs, also when its run was killed then" {
  tare_only
  tare run -d -b "$BUNDLE" it </dev/null
  grep -q '^{"begun":1,' "$STATE/it/state.json" || skip 'init does not go on by itself here'
  sed -i 's/^{"begun":1,/{"begun":0,/' "$STATE/it/state.json"
  status_is it running
  tare exec it true
  tare delete --force it
  run ! tare state it
}

# In a pid namespace of its own, where a pid is free to be had again.
@test "a process that has the pid of a container that ended is not taken for it" {
  tare_only
  only root
  [ -w /proc/sys/kernel/ns_last_pid ] || skip 'pids cannot be chosen here'
  config 'del(.linux.cgroupsPath)'
  run timeout -k 5 60 unshare --pid --fork --kill-child --mount-proc bash -c '
    tare() { "$TARE" --root "$0" "$@" </dev/null; }
    tare run -d -b "$1" it >/dev/null 2>&1 || exit 90
    pid=$(tare state it | jq .pid)
    kill -KILL "$pid"
    for ((i = 0; i < 300; i++)); do
      [ -e "/proc/$pid" ] || break
      sleep 0.1
    done
    for ((i = 0, other = 0; i < 100 && other != pid; i++)); do
      echo $((pid - 1)) >/proc/sys/kernel/ns_last_pid || exit 91
      sleep 1000 >/dev/null 2>&1 &
      other=$!
    done
    [ "$other" -eq "$pid" ] || exit 92
    tare state it | jq -r .status
    tare kill it KILL
    tare exec it true
    tare delete it || exit 93
    kill -0 "$other" && echo "it lives"' "$STATE" "$BUNDLE"
  [ "$status" -eq 0 ]
  [ "${lines[0]}" = stopped ]
  [[ ${lines[1]} == *'container not running' ]]
  [[ ${lines[2]} == *'stopped container' ]]
  [ "${lines[3]}" = 'it lives' ]
  [ "${#lines[@]}" -eq 4 ]
}
