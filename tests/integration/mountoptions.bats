#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# mountoptions.bats - each word of config.md, "Linux mount options", read back from mountinfo.
# shellcheck disable=SC2016,SC2030,SC2031,SC2119,SC2120

load helpers

# A file system with another one in it: what is for one mount, and what is for all below.
prepare() {
  only root
  tare_only
  make_bundle
  SOURCE=$WORK/source
  mkdir "$SOURCE"
  mount -t tmpfs tmpfs "$SOURCE"
  mkdir "$SOURCE/sub"
  mount -t tmpfs tmpfs "$SOURCE/sub"
  : >"$WORK/wrong"
}

teardown() {
  remove_containers
  if [ -d "$SOURCE" ]; then umount -R "$SOURCE"; fi
  nothing_is_left
}

# What follows the mount point in mountinfo, "," around each word: flags, tags, those of the
# file system.
words_of() { # DESTINATION
  awk -v d="$1" '$5 == d { line = $0 } END { print line }' <<<"$output" |
    sed 's/^[^ ]* [^ ]* [^ ]* [^ ]* [^ ]* //; s/ - [^ ]* [^ ]*//; s/:[0-9]*//g; s/[ ,]/,/g; s/.*/,&,/'
}

# One container with one mount; the words that it has to have, and with "!" must not.
gives() { # DESTINATION WORDS: of the output
  local words word
  words=$(words_of "$1")
  for word in $2; do
    case $word in
    !*) [[ $words != *",${word#!},"* ]] || echo "$CASE: $1 has ${word#!}: $words" >>"$WORK/wrong" ;;
    *) [[ $words == *",$word,"* ]] || echo "$CASE: $1 lacks $word: $words" >>"$WORK/wrong" ;;
    esac
  done
}

mounted() { # TYPE SOURCE OPTION...
  CASE="$*"
  config '.mounts |= map(select(.destination != "/mnt"))'
  add_mount /mnt "$@"
  command_is cat /proc/self/mountinfo
  run_it --no-new-keyring # so many would be more than the kernel lets a user have
  [ "$status" -eq 0 ] || echo "$CASE: $output" >>"$WORK/wrong"
}

# OPTIONS of a new tmpfs and of a bind give WORDS.
both_give() { # OPTIONS WORDS
  # shellcheck disable=SC2086
  mounted tmpfs tmpfs $1
  gives /mnt "$2"
  # shellcheck disable=SC2086
  mounted bind "$SOURCE" bind $1
  gives /mnt "$2"
}

# OPTIONS of an rbind give WORDS at the top and below it.
all_have() { # OPTIONS WORDS [WORDS-BELOW]
  # shellcheck disable=SC2086
  mounted bind "$SOURCE" rbind $1
  gives /mnt "$2"
  gives /mnt/sub "${3-$2}"
}

nothing_was_wrong() {
  [ ! -s "$WORK/wrong" ] || {
    cat "$WORK/wrong"
    return 1
  }
}

@test "flags of a mount, new or bound: set, and taken back by what comes later" {
  both_give 'defaults' 'rw relatime !nosuid !nodev !noexec'
  both_give 'ro' 'ro'
  both_give 'ro rw' 'rw'
  both_give 'rw ro' 'ro'
  local word
  for word in suid dev exec diratime symfollow; do
    both_give "no$word" "no$word"
    both_give "no$word $word" "!no$word"
    both_give "$word no$word" "no$word"
  done
  nothing_was_wrong
}

@test "how access times are kept: the last word counts" {
  both_give 'noatime' 'noatime !relatime'
  both_give 'noatime atime' 'relatime !noatime'
  both_give 'relatime' 'relatime'
  both_give 'strictatime' '!relatime !noatime'
  both_give 'strictatime nostrictatime' 'relatime'
  both_give 'strictatime relatime' 'relatime'
  both_give 'relatime norelatime' 'relatime'
  both_give 'noatime strictatime' '!noatime !relatime'
  both_give 'strictatime noatime' 'noatime'
  nothing_was_wrong
}

@test "flags of the file system: set, and taken back by what comes later" {
  local pair
  for pair in 'sync sync' 'dirsync dirsync' 'lazytime lazytime'; do
    mounted tmpfs tmpfs "${pair% *}"
    gives /mnt "${pair#* }"
  done
  mounted tmpfs tmpfs sync async
  gives /mnt '!sync'
  mounted tmpfs tmpfs async sync
  gives /mnt sync
  mounted tmpfs tmpfs lazytime nolazytime
  gives /mnt '!lazytime'
  mounted tmpfs tmpfs nolazytime lazytime
  gives /mnt lazytime
  nothing_was_wrong
}

