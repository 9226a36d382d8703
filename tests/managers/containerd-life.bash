# SPDX-License-Identifier: GPL-2.0-or-later
# containerd-life - terminals, exec, signals, ends; and many at once.
# shellcheck shell=bash
# shellcheck disable=SC2016,SC2154

# ---- terminals ----

it_tty_is_a_terminal() {
  ok with_terminal c run --rm --tty "${RUNTIME_WORDS[@]}" "$IMAGE" a \
    sh -c 'tty; test -t 0 && test -t 1 && test -t 2 && echo all; sleep 0.5'
  says /dev/pts/0
  says all
}

it_tty_has_the_size_of_ours() {
  ok with_terminal c run --rm --tty "${RUNTIME_WORDS[@]}" "$IMAGE" a sh -c 'sleep 0.5; stty size; sleep 0.5'
  says '30 100'
}

it_tty_passes_the_exit_status_on() {
  exits 7 with_terminal c run --rm --tty "${RUNTIME_WORDS[@]}" "$IMAGE" a sh -c 'exit 7'
}

it_tty_interrupts_the_program() {
  { sleep 1.5 && printf '\003' && sleep 1; } |
    with_terminal c run --rm --tty "${RUNTIME_WORDS[@]}" "$IMAGE" a \
      sh -c 'trap "echo interrupted; exit 3" INT; while :; do sleep 0.1; done' >out 2>&1 || status=$?
  is status "${status:-0}" 3
  contains out interrupted
}

# ---- exec ----

it_exec_runs_beside_the_first() {
  ok detached a -- sleep 100
  ok inside a sh -c 'echo $$; tr "\0" " " </proc/1/cmdline'
  says 'sleep 100'
  says_not "$(printf '1\n')sleep"
}

it_exec_passes_the_exit_status_on() {
  ok detached a -- sleep 100
  exits 33 inside a sh -c 'exit 33'
  exits 143 inside a sh -c 'kill $$; sleep 1'
}

it_exec_reads_what_is_typed() {
  ok detached a -- sleep 100
  is output "$(echo typed | inside a cat)" typed
}

it_exec_brings_64_mib_through_stdout() {
  ok detached a -- sleep 100
  is sum "$(inside a sh -c "$BIG_COMMAND" | sha256sum | cut -d' ' -f1)" "$(big_sum)"
}

it_exec_as_another_user() {
  ok detached a -- sleep 100
  ok inside_with a --user 1000 -- id -u
  output_is 1000
}

it_exec_in_another_directory() {
  ok detached a -- sleep 100
  ok inside_with a --cwd /tmp -- pwd
  output_is /tmp
}

it_exec_with_a_terminal() {
  ok detached a -- sleep 100
  ok with_terminal c task exec --exec-id t --tty a sh -c 'tty; sleep 0.5; stty size; sleep 0.5'
  says /dev/pts/
  says '30 100'
}

it_exec_detached() {
  ok detached a -- sleep 100
  ok inside_with a --detach -- sh -c 'echo done >/tmp/mark; sleep 0.1'
  eventually inside a test -s /tmp/mark
}

it_exec_says_that_the_program_is_missing() {
  ok detached a -- sleep 100
  fails inside a no-such-program
  says 'exec: "no-such-program": executable file not found in $PATH'
  fails inside a /no/such/program
  says '/no/such/program'
  says 'no such file or directory'
}

it_exec_into_a_paused_container_fails() {
  ok detached a -- sleep 100
  ok task pause a
  fails inside a true
  ok task resume a
  ok inside a true
}

it_exec_into_a_stopped_container_fails() {
  ok detached a -- true
  eventually task_is a STOPPED
  fails inside a true
}

# They end when all of them are there: Debian's shim (1.6) can hang when processes end while it
# starts others.
it_exec_100_in_parallel() {
  ok detached a -- sleep 1000
  ok inside a mkfifo /tmp/gate
  (PATIENCE=$((${SCENARIO_SECONDS:-60} - 10)) eventually has_processes a 101 && inside a sh -c ': >/tmp/gate') >gate 2>&1 &
  parallel 100 7 "${CTR[@]}" task exec --exec-id p@N@ a \
    sh -c 'read x </tmp/gate; echo @N@; exit $((@N@ % 7))'
  eventually has_processes a 1
}

