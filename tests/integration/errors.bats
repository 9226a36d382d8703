#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# errors.bats - what managers look for in errors, to the letter: on stderr, in text and JSON logs.
# shellcheck disable=SC2016,SC2119,SC2120,SC2154
#
# Each test is a text that programs search for, and what containerd, CRI-O, podman and docker make
# of it by rules of theirs that are repeated here.

load helpers

prepare() {
  tare_only
  make_bundle
  command_is sleep 100
}

teardown() {
  [ -w "$CGROUPS" ] || [ "$MODE" != root ] || mount -o remount,bind,rw "$CGROUPS" || true
  remove_containers
  nothing_is_left
}

# ---- what managers do with a message ----

# docker's exit status for a start that failed.
docker_status() { # MESSAGE
  case $1 in
  *'permission denied'* | *'is a directory'*) echo 126 ;;
  *'not a directory'* | *'executable file not found'* | *'no such file or directory'*) echo 127 ;;
  *) echo 128 ;;
  esac
}

# podman's, from its regular expressions on the message, without regard to case.
podman_status() { # MESSAGE
  if grep -qiE 'permission denied|operation not permitted' <<<"$1"; then
    echo 126
  elif grep -qiE 'executable file not found in|no such file or directory|open executable' <<<"$1"; then
    echo 127
  else
    echo 126
  fi
}

# containerd's idea of a kill that failed.
containerd_kill() { # MESSAGE
  case ${1,,} in
  *'container not running'* | *'no such process'* | *'os: process already finished'* | *'does not exist'*)
    echo NotFound
    ;;
  *) echo unknown ;;
  esac
}

# CRI-O's: it does not turn letters small.
crio_kill() { # MESSAGE
  case $1 in
  *'no such process'* | *'container not running'* | *'invalid process'*) echo NotFound ;;
  *) echo unknown ;;
  esac
}

# ---- one call, three ways to hear of it ----

# The call fails with STATUS, and TEXT (with * in it, a pattern) is all that is said.  The whole
# message is in $message then.
fails_with() { # STATUS TEXT ARGUMENT...
  local wanted=$1 text=$2

  shift 2
  run --separate-stderr tare "$@"
  verdict "$wanted" "$status" 'status'
  message=${stderr%% } # what bats leaves of a blank at the end
  is_text "$text" "$message"
  [ "${#message}" -le 8191 ] # all that conmon reads
  [ "${#stderr_lines[@]}" -eq 1 ]
  [[ $output == 'Incorrect Usage.'* || -z $output ]]
  in_json_log "$wanted" "$@"
  in_text_log "$wanted" "$@"
}

verdict() { # EXPECTED FOUND WHAT
  [ "$1" = "$2" ] || {
    echo "$3: expected '$1', found '$2'"
    return 1
  }
}

