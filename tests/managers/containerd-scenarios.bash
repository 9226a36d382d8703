# SPDX-License-Identifier: GPL-2.0-or-later
# containerd-scenarios - what containers are given, by containerd's client ctr(8).
# shellcheck shell=bash
# shellcheck disable=SC2016,SC2154

# ---- run ----

it_run_prints_what_the_program_says() {
  ok launch a -- echo hello
  output_is hello
}

it_run_passes_the_exit_status_on() {
  exits 42 launch a -- sh -c 'exit 42'
}

it_run_says_128_and_the_signal_that_ended_the_program() {
  (eventually inside a true && task kill --signal KILL a) >/dev/null 2>&1 &
  exits 137 launch a -- sleep 30
}

it_run_keeps_stdout_and_stderr_apart() {
  launch a -- sh -c 'echo out; echo err >&2' >out 2>err
  is stdout "$(cat out)" out
  is stderr "$(cat err)" err
}

it_run_reads_what_is_typed() {
  is output "$(echo typed | launch a -- head -n 1)" typed
}

it_run_brings_64_mib_through_stdout() {
  is sum "$(launch a -- sh -c "$BIG_COMMAND" | sha256sum | cut -d' ' -f1)" "$(big_sum)"
}

it_run_brings_8_mib_through_stdin() {
  is sum "$(head -c 8388608 /dev/zero | tr '\0' y | launch a -- sh -c 'head -c 8388608 | sha256sum')" \
    "$(head -c 8388608 /dev/zero | tr '\0' y | sha256sum)"
}

it_run_sets_the_environment() {
  ok launch a --env ONE=1 --env 'TWO=a b' -- sh -c 'echo "$ONE,$TWO"'
  output_is '1,a b'
}

it_run_reads_an_environment_file() {
  echo FROM_FILE=yes >words
  ok launch a --env-file words -- sh -c 'echo $FROM_FILE'
  output_is yes
}

it_run_sets_the_working_directory() {
  ok launch a --cwd /tmp -- pwd
  output_is /tmp
}

it_run_makes_a_working_directory_that_is_missing() {
  ok launch a --cwd /made/for/it -- pwd
  output_is /made/for/it
}

it_run_has_pid_1() {
  ok launch a -- sh -c 'echo $$'
  output_is 1
}

it_run_has_its_own_host_name() {
  ok launch a -- hostname
  says_not "$(hostname)-"
  ok launch b -- readlink /proc/self/ns/uts
  [ "$output" != "$(readlink /proc/self/ns/uts)" ]
}

it_run_has_namespaces_of_its_own() {
  local name

  for name in pid net mnt ipc uts; do
    ok launch "ns-$name" -- readlink "/proc/self/ns/$name"
    [ "$output" != "$(readlink "/proc/self/ns/$name")" ] || fail "$name is the host's"
  done
}

it_run_shares_the_hosts_network() {
  ok launch a --net-host -- readlink /proc/self/ns/net
  output_is "$(readlink /proc/self/ns/net)"
}

it_run_joins_a_namespace() {
  local pid

  ok detached first -- sleep 100
  pid=$(task_pid first)
  ok launch a --with-ns "network:/proc/$pid/ns/net" -- readlink /proc/self/ns/net
  output_is "$(readlink "/proc/$pid/ns/net")"
}

it_run_mounts_a_directory_of_the_host() {
  mkdir shared && echo content >shared/file
  ok launch a --mount "type=bind,src=$PWD/shared,dst=/shared,options=rbind:rw" -- \
    sh -c 'cat /shared/file; echo back >/shared/new'
  output_is content
  is new "$(cat shared/new)" back
}

it_run_mounts_a_directory_read_only() {
  mkdir shared
  fails launch a --mount "type=bind,src=$PWD/shared,dst=/shared,options=rbind:ro" -- \
    touch /shared/new
  says 'Read-only file system'
  [ ! -e shared/new ]
}

it_run_mounts_a_tmpfs() {
  ok launch a --mount type=tmpfs,src=tmpfs,dst=/scratch,options=size=64k -- \
    sh -c 'stat -f -c %T /scratch; dd if=/dev/zero of=/scratch/x bs=1k count=100 2>/dev/null; echo $?'
  output_is $'tmpfs\n1'
}

it_run_has_a_read_only_root() {
  fails launch a --read-only -- touch /new
  says 'Read-only file system'
}

it_run_keeps_writes_out_of_the_image() {
  ok launch a -- touch /new
  fails launch b -- ls /new
}

it_run_uses_a_root_file_system_of_the_host() {
  cp -a "$PLACE/box" root && echo mine >root/mine
  ok c run --rm --rootfs "${RUNTIME_WORDS[@]}" "$PWD/root" a /bin/cat /mine
  output_is mine
}

# ---- privileges ----

it_run_has_the_usual_capabilities() {
  ok launch a -- grep CapEff /proc/self/status
  says 00000000a80425fb
}

