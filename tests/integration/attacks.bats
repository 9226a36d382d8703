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

# CVE-2025-31133: what hides a path comes from the host, whatever the container's /dev/null is.
@test "T09c: a /dev/null that becomes a link and back does not get into masked paths" {
  only root
  local ran=0 round attacker
  mkdir "$WORK/dev"
  mknod -m 666 "$WORK/dev/null" c 1 3
  ln -s /secret "$WORK/dev/link"
  echo secret | tee "$BUNDLE/rootfs/secret" >"$BUNDLE/rootfs/etc/masked"
  config 'del(.mounts[] | select(.destination | startswith("/dev"))) | .linux.maskedPaths = ["/etc/masked"]'
  add_mount /dev bind "$WORK/dev" rbind rw
  command_is /bin/cat /etc/masked
  "$STAGE/bin/probe" swap "$WORK/dev/null" "$WORK/dev/link" 4 >/dev/null 2>&1 3>&- &
  attacker=$!
  for ((round = 0; round < 40; round++)); do
    LIMIT=20 run_it
    says_not secret
    [ "$status" -ne 124 ]
    [ "$status" -ne 0 ] || ran=$((ran + 1))
  done
  wait "$attacker" || true
  echo "$ran of $round ran"
  [ "$ran" -gt 0 ]
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

# ---- exec ----

# Started in the container as its first process, with $WORK/said from it.
start_spy() {
  config '.process.args = ["spy", "6"] | .linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW",
    syscalls: [{names: ["swapon"], action: "SCMP_ACT_ERRNO"}]}'
  tare run --detach -b "$BUNDLE" it </dev/null >"$WORK/said" 2>&1
  wait_for grep -q watching "$WORK/said"
}

# Whoever came in held nothing but stdio and a socket, and had no more rights than the container.
spy_saw_nothing() {
  sort "$WORK/said" | uniq -c
  run ! grep -E 'caps|unfiltered|can be written|unreachable' "$WORK/said"
  run ! grep -vE '^(watching|seen|exe /memfd:tare-init \(deleted\)|exe /bin/[a-z]*|cwd /|fd/[0-2] .*|fd/[0-9]+ socket:.*)$' "$WORK/said"
}

@test "exec: a spy in the container sees nothing of the host (CVE-2016-9962)" {
  local caps nnp seen=0
  tare_only
  for caps in '[]' '["CAP_SYS_PTRACE", "CAP_DAC_OVERRIDE"]'; do
    for nnp in true false; do
      config '.process.capabilities = {bounding: $c, effective: $c, permitted: $c} | .process.noNewPrivileges = $n' \
        --argjson c "$caps" --argjson n $nnp
      start_spy
      while status_is it running; do
        tare exec it true || break
      done
      spy_saw_nothing
      seen=$((seen + $(grep -c seen "$WORK/said" || true)))
      tare delete --force it
    done
  done
  [ "$seen" -gt 0 ] # or it was not watching
}

@test "exec: descriptors as directory or program lead nowhere (CVE-2024-21626)" {
  local n
  command_is sleep 100
  create_it
  tare start it
  for n in 3 4 5 6 7 8 9 10 12 15 20; do
    run tare exec --cwd "/proc/self/fd/$n" it cat "../../../../../../../..$CANARY/file" 9<"$CANARY"
    [ "$status" -ne 0 ]
    says_not untouched
    run tare exec it "/proc/self/fd/$n/file" 9<"$CANARY"
    [ "$status" -ne 0 ]
    says_not untouched
  done
  canary_is_untouched
}

@test "exec: the program that starts others cannot be had or changed (CVE-2019-5736)" {
  local before
  tare_only
  before=$(md5sum <"$TARE")
  printf '#!/proc/self/exe\n' >"$BUNDLE/rootfs/bin/evil"
  chmod 755 "$BUNDLE/rootfs/bin/evil"
  shell_is 'while :; do for p in /proc/[0-9]*; do echo x 2>/dev/null >$p/exe && echo written; done; done 2>/dev/null'
  tare run --detach -b "$BUNDLE" it </dev/null >"$WORK/said" 2>&1
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    run tare exec it evil
    [ "$status" -ne 0 ]
    run tare exec it /proc/self/exe
    [ "$status" -ne 0 ]
    tare exec it true
  done
  [ ! -s "$WORK/said" ]
  [ "$(md5sum <"$TARE")" = "$before" ]
}

