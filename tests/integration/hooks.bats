#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# hooks.bats - the six kinds: order, namespaces, what they are told, what their failure does.
# shellcheck disable=SC2016,SC2119,SC2120

load helpers

KINDS='prestart createRuntime createContainer startContainer poststart poststop'
# Where hooks that run outside write to.
prepare() {
  make_bundle
  LOG=$WORK/hooks
  : >"$LOG"
  chmod 666 "$LOG"
}

# In the container's own words, since it cannot reach $LOG.
add_inside() { # SCRIPT
  config '.root.readonly = false'
  add_hook startContainer "$1"
}

# field: hooks.prestart[].path, hooks.createRuntime[].path, hooks.createContainer[].path
# field: hooks.startContainer[].path, hooks.poststart[].path, hooks.poststop[].path
@test "all six run, in their order" {
  local kind
  config '.root.readonly = false'
  for kind in prestart createRuntime createContainer poststart poststop; do
    add_hook $kind "echo $kind >>'$LOG'"
  done
  add_inside 'echo startContainer >/tmp/log'
  command_is sleep 100
  create_it
  [ "$(tr '\n' ' ' <"$LOG")" = 'prestart createRuntime createContainer ' ]
  [ ! -e "$BUNDLE/rootfs/tmp/log" ]
  tare start it
  [ "$(cat "$BUNDLE/rootfs/tmp/log")" = startContainer ]
  [ "$(tail -n 1 "$LOG")" = poststart ]
  tare kill it KILL
  wait_for status_is it stopped
  tare delete it
  [ "$(tail -n 1 "$LOG")" = poststop ]
  [ "$(wc -l <"$LOG")" -eq 5 ]
}

@test "several of a kind run in the order of the list" {
  add_hook createRuntime "echo 1 >>'$LOG'"
  add_hook createRuntime "echo 2 >>'$LOG'"
  add_hook createRuntime "echo 3 >>'$LOG'"
  run_well
  [ "$(tr -d '\n' <"$LOG")" = 123 ]
}

# field: annotations, ociVersion
@test "each is told the state on stdin, on one line of JSON" {
  local kind
  config '.annotations = {"a/b": "c\"d"} | .root.readonly = false'
  for kind in prestart createRuntime createContainer poststart poststop; do
    add_hook $kind "cat >'$WORK/state.$kind'"
  done
  add_inside 'cat >/tmp/state'
  chmod 777 "$WORK"
  run_well
  cp "$BUNDLE/rootfs/tmp/state" "$WORK/state.startContainer"
  for kind in $KINDS; do
    jq -e --arg b "$BUNDLE" '.id == "it" and .bundle == $b and .ociVersion and .annotations["a/b"] == "c\"d"' \
      "$WORK/state.$kind" >/dev/null || {
      echo "$kind: $(cat "$WORK/state.$kind")"
      return 1
    }
    ! is_tare || [ "$(wc -l <"$WORK/state.$kind")" -le 1 ]
    run ! grep '\\/' "$WORK/state.$kind"
  done
}

@test "annotations that are too many for a record are told by start, state, list and delete" {
  local kind

  config '.annotations = ([range(300) | {key: "org.example/\(.)", value: "v\(.)"}] | from_entries)'
  add_hook poststart "cat >'$WORK/state.poststart'"
  add_hook poststop "cat >'$WORK/state.poststop'"
  command_is sleep 100
  create_it
  tare start it
  tare state it >"$WORK/state.state"
  tare list -f json | jq '.[0]' >"$WORK/state.list"
  tare list | grep -q '^it '
  tare delete --force it
  for kind in state list poststart poststop; do
    [ "$(jq -S .annotations "$WORK/state.$kind")" = "$(jq -S .annotations "$BUNDLE/config.json")" ]
  done
}

