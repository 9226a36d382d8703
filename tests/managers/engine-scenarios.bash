# SPDX-License-Identifier: GPL-2.0-or-later
# engine-scenarios - what containers are given by docker and podman, which speak the same words.
# shellcheck shell=bash
# shellcheck disable=SC2016,SC2154

# ---- run ----

r() { # [OPTION...] -- COMMAND...
  local options=()

  while [ "$1" != -- ]; do options+=("$1") && shift; done
  shift
  e run --rm "${options[@]}" "$IMAGE" "$@"
}

# In the background; its name is the first word.
d() { # NAME [OPTION...] -- COMMAND...
  local options=(--name "$1")

  shift
  while [ "$1" != -- ]; do options+=("$1") && shift; done
  shift
  e run --detach "${options[@]}" "$IMAGE" "$@"
}

pid_of() { # NAME
  e inspect --format '{{.State.Pid}}' "$1"
}

status_of() { # NAME
  e inspect --format '{{.State.Status}}' "$1"
}

state_is() { # NAME STATUS
  [ "$(status_of "$1")" = "$2" ]
}

exit_code_of() { # NAME
  e inspect --format '{{.State.ExitCode}}' "$1"
}

it_run_prints_what_the_program_says() {
  ok r -- echo hello
  output_is hello
}

it_run_passes_the_exit_status_on() {
  exits 42 r -- sh -c 'exit 42'
}

it_run_says_128_and_the_signal_that_ended_the_program() {
  exits 137 r --init -- sh -c 'kill -KILL $$'
}

it_run_keeps_stdout_and_stderr_apart() {
  r -- sh -c 'echo out; echo err >&2' >out 2>err
  is stdout "$(cat out)" out
  is stderr "$(cat err)" err
}

it_run_reads_what_is_typed() {
  is output "$(echo typed | r --interactive -- cat)" typed
}

it_run_brings_64_mib_through_stdout() {
  is sum "$(r "$NO_LOG" -- sh -c "$BIG_COMMAND" | sha256sum | cut -d' ' -f1)" "$(big_sum)"
}

it_run_brings_8_mib_through_stdin() {
  is sum "$(head -c 8388608 /dev/zero | tr '\0' y | r --interactive -- sha256sum)" \
    "$(head -c 8388608 /dev/zero | tr '\0' y | sha256sum)"
}

it_run_sets_the_environment() {
  ok r --env ONE=1 --env 'TWO=a b' -- sh -c 'echo "$ONE,$TWO"'
  output_is '1,a b'
}

it_run_sets_the_working_directory() {
  ok r --workdir /home/user -- pwd
  output_is /home/user
}

it_run_sets_the_host_name() {
  ok r --hostname somebody -- hostname
  output_is somebody
}

it_run_adds_a_host() {
  ok r --add-host other:10.1.2.3 -- grep other /etc/hosts
  says 10.1.2.3
}

it_run_sets_name_servers() {
  needs_network
  ok r --dns 10.9.8.7 -- cat /etc/resolv.conf
  says 10.9.8.7
}

it_run_has_pid_1() {
  ok r -- sh -c 'echo $$'
  output_is 1
}

it_run_with_init_reaps_orphans() {
  ok r --init -- sh -c 'tr "\0" " " </proc/1/cmdline; echo; (sleep 0.1 &) ; sleep 0.5
    grep -l "^State:.Z" /proc/[0-9]*/status 2>/dev/null | wc -l'
  says init
  is zombies "${lines[-1]}" 0
}

it_run_has_namespaces_of_its_own() {
  local name

  ok r -- sh -c 'cd /proc/self/ns && for n in pid net mnt ipc uts; do readlink $n; done'
  for name in pid net mnt ipc uts; do
    says_not "$(readlink "/proc/self/ns/$name")"
    says "$name:["
  done
}

it_run_shares_namespaces_of_the_host() {
  [ "$(id -u)" = 0 ] || [ -d /dev/mqueue ] || skip 'no /dev/mqueue here'
  ok r --pid host --ipc host --uts host --network host -- \
    sh -c 'cd /proc/self/ns && for n in pid ipc uts net; do readlink $n; done'
  output_is "$(cd /proc/self/ns && readlink pid ipc uts net)"
}

it_run_shares_namespaces_of_another() {
  ok d first --ipc shareable -- sleep 1000
  ok r --pid container:first --ipc container:first --network container:first -- \
    sh -c 'tr "\0" " " </proc/1/cmdline; cd /proc/self/ns && readlink ipc && readlink net'
  says 'sleep 1000'
  says "$(readlink "/proc/$(pid_of first)/ns/ipc")"
  says "$(readlink "/proc/$(pid_of first)/ns/net")"
}

