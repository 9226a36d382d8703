#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# check.bats - all that is wrong with a bundle at once, for whoever asks, and nothing made.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154

load helpers

prepare() {
  tare_only
  make_bundle
}

check_it() { # [OPTION...]
  run --separate-stderr tare check -b "$BUNDLE" "$@"
}

# The lines of what was found, without what the specification says.
findings() {
  printf '%s\n' "${lines[@]%% \[config*}"
}

finds() { # LINE...
  local line

  for line; do
    grep -qxF -- "$line" <(findings) || {
      echo "expected '$line' in:"
      findings
      return 1
    }
  done
}

# A document with a mistake in each of twelve lines; only what stands there is read.
plant_twelve() {
  cat >"$BUNDLE/config.json" <<'END'
{
  "ociVersion": "1.2.0",
  "process": {
    "user": { "uid": -1, "gid": 0 },
    "args": [],
    "env": [ "PATH=/bin", "HOME" ],
    "cwd": "tmp",
    "rlimits": [ { "type": "RLIMIT_CORE", "soft": 2, "hard": 1 } ],
    "oomScoreAdj": 5000
  },
  "root": { "path": 7 },
  "mounts": [
    { "destination": "/proc", "type": "proc", "source": "proc" },
    { "destination": "/proc/sys", "type": "tmpfs" },
    { "destination": "/tmp", "source": "/tmp", "options": [ "bind" ] }
  ],
  "linux": {
    "namespaces": [ { "type": "mount" }, { "type": "pid" }, { "type": "pid" } ],
    "maskedPaths": [ "/proc/kcore", "sys" ],
    "sysctl": { "kernel.nosuch": "1" },
    "seccomp": { "defaultAction": "SCMP_ACT_NONE" }
  }
}
END
}

@test "twelve mistakes are found at once, each at its place" {
  plant_twelve
  check_it
  [ "$status" -eq 1 ]
  [ -z "$stderr" ]
  finds 'config.json:4:22: error: process.user.uid: -1 is out of range' \
    'config.json:5:13: error: process.args: args must not be empty' \
    "config.json:6:27: error: process.env[1]: invalid environment variable: missing '='" \
    'config.json:7:12: error: process.cwd: "tmp" is not absolute' \
    'config.json:8:51: error: process.rlimits[0].soft: 2 is more than the hard limit' \
    'config.json:9:20: error: process.oomScoreAdj: 5000 is not from -1000 to 1000' \
    'config.json:11:21: error: root.path: did not expect a number here' \
    'config.json:14:22: error: mounts[1].destination: "/proc/sys" cannot be mounted because it is inside /proc' \
    'config.json:18:71: error: linux.namespaces[2].type: duplicated namespace "pid"' \
    'config.json:19:37: error: linux.maskedPaths[1]: "sys" is not absolute' \
    'config.json:20:34: error: linux.sysctl["kernel.nosuch"]: sysctl "kernel.nosuch" is not in a separate kernel namespace' \
    'config.json:21:35: error: linux.seccomp.defaultAction: unknown value "SCMP_ACT_NONE"'
  [ "$(grep -c ': error: ' <<<"$output")" -eq 12 ]
  [[ ${lines[-1]} == '12 errors'* ]]
}

@test "the same twelve as JSON, in the order of the document" {
  plant_twelve
  check_it --format json
  [ "$status" -eq 1 ]
  [ "${#lines[@]}" -eq 1 ]
  [ "$(jq -r .counts.error <<<"$output")" -eq 12 ]
  [ "$(jq -r .bundle <<<"$output")" = "$BUNDLE" ]
  [ "$(jq -r .config <<<"$output")" = "$BUNDLE/config.json" ]
  [ "$(jq -r .ociVersion <<<"$output")" = 1.2.0 ]
  [ "$(jq -r '[.problems[] | select(.severity == "error").line] | @text' <<<"$output")" = \
    '[4,5,6,7,8,9,11,14,18,19,20,21]' ]
  [ "$(jq -r '.problems[] | select(.path == "process.cwd") | .message, .column, .section, .rule' \
    <<<"$output")" = '"tmp" is not absolute
12
config.md, Process
the working directory: an absolute path' ]
}

@test "create says the first of them in the same words" {
  plant_twelve
  run --separate-stderr tare create -b "$BUNDLE" it
  [ "$status" -eq 1 ]
  [ "$stderr" = 'config.json:4:22: process.user.uid: -1 is out of range' ]
}

@test "a good bundle has nothing to find" {
  check_it
  [ "$status" -eq 0 ]
  ! grep -q ": error: " <<<"$output" || return 1
  [ -z "$stderr" ]
  check_it --format json
  [ "$status" -eq 0 ]
  [ "$(jq -r .counts.error <<<"$output")" -eq 0 ]
}

@test "what spec writes is good" {
  rm "$BUNDLE/config.json"
  case $MODE in
  root) tare spec -b "$BUNDLE" ;;
  *) tare spec --rootless -b "$BUNDLE" ;;
  esac
  check_it --strict
  [ "$status" -eq 0 ]
  [ -z "$output" ]
}

