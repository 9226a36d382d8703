#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# lifecycle.bats - create, start, state, kill, delete, run, list: statuses and refusals.
# shellcheck disable=SC2016,SC2119,SC2120,SC2154

load helpers

@test "run prints what the command prints and nothing else" {
  command_is echo hello
  run_well
  [ "$output" = hello ]
}

@test "run passes the exit status on" {
  shell_is 'exit 42'
  run_it
  [ "$status" -eq 42 ]
  [ -z "$output" ]
}

@test "run says 128 and the number of the signal" {
  only root
  shell_is 'kill -KILL $$'
  no_namespace pid
  run_it
  [ "$status" -eq 137 ]
}

@test "run leaves no state behind" {
  run_well
  run tare state it
  [ "$status" -eq 1 ]
  says 'container does not exist'
}

@test "run takes stdin from its caller" {
  command_is cat
  run bash -c 'echo through the pipe | "$TARE" --root "$1" run -b "$2" it' - "$STATE" "$BUNDLE"
  [ "$status" -eq 0 ]
  [ "$output" = 'through the pipe' ]
}

@test "run keeps stdout and stderr apart" {
  shell_is 'echo one; echo two >&2'
  run --separate-stderr tare run -b "$BUNDLE" it
  [ "$output" = one ]
  [ "$stderr" = two ]
}

@test "run takes the bundle from the working directory" {
  command_is echo here
  cd "$BUNDLE"
  run tare run it
  [ "$status" -eq 0 ]
  [ "$output" = here ]
}

@test "run --detach returns at once, the container goes on" {
  command_is sleep 100
  tare_quietly run --detach -b "$BUNDLE" it
  [ "$(state_of it)" = running ]
  tare kill it KILL
  wait_for status_is it stopped
  tare delete it
}

@test "run -d prints nothing" {
  command_is sleep 100
  tare_quietly run -d -b "$BUNDLE" it
  [ ! -s "$WORK/out" ]
  [ ! -s "$WORK/err" ]
}

@test "run --keep leaves a stopped container with its state" {
  "$TARE" run --help | grep -q keep || skip "$TARE_NAME has no --keep"
  run_well --keep
  [ "$(state_of it)" = stopped ]
  tare delete it
  run ! tare state it
}

@test "run forwards signals to the container" {
  shell_is 'trap "echo caught; exit 7" USR1; echo ready; while :; do sleep 0.05; done'
  # The signal must reach the runtime itself, not a shell that stands between.
  "$TARE" --root "$STATE" run -b "$BUNDLE" it >"$WORK/out" 2>&1 &
  local runtime=$!
  wait_for grep -q ready "$WORK/out"
  kill -USR1 "$runtime"
  local code=0
  wait "$runtime" || code=$?
  [ "$code" -eq 7 ]
  grep -q caught "$WORK/out"
}

@test "a created container waits, a started one runs, a finished one is stopped" {
  shell_is 'echo started >/tmp/started; sleep 100'
  create_it
  [ "$(state_of it)" = created ]
  sleep 0.1
  [ ! -e "$BUNDLE/rootfs/tmp/started" ]
  tare start it
  [ "$(state_of it)" = running ]
  tare kill it KILL
  wait_for status_is it stopped
  tare delete it
  run ! tare state it
}

@test "create prints nothing, and neither do start, kill and delete" {
  command_is sleep 100
  create_it
  [ ! -s "$WORK/out" ]
  [ ! -s "$WORK/err" ]
  run tare start it
  [ "$status" -eq 0 ]
  [ -z "$output" ]
  run tare kill it KILL
  [ "$status" -eq 0 ]
  [ -z "$output" ]
  wait_for status_is it stopped
  run tare delete it
  [ "$status" -eq 0 ]
  [ -z "$output" ]
}

