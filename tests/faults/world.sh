# SPDX-License-Identifier: GPL-2.0-or-later
# world.sh - the sweep itself, run by sweep.sh inside of what tests/integration/run makes.
# shellcheck shell=bash disable=SC2016,SC2153
set -u

export NOTIFY_SOCKET=@tare-nobody # who would hear of each container if he were there

STATE=$TMPDIR/state
WORK=$TMPDIR/sweep
mkdir -m 700 "$STATE"
mkdir "$WORK"
count=0
failed=0
said=

tare() {
  timeout -k 5 30 "$TARE" --root "$STATE" "$@"
}

# ---- verdicts ----

verdict() { # NAME PROBLEMS
  count=$((count + 1))
  if [ -z "$2" ]; then
    echo "ok $count - $1"
    return
  fi
  failed=$((failed + 1))
  echo "not ok $count - $1"
  printf '%s\n' "$2" "it said: $said" | sed 's/^/# /'
}

snapshot() {
  "$STAGE/bin/snapshot" cgroups /sys/fs/cgroup state "$STATE" not "$STATE" not "$WORK" \
    files "$TMPDIR" files /dev/shm files /var/tmp files /run
}

# What is there and was not before, once it has had a second to go.
left() {
  local tries

  for ((tries = 0; tries < 20; tries++)); do
    snapshot >"$WORK/after"
    LC_ALL=C comm -13 "$WORK/before" "$WORK/after" >"$WORK/left"
    [ -s "$WORK/left" ] || return 0
    sleep 0.05
  done
  sed 's/^/left: /' "$WORK/left"
}

# ---- bundles ----

template() { # NAME FILTER [JQ OPTIONS...]
  mkdir "$WORK/$1"
  cp -dR "$STAGE/rootfs" "$WORK/$1/rootfs"
  jq -c "${@:2}" <"$TMPDIR/template/good.json" >"$WORK/$1/config.json"
}

full='.hooks = {
    prestart: [{path: "/bin/true"}], createRuntime: [{path: "/bin/true"}],
    createContainer: [{path: "/bin/true"}], startContainer: [{path: "/bin/true"}]}
  | .linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", listenerPath: "'$WORK/agent'",
    syscalls: [{names: ["swapon"], action: "SCMP_ACT_NOTIFY"}]}
  | .process.noNewPrivileges = true
  | .linux.sysctl = {"net.ipv4.ip_unprivileged_port_start": "80"}
  | .process.oomScoreAdj = 500'

# Who answers for swapon(2) in the full bundle, until we end.
start_agent() {
  "$STAGE/bin/agent" serve "$WORK/agent" </dev/null >"$WORK/agent.log" 2>&1 &
  trap 'kill "$!" 2>/dev/null' EXIT
  until grep -q ready "$WORK/agent.log"; do sleep 0.01; done
}

make_bundles() {
  template plain .
  start_agent
  if [ "$MODE" = root ]; then
    template full "$full | .linux.namespaces += [{type: \"user\"}, {type: \"time\"}]
      | .linux.timeOffsets = {monotonic: {secs: 5}, boottime: {secs: 7}}
      | .linux.resources.unified = {\"cgroup.max.depth\": \"5\"}
      | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}]
      | .linux.gidMappings = .linux.uidMappings"
    mkdir "$WORK/full/rootfs/run/notify" # which the container's root could not make
    chmod -R a+rX "$WORK"
    make_mapped
    make_joined
    make_bare
  else
    template full "$full"
    jq 'if any(.linux.namespaces[]; .type == "network") then . else del(.linux.sysctl) end' \
      <"$WORK/full/config.json" >"$WORK/full/config.new"
    mv "$WORK/full/config.new" "$WORK/full/config.json"
  fi
}

# A mount with ids of its own; one of a file system that is known to be able to.
make_mapped() {
  mkdir "$WORK/mapped"
  mount -t tmpfs tmpfs "$WORK/mapped"
  jq '.mounts += [{destination: "/tmp", source: $s, options: ["rbind", "ridmap"]}]' \
    --arg s "$WORK/mapped" <"$WORK/full/config.json" >"$WORK/full/config.new"
  mv "$WORK/full/config.new" "$WORK/full/config.json"
}

