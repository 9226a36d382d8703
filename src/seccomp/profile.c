/* SPDX-License-Identifier: GPL-2.0-or-later */
/* profile - a seccomp profile and the BPF program that libseccomp makes of it. */
#include "seccomp/profile.h"

#include <linux/bpf_common.h>
#include <linux/filter.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "seccomp/filter.h"
#include "seccomp/prologue.h"

/* More than there are SCMP_ARCH_*. */
#define PARTS_MAX 24

/*
 * The program of each architecture.  libseccomp could make one program for all
 * of them, but takes a time that grows with the square of its length: 16 ms in
 * place of 6 for Docker's profile and the three architectures of a PC.
 */
struct parts {
	struct filter_part items[PARTS_MAX];
	size_t count;
};

static void parts_release(struct parts *parts)
{
	for (size_t i = 0; i < parts->count; i++)
		free(parts->items[i].program.instructions);
}

static bool has_part(const struct parts *parts, uint32_t architecture)
{
	for (size_t i = 0; i < parts->count; i++)
		if (parts->items[i].architecture == architecture)
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
	part->architecture = architecture;
	r = filter_compile(profile, architecture, &part->program);
	if (r == 0)
		parts->count++;
	return r;
}

/*
 * An architecture that this libseccomp has never heard of, or whose bytes are
 * the other way round, is left out of the filter: a program of that kind is
 * killed, should the kernel be able to run it at all.
 */
static int compile_parts(const struct seccomp_profile *profile, struct parts *parts)
{
	int r = add_part(profile, parts, seccomp_arch_native());

	for (size_t i = 0; r == 0 && i < profile->architecture_count; i++) {
		uint32_t architecture = profile->architectures[i];

		if (architecture == SCMP_ARCH_NATIVE || has_part(parts, architecture))
			continue;
		if (!filter_is_possible(architecture)) {
			log_debug("seccomp: architecture %#x left out", architecture);
			continue;
		}
		r = add_part(profile, parts, architecture);
	}
	return r;
}

static struct sock_filter *append(struct sock_filter *to, const struct sock_filter *from,
				  size_t count)
{
	memcpy(to, from, count * sizeof(*to));
	return to + count;
}

static int join_parts(const struct prologue *prologue, const struct parts *parts,
		      struct seccomp_program *ret_program)
{
	size_t count = prologue->count;
	struct sock_filter *program, *end;

	for (size_t i = 0; i < parts->count; i++)
		count += parts->items[i].program.count;
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
	int r = compile_parts(profile, &parts);

	if (r < 0)
		return r;
	prologue_build(profile, parts.items, parts.count, &prologue);
	return join_parts(&prologue, &parts, ret_program);
}
