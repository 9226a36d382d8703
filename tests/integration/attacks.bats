#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# attacks.bats - root file systems that lead out: the canary outside stays as it is.
# shellcheck disable=SC2016,SC2119,SC2120

load helpers

prepare() {
  make_bundle
  CANARY=$WORK/canary
  mkdir -p "$CANARY/directory"
  echo untouched >"$CANARY/file"
  echo untouched >"$CANARY/ptmx"
  config '.root.readonly = false'
  find "$CANARY" -printf '%P %y %m %s\n' | sort >"$WORK/canary.before"
}

canary_is_untouched() {
  find "$CANARY" -printf '%P %y %m %s\n' | sort >"$WORK/canary.after"
  diff "$WORK/canary.before" "$WORK/canary.after"
  [ "$(cat "$CANARY/file" "$CANARY/ptmx")" = $'untouched\nuntouched' ]
}

# Run, whatever comes of it, in bounded time.
whatever() {
  LIMIT=20 run_it "$@"
  [ "$status" -ne 124 ] || {
    echo 'it hangs'
    return 1
  }
  canary_is_untouched
}

up='../../../../../../../../../../../..'

@test "mount targets that are links out of the root" {
  local shape kind
  for shape in "$CANARY/directory" "$up$CANARY/directory" "$CANARY" "/proc/1/root$CANARY"; do
    for kind in tmpfs bind; do
      rm -rf "$BUNDLE"
      make_bundle
      config '.root.readonly = false'
      ln -s "$shape" "$BUNDLE/rootfs/link"
      if [ $kind = tmpfs ]; then
        add_mount /link tmpfs tmpfs
        add_mount /link/new tmpfs tmpfs
      else
        mkdir -p "$WORK/source"
        add_mount /link bind "$WORK/source" bind
        add_mount /link/new/file bind "$CANARY/file" bind ro
      fi
      shell_is 'touch /link/written'
      whatever
    done
  done
}

@test "a file mount whose target is a link out" {
  echo attack >"$WORK/attack"
  ln -s "$CANARY/file" "$BUNDLE/rootfs/etc/link"
  ln -s "$CANARY/new" "$BUNDLE/rootfs/etc/dangling"
  add_mount /etc/link bind "$WORK/attack" bind
  add_mount /etc/dangling bind "$WORK/attack" bind
  shell_is 'echo attack >/etc/link; echo attack >/etc/dangling'
  whatever
}

@test "/dev is a link out of the root" {
  local shape
  for shape in "$CANARY" "$up$CANARY"; do
    for mounts in '.' 'map(select(.destination | startswith("/dev") | not))'; do
      rm -rf "$BUNDLE"
      make_bundle
      config ".root.readonly = false | .mounts |= $mounts"
      rm -rf "$BUNDLE/rootfs/dev"
      ln -s "$shape" "$BUNDLE/rootfs/dev"
      config '.linux.devices = [{type: "c", path: "/dev/mine", major: 1, minor: 5}]'
      whatever
    done
  done
}

@test "/proc is a link" {
  rm -rf "$BUNDLE/rootfs/proc"
  mkdir "$BUNDLE/rootfs/elsewhere"
  ln -s elsewhere "$BUNDLE/rootfs/proc"
  is_tare || skip 'later versions do'
  refused 'must be mounted on ordinary directory'
  rm "$BUNDLE/rootfs/proc"
  ln -s "$CANARY" "$BUNDLE/rootfs/proc"
  refused 'must be mounted on ordinary directory'
  canary_is_untouched
}

@test "/sys is a link" {
  not_in rootless plain
  rm -rf "$BUNDLE/rootfs/sys"
  ln -s "$CANARY" "$BUNDLE/rootfs/sys"
  is_tare || skip 'later versions do'
  refused 'must be mounted on ordinary directory'
  canary_is_untouched
}

@test "/dev/console is a link, with a /dev of the image" {
  local terminal
  for terminal in true false; do
    config '.mounts |= map(select(.destination | startswith("/dev") | not)) | .process.terminal = $t' \
      --argjson t $terminal
    ln -sf "$CANARY/file" "$BUNDLE/rootfs/dev/console"
    shell_is 'echo attack >/dev/console'
    output=
    LIMIT=20 run script -qec "'$TARE' --root '$STATE' run -b '$BUNDLE' it" /dev/null
    canary_is_untouched
  done
}

