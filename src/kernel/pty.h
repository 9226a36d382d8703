/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pty - a new pseudo terminal of a given devpts. */
#pragma once

#include <stdint.h>

struct pty {
	int master;
	int slave;       /* not anybody's controlling terminal yet */
	unsigned number; /* the slave is DEVPTS/number */
};

/*
 * Make a terminal in the devpts whose root directory is open as DEVPTS.  No
 * path of the container is walked, so nothing in it can divert us.  The caller
 * owns both descriptors.
 */
int pty_open(int devpts, struct pty *ret_pty);

/* 0 leaves a size as it is. */
int pty_set_size(int fd, uint16_t height, uint16_t width);

/* Make the slave TERMINAL the controlling terminal of this session, whose leader we are. */
int pty_control(int terminal);
