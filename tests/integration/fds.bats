#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# fds.bats - descriptors: those that were asked for, and not one more.
# shellcheck disable=SC2016,SC2119,SC2120

load helpers

# The descriptors of the container's command, without the one that ls has open.
fds_inside() {
  shell_is 'for f in /proc/self/fd/*; do n=${f##*/}; probe fd $n | grep -q ok && echo $n; done; true'
}

@test "the container has descriptors 0, 1 and 2" {
  fds_inside
  run_well 7</etc/passwd 9<"$WORK"
  [ "$output" = $'0\n1\n2' ]
}

@test "--preserve-fds passes the first ones on" {
  fds_inside
  run_well --preserve-fds 2 3</etc/passwd 4</etc/group 5</etc/hostname
  [ "$output" = $'0\n1\n2\n3\n4' ]
}

@test "a preserved descriptor reads what it should" {
  echo 'from outside' >"$WORK/file"
  shell_is 'cat <&3'
  run_well --preserve-fds 1 3<"$WORK/file"
  [ "$output" = 'from outside' ]
}

@test "--preserve-fds more than there are is refused" {
  refused preserve --preserve-fds 40
}

@test "LISTEN_FDS passes a socket on" {
  shell_is 'echo "$LISTEN_FDS $LISTEN_PID"; probe accept 3'
  "$STAGE/bin/probe" activate "$WORK/socket" "$TARE" --root "$STATE" run -b "$BUNDLE" it \
    >"$WORK/out" 2>&1 &
  local runtime=$!
  wait_for grep -q '^1 1$' "$WORK/out"
  "$STAGE/bin/probe" say "$WORK/socket" activated
  wait "$runtime"
  grep -q activated "$WORK/out"
}

@test "LISTEN_FDS for somebody else is ignored" {
  shell_is 'echo "<$LISTEN_FDS>"; probe fd 3'
  run env LISTEN_FDS=1 LISTEN_PID=1 "$TARE" --root "$STATE" run -b "$BUNDLE" it 3</etc/passwd
  [ "${lines[0]}" = '<>' ]
  [ "${lines[1]}" = EBADF ]
}

@test "a created container holds nothing of the host's" {
  command_is sleep 100
  create_it 7</etc/passwd
  run ls -l "/proc/$(pid_of it)/fd"
  says_not /etc/passwd
  says_not "$BUNDLE"
  ! is_tare || says_not "$STATE"
  says_not cgroup
}

@test "closed stdio becomes /dev/null" {
  tare_only
  shell_is 'for n in 0 1 2; do readlink /proc/self/fd/$n; done >/tmp/out; stat -L -c %t:%T /proc/self/fd/0 >>/tmp/out'
  config '.root.readonly = false'
  "$TARE" --root "$STATE" run -b "$BUNDLE" it 0<&- 1>&- 2>&-
  run cat "$BUNDLE/rootfs/tmp/out"
  [ "${lines[3]}" = 1:3 ] || says '1:3'
}

@test "the program's name may not be a descriptor of the host" {
  local number
  for number in 3 4 5 6 7 8; do
    command_is "/proc/self/fd/$number/bin/true"
    run_it
    [ "$status" -ne 0 ] || {
      echo "ran through descriptor $number"
      return 1
    }
  done
}