# As a part, a pattern if it has a star.
is_text() { # TEXT MESSAGE
  local part=${1//\\/\\\\}

  part=${part//\[/\\[}
  # shellcheck disable=SC2053 # a pattern
  [[ $2 == *${part//\?/\\?}* ]] || {
    echo "expected '$1' in '$2'"
    return 1
  }
}

# Podman reads the whole file as one object; containerd decodes its time and wants level "error".
in_json_log() { # STATUS ARGUMENT...
  local wanted=$1

  shift
  rm -f "$WORK/log.json"
  run --separate-stderr tare --log "$WORK/log.json" --log-format json "$@"
  verdict "$wanted" "$status" 'status with a JSON log'
  verdict "$message" "$stderr" 'stderr with a JSON log'
  verdict 1 "$(jq -s length "$WORK/log.json")" 'objects in the log'
  verdict error "$(jq -r .level "$WORK/log.json")" level
  verdict "$message" "$(jq -r '.msg | sub(" +$"; "")' "$WORK/log.json")" msg
  jq -re .time "$WORK/log.json" |
    grep -qE '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$'
}

in_text_log() { # STATUS ARGUMENT...
  local wanted=$1 escaped

  shift
  rm -f "$WORK/log.txt"
  run --separate-stderr tare --log "$WORK/log.txt" "$@"
  verdict "$wanted" "$status" 'status with a text log'
  escaped=${message//\\/\\\\}
  escaped=${escaped//\"/\\\"}
  grep -qF "level=error msg=\"$escaped" "$WORK/log.txt" || {
    cat "$WORK/log.txt"
    return 1
  }
}

start_it() { # [OPTION...]
  tare_quietly run --detach -b "$BUNDLE" "$@" it || {
    echo "run failed: $(cat "$WORK/err")"
    return 1
  }
}

stop_it() {
  start_it
  tare kill it KILL
  wait_for status_is it stopped
}

# ---- ids ----

@test "container does not exist" {
  local command
  for command in state start 'kill %s KILL' delete pause resume ps update events; do
    [[ $command == *%s* ]] || command+=' %s'
    # shellcheck disable=SC2046,SC2059 # words of a call
    fails_with 1 'container does not exist' $(printf "$command" nobody)
  done
  fails_with 255 'container does not exist' exec nobody true
  verdict NotFound "$(containerd_kill "$message")" containerd
}

@test "container with given ID already exists" {
  create_it
  fails_with 1 'container with given ID already exists' create -b "$BUNDLE" it
  fails_with 1 'container with given ID already exists' run -b "$BUNDLE" it
}

@test "invalid container ID format" {
  local id
  for id in 'a/b' '..' . 'a b' 'a:b' ''; do
    fails_with 1 'invalid container ID format' create -b "$BUNDLE" "$id"
  done
}

# ---- states ----

@test "container not running" {
  stop_it
  fails_with 1 'container not running' kill it KILL
  verdict NotFound "$(containerd_kill "$message")" containerd
  verdict NotFound "$(crio_kill "$message")" CRI-O
  fails_with 1 'container not running' pause it
}

@test "container not paused" {
  needs_cgroup
  not_in plain rootless
  start_it
  fails_with 1 'container not paused' resume it
}

@test "cannot start a container that has stopped, or an already running one" {
  stop_it
  fails_with 1 'cannot start a container that has stopped' start it
  tare delete it
  start_it
  fails_with 1 'cannot start an already running container' start it
}

@test "cannot start a container in the paused state" {
  needs_cgroup
  not_in plain rootless
  start_it
  tare pause it
  fails_with 1 'cannot start a container in the paused state' start it
  tare resume it
}

@test "cannot delete container X that is not stopped" {
  start_it
  fails_with 1 'cannot delete container it that is not stopped: running' delete it
}

@test "container with id X is not running" {
  stop_it
  fails_with 1 'container with id it is not running' events it
  fails_with 1 'duration interval must be greater than 0' events --interval 0s it
}

@test "cannot exec in a stopped container" {
  stop_it
  fails_with 255 'cannot exec in a stopped container' exec it true
}

@test "cannot exec in a paused container" {
  needs_cgroup
  not_in plain rootless
  start_it
  tare pause it
  fails_with 255 'cannot exec in a paused container (use --ignore-paused to override)' exec it true
  tare resume it
}

# ---- programs ----

@test "executable file not found in \$PATH" {
  command_is nosuch
  fails_with 1 'exec: "nosuch": executable file not found in $PATH' create -b "$BUNDLE" it
  verdict 127 "$(docker_status "$message")" docker
  verdict 127 "$(podman_status "$message")" podman
  fails_with 1 'exec: "nosuch": executable file not found in $PATH' run -b "$BUNDLE" it
  command_is sleep 100
  start_it
  fails_with 255 'exec: "nosuch": executable file not found in $PATH' exec it nosuch
}

@test "stat X: no such file or directory" {
  command_is /no/such
  fails_with 1 'exec: "/no/such": stat /no/such: no such file or directory' create -b "$BUNDLE" it
  verdict 127 "$(docker_status "$message")" docker
  verdict 127 "$(podman_status "$message")" podman
  command_is sleep 100
  start_it
  fails_with 255 'exec: "/no/such": stat /no/such: no such file or directory' exec it /no/such
}

@test "permission denied" {
  command_is /etc/passwd
  fails_with 1 'exec: "/etc/passwd": permission denied' create -b "$BUNDLE" it
  verdict 126 "$(docker_status "$message")" docker
  verdict 126 "$(podman_status "$message")" podman
  command_is sleep 100
  start_it
  fails_with 255 'exec: "/etc/passwd": permission denied' exec it /etc/passwd
}

@test "is a directory" {
  command_is /etc
  fails_with 1 'exec: "/etc": is a directory' create -b "$BUNDLE" it
  verdict 126 "$(docker_status "$message")" docker
  command_is sleep 100
  start_it
  fails_with 255 'exec: "/etc": is a directory' exec it /etc
}

# ---- cgroups ----

@test "container's cgroup is not empty" {
  only root
  needs_cgroup
  config '.linux.cgroupsPath = "/taken"'
  mkdir "$CGROUPS/taken"
  sleep 100 3>&- 4>&- &
  echo $! >"$CGROUPS/taken/cgroup.procs"
  fails_with 1 "container's cgroup is not empty: 1 process(es) found" create -b "$BUNDLE" it
  kill $!
  wait $! || true
  wait_for rmdir "$CGROUPS/taken"
}

@test "container's cgroup unexpectedly frozen" {
  only root
  needs_cgroup
  config '.linux.cgroupsPath = "/cold"'
  mkdir "$CGROUPS/cold"
  echo 1 >"$CGROUPS/cold/cgroup.freeze"
  fails_with 1 "container's cgroup unexpectedly frozen" create -b "$BUNDLE" it
  rmdir "$CGROUPS/cold"
}

@test "unable to apply cgroup configuration" {
  only root
  needs_cgroup
  mount -o remount,bind,ro "$CGROUPS"
  fails_with 1 'unable to apply cgroup configuration: *read-only file system' create -b "$BUNDLE" it
}

@test "container init was OOM-killed (memory limit too low?)" {
  only root
  grep -qw memory "$CGROUPS/cgroup.controllers" || skip 'no memory controller in cgroup v2 here'
  config '.linux.resources.memory = {limit: 40960}'
  fails_with 1 'container init was OOM-killed (memory limit too low?)' create -b "$BUNDLE" it
  config '.linux.resources.memory = {limit: 16384}' # with which the kernel would try for ever
  fails_with 1 'container init would be OOM-killed (memory limit too low?)' create -b "$BUNDLE" it
}

@test "bad sub cgroup path" {
  needs_cgroup
  not_in plain rootless
  start_it
  fails_with 255 'bad sub cgroup path' exec --cgroup ../.. it true
}

# ---- hooks ----

@test "error running createRuntime hook #0" {
  local kind
  for kind in prestart createRuntime createContainer; do
    config 'del(.hooks)'
    add_hook $kind 'echo from the hook >&2; exit 3'
    fails_with 1 "error running $kind hook #0: *exit status 3*stderr: from the hook" create -b "$BUNDLE" it
  done
}

@test "hook ran past specified timeout" {
  config '.hooks.createRuntime = [{path: "/bin/sh", args: ["sh", "-c", "sleep 5"], timeout: 1}]'
  fails_with 1 'error running createRuntime hook #0: *hook ran past specified timeout of 1.0s' \
    create -b "$BUNDLE" it
}

# ---- terminals, descriptors, calls ----

@test "cannot allocate tty, cannot use console socket" {
  config '.process.terminal = true'
  fails_with 1 'cannot allocate tty if runc will detach without setting console socket' create -b "$BUNDLE" it
  config '.process.terminal = false'
  fails_with 1 'cannot use console socket if runc will not detach or allocate tty' \
    create --console-socket "$WORK/s" -b "$BUNDLE" it
}

@test "unable to stat preserved-fd" {
  fails_with 1 'unable to stat preserved-fd 0 (of 1): bad file descriptor' create --preserve-fds 1 -b "$BUNDLE" it \
    3>&- 4>&-
}

@test "requires exactly 1 argument(s)" {
  fails_with 1 "$TARE_NAME: \"create\" requires exactly 1 argument(s)" create
  fails_with 1 "$TARE_NAME: \"kill\" requires a minimum of 1 argument(s)" kill
  fails_with 1 'flag provided but not defined: -nosuch' create --nosuch it
}

@test "invalid log-format" {
  run --separate-stderr tare --log-format xml list
  [ "$status" -eq 1 ]
  [[ $stderr == 'invalid log-format: xml'* ]]
}

@test "File config.json exists" {
  cd "$BUNDLE"
  fails_with 1 'File config.json exists. Remove it first' spec
}

@test "couldn't find PID field in ps output" {
  needs_cgroup
  not_in plain rootless
  start_it
  fails_with 1 "couldn't find PID field in ps output" ps it -o comm
}

# ---- what config.json asks for ----

@test "unable to set hostname without a private UTS namespace" {
  no_namespace uts
  fails_with 1 'unable to set hostname without a private UTS namespace' create -b "$BUNDLE" it
}

@test "apparmor: config provided but apparmor not supported" {
  [ ! -e /sys/kernel/security/apparmor ] || skip 'it has AppArmor'
  config '.process.apparmorProfile = "some"'
  fails_with 1 'apparmor: config provided but apparmor not supported' create -b "$BUNDLE" it
}

@test "selinux label is specified in config, but selinux is disabled or not supported" {
  [ ! -e /sys/fs/selinux/enforce ] || skip 'it has SELinux'
  config '.process.selinuxLabel = "some_u:some_r:some_t:s0"'
  fails_with 1 'selinux label is specified in config, but selinux is disabled or not supported' \
    create -b "$BUNDLE" it
}

@test "bind mounts cannot have any filesystem-specific options applied" {
  add_mount /mnt bind /etc bind nosuch=1
  fails_with 1 'bind mounts cannot have any filesystem-specific options applied' create -b "$BUNDLE" it
}

@test "must be mounted on ordinary directory" {
  rm -rf "$BUNDLE/rootfs/proc"
  ln -s etc "$BUNDLE/rootfs/proc"
  fails_with 1 'must be mounted on ordinary directory' create -b "$BUNDLE" it
}

@test "cannot set any additional groups in a rootless container" {
  only rootless plain
  config '.process.user.additionalGids = [5]'
  fails_with 1 'cannot set any additional groups in a rootless container' create -b "$BUNDLE" it
}

@test "error setting rlimit type" {
  not_in userns plain rootless
  config '.process.rlimits = [{type: "RLIMIT_NOFILE", soft: 2000000000, hard: 2000000000}]'
  fails_with 1 'error setting rlimit type 7: operation not permitted' create -b "$BUNDLE" it
  verdict 126 "$(podman_status "$message")" podman
}

# EPERM as where a cgroup may not be entered, which such a container can do without.
@test "a limit that is refused is not taken for a cgroup that is" {
  not_in plain # there is none
  config 'del(.linux.cgroupsPath, .linux.resources, (.linux.namespaces[] | select(.type == "pid")))
    | .process.rlimits = [{type: "RLIMIT_NOFILE", soft: 2000000000, hard: 2000000000}]'
  run tare --log "$WORK/log" create -b "$BUNDLE" it
  [ "$status" -eq 1 ]
  [[ $(grep -c . "$WORK/log") == 1 && $(<"$WORK/log") == *"error setting rlimit type 7: operation not permitted"* ]]
}

@test "cannot set uid to unmapped user in user namespace" {
  only root
  config '.linux.namespaces += [{type: "user"}] | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 10}]
    | .linux.gidMappings = .linux.uidMappings | .process.user.uid = 20'
  fails_with 1 'cannot set uid to unmapped user in user namespace' create -b "$BUNDLE" it
}

@test "failed to connect with seccomp agent" {
  config '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", listenerPath: $s,
    syscalls: [{names: ["mkdir"], action: "SCMP_ACT_NOTIFY"}]}' --arg s "$WORK/nobody"
  fails_with 1 'linux.seccomp.listenerPath: failed to connect with seccomp agent: *no such file or directory' \
    create -b "$BUNDLE" it
}

@test "a root file system that is a file, and a symlink to one" {
  config '.root.path = "config.json"'
  fails_with 1 'rootfs: *not a directory' create -b "$BUNDLE" it
  verdict 127 "$(docker_status "$message")" docker
  ln -s config.json "$BUNDLE/link"
  config '.root.path = "link"'
  fails_with 1 'rootfs: *not a directory' create -b "$BUNDLE" it
}

@test "a root file system behind a symlink is the one that the link names" {
  ln -s rootfs "$BUNDLE/link"
  config '.root.path = "link"'
  start_it
  ln -sfn /nowhere "$BUNDLE/link"
  [ "$(tare exec it cat /proc/1/comm)" = sleep ]
}

@test "no controller for a limit" {
  only root
  needs_cgroup
  config '.linux.resources.unified = {"nosuch.max": "1"}'
  fails_with 1 'unified resource "nosuch.max" can'\''t be set: controller "nosuch" not available' \
    create -b "$BUNDLE" it
}

@test "updating a non-existent Intel RDT configuration is not supported" {
  start_it
  fails_with 1 'updating a non-existent Intel RDT configuration is not supported' update --l3-cache-schema L3:0=f it
}

# ---- names of systems calls that managers search for in lower case ----

@test "errors of the kernel begin small, as Go writes them" {
  command_is sleep 100
  config '.root.path = "nosuch"'
  fails_with 1 'no such file or directory' create -b "$BUNDLE" it
  fails_with 1 'no such file or directory' create -b "$WORK/nosuch" it
}
