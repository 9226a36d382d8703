#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# containerd.bats - containerd and its client, whichever PATH has, with io.containerd.tare.v2.
# shellcheck disable=SC2016

bats_require_minimum_version 1.5.0
load helpers

setup_file() {
  echo "# $(containerd --version)" >&3
  start_containerd
  ctr_ images import "$WORLD/image.tar"
}

teardown() {
  remove_all
}

# The next file has a containerd of its own.
teardown_file() {
  stop_containerd
}

# bats test_tags=short
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

# Without a controller for processors in cgroup v2, their shares would be refused.
@test "the manual's example" {
  local page=$BATS_TEST_DIRNAME/../../man/containerd-shim-tare-v2.8 example
  example=$(sed -n 's/^# ctr run /&--cpu-shares 0 /p' "$page")
  [ -n "$example" ]
  CONTAINERD_ADDRESS=$SOCKET timeout 60 bash -c "${example#\# }" 3>&- 4>&-
  wait_for no_shims
}

# bats test_tags=short
@test "a program that is not there is told of as runc tells of it" {
  run ctr_run --rm "$IMAGE" one nosuchprogram
  [ "$status" -ne 0 ]
  [[ $output == *'exec: "nosuchprogram": executable file not found in $PATH'* ]]
  wait_for no_shims
}

# bats test_tags=short
@test "exec: output, exit status, and its end is told before init's" {
  ctr_beside events >"$BATS_TEST_TMPDIR/events" 2>&1
  sleep 0.3
  sleeper one
  run ctr_ tasks exec --exec-id e1 one sh -c 'echo from exec; exit 5'
  [ "$status" -eq 5 ]
  [ "$output" = "from exec" ]
  ctr_ tasks kill -s KILL one
  wait_for is_state one STOPPED
  ctr_ tasks rm one || true
  wait_for grep -q /tasks/delete "$BATS_TEST_TMPDIR/events"
  kill $! || true
  run awk '$6 ~ /^\/tasks/ { sub(/.*\/tasks\//, "", $6); print $6 }' "$BATS_TEST_TMPDIR/events"
  [ "$(xargs <<<"$output")" = "create start exec-added exec-started exit exit delete" ]
}

# bats test_tags=short
@test "input reaches the container, and its end as well" {
  run bash -c '. ./helpers.bash; (sleep 1; echo x; sleep 0.5) | ctr_run --rm "$IMAGE" one cat'
  [ "$status" -eq 0 ]
  [ "$output" = x ]
}

@test "64 MiB go through each way, byte by byte" {
  head -c 64M /dev/urandom >"$BATS_TEST_TMPDIR/data"
  sum=$(sha256sum <"$BATS_TEST_TMPDIR/data")
  sleeper one
  (cat "$BATS_TEST_TMPDIR/data"; sleep 1) | ctr_ tasks exec --exec-id in one sha256sum >"$BATS_TEST_TMPDIR/in" ||
    cat "$BATS_TEST_TMPDIR/in"
  ctr_run --rm --mount "type=bind,src=$BATS_TEST_TMPDIR,dst=/data,options=rbind:ro" "$IMAGE" two \
    cat /data/data >"$BATS_TEST_TMPDIR/out"
  [ "$(sha256sum <"$BATS_TEST_TMPDIR/out")" = "$sum" ]
  [ "$(cat "$BATS_TEST_TMPDIR/in")" = "$sum" ]
}

@test "a terminal has the size that the client gives it" {
  run script -qec 'stty cols 91 rows 17; timeout --foreground 20 ctr --address '"$SOCKET"' run --rm -t \
    --cpu-shares 0 --runtime '"$RUNTIME"' '"$IMAGE"' one sh -c "sleep 0.5; stty size; tty"' /dev/null
  [ "$status" -eq 0 ]
  [[ $output == *"17 91"* ]]
  [[ $output == */dev/pts/0* ]]
}

@test "pause, resume, the processes, the metrics" {
  sleeper one
  ctr_ tasks pause one
  is_state one PAUSED
  run ctr_ tasks exec --exec-id e1 one true
  [ "$status" -ne 0 ]
  [[ $output == *"cannot exec in a paused state"* ]]
  ctr_ tasks resume one
  is_state one RUNNING
  run ctr_ tasks ps one
  [ "$(wc -l <<<"$output")" -eq 2 ]
  ctr_ tasks metrics one
}

