#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# config.bats - the managers themselves read the configuration that comes with tare.
# shellcheck disable=SC2016,SC2154

load helpers

# What cannot be tried here costs nothing.
eval "whole_$(declare -f setup)"
setup() {
  tare_only
  only root
  [ "$LAYOUT" = v2 ] || skip 'managers take a hybrid host for one of cgroup v1'
  whole_setup
}

# Some of what managers keep has a fixed place.
PRIVATE='/var/lib /etc/docker /etc/containers /etc/cni'

prepare() {
  local directory

  HOME_OF_MANAGERS=/run/m
  mkdir "$HOME_OF_MANAGERS"
  for directory in $PRIVATE; do
    [ -d "$directory" ] || continue
    [ "$directory" != /etc/containers ] || cp -r /etc/containers "$WORK/containers"
    mount -t tmpfs -o mode=755 tmpfs "$directory"
  done
  [ ! -d /etc/containers ] || cp -r "$WORK/containers/." /etc/containers/
}

teardown() {
  local directory

  [ -n "${WORK:-}" ] || return 0
  awk '$5 ~ "^/run/" { print $5 }' /proc/self/mountinfo | grep -v '^/run/user' | sort -r |
    xargs -r umount -l 2>/dev/null || true
  for directory in $PRIVATE; do
    ! mountpoint -q "$directory" || umount -l "$directory"
  done
  find "$CGROUPS" -mindepth 1 -depth -type d ! -path "$CGROUPS/runner*" -exec rmdir {} + 2>/dev/null || true
  rm -rf "$HOME_OF_MANAGERS" /run/tare /run/containerd /run/docker /run/containers /run/libpod \
    /run/runc /run/crun /run/netns /run/lock /dev/shm/libpod_lock /var/tmp/containers-user-0
  nothing_is_left
}

# As "make install" fills it in: filled_in NAME
filled_in() {
  sed "s|@SBINDIR@/tare|$TARE|" "$STAGE/configuration/$1.in"
}

podman_() {
  podman --root "$HOME_OF_MANAGERS/podman" --runroot "$HOME_OF_MANAGERS/podman-run" \
    --tmpdir "$HOME_OF_MANAGERS/podman-tmp" --storage-driver vfs --cgroup-manager cgroupfs \
    --events-backend file "$@" </dev/null 3>&- 4>&-
}

# The drop-in, for PROGRAM.
drop_in() { # PROGRAM
  needs podman conmon
  mkdir -p /etc/containers/containers.conf.d
  filled_in containers.conf | sed "s|$TARE|$1|" >/etc/containers/containers.conf.d/50-tare.conf
  # The controller may be bound to cgroup v1.
  printf '[containers]\npids_limit = 0\n' >/etc/containers/containers.conf.d/60-test.conf
}

@test "podman: the drop-in makes tare known by its name" {
  run podman_ --runtime tare info
  [ "$status" -ne 0 ]
  drop_in "$TARE"
  run podman_ --runtime tare info --format '{{.Host.OCIRuntime.Name}} {{.Host.OCIRuntime.Path}}'
  echo "$output"
  [ "$status" -eq 0 ]
  [ "$output" = "tare $TARE" ]
  run podman_ --runtime tare info --format '{{.Host.OCIRuntime.Version}}'
  [ "${lines[0]}" = "$("$TARE" --version | head -n 1)" ]
}

@test "podman: the drop-in leaves the default runtime alone" {
  drop_in "$TARE"
  [ "$(podman_ info --format '{{.Host.OCIRuntime.Name}}')" != tare ]
  # As the drop-in's own comment says.
  sed -n 's/^#   //p' /etc/containers/containers.conf.d/50-tare.conf \
    >/etc/containers/containers.conf.d/90-local.conf
  [ "$(podman_ info --format '{{.Host.OCIRuntime.Name}}')" = tare ]
}

# Called by podman, it writes down how.
spy() {
  printf '#!/bin/sh\necho "$@" >>%s\nexec %s "$@"\n' "$HOME_OF_MANAGERS/calls" "$TARE" >"$HOME_OF_MANAGERS/spy"
  chmod 755 "$HOME_OF_MANAGERS/spy"
}

@test "podman: by the drop-in, errors are asked for as JSON" {
  spy
  drop_in "$HOME_OF_MANAGERS/spy"
  make_bundle
  run podman_ --runtime tare run --rm --network none --ulimit nofile=1024:1024 \
    --ulimit nproc=1024:1024 --rootfs "$BUNDLE/rootfs" /no/such
  echo "$output"
  [ "$status" -eq 127 ]
  grep -q -- '--log-format=json' "$HOME_OF_MANAGERS/calls"
}