# ---- life ----

it_a_stopped_container_starts_again() {
  ok detached a -- sh -c 'echo again >>/tmp/x; wc -l </tmp/x'
  eventually task_is a STOPPED
  ok task rm a
  ok task start a
  output_is 2
}

it_a_task_says_its_pid() {
  ok detached a --pid-file "$PWD/pid" -- sleep 100
  is pid "$(cat pid)" "$(task_pid a)"
  contains "/proc/$(cat pid)/cmdline" sleep
}

it_ps_lists_the_processes() {
  ok detached a -- sh -c 'sleep 101 & sleep 102; wait'
  eventually has_processes a 3
  ok task ps a
  says "$(task_pid a)"
}

has_processes() { # ID COUNT
  [ "$(task ps "$1" | grep -c '^[0-9]')" = "$2" ]
}

it_kill_ends_the_container() {
  ok detached a -- sleep 1000
  ok task kill --signal KILL a
  eventually task_is a STOPPED
  ok task rm a
  says 'exit code 137'
}

it_kill_sends_term_unless_said() {
  ok detached a -- sh -c 'trap "exit 9" TERM; while :; do sleep 0.05; done'
  sleep 0.3
  ok task kill a
  eventually task_is a STOPPED
  ok task rm a
  says 'exit code 9'
}

it_kill_sends_signals_by_name_and_number() {
  ok detached a -- sh -c 'trap "echo 1 >/tmp/usr1" USR1; trap "echo 2 >/tmp/usr2" USR2
    echo >/tmp/ready; while :; do sleep 0.05; done'
  eventually inside a test -e /tmp/ready
  ok task kill --signal SIGUSR1 a
  ok task kill --signal 12 a
  eventually inside a test -s /tmp/usr1
  eventually inside a test -s /tmp/usr2
}

it_kill_all_reaches_every_process() {
  ok detached a -- sh -c 'trap "" TERM; (trap - TERM; exec sleep 1000) & sleep 1000 & wait'
  eventually has_processes a 3
  ok task kill --signal KILL --all a
  eventually task_is a STOPPED
}

it_kill_of_an_exec_leaves_the_container() {
  ok detached a -- sleep 1000
  ok inside_with a --exec-id victim --detach -- sleep 500
  ok task kill --signal KILL --exec-id victim a
  eventually has_processes a 1
  task_is a RUNNING
}

it_kill_of_a_stopped_container_fails() {
  ok detached a -- true
  eventually task_is a STOPPED
  fails task kill a
  says 'not found'
}

it_rm_of_a_running_container_fails() {
  ok detached a -- sleep 1000
  fails task rm a
  task_is a RUNNING
  ok task rm --force a
  says 'exit code 137'
}

it_pause_holds_still_and_resume_goes_on() {
  local before

  ok detached a -- sh -c 'while :; do echo >>/tmp/n; sleep 0.02; done'
  eventually inside a test -s /tmp/n
  ok task pause a
  task_is a PAUSED
  before=$(wc -c <"/proc/$(task_pid a)/root/tmp/n")
  sleep 0.3
  is 'lines while paused' "$(wc -c <"/proc/$(task_pid a)/root/tmp/n")" "$before"
  ok task resume a
  task_is a RUNNING
  eventually more_than "/proc/$(task_pid a)/root/tmp/n" "$before"
}

more_than() { # FILE BYTES
  [ "$(wc -c <"$1")" -gt "$2" ]
}

it_pause_can_be_killed() {
  ok detached a -- sleep 1000
  ok task pause a
  run task kill --signal KILL a
  run task resume a
  eventually task_is a STOPPED
}

it_metrics_has_numbers() {
  ok detached a -- sleep 1000
  ok task metrics --format json a
  says '"pids"'
}

