# SPDX-License-Identifier: GPL-2.0-or-later
# docker - a dockerd of our own with a containerd of its own, and docker(1) as its client.
# shellcheck shell=bash
# shellcheck disable=SC2016,SC2034,SC2119,SC2120,SC2153 # others read and call them

IMAGE=localhost/box:latest
export HOME_OF=$STAGE/d # short: paths of sockets end at 108 bytes
export DOCKER_HOST=unix://$HOME_OF/docker.sock DOCKER_CONFIG=$HOME_OF/config DOCKER_BUILDKIT=0

# Debian's client, whatever else is called so.
docker() { # ARGUMENT...
  /usr/bin/docker "$@"
}
export -f docker

e() { # ARGUMENT...
  docker "$@"
}

# Before 23.0 dockerd knows runtimes by a path alone.
is_old() {
  [ "$(dockerd --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')" -lt 23 ]
}

# A program that BuildKit finds by the name runc, and for an old dockerd a shim by that of runc's.
runtime_in_path() {
  local program=$RUNTIME

  mkdir -p "$HOME_OF/path"
  ! is_shim || program=$TARE
  ln -sf "$program" "$HOME_OF/path/runc"
  ! is_shim || ! is_old || shim_in_place_of_runcs "$HOME_OF/path"
}

configuration() {
  local how='{path: $runtime}' runtime=$RUNTIME

  ! is_shim || how='{runtimeType: $runtime}'
  ! is_shim || ! is_old || { how='{path: $runtime}' && runtime=$TARE; }
  jq -n --arg runtime "$runtime" --arg driver "$DRIVER" "{runtimes: {tested: $how},
    \"default-runtime\": \"tested\", \"exec-opts\": [\"native.cgroupdriver=\" + \$driver]}"
}

# It is the shim that was asked for, by whatever name.
runs_below_the_shim() { # CONTAINER
  local pid

  pid=$(docker inspect --format '{{.State.Pid}}' "$1")
  [ "/proc/$(awk '$1 == "PPid:" { print $2 }' "/proc/$pid/status")/exe" -ef "$(shim)" ]
}

clean_up() {
  # shellcheck disable=SC2046 # lists
  timeout 40 /usr/bin/docker rm --force --volumes $(docker ps --all --quiet)
  [[ ${1:-all} != @(network|all)* ]] || docker network prune --force
  [[ ${1:-all} != @(volume|all)* ]] || docker volume prune --force
  # shellcheck disable=SC2046
  [[ ${1:-all} != @(build|commit|export|all)* ]] ||
    docker image rm --force $(docker image ls --quiet --filter label=made)
}

# ---- the daemons ----

# Without the rules of a firewall: their modules are not everywhere.
start_daemon() {
  PATH=$HOME_OF/path:$PATH dockerd --config-file "$HOME_OF/docker.json" --host "$DOCKER_HOST" \
    --data-root "$HOME_OF/data" --exec-root "$HOME_OF/exec" --pidfile "$HOME_OF/pid" \
    --iptables=false --ip6tables=false --live-restore >>"$HOME_OF/log" 2>&1 </dev/null &
  disown
  PATIENCE=40 eventually test -S "$HOME_OF/docker.sock"
  PATIENCE=40 eventually docker version
}

stop_daemon() { # SIGNAL
  local pid

  pid=$(cat "$HOME_OF/pid")
  kill "-$1" "$pid"
  eventually not kill -0 "$pid"
  rm -f "$HOME_OF/docker.sock"
}

# /var/lib and /etc have places that cannot be told.
private_places() {
  local directory

  for directory in /var/lib /etc/docker /etc/cni; do
    [ ! -d "$directory" ] || mount -t tmpfs -o mode=755 tmpfs "$directory"
  done
}

start_manager() {
  mkdir -p "$HOME_OF/config"
  private_places
  runtime_in_path
  configuration >"$HOME_OF/docker.json"
  "$HERE/../integration/managers/image" "$PLACE/box" "$HOME_OF/image.tar"
  (start_daemon) || return
  docker load --input "$HOME_OF/image.tar" || return
  docker run --rm --network none "$IMAGE" true || return
  ! is_shim || { docker run --detach --name first --network none "$IMAGE" sleep 1000 &&
    runs_below_the_shim first && docker rm --force first; }
}

stop_manager() {
  (clean_up) >/dev/null 2>&1
  (stop_daemon TERM) >/dev/null 2>&1
}

# ---- where docker and podman differ ----

CLIENT=(/usr/bin/docker)
NO_LOG=--log-driver=none
USUAL_CAPABILITIES=00000000a80425fb
UNMASK=systempaths=unconfined
MISSING_STATUS=126
ATTACH_STATUS=4 # of the program
HEALTH=health_becomes

# The daemon keeps the host's own network at hand, and a cgroup for BuildKit.
KEPT='/exec/netns/default$|/docker/buildkit$|/sys/fs/cgroup/docker$'

removed() { # NAME
  docker rm --force "$1"
}

health_becomes() { # NAME HEALTH
  PATIENCE=30 eventually health_is "$@"
}

health_is() { # NAME HEALTH
  [ "$(docker inspect --format '{{.State.Health.Status}}' "$1")" = "$2" ]
}

# What it says of it comes with the end.
has_seen_out_of_memory() { # NAME
  docker events --since 1h --until "$(date +%s)" --filter "container=$1" --filter event=oom | grep -q oom
}

address_of() { # NAME
  docker inspect --format '{{.NetworkSettings.IPAddress}}' "$1"
}

needs_bridge() {
  [ "$(docker network ls --quiet --filter driver=bridge | wc -l)" -gt 0 ] || skip 'no bridge here'
}

needs_published_ports() {
  command -v docker-proxy >/dev/null || [ -x /usr/sbin/docker-proxy ] || skip 'no docker-proxy here'
}

needs_network() {
  :
}

needs_stats() {
  :
}

needs_update() { # [OPTION]
  :
}
