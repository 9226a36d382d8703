#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# process.bats - what the process gets: directory, environment, identity, limits.
# shellcheck disable=SC2016,SC2119,SC2120

load helpers

# The value of NAME in /proc/self/status of the container.
status_line() {
  grep "^$1:" <<<"$output" | tr -s '\t ' ' ' | cut -d' ' -f2-
}

sets_are() { # all five
  command_is cat /proc/self/status
  config '.process.capabilities = {bounding: $b, effective: $e, inheritable: $i, permitted: $p, ambient: $a}' \
    --argjson b "$1" --argjson e "$2" --argjson i "$3" --argjson p "$4" --argjson a "$5"
}

@test "the working directory" {
  config '.process.cwd = "/home/user"'
  command_is pwd
  run_well
  [ "$output" = /home/user ]
}

@test "a working directory that is missing is made" {
  config '.process.cwd = "/srv/deep/er" | .root.readonly = false'
  shell_is 'pwd; stat -c %a /srv/deep/er'
  run_well
  [ "${lines[0]}" = /srv/deep/er ]
  [ "${lines[1]}" = 755 ]
}

@test "a working directory that is a file is refused" {
  config '.process.cwd = "/etc/passwd"'
  refused 'not a directory'
}

# field: process.cwd
@test "a relative working directory is refused" {
  config '.process.cwd = "home"'
  refused cwd
}

# field: process.cwd
@test "a working directory through a link stays in the container" {
  mkdir "$BUNDLE/rootfs/etc/inside"
  ln -s /etc/inside "$BUNDLE/rootfs/link"
  config '.process.cwd = "/link"'
  shell_is '/bin/busybox pwd -P; ls /'
  run_well
  [ "${lines[0]}" = /etc/inside ]
}

@test "a working directory behind /proc/self/fd is refused or inside" {
  local number
  echo canary >"$WORK/canary"
  for number in 3 4 5 6 7 8 9 10 11 12; do
    config '.process.cwd = $d' --arg d "/proc/self/fd/$number"
    shell_is 'cat ../../../../../../../../../../../../../../../../../../../..'"$WORK/canary"' 2>&1; ls ../..'
    run_it
    [[ $output != *canary$'\n'* && $output != canary* ]] || {
      echo "descriptor $number leads outside: $output"
      return 1
    }
  done
}

# field: process.env
@test "the environment is what config.json says" {
  config '.process.env = ["A=1", "B=two words", "C=", "PATH=/bin", "HOME=/nowhere"]'
  command_is /bin/env
  run_well
  [ "$output" = $'A=1\nB=two words\nC=\nPATH=/bin\nHOME=/nowhere' ]
}

# field: process.env
@test "of two variables of the same name the last one counts" {
  is_tare || skip 'later versions do'
  config '.process.env = ["A=1", "PATH=/bin", "A=2", "HOME=/"]'
  command_is /bin/env
  run_well
  [ "$(grep -c '^A=' <<<"$output")" -eq 1 ]
  says A=2
}

@test "a variable without = is refused" {
  config '.process.env += ["NOTHING"]'
  refused ''
}

@test "nothing of the caller's environment gets in" {
  command_is env
  run env SECRET=canary "$TARE" --root "$STATE" run -b "$BUNDLE" it
  [ "$status" -eq 0 ]
  says_not canary
}

@test "HOME comes from the container's passwd file" {
  has_user_ids 2 || skip 'no second id'
  not_in rootless
  config '.process.env = ["PATH=/bin"] | .process.user = {uid: 1000, gid: 1000}'
  shell_is 'echo $HOME'
  run_well
  [ "$output" = /home/user ]
}

@test "an empty HOME is filled in as well" {
  is_tare || skip 'later versions do'
  config '.process.env = ["PATH=/bin", "HOME="]'
  shell_is 'echo $HOME'
  run_well
  [ "$output" = /root ]
}

