#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# mounts.bats - every option of a mount, seen in mountinfo of the container.
# shellcheck disable=SC2016,SC2119,SC2120

load helpers

prepare() {
  make_bundle
  SOURCE=$WORK/source
  mkdir -p "$SOURCE/sub"
  echo content >"$SOURCE/file"
}

# The line of mountinfo for DESTINATION, as the last command's output has it.
mount_line() { # DESTINATION
  awk -v d="$1" '$5 == d' <<<"$output" | tail -n 1
}

# Per-mount options, propagation and those of the file system.
mount_has() { # DESTINATION OPTION...
  local destination=$1 line option

  line=$(mount_line "$destination")
  [ -n "$line" ] || {
    echo "nothing is mounted at $destination: $output"
    return 1
  }
  shift
  for option; do
    [[ " ${line//,/ } " == *" $option "* || " ${line//,/ } " == *" $option:"* ]] || {
      echo "$destination: no '$option' in: $line"
      return 1
    }
  done
}

mount_lacks() { # DESTINATION OPTION...
  local destination=$1 line option

  line=$(mount_line "$destination")
  shift
  for option; do
    [[ " ${line//,/ } " != *" $option "* && " ${line//,/ } " != *" $option:"* ]] || {
      echo "$destination: '$option' in: $line"
      return 1
    }
  done
}

# Mount a tmpfs with OPTIONS and see mountinfo.
tmpfs_with() { # OPTION...
  config '.mounts |= map(select(.destination != "/mnt"))'
  add_mount /mnt tmpfs tmpfs "$@"
  command_is cat /proc/self/mountinfo
  run_well
}

bind_with() { # OPTION...
  config '.mounts |= map(select(.destination != "/mnt"))'
  add_mount /mnt bind "$SOURCE" "$@"
  command_is cat /proc/self/mountinfo
  run_well
}

# field: mounts[].destination, mounts[].type, mounts[].source, mounts[].options
@test "the mounts of the default bundle are what their options say" {
  command_is cat /proc/self/mountinfo
  run_well
  mount_has /proc proc
  mount_has /dev nosuid tmpfs
  mount_has /dev/pts devpts nosuid noexec
  mount_has /dev/shm nosuid nodev noexec tmpfs
  mount_has /dev/mqueue mqueue nosuid nodev noexec
  mount_has /sys nosuid nodev noexec ro
  mount_has / ro
}

# field: mounts[].options
@test "options that set and clear flags of a mount" {
  local pair
  for pair in 'ro ro' 'rw rw' 'nosuid nosuid' 'nodev nodev' 'noexec noexec' 'noatime noatime' \
    'nodiratime nodiratime' 'relatime relatime' 'defaults rw'; do
    # shellcheck disable=SC2086
    set -- $pair
    tmpfs_with "$1"
    mount_has /mnt "$2"
  done
  tmpfs_with strictatime
  mount_lacks /mnt relatime noatime
}

@test "options that set flags of the file system" {
  not_in userns rootless plain
  tmpfs_with sync
  mount_has /mnt sync
  is_tare || skip "$TARE_NAME knows fewer"
  tmpfs_with dirsync
  mount_has /mnt dirsync
  tmpfs_with lazytime
  mount_has /mnt lazytime
  tmpfs_with iversion
  tmpfs_with mand
  tmpfs_with silent
}

# field: mounts[].options
@test "options that take back what the ones before said" {
  tmpfs_with ro nosuid nodev noexec noatime rw suid dev exec atime
  mount_has /mnt rw
  mount_lacks /mnt ro noexec noatime
  not_in userns rootless plain
  mount_lacks /mnt nosuid nodev
  is_tare || skip "$TARE_NAME knows fewer"
  tmpfs_with sync async dirsync lazytime nolazytime noiversion loud nomand diratime norelatime nostrictatime
  mount_lacks /mnt sync lazytime
}

@test "nosymfollow" {
  tare_only
  tmpfs_with nosymfollow
  mount_has /mnt nosymfollow
  tmpfs_with nosymfollow symfollow
  mount_lacks /mnt nosymfollow
}

@test "an option of the file system" {
  tmpfs_with size=64k mode=711
  mount_has /mnt size=64k mode=711
}

