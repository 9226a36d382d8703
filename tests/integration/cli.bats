#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# cli.bats - words on the command line, what is printed where, logs, help, version, features.
# shellcheck disable=SC2016,SC2119,SC2120,SC2154

load helpers

@test "long options take one dash or two, and = or a word" {
  command_is echo hello
  run timeout 30 "$TARE" -root "$STATE" run -bundle "$BUNDLE" it
  [ "$output" = hello ]
  run timeout 30 "$TARE" --root="$STATE" run --bundle="$BUNDLE" it
  [ "$output" = hello ]
  run timeout 30 "$TARE" -root="$STATE" run -bundle="$BUNDLE" it
  [ "$output" = hello ]
  run timeout 30 "$TARE" --root "$STATE" run -b "$BUNDLE" it
  [ "$output" = hello ]
}

@test "options may follow the id" {
  command_is echo hello
  run tare run it -b "$BUNDLE"
  [ "$status" -eq 0 ]
  [ "$output" = hello ]
}

@test "-- ends the options" {
  command_is echo hello
  run tare run -b "$BUNDLE" -- it
  [ "$status" -eq 0 ]
  [ "$output" = hello ]
}

@test "an unknown option is refused, on stderr by one line" {
  run --separate-stderr tare create --nosuch it
  [ "$status" -eq 1 ]
  [[ $stderr == *'flag provided but not defined: -nosuch'* ]]
  run --separate-stderr tare --nosuch list
  [ "$status" -eq 1 ]
  [[ $stderr == *'flag provided but not defined: -nosuch'* ]]
}

@test "an unknown command is refused" {
  tare_only
  run --separate-stderr tare nosuch
  [ "$status" -eq 1 ]
  [[ $stderr == *'unknown command "nosuch"'* ]]
  [ "${#stderr_lines[@]}" -eq 1 ]
}

@test "an option without its value is refused" {
  tare_only
  run tare create -b
  [ "$status" -eq 1 ]
  run tare --root
  [ "$status" -eq 1 ]
}

