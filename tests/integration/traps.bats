#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# traps.bats - where runc and crun differ, or broke a manager once: see tests/traps.
# shellcheck disable=SC2016,SC2030,SC2031,SC2119,SC2120

load helpers

prepare() {
  tare_only
  make_bundle
  command_is echo runs
}

# ---- what managers read ----

# trap 2: the stderr of create is the container's log
@test "a warning goes to the log and never to stderr" {
  config '.process.capabilities.bounding += ["CAP_NOSUCH"]'
  tare_quietly --log "$WORK/log" create -b "$BUNDLE" it
  [ ! -s "$WORK/err" ]
  [ ! -s "$WORK/out" ]
  grep 'level=warning' "$WORK/log"
  tare_quietly start it
  [ ! -s "$WORK/err" ]
  run --separate-stderr tare state it
  [ -z "$stderr" ]
  tare_quietly delete --force it
}

# trap 3
@test "delete, state, start and kill of what is not there say that it does not exist" {
  local verb
  for verb in delete state start kill; do
    run tare $verb nobody
    [ "$status" -eq 1 ]
    says 'does not exist'
  done
}

# trap 8
@test "features and the version need no writable file system" {
  only root userns
  run unshare --mount --propagation private bash -c '
    mount -t tmpfs -o ro tmpfs /run && cd / && "$TARE" features && "$TARE" --version'
  [ "$status" -eq 0 ]
  says '"ociVersionMax"'
  says 'tare version'
}

# trap 60
@test "features and the version do not care for other options" {
  run tare --systemd-cgroup --log-format json --log /dev/null --root /nowhere features
  [ "$status" -eq 0 ]
  jq -e .ociVersionMin <<<"$output"
  run tare --root /nowhere --log-format json --version
  [ "$status" -eq 0 ]
  says 'tare version'
}

# trap 11
@test "list passes over what is no container's" {
  mkdir "$STATE/somebody" "$STATE/else"
  echo '{' >"$STATE/else/state.json"
  echo text >"$STATE/file"
  create_it
  run tare list -q
  [ "$status" -eq 0 ]
  [ "${lines[0]}" = it ]
  run --separate-stderr tare list --format json
  [ "$(jq length <<<"$output")" = 1 ]
  rm -r "$STATE/somebody" "$STATE/else" "$STATE/file"
}

# trap 11
@test "directories of the state root are made as many as are missing" {
  run timeout 30 "$TARE" --root "$WORK/run/containerd/runc/name.space" run -b "$BUNDLE" it
  [ "$status" -eq 0 ]
  [ "$output" = runs ]
}

# trap 12: sudo lets it through
@test "root does not take \$XDG_RUNTIME_DIR for its state" {
  only root
  XDG_RUNTIME_DIR=$WORK USER=somebody run timeout 30 "$TARE" run -b "$BUNDLE" it
  [ "$status" -eq 0 ]
  [ ! -e "$WORK/tare" ]
  rmdir /run/tare
}

# trap 13
@test "long names and odd ones: the id, the bundle, the state root" {
  local id directory
  id=$(printf '%064d' 7)
  directory="$WORK/a name:with all,of it/$(printf 'x%.0s' {1..120})"
  mkdir -p "$directory"
  mv "$BUNDLE" "$directory/b u:n"
  BUNDLE="$directory/b u:n"
  run timeout 30 "$TARE" --root "$directory/state root" run -b "$BUNDLE" "$id"
  [ "$status" -eq 0 ]
  [ "$output" = runs ]
  timeout 30 "$TARE" --root "$directory/state root" create -b "$BUNDLE" "$id" </dev/null >"$WORK/out" 2>&1
  timeout 30 "$TARE" --root "$directory/state root" start "$id"
  timeout 30 "$TARE" --root "$directory/state root" delete --force "$id"
}

# trap 13
@test "a config.json of two megabytes" {
  config '.annotations = ([range(20000) | {key: "org.example.\(.)", value: ("v" * 80)}] | from_entries)'
  [ "$(stat -c %s "$BUNDLE/config.json")" -gt 2000000 ]
  run_well
  [ "$output" = runs ]
}

# trap 21
@test "list --quiet and an empty list in JSON" {
  run tare list -q
  [ "$status" -eq 0 ]
  [ -z "$output" ]
  run tare list --format json
  [ "$output" = '[]' ]
}

# trap 67
@test "the state's version is that of config.json" {
  config '.ociVersion = "1.1.0"'
  create_it
  [ "$(tare state it | jq -r .ociVersion)" = 1.1.0 ]
}

# ---- the command line ----

