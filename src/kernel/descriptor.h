/* SPDX-License-Identifier: GPL-2.0-or-later */
/* descriptor - what a descriptor is, of ours or of another process. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define DESCRIPTOR_NAME_SIZE 64

/* What the name of a file begins with, behind DESCRIPTOR_NULL if it is /dev/null. */
#define DESCRIPTOR_FILE "file["
#define DESCRIPTOR_NULL "null:"

/*
 * What CRIU calls a descriptor of ours that a container gets: "pipe:[123]"; "file[1a:2b]" with the
 * ids of mount and inode for what has a path; "" for terminals, for which it has ways of its own,
 * sockets, and what is not open.
 */
void descriptor_name(int fd, char ret_name[DESCRIPTOR_NAME_SIZE]);

/* Where a file is, by statx(2). */
struct descriptor_place {
	int mount;    /* the id that mountinfo has for it */
	bool is_root; /* the file is what is mounted there */
	mode_t mode;
};

/* Look at what FD of ours is. */
int descriptor_look(int fd, struct descriptor_place *ret_place);
