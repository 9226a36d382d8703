/* SPDX-License-Identifier: GPL-2.0-or-later */
/* oom - which containers the kernel kills processes of, for want of memory. */
#include "shim/task/oom.h"

#include <errno.h>
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

static int read_counts(const char *path, struct oom_counts *ret_counts)
{
	char text[512];

	if (fd_read_file(AT_FDCWD, path, text, sizeof(text)) < 0) {
		err_clear();
		return -ENOENT;
	}
	oom_parse(text, ret_counts);
	return 0;
}

/* What is above is read before: a kill between the two is not lost in it. */
void oom_read(struct oom *oom)
{
	struct oom_counts above = { 0 };

	if (!oom->watch)
		return;
	read_counts(oom->above_path, &above);
	if (read_counts(oom->path, &oom->counts) == 0)
		oom->above_kills = above.oom_kill;
}

bool oom_has_news(struct oom *oom)
{
	bool has_news = oom->counts.oom_kill > oom->told;

	oom->told = oom->counts.oom_kill;
	return has_news;
}

void oom_infer(struct oom *oom)
{
	struct oom_counts above = { 0 };

	if (!oom->watch || access(oom->path, F_OK) == 0 || oom->counts.oom_kill > 0)
		return;
	read_counts(oom->above_path, &above);
	if (oom->counts.oom > 0 || above.oom_kill > oom->above_kills)
		oom->counts.oom_kill = 1;
}

static void look_at(struct oom_watch *watch, int mark)
{
	list_each(cursor, rest, &watch->all)
	{
		struct oom *oom = owner_of(cursor, struct oom, link);

		if (oom->mark == mark || oom->above == mark)
			oom->changed(oom);
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
	       void (*changed)(struct oom *oom))
{
	const char *slash = cgroup ? strrchr(cgroup, '/') : NULL;

	if (!slash || oom->watch)
		return;
	*oom = (struct oom){
		.changed = changed,
		.path = xprintf("%s/memory.events", cgroup),
		.above_path = xprintf("%.*s/memory.events", (int)(slash - cgroup), cgroup),
	};
	oom->mark = inotify_add_watch(watch->events.fd, oom->path, IN_MODIFY);
	oom->above = inotify_add_watch(watch->events.fd, oom->above_path, IN_MODIFY);
	oom->watch = watch;
	list_add(&watch->all, &oom->link);
	oom_read(oom);
}

/* Containers of one parent have one mark for it. */
static bool is_shared(const struct oom_watch *watch, int mark)
{
	list_each(cursor, rest, &watch->all) if (owner_of(cursor, struct oom, link)->above ==
						 mark) return true;
	return false;
}

void oom_stop(struct oom *oom)
{
	if (!oom->watch)
		return;
	list_remove(&oom->link);
	inotify_rm_watch(oom->watch->events.fd, oom->mark);
	if (!is_shared(oom->watch, oom->above))
		inotify_rm_watch(oom->watch->events.fd, oom->above);
	oom->watch = NULL;
	free(take(oom->path));
	free(take(oom->above_path));
}