# bats test_tags=short
@test "a shim that is killed is cleaned up with its container" {
  sleeper one
  pid=$(ctr_ tasks ls | awk '$1 == "one" { print $2 }')
  kill -KILL "$(shims)"
  wait_for bash -c '! kill -0 '"$pid"
  wait_for bash -c '! test -e '"$BUNDLES/one"
  [ -z "$(ls /run/containerd/s)" ]
  [ -z "$(ls /run/containerd/runc/default)" ]
  run ! grep -q "$BUNDLES" /proc/self/mountinfo
}

# bats test_tags=short
@test "an exit status outlives a containerd that is killed" {
  ctr_run -d --null-io "$IMAGE" one sh -c 'sleep 1; exit 7'
  sleeper two
  pid=$(ctr_ tasks ls | awk '$1 == "two" { print $2 }')
  kill -KILL "$(cat "$WORLD/c/pid")"
  kill -KILL "$pid"
  sleep 2
  start_containerd
  is_state one STOPPED
  is_state two STOPPED
  run ctr_ tasks rm one
  [[ $output == *"exit code 7"* || $status -eq 7 ]]
  run ctr_ tasks rm two
  [[ $output == *"137"* || $status -eq 137 ]]
}

@test "metrics, programs that are missing and 100 execs in a row do not grow its memory" {
  sleeper one
  for i in 1 2 3 4 5; do
    ctr_ tasks exec --exec-id "w$i" one true
    ctr_ tasks metrics one
    run ! ctr_ tasks exec --exec-id "missing$i" one no-such-program
  done
  read -r _ before < <(memory_of "$(shims)")
  for i in $(seq 100); do ctr_ tasks exec --exec-id "e$i" one true; done
  read -r rss after < <(memory_of "$(shims)")
  echo "anonymous memory: $before KiB, then $after KiB; resident: $rss KiB"
  [ "$after" -le $((before + 16)) ]
  [ "$rss" -le 1024 ]
  [ "$after" -le 144 ]
}

@test "50 containers in parallel" {
  seq 50 | SECONDS_MAX=60 xargs -P 10 -I{} bash -c \
    '. ./helpers.bash; ctr_run --rm "$IMAGE" "p{}" sh -c "echo {}"' | sort -n >"$BATS_TEST_TMPDIR/said"
  [ "$(cat "$BATS_TEST_TMPDIR/said")" = "$(seq 50)" ]
  wait_for no_shims
  [ -z "$(ls /run/containerd/s)" ]
}

@test "output goes to a file" {
  ctr_run -d --log-uri "file://$BATS_TEST_TMPDIR/logs/one" "$IMAGE" one sh -c 'echo to a file; echo err >&2'
  wait_for is_state one STOPPED
  grep -q 'to a file' "$BATS_TEST_TMPDIR/logs/one"
  grep -q err "$BATS_TEST_TMPDIR/logs/one"
}

@test "output goes to a program" {
  printf '#!/bin/sh\necho "$CONTAINER_ID $1=$2" >"$2"\nexec 5>&-\ncat <&3 >>"$2"\n' >"$BATS_TEST_TMPDIR/logger"
  chmod +x "$BATS_TEST_TMPDIR/logger"
  ctr_run -d --log-uri "binary://$BATS_TEST_TMPDIR/logger?to=$BATS_TEST_TMPDIR/log" "$IMAGE" one echo hello
  wait_for is_state one STOPPED
  ctr_ tasks rm one
  [ "$(cat "$BATS_TEST_TMPDIR/log")" = "one to=$BATS_TEST_TMPDIR/log
hello" ]
}

# bats test_tags=short
@test "three containers of a pod have one shim, and 24 KiB each" {
  ctr_run -d --null-io --annotation io.kubernetes.cri.sandbox-id=pod "$IMAGE" one sleep 1000
  read -r _ alone < <(memory_of "$(shims)")
  ctr_run -d --null-io --annotation io.kubernetes.cri.sandbox-id=pod "$IMAGE" two sleep 1000
  ctr_run -d --null-io --annotation io.kubernetes.cri.sandbox-id=pod "$IMAGE" three sleep 1000
  [ "$(shims | wc -l)" -eq 1 ]
  read -r _ all < <(memory_of "$(shims)")
  echo "anonymous memory: $alone KiB with one, $all KiB with three"
  [ $((all - alone)) -le 48 ]
  ctr_ tasks kill -s KILL two
  wait_for is_state two STOPPED
  ctr_ tasks rm two || true
  is_state one RUNNING
  is_state three RUNNING
}
