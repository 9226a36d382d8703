# SPDX-License-Identifier: GPL-2.0-or-later
# containerd-checkpoint - containers that are saved and brought back by containerd, where CRIU
# works.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154

# It counts in ./shared. To runc's shim alone ctr passes options on, and brings back what was in
# memory: a shim of another name is there by that one, too.
counting() { # ID
  ! is_shim || RUNTIME_WORDS[1]=io.containerd.runc.v2
  mkdir -m 777 shared
  ok detached "$1" --mount "type=bind,src=$PWD/shared,dst=/shared,options=rbind:rw" -- sh -c "$COUNTING"
  eventually counts shared/count
}

ended() { # ID
  ok task kill --signal KILL "$1"
  eventually task_is "$1" STOPPED
  ok task rm "$1"
}

it_checkpoint_leaves_it_running() {
  needs_criu
  counting a
  ok task checkpoint --image-path "$PWD/images" --work-path "$PWD/work" a
  task_is a RUNNING
  eventually above shared/count "$(cat shared/count)"
  [ -s images/inventory.img ]
}

it_checkpoint_ends_it_when_told() {
  needs_criu
  counting a
  ok task checkpoint --exit --image-path "$PWD/images" a
  eventually task_is a STOPPED
  [ -s images/inventory.img ]
}

it_checkpoint_is_brought_back() {
  needs_criu
  local saved

  counting a
  ok inside a sh -c 'echo kept >/kept'
  ok c container checkpoint --rw --image --task a localhost/saved:1
  saved=$(cat shared/count)
  ended a
  ok c container rm a
  ok c container restore --rw --live a localhost/saved:1
  task_is a RUNNING
  counts_from shared/count "$((saved - 300))"
  ok inside a cat /kept
  output_is kept
  ended a
  ok c images rm localhost/saved:1
}
