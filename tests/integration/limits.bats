#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# limits.bats - limits as the container feels them, measured by what the kernel counts; and whose
# the cgroup is.
# shellcheck disable=SC2016,SC2030,SC2031,SC2119,SC2120

load helpers

prepare() {
  may_limit
  needs_cgroup
  make_bundle
  mkdir -m 777 "$WORK/shared"
  add_mount /shared bind "$WORK/shared" bind rw
}

start_it() {
  create_it
  tare start it
  DIRECTORY=$CGROUPS$(cgroup_of it)
}

cgroup_of() { # ID
  sed -n 's/^0:://p' "/proc/$(pid_of "$1")/cgroup"
}

counts() { # FILE KEY
  sed -n "s/^$2 //p" "$DIRECTORY/$1"
}

# Hundredths of a second since the machine started.
now() {
  local up

  read -r up _ </proc/uptime
  echo "${up/./}"
}

# ---- cpu ----

# Percent of a processor that the container had while it was looked at.
share() {
  local begin used

  begin=$(now)
  used=$(counts cpu.stat usage_usec)
  sleep 1.5
  echo $((($(counts cpu.stat usage_usec) - used) / 100 / ($(now) - begin)))
}

@test "cpu: a quota is kept to by the kernel's own count, and so is what update makes of it" {
  local had throttled
  needs_controller cpu
  config '.linux.resources += {cpu: {quota: 10000, period: 50000}}'
  shell_is 'while :; do :; done'
  start_it
  had=$(share)
  echo "$had % of 20"
  [ "$had" -gt 0 ]
  [ "$had" -le 30 ]
  [ "$(counts cpu.stat nr_throttled)" -gt 5 ]
  [ "$(counts cpu.stat throttled_usec)" -gt 100000 ]
  tare update --cpu-quota 2500 it
  had=$(share)
  echo "$had % of 5"
  [ "$had" -le 12 ]
  tare update --cpu-quota -1 it
  sleep 0.3
  throttled=$(counts cpu.stat nr_throttled)
  share
  [ "$(counts cpu.stat nr_throttled)" -eq "$throttled" ]
}

# ---- pids ----

@test "pids: the limit that config.json sets is reached, not passed, and counted" {
  needs_controller pids
  config '.linux.resources += {pids: {limit: 5}}'
  shell_is '(for i in 1 2 3 4 5 6 7 8; do sleep 100 & done); exec sleep 100'
  start_it
  wait_for grep -q '^max [1-9]' "$DIRECTORY/pids.events"
  [ "$(cat "$DIRECTORY/pids.current")" -le 5 ]
  [ "$(tare ps -f json it | jq length)" -le 5 ]
}

# ---- memory ----

@test "memory: too little for a container to begin: the error says that it was killed for that" {
  needs_controller memory
  local limit
  for limit in 32768 65536; do
    config '.linux.resources.memory = {limit: $n}' --argjson n "$limit"
    refused 'container init was OOM-killed (memory limit too low?)'
  done
  config '.linux.resources.memory = {limit: 16384}'
  refused 'container init would be OOM-killed (memory limit too low?): 16384 bytes hold no process'
}

@test "memory: a hog is killed, events says so, and the container's first process goes on" {
  needs_controller memory
  config '.linux.resources += {memory: {limit: 16777216, swap: 16777216}}'
  shell_is 'while [ ! -e /shared/go ]; do sleep 0.05; done; head -c 100000000 /dev/zero | tail >/dev/null; touch /shared/over; exec sleep 1000'
  start_it
  timeout 30 "$TARE" --root "$STATE" events --interval 1h it >"$WORK/events" 2>&1 &
  local watcher=$!
  sleep 0.3
  touch "$WORK/shared/go"
  wait_for test -e "$WORK/shared/over"
  wait_for test -s "$WORK/events"
  [ "$(sort -u "$WORK/events")" = '{"type":"oom","id":"it"}' ]
  [ "$(counts memory.events oom_kill)" -ge 1 ]
  [ "$(cat "$DIRECTORY/memory.peak" 2>/dev/null || echo 0)" -le 16777216 ]
  [ "$(state_of it)" = running ]
  run tare exec it nosuch # not for lack of memory, though there has been one
  [ "$status" -eq 255 ]
  says 'executable: exec: "nosuch"'
  says_not OOM-killed
  tare delete --force it
  wait "$watcher" || true
}

@test "memory: no swap beyond the limit that counts both" {
  needs_controller memory
  config '.linux.resources += {memory: {limit: 16777216, swap: 16777216}}'
  command_is sleep 1000
  start_it
  [ -e "$DIRECTORY/memory.swap.max" ] || skip 'a kernel without accounts of swap'
  [ "$(cat "$DIRECTORY/memory.swap.max")" = 0 ]
}

# ---- block devices ----

# Bytes that the container has read or written on that disk: rbytes, wbytes.
bytes() { # KEY
  sed -n "s/^$MAJOR:$MINOR .*$1=\([0-9]*\).*/\1/p" "$DIRECTORY/io.stat" | grep . || echo 0
}

# How long the container takes from one file in /shared to another, in hundredths of a second.
lasts() { # FROM TO
  local begin

  begin=$(now)
  touch "$WORK/shared/$1"
  wait_for test -e "$WORK/shared/$2"
  echo $(($(now) - begin))
}

