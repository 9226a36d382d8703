# SPDX-License-Identifier: GPL-2.0-or-later
# buildah - buildah(1) with a storage of its own; what it runs, it runs with the runtime.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2119,SC2120 # others read and call them
# shellcheck disable=SC2016,SC2154

IMAGE=localhost/box:latest
export HOME_OF=$STAGE/b CONTAINERS_CONF=$STAGE/b/containers.conf
# It keeps its own storage mounted.
KEPT='/root/overlay$'
CLIENT=(buildah --root "$HOME_OF/root" --runroot "$HOME_OF/run" --storage-driver overlay)

b() { # ARGUMENT...
  "${CLIENT[@]}" "$@"
}

# In the container `work`, made for each scenario: [OPTION...] -- COMMAND...
step() {
  local options=()

  while [ "$1" != -- ]; do options+=("$1") && shift; done
  shift
  b run --runtime "$RUNTIME" --isolation oci "${options[@]}" work "$@"
}

clean_up() {
  b rm --all
  # shellcheck disable=SC2046 # a list
  b rmi --force $(b images --quiet --filter label=made)
}

start_manager() {
  mkdir -p "$HOME_OF"
  printf '[containers]\nnetns = "none"\ndefault_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]\n' \
    >"$CONTAINERS_CONF"
  has_controller pids || echo 'pids_limit = 0' >>"$CONTAINERS_CONF"
  mount -t tmpfs -o mode=755 tmpfs /var/lib
  b from --name start scratch || return
  tar -C "$PLACE/box" -cf "$HOME_OF/box.tar" .
  b add start "$HOME_OF/box.tar" / || return
  b config --env PATH=/bin:/sbin start
  b commit start "$IMAGE" || return
  b rm start
  b from --name work "$IMAGE" && step -- true
  b rm work
}

stop_manager() {
  (clean_up) >/dev/null 2>&1
}

working() {
  ok b from --name work "$IMAGE"
}

it_run_prints_what_the_program_says() {
  working
  ok step -- echo hello
  says hello
}

it_run_passes_the_exit_status_on() {
  working
  exits 42 step -- sh -c 'exit 42'
}

it_run_changes_the_image() {
  working
  b config --label made=here work
  ok step -- sh -c 'echo changed >/file'
  ok b commit work made:changed
  ok b from --name work2 made:changed
  ok b run --runtime "$RUNTIME" --isolation oci work2 cat /file
  says changed
}

it_run_as_a_user() {
  working
  ok step --user 1000:1000 -- id -u
  says 1000
}

it_run_with_a_volume() {
  working
  mkdir shared && echo content >shared/file
  ok step --volume "$PWD/shared:/shared:ro" -- sh -c 'cat /shared/file; touch /shared/x || echo refused'
  says content
  says refused
}

it_run_with_a_mount() {
  working
  ok step --mount type=tmpfs,destination=/scratch -- stat -f -c %T /scratch
  says tmpfs
}

it_run_with_capabilities() {
  working
  ok step --cap-drop CAP_CHOWN -- grep CapBnd /proc/self/status
  is bit "$((0x$(awk '/CapBnd/ { print $2 }' <<<"$output") & 1))" 0
  ok step --cap-add CAP_SYS_ADMIN -- grep CapBnd /proc/self/status
  is bit "$((0x$(awk '/CapBnd/ { print $2 }' <<<"$output") >> 21 & 1))" 1
}

it_run_in_another_directory() {
  working
  ok step --workingdir /tmp -- pwd
  says /tmp
}

it_run_with_the_environment() {
  working
  ok step --env COLOUR=blue -- sh -c 'echo $COLOUR'
  says blue
}

it_run_with_a_terminal() {
  working
  ok with_terminal "${CLIENT[@]}" run --runtime "$RUNTIME" --isolation oci --terminal work \
    sh -c 'test -t 0 && tty; sleep 0.5'
  says /dev/pts/
}

it_run_with_namespaces() {
  working
  ok step --pid host --ipc host -- sh -c 'readlink /proc/self/ns/pid; readlink /proc/self/ns/ipc'
  says "$(readlink /proc/self/ns/pid)"
  says "$(readlink /proc/self/ns/ipc)"
}

it_run_says_that_the_program_is_missing() {
  working
  fails step -- no-such-program
  says 'executable file not found in $PATH'
}

it_build_runs_commands() {
  mkdir context
  printf 'FROM %s\nLABEL made=here\nRUN echo built >/built\nUSER 1000\nRUN id -u >/tmp/who\n' \
    "$IMAGE" >context/Containerfile
  ok b build --runtime "$RUNTIME" --isolation oci --tag made:build context
  ok b from --name work made:build
  ok step -- cat /built /tmp/who
  says built
  says 1000
}

it_build_fails_where_a_command_fails() {
  mkdir context
  printf 'FROM %s\nRUN exit 23\n' "$IMAGE" >context/Containerfile
  fails b build --runtime "$RUNTIME" --isolation oci context
  says 23
}

it_build_with_a_cache_mount() {
  mkdir context
  printf 'FROM %s\nLABEL made=here\nRUN --mount=type=tmpfs,target=/cache stat -f -c %%T /cache >/kind\n' \
    "$IMAGE" >context/Containerfile
  ok b build --runtime "$RUNTIME" --isolation oci --tag made:cache context
  ok b from --name work made:cache
  ok step -- cat /kind
  says tmpfs
}
