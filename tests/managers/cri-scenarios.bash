# SPDX-License-Identifier: GPL-2.0-or-later
# cri-scenarios - pods and their containers, as kubelet asks for them.
# shellcheck shell=bash
# shellcheck disable=SC2016,SC2154

OWN_NETWORK='.linux.security_context.namespace_options.network = 0'

context() { # FILTER: of a container's security
  echo ".linux.security_context += $1"
}

# ---- pods ----

it_pod_is_ready_until_it_is_stopped() {
  ok pod a
  is state "$(pod_state a)" 0
  ok of_pod StopPodSandbox a
  is state "$(pod_state a)" 1
  ok of_pod RemovePodSandbox a
  fails of_pod PodSandboxStatus a
  says NOT_FOUND
}

it_pod_of_two_shares_namespaces() {
  local name

  ok pod a "$OWN_NETWORK"
  ok container a one -- sleep 1000
  ok container a two -- sleep 1000
  for name in net ipc uts; do
    is $name "$(readlink "/proc/$(pid_of one)/ns/$name")" "$(readlink "/proc/$(pid_of two)/ns/$name")"
  done
  for name in mnt pid; do
    [ "$(readlink "/proc/$(pid_of one)/ns/$name")" != "$(readlink "/proc/$(pid_of two)/ns/$name")" ]
  done
}

it_pod_of_two_talks_over_loopback() {
  ok pod a "$OWN_NETWORK"
  ok container a server -- sh -c 'while :; do echo served | nc -l -p 8080; done'
  ok container a client -- sleep 1000
  eventually inside client sh -c 'nc -w 2 127.0.0.1 8080 </dev/null | grep served'
}

it_pod_has_an_address() {
  ok pod a "$OWN_NETWORK"
  is address "$(of_pod PodSandboxStatus a | jq -r .status.network.ip)" 10.88.0.2
  ok whole a -- ip -4 address show lo
  says 10.88.0.2
}

it_pod_on_the_hosts_network() {
  ok pod a
  ok whole a -- readlink /proc/self/ns/net
  output_is "$(readlink /proc/self/ns/net)"
}

it_pod_shares_a_pid_namespace() {
  ok pod a '.linux.security_context.namespace_options.pid = 0'
  ok container a one "$(context '{namespace_options: {network: 2, pid: 0}}')" -- sleep 1234
  ok container a two "$(context '{namespace_options: {network: 2, pid: 0}}')" -- sleep 1000
  ok inside two ps -o args
  says 'sleep 1234'
}

it_pod_of_the_hosts_processes() {
  ok pod a '.linux.security_context.namespace_options.pid = 2'
  ok whole a "$(context '{namespace_options: {network: 2, pid: 2}}')" -- readlink /proc/self/ns/pid
  output_is "$(readlink /proc/self/ns/pid)"
}

it_pod_has_a_host_name() {
  ok pod a "$OWN_NETWORK"' | .hostname = "somebody"'
  ok whole a -- hostname
  output_is somebody
}

it_pod_sets_sysctls() {
  ok pod a "$OWN_NETWORK"' | .linux.sysctls = {"net.ipv4.ip_forward": "1"}'
  ok whole a -- cat /proc/sys/net/ipv4/ip_forward
  output_is 1
}

it_pod_has_name_servers() {
  ok pod a '.dns_config = {servers: ["10.9.8.7"], searches: ["tested.local"]}'
  ok whole a -- cat /etc/resolv.conf
  says 'nameserver 10.9.8.7'
  says 'search tested.local'
}

it_pod_shares_memory() {
  ok pod a
  ok container a one -- sh -c 'echo shared >/dev/shm/file; sleep 1000'
  eventually inside one test -s /dev/shm/file
  ok whole a -- cat /dev/shm/file
  output_is shared
}

it_pod_that_stops_ends_its_containers() {
  ok pod a
  ok container a one -- sleep 1000
  ok container a two -- sh -c 'trap "" TERM; sleep 1000 & wait'
  ok of_pod StopPodSandbox a
  is state "$(of_status one .state),$(of_status two .state)" 2,2
}

it_pod_whose_sandbox_was_killed_is_not_ready() {
  ok pod a
  kill -KILL "$(pod_info a .pid)"
  eventually is_not_ready a
}

is_not_ready() { # NAME
  [ "$(pod_state "$1")" = 1 ]
}

