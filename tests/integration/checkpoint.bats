#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# checkpoint.bats - containers that are saved by CRIU, and come back. Where CRIU does not work,
# they are skipped with its reason. TARE_CRIU is the directory of one that does (see hack/criu).
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2119,SC2120,SC2153

load helpers
load checkpoint

cgroup_of_it() {
  echo "$CGROUPS$(sed -n 's/^0:://p' "/proc/$(pid_of it)/cgroup")"
}

# In a group, as at a terminal; CRIU halts when the network is locked, until somebody reads.
save_in_group() {
  needs setsid nsenter iptables-save
  rm -rf "$WORK/images"
  mkdir "$WORK/images"
  mkfifo "$WORK/images/pstree.img"
  setsid env --default-signal=INT,TERM "$TARE" --root "$STATE" checkpoint --image-path "$WORK/images" it \
    </dev/null >"$WORK/said" 2>&1 3>&- &
  SAVER=$!
  wait_for grep -qs 'Running network-lock scripts' "$WORK/images/dump.log"
  wait_for network_is_locked || skip "this CRIU does not lock the network by iptables"
}

network_is_locked() {
  nsenter -t "$(pid_of it)" -n iptables-save 2>/dev/null | grep -q 'CRIU.*DROP'
}

saver_ends_with() { # TEXT
  local code=0

  wait "$SAVER" || code=$?
  [ "$code" -eq 1 ]
  grep "$1" "$WORK/said"
}

# ---- there and back ----

@test "a container comes back and goes on where it was" {
  start_it
  save_it
  local saved
  saved=$(count)
  bring_it_back
  [ "$(state_of it)" = running ]
  goes_on_from "$saved"
}

@test "after a checkpoint the container is deleted" {
  add_hook poststop "echo over >>$WORK/hooks"
  start_it
  local cgroup
  cgroup=$(cgroup_of_it)
  save_it
  fails 'container does not exist' tare state it
  [ "$(cat "$WORK/hooks")" = over ]
  [ "$cgroup" = "$CGROUPS" ] || [ ! -d "$cgroup" ]
}

@test "--leave-running: it goes on, and can be saved again" {
  start_it
  save_it --leave-running
  [ "$(state_of it)" = running ]
  goes_on_from "$(count)"
  rm -r "$WORK/images"
  save_it
  bring_it_back
}

@test "what comes back obeys state, ps, exec, pause, kill and delete" {
  start_it
  save_it
  bring_it_back --pid-file "$WORK/pid"
  [ "$(cat "$WORK/pid")" = "$(pid_of it)" ]
  tare ps -f json it | jq -e --argjson pid "$(pid_of it)" 'index($pid) != null'
  [ "$(tare exec it cat /proc/1/comm)" = sh ]
  tare pause it
  [ "$(state_of it)" = paused ]
  tare resume it
  tare kill it KILL
  wait_for status_is it stopped
  tare delete it
  fails 'container does not exist' tare state it
}

@test "what came back can be saved again" {
  start_it
  save_it
  bring_it_back
  rm -r "$WORK/images"
  save_it
  local saved
  saved=$(count)
  bring_it_back
  goes_on_from "$saved"
}

@test "it comes back under another id, in that one's cgroup" {
  start_it
  save_it
  tare_quietly restore -d --image-path "$WORK/images" -b "$BUNDLE" other
  [ "$(state_of other)" = running ]
  [[ $(cat "/proc/$(pid_of other)/cgroup") == *"0::"*/other* ]]
  [ "$(tare exec other cat /proc/self/cgroup | sed -n s/^0:://p)" = / ]
}

@test "processes in cgroups below come back there" {
  needs_cgroup
  config '(.mounts[] | select(.type == "cgroup")).options |= map(select(. != "ro"))'
  start_it
  tare exec it sh -c 'mkdir /sys/fs/cgroup/below; echo 1 >/sys/fs/cgroup/below/cgroup.procs'
  save_it
  bring_it_back
  [ "$(tare exec it sed -n 's/^0:://p' /proc/1/cgroup)" = /below ]
}

@test "a paused container is saved, too" {
  needs_cgroup
  start_it
  tare pause it
  save_it
  bring_it_back
  wait_for status_is it running
  goes_on_from 1
}

