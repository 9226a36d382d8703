/* SPDX-License-Identifier: GPL-2.0-or-later */
/* oom - which containers the kernel kills processes of, for want of memory. */
#include "shim/task/oom.h"

#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "shim/task/keyed.h"

/* clang-format off */
static const struct keyed_row rows[] = {
	{ "low",            offsetof(struct oom_counts, low) },
	{ "high",           offsetof(struct oom_counts, high) },
	{ "max",            offsetof(struct oom_counts, max) },
	{ "oom",            offsetof(struct oom_counts, oom) },
	{ "oom_kill",       offsetof(struct oom_counts, oom_kill) },
	{ "oom_group_kill", offsetof(struct oom_counts, oom_group_kill) },
	{ 0 },
};
/* clang-format on */

void oom_parse(const char *text, struct oom_counts *ret_counts)
{
	keyed_parse(text, rows, ret_counts);
}

void oom_look(struct oom *oom)
{
	uint64_t before = oom->counts.oom_kill;
	char text[512];

	if (!oom->watch)
		return;
	if (fd_read_file(AT_FDCWD, oom->path, text, sizeof(text)) < 0) {
		err_clear(); /* the cgroup is gone: what was read last counts */
		return;
	}
	oom_parse(text, &oom->counts);
	if (oom->counts.oom_kill > before)
		oom->killed(oom);
}

static void look_at(struct oom_watch *watch, int mark)
{
	list_each(cursor, rest, &watch->all)
	{
		struct oom *oom = owner_of(cursor, struct oom, link);

		if (oom->mark == mark)
			oom_look(oom);
	}
}

static void on_events(struct watch *events, uint32_t what)
{
	struct oom_watch *watch = owner_of(events, struct oom_watch, events);
	_Alignas(struct inotify_event) char bytes[1024];
	ssize_t n = read(events->fd, bytes, sizeof(bytes));

	(void)what;
	for (ssize_t at = 0; at + (ssize_t)sizeof(struct inotify_event) <= n;) {
		const struct inotify_event *event = (const void *)(bytes + at);

		if (event->mask & IN_MODIFY)
			look_at(watch, event->wd);
		at += (ssize_t)(sizeof(*event) + event->len);
	}
}

/* Without inotify the counts are still looked at when a process ends. */
void oom_watch_init(struct oom_watch *watch, struct loop *loop)
{
	*watch = (struct oom_watch){ .loop = loop, .events.ready = on_events };
	list_init(&watch->all);
	watch->events.fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (watch->events.fd >= 0 && watch_start(loop, &watch->events, EPOLLIN) < 0)
		err_clear();
}

void oom_watch_release(struct oom_watch *watch)
{
	watch_stop(&watch->events);
	fd_close(watch->events.fd);
}

void oom_start(struct oom *oom, struct oom_watch *watch, const char *cgroup,
	       void (*killed)(struct oom *oom))
{
	if (!cgroup || oom->watch)
		return;
	*oom = (struct oom){ .killed = killed, .path = xprintf("%s/memory.events", cgroup) };
	oom->mark = inotify_add_watch(watch->events.fd, oom->path, IN_MODIFY);
	oom->watch = watch;
	list_add(&watch->all, &oom->link);
	oom_look(oom);
}

void oom_stop(struct oom *oom)
{
	if (!oom->watch)
		return;
	inotify_rm_watch(oom->watch->events.fd, oom->mark);
	list_remove(&oom->link);
	oom->watch = NULL;
	free(take(oom->path));
}
