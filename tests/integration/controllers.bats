#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# controllers.bats - those controllers that few test hosts have: cpuset, hugetlb, rdma and io with
# weights; as the kernel has them, as the container feels them, and after an update. hack/vm --qemu
# has them all.
# shellcheck disable=SC2016

load helpers

prepare() {
  may_limit
  needs_cgroup
  make_bundle
}

# Below the top its files are there from now on.
enable_controller() { # NAME
  needs_controller "$1"
  [ "$LAYOUT" = systemd ] || echo "+$1" >"$CGROUPS/cgroup.subtree_control"
}

# What is changed for the whole machine is changed only where it is nobody's.
needs_vm() { # WHAT
  [ -n "${IN_TARE_VM:-}" ] || skip "$1"
}

# Start a container that has these resources and waits, and whatever else is said: an emulated
# machine takes a second for a call of jq, so there are as few as can be.
start_with() { # RESOURCES [FILTER]
  config ".process.args = [\"sleep\", \"1000\"] | .linux.resources += $1 | ${2:-.}"
  create_it --pid-file "$WORK/pid"
  tare start it
  PID=$(cat "$WORK/pid")
  DIRECTORY=$CGROUPS$(sed -n 's/^0:://p' "/proc/$PID/cgroup")
}

has_line() { # FILE LINE
  sed 's/ *$//' "$DIRECTORY/$1" | grep -qxF -e "$2" || {
    echo "'$2' is not in $1: $(cat "$DIRECTORY/$1")"
    return 1
  }
}

# It must fail with a text: update_refused TEXT JSON
update_refused() {
  run tare update --resources - it <<<"$2"
  [ "$status" -eq 1 ]
  says "$1"
}

# The processes of the container: runs_on LIST OF PROCESSORS
runs_on() {
  [ "$(sed -n 's/^Cpus_allowed_list:\t//p' "/proc/$PID/status")" = "$1" ]
}

# ---- cpuset ----

