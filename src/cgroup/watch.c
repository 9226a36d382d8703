/* SPDX-License-Identifier: GPL-2.0-or-later */
/* watch - hear when something is killed for lack of memory, and when nobody is left. */
#include "cgroup/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "cgroup/stats.h"

/* The value of KEY in the file FD, which is read from its start; -errno without a record. */
static int look(int fd, const char *key, unsigned long long *ret)
{
	char text[1024];
	ssize_t size = pread(fd, text, sizeof(text) - 1, 0);

	if (size < 0)
		return -errno;
	text[size] = '\0';
	*ret = stats_parse_key(text, key);
	return 0;
}

/* A cgroup that is gone (ENODEV) has nobody in it.  Kills are looked at last: none is missed. */
static int look_again(struct cgroup_watch *watch)
{
	unsigned long long populated = 0;
	unsigned long long kills = watch->kills;
	int r = look(watch->events, "populated", &populated);

	if (r < 0 && r != -ENODEV)
		return err_sys(-r, "read cgroup.events");
	watch->is_empty = r < 0 || populated == 0;
	if (watch->memory_events >= 0)
		(void)look(watch->memory_events, "oom_kill", &kills);
	watch->has_oom = kills > watch->kills;
	watch->kills = kills;
	return 0;
}

int cgroup_watch_open(const struct cgroup *cgroup, struct cgroup_watch *ret_watch)
{
	const int flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW;
	struct cgroup_watch watch = { .events = NO_FD, .memory_events = NO_FD };
	int r;

	watch.events = fd_open(cgroup->fd, "cgroup.events", flags, 0);
	if (watch.events >= 0) {
		watch.memory_events = openat(cgroup->fd, "memory.events", flags);
		if (watch.memory_events < 0)
			watch.memory_events = NO_FD;
	}
	r = watch.events < 0 ? watch.events : look_again(&watch);
	watch.has_oom = false; /* what was before is no event */
	*ret_watch = watch;
	return r;
}

int cgroup_watch_wait(struct cgroup_watch *watch, int timeout_ms)
{
	struct pollfd files[] = {
		{ .fd = watch->events, .events = POLLPRI },
		{ .fd = watch->memory_events, .events = POLLPRI },
	};

	if (poll(files, 2, timeout_ms) < 0 && errno != EINTR)
		return err_sys(errno, "wait for a change of the cgroup");
	return look_again(watch);
}

void cgroup_watch_close(struct cgroup_watch *watch)
{
	fd_close(watch->events);
	fd_close(watch->memory_events);
	watch->events = watch->memory_events = NO_FD;
}
