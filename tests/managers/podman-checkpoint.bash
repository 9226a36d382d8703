# SPDX-License-Identifier: GPL-2.0-or-later
# podman-checkpoint - containers that are saved and brought back by podman, where CRIU works.
# shellcheck shell=bash
# shellcheck disable=SC2154

# It counts in ./shared.
counting() { # NAME [OPTION...]
  local name=$1

  shift
  needs_criu
  mkdir -p -m 777 shared
  ok d "$name" --volume "$PWD/shared:/shared" "$@" -- sh -c "$COUNTING"
  eventually counts shared/count
}

it_checkpoint_and_restore() {
  local saved

  counting aa --network none
  ok e exec aa sh -c 'echo kept >/kept'
  ok e container checkpoint aa
  state_is aa exited
  saved=$(cat shared/count)
  ok e container restore aa
  state_is aa running
  counts_from shared/count "$saved"
  ok e exec aa cat /kept
  output_is kept
}

it_checkpoint_leaves_it_running() {
  counting aa --network none
  ok e container checkpoint --leave-running aa
  state_is aa running
  eventually above shared/count "$(cat shared/count)"
}

it_checkpoint_is_restored_from_an_archive() {
  local saved

  counting aa --network none
  ok e exec aa sh -c 'echo kept >/kept'
  ok e container checkpoint --export "$PWD/saved.tar" --compress none aa
  saved=$(cat shared/count)
  ok e rm aa
  ok e container restore --import "$PWD/saved.tar"
  counts_from shared/count "$saved"
  ok e exec aa cat /kept
  output_is kept
}

it_checkpoint_is_restored_under_another_name() {
  local saved

  counting aa --network none
  ok e container checkpoint --leave-running --export "$PWD/saved.tar" --compress none aa
  saved=$(cat shared/count)
  ok e kill aa
  ok e container restore --import "$PWD/saved.tar" --name bb
  state_is bb running
  counts_from shared/count "$((saved - 300))"
}

it_checkpoint_after_a_pre_checkpoint() {
  local saved

  counting aa --network none
  criu check --feature mem_dirty_track || skip 'this kernel does not tell CRIU which memory changes'
  ok e container checkpoint --pre-checkpoint aa
  state_is aa running
  ok e container checkpoint --with-previous aa
  saved=$(cat shared/count)
  ok e container restore aa
  counts_from shared/count "$saved"
}

it_checkpoint_with_a_network_of_its_own() {
  needs_bridge
  local address

  counting aa
  address=$(address_of aa)
  ok e container checkpoint aa
  ok e container restore aa
  state_is aa running
  is address "$(address_of aa)" "$address"
}
