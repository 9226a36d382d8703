#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# lsm.bats - AppArmor profiles and SELinux labels, where the kernel has them and where not.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2153
#
# Profiles and policies are the whole machine's: they are loaded in hack/vm only
# (hack/vm --lsm apparmor test --mode root ./lsm.bats; the same with selinux).

load helpers

BOX=tests_u:tests_r:box_t
OTHER=tests_u:tests_r:other_t
DATA=tests_u:tests_r:data_t
SECRET=tests_u:tests_r:secret_t
STRICT=tests_u:tests_r:strict_t

has_apparmor() {
  [ -d /sys/kernel/security/apparmor ] && grep -q Y /sys/module/apparmor/parameters/enabled
}

# A policy is loaded before the first test looks at the mounts, as "seclabel" comes to them; it
# stays until the machine goes down.
setup_file() {
  if [ -n "${IN_TARE_VM:-}" ] && [ "$MODE" = root ] && [ -e /sys/fs/selinux/enforce ] &&
    ! has_selinux && command -v checkpolicy >/dev/null; then
    before_policy >"$BATS_FILE_TMPDIR/refusal"
    checkpolicy -U allow -c 33 -o "$BATS_FILE_TMPDIR/policy" "$STAGE/integration/lsm/policy.conf"
    cat "$BATS_FILE_TMPDIR/policy" >/sys/fs/selinux/load
    echo 1 >/sys/fs/selinux/enforce
  fi
}

# What is said where there is SELinux, but nothing that gives its labels a meaning.
before_policy() {
  WORK=$BATS_FILE_TMPDIR STATE=$BATS_FILE_TMPDIR/state
  make_bundle before
  config '.process.selinuxLabel = $l' --arg l "$BOX"
  ! tare run -b "$BUNDLE" it 2>&1
}

has_selinux() {
  [ -e /sys/fs/selinux/enforce ] && [ "$(tr -d '\0' </proc/self/attr/current)" != kernel ]
}

needs_profiles() {
  only root
  has_apparmor || skip 'the kernel has no AppArmor, or it is off'
  [ -n "${IN_TARE_VM:-}" ] || skip 'profiles are loaded in hack/vm only'
  needs apparmor_parser
  local name
  for name in tare-test tare-other; do
    printf 'profile %s flags=(attach_disconnected) {
      file, capability, network, signal, ptrace, unix, mount, umount, pivot_root,
      deny /tmp/not-%s w,
    }\n' "$name" "$name"
  done | apparmor_parser --replace --skip-cache
}

needs_no_apparmor() {
  ! has_apparmor || skip 'the kernel has AppArmor'
}

needs_policy() {
  only root
  [ -e /sys/fs/selinux/enforce ] || skip 'the kernel has no SELinux, or it is off'
  [ -n "${IN_TARE_VM:-}" ] || skip 'a policy is loaded in hack/vm only'
  needs checkpolicy
  [ "$(cat /sys/fs/selinux/enforce)" = 1 ]
}

needs_no_selinux() {
  ! has_selinux || skip 'the kernel has SELinux'
}

# ---- AppArmor ----

# field: process.apparmorProfile
@test "AppArmor: all processes of the container are under the profile, and it counts" {
  needs_profiles
  config '.root.readonly = false | .process.apparmorProfile = "tare-test"'
  shell_is 'cat /proc/1/attr/apparmor/current; sh -c "cat /proc/self/attr/current"
    echo >/tmp/not-tare-test; echo >/tmp/other && ls /tmp'
  run_well
  [ "${lines[0]}" = 'tare-test (enforce)' ]
  [ "${lines[1]}" = 'tare-test (enforce)' ]
  says '/tmp/not-tare-test: Permission denied'
  [ "${lines[-1]}" = other ]
}

