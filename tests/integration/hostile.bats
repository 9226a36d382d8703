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
  local uid member
  config '.process.user = {uid: "UID", gid: "GID", additionalGids: ["MORE"]}'
  cp "$BUNDLE/config.json" "$WORK/form.json"
  for member in uid gid 'additionalGids[0]'; do
    for uid in -1 -0.0 1.5 1e3 4294967295 4294967296 18446744073709551616 18446744073709551617 '"1"' '"root"' \
      '[1]' true '{}' 0x0 +1; do
      case $member in
      uid) sed "s/\"UID\"/$uid/; s/\"GID\"/0/; s/\"MORE\"/0/" ;;
      gid) sed "s/\"UID\"/0/; s/\"GID\"/$uid/; s/\"MORE\"/0/" ;;
      *) sed "s/\"UID\"/0/; s/\"GID\"/0/; s/\"MORE\"/$uid/" ;;
      esac <"$WORK/form.json" >"$BUNDLE/config.json"
      case $uid in
      0x0 | +1) refused 'config.json:1:' ;; # no JSON
      *) refused "user.${member%%[*}" ;; # rootless no groups at all
      esac
    done
  done
  only root
  sed 's/"UID"/4294967294/; s/"GID"/4294967294/; s/"MORE"/2147483648/' <"$WORK/form.json" >"$BUNDLE/config.json"
  command_is id
  run_well
  [[ $output == 'uid=4294967294 gid=4294967294'*2147483648* ]]
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
  local path before
  command_is grep ^0:: /proc/self/cgroup
  before=$(find "$CGROUPS" -type d | sort)
  for path in /../../../tmp/out ../../../../tmp/out /a/../../../../tmp/out; do
    config '.linux.cgroupsPath = $p' --arg p "$path"
    run_it
    # Refused, or cleaned to a name within.
    [ "$status" -eq 1 ] || [ "$output" = '0::/' ]
    [ ! -e /tmp/out ]
    [ "$(find "$CGROUPS" -type d | sort)" = "$before" ]
  done
  for path in / /. /.. ''; do
    config '.linux.cgroupsPath = $p | .linux.namespaces |= map(select(.type != "cgroup"))' --arg p "$path"
    run_it
    [ "$status" -eq 1 ] || [[ $output == 0::*/it ]] || { # never the root of the tree itself
      echo "'$path': $output"
      return 1
    }
  done
}

@test "T32: one that others live in is refused, and they survive it" {
  only root
  needs_cgroup
  mkdir -p "$CGROUPS/home/below"
  sleep 1000 3>&- &
  local bystander=$!
  echo "$bystander" >"$CGROUPS/home/below/cgroup.procs"
  config '.linux.cgroupsPath = "/home/below"'
  refused 'cgroup is not empty'
  run tare delete --force it
  kill -0 "$bystander"
  config '.linux.cgroupsPath = "/home/beside"'
  run_well
  kill -0 "$bystander"
  kill "$bystander"
  wait "$bystander" || true
  wait_for rmdir "$CGROUPS/home/below" "$CGROUPS/home"
}

@test "T59: without a cgroup namespace the host's cgroups cannot be written, by bind of /sys or by mount" {
  only root
  local options
  config '.linux.namespaces += [{type: "user"}]
    | .linux.uidMappings = [{containerID: 0, hostID: 700000000, size: 65536}] | .linux.gidMappings = .linux.uidMappings'
  give_rootfs_to 700000000
  no_namespace cgroup
  shell_is 'for f in $(find /sys/fs/cgroup /mnt -name cgroup.procs 2>/dev/null); do
    (echo 0 >$f) 2>/dev/null && echo "wrote $f"; done; mkdir /sys/fs/cgroup/new 2>/dev/null && echo made; echo over'
  cp "$BUNDLE/config.json" "$WORK/base.json"
  for options in '["ro"]' '["rw"]' '[]'; do
    config '(.mounts[] | select(.type == "cgroup")).options = $o' --argjson o "$options"
    run_well
    [ "$output" = over ]
    cp "$WORK/base.json" "$BUNDLE/config.json"
  done
  config 'del(.mounts[] | select(.destination == "/sys" or .type == "cgroup"))
    | .mounts += [{destination: "/sys", type: "bind", source: "/sys", options: ["rbind", "rw"]}]'
  run_well
  [ "$output" = over ]
}

@test "T62: to find HOME in a huge /etc/passwd takes no more memory" {
  local shape peak passwd=$BUNDLE/rootfs/etc/passwd
  for shape in one-line many-lines; do
    case $shape in
    one-line) truncate -s 1G "$passwd" ;;
    many-lines) yes 'nobody:x:65534:65534:nobody:/:/bin/false' | head -c 64M >"$passwd" ;;
    esac
    create_it
    peak=$(awk '/^VmHWM/ { print $2 }' "/proc/$(pid_of it)/status")
    echo "$shape: $peak KiB"
    [ "$peak" -lt 1024 ]
    tare delete --force it
    rm "$passwd"
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