@test "exec: a passwd that is no file, or has no end, holds nobody up" {
  config '.process.env |= map(select(startswith("HOME=") | not))'
  command_is sleep 100
  create_it
  tare start it
  rm "$BUNDLE/rootfs/etc/passwd"
  mkfifo "$BUNDLE/rootfs/etc/passwd"
  LIMIT=5 tare exec it true
  rm "$BUNDLE/rootfs/etc/passwd"
  ln -s /dev/zero "$BUNDLE/rootfs/etc/passwd"
  LIMIT=5 tare exec it true
  rm "$BUNDLE/rootfs/etc/passwd"
  truncate -s 64G "$BUNDLE/rootfs/etc/passwd"
  LIMIT=5 tare exec it sh -c 'echo $HOME'
}

@test "exec: a terminal comes from a devpts, whatever /dev/pts is by then" {
  config '.mounts |= map(select(.destination | startswith("/dev") | not))'
  command_is sleep 100
  tare_only
  create_it
  tare start it
  rm -rf "$BUNDLE/rootfs/dev/pts"
  ln -s "$CANARY" "$BUNDLE/rootfs/dev/pts"
  run script -qec "'$TARE' --root '$STATE' exec -t it true" /dev/null </dev/null
  [ "$status" -ne 0 ]
  canary_is_untouched
}

@test "a link whose text goes up from a directory that is not there" {
  local target
  for target in "missing/$up$CANARY/evil" "./missing/../$up$CANARY/evil" "missing/./evil"; do
    rm -rf "$BUNDLE"
    make_bundle
    config '.root.readonly = false'
    ln -s "$target" "$BUNDLE/rootfs/link"
    rm -rf "$BUNDLE/rootfs/dev"
    ln -s "$target" "$BUNDLE/rootfs/dev"
    add_mount /link tmpfs tmpfs
    whatever
    config '.mounts[-1] = {destination: "/link/file", type: "bind", source: "/etc/passwd", options: ["bind"]}'
    whatever
    config 'del(.mounts[-1], .mounts[] | select(.destination | startswith("/dev")))'
    whatever
  done
}

@test "a dangling link upwards is followed within the root" {
  mkdir -p "$BUNDLE/rootfs/var"
  ln -s ../run/there "$BUNDLE/rootfs/var/link"
  add_mount /var/link/deep tmpfs tmpfs
  shell_is 'grep -q " /run/there/deep " /proc/self/mountinfo'
  run_well
}

@test "/etc/passwd is a magic link, a pipe, a device, huge, or a link out" {
  local kind
  rm "$BUNDLE/rootfs/etc/passwd"
  echo 'x:x:0:0::/secret:/bin/sh' >"$CANARY/file"
  cp "$CANARY/file" "$WORK/passwd"
  shell_is 'echo "home is $HOME"'
  for kind in "/proc/self/fd/3/$$/root$WORK/passwd" "/proc/1/root$WORK/passwd" \
    "/proc/self/cwd$WORK/passwd" "$up$WORK/passwd" /dev/zero pipe node sparse; do
    rm -f "$BUNDLE/rootfs/etc/passwd"
    case $kind in
    pipe) mkfifo "$BUNDLE/rootfs/etc/passwd" ;;
    node) mknod "$BUNDLE/rootfs/etc/passwd" c 1 5 || continue ;;
    sparse) truncate -s 64G "$BUNDLE/rootfs/etc/passwd" ;;
    *) ln -s "$kind" "$BUNDLE/rootfs/etc/passwd" ;;
    esac
    run_well
    [ "$output" = 'home is /' ] || {
      echo "$kind: $output"
      return 1
    }
  done
  echo untouched >"$CANARY/file"
}

@test "lines of /etc/passwd that are none are passed over" {
  shell_is 'echo "home is $HOME"'
  printf '%s\n' '' ':' 'a' 'a:b' '::' '::0' '::0:::' ':::::' 'x:x:-1::: ' 'x:x:+0:0:g:/plus:s' \
    'x:x:00000000000000000000000:0:g:/long:s' 'x:x:0x0:0:g:/hex:s' 'x:x:4294967296:0:g:/wrapped:s' \
    "x:x:0:0:g:/$(printf '%05000d' 0):s" 'x:x: 0:0:g:/blank:s' 'x:x:0:0:g:/right:s' \
    'x:x:0:0:g:/late:s' >"$BUNDLE/rootfs/etc/passwd"
  printf '\0\0\0:\0' >>"$BUNDLE/rootfs/etc/passwd"
  run_well
  [ "$output" = 'home is /right' ]
}