it_run_adds_a_capability() {
  ok launch a --cap-add CAP_SYS_ADMIN -- grep CapEff /proc/self/status
  says 00000000a82425fb
}

it_run_drops_a_capability() {
  fails launch a --cap-drop CAP_CHOWN -- chown 1:1 /tmp
  says 'peration not permitted'
  ok launch b -- chown 1:1 /tmp
}

it_run_does_not_let_privileges_grow() {
  ok launch a -- grep NoNewPrivs /proc/self/status
  says 1
  ok launch b --allow-new-privs -- grep NoNewPrivs /proc/self/status
  says 0
}

it_run_privileged_sees_devices_and_may_mount() {
  ok launch a --privileged -- sh -c 'mount -t tmpfs tmpfs /mnt 2>/dev/null ||
    { mkdir -p /m && mount -t tmpfs tmpfs /m; }; [ -e /dev/loop-control ] || [ -e /dev/fuse ]; echo $?'
  output_is 0
  fails launch b -- sh -c 'mkdir -p /m && mount -t tmpfs tmpfs /m'
}

it_run_is_under_the_default_seccomp_profile() {
  ok launch a --seccomp -- grep 'Seccomp:' /proc/self/status
  says 2
  fails launch b --seccomp -- unshare -U true
  says 'peration not permitted'
}

it_run_is_under_a_seccomp_profile_of_the_users() {
  echo '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir","mkdirat"],
    "action":"SCMP_ACT_ERRNO","errnoRet":28}]}' >profile
  fails launch a --seccomp --seccomp-profile "$PWD/profile" -- mkdir /new
  says 'No space left on device'
}

it_run_masks_what_is_the_hosts_alone() {
  ok launch a -- sh -c 'wc -c </proc/keys; wc -c </proc/timer_list; ls /sys/firmware | wc -w'
  output_is $'0\n0\n0'
  fails launch b -- sh -c 'echo 1 >/proc/sys/kernel/panic'
  says 'Read-only file system'
}

it_run_may_use_a_device() {
  ok launch a --device /dev/fuse -- sh -c 'test -c /dev/fuse && : </dev/fuse && echo opened'
  output_is opened
  fails launch b -- sh -c 'mknod /f c 10 229 && : </f'
  says 'peration not permitted'
}

it_run_has_a_user_namespace() {
  ok launch a --uidmap 0:100000:65536 --gidmap 0:100000:65536 -- \
    sh -c 'read -r _ out _ </proc/self/uid_map; id -u; echo $out'
  output_is $'0\n100000'
}

# ---- config.json as ctr does not write it: --config takes a whole one ----

changed_config() { # JQ-FILTER
  ok detached template -- sleep 100
  c container info template | jq ".Spec | $1 |
    del(.linux.resources.cpu) | .linux.cgroupsPath = \"/test/changed\"" >config.json
  cp -a "$PLACE/box" "$SCRATCH/root"
  jq --arg root "$SCRATCH/root" '.root.path = $root' config.json >changed.json
  c task kill --signal KILL template
  eventually not task_is template RUNNING
}

run_config() {
  c run --rm "${RUNTIME_WORDS[@]}" --config "$PWD/changed.json" configured
}

it_config_runs_as_another_user_with_groups() {
  changed_config '.process.user = {uid: 1000, gid: 1000, additionalGids: [5, 6], umask: 63} |
    .process.args = ["sh", "-c", "id; umask"]'
  ok run_config
  says 'uid=1000'
  says 'groups=5,6'
  says 0077
}

it_config_sets_rlimits() {
  changed_config '.process.rlimits = [{type: "RLIMIT_NOFILE", soft: 123, hard: 234}] |
    .process.args = ["sh", "-c", "ulimit -Sn; ulimit -Hn"]'
  ok run_config
  output_is $'123\n234'
}

it_config_sets_sysctls() {
  changed_config '.linux.sysctl = {"net.ipv4.ip_forward": "1", "kernel.shm_rmid_forced": "1"} |
    .process.args = ["cat", "/proc/sys/net/ipv4/ip_forward", "/proc/sys/kernel/shm_rmid_forced"]'
  ok run_config
  output_is $'1\n1'
}

it_config_runs_hooks() {
  changed_config '.hooks = {
    createRuntime: [{path: "/bin/sh", args: ["sh", "-c", "cat >'"$SCRATCH"'/created"]}],
    poststop: [{path: "/bin/sh", args: ["sh", "-c", "cat >'"$SCRATCH"'/stopped"]}]} |
    .process.args = ["true"]'
  ok run_config
  is created "$(jq -r .status created)" creating
  is stopped "$(jq -r .status stopped)" stopped
}

it_config_with_a_hook_that_fails_fails() {
  changed_config '.hooks = {createRuntime: [{path: "/bin/false"}]} | .process.args = ["true"]'
  fails run_config
  says 'hook #0: '
}

it_config_sets_the_oom_score() {
  changed_config '.process.oomScoreAdj = 345 | .process.args = ["cat", "/proc/self/oom_score_adj"]'
  ok run_config
  output_is 345
}
