#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# mountns.bats - containers without a mount namespace of their own: the host keeps its mounts.
# shellcheck disable=SC2016,SC2119,SC2120

load helpers

prepare() {
  only root
  tare_only
  make_bundle
  no_namespace mount
  config '.root.readonly = false | del(.linux.maskedPaths, .linux.readonlyPaths)'
  SOURCE=$WORK/source
  mkdir "$SOURCE"
  echo content >"$SOURCE/file"
}

# What is mounted on the host is what was mounted before, also while the container is there.
mounts_are_as_before() {
  grep '^mount ' "$WORK.before" >"$WORK.mounts-before"
  sed 's/^/mount /' /proc/self/mountinfo | cut -d' ' -f1,6- | LC_ALL=C sort >"$WORK.mounts"
  diff "$WORK.mounts-before" "$WORK.mounts"
}

@test "it is in the mount namespace of the runtime" {
  config '.process.args = ["readlink", "/proc/self/ns/mnt"]'
  run_well
  [ "$output" = "$(readlink /proc/self/ns/mnt)" ]
}

@test "its root is the root file system, with all that is mounted there" {
  add_mount /mnt bind "$SOURCE" bind ro
  add_mount /mnt2 tmpfs tmpfs size=64k
  shell_is 'pwd; ls /; cat /mnt/file; touch /mnt/x; touch /mnt2/x && echo written;
    test -c /dev/null && readlink /dev/stdin; stat -f -c %T /proc /sys /dev/pts'
  run_it
  [ "$status" -eq 0 ]
  says content
  says 'Read-only file system'
  says written
  says /proc/self/fd/0
  says $'proc\nsysfs\ndevpts'
  [ "${lines[0]}" = / ]
  [ ! -e "$SOURCE/x" ]
  [ ! -e "$BUNDLE/rootfs/mnt2/x" ]
}

@test "nothing of it is mounted on the host while it waits, runs, or is gone" {
  add_mount /mnt bind "$SOURCE" rbind
  command_is sleep 100
  create_it
  mounts_are_as_before
  tare_quietly start it
  mounts_are_as_before
  tare_quietly delete --force it
  mounts_are_as_before
}

@test "shared mounts of the host do not pass anything on" {
  mount -t tmpfs tmpfs "$SOURCE"
  mount --make-shared "$SOURCE"
  mkdir "$SOURCE/inner"
  add_mount /mnt bind "$SOURCE" rbind
  add_mount /mnt/inner tmpfs tmpfs
  shell_is 'touch /mnt/inner/x; ls /mnt/inner'
  run_it
  local seen
  seen=$(ls "$SOURCE/inner")
  umount "$SOURCE"
  [ "$output" = x ]
  [ -z "$seen" ]
}

@test "a root file system that is a mount of its own stays mounted" {
  mount --bind "$BUNDLE/rootfs" "$BUNDLE/rootfs"
  command_is true
  run_it
  mountpoint -q "$BUNDLE/rootfs"
  umount "$BUNDLE/rootfs"
  [ "$status" -eq 0 ]
  run ! mountpoint -q "$BUNDLE/rootfs"
}

@test "a read-only root" {
  config '.root.readonly = true'
  shell_is 'touch /x; touch /tmp/x'
  run_it
  [ "$status" -ne 0 ]
  says 'Read-only file system'
}

@test "a terminal" {
  config '.process.terminal = true'
  shell_is 'tty; test -t 0 && test -c /dev/console && echo console'
  run_well
  says console
}

@test "hooks see the same namespace, and the root file system before it is the root" {
  add_hook createRuntime 'readlink /proc/self/ns/mnt >"$PWD/ns1"'
  add_hook createContainer 'readlink /proc/self/ns/mnt >"$PWD/ns2"'
  add_hook startContainer 'readlink /proc/self/ns/mnt >/ns3'
  command_is true
  run_well
  local file
  for file in ns1 ns2 rootfs/ns3; do
    [ "$(cat "$BUNDLE/$file")" = "$(readlink /proc/self/ns/mnt)" ]
  done
}

@test "a mount that fails leaves nothing" {
  add_mount /mnt bind "$SOURCE" bind
  add_mount /mnt2 nosuchfs none
  refused nosuchfs
  mounts_are_as_before
}

@test "no namespace at all" {
  config 'del(.hostname) | .linux.namespaces = []'
  shell_is 'readlink /proc/self/ns/mnt; readlink /proc/self/ns/pid; ls /bin/busybox'
  run_well
  says "$(readlink /proc/self/ns/mnt)"
  says "$(readlink /proc/self/ns/pid)"
  says /bin/busybox
}

@test "what could not be true is refused" {
  config '.linux.maskedPaths = ["/proc/kcore"]'
  refused 'linux.maskedPaths: unable to restrict sys entries without a private MNT namespace'
  config 'del(.linux.maskedPaths) | .linux.readonlyPaths = ["/proc/sys"]'
  refused 'linux.readonlyPaths: unable to restrict sys entries without a private MNT namespace'
  config 'del(.linux.readonlyPaths) | .linux.rootfsPropagation = "shared"'
  refused 'linux.rootfsPropagation: without a private MNT namespace it can only be private'
  config 'del(.linux.rootfsPropagation)'
  add_mount /mnt tmpfs tmpfs rslave
  refused 'without a private MNT namespace a mount can only be private or rprivate'
}

@test "a user namespace needs a mount namespace, too" {
  config '.linux.namespaces += [{type: "user"}]
    | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}]
    | .linux.gidMappings = .linux.uidMappings'
  refused 'with a user namespace there must be a mount namespace'
}
