#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# agent.bats - the seccomp agent: SCMP_ACT_NOTIFY, listenerPath, listenerMetadata.
# shellcheck disable=SC2016,SC2119,SC2120,SC2153

load helpers

# Numbers of system calls of this machine.
case $(uname -m) in
x86_64) NR_MKDIR=83 NR_MKDIRAT=258 NR_WRITE=1 NR_EXECVE=59 ;;
aarch64) NR_MKDIR=0 NR_MKDIRAT=34 NR_WRITE=64 NR_EXECVE=221 ;;
esac
ENOMEDIUM=123

prepare() {
  tare_only
  make_bundle
  SOCKET=$WORK/agent
  AGENT=
  config '.root.readonly = false | .annotations = {"a/b": "c\"d"}'
  notify '["mkdir", "mkdirat"]'
}

teardown() {
  remove_containers
  stop_agent
  nothing_is_left
}

notify() { # NAMES [FLAGS]
  config '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", listenerPath: $s, listenerMetadata: "any \"data\"",
    flags: $f, syscalls: [{names: $n, action: "SCMP_ACT_NOTIFY"}]}' \
    --arg s "$SOCKET" --argjson n "$1" --argjson f "${2:-[]}"
}

agent_is() { # MODE [CALL ANSWER]...
  local mode=$1

  shift
  "$STAGE/bin/agent" "$mode" "$SOCKET" "$@" </dev/null >"$WORK/said" 2>&1 3>&- &
  AGENT=$!
  wait_for grep -q ready "$WORK/said"
}

stop_agent() {
  [ -z "$AGENT" ] || kill "$AGENT" || true
  [ -z "$AGENT" ] || wait "$AGENT" 2>/dev/null || true
  AGENT=
}

# The agent was told what the specification says, and nothing else.
agent_was_told() { # STATUS
  sed -n 2p "$WORK/said" >"$WORK/told"
  jq -e --arg b "$BUNDLE" --arg s "$1" '(keys == ["fds", "metadata", "ociVersion", "pid", "state"])
    and .fds == ["seccompFd"] and .metadata == "any \"data\"" and .pid == .state.pid and .pid > 1
    and .state.id == "it" and .state.status == $s and .state.bundle == $b
    and .state.annotations["a/b"] == "c\"d"' "$WORK/told" || {
    cat "$WORK/said"
    return 1
  }
}

# field: linux.seccomp.listenerPath, linux.seccomp.listenerMetadata
@test "the agent answers in the kernel's place" {
  agent_is serve "$NR_MKDIR" make "$NR_MKDIRAT" make
  shell_is 'mkdir /tmp/one && ls -d /tmp/*'
  LIMIT=20 run_well
  # The agent needs rights over the process, which an ordinary user's agent may not have.
  [ "$output" = /tmp/one-agent ]
  agent_was_told created
}

@test "with an errno of the agent's" {
  agent_is serve "$NR_MKDIR" "$ENOMEDIUM" "$NR_MKDIRAT" "$ENOMEDIUM"
  shell_is "probe syscall $NR_MKDIRAT -100 0; ls /tmp"
  LIMIT=20 run_it
  [ "$output" = ENOMEDIUM ]
}

@test "the pid is the one that the runtime sees" {
  agent_is serve
  command_is sleep 100
  create_it
  run ! grep -q seccompFd "$WORK/said"
  tare start it
  wait_for grep -q seccompFd "$WORK/said"
  agent_was_told created
  [ "$(jq .pid "$WORK/told")" = "$(pid_of it)" ]
}

@test "the program inherits nothing: no descriptor, no thread, no child, no signal's disposition" {
  agent_is serve "$NR_MKDIR" "$ENOMEDIUM" "$NR_MKDIRAT" "$ENOMEDIUM"
  shell_is 'ls /proc/1/task | wc -l; cd /proc/1/fd; echo *; cd /; ls -d /proc/[0-9]*; grep -E "^(Seccomp|SigIgn|SigBlk):" /proc/1/status'
  LIMIT=20 run_well
  [ "${lines[0]}" = 1 ]
  [[ ${lines[1]} =~ ^0\ 1\ 2(\ 3)?$ ]] # 3: the shell's own, of the directory
  says_like 'Seccomp:.*2'
  says_like 'SigBlk:.0000000000000000'
  [ "$(grep -c /proc/ <<<"$output")" -le 2 ]
}