# mountinfo does not show these, so what the kernel is asked is looked at.
kernel_is_told() { # OPTIONS EXPRESSION [WRAPPER...]: the call with "!" must not be there
  local expression=${2#!} found='' options=$1
  config '.mounts |= map(select(.destination != "/mnt"))'
  # shellcheck disable=SC2086
  add_mount /mnt tmpfs tmpfs $options
  shift 2
  run_traced "$@"
  ! grep -qE "$expression" "$WORK/trace" || found=yes
  [ "$found" = "${EXPECTED-yes}" ] || {
    echo "$options: ${EXPECTED-yes} expected of /$expression/" >>"$WORK/wrong"
    grep -E 'tmpfs|FLAG' "$WORK/trace" >>"$WORK/wrong"
  }
}

run_traced() { # [WRAPPER...]
  run timeout 30 strace -f -o "$WORK/trace" -e trace=mount,fsconfig "$@" \
    "$TARE" --root "$STATE" run --no-new-keyring -b "$BUNDLE" it
  [ "$status" -eq 0 ] || echo "$output" >>"$WORK/wrong"
}

@test "flags that the kernel keeps to itself come to it" {
  needs strace
  local without="$STAGE/bin/probe without 428 429 430 431 432 433 442 --"
  command_is true
  kernel_is_told iversion '"tmpfs", [A-Z_|]*MS_I_VERSION'
  kernel_is_told 'noiversion iversion' '"tmpfs", [A-Z_|]*MS_I_VERSION'
  kernel_is_told mand 'FSCONFIG_SET_FLAG, "mand"'
  kernel_is_told 'nomand mand' 'FSCONFIG_SET_FLAG, "mand"'
  # The messages of fsconfig(2) are told to its caller alone; mount(2) has to be asked.
  # shellcheck disable=SC2086
  kernel_is_told silent '"tmpfs", [A-Z_|]*MS_SILENT' $without
  EXPECTED=
  kernel_is_told 'iversion noiversion' MS_I_VERSION
  kernel_is_told 'mand nomand' '"mand"'
  # shellcheck disable=SC2086
  kernel_is_told 'silent loud' MS_SILENT $without
  nothing_was_wrong
}

@test "recursive flags reach all that is below, plain ones do not" {
  all_have 'rro' 'ro'
  all_have 'ro' 'ro' 'rw'
  all_have 'rro rrw' 'rw'
  all_have 'rrw rro' 'ro'
  all_have 'ro rrw' 'rw'
  local word
  for word in suid dev exec diratime symfollow; do
    all_have "rno$word" "no$word"
    all_have "no$word" "no$word" "!no$word"
    all_have "rno$word r$word" "!no$word"
    all_have "r$word rno$word" "no$word"
  done
  nothing_was_wrong
}

@test "recursive words for access times" {
  all_have 'rnoatime' 'noatime'
  all_have 'rnoatime ratime' 'relatime !noatime'
  all_have 'rstrictatime' '!relatime !noatime'
  all_have 'rstrictatime rnostrictatime' 'relatime'
  all_have 'rrelatime' 'relatime'
  all_have 'rrelatime rnorelatime' 'relatime'
  all_have 'noatime' 'noatime' 'relatime'
  nothing_was_wrong
}

@test "recursive words take back what the host's mounts have" {
  mount -o remount,bind,nosuid,nodev,noexec,nodiratime,noatime,nosymfollow "$SOURCE/sub"
  all_have 'rw' 'rw' 'nosuid nodev noexec nodiratime noatime nosymfollow'
  all_have 'rsuid rdev rexec rdiratime ratime rsymfollow' \
    '!nosuid !nodev !noexec !nodiratime !noatime !nosymfollow'
  mount -o remount,bind,ro "$SOURCE/sub"
  all_have 'rbind' 'rw' 'ro'
  all_have 'rrw' 'rw'
  nothing_was_wrong
}

@test "propagation of one mount and of all below" {
  mount --make-rshared "$SOURCE"
  all_have 'private' '!shared !master' 'master'
  all_have 'rprivate' '!shared !master'
  all_have 'slave' 'master !shared'
  all_have 'rslave' 'master !shared'
  all_have 'shared' 'shared' '!shared'
  all_have 'rshared' 'shared'
  all_have 'unbindable' 'unbindable' '!unbindable'
  all_have 'runbindable' 'unbindable'
  all_have 'rshared private' '!shared' 'shared'
  nothing_was_wrong
}

@test "rootfsPropagation: the new root, and with r what is mounted below" {
  local value words
  for value in private rprivate slave rslave shared rshared unbindable runbindable; do
    config '.linux.rootfsPropagation = $v' --arg v "$value"
    mounted tmpfs tmpfs rw
    CASE=$value
    case ${value#r} in
    private | slave) words='!shared !unbindable' ;;
    *) words=${value#r} ;;
    esac
    gives / "$words"
    case $value in
    rshared | runbindable) gives /mnt "$words" ;;
    # what is mounted on a shared mount is born shared
    shared) ;;
    *) gives /mnt '!shared !unbindable' ;;
    esac
  done
  nothing_was_wrong
}