@test "HOME is / for somebody who is not in the passwd file" {
  has_user_ids 2 || skip 'no second id'
  not_in rootless
  config '.process.env = ["PATH=/bin"] | .process.user = {uid: 4321, gid: 1000}'
  shell_is 'echo $HOME'
  run_well
  [ "$output" = / ]
}

@test "the program is looked up in the PATH of config.json" {
  mkdir "$BUNDLE/rootfs/elsewhere"
  ln -s ../bin/busybox "$BUNDLE/rootfs/elsewhere/pwd"
  config '.process.env = ["PATH=/nothing:/elsewhere"]'
  command_is pwd
  run_well
  [ "$output" = / ]
}

# field: process.args
@test "arguments arrive as they are" {
  command_is sh -c 'for a; do echo "<$a>"; done' - '' 'two words' "it's" '$HOME' $'new\nline' '*'
  run_well
  [ "$output" = $'<>\n<two words>\n<it\'s>\n<$HOME>\n<new\nline>\n<*>' ]
}

# field: process.args
@test "no arguments are refused" {
  config '.process.args = []'
  refused args
}

# field: process.user.uid, process.user.gid, process.user.additionalGids
@test "user, group and additional groups" {
  not_in plain rootless
  config '.process.user = {uid: 1000, gid: 1001, additionalGids: [5, 6, 77]}'
  command_is probe ids
  run_well
  [ "$output" = 'uid 1000 1000 1000 gid 1001 1001 1001 groups 5 6 77 session own' ]
}

# field: process.user.additionalGids
@test "additional groups where none may be set are refused" {
  only plain
  config '.process.user.additionalGids = [0]'
  refused 'cannot set any additional groups in a rootless container'
}

@test "the caller's groups do not come along" {
  only root
  command_is probe ids
  run setpriv --groups 4,24,27 "$TARE" --root "$STATE" run -b "$BUNDLE" it
  [ "$status" -eq 0 ]
  [ "$output" = 'uid 0 0 0 gid 0 0 0 groups session own' ]
}

@test "the process leads its own session" {
  command_is probe ids
  run_well
  says 'session own'
}

@test "the umask is 0022 unless said" {
  command_is probe umask
  umask 077
  run_well
  umask 022
  [ "$output" = 0022 ]
}

# field: process.user.umask
@test "the umask as said" {
  config '.process.user.umask = 63'
  command_is probe umask
  run_well
  [ "$output" = 0077 ]
}

# field: process.rlimits[].type, process.rlimits[].soft, process.rlimits[].hard
@test "resource limits" {
  config '.process.rlimits = [{type: "RLIMIT_NOFILE", soft: 100, hard: 200},
                              {type: "RLIMIT_CORE", soft: 0, hard: 4096}]'
  shell_is 'probe rlimit 7; probe rlimit 4'
  run_well
  [ "${lines[0]}" = '100 200' ]
  [ "${lines[1]}" = '0 4096' ]
}

# execve(2) of the program that starts the container puts back the one that it began with.
@test "the limit of the stack is kept, every time" {
  config '.process.rlimits = [{type: "RLIMIT_STACK", soft: 1048576, hard: 2097152}]'
  command_is probe rlimit 3
  for _ in {1..20}; do
    run_well
    [[ $output == *1048576*2097152* ]]
  done
}

@test "an unknown resource limit is refused" {
  config '.process.rlimits = [{type: "RLIMIT_NOSUCH", soft: 1, hard: 1}]'
  refused RLIMIT_NOSUCH
}

@test "the same resource limit twice is refused" {
  tare_only
  config '.process.rlimits = [{type: "RLIMIT_CORE", soft: 0, hard: 1}, {type: "RLIMIT_CORE", soft: 0, hard: 2}]'
  refused RLIMIT_CORE
}

@test "a soft limit above the hard one is refused" {
  config '.process.rlimits = [{type: "RLIMIT_CORE", soft: 5, hard: 1}]'
  refused ''
}

