#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# managers.bats - documents that podman, docker and containerd made, and tare as their runtime.
# shellcheck disable=SC2016,SC2030,SC2031,SC2153
#
# Each manager runs once with a wrapper as its runtime, which keeps the config.json of the bundle
# and then executes the runtime that is installed.  Tests run that document with tare: nothing is
# taken from it but what has ended with the manager's container (see portable).

load helpers

# Short: paths of sockets end at 108 bytes.
HOME_OF_MANAGERS=/run/managers
RECORDED=$HOME_OF_MANAGERS/recorded
IMAGE=localhost/box:latest

# ---- the managers ----

installed() { # PROGRAM...
  local program

  for program in "$@"; do
    command -v "$program" >/dev/null || return 1
  done
}

# The runtime that does what a manager wants while its document is recorded.
real_runtime() {
  command -v runc || command -v crun
}

# A program that records for MANAGER: wrapper MANAGER RUNTIME
wrapper() {
  printf '#!/bin/sh\nexec "%s" "%s" "%s" "$@"\n' "$PWD/managers/record" "$RECORDED/$1.json" "$2" \
    >"$HOME_OF_MANAGERS/record-$1"
  chmod 755 "$HOME_OF_MANAGERS/record-$1"
  echo "$HOME_OF_MANAGERS/record-$1"
}

podman_() {
  CONTAINERS_CONF=$PWD/managers/containers.conf podman --root "$HOME_OF_MANAGERS/podman" \
    --network-config-dir "$HOME_OF_MANAGERS/networks" --runroot "$HOME_OF_MANAGERS/podman-run" \
    --tmpdir "$HOME_OF_MANAGERS/podman-tmp" --storage-driver vfs --cgroup-manager cgroupfs \
    --events-backend file "$@" 3>&- 4>&-
}

# Not more descriptors than the machine may give.
podman_run() { # RUNTIME ARGUMENT...
  local runtime=$1

  shift
  podman_ --runtime "$runtime" run --rm --network none \
    --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 "$@"
}

ctr_() {
  ctr --address "$HOME_OF_MANAGERS/containerd.sock" "$@" 3>&- 4>&-
}

ctr_run() { # RUNTIME ARGUMENT...
  local runtime=$1

  shift
  ctr_ run --rm --cpu-shares 0 --snapshotter native --runc-binary "$runtime" "$@"
}

docker_() {
  docker --host "unix://$HOME_OF_MANAGERS/docker.sock" "$@" 3>&- 4>&-
}

docker_run() { # RUNTIME ARGUMENT...
  local runtime=$1

  shift
  docker_ run --rm --network none --runtime "$runtime" "$@"
}

# ---- their daemons ----

start_containerd() {
  sed "s|DIRECTORY|$HOME_OF_MANAGERS|" managers/containerd.toml >"$HOME_OF_MANAGERS/containerd.toml"
  containerd --config "$HOME_OF_MANAGERS/containerd.toml" \
    >"$HOME_OF_MANAGERS/containerd.log" 2>&1 </dev/null 3>&- 4>&- &
  echo $! >"$HOME_OF_MANAGERS/containerd.pid"
  wait_for ctr_ version >/dev/null 2>&1
}

start_docker() {
  jq -n --arg record "$(wrapper docker "$(real_runtime)")" --arg tare "$TARE" \
    '{runtimes: {record: {path: $record}, tare: {path: $tare}}}' >"$HOME_OF_MANAGERS/docker.json"
  dockerd --config-file "$HOME_OF_MANAGERS/docker.json" --host "unix://$HOME_OF_MANAGERS/docker.sock" \
    --containerd "$HOME_OF_MANAGERS/containerd.sock" --data-root "$HOME_OF_MANAGERS/docker" \
    --exec-root "$HOME_OF_MANAGERS/docker-run" --pidfile "$HOME_OF_MANAGERS/docker.pid" \
    --storage-driver vfs --bridge none --iptables=false --ip6tables=false --ip-forward=false \
    >"$HOME_OF_MANAGERS/docker.log" 2>&1 </dev/null 3>&- 4>&- &
  wait_for docker_ version >/dev/null 2>&1
}

stop() { # PID FILE
  local pid

  [ -e "$1" ] || return 0
  pid=$(cat "$1")
  kill "$pid" 2>/dev/null || return 0
  wait_for bash -c '! kill -0 "$1" 2>/dev/null' - "$pid" || kill -KILL "$pid"
}

record_podman() {
  installed podman conmon || return 0
  podman_ load -i "$HOME_OF_MANAGERS/image.tar"
  podman_run "$(wrapper podman "$(real_runtime)")" "$IMAGE" true
}

