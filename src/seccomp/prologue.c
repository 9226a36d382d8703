/* SPDX-License-Identifier: GPL-2.0-or-later */
/* prologue - chooses the filter of an architecture and answers ENOSYS to what is too new. */
#include "seccomp/prologue.h"

#include <assert.h>
#include <errno.h>
#include <linux/bpf_common.h>
#include <linux/seccomp.h>
#include <seccomp.h>

#include "base/cleanup.h"

/*
 * A C library tries the newest system call first (clone3, faccessat2,
 * fchmodat2) and falls back to an older one only when the kernel says ENOSYS.
 * A profile that allows a list and answers EPERM to the rest was written
 * against one kernel and meets later ones, so what was added since would break
 * programs that ran before.  As in runc: on each architecture, every number
 * above the highest one that the profile names gets ENOSYS, whatever the
 * default is, unless the default lets calls through (ALLOW, LOG) or leaves them
 * to a tracer (TRACE).  To name a system call, in a rule of whatever action, is
 * to know it.  A name that libseccomp itself does not know has no number and
 * counts as not known, which is right: it cannot be allowed, so it must look
 * absent.
 *
 * Numbers are given out in the order of time, with exceptions; the table has
 * those where a number says nothing about age.  What is left is luck: of two
 * system calls that were merged out of order, one may get the default action.
 */
struct numbering {
	uint32_t architecture; /* SCMP_ARCH_* */
	uint32_t base;         /* the first number */
	uint32_t odd_first;    /* old system calls with high numbers, */
	uint32_t odd_last;     /* to be judged by the profile alone */
};

#define X32 0x40000000U

/* clang-format off */
static const struct numbering numberings[] = {
	{ SCMP_ARCH_X32,         X32,  X32 + 512, X32 + 547 }, /* what differs from x86_64 */
	{ SCMP_ARCH_ARM,         0,    0x0f0000,  0x0fffff },  /* private: cacheflush... */
	{ SCMP_ARCH_MIPS,        4000, 0, 0 },
	{ SCMP_ARCH_MIPSEL,      4000, 0, 0 },
	{ SCMP_ARCH_MIPS64,      5000, 0, 0 },
	{ SCMP_ARCH_MIPSEL64,    5000, 0, 0 },
	{ SCMP_ARCH_MIPS64N32,   6000, 0, 0 },
	{ SCMP_ARCH_MIPSEL64N32, 6000, 0, 0 },
};
/* clang-format on */

/*
 * What is, or was, reached through socketcall(2) or ipc(2) has a number, if any, below 403, where
 * the numbering that is common to all architectures begins.
 */
#define COMMON_BEGIN 403U

/* The conditional jump that is known only when all is there; real ones are shorter. */
#define TO_ENOSYS 255
static_assert(PROLOGUE_MAX < TO_ENOSYS, "every conditional jump must reach the end");

/* Numbers from FIRST to LAST may be too new; with NEWEST 0 no number is. */
struct limit {
	struct numbering numbering;
	uint32_t newest;
};

static struct numbering numbering_of(uint32_t architecture)
{
	for (size_t i = 0; i < ARRAY_SIZE(numberings); i++)
		if (numberings[i].architecture == architecture)
			return numberings[i];
	return (struct numbering){ .architecture = architecture };
}

static bool is_odd(const struct numbering *numbering, uint32_t number)
{
	return numbering->odd_last && number >= numbering->odd_first &&
	       number <= numbering->odd_last;
}

static void count_call(struct limit *limit, const struct call *call)
{
	const struct numbering *numbering = &limit->numbering;
	uint32_t number = (uint32_t)call->number, which;

	if (calls_multiplexed(call->number, &which) != MULTIPLEXER_NONE)
		number = numbering->base + COMMON_BEGIN - 1;
	else if (call->number < 0 || is_odd(numbering, number))
		return;
	if (number > limit->newest)
		limit->newest = number;
}

static bool wants_enosys(uint32_t default_action)
{
	switch (default_action & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ALLOW:
	case SECCOMP_RET_LOG:
	case SECCOMP_RET_TRACE:
	case SECCOMP_RET_USER_NOTIF: /* the agent knows what it answers */
		return false;
	}
	return default_action != SCMP_ACT_ERRNO(ENOSYS);
}

/* A profile that names nothing on an architecture says nothing about its age either. */
static struct limit limit_of(const struct seccomp_profile *profile,
			     const struct filter_part *part)
{
	struct limit limit = { .numbering = numbering_of(part->calls.architecture) };

	if (!wants_enosys(profile->default_action))
		return limit;
	for (size_t i = 0; i < part->calls.count; i++)
		count_call(&limit, &part->calls.items[i]);
	return limit;
}

static void emit(struct prologue *prologue, struct sock_filter instruction)
{
	assert(prologue->count < PROLOGUE_MAX);
	prologue->code[prologue->count++] = instruction;
}

static void emit_load(struct prologue *prologue, uint32_t offset)
{
	emit(prologue, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset));
}

/* COMPARISON is BPF_JEQ, BPF_JGT or BPF_JGE; 0 goes on to the next instruction. */
static void emit_jump(struct prologue *prologue, unsigned comparison, uint32_t value,
		      uint8_t if_true, uint8_t if_false)
{
	emit(prologue, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_K | comparison, value,
						    if_true, if_false));
}

