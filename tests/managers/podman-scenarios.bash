# SPDX-License-Identifier: GPL-2.0-or-later
# podman-scenarios - what is podman's alone.
# shellcheck shell=bash
# shellcheck disable=SC2016,SC2153,SC2154

# ---- pods ----

# podman 4 forbids all devices in the cgroup of a pod, where it makes that itself: nothing that is
# started there can open even /dev/null.
needs_pods() {
  local cgroup

  [ "$(id -u)" = 0 ] && [ "$DRIVER" != systemd ] || return 0
  ok e pod create --name pod --infra-image "$IMAGE"
  cgroup=$(e pod inspect --format '{{.CgroupPath}}' pod)
  sh -c 'echo 0 >"$0/cgroup.procs" && : >/dev/null' "/sys/fs/cgroup/${cgroup:?}" ||
    skip 'podman forbids all devices in the cgroup of a pod'
  ok e pod rm --force --time 0 pod
}

it_pod_shares_namespaces() {
  needs_pods
  ok e pod create --name pod --infra-image "$IMAGE" --infra-command 'sleep 1000' --share ipc,uts,net
  ok e run --detach --pod pod --name one "$IMAGE" sleep 1000
  ok e run --rm --pod pod "$IMAGE" sh -c 'readlink /proc/self/ns/ipc; readlink /proc/self/ns/uts'
  output_is "$(readlink "/proc/$(pid_of one)/ns/ipc")"$'\n'"$(readlink "/proc/$(pid_of one)/ns/uts")"
}

it_pod_shares_a_pid_namespace() {
  needs_pods
  ok e pod create --name pod --infra-image "$IMAGE" --infra-command 'sleep 1234' --share pid
  ok e run --rm --pod pod "$IMAGE" sh -c 'tr "\0" " " </proc/1/cmdline'
  says 'sleep 1234'
}

it_pod_stops_and_starts_as_one() {
  needs_pods
  ok e pod create --name pod --infra-image "$IMAGE" --infra-command 'sleep 1000'
  ok e run --detach --pod pod --name one "$IMAGE" sleep 1000
  ok e pod stop --time 0 pod
  state_is one exited
  ok e pod start pod
  state_is one running
  ok e pod rm --force --time 0 pod
  fails e inspect one
}

it_pod_pauses_as_one() {
  needs_pods
  ok e pod create --name pod --infra-image "$IMAGE" --infra-command 'sleep 1000'
  ok e run --detach --pod pod --name one "$IMAGE" sleep 1000
  ok e pod pause pod
  state_is one paused
  ok e pod unpause pod
  state_is one running
}

it_pod_has_a_cgroup() {
  [ "$(id -u)" = 0 ] || needs_systemd
  needs_pods
  ok e pod create --name pod --infra-image "$IMAGE" --infra-command 'sleep 1000'
  ok e run --detach --pod pod --name one "$IMAGE" sleep 1000
  [[ $(cgroup_of "$(pid_of one)") == *"$(e pod inspect --format '{{.ID}}' pod)"* ]]
}

# ---- kube ----

kube_file() { # COMMAND-AS-JSON RESTART-POLICY
  cat <<FILE
apiVersion: v1
kind: Pod
metadata:
  name: kube
spec:
  restartPolicy: $2
  hostNetwork: true
  containers:
  - name: main
    image: $IMAGE
    command: $1
    env:
    - name: COLOUR
      value: blue
    securityContext:
      runAsUser: 1000
      capabilities:
        drop: [ALL]
    volumeMounts:
    - name: scratch
      mountPath: /scratch
  volumes:
  - name: scratch
    emptyDir: {}
FILE
}

it_kube_play_runs_a_pod() {
  needs_pods
  kube_file '["sh", "-c", "echo $COLOUR; id -u; echo kept >/scratch/file; sleep 1000"]' Never >pod.yaml
  ok e play kube pod.yaml
  eventually logs_have kube-main blue
  logs_have kube-main 1000
  ok e exec kube-main grep CapBnd /proc/self/status
  says 0000000000000000
  ok e play kube --down pod.yaml
}

it_kube_generate_knows_the_container() {
  ok d aa --env COLOUR=red -- sleep 1000
  ok e generate kube aa
  says 'kind: Pod'
  says 'COLOUR'
}

# ---- build ----

