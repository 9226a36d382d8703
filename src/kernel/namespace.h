/* SPDX-License-Identifier: GPL-2.0-or-later */
/* namespace - open and join namespaces. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct namespace_join {
	int fd;
	unsigned flag; /* CLONE_NEW*: checked by setns(2) */
	const char *origin;
	bool is_done;
};

/*
 * Open PATH, which must be a namespace of the type of FLAG; a symlink of
 * /proc/PID/ns or a file that one is bind-mounted on.  Returns a descriptor.
 */
int namespace_open(const char *path, unsigned flag);

/*
 * 1 when FD is the namespace of the type of FLAG that we are in ourselves, or the machine's
 * first one as far as the kernel gives that a number of its own (namespaces(7)); 0 when not.
 */
int namespace_is_hosts(int fd, unsigned flag);

/*
 * Join all of them.  Those that belong to our own user namespace can be joined
 * only before, those of the joined one only after it is joined: what is refused
 * at first is tried again behind the user namespace.  The mount namespace comes
 * last of its group, since paths mean something else behind it.
 */
int namespace_join_all(struct namespace_join *joins, size_t count);

/* "mount", "pid"... as config.json calls it. */
const char *namespace_name(unsigned flag);
