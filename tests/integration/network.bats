#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# network.bats - network devices of the host that move into the container, and back.
# shellcheck disable=SC2016,SC2119,SC2120
#
# The host's network is a namespace made for the test: tare runs in there, and so does what
# makes and looks at devices.

load helpers

tare() {
  timeout --foreground -k 5 "${LIMIT:-30}" nsenter --net="$WORK/host" "$TARE" --root "$STATE" "$@"
}

host_ip() {
  nsenter --net="$WORK/host" ip "$@"
}

prepare() {
  only root
  tare_only
  needs ip nsenter
  make_bundle
  touch "$WORK/host"
  unshare --net="$WORK/host" true
  make_veth || skip 'no veth devices here'
}

teardown() {
  remove_containers
  for name in host other; do
    ! mountpoint -q "$WORK/$name" || umount "$WORK/$name"
  done
  nothing_is_left
}

# A device with addresses of several kinds, up; an index that is nobody's in a new namespace.
make_veth() {
  host_ip link add v0 index 60 type veth peer name v1 2>/dev/null || return 1
  host_ip link set v1 up
  host_ip link set v0 mtu 1400 up
  host_ip address add 192.0.2.3/24 broadcast + label v0:one dev v0
  host_ip address add 192.0.2.4/24 dev v0
  host_ip address add 2001:db8::5/64 metric 77 nodad dev v0
}

# A veth device and its peer go a little after their namespace.
make_veth_again() {
  wait_for no_device v1
  make_veth
}

no_device() {
  ! host_ip link show "$1" >/dev/null 2>&1
}

devices_are() { # JSON
  config '.linux.netDevices = $d' --argjson d "$1"
}

# What is of a device's own, as JSON.  What is still being checked for duplicates counts.
look_at() { # NAME [ip COMMAND]
  local name=$1

  shift
  "${@:-host_ip}" -json address show dev "$name" | jq -cS '.[0] | {ifname, mtu, address,
    up: (.flags | index("UP") != null), master,
    addresses: [.addr_info[] | select(.scope == "global") | del(.tentative)]}'
}

# ip as the created container "it" would see it.
container_ip() {
  nsenter --net="/proc/$(pid_of it)/ns/net" ip "$@"
}

# Everything about v0 is as make_veth made it.
is_back() {
  [ "$(look_at v0)" = "$BEFORE" ] || {
    echo "it was $BEFORE"
    echo "now it is $(look_at v0)"
    return 1
  }
  [ "$(host_ip -o link show v0 | cut -d: -f1)" = 60 ]
}

@test "a device moves with its addresses and is up" {
  devices_are '{"v0": {}}'
  BEFORE=$(look_at v0)
  create_it
  no_device v0
  [ "$(look_at v0 container_ip)" = "$BEFORE" ]
}

# field: linux.netDevices{}.name
# field: linux.netDevices{}.name
@test "a device gets another name, and so do the labels of its addresses" {
  devices_are '{"v0": {"name": "eth0"}}'
  BEFORE=$(look_at v0)
  create_it
  [ "$(look_at eth0 container_ip)" = "${BEFORE//v0/eth0}" ]
  [[ $(look_at eth0 container_ip) == *'"label":"eth0:one"'* ]]
}

@test "the container's process sees and uses the device" {
  devices_are '{"v0": {"name": "eth0"}}'
  host_ip address add 192.0.2.1/24 dev v1
  shell_is 'ip -o link show eth0; ip route; cat /sys/class/net/eth0/mtu'
  run_well
  says_like 'eth0.*[<,]UP'
  says '192.0.2.0/24 dev eth0 scope link'
  says 1400
}

@test "a device that was down comes up, its attributes stay" {
  host_ip link set v0 down
  host_ip link set v0 alias 'quite a device' address 02:00:00:12:34:56
  devices_are '{"v0": {}}'
  create_it
  container_ip -d link show v0 | grep -q 'alias quite a device'
  container_ip link show v0 | grep -q 'link/ether 02:00:00:12:34:56'
  [[ $(look_at v0 container_ip) == *'"up":true'* ]]
}

@test "addresses that end some day or do not leave the link stay behind" {
  host_ip address add 192.0.2.7/24 valid_lft 1000 preferred_lft 1000 dev v0
  host_ip address add 198.51.100.1/32 scope link dev v0
  host_ip address add 198.51.100.2/32 scope host dev v0
  devices_are '{"v0": {}}'
  create_it
  run container_ip -o address show dev v0
  says 192.0.2.4
  says_not 192.0.2.7
  says_not 198.51.100
}

# field: linux.netDevices{}.name
@test "a name may be a template whose number the kernel chooses" {
  devices_are '{"v0": {"name": "eth%d"}, "v1": {"name": "eth%d"}}'
  create_it
  run container_ip -o link
  says_like ' eth0[:@]'
  says_like ' eth1[:@]'
  no_device v0
  no_device v1
}

@test "two devices may change their names with each other" {
  local first
  first=$(host_ip -json link show v0 | jq -r '.[0].address')
  devices_are '{"v0": {"name": "v1"}, "v1": {"name": "v0"}}'
  create_it
  [ "$(container_ip -json link show v1 | jq -r '.[0].address')" = "$first" ]
  tare delete it
  [ "$(host_ip -json link show v0 | jq -r '.[0].address')" = "$first" ]
}

@test "a device moves into a namespace that is joined, and stays there in the end" {
  touch "$WORK/other"
  unshare --net="$WORK/other" true
  nsenter --net="$WORK/other" ip link set lo up
  join_namespace network "$WORK/other"
  devices_are '{"v0": {"name": "eth0"}}'
  command_is ip -o link show eth0
  run_well
  says_like 'eth0.*[<,]UP'
  nsenter --net="$WORK/other" ip link show eth0
  no_device v0
}

