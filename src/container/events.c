/* SPDX-License-Identifier: GPL-2.0-or-later */
/* events - what a container uses, and that it ran out of memory, line by line. */
#include "container/events.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>

#include "base/err.h"
#include "cgroup/watch.h"
#include "container/state.h"
#include "container/statsjson.h"
#include "kernel/deadline.h"

static int write_out(const struct buf *line)
{
	return fd_write_all(1, buf_text(line), line->size) ? err_while("standard output") : 0;
}

static int write_stats(const char *id, const struct cgroup *cgroup)
{
	_cleanup_buf_ struct buf line = { 0 };
	struct cgroup_stats stats;
	int r = cgroup_stats_read(cgroup, &stats);

	if (r == 0) {
		stats_print(id, &stats, &line);
		r = write_out(&line);
	}
	cgroup_stats_release(&stats);
	return r;
}

static int write_oom(const char *id)
{
	_cleanup_buf_ struct buf line = { 0 };

	stats_print_event("oom", id, &line);
	return write_out(&line);
}

/* Until the interval is over; returns 1, or 0 when the container has come to its end. */
static int wait_and_tell(const char *id, struct cgroup_watch *watch, int64_t interval_ms)
{
	struct deadline deadline =
		deadline_in(interval_ms > INT_MAX ? INT_MAX : (int)interval_ms);
	int left;

	while ((left = deadline_left(&deadline)) > 0) {
		int r = cgroup_watch_wait(watch, left);

		if (r < 0)
			return r;
		if (watch->has_oom && write_oom(id))
			return err_code();
		if (watch->is_empty)
			return 0;
	}
	return 1;
}

static int stream(const char *id, const struct cgroup *cgroup, int64_t interval_ms)
{
	struct cgroup_watch watch;
	int r = cgroup_watch_open(cgroup, &watch);

	if (r == 0)
		r = watch.is_empty ? 0 : 1;
	while (r > 0) {
		r = wait_and_tell(id, &watch, interval_ms);
		if (r > 0)
			r = write_stats(id, cgroup) ?: 1;
	}
	cgroup_watch_close(&watch);
	return r;
}

static int open_running(const struct runtime *runtime, const char *id,
			struct cgroup *ret_cgroup)
{
	_cleanup_slot_ struct store_slot slot = { .fd = NO_FD, .parent = NO_FD };
	_cleanup_arena_ struct arena arena = { 0 };
	struct record record;
	int r = container_open(runtime, id, &slot);

	if (r == 0)
		r = container_read(&slot, &arena, &record);
	if (r == 0)
		r = container_status(&record);
	if (r < 0)
		return r;
	if (r == OCI_STATUS_STOPPED || r == OCI_STATUS_CREATING)
		return err_refuse("container with id %s is not running", id);
	r = container_cgroup(&record, ret_cgroup);
	if (r == 0 && ret_cgroup->fd < 0)
		return err_refuse("container %s has no cgroup: what it uses is not known", id);
	return r;
}

int container_events(const struct runtime *runtime, const char *id, int64_t interval_ms,
		     bool is_once)
{
	struct cgroup cgroup;
	int r = open_running(runtime, id, &cgroup);

	if (r < 0)
		return r;
	r = is_once ? write_stats(id, &cgroup) : stream(id, &cgroup, interval_ms);
	cgroup_close(&cgroup);
	return r;
}
