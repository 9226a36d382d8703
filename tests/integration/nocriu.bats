#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# nocriu.bats - checkpoint and restore where CRIU is missing, too old or broken, and what is
# refused before it is asked.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2119,SC2120

load helpers

prepare() {
  tare_only
  make_bundle
  shell_is 'while :; do sleep 0.05; done'
}

start_it() {
  create_it
  tare start it
}

@test "without criu: a clear message, and the container goes on" {
  start_it
  fails 'checkpoint and restore need CRIU: exec: "criu": executable file not found in $PATH' \
    env PATH="$WORK" "$TARE" --root "$STATE" checkpoint --image-path "$WORK/images" it
  [ "$(state_of it)" = running ]
}

# It says of itself that it is another one: a stand-in for what Debian does not have.
stand_in() { # SCRIPT
  mkdir -p "$WORK/bin"
  printf '#!/bin/bash\n%s\n' "$1" >"$WORK/bin/criu"
  chmod 755 "$WORK/bin/criu"
  PATH=$WORK/bin:$PATH
}

@test "a criu that is too old is refused" {
  start_it
  stand_in '/usr/bin/printf "\x08\x0a\x10\x01\x52\x04\x08\x03\x10\x0b" >&$2; sleep 1'
  fails 'checkpoint and restore need CRIU: criu 3.11.0 is too old: 3.14 is needed' \
    tare checkpoint --image-path "$WORK/images" it
  [ "$(state_of it)" = running ]
}

@test "a criu that ends is told with its words" {
  start_it
  stand_in 'echo "no such thing" >&2; exit 1'
  fails 'criu ended without an answer: no such thing' tare checkpoint --image-path "$WORK/images" it
  stand_in 'printf "nonsense" >&$2; sleep 1'
  fails "criu: criu's answer" tare checkpoint --image-path "$WORK/images" it
  [ "$(state_of it)" = running ]
}

@test "only what runs can be saved" {
  fails 'container does not exist' tare checkpoint --image-path "$WORK/images" it
  create_it
  fails 'container cannot be checkpointed in the created state' \
    tare checkpoint --image-path "$WORK/images" it
  tare start it
  tare kill it KILL
  wait_for status_is it stopped
  fails 'container cannot be checkpointed in the stopped state' \
    tare checkpoint --image-path "$WORK/images" it
  [ ! -e "$WORK/images" ]
}

@test "options that cannot be are refused" {
  fails 'Use --page-server ADDRESS:PORT to specify page server' tare checkpoint --page-server nowhere it
  fails 'invalid value for status-fd' tare checkpoint --status-fd x it
  fails '--empty-ns' tare checkpoint --empty-ns mount it
  fails 'Use --page-server' tare checkpoint --page-server 127.0.0.1:99999 it
  config '.process.terminal = true'
  mkdir "$WORK/images"
  fails 'console socket' tare restore -d --image-path "$WORK/images" -b "$BUNDLE" it
}
