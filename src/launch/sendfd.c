/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sendfd - hand a descriptor to whoever listens on a socket. */
#include "launch/sendfd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "base/path.h"
#include "kernel/channel.h"

#define TIMEOUT_SECONDS 10

/* The name is too long for an address, perhaps: go through its directory. */
static int make_address(int dir, const char *path, struct sockaddr_un *address)
{
	int size = snprintf(address->sun_path, sizeof(address->sun_path), "/proc/self/fd/%d/%s",
			    dir, path_name(path));

	if (size < 0 || (size_t)size >= sizeof(address->sun_path))
		return err_sys(ENAMETOOLONG, "%s", path);
	return 0;
}

int sendfd(const char *path, int fd, const char *text)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct timeval timeout = { .tv_sec = TIMEOUT_SECONDS };
	_cleanup_free_ char *parent = xstrndup(path, (size_t)(path_name(path) - path));
	_cleanup_close_ int dir =
		fd_open(AT_FDCWD, *parent ? parent : "/", O_PATH | O_DIRECTORY, 0);
	_cleanup_close_ int stream = NO_FD;

	if (dir < 0 || make_address(dir, path, &address))
		return err_code();
	stream = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (stream < 0)
		return err_sys(errno, "socket");
	/* A listener whose queue is full holds connect(2) up, a reader that sleeps sendmsg(2). */
	setsockopt(stream, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
	if (connect(stream, (struct sockaddr *)&address, sizeof(address)) < 0)
		return err_sys(errno, "connect to %s", path);
	if (channel_send(stream, text, strlen(text), NULL, 0, fd))
		return err_while("%s", path);
	return 0;
}
