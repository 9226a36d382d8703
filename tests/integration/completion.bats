#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# completion.bats - the scripts of "tare completion" in the shells themselves.
# shellcheck disable=SC2016,SC2154
#
# bash and zsh run interactively in a terminal of their own, and keys are pressed; fish says by
# itself what it would offer.

load helpers

# What cannot be tried here costs nothing.
eval "whole_$(declare -f setup)"
setup() {
  tare_only
  only root
  whole_setup
}

teardown() {
  [ -n "${WORK:-}" ] || return 0
  remove_containers
  nothing_is_left
}

prepare() {
  mkdir "$WORK/bin" "$WORK/home" "$WORK/home/directory"
  ln -s "$TARE" "$WORK/bin/tare"
  PATH=$WORK/bin:$PATH
}

script_for() { # SHELL
  "$TARE" completion "$1" >"$WORK/script"
}

# What makes SHELL ready to complete.
preparation() { # SHELL
  case $1 in
  bash) echo "PS1='ready> '; source $WORK/script" ;;
  zsh) echo "PS1='ready> '; autoload -Uz compinit; compinit -u -D; source $WORK/script" ;;
  esac
}

# Press the keys of LINE and Tab in an interactive SHELL; the words of the line then, a bar behind
# each.
typed() { # SHELL LINE
  local options=()

  case $1 in
  bash) options=(--norc --noprofile) ;;
  zsh) options=(-f) ;;
  esac
  rm -f "$WORK/line" "$WORK/ready"
  cd "$WORK/home" || return
  (
    preparation "$1"
    echo "touch $WORK/ready"
    wait_for test -e "$WORK/ready" >/dev/null
    sleep 0.1
    printf '%s\t' "$2"
    sleep 0.3
    # To the line's beginning and end: the words become printf's.
    printf "\001printf '%%s|' \005 >%s\n" "$WORK/line"
    wait_for test -s "$WORK/line" >/dev/null
    echo exit
  ) | HOME=$WORK/home TERM=dumb timeout 30 script -qec "$1 ${options[*]} -i" /dev/null >"$WORK/screen" 2>&1
  sed 's,/|,|,' "$WORK/line" # zsh takes the slash of a directory back
}

becomes() { # SHELL LINE WORDS
  local found

  found=$(typed "$1" "$2")
  [ "$found" = "$3" ] || {
    echo "'$2' became '$found', expected '$3'"
    cat -v "$WORK/screen"
    return 1
  }
}

# The same for both.
completes() { # SHELL
  becomes "$1" 'tare stat' 'tare|state|'
  becomes "$1" 'tare --log-f' 'tare|--log-format|'
  becomes "$1" 'tare --log-format j' 'tare|--log-format|json|'
  becomes "$1" 'tare --root /x featu' 'tare|--root|/x|features|'
  becomes "$1" 'tare --debug create --console-s' 'tare|--debug|create|--console-socket|'
  becomes "$1" 'tare create --bundle direc' 'tare|create|--bundle|directory|'
  becomes "$1" 'tare list --format t' 'tare|list|--format|table|'
  becomes "$1" 'tare completion z' 'tare|completion|zsh|'
  becomes "$1" 'tare help resu' 'tare|help|resume|'
}

# Containers of the default root, as users have them.
with_container() { # SHELL
  BUNDLE=
  make_bundle
  "$TARE" create -b "$BUNDLE" some-container </dev/null >/dev/null 2>&1
  becomes "$1" 'tare start some-' 'tare|start|some-container|'
  "$TARE" delete --force some-container
  rmdir /run/tare
}

options_of_help() { # COMMAND
  "$TARE" help "$1" | grep -oE '^   --[a-z0-9-]+|, -[a-zA-Z]' | tr -d ' ,' | sort
}

@test "bash completes commands, options, values and files" {
  script_for bash
  completes bash
  becomes bash 'tare --log-format=j' 'tare|--log-format=json|'
  becomes bash 'tare --root=/x featu' 'tare|--root=/x|features|'
}

@test "bash completes containers" {
  script_for bash
  with_container bash
}

@test "bash offers each option of each command" {
  local command
  script_for bash
  for command in $("$TARE" help | awk '/^[A-Z]/ { on = $1 == "COMMANDS:" } on && /^   / { print $1 }'); do
    run bash -c 'source "$1"; COMP_WORDS=(tare "$2" -) COMP_CWORD=2; _tare; printf "%s\n" "${COMPREPLY[@]}"' - \
      "$WORK/script" "$command"
    [ "$(sort <<<"$output")" = "$(options_of_help "$command")" ]
  done
}

@test "zsh completes commands, options, values and files" {
  needs zsh
  script_for zsh
  completes zsh
}

@test "zsh completes containers" {
  needs zsh
  script_for zsh
  with_container zsh
}

@test "zsh takes the script as a file of its function path" {
  needs zsh
  script_for zsh
  mkdir "$WORK/functions"
  cp "$WORK/script" "$WORK/functions/_tare"
  run zsh -f -c 'fpath=("$1" $fpath); autoload -Uz compinit; compinit -u -D; echo $_comps[tare]; whence -w _tare' - "$WORK/functions"
  [ "${lines[0]}" = _tare ]
  [ "${lines[1]}" = '_tare: function' ]
}

# What fish offers for LINE, a line each.
offered() { # LINE
  HOME=$WORK/home fish -N -c 'source $argv[1]; complete -C $argv[2]' "$WORK/script" "$1" | cut -f 1 | sort
}

@test "fish completes commands, options, values and files" {
  needs fish
  script_for fish
  [ "$(offered 'tare sta')" = $'start\nstate' ]
  [ "$(offered 'tare --log-f')" = '--log-format' ]
  [ "$(offered 'tare --log-format ')" = $'json\ntext' ]
  [ "$(offered 'tare --debug create --console-s')" = '--console-socket' ]
  [ "$(offered 'tare completion ')" = $'bash\nfish\nzsh' ]
  [[ $(offered 'tare help r') == *resume* ]]
  cd "$WORK/home"
  [ "$(offered 'tare create --bundle direc')" = 'directory/' ]
}

@test "fish completes containers" {
  needs fish
  script_for fish
  make_bundle
  "$TARE" create -b "$BUNDLE" some-container </dev/null >/dev/null 2>&1
  [ "$(offered 'tare start some')" = some-container ]
  "$TARE" delete --force some-container
  rmdir /run/tare
}

@test "fish offers each option of each command" {
  needs fish
  local command
  script_for fish
  for command in $("$TARE" help | awk '/^[A-Z]/ { on = $1 == "COMMANDS:" } on && /^   / { print $1 }'); do
    [ "$(offered "tare $command --")" = "$(options_of_help "$command" | grep '^--')" ]
  done
}
