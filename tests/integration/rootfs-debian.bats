#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# rootfs-debian.bats - a whole Debian as root file system, as root and in a user namespace.
# shellcheck disable=SC2016,SC2030,SC2031,SC2153
#
# It is made once by mmdebstrap or debootstrap, which needs the network, and kept outside of the
# tree: ${TARE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/tare}/debian-bookworm.tar

load helpers

SUITE=bookworm
SHIFT=700000000
IDS=65536
MAKE_LIMIT=600

# ---- the root file system ----

cache() {
  echo "${TARE_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/tare}"
}

make_tar() { # FILE
  local work

  if command -v mmdebstrap >/dev/null; then
    timeout "$MAKE_LIMIT" mmdebstrap --quiet --variant=minbase "$SUITE" "$1"
  elif command -v debootstrap >/dev/null; then
    work=$(mktemp -d -p "$BATS_FILE_TMPDIR")
    timeout "$MAKE_LIMIT" debootstrap --variant=minbase "$SUITE" "$work" &&
      tar -C "$work" --numeric-owner -cf "$1" .
  else
    echo 'neither mmdebstrap nor debootstrap is installed'
    return 1
  fi
}

# The archive of the cache, made if need be; nothing half-made keeps its name.
cached_tar() {
  local file

  file=$(cache)/debian-$SUITE.tar
  [ ! -s "$file" ] || return 0
  mkdir -p "$(cache)"
  make_tar "$file.$$.tar" && mv "$file.$$.tar" "$file" && return 0
  rm -f "$file.$$.tar"
  return 1
}

# The same files, owned by ids as a user namespace has them: shifted SOURCE TARGET
shifted() {
  cp -a "$1" "$2"
  perl -MPOSIX=lchown -MFile::Find -e '
    my ($directory, $shift) = @ARGV;
    finddepth(sub {
      my @status = lstat or die "$File::Find::name: $!";
      lchown($status[4] + $shift, $status[5] + $shift, $_) == 0 || die "$File::Find::name: $!"
        if $status[4] < $shift;
      chmod $status[2] & 07777, $_ unless -l;
    }, $directory);' "$2" "$SHIFT"
}

setup_file() {
  [ "$MODE" = root ] || return 0
  if ! cached_tar >"$BATS_FILE_TMPDIR/log" 2>&1 </dev/null; then
    return 0
  fi
  mkdir "$BATS_FILE_TMPDIR/debian"
  tar -C "$BATS_FILE_TMPDIR/debian" --numeric-owner -xpf "$(cache)/debian-$SUITE.tar" \
    --exclude './dev/*'
  furnish_accounts "$BATS_FILE_TMPDIR/debian"
  shifted "$BATS_FILE_TMPDIR/debian" "$BATS_FILE_TMPDIR/debian-shifted"
  # Root of a user namespace must be able to get there.
  chmod a+x "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR/file" "$BATS_FILE_TMPDIR"
  touch "$BATS_FILE_TMPDIR/made"
}

# What adduser would write.
furnish_accounts() { # ROOT
  echo 'tester:x:1000:1000:Tester:/home/tester:/bin/bash' >>"$1/etc/passwd"
  echo 'tester:*:19000:0:99999:7:::' >>"$1/etc/shadow"
  echo 'tester:x:1000:' >>"$1/etc/group"
  sed -i 's/^\(adm\|dialout\|cdrom\):\(.*\)$/\1:\2tester/' "$1/etc/group"
  mkdir -p "$1/home/tester"
  echo 'export FROM_PROFILE=yes' >"$1/home/tester/.profile"
  chown -R 1000:1000 "$1/home/tester"
}

prepare() {
  only root
  [ -e "$BATS_FILE_TMPDIR/made" ] ||
    skip "no Debian could be made: $(tail -n 1 "$BATS_FILE_TMPDIR/log")"
  BUNDLE=$WORK/bundle
  mkdir "$BUNDLE"
  "$TARE" spec -b "$BUNDLE"
  config '.process.terminal = false | .root = {path: $root, readonly: true}
    | .process.env = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "TERM=dumb", "LC_ALL=C"]' \
    --arg root "$BATS_FILE_TMPDIR/debian"
}

in_user_namespace() {
  config '.root.path = $root
    | .linux.namespaces += [{type: "user"}]
    | .linux.uidMappings = [{containerID: 0, hostID: $shift, size: $ids}]
    | .linux.gidMappings = .linux.uidMappings' \
    --arg root "$BATS_FILE_TMPDIR/debian-shifted" --argjson shift "$SHIFT" --argjson ids "$IDS"
}

as_tester() {
  config '.process.user = {uid: 1000, gid: 1000, additionalGids: [4, 20, 24]}
    | .process.cwd = "/home/tester" | .process.env += ["HOME=/home/tester"]'
}

# ---- what runs in it, whatever it runs in ----

