# SPDX-License-Identifier: GPL-2.0-or-later
# common - what both kinds of hack/vm's guest do: show files of the host, run one command, go.
# shellcheck shell=bash
#
# A directory of the host, mounted at $STATE/work, is there for the guest and hack/vm:
#   command      words to run, each ended by NUL; none: a shell on the console
#   environment  NAME=VALUE, likewise
#   directory    where to run it
#   visible      directories of the host that are shown where they are not seen anyway
#   writable     the same, and may be written
#   systemd      (if it is there) the host's own systemd is the first process
#   merged       (if it is there) stdout and stderr are the same
#   size         of the terminal, for a shell: words for stty(1)
#   status       (written here) exit status of the command

STATE=/run/tare-vm # ours, in the guest
OUT=/dev/ttyS0
ERR=/dev/ttyS1

say() {
  echo "tare-vm: $*" >/dev/console
}

# The last words are for whoever is told that there is no status.
power_off() {
  sync
  umount "$STATE/work" 2>/dev/null
  echo o >/proc/sysrq-trigger
  sleep 60
}

give_up() { # MESSAGE
  say "$1"
  power_off
}

# QEMU's file systems have no paths but tags: "root", "work" and "writable" with a number.
is_qemu() {
  [ "$(findmnt -n -o FSTYPE -M /)" = 9p ]
}

# A hostfs of its own; the one at / is read-only.
from_host() { # ro|rw DIRECTORY PLACE
  mkdir -p "$3" 2>/dev/null
  if ! is_qemu; then
    mount -t hostfs -o "$1,$2" none "$3"
  elif [ "$1" = ro ]; then
    mount --bind "$(host_root)$2" "$3"
  else
    mount -t 9p -o rw,trans=virtio,version=9p2000.L,msize=262144 "$(tag_of "$2")" "$3"
  fi || give_up "cannot show $2 of the host"
}

# All of the host's files, also those that are covered by now.
host_root() {
  if ! mountpoint -q "$STATE/host"; then
    mkdir -p "$STATE/host"
    mount --bind / "$STATE/host"
  fi
  echo "$STATE/host"
}

tag_of() { # DIRECTORY
  if [ "$1" = "${VM_WORK:-}" ]; then
    echo work
  else
    grep -nxF -m 1 -e "$1" "$STATE/work/writable" | awk -F: '{ print "writable" $1 - 1 }'
  fi
}

host_directories() {
  local directory

  while read -r directory; do
    [ -e "$directory" ] || from_host ro "$directory" "$directory"
  done <"$STATE/work/visible"
  while read -r directory; do
    from_host rw "$directory" "$directory"
  done <"$STATE/work/writable"
}

environment() {
  local -a words

  mapfile -d '' words <"$STATE/work/environment"
  unset VM_WORK VM_INIT VM_MODULES uml_dir mem rootfstype rootflags
  export HOME=$STATE/home USER=root LOGNAME=root SHELL=/bin/bash IN_TARE_VM=1 "${words[@]}"
}

# End whatever still holds the command's output, but for who passes it on: it would keep us.
release() { # PIPE PID...
  local file process

  while read -r file; do
    process=${file#/proc/}
    process=${process%%/*}
    [[ " $$ ${*:2} " == *" $process "* ]] || kill -KILL "$process" 2>/dev/null
  done < <(find /proc/[0-9]*/fd -lname "$1" 2>/dev/null)
}

# What the command says goes through pipes: programs that look should not find a terminal.
with_pipes() { # WORDS...
  local status=0 cats=() pipes

  stty -F "$OUT" raw -echo
  exec 3> >(exec cat >"$OUT")
  cats+=($!)
  if [ -e "$STATE/work/merged" ]; then
    exec 4>&3
  else
    stty -F "$ERR" raw -echo
    exec 4> >(exec cat >"$ERR" 3>&-)
    cats+=($!)
  fi
  mapfile -t pipes < <(readlink /proc/$$/fd/3 /proc/$$/fd/4 | sed 's/[][]/\\&/g')
  setsid "$@" </dev/null >&3 2>&4 3>&- 4>&- &
  wait $! || status=$?
  exec 3>&- 4>&-
  release "${pipes[0]}" "${cats[@]}"
  release "${pipes[1]}" "${cats[@]}"
  wait "${cats[@]}"
  stty -F "$OUT" drain >/dev/null
  [ -e "$STATE/work/merged" ] || stty -F "$ERR" drain >/dev/null
  echo "$status" >"$STATE/work/status"
}

# A shell with job control on the console.
prompt() { # WORDS...
  local status=0 terminal=/dev/tty0

  ! is_qemu || terminal=$OUT
  # shellcheck disable=SC2046 # rows and columns
  stty -F "$terminal" sane $(cat "$STATE/work/size")
  setsid --ctty --wait "$@" <>"$terminal" >&0 2>&0 || status=$?
  echo "$status" >"$STATE/work/status"
}

serve() {
  local -a words

  mapfile -d '' words <"$STATE/work/command"
  environment
  cd "$(cat "$STATE/work/directory")" 2>/dev/null || cd /
  umask 022
  if [ ${#words[@]} -gt 0 ]; then
    with_pipes "${words[@]}"
  else
    prompt bash -i
  fi
  cd /
  power_off
}