@test "what a container in a user namespace mounts stays off the host" {
  only root
  local options
  for options in bind rbind rbind,rslave; do
    rm -rf "$BUNDLE"
    make_bundle
    mkdir -p "$WORK/shared"
    mount -t tmpfs shared "$WORK/shared"
    mount --make-shared "$WORK/shared"
    mkdir "$WORK/shared/below"
    with_users
    config '.process.capabilities |= with_entries(.value += ["CAP_SYS_ADMIN"])'
    add_mount /volume bind "$WORK/shared" "${options%,*}" "${options#*,}"
    shell_is 'mount -t tmpfs evil /volume/below && grep -c " evil " /proc/self/mountinfo'
    run_it
    cp /proc/self/mountinfo "$WORK/mountinfo"
    umount -R "$WORK/shared"
    [ "$status" -eq 0 ]
    [ "$output" = 1 ]
    run ! grep ' evil ' "$WORK/mountinfo"
  done
}

# ---- other processes of a pid namespace that is joined ----

with_users() {
  config '.linux.namespaces += [{type: "user"}] |
    .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}] |
    .linux.gidMappings = .linux.uidMappings'
  give_rootfs_to 100000
}

# Before Linux 6.17 only who is in a pid namespace can mount its /proc: see README.
without_proc_on_old_kernels() {
  printf '6.17\n%s\n' "$(uname -r)" | sort -VC || config 'del(.mounts[] | select(.type == "proc"))'
}

# A container `it` that looks at whoever comes into its pid namespace, and $BUNDLE of one that does.
start_onlooker() {
  STOP=$BUNDLE/rootfs/tmp/stop
  echo secret >"$WORK/secret"
  chmod 644 "$WORK/secret"
  config '.process.capabilities |= with_entries(.value += ["CAP_SYS_PTRACE"])'
  command_is /bin/onlooker /tmp/stop "$WORK/secret"
  tare_quietly run -d -b "$BUNDLE" it
  cp -dR "$BUNDLE" "$WORK/other"
  BUNDLE=$WORK/other
  join_namespace pid "/proc/$(pid_of it)/ns/pid"
  command_is /bin/true
}

nothing_is_seen() { # [BUT-FOR]
  touch "$STOP"
  wait_for status_is it stopped
  sort "$WORK/out" | uniq -c
  grep -q looked "$WORK/out"
  run ! grep -vE "^looked${1:-}" "$WORK/out"
}

# Tare-init is a sealed memfd, and its sockets lead to `create` and `start`.
only_what_waits_is_seen() {
  nothing_is_seen '|^program of [0-9]+: /memfd:tare-init|^descriptor [0-9]+ of [0-9]+: socket:'
}

@test "who waits in a user and pid namespace that is joined sees nothing of the host" {
  only root
  local turn
  with_users
  start_onlooker
  join_namespace user "/proc/$(pid_of it)/ns/user"
  config 'del(.linux.uidMappings, .linux.gidMappings)'
  for turn in 1 2 3 4 5 6 7 8 9 10; do
    tare run -b "$BUNDLE" "other$turn"
  done
  nothing_is_seen
}

@test "who waits in a pid namespace that is joined sees nothing of the host" {
  only root
  local turn
  start_onlooker
  without_proc_on_old_kernels
  for turn in 1 2 3 4 5 6 7 8 9 10; do
    tare run -b "$BUNDLE" "other$turn"
  done
  config '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW",
    syscalls: [{names: ["swapon"], action: "SCMP_ACT_ERRNO"}]}'
  for turn in 1 2 3; do
    tare run -b "$BUNDLE" "other$turn"
  done
  only_what_waits_is_seen
}

@test "in a pid namespace that is joined nobody waits for start with more rights than he will have" {
  only root
  local rights
  start_onlooker
  without_proc_on_old_kernels
  config '.process.noNewPrivileges = false | .linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW",
    syscalls: [{names: ["swapon"], action: "SCMP_ACT_ERRNO"}]}'
  tare create -b "$BUNDLE" other
  rights=$(sed -n 's/^CapPrm:\t//p' "/proc/$(pid_of other)/status")
  [ $((0x$rights >> 21 & 1)) -eq 0 ]
  grep -q '^Seccomp:.2' "/proc/$(pid_of other)/status"
  tare start other
  wait_for status_is other stopped
  tare delete other
  only_what_waits_is_seen
}