# trap 14
@test "short options with their value, long ones with a truth" {
  run tare run -b="$BUNDLE" it
  [ "$output" = runs ]
  run tare run "-b$BUNDLE" it
  [ "$output" = runs ]
  run tare run --no-new-keyring=true -b "$BUNDLE" it
  [ "$output" = runs ]
  run tare run -no-subreaper -b "$BUNDLE" it
  [ "$output" = runs ]
}

# trap 15
@test "global options of every manager are taken" {
  local option
  for option in --rootless=true --rootless=auto --log-level=error --debug --cgroup-manager=cgroupfs; do
    run timeout 30 "$TARE" --log "$WORK/log" "$option" --root "$STATE" list
    [ "$status" -eq 0 ]
  done
}

# trap 16: podman stops systemd by SIGRTMIN+3
@test "kill takes real-time signals, by number and by name" {
  local signal
  command_is probe wait-for-signal 37
  for signal in 37 SIGRTMIN+3 RTMIN+3; do
    create_it
    tare start it
    wait_for grep -qx waiting "$WORK/out"
    tare kill it "$signal"
    wait_for status_is it stopped
    tare delete it
  done
  create_it
  tare start it
  tare kill --all it 9
  wait_for status_is it stopped
  tare kill --all it 9
}

# ---- config.json ----

# trap 23
@test "every version from 1.0 up to 2 is taken" {
  local version
  for version in 1.0.0 1.0.2-dev 1.1.0-rc.3 1.2.1 1.3.0+dev 1.99.0; do
    config '.ociVersion = $v' --arg v "$version"
    run_well
  done
}

# trap 28
@test "cgroup2 is a type as well, and the mount is the container's own cgroup" {
  needs_cgroup
  config '.mounts |= map(if .type == "cgroup" then .type = "cgroup2" | .source = "cgroup2" else . end)'
  config '.mounts |= map(select(.destination != "/sys/fs/cgroup"))'
  add_mount /sys/fs/cgroup cgroup2 cgroup2 nosuid noexec nodev ro
  shell_is 'stat -f -c %T /sys/fs/cgroup; cat /sys/fs/cgroup/cgroup.procs'
  run_well
  says_like '(^|[^0-9])1($|[^0-9])'
}

# trap 32
@test "sysctls with dots in their names, and the range of ping groups" {
  only root userns
  config '.linux.sysctl = {"net.ipv4.ping_group_range": "0 0", "net/ipv4/conf/lo/forwarding": "1",
    "net.ipv4.conf.lo.rp_filter": "2"}'
  shell_is 'cat /proc/sys/net/ipv4/ping_group_range /proc/sys/net/ipv4/conf/lo/forwarding \
    /proc/sys/net/ipv4/conf/lo/rp_filter'
  run_well
  [ "$(tr '\t' ' ' <<<"${lines[0]}")" = '0 0' ]
  [ "${lines[1]}" = 1 ]
  [ "${lines[2]}" = 2 ]
}

# trap 33
@test "of options that contradict each other the last one counts" {
  only root
  add_mount /tmp tmpfs tmpfs ro nosuid noexec nodev rw suid exec dev
  shell_is 'grep " /tmp " /proc/mounts'
  run_well
  says_not nosuid
  says_not noexec
  says_not nodev
  says_like ' rw[, ]'
}

# trap 35: docker's resolv.conf over the image's link
@test "a file is bound over a link of the image, within the image" {
  echo outside >"$WORK/outside"
  echo 'nameserver 192.0.2.1' >"$WORK/resolv.conf"
  mkdir -p "$BUNDLE/rootfs/run/resolve"
  echo old >"$BUNDLE/rootfs/run/resolve/stub.conf"
  ln -sf ../run/resolve/stub.conf "$BUNDLE/rootfs/etc/resolv.conf"
  add_mount /etc/resolv.conf bind "$WORK/resolv.conf" rbind ro
  command_is cat /etc/resolv.conf
  run_well
  [ "$output" = 'nameserver 192.0.2.1' ]
  [ "$(cat "$BUNDLE/rootfs/run/resolve/stub.conf")" = old ]
}

# trap 36
@test "directories made for mounts belong to the container's root" {
  only root
  config '.linux.namespaces += [{type: "user"}]
    | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}]
    | .linux.gidMappings = .linux.uidMappings'
  give_rootfs_to 100000
  add_mount /srv/deep/er tmpfs tmpfs
  shell_is 'stat -c "%u:%g" /srv /srv/deep'
  run_well
  [ "${lines[0]}" = 0:0 ]
  [ "${lines[1]}" = 0:0 ]
}

# trap 38
@test "masked and read-only paths that are missing are passed over" {
  config '.linux.maskedPaths += ["/no/such", "/proc/no-such"] | .linux.readonlyPaths += ["/no/such"]'
  run_well
  [ "$output" = runs ]
}

