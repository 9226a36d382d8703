# SPDX-License-Identifier: GPL-2.0-or-later
# engine-life - what docker and podman do with containers that are there.
# shellcheck shell=bash
# shellcheck disable=SC2016,SC2154

# ---- exec ----

it_exec_runs_beside_the_first() {
  ok d aa -- sleep 1000
  ok e exec aa sh -c 'tr "\0" " " </proc/1/cmdline; readlink /proc/self/ns/mnt'
  says 'sleep 1000'
  says "$(readlink "/proc/$(pid_of aa)/ns/mnt")"
}

it_exec_passes_the_exit_status_on() {
  ok d aa -- sleep 1000
  exits 33 e exec aa sh -c 'exit 33'
  exits 143 e exec aa sh -c 'kill $$; sleep 1'
}

it_exec_reads_what_is_typed() {
  ok d aa -- sleep 1000
  is output "$(echo typed | e exec --interactive aa cat)" typed
}

it_exec_brings_64_mib_through_stdout() {
  ok d aa -- sleep 1000
  is sum "$(e exec aa sh -c "$BIG_COMMAND" | sha256sum | cut -d' ' -f1)" "$(big_sum)"
}

it_exec_as_another_user_elsewhere() {
  ok d aa -- sleep 1000
  ok e exec --user 1000 --workdir /tmp --env WHO=me aa sh -c 'id -u; pwd; echo $WHO'
  output_is $'1000\n/tmp\nme'
}

it_exec_privileged() {
  ok d aa -- sleep 1000
  ok e exec --privileged aa grep CapEff /proc/self/status
  says_not "$USUAL_CAPABILITIES"
  ok e exec aa grep CapEff /proc/self/status
  says "$USUAL_CAPABILITIES"
}

it_exec_with_a_terminal() {
  ok d aa -- sleep 1000
  ok with_terminal "${CLIENT[@]}" exec -it aa sh -c 'tty; sleep 0.5; stty size; sleep 0.5'
  says /dev/pts/
  says '30 100'
}

it_exec_detached() {
  ok d aa -- sleep 1000
  ok e exec --detach aa sh -c 'echo done >/tmp/mark'
  eventually e exec aa test -s /tmp/mark
}

it_exec_is_under_the_profile_of_the_container() {
  ok d aa --security-opt no-new-privileges -- sleep 1000
  ok e exec aa grep -E 'Seccomp:|NoNewPrivs' /proc/self/status
  output_is $'NoNewPrivs:\t1\nSeccomp:\t2'
}

it_exec_says_that_the_program_is_missing() {
  ok d aa -- sleep 1000
  run e exec aa no-such-program
  is status "$status" "$MISSING_STATUS"
  says 'executable file not found in $PATH'
}

it_exec_says_that_the_file_cannot_be_executed() {
  ok d aa -- sleep 1000
  exits 126 e exec aa /etc/passwd
  says 'permission denied'
}

it_exec_says_that_the_directory_is_missing() {
  ok d aa -- sleep 1000
  fails e exec --workdir /no/such aa true
  says '/no/such'
}

it_exec_into_a_stopped_container_fails() {
  ok e run --name aa "$IMAGE" true
  fails e exec aa true
}

it_exec_into_a_paused_container_fails() {
  ok d aa -- sleep 1000
  ok e pause aa
  fails e exec aa true
  ok e unpause aa
  ok e exec aa true
}

it_exec_100_in_parallel() {
  ok d aa -- sleep 1000
  parallel 100 7 "${CLIENT[@]}" exec aa sh -c 'echo @N@; exit $((@N@ % 7))'
  is processes "$(processes_in aa)" 1
}

processes_in() { # NAME
  wc -l <"/sys/fs/cgroup$(cgroup_of "$(pid_of "$1")")/cgroup.procs"
}

# ---- life ----

it_create_and_start() {
  ok e create --name aa "$IMAGE" sh -c 'echo started; sleep 1000'
  state_is aa created
  ok e start aa
  state_is aa running
  eventually logs_have aa started
}

logs_have() { # NAME TEXT
  e logs "$1" 2>&1 | grep -qF -- "$2"
}

it_a_stopped_container_starts_again() {
  ok e run --name aa "$IMAGE" sh -c 'echo again >>/x; wc -l </x'
  output_is 1
  ok e start --attach aa
  output_is 2
}

it_stop_sends_term() {
  ok d aa -- sh -c 'trap "exit 9" TERM; echo ready; while :; do sleep 0.05; done'
  eventually logs_have aa ready
  ok e stop --time 10 aa
  is status "$(exit_code_of aa)" 9
}

it_stop_kills_who_does_not_listen() {
  ok d aa -- sh -c 'trap "" TERM; echo ready; while :; do sleep 0.05; done'
  eventually logs_have aa ready
  ok e stop --time 1 aa
  is status "$(exit_code_of aa)" 137
}

it_stop_sends_the_signal_of_the_container() {
  ok d aa --stop-signal USR1 -- sh -c 'trap "exit 11" USR1; echo ready; while :; do sleep 0.05; done'
  eventually logs_have aa ready
  ok e stop --time 10 aa
  is status "$(exit_code_of aa)" 11
}

it_kill_sends_signals_by_name_and_number() {
  ok d aa -- sh -c 'trap "echo one" USR1; trap "echo two" USR2; echo ready
    while :; do sleep 0.05; done'
  eventually logs_have aa ready
  ok e kill --signal USR1 aa
  eventually logs_have aa one
  ok e kill --signal 12 aa
  eventually logs_have aa two
  state_is aa running
}

it_kill_ends_the_container() {
  ok d aa -- sleep 1000
  ok e kill aa
  eventually state_is aa exited
  is status "$(exit_code_of aa)" 137
}

