/* SPDX-License-Identifier: GPL-2.0-or-later */
/* channel - packets, and sometimes a descriptor, between a parent and what it started. */
#pragma once

#include <stddef.h>
#include <sys/types.h>

/* Send HEAD and BODY as one packet, with FD unless it is NO_FD.  -EPIPE: nobody listens. */
int channel_send(int socket, const void *head, size_t head_size, const void *body,
		 size_t body_size, int fd);

/*
 * Receive one packet into HEAD and BODY.  Returns how many bytes of BODY came;
 * -ECONNRESET without a record when the other side is gone, -EPROTO (recorded)
 * when a packet is shorter than HEAD_SIZE.  *RET_FD is NO_FD or a descriptor
 * that is the caller's; NULL: none is expected.
 */
ssize_t channel_receive(int socket, void *head, size_t head_size, void *body, size_t body_size,
			int *ret_fd);

/* A connected pair of packet sockets, close-on-exec. */
int channel_open(int *ret_ours, int *ret_theirs);