@test "AppArmor: the profile is there without no_new_privs and in a user namespace, too" {
  needs_profiles
  config '.process.apparmorProfile = "tare-test" | .process.noNewPrivileges = false'
  command_is cat /proc/self/attr/current
  run_well
  [ "$output" = 'tare-test (enforce)' ]
  give_rootfs_to 100000
  config '.linux.namespaces += [{type: "user"}]
    | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}]
    | .linux.gidMappings = .linux.uidMappings'
  run_well
  [ "$output" = 'tare-test (enforce)' ]
}

@test "AppArmor: the container's own hooks are under the profile" {
  needs_profiles
  config '.root.readonly = false | .process.apparmorProfile = "tare-test"'
  add_hook startContainer 'cat /proc/self/attr/current >/tmp/seen'
  command_is cat /tmp/seen
  run_well
  [ "$output" = 'tare-test (enforce)' ]
}

@test "AppArmor: an unconfined container is what it says" {
  needs_profiles
  config '.process.apparmorProfile = "unconfined"'
  command_is cat /proc/self/attr/current
  run_well
  [ "$output" = unconfined ]
}

@test "AppArmor: a profile that is not loaded is refused by its name" {
  needs_profiles
  config '.process.apparmorProfile = "tare-nowhere"'
  refused "process.apparmorProfile: "
  says tare-nowhere
  says 'no such file or directory'
  run tare create -b "$BUNDLE" it
  [ "$status" -eq 1 ]
  says tare-nowhere
  run tare check -b "$BUNDLE"
  says 'process.apparmorProfile: profile "tare-nowhere" is not loaded'
}

@test "AppArmor: exec takes the container's profile, or the one that is given" {
  needs_profiles
  config '.process.apparmorProfile = "tare-test"'
  command_is sleep 1000
  create_it
  tare start it
  run tare exec it cat /proc/self/attr/current
  [ "$status" -eq 0 ]
  [ "$output" = 'tare-test (enforce)' ]
  run tare exec --apparmor tare-other it cat /proc/self/attr/current
  [ "$status" -eq 0 ]
  [ "$output" = 'tare-other (enforce)' ]
  run tare exec --apparmor tare-nowhere it true
  [ "$status" -ne 0 ]
  says tare-nowhere
}

@test "AppArmor: a profile is refused where there is none to be had" {
  needs_no_apparmor
  tare_only
  config '.process.apparmorProfile = "tare-test"'
  refused 'apparmor: config provided but apparmor not supported'
  config '.process.apparmorProfile = ""'
  run_well
}

# ---- SELinux ----

# field: process.selinuxLabel
@test "SELinux: all processes of the container have the label" {
  needs_policy
  config '.process.selinuxLabel = $l' --arg l "$BOX"
  shell_is 'cat /proc/1/attr/current; echo; sh -c "cat /proc/self/attr/current"; echo; keys label'
  run_well
  [ "$(tr -d '\0' <<<"$output" | sort -u)" = "$BOX" ]
  config '.process.noNewPrivileges = false'
  run_well
  [ "$(tr -d '\0' <<<"$output" | sort -u)" = "$BOX" ]
}

@test "SELinux: under no_new_privs a label needs nnp_transition of the policy" {
  needs_policy
  config '.process.selinuxLabel = $l' --arg l "$STRICT"
  command_is cat /proc/self/attr/current
  refused 'exec'
  says 'operation not permitted'
  config '.process.noNewPrivileges = false'
  run_well
  [ "$(tr -d '\0' <<<"$output")" = "$STRICT" ]
}

@test "SELinux: the container's own hooks have the label" {
  needs_policy
  config '.root.readonly = false | .process.selinuxLabel = $l' --arg l "$BOX"
  add_hook startContainer 'cat /proc/self/attr/current >/tmp/seen'
  command_is cat /tmp/seen
  run_well
  [ "$(tr -d '\0' <<<"$output")" = "$BOX" ]
}

