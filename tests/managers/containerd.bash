# SPDX-License-Identifier: GPL-2.0-or-later
# containerd - a containerd of our own, and ctr(8) as its client.
# shellcheck shell=bash
# shellcheck disable=SC2034 # others read them

IMAGE=localhost/box:latest
export HOME_OF=$STAGE/c # short: paths of sockets end at 108 bytes
KEPT='/sys/fs/cgroup/test$' # around containers, named after their namespace

# To a shim of its own ctr cannot say that systemd makes the cgroups: the form of their path does.
if is_shim; then
  RUNTIME_WORDS=(--runtime "$RUNTIME") SYSTEMD_WORDS=()
else
  RUNTIME_WORDS=(--runc-binary "$RUNTIME") SYSTEMD_WORDS=(--runc-systemd-cgroup)
fi
# Shares need a controller; ctr asks for some by itself.
has_controller cpu || RUNTIME_WORDS+=(--cpu-shares 0)

CTR=(ctr --address "$HOME_OF/containerd.sock" --namespace test)

c() { # ARGUMENT...
  ctr --address "$HOME_OF/containerd.sock" --namespace test "$@"
}
export -f c # for shells in terminals

# Run the image in the foreground, or detached: launch ID [OPTION...] -- COMMAND...
launch() {
  launch_with --rm "$@"
}

detached() {
  launch_with --detach "$@"
}

launch_with() { # --rm|--detach ID [OPTION...] -- COMMAND...
  local how=$1 id=$2 options=()

  [ "$DRIVER" != systemd ] || options=("${SYSTEMD_WORDS[@]}" --cgroup "system.slice:test:$2")
  shift 2
  while [ "$1" != -- ]; do options+=("$1") && shift; done
  shift
  c run "$how" "${RUNTIME_WORDS[@]}" "${options[@]}" "$IMAGE" "$id" "$@"
}

inside() { # ID COMMAND...
  local id=$1

  shift
  inside_with "$id" -- "$@"
}

inside_with() { # ID [OPTION...] -- COMMAND...
  local id=$1 options=(--exec-id "e$BASHPID-$RANDOM")

  shift
  while [ "$1" != -- ]; do options+=("$1") && shift; done
  shift
  c task exec "${options[@]}" "$id" "$@"
}

task() { # VERB ARGUMENT...
  c task "$@"
}

task_status() { # ID
  c task ls | awk -v id="$1" '$1 == id { print $3 }'
}

task_pid() { # ID
  c task ls | awk -v id="$1" '$1 == id { print $2 }'
}

task_is() { # ID STATUS
  [ "$(task_status "$1")" = "$2" ]
}

# What `launch` and `detached` have left; not so many at once that each takes too long.
clean_up() {
  local id

  for id in $(c task ls -q); do
    while [ "$(jobs -rp | wc -l)" -ge 8 ]; do wait -n; done
    remove "$id" &
  done
  wait
  # shellcheck disable=SC2046 # a list
  c container rm $(c container ls -q)
}

remove() { # ID
  timeout 5 "${CTR[@]}" task kill --signal KILL --all "$1"
  (PATIENCE=3 eventually not task_is "$1" RUNNING)
  timeout 5 "${CTR[@]}" task rm --force "$1" && return
  # The shim hangs; containerd clears up behind it.
  kill -KILL "$(pgrep -f "containerd-shim.* -id $1 ")"
  (PATIENCE=10 eventually gone "$1")
}

gone() { # ID
  ! task_is "$1" RUNNING && ! task_is "$1" UNKNOWN
}

# ---- the daemon ----

start_daemon() {
  PATH=$HOME_OF/path:$PATH containerd --config "$HOME_OF/containerd.toml" >>"$HOME_OF/log" 2>&1 </dev/null &
  echo $! >"$HOME_OF/pid"
  disown
  eventually test -S "$HOME_OF/containerd.sock"
  eventually c version
}

stop_daemon() { # SIGNAL
  local pid

  pid=$(cat "$HOME_OF/pid")
  kill "-$1" "$pid"
  eventually not kill -0 "$pid"
}

start_manager() {
  mkdir -p "$HOME_OF"
  ! is_shim || shim_in_place_of_runcs "$HOME_OF/path"
  sed "s|DIRECTORY|$HOME_OF|" "$HERE/../integration/managers/containerd.toml" >"$HOME_OF/containerd.toml"
  "$HERE/../integration/managers/image" "$PLACE/box" "$HOME_OF/image.tar"
  (start_daemon) || return
  c images import "$HOME_OF/image.tar" || return
  # What the first container makes for all is not one's leak.
  launch warm -- true
}

stop_manager() {
  (clean_up) >/dev/null 2>&1
  (stop_daemon TERM) >/dev/null 2>&1
}
