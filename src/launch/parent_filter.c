/* SPDX-License-Identifier: GPL-2.0-or-later */
/* parent_filter - the seccomp filter, for tare-init to load. */
#include "launch/parent_filter.h"

#include <linux/filter.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "kernel/syscalls.h"
#include "launch/launch.h"
#include "seccomp/cache.h"

int launch_compile_filter(const struct launch *launch, struct seccomp_program *ret_program)
{
	_cleanup_close_ int cache = NO_FD;

	if (store_open_cache(&launch->store, "seccomp", &cache))
		return err_code();
	return seccomp_compile_cached(cache, &launch->plan->seccomp, ret_program);
}

bool launch_filter_lets_through(const struct launch *launch,
				const struct seccomp_program *program,
				const struct seccomp_question *questions, size_t count)
{
	static const struct seccomp_question control = { .number = SYS_ioctl,
							 .arguments = { 0, TIOCSCTTY } };
	static const struct seccomp_question limit = { .number = SYS_prlimit64,
						       .arguments = { 0, RLIMIT_NPROC } };

	for (size_t i = 0; i < count; i++)
		if (!seccomp_lets_through(program, &questions[i])) {
			log_debug("seccomp: system call %d is not let through, so the filter "
				  "is loaded where others see the process",
				  questions[i].number);
			return false;
		}
	if (launch->init->processes.is_set && !seccomp_lets_through(program, &limit))
		return false;
	return !launch->init->wants_terminal || seccomp_lets_through(program, &control);
}

void launch_put_filter(struct launch *launch, const struct seccomp_program *program)
{
	const size_t size = sizeof(struct sock_filter);
	void *room;

	launch->init->filter =
		block_put_list(&launch->request->plan->block, program->count, size, &room);
	memcpy(room, program->instructions, program->count * size);
}
