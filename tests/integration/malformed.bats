#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# malformed.bats - what is wrong gets one clear error, at once, and leaves nothing.
# shellcheck disable=SC2016,SC2030,SC2031
#
# The cases are in the tables of malformed/, one per line: columns between " :: ", "#" begins a
# comment.  A test walks through one table and says of each case that fails what was wrong.

load helpers

bats_require_minimum_version 1.5.0

# Wrong things are found out quickly; what hangs is not waited for.
export LIMIT=10

prepare() {
  tare_only
  make_bundle
  GOOD=$WORK/good
  cp "$BUNDLE/config.json" "$GOOD"
  : >"$WORK/failures"
  CASES=0
}

# ---- tables ----

# Call FUNCTION with the columns of each line: each_case TABLE FUNCTION
each_case() {
  local line columns

  while IFS= read -r line; do
    [[ -n $line && $line != '#'* ]] || continue
    [[ $line != *'"type": "time"'* || -e /proc/self/ns/time ]] || continue
    columns=()
    while [[ $line == *' :: '* ]]; do
      columns+=("${line%%' :: '*}")
      line=${line#*' :: '}
    done
    columns+=("$line")
    CASES=$((CASES + 1))
    "$2" "${columns[@]}"
  done <"malformed/$1.txt"
  [ "$CASES" -gt 0 ]
  [ ! -s "$WORK/failures" ] || {
    cat "$WORK/failures"
    return 1
  }
}

wrong() { # NAME REASON
  printf '%s: %s: %s\n' "$1" "$2" "$output" >>"$WORK/failures"
}

# ---- one case ----

# Refused with status 1 and nothing left: was_refused NAME
was_refused() {
  local left

  [ "$status" -eq 1 ] || wrong "$1" "status $status"
  left=$(find "$STATE" -mindepth 1 -not -path "$STATE/cache:*")
  [ -z "$left" ] || {
    wrong "$1" "left $left"
    remove_containers
  }
}

# As says, but the case is named: has_words NAME WORDS
has_words() {
  [[ ${output//\\\"/\"} == *"$2"* ]] || wrong "$1" "no '$2'"
}

is_one_line() { # NAME
  [[ $output != *$'\n'* && -n $output ]] || wrong "$1" 'not one line'
}

create_wrongly() { # [OPTION...]
  attempt tare create -b "$BUNDLE" "$@" it
}

# The document of the bundle as bytes at a position: text_at LINE COLUMN
text_at() {
  sed -n "$1p" "$BUNDLE/config.json" | LC_ALL=C cut -b "$2-"
}

# An error about the document says where, and that text stands there: is_located NAME WORDS TEXT
is_located() {
  local found

  [[ ${output//\\\"/\"} =~ config\.json:([0-9]+):([0-9]+):\ (.*) ]] || {
    wrong "$1" 'no position'
    return
  }
  [[ ${BASH_REMATCH[3]} == *"$2"* ]] || wrong "$1" "no '$2' behind the position"
  found=$(text_at "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}")
  [[ $found == "$3"* ]] || wrong "$1" "'${found:0:30}' stands at the position, not '$3'"
}

# "@NUMBER@" becomes a number that jq would have changed.
filter_config() { # FILTER
  jq "$1" <"$GOOD" | sed 's/"@\([^@"]*\)@"/\1/' >"$BUNDLE/config.json"
}

add_filter() { # NAME FILTER
  FILTERS+="${FILTERS:+, }($2)"
}

# One jq makes the documents of a whole table: $WORK/document.1, document.2 ...
filter_table() { # TABLE
  FILTERS=
  each_case "$1" add_filter
  jq "$FILTERS" <"$GOOD" | sed 's/"@\([^@"]*\)@"/\1/' |
    awk -v base="$WORK/document" '/^\{/ { count++ } { print >(base "." count) }
      /^\}/ { close(base "." count) }'
  [ -e "$WORK/document.$CASES" ]
  CASES=0
  each_case "$1" filter_case
}

# What create said, check says too, with the weight behind the place: check_agrees NAME
check_agrees() {
  local said=$output place found code=0

  # A terminal that nobody is given is wrong with the call, not with the document.
  [[ $said =~ ^(config\.json:[0-9]+:[0-9]+):\ (.*)$ && $said != *'console socket'* ]] ||
    return 0
  place=${BASH_REMATCH[1]}
  found=$(tare check -b "$BUNDLE") || code=$?
  if [[ $'\n'$found == *$'\n'"$place: error: ${BASH_REMATCH[2]}"* ]]; then
    [ "$code" -eq 1 ] || wrong "$1" "check ends with $code"
  else
    [[ $'\n'$found == *$'\n'"$place: host: ${BASH_REMATCH[2]}"* ]] ||
      wrong "$1" "check says $found"
  fi
}

raw_case() { # NAME DOCUMENT WORDS
  printf %b "$2" >"$BUNDLE/config.json"
  create_wrongly
  was_refused "$1"
  is_one_line "$1"
  has_words "$1" "config.json:$3"
  check_agrees "$1"
}

filter_case() { # NAME FILTER WORDS TEXT
  cp "$WORK/document.$CASES" "$BUNDLE/config.json"
  create_wrongly
  was_refused "$1"
  is_one_line "$1"
  is_located "$1" "$3" "$4"
  check_agrees "$1"
}

bundle_case() { # NAME SNIPPET WORDS
  rm -rf "$BUNDLE"
  mkdir "$BUNDLE"
  cp -dR "$STAGE/rootfs" "$BUNDLE/rootfs"
  cp "$GOOD" "$BUNDLE/config.json"
  (cd "$BUNDLE" && eval "$2") || wrong "$1" 'the case itself failed'
  create_wrongly
  was_refused "$1"
  is_one_line "$1"
  has_words "$1" "$3"
}

argument_case() { # NAME ARGUMENTS WORDS KIND
  local words=${2//BUNDLE/$BUNDLE}

  eval "attempt tare ${words//TEMP/$WORK/empty}"
  was_refused "$1"
  has_words "$1" "$3"
  case $4 in
  line) is_one_line "$1" ;;
  usage) [[ $output == *USAGE:* ]] || wrong "$1" 'no usage' ;;
  any) [[ $output != *$'\n'* || $output == *USAGE:* ]] || wrong "$1" 'neither' ;;
  esac
}

# ---- helpers of the tables ----

nest() { # DEPTH
  printf '{"x":'
  head -c "$1" /dev/zero | tr '\0' '['
}

socket() { # PATH
  timeout 5 perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => $ARGV[0], Listen => 1)' "$1"
}

# ---- documents ----

@test "documents that are no JSON" {
  each_case json raw_case
}

@test "members of the wrong type or out of range" {
  filter_table members
}

@test "values that are well-formed and wrong" {
  filter_table rules
}

@test "values that are well-formed, and wrong for root" {
  only root
  filter_table rules-root
}

@test "mappings that cannot be" {
  has_user_ids 2 || skip 'one id only'
  config '.linux.namespaces |= (map(select(.type != "user")) + [{type: "user"}]) |
    .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 1000}] |
    .linux.gidMappings = .linux.uidMappings'
  cp "$BUNDLE/config.json" "$GOOD"
  filter_table mappings
}

