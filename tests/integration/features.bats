#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# features.bats - what `tare features` lists is what config.json may say, and nothing is left out.
# shellcheck disable=SC2016,SC2119,SC2120

load helpers

prepare() {
  tare_only
  make_bundle
  "$TARE" features >"$WORK/features"
}

listed() { # JQ-FILTER
  jq -r "$1" "$WORK/features"
}

# The plan of the bundle; it must be made, and without a word in the log.
planned() {
  run tare --log "$WORK/log" plan -b "$BUNDLE" it
  [[ $status -eq 0 && ! -s $WORK/log ]] || {
    echo "$* is listed, but: $output $(cat "$WORK/log")"
    return 1
  }
}

@test "the document has the specification's members and no others" {
  listed 'keys[]' >"$WORK/members"
  [ "$(tr '\n' ' ' <"$WORK/members")" = 'annotations hooks linux mountOptions ociVersionMax ociVersionMin potentiallyUnsafeConfigAnnotations ' ]
  [ "$(listed '.linux | keys | join(" ")')" = 'apparmor capabilities cgroup intelRdt memoryPolicy mountExtensions namespaces netDevices seccomp selinux' ]
  [ "$(listed '.linux.cgroup | keys | join(" ")')" = 'rdma systemd systemdUser v1 v2' ]
  [ "$(listed '.linux.seccomp | keys | join(" ")')" = 'actions archs enabled knownFlags operators supportedFlags' ]
  [ "$(listed '.linux.memoryPolicy | keys | join(" ")')" = 'flags modes' ]
  jq -e '[.. | arrays | select(length != (unique | length))] == []' "$WORK/features"
  jq -e '[.. | select(. == null)] == []' "$WORK/features"
  jq -e '.linux.seccomp | .supportedFlags - .knownFlags == []' "$WORK/features"
}

@test "every mount option of the specification is listed" {
  listed '.mountOptions[]' | sort >"$WORK/listed"
  printf '%s\n' async atime bind defaults dev diratime dirsync exec iversion lazytime loud noatime nodev \
    nodiratime noexec noiversion nolazytime norelatime nostrictatime nosuid private ratime rbind rdev \
    rdiratime relatime remount rexec rnoatime rnodev rnodiratime rnoexec rnorelatime rnostrictatime \
    rnosuid rnosymfollow ro rprivate rrelatime rro rrw rshared rslave rstrictatime rsuid rsymfollow \
    runbindable rw shared silent slave strictatime suid symfollow sync tmpcopyup unbindable mand nomand \
    nosymfollow idmap ridmap | sort >"$WORK/specified"
  [ -z "$(comm -13 "$WORK/listed" "$WORK/specified" | tee /dev/stderr)" ]
}

@test "each listed mount option is understood, and not left to the file system" {
  local known=true
  [ "$MODE" = root ] || known='. != "idmap" and . != "ridmap"'
  # Each at a place of its own, and one that nobody knows.
  config '.mounts += [($listed[0].mountOptions[] | select('"$known"')), "rnosuch" |
    {destination: "/mnt/\(.)", type: "tmpfs", source: "tmpfs", options: [.]}
    + (if IN("bind", "rbind", "idmap", "ridmap")
      then {type: "bind", source: "/tmp", options: ["bind", .]} else {} end)
    + (if IN("idmap", "ridmap") then {uidMappings: $ids, gidMappings: $ids} else {} end)]' \
    --slurpfile listed "$WORK/features" --argjson ids '[{"containerID": 0, "hostID": 1000, "size": 10}]'
  planned "all options"
  grep 'at /mnt/' <<<"$output" >"$WORK/lines"
  [ "$(wc -l <"$WORK/lines")" -eq "$(jq '[.mounts[] | select(.destination | startswith("/mnt/"))] | length' "$BUNDLE/config.json")" ]
  [ "$(wc -l <"$WORK/lines")" -gt 50 ]
  [ "$(grep ', data' "$WORK/lines" | grep -o 'at /mnt/[a-z]*' | tee /dev/stderr)" = 'at /mnt/rnosuch' ]
}

