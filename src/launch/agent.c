/* SPDX-License-Identifier: GPL-2.0-or-later */
/* agent - who answers for system calls that are notified (config-linux.md, "Seccomp"). */
#include "launch/agent.h"

#include <errno.h>
#include <sys/socket.h>

#include "base/err.h"
#include "launch/sendfd.h"

static int cannot_connect(void)
{
	return err_while("linux.seccomp.listenerPath: failed to connect with seccomp agent");
}

/*
 * A stream socket that is bound refuses a datagram socket by its type, before
 * anything is queued; one whose owner has died refuses every connection.
 */
int agent_find(const char *path)
{
	_cleanup_close_ int fd = sendfd_connect(path, SOCK_DGRAM);

	if (fd == -EPROTOTYPE) {
		err_clear();
		return 0;
	}
	if (fd >= 0)
		err_sys(EPROTOTYPE, "connect to %s", path);
	return cannot_connect();
}

int agent_connect(struct agent *agent)
{
	fd_close(agent->stream);
	agent->stream = sendfd_connect(agent->path, SOCK_STREAM);
	return agent->stream < 0 ? cannot_connect() : 0;
}

/* "The connection MUST NOT be reused and it MUST be closed after sending a seccomp state." */
int agent_send(struct agent *agent, int listener)
{
	_cleanup_close_ int stream = fd_take(&agent->stream);

	if (sendfd_send(stream, listener, agent->state))
		return err_while("linux.seccomp.listenerPath: %s", agent->path);
	return 0;
}
