/* SPDX-License-Identifier: GPL-2.0-or-later */
/* profile - a seccomp profile and the BPF program that is made of it. */
#include "seccomp/profile.h"

#include <linux/bpf_common.h>
#include <linux/filter.h>
#include <seccomp.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "kernel/deadline.h"
#include "seccomp/apart.h"
#include "seccomp/filter.h"
#include "seccomp/library.h"
#include "seccomp/prologue.h"
#include "seccomp/search.h"

/* More than there are SCMP_ARCH_*. */
#define PARTS_MAX 24

#define LIBRARY_MS 10000 /* for all that libseccomp compiles */

/* The program of each architecture. */
struct parts {
	struct filter_part items[PARTS_MAX];
	size_t count;
	struct deadline library; /* from when libseccomp is first asked */
};

static void parts_release(struct parts *parts)
{
	for (size_t i = 0; i < parts->count; i++) {
		calls_release(&parts->items[i].calls);
		free(parts->items[i].program.instructions);
	}
}

static bool has_part(const struct parts *parts, uint32_t architecture)
{
	for (size_t i = 0; i < parts->count; i++)
		if (parts->items[i].calls.architecture == architecture)
			return true;
	return false;
}

static int add_part(const struct seccomp_profile *profile, struct parts *parts,
		    uint32_t architecture)
{
	struct filter_part *part = &parts->items[parts->count];
	int r;

	if (parts->count == PARTS_MAX)
		return err_refuse("linux.seccomp.architectures: too many");
	r = calls_resolve(profile, architecture, &part->calls);
	if (r == 0)
		parts->count++;
	return r;
}

/*
 * An architecture that this libseccomp has never heard of, or whose bytes are
 * the other way round, is left out of the filter: a program of that kind is
 * killed, should the kernel be able to run it at all.
 */
static int find_parts(const struct seccomp_profile *profile, struct parts *parts)
{
	int r = add_part(profile, parts, seccomp_arch_native());

	for (size_t i = 0; r == 0 && i < profile->architecture_count; i++) {
		uint32_t architecture = profile->architectures[i];

		if (architecture == SCMP_ARCH_NATIVE || has_part(parts, architecture))
			continue;
		if (search_is_possible(architecture) || filter_is_possible(architecture))
			r = add_part(profile, parts, architecture);
		else
			log_debug("seccomp: architecture %#x left out", architecture);
	}
	return r;
}

static int compile_part(const struct seccomp_profile *profile, struct parts *parts,
			struct filter_part *part)
{
	if (search_is_possible(part->calls.architecture))
		return search_compile(profile, &part->calls, &part->program);
	if (parts->library.at == 0)
		parts->library = deadline_in(LIBRARY_MS);
	return apart_compile(profile, &part->calls, &parts->library, &part->program);
}

static int compile_parts(const struct seccomp_profile *profile, struct parts *parts)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < parts->count; i++)
		r = compile_part(profile, parts, &parts->items[i]);
	return r;
}

static size_t parts_size(const struct parts *parts)
{
	size_t size = 0;

	for (size_t i = 0; i < parts->count; i++)
		size += parts->items[i].program.count;
	return size;
}

static struct sock_filter *append(struct sock_filter *to, const struct sock_filter *from,
				  size_t count)
{
	for (size_t i = 0; i < count; i++)
		*to++ = from[i];
	return to;
}

static int join_parts(const struct prologue *prologue, const struct parts *parts,
		      struct seccomp_program *ret_program)
{
	size_t count = prologue->count + parts_size(parts);
	struct sock_filter *program, *end;

	if (count > BPF_MAXINSNS)
		return err_refuse(
			"linux.seccomp: %zu instructions, but the kernel takes %d at most",
			count, BPF_MAXINSNS);
	program = xcalloc(count, sizeof(*program));
	end = append(program, prologue->code, prologue->count);
	for (size_t i = 0; i < parts->count; i++)
		end = append(end, parts->items[i].program.instructions,
			     parts->items[i].program.count);
	*ret_program = (struct seccomp_program){ program, count };
	return 0;
}

int seccomp_compile(const struct seccomp_profile *profile, struct seccomp_program *ret_program)
{
	_cleanup_(parts_release) struct parts parts = { .count = 0 };
	struct prologue prologue;

	if (seccomp_library_load() || find_parts(profile, &parts) ||
	    compile_parts(profile, &parts))
		return err_code();
	prologue_build(profile, parts.items, parts.count, &prologue);
	return join_parts(&prologue, &parts, ret_program);
}