# Two processes; the second is in the pid namespace.
hold_pid_namespace() {
  unshare --pid --kill-child --fork sleep infinity &
  HOLDER=$!
  until pgrep -P "$HOLDER" sleep >/dev/null; do sleep 0.01; done
  PIDNS=/proc/$HOLDER/ns/pid_for_children
}

# What only root may have: namespaces that are there already, a terminal, devices.
make_joined() {
  hold_pid_namespace
  touch "$WORK/netns"
  unshare --net="$WORK/netns" true
  ip link add v0 type veth peer name v1 || exit
  home_device
  template joined '.process.terminal = true
    | .linux.namespaces |= map(.path = {network: $net, pid: $pid}[.type] | del(.path | nulls))
    | .linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW"}
    | .process.scheduler = {policy: "SCHED_BATCH", nice: 1}
    | .linux.netDevices = {v0: {name: "eth0"}}
    | .linux.devices = [{type: "c", path: "/dev/mine", major: 1, minor: 5}]' --arg net "$WORK/netns" --arg pid "$PIDNS"
}

# A container that was started leaves its network device in the namespace that it joined.
home_device() {
  nsenter --net="$WORK/netns" ip link set eth0 netns $$ name v0 2>/dev/null || true
  ip address replace 192.0.2.3/24 dev v0
  ip link set v0 up
}

# One that was not has given it back, with its address and up.
has_device() { # BUNDLE STEP
  [ "$1" = "$WORK/joined" ] || return 0
  case $2 in wait-for-start | hooks-start | seccomp | exec) return 0 ;; esac
  ip -o -4 address show dev v0 up 2>/dev/null | grep -q 192.0.2.3
}

# Without a mount namespace, where what is mounted could stay on the host.
make_bare() {
  template bare 'del(.linux.namespaces[] | select(.type == "mount"))
    | del(.linux.maskedPaths, .linux.readonlyPaths)
    | .mounts += [{destination: "/tmp", source: "/usr", options: ["rbind", "ro"]}]'
}

# The steps of a bundle as it tells them itself, and those behind the last that it traces.
steps_of() { # BUNDLE
  local traced

  traced=$(tare --debug run -b "$1" it 2>&1 | sed -n 's/.*msg="step \([a-z-]*\) .*/\1/p' | sort -u)
  echo "$traced"
  grep -qx go-on <<<"$traced" || echo wait-for-start
  if jq -e .hooks "$1/config.json" >/dev/null; then echo hooks-start; fi
  if jq -e .linux.seccomp.listenerPath "$1/config.json" >/dev/null; then echo reach-agent; fi
  if jq -e .linux.seccomp "$1/config.json" >/dev/null; then echo seccomp; fi
  echo exec
}

# ---- the sweep ----

attempt() { # BUNDLE STEP KIND
  status=0
  [ "$1" != "$WORK/joined" ] || home_device
  said=$(TARE_FAULT=$2:$3 timeout -k 5 30 "$TARE" --root "$STATE" run -b "$1" it 2>&1 </dev/null) ||
    status=$?
}

# A name is cut to what the kernel keeps of it.
names() { # STEP
  [[ $said == *"${1:0:15}"* ]]
}

fails_with_errno() { # BUNDLE STEP
  local problems=''

  attempt "$1" "$2" 5
  [ "$status" -eq 1 ] || problems="status $status"
  [[ $said == "$2: injected fault: input/output error" ]] || problems+=" another error"
  has_device "$@" || problems+=" the network device is not back"
  problems+=$(left)
  tare delete --force it >/dev/null 2>&1 || problems+=" delete --force failed"
  verdict "$(basename "$1"): $2 fails" "$problems"
}

is_killed() { # BUNDLE STEP
  local problems=''

  attempt "$1" "$2" kill
  [ "$status" -ne 0 ] || problems="status 0"
  if [ "$status" -eq 1 ] && ! names "$2"; then problems+=" the step is not named"; fi
  said+=$(tare delete --force it 2>&1) || problems+=" delete --force failed"
  has_device "$@" || problems+=" the network device is not back"
  problems+=$(left)
  verdict "$(basename "$1"): killed in $2" "$problems"
}