# field: annotations, ociVersion
@test "state shows every member that managers read" {
  command_is sleep 100
  config '.annotations = {"a.b": "c"}'
  create_it
  run tare state it
  [ "$status" -eq 0 ]
  [ "$(jq -r .id <<<"$output")" = it ]
  [ "$(jq -r .status <<<"$output")" = created ]
  [ "$(jq -r .bundle <<<"$output")" = "$BUNDLE" ]
  [ "$(jq -r .rootfs <<<"$output")" = "$BUNDLE/rootfs" ]
  [ "$(jq -r .ociVersion <<<"$output")" = "$(jq -r .ociVersion "$BUNDLE/config.json")" ]
  [ "$(jq -r '.annotations["a.b"]' <<<"$output")" = c ]
  [ -d "/proc/$(jq -r .pid <<<"$output")" ]
  [[ $(jq -r .created <<<"$output") =~ ^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\.[0-9]+)?Z$ ]]
}

@test "state of a stopped container has pid 0" {
  command_is sleep 100
  create_it
  tare kill it KILL
  wait_for status_is it stopped
  [ "$(pid_of it)" = 0 ]
}

@test "state of a container that is not there" {
  run tare state nobody
  [ "$status" -eq 1 ]
  says 'container does not exist'
}

@test "start of a container that is not there" {
  run tare start nobody
  [ "$status" -eq 1 ]
  says 'container does not exist'
}

@test "start of a running container is refused" {
  command_is sleep 100
  create_it
  tare start it
  run tare start it
  [ "$status" -eq 1 ]
  says 'cannot start an already running container'
  [ "$(state_of it)" = running ]
}

@test "start of a stopped container is refused" {
  create_it
  tare start it
  wait_for status_is it stopped
  run tare start it
  [ "$status" -eq 1 ]
  says 'cannot start a container that has stopped'
}

@test "kill of a container that is not there" {
  run tare kill nobody
  [ "$status" -eq 1 ]
  says 'container does not exist'
}

@test "kill of a stopped container is refused" {
  create_it
  tare start it
  wait_for status_is it stopped
  run tare kill it
  [ "$status" -eq 1 ]
  says 'container not running'
}

@test "kill --all of a stopped container succeeds" {
  create_it
  tare start it
  wait_for status_is it stopped
  tare kill --all it KILL
}

@test "kill without a signal sends TERM" {
  shell_is 'trap "exit 9" TERM; echo ready >/tmp/ready; while :; do sleep 0.05; done'
  config '.root.readonly = false'
  create_it
  tare start it
  wait_for test -e "$BUNDLE/rootfs/tmp/ready"
  tare kill it
  wait_for status_is it stopped
}

@test "kill takes a signal as number, short name and long name" {
  shell_is 'trap "echo >>/tmp/got" USR1; echo ready >/tmp/ready; while :; do sleep 0.05; done'
  config '.root.readonly = false'
  create_it
  tare start it
  wait_for test -e "$BUNDLE/rootfs/tmp/ready"
  local sent=0 signal
  for signal in 10 USR1 SIGUSR1; do
    tare kill it $signal
    sent=$((sent + 1))
    wait_for bash -c '[ "$(wc -l <"$1" 2>/dev/null)" = '$sent' ]' - "$BUNDLE/rootfs/tmp/got"
  done
  tare kill it 0
}

@test "kill with a signal that does not exist" {
  command_is sleep 100
  create_it
  local signal
  for signal in NOSUCH 999 -1 SIG ''; do
    run tare kill it "$signal"
    [ "$status" -ne 0 ] || {
      echo "'$signal' was taken"
      return 1
    }
  done
  [ "$(state_of it)" = created ]
}

@test "kill of a created container ends it" {
  create_it
  tare kill it KILL
  wait_for status_is it stopped
  tare delete it
}

@test "delete of a created container works without --force" {
  create_it
  local pid
  pid=$(pid_of it)
  tare delete it
  wait_for test ! -d "/proc/$pid" # until its parent has reaped it
}

