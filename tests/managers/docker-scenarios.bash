# SPDX-License-Identifier: GPL-2.0-or-later
# docker-scenarios - what is docker's alone.
# shellcheck shell=bash
# shellcheck disable=SC2016,SC2154

# ---- build ----

dockerfile() { # writes it and the image's files
  mkdir -p context
  tar -C "$PLACE/box" -cf context/box.tar .
  cat >context/Dockerfile
}

it_build_runs_commands() {
  dockerfile <<'FILE'
FROM localhost/box:latest
LABEL made=here
RUN echo built >/built && id -u >>/built
USER 1000
RUN id -u >/tmp/who
CMD cat /built /tmp/who
FILE
  ok e build --tag made:build context
  ok e run --rm made:build
  output_is $'built\n0\n1000'
}

it_build_from_scratch() {
  dockerfile <<'FILE'
FROM scratch
LABEL made=here
ADD box.tar /
RUN ["/bin/sh", "-c", "echo scratch >/made"]
FILE
  ok e build --tag made:scratch context
  ok e run --rm made:scratch /bin/cat /made
  output_is scratch
}

it_build_fails_where_a_command_fails() {
  dockerfile <<'FILE'
FROM localhost/box:latest
RUN exit 23
FILE
  fails e build context
  says 23
}

it_build_without_network() {
  dockerfile <<'FILE'
FROM localhost/box:latest
LABEL made=here
RUN ls /sys/class/net >/links
FILE
  ok e build --network none --tag made:alone context
  ok e run --rm made:alone cat /links
  output_is lo
}

# BuildKit executes what is called runc, and that is the runtime.
it_buildkit_runs_commands() {
  e buildx version >/dev/null 2>&1 || [[ $(e version --format '{{.Client.Version}}') == 20.* ]] ||
    skip 'no client of BuildKit here'
  dockerfile <<'FILE'
FROM localhost/box:latest
LABEL made=here
RUN echo built >/built && mkdir -p /sub && echo $$ >>/built
RUN --mount=type=tmpfs,target=/cache stat -f -c %T /cache >>/built
FILE
  DOCKER_BUILDKIT=1 ok e build --network none --tag made:kit context
  ok e run --rm made:kit cat /built
  says built
  says tmpfs
}

# ---- the daemon goes, containers stay ----

it_containers_outlive_dockerd() {
  local pid

  ok d aa -- sh -c 'trap "exit 5" TERM; while :; do echo tick; sleep 0.2; done'
  pid=$(pid_of aa)
  stop_daemon TERM
  kill -0 "$pid"
  start_daemon
  is pid "$(pid_of aa)" "$pid"
  ok e exec aa echo still
  output_is still
  ok e stop --time 10 aa
  is status "$(exit_code_of aa)" 5
}

it_containers_outlive_a_killed_dockerd() {
  ok d aa -- sleep 1000
  stop_daemon KILL
  start_daemon
  ok e exec aa echo still
  ok e pause aa
  ok e unpause aa
  ok e kill aa
  eventually state_is aa exited
}

it_an_end_while_dockerd_is_away_is_known_later() {
  local pid

  ok d aa -- sleep 1000
  pid=$(pid_of aa)
  stop_daemon TERM
  kill -KILL "$pid"
  start_daemon
  eventually state_is aa exited
  is status "$(exit_code_of aa)" 137
}

it_restart_policy_survives_dockerd() {
  ok d aa --restart always -- sleep 1000
  stop_daemon TERM
  start_daemon
  eventually state_is aa running
  ok e exec aa true
}

# ---- the rest ----

it_run_makes_a_working_directory_that_is_missing() {
  ok r --workdir /made/for/it -- pwd
  output_is /made/for/it
}

it_run_with_a_cgroup_parent() {
  ok d aa --cgroup-parent /of-ours -- sleep 1000
  matches '.*'
  [[ $(cgroup_of "$(pid_of aa)") == /of-ours/* ]]
  ok e rm --force aa
  rmdir /sys/fs/cgroup/of-ours
}

it_run_in_the_hosts_cgroup_namespace() {
  ok r --cgroupns host -- readlink /proc/self/ns/cgroup
  output_is "$(readlink /proc/self/ns/cgroup)"
}

it_run_with_shared_propagation() {
  mkdir shared
  mount --bind shared shared
  mount --make-shared shared
  ok d aa --privileged --volume "$PWD/shared:/shared:shared" -- sleep 1000
  ok e exec aa sh -c 'mkdir /shared/m && mount -t tmpfs tmpfs /shared/m && touch /shared/m/seen'
  [ -e shared/m/seen ]
  ok e rm --force aa
  umount shared/m shared
}

it_run_with_device_rules() {
  ok r --device-cgroup-rule 'c 10:229 rwm' --cap-add MKNOD -- \
    sh -c 'mknod /f c 10 229 && : </f && echo opened'
  output_is opened
}

it_system_knows_the_runtime() {
  ok e info --format '{{.DefaultRuntime}} {{.CgroupVersion}}'
  output_is 'tested 2'
}

it_update_sets_the_restart_policy() {
  ok d aa -- sleep 1000
  ok e update --restart always aa
  is policy "$(e inspect --format '{{.HostConfig.RestartPolicy.Name}}' aa)" always
}

it_run_in_a_user_namespace_of_the_host() {
  ok r --userns host -- cat /proc/self/uid_map
  matches '0 +0 +4294967295'
}

it_save_and_load_an_image() {
  ok e save --output saved.tar "$IMAGE"
  ok e load --input saved.tar
  ok r -- echo loaded
  output_is loaded
}

it_export_and_import_a_root_file_system() {
  ok e run --name aa "$IMAGE" sh -c 'echo exported >/mine'
  ok e export --output exported.tar aa
  ok e import --change 'LABEL made=here' exported.tar made:imported
  ok e run --rm made:imported /bin/cat /mine
  output_is exported
}
