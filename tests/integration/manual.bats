#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# manual.bats - what stands below EXAMPLES in the man pages works as it is written there.
# shellcheck disable=SC2016,SC2154
#
# Each literal block of a page is run by bash, line by line: what stands behind a prompt is a
# command, which must succeed; what stands below it is what it prints.

load helpers

MAN=$STAGE/man

# What cannot be tried here costs nothing.
eval "whole_$(declare -f setup)"
setup() {
  tare_only
  only root
  whole_setup
}

prepare() {
  mkdir "$WORK/bin" "$WORK/here"
  ln -s "$TARE" "$WORK/bin/tare"
  PATH=$WORK/bin:$PATH
  mount -t tmpfs tmpfs /srv
  make_bundle
  mv "$BUNDLE" /srv/demo
  BUNDLE=/srv/demo
  cd "$WORK/here" || return
  ln -s /srv/demo bundle
}

teardown() {
  local id

  [ -n "${WORK:-}" ] || return 0
  for id in $("$TARE" list -q 2>/dev/null); do
    "$TARE" delete --force "$id"
  done
  rm -rf /run/tare /run/demo*.pid /run/criu.kdat
  umount /srv
  nothing_is_left
}

# The block's lines, as bash commands that stop at the first one that does not do as it should.
script_of() { # BLOCK FILE
  awk -v work="$WORK" '
    function quoted(text) { gsub(/\047/, "\047\\\047\047", text); return "\047" text "\047" }
    function finish() {
      if (command == "")
        return
      count++
      # A terminal stays one for what runs in it.
      redirection = command ~ /^tare run/ ? "" : " </dev/null >" work "/out 2>&1"
      print "echo \047+ \047" quoted(command)
      print "{ " command "\n}" redirection "\nstatus=$?"
      print "[ $status -eq $(wanted_status " quoted(command) ") ] || { cat " work "/out; exit 1; }"
      if (expected != "")
        print "diff -u <(printf %s " quoted(expected) ") " work "/out || exit 1"
      command = expected = ""
    }
    /^[#$] / { finish(); command = substr($0, 3); next }
    command ~ /<<\.$/ { heredoc = 1 }
    heredoc { command = command "\n" $0; heredoc = $0 != "."; next }
    command ~ /[|\\]$/ { command = command "\n" $0; next }
    { expected = expected $0 "\n" }
    END { finish(); if (!count) exit 1 }' "$1" >"$2.commands" || return
  { # script(1) may go through a shell that drops functions from the environment
    declare -f wanted_status
    cat "$2.commands"
  } >"$2"
}

# Commands that fail where the page says so, or the host cannot do it.
wanted_status() { # COMMAND
  case $1 in
  'tare check') echo 1 ;; # it has something to find
  'tare update --cpu-quota'*)
    grep -qw memory "$CGROUPS/cgroup.controllers" && echo 0 || echo 1
    ;;
  *) echo 0 ;;
  esac
}

# Files $WORK/block.1... with the literal blocks below EXAMPLES.
blocks_of() { # PAGE
  awk -v work="$WORK" '
    /^\.Sh / { on = $2 == "EXAMPLES"; next }
    on && /^\.Bd -literal/ { file = work "/block." ++count; next }
    /^\.Ed/ { if (file) close(file); file = ""; next }
    file { gsub(/\\e/, "\\"); gsub(/\\&/, ""); print >file }
    END { exit !count }' "$MAN/$1.8"
}

run_block() { # BLOCK
  export CGROUPS
  if grep -q 'tare run' "$1"; then
    (sleep 1.5; echo exit) | TERM=dumb timeout 30 script -qec "bash $WORK/script" /dev/null
  else
    timeout 60 bash "$WORK/script"
  fi
}

# What a page's examples start from comes before: a function of its own.
examples_of() { # PAGE [SETUP]
  local block

  blocks_of "$1"
  for block in "$WORK"/block.*; do
    ${2:-nothing_first}
    if [[ $(head -c 1 "$block") == '{' ]]; then # a piece of configuration
      jq -e . "$block" >/dev/null
      continue
    fi
    script_of "$block" "$WORK/script"
    run_block "$block" || {
      cat "$block"
      return 1
    }
  done
}

