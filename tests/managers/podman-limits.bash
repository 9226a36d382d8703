# SPDX-License-Identifier: GPL-2.0-or-later
# podman-limits - limits of pods.
# shellcheck shell=bash
# shellcheck disable=SC2016,SC2153,SC2154

it_pod_limits_hold_for_all_of_it() {
  needs_controller memory
  needs_pods
  ok e pod create --name pod --infra-image "$IMAGE" --infra-command 'sleep 1000' --memory 64m --cpus 0.5
  ok e run --detach --pod pod --name one "$IMAGE" sleep 1000
  is memory.max "$(limit_of_pod one memory.max)" 67108864
  is cpu.max "$(limit_of_pod one cpu.max)" '50000 100000'
}

# The one around a container's.
limit_of_pod() { # CONTAINER FILE
  local own

  own=$(cgroup_of "$(pid_of "$1")")
  own=${own%/container}
  cat "/sys/fs/cgroup${own%/*}/$2"
}

it_pod_limits_end_who_takes_more() {
  needs_controller memory
  needs_pods
  ok e pod create --name pod --infra-image "$IMAGE" --infra-command 'sleep 1000' --memory 32m
  ok e run --detach --pod pod --name one "$IMAGE" sleep 1000
  exits 137 e run --pod pod --name two "$IMAGE" sh -c "$GREEDY"
  state_is one running
}

it_pod_containers_have_limits_of_their_own() {
  needs_controller memory
  needs_pods
  ok e pod create --name pod --infra-image "$IMAGE" --infra-command 'sleep 1000'
  ok e run --detach --pod pod --name one --memory 64m "$IMAGE" sleep 1000
  is memory.max "$(limit one memory.max)" 67108864
}

it_kube_play_sets_limits() {
  needs_controller memory
  needs_pods
  kube_file '["sleep", "1000"]' Never |
    sed 's/^    env:/    resources:\n      limits:\n        memory: 64Mi\n        cpu: 500m\n&/' >pod.yaml
  ok e play kube pod.yaml
  is memory.max "$(limit kube-main memory.max)" 67108864
  is cpu.max "$(limit kube-main cpu.max)" '50000 100000'
  ok e play kube --down pod.yaml
}

it_kube_play_ends_who_takes_more() {
  needs_controller memory
  needs_pods
  kube_file '["sh", "-c", "x=$(head -c 200000000 /dev/zero | tr \"\\0\" x)"]' Never |
    sed 's/^    env:/    resources:\n      limits:\n        memory: 16Mi\n&/' >pod.yaml
  ok e play kube pod.yaml
  PATIENCE=60 eventually state_is kube-main exited
  is status "$(exit_code_of kube-main)" 137
  ok e play kube --down pod.yaml
}
