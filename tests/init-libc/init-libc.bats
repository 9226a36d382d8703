#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# init-libc - the small libc of tare-init does what the machine's own does; needs no root.

setup() {
	cd "$BATS_TEST_DIRNAME/../.." || return
	work=$(mktemp -d)
}

teardown() {
	rm -rf "$work"
}

# compile NAME COMPILER FLAG...: the probe, as program NAME
compile() {
	local name=$1 compiler=$2
	shift 2
	"$compiler" -std=gnu17 -D_GNU_SOURCE -w -I. -Isrc -Os -o "$work/$name" \
		tests/init-libc/probe.c "$@"
}

# ours NAME COMPILER: with the small libc, as tare-init is built
ours() {
	compile "$1" "$2" src/init/libc/*.c -fno-builtin -fno-pie -fno-stack-protector \
		-U_FORTIFY_SOURCE -ffunction-sections -fdata-sections -nostdlib -static \
		-Wl,--gc-sections -lgcc
}

# result NAME: what the probe prints and returns, in an empty directory
result() {
	mkdir "$work/$1.d"
	(cd "$work/$1.d" && status=0 && { env -i A=b "$work/$1" argument || status=$?; } && echo "$status") \
		>"$work/$1.out" 2>&1
}

same_as_glibc() {
	command -v "$1" >/dev/null || skip "$1 is not installed"
	compile theirs cc
	ours ours "$1"
	result theirs
	result ours
	tail -n 1 "$work/theirs.out" | grep -x 17
	diff -u "$work/theirs.out" "$work/ours.out"
}

@test "built by gcc, the small libc prints what glibc prints" {
	same_as_glibc gcc
}

@test "built by clang, the small libc prints what glibc prints" {
	same_as_glibc clang
}

@test "a program with the small libc needs no other file" {
	ours ours cc
	[ "$(readelf -l "$work/ours" | grep -c INTERP)" -eq 0 ]
	[ "$(readelf -d "$work/ours" | grep -c NEEDED)" -eq 0 ]
	[ "$(stat -c %s "$work/ours")" -lt 100000 ]
}