# trap 39
@test "deny all leaves the default devices, allow all gives the others" {
  only root
  config '.linux.resources.devices = [{allow: false, access: "rwm"}]'
  shell_is 'echo text >/dev/null && head -c 1 /dev/zero | wc -c; mknod /tmp/d c 1 1 && cat </tmp/d >/dev/null || echo denied'
  config '.root.readonly = false | .process.capabilities.bounding += ["CAP_MKNOD"]
    | .process.capabilities.effective += ["CAP_MKNOD"] | .process.capabilities.permitted += ["CAP_MKNOD"]'
  run_well
  [ "${lines[0]}" = 1 ]
  says denied
  rm -f "$BUNDLE/rootfs/tmp/d"
  config '.linux.resources.devices = [{allow: true, access: "rwm"}]'
  shell_is 'mknod /tmp/d c 1 5 && head -c 1 /tmp/d | wc -c'
  run_well
  [ "$output" = 1 ]
}

# trap 46
@test "an oomScoreAdj that the caller may not lower to is refused" {
  run bash -c 'echo -999 >/proc/self/oom_score_adj'
  [ "$status" -ne 0 ] || skip 'it may be lowered here'
  config '.process.oomScoreAdj = -999'
  refused oom_score_adj
  says_like 'ermission denied|peration not permitted'
}

# trap 47: podman makes 126 of it
@test "a resource limit above the caller's is refused as not permitted" {
  local hard
  hard=$(ulimit -H -n)
  [ "$hard" != unlimited ] || skip 'no limit'
  bash -c "ulimit -H -n $((hard + 1))" 2>/dev/null && skip 'it may be raised here'
  config '.process.rlimits = [{type: "RLIMIT_NOFILE", soft: 5, hard: $h}]' --argjson h $((hard + 1))
  refused 'operation not permitted'
}

# trap 48
@test "a profile without calls, and two rules of one call for different arguments" {
  config '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: []}'
  run_well
  config '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [
    {names: ["socket"], action: "SCMP_ACT_ERRNO", errnoRet: 5, args: [{index: 0, value: 17, op: "SCMP_CMP_EQ"}]},
    {names: ["socket"], action: "SCMP_ACT_ERRNO", errnoRet: 22, args: [{index: 0, value: 16, op: "SCMP_CMP_EQ"}]}]}'
  shell_is 'probe syscall 41 17 3 0; probe syscall 41 16 3 0; true'
  [ "$(uname -m)" = x86_64 ] || skip 'the numbers are of x86_64'
  run_well
  [ "${lines[0]}" = EIO ]
  [ "${lines[1]}" = EINVAL ]
}

# ---- odd hosts ----

# trap 56: a container's /proc is masked, so the kernel gives no new one away
@test "where the caller's /proc is masked, a refused /proc is not permitted" {
  only rootless plain
  run unshare --user --map-root-user --mount-proc --pid --fork bash -c '
    mount -t tmpfs tmpfs /proc/irq && "$TARE" --root "$1" run -b "$2" it' - "$STATE" "$BUNDLE"
  [ "$status" -ne 0 ]
  says 'operation not permitted'
  says proc
}

# trap 57
@test "where memory files may not be executed unless they say so" {
  only root
  [ -e /proc/sys/vm/memfd_noexec ] || skip 'a kernel without vm.memfd_noexec'
  run unshare --pid --fork --mount-proc bash -c '
    echo 1 >/proc/sys/vm/memfd_noexec || exit 99
    "$TARE" --root "$1" run -b "$2" it' - "$STATE" "$BUNDLE"
  [ "$status" -ne 99 ] || skip 'it cannot be set here'
  [ "$output" = runs ]
}

# trap 57
@test "where no memory file may be executed, another file without a name is" {
  only root
  [ -e /proc/sys/vm/memfd_noexec ] || skip 'a kernel without vm.memfd_noexec'
  run unshare --pid --fork --mount-proc bash -c '
    echo 2 >/proc/sys/vm/memfd_noexec || exit 99
    "$TARE" --root "$1" run -b "$2" it &&
      "$TARE" --root "$1" run -d -b "$3" other &&
      "$TARE" --root "$1" exec other echo runs too; status=$?
    "$TARE" --root "$1" delete --force other
    exit $status' - "$STATE" "$BUNDLE" "$(bundle_that_sleeps)"
  [ "$status" -ne 99 ] || skip 'it cannot be set here'
  [ "$output" = $'runs\nruns too' ]
}

bundle_that_sleeps() {
  make_bundle sleeping
  command_is sleep 100
  echo "$BUNDLE"
}