other_is_killed() { # BUNDLE STEP
  local problems=''

  attempt "$1" "$2" kill-other
  [[ $said != *"nobody else is there"* ]] || return 0
  # Before there is another side, nobody is hurt.
  case $2 in
  reserve-state | save-config | notify-directory | make-cgroup | cgroup-limits | open-namespaces | \
    map-mounts | early-filter | find-agent | open-host-files | start-init | record-surfaced)
    [ "$status" -eq 0 ] || problems="status $status"
    ;;
  *) [ "$status" -ne 0 ] || problems="status 0" ;;
  esac
  said+=$(tare delete --force it 2>&1) || problems+=" delete --force failed"
  [ "$status" -eq 0 ] || has_device "$@" || problems+=" the network device is not back"
  problems+=$(left)
  verdict "$(basename "$1"): the other side killed in $2" "$problems"
}

# create has gone when these fail: start says why.
start_tells() { # BUNDLE STEP
  local problems=''

  TARE_FAULT=$2:5 tare create -b "$1" it </dev/null >"$WORK/out" 2>&1 || problems="create failed"
  said=$(tare start it 2>&1) && problems+=" start succeeded"
  [ "$2" = wait-for-start ] || names "$2: injected fault" || problems+=" the step is not named"
  tare delete it >/dev/null 2>&1 || tare delete --force it || problems+=" delete failed"
  problems+=$(left)
  verdict "$(basename "$1"): start tells that $2 failed" "$problems"
}

sweep() { # BUNDLE
  local step steps

  steps=$(steps_of "$1")
  for step in $steps; do
    fails_with_errno "$1" "$step"
    is_killed "$1" "$step"
    other_is_killed "$1" "$step"
    ! jq -e .process.terminal "$1/config.json" >/dev/null || continue # create would want a socket
    case $step in
    go-on) start_tells "$1" wait-for-start ;;
    wait-for-start | hooks-start | reach-agent | seccomp | exec) start_tells "$1" "$step" ;;
    esac
  done
  status=0
  [ "$1" != "$WORK/joined" ] || home_device
  said=$(tare run -b "$1" it 2>&1 </dev/null) || status=$?
  [ "$status" -eq 0 ] || said+=" (status $status)"
  verdict "$(basename "$1"): after all that it runs" "${status#0}$(left)"
}

# ---- exec ----

exec_steps() { # OPTION...
  tare --debug exec "$@" it true 2>&1 </dev/null | sed -n 's/.*msg="step \([a-z-]*\) .*/\1/p' | sort -u
  echo exec
}

# A step of an exec fails, is killed, or the other side is; the container goes on as before.
exec_fault() { # NAME STEP KIND OPTION...
  local problems='' name=$1 step=$2 kind=$3

  shift 3
  status=0
  said=$(TARE_FAULT=$step:$kind timeout -k 5 30 "$TARE" --root "$STATE" exec --pid-file "$WORK/pid" "$@" it true 2>&1 </dev/null) ||
    status=$?
  [[ $said != *"nobody else is there"* ]] || return 0
  case $kind in
  5)
    [ "$status" -eq 255 ] || problems="status $status"
    [[ $said == "$step: injected fault: input/output error" ]] || problems+=" another error"
    ;;
  kill-other) # before there is another side, or once it has done its part, nobody is hurt
    case $step in
    open-cgroup | compile-seccomp | find-agent | reserve-pid-file | connect-pidfd-socket | open-host-files | \
      initial-affinity | start-init | executed | pid-file | send-pidfd) ;;
    *) [ "$status" -ne 0 ] || problems="status 0" ;;
    esac
    ;;
  *) [ "$status" -ne 0 ] || problems="status 0" ;;
  esac
  if [ "$status" -eq 0 ]; then rm -f "$WORK/pid"; fi
  # Whoever is killed once it is written has left the pid file, and nothing else.
  [ "$status" -ne 137 ] || rm -f "$WORK/pid"
  problems+=$(find "$WORK" -maxdepth 1 -name '*pid*' -printf ' left: %f')
  [ "$(tare state it | jq -r .status)" = running ] || problems+=" the container has not survived"
  problems+=$(left)
  verdict "$name: exec $step:$kind" "$problems"
}

