#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# selfsame.bats - what waits in a created container: small, alone, and not a file of the host.
# shellcheck disable=SC2016,SC2119,SC2120

load helpers

prepare() {
  tare_only
  make_bundle
  command_is sleep 100
}

@test "the waiting program is no file of the host" {
  create_it
  local pid exe inode
  pid=$(pid_of it)
  exe=$(readlink "/proc/$pid/exe")
  [[ $exe == '/memfd:'* ]]
  inode=$(stat -L -c %d:%i "/proc/$pid/exe")
  [ "$inode" != "$(stat -c %d:%i "$TARE")" ]
}

@test "the waiting program cannot be written to" {
  create_it
  run "$STAGE/bin/probe" write "/proc/$(pid_of it)/exe"
  [ "$status" -ne 0 ]
}

@test "the waiting program is at most 100 KiB" {
  create_it
  [ "$(stat -L -c %s "/proc/$(pid_of it)/exe")" -le 102400 ]
}

@test "the waiting program has less than 200 KiB of memory of its own" {
  create_it
  local kib
  kib=$(awk '/^Private_(Clean|Dirty):/ { sum += $2 } END { print sum }' "/proc/$(pid_of it)/smaps_rollup")
  echo "$kib KiB" >&3
  [ "$kib" -lt 200 ]
}

@test "no library and no file of the host is mapped in it" {
  create_it
  grep -E ' /[^ ]' "/proc/$(pid_of it)/maps" >"$WORK/maps"
  run ! grep -v /memfd: "$WORK/maps"
}

@test "one thread, one process, nobody else waits" {
  create_it
  local pid
  pid=$(pid_of it)
  [ "$(find "/proc/$pid/task" -mindepth 1 -maxdepth 1 | wc -l)" -eq 1 ]
  [ -z "$(pgrep -P "$pid")" ]
  [ -z "$(pgrep -x "$(basename "$TARE")")" ]
}

@test "it stands already in the namespaces, cgroup and limits of the container" {
  only root
  config '.process.rlimits = [{type: "RLIMIT_NOFILE", soft: 111, hard: 222}]'
  create_it
  local pid
  pid=$(pid_of it)
  [ "$(awk '/^NSpid/ { print $NF }' "/proc/$pid/status")" = 1 ]
  grep -q 'Max open files *111 *222' "/proc/$pid/limits"
  [ "$(readlink "/proc/$pid/root")" = / ]
  [ "$(ls "/proc/$pid/root/bin/busybox")" ]
}

@test "the running program, seen from the host: namespaces, capabilities, filter, descriptors" {
  only root
  config '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["kcmp"], action: "SCMP_ACT_ERRNO"}]}'
  create_it
  tare start it
  local pid
  pid=$(pid_of it)
  wait_for grep -q sleep "/proc/$pid/comm"
  grep -qE '^Seccomp:\s+2' "/proc/$pid/status"
  grep -qE '^NoNewPrivs:\s+1' "/proc/$pid/status"
  grep -qE '^CapInh:\s+0000000000000000' "/proc/$pid/status"
  grep -qE '^CapBnd:\s+0000000020000420' "/proc/$pid/status"
  [ "$(cd "/proc/$pid/fd" && echo *)" = '0 1 2' ]
}

@test "the runtime does not execute itself again" {
  needs strace
  strace -f -qq -e trace=execve,execveat -o "$WORK/trace" "$TARE" --root "$STATE" run -b "$BUNDLE" it &
  local tracer=$!
  wait_for test -s "$WORK/trace"
  wait_for grep -q sleep "$WORK/trace"
  tare delete --force it || true
  wait "$tracer" || true
  [ "$(grep -c "\"$TARE\"" "$WORK/trace")" -eq 1 ]
  [ "$(grep -cE 'execve(at)?\(' "$WORK/trace")" -eq 3 ]
}
