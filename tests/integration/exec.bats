#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# exec.bats - processes that are started in a container that is there.
# shellcheck disable=SC2016,SC2030,SC2031,SC2119,SC2120

load helpers

case $(uname -m) in
x86_64) NR_MKDIRAT=258 ;;
aarch64) NR_MKDIRAT=34 ;;
esac

prepare() {
  make_bundle
  command_is sleep 100
}

# The bundle's container, running under the id "it".
start_it() { # [OPTION...]
  tare_quietly run --detach -b "$BUNDLE" "$@" it || {
    echo "run failed: $(cat "$WORK/err")"
    return 1
  }
}

exec_it() { # [OPTION...] [-- COMMAND...]: options of exec, then its command
  local options=()

  while [ $# -gt 0 ] && [ "$1" != -- ]; do
    options+=("$1")
    shift
  done
  [ $# -eq 0 ] || shift
  run tare exec "${options[@]}" it "$@"
}

# The same, and it must succeed.
exec_well() {
  exec_it "$@"
  [ "$status" -eq 0 ] || {
    echo "exec failed with $status: $output"
    return 1
  }
}

# It must fail with status 255 and a text.
exec_refused() { # TEXT [OPTION...] [-- COMMAND...]
  local text=$1

  shift
  exec_it "$@"
  [ "$status" -eq 255 ] || {
    echo "status $status, expected 255: $output"
    return 1
  }
  says "$text"
}

# A process object: the container's own with FILTER applied, in $WORK/process.json.
process_is() { # FILTER [JQ OPTIONS...]
  local filter=$1

  shift
  jq -c ".process | $filter" "$@" <"$BUNDLE/config.json" >"$WORK/process.json"
}

host_pids_of() { # COMMAND WORDS
  pgrep -fx "$1"
}

# ---- it runs ----

@test "exec: output, arguments, exit status" {
  start_it
  exec_well -- echo one 'two  three'
  [ "$output" = 'one two  three' ]
  exec_it -- sh -c 'exit 42'
  [ "$status" -eq 42 ]
  [ -z "$output" ]
}

@test "exec: what a signal ended has status 128 and its number" {
  start_it
  exec_it -- sh -c 'kill -TERM $$'
  [ "$status" -eq 143 ]
  exec_it -- sh -c 'kill -KILL $$'
  [ "$status" -eq 137 ]
}

@test "exec: standard input, output and error are the caller's" {
  start_it
  run bash -c 'echo input | "$1" --root "$2" exec it sh -c "cat; echo error >&2" 2>"$3"' - \
    "$TARE" "$STATE" "$WORK/stderr"
  [ "$output" = input ]
  [ "$(cat "$WORK/stderr")" = error ]
}

@test "exec: options end at the id, what follows is the command's" {
  start_it
  exec_well -- echo --detach -t --user 5
  [ "$output" = '--detach -t --user 5' ]
}

@test "exec: in all namespaces of the container, of which it is one more process" {
  start_it
  exec_well -- sh -c 'for n in user pid mnt net ipc uts cgroup; do
    [ "$(readlink /proc/self/ns/$n)" = "$(readlink /proc/1/ns/$n)" ] || echo "not in $n"; done'
  [ -z "$output" ]
  exec_well -- sh -c 'ps -o pid,args | grep -c "^ *1 sleep"'
  [ "$output" = 1 ]
}

@test "exec: in a session of its own, as a child of nobody in the container" {
  start_it
  exec_well -- probe ids
  says 'session own'
  exec_well -- sh -c 'awk "/PPid/ { print \$2 }" /proc/self/status; awk "/PPid/ { print \$2 }" /proc/$$/status'
  [ "${lines[1]}" = 0 ]
}

@test "exec: in the container's cgroup" {
  needs_cgroup
  not_in plain
  start_it
  tare_quietly exec --detach --pid-file "$WORK/pid" it sleep 50
  [ "$(grep ^0:: "/proc/$(cat "$WORK/pid")/cgroup")" = "$(grep ^0:: "/proc/$(pid_of it)/cgroup")" ]
}

@test "exec: descriptors 0, 1 and 2 alone" {
  start_it
  run tare exec it sh -c 'for f in /proc/self/fd/*; do n=${f##*/}; probe fd $n | grep -q ok && echo $n; done; true' \
    7</etc/passwd 9<"$WORK"
  [ "$output" = $'0\n1\n2' ]
}

@test "exec: --preserve-fds passes the first ones on" {
  start_it
  echo 'from outside' >"$WORK/file"
  run tare exec --preserve-fds 1 it sh -c 'cat <&3; probe fd 4' 3<"$WORK/file" 4</etc/passwd
  [ "$output" = $'from outside\nEBADF' ]
}

@test "exec: --preserve-fds more than there are is refused" {
  start_it
  exec_refused preserved-fd --preserve-fds 40 -- true
}

@test "exec: a caller that blocks and ignores signals does not pass that on" {
  start_it
  run "$STAGE/bin/probe" careless "$TARE" --root "$STATE" exec it grep -E 'SigBlk|SigIgn' /proc/self/status
  [ "$status" -eq 0 ]
  run ! grep -q '[1-9a-f]' < <(awk '{ print $2 }' <<<"$output")
}

@test "exec: signals go on to the process" {
  start_it
  "$TARE" --root "$STATE" exec it sh -c 'trap "echo got it; exit 9" HUP; echo ready; while :; do sleep 0.1; done' \
    </dev/null >"$WORK/out" 2>&1 &
  local runtime=$!
  wait_for grep -q ready "$WORK/out"
  kill -HUP "$runtime"
  status=0
  wait "$runtime" || status=$?
  [ "$status" -eq 9 ]
  grep -q 'got it' "$WORK/out"
}

@test "exec: --detach returns at once and leaves the process" {
  start_it
  tare_quietly exec --detach --pid-file "$WORK/pid" it sleep 77
  [ "$(tr '\0' ' ' <"/proc/$(cat "$WORK/pid")/cmdline")" = 'sleep 77 ' ]
  [ "$(wc -l <"$WORK/pid")" -eq 0 ]
  kill "$(cat "$WORK/pid")"
}

@test "exec: into a container that is created and not started" {
  create_it
  exec_well -- sh -c 'echo here; test -d /proc/1 && ls /etc/passwd'
  says here
  status_is it created
  exec_well -- cat /proc/1/comm
  tare start it
  status_is it running
}

# ---- who it is ----

@test "exec: environment and directory are the container's, with what is added" {
  config '.process.env += ["WORD=container", "KEPT=yes"] | .process.cwd = "/home"'
  start_it
  exec_well --env WORD=mine -e 'LIST=1,2 3' -- sh -c 'echo "$WORD $KEPT $LIST $(pwd)"; env | grep -c ^WORD='
  [ "${lines[0]}" = 'mine yes 1,2 3 /home' ]
  [ "${lines[1]}" = 1 ]
}

@test "exec: a variable without a name or a value is refused" {
  start_it
  exec_refused 'invalid environment variable' --env WORD -- true
  exec_refused 'invalid environment variable' --env =value -- true
}

@test "exec: HOME comes from the container's passwd, by the id" {
  not_in plain rootless
  config '.process.env |= map(select(startswith("HOME=") | not))'
  start_it
  exec_well -- sh -c 'echo $HOME'
  [ "$output" = /root ]
  exec_well --user 1000 -- sh -c 'echo $HOME'
  [ "$output" = /home/user ]
  exec_well --user 4321 -- sh -c 'echo $HOME'
  [ "$output" = / ]
}

@test "exec: --cwd" {
  start_it
  exec_well --cwd /usr/bin -- pwd
  [ "$output" = /usr/bin ]
  exec_refused 'process.cwd' --cwd /no/such/directory -- pwd
  [ ! -e "$BUNDLE/rootfs/no" ]
  exec_refused 'not absolute' --cwd usr -- pwd
  exec_refused 'not a directory' --cwd /etc/passwd -- pwd
}

@test "exec: --user and --additional-gids" {
  not_in plain rootless
  config '.process.user.additionalGids = [7]'
  start_it
  exec_well --user 1000:1001 -g 8 --additional-gids 9 -- probe ids
  says 'uid 1000 1000 1000 gid 1001 1001 1001 groups 7 8 9 session own'
  exec_well --user 1000 -- probe ids
  says 'uid 1000 1000 1000 gid 0 0 0 groups 7 session own'
}

@test "exec: the caller's groups do not come along" {
  only root
  start_it
  run setpriv --groups 4,5,6 "$TARE" --root "$STATE" exec it probe ids
  says 'groups session own'
}

@test "exec: ids that are no plain numbers are refused, never somebody else's" {
  local id
  start_it
  for id in root -1 +1 '' ' 1' '1 ' 0x1 1.0 4294967295 4294967296 18446744073709551616 1:x 1: :1 1:-1 1:4294967295 1:2:3; do
    exec_refused 'is not a number' --user "$id" -- probe ids
  done
  for id in root -1 4294967295 1,2; do
    exec_refused 'is not a number' --additional-gids "$id" -- probe ids
  done
}

@test "exec: an id that is not mapped is refused" {
  only root
  config '.linux.namespaces += [{type: "user"}] | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 10}]
    | .linux.gidMappings = .linux.uidMappings'
  give_rootfs_to 100000
  start_it
  exec_refused 'unmapped' --user 10 -- true
  exec_refused 'unmapped' --user 1:10 -- true
  exec_well --user 9:9 -- probe ids
  says 'uid 9 9 9'
}

@test "exec: capabilities are the container's" {
  config '.process.capabilities = {bounding: ["CAP_KILL", "CAP_CHOWN"], effective: ["CAP_KILL"], permitted: ["CAP_KILL", "CAP_CHOWN"]}'
  start_it
  exec_well -- grep ^Cap /proc/self/status
  says_like 'CapInh:.*0000000000000000'
  says_like 'CapPrm:.*0000000000000021'
  says_like 'CapBnd:.*0000000000000021'
  says_like 'CapAmb:.*0000000000000000'
}

@test "exec: --cap adds to bounding, effective and permitted, and to nothing that is inherited" {
  config '.process.capabilities = {bounding: ["CAP_KILL"], effective: ["CAP_KILL"], permitted: ["CAP_KILL"]}'
  start_it
  exec_well --cap CAP_CHOWN -c CAP_SETUID -- grep ^Cap /proc/self/status
  says_like 'CapInh:.*0000000000000000'
  says_like 'CapPrm:.*00000000000000a1'
  says_like 'CapEff:.*00000000000000a1'
  says_like 'CapBnd:.*00000000000000a1'
  says_like 'CapAmb:.*0000000000000000'
}

@test "exec: --cap that there is not is refused" {
  start_it
  exec_refused 'there is no capability' --cap CAP_NOSUCH -- true
  exec_refused 'there is no capability' --cap chown -- true
}

@test "exec: --no-new-privs" {
  config '.process.noNewPrivileges = false'
  start_it
  exec_well -- grep NoNewPrivs /proc/self/status
  says_like 'NoNewPrivs:.*0'
  exec_well --no-new-privs -- grep NoNewPrivs /proc/self/status
  says_like 'NoNewPrivs:.*1'
}

@test "exec: umask is the container's, with --process too" {
  config '.process.user.umask = 63'
  start_it
  exec_well -- probe umask
  [ "$output" = 0077 ]
  process_is '.args = ["probe", "umask"] | .user.umask = 18'
  exec_well --process "$WORK/process.json"
  [ "$output" = 0077 ]
}

@test "exec: umask of 0022 where nothing is said, whatever the caller's" {
  start_it
  run bash -c 'umask 077; exec "$0" --root "$1" exec it probe umask' "$TARE" "$STATE"
  [ "$output" = 0022 ]
}

@test "exec: limits and the OOM score are the container's" {
  config '.process.rlimits = [{type: "RLIMIT_NOFILE", soft: 100, hard: 200}] | .process.oomScoreAdj = 321'
  start_it
  exec_well -- sh -c 'probe rlimit 7; cat /proc/self/oom_score_adj'
  [ "$output" = $'100 200\n321' ]
}

# Without a pid namespace nothing ends with init but what looks whether it is there.
@test "exec: a container that ends while tare-init is in it gets no process" {
  needs strace
  only root
  config 'del(.linux.namespaces[] | select(.type == "pid"))'
  start_it
  strace -f -qq -o "$WORK/trace" -e trace=setresuid -e inject=setresuid:delay_exit=3000000 \
    "$TARE" --root "$STATE" exec it touch /tmp/mark >"$WORK/said" 2>&1 &
  wait_for pgrep -x identity
  kill -KILL "$(tare state it | jq .pid)"
  status=0
  wait $! || status=$?
  [ "$status" -eq 255 ]
  [[ $(<"$WORK/said") == *"cannot exec in a stopped container"* ]]
  [ ! -e "$BUNDLE/rootfs/tmp/mark" ]
}

@test "exec: a limit that is refused is named, and no other cgroup is looked for" {
  start_it
  process_is '.args = ["true"] | .rlimits = [{type: "RLIMIT_NOFILE", soft: 2000000000, hard: 2000000000}]'
  run tare --log "$WORK/log" exec --process "$WORK/process.json" it
  [ "$status" -eq 255 ]
  [[ $(grep -c . "$WORK/log") == 1 ]]
  [[ $(<"$WORK/log") == *"start-init: process.rlimits[0]: error setting rlimit type 7: operation not permitted"* ]]
}

@test "exec: with a limit of descriptors that is too low, that is what is said" {
  only root
  start_it
  process_is '.args = ["true"] | .rlimits = [{type: "RLIMIT_NOFILE", soft: 3, hard: 3}]'
  run tare exec --process "$WORK/process.json" it
  [ "$status" -eq 255 ]
  [[ $output == *"open /proc: too many open files"* ]]
}

@test "exec: the limit of the stack is kept, every time" {
  config '.process.rlimits = [{type: "RLIMIT_STACK", soft: 1048576, hard: 2097152}]'
  start_it
  for _ in {1..20}; do
    exec_well -- probe rlimit 3
    [[ $output == *1048576*2097152* ]]
  done
}

# Root of the machine has no such limit; others would have one more process before there is theirs.
@test "exec: a limit of processes that leaves room for none but the process, whatever the filter" {
  local rule user=0
  [ "$MODE" != root ] || user=1000
  for rule in '[]' '[{names: ["prlimit64", "setrlimit"], action: "SCMP_ACT_ERRNO"}]'; do
    config ".linux.seccomp = {defaultAction: \"SCMP_ACT_ALLOW\", syscalls: $rule}"
    start_it
    process_is '.args = ["grep", "processes", "/proc/self/limits"] | .user.uid = $user
      | .rlimits = [{type: "RLIMIT_NPROC", soft: 1, hard: 2}]' --argjson user "$user"
    exec_well --process "$WORK/process.json"
    says_like 'Max processes +1 +2 +processes'
    tare delete --force it
  done
}

@test "exec: scheduling and I/O priority are the container's" {
  not_in plain rootless userns
  config '.process.scheduler = {policy: "SCHED_BATCH", nice: 5}
    | .process.ioPriority = {class: "IOPRIO_CLASS_BE", priority: 3}'
  start_it
  exec_well -- sh -c "awk '{ print \$19, \$41 }' /proc/self/stat"
  [ "$output" = '5 3' ]
}

@test "exec: personality is the container's" {
  config '.linux.personality = {domain: "LINUX32"}'
  start_it
  exec_well -- cat /proc/self/personality
  [ "$output" = 00000008 ]
}

@test "exec: the session keyring is the container's" {
  command_is sh -c 'probe keyring >/tmp/keyring; sleep 100'
  config '.root.readonly = false'
  start_it
  wait_for test -s "$BUNDLE/rootfs/tmp/keyring"
  exec_well -- probe keyring
  says ';_ses.it'
  [ "$output" = "$(cat "$BUNDLE/rootfs/tmp/keyring")" ]
}

@test "exec: no keyring where the container has none of its own" {
  start_it --no-new-keyring
  exec_well -- probe keyring
  says_not ';_ses.it'
}

@test "exec: labels that the kernel does not have are refused" {
  [ ! -e /sys/kernel/security/apparmor ] || skip 'it has AppArmor'
  start_it
  exec_refused 'apparmor not supported' --apparmor some-profile -- true
  [ ! -e /sys/fs/selinux/enforce ] || skip 'it has SELinux'
  exec_refused 'selinux is disabled' --process-label some_u:some_r:some_t:s0 -- true
}

# ---- processors ----

@test "exec: a caller bound to one processor does not bind the process" {
  needs taskset
  [ "$(nproc)" -gt 1 ] || skip 'one processor'
  start_it
  run taskset -c 0 "$TARE" --root "$STATE" exec it grep Cpus_allowed_list /proc/self/status
  [ "$output" = "$(grep Cpus_allowed_list /proc/self/status)" ]
}

@test "exec: execCPUAffinity without a list is as none: the caller's binding is not kept" {
  needs taskset
  [ "$(nproc)" -gt 1 ] || skip 'one processor'
  local affinity
  start_it
  for affinity in '{}' '{initial: ""}' '{initial: "", final: ""}'; do
    process_is '.args = ["grep", "Cpus_allowed_list", "/proc/self/status"] | .execCPUAffinity = '"$affinity"
    run taskset -c 0 "$TARE" --root "$STATE" exec --process "$WORK/process.json" it
    [ "$output" = "$(grep Cpus_allowed_list /proc/self/status)" ]
  done
}

# field: process.execCPUAffinity.initial, process.execCPUAffinity.final
@test "exec: execCPUAffinity" {
  [ "$(nproc)" -gt 1 ] || skip 'one processor'
  config '.process.execCPUAffinity = {initial: "0", final: "1"}'
  start_it
  exec_well -- grep Cpus_allowed_list /proc/self/status
  says_like ':.1$'
  process_is '.args = ["grep", "Cpus_allowed_list", "/proc/self/status"] | .execCPUAffinity = {initial: "0"}'
  exec_well --process "$WORK/process.json"
  says_like ':.0$'
  process_is '.args = ["true"] | .execCPUAffinity = {final: "4000"}'
  exec_refused 'execCPUAffinity.final: invalid argument' --process "$WORK/process.json"
}

# ---- filters ----

@test "exec: the container's filter" {
  config '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["mkdirat"], action: "SCMP_ACT_ERRNO", errnoRet: 100}]}'
  start_it
  exec_well -- sh -c "grep Seccomp: /proc/self/status; probe syscall $NR_MKDIRAT -100 0; true"
  says_like 'Seccomp:.*2'
  says ENETDOWN
}

@test "exec: the filter without noNewPrivileges leaves no capability behind" {
  not_in plain
  config '.process.noNewPrivileges = false | .process.capabilities = {bounding: ["CAP_KILL"], effective: ["CAP_KILL"], permitted: ["CAP_KILL"]}
    | .linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["mkdirat"], action: "SCMP_ACT_ERRNO"}]}'
  start_it
  exec_well -- grep -E '^Cap|^Seccomp:|^NoNew' /proc/self/status
  says_like 'CapPrm:.*0000000000000020'
  says_like 'CapBnd:.*0000000000000020'
  says_like 'Seccomp:.*2'
  says_like 'NoNewPrivs:.*0'
}

