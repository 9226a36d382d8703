#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# userns.bats - what is particular to root in a user namespace and to ordinary users.
# shellcheck disable=SC2016,SC2119,SC2120

load helpers

prepare() {
  not_in root
  make_bundle
}

@test "the default bundle runs" {
  command_is echo hello
  run_well
  [ "$output" = hello ]
}

@test "root inside is nobody special outside" {
  command_is sleep 100
  create_it
  local uid
  uid=$(awk '/^Uid/ { print $2 }' "/proc/$(pid_of it)/status")
  [ "$uid" = "$(id -u)" ]
  [ "$MODE" != rootless ] || [ "$uid" != 0 ]
}

@test "devices are the host's, by bind mounts" {
  shell_is 'head -c 3 /dev/zero | wc -c; echo x >/dev/null; stat -c %t:%T /dev/null'
  run_well
  [ "$output" = $'3\n1:3' ]
}

@test "no device can be made" {
  config '.root.readonly = false'
  shell_is 'probe device /tmp/mem c 1 1'
  run_it
  says EPERM
}

@test "files that the container writes are the user's" {
  config '.root.readonly = false'
  shell_is 'touch /tmp/mine'
  run_well
  [ "$(stat -c %u "$BUNDLE/rootfs/tmp/mine")" = "$(id -u)" ]
}

@test "without a cgroup that may be written a container runs when nothing was asked for" {
  only plain
  config 'del(.linux.resources)'
  command_is echo hello
  run_well
  [ "$output" = hello ]
}

@test "without a cgroup that may be written a limit is refused" {
  only plain
  tare_only
  config '.linux.resources = {pids: {limit: 10}}'
  refused linux.resources.pids
}

@test "a cgroup that is not one's own is refused" {
  only plain
  tare_only
  config '.linux.cgroupsPath = "/elsewhere"'
  run_it
  [ "$status" -eq 0 ] || says_like 'permission denied|rootless needs no limits|cgroup'
}

@test "additional groups are refused where the kernel would not set them" {
  only plain
  config '.process.user.additionalGids = [5]'
  refused ''
}

@test "the host's pid namespace, and all processes go with the container" {
  only rootless plain
  no_namespace pid
  config '.mounts |= map(if .destination == "/proc" then {destination: "/proc", type: "bind", source: "/proc", options: ["rbind"]} else . end)
    | del(.linux.maskedPaths, .linux.readonlyPaths)'
  shell_is 'exec sleep 1000'
  create_it
  tare start it
  tare delete --force it
  wait_for bash -c '! pgrep -u "$(id -u)" -x -f "sleep 1000" >/dev/null'
}

@test "locked flags of the host's mounts stay" {
  only userns
  shell_is 'touch /sys/x 2>&1; mount -o remount,rw /sys 2>&1'
  run_it
  [ "$status" -ne 0 ]
}

@test "the state of another user cannot be read" {
  create_it
  [ -z "$(find "$STATE" -maxdepth 1 -perm /077)" ]
}
