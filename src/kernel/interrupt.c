/* SPDX-License-Identifier: GPL-2.0-or-later */
/* interrupt - waits that the user can end, while his other signals are kept for the container. */
#include "kernel/interrupt.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#include "base/err.h"

static const int ours[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
static const int mistakes[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT };

/* What a signal handler can reach is global: which one came, and whether one may come. */
static volatile sig_atomic_t came;
static sigset_t during_wait;
static bool is_on;

static void take(int signal)
{
	came = signal;
}

/* What the caller ignores (nohup(1)) is not what he wants to end us with. */
static int listen_to(int signal)
{
	struct sigaction action = { .sa_handler = take }, before;

	if (sigaction(signal, &action, &before) < 0)
		return err_sys(errno, "sigaction");
	if (before.sa_handler == SIG_IGN)
		return sigaction(signal, &before, NULL) < 0 ? err_sys(errno, "sigaction") : 0;
	sigdelset(&during_wait, signal);
	return 0;
}

int interrupt_begin(void)
{
	sigset_t all;

	sigfillset(&all);
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++)
		sigdelset(&all, mistakes[i]);
	during_wait = all;
	if (sigprocmask(SIG_SETMASK, &all, NULL) < 0)
		return err_sys(errno, "block signals");
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (listen_to(ours[i]))
			return err_code();
	is_on = true;
	return 0;
}

static int refuse_interrupted(void)
{
	int signal = came;

	came = 0;
	return err_sys(EINTR, "signal %d (%s)", signal, strsignal(signal));
}

int interrupt_poll(struct pollfd *polls, nfds_t count, int timeout_ms)
{
	struct timespec timeout = { timeout_ms / 1000, timeout_ms % 1000 * 1000000L };
	int ready;

	do {
		if (came)
			return refuse_interrupted();
		ready = ppoll(polls, count, timeout_ms < 0 ? NULL : &timeout,
			      is_on ? &during_wait : NULL);
	} while (ready < 0 && errno == EINTR);
	return ready < 0 ? err_sys(errno, "poll") : ready;
}
