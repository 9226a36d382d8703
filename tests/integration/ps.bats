#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# ps.bats - the processes of a container, as a table and as JSON.
# shellcheck disable=SC2016,SC2119,SC2120

load helpers

prepare() {
  needs_cgroup
  make_bundle
  shell_is 'sleep 1001 & sleep 1002 & wait'
}

start_it() {
  create_it
  tare start it
  wait_for has_processes 3
}

has_processes() { # HOW MANY
  [ "$(tare ps --format json it | jq length)" -eq "$1" ]
}

# procps 4.0.2 does not find the time of boot everywhere.
ps_works() {
  needs ps
  ps -ef >/dev/null 2>&1 || skip "ps -ef itself fails here: $(ps -ef 2>&1 >/dev/null)"
}

@test "the table is what ps prints, with the container's lines only" {
  ps_works
  start_it
  run tare ps it
  [ "$status" -eq 0 ]
  [ "${#lines[@]}" -eq 4 ]
  says_like '^UID +PID +PPID '
  says 'sleep 1001'
  says 'sleep 1002'
  says_like " +$(pid_of it) "
}

@test "options behind the id are ps's" {
  ps_works
  start_it
  run tare ps --format table it -o pid,args -e
  [ "$status" -eq 0 ]
  [[ ${lines[0]} =~ ^\ *PID\ COMMAND ]]
  [ "${#lines[@]}" -eq 4 ]
  run tare ps it -ef
  [ "$status" -eq 0 ]
  [ "${#lines[@]}" -eq 4 ]
}

@test "a table without pids is refused, and what ps says is told" {
  needs ps
  start_it
  run tare ps it -e -o args
  [ "$status" -eq 1 ]
  says "couldn't find PID field in ps output"
  run tare ps it --no-such-option
  [ "$status" -eq 1 ]
  says 'ps: '
}

@test "JSON is one array of pids in one line" {
  start_it
  run tare ps -f json it
  [ "$status" -eq 0 ]
  [ "${#lines[@]}" -eq 1 ]
  [[ $output =~ ^\[[0-9]+,[0-9]+,[0-9]+\]$ ]]
  [ "$(jq --argjson p "$(pid_of it)" 'index($p) != null' <<<"$output")" = true ]
}

@test "processes below the container's cgroup are its, too" {
  start_it
  local directory stray
  directory=$CGROUPS$(sed -n 's/^0:://p' "/proc/$(pid_of it)/cgroup")
  mkdir "$directory/inner"
  sleep 1000 &
  stray=$!
  echo "$stray" >"$directory/inner/cgroup.procs"
  has_processes 4
  kill "$stray"
  wait "$stray" || true
  has_processes 3
}

@test "a created container has one process, a paused one all" {
  create_it
  [ "$(tare ps -f json it)" = "[$(pid_of it)]" ]
  tare start it
  wait_for has_processes 3
  tare pause it
  has_processes 3
}

@test "a stopped container has none" {
  command_is true
  create_it
  tare start it
  wait_for status_is it stopped
  run tare ps -f json it
  [ "$status" -eq 0 ] || says 'container not running'
  [ "$status" -ne 0 ] || [ "$output" = '[]' ]
}

@test "ps of what does not exist, and in a format that does not" {
  run tare ps nobody
  [ "$status" -eq 1 ]
  says 'container does not exist'
  run tare ps -f yaml it
  [ "$status" -ne 0 ]
}

@test "without a cgroup ps says that it cannot tell" {
  tare_only
  config 'del(.linux.resources) | .linux.namespaces |= map(select(.type != "cgroup")) | .mounts |= map(select(.type != "cgroup"))'
  tare_quietly --cgroup-manager disabled create -b "$BUNDLE" it
  run tare ps it
  [ "$status" -eq 1 ]
  says 'has no cgroup'
}
