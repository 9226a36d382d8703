/* SPDX-License-Identifier: GPL-2.0-or-later */
/* filter - a profile's rules for one architecture, compiled by libseccomp. */
#include "seccomp/filter.h"

#include <errno.h>
#include <linux/bpf_common.h>
#include <linux/filter.h>
#include <seccomp.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/mem.h"

#define ARGUMENT_COUNT 6

/* libseccomp's binary tree has four system calls to a leaf and, up to 2.5.4, breaks on none. */
#define TREE_MINIMUM 32
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

/* tare-init loads the filter itself and decides about no_new_privs. */
static int set_attributes(scmp_filter_ctx filter, const struct seccomp_profile *profile)
{
	size_t names = 0;
	int r;

	for (size_t i = 0; i < profile->rule_count; i++)
		names += profile->rules[i].name_count;
	r = seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 0);
	if (r == 0 && names > TREE_MINIMUM)
		r = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, BINARY_TREE);
	return r < 0 ? err_sys(-r, "set up libseccomp") : 0;
}

static bool repeats_an_argument(const struct seccomp_rule *rule)
{
	unsigned seen = 0;

	for (size_t i = 0; i < rule->argument_count; i++) {
		unsigned bit = 1U << rule->arguments[i].index;

		if (seen & bit)
			return true;
		seen |= bit;
	}
	return false;
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

/* libseccomp wants each argument at most once in a rule; more are alternatives. */
static int add_call(scmp_filter_ctx filter, const struct seccomp_rule *rule, int number)
{
	struct scmp_arg_cmp conditions[ARGUMENT_COUNT];
	unsigned count = 0;

	if (!repeats_an_argument(rule)) {
		for (; count < rule->argument_count; count++)
			conditions[count] = condition(&rule->arguments[count]);
		return seccomp_rule_add_array(filter, rule->action, number, count, conditions);
	}
	for (size_t i = 0; i < rule->argument_count; i++) {
		int r;

		conditions[0] = condition(&rule->arguments[i]);
		r = seccomp_rule_add_array(filter, rule->action, number, 1, conditions);
		if (r < 0)
			return r;
	}
	return 0;
}

/* A system call that a rule names. */
struct named {
	const struct seccomp_rule *rule;
	const char *name;
	int number; /* the native one, which libseccomp translates itself */
	int place;  /* the architecture's own */
	size_t turn;
};

struct named_list {
	struct named *items;
	size_t count;
};

static void named_list_release(struct named_list *list)
{
	free(list->items);
}

static int check_arguments(const struct seccomp_rule *rule)
{
	for (size_t i = 0; i < rule->argument_count; i++)
		if (rule->arguments[i].index >= ARGUMENT_COUNT)
			return err_refuse("args[%zu].index: no system call has an argument %u",
					  i, rule->arguments[i].index);
	return 0;
}

/* Profiles name system calls of every architecture and of kernels yet to come. */
static int resolve_rule(const struct seccomp_rule *rule, uint32_t architecture, bool is_strict,
			struct named_list *list)
{
	if (check_arguments(rule))
		return err_code();
	for (size_t i = 0; i < rule->name_count; i++) {
		const char *name = rule->names[i];
		int number = seccomp_syscall_resolve_name(name);

		if (number == __NR_SCMP_ERROR && is_strict)
			return err_refuse("unknown system call %s", name);
		if (number == __NR_SCMP_ERROR) {
			log_debug("%s: unknown system call %s skipped", rule->origin, name);
			continue;
		}
		list->items[list->count] = (struct named){
			.rule = rule,
			.name = name,
			.number = number,
			.place = seccomp_syscall_resolve_name_arch(architecture, name),
			.turn = list->count,
		};
		list->count++;
	}
	return 0;
}

/* A rule that says what the default says anyway is one that libseccomp refuses. */
static int resolve_rules(const struct seccomp_profile *profile, uint32_t architecture,
			 struct named_list *list)
{
	size_t names = 0;

	for (size_t i = 0; i < profile->rule_count; i++)
		names += profile->rules[i].name_count;
	list->items = xcalloc(names + 1, sizeof(*list->items));
	for (size_t i = 0; i < profile->rule_count; i++) {
		const struct seccomp_rule *rule = &profile->rules[i];

		if (rule->action != profile->default_action &&
		    resolve_rule(rule, architecture, profile->is_strict, list))
			return err_while("%s", rule->origin);
	}
	return 0;
}

static int compare_places(const void *one, const void *other)
{
	const struct named *a = one, *b = other;

	if (a->place != b->place)
		return a->place > b->place ? -1 : 1;
	return a->turn < b->turn ? -1 : 1;
}

/*
 * libseccomp keeps a list by number that it walks from the lowest on: the highest first is what it
 * takes the least time for.  Rules for the same system call keep their order.
 */
static int add_rules(scmp_filter_ctx filter, const struct seccomp_profile *profile,
		     uint32_t architecture)
{
	_cleanup_(named_list_release) struct named_list list = { 0 };

	if (resolve_rules(profile, architecture, &list))
		return err_code();
	qsort(list.items, list.count, sizeof(*list.items), compare_places);
	for (size_t i = 0; i < list.count; i++) {
		const struct named *named = &list.items[i];
		int r = add_call(filter, named->rule, named->number);

		if (r == -EEXIST)
			r = err_refuse("the rule for %s contradicts an earlier one",
				       named->name);
		else if (r < 0)
			r = err_sys(-r, "rule for %s", named->name);
		if (r < 0)
			return err_while("%s", named->rule->origin);
	}
	return 0;
}

static int read_program(int fd, struct seccomp_program *ret_program)
{
	_cleanup_free_ struct sock_filter *program = NULL;
	struct stat status;
	size_t count;

	if (fstat(fd, &status) < 0)
		return err_sys(errno, "fstat the filter");
	count = (size_t)status.st_size / sizeof(*program);
	program = xcalloc(count, sizeof(*program));
	if (pread(fd, program, (size_t)status.st_size, 0) != status.st_size)
		return err_sys(EIO, "read the filter");
	*ret_program = (struct seccomp_program){ take(program), count };
	return 0;
}

/* libseccomp writes the program into a file; 2.6 can do without, 2.5 cannot. */
static int export_program(scmp_filter_ctx filter, struct seccomp_program *ret_program)
{
	_cleanup_close_ int fd = memfd_create("seccomp", MFD_CLOEXEC);
	int r;

	if (fd < 0)
		return err_sys(errno, "memfd_create");
	r = seccomp_export_bpf(filter, fd);
	if (r < 0)
		return err_sys(-r, "compile the seccomp profile");
	return read_program(fd, ret_program);
}

int filter_compile(const struct seccomp_profile *profile, uint32_t architecture,
		   struct seccomp_program *ret_program)
{
	_cleanup_filter_ scmp_filter_ctx filter = seccomp_init(profile->default_action);
	int r;

	if (!filter)
		return err_refuse("linux.seccomp.defaultAction: "
				  "this kernel or libseccomp does not support it");
	r = choose_architecture(filter, architecture);
	if (r < 0)
		return err_sys(-r, "linux.seccomp.architectures: %#x", architecture);
	r = set_attributes(filter, profile);
	if (r == 0)
		r = add_rules(filter, profile, architecture);
	return r < 0 ? r : export_program(filter, ret_program);
}