@test "delete of a running container is refused" {
  command_is sleep 100
  create_it
  tare start it
  run tare delete it
  [ "$status" -eq 1 ]
  says 'cannot delete container it that is not stopped: running'
  [ "$(state_of it)" = running ]
}

@test "delete --force removes a running container" {
  command_is sleep 100
  create_it
  tare start it
  local pid
  pid=$(pid_of it)
  tare delete --force it
  wait_for test ! -d "/proc/$pid" # until its parent has reaped it
  run ! tare state it
}

@test "delete of a container that is not there fails" {
  run tare delete nobody
  [ "$status" -eq 1 ]
  says 'container does not exist'
}

@test "delete --force of a container that is not there succeeds" {
  run tare delete --force nobody
  [ "$status" -eq 0 ]
  [ -z "$output" ]
}

@test "delete --force takes all processes of a container without its own pid namespace" {
  needs_cgroup
  not_in userns rootless
  shell_is 'sleep 1000 & sleep 1000 & exec sleep 1000'
  no_namespace pid
  create_it
  tare start it
  wait_for bash -c '[ "$(pgrep -c -x -f "sleep 1000")" -ge 3 ]'
  tare delete --force it
  run pgrep -x -f 'sleep 1000'
  [ -z "$output" ]
}

@test "an id that is taken is refused" {
  create_it
  attempt tare create -b "$BUNDLE" it
  [ "$status" -eq 1 ]
  says 'container with given ID already exists'
  [ "$(state_of it)" = created ]
}

@test "an id is free again after delete" {
  for _ in 1 2 3; do
    create_it
    tare delete it
  done
}

@test "ids that are refused" {
  local id
  for id in . .. a/b 'a b' '' 'ä' 'a*' $'a\nb' '../it' '/it'; do
    attempt tare create -b "$BUNDLE" "$id"
    [ "$status" -eq 1 ] || {
      echo "'$id': status $status"
      return 1
    }
    [ -z "$id" ] || says 'invalid container ID format'
  done
}

@test "ids that are taken" {
  local id
  for id in a A.b+c_d-e 0 _x +x 123 "$(printf 'a%.0s' {1..100})"; do
    tare_quietly create -b "$BUNDLE" "$id"
    tare delete "$id"
  done
}

@test "an id with a dash in front needs --" {
  attempt tare create -b "$BUNDLE" -- -x
  is_tare || skip "$TARE_NAME has its own rules"
  [ "$status" -eq 1 ] || tare delete -- -x
}

@test "the pid file holds the pid and not a byte more" {
  command_is sleep 100
  create_it --pid-file "$WORK/pid"
  [ "$(cat "$WORK/pid")" = "$(pid_of it)" ]
  [ "$(wc -c <"$WORK/pid")" -eq "$(printf %s "$(pid_of it)" | wc -c)" ]
}

@test "a relative pid file is the caller's, not the bundle's" {
  cd "$WORK"
  tare_quietly create -b "$BUNDLE" --pid-file relative.pid it
  [ -s "$WORK/relative.pid" ]
  [ ! -e "$BUNDLE/relative.pid" ]
}

@test "a pid file that cannot be written undoes the container" {
  attempt tare create -b "$BUNDLE" --pid-file "$WORK/no/such/pid" it
  [ "$status" -eq 1 ]
  run ! tare state it
}

@test "list is empty at first" {
  run tare list
  [ "$status" -eq 0 ]
  [ "${#lines[@]}" -eq 1 ]
  says_like '^ID +PID +STATUS +BUNDLE +CREATED +OWNER'
}

@test "list shows containers in the order of their ids" {
  for id in b c a; do
    tare_quietly create -b "$BUNDLE" $id
  done
  run tare list
  [[ ${lines[1]} =~ ^a\ +[0-9]+\ +created\ +$BUNDLE ]]
  [[ ${lines[2]} =~ ^b\  ]]
  [[ ${lines[3]} =~ ^c\  ]]
  run tare list -q
  [ "$output" = $'a\nb\nc' ]
}

