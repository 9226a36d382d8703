#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# containerd.bats - Debian's containerd and its client with io.containerd.tare.v2.
# shellcheck disable=SC2016

bats_require_minimum_version 1.5.0
load helpers

setup_file() {
  start_containerd
  ctr_ images import "$WORLD/image.tar"
}

teardown() {
  remove_all
}

@test "a container runs, and nothing of it is left" {
  run ctr_run --rm "$IMAGE" one sh -c 'echo out; echo err >&2; exit 3'
  [ "$status" -eq 3 ]
  [[ $output == *out* && $output == *err* ]]
  wait_for no_shims
  [ -z "$(ls /run/containerd/s)" ]
  [ -z "$(ls /run/containerd/runc/default)" ]
  [ ! -e "$BUNDLES/one" ]
  run ! grep -q "$BUNDLES" /proc/self/mountinfo
}

@test "a program that is not there is told of as runc tells of it" {
  run ctr_run --rm "$IMAGE" one nosuchprogram
  [ "$status" -ne 0 ]
  [[ $output == *'exec: "nosuchprogram": executable file not found in $PATH'* ]]
  wait_for no_shims
}