@test "exec: a filter that forbids what it takes to come in is loaded all the same" {
  local call nnp
  for nnp in true false; do
    for call in clone setsid capset sendmsg; do
      # Under a filter of its own, sh needs clone to start others.
      config '.process.noNewPrivileges = $n | .linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW",
        syscalls: [{names: [$call], action: "SCMP_ACT_KILL_PROCESS"}]}' --arg call $call --argjson n $nnp
      start_it
      exec_well -- grep Seccomp: /proc/self/status
      says_like 'Seccomp:.*2'
      exec_refused 'executable file not found' -- nosuch
      tare delete --force it
    done
  done
}

@test "exec: a list of what is allowed, with no more than the program needs" {
  config '.process.args = ["probe", "sleep", "100"] | .linux.seccomp = {defaultAction: "SCMP_ACT_KILL_PROCESS", syscalls: [{names:
    ["execve", "exit_group", "write", "brk", "mmap", "munmap", "mprotect", "arch_prctl", "set_tid_address", "uname",
     "set_robust_list", "rseq", "prlimit64", "readlink", "readlinkat", "getrandom", "fstat", "newfstatat", "exit", "nanosleep",
     "clock_nanosleep", "getresuid", "getresgid", "getgroups", "getsid", "getpid", "prctl", "clock_gettime"],
    action: "SCMP_ACT_ALLOW"}]}'
  start_it
  exec_well -- probe ids
  says 'session own'
}