@test "a wrong number of arguments is refused" {
  local command
  for command in create run start state delete pause resume update events; do
    run --separate-stderr tare $command
    [ "$status" -eq 1 ]
    [[ ${stderr//\\\"/\"} == *"\"$command\" requires exactly 1 argument(s)"* ]]
    run --separate-stderr tare $command one two
    [ "$status" -eq 1 ]
  done
  run tare kill
  [ "$status" -eq 1 ]
  run tare list extra
  [ "$status" -ne 0 ] || ! is_tare
}

@test "each command explains itself" {
  local command flag
  for command in create start run exec state kill delete list ps pause resume update events spec check features completion; do
    is_tare || [[ " completion check " != *" $command "* ]] || continue
    for flag in -h --help -help; do
      run tare $command $flag
      [ "$status" -eq 0 ]
      [ "${lines[0]}" = NAME: ]
      [[ ${lines[1]} =~ ^\ +$TARE_NAME\ $command\  ]]
    done
    is_tare || continue
    run tare help $command
    [ "$status" -eq 0 ]
    [ "${lines[0]}" = NAME: ]
  done
}

@test "help goes to stdout and names all commands" {
  local command
  run --separate-stderr tare --help
  [ "$status" -eq 0 ]
  [ -z "$stderr" ]
  says 'Open Container Initiative runtime'
  for command in create start run exec state kill delete list ps pause resume update events spec features; do
    says_like "(^|[[:space:]])$command "
  done
}

@test "help of what does not exist" {
  run tare nosuch -h
  [ "$status" -ne 0 ]
  says "No help topic for 'nosuch'"
}

@test "the version, line by line, as managers parse it" {
  run --separate-stderr tare --version
  [ "$status" -eq 0 ]
  [ -z "$stderr" ]
  [[ ${lines[0]} =~ ^$TARE_NAME\ version\ [0-9]+\.[0-9]+ ]]
  [[ ${lines[1]} =~ ^commit:\  ]]
  [[ ${lines[2]} =~ ^spec:\ [0-9]+\.[0-9]+\.[0-9]+ ]]
  [ "$(grep -c version <<<"$output")" -eq 1 ]
  [ "$(tare -v)" = "$output" ]
}

@test "features is JSON on stdout and nothing on stderr" {
  run --separate-stderr "$TARE" features
  [ "$status" -eq 0 ]
  [ -z "$stderr" ]
  [ "$(jq -r .ociVersionMin <<<"$output")" = 1.0.0 ]
  jq -e '.ociVersionMax | startswith("1.")' <<<"$output"
  jq -e '.hooks | index("poststop")' <<<"$output"
  jq -e '.mountOptions | index("rro") and index("bind") and index("noexec")' <<<"$output"
  jq -e '.linux.namespaces | index("user") and index("cgroup") and index("time")' <<<"$output" || ! is_tare
  jq -e '.linux.cgroup.v2' <<<"$output"
  jq -e '.linux.seccomp.enabled' <<<"$output"
  jq -e '.linux.capabilities | index("CAP_SYS_ADMIN")' <<<"$output"
}

@test "features needs neither HOME nor a state directory" {
  run env -i "$TARE" features
  [ "$status" -eq 0 ]
  jq -e .linux <<<"$output"
}

@test "features names only options that work" {
  tare_only
  only root
  mkdir "$WORK/source"
  # Each at a place of its own; the recursive ones on what is bound.
  config '.mounts += [$listed[0].mountOptions - ["bind", "rbind", "remount", "idmap", "ridmap"] | .[] |
    {destination: "/mnt/\(.)", type: "tmpfs", source: "tmpfs", options: [.]}
    + (if startswith("r") and (IN("ro", "rw", "relatime") | not)
      then {type: "bind", source: $source, options: ["rbind", .]} else {} end)]' \
    --slurpfile listed <("$TARE" features) --arg source "$WORK/source"
  [ "$(jq '[.mounts[] | select(.destination | startswith("/mnt/"))] | length' "$BUNDLE/config.json")" -gt 50 ]
  shell_is 'grep -c " /mnt/" /proc/self/mountinfo'
  run_well
  [ "$output" -eq "$(jq '[.mounts[] | select(.destination | startswith("/mnt/"))] | length' "$BUNDLE/config.json")" ]
}

@test "completion for bash is a script that completes" {
  tare_only
  "$TARE" completion bash >"$WORK/completion"
  run bash -c 'source "$1" && COMP_WORDS=(tare st) COMP_CWORD=1 COMP_LINE="tare st" COMP_POINT=7 &&
    f=$(complete -p tare) && f=${f##*-F } && ${f%% *} tare st tare && printf "%s\n" "${COMPREPLY[@]}"' - "$WORK/completion"
  [ "$status" -eq 0 ]
  says start
  says state
}

@test "spec writes a config.json that runs, and overwrites nothing" {
  rm "$BUNDLE/config.json"
  cd "$BUNDLE"
  case $MODE in
  rootless | plain) "$TARE" spec --rootless ;;
  *) "$TARE" spec ;;
  esac
  jq -e '.ociVersion and .process.args == ["sh"] and .root.path == "rootfs"' config.json
  cp config.json "$WORK/before"
  run "$TARE" spec
  [ "$status" -eq 1 ]
  says 'exists'
  cmp config.json "$WORK/before"
  config '.process.terminal = false | .process.args = ["echo", "runs"]'
  run tare run it
  [ "$status" -eq 0 ]
  [ "$output" = runs ]
}

@test "spec --rootless has a user namespace and maps the caller" {
  rm "$BUNDLE/config.json"
  "$TARE" spec --rootless -b "$BUNDLE"
  jq -e '[.linux.namespaces[].type] | index("user")' "$BUNDLE/config.json"
  jq -e --argjson u "$(id -u)" '.linux.uidMappings == [{containerID: 0, hostID: $u, size: 1}]' "$BUNDLE/config.json"
}

@test "an error goes to stderr, and to the log if there is one" {
  run --separate-stderr tare state nobody
  [ -z "$output" ]
  [[ $stderr == *'container does not exist'* ]]
  run --separate-stderr tare --log "$WORK/log" state nobody
  [[ $stderr == *'container does not exist'* ]]
  grep -q 'level=error msg="container does not exist"' "$WORK/log"
  grep -qE '^time="20[0-9-]+T[0-9:.]+(Z|[+-][0-9:]+)" ' "$WORK/log"
}

@test "the log in JSON is one object per error, and is appended to" {
  run tare --log "$WORK/log" --log-format json state nobody
  run tare --log="$WORK/log" --log-format=json state nobody
  [ "$(wc -l <"$WORK/log")" -eq 2 ]
  [ "$(jq -r .level "$WORK/log" | sort -u)" = error ]
  [ "$(jq -r .msg "$WORK/log" | sort -u)" = 'container does not exist' ]
  jq -re .time "$WORK/log" | grep -qE '^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9:]+)$'
}

@test "the log stays empty when all is well" {
  tare_only
  "$TARE" --root "$STATE" --log "$WORK/log" --log-format json run -b "$BUNDLE" it
  [ ! -s "$WORK/log" ]
}

@test "a log that cannot be opened is an error" {
  run tare --log "$WORK/no/such/log" list
  [ "$status" -eq 1 ]
}

@test "an unknown log format is refused" {
  run tare --log-format xml list
  [ "$status" -eq 1 ]
  says 'log-format'
}

@test "--debug shows each step of both sides" {
  tare_only
  run --separate-stderr tare --debug run -b "$BUNDLE" it
  [ "$status" -eq 0 ]
  [[ $stderr == *level=debug* ]]
  [[ $stderr =~ step\ [a-z-]+\ parent ]]
  [[ $stderr =~ step\ [a-z-]+\ init ]]
  [ -z "$output" ]
  run --separate-stderr tare --debug --log "$WORK/log" --log-format json run -b "$BUNDLE" it
  [ -z "$stderr" ]
  jq -e 'select(.level == "debug")' "$WORK/log" >/dev/null
}

@test "the state root is made when it is missing, and \$XDG_RUNTIME_DIR is the user's default" {
  tare_only
  command_is echo hello
  if [ "$(id -u)" = 0 ] && [ "$MODE" = root ]; then
    run timeout 30 "$TARE" run -b "$BUNDLE" it
    [ "$status" -eq 0 ]
    [ "$(stat -c %a /run/tare)" = 700 ]
    rmdir /run/tare
  else
    run timeout 30 "$TARE" run -b "$BUNDLE" it
    [ "$status" -eq 0 ]
    [ -d "$XDG_RUNTIME_DIR/tare" ]
    rmdir "$XDG_RUNTIME_DIR/tare"
  fi
}

@test "the root directory / is refused as state root" {
  run timeout 30 "$TARE" --root / list
  is_tare || skip 'refused with another command'
  [ "$status" -ne 0 ]
}

@test "options that managers pass and that need no deed" {
  tare_only
  command_is echo hello
  run timeout 30 "$TARE" --root "$STATE" --rootless=auto run --no-new-keyring --no-subreaper -b "$BUNDLE" it
  [ "$status" -eq 0 ]
  [ "$output" = hello ]
}

@test "the pid file and the log of containerd's call" {
  tare_only
  command_is sleep 100
  tare --log "$BUNDLE/log.json" --log-format json create --bundle "$BUNDLE" --pid-file "$BUNDLE/init.pid" it \
    </dev/null >"$WORK/out" 2>&1
  [ "$(cat "$BUNDLE/init.pid")" = "$(pid_of it)" ]
  tare --log "$BUNDLE/log.json" --log-format json start it
  tare --log "$BUNDLE/log.json" --log-format json kill --all it 9
  wait_for status_is it stopped
  tare --log "$BUNDLE/log.json" --log-format json delete it
  [ ! -s "$BUNDLE/log.json" ]
}

@test "stdout that is full is an error" {
  tare_only
  run bash -c '"$TARE" features >/dev/full'
  [ "$status" -ne 0 ]
  create_it
  run bash -c '"$TARE" --root "$1" state it >/dev/full' - "$STATE"
  [ "$status" -ne 0 ]
}
