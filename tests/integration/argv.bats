#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# argv.bats - the very calls that containerd, conmon, podman, CRI-O, docker and buildkit make.
# shellcheck disable=SC2016,SC2119,SC2120,SC2154
#
# Each call stands here word by word as the manager's source builds it.  Checkpoints have a file of
# their own.

load helpers

prepare() {
  tare_only
  make_bundle
  command_is sleep 100
  cp "$BUNDLE/config.json" "$WORK/config.json"
}

# Detached calls get the stdio that managers give them, and must not say a word.
quiet() { # COMMAND...
  "$@" </dev/null >"$WORK/stdout" 2>"$WORK/stderr" || {
    echo "failed with $?: $*: $(cat "$WORK/stderr")"
    return 1
  }
  says_nothing
}

says_nothing() {
  [ -z "$(cat "$WORK/stdout" "$WORK/stderr")" ] || {
    echo "it said: $(cat "$WORK/stdout" "$WORK/stderr")"
    return 1
  }
}

# go-runc reads it by strconv.Atoi: not a byte more.
pid_file_is_right() { # FILE
  [[ $(od -An -c "$1" | tr -d ' \n') =~ ^[0-9]+$ ]]
  kill -0 "$(cat "$1")"
}

# ---- containerd's shim, by go-runc ----

containerd() {
  timeout 30 "$TARE" --root "$STATE" --log "$BUNDLE/log.json" --log-format json "$@"
}

created_by_containerd() { # OPTION...
  quiet containerd create --bundle "$BUNDLE" --pid-file "$BUNDLE/init.pid" "$@" it
}

@test "containerd: create, start, state, kill, delete" {
  created_by_containerd
  pid_file_is_right "$BUNDLE/init.pid"
  quiet containerd start it
  run containerd state it # both outputs together, as go-runc reads them
  [ "$(jq -r '.id + " " + .status + " " + (.pid | tostring)' <<<"$output")" = "it running $(cat "$BUNDLE/init.pid")" ]
  jq -e '.bundle and .rootfs and (.created | fromdateiso8601? // test("^20"))' <<<"$output"
  quiet containerd kill it 15
  quiet containerd kill --all it 9
  wait_for status_is it stopped
  run containerd kill it 9
  [ "$status" -eq 1 ]
  says 'container not running'
  quiet containerd delete it
  [ "$(jq -s 'map(.level) == ["error"]' "$BUNDLE/log.json")" = true ]
}

@test "containerd: create with a console, no keyring, no pivot" {
  [ "$MODE" = root ] || skip 'not in this mode'
  config '.process.terminal = true'
  "$STAGE/bin/recvtty" "$WORK/console" "$WORK/said" >"$WORK/received" 2>&1 &
  wait_for test -S "$WORK/console"
  created_by_containerd --console-socket "$WORK/console" --no-pivot --no-new-keyring
  wait_for grep -q '^payload /dev/p' "$WORK/received"
  quiet containerd start it
  quiet containerd delete --force it
}

@test "containerd: create with a pidfd socket" {
  "$STAGE/bin/recvpidfd" "$WORK/pidfd" >"$WORK/received" 2>&1 &
  local receiver=$!
  wait_for test -S "$WORK/pidfd"
  created_by_containerd --pidfd-socket "$WORK/pidfd"
  quiet containerd delete --force it
  wait "$receiver"
  grep -qx 'payload standard' "$WORK/received"
}

@test "containerd: exec from a file that is gone right after" {
  created_by_containerd
  quiet containerd start it
  jq -c '.process | .args = ["sleep", "50"]' "$BUNDLE/config.json" >"$WORK/runc-process123"
  quiet containerd exec --process "$WORK/runc-process123" --detach --pid-file "$WORK/exec.pid" it
  rm "$WORK/runc-process123"
  pid_file_is_right "$WORK/exec.pid"
  kill "$(cat "$WORK/exec.pid")"
}

@test "containerd: exec with a console" {
  created_by_containerd
  quiet containerd start it
  jq -c '.process | .args = ["sleep", "50"] | .terminal = true' "$BUNDLE/config.json" >"$WORK/process"
  "$STAGE/bin/recvtty" "$WORK/console" "$WORK/said" >"$WORK/received" 2>&1 &
  wait_for test -S "$WORK/console"
  quiet containerd exec --process "$WORK/process" --console-socket "$WORK/console" --detach --pid-file "$WORK/exec.pid" it
  wait_for grep -q '^terminal' "$WORK/received"
  kill "$(cat "$WORK/exec.pid")"
}

@test "containerd: exec that fails leaves no pid file, and the reason in the log" {
  created_by_containerd
  quiet containerd start it
  jq -c '.process | .args = ["nosuch"]' "$BUNDLE/config.json" >"$WORK/process"
  run containerd exec --process "$WORK/process" --detach --pid-file "$WORK/exec.pid" it
  [ "$status" -eq 255 ]
  [ ! -e "$WORK/exec.pid" ]
  [[ $(jq -r .msg "$BUNDLE/log.json") == *'executable file not found in $PATH'* ]]
}