@test "an option that nobody knows is refused" {
  add_mount /mnt tmpfs tmpfs nosuchoption
  refused ''
}

# field: mounts[].source
@test "bind: the content, writable" {
  add_mount /mnt bind "$SOURCE" bind
  shell_is 'cat /mnt/file; echo new >/mnt/sub/new'
  run_well
  [ "$output" = content ]
  [ "$(cat "$SOURCE/sub/new")" = new ]
}

@test "bind: read-only" {
  bind_with bind ro
  mount_has /mnt ro
  shell_is 'echo new >/mnt/new'
  run_it
  [ "$status" -ne 0 ]
  [ ! -e "$SOURCE/new" ]
}

@test "bind: every flag" {
  bind_with bind nosuid nodev noexec
  mount_has /mnt nosuid nodev noexec rw
  not_in userns rootless plain # how access times are kept is locked there
  bind_with bind noatime nodiratime
  mount_has /mnt noatime nodiratime
}

@test "bind: how a tmpfs is to be made means nothing, and the log says so" {
  bind_with bind ro mode=700 size=1k
  mount_has /mnt ro
  tare_only
  tare --log "$WORK/log" run -b "$BUNDLE" it >/dev/null
  grep -q 'size=1k.*does nothing' "$WORK/log"
  config '.mounts[-1].options += ["uid=1000"]'
  refused 'bind mounts cannot have any filesystem-specific options applied'
}

@test "bind: a file on a file that is missing" {
  add_mount /srv/new/file bind "$SOURCE/file" bind
  config '.root.readonly = false'
  command_is cat /srv/new/file
  run_well
  [ "$output" = content ]
}

@test "bind: a file on a file" {
  add_mount /etc/passwd bind "$SOURCE/file" bind ro
  command_is cat /etc/passwd
  run_well
  [ "$output" = content ]
}

@test "bind: a source relative to the bundle" {
  mkdir "$BUNDLE/data"
  echo relative >"$BUNDLE/data/file"
  add_mount /mnt bind data bind
  command_is cat /mnt/file
  run_well
  [ "$output" = relative ]
}

@test "bind: a source that is a link" {
  ln -s "$SOURCE" "$WORK/link"
  add_mount /mnt bind "$WORK/link" bind
  command_is cat /mnt/file
  run_well
  [ "$output" = content ]
}

@test "bind: a source that is missing is refused by name" {
  add_mount /mnt bind "$WORK/nothing" bind
  refused "$WORK/nothing"
  says 'no such file or directory'
}

@test "bind: without a type" {
  config '.mounts += [{destination: "/mnt", source: $s, options: ["bind"]}]' --arg s "$SOURCE"
  command_is cat /mnt/file
  run_well
  [ "$output" = content ]
}

@test "bind and rbind differ in what is mounted below" {
  only root
  mount -t tmpfs tmpfs "$SOURCE/sub"
  touch "$SOURCE/sub/below"
  add_mount /mnt bind "$SOURCE" bind
  add_mount /mnt2 bind "$SOURCE" rbind
  config '.root.readonly = false'
  shell_is 'ls /mnt/sub; echo -; ls /mnt2/sub'
  run_it
  umount "$SOURCE/sub"
  [ "$output" = $'-\nbelow' ]
}

@test "ro and rro differ in what is mounted below" {
  only root
  mount -t tmpfs tmpfs "$SOURCE/sub"
  is_tare || skip "$TARE_NAME may be too old"
  config '.root.readonly = false'
  add_mount /mnt bind "$SOURCE" rbind ro
  add_mount /mnt2 bind "$SOURCE" rbind rro
  shell_is 'touch /mnt/x; touch /mnt/sub/x && echo below; touch /mnt2/x; touch /mnt2/sub/y; cat /proc/self/mountinfo'
  run_it
  umount "$SOURCE/sub"
  says below
  mount_has /mnt ro
  mount_has /mnt/sub rw
  mount_has /mnt2 ro
  mount_has /mnt2/sub ro
}