it_build_runs_commands() {
  mkdir context
  printf 'FROM %s\nLABEL made=here\nRUN echo built >/built && id -u >>/built\nUSER 1000\nRUN id -u >/tmp/who\nCMD cat /built /tmp/who\n' \
    "$IMAGE" >context/Dockerfile
  ok e build --network none --tag made:build context
  ok e run --rm made:build
  output_is $'built\n0\n1000'
}

it_build_from_scratch() {
  mkdir context
  tar -C "$PLACE/box" -cf context/box.tar .
  printf 'FROM scratch\nLABEL made=here\nADD box.tar /\nRUN ["/bin/sh", "-c", "echo scratch >/made"]\n' \
    >context/Dockerfile
  ok e build --network none --tag made:scratch context
  ok e run --rm made:scratch /bin/cat /made
  output_is scratch
}

it_build_fails_where_a_command_fails() {
  mkdir context
  printf 'FROM %s\nRUN exit 23\n' "$IMAGE" >context/Dockerfile
  fails e build --network none context
  says 23
}

# ---- the rest ----

it_run_with_cgroups_split() {
  ok r --cgroups no-conmon -- echo split
  output_is split
}

it_run_in_a_user_namespace() {
  ok r --uidmap 0:20000:1000 --gidmap 0:20000:1000 -- cat /proc/self/uid_map
  matches '0 +[0-9]+ +1000'
}

it_run_keeps_the_users_id() {
  [ "$(id -u)" != 0 ] || skip 'for ordinary users only'
  ok r --userns keep-id -- id -u
  output_is "$(id -u)"
}

it_run_with_systemd_mode_has_a_cgroup_to_write() {
  ok r --systemd always -- sh -c 'mkdir /sys/fs/cgroup/mine && rmdir /sys/fs/cgroup/mine && echo writable'
  output_is writable
}

it_run_with_preserved_descriptors() {
  exec 3<<<'from outside'
  ok e run --rm --preserve-fds 1 "$IMAGE" sh -c 'cat <&3'
  exec 3<&-
  output_is 'from outside'
}

it_run_with_a_pid_file() {
  ok d aa --pidfile "$PWD/pid" -- sleep 1000
  is pid "$(cat pid)" "$(pid_of aa)"
}

it_run_unmasks_one_path() {
  ok r --security-opt unmask=/proc/keys -- sh -c 'mount | grep -c " /proc/keys " || true'
  output_is 0
}

it_run_masks_one_path_more() {
  ok r --security-opt mask=/etc/passwd -- sh -c 'wc -c </etc/passwd'
  output_is 0
}

it_run_with_a_umask() {
  ok r --umask 0077 -- sh -c umask
  output_is 0077
}

it_run_with_a_time_zone() {
  ok r --tz Etc/GMT+5 -- date +%z
  matches '(-0500|\+0000)'
}

it_run_with_secrets() {
  printf 'hidden' | e secret create word - >/dev/null
  ok r --secret word -- cat /run/secrets/word
  output_is hidden
  ok e secret rm word
}

it_run_with_an_idmapped_volume() {
  mkdir shared && touch shared/file
  ok r --volume "$PWD/shared:/shared:U" --user 1000 -- stat -c %u /shared/file
  output_is 1000
}

it_run_from_a_root_file_system() {
  cp -a "$PLACE/box" root
  ok e run --rm --rootfs "$PWD/root" /bin/echo rooted
  output_is rooted
}

it_init_makes_it_ready_to_start() {
  ok e create --name aa "$IMAGE" sleep 1000
  ok e init aa
  state_is aa initialized
  ok e start aa
  state_is aa running
}

it_mount_shows_the_files() {
  local place

  [ "$(id -u)" = 0 ] || skip "only within podman unshare"
  ok d aa -- sleep 1000
  place=$(e mount aa)
  contains "$place/etc/passwd" root
  ok e umount aa
}

it_export_and_import_a_root_file_system() {
  ok e run --name aa "$IMAGE" sh -c 'echo exported >/mine'
  ok e export --output exported.tar aa
  ok e import --change LABEL=made=here exported.tar made:imported
  ok e run --rm made:imported /bin/cat /mine
  output_is exported
  ok e image rm --force made:imported
}

it_info_names_the_runtime() {
  ok e info --format '{{.Host.OCIRuntime.Path}} {{.Host.CgroupsVersion}}'
  output_is "$RUNTIME v2"
}