# ---- --process ----

@test "exec --process: what the file says, and not what the container's process has" {
  not_in plain rootless
  config '.process.env += ["OF=container"]'
  start_it
  process_is '.args = ["sh", "-c", "echo $ONLY/$OF/$(pwd); probe ids"] | .env = ["PATH=/bin", "ONLY=this"] | .cwd = "/tmp"
    | .user = {uid: 5, gid: 6, additionalGids: [7]}'
  exec_well --process "$WORK/process.json"
  [ "${lines[0]}" = 'this///tmp' ]
  [ "${lines[1]}" = 'uid 5 5 5 gid 6 6 6 groups 7 session own' ]
}

@test "exec --process: what it does not say is the container's" {
  config '.process.rlimits = [{type: "RLIMIT_NOFILE", soft: 100, hard: 200}] | .process.oomScoreAdj = 321
    | .process.capabilities = {bounding: ["CAP_KILL"], effective: ["CAP_KILL"], permitted: ["CAP_KILL"]}'
  start_it
  process_is '{args: ["sh", "-c", "probe rlimit 7; cat /proc/self/oom_score_adj; grep CapBnd /proc/self/status"], env: ["PATH=/bin"], cwd: "/"}'
  exec_well --process "$WORK/process.json"
  [ "${lines[0]}" = '100 200' ]
  [ "${lines[1]}" = 321 ]
  says_like 'CapBnd:.*0000000000000020'
}