@test "--manage-cgroups-mode: each of its words" {
  local mode

  start_it
  for mode in soft full strict ignore; do
    rm -rf "$WORK/images"
    save_it --manage-cgroups-mode "$mode" --leave-running
  done
  save_it --manage-cgroups-mode ignore
  bring_it_back --manage-cgroups-mode ignore
  [ "$(state_of it)" = running ]
  fails 'manage-cgroups-mode' tare checkpoint --manage-cgroups-mode loose it
}

# ---- in the foreground ----

@test "restore in the foreground: its output, its status, and it is deleted" {
  shell_is 'while [ ! -e /shared/go ]; do sleep 0.01; done; echo said after; exit 7'
  create_it
  tare start it
  save_it
  touch "$WORK/shared/go"
  attempt tare restore --image-path "$WORK/images" -b "$BUNDLE" it
  [ "$status" -eq 7 ]
  [ "$output" = 'said after' ]
  fails 'container does not exist' tare state it
}

@test "restore in the foreground passes signals on" {
  shell_is 'trap "exit 9" TERM; touch /shared/up; while :; do sleep 0.01; done'
  create_it
  tare start it
  wait_for test -e "$WORK/shared/up"
  save_it
  "$TARE" --root "$STATE" restore --image-path "$WORK/images" -b "$BUNDLE" it \
    </dev/null >"$WORK/out" 2>&1 3>&- &
  local caller=$!
  wait_for status_is it running 2>/dev/null
  kill -TERM "$caller"
  local code=0
  wait "$caller" || code=$?
  [ "$code" -eq 9 ]
  wait_for eval '! tare state it >/dev/null 2>&1'
}

@test "pipes of the caller take the place of those that were there" {
  shell_is 'while [ ! -e /shared/go ]; do sleep 0.01; done; read -r word; echo "got $word"; echo error >&2; exit 3'
  sleep 3 | tare create -b "$BUNDLE" it 2>"$WORK/first.err" 3>&- | cat >"$WORK/first" 3>&- &
  wait_for status_is it created 2>/dev/null
  tare start it
  save_it
  jq -e 'length == 3 and (.[0:2] | all(startswith("pipe:[")))' "$WORK/images/descriptors.json"
  touch "$WORK/shared/go"
  echo hello | tare restore --image-path "$WORK/images" -b "$BUNDLE" it 2>"$WORK/second.err" |
    cat >"$WORK/second" || true
  [ "$(cat "$WORK/second")" = "got hello" ]
  [ "$(cat "$WORK/second.err")" = error ]
  [ ! -s "$WORK/first" ]
}

@test "files of the caller take the place of those that were there" {
  shell_is 'while [ ! -e /shared/go ]; do sleep 0.01; done; echo said after'
  tare create -b "$BUNDLE" it </dev/null >"$WORK/first" 2>&1
  tare start it
  save_it
  touch "$WORK/shared/go"
  tare restore --image-path "$WORK/images" -b "$BUNDLE" it </dev/null >"$WORK/second" 2>"$WORK/err"
  [ "$(cat "$WORK/second")" = "said after" ]
  [ ! -s "$WORK/first" ]
}

@test "files that only others than init hold are the caller's again" {
  shell_is 'sh -c "while [ ! -e /shared/go ]; do sleep 0.01; done; echo said after" & exec >/dev/null; wait'
  tare create -b "$BUNDLE" it </dev/null >"$WORK/first" 2>&1
  tare start it
  wait_for eval '[ "$(readlink "/proc/$(pid_of it)/fd/1")" = /dev/null ]'
  save_it
  touch "$WORK/shared/go"
  tare restore --image-path "$WORK/images" -b "$BUNDLE" it </dev/null >"$WORK/second" 2>"$WORK/err"
  [ "$(cat "$WORK/second")" = "said after" ]
  [ ! -s "$WORK/first" ]
}

