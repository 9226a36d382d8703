#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# docker.bats - Debian's dockerd with io.containerd.tare.v2.

bats_require_minimum_version 1.5.0
load helpers

docker_() {
  in_time docker --host "unix://$WORLD/d.sock" "$@"
}

# Before 23.0 a runtime is known by a path alone: then the shim stands in for runc's, by its name.
is_old() {
  [ "$(dockerd --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')" -lt 23 ]
}

setup_file() {
  command -v dockerd >/dev/null || skip "dockerd is not installed"
  mkdir -p "$WORLD/old" "$WORLD/docker"
  export RUNTIME_OF_DOCKER=tare
  if is_old; then
    ln -s "$BUILD/containerd-shim-tare-v2" "$WORLD/old/containerd-shim-runc-v2"
    PATH=$WORLD/old:$PATH
    printf '{"runtimes":{"tare":{"path":"%s"}}}' "$BUILD/tare" >"$WORLD/docker.json"
  else
    echo '{"runtimes":{"tare":{"runtimeType":"io.containerd.tare.v2"}}}' >"$WORLD/docker.json"
  fi
  start_containerd
  dockerd --config-file "$WORLD/docker.json" --host "unix://$WORLD/d.sock" \
    --containerd "$SOCKET" --data-root "$WORLD/docker" --exec-root "$WORLD/docker-run" \
    --pidfile "$WORLD/d.pid" --storage-driver vfs --bridge none --iptables=false \
    --ip6tables=false --ip-forward=false >"$WORLD/d.log" 2>&1 </dev/null 3>&- 4>&- &
  wait_for docker_ version
  docker_ load -i "$WORLD/image.tar"
}

run_() { # ARGUMENT...
  docker_ run --network none --runtime tare "$@"
}

teardown() {
  docker_ ps -aq | xargs -r timeout -k 5 60 docker --host "unix://$WORLD/d.sock" rm -f
}

@test "docker: output, errors and exit status" {
  run run_ --rm "$IMAGE" sh -c 'echo out; echo err >&2; exit 4'
  [ "$status" -eq 4 ]
  [[ $output == *out* && $output == *err* ]]
  run -127 run_ --rm "$IMAGE" nosuchprogram
}

@test "docker: it is our shim that runs" {
  run_ -d --name one "$IMAGE" sleep 1000
  pid=$(docker_ inspect -f '{{.State.Pid}}' one)
  parent=$(awk '$1 == "PPid:" { print $2 }' "/proc/$pid/status")
  [ "$(readlink "/proc/$parent/exe")" = "$BUILD/containerd-shim-tare-v2" ]
}

@test "docker: exec, input, a terminal, logs" {
  run_ -d --name one "$IMAGE" sh -c 'echo first; sleep 1000'
  run docker_ exec one sh -c 'echo here; exit 3'
  [ "$status" -eq 3 ]
  [ "$output" = here ]
  run bash -c "echo through | timeout 20 docker --host unix://$WORLD/d.sock exec -i one cat"
  [ "$output" = through ]
  run docker_ exec -t one tty
  [[ $output == /dev/pts/* ]]
  [ "$(docker_ logs one)" = first ]
}

@test "docker: pause, kill, the exit status, start again" {
  run_ -d --name one "$IMAGE" sleep 1000
  docker_ pause one
  [ "$(docker_ inspect -f '{{.State.Status}}' one)" = paused ]
  docker_ unpause one
  docker_ kill one
  [ "$(docker_ wait one)" -eq 137 ]
  docker_ start one
  [ "$(docker_ inspect -f '{{.State.Status}}' one)" = running ]
}