@test "io: rates are kept to, and what update makes of them" {
  local slow fast
  needs_controller io
  disk_of "$BUNDLE"
  needs_file io.max
  head -c 1048576 /dev/urandom >"$WORK/shared/data"
  sync "$WORK/shared/data"
  config ".linux.resources += {blockIO: {throttleReadBpsDevice: [{major: $MAJOR, minor: $MINOR, rate: 262144}]}}"
  shell_is 'for turn in 1 2; do
      while [ ! -e /shared/go.$turn ]; do sleep 0.02; done
      dd if=/shared/data of=/dev/null bs=65536 iflag=direct 2>/shared/said
      touch /shared/done.$turn
    done; exec sleep 1000'
  start_it
  slow=$(lasts go.1 done.1)
  echo "$slow, $(bytes rbytes) bytes: $(cat "$WORK/shared/said")"
  [ "$(bytes rbytes)" -ge 1048576 ]
  [ "$slow" -ge 250 ] # 1 MiB at 256 KiB a second
  tare update --resources - it <<<"{\"blockIO\": {\"throttleReadBpsDevice\": [{\"major\": $MAJOR, \"minor\": $MINOR, \"rate\": 1073741824}]}}"
  fast=$(lasts go.2 done.2)
  echo "$fast after update"
  [ "$(bytes rbytes)" -ge 2097152 ]
  [ "$fast" -lt "$slow" ]
}

@test "io: so are rates of operations, and of what is written" {
  local slow
  needs_controller io
  disk_of "$BUNDLE"
  needs_file io.max
  config ".linux.resources += {blockIO: {throttleWriteIOPSDevice: [{major: $MAJOR, minor: $MINOR, rate: 10}],
    throttleWriteBpsDevice: [{major: $MAJOR, minor: $MINOR, rate: 104857600}]}}"
  shell_is 'while [ ! -e /shared/go ]; do sleep 0.02; done
    dd if=/dev/zero of=/shared/data bs=4096 count=30 oflag=direct 2>/shared/said
    touch /shared/done; exec sleep 1000'
  start_it
  slow=$(lasts go "done")
  echo "$slow: $(cat "$WORK/shared/said")"
  [ "$(bytes wbytes)" -ge 122880 ]
  [ "$slow" -ge 150 ] # 30 at 10 a second
}

# ---- whose the cgroup is ----

@test "in a user namespace the container's root owns what the kernel says may be given away, no more" {
  local file
  only root
  give_rootfs_to 100000
  config '.linux.namespaces += [{type: "user"}]
    | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}]
    | .linux.gidMappings = .linux.uidMappings
    | .mounts |= map(if .type == "cgroup" then .options -= ["ro"] else . end)'
  shell_is 'mkdir /sys/fs/cgroup/mine && echo $$ >/sys/fs/cgroup/mine/cgroup.procs && touch /shared/done; exec sleep 1000'
  start_it
  wait_for test -e "$WORK/shared/done"
  [[ $(cgroup_of it) == */mine ]]
  DIRECTORY=${DIRECTORY%/mine}
  [ "$(stat -c %u "$DIRECTORY")" = 100000 ]
  while read -r file; do
    [ ! -e "$DIRECTORY/$file" ] || [ "$(stat -c %u "$DIRECTORY/$file")" = 100000 ] || {
      echo "$file is not the container's"
      return 1
    }
  done </sys/kernel/cgroup/delegate
  for file in "$DIRECTORY"/*; do
    [ -f "$file" ] || continue
    grep -qx "${file##*/}" /sys/kernel/cgroup/delegate || [ "$(stat -c %u "$file")" = 0 ] || {
      echo "$file is the container's"
      return 1
    }
  done
}

# ---- one in another ----

@test "a container in another one's cgroup: frozen with it, ended with it" {
  only root
  by_path
  command_is sleep 1000
  start_it
  config '.linux.cgroupsPath = $p' --arg p "$(cgroup_of it)/inner"
  tare_quietly run -d -b "$BUNDLE" inner
  [ "$(cgroup_of inner)" = "$(cgroup_of it)/inner" ]
  [ "$(tare ps -f json it | jq length)" -eq 2 ]
  tare pause it
  grep -qx 'frozen 1' "$DIRECTORY/inner/cgroup.events"
  tare resume it
  grep -qx 'frozen 0' "$DIRECTORY/inner/cgroup.events"
  tare delete --force it
  [ ! -e "$DIRECTORY" ]
  [ "$(state_of inner)" = stopped ]
  tare delete inner
}

@test "a limited container in another one's cgroup is refused for its processes, and leaves no trace" {
  only root
  by_path
  tare_only
  needs_controller memory
  command_is sleep 1000
  start_it
  config '.linux.cgroupsPath = $p | .linux.resources.memory.limit = 67108864' --arg p "$(cgroup_of it)/inner"
  attempt tare create -b "$BUNDLE" inner
  [ "$status" -eq 1 ]
  says linux.resources.memory.limit
  [ ! -e "$DIRECTORY/inner" ]
  [ "$(cat "$DIRECTORY/cgroup.type")" = domain ]
  [ "$(state_of it)" = running ]
}

# ---- the end ----

@test "processes that others put below a container end with it" {
  only root
  command_is sleep 1000
  start_it
  mkdir -p "$DIRECTORY/a/b"
  sleep 1000 &
  local stray=$!
  echo "$stray" >"$DIRECTORY/a/b/cgroup.procs"
  tare kill it KILL
  wait_for status_is it stopped
  tare delete it
  [ ! -e "$DIRECTORY" ]
  run ! kill -0 "$stray"
}

@test "a cgroup that stays busy: delete gives up in time and says so, and works later" {
  local begin=$SECONDS first
  only root
  tare_only
  command_is sleep 1000
  start_it
  mkdir "$DIRECTORY/inner"
  hang_in "$DIRECTORY/inner" unkillable
  LIMIT=60 attempt tare delete --force it
  first=$status
  release_hanging
  echo "status $first after $((SECONDS - begin)) s: $output"
  [ "$first" -eq 1 ]
  says 'delete container it'
  [ -e "$STATE/it" ]
  tare delete --force it
  [ ! -e "$DIRECTORY" ]
}