@test "each listed capability is one" {
  only root # who has them all in a user namespace
  config '.linux.namespaces += [{type: "user"}] | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}]
    | .linux.gidMappings = .linux.uidMappings
    | .process.capabilities = ($c | {bounding: ., effective: ., permitted: ., inheritable: ., ambient: .})' \
    --argjson c "$(listed '.linux.capabilities | tojson')"
  planned capabilities
  [ "$(listed '.linux.capabilities | length')" -eq $(($(cat /proc/sys/kernel/cap_last_cap) + 1)) ]
}

@test "each listed hook, namespace and memory policy is taken" {
  local word
  for word in $(listed '.hooks[]'); do
    config '.hooks[$w] = [{path: "/bin/true"}]' --arg w "$word"
  done
  planned hooks
  make_bundle memory
  for word in $(listed '.linux.memoryPolicy.modes[]'); do
    case $word in
    MPOL_DEFAULT | MPOL_LOCAL) config '.linux.memoryPolicy = {mode: $w}' --arg w "$word" ;;
    *) config '.linux.memoryPolicy = {mode: $w, nodes: "0"}' --arg w "$word" ;;
    esac
    planned "$word"
  done
  for word in $(listed '.linux.memoryPolicy.flags[]'); do
    config '.linux.memoryPolicy = {mode: "MPOL_BIND", nodes: "0", flags: [$w]}' --arg w "$word"
    planned "$word"
  done
}

@test "each listed namespace is made" {
  local kind kinds=(cgroup ipc mnt net pid user uts)

  only root
  listed '.linux.namespaces[]' | grep -qx time
  [ ! -e /proc/self/ns/time ] || kinds+=(time) # a kernel may be built without
  config '.linux.namespaces = [$n[] | {type: .}] | .linux.uidMappings = [{containerID: 0, hostID: 0, size: 65536}]
    | .linux.gidMappings = .linux.uidMappings' --argjson n "$(listed '.linux.namespaces | tojson')"
  [ -e /proc/self/ns/time ] || no_namespace time
  shell_is 'for n in /proc/self/ns/*; do readlink $n; done'
  run_well
  for kind in "${kinds[@]}"; do
    says "$kind:["
    says_not "$(readlink "/proc/self/ns/$kind")"
  done
}

@test "each listed action, operator, architecture and flag makes a filter" {
  local word
  for word in $(listed '.linux.seccomp.actions[]'); do
    config '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["swapoff"], action: $w}]}' --arg w "$word"
    [ "$word" != SCMP_ACT_NOTIFY ] || continue # agent.bats
    run_well
  done
  for word in $(listed '.linux.seccomp.operators[]'); do
    config '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["swapoff"], action: "SCMP_ACT_ERRNO",
      args: [{index: 0, value: 1, op: $w}]}]}' --arg w "$word"
    run_well
  done
  config '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", architectures: $a, flags: $f}' \
    --argjson a "$(listed '.linux.seccomp.archs | tojson')" \
    --argjson f "$(listed '.linux.seccomp.supportedFlags | tojson')"
  run_well
}

@test "annotations that change what is done are listed as unsafe" {
  not_in rootless plain userns
  local name
  # Of the driver's; without systemd there is no use in one.  CRIU's: see checkpoint.bats.
  listed '.potentiallyUnsafeConfigAnnotations[]' | grep -Fqx org.systemd.property.
  listed '.potentiallyUnsafeConfigAnnotations[]' | grep -Fqx org.criu.config
  for name in $(listed '.potentiallyUnsafeConfigAnnotations[]' | grep -v -e '[.]$' -e criu); do
    make_bundle "with-$name"
    case $name in # what only counts beside something else
    run.oci.seccomp*)
      config '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["swapon"], action: $a}]}' \
        --arg a "$([[ $name == *receiver ]] && echo SCMP_ACT_NOTIFY || echo SCMP_ACT_ERRNO)"
      ;;
    run.oci.hooks.*) add_hook createRuntime true ;;
    esac
    run tare plan -b "$BUNDLE" it
    [[ $status -eq 0 || $name == *receiver ]]
    echo "$output" >"$WORK/without"
    config '.annotations[$n] = "1"' --arg n "$name"
    # Refused by name, or another plan.
    run tare plan -b "$BUNDLE" it
    [[ $status -eq 0 || $output == *"annotations[\"$name\"]: "* ]]
    run ! cmp -s "$WORK/without" <(echo "$output")
  done
}