# field: process.capabilities.bounding, process.capabilities.effective
# field: process.capabilities.inheritable, process.capabilities.permitted
# field: process.capabilities.ambient
@test "capability sets are exactly those of config.json" {
  sets_are '["CAP_CHOWN","CAP_KILL","CAP_NET_RAW"]' '["CAP_KILL"]' '[]' '["CAP_CHOWN","CAP_KILL"]' '[]'
  config '.process.noNewPrivileges = true'
  run_well
  [ "$(status_line CapBnd)" = 0000000000002021 ]
  [ "$(status_line CapPrm)" = 0000000000002021 ] || [ "$(status_line CapPrm)" = 0000000000000021 ]
  [ "$(status_line CapInh)" = 0000000000000000 ]
  [ "$(status_line CapAmb)" = 0000000000000000 ]
}

# field: process.capabilities.ambient
@test "an ordinary user gets the ambient set, and nothing without it" {
  not_in plain rootless
  config '.process.user = {uid: 1000, gid: 1000}'
  sets_are '["CAP_CHOWN","CAP_KILL"]' '["CAP_KILL"]' '["CAP_KILL"]' '["CAP_KILL"]' '["CAP_KILL"]'
  run_well
  [ "$(status_line CapEff)" = 0000000000000020 ]
  [ "$(status_line CapAmb)" = 0000000000000020 ]
  [ "$(status_line CapBnd)" = 0000000000000021 ]
  sets_are '["CAP_CHOWN","CAP_KILL"]' '["CAP_KILL"]' '[]' '["CAP_KILL"]' '[]'
  run_well
  [ "$(status_line CapEff)" = 0000000000000000 ]
  [ "$(status_line CapPrm)" = 0000000000000000 ]
}

@test "no capabilities at all" {
  sets_are '[]' '[]' '[]' '[]' '[]'
  run_well
  [ "$(status_line CapBnd)" = 0000000000000000 ]
  [ "$(status_line CapPrm)" = 0000000000000000 ]
  [ "$(status_line CapEff)" = 0000000000000000 ]
}

@test "inheritable and ambient are empty in the default bundle" {
  command_is cat /proc/self/status
  run_well
  [ "$(status_line CapInh)" = 0000000000000000 ]
  [ "$(status_line CapAmb)" = 0000000000000000 ]
}

@test "an unknown capability stops nothing" {
  sets_are '["CAP_KILL","CAP_NOSUCH"]' '["CAP_KILL"]' '[]' '["CAP_KILL"]' '[]'
  run_well
  [ "$(status_line CapBnd)" = 0000000000000020 ]
}

# field: process.noNewPrivileges
@test "noNewPrivileges" {
  command_is grep NoNewPrivs /proc/self/status
  config '.process.noNewPrivileges = true'
  run_well
  says_like 'NoNewPrivs:.*1'
  config '.process.noNewPrivileges = false'
  run_well
  says_like 'NoNewPrivs:.*0'
}

# field: process.oomScoreAdj
@test "oomScoreAdj" {
  config '.process.oomScoreAdj = 321'
  command_is cat /proc/self/oom_score_adj
  run_well
  [ "$output" = 321 ]
}

@test "oomScoreAdj that is not given is the caller's" {
  config 'del(.process.oomScoreAdj)'
  command_is cat /proc/self/oom_score_adj
  run_well
  [ "$output" = "$(cat /proc/self/oom_score_adj)" ]
}

@test "signals are neither blocked nor ignored, whatever the caller does" {
  command_is cat /proc/self/status
  run "$STAGE/bin/probe" careless "$TARE" --root "$STATE" run -b "$BUNDLE" it
  [ "$status" -eq 0 ]
  [ "$(status_line SigBlk)" = 0000000000000000 ]
  [ "$(status_line SigIgn)" = 0000000000000000 ]
}

