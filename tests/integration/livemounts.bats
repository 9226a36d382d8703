#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# livemounts.bats - mounts that come to a container that is there, and go.
# shellcheck disable=SC2016,SC2119,SC2120,SC2154

load helpers

prepare() {
  tare_only
  not_in plain
  make_bundle
  command_is sleep 100
  config '.root.readonly = false'
  mkdir "$WORK/source"
  echo hello >"$WORK/source/file"
}

start_it() { # [OPTION...]
  tare_quietly run --detach -b "$BUNDLE" "$@" it || {
    echo "run failed: $(cat "$WORK/err")"
    return 1
  }
}

bind_of() { # DESTINATION SOURCE [OPTION...]
  printf '{"destination": "%s", "type": "bind", "source": "%s", "options": %s}' "$1" "$2" "$(json_words bind "${@:3}")"
}

tmpfs_of() { # DESTINATION [OPTION...]
  printf '{"destination": "%s", "type": "tmpfs", "source": "tmpfs", "options": %s}' "$1" "$(json_words "${@:2}")"
}

# add or remove what stdin says: mounts VERB
mounts() {
  cat >"$WORK/mounts.json"
  run tare mounts "$1" it "$WORK/mounts.json"
}

well() {
  [ "$status $output" = '0 ' ] || {
    echo "status $status: $output"
    return 1
  }
}

inside() { # COMMAND...
  tare exec it "$@"
}

refuses() { # TEXT
  [ "$status" -eq 1 ]
  says "$1"
}

# Nothing has changed in the container since start_it.
is_as_before() {
  [ "$(inside cat /proc/self/mountinfo | sed 's/^[0-9]* [0-9]* //')" = "$(cat "$WORK/mountinfo")" ]
}

remember() {
  inside cat /proc/self/mountinfo | sed 's/^[0-9]* [0-9]* //' >"$WORK/mountinfo"
}

@test "mounts: a directory in memory comes and goes" {
  start_it
  remember
  mounts add <<<"[$(tmpfs_of /scratch size=1m mode=1777)]"
  well
  inside touch /scratch/file
  [[ $(inside grep ' /scratch ' /proc/mounts) == *tmpfs*size=1024k* ]]
  mounts remove <<<"[$(tmpfs_of /scratch)]"
  well
  [ -z "$(inside ls /scratch)" ]
  is_as_before
}

@test "mounts: a directory and a file of the host" {
  [ "$MODE" = root ] || skip 'who is not root of the host cannot open what is bound'
  start_it
  remember
  mounts add <<<"[$(bind_of /data "$WORK/source" ro), $(bind_of /etc/shown "$WORK/source/file")]"
  well
  [ "$(inside cat /data/file)" = hello ]
  [ "$(inside cat /etc/shown)" = hello ]
  run tare exec it touch /data/new
  says 'ead-only file system'
  mounts remove <<<"[$(bind_of /data x), $(bind_of /etc/shown x)]"
  well
  is_as_before
}

@test "mounts: a whole config.json, and standard input" {
  start_it
  jq -c --argjson mounts "[$(tmpfs_of /one),$(tmpfs_of /two)]" '.mounts = $mounts' "$BUNDLE/config.json" >"$WORK/new.json"
  run tare mounts add it "$WORK/new.json"
  well
  inside grep -c ' /one \| /two ' /proc/mounts | grep -qx 2
  run bash -c '"$1" --root "$2" mounts remove it - <"$3"' - "$TARE" "$STATE" "$WORK/new.json"
  well
  run ! inside grep -q ' /one \| /two ' /proc/mounts
}

@test "mounts: all of them or none" {
  start_it
  remember
  mounts add <<<"[$(tmpfs_of /one), $(tmpfs_of /two), $(tmpfs_of /etc/passwd)]"
  refuses 'mounts[2]: error mounting "/etc/passwd"'
  is_as_before
  mounts add <<<"[$(tmpfs_of /one), $(tmpfs_of /two nosuch=1)]"
  refuses 'mounts[1]: error mounting "/two"'
  is_as_before
}

@test "mounts: a source that is not there starts nothing" {
  start_it
  remember
  mounts add <<<"[$(bind_of /data "$WORK/nosuch")]"
  refuses 'mounts[0].source: '
  is_as_before
  [ ! -e "$BUNDLE/rootfs/data" ]
}

@test "mounts: a relative source is the bundle's" {
  only root
  echo bundled >"$BUNDLE/beside"
  start_it
  mounts add <<<"[$(bind_of /beside beside)]"
  well
  [ "$(inside cat /beside)" = bundled ]
}

@test "mounts: no symlink of the container leads out of it" {
  only root
  start_it
  ln -s / "$BUNDLE/rootfs/slash"
  ln -s "../../../../../../../..$WORK" "$BUNDLE/rootfs/up"
  mounts add <<<"[$(tmpfs_of /slash/below), $(tmpfs_of /up/here)]"
  well
  [ ! -e "$WORK/here" ]
  [ -d "$BUNDLE/rootfs/below" ]
  inside grep -q " /below " /proc/mounts
  mounts remove <<<"[$(tmpfs_of /slash/below), $(tmpfs_of /up/here)]"
  well
}

