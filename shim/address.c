/* SPDX-License-Identifier: GPL-2.0-or-later */
/* address - the socket that a shim listens at, and the file that says which it is. */
#include "shim/address.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "base/path.h"
#include "shim/sha256.h"

enum { LOCK_TRIES = 5000, LOCK_PAUSE_US = 1000 };

/* As Go's filepath.Join: empty parts are left out, and a relative one stays relative. */
static char *join(const char *address, const char *namespace, const char *group)
{
	_cleanup_free_ char *whole = *address ? xprintf("%s/%s/%s", address, namespace, group)
					      : xprintf("%s/%s", namespace, group);
	_cleanup_free_ char *clean = path_clean("/", whole);

	return xstrdup(whole[0] == '/' ? clean : clean + 1);
}

char *address_path(const char *folder, const char *address, const char *namespace,
		   const char *group)
{
	_cleanup_free_ char *name = join(address, namespace, group);
	char hash[SHA256_TEXT];

	sha256_text(name, strlen(name), hash);
	return xprintf("%s/%s", folder, hash);
}

static int fill(const char *path, struct sockaddr_un *address)
{
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof(address->sun_path))
		return -ENAMETOOLONG;
	memcpy(address->sun_path, path, strlen(path));
	return 0;
}

int address_connect(const char *path)
{
	_cleanup_close_ int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct sockaddr_un address;

	if (fd < 0 || fill(path, &address) < 0)
		return fd < 0 ? -errno : -ENAMETOOLONG;
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return -errno;
	return fd_take(&fd);
}

static int make_folder(const char *path)
{
	_cleanup_free_ char *folder = xstrdup(path);

	for (char *slash = strchr(folder + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(folder, 0700) < 0 && errno != EEXIST)
			return err_sys(errno, "mkdir %s", folder);
		*slash = '/';
	}
	return 0;
}

/* A socket without anybody is left by a shim that was killed. EAGAIN: one that is busy. */
static bool is_left_over(const char *path)
{
	int fd = address_connect(path);

	fd_close(fd);
	return fd == -ECONNREFUSED;
}

/*
 * Whoever else begins to listen in the folder of PATH waits until the descriptor is closed, which
 * takes less than a millisecond.
 */
static int lock_folder(const char *path)
{
	_cleanup_free_ char *folder = xstrndup(path, (size_t)(strrchr(path, '/') - path));
	_cleanup_close_ int fd = fd_open(AT_FDCWD, folder, O_RDONLY | O_DIRECTORY, 0);

	if (fd < 0)
		return fd;
	for (int tries = 0; flock(fd, LOCK_EX | LOCK_NB) < 0; tries++) {
		if (errno != EWOULDBLOCK || tries == LOCK_TRIES)
			return err_sys(errno, "lock %s", folder);
		usleep(LOCK_PAUSE_US);
	}
	return fd_take(&fd);
}

/* Nobody but us may connect, from the first moment on. */
static int bind_to(int fd, const struct sockaddr_un *address)
{
	mode_t mask = umask(0177);
	int r = bind(fd, (const struct sockaddr *)address, sizeof(*address)) < 0 ? -errno : 0;

	umask(mask);
	return r;
}

/* The path is taken when who is behind it is alive. */
static int bind_free(int fd, const char *path, const struct sockaddr_un *address)
{
	int r = bind_to(fd, address);

	if (r == -EADDRINUSE && is_left_over(path)) {
		unlink(path);
		r = bind_to(fd, address);
	}
	return r == 0 || r == -EADDRINUSE ? r : err_sys(-r, "bind %s", path);
}

/* Between bind and listen a socket looks like one that was left: hence the lock. */
int address_listen(const char *path)
{
	_cleanup_close_ int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	_cleanup_close_ int lock = NO_FD;
	struct sockaddr_un address;
	int r;

	if (fill(path, &address) < 0)
		return err_sys(ENAMETOOLONG, "socket %s", path);
	if (fd < 0 || make_folder(path))
		return fd < 0 ? err_sys(errno, "socket") : err_code();
	lock = lock_folder(path);
	r = lock < 0 ? lock : bind_free(fd, path, &address);
	if (r < 0)
		return r;
	if (listen(fd, 128) < 0)
		return err_sys(errno, "listen at %s", path);
	return fd_take(&fd);
}

int address_save(const char *bundle, const char *path)
{
	_cleanup_free_ char *file = xprintf("%s/" ADDRESS_FILE, bundle);
	_cleanup_free_ char *beside = xprintf("%s/." ADDRESS_FILE, bundle);
	_cleanup_free_ char *text = xprintf(ADDRESS_SCHEME "%s", path);
	_cleanup_close_ int fd = fd_open(AT_FDCWD, beside, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0)
		return fd;
	if (fd_write_all(fd, text, strlen(text)))
		return err_while("%s", beside);
	if (rename(beside, file) < 0)
		return err_sys(errno, "rename %s", beside);
	return 0;
}

char *address_load(const char *bundle)
{
	_cleanup_free_ char *file = xprintf("%s/" ADDRESS_FILE, bundle);
	char text[256];

	if (fd_read_file(AT_FDCWD, file, text, sizeof(text)) < 0) {
		err_clear();
		return NULL;
	}
	if (strncmp(text, ADDRESS_SCHEME, strlen(ADDRESS_SCHEME)) != 0)
		return NULL;
	return xstrdup(text + strlen(ADDRESS_SCHEME));
}