it_pods_10_in_parallel() {
  local number

  for number in 1 2 3 4 5 6 7 8 9 10; do
    { pod "p$number" && container "p$number" "n$number" -- sleep 1000; } >"out.$number" 2>&1 &
  done
  wait
  for number in 1 2 3 4 5 6 7 8 9 10; do
    has_state "n$number" 1 || fail "$(cat "out.$number")"
  done
}

# ---- containers ----

it_container_has_three_states() {
  ok pod a
  ok created a one -- sh -c 'until [ -e /tmp/go ]; do sleep 0.05; done; exit 3'
  is state "$(of_status one .state)" 0
  ok with_id StartContainer one
  is state "$(of_status one .state)" 1
  ok inside one touch /tmp/go
  eventually has_state one 2
  is status "$(of_status one .exit_code)" 3
  is reason "$(of_status one .reason)" Error
}

it_container_that_completes_says_so() {
  ok pod a
  ok whole a -- true
  ok container a one -- true
  eventually has_state one 2
  is reason "$(of_status one .reason)" Completed
}

it_container_says_what_ended_it() {
  ok pod a
  ok container a one -- sleep 1000
  kill -KILL "$(pid_of one)"
  eventually has_state one 2
  is status "$(of_status one .exit_code)" 137
  is reason "$(of_status one .reason)" Error
}

it_container_logs_both_streams() {
  ok pod a
  ok container a one -- sh -c 'echo out; echo err >&2'
  eventually has_state one 2
  eventually grep -q ' stdout F out$' logs/one.log
  eventually grep -q ' stderr F err$' logs/one.log
}

it_container_logs_long_lines_in_parts() {
  ok pod a
  ok container a one -- sh -c 'head -c 40000 /dev/zero | tr "\0" x; echo'
  eventually has_state one 2
  is bytes "$(said one | tr -d '\n' | wc -c)" 40000
  is parts "$(grep -c ' stdout P ' logs/one.log)" 2
}

it_container_logs_with_a_terminal() {
  ok pod a
  ok container a one '.tty = 1' -- sh -c 'test -t 1 && echo terminal'
  eventually has_state one 2
  eventually log_has one terminal
}

it_container_log_is_opened_anew() {
  ok pod a
  ok container a one -- sh -c 'while :; do echo line; sleep 0.05; done'
  eventually log_has one line
  mv logs/one.log logs/old
  ok with_id ReopenContainerLog one
  eventually log_has one line
}

it_container_has_environment_and_directory() {
  ok pod a
  ok whole a '.envs = [{key: "COLOUR", value: "blue"}] | .working_dir = "/home/user"' -- \
    sh -c 'echo $COLOUR; pwd'
  output_is $'blue\n/home/user'
}

it_container_mounts_a_directory() {
  mkdir shared && echo content >shared/file
  ok pod a
  ok whole a '.mounts = [{container_path: "/a", host_path: "'"$PWD/shared"'"},
      {container_path: "/b", host_path: "'"$PWD/shared"'", readonly: 1}]' -- \
    sh -c 'cat /a/file; touch /a/new; touch /b/x 2>/dev/null || echo refused'
  output_is $'content\nrefused'
  [ -e shared/new ]
}

it_container_has_a_device() {
  ok pod a
  ok whole a '.devices = [{container_path: "/dev/fuse", host_path: "/dev/fuse", permissions: "rwm"}]' -- \
    sh -c ': </dev/fuse && echo opened'
  output_is opened
}

it_container_has_a_read_only_root() {
  ok pod a
  fails whole a "$(context '{readonly_rootfs: 1}')" -- touch /new
  says 'Read-only file system'
}

it_container_runs_as_a_user_with_groups() {
  ok pod a
  ok whole a "$(context '{run_as_user: {value: 1000}, run_as_group: {value: 1000}, supplemental_groups: [5, 6]}')" -- id
  says 'uid=1000'
  says 'groups=5,6'
}

it_container_has_capabilities() {
  ok pod a
  ok whole a "$(context '{capabilities: {drop_capabilities: ["ALL"], add_capabilities: ["CHOWN"]}}')" -- \
    grep CapEff /proc/self/status
  says 0000000000000001
}

it_container_that_is_privileged_may_mount() {
  ok pod a '.linux.security_context.privileged = 1'
  ok whole a "$(context '{privileged: 1}')" -- sh -c 'mkdir /m && mount -t tmpfs tmpfs /m && echo mounted'
  output_is mounted
  fails whole a -- sh -c 'mkdir /m && mount -t tmpfs tmpfs /m'
}

