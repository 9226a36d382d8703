#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# dialect.bats - what runc's callers say and crun's, as far as no other file is about it.
# shellcheck disable=SC2016,SC2119,SC2154
#
# tests/dialect has each option of both with the test that shows what it does.

load helpers

prepare() {
  make_bundle
  command_is echo hello
}

# ---- global options, also behind the command ----

@test "global options may stand behind the command" {
  tare_only
  run timeout 30 "$TARE" run --root "$STATE" -b "$BUNDLE" it
  [ "$status" -eq 0 ]
  [ "$output" = hello ]
  run timeout 30 "$TARE" run it -b "$BUNDLE" --root="$STATE" --debug --log "$WORK/log" --log-format=json
  [ "$status" -eq 0 ]
  [ "$output" = hello ]
  jq -e 'select(.level == "debug")' "$WORK/log" >/dev/null
}

@test "of a global option in front and one behind the command the last one counts" {
  tare_only
  run timeout 30 "$TARE" --root /nonexistent --log "$WORK/first" list --root "$STATE" --log "$WORK/second" --debug
  [ "$status" -eq 0 ]
  [ ! -s "$WORK/first" ]
  run timeout 30 "$TARE" --log "$WORK/first" state --log "$WORK/second" --root "$STATE" nobody
  [ "$status" -eq 1 ]
  [ ! -s "$WORK/first" ]
  grep -q 'container does not exist' "$WORK/second"
}

@test "an option of the command comes before the global one of its name" {
  tare_only
  rm "$BUNDLE/config.json"
  "$TARE" spec --rootless -b "$BUNDLE"
  jq -e '[.linux.namespaces[].type] | index("user")' "$BUNDLE/config.json"
}

@test "what stands behind the id is not tare's with exec, kill and ps" {
  tare_only
  command_is sleep 100
  tare_quietly run --detach -b "$BUNDLE" it
  run tare exec it echo --root /nonexistent --debug
  [ "$output" = '--root /nonexistent --debug' ]
}

@test "--version behind a command" {
  tare_only
  [ "$("$TARE" list --version)" = "$("$TARE" --version)" ]
}

# ---- where the log goes ----

@test "--log file: is the file behind it" {
  tare_only
  run tare --log "file:$WORK/log" state nobody
  [ "$status" -eq 1 ]
  grep -q 'msg="container does not exist"' "$WORK/log"
}

# Run COMMAND where the socket PATH is a daemon's, and put what it is told into $WORK/said.
with_daemon() { # PATH COMMAND...
  "$STAGE/bin/datagram" "$1" >"$WORK/said" &
  local daemon=$!
  wait_for test -S "$1"
  shift
  "$@" || true
  wait "$daemon"
}

@test "--log journald: is the host's journal, with the id as a field" {
  tare_only
  only root
  mkdir -p /run/systemd/journal
  with_daemon /run/systemd/journal/socket tare --log journald:some-id state nobody
  rm -r /run/systemd
  tr '\0' '.' <"$WORK/said" >"$WORK/fields"
  grep -qx 'PRIORITY=3' "$WORK/fields"
  grep -qx 'SYSLOG_IDENTIFIER=tare' "$WORK/fields"
  grep -A 1 -x ID "$WORK/fields" | grep -q 'some-id'
  grep -A 1 -x MESSAGE "$WORK/fields" | grep -q 'container does not exist'
}

@test "--log syslog: is the host's syslog, as the program that is named" {
  tare_only
  only root
  mkdir "$WORK/dev"
  touch "$WORK/dev/null"
  mount --bind "$WORK/dev" "$WORK/dev"
  mount --bind /dev/null "$WORK/dev/null"
  with_daemon "$WORK/dev/log" unshare --mount sh -c 'mount --rbind "$3" /dev && "$1" --root "$2" --log syslog:box state nobody' \
    - "$TARE" "$STATE" "$WORK/dev"
  umount "$WORK/dev/null" "$WORK/dev"
  [[ $(cat "$WORK/said") =~ ^'<11>'.*' box['[0-9]+']: container does not exist'$ ]]
}