it_run_has_a_private_cgroup_namespace() {
  ok r -- cat /proc/self/cgroup
  says '0::/'
  ok r -- sh -c 'cut -d: -f3 </proc/self/cgroup | tail -n 1'
  output_is /
}

# ---- files ----

it_run_mounts_a_directory() {
  mkdir shared && echo content >shared/file
  ok r --volume "$PWD/shared:/shared" -- sh -c 'cat /shared/file; echo back >/shared/new'
  output_is content
  is new "$(cat shared/new)" back
}

it_run_mounts_a_directory_read_only() {
  mkdir shared
  fails r --volume "$PWD/shared:/shared:ro" -- touch /shared/new
  says 'Read-only file system'
}

it_run_mounts_a_file() {
  echo one >file
  ok r --volume "$PWD/file:/etc/one" -- cat /etc/one
  output_is one
}

it_run_mounts_with_mount() {
  mkdir shared && echo content >shared/file
  ok r --mount "type=bind,source=$PWD/shared,target=/a,readonly" \
    --mount type=tmpfs,target=/b,tmpfs-size=65536 -- \
    sh -c 'cat /a/file; stat -f -c %T /b; touch /a/x 2>/dev/null || echo refused'
  output_is $'content\ntmpfs\nrefused'
}

it_volume_keeps_what_is_written() {
  ok e volume create kept
  ok r --volume kept:/data -- sh -c 'echo stays >/data/file'
  ok r --volume kept:/data -- cat /data/file
  output_is stays
  ok e volume rm kept
}

it_volume_of_another_container() {
  ok d first --volume /data -- sh -c 'echo mine >/data/file; sleep 1000'
  eventually e exec first test -s /data/file
  ok r --volumes-from first -- cat /data/file
  output_is mine
}

it_run_mounts_a_tmpfs() {
  ok r --tmpfs /scratch:size=64k,mode=1770 -- sh -c 'stat -f -c %T /scratch; stat -c %a /scratch
    dd if=/dev/zero of=/scratch/x bs=1k count=100 2>/dev/null; echo $?'
  output_is $'tmpfs\n1770\n1'
}

it_run_has_a_read_only_root() {
  fails r --read-only -- touch /new
  says 'Read-only file system'
  ok r --read-only --tmpfs /tmp -- touch /tmp/new
}

it_run_has_shared_memory_of_a_size() {
  ok r --shm-size 1m -- sh -c 'df -k /dev/shm | tail -n 1'
  matches '[[:space:]]1024[[:space:]]'
}

it_cp_goes_in_and_out() {
  ok d aa -- sleep 1000
  echo there >there
  ok e cp there aa:/tmp/there
  ok e exec aa cat /tmp/there
  output_is there
  ok e cp aa:/etc/passwd back
  contains back root
}

it_diff_names_what_changed() {
  ok d aa -- sh -c 'touch /new; sleep 1000'
  eventually e exec aa test -e /new
  ok e diff aa
  says 'A /new'
}

it_commit_makes_an_image() {
  ok e run --name aa "$IMAGE" sh -c 'echo kept >/kept'
  ok e commit --change 'LABEL made=here' aa made:here
  ok e run --rm made:here cat /kept
  output_is kept
}

# ---- users and privileges ----

it_run_as_a_user() {
  ok r --user 1000:1000 -- id
  says 'uid=1000(user) gid=1000(user)'
}

it_run_as_a_user_by_name() {
  ok r --user user -- sh -c 'id -u; echo $HOME'
  output_is $'1000\n/home/user'
}

it_run_with_more_groups() {
  ok r --user 1000 --group-add 5 --group-add 6 -- id -G
  says 5
  says 6
}

it_run_has_the_usual_capabilities() {
  ok r -- grep CapEff /proc/self/status
  says "$USUAL_CAPABILITIES"
}

it_run_adds_and_drops_capabilities() {
  ok r --cap-drop ALL --cap-add NET_RAW --cap-add CHOWN -- grep -E 'Cap(Eff|Bnd)' /proc/self/status
  output_is $'CapEff:\t0000000000002001\nCapBnd:\t0000000000002001'
}

it_run_as_a_user_has_no_effective_capability() {
  ok r --user 1000 -- grep CapEff /proc/self/status
  says 0000000000000000
}

it_run_privileged_may_mount() {
  ok r --privileged -- sh -c 'mkdir /m && mount -t tmpfs tmpfs /m && echo mounted'
  output_is mounted
  fails r -- sh -c 'mkdir /m && mount -t tmpfs tmpfs /m'
}

it_run_is_under_the_default_seccomp_profile() {
  ok r -- grep Seccomp: /proc/self/status
  says 2
  ok r --security-opt seccomp=unconfined -- grep Seccomp: /proc/self/status
  says 0
}

