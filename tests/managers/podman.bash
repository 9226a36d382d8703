# SPDX-License-Identifier: GPL-2.0-or-later
# podman - podman(1) with a storage of its own, as root or as an ordinary user.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2119,SC2120 # others read and call them

IMAGE=localhost/box:latest
export HOME_OF=$PLACE/p
export CONTAINERS_CONF=$HOME_OF/containers.conf

CLIENT=(podman --root "$HOME_OF/root" --runroot "$HOME_OF/run" --tmpdir "$HOME_OF/tmp"
  --network-config-dir "$HOME_OF/networks" --events-backend file --cgroup-manager "$DRIVER"
  --storage-driver "${STORAGE:-overlay}" --runtime "$RUNTIME")

e() { # ARGUMENT...
  "${CLIENT[@]}" "$@"
}

clean_up() {
  [[ ${1:-all} != @(pod|kube|all)* ]] || timeout 30 "${CLIENT[@]}" pod rm --all --force --time 0
  timeout 30 "${CLIENT[@]}" rm --all --force --time 0 --volumes
  [[ ${1:-all} != @(volume|kube|all)* ]] || e volume prune --force
  [[ ${1:-all} != @(network|all)* ]] || e network prune --force
  # shellcheck disable=SC2046 # a list
  [[ ${1:-all} != @(build|commit|export|all)* ]] ||
    e image rm --force $(e image ls --quiet --filter label=made)
}

# A limit of processes needs a controller.
write_configuration() {
  mkdir -p "$HOME_OF"
  echo '[containers]' >"$CONTAINERS_CONF"
  has_controller pids || echo 'pids_limit = 0' >>"$CONTAINERS_CONF"
  printf 'default_ulimits = ["nofile=1024:1024", "nproc=%s:%s"]\n' "$(processes_allowed)" \
    "$(processes_allowed)" >>"$CONTAINERS_CONF"
}

# Not more than the machine may give, and enough for all that an ordinary user runs besides.
processes_allowed() {
  ulimit -Hu | sed 's/unlimited/65536/'
}

private_places() {
  local directory

  [ "$(id -u)" = 0 ] || return 0
  for directory in /var/lib /etc/cni; do
    [ ! -d "$directory" ] || mount -t tmpfs -o mode=755 tmpfs "$directory"
  done
}

start_manager() {
  write_configuration
  private_places
  "$HERE/../integration/managers/image" "$PLACE/box" "$HOME_OF/image.tar"
  e load --input "$HOME_OF/image.tar" || return
  e run --rm --network none "$IMAGE" true || return
  ! e run --rm --network bridge "$IMAGE" true >"$HOME_OF/bridge.log" 2>&1 || touch "$HOME_OF/bridged"
  can_bridge || echo 'netns = "none"' >>"$CONTAINERS_CONF"
}

stop_manager() {
  (clean_up) >/dev/null 2>&1
}

# ---- where docker and podman differ ----

NO_LOG=--log-driver=none
USUAL_CAPABILITIES=00000000a80425fb
UNMASK=unmask=ALL
MISSING_STATUS=127
ATTACH_STATUS=0 # whatever the program's is
HEALTH=health_becomes

# Its storage is mounted on itself; the parent of all pods stays.
KEPT='/root/overlay$|/libpod_parent$'

removed() { # NAME
  e rm --force --time 0 "$1"
}

# No timer of systemd runs it.
health_becomes() { # NAME HEALTH
  run e healthcheck run "$1"
  is health "$(e inspect --format '{{.State.Health.Status}}' "$1")" "$2"
}

# conmon leaves a file, which is looked for at the end (2.1.6 does not, with any runtime).
has_seen_out_of_memory() { # NAME
  [ -e "$(dirname "$(e inspect --format '{{.OCIConfigPath}}' "$1")")/oom" ]
}

address_of() { # NAME
  e inspect --format '{{.NetworkSettings.IPAddress}}' "$1"
}

can_bridge() {
  [ "$MANAGER" = podman ] && [ -e "$HOME_OF/bridged" ]
}

needs_bridge() {
  can_bridge || skip "podman's bridge does not work here: $(tail -n 1 "$HOME_OF/bridge.log")"
}

needs_published_ports() {
  :
}

needs_network() {
  can_bridge || skip 'no network in containers here'
}

# Where it cannot read its numbers it warns.
needs_stats() {
  has_controller memory || skip 'podman stats needs the controllers'
}

needs_update() { # [OPTION]
  e update --help 2>&1 | grep -q -- "${1:---memory}" || skip "this podman has no update ${1:-}"
}
