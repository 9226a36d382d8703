/* SPDX-License-Identifier: GPL-2.0-or-later */
/* agent - who answers for system calls that are notified (config-linux.md, "Seccomp"). */
#include "launch/agent.h"

#include <errno.h>
#include <sys/socket.h>

#include "base/err.h"
#include "kernel/channel.h"
#include "launch/sendfd.h"
#include "libocispec/encode.h"
#include "libocispec/spec.h"

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

static void describe(const struct agent *agent, pid_t pid, struct oci_text *text)
{
	const struct record *record = agent->record;
	const char *fds[] = { "seccompFd" };
	struct oci_state state = {
		.oci_version = record->oci_version,
		.id = record->id,
		.pid = record->pid,
		.status = agent->status,
		.bundle = record->bundle,
		.annotations = record_annotations(record),
	};
	struct oci_process_state process = {
		.oci_version = OCI_VERSION_MAX,
		.fds = { fds, 1, true },
		.pid = OCI_SET(pid),
		.metadata = agent->metadata,
		.state = &state,
	};

	state.annotations.is_set = state.annotations.count > 0;
	oci_encode(&oci_process_state_type, &process, NULL, text);
}

/* "The connection MUST NOT be reused and it MUST be closed after sending a seccomp state." */
int agent_send(struct agent *agent, pid_t pid, int listener)
{
	_cleanup_(oci_text_release) struct oci_text state = { 0 };
	_cleanup_close_ int stream = fd_take(&agent->stream);

	describe(agent, pid, &state);
	if (sendfd_send(stream, listener, state.bytes))
		return err_while("linux.seccomp.listenerPath: %s", agent->path);
	return 0;
}

int agent_serve(struct agent *agent, const struct message *message, pid_t pid, int listener,
		int channel)
{
	struct message answer = { .kind = MESSAGE_DONE };

	if (message->kind != MESSAGE_AGENT && message->kind != MESSAGE_LISTENER)
		return 0;
	if (!agent->path)
		return err_sys(EPROTO, "container init asks for a seccomp agent");
	if (message->kind == MESSAGE_AGENT ? agent_connect(agent)
					   : agent_send(agent, pid, listener))
		return err_code();
	return channel_send(channel, &answer, sizeof(answer), NULL, 0, NO_FD);
}