sweep_exec() { # NAME FILTER OPTION...
  local step name=$1

  jq -c "del(.hooks) | .process.args = [\"sleep\", \"1000\"] | .process.terminal = false
    | del(.linux.seccomp.listenerPath, .linux.seccomp.listenerMetadata) | .linux.seccomp.syscalls[].action = \"SCMP_ACT_ERRNO\" | $2" \
    <"$WORK/full/config.json" >"$WORK/full/exec.json"
  tare run --detach --config "$WORK/full/exec.json" -b "$WORK/full" it </dev/null >"$WORK/out" 2>&1
  shift 2
  snapshot >"$WORK/before"
  for step in $(exec_steps "$@"); do
    exec_fault "$name" "$step" 5 "$@"
    exec_fault "$name" "$step" kill "$@"
    exec_fault "$name" "$step" kill-other "$@"
  done
  status=0
  said=$(tare exec "$@" it true 2>&1 </dev/null) || status=$?
  verdict "$name: after all that exec works" "${status#0}$(left)"
  tare delete --force it
}

# ---- mounts ----

# The mounts of the container, apart from their numbers.
mounts_of_it() {
  tare exec it cat /proc/self/mountinfo | sed 's/^[0-9]* [0-9]* //'
}

# A step fails, is killed, or the other side is: nothing is mounted then.  What comes last comes
# when all is mounted.
mounts_fault() { # STEP KIND
  local problems='' step=$1 kind=$2

  status=0
  said=$(TARE_FAULT=$step:$kind timeout -k 5 30 "$TARE" --root "$STATE" mounts add it "$WORK/mounts.json" 2>&1 </dev/null) ||
    status=$?
  [[ $said != *"nobody else is there"* ]] || return 0
  case $kind:$step in
  kill-other:open-host-files | kill-other:start-init | kill-other:end-init) ;;
  *) [ "$status" -ne 0 ] || problems="status 0" ;;
  esac
  if [ "$kind" = 5 ]; then
    [[ $said == "$step: injected fault: input/output error" ]] || problems+=" another error"
  fi
  if [ "$status" -eq 0 ] || [ "$step" = end-init ] || [ "$kind:$step" = kill:add-mounts ] ||
    [ "$kind:$step" = kill-other:add-mounts ]; then
    tare mounts remove it "$WORK/mounts.json" >/dev/null 2>&1 || true
  fi
  mounts_of_it | cmp -s - "$WORK/mounts.before" || problems+=" something is still mounted"
  [ "$(tare state it | jq -r .status)" = running ] || problems+=" the container has not survived"
  problems+=$(left)
  verdict "mounts $step:$kind" "$problems"
}

sweep_mounts() {
  local step

  jq -c 'del(.hooks, .linux.seccomp) | .process.args = ["sleep", "1000"] | .process.terminal = false' \
    <"$WORK/full/config.json" >"$WORK/full/mounts.json"
  echo '[{"destination": "/home", "type": "tmpfs"}, {"destination": "/mnt", "type": "tmpfs"}]' >"$WORK/mounts.json"
  mkdir -p "$WORK/full/rootfs/mnt"
  tare run --detach --config "$WORK/full/mounts.json" -b "$WORK/full" it </dev/null >"$WORK/out" 2>&1
  mounts_of_it >"$WORK/mounts.before"
  snapshot >"$WORK/before"
  for step in open-host-files start-init enter-container become-root commit add-mounts end-init; do
    mounts_fault "$step" 5
    mounts_fault "$step" kill
    mounts_fault "$step" kill-other
  done
  tare delete --force it
}

# ---- restore ----

# What is saved has a terminal, and ends when it finds a file; it joins $WORK/netns.
save_images() {
  ip link set lo up # CRIU tries TCP
  template saved '.process.terminal = true | .root.readonly = false
    | .process.args = ["sh", "-c", "until [ -e /go ]; do sleep 0.01; done"]
    | .linux.resources.unified = {"cgroup.max.depth": "5"}
    | (.linux.namespaces[] | select(.type == "network")).path = $net
    | .hooks = {createRuntime: [{path: "/bin/true"}], poststop: [{path: "/bin/true"}]}' --arg net "$WORK/netns"
  jq 'del(.linux.resources)' <"$WORK/saved/config.json" >"$WORK/saved/no-cgroup.json"
  "$STAGE/bin/recvtty" "$WORK/console" "$WORK/said" </dev/null >"$WORK/recvtty.log" 2>&1 &
  until [ -S "$WORK/console" ]; do sleep 0.01; done
  tare create --console-socket "$WORK/console" -b "$WORK/saved" it </dev/null >"$WORK/out" 2>&1 || return
  tare start it & # waits until it is ready, which it will not say
  until [ "$(tare state it | jq -r .status)" = running ]; do sleep 0.01; done
  tare checkpoint --image-path "$WORK/images" it
}

