/* SPDX-License-Identifier: GPL-2.0-or-later */
/* logsocket - log lines for the daemons that keep those of the host. */
#include "base/logsocket.h"

#include <endian.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fd.h"

/* As syslog(3) numbers them; its names are log.h's, too. */
static const int priorities[] = {
	[LOG_ERROR] = 3,
	[LOG_WARNING] = 4,
	[LOG_INFO] = 6,
	[LOG_DEBUG] = 7,
};

#define FACILITY_USER (1 << 3)

int logsocket_open(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	_cleanup_close_ int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return err_sys(errno, "socket");
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return err_sys(errno, "connect to %s", path);
	return fd_take(&fd);
}

static void send_line(int fd, const struct buf *line)
{
	ssize_t sent = send(fd, line->text, line->size, MSG_NOSIGNAL);

	(void)sent; /* there is nobody left to tell */
}

/* RFC 3164, as the daemon's own socket takes it: "<11>Jan  2 03:04:05 tare[7]: text". */
void logsocket_syslog(int fd, const char *program, enum log_level level, const char *message)
{
	_cleanup_buf_ struct buf line = { 0 };
	time_t now = time(NULL);
	struct tm here;
	char stamp[32];

	localtime_r(&now, &here);
	strftime(stamp, sizeof(stamp), "%b %e %H:%M:%S", &here);
	buf_printf(&line, "<%d>%s %s[%d]: %s", FACILITY_USER | priorities[level], stamp,
		   program, getpid(), message);
	send_line(fd, &line);
}

/* "NAME\nSIZE BYTES\n", the size as 64 bits: whatever is in the text, it ends where it ends. */
static void add_field(struct buf *line, const char *name, const char *text)
{
	uint64_t size = htole64(strlen(text));

	buf_printf(line, "%s\n", name);
	buf_add(line, (const char *)&size, sizeof(size));
	buf_printf(line, "%s\n", text);
}

void logsocket_journal(int fd, const char *id, enum log_level level, const char *message)
{
	_cleanup_buf_ struct buf line = { 0 };

	buf_printf(&line, "PRIORITY=%d\nSYSLOG_IDENTIFIER=tare\n", priorities[level]);
	add_field(&line, "ID", id);
	add_field(&line, "MESSAGE", message);
	send_line(fd, &line);
}