@test "containerd: pause and resume, update, ps" {
  needs_cgroup
  not_in plain rootless
  created_by_containerd
  quiet containerd start it
  quiet containerd pause it
  quiet containerd resume it
  jq -c . <<<'{}' | quiet_from_stdin containerd update --resources=- it
  run containerd ps --format json it
  [ "$output" = "[$(cat "$BUNDLE/init.pid")]" ]
  run containerd ps --format table it -ef
  [[ ${lines[0]} =~ ^UID\ +PID ]]
  [[ ${lines[1]} == *'sleep 100'* ]]
}

quiet_from_stdin() {
  "$@" >"$WORK/stdout" 2>"$WORK/stderr"
  says_nothing
}

@test "containerd: delete without --systemd-cgroup, of what is not there, too" {
  created_by_containerd
  quiet timeout 30 "$TARE" --root "$STATE" --log "$BUNDLE/log.json" --log-format json delete --force it
  quiet timeout 30 "$TARE" --root "$STATE" --log "$BUNDLE/log.json" --log-format json delete --force it
  [ ! -s "$BUNDLE/log.json" ]
}

@test "containerd: --systemd-cgroup with what goes by the record" {
  created_by_containerd
  quiet containerd --systemd-cgroup start it
  run containerd --systemd-cgroup state it
  [ "$(jq -r .status <<<"$output")" = running ]
  quiet containerd --systemd-cgroup kill it 9
  wait_for status_is it stopped
  quiet containerd --systemd-cgroup delete it
}

@test "containerd's shim asks for features without an environment" {
  run env -i "$TARE" features
  [ "$status" -eq 0 ]
  # What its userns check, docker's recursive read-only check and CRI-O's start read.
  jq -e '(.linux.namespaces | index("user")) and .linux.mountExtensions.idmap.enabled
    and (.mountOptions | index("rro")) and (.ociVersionMin | length > 0) and (.ociVersionMax | length > 0)' <<<"$output"
}

# ---- conmon ----

conmon() {
  timeout 30 "$TARE" --log-format=json --log "$WORK/oci-log" --root="$STATE" "$@"
}

@test "conmon: create and exec" {
  quiet conmon create --bundle "$BUNDLE" --pid-file "$WORK/pidfile" it
  pid_file_is_right "$WORK/pidfile"
  quiet timeout 30 "$TARE" --root "$STATE" start it
  jq -c '.process | .args = ["sleep", "50"]' "$BUNDLE/config.json" >"$WORK/exec-process"
  quiet conmon exec --pid-file "$WORK/exec.pid" --process "$WORK/exec-process" --detach it
  pid_file_is_right "$WORK/exec.pid"
  kill "$(cat "$WORK/exec.pid")"
  [ ! -s "$WORK/oci-log" ]
}

@test "conmon: create with no pivot, no keyring and a console; exec with descriptors and a console" {
  only root
  config '.process.terminal = true'
  "$STAGE/bin/recvtty" "$WORK/c1" "$WORK/said" >"$WORK/r1" 2>&1 &
  wait_for test -S "$WORK/c1"
  quiet conmon create --bundle "$BUNDLE" --pid-file "$WORK/pidfile" --no-pivot --no-new-keyring --console-socket "$WORK/c1" it
  quiet timeout 30 "$TARE" --root "$STATE" start it
  "$STAGE/bin/recvtty" "$WORK/c2" "$WORK/said" >"$WORK/r2" 2>&1 &
  wait_for test -S "$WORK/c2"
  jq -c '.process | .args = ["sleep", "50"]' "$BUNDLE/config.json" >"$WORK/exec-process"
  quiet conmon exec --pid-file "$WORK/exec.pid" --process "$WORK/exec-process" --detach \
    --preserve-fds 1 --console-socket "$WORK/c2" it 3</etc/passwd
  wait_for grep -q '^terminal' "$WORK/r2"
  [ "$(readlink "/proc/$(cat "$WORK/exec.pid")/fd/3")" = /etc/passwd ]
  kill "$(cat "$WORK/exec.pid")"
}

@test "conmon: a create that fails is one object in the log, and the message on stderr" {
  command_is nosuch
  run --separate-stderr conmon create --bundle "$BUNDLE" --pid-file "$WORK/pidfile" it
  [ "$status" -eq 1 ]
  [ -z "$output" ]
  [ ! -e "$WORK/pidfile" ]
  [ "$(jq -r .msg "$WORK/oci-log")" = "$stderr" ]
}

# ---- podman itself ----

podman_calls() {
  timeout 30 "$TARE" --root "$STATE" "$@"
}

