#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# terminal.bats - pseudo-terminals: in the foreground and by a console socket.
# shellcheck disable=SC2016,SC2030,SC2031,SC2119,SC2120

load helpers

prepare() {
  make_bundle
  config '.process.terminal = true'
}

# Run in the foreground within a terminal of its own; what it shows is in $output.
run_in_terminal() { # [INPUT]
  run script -qec "stty cols 91 rows 37; '$TARE' --root '$STATE' run -b '$BUNDLE' it" /dev/null \
    < <(printf '%s' "${1:-}"; sleep 1)
}

# Receive the terminal of "it"; what it says goes to $WORK/said.
receive() { # [INPUT]
  "$STAGE/bin/recvtty" "$WORK/console" "$WORK/said" "$@" >"$WORK/received" 2>&1 &
  RECEIVER=$!
  wait_for test -S "$WORK/console"
}

# field: process.terminal
@test "run in a terminal: the container has one of its own" {
  needs script
  command_is probe terminal
  run_in_terminal
  says 'terminal 37x91 major 136 owner 0 controlling yes'
}

@test "run in a terminal: the exit status" {
  needs script
  shell_is 'exit 5'
  run_in_terminal
  [ "$status" -eq 5 ]
}

@test "run in a terminal: input arrives" {
  needs script
  shell_is 'read -r word; echo "got <$word>"'
  run_in_terminal $'hello\n'
  says 'got <hello>'
}

# The terminal around it makes CR LF of each end of a line: a second CR comes from the container.
ends_lines_once() {
  [ "$status" -eq 0 ]
  says "one"$'\r'
  says "two"$'\r'
  says_not $'\r\r'
}

# A hook that takes its time, so that the program is faster than all that comes behind it.
@test "run in a terminal: lines end as in the container" {
  needs script
  shell_is 'echo one; echo two'
  run_in_terminal
  ends_lines_once
  config '.hooks.poststart = [{path: $sleep, args: ["sleep", "0.5"]}]' --arg sleep "$(command -v sleep)"
  run_in_terminal
  ends_lines_once
}

# field: process.consoleSize.height, process.consoleSize.width
@test "consoleSize holds where the caller has no terminal" {
  config '.process.consoleSize = {height: 11, width: 22}'
  command_is probe terminal
  run setsid --wait "$TARE" --root "$STATE" run -b "$BUNDLE" it </dev/null
  says 'terminal 11x22'
}

@test "the caller's terminal is as it was, also after a failure" {
  needs script
  command_is /no/such/program
  run script -qec "stty -a >'$WORK/before'; '$TARE' --root '$STATE' run -b '$BUNDLE' it; stty -a >'$WORK/after'" /dev/null </dev/null
  cmp "$WORK/before" "$WORK/after"
  command_is true
  run script -qec "stty -a >'$WORK/before'; '$TARE' --root '$STATE' run -b '$BUNDLE' it; stty -a >'$WORK/after'" /dev/null </dev/null
  cmp "$WORK/before" "$WORK/after"
}

# field: process.terminal
@test "a console socket gets the terminal of a created container" {
  config '.process.consoleSize = {height: 12, width: 34}'
  shell_is 'probe terminal; ls /dev/pts; stat -c %t /dev/console'
  receive
  create_it --console-socket "$WORK/console"
  grep -q 'terminal 12x34' <(wait_for grep terminal "$WORK/received")
  tare start it
  wait_for status_is it stopped
  wait "$RECEIVER"
  grep -q 'terminal 12x34 major 136 owner 0 controlling yes' "$WORK/said"
  grep -q '^payload .' "$WORK/received"
}

@test "a console socket with run --detach" {
  shell_is 'read -r word; echo "got <$word>"'
  receive $'detached\n'
  tare_quietly run --detach -b "$BUNDLE" --console-socket "$WORK/console" it
  wait "$RECEIVER"
  grep -q 'got <detached>' "$WORK/said"
}

@test "the terminal belongs to the process's user" {
  not_in plain rootless
  config '.process.user = {uid: 1000, gid: 1000}'
  command_is probe terminal
  receive
  tare_quietly run -d -b "$BUNDLE" --console-socket "$WORK/console" it
  wait "$RECEIVER"
  grep -q 'owner 1000' "$WORK/said"
}

@test "/dev/console is the terminal" {
  shell_is 'echo through the console >/dev/console; sleep 0.2'
  receive
  tare_quietly run -d -b "$BUNDLE" --console-socket "$WORK/console" it
  wait "$RECEIVER"
  grep -q 'through the console' "$WORK/said"
}

@test "terminal and detached without a socket is refused" {
  attempt tare create -b "$BUNDLE" it
  [ "$status" -eq 1 ]
  says 'cannot allocate tty if runc will detach without setting console socket' ||
    says 'cannot allocate tty if'
}

@test "a socket without a terminal is refused" {
  config '.process.terminal = false'
  attempt tare create -b "$BUNDLE" --console-socket "$WORK/console" it
  [ "$status" -eq 1 ]
  says 'cannot use console socket if'
}

