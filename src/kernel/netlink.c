/* SPDX-License-Identifier: GPL-2.0-or-later */
/* netlink - ask the kernel about its network and have it changed: rtnetlink(7). */
#include "kernel/netlink.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/err.h"

#define ANSWER_TIMEOUT_S 10    /* what we ask for is done under one lock of the kernel's */
#define ANSWER_PART 32768      /* as much as the kernel puts into one packet */
#define ANSWER_MAX (16u << 20) /* of a dump in all */

int netlink_open(struct netlink *ret_netlink)
{
	const struct timeval timeout = { .tv_sec = ANSWER_TIMEOUT_S };
	const int on = 1;
	_cleanup_close_ int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (fd < 0)
		return err_sys(errno, "open an rtnetlink socket");
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout)) < 0)
		return err_sys(errno, "set the timeout of an rtnetlink socket");
	/* The kernel's words on a failure, and not our request in the answer: both may be missing. */
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	*ret_netlink = (struct netlink){ .fd = fd_take(&fd) };
	return 0;
}

int netlink_open_in(int namespace, int own, struct netlink *ret_netlink)
{
	int result;

	if (setns(namespace, CLONE_NEWNET) < 0)
		return err_sys(errno, "enter the network namespace");
	result = netlink_open(ret_netlink);
	if (setns(own, CLONE_NEWNET) == 0)
		return result;
	if (result == 0)
		netlink_close(ret_netlink);
	else
		err_clear();
	return err_sys(errno, "come back to our own network namespace");
}

void netlink_close(struct netlink *netlink)
{
	fd_close(fd_take(&netlink->fd));
}

/* ---- requests ---- */

static void add(struct netlink_request *request, const void *data, size_t size)
{
	size_t at = NLMSG_ALIGN(request->header.nlmsg_len);

	if (at + size > sizeof(request->bytes))
		abort();
	if (size)
		memcpy(request->bytes + at, data, size);
	request->header.nlmsg_len = (uint32_t)(at + size);
}

void netlink_begin(struct netlink_request *request, uint16_t type, uint16_t flags,
		   const void *head, size_t size)
{
	memset(request, 0, sizeof(*request));
	request->header.nlmsg_len = NLMSG_HDRLEN;
	request->header.nlmsg_type = type;
	request->header.nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
	add(request, head, size);
}

void netlink_put(struct netlink_request *request, uint16_t type, const void *data, size_t size)
{
	const struct nlattr attribute = {
		.nla_type = type,
		.nla_len = (uint16_t)(NLA_HDRLEN + size),
	};

	add(request, &attribute, sizeof(attribute));
	add(request, data, size);
}

void netlink_put_u32(struct netlink_request *request, uint16_t type, uint32_t value)
{
	netlink_put(request, type, &value, sizeof(value));
}

void netlink_put_text(struct netlink_request *request, uint16_t type, const char *text)
{
	netlink_put(request, type, text, strlen(text) + 1);
}

/* ---- answers ---- */

const struct nlmsghdr *netlink_next(const char *bytes, size_t size, size_t *at)
{
	const struct nlmsghdr *header = (const void *)(bytes + *at);

	if (*at > size || size - *at < sizeof(*header) || header->nlmsg_len < sizeof(*header) ||
	    header->nlmsg_len > size - *at)
		return NULL;
	*at += NLMSG_ALIGN(header->nlmsg_len);
	return header;
}

const struct nlattr *netlink_attribute(const char *bytes, size_t size, size_t *at,
				       size_t *ret_size)
{
	const struct nlattr *attribute = (const void *)(bytes + *at);

	if (*at > size || size - *at < sizeof(*attribute) ||
	    attribute->nla_len < sizeof(*attribute) || attribute->nla_len > size - *at)
		return NULL;
	*at += NLA_ALIGN(attribute->nla_len);
	*ret_size = attribute->nla_len - NLA_HDRLEN;
	return attribute;
}

