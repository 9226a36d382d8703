#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# install - what "make install" puts where; needs no root.

setup() {
	cd "$BATS_TEST_DIRNAME/../.." || return
	work=$(mktemp -d)
}

teardown() {
	rm -rf "$work"
}

# install_to PREFIX: below $work
install_to() {
	make -s install DESTDIR="$work" PREFIX="$1"
}

# are ROOT FILE...: they are there, not empty, for everybody to read, and for nobody to write
are() {
	local file

	cd "$work$1" || return
	shift
	for file; do
		[ -s "$file" ] || { echo "$file is missing or empty"; return 1; }
		case $(stat -c %a "$file") in
		644 | 755) ;;
		*) echo "$file has the mode $(stat -c %a "$file")"; return 1 ;;
		esac
	done
}

@test "below /usr: the program, its pages, completion, what managers are told" {
	install_to /usr
	are / usr/sbin/tare usr/share/man/man8/tare.8 usr/share/man/man8/tare-exec.8 \
		usr/share/bash-completion/completions/tare usr/share/zsh/vendor-completions/_tare \
		usr/share/fish/vendor_completions.d/tare.fish \
		usr/share/tare/containers.conf usr/share/tare/containerd.toml \
		usr/share/tare/docker.json usr/share/tare/runtimeclass.yaml \
		etc/containers/containers.conf.d/50-tare.conf
}

@test "below /usr/local podman's drop-in is in /etc, elsewhere it is not" {
	install_to /usr/local
	are / usr/local/sbin/tare usr/local/share/zsh/site-functions/_tare \
		etc/containers/containers.conf.d/50-tare.conf
	rm -rf "${work:?}/etc"
	cd "$BATS_TEST_DIRNAME/../.."
	install_to /opt/tare
	are /opt/tare sbin/tare etc/containers/containers.conf.d/50-tare.conf
	[ ! -e "$work/etc" ]
}

@test "the program's path is filled in everywhere" {
	install_to /opt/tare
	run grep -rl @SBINDIR@ "$work"
	[ -z "$output" ]
	[ "$(grep -rl /opt/tare/sbin/tare "$work/opt/tare/share/tare" | wc -l)" -eq 3 ]
	grep -qx 'tare = \["/opt/tare/sbin/tare"\]' "$work/opt/tare/etc/containers/containers.conf.d/50-tare.conf"
}

@test "the program that is installed says its version" {
	install_to /usr
	[ "$("$work/usr/sbin/tare" --version)" = "$(build/tare --version)" ]
}