record_containerd() {
  installed containerd ctr || return 0
  start_containerd
  ctr_ images import --snapshotter native "$HOME_OF_MANAGERS/image.tar"
  ctr_run "$(wrapper containerd "$(real_runtime)")" "$IMAGE" recorded true
}

record_docker() {
  installed dockerd docker containerd || return 0
  start_docker
  docker_ load -i "$HOME_OF_MANAGERS/image.tar"
  docker_run record "$IMAGE" true
}

# A manager that does not work here is not tare's failure: its tests are skipped and say why.
attempt_record() { # MANAGER
  "record_$1" >"$RECORDED/$1.log" 2>&1 </dev/null || rm -f "$RECORDED/$1.json"
}

setup_file() {
  local directory

  [ "$MODE $LAYOUT" = 'root v2' ] || return 0
  [ -n "$(real_runtime)" ] || return 0
  # Some of what they keep has a fixed place.
  for directory in /var/lib /etc/docker /etc/cni; do
    [ ! -d "$directory" ] || mount -t tmpfs -o mode=755 tmpfs "$directory"
  done
  mkdir -p "$RECORDED"
  [ -d /run/tare ] || mkdir -m 700 /run/tare # where tare keeps what podman asks of it
  managers/image "$STAGE/rootfs" "$HOME_OF_MANAGERS/image.tar"
  attempt_record podman
  attempt_record containerd
  attempt_record docker
}

teardown_file() {
  [ -d "$HOME_OF_MANAGERS" ] || return 0
  stop "$HOME_OF_MANAGERS/docker.pid"
  stop "$HOME_OF_MANAGERS/containerd.pid"
  sleep 0.2
  awk '$5 ~ "^/run/" { print $5 }' /proc/self/mountinfo | grep -v '^/run/user' | sort -r |
    xargs -r umount -l 2>/dev/null || true
  umount -l /var/lib /etc/docker /etc/cni 2>/dev/null || true
  find "$CGROUPS" -mindepth 1 -depth -type d ! -path "$CGROUPS/runner*" -exec rmdir {} + 2>/dev/null || true
  rm -rf "$HOME_OF_MANAGERS" /run/tare /run/containerd /run/docker /run/containers /run/libpod /run/runc \
    /run/crun /run/netns /dev/shm/libpod_lock /var/tmp/containers-user-0
}

# ---- their documents ----

has_document() { # MANAGER
  only root
  tare_only
  [ "$LAYOUT" = v2 ] || skip 'managers take a hybrid host for one of cgroup v1'
  [ -n "$(real_runtime)" ] || skip 'neither runc nor crun is installed'
  case $1 in
  podman) needs podman conmon ;;
  containerd) needs containerd ctr ;;
  docker) needs dockerd docker containerd ;;
  esac
  [ -s "$RECORDED/$1.json" ] || skip "$1 does not work here: $(tail -n 1 "$RECORDED/$1.log")"
}

prepare() {
  :
}

teardown() {
  remove_containers
  rm -rf /run/tare/cache:* # no container's
  nothing_is_left
}

# What cannot be kept of a document when its manager's container has ended:
# - the root file system is a copy of the image's
# - sources of bind mounts that were made for that container (resolv.conf, hostname, shm)
# - the network namespace that the manager had made, and the hooks that furnish it
# - limits of controllers that are bound to cgroup v1 on this host; device rules are kept
# - the terminal, if there was one
portable='
  .root.path = "rootfs"
  | .mounts |= map(select(.type != "bind" or (.source as $source | $gone | index($source) | not)))
  | .linux.namespaces |= map(if .type == "network" then del(.path) else . end)
  | del(.hooks)
  | .linux.resources = {devices: .linux.resources.devices}
  | .process.terminal = false
  | .process.args = $words'

sources_gone() {
  jq -r '.mounts[] | select(.type == "bind") | .source' "$BUNDLE/recorded.json" |
    while IFS= read -r source; do
      [ -e "$source" ] || echo "$source"
    done | jq -Rsc 'split("\n")[:-1]'
}

security() { # FILE
  jq -S '[.process.capabilities, .process.noNewPrivileges, .process.rlimits, .process.user,
    .linux.seccomp, .linux.maskedPaths, .linux.readonlyPaths]' "$1"
}

document_bundle() { # MANAGER WORD...
  BUNDLE=$WORK/bundle
  mkdir "$BUNDLE"
  cp -dR "$STAGE/rootfs" "$BUNDLE/rootfs"
  cp "$RECORDED/$1.json" "$BUNDLE/recorded.json"
  shift
  jq --argjson gone "$(sources_gone)" --argjson words "$(json_words "$@")" "$portable" \
    <"$BUNDLE/recorded.json" >"$BUNDLE/config.json"
  [ "$(security "$BUNDLE/recorded.json")" = "$(security "$BUNDLE/config.json")" ]
}