@test "the position is counted in lines and bytes" {
  printf '{"ociVersion":"1.0.0",\n\t"hostname": "äöü", "process": {"cwd": "/",\r\n\n  "user":{"uid": 1.5}}}' \
    >"$BUNDLE/config.json"
  create_wrongly
  was_refused position
  [ "$output" = 'config.json:4:18: process.user.uid: 1.5 has a fraction or an exponent' ]
  printf '{"ociVersion":"1.0.0", "hostname": "äöü", "root":7}' >"$BUNDLE/config.json"
  create_wrongly
  [ "$output" = 'config.json:1:53: root: did not expect a number here' ]
}

# What is missing from the outermost object has no place.
@test "a document without root" {
  filter_config 'del(.root)'
  create_wrongly
  was_refused root
  is_one_line root
  says 'root: required, but missing'
}

@test "another name of the document is the name in the error" {
  jq '.process.cwd = "x"' <"$GOOD" >"$WORK/other.json"
  create_wrongly -f "$WORK/other.json"
  was_refused other
  says_like '^other\.json:[0-9]+:[0-9]+: process\.cwd: "x" is not absolute$'
}

@test "what a document has of control characters does not reach the terminal" {
  filter_config '.process.cwd = "x\u001b[31m\u0007y"'
  create_wrongly
  was_refused control
  is_one_line control
  [[ $output != *$'\e'* && $output != *$'\a'* ]]
  filter_config '.linux.namespaces[0].type = "x\u001b[31m\ny"'
  create_wrongly
  was_refused control
  is_one_line control
  [[ $output != *$'\e'* ]]
  filter_config '.process.args = ["/no\u001b[31m\nsuch"]'
  create_wrongly
  was_refused control
  is_one_line control
  [[ $output != *$'\e'* ]]
  [ ! -s "$WORK/failures" ] || cat "$WORK/failures"
  [ ! -s "$WORK/failures" ]
}