@test "a socket that nobody listens to is refused" {
  attempt tare create -b "$BUNDLE" --console-socket "$WORK/nothing" it
  [ "$status" -eq 1 ]
  run ! tare state it
}

@test "a socket that nobody accepts from does not hang the runtime" {
  tare_only
  "$STAGE/bin/probe" activate "$WORK/console" "$STAGE/bin/probe" sleep 60 &
  local listener=$!
  wait_for test -S "$WORK/console"
  LIMIT=25 attempt tare create -b "$BUNDLE" --console-socket "$WORK/console" it
  kill "$listener"
  [ "$status" -ne 124 ]
}

hung_up() { # VERB WORD...
  attempt timeout -k 5 25 strace -f -qq -o "$WORK/trace" -e trace=connect -e inject=connect:delay_exit=500000 \
    "$TARE" --root "$STATE" "$1" --console-socket "$WORK/console" "${@:2}"
  [ "$status" -ne 0 ]
  [ "$status" -ne 124 ]
  says 'broken pipe'
}

# Whoever listens there accepts each and hangs up, before the terminal is sent.
@test "a socket whose other end hangs up is an error at once" {
  needs strace python3
  tare_only
  only root
  python3 -c 'import socket, sys
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1])
s.listen()
while True: s.accept()[0].close()' "$WORK/console" 3>&- &
  local listener=$!
  wait_for test -S "$WORK/console"
  hung_up create -b "$BUNDLE" it
  start_plain
  hung_up exec -t -d it true
  kill "$listener"
}

# ---- exec ----

# A container without a terminal, to execute in.
start_plain() {
  config '.process.terminal = false | .process.args = ["sleep", "100"]'
  tare_quietly run --detach -b "$BUNDLE" it
}

@test "exec --tty in a terminal: one of the container's, of the caller's size" {
  needs script
  start_plain
  run script -qec "stty cols 91 rows 37; '$TARE' --root '$STATE' exec -t it sh -c 'tty; probe terminal; exit 6'" \
    /dev/null </dev/null
  [ "$status" -eq 6 ]
  says /dev/pts/0
  says 'terminal 37x91 major 136 owner 0 controlling yes'
}

# Several, as one may be late without being seen.
@test "exec --tty: size and ends of lines are what they will be before the program runs" {
  needs script
  start_plain
  run script -qec "stty cols 91 rows 37; for i in 1 2 3 4 5 6 7 8; do '$TARE' --root '$STATE' exec -t it probe terminal; done" \
    /dev/null </dev/null
  [ "$status" -eq 0 ]
  [ "$(grep -c $'terminal 37x91 .*yes\r$' <<<"$output")" -eq 8 ]
  says_not $'\r\r'
}

@test "exec --tty: input arrives, also as signals" {
  needs script
  start_plain
  run script -qec "'$TARE' --root '$STATE' exec -t it sh -c 'trap \"echo interrupted; exit 3\" INT; read -r word; echo \"got <\$word>\"; while :; do sleep 0.1; done'" \
    /dev/null < <(sleep 0.5; printf 'hello\n'; sleep 0.5; printf '\003'; sleep 1)
  says 'got <hello>'
  says interrupted
  [ "$status" -eq 3 ]
}

@test "exec --tty: what cannot be started leaves the caller's terminal as it was" {
  needs script
  start_plain
  run script -qec "stty -a >'$WORK/before'; '$TARE' --root '$STATE' exec -t it nosuch; stty -a >'$WORK/after'" /dev/null </dev/null
  says 'executable file not found'
  cmp "$WORK/before" "$WORK/after"
}

@test "exec: a console socket gets the terminal of a detached process" {
  start_plain
  receive $'detached\n'
  tare_quietly exec --detach --tty --console-socket "$WORK/console" it sh -c 'probe terminal; read -r word; echo "got <$word>"'
  wait "$RECEIVER"
  grep -q 'major 136 owner 0 controlling yes' "$WORK/said"
  grep -q 'got <detached>' "$WORK/said"
}

@test "exec: consoleSize and the user of --process hold for its terminal" {
  not_in plain rootless
  start_plain
  jq '.process | .terminal = true | .consoleSize = {height: 12, width: 34} | .args = ["probe", "terminal"]
    | .user = {uid: 1000, gid: 1000}' <"$BUNDLE/config.json" >"$WORK/process.json"
  receive
  tare_quietly exec --detach --process "$WORK/process.json" --console-socket "$WORK/console" it
  wait "$RECEIVER"
  grep -q 'terminal 12x34 major 136 owner 1000 controlling yes' "$WORK/said"
}

@test "exec: a console socket that nobody listens to starts nothing" {
  start_plain
  run tare exec --detach --tty --console-socket "$WORK/nothing" it sleep 66
  [ "$status" -eq 255 ]
  run ! pgrep -fx 'sleep 66'
}

@test "who still writes when the program has ended does not hold run up" {
  only root
  no_namespace pid
  config '.process.terminal = true'
  shell_is '(trap "" HUP; while :; do echo z; done) & sleep 0.3; exit 4'
  LIMIT=15 run_it
  [ "$status" -eq 4 ]
}