@test "a journal or a syslog that is not there is an error" {
  tare_only
  only root
  [ ! -e /run/systemd/journal ] || skip 'there is one'
  run tare --log journald:some-id list
  [ "$status" -eq 1 ]
  says 'journal'
}

# ---- names ----

@test "as runc and as crun: the version and help bear that name" {
  tare_only
  local name
  for name in runc crun; do
    ln -s "$TARE" "$WORK/$name"
    run --separate-stderr "$WORK/$name" --version
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    [[ ${lines[0]} =~ ^$name\ version\ [0-9]+\.[0-9]+ ]]
    [[ ${lines[1]} =~ ^commit:\ [0-9a-f]+ ]]
    [[ ${lines[2]} =~ ^spec:\ [0-9]+\.[0-9]+\.[0-9]+ ]]
    # dockerd takes the last line with this word for the version.
    [ "$(grep -c version <<<"$output")" -eq 1 ]
    run "$WORK/$name" create --help
    [[ ${lines[1]} =~ ^\ +$name\ create ]]
    run timeout 30 "$WORK/$name" --root "$STATE" run -b "$BUNDLE" it
    [ "$output" = hello ]
  done
  "$WORK/crun" --version | grep -q '^+SYSTEMD\|^+.*+SECCOMP'
  "$WORK/crun" --version | grep -q '^rundir: /'
  grep -aq 'built without checkpoint' "$TARE" || "$WORK/crun" --version | grep -q ' +CRIU +YAJL$'
}

# ---- one option, one test ----

@test "--rootless takes true, false and auto, and nothing else" {
  tare_only
  local word
  for word in true false auto; do
    run tare --rootless "$word" list
    [ "$status" -eq 0 ]
  done
  run tare --rootless perhaps list
  [ "$status" -eq 1 ]
  says 'rootless'
}

@test "--cgroup-manager takes cgroupfs, systemd and disabled, and nothing else" {
  tare_only
  local word
  for word in cgroupfs systemd disabled; do
    run tare --cgroup-manager "$word" list
    [ "$status" -eq 0 ]
  done
  run tare --cgroup-manager docker list
  [ "$status" -eq 1 ]
  says 'cgroup-manager'
  run tare --systemd-cgroup --cgroup-manager cgroupfs list
  [ "$status" -eq 1 ]
  says 'contradict'
}

@test "--log-level: what is below it is not logged" {
  tare_only
  run tare --log "$WORK/log" --log-level error run -b "$BUNDLE" it
  [ ! -s "$WORK/log" ]
  run tare --log "$WORK/log" --log-level debug run -b "$BUNDLE" it
  grep -q level=debug "$WORK/log"
  run tare --log-level loud list
  [ "$status" -eq 1 ]
}

@test "--config takes another file than the bundle's" {
  tare_only
  mv "$BUNDLE/config.json" "$WORK/other.json"
  run tare run -b "$BUNDLE" --config "$WORK/other.json" it
  [ "$status" -eq 0 ]
  [ "$output" = hello ]
  cd "$WORK"
  run tare run -b "$BUNDLE" -f other.json it
  [ "$output" = hello ]
  tare_quietly create -b "$BUNDLE" -f other.json it
  tare start it
}

@test "--no-subreaper: orphans of the container go elsewhere, without it to run" {
  tare_only
  only root
  # An orphan of the container leaves its pid namespace only where there is none.
  no_namespace pid
  config '.mounts |= map(select(.type != "proc"))
    | .mounts += [{destination: "/proc", type: "bind", source: "/proc", options: ["rbind"]}]
    | del(.linux.maskedPaths, .linux.readonlyPaths)'
  shell_is '(sh -c "sleep 0.3; cut -d\" \" -f4 /proc/self/stat" & ); exec sleep 1'
  "$TARE" --root "$STATE" run -b "$BUNDLE" it </dev/null >"$WORK/out" 2>&1 &
  local runtime=$!
  wait "$runtime" || true
  [ "$(cat "$WORK/out")" != 1 ]
  run tare run --no-subreaper -b "$BUNDLE" it
  [ "$output" = 1 ]
}

