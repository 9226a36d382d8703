#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# idmap.bats - mounts whose files are shown under other ids than they have.
# shellcheck disable=SC2016,SC2119,SC2120

load helpers

# A file system of our own, so that nothing depends on what /tmp is on; before Linux 6.3 a
# tmpfs has one kind of ids only, and /tmp must do.
new_source() {
  mkdir "$SOURCE"
  mount -t tmpfs -o mode=755 tmpfs "$SOURCE"
  ! "$STAGE/bin/idmappable" "$SOURCE" || return 0
  umount "$SOURCE"
  mount --bind "$SOURCE" "$SOURCE"
  "$STAGE/bin/idmappable" "$SOURCE" && return
  umount "$SOURCE"
  skip "neither a tmpfs nor the file system of the tests can be mounted with other ids"
}

# What is mounted anew in the container is a tmpfs.
needs_tmpfs() {
  [ "$(stat -f -c %T "$SOURCE")" = tmpfs ] || skip "a tmpfs cannot be mounted with other ids"
}

prepare() {
  only root
  tare_only
  make_bundle
  config '.root.readonly = false'
  SOURCE=$WORK/source
  new_source
  mkdir "$SOURCE/sub"
  touch "$SOURCE/root" "$SOURCE/one" "$SOURCE/far"
  chown 1:2 "$SOURCE/one"
  chown 70000:70000 "$SOURCE/far"
}

teardown() {
  remove_containers
  if mountpoint -q "$SOURCE"; then umount -R "$SOURCE"; fi
  nothing_is_left
}

has_user_namespace() {
  give_rootfs_to 100000
  config '.linux.namespaces += [{type: "user"}]
    | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}]
    | .linux.gidMappings = .linux.uidMappings'
}

# The last mount's mappings: CONTAINER:HOST:SIZE for users and groups
mapped() { # UIDS [GIDS]
  config '.mounts[-1] += {uidMappings: [$u], gidMappings: [$g]}' \
    --argjson u "$(mapping "$1")" --argjson g "$(mapping "${2:-$1}")"
}

mapping() { # CONTAINER:HOST:SIZE
  jq -n -c --arg m "$1" '$m / ":" | map(tonumber) | {containerID: .[0], hostID: .[1], size: .[2]}'
}

# Owners of the source's files as the container sees them, in one line.
owners_are() { # WORDS [FILE...]
  local words=$1

  shift
  [ $# -gt 0 ] || set -- root one far
  command_is stat -c %u:%g "${@/#//mnt/}"
  run_well
  [ "$(tr '\n' ' ' <<<"$output")" = "$words " ] || {
    echo "expected $words, not $output"
    return 1
  }
}

# field: mounts[].uidMappings[].containerID, mounts[].uidMappings[].hostID
# field: mounts[].uidMappings[].size, mounts[].gidMappings[].containerID
# field: mounts[].gidMappings[].hostID, mounts[].gidMappings[].size
@test "mappings of the mount's own, without a user namespace" {
  add_mount /mnt bind "$SOURCE" bind idmap
  mapped 0:1000:10 0:2000:10
  owners_are '1000:2000 1001:2002 65534:65534'
}

@test "mappings of the mount's own, in a user namespace" {
  has_user_namespace
  add_mount /mnt bind "$SOURCE" bind idmap
  mapped 0:100010:10 0:100020:10
  owners_are '10:20 11:22 65534:65534'
}

@test "mappings without the option are applied, too" {
  add_mount /mnt bind "$SOURCE" bind
  mapped 0:1000:10
  owners_are '1000:1000 1001:1002 65534:65534'
}

@test "the option without mappings takes those of the container's user namespace" {
  has_user_namespace
  add_mount /mnt bind "$SOURCE" bind idmap
  owners_are '0:0 1:2 65534:65534'
}

@test "the option without mappings takes those of the user namespace that is joined" {
  has_user_namespace
  command_is sleep 100
  tare_quietly run -d -b "$BUNDLE" other
  join_namespace user "/proc/$(pid_of other)/ns/user"
  add_mount /mnt bind "$SOURCE" bind idmap
  owners_are '0:0 1:2 65534:65534'
}

@test "mappings of the mount's own in a user namespace that is joined" {
  has_user_namespace
  command_is sleep 100
  tare_quietly run -d -b "$BUNDLE" other
  join_namespace user "/proc/$(pid_of other)/ns/user"
  add_mount /mnt bind "$SOURCE" bind idmap
  mapped 0:100007:10
  owners_are '7:7 8:9 65534:65534'
}

@test "several lines of mappings" {
  add_mount /mnt bind "$SOURCE" bind idmap
  config '.mounts[-1] += {
    uidMappings: [{containerID: 0, hostID: 5, size: 1}, {containerID: 1, hostID: 50, size: 1},
      {containerID: 70000, hostID: 500, size: 1}],
    gidMappings: [{containerID: 0, hostID: 6, size: 3}, {containerID: 70000, hostID: 600, size: 1}]}'
  owners_are '5:6 50:8 500:600'
}