@test "exec --process: its own capabilities, limits and score" {
  config '.process.oomScoreAdj = 100'
  start_it
  process_is '.args = ["sh", "-c", "probe rlimit 7; cat /proc/self/oom_score_adj; grep CapEff /proc/self/status"]
    | .capabilities = {bounding: ["CAP_CHOWN"], effective: ["CAP_CHOWN"], permitted: ["CAP_CHOWN"]}
    | .rlimits = [{type: "RLIMIT_NOFILE", soft: 10, hard: 20}] | .oomScoreAdj = 200'
  exec_well --process "$WORK/process.json"
  [ "${lines[0]}" = '10 20' ]
  [ "${lines[1]}" = 200 ]
  says_like 'CapEff:.*0000000000000001'
}

@test "exec --process: from a pipe" {
  start_it
  process_is '.args = ["echo", "through a pipe"]'
  run bash -c '"$1" --root "$2" exec --process <(sleep 0.2; cat "$3") it' - "$TARE" "$STATE" "$WORK/process.json"
  [ "$output" = 'through a pipe' ]
}

@test "exec --process: options and a command go on top" {
  start_it
  process_is '.args = ["false"] | .env += ["A=file", "B=file"] | .cwd = "/tmp"'
  exec_well --process "$WORK/process.json" --env A=option --cwd /usr -- sh -c 'echo $A $B $(pwd)'
  [ "$output" = 'option file /usr' ]
}