@test "recursive options reach what is mounted below" {
  only root
  tare_only
  mount -t tmpfs tmpfs "$SOURCE/sub"
  config '.root.readonly = false'
  add_mount /mnt bind "$SOURCE" rbind rnosuid rnodev rnoexec rnoatime
  add_mount /mnt2 bind "$SOURCE" rbind rnosymfollow rnodiratime
  add_mount /mnt3 bind "$SOURCE" rbind rro rrw rnosuid rsuid rnodev rdev rnoexec rexec rnosymfollow rsymfollow
  command_is cat /proc/self/mountinfo
  run_it
  umount "$SOURCE/sub"
  [ "$status" -eq 0 ]
  mount_has /mnt/sub nosuid nodev noexec noatime
  mount_has /mnt2/sub nosymfollow nodiratime
  mount_lacks /mnt3/sub ro nosuid nodev noexec nosymfollow
}

@test "options of the host's mount are kept or cleared by a bind" {
  only root
  tare_only
  mount -t tmpfs -o nosuid,nodev,noexec tmpfs "$SOURCE/sub"
  config '.root.readonly = false'
  add_mount /mnt bind "$SOURCE/sub" bind
  add_mount /mnt2 bind "$SOURCE/sub" bind exec dev suid
  command_is cat /proc/self/mountinfo
  run_it
  umount "$SOURCE/sub"
  [ "$status" -eq 0 ]
  mount_has /mnt nosuid nodev noexec
  mount_lacks /mnt2 nosuid nodev noexec
}

@test "propagation of a mount" {
  local pair
  for pair in 'private -' 'shared shared' 'unbindable unbindable' 'rprivate -' 'rshared shared' 'runbindable unbindable'; do
    # shellcheck disable=SC2086
    set -- $pair
    tmpfs_with "$1"
    case $2 in
    -) mount_lacks /mnt shared master unbindable ;;
    *) mount_has /mnt "$2" ;;
    esac
  done
}

@test "a slave sees what the host mounts later, a private one does not" {
  only root
  mount -t tmpfs tmpfs "$SOURCE/sub"
  mount --make-shared "$SOURCE/sub"
  mkdir "$SOURCE/sub/later"
  config '.root.readonly = false | .linux.rootfsPropagation = "rslave"'
  add_mount /mnt bind "$SOURCE/sub" rbind rslave
  add_mount /mnt2 bind "$SOURCE/sub" rbind rprivate
  shell_is 'echo up >/tmp/up; while [ ! -e /tmp/go ]; do sleep 0.05; done; ls /mnt/later; echo -; ls /mnt2/later; echo - ; cat /proc/self/mountinfo'
  tare run -b "$BUNDLE" it >"$WORK/said" 2>&1 &
  local runtime=$!
  wait_for test -e "$BUNDLE/rootfs/tmp/up"
  mount -t tmpfs tmpfs "$SOURCE/sub/later"
  touch "$SOURCE/sub/later/seen"
  touch "$BUNDLE/rootfs/tmp/go"
  wait "$runtime" || true
  umount "$SOURCE/sub/later"
  umount "$SOURCE/sub"
  output=$(cat "$WORK/said")
  [ "$(head -n 3 <<<"$output")" = $'seen\n-\n-' ]
  mount_has /mnt master
}

@test "nothing of the container's mounts reaches the host" {
  only root
  mount -t tmpfs tmpfs "$SOURCE/sub"
  mount --make-shared "$SOURCE/sub"
  mkdir "$SOURCE/sub/deep"
  add_mount /mnt bind "$SOURCE/sub" rbind
  add_mount /mnt/deep tmpfs tmpfs
  shell_is 'touch /mnt/deep/inside'
  run_it
  local seen
  seen=$(ls "$SOURCE/sub/deep")
  umount "$SOURCE/sub"
  [ "$status" -eq 0 ]
  [ -z "$seen" ]
}

# field: linux.rootfsPropagation
@test "rootfsPropagation of the new root" {
  only root
  local pair
  for pair in 'private -' 'slave -' 'shared shared' 'unbindable unbindable'; do
    # shellcheck disable=SC2086
    set -- $pair
    is_tare || [ "$1" != shared ] || continue
    config '.linux.rootfsPropagation = $p' --arg p "$1"
    command_is cat /proc/self/mountinfo
    run_well
    case $2 in
    -) mount_lacks / shared unbindable ;;
    *) mount_has / "$2" ;;
    esac
  done
}

@test "an unknown propagation is refused" {
  config '.linux.rootfsPropagation = "sideways"'
  refused rootfsPropagation
}

