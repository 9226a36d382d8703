#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# units.bats - the systemd cgroup driver beside a systemd that runs: scopes, as root and as a user.
# shellcheck disable=SC2016,SC2119,SC2120

load helpers

prepare() {
  needs_systemd
  make_bundle
  command_is sleep 1000
  SLICE=system.slice
  [ "$MODE" = root ] || SLICE=user.slice
}

# Of the unit, as systemd has it: shows UNIT PROPERTY=VALUE...
shows() {
  local unit=$1 property is

  shift
  for property; do
    is=$(manager show -p "${property%%=*}" "$unit")
    [ "$is" = "$property" ] || {
      echo "$unit: expected $property, but it is $is"
      return 1
    }
  done
}

# The container runs; its cgroup is at $DIRECTORY.
start_it() {
  create_it
  tare start it
  DIRECTORY=$CGROUPS$(cgroup_of it)
}

cgroup_of() { # ID
  sed -n 's/^0:://p' "/proc/$(pid_of "$1")/cgroup"
}

is_gone() { # UNIT
  local is

  is=$(manager show -p LoadState -p ActiveState -p SubState -p Job "$1" | xargs)
  [[ " $is " == *' LoadState=not-found '* ]] || {
    echo "$1 is not gone: $is"
    return 1
  }
}

LIMITS='{memory: {limit: 67108864, reservation: 33554432, swap: 100663296},
  cpu: {shares: 1024, quota: 20000, period: 50000}, pids: {limit: 17}}'

@test "a container is a scope in its slice, delegated, and its first process is in it" {
  start_it
  [[ $(cgroup_of it) == */$SLICE/tare-it.scope ]]
  shows tare-it.scope ActiveState=active Delegate=yes "Slice=$SLICE" \
    "ControlGroup=$(cgroup_of it)" Transient=yes
  grep -qx "$(pid_of it)" "$DIRECTORY/cgroup.procs"
}

@test "systemd knows each limit that it has a property for, and the kernel has it too" {
  config ".linux.resources += $LIMITS"
  start_it
  shows tare-it.scope MemoryMax=67108864 MemoryLow=33554432 MemorySwapMax=33554432 CPUWeight=100 \
    CPUQuotaPerSecUSec=400ms CPUQuotaPeriodUSec=50ms TasksMax=17
  holds memory.max 67108864
  holds memory.low 33554432
  [ ! -e "$DIRECTORY/memory.swap.max" ] || holds memory.swap.max 33554432
  holds cpu.weight 100
  holds cpu.max '20000 50000'
  holds pids.max 17
}

@test "update changes both, and neither a reload of systemd nor a change beside it undoes that" {
  config ".linux.resources += $LIMITS | .linux.resources.unified = {\"cgroup.max.depth\": \"7\"}"
  start_it
  tare update --memory 48M --memory-swap 64M --cpu-share 2000 --cpu-quota 10000 --pids-limit 12 it
  shows tare-it.scope MemoryMax=50331648 CPUQuotaPerSecUSec=200ms TasksMax=12 CPUWeight=170
  manager daemon-reload
  manager set-property --runtime tare-it.scope CPUWeight=170
  holds memory.max 50331648
  holds cpu.max '10000 50000'
  holds cpu.weight 170
  holds pids.max 12
  holds cgroup.max.depth 7
  shows tare-it.scope MemoryMax=50331648 CPUQuotaPerSecUSec=200ms TasksMax=12
}

@test "an update that fails in one part leaves systemd's properties as they were" {
  config ".linux.resources += $LIMITS"
  start_it
  run tare update --resources <(echo '{"memory": {"limit": 33554432}, "pids": {"limit": 9},
    "unified": {"cgroup.max.depth": "x"}}') it
  [ "$status" -eq 1 ]
  says cgroup.max.depth
  shows tare-it.scope MemoryMax=67108864 TasksMax=17
  manager daemon-reload
  holds memory.max 67108864
  holds pids.max 17
}

@test "cgroupsPath names the slice, the prefix and the name" {
  config '.linux.cgroupsPath = "tareslice-test.slice:my:box"'
  start_it
  [[ $(cgroup_of it) == */tareslice.slice/tareslice-test.slice/my-box.scope ]]
  shows my-box.scope Slice=tareslice-test.slice
  tare delete --force it
  is_gone my-box.scope
  manager stop tareslice.slice
}

@test "an id may have a +, which a unit's name has not" {
  local unit='tare-a\x2bb\x2b.scope'

  tare_quietly create -b "$BUNDLE" a+b+
  [[ $(cgroup_of a+b+) == */$SLICE/"$unit" ]]
  shows "$unit" ActiveState=active
  tare delete --force a+b+
  is_gone "$unit"
}

@test "the unit is gone when its container is, however that came" {
  start_it
  tare kill it KILL
  wait_for status_is it stopped
  tare delete it
  is_gone tare-it.scope
  start_it
  tare delete --force it
  is_gone tare-it.scope
  create_it
  tare delete it
  is_gone tare-it.scope
}

@test "a unit that the container's own end has failed does not stand in the way of the next" {
  command_is false
  start_it || true
  wait_for status_is it stopped
  tare delete it
  command_is sleep 1000
  start_it
  shows tare-it.scope ActiveState=active
}

@test "a create that fails leaves no unit" {
  config '.linux.resources.unified = {"cgroup.max.depth": "not a number"}'
  attempt tare create -b "$BUNDLE" it
  [ "$status" -eq 1 ]
  says cgroup.max.depth
  is_gone tare-it.scope
  command_is /no/such/program
  config 'del(.linux.resources.unified)'
  attempt tare create -b "$BUNDLE" it
  [ "$status" -eq 1 ]
  is_gone tare-it.scope
}

