/* SPDX-License-Identifier: GPL-2.0-or-later */
/* populate - the processes in the container's cgroup: list, signal, freeze, kill. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "cgroup/cgroup.h"
#include "cgroup/cgroupfs.h"
#include "kernel/deadline.h"
#include "kernel/interrupt.h"
#include "kernel/syscalls.h"

/* After this long without an end, kill again: somebody may have put more in. */
#define KILL_AGAIN_MS 1000

/* Freezing by hand is only for kernels without cgroup.kill. */
#define FREEZE_MS 2000

/* Who waits for a thaw looks this often whether it came without a report. */
#define LOOK_AGAIN_MS 1000

/* How many processes are held at once while they are signalled. */
#define SIGNAL_BATCH 64

struct pid_list {
	pid_t *pids;
	size_t count;
	size_t room;
};

static void add_pid(struct pid_list *list, pid_t pid)
{
	if (list->count == list->room) {
		list->room = list->room ? list->room * 2 : 64;
		list->pids = xreallocarray(list->pids, list->room, sizeof(pid_t));
	}
	list->pids[list->count++] = pid;
}

/* Pid 0 is a process that our pid namespace does not see. */
static void add_pids(struct pid_list *list, const char *text)
{
	while (*text) {
		char *end;
		long pid = strtol(text, &end, 10);

		if (end == text)
			return;
		if (pid > 0)
			add_pid(list, (pid_t)pid);
		text = end + (*end == '\n');
	}
}

/* Returns 0 or -errno, without a record. */
static int read_whole(int dir, const char *file, struct buf *ret_text)
{
	_cleanup_close_ int fd = openat(dir, file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	char chunk[8192];
	ssize_t n;

	if (fd < 0)
		return -errno;
	while ((n = read(fd, chunk, sizeof(chunk))) > 0)
		buf_add(ret_text, chunk, (size_t)n);
	return n < 0 ? -errno : 0;
}

/*
 * The processes of one cgroup.  A threaded one does not list processes: the top
 * of the tree then says what threads it has, those further down are listed by
 * their domain already.
 */
static int list_one(int dir, bool is_top, struct pid_list *list)
{
	_cleanup_buf_ struct buf text = { 0 };
	int r = read_whole(dir, "cgroup.procs", &text);

	if (r == -EOPNOTSUPP && is_top)
		r = read_whole(dir, "cgroup.threads", &text);
	if (r == -ENODEV || r == -ENOENT || r == -EOPNOTSUPP)
		return 0; /* removed meanwhile, or threaded */
	if (r < 0)
		return err_sys(-r, "read cgroup.procs");
	add_pids(list, buf_text(&text));
	return 0;
}

static int list_all(const struct cgroup *cgroup, struct pid_list *list)
{
	struct cgroup_walk walk = { .top = cgroup->fd };
	bool is_top = true;
	int dir;
	int r;

	while ((r = cgroup_walk_next(&walk, &dir)) > 0) {
		r = list_one(dir, is_top, list);
		if (r < 0)
			break;
		is_top = false;
	}
	cgroup_walk_end(&walk);
	return r < 0 ? err_while("%s", cgroup->path) : 0;
}

int cgroup_pids(const struct cgroup *cgroup, pid_t **ret_pids, size_t *ret_count)
{
	struct pid_list list = { 0 };
	int r = 0;

	if (cgroup->fd >= 0)
		r = list_all(cgroup, &list);
	if (r < 0) {
		free(list.pids);
		return r;
	}
	*ret_pids = list.pids;
	*ret_count = list.count;
	return 0;
}

static bool has_pid(const struct pid_list *list, pid_t pid)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->pids[i] == pid)
			return true;
	return false;
}

/*
 * Signal COUNT processes.  A pid may have ended and become another process's
 * since it was listed; one that is held open and is *then* still listed is the
 * cgroup's.
 */
static int signal_batch(const struct cgroup *cgroup, const pid_t *pids, size_t count,
			int signal)
{
	struct pid_list now = { 0 };
	int pidfds[SIGNAL_BATCH];
	int failure = 0;
	int r;

	for (size_t i = 0; i < count; i++)
		pidfds[i] = sys_pidfd_open(pids[i], 0);
	r = list_all(cgroup, &now);
	for (size_t i = 0; i < count; i++) {
		if (r == 0 && pidfds[i] >= 0 && has_pid(&now, pids[i]) &&
		    sys_pidfd_send_signal(pidfds[i], signal) < 0 && errno != ESRCH)
			failure = errno;
		fd_close(pidfds[i] < 0 ? NO_FD : pidfds[i]);
	}
	free(now.pids);
	if (r == 0 && failure)
		return err_sys(failure, "send signal %d in cgroup %s", signal, cgroup->path);
	return r;
}

static int signal_each(const struct cgroup *cgroup, int signal)
{
	struct pid_list list = { 0 };
	int r = list_all(cgroup, &list);

	for (size_t i = 0; r == 0 && i < list.count; i += SIGNAL_BATCH) {
		size_t count = list.count - i < SIGNAL_BATCH ? list.count - i : SIGNAL_BATCH;

		r = signal_batch(cgroup, list.pids + i, count, signal);
	}
	free(list.pids);
	return r;
}