@test "write may be notified" {
  notify '["write", "writev"]'
  agent_is serve "$NR_WRITE" continue
  shell_is 'echo hello'
  LIMIT=20 run_well
  [ "$output" = hello ]
  grep -q "^call $NR_WRITE$" "$WORK/said"
}

@test "everything may be notified" {
  config '.linux.seccomp = {defaultAction: "SCMP_ACT_NOTIFY", listenerPath: $s}' --arg s "$SOCKET"
  agent_is serve "$NR_EXECVE" continue
  shell_is 'echo hello; exit 3'
  LIMIT=20 run_it
  [ "$status" -eq 3 ]
  [ "$output" = hello ]
  grep -q "^call $NR_EXECVE$" "$WORK/said"
  jq -e 'has("metadata") | not' <<<"$(sed -n 2p "$WORK/said")"
}

@test "what the agent does not let execute does not run, and start says so" {
  notify '["execve"]'
  agent_is serve "$NR_EXECVE" "$ENOMEDIUM"
  LIMIT=20 refused 'o medium found'
}

@test "notified by default, and an agent that lets nothing be executed: init ends" {
  config '.linux.seccomp = {defaultAction: "SCMP_ACT_NOTIFY", listenerPath: $s}' --arg s "$SOCKET"
  agent_is once "$NR_EXECVE" 0
  LIMIT=20 run_it
  # Nobody is left who could let init say anything.
  [ "$status" -ne 124 ]
  [ "$status" -ne 0 ]
}

@test "without noNewPrivileges" {
  not_in rootless plain userns
  config '.process.noNewPrivileges = false'
  agent_is serve "$NR_MKDIR" "$ENOMEDIUM" "$NR_MKDIRAT" "$ENOMEDIUM"
  shell_is "probe syscall $NR_MKDIRAT -100 0; grep NoNewPrivs: /proc/self/status"
  LIMIT=20 run_it
  [ "${lines[0]}" = ENOMEDIUM ]
  says_like 'NoNewPrivs:.*0'
}

@test "as another user, without capabilities" {
  not_in rootless plain # one id
  config '.process.user = {uid: 1000, gid: 1000} | del(.process.capabilities)'
  agent_is serve "$NR_MKDIR" "$ENOMEDIUM" "$NR_MKDIRAT" "$ENOMEDIUM"
  shell_is "probe syscall $NR_MKDIRAT -100 0; id -u"
  LIMIT=20 run_it
  [ "$output" = $'ENOMEDIUM\n1000' ]
}

@test "in a time namespace" {
  [ -e /proc/self/ns/time ] || skip 'no time namespaces'
  config '.linux.namespaces += [{type: "time"}] | .linux.timeOffsets = {boottime: {secs: 1000000}}'
  agent_is serve "$NR_MKDIR" "$ENOMEDIUM" "$NR_MKDIRAT" "$ENOMEDIUM"
  shell_is "probe syscall $NR_MKDIRAT -100 0; cut -d. -f1 /proc/uptime"
  LIMIT=20 run_it
  [ "${lines[0]}" = ENOMEDIUM ]
  [ "${lines[1]}" -ge 1000000 ]
  [ "$MODE" = root ] || return 0
  config '.linux.namespaces += [{type: "user"}] | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}]
    | .linux.gidMappings = .linux.uidMappings'
  give_rootfs_to 100000
  LIMIT=20 run_it
  [ "${lines[0]}" = ENOMEDIUM ]
  [ "${lines[1]}" -ge 1000000 ]
}

