#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# pause.bats - a container held still, and what may be done to it meanwhile.
# shellcheck disable=SC2016,SC2119,SC2120

load helpers

prepare() {
  needs_cgroup
  make_bundle
  mkdir -m 777 "$WORK/shared"
  add_mount /shared bind "$WORK/shared" bind rw
  # It counts as long as it goes on.
  shell_is 'trap "exit 9" TERM; i=0; while :; do i=$((i + 1)); echo $i >/shared/new; mv /shared/new /shared/count; sleep 0.01; done'
}

start_it() {
  create_it
  tare start it
  wait_for test -s "$WORK/shared/count"
}

cgroup_of_it() {
  echo "$CGROUPS$(sed -n 's/^0:://p' "/proc/$(pid_of it)/cgroup")"
}

stands_still() {
  local before after

  before=$(cat "$WORK/shared/count")
  sleep 0.2
  after=$(cat "$WORK/shared/count")
  [ "$before" = "$after" ]
}

goes_on() {
  ! stands_still
}

@test "pause holds the processes still, resume lets them go on" {
  start_it
  goes_on
  run tare pause it
  [ "$status" -eq 0 ]
  [ -z "$output" ]
  [ "$(state_of it)" = paused ]
  [ "$(tare list -f json | jq -r '.[0].status')" = paused ]
  stands_still
  run tare resume it
  [ "$status" -eq 0 ]
  [ -z "$output" ]
  [ "$(state_of it)" = running ]
  goes_on
}

@test "all that is below the container's cgroup stands still, too" {
  start_it
  mkdir "$(cgroup_of_it)/inner"
  sleep 1000 &
  local inner=$!
  echo "$inner" >"$(cgroup_of_it)/inner/cgroup.procs"
  tare pause it
  grep -qx 'frozen 1' "$(cgroup_of_it)/inner/cgroup.events"
  tare delete --force it
  wait "$inner" || true
}

@test "a created container can be paused, and is created again behind resume" {
  create_it
  tare pause it
  [ "$(state_of it)" = paused ]
  run tare start it
  [ "$status" -eq 1 ]
  says 'cannot start a container in the paused state'
  tare resume it
  [ "$(state_of it)" = created ]
  tare start it
}

@test "pause twice, resume twice" {
  start_it
  run tare resume it
  [ "$status" -eq 1 ]
  says 'container not paused'
  tare pause it
  run tare pause it
  [ "$status" -eq 1 ]
  says 'container not running'
  tare resume it
  run tare resume it
  [ "$status" -eq 1 ]
  says 'container not paused'
}

@test "a stopped container is neither paused nor resumed" {
  command_is true
  create_it
  tare start it
  wait_for status_is it stopped
  run tare pause it
  [ "$status" -eq 1 ]
  says 'container not running'
  run tare resume it
  [ "$status" -eq 1 ]
  says 'container not paused'
}

@test "pause and resume of what does not exist" {
  local command
  for command in pause resume; do
    run tare "$command" nobody
    [ "$status" -eq 1 ]
    says 'container does not exist'
  done
}

@test "KILL ends a paused container, and does not leave it frozen" {
  start_it
  tare pause it
  tare kill it KILL
  wait_for status_is it stopped
  tare delete it
}

@test "a signal to a paused container arrives when it is resumed" {
  start_it
  tare pause it
  tare kill it TERM
  [ "$(state_of it)" = paused ]
  stands_still
  tare resume it
  wait_for status_is it stopped
}

@test "a paused container is not deleted without --force" {
  start_it
  tare pause it
  run tare delete it
  [ "$status" -eq 1 ]
  says 'cannot delete container it that is not stopped: paused'
  [ "$(state_of it)" = paused ]
  LIMIT=20 tare delete --force it
}

@test "without a cgroup there is no pause, and it says so" {
  tare_only
  config 'del(.linux.resources) | .linux.namespaces |= map(select(.type != "cgroup")) | .mounts |= map(select(.type != "cgroup"))'
  tare_quietly --cgroup-manager disabled create -b "$BUNDLE" it
  run tare pause it
  [ "$status" -eq 1 ]
  says 'has no cgroup'
}

@test "a freeze that is not reached in time is undone" {
  only root
  tare_only
  start_it
  hang_in "$(cgroup_of_it)"
  LIMIT=20 run tare pause it
  release_hanging
  [ "$status" -eq 1 ]
  says freeze
  [ "$(state_of it)" = running ]
  [ "$(cat "$(cgroup_of_it)/cgroup.freeze")" = 0 ]
  goes_on
}
