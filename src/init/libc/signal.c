/* SPDX-License-Identifier: GPL-2.0-or-later */
/* signal - masks and dispositions; no handler of ours ever runs inside a container. */
#include <signal.h>

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SET_SIZE 8L /* of the kernel's set; the C library's is longer */

int sigemptyset(sigset_t *set)
{
	memset(set, 0, sizeof(*set));
	return 0;
}

int sigprocmask(int how, const sigset_t *restrict set, sigset_t *restrict old)
{
	if (old)
		sigemptyset(old);
	return (int)syscall(SYS_rt_sigprocmask, (long)how, set, old, SET_SIZE);
}

/* What else the kernel's structure has differs between architectures and is 0. */
sighandler_t signal(int number, sighandler_t handler)
{
	sighandler_t action[4] = { handler }, old[4] = { SIG_DFL };

	if (handler != SIG_DFL && handler != SIG_IGN) {
		errno = EINVAL;
		return SIG_ERR;
	}
	if (syscall(SYS_rt_sigaction, (long)number, action, old, SET_SIZE) < 0)
		return SIG_ERR;
	return old[0];
}