@test "a slave root hears of the host's mounts, a private one does not" {
  mount --bind "$BUNDLE/rootfs" "$BUNDLE/rootfs"
  mount --make-shared "$BUNDLE/rootfs"
  mkdir "$BUNDLE/rootfs/later"
  config '.root.readonly = false'
  shell_is 'while [ ! -e /tmp/go ]; do sleep 0.02; done; ls /later >/tmp/seen'
  local value seen=
  for value in rslave rprivate; do
    config '.linux.rootfsPropagation = $v' --arg v "$value"
    create_it
    tare_quietly start it
    mount -t tmpfs tmpfs "$BUNDLE/rootfs/later"
    touch "$BUNDLE/rootfs/later/$value" "$BUNDLE/rootfs/tmp/go"
    wait_for status_is it stopped
    seen+="$value: $(cat "$BUNDLE/rootfs/tmp/seen"); "
    tare_quietly delete it
    umount "$BUNDLE/rootfs/later"
    rm "$BUNDLE/rootfs/tmp/go"
  done
  umount "$BUNDLE/rootfs"
  echo "$seen"
  [ "$seen" = 'rslave: rslave; rprivate: ; ' ]
}

@test "a tmpfs has mode and owner of the directory that it covers, unless it is told others" {
  mkdir "$BUNDLE/rootfs/mnt"
  chown 12:34 "$BUNDLE/rootfs/mnt"
  chmod 2751 "$BUNDLE/rootfs/mnt"
  config '.root.readonly = false'
  add_mount /mnt tmpfs tmpfs
  add_mount /mnt2 tmpfs tmpfs uid=5,gid=6,mode=700
  command_is stat -c %a:%u:%g /mnt /mnt2
  run_well
  [ "$output" = $'2751:12:34\n700:5:6' ]
}

@test "in a user namespace the flags of the host's mounts stay with a bind that names others" {
  mount -o remount,bind,nosuid,nodev,noexec "$SOURCE"
  give_rootfs_to 100000
  config '.linux.namespaces += [{type: "user"}]
    | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}]
    | .linux.gidMappings = .linux.uidMappings | .root.readonly = false'
  mounted bind "$SOURCE" bind ro
  gives /mnt 'ro nosuid nodev noexec'
  mounted bind "$SOURCE" rbind rro
  gives /mnt 'ro nosuid nodev noexec'
  gives /mnt/sub 'ro'
  nothing_was_wrong
}

# A user's own namespace may not take away what the machine's root has set.
@test "an option that takes away a locked flag is refused, and why is said" {
  local word as_user=(setpriv --reuid=54321 --regid=54321 --clear-groups)
  umount "$SOURCE/sub"
  mount -o remount,bind,nosuid,nodev,noexec,ro "$SOURCE"
  mkdir "$WORK/users" "$WORK/users/state"
  cp -dR "$BUNDLE" "$WORK/users/bundle"
  rm "$WORK/users/bundle/config.json"
  chmod a+rx "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR/test" "$BATS_TEST_TMPDIR" "$WORK"
  chown -hR 54321:54321 "$WORK/users"
  BUNDLE=$WORK/users/bundle
  "${as_user[@]}" "$TARE" spec --rootless -b "$BUNDLE"
  config '.process.terminal = false'
  for word in '' rw dev suid exec rrw rdev; do
    config '.mounts |= map(select(.destination != "/mnt"))'
    # shellcheck disable=SC2086
    add_mount /mnt bind "$SOURCE" bind $word
    command_is grep -c ' /mnt ro,nosuid,nodev,noexec' /proc/self/mountinfo
    chown 54321 "$BUNDLE/config.json"
    run timeout 30 "${as_user[@]}" "$TARE" --root "$WORK/users/state" run -b "$BUNDLE" it
    if [ -z "$word" ]; then
      [ "$output" = 1 ] || { echo "$output"; false; }
    else
      [ "$status" -eq 1 ]
      says_like 'mounts\[[0-9]+\]: error mounting "/mnt": set mount attributes: the options take away .* locked: operation not permitted'
    fi
  done
}

@test "sysfs needs a network namespace of the user namespace's own" {
  give_rootfs_to 100000
  no_namespace network
  config 'del(.linux.sysctl) | .linux.namespaces += [{type: "user"}]
    | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}]
    | .linux.gidMappings = .linux.uidMappings'
  refused '/sys'
  says 'peration not permitted'
}

@test "a cgroup mount where there is none, and none may be made, is refused in words" {
  give_rootfs_to 100000
  no_namespace cgroup
  config 'del(.linux.resources) | .linux.namespaces += [{type: "user"}]
    | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}]
    | .linux.gidMappings = .linux.uidMappings'
  run unshare -m sh -c 'while umount -R -l /sys/fs/cgroup 2>/dev/null; do :; done; exec "$@"' - \
    timeout 30 "$TARE" --root "$STATE" --cgroup-manager disabled run -b "$BUNDLE" it
  [ "$status" -eq 1 ]
  says /sys/fs/cgroup
  says 'no cgroup2 file system'
}