@test "each flag together with a listener" {
  local flag supported
  supported=$(tare features | jq -c .linux.seccomp.supportedFlags)
  for flag in TSYNC LOG SPEC_ALLOW WAIT_KILLABLE_RECV; do
    [[ $supported == *"_$flag\""* ]] || continue
    notify '["mkdir", "mkdirat"]' "[\"SECCOMP_FILTER_FLAG_$flag\"]"
    agent_is serve "$NR_MKDIR" "$ENOMEDIUM" "$NR_MKDIRAT" "$ENOMEDIUM"
    shell_is "probe syscall $NR_MKDIRAT -100 0"
    LIMIT=20 run_it
    [ "$output" = ENOMEDIUM ] || {
      echo "$flag: $output"
      return 1
    }
    stop_agent
    rm "$SOCKET"
  done
}

@test "no agent: create says so and leaves nothing" {
  attempt tare create -b "$BUNDLE" it
  [ "$status" -eq 1 ]
  says 'linux.seccomp.listenerPath: failed to connect with seccomp agent'
  says 'no such file or directory'
  run ! tare state it
  nothing_is_left
}

@test "an agent that has died, a file, and a socket of another kind" {
  agent_is serve
  stop_agent
  refused 'linux.seccomp.listenerPath: failed to connect with seccomp agent'
  says 'connection refused'
  rm "$SOCKET"
  echo >"$SOCKET"
  refused 'failed to connect with seccomp agent'
  run ! tare state it
}

@test "an agent that goes before start: the container stays created, and starts with the next one" {
  agent_is serve
  shell_is 'sleep 100'
  create_it
  stop_agent
  run tare start it
  [ "$status" -eq 1 ]
  says 'linux.seccomp.listenerPath: failed to connect with seccomp agent'
  status_is it created
  rm "$SOCKET"
  agent_is serve
  tare start it
  status_is it running
}

@test "an agent that hangs up without reading: the program has a dead agent or does not run" {
  agent_is shut
  shell_is "probe syscall $NR_MKDIRAT -100 0"
  LIMIT=20 run_it
  # What was queued before it hung up counts as sent.
  [ "$output" = ENOSYS ] || says linux.seccomp.listenerPath
  run ! tare state it
}

@test "an agent whose queue is full is given up after its time" {
  agent_is deaf
  command_is sleep 100
  create_it
  local begin=$SECONDS start status=0 output
  "$TARE" --root "$STATE" start it </dev/null >"$WORK/out" 2>&1 3>&- &
  start=$!
  # As by Ctrl-Z and fg, which is no reason to give up.
  for _ in {1..10}; do
    sleep 0.05
    kill -STOP "$start"
    sleep 0.05
    kill -CONT "$start"
  done
  wait "$start" || status=$?
  output=$(cat "$WORK/out")
  [ "$status" -eq 1 ]
  [ $((SECONDS - begin)) -lt 20 ]
  says 'linux.seccomp.listenerPath: failed to connect with seccomp agent'
  says 'timed out'
  wait_for status_is it stopped
}

@test "an agent that dies later: the calls do not exist" {
  agent_is once "$NR_MKDIR" 0 "$NR_MKDIRAT" 0
  shell_is "probe syscall $NR_MKDIRAT -100 0; probe syscall $NR_MKDIRAT -100 0; true"
  LIMIT=20 run_well
  [ "$output" = $'ENOSYS\nENOSYS' ]
}

@test "start is killed while the agent is waited for: the container ends" {
  agent_is serve "$NR_MKDIR" "$ENOMEDIUM"
  command_is sleep 100
  add_hook startContainer 'sleep 1'
  create_it
  "$TARE" --root "$STATE" start it </dev/null >"$WORK/out" 2>&1 3>&- &
  local start=$!
  sleep 0.3
  kill -KILL $start
  wait $start || true
  wait_for status_is it stopped
}

@test "one agent for many containers" {
  local i
  agent_is serve "$NR_MKDIR" "$ENOMEDIUM" "$NR_MKDIRAT" "$ENOMEDIUM"
  shell_is "probe syscall $NR_MKDIRAT -100 0"
  for i in 1 2 3; do
    LIMIT=20 run_it
    [ "$output" = ENOMEDIUM ] || {
      echo "container $i: $output"
      return 1
    }
  done
  [ "$(grep -c seccompFd "$WORK/said")" -eq 3 ]
}