restore() { # FAULT OPTION...
  TARE_FAULT=$1 timeout -k 5 30 "$TARE" --root "$STATE" "${@:2}" restore --pid-file "$WORK/saved/pid" \
    --config "$WORK/saved/${CONFIG:-config.json}" --image-path "$WORK/images" -b "$WORK/saved" it 2>&1 </dev/null
}

# A step of a restore fails, is killed, or the other side is: CRIU, and then the container.
restore_fault() { # STEP KIND OPTION...
  local problems='' step=$1 kind=$2

  status=0
  said=$(restore "$step:$kind" "${@:3}") || status=$?
  case $kind in
  5)
    [ "$status" -eq 1 ] || problems="status $status"
    [[ $said == "$step: injected fault: input/output error" ]] || problems+=" another error"
    [ ! -e "$WORK/saved/pid" ] || problems+=" the pid file is there"
    problems+=$(left)
    ;;
  kill) [ "$status" -eq 137 ] || problems="status $status" ;;
  # Whoever is told that a container ended has it deleted.
  kill-other) [ "$status" -eq 1 ] || [ "$status" -eq 137 ] || problems="status $status" ;;
  esac
  said+=$(tare delete --force it 2>&1) || problems+=" delete --force failed"
  rm -f "$WORK/saved/pid"
  problems+=$(find "$WORK/saved" -maxdepth 1 -name '.pid*' -printf ' left: %f')
  problems+=$(left)
  verdict "restore${3:+ $4}: $step:$kind" "$problems"
}

# All that a restore is made of; it says so itself.
sweep_restore() {
  local step steps

  snapshot >"$WORK/before"
  touch "$WORK/saved/rootfs/go"
  said=$(restore '' --debug) && rm -f "$WORK/saved/pid"
  steps=$(sed -n 's/.*msg="step \([a-z-]*\) .*/\1/p' <<<"$said")
  verdict "restore: it works, step by step" "$([[ $steps == *write-record ]] || echo "steps: $steps")$(left)"
  rm -f "$WORK/saved/rootfs/go"
  for step in $steps; do
    restore_fault "$step" 5
    restore_fault "$step" kill
    case $step in # before CRIU is there, nobody is hurt
    record-criu | restore | record-init | send-console | pid-file | write-record) restore_fault "$step" kill-other ;;
    esac
  done
  # Only the record tells then what came back.
  CONFIG=no-cgroup.json restore_fault record-init kill --cgroup-manager disabled
  touch "$WORK/saved/rootfs/go"
  status=0
  said=$(restore '') || status=$?
  rm -f "$WORK/saved/pid"
  verdict "restore: after all that it works" "${status#0}$(left)"
}

make_bundles
snapshot >"$WORK/before"
sweep "$WORK/plain"
sweep "$WORK/full"
if [ -e "$WORK/joined" ]; then
  sweep "$WORK/joined"
  sweep "$WORK/bare"
  home_device # it is not in the way of a namespace that is joined
  if [ -n "${TARE_CRIU:-}" ]; then
    PATH=$TARE_CRIU:$PATH
    if save_images; then sweep_restore; else verdict "restore" "nothing was saved: $(cat "$WORK/out")"; fi
  else
    verdict "restore # SKIP no CRIU works here" ''
  fi
  kill "$HOLDER"
  umount "$WORK/netns" "$WORK/mapped"
fi
sweep_exec exec .
sweep_exec exec-filter '.process.noNewPrivileges = false
  | .linux.seccomp.syscalls += [{names: ["setsid"], action: "SCMP_ACT_ERRNO"}] | .process.execCPUAffinity = {initial: "0"}'
sweep_exec exec-terminal . --tty
sweep_exec exec-agent ".linux.seccomp.listenerPath = \"$WORK/agent\"
  | .linux.seccomp.syscalls[].action = \"SCMP_ACT_NOTIFY\""
sweep_mounts
echo "1..$count"
[ "$failed" -eq 0 ]