@test "warnings and what the host lacks fail only when asked to" {
  config '.hostnmae = "x" | .hooks.poststart = [{path: "/no/such/hook"}]'
  check_it
  [ "$status" -eq 0 ]
  says 'warning: hostnmae: unknown member, ignored (is "hostname" meant?)'
  says 'host: hooks.poststart[0].path: exec /no/such/hook: no such file or directory'
  check_it --strict
  [ "$status" -eq 1 ]
}

@test "nothing is made" {
  local before

  before=$(find "$BUNDLE" "$STATE" -printf '%p %T@\n' | sort)
  check_it
  [ "$(find "$BUNDLE" "$STATE" -printf '%p %T@\n' | sort)" = "$before" ]
}

@test "files that are not there are found" {
  command_is /bin/nosuch
  add_mount /srv none /no/such/source bind
  config '.hooks.prestart = [{path: "/etc"}] | .hooks.startContainer = [{path: "/bin/none"}]'
  check_it
  [ "$status" -eq 0 ] # the mount could bring the programs
  says 'host: mounts['
  says '.source: open /no/such/source: no such file or directory'
  says 'host: hooks.prestart[0].path: exec /etc: permission denied'
  config 'del(.mounts[-1])'
  check_it
  [ "$status" -eq 1 ]
  says 'error: process.args[0]: exec: "/bin/nosuch": stat /bin/nosuch: no such file or directory'
  says 'error: hooks.startContainer[0].path: exec: "/bin/none": stat /bin/none: no such file or directory'
}

@test "a program is looked for in the root file system alone" {
  ln -s /bin/true "$BUNDLE/rootfs/bin/inside"
  ln -s "$BUNDLE/rootfs/bin/true" "$BUNDLE/rootfs/bin/outside"
  command_is inside
  check_it
  [ "$status" -eq 0 ]
  command_is outside
  check_it
  [ "$status" -eq 1 ]
  says 'exec: "outside": executable file not found in $PATH'
}

@test "a root file system or a bundle that is not there" {
  mv "$BUNDLE/rootfs" "$BUNDLE/other"
  check_it
  [ "$status" -eq 1 ]
  says 'error: root.path: open '
  rm "$BUNDLE/config.json"
  check_it
  [ "$status" -eq 1 ]
  says 'config.json: no such file or directory'
  run --separate-stderr tare check -b /no/such/bundle --format json
  [ "$status" -eq 1 ]
  [ "$(jq -r .counts.error <<<"$output")" -eq 1 ]
  [ "$(jq -r '.problems[0].path' <<<"$output")" = '' ]
}

@test "a namespace that is none is found" {
  touch "$BUNDLE/ns"
  join_namespace ipc "$BUNDLE/ns"
  check_it
  says 'ns is not a namespace'
}

@test "a seccomp agent that nobody is" {
  config '.linux.seccomp = {defaultAction: "SCMP_ACT_NOTIFY", listenerPath: ($w + "/agent")}' --arg w "$WORK"
  check_it
  says 'linux.seccomp.listenerPath: failed to connect with seccomp agent'
}

@test "no JSON ends the search behind what was found" {
  printf '{"ociVersion": 1,\n "hostname": 2,,}' >"$BUNDLE/config.json"
  check_it
  [ "$status" -eq 1 ]
  finds 'config.json:1:16: error: ociVersion: did not expect a number here' \
    'config.json:2:14: error: hostname: did not expect a number here'
  says 'config.json:2:16: error: not JSON'
  [ "${lines[-1]}" = '3 errors' ]
}

@test "calls that are wrong end with 2" {
  run tare check --nosuch
  [ "$status" -eq 2 ]
  run tare check too many
  [ "$status" -eq 2 ]
  run tare check --format xml
  [ "$status" -eq 2 ]
}
