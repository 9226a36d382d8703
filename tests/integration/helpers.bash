# SPDX-License-Identifier: GPL-2.0-or-later
# helpers.bash - bundles, calls of the runtime, and the check that nothing is left behind.
# shellcheck shell=bash disable=SC2016,SC2034,SC2119,SC2120

bats_require_minimum_version 1.5.0

: "${STAGE:?these tests run through tests/integration/run}"
PATH=$PATH:/usr/sbin:/sbin
CGROUPS=/sys/fs/cgroup
: "${LAYOUT:=v2}"
[ "$LAYOUT" != hybrid ] || CGROUPS=/sys/fs/cgroup/unified

# ---- calls ----

# No call may take longer than this.  What makes a container is told who makes its cgroup; what
# comes later has to know.
tare() {
  local driver=()

  [[ $LAYOUT:$1 != systemd:@(create|run) ]] || driver=(--systemd-cgroup)
  timeout --foreground -k 5 "${LIMIT:-30}" "$TARE" --root "$STATE" "${driver[@]}" "$@"
}

# stdio away from bats: for what outlives the call (a container holds it open).
tare_quietly() {
  tare "$@" </dev/null >"$WORK/out" 2>"$WORK/err"
}

# As bats' own `run`, for calls whose container goes on.
attempt() {
  status=0
  "$@" </dev/null >"$WORK/attempt" 2>&1 || status=$?
  output=$(cat "$WORK/attempt")
}

# It must fail with a text: fails TEXT COMMAND...
fails() {
  local text=$1

  shift
  attempt "$@"
  [ "$status" -ne 0 ]
  says "$text"
}

is_tare() {
  [[ $TARE_NAME == tare* ]]
}

# What another runtime answers in its own words or not at all.
tare_only() {
  is_tare || skip "not $TARE_NAME's"
}

# Modes in which the test has a meaning: only root, not plain ...
only() { # MODE...
  [[ " $* " == *" $MODE "* ]] || skip "not in mode $MODE"
}

not_in() { # MODE...
  [[ " $* " != *" $MODE "* ]] || skip "not in mode $MODE"
}

needs() { # PROGRAM...
  local program

  for program in "$@"; do
    command -v "$program" >/dev/null || skip "$program is not installed"
  done
}

needs_cgroup() {
  [ "$LAYOUT" = systemd ] || [ -w "$CGROUPS" ] || skip "no cgroup may be made"
}

# Limits are root's to set, or those of a user whose session has the controllers.
may_limit() {
  [ "$LAYOUT:$MODE" = systemd:rootless ] || only root
}

# Paths of cgroups as config.json has them for the files of cgroup2, not for systemd.
by_path() {
  [ "$LAYOUT" != systemd ] || skip "systemd says where a cgroup is"
}

# A file of cgroups that not all kernels have.
needs_file() { # NAME
  find "$CGROUPS" -mindepth 2 -maxdepth 3 -name "$1" | grep -q . || skip "a kernel without $1"
}

needs_systemd() {
  [ "$LAYOUT" = systemd ] || skip "no systemd to make cgroups"
}

# A limit the machine has: containers of an ordinary user see less of it.
has_user_ids() { # at least this many
  [ "$MODE" != plain ] || [ "$1" -le 1 ]
}

# CRIU as hack/criu found it, for a setup_file: WHY_NOT is empty where it works.
find_criu() {
  PATH=${TARE_CRIU:+$TARE_CRIU:}$PATH:/usr/sbin:/sbin
  WHY_NOT=$(why_no_criu)
  export PATH WHY_NOT
}

# Nothing where CRIU works.
why_no_criu() {
  local said

  if [ "$MODE" != root ]; then
    echo "CRIU needs root"
  elif ! command -v criu >/dev/null; then
    echo "criu is not installed"
  elif ! said=$(timeout 60 criu check 2>&1); then
    echo "criu check: $(grep -m 1 Error <<<"$said" || tail -n 1 <<<"$said")"
  fi
}

# ---- bundles ----

make_bundle() { # [NAME]
  BUNDLE=$WORK/${1:-bundle}
  mkdir "$BUNDLE"
  cp -dR "$STAGE/rootfs" "$BUNDLE/rootfs"
  cp "$TMPDIR/template/good.json" "$BUNDLE/config.json"
}

# Change config.json: config FILTER [JQ OPTIONS...]
config() {
  local filter=$1

  shift
  jq -c "$filter" "$@" <"$BUNDLE/config.json" >"$BUNDLE/config.new" || return 1
  mv "$BUNDLE/config.new" "$BUNDLE/config.json"
}