@test "a pipe takes the place of a file that the container has let go, and not of one that it holds" {
  shell_is '[ -e /shared/holds ] || exec >/dev/null 2>&1; touch /shared/up; while :; do sleep 0.01; done'
  tare create -b "$BUNDLE" it </dev/null >"$WORK/first" 2>&1
  tare start it
  wait_for test -e "$WORK/shared/up"
  save_it
  echo longer >"$WORK/longer"
  tare restore -d --image-path "$WORK/images" -b "$BUNDLE" it </dev/null >>"$WORK/longer" 2>&1
  [ "$(cat "$WORK/longer")" = longer ]
  tare delete --force it
  tare restore -d --image-path "$WORK/images" -b "$BUNDLE" it </dev/null 2>&1 3>&- | cat >"$WORK/second"
  [ ! -s "$WORK/second" ]
  rm -r "$WORK/images"
  save_it
  bring_it_back
  tare delete --force it

  rm -r "$WORK/images" "$WORK/shared/up"
  touch "$WORK/shared/holds"
  tare create -b "$BUNDLE" it </dev/null >"$WORK/first" 2>&1
  tare start it
  wait_for test -e "$WORK/shared/up"
  save_it
  "$TARE" --root "$STATE" restore -d --image-path "$WORK/images" -b "$BUNDLE" it 2>&1 </dev/null 3>&- |
    cat >"$WORK/second"
  grep 'descriptor 1 was a file: it cannot be a pipe or a terminal: restore: criu failed' "$WORK/second"
  fails 'container does not exist' tare state it
}

@test "what got /dev/null for a pipe can be saved again" {
  shell_is 'while [ ! -e /shared/go ]; do sleep 0.01; done; cat; echo said after'
  tare create -b "$BUNDLE" it </dev/null >"$WORK/out" 2>&1
  tare start it
  save_it
  sleep 1000 3>&- | tare restore -d --image-path "$WORK/images" -b "$BUNDLE" it >"$WORK/out" 2>&1 3>&- &
  local other=$!
  wait_for status_is it running 2>/dev/null
  rm -r "$WORK/images"
  save_it
  touch "$WORK/shared/go"
  tare restore --image-path "$WORK/images" -b "$BUNDLE" it </dev/null >"$WORK/second" 2>"$WORK/err"
  [ "$(cat "$WORK/second")" = "said after" ]
  pkill -P $$ -x sleep || true
  wait "$other" || true
}

# ---- terminals ----

receive() { # [INPUT]
  rm -f "$WORK/console"
  "$STAGE/bin/recvtty" "$WORK/console" "$WORK/said" "$@" >"$WORK/received" 2>&1 3>&- &
  RECEIVER=$!
  wait_for test -S "$WORK/console"
}

@test "a terminal comes back by a console socket" {
  config '.process.terminal = true'
  shell_is 'while [ ! -e /shared/go ]; do sleep 0.01; done; tty; stat -c %t /dev/console'
  receive
  create_it --console-socket "$WORK/console"
  tare start it
  save_it
  kill "$RECEIVER" 2>/dev/null || true
  receive
  bring_it_back --console-socket "$WORK/console"
  touch "$WORK/shared/go"
  wait_for grep -q 88 "$WORK/said"
  grep -q /dev/pts/0 "$WORK/said"
}

@test "a terminal comes back in the foreground" {
  needs script
  config '.process.terminal = true'
  shell_is 'while [ ! -e /shared/go ]; do sleep 0.01; done; tty; exit 6'
  receive
  create_it --console-socket "$WORK/console"
  tare start it
  save_it
  touch "$WORK/shared/go"
  run script -qec "'$TARE' --root '$STATE' restore --image-path '$WORK/images' -b '$BUNDLE' it" \
    /dev/null </dev/null
  [ "$status" -eq 6 ]
  says /dev/pts/0
}

@test "--shell-job: the terminal is the caller's" {
  needs script
  shell_is 'while [ ! -e /shared/go ]; do sleep 0.01; done; tty; echo in my place'
  script -qfec "'$TARE' --root '$STATE' run -b '$BUNDLE' it" "$WORK/typescript" \
    </dev/null >/dev/null 2>&1 3>&- &
  wait_for status_is it running 2>/dev/null
  fails 'log file:' tare checkpoint --image-path "$WORK/images" it
  [ "$(state_of it)" = running ]
  attempt tare checkpoint --shell-job --image-path "$WORK/images" it
  [[ $output != *"Can't lookup mount"* ]] ||
    skip "this CRIU does not find the mount of the caller's terminal: $output"
  [ "$status" -eq 0 ]
  touch "$WORK/shared/go"
  run script -qec "'$TARE' --root '$STATE' restore --shell-job --image-path '$WORK/images' -b '$BUNDLE' it" \
    /dev/null </dev/null
  says 'in my place'
}