@test "an error goes to the log as one JSON object, too" {
  filter_config '.process.cwd = "x\"\\\u001b\n"'
  create_wrongly
  tare --log "$WORK/log" --log-format json create -b "$BUNDLE" it 2>"$WORK/err" || true
  [ "$(jq -s length <"$WORK/log")" = 1 ]
  [ "$(jq -r .level <"$WORK/log")" = error ]
  jq -r .msg <"$WORK/log" | grep -F 'process.cwd: '
  [[ $(jq -r .time <"$WORK/log") =~ ^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,}(Z|[+-][0-9:]{5})$ ]]
}

# ---- calls and bundles ----

@test "calls that are wrong" {
  mkdir "$WORK/empty"
  each_case arguments argument_case
}

@test "bundles that are none" {
  each_case bundles bundle_case
}

@test "a config.json that may not be read" {
  only rootless plain
  chmod 000 "$BUNDLE/config.json"
  create_wrongly
  was_refused unreadable
  is_one_line unreadable
  says 'config.json: permission denied'
}

@test "a bundle that may not be entered" {
  only rootless plain
  chmod 000 "$BUNDLE"
  create_wrongly
  chmod 755 "$BUNDLE"
  was_refused closed
  is_one_line closed
  says 'permission denied'
}

@test "a state directory that belongs to somebody else" {
  only rootless plain
  attempt timeout 10 "$TARE" --root /etc/tare-state create -b "$BUNDLE" it
  [ "$status" -eq 1 ]
  is_one_line root
  says 'permission denied'
  [ ! -s "$WORK/failures" ]
}

@test "programs, mounts, namespaces, hooks and devices that cannot be" {
  each_case programs bundle_case
}

# Only the kernel knows how much it takes.
@test "an argument longer than the kernel takes fails at run" {
  config '.process.args = ["true", "x" * 131072]'
  attempt tare run -b "$BUNDLE" it
  was_refused argument
  is_one_line argument
  says 'argument list too long'
}

@test "a console larger than a terminal can be" {
  local member

  for member in height width; do
    filter_config ".process.terminal = true | .process.consoleSize = {height: 1, width: 1, $member: 65536}"
    attempt tare run -b "$BUNDLE" it
    was_refused "$member"
    is_located "$member" "process.consoleSize.$member: more than 65535" 65536
  done
  [ ! -s "$WORK/failures" ] || {
    cat "$WORK/failures"
    return 1
  }
}

# ---- root file systems that set traps ----

# It may run or be refused, but it ends and harms nobody: survives NAME
survives() {
  attempt tare run -b "$BUNDLE" it
  case $status in 0 | 1) ;; *) wrong "$1" "status $status" ;; esac
  [ "$status" -eq 0 ] || is_one_line "$1"
  [ -z "$(find "$STATE" -mindepth 1 -not -path "$STATE/cache:*")" ] || wrong "$1" 'state is left'
  [ ! -s "$WORK/failures" ] || {
    cat "$WORK/failures"
    return 1
  }
}

@test "a passwd and a group that are FIFOs" {
  rm "$BUNDLE/rootfs/etc/passwd" "$BUNDLE/rootfs/etc/group"
  mkfifo "$BUNDLE/rootfs/etc/passwd" "$BUNDLE/rootfs/etc/group"
  survives fifo
}