of_document() { # FILTER
  jq -r "$1" "$BUNDLE/recorded.json"
}

# ---- what the host sees ----

CAPABILITIES="CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP
  LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE
  SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME
  SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG
  WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE"

# The names of a set of the document as the kernel shows it: capability_mask SET
capability_mask() {
  local name mask=0 bit wanted

  wanted=" $(of_document ".process.capabilities.$1 // [] | join(\" \")") "
  bit=0
  for name in $CAPABILITIES; do
    [[ $wanted != *" CAP_$name "* ]] || mask=$((mask | 1 << bit))
    bit=$((bit + 1))
  done
  printf %016x "$mask"
}

status_line() { # PID NAME
  awk -v name="$2:" '$1 == name { print $2 }' "/proc/$1/status"
}

same() { # WHAT FOUND EXPECTED
  [ "$2" = "$3" ] || {
    echo "$1: found '$2', expected '$3'"
    return 1
  }
}

capabilities_are_right() { # PID
  same bounding "$(status_line "$1" CapBnd)" "$(capability_mask bounding)"
  same effective "$(status_line "$1" CapEff)" "$(capability_mask effective)"
  same permitted "$(status_line "$1" CapPrm)" "$(capability_mask permitted)"
  same inheritable "$(status_line "$1" CapInh)" "$(capability_mask inheritable)"
  same ambient "$(status_line "$1" CapAmb)" "$(capability_mask ambient)"
}

seccomp_is_right() { # PID
  local mode=0 new_privileges=0

  [ "$(of_document '.linux.seccomp != null')" = false ] || mode=2
  [ "$(of_document '.process.noNewPrivileges // false')" = false ] || new_privileges=1
  same seccomp "$(status_line "$1" Seccomp)" "$mode"
  [ "$mode" = 0 ] || same filters "$(status_line "$1" Seccomp_filters)" 1
  same 'no new privileges' "$(status_line "$1" NoNewPrivs)" "$new_privileges"
}

namespaces_are_right() { # PID
  local kind file

  for kind in pid network mount ipc uts user cgroup; do
    case $kind in network) file=net ;; mount) file=mnt ;; *) file=$kind ;; esac
    if [ "$(of_document ".linux.namespaces | any(.type == \"$kind\")")" = true ]; then
      [ "$(readlink "/proc/$1/ns/$file")" != "$(readlink "/proc/self/ns/$file")" ] || {
        echo "no $kind namespace of its own"
        return 1
      }
    else
      same "$kind namespace" "$(readlink "/proc/$1/ns/$file")" "$(readlink "/proc/self/ns/$file")"
    fi
  done
}

cgroup_is_right() { # PID
  same cgroup "$(sed -n 's/^0:://p' "/proc/$1/cgroup")" "$(of_document .linux.cgroupsPath)"
}

# Mounted over is what the document says, as far as this kernel has it.
mounted_over() { # PID PATH
  awk -v path="$2" '$5 == path { options = $6 } END { print options }' "/proc/$1/mountinfo"
}

paths_are_right() { # PID
  local path options

  for path in $(of_document '.linux.maskedPaths[]?'); do
    [ -e "/proc/$1/root$path" ] || continue
    [ -n "$(mounted_over "$1" "$path")" ] || {
      echo "$path is not masked"
      return 1
    }
    [ -d "/proc/$1/root$path" ] || same "$path" "$(wc -c <"/proc/$1/root$path")" 0
    [ ! -d "/proc/$1/root$path" ] || same "$path" "$(ls -A "/proc/$1/root$path")" ''
  done
  for path in $(of_document '.linux.readonlyPaths[]?'); do
    [ -e "/proc/$1/root$path" ] || continue
    options=$(mounted_over "$1" "$path")
    [[ ,$options, == *,ro,* ]] || {
      echo "$path is not read-only: $options"
      return 1
    }
  done
}

descriptors_are_right() { # PID
  same descriptors "$(cd "/proc/$1/fd" && echo *)" '0 1 2'
}

rlimits_are_right() { # PID
  local type soft hard name

  while read -r type soft hard; do
    case $type in
    RLIMIT_NOFILE) name='Max open files' ;;
    RLIMIT_NPROC) name='Max processes' ;;
    *) continue ;;
    esac
    same "$type" "$(sed -n "s/^$name *//p" "/proc/$1/limits" | awk '{ print $1, $2 }')" "$soft $hard"
  done < <(of_document '.process.rlimits[]? | "\(.type) \(.soft) \(.hard)"')
}

