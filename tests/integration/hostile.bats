#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# hostile.bats - odd ids, files in odd places, and hosts that are short of everything.
# shellcheck disable=SC2016,SC2030,SC2031,SC2119,SC2120

load helpers

prepare() {
  tare_only
  make_bundle
}

@test "T13: no spelling of a user becomes another user" {
  local user
  command_is sleep 1000
  create_it
  tare start it
  for user in -1 +1 ' 1' '1 ' 0x1 1e3 4294967295 4294967296 18446744073709551616 '' : 1: :1 1:-1 1:4294967295 root user; do
    run tare exec --user "$user" it id -u
    [ "$status" -eq 255 ] || {
      echo "'$user' gave $status: $output"
      return 1
    }
  done
}

@test "T14: no form of a uid in config.json becomes another uid" {
  local uid
  for uid in -1 1.5 1e3 4294967295 4294967296 18446744073709551616 '"1"' null '[1]' true '{}'; do
    sed -i 's/"uid":[^,}]*\({}\)*[^,}]*/"uid":'"$uid"'/' "$BUNDLE/config.json"
    case $uid in null) continue ;; esac
    refused user.uid
  done
}

@test "T40: groups of the caller are not the container's" {
  only root
  command_is grep ^Groups: /proc/self/status
  run setpriv --groups 4,20,24,27 "$TARE" --root "$STATE" run -b "$BUNDLE" it
  [ "$status" -eq 0 ]
  [[ $output =~ ^Groups:[[:space:]]*$ ]]
}

@test "T49: hooks have three descriptors and nothing of the container's environment" {
  config '.process.env += ["LD_EVIL=1"]'
  local kind
  for kind in createRuntime createContainer poststart poststop; do
    config '.hooks[$k] = [{path: "/bin/sh", args: ["sh", "-c", "{ ls -m /proc/self/fd; env; } >>$0", $f], env: ["A=1"]}]' \
      --arg k $kind --arg f "$WORK/seen.$kind"
  done
  exec 9</etc/passwd
  run_well
  exec 9<&-
  for kind in createRuntime createContainer poststart poststop; do
    grep -qx '0, 1, 2, 3' "$WORK/seen.$kind" # 3 is ls's own
    ! grep LD_EVIL "$WORK/seen.$kind"
  done
}

@test "T32: a cgroupsPath does not lead out of the tree" {
  only root
  needs_cgroup
  local path
  for path in /../../../tmp/out ../../../../tmp/out /a/../../../../tmp/out; do
    config '.linux.cgroupsPath = $p' --arg p "$path"
    run_it
    [ ! -e /tmp/out ]
  done
}

@test "a config.json that is no file is refused at once" {
  local kind
  for kind in pipe directory device socket; do
    rm -rf "$BUNDLE/config.json"
    case $kind in
    pipe) mkfifo "$BUNDLE/config.json" ;;
    directory) mkdir "$BUNDLE/config.json" ;;
    device) ln -s /dev/zero "$BUNDLE/config.json" ;;
    socket) ln -s "$WORK/none" "$BUNDLE/config.json" ;;
    esac
    LIMIT=5 run tare run -b "$BUNDLE" it
    [ "$status" -eq 1 ]
    says config.json
    LIMIT=5 run tare check -b "$BUNDLE"
    [ "$status" -ne 0 ] && [ "$status" -ne 124 ]
  done
}

@test "100,000 mappings are refused in words" {
  only root
  config '.linux.namespaces += [{type: "user"}]
    | .linux.uidMappings = [range(100000) | {containerID: ., hostID: (100000 + .), size: 1}]
    | .linux.gidMappings = .linux.uidMappings'
  LIMIT=20 run tare run -b "$BUNDLE" it
  [ "$status" -eq 1 ]
  says linux.uidMappings
}

@test "a state directory without room leaves nothing" {
  only root
  local size
  mkdir "$WORK/small"
  for size in 4k 8k 12k 16k 20k; do
    mount -t tmpfs -o "size=$size,mode=700" tmpfs "$WORK/small"
    run timeout 20 "$TARE" --root "$WORK/small" run -b "$BUNDLE" it
    [ "$status" -ne 124 ] && [ "$status" -lt 128 ]
    [ "$status" -eq 0 ] || [ -n "$output" ]
    [ ! -e "$WORK/small/it" ]
    umount "$WORK/small"
  done
}

@test "few descriptors leave nothing" {
  local count
  for count in 6 7 8 10 12 16 24 32; do
    run timeout 20 prlimit --nofile="$count:$count" "$TARE" --root "$STATE" run -b "$BUNDLE" it
    [ "$status" -ne 124 ] && [ "$status" -lt 128 ]
    [ "$status" -eq 0 ] || [ -n "$output" ]
    [ ! -e "$STATE/it" ]
  done
}