# ---- what is outside ----

@test "mounts from outside are there again: directories, files, through symlinks" {
  mkdir "$WORK/tree" "$WORK/behind"
  echo leaf >"$WORK/tree/leaf"
  echo 'a file' >"$WORK/file"
  ln -s /tmp/real "$BUNDLE/rootfs/link"
  mkdir -p "$BUNDLE/rootfs/tmp/real"
  add_mount /mnt/tree bind "$WORK/tree" bind ro
  add_mount /mnt/tree/leaf bind "$WORK/file" bind
  add_mount /link/behind bind "$WORK/behind" bind
  add_mount /etc/hostname bind "$WORK/file" bind
  start_it
  save_it
  echo 'another file' >"$WORK/file"
  bring_it_back
  [ "$(tare exec it cat /mnt/tree/leaf)" = 'another file' ]
  [ "$(tare exec it cat /etc/hostname)" = 'another file' ]
  tare exec it touch /tmp/real/behind/new
  [ -e "$WORK/behind/new" ]
  run tare exec it touch /mnt/tree/new
  says 'Read-only'
}

@test "what was hidden or read-only is so again" {
  config '.linux.maskedPaths = ["/proc/timer_list", "/proc/kcore", "/sys/firmware", "/nowhere"]
    | .linux.readonlyPaths = ["/proc/sys"]'
  start_it
  save_it
  bring_it_back
  [ "$(tare exec it stat -c %t:%T /proc/timer_list)" = 1:3 ]
  [ -z "$(tare exec it ls /sys/firmware)" ]
  run tare exec it sh -c 'echo x >/proc/sys/kernel/domainname'
  says 'Read-only'
}

@test "mount points that a new root file system lacks are made" {
  mkdir "$WORK/tree"
  echo leaf >"$WORK/tree/leaf"
  add_mount /deep/er/tree bind "$WORK/tree" bind
  start_it
  save_it
  rm -rf "$BUNDLE/rootfs/deep" "$BUNDLE/rootfs/shared"
  bring_it_back
  [ "$(tare exec it cat /deep/er/tree/leaf)" = leaf ]
}

@test "nothing of it is seen in the host's mounts" {
  local before
  before=$(cat /proc/self/mountinfo)
  start_it
  save_it
  bring_it_back
  [ "$(cat /proc/self/mountinfo)" = "$before" ]
}

@test "a joined network namespace is joined again, and another one if it is so" {
  needs ip
  unshare -n sleep 1000 3>&- &
  local first=$!
  unshare -n sleep 1000 3>&- &
  local second=$!
  wait_for eval "[ \"\$(readlink /proc/$first/ns/net)\" != \"\$(readlink /proc/self/ns/net)\" ]"
  wait_for eval "[ \"\$(readlink /proc/$second/ns/net)\" != \"\$(readlink /proc/self/ns/net)\" ]"
  join_namespace network "/proc/$first/ns/net"
  start_it
  save_it
  bring_it_back
  [ "$(readlink "/proc/$(pid_of it)/ns/net")" = "$(readlink "/proc/$first/ns/net")" ]
  rm -r "$WORK/images"
  save_it
  join_namespace network "/proc/$second/ns/net"
  bring_it_back
  [ "$(readlink "/proc/$(pid_of it)/ns/net")" = "$(readlink "/proc/$second/ns/net")" ]
  kill "$first" "$second"
}

@test "joined ipc and uts namespaces are joined again" {
  unshare --ipc --uts sh -c 'hostname shared; sleep 1000' 3>&- &
  local other=$!
  wait_for eval "[ \"\$(readlink /proc/$other/ns/uts)\" != \"\$(readlink /proc/self/ns/uts)\" ]"
  config 'del(.hostname)'
  join_namespace ipc "/proc/$other/ns/ipc"
  join_namespace uts "/proc/$other/ns/uts"
  start_it
  save_it
  bring_it_back
  [ "$(readlink "/proc/$(pid_of it)/ns/ipc")" = "$(readlink "/proc/$other/ns/ipc")" ]
  [ "$(readlink "/proc/$(pid_of it)/ns/uts")" = "$(readlink "/proc/$other/ns/uts")" ]
  pkill -P "$other" || true
  kill "$other" || true
}

