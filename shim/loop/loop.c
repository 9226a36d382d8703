/* SPDX-License-Identifier: GPL-2.0-or-later */
/* loop - wait for descriptors and for times; one thread, one of them after the other. */
#include "shim/loop/loop.h"

#include <errno.h>
#include <limits.h>
#include <time.h>

#include "base/err.h"
#include "base/fd.h"

int loop_init(struct loop *loop)
{
	*loop = (struct loop){ .epoll = epoll_create1(EPOLL_CLOEXEC) };
	list_init(&loop->timers);
	if (loop->epoll < 0)
		return err_sys(errno, "epoll_create1");
	return 0;
}

void loop_release(struct loop *loop)
{
	fd_close(loop->epoll);
	loop->epoll = NO_FD;
}

void loop_stop(struct loop *loop)
{
	loop->is_over = true;
}

int64_t loop_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int watch_start(struct loop *loop, struct watch *watch, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = watch };

	if (watch->loop)
		return watch_change(watch, events);
	if (epoll_ctl(loop->epoll, EPOLL_CTL_ADD, watch->fd, &event) < 0)
		return err_sys(errno, "watch descriptor %d", watch->fd);
	watch->loop = loop;
	return 0;
}

int watch_change(struct watch *watch, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = watch };

	if (epoll_ctl(watch->loop->epoll, EPOLL_CTL_MOD, watch->fd, &event) < 0)
		return err_sys(errno, "watch descriptor %d", watch->fd);
	return 0;
}

void watch_stop(struct watch *watch)
{
	if (watch->loop)
		epoll_ctl(watch->loop->epoll, EPOLL_CTL_DEL, watch->fd, NULL);
	watch->loop = NULL;
}

static struct timer *timer_of(struct list *link)
{
	return owner_of(link, struct timer, link);
}

void timer_start(struct loop *loop, struct timer *timer, int64_t ms)
{
	struct list *behind = &loop->timers;

	timer_stop(timer);
	timer->at = loop_now() + ms;
	timer->is_running = true;
	list_each(cursor, rest, &loop->timers)
	{
		if (timer_of(cursor)->at > timer->at) {
			behind = cursor;
			break;
		}
	}
	list_add(behind, &timer->link); /* in front of it */
}

void timer_stop(struct timer *timer)
{
	if (timer->is_running)
		list_remove(&timer->link);
	timer->is_running = false;
}

/* Run what is due. Returns how long to wait for the next one: -1 when there is none. */
static int run_timers(struct loop *loop)
{
	while (!list_is_empty(&loop->timers) && !loop->is_over) {
		struct timer *timer = timer_of(loop->timers.next);
		int64_t left = timer->at - loop_now();

		if (left > 0)
			return left > INT_MAX ? INT_MAX : (int)left;
		timer_stop(timer);
		timer->due(timer);
	}
	return -1;
}

/* One event at a time: what it ends or frees cannot be waiting in a batch. */
int loop_run(struct loop *loop)
{
	while (!loop->is_over) {
		int timeout = run_timers(loop), n;
		struct epoll_event event;
		struct watch *watch;

		if (loop->is_over)
			break;
		n = epoll_wait(loop->epoll, &event, 1, timeout);
		if (n < 0 && errno != EINTR)
			return err_sys(errno, "epoll_wait");
		if (n <= 0)
			continue;
		watch = event.data.ptr;
		watch->ready(watch, event.events);
	}
	return 0;
}
