#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# checkpoint.bats - containers that containerd saves and brings back, by our shim, tare and CRIU.
# TARE_CRIU is the directory of a CRIU that works here (see hack/criu); without it they are skipped.
# shellcheck disable=SC2016

bats_require_minimum_version 1.5.0
load helpers

# Only of a runtime that is called so does ctr put what is in memory into an image that it brings
# back. What runs is our shim, and tare, which is beside it.
setup_file() {
  mkdir -p "$WORLD/named"
  ln -sf "$BUILD/containerd-shim-tare-v2" "$WORLD/named/containerd-shim-runc-v2"
  PATH=$WORLD/named:$PATH
  start_containerd
  ctr_ images import "$WORLD/image.tar"
}

setup() {
  SHARED=$BATS_TEST_TMPDIR/shared
  mkdir "$SHARED"
  COUNTER='i=0; while :; do i=$((i + 1)); echo $i >/shared/new; mv /shared/new /shared/count; sleep 0.01; done'
}

teardown() {
  remove_all
}

teardown_file() {
  stop_containerd
}

needs_criu() {
  [ -n "${TARE_CRIU:-}" ] || skip "there is no CRIU that works here"
}

counter() { # ID OPTION...
  ctr_run -d --mount "type=bind,src=$SHARED,dst=/shared,options=rbind:rw" "${@:2}" "$IMAGE" "$1" sh -c "$COUNTER"
  wait_for goes_on 0
}

goes_on() { # NUMBER: it has counted further
  [ "$(cat "$SHARED/count")" -gt "$1" ]
}

shim_of() { # ID
  awk '$1 == "PPid:" { print $2 }' "/proc/$(ctr_ tasks ls | awk -v id="$1" '$1 == id { print $2 }')/status"
}

save_and_bring_back() { # OPTION...
  RUNTIME=io.containerd.runc.v2 counter one "$@"
  ctr_ containers checkpoint --rw --image --task one localhost/saved:1
  before=$(cat "$SHARED/count")
  wait_for goes_on "$before" # it was paused
  ctr_ tasks kill -s KILL one
  wait_for is_state one STOPPED
  ctr_ tasks rm one || true
  ctr_ containers rm one
  before=$(cat "$SHARED/count")
  ctr_beside containers restore --rw --live one localhost/saved:1 </dev/null
  attached=$!
  wait_for is_state one RUNNING
  wait_for goes_on "$before"
  [ "$(cat "$SHARED/count")" -le $((before + 2000)) ]
  [ "$(readlink "/proc/$(shim_of one)/exe")" = "$BUILD/containerd-shim-tare-v2" ]
  ctr_ tasks kill -s KILL one
  wait_for bash -c '! kill -0 "$1"' - "$attached"
  ctr_ images rm localhost/saved:1
}

@test "a container is saved, and comes back where it was" {
  needs_criu
  save_and_bring_back
}

@test "so is one that nobody listened to" {
  needs_criu
  save_and_bring_back --null-io
}

@test "the option names the CRIU" {
  needs_criu
  printf 'CriuPath = "%s/criu"\n' "$TARE_CRIU" >"$BATS_TEST_TMPDIR/options"
  counter one --runtime-config-path "$BATS_TEST_TMPDIR/options"
  run ctr_ tasks checkpoint one
  [ "$status" -eq 0 ]
  [ -z "$(find "$BUNDLES/one/work/" -name dump.log)" ]
  printf 'CriuPath = "/nonexistent/criu"\n' >"$BATS_TEST_TMPDIR/options"
  counter two --runtime-config-path "$BATS_TEST_TMPDIR/options"
  run ctr_ tasks checkpoint two
  [ "$status" -ne 0 ]
  [[ $output == *"CriuPath: /nonexistent/criu: "* ]]
}

@test "without CRIU that is said, and the container goes on" {
  stop_containerd
  DAEMON_PATH=$BUILD start_containerd
  counter one
  run ctr_ tasks checkpoint one
  [ "$status" -ne 0 ]
  [[ $output == *criu* ]]
  [[ $output != *"path="* ]]
  echo "$output"
  wait_for goes_on "$(cat "$SHARED/count")"
  stop_containerd
  start_containerd
}