@test "a joined pid namespace is joined again" {
  # One that waits for what it inherits: a pid is free again only then.
  unshare --pid --fork --kill-child sh -c 'while :; do sleep 0.1; done' 3>&- &
  local other=$!
  wait_for eval "pgrep -P $other >/dev/null"
  local inner
  inner=$(pgrep -P "$other")
  join_namespace pid "/proc/$inner/ns/pid"
  command_is sleep 1000
  create_it
  tare start it
  save_it
  bring_it_back
  [ "$(readlink "/proc/$(pid_of it)/ns/pid")" = "$(readlink "/proc/$inner/ns/pid")" ]
  tare delete --force it
  kill -KILL "$other" "$inner"
}

@test "what cannot be saved is refused by its place in config.json" {
  unshare --user --map-root-user sleep 1000 3>&- &
  local other=$!
  wait_for eval "[ \"\$(readlink /proc/$other/ns/user)\" != \"\$(readlink /proc/self/ns/user)\" ]"
  no_namespace mount
  config 'del(.linux.maskedPaths, .linux.readonlyPaths)'
  create_it
  tare start it
  fails 'linux.namespaces: CRIU cannot save a container without a mount namespace' \
    tare checkpoint --image-path "$WORK/images" it
  [ ! -e "$WORK/images" ]
  tare delete --force it
  kill "$other"
}

@test "a container with a user namespace comes back" {
  chmod 711 "$WORK"
  config '.linux.namespaces += [{type: "user"}]
    | .linux.uidMappings = [{containerID: 0, hostID: 700000000, size: 65536}]
    | .linux.gidMappings = [{containerID: 0, hostID: 700000000, size: 65536}]'
  give_rootfs_to 700000000
  # CRIU opens files again, as root of the namespace.
  touch "$WORK/out" "$WORK/err"
  chmod 666 "$WORK/out" "$WORK/err"
  start_it
  save_it
  bring_it_back
  [ "$(stat -c %u "/proc/$(pid_of it)")" = 700000000 ]
  [ "$(tare exec it id -u)" = 0 ]
  goes_on_from 1
}

# ---- hooks ----

@test "hooks at restore: prestart and createRuntime, with the pid, as with runc" {
  start_it
  save_it
  local kind
  for kind in prestart createRuntime createContainer startContainer poststart poststop; do
    add_hook "$kind" "cat >'$WORK/hook-$kind'"
  done
  bring_it_back
  [ "$(jq -r .status "$WORK/hook-prestart")" = creating ]
  [ "$(jq -r .pid "$WORK/hook-createRuntime")" = "$(pid_of it)" ]
  [ ! -e "$WORK/hook-createContainer" ]
  [ ! -e "$WORK/hook-startContainer" ]
  [ ! -e "$WORK/hook-poststart" ]
  tare delete --force it
  [ "$(jq -r .status "$WORK/hook-poststop")" = stopped ]
}

@test "a hook that fails at restore leaves nothing" {
  start_it
  save_it
  add_hook createRuntime 'echo no >&2; exit 1'
  fails 'error running createRuntime hook #0' \
    tare restore -d --image-path "$WORK/images" -b "$BUNDLE" it
  fails 'container does not exist' tare state it
}

# ---- connections, locks, memory ----

@test "--tcp-established: a connection goes on; without, it is refused" {
  shell_is 'ip link set lo up; nc -l -p 7777 -e sh -c "while read -r w; do echo \$w; done" & sleep 0.3
    { echo first; while [ ! -e /shared/go ]; do sleep 0.01; done; echo second; } | nc 127.0.0.1 7777 >/shared/heard'
  config '(.process.capabilities | .bounding, .effective, .permitted) += ["CAP_NET_ADMIN"]'
  create_it
  tare start it
  wait_for grep -q first "$WORK/shared/heard"
  fails 'log file:' tare checkpoint --image-path "$WORK/images" it
  says 'onnected TCP socket'
  [ "$(state_of it)" = running ]
  attempt tare checkpoint --image-path "$WORK/images" --tcp-established it
  [ "$status" -eq 0 ] || {
    says 'opt: Operation not supported'
    skip "CRIU cannot read an option of TCP sockets on this kernel: $output"
  }
  bring_it_back --tcp-established
  touch "$WORK/shared/go"
  wait_for grep -q second "$WORK/shared/heard"
}

