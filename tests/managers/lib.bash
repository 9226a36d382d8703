# SPDX-License-Identifier: GPL-2.0-or-later
# lib - what scenarios are written with: run something, say what must be true of it.
# shellcheck shell=bash
# shellcheck disable=SC2016,SC2034,SC2153 # scenarios read the variables

SKIPPED=77 # exit status of a scenario that cannot be run here

fail() { # WORDS...
  echo "$*"
  exit 1
}

skip() { # REASON
  echo "$*" >"$SCRATCH/skip"
  exit $SKIPPED
}

# Run a command: $output is what it says on stdout and stderr, $status its exit status.
run() { # COMMAND...
  status=0
  output=$("$@" 2>&1) || status=$?
  mapfile -t lines <<<"$output"
}

ok() { # COMMAND...
  run "$@"
  [ "$status" -eq 0 ] || fail "status $status of $*: $output"
}

fails() { # COMMAND...
  run "$@"
  [ "$status" -ne 0 ] || fail "it did not fail: $*: $output"
}

exits() { # STATUS COMMAND...
  local expected=$1

  shift
  run "$@"
  [ "$status" -eq "$expected" ] || fail "status $status, not $expected, of $*: $output"
}

is() { # WHAT FOUND EXPECTED
  [ "$2" = "$3" ] || fail "$1: found '$2', expected '$3'"
}

# What $output has, or not; terminals end lines with a carriage return.
says() { # TEXT
  [[ $output == *"$1"* ]] || fail "it did not say '$1' but: $output"
}

says_not() { # TEXT
  [[ $output != *"$1"* ]] || fail "it said '$1': $output"
}

matches() { # REGULAR-EXPRESSION
  [[ $output =~ $1 ]] || fail "not like '$1': $output"
}

output_is() { # TEXT
  is output "${output//$'\r'/}" "$1"
}

# Until the command succeeds; at most $PATIENCE seconds (20).
eventually() { # COMMAND...
  local deadline=$((SECONDS + ${PATIENCE:-20}))

  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $deadline ] || fail "in vain for ${PATIENCE:-20} s: $*"
    sleep 0.05
  done
}

not() { # COMMAND...
  ! "$@"
}

contains() { # FILE TEXT
  grep -qF -- "$2" "$1"
}

# A terminal of 30 rows and 100 columns around a command; it types what stdin has.
with_terminal() { # COMMAND...
  local words

  printf -v words '%q ' "$@"
  SHELL=/bin/bash script --quiet --return --command "stty rows 30 cols 100; $words" /dev/null
}

# Controllers that containers may be limited with, in the cgroup v2 tree of this world.
has_controller() { # NAME
  grep -qw "$1" /sys/fs/cgroup/cgroup.controllers
}

needs_controller() { # NAME
  has_controller "$1" || skip "no cgroup v2 controller $1 here"
}

# The runtime is a program for Debian's shim, or a shim of its own, which runs tare.
is_shim() {
  [[ $RUNTIME == io.containerd.* ]]
}

# io.containerd.NAME.v2 is containerd-shim-NAME-v2
shim() {
  command -v "containerd-shim-$(sed 's/^io\.containerd\.//; s/\./-/g' <<<"$RUNTIME")"
}

# Who has the directory in PATH finds it by the name of runc's, which some know alone.
shim_in_place_of_runcs() { # DIRECTORY
  mkdir -p "$1" && ln -sf "$(shim)" "$1/containerd-shim-runc-v2"
}

# CRIU's own word on whether it works here.
needs_criu() {
  local said

  [ "$(id -u)" = 0 ] || skip 'CRIU needs root'
  command -v criu >/dev/null || skip 'CRIU is not installed'
  said=$(timeout 60 criu check 2>&1) || skip "criu check: $(tail -n 1 <<<"$said")"
}

# A program whose memory is what counts: a number in a file, which goes on where it was.
COUNTING='i=0; while :; do i=$((i + 1)); echo $i >/shared/new; mv /shared/new /shared/count; sleep 0.01; done'

counts() { # FILE
  test -s "$1"
}

counts_from() { # FILE NUMBER: it is beyond that, not far, and counts
  local now

  now=$(cat "$1")
  [ "$now" -ge "$2" ] || fail "it counts anew: $now, not from $2"
  [ "$now" -le $(($2 + 3000)) ] || fail "it went on meanwhile: $now, from $2"
  eventually above "$1" "$now"
}

above() { # FILE NUMBER
  [ "$(cat "$1")" -gt "$2" ]
}

# Where a manager's cgroups are made by systemd, which is there.
needs_systemd() {
  [ "$DRIVER" = systemd ] || skip 'not with this driver'
}

# The one that makes our cgroups: the machine's, or the user's.
manager_of_units() { # VERB ARGUMENT...
  local user=()

  [ "$(id -u)" = 0 ] || user=(--user)
  systemctl "${user[@]}" "$@"
}

# A runtime may put a container into a cgroup below the one with its limits.
limit_of() { # PID FILE
  local directory value

  directory=/sys/fs/cgroup$(cgroup_of "$1")
  value=$(cat "$directory/$2")
  [[ $value != max* ]] || [[ $directory != */container ]] || value=$(cat "${directory%/*}/$2")
  echo "$value"
}

# systemd's name for it.
unit_of() { # PID
  cgroup_of "$1" | grep -o '[^/]*\.scope'
}

property_of_unit() { # PID PROPERTY
  manager_of_units show --property "$2" --value "$(unit_of "$1")"
}

# A device whose transfers can be limited.
block_device() {
  local name

  name=$(find /sys/block -mindepth 1 -maxdepth 1 ! -name 'loop*' ! -name 'ram*' -printf '%f\n' | sort | head -n 1)
  [ -b "/dev/${name:-none}" ] || skip 'no block device here'
  echo "/dev/$name"
}

# It takes more memory than there is.
GREEDY='x=$(head -c 200000000 /dev/zero | tr "\0" x)'

# The same in a child of one that ends when /tmp/seen is there, as if it had been that.
OUTLIVES_GREEDY="sh -c '$GREEDY'; until [ -e /tmp/seen ]; do sleep 0.05; done; exit 137"

# The kernel's view of a process.
status_line() { # PID NAME
  awk -v name="$2:" '$1 == name { print $2 }' "/proc/$1/status"
}

cgroup_of() { # PID
  sed -n 's/^0:://p' "/proc/$1/cgroup"
}

# 64 MiB that are the same each time and say so by their sum.
BIG=67108864
big_sum() {
  head -c $BIG /dev/zero | tr '\0' 'x' | sha256sum | cut -d' ' -f1
}
BIG_COMMAND="dd if=/dev/zero bs=65536 count=1024 2>/dev/null | tr '\\0' x"

# As many at once, @N@ being the number: each says its number, and its exit status is the rest of
# that by MODULUS.
parallel() { # COUNT MODULUS COMMAND...
  local number count=$1 modulus=$2 code failed=0 pids=()

  shift 2
  for ((number = 1; number <= count; number++)); do
    "${@//@N@/$number}" >"out.$number" 2>&1 &
    pids[number]=$!
  done
  for ((number = 1; number <= count; number++)); do
    code=0
    wait "${pids[number]}" || code=$?
    if [ "$code" -ne $((number % modulus)) ] || [ "$(cat "out.$number")" != "$number" ]; then
      failed=$((failed + 1))
      echo "$number: status $code: $(cat "out.$number")"
    fi
  done
  is failed "$failed" 0
}