seen_from_the_host() { # MANAGER
  local pid

  document_bundle "$1" sleep 1000
  create_it
  tare start it
  pid=$(pid_of it)
  wait_for grep -q sleep "/proc/$pid/cmdline"
  capabilities_are_right "$pid"
  seccomp_is_right "$pid"
  namespaces_are_right "$pid"
  cgroup_is_right "$pid"
  paths_are_right "$pid"
  descriptors_are_right "$pid"
  rlimits_are_right "$pid"
}

seen_from_inside() { # MANAGER
  document_bundle "$1" /bin/sh -c 'echo "hello from $(id -u)"
    ls /proc/self/fd | tr "\n" " "; echo
    { echo 1 >/proc/sys/kernel/panic; } 2>/dev/null || echo "kernel is read-only"
    echo null >/dev/null && echo "null works"'
  run_well
  same output "$output" 'hello from 0
0 1 2 3 
kernel is read-only
null works'
}

# ---- documents ----

@test "podman's document says hello" {
  has_document podman
  seen_from_inside podman
}

@test "podman's document, seen from the host" {
  has_document podman
  seen_from_the_host podman
}

@test "containerd's document says hello" {
  has_document containerd
  seen_from_inside containerd
}

@test "containerd's document, seen from the host" {
  has_document containerd
  seen_from_the_host containerd
}

@test "docker's document says hello" {
  has_document docker
  seen_from_inside docker
}

@test "docker's document, seen from the host" {
  has_document docker
  seen_from_the_host docker
}

@test "docker's default profile is in force" {
  has_document docker
  [ "$(jq '.linux.seccomp.syscalls | length' "$RECORDED/docker.json")" -gt 5 ]
  [ "$(jq '.linux.seccomp.defaultAction' "$RECORDED/docker.json")" = '"SCMP_ACT_ERRNO"' ]
  # A user namespace needs no capability: only the filter is in its way.
  document_bundle docker unshare -U true
  run_it
  [ "$status" -ne 0 ]
  says 'Operation not permitted'
  command_is unshare -U true
  config 'del(.linux.seccomp)'
  run_well
}

@test "docker's profile is the same from a second start, out of the cache" {
  has_document docker
  document_bundle docker sh -c 'grep -E "^Seccomp" /proc/self/status; unshare -U true; echo $?'
  run_well
  local first=$output
  run_well
  same 'second start' "$output" "$first"
  [[ $first == *'Seccomp:'*2*'Operation not permitted'* ]]
}

# ---- tare as their runtime ----

@test "podman run with tare says hello" {
  has_document podman
  run podman_run "$TARE" "$IMAGE" echo hello
  echo "$output"
  [ "$status" -eq 0 ]
  [ "${lines[-1]}" = hello ]
}

@test "podman run with tare passes the exit status on" {
  has_document podman
  run podman_run "$TARE" "$IMAGE" sh -c 'exit 42'
  [ "$status" -eq 42 ]
}

@test "podman knows what tare says of a program that is not there" {
  has_document podman
  run -127 podman_run "$TARE" "$IMAGE" /no/such/program
}

@test "podman knows what tare says of a program that may not be executed" {
  has_document podman
  run podman_run "$TARE" "$IMAGE" /etc/passwd
  [ "$status" -eq 126 ]
}

@test "ctr run with tare says hello" {
  has_document containerd
  run ctr_run "$TARE" "$IMAGE" hello-tare echo hello
  echo "$output"
  [ "$status" -eq 0 ]
  [ "${lines[-1]}" = hello ]
}

@test "ctr run with tare passes the exit status on" {
  has_document containerd
  run ctr_run "$TARE" "$IMAGE" status-tare sh -c 'exit 42'
  echo "$output"
  [ "$status" -eq 42 ]
}

@test "ctr shows what tare says of a program that is not there" {
  has_document containerd
  run ctr_run "$TARE" "$IMAGE" nothing-tare /no/such/program
  echo "$output"
  [ "$status" -ne 0 ]
  says 'no such file or directory'
}

@test "docker run with tare says hello" {
  has_document docker
  run docker_run tare "$IMAGE" echo hello
  [ "$status" -eq 0 ]
  [ "${lines[-1]}" = hello ]
}

@test "docker run with tare passes the exit status on" {
  has_document docker
  run docker_run tare "$IMAGE" sh -c 'exit 42'
  [ "$status" -eq 42 ]
}

@test "docker run -t with tare gives a terminal" {
  has_document docker
  run docker_run tare -t "$IMAGE" sh -c 'test -t 0 && echo terminal'
  [ "$status" -eq 0 ]
  [[ ${lines[-1]} == terminal* ]]
}

@test "docker knows what tare says of a program that is not there" {
  has_document docker
  run -127 docker_run tare "$IMAGE" /no/such/program
}

@test "docker knows what tare says of a program that may not be executed" {
  has_document docker
  run docker_run tare "$IMAGE" /etc/passwd
  [ "$status" -eq 126 ]
}