@test "--file-locks: a lock is held again; without, it is refused" {
  needs flock
  command_is lock /tmp/lock /shared/up
  create_it
  tare start it
  wait_for test -e "$WORK/shared/up"
  fails 'log file:' tare checkpoint --image-path "$WORK/images" it
  save_it --file-locks
  flock -n "$BUNDLE/rootfs/tmp/lock" true
  bring_it_back --file-locks
  run flock -n "$BUNDLE/rootfs/tmp/lock" true
  [ "$status" -ne 0 ]
}

# ---- what goes wrong ----

@test "images that are not there, or of something else: nothing is left" {
  fails '--image-path: open' tare restore -d --image-path "$WORK/none" -b "$BUNDLE" it
  mkdir "$WORK/images"
  fails 'criu failed: type RESTORE' tare restore -d --image-path "$WORK/images" -b "$BUNDLE" it
  says "(log file: $WORK/images/restore.log)"
  [ -s "$WORK/images/restore.log" ]
  echo '["a", 1]' >"$WORK/images/descriptors.json"
  fails 'descriptors.json:1:' tare restore -d --image-path "$WORK/images" -b "$BUNDLE" it
  fails 'container does not exist' tare state it
}

@test "--work-path has the logs" {
  start_it
  save_it --work-path "$WORK/work"
  [ -s "$WORK/work/dump.log" ]
  [ ! -e "$WORK/images/dump.log" ]
  bring_it_back --work-path "$WORK/work"
  [ -s "$WORK/work/restore.log" ]
}

@test "the images' directory is 'checkpoint' unless said" {
  start_it
  cd "$WORK"
  attempt tare checkpoint it
  [ "$status" -eq 0 ]
  [ -e "$WORK/checkpoint/inventory.img" ]
  tare_quietly restore -d -b "$BUNDLE" it
  [ "$(state_of it)" = running ]
}

@test "org.criu.config: the file's options come last" {
  echo 'log-file elsewhere.log' >"$WORK/criu.conf"
  config '.annotations["org.criu.config"] = $f' --arg f "$WORK/criu.conf"
  start_it
  save_it
  [ -s "$WORK/images/elsewhere.log" ]
  bring_it_back
}

@test "an id that is taken is refused, and what has it goes on" {
  start_it
  save_it --leave-running
  fails 'container with given ID already exists' \
    tare restore -d --image-path "$WORK/images" -b "$BUNDLE" it
  [ "$(state_of it)" = running ]
}

@test "--empty-ns network: what is in it stays behind" {
  start_it
  save_it --empty-ns network
  bring_it_back --empty-ns network
  [ "$(state_of it)" = running ]
}

@test "restore that is interrupted leaves nothing" {
  start_it
  save_it
  add_hook createRuntime "touch '$WORK/in-hook'; sleep 5"
  tare restore -d --image-path "$WORK/images" -b "$BUNDLE" it </dev/null >"$WORK/out" 2>&1 3>&- &
  local caller=$!
  wait_for test -e "$WORK/in-hook"
  kill -TERM "$(pgrep -P "$caller" || echo "$caller")"
  wait "$caller" || true
  wait_for eval '! tare state it >/dev/null 2>&1'
}

@test "checkpoint that is interrupted gives the container back, however long CRIU takes" {
  local signal
  start_it
  for signal in INT TERM; do
    save_in_group
    kill "-$signal" -- "-$SAVER"
    [ "$signal" = INT ] || sleep 11
    network_is_locked
    timeout 5 cat "$WORK/images/pstree.img" >/dev/null
    saver_ends_with '^signal [0-9]* ('
    grep 'criu is giving the container back; another signal kills it first' "$WORK/said"
    run network_is_locked
    [ "$status" -ne 0 ]
    goes_on_from "$(count)"
  done
  rm -r "$WORK/images"
  save_it
}

