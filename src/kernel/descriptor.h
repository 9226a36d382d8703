/* SPDX-License-Identifier: GPL-2.0-or-later */
/* descriptor - what a descriptor is, of ours or of another process. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define DESCRIPTOR_NAME_SIZE 256

/* "pipe:[123]", as descriptor_name() has it, for a descriptor of ours; "" when it is something else. */
void descriptor_pipe(int fd, char ret_name[DESCRIPTOR_NAME_SIZE]);

/*
 * As /proc/PID/fd says (PID 0: ours): "pipe:[123]", "/dev/null"; "" when it is not open, may not
 * be seen or is longer.
 */
void descriptor_name(pid_t pid, int fd, char ret_name[DESCRIPTOR_NAME_SIZE]);

/* Where a file is, by statx(2). */
struct descriptor_place {
	int mount;    /* the id that mountinfo has for it */
	bool is_root; /* the file is what is mounted there */
	uint64_t inode;
	mode_t mode;
	unsigned major; /* of a device */
};

/* Look at what FD of process PID is, PID 0 being us. */
int descriptor_look(pid_t pid, int fd, struct descriptor_place *ret_place);
