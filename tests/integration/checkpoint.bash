# SPDX-License-Identifier: GPL-2.0-or-later
# checkpoint - a container that counts, and goes there and back again by CRIU.
# shellcheck shell=bash
# shellcheck disable=SC2016,SC2034,SC2119,SC2120,SC2154

setup_file() {
  find_criu
}

# Its memory is what counts: a number that goes on where it was.  Who is saved between echo and mv,
# and goes on meanwhile, has renamed the file before the one that is brought back wants to: hence
# the silence of mv.
prepare() {
  tare_only
  [ -z "$WHY_NOT" ] || skip "$WHY_NOT"
  make_bundle
  mkdir -m 777 "$WORK/shared"
  add_mount /shared bind "$WORK/shared" bind rw
  config '.root.readonly = false'
  shell_is 'i=0; while :; do i=$((i + 1)); echo $i >/shared/new; mv /shared/new /shared/count 2>/dev/null; sleep 0.01; done'
  LIMIT=60
}

start_it() { # [OPTION...]
  create_it "$@"
  tare start it
  wait_for test -s "$WORK/shared/count"
}

save_it() { # [OPTION...]
  attempt tare checkpoint --image-path "$WORK/images" "$@" it
  [ "$status" -eq 0 ] || {
    echo "checkpoint: $output"
    return 1
  }
  [ -z "$output" ]
}

bring_it_back() { # [OPTION...]
  tare_quietly restore --detach --image-path "$WORK/images" -b "$BUNDLE" "$@" it || {
    echo "restore: $(cat "$WORK/err")"
    return 1
  }
  [ ! -s "$WORK/err" ]
}

count() {
  cat "$WORK/shared/count"
}

goes_on_from() { # NUMBER: it is not far from there, and counts
  local now

  now=$(count)
  [ "$now" -ge "$1" ] || return 1
  [ "$now" -le $(($1 + 2000)) ] || return 1
  wait_for eval "[ \$(count) -gt $now ]"
}
