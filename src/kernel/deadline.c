/* SPDX-License-Identifier: GPL-2.0-or-later */
/* deadline - waits that end. */
#include "kernel/deadline.h"

#include <limits.h>
#include <poll.h>
#include <stddef.h>
#include <time.h>

#include "kernel/syscalls.h"

#define NAP_MAX 50

static int64_t now(void)
{
	struct timespec time;

	sys_clock_gettime(CLOCK_MONOTONIC, &time); /* musl's looks for the vDSO first: 8 us */
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

struct deadline deadline_in(int timeout_ms)
{
	if (timeout_ms <= 0)
		return (struct deadline){ .at = timeout_ms < 0 ? -1 : 0, .nap = 1 };
	return (struct deadline){ .at = now() + timeout_ms, .nap = 1 };
}

int deadline_left(const struct deadline *deadline)
{
	int64_t left;

	if (deadline->at <= 0)
		return (int)deadline->at;
	left = deadline->at - now();
	if (left <= 0)
		return 0;
	return left > INT_MAX ? INT_MAX : (int)left;
}

bool deadline_nap(struct deadline *deadline)
{
	int left = deadline_left(deadline);
	int nap = deadline->nap;

	if (left == 0)
		return false;
	if (left > 0 && left < nap)
		nap = left;
	poll(NULL, 0, nap);
	if (deadline->nap < NAP_MAX)
		deadline->nap = deadline->nap * 2 < NAP_MAX ? deadline->nap * 2 : NAP_MAX;
	return true;
}
