/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fd - file descriptors that close themselves and stay inside their root. */
#include "base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/err.h"

/* An attacker who renames without pause makes openat2(2) say EAGAIN: try, but not for ever. */
#define OPEN_TRIES 128

void fd_close(int fd)
{
	int saved = errno;

	if (fd >= 0)
		close(fd);
	errno = saved;
}

int fd_open(int dir, const char *path, int flags, mode_t mode)
{
	int fd = openat(dir, path, flags | O_CLOEXEC, mode);

	if (fd < 0)
		return err_sys(errno, "open %s", path);
	return fd;
}

int fd_open_in(int root, const char *path, int flags)
{
	struct open_how how = {
		.flags = (unsigned)flags | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	int fd = -1;

	for (int try = 0; try < OPEN_TRIES; try++) {
		fd = (int)syscall(SYS_openat2, root, path, &how, sizeof(how));
		if (fd >= 0 || errno != EAGAIN)
			break;
	}
	if (fd < 0)
		return err_sys(errno, "open %s in rootfs", path);
	return fd;
}

int fd_write_file(int dir, const char *name, const char *text)
{
	_cleanup_close_ int fd = openat(dir, name, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return err_sys(errno, "open %s", name);
	if (write(fd, text, strlen(text)) < 0)
		return err_sys(errno, "write '%s' to %s", text, name);
	return 0;
}

int fd_write_all(int fd, const void *bytes, size_t size)
{
	const char *rest = bytes;

	while (size > 0) {
		ssize_t n = write(fd, rest, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(errno, "write");
		rest += n;
		size -= (size_t)n;
	}
	return 0;
}

ssize_t fd_read_all(int fd, void *bytes, size_t size)
{
	char *to = bytes;
	size_t used = 0;
	char more;

	for (;;) {
		ssize_t n = used < size ? read(fd, to + used, size - used) : read(fd, &more, 1);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(errno, "read");
		if (n == 0)
			return (ssize_t)used;
		if (used == size)
			return -EFBIG;
		used += (size_t)n;
	}
}

/* One that is shorter than what was asked for was the last one. */
ssize_t fd_read_sized(int fd, void *bytes, size_t size)
{
	char *to = bytes;
	size_t used = 0;
	ssize_t n;

	do {
		n = read(fd, to + used, size + 1 - used);
		if (n < 0 && errno != EINTR)
			return err_sys(errno, "read");
		used += n > 0 ? (size_t)n : 0;
	} while (n != 0 && used < size);
	return used > size ? -EFBIG : (ssize_t)used;
}

static ssize_t read_record(int fd, char *text, size_t size)
{
	ssize_t n;

	do {
		n = read(fd, text, size);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return err_sys(errno, "read");
	return (size_t)n == size ? -EFBIG : n; /* there may be more */
}

static ssize_t read_text(int dir, const char *name, char *text, size_t size, bool is_record)
{
	_cleanup_close_ int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return err_sys(errno, "open %s", name);
	n = is_record ? read_record(fd, text, size) : fd_read_all(fd, text, size - 1);
	if (n == -EFBIG)
		return err_sys(EFBIG, "read %s", name);
	if (n < 0)
		return err_while("%s", name);
	if (n > 0 && text[n - 1] == '\n')
		n--;
	text[n] = '\0';
	return n;
}

ssize_t fd_read_file(int dir, const char *name, char *text, size_t size)
{
	return read_text(dir, name, text, size, false);
}

ssize_t fd_read_record(int dir, const char *name, char *text, size_t size)
{
	return read_text(dir, name, text, size, true);
}

bool fd_is_directory(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 && S_ISDIR(status.st_mode);
}