/* The text of the kernel's at the end of an error, "" when there is none. */
static const char *words_of(const struct nlmsghdr *header)
{
	size_t at = NLMSG_HDRLEN + sizeof(struct nlmsgerr);
	const struct nlattr *attribute;
	size_t size;

	if (!(header->nlmsg_flags & NLM_F_ACK_TLVS) || !(header->nlmsg_flags & NLM_F_CAPPED))
		return "";
	while ((attribute =
			netlink_attribute((const char *)header, header->nlmsg_len, &at, &size)))
		if ((attribute->nla_type & NLA_TYPE_MASK) == NLMSGERR_ATTR_MSG && size > 0 &&
		    ((const char *)netlink_data(attribute))[size - 1] == '\0')
			return netlink_data(attribute);
	return "";
}

/* An acknowledgement is an error of 0. */
static int to_result(const struct nlmsghdr *header)
{
	const struct nlmsgerr *error = NLMSG_DATA(header);
	const char *words = words_of(header);

	if (header->nlmsg_len < NLMSG_HDRLEN + sizeof(error->error))
		return err_sys(EBADMSG, "rtnetlink");
	if (error->error >= 0)
		return 0;
	if (*words)
		return err_sys(-error->error, "the kernel says \"%s\"", words);
	return err_sys(-error->error, "rtnetlink");
}

enum progress { MORE, OVER };

/* One message of the answer.  Returns an enum progress. */
static int take_message(const struct netlink *netlink, const struct nlmsghdr *header,
			struct buf *answer)
{
	if (header->nlmsg_seq != netlink->sequence)
		return MORE; /* of a request that was given up */
	/* A dump ends with NLMSG_DONE, which brings a result, too. */
	if (header->nlmsg_type == NLMSG_ERROR || header->nlmsg_type == NLMSG_DONE) {
		int result = to_result(header);

		return result < 0 ? result : OVER;
	}
	if (answer && answer->size + header->nlmsg_len > ANSWER_MAX)
		return err_sys(EMSGSIZE, "rtnetlink");
	if (answer)
		buf_add(answer, header, NLMSG_ALIGN(header->nlmsg_len));
	return MORE;
}

static int receive(const struct netlink *netlink, char *part, size_t *ret_size)
{
	struct sockaddr_nl from = { 0 };
	struct iovec vector = { part, ANSWER_PART };
	struct msghdr message = {
		.msg_name = &from,
		.msg_namelen = sizeof(from),
		.msg_iov = &vector,
		.msg_iovlen = 1,
	};
	ssize_t size;

	do
		size = recvmsg(netlink->fd, &message, 0);
	while ((size < 0 && errno == EINTR) || (size >= 0 && from.nl_pid != 0));
	if (size < 0)
		return err_sys(errno == EAGAIN ? ETIMEDOUT : errno,
			       "wait for an answer of rtnetlink");
	if (message.msg_flags & MSG_TRUNC)
		return err_sys(EMSGSIZE, "rtnetlink");
	*ret_size = (size_t)size;
	return 0;
}

static int take_part(const struct netlink *netlink, char *part, struct buf *answer)
{
	const struct nlmsghdr *header;
	size_t size = 0, at = 0;
	int result = receive(netlink, part, &size);

	while (result == MORE && (header = netlink_next(part, size, &at)))
		result = take_message(netlink, header, answer);
	return result;
}

int netlink_ask(struct netlink *netlink, struct netlink_request *request, struct buf *answer)
{
	_Alignas(struct nlmsghdr) char part[ANSWER_PART];
	int result = MORE;

	request->header.nlmsg_seq = ++netlink->sequence;
	/* Two bits, each of which means something else alone. */
	if ((request->header.nlmsg_flags & NLM_F_DUMP) != NLM_F_DUMP)
		request->header.nlmsg_flags |= NLM_F_ACK;
	if (send(netlink->fd, request, request->header.nlmsg_len, 0) < 0)
		return err_sys(errno, "ask rtnetlink");
	while (result == MORE)
		result = take_part(netlink, part, answer);
	return result < 0 ? result : 0;
}