@test "checkpoint that is interrupted twice does not wait" {
  start_it
  save_in_group
  kill "$SAVER"
  wait_for grep -q 'another signal kills it first' "$WORK/said"
  kill "$SAVER"
  saver_ends_with '^criu was killed before it gave the container back: signal 15'
  tare delete --force it
}

@test "--link-remap: an open file that has lost its name; what else is CRIU's own affair is passed on" {
  shell_is 'exec 5>/first; ln /first /second; rm /first; echo up >/shared/count
    while [ ! -e /shared/go ]; do sleep 0.01; done; echo after >&5; exec sleep 1000'
  start_it
  fails 'log file:' tare checkpoint --image-path "$WORK/refused" it
  save_it --link-remap --ext-unix-sk --auto-dedup --tcp-close --tcp-skip-in-flight --network-lock skip
  bring_it_back --link-remap --ext-unix-sk --auto-dedup --tcp-close --network-lock skip \
    --no-pivot --no-new-keyring --no-subreaper
  touch "$WORK/shared/go"
  wait_for grep -qx after "$BUNDLE/rootfs/second"
  fails network-lock tare checkpoint --network-lock loose it
}

@test "--config: another file than the one it was created with" {
  start_it
  save_it
  mv "$BUNDLE/config.json" "$WORK/other.json"
  bring_it_back --config "$WORK/other.json"
  [ "$(state_of it)" = running ]
}

@test "--lsm-profile: what is none is refused; --lsm-mount-context: without labels of mounts it changes nothing" {
  start_it
  save_it
  fails 'invalid argument nothing for --lsm-profile' \
    tare restore --lsm-profile nothing --image-path "$WORK/images" -b "$BUNDLE" it
  [ -e /sys/kernel/security/apparmor ] ||
    fails 'apparmor not supported by kernel' \
      tare restore --lsm-profile apparmor:some --image-path "$WORK/images" -b "$BUNDLE" it
  bring_it_back --lsm-mount-context some_u:some_r:some_t:s0
  [ "$(state_of it)" = running ]
}

# ---- the very calls of managers, see argv.bats ----

# Nothing on stdout or stderr, and nothing in the log.
called() { # ARGUMENT...
  timeout 60 "$TARE" --root "$STATE" --log "$WORK/log.json" --log-format json "$@" </dev/null >"$WORK/out" 2>&1 || {
    echo "failed: $*: $(cat "$WORK/out")"
    return 1
  }
  [[ ! -s "$WORK/out" && ! -s "$WORK/log.json" ]] || {
    echo "not silent: $*: $(cat "$WORK/out" "$WORK/log.json")"
    return 1
  }
}

@test "containerd: checkpoint and restore, word by word" {
  local saved
  start_it
  mkdir "$WORK/images" "$WORK/work"
  saved=$(count)
  called checkpoint --image-path "$WORK/images" --work-path "$WORK/work" --leave-running --tcp-established \
    --ext-unix-sk --file-locks --empty-ns network --manage-cgroups-mode soft it
  called delete --force it
  rm -r "$WORK/work" && mkdir "$WORK/work"
  called restore --image-path "$WORK/images" --work-path "$WORK/work" --tcp-established --ext-unix-sk --file-locks \
    --empty-ns network --manage-cgroups-mode soft --detach --pid-file "$BUNDLE/init.pid" --no-pivot -no-subreaper \
    --bundle "$BUNDLE" it
  goes_on_from "$saved"
  [ "$(cat "$BUNDLE/init.pid")" = "$(pid_of it)" ]
}

@test "podman and conmon, and CRI-O: checkpoint and restore, word by word" {
  local saved
  start_it
  called checkpoint --image-path "$WORK/images" --work-path "$BUNDLE" --tcp-established --file-locks it
  saved=$(count)
  called restore --bundle "$BUNDLE" --pid-file "$WORK/pidfile" --detach --image-path "$WORK/images" \
    --work-path "$BUNDLE" --tcp-established --file-locks it
  goes_on_from "$saved"
  rm -r "$WORK/images"
  called checkpoint --file-locks --image-path "$WORK/images" --work-path "$WORK/work" --leave-running it
  goes_on_from "$saved"
}
