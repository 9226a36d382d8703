# SPDX-License-Identifier: GPL-2.0-or-later
# helpers - containerd with the shim, for the tests of this folder.
# shellcheck shell=bash disable=SC2016

WORLD=/run/shim
SOCKET=$WORLD/c/c.sock
IMAGE=localhost/box:latest
RUNTIME=${RUNTIME:-io.containerd.tare.v2}
BUNDLES=$WORLD/c/state/io.containerd.runtime.v2.task/default
export WORLD SOCKET IMAGE RUNTIME BUNDLES

containerd_config() {
  cat <<END
version = 2
root = "$WORLD/c/root"
state = "$WORLD/c/state"
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.devmapper",
  "io.containerd.internal.v1.opt"]
[grpc]
  address = "$SOCKET"
END
}

# With DAEMON_PATH as its PATH, if that is set.
start_containerd() {
  mkdir -p "$WORLD/c"
  containerd_config >"$WORLD/c/config.toml"
  PATH=${DAEMON_PATH:-$PATH} "$(command -v containerd)" --config "$WORLD/c/config.toml" >>"$WORLD/c/log" 2>&1 </dev/null 3>&- 4>&- &
  echo $! >"$WORLD/c/pid"
  wait_for ctr_ version
}

stop_containerd() {
  local pid

  pid=$(cat "$WORLD/c/pid")
  kill "$pid"
  wait_for bash -c '! kill -0 "$1"' - "$pid"
}

# Up to 30 seconds by the clock, or as many as $SECONDS_MAX says, however long each try takes.
wait_for() { # COMMAND...
  local until=$((SECONDS + ${SECONDS_MAX:-30}))

  while ! "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$until" ] || {
      echo "in vain waited for: $*" >&2
      return 1
    }
    sleep 0.05
  done
}

# SIGTERM does not end a ctr that waits for a task: it hands the signal to the task.
in_time() { # COMMAND...
  timeout -k 5 60 "$@" 3>&- 4>&-
}

ctr_() {
  in_time ctr --address "$SOCKET" "$@"
}

# In the background, as $!. Of a function there, bash would keep what bats reads to its end.
ctr_beside() {
  (exec timeout -k 5 60 ctr --address "$SOCKET" "$@" 3>&- 4>&-) &
}

ctr_run() { # ARGUMENT...
  ctr_ run --runtime "$RUNTIME" --cpu-shares 0 "$@"
}

shims() { # prints their pids
  pgrep -f '^containerd-shim-tare-v2 '
}

no_shims() {
  ! shims
}

# Whatever a test has left. What goes on is told of one that was not completed.
remove_all() {
  local id

  [ -n "${BATS_TEST_COMPLETED:-}" ] || ps -eo pid,ppid,stat,wchan:24,etimes,args
  for id in $(ctr_ tasks ls -q); do
    ctr_ tasks kill -s KILL "$id"
    wait_for ctr_ tasks rm -f "$id"
  done
  for id in $(ctr_ containers ls -q); do ctr_ containers rm "$id"; done
  wait_for no_shims
}

# A container that sleeps, without streams.
sleeper() { # ID [OPTION OF RUN...]
  ctr_run -d --null-io "${@:2}" "$IMAGE" "$1" sleep 1000
}

state_of() { # ID
  ctr_ tasks ls | awk -v id="$1" '$1 == id { print $3 }'
}

is_state() { # ID STATE
  [ "$(state_of "$1")" = "$2" ]
}

# Resident and private memory of process PID, in KiB: "RSS PRIVATE".
memory_of() { # PID
  awk '/^Rss:/ { rss = $2 } /^Private_Dirty:/ { dirty = $2 } /^Anonymous:/ { anon = $2 }
    END { print rss, anon }' "/proc/$1/smaps_rollup"
}