it_kill_of_a_stopped_container_fails() {
  ok e run --name aa "$IMAGE" true
  fails e kill aa
  says 'running'
}

it_restart_starts_anew() {
  local before

  ok d aa -- sleep 1000
  before=$(pid_of aa)
  ok e restart --time 0 aa
  state_is aa running
  [ "$(pid_of aa)" != "$before" ]
}

it_restart_policy_brings_it_back() {
  ok d aa --restart on-failure:2 -- sh -c 'echo life; exit 3'
  PATIENCE=30 eventually lives_are aa 3
  PATIENCE=30 eventually state_is aa exited
  is status "$(exit_code_of aa)" 3
}

lives_are() { # NAME COUNT
  [ "$(e logs "$1" 2>/dev/null | grep -c life)" = "$2" ]
}

it_pause_holds_still_and_unpause_goes_on() {
  local before file

  ok d aa -- sh -c 'while :; do echo >>/tmp/n; sleep 0.02; done'
  eventually e exec aa test -s /tmp/n
  file=/proc/$(pid_of aa)/root/tmp/n
  ok e pause aa
  state_is aa paused
  before=$(wc -c <"$file")
  sleep 0.3
  is 'lines while paused' "$(wc -c <"$file")" "$before"
  ok e unpause aa
  state_is aa running
  eventually more_than "$file" "$before"
}

more_than() { # FILE BYTES
  [ "$(wc -c <"$1")" -gt "$2" ]
}

it_wait_says_the_status() {
  ok d aa -- sh -c 'sleep 0.5; exit 21'
  ok e wait aa
  output_is 21
}

it_logs_keep_what_was_said() {
  ok e run --name aa "$IMAGE" sh -c 'for i in 1 2 3; do echo line $i; done'
  ok e logs aa
  output_is $'line 1\nline 2\nline 3'
  ok e logs --tail 1 aa
  output_is 'line 3'
}

it_logs_follow() {
  ok d aa -- sh -c 'for i in 1 2 3; do echo line $i; sleep 0.2; done'
  ok e logs --follow aa
  says 'line 3'
}

it_attach_shows_what_comes() {
  ok d aa -- sh -c 'until [ -e /tmp/go ]; do sleep 0.1; done; echo attached; exit 4'
  (sleep 1 && e exec aa touch /tmp/go) &
  exits "$ATTACH_STATUS" e attach --no-stdin aa
  says attached
}

it_top_lists_processes() {
  ok d aa -- sh -c 'sleep 1001 & sleep 1002 & wait'
  eventually top_has aa 'sleep 1002'
  eventually top_has aa 'sleep 1001'
}

top_has() { # NAME TEXT
  e top "$1" | grep -qF "$2"
}

it_inspect_tells_the_pid() {
  ok d aa -- sleep 1000
  contains "/proc/$(pid_of aa)/cmdline" sleep
  [ "$(cgroup_of "$(pid_of aa)")" != "$(cgroup_of $$)" ]
}

it_stats_has_numbers() {
  needs_stats
  ok d aa -- sleep 1000
  ok e stats --no-stream --format '{{.Name}} {{.PIDs}}' aa
  matches '^aa [0-9-]'
}

it_events_tell_of_a_life() {
  "${CLIENT[@]}" events >told 2>&1 &
  sleep 0.7
  ok r -- true
  eventually contains told die
  eventually grep -qE 'destroy|remove' told
  kill $!
  contains told create
  contains told start
}

it_rm_of_a_running_container_fails() {
  ok d aa -- sleep 1000
  fails e rm aa
  state_is aa running
  ok removed aa
}

it_rm_forgets_the_name() {
  ok e run --name aa "$IMAGE" true
  fails e run --name aa "$IMAGE" true
  says 'already in use'
  ok e rm aa
  ok e run --name aa "$IMAGE" true
}

it_rename_keeps_it_running() {
  ok d aa -- sleep 1000
  ok e rename aa bb
  ok e exec bb true
}

it_health_is_checked() {
  ok d aa --health-cmd 'test -e /tmp/well' --health-interval 1s --health-retries 1 -- sleep 1000
  "$HEALTH" aa unhealthy
  ok e exec aa touch /tmp/well
  "$HEALTH" aa healthy
}

it_run_20_containers_in_parallel() {
  parallel 20 5 "${CLIENT[@]}" run --rm "$IMAGE" sh -c 'echo @N@; exit $((@N@ % 5))'
}

# ---- networks ----

it_network_none_has_loopback_only() {
  ok r --network none -- ls /sys/class/net
  output_is lo
}

it_network_host_sees_ours() {
  ok r --network host -- readlink /proc/self/ns/net
  output_is "$(readlink /proc/self/ns/net)"
}

it_network_bridge_connects_two() {
  needs_bridge
  ok d server -- sh -c 'while :; do echo served | nc -l -p 8080; done'
  ok d client -- sleep 1000
  eventually e exec client sh -c "nc -w 2 $(address_of server) 8080 </dev/null | grep served"
}

it_network_of_the_users_has_addresses() {
  needs_bridge
  ok e network create --subnet 10.77.0.0/24 mine
  ok r --network mine --ip 10.77.0.55 -- ip -4 addr
  says 10.77.0.55
  ok e network rm mine
}

it_network_publishes_a_port() {
  needs_bridge
  needs_published_ports
  ok d server --publish 127.0.0.1:18080:8080 -- sh -c 'while :; do echo served | nc -l -p 8080; done'
  eventually served_at 18080
}

served_at() { # PORT
  [ "$(exec 3<>"/dev/tcp/127.0.0.1/$1" && head -n 1 <&3)" = served ]
}