@test "two mounts of one source with different mappings, and one without" {
  add_mount /mnt/a bind "$SOURCE" bind idmap
  mapped 0:1000:10
  add_mount /mnt/b bind "$SOURCE" bind idmap
  mapped 0:2000:10
  add_mount /mnt/c bind "$SOURCE" bind
  owners_are '1001:1002 2001:2002 1:2' a/one b/one c/one
}

@test "what is written has the ids that the file system keeps" {
  has_user_namespace
  add_mount /mnt bind "$SOURCE" bind idmap
  chmod 777 "$SOURCE"
  config '.process.user = {uid: 3, gid: 4}'
  shell_is 'touch /mnt/new; stat -c %u:%g /mnt/new'
  run_well
  [ "$output" = 3:4 ]
  [ "$(stat -c %u:%g "$SOURCE/new")" = 3:4 ]
}

@test "idmap is for one mount, ridmap for those below it, too" {
  needs_tmpfs
  mount -t tmpfs tmpfs "$SOURCE/sub"
  touch "$SOURCE/sub/below"
  add_mount /mnt/a bind "$SOURCE" rbind idmap
  mapped 0:1000:10
  add_mount /mnt/b bind "$SOURCE" rbind ridmap
  mapped 0:1000:10
  owners_are '1000:1000 0:0 1000:1000 1000:1000' a/root a/sub/below b/root b/sub/below
}

@test "ridmap in a user namespace" {
  needs_tmpfs
  mount -t tmpfs tmpfs "$SOURCE/sub"
  touch "$SOURCE/sub/below"
  has_user_namespace
  add_mount /mnt bind "$SOURCE" rbind ridmap
  owners_are '0:0 0:0' root sub/below
}

@test "of idmap and ridmap the last one counts" {
  mount -t tmpfs tmpfs "$SOURCE/sub"
  touch "$SOURCE/sub/below"
  add_mount /mnt bind "$SOURCE" rbind ridmap idmap
  mapped 0:1000:10
  owners_are '1000:1000 0:0' root sub/below
}

@test "together with other options, which stay" {
  add_mount /mnt bind "$SOURCE" bind idmap ro nosuid nodev noexec shared
  mapped 0:1000:10
  shell_is 'cat /proc/self/mountinfo; touch /mnt/x'
  run_it
  says_like '/mnt ro,nosuid,nodev,noexec,[^ ]* idmapped shared:|/mnt ro,nosuid,nodev,noexec[^ ]*,idmapped shared:'
  says 'Read-only file system'
}

@test "a new file system" {
  needs_tmpfs
  add_mount /mnt tmpfs tmpfs idmap mode=755
  mapped 0:1000:10
  command_is stat -c %u:%g /mnt
  run_well
  [ "$output" = 1000:1000 ]
}

@test "a source inside the root file system, made by an earlier mount" {
  needs_tmpfs
  add_mount /mnt tmpfs tmpfs mode=755
  add_mount /mnt2 bind rootfs/mnt bind idmap
  mapped 0:1000:10
  command_is stat -c %u:%g /mnt /mnt2
  run_well
  [ "$output" = $'0:0\n1000:1000' ]
}

@test "a file" {
  add_mount /etc/passwd bind "$SOURCE/one" bind idmap
  mapped 0:1000:10
  command_is stat -c %u:%g /etc/passwd
  run_well
  [ "$output" = 1001:1002 ]
}

@test "no descriptor of a mapping is left in the container or its hooks" {
  add_mount /mnt bind "$SOURCE" bind idmap
  mapped 0:1000:10
  add_hook startContainer 'ls -l /proc/self/fd >/tmp/fds'
  shell_is 'ls -l /proc/self/fd; cat /tmp/fds'
  run_well
  says_not user:
}

@test "a file system that cannot do it is named" {
  add_mount /mnt bind /proc/self bind idmap
  mapped 0:1000:10
  refused 'mounts['
  says '/mnt'
  says 'does not support id-mapped mounts'
}

@test "so is one in a user namespace, where the parent does it" {
  has_user_namespace
  add_mount /mnt bind /sys bind idmap
  refused 'mounts['
  says 'does not support id-mapped mounts'
}

@test "what is mapped already is not mapped again" {
  add_mount /mnt bind "$SOURCE" bind idmap
  mapped 0:1000:10
  add_mount /mnt2 bind rootfs/mnt bind idmap
  mapped 0:1000:10
  refused 'mounts['
  says 'id-mapped already'
}