@test "a device moves into the network of a user namespace" {
  give_rootfs_to 100000
  config '.linux.namespaces += [{type: "user"}]
    | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}]
    | .linux.gidMappings = .linux.uidMappings'
  devices_are '{"v0": {"name": "eth0"}}'
  command_is ip address show eth0
  run_well
  says 192.0.2.3
}

@test "sysctl and hooks find the device in its place" {
  devices_are '{"v0": {"name": "eth0"}}'
  config '.linux.sysctl = {"net/ipv4/conf/eth0/forwarding": "1"}'
  add_hook createRuntime "pid=\$(grep -o '\"pid\":[0-9]*' | cut -d: -f2)
    nsenter --net=/proc/\$pid/ns/net ip -o link show eth0 >$WORK/seen"
  command_is cat /proc/sys/net/ipv4/conf/eth0/forwarding
  run_well
  [ "$output" = 1 ]
  grep -q eth0 "$WORK/seen"
  rm "$WORK/seen"
}

@test "a device whose name is taken in the container is refused, and stays as it was" {
  BEFORE=$(look_at v0)
  devices_are '{"v0": {"name": "lo"}}'
  refused 'linux.netDevices["v0"]: network device lo in the container'
  is_back
  touch "$WORK/other"
  unshare --net="$WORK/other" true
  nsenter --net="$WORK/other" ip link add eth0 type veth peer name eth1
  join_namespace network "$WORK/other"
  devices_are '{"v0": {"name": "eth0"}}'
  refused 'file exists'
  is_back
}

@test "a device with the index of another one in the container finds a free one" {
  touch "$WORK/other"
  unshare --net="$WORK/other" true
  nsenter --net="$WORK/other" ip link add v0 index 60 type veth peer name eth1
  join_namespace network "$WORK/other"
  devices_are '{"v0": {"name": "eth0"}}'
  BEFORE=$(look_at v0)
  create_it
  container_ip -o link show eth0
  tare delete it
  is_back
  nsenter --net="$WORK/other" ip link show v0
}

@test "a device that is missing is refused before the first one moves" {
  BEFORE=$(look_at v0)
  devices_are '{"v0": {}, "nosuch": {}}'
  refused 'linux.netDevices["nosuch"]: network device nosuch: no such device'
  is_back
}

@test "a device that cannot move is refused in the kernel's words" {
  devices_are '{"lo": {"name": "lo1"}}'
  refused 'linux.netDevices["lo"]: move network device lo: '
  host_ip link show lo
}

@test "the namespace of the caller itself is refused" {
  join_namespace network "$WORK/host"
  devices_are '{"v0": {"name": "eth0"}}'
  BEFORE=$(look_at v0)
  refused "the container's network namespace is our own"
  is_back
}

@test "when the container cannot be created the device is back as it was" {
  BEFORE=$(look_at v0)
  devices_are '{"v0": {"name": "eth0"}, "v1": {"name": "eth1"}}'
  command_is nosuch
  refused 'executable file not found'
  is_back
  host_ip -o link show v1 | grep -q '[<,]UP'
}

@test "when a hook fails the device is back, with its bridge" {
  host_ip link add name br0 type bridge || skip 'no bridges here'
  host_ip link set v0 master br0
  BEFORE=$(look_at v0)
  [[ $BEFORE == *'"master":"br0"'* ]]
  devices_are '{"v0": {"name": "eth0"}}'
  add_hook createContainer 'exit 7'
  refused 'createContainer hook'
  is_back
}

@test "a container that was never started gives the device back" {
  BEFORE=$(look_at v0)
  devices_are '{"v0": {"name": "eth0"}}'
  create_it
  no_device v0
  tare delete it
  is_back
}

@test "what a killed create has taken, delete --force gives back" {
  BEFORE=$(look_at v0)
  devices_are '{"v0": {"name": "eth0"}}'
  touch "$WORK/other"
  unshare --net="$WORK/other" true
  join_namespace network "$WORK/other"
  add_hook createRuntime 'exec sleep 1000'
  tare create -b "$BUNDLE" it </dev/null >/dev/null 2>&1 3>&- &
  local create=$! sleeper
  wait_for pgrep -f 'sleep 1000' >/dev/null
  sleeper=$(pgrep -f 'sleep 1000')
  nsenter --net="$WORK/other" ip link show eth0
  kill -KILL "$(pgrep -x "$TARE_NAME")"
  wait "$create" || true
  no_device v0
  tare delete --force it
  is_back
  kill -KILL "$sleeper" 2>/dev/null || true # it may have ended with its parent
}

# A physical device is brought back by the kernel, bare and with the name it had in the
# container.  There is none here: one with its index and hardware address stands in for it.
@test "a device that the kernel has brought back gets what it had" {
  local link
  BEFORE=$(look_at v0)
  link=$(host_ip -json link show v0 | jq -r '.[0].address')
  devices_are '{"v0": {"name": "eth0"}}'
  create_it
  kill -KILL "$(pid_of it)"
  wait_for no_device v1
  host_ip link add dev7 index 60 mtu 1400 address "$link" type veth peer name v1
  host_ip link set v1 up
  tare delete --force it
  is_back
}

@test "another device with the index of ours is left alone" {
  devices_are '{"v0": {"name": "eth0"}}'
  create_it
  kill -KILL "$(pid_of it)"
  wait_for no_device v1
  host_ip link add dev7 index 60 type veth peer name v1
  tare delete --force it
  host_ip -o link show dev7
  no_device v0
}

@test "in the end virtual devices go with their namespace" {
  devices_are '{"v0": {"name": "eth0"}}'
  run_well
  wait_for no_device v1
  no_device v0
  no_device eth0
}