it_events_tell_of_a_life() {
  "${CTR[@]}" events >told 2>&1 &
  sleep 0.5
  ok launch a -- true
  eventually contains told /tasks/delete
  kill $!
  for topic in /tasks/create /tasks/start /tasks/exit /tasks/delete; do
    contains told "$topic" || fail "no event $topic"
  done
}

it_attach_shows_what_comes() {
  ok with_terminal c run --detach --tty "${RUNTIME_WORDS[@]}" "$IMAGE" a \
    sh -c 'while ! [ -e /tmp/go ]; do sleep 0.1; done; echo attached; exit 4'
  task_is a RUNNING
  (sleep 1 && inside a touch /tmp/go) &
  exits 4 with_terminal c task attach a
  says attached
}

# ---- what does not exist ----

it_run_says_that_the_program_is_missing() {
  fails launch a -- no-such-program
  says 'exec: "no-such-program": executable file not found in $PATH'
}

it_run_says_that_the_path_is_missing() {
  fails launch a -- /no/such/program
  says '/no/such/program'
  says 'no such file or directory'
}

it_run_says_that_the_file_cannot_be_executed() {
  fails launch a -- /etc/passwd
  says 'exec: "/etc/passwd": permission denied'
}

it_run_says_that_a_directory_cannot_be_executed() {
  fails launch a -- /etc
  says 'exec: "/etc": '
}

it_run_says_that_the_source_of_a_mount_is_missing() {
  fails launch a --mount "type=bind,src=/no/such,dst=/mnt,options=rbind" -- true
  says 'no such file or directory'
  says '/no/such'
}

it_run_says_that_the_id_is_taken() {
  ok detached a -- sleep 100
  fails detached a -- true
  says 'already exists'
}

# ---- containerd goes, containers stay ----

it_containers_outlive_containerd() {
  local pid

  ok detached a -- sh -c 'trap "exit 5" TERM; while :; do sleep 0.05; done'
  pid=$(task_pid a)
  stop_daemon TERM
  kill -0 "$pid"
  start_daemon
  is pid "$(task_pid a)" "$pid"
  task_is a RUNNING
  ok inside a echo still
  output_is still
  ok task kill a
  eventually task_is a STOPPED
  ok task rm a
  says 'exit code 5'
}

it_containers_outlive_a_killed_containerd() {
  ok detached a -- sleep 1000
  stop_daemon KILL
  start_daemon
  ok inside a echo still
  ok task pause a
  ok task resume a
  ok task kill --signal KILL a
  eventually task_is a STOPPED
}

it_an_end_while_containerd_is_away_is_known_later() {
  local pid

  ok detached a -- sleep 1000
  pid=$(task_pid a)
  stop_daemon TERM
  kill -KILL "$pid"
  start_daemon
  eventually task_is a STOPPED
  ok task rm a
  says 'exit code 137'
}

it_a_killed_shim_leaves_nothing() {
  local shim

  ok detached a -- sleep 1000
  shim=$(awk '$1 == "PPid:" { print $2 }' "/proc/$(task_pid a)/status")
  contains "/proc/$shim/cmdline" containerd-shim
  kill -KILL "$shim"
  eventually gone a
}

# ---- many ----

it_run_50_containers_in_parallel() {
  parallel 50 5 "${CTR[@]}" run --rm "${RUNTIME_WORDS[@]}" "$IMAGE" many-@N@ \
    sh -c 'echo @N@; exit $((@N@ % 5))'
}

it_50_containers_at_once_all_answer() {
  local number

  for number in $(seq 50); do
    while [ "$(jobs -rp | wc -l)" -ge 8 ]; do wait -n; done
    detached "beside-$number" -- sleep 1000 &
  done
  wait
  is running "$(task ls | grep -c RUNNING)" 50
  for number in $(seq 50); do
    contains "/proc/$(task_pid "beside-$number")/cmdline" sleep || fail "beside-$number is not there"
  done
}