@test "exec --process: what is wrong in it is named, with its place" {
  start_it
  exec_refused 'no such file or directory' --process "$WORK/nosuch"
  exec_refused 'is a directory' --process "$WORK"
  exec_refused 'neither a regular file nor a pipe' --process /dev/zero
  echo '{"args": ["true"], "cwd": 5}' >"$WORK/process.json"
  exec_refused 'process.json:1:27: cwd' --process "$WORK/process.json"
  echo '{"args": ["true"]}' >"$WORK/process.json"
  exec_refused 'cwd: required' --process "$WORK/process.json"
  echo '{"args": [], "cwd": "/"}' >"$WORK/process.json"
  exec_refused 'args must not be empty' --process "$WORK/process.json"
  echo '{"args": ["true"], "cwd": "/"} trailing' >"$WORK/process.json"
  exec_refused 'process.json:1' --process "$WORK/process.json"
  : >"$WORK/process.json"
  exec_refused 'process.json' --process "$WORK/process.json"
}

# ---- the saved configuration ----

@test "exec goes by what was created, not by what the bundle says now" {
  config '.process.env += ["FROM=create"]'
  start_it
  config '.process.env = ["PATH=/bin", "FROM=later"] | .process.cwd = "/nosuch" | del(.linux.namespaces)'
  exec_well -- sh -c 'echo $FROM; hostname; pwd'
  [ "${lines[0]}" = create ]
  [ "${lines[2]}" = / ]
  rm "$BUNDLE/config.json"
  exec_well -- sh -c 'echo $FROM'
  [ "$output" = create ]
  mv "$BUNDLE" "$WORK/moved"
  exec_well -- true
}

@test "the saved configuration is the state directory's alone" {
  start_it
  [ "$(stat -c %a "$STATE/it/config.json")" = 600 ]
  cmp "$BUNDLE/config.json" "$STATE/it/config.json"
  rm "$STATE/it/config.json"
  exec_refused 'saved configuration' -- true
}

