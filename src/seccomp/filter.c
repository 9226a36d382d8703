/* SPDX-License-Identifier: GPL-2.0-or-later */
/* filter - a profile's rules for one architecture, compiled by libseccomp. */
#include "seccomp/filter.h"

#include <errno.h>
#include <linux/bpf_common.h>
#include <linux/filter.h>
#include <seccomp.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "seccomp/entries.h"

#define ARGUMENT_COUNT 6

#define BINARY_TREE 2

static void release_filter(scmp_filter_ctx *filter)
{
	if (*filter)
		seccomp_release(*filter);
}
#define _cleanup_filter_ _cleanup_(release_filter)

/* A new filter is for the native architecture alone; make it one for ARCHITECTURE alone. */
static int choose_architecture(scmp_filter_ctx filter, uint32_t architecture)
{
	int r;

	if (architecture == seccomp_arch_native())
		return 0;
	r = seccomp_arch_add(filter, architecture);
	return r < 0 ? r : seccomp_arch_remove(filter, SCMP_ARCH_NATIVE);
}

bool filter_is_possible(uint32_t architecture)
{
	_cleanup_filter_ scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	return filter && choose_architecture(filter, architecture) == 0;
}

/* Does it say anything about ARCHITECTURE that is not the default? */
static bool is_told(const struct call *call, const struct seccomp_profile *profile,
		    uint32_t architecture)
{
	uint32_t which;

	if (call->rule->action == profile->default_action)
		return false;
	return call->number >= 0 || (calls_multiplexed(call->number, &which) &&
				     entries_may_be_multiplexed(architecture));
}

static size_t count_told(const struct calls *calls, const struct seccomp_profile *profile)
{
	size_t count = 0;

	for (size_t i = 0; i < calls->count; i++)
		count += is_told(&calls->items[i], profile, calls->architecture);
	return count;
}

/*
 * tare-init loads the filter itself and decides about no_new_privs.  Up to 2.5.4, libseccomp's list
 * of comparisons looks at the architecture in place of the number if what comes first is a system
 * call that the architecture has not; the binary tree is right, but breaks on none.
 */
static int set_attributes(scmp_filter_ctx filter, const struct seccomp_profile *profile,
			  const struct calls *calls)
{
	int r = seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 0);

	if (r == 0 && count_told(calls, profile) > 0)
		r = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, BINARY_TREE);
	return r < 0 ? err_sys(-r, "set up libseccomp") : 0;
}

static struct scmp_arg_cmp condition(const struct seccomp_argument *argument)
{
	return (struct scmp_arg_cmp){
		.arg = argument->index,
		.op = (enum scmp_compare)argument->comparison,
		.datum_a = argument->value,
		.datum_b = argument->value_two,
	};
}

/* libseccomp wants the number of this machine and translates it itself. */
static int add_call(scmp_filter_ctx filter, const struct call *call)
{
	struct scmp_arg_cmp conditions[ARGUMENT_COUNT];
	int r;

	for (size_t i = 0; i < call->argument_count; i++)
		conditions[i] = condition(&call->arguments[i]);
	r = seccomp_rule_add_array(filter, call->rule->action,
				   seccomp_syscall_resolve_name(call->name),
				   (unsigned)call->argument_count, conditions);
	if (r == -EEXIST)
		r = err_refuse("the rule for %s contradicts an earlier one", call->name);
	else if (r < 0)
		r = err_sys(-r, "rule for %s", call->name);
	return r < 0 ? err_while("%s", call->rule->origin) : 0;
}

static int compare_calls(const void *one, const void *other)
{
	const struct call *a = *(const struct call *const *)one;
	const struct call *b = *(const struct call *const *)other;

	if (a->number != b->number)
		return a->number > b->number ? -1 : 1;
	return a < b ? -1 : a > b;
}

/*
 * libseccomp keeps a list by number that it walks from the lowest on: the highest first is what it
 * takes the least time for.  Rules for the same system call keep their order.
 */
static int add_calls(scmp_filter_ctx filter, const struct seccomp_profile *profile,
		     const struct calls *calls)
{
	_cleanup_free_ const struct call **list = xcalloc(calls->count + 1, sizeof(void *));

	for (size_t i = 0; i < calls->count; i++)
		list[i] = &calls->items[i];
	qsort(list, calls->count, sizeof(void *), compare_calls);
	for (size_t i = 0; i < calls->count; i++)
		if (is_told(list[i], profile, calls->architecture) && add_call(filter, list[i]))
			return err_code();
	return 0;
}

int filter_read(int fd, struct seccomp_program *ret_program)
{
	_cleanup_free_ struct sock_filter *program = NULL;
	struct stat status;
	size_t count;

	if (fstat(fd, &status) < 0)
		return err_sys(errno, "fstat the filter");
	count = (size_t)status.st_size / sizeof(*program);
	program = xcalloc(count, sizeof(*program));
	if (status.st_size % (off_t)sizeof(*program) != 0 ||
	    pread(fd, program, count * sizeof(*program), 0) != status.st_size)
		return err_sys(EIO, "read the filter");
	*ret_program = (struct seccomp_program){ take(program), count };
	return 0;
}

/* libseccomp writes the program into a file; 2.6 can do without, 2.5 cannot. */
int filter_compile(const struct seccomp_profile *profile, const struct calls *calls, int fd)
{
	_cleanup_filter_ scmp_filter_ctx filter = seccomp_init(profile->default_action);
	int r;

	if (!filter)
		return err_refuse("linux.seccomp.defaultAction: "
				  "this kernel or libseccomp does not support it");
	r = choose_architecture(filter, calls->architecture);
	if (r < 0)
		return err_sys(-r, "linux.seccomp.architectures: %#x", calls->architecture);
	if (set_attributes(filter, profile, calls) || add_calls(filter, profile, calls))
		return err_code();
	r = seccomp_export_bpf(filter, fd);
	return r < 0 ? err_sys(-r, "compile the seccomp profile") : 0;
}
