#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# keyring.bats - the session keyring: new, by name, with its permissions, nobody else's.
# shellcheck disable=SC2016,SC2119,SC2120

load helpers

prepare() {
  tare_only
  KEYS=$STAGE/bin/keys
  "$KEYS" session >/dev/null || skip 'no keyrings here'
  make_bundle
}

ENOKEY=126
EACCES=13

# As the caller's session has a key of its own.
run_with_key() { # [OPTION...]
  run "$KEYS" join tare-test sh -c 'k=$1; shift; "$k" add caller secret >/dev/null; exec "$@"' sh "$KEYS" \
    timeout --foreground -k 5 30 "$TARE" --root "$STATE" run "$@" -b "$BUNDLE" it
}

@test "it is named after the container, and who possesses it may do everything" {
  command_is keys session
  run_well
  # Possessor: view, read, write, search, link, setattr; user: view, read, search, link.
  says_like '^keyring;[0-9]+;[0-9]+;3f1b0000;_ses[.]it$'
}

@test "with the longest of ids" {
  local id
  id=$(printf 'x%.0s' {1..250})
  command_is keys session
  run tare run -b "$BUNDLE" "$id"
  [ "$status" -eq 0 ]
  says_like ";3f1b0000;_ses[.]$id\$"
}

@test "it is new for each container, even of one id" {
  command_is keys serial
  run_well
  local first=$output
  # The kernel takes its time to forget the first one, and until then its name leads to it: who
  # asks too often keeps it.
  is_another() {
    sleep 1
    run_well
    [ "$output" != "$first" ]
  }
  wait_for is_another
}

@test "what the caller has in its session is not found" {
  command_is keys find caller
  run_with_key
  [ "$output" = "errno $ENOKEY" ]
}

@test "--no-new-keyring: what the caller has is found" {
  not_in rootless plain userns
  # There is no other way for a key into a new user namespace.
  command_is keys find caller
  run_with_key --no-new-keyring
  [ "$status" -eq 0 ]
  [[ $output =~ ^[0-9]+$ ]]
}

@test "a key of one container is invisible in another, also by its number" {
  shell_is 'keys add mine secret >/key; keys serial >/ring; sleep 100'
  config '.root.readonly = false'
  create_it
  tare start it
  wait_for test -s "$BUNDLE/rootfs/ring"
  local key ring
  key=$(cat "$BUNDLE/rootfs/key") ring=$(cat "$BUNDLE/rootfs/ring")
  [[ $key =~ ^[0-9]+$ ]]
  make_bundle other
  shell_is "keys find mine; keys read $key; keys in $ring mine; keys add mine other"
  run tare run -b "$BUNDLE" other
  [ "$status" -eq 0 ]
  [ "${lines[0]}" = "errno $ENOKEY" ]
  [ "${lines[1]}" = "errno $EACCES" ]
  # The user may search it, as exec must, but sees no key in it that is not the user's to see.
  [[ ${lines[2]} = "errno $EACCES" || ${lines[2]} = "errno $ENOKEY" ]]
  [ "${lines[3]}" != "$key" ]
}

@test "the process's own keys are its own as another user, too" {
  not_in rootless plain # one id
  config '.process.user = {uid: 1000, gid: 1000}'
  shell_is 'k=$(keys add mine secret) && keys read $k; keys find mine >/dev/null && echo found'
  run_well
  [ "$output" = $'secret\nfound' ]
}

# Keys of a user whom nobody else is: all that the kernel lets one have.
fill_quota_of() { # UID
  setpriv --reuid "$1" --regid "$1" --clear-groups "$KEYS" join full sh -c '
    i=0
    while "$1" add "k$i" v >/dev/null; do i=$((i + 1)); done
    echo full
    exec sleep 100' sh "$KEYS" </dev/null >"$WORK/full" 2>&1 3>&- &
  FILLER=$!
  wait_for grep -q full "$WORK/full"
}

@test "no quota left: the error says what, --no-new-keyring helps" {
  only root
  local uid=1928374650
  config '.linux.namespaces += [{type: "user"}] | .linux.uidMappings = [{containerID: 0, hostID: $u, size: 65536}]
    | .linux.gidMappings = .linux.uidMappings' --argjson u $uid
  give_rootfs_to $uid
  fill_quota_of $uid
  attempt tare create -b "$BUNDLE" it
  local first_status=$status first_output=$output
  attempt tare run --no-new-keyring -b "$BUNDLE" it
  kill "$FILLER"
  wait "$FILLER" 2>/dev/null || true
  [ "$first_status" -eq 1 ]
  [[ $first_output == *'keyring: unable to join session keyring'*'quota exceeded'* ]]
  [ "$status" -eq 0 ] || {
    echo "without a keyring: $output"
    return 1
  }
}
