/* SPDX-License-Identifier: GPL-2.0-or-later */
/* console - the socket by which a runtime hands over a container's terminal. */
#include "shim/io/console.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"

#define REST_MS 100

static const char name[] = "/s";

void console_init(struct console *console, struct loop *loop,
		  void (*come)(struct console *console))
{
	*console = (struct console){
		.loop = loop,
		.listener.fd = NO_FD,
		.sender.fd = NO_FD,
		.master = NO_FD,
		.come = come,
	};
}

/* One message with one descriptor; its text is a name that says nothing. */
static int receive(int fd)
{
	char text[256], control[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec bytes = { text, sizeof(text) };
	struct msghdr message = {
		.msg_iov = &bytes,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	ssize_t n = recvmsg(fd, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
	const struct cmsghdr *part = n < 0 ? NULL : CMSG_FIRSTHDR(&message);
	int master;

	if (!part || part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
		return NO_FD;
	memcpy(&master, CMSG_DATA(part), sizeof(master));
	return master;
}

static void on_sender(struct watch *watch, uint32_t events)
{
	struct console *console = owner_of(watch, struct console, sender);

	(void)events;
	console->master = receive(watch->fd);
	watch_stop(watch);
	fd_close(fd_take(&watch->fd));
	if (console->master < 0) { /* somebody else, or a runtime that gave up */
		timer_start(console->loop, &console->again, 0);
		return;
	}
	fcntl(console->master, F_SETFL, O_RDWR | O_NONBLOCK);
	console_unlisten(console);
	console->come(console);
}

/* Who waits is told of without end: nobody is listened to while another one is, or for a while. */
static void on_listener(struct watch *watch, uint32_t events)
{
	struct console *console = owner_of(watch, struct console, listener);

	(void)events;
	watch_stop(watch);
	console->sender.ready = on_sender;
	console->sender.fd = accept4(watch->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (console->sender.fd >= 0 &&
	    watch_start(console->loop, &console->sender, EPOLLIN) == 0)
		return;
	err_clear();
	fd_close(fd_take(&console->sender.fd));
	timer_start(console->loop, &console->again, REST_MS);
}

static void listen_again(struct timer *timer)
{
	struct console *console = owner_of(timer, struct console, again);

	if (watch_start(console->loop, &console->listener, EPOLLIN) == 0)
		return;
	err_clear();
	timer_start(console->loop, timer, REST_MS);
}

static int make_directory(struct console *console)
{
	const char *parent = getenv("XDG_RUNTIME_DIR");
	_cleanup_free_ char *path = NULL;

	if (!parent || *parent != '/' || strlen(parent) > 64)
		parent = "/tmp";
	path = xprintf("%s/tare-pty-XXXXXX", parent);
	if (!mkdtemp(path))
		return err_sys(errno, "mkdtemp %s", path);
	console->path = xprintf("%s%s", path, name);
	return 0;
}

int console_listen(struct console *console)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	if (make_directory(console))
		return err_while("console socket");
	strncpy(address.sun_path, console->path, sizeof(address.sun_path) - 1);
	console->listener.ready = on_listener;
	console->again.due = listen_again;
	console->listener.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (console->listener.fd < 0 ||
	    bind(console->listener.fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    listen(console->listener.fd, 4) < 0)
		return err_sys(errno, "console socket %s", console->path);
	return watch_start(console->loop, &console->listener, EPOLLIN);
}

void console_unlisten(struct console *console)
{
	timer_stop(&console->again);
	watch_stop(&console->listener);
	watch_stop(&console->sender);
	fd_close(fd_take(&console->listener.fd));
	fd_close(fd_take(&console->sender.fd));
	if (!console->path)
		return;
	unlink(console->path);
	console->path[strlen(console->path) - strlen(name)] = '\0';
	rmdir(console->path);
	free(take(console->path));
}

int console_resize(int master, unsigned width, unsigned height)
{
	struct winsize size = {
		.ws_col = (unsigned short)width,
		.ws_row = (unsigned short)height,
	};

	if (ioctl(master, TIOCSWINSZ, &size) < 0)
		return err_sys(errno, "resize the terminal");
	return 0;
}

void console_release(struct console *console)
{
	console_unlisten(console);
	fd_close(fd_take(&console->master));
}