# trap 57
@test "where no memory file may be executed, a user's is in the state directory, unless that is noexec" {
  only root
  [ -e /proc/sys/vm/memfd_noexec ] || skip 'a kernel without vm.memfd_noexec'
  local script='echo 2 >/proc/sys/vm/memfd_noexec || exit 99
    exec setpriv --reuid=54321 --regid=54321 --clear-groups "$TARE" --root "$1" run -b "$2" it'
  chmod a+rx "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR/test" "$BATS_TEST_TMPDIR" "$WORK"
  rm "$BUNDLE/config.json"
  mkdir "$WORK/users"
  mount -t tmpfs -o mode=700,uid=54321,gid=54321 tmpfs "$WORK/users"
  chown -hR 54321:54321 "$BUNDLE"
  setpriv --reuid=54321 --regid=54321 --clear-groups "$TARE" spec --rootless -b "$BUNDLE"
  config '.process.terminal = false'
  command_is echo runs
  chown 54321 "$BUNDLE/config.json"
  run unshare --pid --fork --mount-proc bash -c "$script" - "$WORK/users" "$BUNDLE"
  local first=$status said=$output
  mount -o remount,bind,noexec "$WORK/users"
  run unshare --pid --fork --mount-proc bash -c "$script" - "$WORK/users" "$BUNDLE"
  umount "$WORK/users"
  [ "$first" -ne 99 ] || skip 'it cannot be set here'
  [ "$said" = runs ]
  [ "$status" -eq 1 ]
  says "vm.memfd_noexec is 2, and $WORK/users is mounted noexec"
}

# Else we would write to the files of somebody else's /proc/PID.
@test "the /proc of another pid namespace is said to be that" {
  only root
  run timeout 30 unshare --pid --fork "$TARE" --root "$STATE" run -b "$BUNDLE" it
  [ "$status" -eq 1 ]
  says '/proc is that of another pid namespace'
  run timeout 30 unshare --pid --fork --mount-proc "$TARE" --root "$STATE" run -b "$BUNDLE" it
  [ "$output" = runs ]
}

# trap 58: numbers are the same everywhere since Linux 5.1
@test "kernels without the new mount API will do, without clone3 and openat2 they are told" {
  only root
  local mounting='428 429 430 431 432 433 442'
  # shellcheck disable=SC2086
  run timeout 30 "$STAGE/bin/probe" without $mounting 439 425 -- \
    "$TARE" --root "$STATE" run -b "$BUNDLE" it
  [ "$status" -eq 0 ]
  [ "$output" = runs ]
  run timeout 30 "$STAGE/bin/probe" without 435 -- "$TARE" --root "$STATE" run -b "$BUNDLE" it
  [ "$status" -eq 1 ]
  says 'clone: function not implemented'
  run timeout 30 "$STAGE/bin/probe" without 437 -- "$TARE" --root "$STATE" run -b "$BUNDLE" it
  [ "$status" -eq 1 ]
  says 'function not implemented'
}

# trap 59
@test "a broken pipe of its caller's does not kill run" {
  command_is sh -c 'for i in 1 2 3 4 5 6 7 8 9; do echo line || exit 0; sleep 0.05; done; exit 7'
  run bash -c '"$TARE" --root "$1" run -b "$2" it | head -n 1; echo "${PIPESTATUS[0]}"' - "$STATE" "$BUNDLE"
  [ "${lines[0]}" = line ]
  [ "${lines[1]}" != 1 ]
  run tare state it
  [ "$status" -ne 0 ]
}

# trap 63: podman's pods
@test "a container in another one's pid namespace goes with all its processes" {
  only root
  needs_cgroup
  command_is sleep 1000
  create_it
  tare start it
  join_namespace pid "/proc/$(pid_of it)/ns/pid"
  shell_is 'sleep 1001 & sleep 1002'
  tare_quietly run -d -b "$BUNDLE" second
  wait_for pgrep -f 'sleep 1001'
  tare kill second KILL
  wait_for status_is second stopped
  run pgrep -f 'sleep 100[12]'
  [ "$status" -ne 0 ]
  tare delete second
  [ "$(state_of it)" = running ]
}

# trap 64
@test "KILL reaches a frozen container" {
  only root
  needs_cgroup
  command_is sleep 1000
  create_it
  tare start it
  local directory
  directory=$CGROUPS$(sed -n 's/^0:://p' "/proc/$(pid_of it)/cgroup")
  echo 1 >"$directory/cgroup.freeze"
  wait_for status_is it paused
  tare kill it KILL
  wait_for status_is it stopped
}

# trap 68
@test "start of a privileged caller reaches a container in a user namespace" {
  only root
  config '.linux.namespaces += [{type: "user"}]
    | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}]
    | .linux.gidMappings = .linux.uidMappings'
  give_rootfs_to 100000
  command_is sleep 1000
  create_it
  [ "$(state_of it)" = created ]
  tare start it
  [ "$(state_of it)" = running ]
}