@test "mounts: nobody else sees them" {
  only root
  start_it
  sed 's/^[0-9]* [0-9]* //' /proc/self/mountinfo >"$WORK/host"
  mounts add <<<"[$(tmpfs_of /scratch), $(bind_of /data "$WORK/source")]"
  well
  sed 's/^[0-9]* [0-9]* //' /proc/self/mountinfo | cmp - "$WORK/host"
  [ -z "$(ls "$BUNDLE/rootfs/data")" ]
}

@test "mounts: into a container with a user namespace, and its ids" {
  only root
  config '.linux.namespaces += [{type: "user"}] | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}]
    | .linux.gidMappings = .linux.uidMappings'
  give_rootfs_to 100000
  start_it
  mounts add <<<"[$(tmpfs_of /scratch mode=755), $(bind_of /data "$WORK/source")]"
  well
  [ "$(inside stat -c %u /scratch)" = 0 ]
  [ "$(inside cat /data/file)" = hello ]
  [ "$(inside stat -c %u /data/file)" = 65534 ]
  mounts remove <<<"[$(tmpfs_of /scratch), $(bind_of /data x)]"
  well
}

@test "mounts: with ids of their own" {
  only root
  "$STAGE/bin/idmappable" "$WORK" || skip 'the file system of the tests cannot map ids'
  start_it
  mounts add <<<"[$(jq -c '.uidMappings = [{containerID: 0, hostID: 5000, size: 10}] | .gidMappings = .uidMappings' \
    <<<"$(bind_of /data "$WORK/source")")]"
  well
  [ "$(inside stat -c %u /data/file)" = 5000 ]
}

@test "mounts: into a paused and into a created container" {
  needs_cgroup
  not_in rootless
  create_it
  mounts add <<<"[$(tmpfs_of /early)]"
  well
  tare start it
  tare pause it
  mounts add <<<"[$(tmpfs_of /still)]"
  well
  status_is it paused
  tare resume it
  inside grep -c ' /early \| /still ' /proc/mounts | grep -qx 2
}

@test "mounts: not into one that has stopped or is not there" {
  start_it
  tare kill it KILL
  wait_for status_is it stopped
  mounts add <<<"[$(tmpfs_of /scratch)]"
  refuses 'container not running'
  run tare mounts add nobody "$WORK/mounts.json"
  refuses 'container does not exist'
}

@test "mounts: not into one without a mount namespace" {
  only root
  no_namespace mount
  config 'del(.linux.maskedPaths, .linux.readonlyPaths)'
  start_it
  mounts add <<<"[$(tmpfs_of /scratch)]"
  refuses 'no mount namespace of its own'
}

@test "mounts: a read-only root has no room for a new place" {
  config '.root.readonly = true'
  start_it
  mounts add <<<"[$(tmpfs_of /new)]"
  refuses 'ead-only file system'
  mounts add <<<"[$(tmpfs_of /mnt)]"
  [ "$status" -eq 1 ] || inside grep -q ' /mnt ' /proc/mounts
}

@test "mounts: what is wrong in the file is named, with its place" {
  start_it
  mounts add <<<'[{"source": "x"}]'
  refuses 'mounts.json:1:2: mounts[0].destination: required, but missing'
  mounts add <<<'{"mounts": 5}'
  refuses 'mounts.json:1:12: mounts: did not expect a number here'
  mounts add <<<'{}'
  refuses 'mounts: required, but missing'
  mounts add <<<'['
  [ "$status" -eq 1 ]
  mounts add <<<"[$(tmpfs_of /)]"
  refuses 'mounts[0].destination: must not be the container'
  mounts add <<<"[$(tmpfs_of /proc/sys)]"
  refuses 'because it is inside /proc'
  run tare mounts add it "$WORK/nosuch"
  refuses 'no such file or directory'
  run tare mounts change it "$WORK/mounts.json"
  refuses 'must be add or remove'
}

@test "mounts: what is not mounted cannot be removed" {
  start_it
  remember
  mounts remove <<<"[$(tmpfs_of /etc)]"
  refuses 'mounts[0]: error unmounting "/etc": nothing is mounted there'
  mounts remove <<<"[$(tmpfs_of /nosuch)]"
  refuses 'no such file or directory'
  is_as_before
}

@test "mounts: no process, descriptor or file of the host's is left in the container" {
  only root
  needs_cgroup
  start_it
  local pid
  pid=$(pid_of it)
  mounts add <<<"[$(tmpfs_of /scratch)]"
  well
  [ "$(cat "$CGROUPS$(sed -n 's/^0:://p' "/proc/$pid/cgroup")/cgroup.procs")" = "$pid" ]
  [ "$(cd "/proc/$pid/fd" && echo *)" = '0 1 2' ]
}