@test "a passwd file that is a pipe, a device or endless stops nobody" {
  local kind
  config '.process.env = ["PATH=/bin"]'
  for kind in pipe link long directory; do
    rm -rf "$BUNDLE/rootfs/etc/passwd"
    case $kind in
    pipe) mkfifo "$BUNDLE/rootfs/etc/passwd" ;;
    link) ln -s /dev/zero "$BUNDLE/rootfs/etc/passwd" ;;
    long) truncate -s 1G "$BUNDLE/rootfs/etc/passwd" ;;
    directory) mkdir "$BUNDLE/rootfs/etc/passwd" ;;
    esac
    is_tare || [ $kind != pipe ] || continue
    shell_is 'echo done'
    LIMIT=10 run_it
    # It runs with a HOME of /, or is refused; it does not hang.
    [ "$status" -ne 124 ] || {
      echo "hangs with a $kind"
      return 1
    }
  done
}

@test "the session keyring is new" {
  command_is probe keyring
  run_it
  [ "$status" -eq 0 ] || skip 'no keyrings here'
  says it
  says_like '_ses|_tare'
}

@test "--no-new-keyring keeps the caller's" {
  tare_only
  command_is probe keyring
  run_it --no-new-keyring
  says_not '_tare.it'
  says_not '_ses.it'
}

# field: process.scheduler.policy, process.scheduler.nice, process.ioPriority.class
# field: process.ioPriority.priority
@test "a scheduler and an I/O priority" {
  only root
  tare_only
  config '.process.scheduler = {policy: "SCHED_BATCH", nice: 7}
    | .process.ioPriority = {class: "IOPRIO_CLASS_BE", priority: 6}'
  shell_is 'cut -d" " -f19,41 /proc/self/stat; ionice -p $$'
  run_well
  [ "${lines[0]}" = '7 3' ]
  says_like 'best-effort: prio 6'
}

# field: process.scheduler.policy, process.scheduler.priority, process.scheduler.flags
@test "a real-time scheduler that children do not inherit" {
  only root
  tare_only
  config '.process.scheduler = {policy: "SCHED_RR", priority: 9, flags: ["SCHED_FLAG_RESET_ON_FORK"]}'
  command_is probe scheduler
  run_it
  [ "$status" -eq 0 ] || skip "no real-time scheduling here: $output"
  says 'policy 2 flags 0x1 nice 0 priority 9'
}

# field: process.scheduler.runtime, process.scheduler.deadline, process.scheduler.period
@test "a scheduler with deadlines" {
  only root
  tare_only
  config '.process.scheduler = {policy: "SCHED_DEADLINE", runtime: 2000000, deadline: 10000000, period: 20000000}'
  command_is probe scheduler
  run_it
  [ "$status" -eq 0 ] || skip "no scheduling by deadlines here: $output"
  says 'policy 6 flags 0x0 nice 0 priority 0 runtime 2000000 deadline 10000000 period 20000000'
}

# field: linux.memoryPolicy.mode, linux.memoryPolicy.nodes, linux.memoryPolicy.flags
@test "a memory policy" {
  tare_only
  [ -e /proc/self/numa_maps ] || skip 'a kernel without NUMA'
  config '.linux.memoryPolicy = {mode: "MPOL_BIND", nodes: "0", flags: ["MPOL_F_STATIC_NODES"]}'
  command_is grep -m 1 -o 'bind=static:0' /proc/self/numa_maps
  run_well
  [ "$output" = bind=static:0 ]
}

# field: linux.personality.flags
@test "flags of the personality, of which none is defined, are refused" {
  tare_only
  config '.linux.personality = {domain: "LINUX", flags: ["ADDR_NO_RANDOMIZE"]}'
  refused 'linux.personality.flags'
}

# field: linux.personality.domain
@test "personality" {
  only root
  config '.linux.personality = {domain: "LINUX32"}'
  is_tare || skip 'later versions do'
  needs setarch
  [ "$(setarch linux32 uname -m)" = i686 ] || skip 'the kernel has one architecture'
  command_is uname -m
  run_well
  [ "$output" = i686 ]
}

@test "a config without a process can be created, not started" {
  tare_only
  config 'del(.process)'
  attempt tare create -b "$BUNDLE" it
  [ "$status" -eq 0 ]
  run tare start it
  [ "$status" -ne 0 ]
}
