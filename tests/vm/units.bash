# SPDX-License-Identifier: GPL-2.0-or-later
# units - the host's own systemd as first process of hack/vm's guest, with units of ours only.
# shellcheck shell=bash
#
# Of the host come the programs and those units that systemd and D-Bus themselves are made of;
# nothing that the host's administrator or its packages have enabled.

UNITS=/usr/lib/systemd/system
USER_UNITS=/usr/lib/systemd/user

# Directories of the host, each covered by what is at its place in $STATE/units.
cover() { # DIRECTORY
  mkdir -p "$STATE/units$1"
  [ ! -d "$1" ] || mount --bind "$STATE/units$1" "$1" || give_up "cannot cover $1"
}

# FILE's lines come from stdin, whatever the host has there.
replace() { # FILE
  mkdir -p "$STATE/units${1%/*}"
  cat >"$STATE/units$1"
}

keep() { # DIRECTORY PATTERN...
  local pattern

  mkdir -p "$STATE/units$1"
  for pattern in "${@:2}"; do
    # shellcheck disable=SC2086 # a pattern
    cp -a "$1"/$pattern "$STATE/units$1/" 2>/dev/null
  done
}

system_units() {
  keep "$UNITS" '*.target' '*.slice' 'user-.slice.d' 'dbus.s*'
  rm -f "$STATE/units$UNITS/default.target"
  replace "$UNITS/default.target" <<'END'
[Unit]
Description=hack/vm: all that there is
Requires=tare-vm.service
Wants=dbus.service user@1000.service
AllowIsolate=yes
END
  replace "$UNITS/tare-vm.service" <<END
[Unit]
Description=hack/vm: serve
After=dbus.service user@1000.service

[Service]
Type=exec
Delegate=yes
StandardOutput=null
StandardError=null
ExecStart=/bin/bash $STATE/work/session command
END
}

# As a login manager starts it, but for PAM.
user_service() {
  replace "$UNITS/user@.service" <<'END'
[Unit]
Description=User Manager for UID %i
After=dbus.service

[Service]
User=%i
Type=notify
Slice=user-%i.slice
Delegate=cpu io memory pids
KillMode=mixed
TasksMax=infinity
OOMScoreAdjust=100
Environment=XDG_RUNTIME_DIR=/run/user/%i DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/%i/bus
ExecStartPre=+/usr/bin/install -d -m 700 -o %i -g %i /run/user/%i
ExecStart=/usr/lib/systemd/systemd --user
END
  keep "$USER_UNITS" '*.target' '*.slice' 'dbus.s*' systemd-exit.service
  replace "$USER_UNITS/default.target" <<'END'
[Unit]
Description=hack/vm: a session
Requires=basic.target dbus.socket
After=basic.target dbus.socket
AllowIsolate=yes
END
}

# No log: what units say is thrown away, what systemd says comes to the console.
configuration() {
  local manager

  for manager in system user; do
    replace "/etc/systemd/$manager.conf" <<'END'
[Manager]
LogColor=no
LogTarget=console
LogLevel=warning
ShowStatus=no
DefaultStandardOutput=null
DefaultTimeoutStartSec=30s
DefaultTimeoutStopSec=10s
END
  done
}

# Accounts are the host's, and "user" (uid 1000) with subordinate ids.
add_user() {
  local file

  for file in passwd group subuid subgid; do
    grep -v -e '^user:' -e '^[^:]*:[^:]*:1000:' "/etc/$file" >"$STATE/$file"
  done
  mkdir -p "$STATE/user" && chown 1000:1000 "$STATE/user"
  echo "user:x:1000:1000::$STATE/user:/bin/sh" >>"$STATE/passwd"
  echo 'user:x:1000:' >>"$STATE/group"
  echo 'user:700000000:65536' | tee -a "$STATE/subuid" >>"$STATE/subgid"
  for file in passwd group subuid subgid; do
    mount --bind "$STATE/$file" "/etc/$file" || give_up "cannot write /etc/$file"
  done
}

become_systemd() {
  local directory

  system_units
  user_service
  configuration
  add_user
  for directory in /usr/lib/systemd/system-generators /usr/lib/systemd/user-generators \
    /usr/lib/systemd/user-environment-generators /usr/lib/systemd/system-environment-generators \
    "$UNITS" "$USER_UNITS" /etc/systemd /etc/xdg/systemd; do
    cover "$directory"
  done
  cd /
  exec env -i PATH="$PATH" container= /usr/lib/systemd/systemd </dev/null >/dev/console 2>&1
}