# field: linux.mountLabel
@test "SELinux: file systems of the container have its mount label, and it counts" {
  needs_policy
  config '.process.selinuxLabel = $l | .linux.mountLabel = $m' --arg l "$BOX" --arg m "$SECRET"
  shell_is 'grep -c "context=$0" /proc/self/mounts; grep -E "^(proc|sysfs) .*context" /proc/self/mounts
    echo >/dev/shm/it'
  config '.process.args += [$m]' --arg m "$SECRET"
  run_it
  [ "$status" -eq 1 ]
  [ "${lines[0]}" -ge 3 ]
  says "/dev/shm/it: Permission denied"
  says_not context
  config '.linux.mountLabel = $m | .process.args[-1] = $m' --arg m "$DATA"
  run_well
  [ "${lines[0]}" -ge 3 ]
}

@test "SELinux: message queues get the mount label, which takes no option there" {
  needs_policy
  config '.process.selinuxLabel = $l | .linux.mountLabel = $m' --arg l "$BOX" --arg m "$SECRET"
  command_is sleep 1000
  create_it
  tare start it
  [ "$(stat -c %C "/proc/$(pid_of it)/root/dev/mqueue")" = "$SECRET" ]
  [ "$(stat -c %C "/proc/$(pid_of it)/root/dev/shm")" = "$SECRET" ]
}

@test "SELinux: a mount's own context comes first" {
  needs_policy
  config '.linux.mountLabel = $m' --arg m "$SECRET"
  add_mount /mnt tmpfs tmpfs "context=$DATA"
  shell_is 'grep " /mnt " /proc/self/mounts'
  run_well
  says "context=$DATA"
}

@test "SELinux: labels that the policy does not know are refused by their place" {
  needs_policy
  config '.process.selinuxLabel = "tests_u:tests_r:none_t"'
  refused 'process.selinuxLabel: '
  says 'tests_u:tests_r:none_t'
  config 'del(.process.selinuxLabel) | .linux.mountLabel = "nonsense"'
  refused 'context=nonsense'
  says 'invalid argument'
  config '.process.selinuxLabel = "tests_u:tests_r:none_t"'
  run tare check -b "$BUNDLE"
  says "process.selinuxLabel: selinux label 'tests_u:tests_r:none_t' is not valid"
  says "linux.mountLabel: selinux label 'nonsense' is not valid"
}

@test "SELinux: exec takes the container's label, or the one that is given" {
  needs_policy
  config '.process.selinuxLabel = $l' --arg l "$BOX"
  command_is sleep 1000
  create_it
  tare start it
  run tare exec it cat /proc/self/attr/current
  [ "$status" -eq 0 ]
  [ "$(tr -d '\0' <<<"$output")" = "$BOX" ]
  run tare exec --process-label "$OTHER" it cat /proc/self/attr/current
  [ "$status" -eq 0 ]
  [ "$(tr -d '\0' <<<"$output")" = "$OTHER" ]
  run tare exec --process-label nonsense it true
  [ "$status" -ne 0 ]
  says nonsense
}

@test "SELinux: a label is refused as long as no policy is loaded" {
  needs_policy
  [ -e "$BATS_FILE_TMPDIR/refusal" ] || skip 'a policy was loaded before'
  output=$(cat "$BATS_FILE_TMPDIR/refusal")
  says 'process.selinuxLabel: selinux label is specified in config, but selinux is disabled or not supported'
}

@test "SELinux: a label is refused where there is no SELinux" {
  needs_no_selinux
  tare_only
  config '.process.selinuxLabel = "u:r:t"'
  refused 'process.selinuxLabel: selinux label is specified in config, but selinux is disabled or not supported'
  config 'del(.process.selinuxLabel) | .linux.mountLabel = "u:r:t"'
  refused 'linux.mountLabel: selinux label is specified in config, but selinux is disabled or not supported'
  config '.process.selinuxLabel = "" | .linux.mountLabel = ""'
  run_well
}
