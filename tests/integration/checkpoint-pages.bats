#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# checkpoint-pages.bats - memory that is saved before the rest, or fetched after it: where CRIU and
# the kernel know which pages change, as Debian's both do (hack/vm --qemu).  See checkpoint.bats.
# shellcheck disable=SC2030,SC2031,SC2034,SC2119,SC2120,SC2153

load helpers
load checkpoint

@test "--pre-dump and --parent-path: memory first, the rest later" {
  start_it
  attempt tare checkpoint --pre-dump --image-path "$WORK/first" it
  if [ "$status" -ne 0 ]; then
    says '--pre-dump: this CRIU or this kernel does not track which memory changes'
    fails '--parent-path: this CRIU or this kernel does not track' \
      tare checkpoint --image-path "$WORK/images" --parent-path ../first it
    [ "$(state_of it)" = running ]
    skip "$output"
  fi
  [ "$(state_of it)" = running ]
  save_it --parent-path ../first
  [ "$(readlink "$WORK/images/parent")" = ../first ]
  bring_it_back
  goes_on_from 1
}

@test "--parent-path must be relative, and there" {
  start_it
  fails '--parent-path: must be relative' tare checkpoint --image-path "$WORK/images" --parent-path /tmp it
  fails '--parent-path: ../none' tare checkpoint --image-path "$WORK/images" --parent-path ../none it
  [ "$(state_of it)" = running ]
}

@test "--lazy-pages: memory comes when it is used" {
  local saver pages

  start_it
  mkdir "$WORK/images"
  mkfifo "$WORK/fifo"
  exec 7<>"$WORK/fifo"
  tare checkpoint --lazy-pages --page-server 127.0.0.1:27277 --status-fd 7 \
    --image-path "$WORK/images" it </dev/null >"$WORK/lazy" 2>&1 3>&- &
  saver=$!
  if ! timeout 60 head -c 1 <&7 >/dev/null; then
    cat "$WORK/lazy"
    skip "$(grep 'cannot do without pages' "$WORK/lazy")"
  fi
  exec 7>&-
  timeout 60 criu lazy-pages --page-server --address 127.0.0.1 --port 27277 -D "$WORK/images" \
    -W "$WORK/images" -o lazy.log </dev/null >/dev/null 2>&1 3>&- &
  pages=$!
  wait_for test -S "$WORK/images/lazy-pages.socket"
  LIMIT=60 attempt tare restore -d --lazy-pages --image-path "$WORK/images" -b "$BUNDLE" other
  wait "$saver" || true
  wait "$pages" || true
  ! grep -q 'Lazy pages transfer FAILED' "$WORK/images/dump.log" ||
    skip "CRIU cannot transfer pages here: $(grep -m 1 'Error.*page-pipe:' "$WORK/images/dump.log")"
  [ "$status" -eq 0 ]
  [ "$(state_of other)" = running ]
  goes_on_from 1
}
