#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# report - the tables that hack/bench makes of its samples; needs no root.

setup() {
  cd "$BATS_TEST_DIRNAME/../.." || return
  samples=$(mktemp)
}

teardown() {
  rm -f "$samples"
}

# samples_of NAME WALL:CPU...
samples_of() {
  local name=$1 pair

  shift
  for pair; do printf 'run a\trun\t%s\t%s\t%s\n' "$name" "${pair%:*}" "${pair#*:}" >>"$samples"; done
}

# The row of "run a" in the table TITLE, with single spaces.
row_of() { # TITLE
  hack/bench --report "$samples" |
    awk -v title="$1" 'index($0, title "  ") == 1 { is_in = 1; next } /^$/ { is_in = 0 } is_in && /^run a / { $1 = $1; print }'
}

@test "each table has its own figures, and ratios of these" {
  samples_of floor 10:1 30:20 100:30
  samples_of tare 20:4 40:40 400:50
  samples_of crun 60:8 60:100 120:200
  [ "$(row_of 'wall time, us, median')" = 'run a 30 40 60 1.33 1.50' ]
  [ "$(row_of 'wall time, us, 10th percentile')" = 'run a 10 20 60 2.00 3.00' ]
  [ "$(row_of 'CPU time, us, median')" = 'run a 20 40 100 2.00 2.50' ]
  [ "$(row_of 'CPU time, us, 10th percentile')" = 'run a 1 4 8 4.00 2.00' ]
}

@test "the median of an even number is between the two in the middle" {
  samples_of floor 10:10 20:20
  samples_of tare 30:30 60:60 50:50 40:40
  [ "$(row_of 'wall time, us, median')" = 'run a 15 45 3.00' ]
}