nothing_first() {
  :
}

# The containers that pages speak of, each block anew.
running_containers() {
  local id

  jq '.process.args = ["sleep", "1000"] | .root.readonly = false' "$STAGE/tmp/template/good.json" >/srv/demo/config.json
  for id in demo c1; do
    "$TARE" delete --force $id
    "$TARE" run --detach --bundle /srv/demo $id </dev/null >/dev/null 2>&1
  done
}

paused_container() {
  running_containers
  "$TARE" pause c1
}

no_config() {
  rm -f /srv/demo/config.json
}

@test "tare: its examples" {
  examples_of tare no_config
}

@test "tare-check: its examples" {
  mistake() {
    rm -f config.json
    tare spec
    sed -i 's|"cwd": "/"|"cwd": "x"|' config.json
    [ -d rootfs ] || cp -dR /srv/demo/rootfs rootfs
    [ -d /srv/web ] || cp -r /srv/demo /srv/web
  }
  examples_of tare-check mistake
}

@test "tare-completion: its examples" {
  elsewhere() {
    mkdir -p /usr/share/bash-completion/completions /usr/share/zsh/vendor-completions /usr/share/fish/vendor_completions.d
  }
  mount -t tmpfs tmpfs /usr/share
  examples_of tare-completion elsewhere
  [ -s /usr/share/zsh/vendor-completions/_tare ]
  umount /usr/share
}

needs_criu() {
  local reason

  PATH=${TARE_CRIU:+$TARE_CRIU:}$PATH:/usr/sbin:/sbin
  reason=$(why_no_criu)
  [ -z "$reason" ] || skip "$reason"
}

@test "tare-checkpoint: its examples" {
  needs_criu
  examples_of tare-checkpoint running_containers
}

@test "tare-restore: its examples" {
  needs_criu
  saved_container() {
    running_containers
    "$TARE" checkpoint --image-path /srv/images demo
    cp -dR /srv/demo /srv/one
    cp -dR /srv/demo /srv/two
  }
  examples_of tare-restore saved_container
}

@test "tare-create: its examples" {
  examples_of tare-create
}

@test "tare-delete: its examples" {
  examples_of tare-delete running_containers
}

@test "tare-events: its examples" {
  examples_of tare-events running_containers
}

@test "tare-exec: its examples" {
  examples_of tare-exec running_containers
}

@test "tare-features: its examples" {
  examples_of tare-features
}

@test "tare-help: its examples" {
  examples_of tare-help
}

@test "tare-kill: its examples" {
  examples_of tare-kill running_containers
}

@test "tare-list: its examples" {
  examples_of tare-list running_containers
}

@test "tare-mounts: its examples" {
  examples_of tare-mounts running_containers
}

@test "tare-pause: its examples" {
  examples_of tare-pause running_containers
}

@test "tare-ps: its examples" {
  examples_of tare-ps running_containers
}

@test "tare-resume: its examples" {
  examples_of tare-resume paused_container
}

@test "tare-run: its examples" {
  examples_of tare-run no_config
}

@test "tare-spec: its examples" {
  examples_of tare-spec
}

@test "tare-start: its examples" {
  examples_of tare-start
}

@test "tare-state: its examples" {
  examples_of tare-state running_containers
}

@test "tare-update: its examples" {
  examples_of tare-update running_containers
}

@test "every page has examples, and a test of them" {
  local page

  for page in "$MAN"/*.8; do
    page=${page##*/}
    grep -q '^\.Sh EXAMPLES' "$MAN/$page"
    [ "$page" != containerd-shim-tare-v2.8 ] || continue # tests/shim has a containerd
    grep -qE "^ +examples_of ${page%.8}( |$)" "$BATS_TEST_FILENAME" || {
      echo "$page has no test"
      return 1
    }
  done
}

@test "no page has anything for mandoc to complain about" {
  needs mandoc
  mandoc -Tlint -Wwarning "$MAN"/*.8
  mandoc -Tutf8 "$MAN/tare-run.8" | sed 's/.\x08//g' | grep -q '^EXIT STATUS'
}