# ---- it is refused ----

@test "exec: a program that there is not, or that is none" {
  start_it
  exec_refused 'exec: "nosuch": executable file not found in $PATH' -- nosuch
  [ "${#lines[@]}" -eq 1 ]
  exec_refused 'exec: "/no/such": stat /no/such: no such file or directory' -- /no/such
  exec_refused 'exec: "/etc/passwd": permission denied' -- /etc/passwd
  exec_refused 'exec: "/etc": is a directory' -- /etc
  exec_refused 'args must not be empty'
  exec_refused 'must not be empty' -- ''
}

@test "exec: a container that there is not, or that has stopped" {
  run tare exec nobody true
  [ "$status" -eq 255 ]
  says 'container does not exist'
  command_is true
  create_it
  tare start it
  wait_for status_is it stopped
  exec_refused 'cannot exec in a stopped container' -- true
}

@test "exec: wrong options have the status of a failed exec, too" {
  run tare exec --nosuch it true
  [ "$status" -eq 255 ]
  says 'flag provided but not defined: -nosuch'
  run tare exec
  [ "$status" -eq 255 ]
}

@test "exec: no pid file after a failure, nor anything beside it" {
  start_it
  mkdir "$WORK/pids"
  exec_refused 'executable file not found' --pid-file "$WORK/pids/pid" -- nosuch
  [ -z "$(ls -A "$WORK/pids")" ]
  exec_refused 'no such file or directory' --pid-file "$WORK/no/such/pid" -- touch /tmp/ran
  exec_refused 'is a directory' --pid-file "$WORK/pids" -- sleep 66
  mkfifo "$WORK/fifo"
  exec_refused 'fifo: not a regular file' --pid-file "$WORK/fifo" -- sleep 66
  [ -p "$WORK/fifo" ]
  [ -z "$(ls -A "$WORK/pids")" ]
  run ! host_pids_of 'sleep 66'
}

@test "exec: a pid file's path starts from the caller's directory" {
  start_it
  (cd "$WORK" && tare_quietly exec --detach --pid-file pid it sleep 50)
  [ -s "$WORK/pid" ]
}

@test "exec: a pid file takes the place of a link, also of one to a directory" {
  start_it
  ln -s . "$WORK/pid"
  tare_quietly exec --detach --pid-file "$WORK/pid" it sleep 50
  [ ! -L "$WORK/pid" ]
  [ -s "$WORK/pid" ]
}

@test "exec: not into a container that a frozen cgroup above it holds still" {
  needs_cgroup
  only root
  by_path
  local cgroup runtime
  config '.linux.cgroupsPath = "/above/it"'
  start_it
  cgroup=$(cgroup_of_it)
  echo 1 >"$cgroup/../cgroup.freeze"
  wait_for grep -q 'frozen 1' "$cgroup/cgroup.events"
  LIMIT=10 exec_refused 'cannot exec in a paused container (use --ignore-paused to override)' -- true
  wait_for_thaw
  kill -TERM "$runtime"
  waited_in_vain 'signal 15'
  wait_for_thaw
  echo 0 >"$cgroup/../cgroup.freeze"
  wait "$runtime"
  [ -s "$WORK/pid" ]
  tare delete --force it
  rmdir "$CGROUPS/above"
}

@test "exec: terminal and detached without a socket, and the other way round" {
  start_it
  exec_refused 'cannot allocate tty if' --detach --tty -- true
  exec_refused 'cannot use console socket if' --console-socket "$WORK/s" -- true
  exec_refused 'cannot use console socket if' --detach --console-socket "$WORK/s" -- true
}

@test "exec: a pidfd for who asks for it" {
  start_it
  "$STAGE/bin/recvtty" "$WORK/pidfd" "$WORK/said" >"$WORK/received" 2>&1 &
  wait_for test -S "$WORK/pidfd"
  tare_quietly exec --detach --pidfd-socket "$WORK/pidfd" it sleep 50
  wait_for grep -q 'payload setns' "$WORK/received"
  exec_refused 'pidfd socket' --detach --pidfd-socket "$WORK/nothing" -- sleep 66
  run ! host_pids_of 'sleep 66'
}

# ---- paused ----

freeze() { # 0 or 1
  echo "$1" >"$CGROUPS$(sed -n 's/^0:://p' "/proc/$(pid_of it)/cgroup")/cgroup.freeze"
}

@test "exec: not into a paused container, unless that is ignored" {
  needs_cgroup
  only root
  start_it
  freeze 1
  wait_for status_is it paused
  exec_refused 'cannot exec in a paused container (use --ignore-paused to override)' -- true
  tare exec --ignore-paused it echo resumed </dev/null >"$WORK/out" 2>&1 &
  local runtime=$!
  sleep 0.5
  [ ! -s "$WORK/out" ]
  freeze 0
  wait "$runtime"
  [ "$(cat "$WORK/out")" = resumed ]
}

cgroup_of_it() {
  echo "$CGROUPS$(sed -n 's/^0:://p' "/proc/$(pid_of it)/cgroup")"
}