programs_work() {
  command_is bash -c 'echo "$BASH_VERSION"; set -o pipefail; printf "b\na\n" | sort | paste -sd,'
  run_well
  [[ ${lines[0]} == 5.* ]]
  [ "${lines[1]}" = a,b ]

  command_is dpkg -l
  run_well
  [ "$(grep -c '^ii' <<<"$output")" -gt 50 ]
  grep -qE '^ii +dpkg ' <<<"$output"

  command_is dpkg --verify coreutils
  run_well
  [ -z "$output" ]

  command_is apt-get --version
  run_well
  [[ ${lines[0]} == 'apt 2.'* ]]

  command_is /usr/bin/perl -e 'printf "%s %d %s\n", $^O, 6 * 7, join ",", sort keys %{{b => 1, a => 2}}'
  run_well
  [ "$output" = 'linux 42 a,b' ]
}

devices_and_descriptors_are_listed() {
  local name

  command_is ls -la /dev /proc/self/fd
  run_well
  for name in null zero full random urandom tty; do
    grep -qE "^crw-rw-rw-.* $name\$" <<<"$output" || {
      echo "no $name in: $output"
      return 1
    }
  done
  for name in 'fd -> /proc/self/fd' 'stdin -> /proc/self/fd/0' 'ptmx -> pts/ptmx' '0 -> ' '1 -> ' '2 -> '; do
    says "$name"
  done
  # ls holds the directory open; nothing else is.
  says_not ' 4 -> '
}

login_shell_works() {
  as_tester
  command_is bash -l -c 'id; pwd; echo "$FROM_PROFILE $HOME"; whoami; groups; shopt login_shell'
  run_well
  says 'uid=1000(tester) gid=1000(tester) groups=1000(tester),4(adm),20(dialout),24(cdrom)'
  [ "${lines[1]}" = /home/tester ]
  [ "${lines[2]}" = 'yes /home/tester' ]
  [ "${lines[3]}" = tester ]
  [ "${lines[4]}" = 'tester adm dialout cdrom' ]
  says_like 'login_shell[[:space:]]+on'
}

root_is_read_only() {
  command_is bash -c 'touch /x /usr/bin/x /etc/x; echo "status $?"; touch /dev/shm/x && echo "shm works"'
  run_well
  [ "$(grep -c 'Read-only file system' <<<"$output")" = 3 ]
  says 'status 1'
  says 'shm works'
}

# ---- as root ----

@test "programs of Debian run" {
  programs_work
}

@test "devices and descriptors of Debian are the expected ones" {
  devices_and_descriptors_are_listed
}

@test "a login shell of a user with groups" {
  login_shell_works
}

@test "su changes the user where capabilities let it" {
  config '.process.noNewPrivileges = false
    | .process.capabilities |= map_values(. + ["CAP_SETUID", "CAP_SETGID"])'
  command_is su -s /bin/bash - tester -c 'id -un; echo "$FROM_PROFILE"'
  run_well
  [ "$output" = $'tester\nyes' ]
}

@test "a read-only Debian cannot be written to" {
  root_is_read_only
}

@test "a file in a writable mount is the user's" {
  as_tester
  add_mount /srv tmpfs tmpfs mode=1777
  command_is bash -c 'echo text >/srv/file && stat -c "%U %G %a" /srv/file'
  run_well
  [ "$output" = 'tester tester 644' ]
}

@test "processes of Debian are counted from 1" {
  command_is bash -c 'echo $$; (exec -c sh -c "echo \$PPID"); ls -d /proc/[0-9]*'
  run_well
  [ "${lines[0]}" = 1 ]
  [ "${lines[1]}" = 1 ]
  [ "${lines[2]}" = /proc/1 ]
}

# ---- in a user namespace ----

@test "programs of Debian run in a user namespace" {
  in_user_namespace
  programs_work
}

@test "devices and descriptors in a user namespace are the expected ones" {
  in_user_namespace
  devices_and_descriptors_are_listed
}

@test "a login shell of a user with groups in a user namespace" {
  in_user_namespace
  login_shell_works
}

@test "a read-only Debian in a user namespace cannot be written to" {
  in_user_namespace
  root_is_read_only
}

@test "all 65536 ids are there in a user namespace" {
  in_user_namespace
  command_is bash -c 'cat /proc/self/uid_map /proc/self/gid_map; stat -c "%u %U" /etc/passwd /home/tester'
  run_well
  [[ ${lines[0]} =~ ^\ *0\ +$SHIFT\ +$IDS$ ]]
  [[ ${lines[1]} =~ ^\ *0\ +$SHIFT\ +$IDS$ ]]
  [ "${lines[2]}" = '0 root' ]
  [ "${lines[3]}" = '1000 tester' ]
}

@test "root of a user namespace is nobody outside of it" {
  in_user_namespace
  command_is sleep 1000
  create_it
  tare start it
  [ "$(stat -c %u "/proc/$(pid_of it)")" = "$SHIFT" ]
}