it_run_is_under_a_seccomp_profile_of_the_users() {
  echo '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir","mkdirat"],
    "action":"SCMP_ACT_ERRNO","errnoRet":28}]}' >profile
  fails r --security-opt "seccomp=$PWD/profile" -- mkdir /new
  says 'No space left on device'
}

it_run_does_not_let_privileges_grow() {
  ok r --security-opt no-new-privileges -- grep NoNewPrivs /proc/self/status
  says 1
  ok r -- grep NoNewPrivs /proc/self/status
  says 0
}

it_run_sets_ulimits() {
  ok r --ulimit nofile=123:234 --ulimit core=0:0 --ulimit nproc=999:999 -- sh -c 'ulimit -Sn; ulimit -Hn; ulimit -c'
  output_is $'123\n234\n0'
}

it_run_sets_sysctls() {
  ok r --network none --sysctl net.ipv4.ip_forward=1 --sysctl kernel.shm_rmid_forced=1 -- \
    cat /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/shm_rmid_forced
  output_is $'1\n1'
}

it_run_sets_the_oom_score() {
  ok r --oom-score-adj 345 -- cat /proc/self/oom_score_adj
  output_is 345
}

it_run_may_use_a_device() {
  : </dev/fuse || skip 'we may not use /dev/fuse'
  ok r --device /dev/fuse -- sh -c ': </dev/fuse && echo opened'
  output_is opened
  fails r -- sh -c ': </dev/fuse'
}

it_run_masks_what_is_the_hosts_alone() {
  ok r -- sh -c 'wc -c </proc/keys; wc -c </proc/timer_list; ls /sys/firmware | wc -w'
  output_is $'0\n0\n0'
  fails r -- sh -c 'echo 1 >/proc/sys/kernel/panic'
  says 'Read-only file system'
}

it_run_unmasks_when_told() {
  ok r --security-opt "$UNMASK" -- sh -c 'mount | grep " /proc/[a-z]" | wc -l'
  output_is 0
}

it_run_labels_are_shown() {
  ok d aa --label colour=blue -- sleep 1000
  ok e ps --filter label=colour=blue --format '{{.Names}}'
  output_is aa
}

# ---- terminals ----

# What a terminal was told by a program that ended at once, podman loses now and then (with runc
# in one of ten on a busy machine): hence the pauses.
it_tty_is_a_terminal() {
  ok with_terminal "${CLIENT[@]}" run --rm -it "$IMAGE" \
    sh -c 'tty; test -t 0 && test -t 1 && test -t 2 && echo all; sleep 0.5'
  says /dev/pts/0
  says all
}

it_tty_has_the_size_of_ours() {
  ok with_terminal "${CLIENT[@]}" run --rm -it "$IMAGE" sh -c 'sleep 0.5; stty size; sleep 0.5'
  says '30 100'
}

it_tty_passes_the_exit_status_on() {
  exits 7 with_terminal "${CLIENT[@]}" run --rm -it "$IMAGE" sh -c 'exit 7'
}

it_tty_interrupts_the_program() {
  { sleep 2 && printf '\003' && sleep 1; } |
    with_terminal "${CLIENT[@]}" run --rm -it "$IMAGE" \
      sh -c 'trap "echo interrupted; exit 3" INT; while :; do sleep 0.1; done' >out 2>&1 || status=$?
  is status "${status:-0}" 3
  contains out interrupted
}

it_tty_without_a_terminal_of_ours() {
  ok r --tty -- sh -c 'test -t 1 && echo terminal; sleep 0.5'
  output_is terminal
}

# ---- what does not exist ----

it_run_says_that_the_program_is_missing() {
  exits 127 r -- no-such-program
  says 'exec: "no-such-program": executable file not found in $PATH'
}

it_run_says_that_the_path_is_missing() {
  exits 127 r -- /no/such/program
  says '/no/such/program'
  says 'no such file or directory'
}

it_run_says_that_the_file_cannot_be_executed() {
  exits 126 r -- /etc/passwd
  says 'permission denied'
}

it_run_says_that_a_directory_cannot_be_executed() {
  exits 126 r -- /etc
}

it_run_says_that_the_user_is_missing() {
  fails r --user nobody-here -- true
  says nobody-here
}

it_run_says_that_a_device_is_missing() {
  fails r --device /dev/no-such -- true
  says /dev/no-such
}

it_run_says_that_a_file_is_no_directory() {
  echo >file
  fails r --volume "$PWD/file:/etc" -- true
  says 'not a directory'
}

it_run_says_that_a_sysctl_is_missing() {
  fails r --network none --sysctl net.no.such=1 -- true
  says 'net'
  says 'no such file or directory'
}

it_run_says_that_the_working_directory_is_a_file() {
  fails r --workdir /etc/passwd -- true
}