# An exec that waits for a thaw: $runtime is tare itself, not what looks after its time.
wait_for_thaw() { # [OPTION...]
  "$TARE" --root "$STATE" exec --ignore-paused --pid-file "$WORK/pid" "$@" it sleep "${SECONDS_INSIDE:-0}" </dev/null >"$WORK/out" 2>&1 &
  runtime=$!
  wait_for watches_events "$runtime"
}

watches_events() { # PID
  find "/proc/$1/fd" -lname '*/cgroup.events' 2>/dev/null | grep -q .
}

waited_in_vain() { # TEXT
  local code=0
  wait "$runtime" || code=$?
  [ "$code" -eq 255 ]
  grep -qF "$1" "$WORK/out"
  [ ! -e "$WORK/pid" ]
}

@test "exec: what waits for a thaw can be ended, and ends with the container" {
  needs_cgroup
  only root
  local cgroup runtime
  start_it
  cgroup=$(cgroup_of_it)
  freeze 1
  wait_for status_is it paused
  wait_for_thaw
  kill -TERM "$runtime"
  waited_in_vain 'signal 15'
  [ "$(wc -l <"$cgroup/cgroup.procs")" -eq 1 ]
  SECONDS_INSIDE=100 wait_for_thaw
  tare kill it KILL
  # The kill thaws, too: who is let in before init has ended is killed with it.
  local code=0
  wait "$runtime" || code=$?
  [ "$code" -eq 137 ] || {
    [ "$code" -eq 255 ]
    grep -qF 'cannot exec in a stopped container' "$WORK/out"
    [ ! -e "$WORK/pid" ]
  }
}

@test "exec: not into a frozen cgroup below the container's, or above it, unless that is ignored" {
  needs_cgroup
  only root
  local cgroup runtime
  start_it
  cgroup=$(cgroup_of_it)
  mkdir -p "$cgroup/sub/below"
  echo 1 >"$cgroup/sub/cgroup.freeze"
  exec_refused '--cgroup: sub is frozen (use --ignore-paused to override)' --cgroup sub -- true
  wait_for grep -q 'frozen 1' "$cgroup/sub/below/cgroup.events"
  exec_refused '--cgroup: sub/below is frozen' --cgroup sub/below -- true
  wait_for_thaw --cgroup sub/below
  echo 0 >"$cgroup/sub/cgroup.freeze"
  wait "$runtime"
  [ -s "$WORK/pid" ]
}

# ---- cgroups ----


@test "exec --cgroup: below the container's, and nowhere else" {
  needs_cgroup
  only root
  start_it
  mkdir -p "$(cgroup_of_it)/one/two"
  tare_quietly exec --detach --pid-file "$WORK/pid" --cgroup one/two it sleep 50
  [ "$(sed -n 's/^0:://p' "/proc/$(cat "$WORK/pid")/cgroup")" = "$(sed -n 's/^0:://p' "/proc/$(pid_of it)/cgroup")/one/two" ]
  tare_quietly exec --detach --pid-file "$WORK/pid" --cgroup / it sleep 50
  [ "$(sed -n 's/^0:://p' "/proc/$(cat "$WORK/pid")/cgroup")" = "$(sed -n 's/^0:://p' "/proc/$(pid_of it)/cgroup")" ]
  exec_refused 'bad sub cgroup path' --cgroup ../.. -- true
  exec_refused 'bad sub cgroup path' --cgroup one/../../x -- true
  exec_refused 'no such file or directory' --cgroup nosuch -- true
  says cgroup
}

@test "exec: where init has gone within its cgroup, processes follow" {
  needs_cgroup
  only root
  start_it
  local cgroup controller pid
  cgroup=$(cgroup_of_it)
  pid=$(pid_of it)
  mkdir "$cgroup/sub"
  echo "$pid" >"$cgroup/sub/cgroup.procs"
  controller=$(cut -d' ' -f1 "$cgroup/cgroup.controllers")
  [ -n "$controller" ] || skip 'no controller to enable'
  echo "+$controller" >"$cgroup/cgroup.subtree_control"
  exec_well -- grep ^0:: /proc/self/cgroup
  says sub
  exec_refused 'cgroups: ' --cgroup / -- true
  says_like 'adding pid .* to cgroups.*evice or resource busy'
}

# ---- namespaces ----

@test "exec into a container with a user namespace" {
  only root
  config '.linux.namespaces += [{type: "user"}] | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}]
    | .linux.gidMappings = .linux.uidMappings'
  give_rootfs_to 100000
  start_it
  exec_well -- sh -c 'probe ids; cat /proc/self/uid_map; readlink /proc/self/ns/user; readlink /proc/1/ns/user'
  [ "${lines[0]}" = 'uid 0 0 0 gid 0 0 0 groups session inherited' ]
  says_like '0 +100000 +65536'
  [ "${lines[2]}" = "${lines[3]}" ]
  exec_well -- sh -c 'probe keyring'
  says ';_ses.it'
  exec_well --user 1000:1000 -g 5 -- probe ids
  says 'uid 1000 1000 1000 gid 1000 1000 1000 groups 5'
  tare_quietly exec --detach --pid-file "$WORK/pid" it sleep 50
  [ "$(stat -c %u "/proc/$(cat "$WORK/pid")")" = 100000 ]
}