find_processors() {
  local list

  enable_controller cpuset
  list=$(cat "$CGROUPS/cpuset.cpus.effective")
  FIRST=${list%%[-,]*} LAST=${list##*[-,]}
  list=$(cat "$CGROUPS/cpuset.mems.effective")
  NODE=${list%%[-,]*}
}

# field: linux.resources.cpu.cpus, linux.resources.cpu.mems
@test "cpuset: config's processors and nodes are in force, all the way down, and update moves a container" {
  local path=.
  find_processors
  [ "$LAYOUT" = systemd ] || path='.linux.cgroupsPath = "/far/down/it"'
  start_with "{cpu: {cpus: \"$FIRST\", mems: \"$NODE\"}}" "$path"
  holds cpuset.cpus "$FIRST"
  holds cpuset.mems "$NODE"
  holds cpuset.cpus.effective "$FIRST"
  runs_on "$FIRST"
  [ "$(sed -n 's/^Mems_allowed_list:\t//p' "/proc/$PID/status")" = "$NODE" ]
  [ "$LAYOUT" = systemd ] || grep -qw cpuset "$CGROUPS/far/cgroup.subtree_control"
  update --cpuset-cpus "$LAST" --cpuset-mems "$NODE"
  holds cpuset.cpus "$LAST"
  holds cpuset.mems "$NODE"
  runs_on "$LAST"
  [ "$(tare exec it sed -n 's/^Cpus_allowed_list:\t//p' /proc/self/status)" = "$LAST" ]
  tare delete --force it
  [ "$LAYOUT" = systemd ] || rmdir "$CGROUPS/far/down" "$CGROUPS/far"
}

@test "cpuset: a processor or a node that the machine cannot have is refused, and nothing is left" {
  local beyond
  tare_only
  find_processors
  beyond=$(($(sed 's/.*[-,]//' /sys/devices/system/cpu/possible) + 1))
  config '.linux.resources.cpu = {cpus: $n}' --arg n "$beyond"
  refused "linux.resources.cpu.cpus: write '$beyond' to cpuset.cpus"
  beyond=$(($(sed 's/.*[-,]//' /sys/devices/system/node/possible 2>/dev/null || echo 0) + 1))
  config '.linux.resources.cpu = {mems: $n}' --arg n "$beyond"
  refused "linux.resources.cpu.mems: write '$beyond' to cpuset.mems"
}

# Lists that were empty cannot become it again under some kernels, but what they mean can.
@test "cpuset: an update that fails leaves the container where it was, with a list or without" {
  local all
  tare_only
  find_processors
  start_with '{}'
  all=$(cat "$DIRECTORY/cpuset.cpus.effective")
  update_refused cgroup.max.depth "{\"cpu\": {\"cpus\": \"$LAST\", \"mems\": \"$NODE\"}, \"unified\": {\"cgroup.max.depth\": \"x\"}}"
  says_not 'is not what it was'
  holds cpuset.cpus.effective "$all"
  holds cpuset.mems.effective "$(cat "$CGROUPS/cpuset.mems.effective")"
  runs_on "$all"
  update --cpuset-cpus "$FIRST"
  update_refused cgroup.max.depth "{\"cpu\": {\"cpus\": \"$LAST\"}, \"unified\": {\"cgroup.max.depth\": \"x\"}}"
  update_refused linux.resources.cpu.cpus '{"cpu": {"cpus": "x"}}'
  holds cpuset.cpus "$FIRST"
  runs_on "$FIRST"
}

# ---- hugetlb ----

# Pages for containers: reserve HOW MANY
reserve() {
  echo "$1" >/proc/sys/vm/nr_hugepages
  [ "$(cat /proc/sys/vm/nr_hugepages)" -ge "$1" ] || skip 'no memory for huge pages'
}

# field: linux.resources.hugepageLimits[].pageSize, linux.resources.hugepageLimits[].limit
@test "hugetlb: a limit is there, for what is reserved too; it is kept to, counted, and changed" {
  local script
  enable_controller hugetlb
  needs_file hugetlb.2MB.max
  needs_vm 'takes huge pages from the machine'
  reserve 8
  mkdir -m 777 "$WORK/shared"
  script='has() { busybox fallocate -l "$2" /huge/$1 2>/dev/null && echo yes >/shared/$1 || echo no >/shared/$1; }
    has first 4194304
    has second 2097152
    while [ ! -e /shared/more ]; do sleep 0.1; done
    has third 2097152
    exec sleep 1000'
  start_with '{hugepageLimits: [{pageSize: "2MB", limit: 4194304}]}' ".process.args = $(json_words sh -c "$script")
    | .mounts += [{destination: \"/shared\", type: \"bind\", source: \"$WORK/shared\", options: [\"bind\", \"rw\"]},
      {destination: \"/huge\", type: \"hugetlbfs\", source: \"hugetlbfs\", options: [\"pagesize=2M\"]}]"
  holds hugetlb.2MB.max 4194304
  holds hugetlb.2MB.rsvd.max 4194304
  wait_for test -s "$WORK/shared/second"
  [ "$(cat "$WORK/shared/first" "$WORK/shared/second" | xargs)" = 'yes no' ]
  holds hugetlb.2MB.current 4194304
  run tare events --stats it
  [ "$(jq -c '.data.hugetlb["2MB"] | [.usage, .failcnt > 0]' <<<"$output")" = '[4194304,true]' ]
  update_by '{"hugepageLimits": [{"pageSize": "2MB", "limit": 8388608}]}'
  holds hugetlb.2MB.max 8388608
  holds hugetlb.2MB.rsvd.max 8388608
  touch "$WORK/shared/more"
  wait_for test -s "$WORK/shared/third"
  [ "$(cat "$WORK/shared/third")" = yes ]
  tare delete --force it
  echo 0 >/proc/sys/vm/nr_hugepages
}

@test "hugetlb: a page size that the kernel has not is refused by name" {
  tare_only
  enable_controller hugetlb
  config '.linux.resources.hugepageLimits = [{pageSize: "3GB", limit: 4194304}]'
  refused "linux.resources.hugepageLimits[0]: this kernel's controller hugetlb has no hugetlb.3GB.max"
}

# ---- io ----

# Comes before the module of BFQ, which stays.
@test "io: without BFQ a weight is put in io.cost's numbers, and one of a device is refused by name" {
  tare_only
  enable_controller io
  needs_file io.weight
  start_with '{blockIO: {weight: 500}}'
  [ ! -e "$DIRECTORY/io.bfq.weight" ] || skip 'there is BFQ'
  has_line io.weight 'default 4950'
  update --blkio-weight 10
  has_line io.weight 'default 1'
  update --blkio-weight 1000
  has_line io.weight 'default 10000'
  tare delete --force it
  config '.linux.resources.blockIO.weightDevice = [{major: 7, minor: 0, weight: 300}]'
  refused "linux.resources.blockIO.weightDevice[0]: this kernel's controller io has no io.bfq.weight"
}

# field: linux.resources.blockIO.weight, linux.resources.blockIO.weightDevice[].major
# field: linux.resources.blockIO.weightDevice[].minor
# field: linux.resources.blockIO.weightDevice[].weight
@test "io: BFQ takes weights as they are, one for all and one for a disk, and update changes them" {
  local scheduler
  enable_controller io
  disk_of "$BUNDLE"
  scheduler=/sys/dev/block/$MAJOR:$MINOR/queue/scheduler
  if ! grep -qF '[bfq]' "$scheduler"; then
    needs_vm 'the disk is not scheduled by BFQ'
    echo bfq >"$scheduler" || skip 'a kernel without BFQ'
  fi
  needs_file io.bfq.weight
  start_with "{blockIO: {weight: 500, weightDevice: [{major: $MAJOR, minor: $MINOR, weight: 300}]}}"
  has_line io.bfq.weight 'default 500'
  has_line io.bfq.weight "$MAJOR:$MINOR 300"
  update --blkio-weight 200
  has_line io.bfq.weight 'default 200'
  has_line io.bfq.weight "$MAJOR:$MINOR 300"
  update_by "{\"blockIO\": {\"weightDevice\": [{\"major\": $MAJOR, \"minor\": $MINOR, \"weight\": 700}]}}"
  has_line io.bfq.weight 'default 200'
  has_line io.bfq.weight "$MAJOR:$MINOR 700"
}

@test "io: weights of BFQ that an update fails to change are what they were" {
  tare_only
  enable_controller io
  disk_of "$BUNDLE"
  grep -qF '[bfq]' "/sys/dev/block/$MAJOR:$MINOR/queue/scheduler" || skip 'the disk is not scheduled by BFQ'
  needs_file io.bfq.weight
  start_with '{blockIO: {weight: 500}}'
  update_refused cgroup.max.depth "{\"blockIO\": {\"weight\": 100, \"weightDevice\": [{\"major\": $MAJOR, \"minor\": $MINOR, \"weight\": 700}]}, \"unified\": {\"cgroup.max.depth\": \"x\"}}"
  holds io.bfq.weight 'default 500'
}

# ---- rdma ----

# Some device for remote memory: in a guest one that is made of software.
rdma_device() {
  enable_controller rdma
  DEVICE=$(find /sys/class/infiniband -mindepth 1 -printf '%f\n' -quit 2>/dev/null || true)
  [ -z "$DEVICE" ] || return 0
  needs_vm 'no device for RDMA'
  needs rdma ip
  DEVICE=rxe0
  ip link add tare-rdma type dummy || skip 'a kernel without dummy interfaces'
  ip link set tare-rdma up
  rdma link add "$DEVICE" type rxe netdev tare-rdma || skip 'a kernel without rdma_rxe'
}

# field: linux.resources.rdma{}.hcaHandles, linux.resources.rdma{}.hcaObjects
@test "rdma: handles and objects of a device, each by itself; update changes them or leaves them" {
  rdma_device
  start_with "{rdma: {\"$DEVICE\": {hcaHandles: 3, hcaObjects: 9}}}"
  has_line rdma.max "$DEVICE hca_handle=3 hca_object=9"
  update_by "{\"rdma\": {\"$DEVICE\": {\"hcaHandles\": 5}}}"
  has_line rdma.max "$DEVICE hca_handle=5 hca_object=9"
  update_by "{\"rdma\": {\"$DEVICE\": {\"hcaObjects\": 2}}}"
  has_line rdma.max "$DEVICE hca_handle=5 hca_object=2"
  update_refused cgroup.max.depth "{\"rdma\": {\"$DEVICE\": {\"hcaHandles\": 1, \"hcaObjects\": 1}}, \"unified\": {\"cgroup.max.depth\": \"x\"}}"
  has_line rdma.max "$DEVICE hca_handle=5 hca_object=2"
  [ "$DEVICE" != rxe0 ] || ip link delete tare-rdma
}

@test "rdma: a device that is not there is refused by name" {
  enable_controller rdma
  config '.linux.resources += {rdma: {nosuch0: {hcaHandles: 3, hcaObjects: 9}}}'
  refused 'linux.resources.rdma'
  tare_only
  says 'nosuch0'
}
