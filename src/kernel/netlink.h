/* SPDX-License-Identifier: GPL-2.0-or-later */
/* netlink - ask the kernel about its network and have it changed: rtnetlink(7). */
#pragma once

#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/fd.h"

/* A socket of one network namespace, which it keeps alive. */
struct netlink {
	int fd;
	uint32_t sequence; /* of the last request */
};
#define NETLINK_CLOSED      \
	{                   \
		.fd = NO_FD \
	}

/* Open a socket in our own network namespace. */
int netlink_open(struct netlink *ret_netlink);

/*
 * Open one in the network namespace NAMESPACE, a descriptor: the process goes
 * there and comes back to OWN, which is the one it is in.
 */
int netlink_open_in(int namespace, int own, struct netlink *ret_netlink);

void netlink_close(struct netlink *netlink);
#define _cleanup_netlink_ _cleanup_(netlink_close)

#define NETLINK_REQUEST_MAX 1024

/* One request, put together on the stack. */
struct netlink_request {
	union {
		struct nlmsghdr header;
		char bytes[NETLINK_REQUEST_MAX];
	};
};

/* Begin a request of TYPE (RTM_*) whose fixed part is the SIZE bytes at HEAD. */
void netlink_begin(struct netlink_request *request, uint16_t type, uint16_t flags,
		   const void *head, size_t size);

/* Add an attribute; what does not fit any more is a bug of ours and ends the process. */
void netlink_put(struct netlink_request *request, uint16_t type, const void *data, size_t size);
void netlink_put_u32(struct netlink_request *request, uint16_t type, uint32_t value);
void netlink_put_text(struct netlink_request *request, uint16_t type, const char *text);

/*
 * Send the request and wait for its end, some seconds at most.  What the kernel
 * answers beside that, messages with their headers, is added to ANSWER (NULL:
 * not wanted); with NLM_F_DUMP that is all there is.  A failure is the
 * kernel's, with its own words where it has any.
 */
int netlink_ask(struct netlink *netlink, struct netlink_request *request, struct buf *answer);

/* The next of the messages in SIZE bytes from *AT, or NULL at the end: *AT goes behind it. */
const struct nlmsghdr *netlink_next(const char *bytes, size_t size, size_t *at);

struct nlattr;

/*
 * The next attribute in SIZE bytes from *AT, or NULL at the end; its data has
 * *RET_SIZE bytes.  What is cut off does not count.
 */
const struct nlattr *netlink_attribute(const char *bytes, size_t size, size_t *at,
				       size_t *ret_size);

/* Where the data of an attribute is. */
static inline const void *netlink_data(const struct nlattr *attribute)
{
	return (const char *)attribute + NLA_HDRLEN;
}
