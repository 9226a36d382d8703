#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# notify.bats - sd_notify(3): what the container says to who started us.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2119,SC2120

load helpers

setup_file() {
  find_criu
}

prepare() {
  tare_only
  make_bundle
  HEARD=$WORK/heard
  listen "$WORK/manager"
}

# A service manager, as long as the test.
listen() { # SOCKET
  "$STAGE/bin/notify" listen "$1" "$HEARD" </dev/null >"$WORK/listener" 2>&1 3>&- &
  MANAGER=$!
  export NOTIFY_SOCKET=$1
  wait_for [ -e "$HEARD" ]
  [[ $1 == @* ]] || wait_for [ -S "$1" ]
}

teardown() {
  if [ -n "${MANAGER:-}" ]; then
    kill -KILL "$MANAGER"
    wait "$MANAGER" || true
  fi
  remove_containers
  nothing_is_left
}

heard() { # what was told, without who told it
  cut -d' ' -f2- "$HEARD"
}

with_user_namespace() {
  [ "$MODE" = root ] || return 0
  give_rootfs_to 100000
  config '.linux.namespaces += [{type: "user"}]
    | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}]
    | .linux.gidMappings = .linux.uidMappings'
}

ready_after() { # SECONDS
  shell_is "sleep $1; notify send STATUS=soon X=1 'Y=2
READY=1
Z=3'; exec sleep 1000"
}

is_told_with_pid() {
  [ "$(heard)" = "READY=1
MAINPID=$(pid_of it)
BARRIER=1 with a descriptor" ] || {
    cat "$HEARD"
    return 1
  }
}

@test "run -d returns when the container is ready, and the manager knows its process" {
  ready_after 0.5
  tare_quietly run -d -b "$BUNDLE" it
  is_told_with_pid
  [ "$(state_of it)" = running ]
}

@test "so does start, also for a container in a user namespace" {
  with_user_namespace
  ready_after 0.5
  create_it
  [ ! -s "$HEARD" ]
  tare_quietly start it
  is_told_with_pid
}

@test "a manager with an abstract name is one, too" {
  kill -KILL "$MANAGER"
  wait "$MANAGER" || true
  rm "$HEARD"
  listen "@tare-test-$$"
  ready_after 0
  tare_quietly run -d -b "$BUNDLE" it
  is_told_with_pid
}

@test "in the foreground the main process stays tare, which goes on after that" {
  shell_is 'notify send READY=1; sleep 0.3; exit 7'
  tare run -b "$BUNDLE" it </dev/null >"$WORK/out" 2>&1 &
  local pid=$! status=0
  wait "$pid" || status=$?
  [ "$status" -eq 7 ]
  [ "$(heard)" = READY=1 ]
}

@test "a container that ends without a word keeps nobody waiting" {
  command_is true
  LIMIT=10 tare_quietly run -d -b "$BUNDLE" it
  [ ! -s "$HEARD" ]
}

@test "others may look at and end a container that start waits for" {
  command_is sleep 1000
  create_it
  tare start it </dev/null >"$WORK/out" 2>&1 &
  local pid=$!
  wait_for status_is it running
  tare exec it true
  tare delete --force it
  wait "$pid"
  [ ! -s "$WORK/out" ]
}

@test "the socket is all that the container gets, and it cannot be written over" {
  with_user_namespace
  shell_is 'ls /run/notify; echo >/run/notify/other; rm /run/notify/notify.sock
    grep " /run/notify " /proc/self/mountinfo | cut -d" " -f6; echo $NOTIFY_SOCKET; true'
  run_well
  [ "${lines[0]}" = notify.sock ]
  says '/run/notify/other: Read-only file system'
  says "can't remove '/run/notify/notify.sock'"
  says 'ro,nosuid,nodev,noexec'
  says $'\n/run/notify/notify.sock'
}

@test "without a manager there is nothing of it" {
  unset NOTIFY_SOCKET
  shell_is 'ls -d /run/notify; echo "<$NOTIFY_SOCKET>"'
  run_well
  says '/run/notify: No such file'
  says '<>'
  # start is called by a manager, create was not
  command_is sleep 1000
  create_it
  NOTIFY_SOCKET=$WORK/manager LIMIT=10 tare_quietly start it
}

@test "a manager whose queue is full is waited for" {
  ready_after 0
  kill -STOP "$MANAGER"
  while timeout 1 "$STAGE/bin/notify" send FULL=1; do :; done
  tare run -d -b "$BUNDLE" it </dev/null >"$WORK/out" 2>&1 3>&- &
  local runtime=$!
  wait_for status_is it running
  sleep 0.5 # it has tried by now, perhaps
  kill -CONT "$MANAGER"
  wait "$runtime"
  [ "$(heard | grep -v ^FULL=)" = "READY=1
MAINPID=$(pid_of it)
BARRIER=1 with a descriptor" ]
}

@test "a manager that is not behind a unix socket is refused, one that is gone is a warning" {
  ready_after 0
  NOTIFY_SOCKET=vsock:2:1234 run tare run -d -b "$BUNDLE" it
  [ "$status" -eq 1 ]
  says 'NOTIFY_SOCKET: "vsock:2:1234" is neither a path nor an abstract name'
  run ! tare state it
  NOTIFY_SOCKET=$WORK/nobody tare_quietly --log "$WORK/log" run -d -b "$BUNDLE" it
  [ ! -s "$WORK/err" ]
  cat "$WORK/log"
  grep -q 'level=warning.*NOTIFY_SOCKET: tell .*READY=.*: no such file or directory' "$WORK/log"
  [ "$(state_of it)" = running ]
}

# ---- saved by CRIU, and back ----

# It says that it is ready before or after it is saved.
save_one() { # COMMANDS-BEFORE
  [ -z "$WHY_NOT" ] || skip "$WHY_NOT"
  LIMIT=60
  config '.root.readonly = false'
  shell_is "$1; touch /up; until [ -e /go ]; do sleep 0.01; done; notify send READY=1; exec sleep 1000"
  create_it
  tare start it </dev/null >"$WORK/started" 2>&1 3>&- &
  wait_for [ -e "$BUNDLE/rootfs/up" ]
  tare_quietly checkpoint --image-path "$WORK/images" it || {
    echo "checkpoint: $(cat "$WORK/err")"
    return 1
  }
  wait "$!"
}

@test "one that was ready when it was saved is so when it is back" {
  save_one 'notify send READY=1'
  : >"$HEARD"
  tare_quietly restore -d --image-path "$WORK/images" -b "$BUNDLE" it
  is_told_with_pid
  tare exec it grep ' /run/notify ro' /proc/self/mountinfo
}

@test "restore -d waits for one that was not, as run does" {
  save_one true
  [ ! -s "$HEARD" ]
  tare restore -d --image-path "$WORK/images" -b "$BUNDLE" it </dev/null >"$WORK/out" 2>&1 3>&- &
  local caller=$!
  wait_for status_is it running 2>/dev/null
  [ ! -s "$HEARD" ]
  kill -0 "$caller"
  touch "$BUNDLE/rootfs/go"
  wait "$caller"
  is_told_with_pid
}

@test "one that never had the socket is ready when it is back; without a manager nobody is told" {
  NOTIFY_SOCKET='' save_one true
  tare_quietly restore -d --image-path "$WORK/images" -b "$BUNDLE" it
  is_told_with_pid
  tare delete --force it
  : >"$HEARD"
  NOTIFY_SOCKET='' tare_quietly restore -d --image-path "$WORK/images" -b "$BUNDLE" it
  [ "$(state_of it)" = running ]
  [ ! -s "$HEARD" ]
}