@test "a passwd that is a directory" {
  rm "$BUNDLE/rootfs/etc/passwd"
  mkdir "$BUNDLE/rootfs/etc/passwd"
  survives directory
  [ "$status" -eq 0 ]
}

@test "a passwd that is huge" {
  truncate -s 100G "$BUNDLE/rootfs/etc/passwd"
  survives huge
}

@test "a passwd of one endless line" {
  head -c 20000000 /dev/zero | tr '\0' x >"$BUNDLE/rootfs/etc/passwd"
  survives line
  [ "$status" -eq 0 ]
}

@test "a passwd that is a link to a file of the host" {
  ln -sf /proc/kmsg "$BUNDLE/rootfs/etc/passwd"
  survives link
  ln -sf ../../../../../../../../dev/zero "$BUNDLE/rootfs/etc/passwd"
  survives link
}

@test "a passwd that is a loop" {
  ln -sf passwd "$BUNDLE/rootfs/etc/passwd"
  survives loop
  [ "$status" -eq 0 ]
}

@test "mount points that are links to the host" {
  local name

  for name in dev proc sys; do
    rm -rf "$BUNDLE/rootfs/$name"
    mkdir "$WORK/host-$name"
    ln -s "$WORK/host-$name" "$BUNDLE/rootfs/$name"
    survives "$name"
    [ -z "$(find "$WORK/host-$name" -mindepth 1)" ]
    rm "$BUNDLE/rootfs/$name"
    mkdir "$BUNDLE/rootfs/$name"
  done
}

# Without a tmpfs over /dev, what the image has there is what tare meets.
own_dev() {
  config 'del(.mounts[] | select(.destination | startswith("/dev"))) | .root.readonly = false'
}

@test "devices of the image that are directories, FIFOs and links to the host" {
  local name

  own_dev
  echo precious >"$WORK/precious"
  chmod 600 "$WORK/precious"
  for name in null zero full random urandom tty; do
    ln -s "$WORK/precious" "$BUNDLE/rootfs/dev/$name"
  done
  survives links
  rm "$BUNDLE"/rootfs/dev/*
  mkdir "$BUNDLE/rootfs/dev/null"
  survives directories
  rm -r "$BUNDLE"/rootfs/dev/*
  mkfifo "$BUNDLE/rootfs/dev/null" "$BUNDLE/rootfs/dev/console" "$BUNDLE/rootfs/dev/ptmx"
  survives fifos
  [ "$(cat "$WORK/precious")" = precious ]
  [ "$(stat -c %a "$WORK/precious")" = 600 ]
}

@test "a /dev/console and a /dev/ptmx that are links to the host" {
  own_dev
  echo precious >"$WORK/precious"
  ln -s "$WORK/precious" "$BUNDLE/rootfs/dev/console"
  ln -s "$WORK/precious" "$BUNDLE/rootfs/dev/ptmx"
  survives links
  [ "$(cat "$WORK/precious")" = precious ]
}

@test "masked paths that are links to the host" {
  echo precious >"$WORK/precious"
  mkdir "$WORK/precious.d"
  touch "$WORK/precious.d/file"
  ln -s "$WORK/precious" "$BUNDLE/rootfs/link"
  ln -s "$WORK/precious.d" "$BUNDLE/rootfs/link.d"
  ln -s loop "$BUNDLE/rootfs/loop"
  config '.linux.maskedPaths = ["/link", "/link.d"] | .linux.readonlyPaths = ["/link", "/link.d"]'
  survives masks
  config '.linux.maskedPaths = ["/loop"]'
  survives loop
  [ "$(cat "$WORK/precious")" = precious ]
  [ -e "$WORK/precious.d/file" ]
}

@test "a working directory that leads out is followed within the container only" {
  ln -s "$WORK" "$BUNDLE/rootfs/out"
  config '.process.cwd = "/out"'
  survives out
  [ "$status" -ne 0 ] || [ -z "$output" ]
}

@test "there are as many cases as promised" {
  [ "$(cat malformed/*.txt | grep -c ' :: ')" -ge 300 ]
}