it_container_does_not_let_privileges_grow() {
  ok pod a
  ok whole a "$(context '{no_new_privs: 1}')" -- grep NoNewPrivs /proc/self/status
  says 1
}

it_container_is_under_the_default_seccomp_profile() {
  ok pod a
  ok whole a "$(context '{seccomp: {profile_type: 0}}')" -- grep Seccomp: /proc/self/status
  says 2
  ok whole a "$(context '{seccomp: {profile_type: 1}}')" -- grep Seccomp: /proc/self/status
  says 0
}

it_container_is_under_a_seccomp_profile_of_the_users() {
  echo '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir","mkdirat"],
    "action":"SCMP_ACT_ERRNO","errnoRet":28}]}' >profile
  ok pod a
  fails whole a "$(context '{seccomp: {profile_type: 2, localhost_ref: "'"$PWD/profile"'"}}')" -- mkdir /new
  says 'No space left on device'
}

it_container_masks_paths() {
  ok pod a
  ok whole a "$(context '{masked_paths: ["/proc/keys", "/sys/firmware"], readonly_paths: ["/proc/sys"]}')" -- \
    sh -c 'wc -c </proc/keys; ls /sys/firmware | wc -w; echo 1 2>/dev/null >/proc/sys/kernel/panic || echo refused'
  output_is $'0\n0\nrefused'
}

# ---- exec ----

it_exec_prints_what_the_program_says() {
  ok pod a
  ok container a one -- sleep 1000
  inside one sh -c 'echo out; echo err >&2' >out 2>err
  is stdout "$(cat out)" out
  is stderr "$(cat err)" err
}

it_exec_passes_the_exit_status_on() {
  ok pod a
  ok container a one -- sleep 1000
  exits 33 inside one sh -c 'exit 33'
}

it_exec_ends_when_its_time_is_over() {
  ok pod a
  ok container a one -- sleep 1000
  fails cri ExecSync --arg id "$(container_id one)" '{container_id: $id, cmd: ["sleep", "777"], timeout: 1}'
  says DEADLINE_EXCEEDED
  eventually no_process one 'sleep 777'
}

no_process() { # NAME WORDS
  ! inside "$1" ps -o args | grep -qx "$2"
}

it_exec_says_that_the_program_is_missing() {
  ok pod a
  ok container a one -- sleep 1000
  fails inside one no-such-program
  says 'executable file not found in $PATH'
}

it_exec_into_a_stopped_container_fails() {
  ok pod a
  ok container a one -- true
  eventually has_state one 2
  fails inside one true
}

it_exec_20_in_parallel() {
  local number

  ok pod a
  ok container a one -- sleep 1000
  parallel 20 7 inside one sh -c 'echo @N@; exit $((@N@ % 7))'
}

# ---- ends ----

it_stop_sends_term() {
  ok pod a
  ok container a one -- sh -c 'trap "exit 9" TERM; echo ready; while :; do sleep 0.05; done'
  eventually log_has one ready
  ok with_id StopContainer one '{timeout: 20}'
  is status "$(of_status one .exit_code)" 9
}

it_stop_kills_who_does_not_listen() {
  ok pod a
  ok container a one -- sh -c 'trap "" TERM; echo ready; while :; do sleep 0.05; done'
  eventually log_has one ready
  ok with_id StopContainer one '{timeout: 1}'
  is status "$(of_status one .exit_code)" 137
}

it_remove_ends_a_running_container() {
  local pid

  ok pod a
  ok container a one -- sleep 1000
  pid=$(pid_of one)
  ok with_id RemoveContainer one
  fails with_id ContainerStatus one
  eventually not kill -0 "$pid"
}

it_container_is_made_again_in_its_pod() {
  ok pod a
  ok container a one -- false
  eventually has_state one 2
  ok with_id RemoveContainer one
  ok container a one '.metadata.attempt = 1' -- sleep 1000
  has_state one 1
}

it_start_says_that_the_program_is_missing() {
  ok pod a
  ok created a one -- no-such-program
  fails with_id StartContainer one
  says 'exec: "no-such-program": executable file not found in $PATH'
  is reason "$(of_status one .reason)" StartError
  is status "$(of_status one .exit_code)" 128
}

it_create_says_that_the_image_is_missing() {
  ok pod a
  fails created a one '.image.image = "localhost/none:latest"' -- true
  says NOT_FOUND
}