# The command of the container, as words.
command_is() {
  config '.process.args = $words' --argjson words "$(json_words "$@")"
}

# Words as a JSON array of strings, whatever is in them.
json_words() {
  local word words=

  for word; do
    word=${word//\\/\\\\}
    word=${word//\"/\\\"}
    word=${word//$'\n'/\\n}
    words+=",\"${word//$'\t'/\\t}\""
  done
  printf '[%s]' "${words#,}"
}

# Let the ids of a user namespace reach the root file system, and give it to one of them.
give_rootfs_to() { # UID
  chown -R "$1:$1" "$BUNDLE/rootfs"
  chmod a+rx "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR/test" "$BATS_TEST_TMPDIR" "$WORK" "$BUNDLE"
}

shell_is() { # SCRIPT
  command_is /bin/sh -c "$1"
}

add_mount() { # DESTINATION TYPE SOURCE [OPTION...]
  local destination=$1 type=$2 source=$3

  shift 3
  config '.mounts += [{destination: $d, type: $t, source: $s, options: $o}]' \
    --arg d "$destination" --arg t "$type" --arg s "$source" --argjson o "$(json_words "$@")"
}

add_hook() { # KIND SCRIPT: sh of the host, or for startContainer of the container
  config '.hooks[$kind] += [{path: "/bin/sh", args: ["sh", "-c", $script]}]' \
    --arg kind "$1" --arg script "$2"
}

no_namespace() { # TYPE
  config 'del(.linux.namespaces[] | select(.type == $t))' --arg t "$1"
}

join_namespace() { # TYPE PATH
  no_namespace "$1"
  config '.linux.namespaces += [{type: $t, path: $p}]' --arg t "$1" --arg p "$2"
}

# Run the bundle in the foreground under the id "it"; output in $output and $lines.
run_it() { # [OPTION...]
  run tare run -b "$BUNDLE" "$@" it
}

# The same, and it must succeed.
run_well() { # [OPTION...]
  run_it "$@"
  [ "$status" -eq 0 ] || {
    echo "run failed with $status: $output"
    return 1
  }
}

# It must fail with a text: refused TEXT [OPTION...]
refused() {
  local text=$1

  shift
  run_it "$@"
  [ "$status" -ne 0 ] || {
    echo "it ran, though '$text' was expected"
    return 1
  }
  says "$text"
}

# Quotes within a log line are escaped: compared without.
says() { # TEXT
  [[ ${output//\\\"/\"} == *"$1"* ]] || {
    echo "expected '$1' in: $output"
    return 1
  }
}

says_not() { # TEXT
  [[ $output != *"$1"* ]] || {
    echo "did not expect '$1' in: $output"
    return 1
  }
}

says_like() { # REGEX
  [[ ${output//\\\"/\"} =~ $1 ]] || {
    echo "expected /$1/ in: $output"
    return 1
  }
}

create_it() { # [OPTION...]
  tare_quietly create -b "$BUNDLE" "$@" it || {
    echo "create failed: $(cat "$WORK/err")"
    return 1
  }
}

state_of() { # ID
  tare state "$1" | jq -r .status
}

pid_of() { # ID
  tare state "$1" | jq -r .pid
}

# ---- waiting ----

# Until COMMAND succeeds, at most 10 s.
wait_for() {
  local tries

  for ((tries = 0; tries < 200; tries++)); do
    "$@" && return 0
    sleep 0.05
  done
  echo "waited in vain for: $*"
  return 1
}

status_is() { # ID STATUS
  [ "$(state_of "$1")" = "$2" ]
}

# ---- limits: of the container "it", whose cgroup is at $DIRECTORY ----

needs_controller() { # NAME
  grep -qw "$1" "$CGROUPS/cgroup.controllers" || skip "no controller $1 in this tree"
}

holds() { # FILE TEXT
  [ "$(cat "$DIRECTORY/$1")" = "$2" ] || {
    echo "$1 is '$(cat "$DIRECTORY/$1")', not '$2'"
    return 1
  }
}

# It must work, and say nothing.
update() { # OPTION...
  run tare update "$@" it
  [ "$status:$output" = 0: ] || {
    echo "update $*: $status $output"
    return 1
  }
}

update_by() { # JSON
  run tare update --resources - it <<<"$1"
  [ "$status:$output" = 0: ] || {
    echo "update by $1: $status $output"
    return 1
  }
}

# The whole disk that DIRECTORY is on, as MAJOR and MINOR.
disk_of() { # DIRECTORY
  local number

  number=$(findmnt -n -o MAJ:MIN -T "$1" | tail -n 1 | tr -d ' ')
  [ -e "/sys/dev/block/$number" ] || skip 'the bundle is not on a disk'
  [ ! -e "/sys/dev/block/$number/partition" ] || number=$(cat "/sys/dev/block/$number/../dev")
  MAJOR=${number%:*} MINOR=${number#*:}
}

# ---- somebody who hangs ----

# A process of the cgroup at DIRECTORY that waits for a file system that nobody serves: before that
# has said what it is, it cannot be frozen; later, when its request was taken, it cannot be killed.
# Its pid is HANGS.
hang_in() { # DIRECTORY [unkillable]
  [ -c /dev/fuse ] || skip 'no fuse'
  exec 7<>/dev/fuse || skip 'no fuse'
  mkdir "$WORK/hangs"
  mount -i -t fuse -o fd=7,rootmode=40000,user_id=0,group_id=0 hangs "$WORK/hangs"
  [ "${2:-}" != unkillable ] || answer_init
  # Before it hangs it can be frozen, and must not hold the other end then.
  bash -c 'echo $$ >"$1/cgroup.procs"; exec stat "$2/x"' - "$1" "$WORK/hangs" 3>&- 7>&- &
  HANGS=$!
  if [ "${2:-}" = unkillable ]; then
    take_request >/dev/null
  else
    wait_for is_hanging "$HANGS"
  fi
}

# In what it came for, not on the way there; twice, as that may take a moment, too.
is_hanging() { # PID
  local _

  for _ in 1 2; do
    grep -q '^Name:.stat$' "/proc/$1/status" && grep -q '^State:.D' "/proc/$1/status" || return
    sleep 0.1
  done
}

# One request of the kernel's to a file system, as bytes in decimal.
take_request() {
  timeout 10 dd bs=131072 count=1 status=none <&7 | od -An -v -t u1 -w131072
}

# FUSE_INIT: a header of 16 bytes with the request's number, and 64 that say version 7.31.
answer_init() {
  local -a request
  local number

  read -r -a request < <(take_request)
  printf -v number '\\x%02x' "${request[@]:8:8}"
  printf "%b$(printf '\\0%.0s' {1..56})" "\\x50\\0\\0\\0\\0\\0\\0\\0$number\\x07\\0\\0\\0\\x1f\\0\\0\\0" |
    dd bs=80 iflag=fullblock count=1 status=none >&7
}

release_hanging() {
  exec 7>&-
  umount -l "$WORK/hangs"
  wait "$HANGS" || true
  rmdir "$WORK/hangs"
}

# ---- what is left ----

# By one program: by this shell's own means it takes most of a test's time.
everything() {
  local words=(not "$STAGE" not /run/systemd cgroups "$CGROUPS" state "$STATE" names "$STAGE/tmp"
    files /tmp files /run files /dev/shm files /var/tmp)

  if [ "$LAYOUT" = systemd ]; then
    "$STAGE/bin/snapshot" machine / "${words[@]}" >"$WORK.all" # no process beside it
    scopes >>"$WORK.all"
    LC_ALL=C sort "$WORK.all"
  else
    "$STAGE/bin/snapshot" "${words[@]}"
  fi
}

# systemd's, and those of a user's own.
manager() { # ARGUMENTS...
  local user=()

  [ "$MODE" = root ] || user=(--user)
  timeout 20 systemctl "${user[@]}" --no-pager "$@"
}

scopes() {
  manager list-units --all --plain --no-legend --type=scope,timer
}

# Fails when there is more than before the test.
nothing_is_left() {
  local tries

  for ((tries = 0; tries < 60; tries++)); do
    everything >"$WORK.after"
    LC_ALL=C comm -13 "$WORK.before" "$WORK.after" >"$WORK.left"
    [ -s "$WORK.left" ] || return 0
    sleep 0.05
  done
  echo "left behind:"
  cat "$WORK.left"
  return 1
}

remove_containers() {
  local id

  for id in "$STATE"/*/; do
    [[ $id != */cache:* ]] || continue
    [ -d "$id" ] || continue
    tare delete --force "$(basename "$id")" || echo "delete --force failed"
  done
}

setup() {
  WORK=$BATS_TEST_TMPDIR/w
  STATE=$BATS_TEST_TMPDIR/state
  mkdir "$WORK"
  mkdir -m 700 "$STATE"
  everything >"$WORK.before"
  prepare
}

# Test files say here what each of their tests starts from.
prepare() {
  make_bundle
}

teardown() {
  remove_containers
  nothing_is_left
}