@test "--no-subreaper of create is taken, as crun takes it" {
  tare_only
  create_it --no-subreaper
  status_is it created
}

@test "spec --file writes where it says, also over what is there" {
  tare_only
  cd "$WORK"
  "$TARE" spec -f first.json
  jq -e .ociVersion first.json
  echo old >first.json
  "$TARE" spec --file first.json
  jq -e .ociVersion first.json
  "$TARE" spec -b "$BUNDLE" --file /dev/stdout | jq -e .process
  [ ! -e config.json ]
}

@test "delete --regex: all whose id matches" {
  tare_only
  local id
  command_is sleep 100
  for id in web-1 web-2 db-1; do
    tare_quietly create -b "$BUNDLE" $id
  done
  tare start web-2
  run tare delete --regex '^web-'
  [ "$status" -eq 1 ]
  says 'web-2: cannot delete container web-2 that is not stopped: running'
  [ "$(tare list -q)" = $'db-1\nweb-2' ]
  tare delete --force -r 'b-[12]$'
  [ -z "$(tare list -q)" ]
  tare delete --regex nothing
  run tare delete --regex 'a('
  [ "$status" -eq 1 ]
  says '--regex: "a("'
}

@test "kill --regex: all whose id matches" {
  tare_only
  local id
  command_is sleep 100
  for id in web-1 web-2 db-1; do
    tare_quietly run -d -b "$BUNDLE" $id
  done
  tare kill --regex 'web-.' KILL
  wait_for status_is web-1 stopped
  wait_for status_is web-2 stopped
  status_is db-1 running
  run tare kill -r '' TERM
  [ "$status" -eq 1 ]
  says 'web-1: container not running'
  tare kill --all -r '' KILL
}

# ---- a pidfd for whom it is asked ----

# Listen at $WORK/pidfd, with a signal to be sent to whom comes.
listen() { # [SIGNAL]
  "$STAGE/bin/recvpidfd" "$WORK/pidfd" "$@" >"$WORK/received" 2>&1 &
  LISTENER=$!
  wait_for test -S "$WORK/pidfd"
}