@test "the status they are told is that of the lifecycle" {
  is_tare || skip "$TARE_NAME has its own"
  local row kind status
  config '.root.readonly = false'
  for kind in prestart createRuntime createContainer poststart poststop; do
    add_hook $kind "cat >'$WORK/state.$kind'"
  done
  add_inside 'cat >/tmp/state'
  run_well
  cp "$BUNDLE/rootfs/tmp/state" "$WORK/state.startContainer"
  for row in prestart:creating createRuntime:creating createContainer:creating \
    startContainer:created poststart:running poststop:stopped; do
    kind=${row%:*} status=${row#*:}
    [ "$(jq -r .status "$WORK/state.$kind")" = "$status" ] || {
      echo "$kind: $(cat "$WORK/state.$kind")"
      return 1
    }
  done
}

@test "the pid they are told is the container's" {
  add_hook createRuntime "cat >'$WORK/state'"
  command_is sleep 100
  create_it
  [ "$(jq .pid "$WORK/state")" = "$(pid_of it)" ]
}

@test "the namespaces they run in" {
  not_in plain rootless userns
  local kind
  config '.root.readonly = false'
  for kind in prestart createRuntime createContainer poststart poststop; do
    add_hook $kind "readlink /proc/self/ns/mnt >'$WORK/ns.$kind'"
  done
  add_inside 'readlink /proc/self/ns/mnt >/tmp/ns'
  command_is sleep 100
  create_it
  local inside
  inside=$(readlink "/proc/$(pid_of it)/ns/mnt")
  tare start it
  tare delete --force it
  for kind in prestart createRuntime poststart poststop; do
    [ "$(cat "$WORK/ns.$kind")" = "$(readlink /proc/self/ns/mnt)" ]
  done
  [ "$(cat "$WORK/ns.createContainer")" = "$inside" ]
  [ "$(cat "$BUNDLE/rootfs/tmp/ns")" = "$inside" ]
}

@test "createContainer still sees the host's files, startContainer no longer" {
  add_hook createContainer "cat '$LOG' && echo seen >>'$LOG'"
  add_inside "test -e '$LOG' || echo hidden >/tmp/result"
  run_well
  [ "$(cat "$LOG")" = seen ]
  [ "$(cat "$BUNDLE/rootfs/tmp/result")" = hidden ]
}

@test "so it is with --no-pivot, and without a mount namespace" {
  add_hook createContainer "cat '$LOG' && echo seen >>'$LOG'"
  shell_is "test -e '$LOG' || echo hidden"
  run_well --no-pivot
  [ "$output" = hidden ]
  [ "$(cat "$LOG")" = seen ]
  [ "$MODE" = root ] || return 0 # a user's root may not mount in the machine's
  no_namespace mount
  config 'del(.mounts, .linux.maskedPaths, .linux.readonlyPaths) | .root.readonly = false'
  : >"$LOG"
  run_well
  [ "$output" = hidden ]
  [ "$(cat "$LOG")" = seen ]
}

@test "createContainer sees the container's mounts at their places in the root file system" {
  not_in plain rootless userns
  add_hook createContainer "cat '$BUNDLE/rootfs/proc/version' >'$LOG'"
  run_well
  grep -q Linux "$LOG"
}

@test "they have descriptors 0, 1 and 2 only" {
  local kind
  for kind in prestart createRuntime createContainer poststart poststop; do
    add_hook $kind "ls -l /proc/self/fd | sed 's/.* \([0-9]* -> .*\)/$kind \1/' >>'$LOG'"
  done
  run_well 5</etc/passwd
  # ls has the directory itself open as 3.
  ! grep -vE ' [0-2] -> | 3 -> /proc|total' "$LOG" || {
    cat "$LOG"
    return 1
  }
}

# field: hooks.createRuntime[].env
@test "their environment is theirs alone" {
  config '.hooks.createRuntime = [{path: "/usr/bin/env", args: ["env"], env: ["ONLY=this"]}]
    | .process.env += ["LD_EVIL=1"]'
  config '.hooks.createRuntime[0] = {path: "/bin/sh", args: ["sh", "-c", $s], env: ["ONLY=this"]}' \
    --arg s "env >'$LOG'"
  add_hook createContainer "env >>'$LOG'"
  run_well
  grep -q ONLY=this "$LOG"
  run ! grep LD_EVIL "$LOG"
}

# field: hooks.createRuntime[].args
@test "the arguments are passed, the first one is the name" {
  config '.hooks.createRuntime = [{path: "/bin/sh", args: ["name", "-c", $s, "zero", "two words"]}]' \
    --arg s "echo \"\$0 \$1\" >'$LOG'"
  run_well
  [ "$(cat "$LOG")" = 'zero two words' ]
}

@test "a failure before start undoes the container: nothing is left, poststop runs" {
  local kind
  for kind in prestart createRuntime createContainer; do
    rm -rf "$BUNDLE"
    make_bundle
    : >"$LOG"
    add_hook $kind 'echo out; echo err >&2; exit 3'
    add_hook poststop "echo poststop >>'$LOG'"
    attempt tare create -b "$BUNDLE" it
    [ "$status" -eq 1 ]
    says "error running $kind hook #0"
    says 'exit status 3'
    says err
    run ! tare state it
    nothing_is_left
  done
}

@test "a failing startContainer hook keeps the program from starting" {
  add_inside 'exit 4'
  shell_is 'touch /tmp/ran'
  create_it
  run tare start it
  [ "$status" -ne 0 ]
  says 'error running startContainer hook #0'
  [ ! -e "$BUNDLE/rootfs/tmp/ran" ]
}

@test "a failing poststart hook stops the container" {
  add_hook poststart 'exit 5'
  command_is sleep 100
  create_it
  run tare start it
  is_tare || skip 'later versions do'
  [ "$status" -ne 0 ]
  says 'error running poststart hook #0'
  wait_for status_is_gone
}

status_is_gone() {
  ! tare state it >/dev/null 2>&1 || status_is it stopped
}

@test "a failing poststop hook is a warning, and the next one runs" {
  is_tare || skip 'against the specification'
  add_hook poststop 'exit 6'
  add_hook poststop "echo second >>'$LOG'"
  create_it
  tare kill it KILL
  wait_for status_is it stopped
  run tare --log "$WORK/log" delete it
  [ "$status" -eq 0 ]
  [ "$(cat "$LOG")" = second ]
  grep -q 'level=warning' "$WORK/log"
  grep -q 'poststop hook #0' "$WORK/log"
}

@test "the second hook of a kind is named by its number" {
  add_hook createRuntime true
  add_hook createRuntime false
  attempt tare create -b "$BUNDLE" it
  says 'error running createRuntime hook #1'
}

@test "a hook that is not there" {
  config '.hooks.createRuntime = [{path: "/no/such/hook"}]'
  attempt tare create -b "$BUNDLE" it
  [ "$status" -eq 1 ]
  says 'error running createRuntime hook #0'
  says 'no such file or directory'
}

# field: hooks.createRuntime[].timeout
@test "a hook that takes too long is killed, with its children" {
  config '.hooks.createRuntime = [{path: "/bin/sh", args: ["sh", "-c", "sleep 1000 & sleep 1000"], timeout: 1}]'
  local begin=$SECONDS
  attempt tare create -b "$BUNDLE" it
  [ "$status" -eq 1 ]
  [ $((SECONDS - begin)) -lt 10 ]
  says 'timeout' || says 'specified timeout of 1'
  is_tare || { pkill -x -f 'sleep 1000' || true; }
}

@test "a hook that does not read its stdin, and one that floods its stdout" {
  config '.annotations = {big: ("x" * 200000)}'
  config '.hooks.createRuntime = [{path: "/bin/true"}, {path: "/bin/sh", args: ["sh", "-c", "head -c 1000000 /dev/zero"]}]'
  LIMIT=20 run_well
}

@test "a signal to run ends a hook that hangs, and takes the container back" {
  tare_only
  local kind mark pid
  config '.root.readonly = false'
  for kind in createRuntime createContainer startContainer poststart; do
    mark=$LOG.$kind
    config '.hooks = {}'
    if [ $kind = startContainer ]; then
      mark=$BUNDLE/rootfs/tmp/mark
      add_hook $kind 'echo >/tmp/mark; sleep 1000'
    else
      add_hook $kind "echo >'$mark'; sleep 1000"
    fi
    "$TARE" --root "$STATE" run -b "$BUNDLE" it </dev/null >"$WORK/attempt" 2>&1 &
    pid=$!
    wait_for test -e "$mark"
    kill -TERM $pid
    status=0
    wait $pid || status=$?
    output=$(cat "$WORK/attempt")
    [ "$status" -eq 1 ]
    says 'signal 15 (Terminated): interrupted system call'
    attempt tare state it
    says 'container does not exist'
    rm "$mark"
    nothing_is_left
  done
}

@test "nohup's signals do not end a hook" {
  tare_only
  add_hook createRuntime 'kill -HUP $PPID; sleep 0.2'
  (trap '' HUP && "$TARE" --root "$STATE" run -b "$BUNDLE" it)
}

@test "a signal to create takes back what it has made" {
  tare_only
  local pid
  add_hook createRuntime "echo >'$LOG.began'; sleep 1000"
  "$TARE" --root "$STATE" create -b "$BUNDLE" it </dev/null >"$WORK/attempt" 2>&1 &
  pid=$!
  wait_for test -e "$LOG.began"
  kill -INT $pid # a shell without job control makes its background ignore it
  kill -TERM $pid
  status=0
  wait $pid || status=$?
  [ "$status" -eq 1 ]
  rm "$LOG.began"
  nothing_is_left
}

@test "a hook killed by a signal" {
  config '.hooks.createRuntime = [{path: "/bin/sh", args: ["sh", "-c", "kill -9 $$"]}]'
  attempt tare create -b "$BUNDLE" it
  [ "$status" -eq 1 ]
  says 'error running createRuntime hook #0'
  says 'signal'
}

@test "a hook may ask for the state of its container" {
  tare_only
  add_hook createRuntime "'$TARE' --root '$STATE' state it >'$LOG' 2>&1"
  LIMIT=20 run_well
  [ "$(jq -r .status "$LOG")" = creating ]
}

@test "their path must be absolute" {
  config '.hooks.createRuntime = [{path: "true"}]'
  attempt tare create -b "$BUNDLE" it
  [ "$status" -eq 1 ]
}

@test "all run in the bundle's directory" {
  is_tare || skip "$TARE_NAME's is the caller's"
  add_hook createRuntime "pwd >>'$LOG'"
  add_hook poststop "pwd >>'$LOG'"
  run_well
  [ "$(sort -u "$LOG")" = "$BUNDLE" ]
}

# field: hooks.prestart[].args, hooks.createRuntime[].args, hooks.createContainer[].args
# field: hooks.startContainer[].args, hooks.poststart[].args, hooks.poststop[].args
# field: hooks.prestart[].env, hooks.createRuntime[].env, hooks.createContainer[].env
# field: hooks.startContainer[].env, hooks.poststart[].env, hooks.poststop[].env
@test "each kind gets its arguments and its environment" {
  local kind kinds='prestart createRuntime createContainer startContainer poststart poststop'
  mkdir "$BUNDLE/rootfs/log"
  add_mount /log bind "$BUNDLE/rootfs/log" bind
  for kind in $kinds; do
    config '.hooks[$k] = [{path: "/bin/sh", args: ["sh", "-c", $s, "zero", "two words"], env: ["KIND=\($k)"]}]' \
      --arg k "$kind" --arg s 'cd '"$BUNDLE/rootfs"' 2>/dev/null || cd /; echo "$KIND $0 $1" >"log/$KIND"'
  done
  run_well
  for kind in $kinds; do
    [ "$(cat "$BUNDLE/rootfs/log/$kind")" = "$kind zero two words" ]
  done
}

# field: hooks.prestart[].timeout, hooks.createRuntime[].timeout
# field: hooks.createContainer[].timeout, hooks.startContainer[].timeout
# field: hooks.poststart[].timeout, hooks.poststop[].timeout
@test "each kind ends when its time is over" {
  local kind begin
  for kind in prestart createRuntime createContainer startContainer poststart poststop; do
    make_bundle "bundle-$kind"
    config '.hooks[$k] = [{path: "/bin/sleep", args: ["sleep", "1000"], timeout: 1}]' --arg k "$kind"
    begin=$SECONDS
    run_it
    [ $((SECONDS - begin)) -lt 10 ]
    [ "$kind" = poststop ] || [ "$status" -ne 0 ]
    [ "$kind" = poststop ] || says 'timeout of 1'
  done
}

@test "what a startContainer hook has started may go on printing" {
  tare_only
  add_inside '(while :; do echo x; sleep 0.02; done) & exit 0'
  config '.hooks.startContainer[0].timeout = 5'
  shell_is 'exit 3'
  local begin=$SECONDS
  LIMIT=20 run_it
  [ "$status" -eq 3 ]
  [ $((SECONDS - begin)) -lt 10 ]
}

@test "the pid they are told is that in the namespace they run in" {
  tare_only
  not_in plain rootless userns
  local kind
  config '.root.readonly = false'
  for kind in prestart createRuntime createContainer poststart poststop; do
    add_hook $kind "cat >'$WORK/state.$kind'"
  done
  add_inside 'cat >/tmp/state'
  command_is sleep 100
  create_it
  local pid
  pid=$(pid_of it)
  tare start it
  tare delete --force it
  cp "$BUNDLE/rootfs/tmp/state" "$WORK/state.startContainer"
  for kind in prestart createRuntime poststart; do
    [ "$(jq .pid "$WORK/state.$kind")" = "$pid" ]
  done
  for kind in createContainer startContainer; do
    [ "$(jq .pid "$WORK/state.$kind")" = 1 ]
  done
  jq -e 'has("pid") | not' "$WORK/state.poststop"
}

@test "without env a hook has its caller's environment, with an empty one it has none" {
  tare_only
  local kind
  config '.root.readonly = false | .process.env += ["OF_THE_CONTAINER=1"]'
  for kind in createRuntime createContainer poststart poststop; do
    add_hook $kind "export -p >'$WORK/env.$kind'"
    config '.hooks[$k] += [.hooks[$k][0] | .args[2] += ".none" | .env = []]' --arg k $kind
  done
  for kind in '' .none; do add_inside "export -p >/tmp/env$kind"; done
  config '.hooks.startContainer[1].env = []'
  chmod 777 "$WORK"
  OF_THE_RUNTIME=1 run_well
  # Paths in quotes: the suffix is behind the quote, which sh does not mind.
  for kind in createRuntime createContainer poststart poststop; do
    grep -q OF_THE_RUNTIME "$WORK/env.$kind"
    run ! grep -q OF_THE "$WORK/env.$kind.none"
  done
  grep -q OF_THE_CONTAINER "$BUNDLE/rootfs/tmp/env"
  run ! grep -q OF_THE_RUNTIME "$BUNDLE/rootfs/tmp/env"
  run ! grep -q OF_THE "$BUNDLE/rootfs/tmp/env.none"
}

@test "a createContainer hook that cannot be executed, again and again" {
  config '.hooks.createContainer = [{path: "/tmp"}]'
  for _ in 1 2 3 4 5 6; do
    LIMIT=10 run_it
    [ "$status" -eq 1 ]
    says 'createContainer hook #0'
  done
}

@test "what a startContainer hook has started may print as fast as it can" {
  tare_only
  add_inside '(while :; do echo x; done) & exit 0'
  config '.hooks.startContainer[0].timeout = 2'
  shell_is 'echo runs'
  LIMIT=10 run_well
  says runs
}

@test "a state of a megabyte is told to a startContainer hook, and to one that does not read" {
  config '.annotations.large = ("x" * 1000000) | .root.readonly = false'
  add_hook startContainer 'wc -c >/tmp/size'
  add_hook startContainer 'exit 0'
  command_is cat /tmp/size
  LIMIT=10 run_well
  [ "$output" -gt 1000000 ]
}