# field: root.readonly
@test "a read-only root" {
  shell_is 'touch /x 2>&1; touch /tmp/x 2>&1; touch /dev/shm/x && echo written'
  run_it
  says 'Read-only file system'
  says written
  config '.root.readonly = false'
  shell_is 'touch /tmp/y && echo written'
  run_well
  [ "$output" = written ]
}

# field: root.path
@test "a root file system given as an absolute path, and as a link" {
  config '.root.path = $p' --arg p "$BUNDLE/rootfs"
  command_is echo absolute
  run_well
  [ "$output" = absolute ]
}

@test "mount points that are missing are made" {
  config '.root.readonly = false'
  add_mount /a/b/c tmpfs tmpfs
  add_mount /a/b/d bind "$SOURCE/file" bind
  shell_is 'stat -c "%F" /a /a/b /a/b/c /a/b/d'
  run_well
  [ "$output" = $'directory\ndirectory\ndirectory\nregular file' ]
  [ "$(stat -c %a "$BUNDLE/rootfs/a/b")" = 755 ]
}

# field: mounts[].destination
@test "mounts come in the order of the list" {
  config '.root.readonly = false'
  add_mount /mnt tmpfs tmpfs
  add_mount /mnt/inner bind "$SOURCE" bind
  add_mount /mnt2 tmpfs tmpfs
  add_mount /mnt2 bind "$SOURCE" bind
  shell_is 'cat /mnt/inner/file /mnt2/file'
  run_well
  [ "$output" = $'content\ncontent' ]
}

@test "a link in a mount's destination leads inside the container" {
  ln -s /etc "$BUNDLE/rootfs/link"
  ln -s ../../../../../../etc/group "$BUNDLE/rootfs/up"
  add_mount /link/passwd bind "$SOURCE/file" bind
  ln -s ../../../../../../mnt "$BUNDLE/rootfs/directory"
  add_mount /up bind "$SOURCE/file" bind
  add_mount /directory bind "$SOURCE" bind
  add_mount /directory/sub bind "$SOURCE" rbind rprivate
  shell_is 'cat /etc/passwd /etc/group /mnt/file /mnt/sub/file'
  run_well
  [ "$output" = $'content\ncontent\ncontent\ncontent' ]
}

@test "names that are relative to the working directory are not the image's, whatever was bound before" {
  mkdir "$WORK/caller" "$WORK/caller"/{lower,lower2,src} "$BUNDLE/rootfs"/{t,o,s}
  echo right | tee "$WORK/caller/lower/who" >"$WORK/caller/src/who"
  for name in t/lower t/src o/lower o/src s/src; do ln -s "$BUNDLE/rootfs/etc" "$BUNDLE/rootfs/$name"; done
  add_mount /t none "$SOURCE" bind
  add_mount /o overlay overlay ro lowerdir=lower:lower2
  add_mount /s none /proc/self/cwd/src bind
  shell_is 'cat /o/who /s/who'
  cd "$WORK/caller"
  run_well
  [ "$output" = $'right\nright' ]
}

@test "tmpfs: the mode of the directory below is inherited" {
  mkdir "$BUNDLE/rootfs/mnt"
  chmod 1753 "$BUNDLE/rootfs/mnt"
  add_mount /mnt tmpfs tmpfs
  command_is stat -c %a /mnt
  run_well
  [ "$output" = 1753 ]
}

@test "tmpfs: a mode of its own" {
  mkdir "$BUNDLE/rootfs/mnt"
  chmod 700 "$BUNDLE/rootfs/mnt"
  add_mount /mnt tmpfs tmpfs mode=1777
  command_is stat -c %a /mnt
  run_well
  [ "$output" = 1777 ]
}

@test "tmpfs: on a directory that is missing" {
  config '.root.readonly = false'
  add_mount /new tmpfs tmpfs
  command_is stat -c %a /new
  run_well
  [ "$output" = 1777 ]
}

