/* SPDX-License-Identifier: GPL-2.0-or-later */
/* loop - wait for descriptors and for times; one thread, one of them after the other. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>

#include "shim/loop/list.h"

struct loop {
	int epoll;
	struct list timers; /* the earliest first */
	bool is_over;
};

/* A descriptor; its owner embeds this, opens and closes it. Zeroed is: not watched. */
struct watch {
	struct loop *loop; /* NULL while it is not watched */
	int fd;
	void (*ready)(struct watch *watch, uint32_t events); /* EPOLL*; may free its owner */
};

/* A time; its owner embeds this. Zeroed is: not running. */
struct timer {
	struct list link;
	bool is_running;
	int64_t at;
	void (*due)(struct timer *timer); /* it is not running any more; may free its owner */
};

int loop_init(struct loop *loop);
void loop_release(struct loop *loop);

/* Until loop_stop(). Returns 0, or -errno with a record. */
int loop_run(struct loop *loop);
void loop_stop(struct loop *loop);

/* Milliseconds of a clock that only goes forward. */
int64_t loop_now(void);

/* Level-triggered, as epoll(7) tells. Returns 0, or -errno with a record. */
int watch_start(struct loop *loop, struct watch *watch, uint32_t events);
int watch_change(struct watch *watch, uint32_t events);
void watch_stop(struct watch *watch);

/* In MS milliseconds from now, in place of a time that was set before. */
void timer_start(struct loop *loop, struct timer *timer, int64_t ms);
void timer_stop(struct timer *timer);