@test "exec into a container with a time namespace" {
  not_in plain rootless userns
  [ -e /proc/self/ns/time ] || skip 'the kernel has none'
  config '.linux.namespaces += [{type: "time"}] | .linux.timeOffsets = {boottime: {secs: 1000000}}'
  start_it
  exec_well -- cut -d. -f1 /proc/uptime
  [ "$output" -gt 1000000 ]
  exec_well -- sh -c 'readlink /proc/self/ns/time; readlink /proc/1/ns/time'
  [ "${lines[0]}" = "${lines[1]}" ]
}

@test "exec into a container with user and time namespaces" {
  only root
  [ -e /proc/self/ns/time ] || skip 'the kernel has none'
  config '.linux.namespaces += [{type: "user"}, {type: "time"}] | .linux.timeOffsets = {boottime: {secs: 1000000}}
    | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}] | .linux.gidMappings = .linux.uidMappings'
  give_rootfs_to 100000
  start_it
  exec_well -- cut -d. -f1 /proc/uptime
  [ "$output" -gt 1000000 ]
}

@test "exec into a container that joined namespaces of another" {
  only root
  local first
  tare_quietly run --detach -b "$BUNDLE" first
  first=$(pid_of first)
  join_namespace network "/proc/$first/ns/net"
  join_namespace ipc "/proc/$first/ns/ipc"
  join_namespace pid "/proc/$first/ns/pid"
  start_it
  exec_well -- sh -c 'for n in net ipc pid; do readlink /proc/self/ns/$n; done'
  [ "${lines[0]}" = "$(readlink "/proc/$first/ns/net")" ]
  [ "${lines[1]}" = "$(readlink "/proc/$first/ns/ipc")" ]
  [ "${lines[2]}" = "$(readlink "/proc/$first/ns/pid")" ]
}

@test "exec into a container without namespaces but for mounts" {
  not_in plain rootless userns # where proc cannot be mounted without a pid namespace
  config '.linux.namespaces = [.linux.namespaces[] | select(.type == "mount" or .type == "user")] | del(.hostname)
    | .mounts |= map(select(.type != "sysfs" and .type != "mqueue"))'
  start_it
  exec_well -- sh -c 'echo here; ls / | grep -c bin'
  says here
}

@test "exec into a container without a mount namespace: its root, and its namespaces" {
  only root
  no_namespace mount
  config 'del(.linux.maskedPaths, .linux.readonlyPaths)'
  start_it
  exec_well -- sh -c 'pwd; readlink /proc/self/ns/mnt; cat /proc/1/comm; ls /proc/self/root/home'
  [ "${lines[0]}" = / ]
  [ "${lines[1]}" = "$(readlink /proc/self/ns/mnt)" ]
  [ "${lines[2]}" = sleep ]
  [ "${lines[3]}" = user ]
  exec_well -- stat -c %i /
  [ "$output" = "$(stat -c %i "$BUNDLE/rootfs")" ]
}

@test "exec into a container on the root of a ramdisk, without pivot_root" {
  only root
  start_it --no-pivot
  exec_well -- sh -c 'ls -d /bin/busybox /home/user'
}

# ---- races ----

@test "100 execs at once into one container leave nothing" {
  local i pids=() failed=0
  start_it
  for ((i = 0; i < 100; i++)); do
    LIMIT=60 tare exec it sh -c "echo $i" </dev/null >"$WORK/out.$i" 2>&1 &
    pids+=($!)
  done
  for i in "${!pids[@]}"; do
    wait "${pids[$i]}" || failed=$((failed + 1))
    [ "$(cat "$WORK/out.$i")" = "$i" ] || {
      echo "$i: $(cat "$WORK/out.$i")"
      failed=$((failed + 1))
    }
  done
  [ "$failed" -eq 0 ]
  exec_well -- sh -c 'ls -d /proc/[0-9]* | wc -l'
  [ "$output" -le 4 ] # init, sh, ls and wc
}

@test "exec and kill at once: it ran, or the container has stopped" {
  local round i pids said
  for round in 1 2 3 4 5; do
    start_it
    pids=()
    for i in 1 2 3 4 5 6; do
      tare exec it true </dev/null >"$WORK/out.$i" 2>&1 &
      pids+=($!)
    done
    sleep "0.00$round"
    tare kill it KILL || true
    for i in 1 2 3 4 5 6; do
      status=0
      wait "${pids[$((i - 1))]}" || status=$?
      said=$(cat "$WORK/out.$i")
      [[ $status = 0 || $status = 137 ||
        ($status = 255 && $said == *'cannot exec in a stopped container'*) ]] || {
        echo "round $round: status $status: $said"
        return 1
      }
    done
    tare delete --force it
  done
}

@test "exec and delete at once: nothing is left" {
  local round pids pid
  for round in 1 2 3 4 5; do
    start_it
    pids=()
    for _ in 1 2 3 4 5 6; do
      tare exec it sleep 30 </dev/null >/dev/null 2>&1 &
      pids+=($!)
    done
    sleep "0.0$round"
    tare delete --force it
    for pid in "${pids[@]}"; do
      status=0
      wait "$pid" || status=$?
      [[ $status = 137 || $status = 255 ]]
    done
  done
}