@test "a unit of that name that is somebody else's is left alone" {
  local user=() other
  [ "$MODE" = root ] || user=(--user)
  systemd-run "${user[@]}" --quiet --scope --unit=tare-it sleep 1000 &
  other=$!
  wait_for bash -c "systemctl ${user[*]} is-active -q tare-it.scope"
  attempt tare create -b "$BUNDLE" it
  [ "$status" -eq 1 ]
  says 'tare-it.scope: the unit already exists'
  [ ! -e "$STATE/it" ]
  shows tare-it.scope ActiveState=active
  kill "$other"
  wait "$other" || true
  wait_for is_gone tare-it.scope
}

@test "annotations set properties, and have the last word" {
  config '.annotations = {"org.systemd.property.Description": "'"'a box'"'",
    "org.systemd.property.TimeoutStopSec": "7", "org.systemd.property.CollectMode": "'"'inactive-or-failed'"'",
    "org.systemd.property.TasksMax": "uint64 21"} | .linux.resources.pids.limit = 30'
  start_it
  shows tare-it.scope 'Description=a box' TimeoutStopUSec=7s CollectMode=inactive-or-failed TasksMax=21
}

@test "a property that systemd does not know is told in its words" {
  config '.annotations = {"org.systemd.property.NoSuchThing": "true"}'
  attempt tare create -b "$BUNDLE" it
  [ "$status" -eq 1 ]
  says NoSuchThing
  is_gone tare-it.scope
}

@test "processes of exec are in the scope, and in cgroups that the container made in it" {
  start_it
  mkdir "$DIRECTORY/inner"
  tare exec -d it sleep 1001
  [ "$(tare ps -f json it | jq length)" -eq 2 ]
  [ "$(wc -l <"$DIRECTORY/cgroup.procs")" -eq 2 ]
  tare delete --force it
  [ ! -e "$DIRECTORY" ]
  is_gone tare-it.scope
}

# The manager stands still, the message bus does not.
hold_manager() {
  if [ "$MODE" = root ]; then # SIGSTOP does not reach the first process
    echo 1 >"$CGROUPS/init.scope/cgroup.freeze"
  else
    pkill -STOP -u "$(id -u)" -x -f '/usr/lib/systemd/systemd --user'
  fi
}

release_manager() {
  if [ "$MODE" = root ]; then
    echo 0 >"$CGROUPS/init.scope/cgroup.freeze"
  else
    pkill -CONT -u "$(id -u)" -x -f '/usr/lib/systemd/systemd --user'
  fi
}

@test "a systemd that does not answer is not waited for without end, and nothing is left" {
  local begin=$SECONDS first
  hold_manager
  LIMIT=80 attempt tare create -b "$BUNDLE" it
  first=$status:$output
  begin=$((SECONDS - begin))
  release_manager
  echo "$first ($begin s)"
  [[ $first == 1:* ]]
  [ "$begin" -lt 45 ]
  [[ $first == *'unable to apply cgroup configuration'* ]]
  [ ! -e "$STATE/it" ]
  # What it then finds in its mail is of a process that is gone.
  wait_for is_gone tare-it.scope
}

@test "delete while systemd does not answer says so in time, and works later" {
  only root
  local begin=$SECONDS first
  start_it
  hold_manager
  LIMIT=80 attempt tare delete --force it
  first=$status
  begin=$((SECONDS - begin))
  release_manager
  echo "$first after $begin s: $output"
  [ "$first" -eq 1 ]
  [ "$begin" -lt 60 ]
  tare delete --force it
  is_gone tare-it.scope
  [ ! -e "$DIRECTORY" ]
}

# Each step says its name when it fails.
step() { # COMMAND...
  "$@" || {
    echo "failed ($?): $*"
    return 1
  }
}

without_bus() {
  step create_it && step tare start it && DIRECTORY=$CGROUPS$(cgroup_of it) &&
    step tare update --memory 48M it &&
    step shows tare-it.scope MemoryMax=50331648 TasksMax=17 &&
    step systemctl daemon-reload &&
    step holds memory.max 50331648 &&
    step tare pause it && step tare resume it && step tare ps -f json it &&
    step tare delete --force it && step is_gone tare-it.scope
}

@test "without a message bus all goes by systemd's own socket" {
  only root
  systemctl stop dbus.socket dbus.service
  rm -f /run/dbus/system_bus_socket
  config ".linux.resources += $LIMITS"
  attempt without_bus
  systemctl start dbus.socket dbus.service
  echo "$output"
  [ "$status" -eq 0 ]
}

@test "200 containers leave systemd without a unit, a file, a descriptor, a watch or a filter more" {
  only root
  local turn
  tare_quietly run -d -b "$BUNDLE" it
  tare delete --force it
  manager_has >"$WORK/had"
  for ((turn = 0; turn < 200; turn++)); do
    tare_quietly create -b "$BUNDLE" it
    tare delete --force it
  done
  # The kernel takes its time to forget a filter.
  wait_for has_what_it_had || diff "$WORK/had" <(manager_has)
}

has_what_it_had() {
  manager_has | cmp -s - "$WORK/had"
}

# Units, transient files, descriptors and inotify watches of the first process; device filters.
manager_has() {
  manager list-units --all --plain --no-legend | awk '{ print "unit", $1 }' | sort
  find /run/systemd/transient -type f
  echo "descriptors $(find /proc/1/fd -mindepth 1 | wc -l)"
  ! command -v bpftool >/dev/null || echo "filters $(bpftool prog list | grep -c tare_devices)"
  echo "watches $(cat /proc/1/fdinfo/* 2>/dev/null | grep -c '^inotify wd')"
}