@test "tmpcopyup" {
  mkdir -p "$BUNDLE/rootfs/data/deep"
  echo one >"$BUNDLE/rootfs/data/file"
  echo two >"$BUNDLE/rootfs/data/deep/file"
  ln -s deep/file "$BUNDLE/rootfs/data/link"
  chmod 640 "$BUNDLE/rootfs/data/file"
  add_mount /data tmpfs tmpfs tmpcopyup
  shell_is 'cat /data/file /data/deep/file; readlink /data/link; stat -c %a /data/file; echo more >/data/new'
  run_well
  [ "$output" = $'one\ntwo\ndeep/file\n640' ]
  [ ! -e "$BUNDLE/rootfs/data/new" ]
}

# field: linux.maskedPaths
@test "masked paths: a file reads as nothing, a directory is empty" {
  mkdir "$BUNDLE/rootfs/secret"
  echo secret >"$BUNDLE/rootfs/secret/file"
  echo secret >"$BUNDLE/rootfs/etc/secret"
  config '.linux.maskedPaths = ["/secret", "/etc/secret", "/not/there"] | .root.readonly = false'
  shell_is 'cat /etc/secret; ls -A /secret; stat -c %t:%T /etc/secret; touch /secret/x 2>&1'
  run_it
  says_not secret/file
  [ "${lines[0]}" = 1:3 ]
  says 'Read-only file system'
  [ "$(cat "$BUNDLE/rootfs/secret/file")" = secret ]
}

@test "the default masked paths are masked" {
  shell_is 'cat /proc/kcore 2>/dev/null | wc -c; ls /sys/firmware 2>/dev/null | wc -l; cat /proc/keys /proc/timer_list 2>/dev/null | wc -c'
  run_well
  [ "$output" = $'0\n0\n0' ]
}

@test "masked directories share one empty file system" {
  tare_only
  mkdir "$BUNDLE/rootfs/one" "$BUNDLE/rootfs/two"
  config '.linux.maskedPaths = ["/one", "/two"]'
  shell_is 'stat -c %d /one; stat -c %d /two'
  run_well
  [ "${lines[0]}" = "${lines[1]}" ]
}

# field: linux.readonlyPaths
@test "read-only paths" {
  mkdir "$BUNDLE/rootfs/fixed"
  config '.linux.readonlyPaths = ["/fixed", "/not/there"] | .root.readonly = false'
  shell_is 'touch /fixed/x 2>&1; touch /tmp/x && echo written'
  run_it
  says 'Read-only file system'
  says written
}

@test "the default read-only paths are read-only" {
  shell_is 'echo x >/proc/sysrq-trigger; echo x >/proc/sys/kernel/hostname'
  run_it
  [ "$status" -ne 0 ]
  says 'ead-only file system'
}

@test "cgroup: the container sees its own cgroup as the root" {
  not_in rootless plain
  [ -d "$CGROUPS" ] || skip 'no cgroups'
  shell_is 'cat /proc/self/cgroup; cat /proc/self/mountinfo; ls /sys/fs/cgroup/cgroup.procs'
  run_well
  says '0::/'
  mount_has /sys/fs/cgroup ro nosuid nodev noexec cgroup2
  says /sys/fs/cgroup/cgroup.procs
}

@test "a mount namespace of the caller's cannot be masked" {
  only root
  no_namespace mount
  config '.mounts = []'
  refused 'private MNT namespace'
}

@test "a relative destination is one below the root" {
  config '.root.readonly = false'
  add_mount mnt2 bind "$SOURCE" bind
  command_is cat /mnt2/file
  run_well
  [ "$output" = content ]
}

@test "nothing may be mounted in /proc but what is known to be harmless" {
  only root
  tare_only
  add_mount /proc/self tmpfs tmpfs
  refused proc
  config '.mounts |= map(select(.destination != "/proc/self"))'
  add_mount /proc/meminfo bind "$SOURCE/file" bind
  command_is cat /proc/meminfo
  run_well
  [ "$output" = content ]
}

@test "mqueue and devpts are the container's own" {
  only root
  shell_is 'ls /dev/mqueue /dev/pts'
  run_well
  says_not 0
}

@test "remount changes what is mounted" {
  tare_only
  add_mount /mnt tmpfs tmpfs
  add_mount /mnt tmpfs tmpfs remount ro
  command_is cat /proc/self/mountinfo
  run_well
  mount_has /mnt ro
}

@test "--no-pivot" {
  only root
  shell_is "awk '\$5 == \"/\"' /proc/self/mountinfo | grep -q . && test -x /bin/busybox"
  run_well --no-pivot
}