@test "/dev/null of the image is a link or a file: masks are still masks" {
  mkdir "$BUNDLE/rootfs/secret"
  echo secret >"$BUNDLE/rootfs/etc/secret"
  local shape
  for shape in link file pipe none; do
    config '.mounts |= map(select(.destination != "/dev")) | .linux.maskedPaths = ["/etc/secret"]'
    config '.mounts |= map(select(.destination | startswith("/dev") | not))'
    rm -f "$BUNDLE/rootfs/dev/null"
    case $shape in
    link) ln -s /etc/passwd "$BUNDLE/rootfs/dev/null" ;;
    file) echo attack >"$BUNDLE/rootfs/dev/null" ;;
    pipe) mkfifo "$BUNDLE/rootfs/dev/null" ;;
    none) ;;
    esac
    shell_is 'stat -c %t:%T /etc/secret'
    whatever
    [ "$status" -ne 0 ] || says 1:3
    says_not root:x
  done
}

@test "devices in a directory that is a link out" {
  only root
  ln -s "$CANARY" "$BUNDLE/rootfs/nodes"
  config '.linux.devices = [{type: "c", path: "/nodes/zero", major: 1, minor: 5},
                            {type: "c", path: "/nodes/file", major: 1, minor: 5}]'
  whatever
  [ ! -e "$CANARY/zero" ]
}

@test "masked and read-only paths through links out" {
  ln -s "$CANARY/file" "$BUNDLE/rootfs/masked"
  ln -s "$CANARY/directory" "$BUNDLE/rootfs/fixed"
  config '.linux.maskedPaths += ["/masked"] | .linux.readonlyPaths += ["/fixed"]'
  whatever
  echo still >"$CANARY/directory/writable"
}

@test "the working directory is a link out" {
  ln -s "$CANARY" "$BUNDLE/rootfs/work"
  config '.process.cwd = "/work"'
  shell_is 'touch here; ls'
  whatever
  says_not ptmx
  config '.process.cwd = "/work/new"'
  whatever
}

@test "tmpcopyup does not follow links out" {
  ln -s "$CANARY" "$BUNDLE/rootfs/data"
  add_mount /data tmpfs tmpfs tmpcopyup
  shell_is 'cat /data/file'
  whatever
  says_not untouched
}

# CVE-2021-30465, CVE-2024-45310: a component changes between look and use.
@test "a mount target that changes places with a link all the time" {
  local target rounds=0
  is_tare || skip 'a race; later versions win it'
  for target in directory file tmpfs; do
    rm -rf "$BUNDLE"
    make_bundle
    config '.root.readonly = false'
    mkdir -p "$BUNDLE/rootfs/volume/a/inner" "$WORK/source"
    ln -s "$CANARY" "$BUNDLE/rootfs/volume/b"
    case $target in
    directory) add_mount /volume/a/inner/deep bind "$WORK/source" bind ;;
    file) add_mount /volume/a/new-file bind "$WORK/source.file" bind && touch "$WORK/source.file" ;;
    tmpfs) add_mount /volume/a/new tmpfs tmpfs ;;
    esac
    "$STAGE/bin/probe" swap "$BUNDLE/rootfs/volume/a" "$BUNDLE/rootfs/volume/b" 3 >/dev/null &
    local attacker=$! end=$((SECONDS + 3))
    while ((SECONDS < end)); do
      LIMIT=20 run_it
      [ "$status" -ne 124 ]
      rounds=$((rounds + 1))
    done
    wait "$attacker" || true
    canary_is_untouched
  done
  [ "$rounds" -gt 20 ]
}

# CVE-2019-5736 and its kin.
@test "the runtime's own program cannot be reached from the container" {
  local before
  before=$(md5sum <"$TARE")
  is_tare || skip "not $TARE_NAME's way"
  command_is /proc/self/exe
  run_it
  shell_is 'probe write /proc/1/exe; probe write /proc/self/exe; readlink /proc/1/exe'
  run_well
  [ "${lines[0]}" != ok ]
  [ "$(md5sum <"$TARE")" = "$before" ]
}

@test "nothing is written into the root file system but mount points" {
  find "$BUNDLE/rootfs" -printf '%P %y %m %s\n' | sort >"$WORK/rootfs.before"
  run_well
  find "$BUNDLE/rootfs" -printf '%P %y %m %s\n' | sort >"$WORK/rootfs.after"
  diff "$WORK/rootfs.before" "$WORK/rootfs.after"
}

@test "a process cannot push input into its caller's terminal" {
  tare_only
  shell_is 'probe tiocsti'
  run script -qec "'$TARE' --root '$STATE' run -b '$BUNDLE' it" /dev/null </dev/null
  says_not ok
}

@test "a cgroup outside the tree is refused" {
  only root
  needs_cgroup
  local path
  for path in '../../../tmp/x' '/../../../tmp/x' '/a/../../../b'; do
    config '.linux.cgroupsPath = $p' --arg p "$path"
    run_it
  done
  [ ! -e /tmp/x ]
  [ -z "$(find /sys/fs -maxdepth 1 -name b)" ]
}
