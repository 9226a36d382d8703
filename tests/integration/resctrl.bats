#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# resctrl.bats - linux.intelRdt where there is no resctrl: refused, and nothing is left.
#
# What a kernel that has it does with a group is not tried here: it takes a processor that has it,
# and a tree of files that looks alike would prove nothing about that.
# shellcheck disable=SC2016

load helpers

prepare() {
  tare_only
  ! grep -q ' - resctrl ' /proc/self/mountinfo || skip 'resctrl is there'
  make_bundle
}

# field: linux.intelRdt.closID, linux.intelRdt.schemata, linux.intelRdt.enableMonitoring
@test "without resctrl a group, schemata and monitoring are refused by name" {
  local rdt
  for rdt in '{}' '{"closID": "gold"}' '{"schemata": ["L3:0=f"]}' '{"enableMonitoring": true}'; do
    config '.linux.intelRdt = $r' --argjson r "$rdt"
    refused 'make-resctrl: linux.intelRdt: no resctrl file system is mounted'
  done
}

# field: linux.intelRdt.l3CacheSchema, linux.intelRdt.memBwSchema
@test "so are the schemata of caches and bandwidth" {
  config '.linux.intelRdt = {l3CacheSchema: "L3:0=f", memBwSchema: "MB:0=50"}'
  refused 'no resctrl file system is mounted'
}