@test "list --format json is one line of what state shows" {
  create_it
  run tare list --format json
  [ "${#lines[@]}" -eq 1 ]
  [ "$(jq -r '.[0].id' <<<"$output")" = it ]
  [ "$(jq -r '.[0].pid' <<<"$output")" = "$(pid_of it)" ]
  [ "$(jq -r '.[0].status' <<<"$output")" = created ]
  [ "$(jq -r '.[0].bundle' <<<"$output")" = "$BUNDLE" ]
  says_like '^\[\{"ociVersion":"[^"]+","id":"it","pid":[0-9]+,"status":"created"'
}

@test "list of a root that does not exist" {
  run "$TARE" --root "$WORK/nothing" list
  [ "$status" -ne 0 ]
}

@test "the state root is nobody else's" {
  tare_only
  rmdir "$STATE"
  create_it
  [ "$(stat -c %a "$STATE")" = 700 ]
  [ -z "$(find "$STATE" ! -type s -perm /077)" ]
}

@test "a change of config.json after create has no effect" {
  command_is echo first
  tare create -b "$BUNDLE" it >"$WORK/container" 2>&1
  command_is echo second
  tare start it
  wait_for status_is it stopped
  [ "$(cat "$WORK/container")" = first ]
}

@test "delete works when the bundle is gone" {
  create_it
  tare kill it KILL
  wait_for status_is it stopped
  rm -rf "$BUNDLE"
  tare delete it
}

@test "a program that is not there fails at create, by name" {
  command_is /no/such/program
  attempt tare create -b "$BUNDLE" it
  [ "$status" -eq 1 ]
  says 'exec: "/no/such/program": stat /no/such/program: no such file or directory'
  run ! tare state it
}

@test "a program that is not in PATH fails at create" {
  command_is nosuchprogram
  attempt tare create -b "$BUNDLE" it
  [ "$status" -eq 1 ]
  says 'exec: "nosuchprogram": executable file not found in $PATH'
}

@test "a program that may not be executed fails at create" {
  command_is /etc/passwd
  attempt tare create -b "$BUNDLE" it
  [ "$status" -eq 1 ]
  says 'exec: "/etc/passwd": permission denied'
}

@test "a directory is no program" {
  command_is /etc
  attempt tare create -b "$BUNDLE" it
  [ "$status" -eq 1 ]
  says_like 'exec: "/etc": (is a directory|permission denied)'
}

@test "a script without its interpreter fails at run in one line" {
  printf '#!/no/such/interpreter\n' >"$BUNDLE/rootfs/bin/script"
  chmod 755 "$BUNDLE/rootfs/bin/script"
  command_is /bin/script
  run_it
  [ "$status" -eq 1 ]
  ! is_tare || [ "$output" = 'exec /bin/script: no such file or directory' ]
  says 'no such file or directory'
  command_is sleep 100
  create_it
  tare start it
  run tare exec it /bin/script
  [ "$status" -eq 255 ]
  ! is_tare || [ "$output" = 'exec /bin/script: no such file or directory' ]
}

@test "the signals that the caller ignores are no matter for run and its container" {
  shell_is 'grep SigIgn /proc/self/status; exit 3'
  run timeout -s KILL 10 env --ignore-signal=CHLD --ignore-signal=TERM --ignore-signal=HUP \
    "$TARE" --root "$STATE" run -b "$BUNDLE" it
  [ "$status" -eq 3 ]
  [[ $output =~ SigIgn:[[:space:]]0000000000000000 ]]
}

@test "delete --force ends a container whose start hangs" {
  config '.hooks.startContainer = [{path: "/bin/sleep", args: ["sleep", "60"]}]'
  create_it
  tare start it </dev/null >/dev/null 2>&1 &
  sleep 0.5
  LIMIT=8 tare delete --force it
  run ! wait $!
  run ! tare state it
}
