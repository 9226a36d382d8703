#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# sweep.sh [MODE...] - fail and kill every step of a start, as root and rootless; prints TAP.
#
# A build of its own (`make faults` makes it, with assertions) takes TARE_FAULT=STEP[:ERRNO|:kill|
# :kill-other].  Each step fails with an errno; then the side that does it is killed in it, then
# the other side.  The error must name the step; what is left after `delete --force` (after an
# errno: without it) must be nothing: no process, mount, cgroup, state, file. So do those of exec,
# of mounts, and of a restore, whose other side is CRIU, where one works (see hack/criu).
set -eu

cd "$(dirname "$0")/../.."
[ $# -gt 0 ] || set -- root rootless
[ -x build-faults/tare ] || { echo "sweep.sh: no build-faults/tare; make faults builds it" >&2; exit 2; }

status=0
for mode in "$@"; do
  # Network devices that move are made for the sweep, in a namespace of its own.
  enter=()
  if [ "$mode" = root ]; then
    enter=(unshare --net)
    export TARE_CRIU="${TARE_CRIU-$(hack/criu 2>/dev/null || true)}"
  fi
  TARE=$PWD/build-faults/tare tests/integration/run --mode "$mode" \
    --exec "${enter[@]}" bash -c "$(cat tests/faults/world.sh)" sweep || status=$?
done
exit "$status"