@test "podman: by the drop-in, --cgroups=disabled reaches tare" {
  spy
  drop_in "$HOME_OF_MANAGERS/spy"
  make_bundle
  run podman_ --runtime tare run --rm --network none --cgroups=disabled --ulimit nofile=1024:1024 \
    --ulimit nproc=1024:1024 --rootfs "$BUNDLE/rootfs" echo hello
  echo "$output"
  [ "$status" -eq 0 ]
  [ "${lines[-1]}" = hello ]
  grep -q -- '--cgroup-manager disabled' "$HOME_OF_MANAGERS/calls"
}

@test "containerd: what is put into config.toml makes tare a runtime beside runc" {
  needs containerd
  { echo 'version = 2' && filled_in containerd.toml; } >"$WORK/config.toml"
  run containerd --config "$WORK/config.toml" config dump
  [ "$status" -eq 0 ]
  says 'containerd.runtimes.tare.options]'
  says "BinaryName = \"$TARE\""
  says 'containerd.runtimes.runc]'
  says 'default_runtime_name = "runc"'
}

@test "containerd: what config.toml says otherwise stays" {
  needs containerd
  {
    printf 'version = 2\n[plugins."io.containerd.grpc.v1.cri".cni]\n  bin_dir = "/some/cni"\n'
    filled_in containerd.toml
  } >"$WORK/config.toml"
  run containerd --config "$WORK/config.toml" config dump
  [ "$status" -eq 0 ]
  says 'bin_dir = "/some/cni"'
  says 'containerd.runtimes.tare.options]'
}

docker_() {
  docker --host "unix://$HOME_OF_MANAGERS/docker.sock" "$@" 3>&- 4>&-
}

# Run COMMAND while dockerd and its containerd run.
with_docker() {
  local daemons=() result=0

  sed "s|DIRECTORY|$HOME_OF_MANAGERS|" managers/containerd.toml >"$HOME_OF_MANAGERS/containerd.toml"
  containerd --config "$HOME_OF_MANAGERS/containerd.toml" </dev/null >/dev/null 2>&1 3>&- 4>&- &
  daemons+=($!)
  wait_for test -S "$HOME_OF_MANAGERS/containerd.sock"
  dockerd --config-file "$WORK/daemon.json" --host "unix://$HOME_OF_MANAGERS/docker.sock" \
    --containerd "$HOME_OF_MANAGERS/containerd.sock" --data-root "$HOME_OF_MANAGERS/docker" \
    --exec-root "$HOME_OF_MANAGERS/docker-run" --pidfile "$HOME_OF_MANAGERS/docker.pid" \
    --storage-driver vfs --bridge none --iptables=false --ip6tables=false --ip-forward=false \
    </dev/null >"$WORK/docker.log" 2>&1 3>&- 4>&- &
  daemons=($! "${daemons[@]}")
  wait_for docker_ version >/dev/null 2>&1 || cat "$WORK/docker.log"
  "$@" || result=$?
  for daemon in "${daemons[@]}"; do
    kill "$daemon" 2>/dev/null || true
    wait "$daemon" || true
  done
  return $result
}

knows_tare() {
  docker_ info --format '{{json .Runtimes}}' >"$WORK/runtimes"
  cat "$WORK/runtimes"
  [ "$(jq -r .tare.path "$WORK/runtimes")" = "$TARE" ]
  jq -e .runc "$WORK/runtimes"
}

@test "docker: daemon.json makes tare a runtime" {
  needs dockerd docker containerd
  filled_in docker.json >"$WORK/daemon.json"
  jq -e . "$WORK/daemon.json"
  # Newer ones only have to be asked.
  if dockerd --help | grep -q -- --validate; then
    dockerd --validate --config-file "$WORK/daemon.json"
  fi
  with_docker knows_tare
}

@test "Kubernetes: the handler of the RuntimeClass is containerd's name for tare" {
  local handler

  grep -qx 'apiVersion: node.k8s.io/v1' "$STAGE/configuration/runtimeclass.yaml"
  grep -qx 'kind: RuntimeClass' "$STAGE/configuration/runtimeclass.yaml"
  handler=$(sed -n 's/^handler: //p' "$STAGE/configuration/runtimeclass.yaml")
  grep -q "containerd.runtimes.$handler\]" "$STAGE/configuration/containerd.toml.in"
}