@test "a listener's path that nothing is notified for is not looked at" {
  config '.linux.seccomp.syscalls[0].action = "SCMP_ACT_ERRNO"'
  shell_is "probe syscall $NR_MKDIRAT -100 0"
  run_it
  [ "$output" = EPERM ]
}

@test "startContainer hooks ask the agent, too, each by a listener of its own" {
  agent_is serve "$NR_MKDIR" make "$NR_MKDIRAT" make
  add_hook startContainer 'mkdir /tmp/one'
  add_hook startContainer 'mkdir /tmp/two'
  shell_is 'mkdir /tmp/three; ls /tmp'
  LIMIT=20 run_well
  [ "$output" = $'one-agent\nthree-agent\ntwo-agent' ]
  [ "$(grep -c seccompFd "$WORK/said")" -eq 3 ]
}

@test "a hook that the agent does not let execute fails, and the program does not run" {
  notify '["execve"]'
  agent_is serve "$NR_EXECVE" "$ENOMEDIUM"
  add_hook startContainer true
  shell_is 'touch /tmp/ran'
  LIMIT=20 refused 'error running startContainer hook #0'
  says 'o medium found'
  [ ! -e "$BUNDLE/rootfs/tmp/ran" ]
}

@test "exec asks the agent, too: of its own process, in the container that runs" {
  agent_is serve "$NR_MKDIR" make "$NR_MKDIRAT" make
  command_is sleep 100
  create_it
  tare start it
  local init
  init=$(pid_of it)
  run tare exec it sh -c 'mkdir /tmp/four && ls /tmp; grep Seccomp: /proc/self/status'
  [ "$status" -eq 0 ]
  [ "${lines[0]}" = four-agent ]
  says_like 'Seccomp:.*2'
  sed -n 3,99p "$WORK/said" | grep seccompFd >"$WORK/told"
  jq -e --argjson i "$init" '.state.pid == $i and .pid != $i and .pid > 1 and .state.status == "running"
    and .metadata == "any \"data\""' "$WORK/told" || {
    cat "$WORK/said"
    return 1
  }
}

@test "exec with everything notified, a terminal and a time namespace" {
  only root # it needs the terminal's own calls, which are notified as well
  [ -e /proc/self/ns/time ] || skip 'no time namespaces'
  config '.linux.seccomp = {defaultAction: "SCMP_ACT_NOTIFY", listenerPath: $s} | .linux.namespaces += [{type: "time"}]' \
    --arg s "$SOCKET"
  agent_is serve "$NR_EXECVE" continue
  command_is sleep 100
  create_it
  tare start it
  LIMIT=20 run tare exec -t it sh -c 'echo hello; exit 3'
  [ "$status" -eq 3 ]
  says hello
}

@test "exec without an agent says so, starts nothing and leaves the container alone" {
  agent_is serve
  command_is sleep 100
  create_it
  tare start it
  stop_agent
  run tare exec --pid-file "$WORK/pid" it sh -c 'touch /tmp/ran'
  [ "$status" -eq 255 ]
  says 'linux.seccomp.listenerPath: failed to connect with seccomp agent'
  [ ! -e "$BUNDLE/rootfs/tmp/ran" ] && [ ! -e "$WORK/pid" ]
  status_is it running
}

@test "exec with an agent that hangs up or does not answer" {
  agent_is serve
  command_is sleep 100
  create_it
  tare start it
  stop_agent
  rm "$SOCKET"
  agent_is deaf
  LIMIT=25 run tare exec it sh -c 'touch /tmp/ran'
  [ "$status" -eq 255 ]
  says 'linux.seccomp.listenerPath: failed to connect with seccomp agent'
  [ ! -e "$BUNDLE/rootfs/tmp/ran" ]
  [ "$(tare ps -f json it | jq length)" -eq 1 ]
}