@test "create --pidfd-socket: a pidfd of the first process" {
  tare_only
  command_is sleep 100
  listen
  create_it --pidfd-socket "$WORK/pidfd"
  wait_for grep -q '^pid' "$WORK/received"
  [ "$(head -n 2 "$WORK/received")" = "payload standard
pid $(pid_of it)" ]
  tare start it
  tare kill it KILL
  wait "$LISTENER"
  grep -qx ended "$WORK/received"
}

@test "run --pidfd-socket: who has the pidfd can signal the container" {
  tare_only
  command_is sleep 100
  listen 9
  run tare run --pidfd-socket "$WORK/pidfd" -b "$BUNDLE" it
  [ "$status" -ne 0 ]
  wait "$LISTENER"
  grep -qx 'payload standard' "$WORK/received"
}

@test "run --pidfd-socket: nobody who listens, nothing that is left" {
  tare_only
  run tare run --pidfd-socket "$WORK/nobody" -b "$BUNDLE" it
  [ "$status" -eq 1 ]
  says 'pidfd socket'
  run tare state it
  says 'does not exist'
}

@test "exec --pidfd-socket: a pidfd of the process" {
  tare_only
  command_is sleep 100
  tare_quietly run -d -b "$BUNDLE" it
  listen
  tare_quietly exec --detach --pidfd-socket "$WORK/pidfd" --pid-file "$WORK/pid" it sleep 50
  wait_for grep -q '^pid' "$WORK/received"
  [ "$(head -n 2 "$WORK/received")" = "payload setns
pid $(cat "$WORK/pid")" ]
  kill "$(cat "$WORK/pid")"
  wait "$LISTENER"
}

# ---- crun's annotations ----

annotate() { # NAME VALUE
  config '.annotations[$name] = $value' --arg name "$1" --arg value "$2"
}

@test "run.oci.pidfd_receiver: a pidfd of the first process" {
  tare_only
  command_is sleep 100
  listen
  annotate run.oci.pidfd_receiver "$WORK/pidfd"
  create_it
  wait_for grep -q '^pid' "$WORK/received"
  [ "$(sed -n 2p "$WORK/received")" = "pid $(pid_of it)" ]
  tare delete --force it
  wait "$LISTENER"
}

@test "run.oci.seccomp.receiver: the agent where listenerPath says none" {
  tare_only
  only root
  "$STAGE/bin/agent" serve "$WORK/agent" </dev/null >"$WORK/agent.log" 2>&1 &
  local agent=$!
  wait_for grep -q ready "$WORK/agent.log"
  config '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["swapon"], action: "SCMP_ACT_NOTIFY"}]}'
  refused 'linux.seccomp.listenerPath: required'
  annotate run.oci.seccomp.receiver "$WORK/agent"
  run_well
  [ "$output" = hello ]
  kill $agent
  wait $agent || true
}

@test "RUN_OCI_SECCOMP_RECEIVER: the agent where nothing in config.json says one, for exec, too" {
  tare_only
  only root
  "$STAGE/bin/agent" serve "$WORK/agent" </dev/null >"$WORK/agent.log" 2>&1 3>&- &
  local agent=$!
  wait_for grep -q ready "$WORK/agent.log"
  config '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["swapon"], action: "SCMP_ACT_NOTIFY"}]}'
  command_is sleep 1000
  RUN_OCI_SECCOMP_RECEIVER='' refused 'linux.seccomp.listenerPath: required'
  RUN_OCI_SECCOMP_RECEIVER=$WORK/agent tare_quietly run -d -b "$BUNDLE" it
  [ "$(tare exec it echo hello)" = hello ]
  [ "$(grep -c '"seccompFd"' "$WORK/agent.log")" -eq 2 ] # of its program and of the other one
  tare delete --force it
  annotate run.oci.seccomp.receiver "$WORK/agent"
  RUN_OCI_SECCOMP_RECEIVER=/nobody tare_quietly run -d -b "$BUNDLE" it
  kill $agent
  wait $agent || true
}

@test "run.oci.seccomp_fail_unknown_syscall: a name that nobody knows is refused, also behind one that passed" {
  tare_only
  config '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["no_such_call"], action: "SCMP_ACT_ERRNO"}]}'
  run_well
  annotate run.oci.seccomp_fail_unknown_syscall 0
  run_well
  annotate run.oci.seccomp_fail_unknown_syscall 1
  refused 'unknown system call no_such_call'
}

@test "run.oci.hooks.stdout and .stderr: files that hooks' output goes to the end of" {
  tare_only
  local kind expected=
  annotate run.oci.hooks.stdout out.log
  annotate run.oci.hooks.stderr "$WORK/err.log"
  echo before >"$BUNDLE/out.log"
  for kind in prestart createRuntime createContainer poststart poststop; do
    add_hook $kind "echo $kind; echo $kind fails >&2"
    expected+=$kind$'\n'
  done
  run_well
  [ "$output" = hello ] # and not a word of theirs
  [ "$(cat "$BUNDLE/out.log")" = "before
${expected%?}" ]
  [ "$(wc -l <"$WORK/err.log")" -eq 5 ]
  [ "$(stat -c %a "$WORK/err.log")" = 600 ]
  add_hook createRuntime 'echo why >&2; exit 3'
  refused "exit status 3, stdout: $BUNDLE/out.log, stderr: $WORK/err.log"
  [ "$(grep -c why "$WORK/err.log")" -eq 1 ]
}

@test "run.oci.hooks.stdout: what cannot be opened, nobody reads or would be open in the container" {
  tare_only
  add_hook createRuntime true
  annotate run.oci.hooks.stdout /nowhere/log
  refused 'output of hooks: open /nowhere/log: no such file or directory'
  mkfifo "$WORK/fifo"
  annotate run.oci.hooks.stdout "$WORK/fifo"
  LIMIT=20 refused 'output of hooks: open '
  add_hook startContainer true
  refused 'annotations["run.oci.hooks.stdout"]: not supported with hooks.startContainer'
  annotate run.oci.hooks.stdout ''
  run_well
}

@test "what crun would do by an annotation and tare does not is refused by name" {
  tare_only
  local name
  for name in run.oci.handler run.oci.seccomp.plugins run.oci.seccomp_bpf_data run.oci.systemd.subgroup \
    run.oci.delegate-cgroup run.oci.systemd.force_cgroup_v1; do
    config 'del(.annotations)'
    annotate $name some
    refused "annotations[\"$name\"]: not supported: "
    annotate $name ''
    run_well
  done
  config '.annotations = {"run.oci.mount_context_type": "some"}'
  refused 'is none of context, fscontext, defcontext, rootcontext'
}

# ---- what is left ----

@test "create --preserve-fds passes descriptors on to the program that start executes" {
  tare_only
  shell_is 'cat <&3 >/tmp/said; probe fd 4 >>/tmp/said'
  config '.root.readonly = false'
  echo 'from outside' >"$WORK/file"
  tare_quietly create --preserve-fds 1 -b "$BUNDLE" it 3<"$WORK/file" 4</etc/passwd
  tare start it
  wait_for status_is it stopped
  [ "$(cat "$BUNDLE/rootfs/tmp/said")" = $'from outside\nEBADF' ]
}

@test "update --blkio-weight: a weight, or its refusal by name" {
  tare_only
  only root
  needs_cgroup
  command_is sleep 100
  tare_quietly run -d -b "$BUNDLE" it
  local file cgroup
  cgroup=$CGROUPS$(sed -n 's/^0:://p' "/proc/$(pid_of it)/cgroup")
  run tare update --blkio-weight 1000 it
  for file in "$cgroup/io.bfq.weight" "$cgroup/io.weight"; do
    [ -e "$file" ] || continue
    [ "$status" -eq 0 ]
    grep -qE 'default (1000|10000)' "$file"
    return
  done
  [ "$status" -eq 1 ]
  says_like 'blockIO.weight.*(io|bfq)'
}

# Options of a help text, from runc's way to print them or from argp's.
options_in() {
  grep -oE '^ +(-[a-zA-Z], )?--[a-z0-9-]+' | grep -oE -- '--[a-z0-9-]+' | sort -u
}

# What PEER's own help says and the table does not: missing_of PEER LETTER COMMAND...
missing_of() {
  local peer=$1 letter=$2 command option words

  shift 2
  for command in - "$@"; do
    words=("$command")
    [ "$command" != - ] || words=()
    for option in $("$peer" "${words[@]}" --help 2>/dev/null </dev/null | options_in); do
      case "$command $option" in
      *' --help' | *' --usage') continue ;; # argp's own
      '- --criu') continue ;;               # runc has it no more
      esac
      grep -qE "^[rc]*${letter}[rc]* +$command +$option " dialect.txt ||
        echo "$peer $command $option"
    done
  done
}

@test "each option of the runc that is installed is in the table" {
  tare_only
  needs runc
  [ "$(runc exec --help | options_in | wc -l)" -gt 10 ]
  [ -z "$(missing_of runc r create run start state delete exec kill list pause resume ps spec update events features)" ]
}

@test "each option of the crun that is installed is in the table" {
  tare_only
  needs crun
  [ "$(crun exec --help | options_in | wc -l)" -gt 10 ]
  [ -z "$(missing_of crun c create run start state delete exec kill list pause resume ps spec update)" ]
}