@test "podman: start, kill, delete, pause, resume, update, features, --version" {
  needs_cgroup
  not_in plain rootless
  podman_calls create --bundle "$BUNDLE" it </dev/null >/dev/null 2>&1
  quiet podman_calls start it
  quiet podman_calls pause it
  quiet podman_calls resume it
  echo '{}' >"$WORK/resources"
  quiet podman_calls update --resources="$WORK/resources" it
  quiet podman_calls kill it 37
  quiet podman_calls kill --all it 9
  wait_for status_is it stopped
  quiet podman_calls delete --force it
  [ -n "$("$TARE" --version)" ]
  "$TARE" features | jq -e .linux
}

@test "podman: --cgroup-manager disabled for --cgroups=disabled" {
  only root
  quiet podman_calls --cgroup-manager disabled create --bundle "$BUNDLE" it
  quiet podman_calls --cgroup-manager disabled start it
  [ "$(sed -n 's/^0:://p' "/proc/$(pid_of it)/cgroup")" = "$(sed -n 's/^0:://p' /proc/self/cgroup)" ]
  quiet podman_calls delete --force it
}

# ---- CRI-O ----

@test "CRI-O: start, state, kill by name, update from stdin, exec with its own stdio, delete" {
  needs_cgroup
  not_in plain rootless
  quiet timeout 30 "$TARE" --root "$STATE" create --bundle "$BUNDLE" --pid-file "$WORK/pid" it
  quiet timeout 30 "$TARE" --root "$STATE" start it
  [ "$(timeout 30 "$TARE" --root "$STATE" state it | jq -r .status)" = running ]
  timeout 30 "$TARE" --root "$STATE" update --resources - it <<<'{}'
  jq -c '.process | .args = ["sh", "-c", "cat; echo error >&2; exit 7"]' "$BUNDLE/config.json" >"$WORK/process"
  run bash -c 'echo input | "$@" 2>"$0"' "$WORK/stderr" "$TARE" --root "$STATE" exec --process "$WORK/process" it
  [ "$status" -eq 7 ]
  [ "$output" = input ]
  [ "$(cat "$WORK/stderr")" = error ]
  quiet timeout 30 "$TARE" --root "$STATE" kill it SIGKILL
  wait_for status_is it stopped
  run timeout 30 "$TARE" --root "$STATE" kill it TERM
  [[ $output == *'container not running'* ]]
  quiet timeout 30 "$TARE" --root "$STATE" delete it
}

@test "CRI-O: exec from within the container's own tree of cgroups" {
  only root
  needs_cgroup
  tare_quietly run -d -b "$BUNDLE" it
  local cgroup
  cgroup=$CGROUPS$(sed -n 's/^0:://p' "/proc/$(pid_of it)/cgroup")
  mkdir "$cgroup/exec"
  run sh -c 'echo 0 >"$1/cgroup.procs" && exec "$2" --root "$3" exec it grep ^0:: /proc/self/cgroup' - \
    "$cgroup/exec" "$TARE" "$STATE"
  [ "$status" -eq 0 ]
  [ "$output" = 0::/ ]
  quiet tare delete --force it
  [ ! -e "$cgroup" ]
}

# ---- docker, buildkit ----

@test "buildkit: run with a pid file, exec, kill, delete" {
  command_is echo built
  run timeout 30 "$TARE" --root "$STATE" --log "$BUNDLE/log.json" --log-format json \
    run --bundle "$BUNDLE" --pid-file "$WORK/pid" it
  [ "$status" -eq 0 ]
  [ "$output" = built ]
  run timeout 30 "$TARE" --root "$STATE" --rootless=true run --bundle "$BUNDLE" --keep it
  [ "$output" = built ]
  quiet timeout 30 "$TARE" --root "$STATE" --rootless=true delete it
  command_is sleep 50
  timeout 30 "$TARE" --root "$STATE" --log "$BUNDLE/log.json" --log-format json \
    run --bundle "$BUNDLE" --pid-file "$WORK/pid" it </dev/null >/dev/null 2>&1 3>&- &
  local caller=$! code=0
  wait_for test -s "$WORK/pid"
  jq -c '.process | .args = ["echo", "beside it"]' "$BUNDLE/config.json" >"$WORK/process"
  run timeout 30 "$TARE" --root "$STATE" --log "$BUNDLE/log.json" --log-format json \
    exec --process "$WORK/process" --pid-file "$WORK/exec.pid" it
  [ "$status" -eq 0 ]
  [ "$output" = 'beside it' ]
  quiet timeout 30 "$TARE" --root "$STATE" --log "$BUNDLE/log.json" --log-format json kill it 9
  wait "$caller" || code=$?
  [ "$code" -eq 137 ]
  quiet timeout 30 "$TARE" --root "$STATE" --log "$BUNDLE/log.json" --log-format json delete --force it
}

@test "restore's -no-subreaper has one dash with run, too" {
  command_is echo hello
  run timeout 30 "$TARE" --root "$STATE" run -no-subreaper --bundle "$BUNDLE" it
  [ "$output" = hello ]
}