/* Where programs begin is known at the end: until then the jump holds the program's index. */
static void emit_program(struct prologue *prologue, size_t part)
{
	emit(prologue, (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, (uint32_t)part));
}

static void emit_limit(struct prologue *prologue, const struct limit *limit)
{
	const struct numbering *numbering = &limit->numbering;

	if (!limit->newest)
		return;
	if (!numbering->odd_last) {
		emit_jump(prologue, BPF_JGT, limit->newest, TO_ENOSYS, 0);
		return;
	}
	emit_jump(prologue, BPF_JGT, limit->newest, 0, 2);
	emit_jump(prologue, BPF_JGT, numbering->odd_last, TO_ENOSYS, 0);
	emit_jump(prologue, BPF_JGE, numbering->odd_first, 0, TO_ENOSYS);
}

static size_t find_part(const struct filter_part *parts, size_t part_count,
			uint32_t architecture)
{
	for (size_t i = 0; i < part_count; i++)
		if (parts[i].calls.architecture == architecture)
			return i;
	return part_count;
}

/*
 * x32 shares its architecture with x86_64 and says so in bit 30 of the number.
 * Without x32 in the profile, the answer to those numbers in the program of
 * x86_64, PART, stands: it kills.  A tracer that has a system call left out
 * makes it -1, which is of neither and gets the default of PART in any case.
 */
static void emit_x32(struct prologue *prologue, const struct seccomp_profile *profile,
		     const struct filter_part *parts, size_t part_count, size_t part)
{
	size_t x32_part = find_part(parts, part_count, SCMP_ARCH_X32);
	struct limit limit = { .newest = 0 };
	size_t start = prologue->count;

	emit_jump(prologue, BPF_JGE, X32, 0, 0);
	if (x32_part < part_count) {
		limit = limit_of(profile, &parts[x32_part]);
		emit_jump(prologue, BPF_JEQ, UINT32_MAX, 0, 1);
		emit_program(prologue, part);
		part = x32_part;
	}
	emit_limit(prologue, &limit);
	emit_program(prologue, part);
	prologue->code[start].jf = (uint8_t)(prologue->count - start - 1);
}

/*
 * The kernel of s390 hands large numbers over in a register, and those that it
 * does not know end up as number 0, setup(2), which nobody has called for decades.
 */
static void emit_setup(struct prologue *prologue, const struct limit *limit)
{
	uint32_t architecture = limit->numbering.architecture;

	if (limit->newest &&
	    (architecture == SCMP_ARCH_S390 || architecture == SCMP_ARCH_S390X))
		emit_jump(prologue, BPF_JEQ, 0, TO_ENOSYS, 0);
}

/* The architecture is loaded at the beginning and stays so for the sections behind. */
static void emit_section(struct prologue *prologue, const struct seccomp_profile *profile,
			 const struct filter_part *parts, size_t part_count, size_t part)
{
	uint32_t architecture = parts[part].calls.architecture;
	struct limit limit = limit_of(profile, &parts[part]);
	size_t start = prologue->count;

	emit_jump(prologue, BPF_JEQ, architecture, 0, 0);
	emit_load(prologue, offsetof(struct seccomp_data, nr));
	emit_setup(prologue, &limit);
	if (architecture == SCMP_ARCH_X86_64)
		emit_x32(prologue, profile, parts, part_count, part);
	emit_limit(prologue, &limit);
	emit_program(prologue, part);
	prologue->code[start].jf = (uint8_t)(prologue->count - start - 1);
}

/* Unknown architectures fall through to the end. */
static void emit_end(struct prologue *prologue)
{
	emit(prologue, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SCMP_ACT_KILL));
	emit(prologue, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SCMP_ACT_ERRNO(ENOSYS)));
}

/* How far it is from instruction AT to the beginning of program PART. */
static uint32_t distance(const struct prologue *prologue, const struct filter_part *parts,
			 size_t part, size_t at)
{
	size_t begin = prologue->count;

	for (size_t i = 0; i < part; i++)
		begin += parts[i].program.count;
	return (uint32_t)(begin - at - 1);
}

static void resolve_jumps(struct prologue *prologue, const struct filter_part *parts)
{
	for (size_t i = 0; i < prologue->count; i++) {
		struct sock_filter *code = &prologue->code[i];
		uint8_t to_enosys = (uint8_t)(prologue->count - i - 2);

		if (code->code == (BPF_JMP | BPF_JA))
			code->k = distance(prologue, parts, code->k, i);
		if (code->jt == TO_ENOSYS)
			code->jt = to_enosys;
		if (code->jf == TO_ENOSYS)
			code->jf = to_enosys;
	}
}

void prologue_build(const struct seccomp_profile *profile, const struct filter_part *parts,
		    size_t part_count, struct prologue *ret_prologue)
{
	ret_prologue->count = 0;
	emit_load(ret_prologue, offsetof(struct seccomp_data, arch));
	for (size_t i = 0; i < part_count; i++)
		if (parts[i].calls.architecture != SCMP_ARCH_X32)
			emit_section(ret_prologue, profile, parts, part_count, i);
	emit_end(ret_prologue);
	resolve_jumps(ret_prologue, parts);
}