it_start_says_that_a_directory_cannot_be_executed() {
  ok pod a
  ok created a one -- /etc
  fails with_id StartContainer one
  says 'permission denied'
}

# ---- containerd goes, pods stay ----

it_pods_outlive_containerd() {
  local pid

  ok pod a
  ok container a one -- sh -c 'trap "exit 5" TERM; echo ready; while :; do echo tick; sleep 0.1; done'
  eventually log_has one ready
  pid=$(pid_of one)
  stop_daemon TERM
  kill -0 "$pid"
  start_daemon
  is state "$(pod_state a),$(of_status one .state)" 0,1
  is pid "$(pid_of one)" "$pid"
  ok inside one echo still
  output_is still
  ok with_id StopContainer one '{timeout: 20}'
  is status "$(of_status one .exit_code)" 5
}

it_pods_outlive_a_killed_containerd() {
  ok pod a
  ok container a one -- sleep 1000
  stop_daemon KILL
  start_daemon
  is state "$(pod_state a),$(of_status one .state)" 0,1
  ok inside one echo still
  ok container a two -- sleep 1000
  has_state two 1
}

it_an_end_while_containerd_is_away_is_known_later() {
  local pid

  ok pod a
  ok container a one -- sleep 1000
  pid=$(pid_of one)
  stop_daemon TERM
  kill -KILL "$pid"
  start_daemon
  eventually has_state one 2
  is status "$(of_status one .exit_code)" 137
}

# ---- limits: where cgroup v2 has the controllers ----

limit() { # NAME FILE
  limit_of "$(pid_of "$1")" "$2"
}

resources() { # FILTER
  echo ".linux.resources = $1"
}

it_limits_are_in_force() {
  needs_controller memory
  ok pod a
  ok container a one "$(resources '{memory_limit_in_bytes: 67108864, cpu_period: 100000, cpu_quota: 50000, cpu_shares: 512}')" -- sleep 1000
  is memory.max "$(limit one memory.max)" 67108864
  is cpu.max "$(limit one cpu.max)" '50000 100000'
  [ "$(limit one cpu.weight)" -lt 100 ]
}

it_memory_limit_ends_who_takes_more() {
  needs_controller memory
  ok pod a
  ok container a one "$(resources '{memory_limit_in_bytes: 16777216}')" -- sh -c "$GREEDY"
  PATIENCE=40 eventually has_state one 2
  is status "$(of_status one .exit_code)" 137
}

it_memory_limit_is_told_as_the_reason() {
  needs_controller memory
  ok pod a
  ok container a one "$(resources '{memory_limit_in_bytes: 16777216}')" -- sh -c "$OUTLIVES_GREEDY"
  PATIENCE=40 eventually reason_is one OOMKilled
  ok inside one touch /tmp/seen
  eventually has_state one 2
  is status "$(of_status one .exit_code)" 137
  is reason "$(of_status one .reason)" OOMKilled
}

reason_is() { # NAME REASON
  [ "$(of_status "$1" .reason)" = "$2" ]
}

it_update_changes_limits() {
  needs_controller memory
  ok pod a
  ok container a one "$(resources '{memory_limit_in_bytes: 67108864}')" -- sleep 1000
  ok with_id UpdateContainerResources one \
    '{linux: {memory_limit_in_bytes: 134217728, cpu_period: 100000, cpu_quota: 25000}}'
  is memory.max "$(limit one memory.max)" 134217728
  is cpu.max "$(limit one cpu.max)" '25000 100000'
}

it_stats_have_numbers() {
  needs_controller memory
  ok pod a
  ok container a one -- sleep 1000
  eventually has_stats one
}

has_stats() { # NAME
  with_id ContainerStats "$1" | jq -e '.stats.memory.working_set_bytes.value > 0 and
    .stats.cpu.usage_core_nano_seconds.value > 0'
}

it_systemd_makes_a_scope_in_the_pods_slice() {
  needs_systemd
  ok pod a '.linux.cgroup_parent = "tested.slice"'
  ok container a one "$(resources '{memory_limit_in_bytes: 67108864}')" -- sleep 1000
  [[ $(cgroup_of "$(pid_of one)") == */tested.slice/cri-containerd-"$(container_id one)".scope* ]]
  is MemoryMax "$(property_of_unit "$(pid_of one)" MemoryMax)" 67108864
  ok of_pod RemovePodSandbox a
  manager_of_units stop tested.slice
}