/* Returns 0, or -ETIMEDOUT without a record, or a failure. */
static int wait_for(const struct cgroup *cgroup, const char *key, unsigned long long wanted,
		    int timeout_ms)
{
	struct deadline deadline = deadline_in(timeout_ms);
	_cleanup_close_ int events = openat(cgroup->fd, "cgroup.events", O_RDONLY | O_CLOEXEC);
	struct pollfd wait = { .fd = events, .events = POLLPRI };
	unsigned long long value;

	for (;;) {
		char unused[64];
		int r;

		/* poll(2) reports what changed since this descriptor was last read. */
		if (events >= 0 && pread(events, unused, sizeof(unused), 0) < 0)
			return 0; /* the cgroup is gone, and so is all that was in it */
		r = cgroupfs_try_read_key(cgroup->fd, "cgroup.events", key, &value);
		if (r == -ENODEV || r == -ENOENT || (r == 0 && value == wanted))
			return 0;
		if (r < 0)
			return err_sys(-r, "read cgroup.events of %s", cgroup->path);
		if (deadline_left(&deadline) == 0)
			return -ETIMEDOUT;
		poll(&wait, 1, deadline_left(&deadline));
	}
}

/* For kernels before 5.14, and threaded cgroups: hold all still, kill them one by one. */
static int kill_each(const struct cgroup *cgroup)
{
	int r;

	if (cgroup_freeze(cgroup, true, FREEZE_MS))
		err_clear(); /* it only keeps them from forking; the next round gets the rest */
	r = signal_each(cgroup, SIGKILL);
	(void)cgroupfs_try_write(cgroup->fd, "cgroup.freeze", "0");
	return r;
}

static int kill_now(const struct cgroup *cgroup)
{
	int r = cgroupfs_try_write(cgroup->fd, "cgroup.kill", "1");

	if (r == 0 || r == -ENODEV)
		return 0;
	if (r == -ENOENT || r == -EOPNOTSUPP)
		return kill_each(cgroup);
	return err_sys(-r, "write cgroup.kill of %s", cgroup->path);
}

int cgroup_signal(const struct cgroup *cgroup, int signal)
{
	if (cgroup->fd < 0)
		return 0;
	return signal == SIGKILL ? kill_now(cgroup) : signal_each(cgroup, signal);
}

int cgroup_kill(const struct cgroup *cgroup, int timeout_ms)
{
	struct deadline deadline = deadline_in(timeout_ms);
	unsigned long long populated;
	int r;

	if (cgroup->fd < 0)
		return 0;
	/* The common case: all of them have ended. Nobody can enter but whom we cannot keep out. */
	if (cgroupfs_try_read_key(cgroup->fd, "cgroup.events", "populated", &populated) == 0 &&
	    populated == 0)
		return 0;
	do {
		int left = deadline_left(&deadline);

		r = kill_now(cgroup);
		if (r < 0)
			return r;
		if (left < 0 || left > KILL_AGAIN_MS)
			left = KILL_AGAIN_MS;
		r = wait_for(cgroup, "populated", 0, left);
	} while (r == -ETIMEDOUT && deadline_left(&deadline) != 0);
	if (r == -ETIMEDOUT)
		return err_sys(ETIMEDOUT, "kill the processes in cgroup %s", cgroup->path);
	return r;
}

int cgroup_is_frozen(const struct cgroup *cgroup)
{
	char text[8];
	int r;

	if (cgroup->fd < 0)
		return 0;
	r = cgroupfs_try_read(cgroup->fd, "cgroup.freeze", text, sizeof(text));
	if (r == -ENOENT || r == -ENODEV)
		return 0; /* before 5.2, or removed */
	if (r < 0)
		return err_sys(-r, "read cgroup.freeze of %s", cgroup->path);
	return strcmp(text, "1") == 0;
}

int cgroup_freeze(const struct cgroup *cgroup, bool is_frozen, int timeout_ms)
{
	int r;

	if (cgroup->fd < 0)
		return 0;
	if (fd_write_file(cgroup->fd, "cgroup.freeze", is_frozen ? "1" : "0"))
		return err_while("%s", cgroup->path);
	r = wait_for(cgroup, "frozen", is_frozen, timeout_ms);
	if (r != -ETIMEDOUT)
		return r;
	if (is_frozen)
		(void)cgroupfs_try_write(cgroup->fd, "cgroup.freeze", "0");
	return err_sys(ETIMEDOUT, "%s cgroup %s", is_frozen ? "freeze" : "thaw", cgroup->path);
}

/* Before 5.2 the key is not there. */
bool cgroup_stands_still(const struct cgroup *cgroup)
{
	unsigned long long is_still = 0;

	return cgroup->fd >= 0 &&
	       cgroupfs_try_read_key(cgroup->fd, "cgroup.events", "frozen", &is_still) == 0 &&
	       is_still;
}

int cgroup_is_held(const struct cgroup *cgroup)
{
	int r = cgroup_is_frozen(cgroup);

	return r != 0 ? r : cgroup_stands_still(cgroup);
}

int cgroup_wait_released(const struct cgroup *cgroup, int pidfd)
{
	_cleanup_close_ int events = fd_open(cgroup->fd, "cgroup.events", O_RDONLY, 0);
	struct pollfd polls[] = { { events, POLLPRI, 0 }, { pidfd, POLLIN, 0 } };
	char unused[64];

	if (events < 0)
		return events;
	/* As above: what changes from here on is reported. */
	while (pread(events, unused, sizeof(unused), 0) >= 0) {
		int r = cgroup_is_held(cgroup);

		if (r <= 0)
			return r;
		/* One that is thawed before it was frozen reports nothing. */
		if (interrupt_poll(polls, ARRAY_SIZE(polls), LOOK_AGAIN_MS) < 0)
			return err_code();
		if (polls[1].revents)
			return 0;
	}
	return 0; /* it is gone, and so is all that was in it */
}
