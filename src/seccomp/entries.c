/* SPDX-License-Identifier: GPL-2.0-or-later */
/* entries - what a profile says about each number of an architecture. */
#include "seccomp/entries.h"

#include <linux/ipc.h>
#include <linux/net.h>
#include <seccomp.h>
#include <stdlib.h>

#include "base/mem.h"

struct form {
	uint32_t architecture; /* SCMP_ARCH_* */
	bool is_wide;
	bool is_multiplexed;
};

/* clang-format off */
static const struct form forms[] = {
	{ SCMP_ARCH_X86_64,  true,  false },
	{ SCMP_ARCH_X86,     false, true },
	{ SCMP_ARCH_X32,     true,  false }, /* its registers are those of x86_64 */
	{ SCMP_ARCH_AARCH64, true,  false },
	{ SCMP_ARCH_ARM,     false, false },
	{ SCMP_ARCH_RISCV64, true,  false },
};

#define X86_SOCKETCALL 102
#define X86_IPC 117

/*
 * Linux 4.3 and 5.1 gave numbers of their own to most of what a PC of 32 bits
 * called by socketcall(2) and ipc(2).  libseccomp does not tell them by name.
 */
static const uint16_t x86_sockets[] = {
	[SYS_SOCKET]      = 359, [SYS_SOCKETPAIR]  = 360, [SYS_BIND]        = 361,
	[SYS_CONNECT]     = 362, [SYS_LISTEN]      = 363, [SYS_ACCEPT4]     = 364,
	[SYS_GETSOCKOPT]  = 365, [SYS_SETSOCKOPT]  = 366, [SYS_GETSOCKNAME] = 367,
	[SYS_GETPEERNAME] = 368, [SYS_SENDTO]      = 369, [SYS_SENDMSG]     = 370,
	[SYS_RECVFROM]    = 371, [SYS_RECVMSG]     = 372, [SYS_SHUTDOWN]    = 373,
	[SYS_RECVMMSG]    = 337, [SYS_SENDMMSG]    = 345,
};

static const uint16_t x86_ipcs[] = {
	[SEMGET] = 393, [SEMCTL] = 394, [SHMGET] = 395, [SHMCTL] = 396, [SHMAT]  = 397,
	[SHMDT]  = 398, [MSGGET] = 399, [MSGSND] = 400, [MSGRCV] = 401, [MSGCTL] = 402,
};
/* clang-format on */

static const struct form *find_form(uint32_t architecture)
{
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++)
		if (forms[i].architecture == architecture)
			return &forms[i];
	return NULL;
}

bool entries_are_known(uint32_t architecture)
{
	return find_form(architecture) != NULL;
}

bool entries_may_be_multiplexed(uint32_t architecture)
{
	const struct form *form = find_form(architecture);

	return !form || form->is_multiplexed;
}

/* ---- make them ---- */

static void add_entry(struct entries *entries, const struct form *form, const struct call *from,
		      uint32_t number, uint32_t call)
{
	entries->items[entries->count++] = (struct entry){
		.number = number,
		.action = from->rule->action,
		.call = call,
		.is_wide = form->is_wide,
		.argument_count = from->argument_count,
		.arguments = from->arguments,
		.from = from,
	};
}

/* By the multiplexer, and by its own number if it has one. */
static void add_multiplexed(struct entries *entries, const struct form *form,
			    const struct call *from)
{
	uint32_t call, direct = 0;

	switch (calls_multiplexed(from->number, &call)) {
	case MULTIPLEXER_NONE:
		return;
	case MULTIPLEXER_SOCKETCALL:
		add_entry(entries, form, from, X86_SOCKETCALL, call);
		if (call < ARRAY_SIZE(x86_sockets))
			direct = x86_sockets[call];
		break;
	case MULTIPLEXER_IPC:
		add_entry(entries, form, from, X86_IPC, call);
		if (call < ARRAY_SIZE(x86_ipcs))
			direct = x86_ipcs[call];
		break;
	}
	if (direct)
		add_entry(entries, form, from, direct, 0);
}

static void add_all(struct entries *entries, const struct form *form, const struct calls *calls,
		    uint32_t default_action)
{
	for (size_t i = 0; i < calls->count; i++) {
		const struct call *call = &calls->items[i];

		if (call->number >= 0 && call->rule->action != default_action)
			add_entry(entries, form, call, (uint32_t)call->number, 0);
	}
	for (size_t i = 0; form->is_multiplexed && i < calls->count; i++) {
		const struct call *call = &calls->items[i];

		if (call->number < 0 && call->rule->action != default_action)
			add_multiplexed(entries, form, call);
	}
}

/* ---- sort them ---- */

#define DIGIT_BITS 8
#define DIGITS ((size_t)1 << DIGIT_BITS)

static size_t digit_of(const struct entry *entry, unsigned shift)
{
	return entry->number >> shift & (DIGITS - 1);
}

/* The entries FROM to TO, those of one digit in the order that they have. */
static void distribute(const struct entry *from, struct entry *to, size_t count, unsigned shift)
{
	size_t places[DIGITS] = { 0 }, place = 0;

	for (size_t i = 0; i < count; i++)
		places[digit_of(&from[i], shift)]++;
	for (size_t i = 0; i < DIGITS; i++) {
		size_t size = places[i];

		places[i] = place;
		place += size;
	}
	for (size_t i = 0; i < count; i++)
		to[places[digit_of(&from[i], shift)]++] = from[i];
}

static bool differ(const struct entries *entries, unsigned shift)
{
	for (size_t i = 1; i < entries->count; i++)
		if (digit_of(&entries->items[i], shift) != digit_of(entries->items, shift))
			return true;
	return false;
}

/* Digit by digit, of which most architectures have two. qsort(3) would take a fifth of all. */
static void sort(struct entries *entries)
{
	struct entry *other = xreallocarray(NULL, entries->count + 1, sizeof(*other));

	for (unsigned shift = 0; shift < 32; shift += DIGIT_BITS) {
		struct entry *from = entries->items;

		if (!differ(entries, shift))
			continue;
		distribute(from, other, entries->count, shift);
		entries->items = other;
		other = from;
	}
	free(other);
}

void entries_make(const struct calls *calls, uint32_t default_action,
		  struct entries *ret_entries)
{
	const struct form *form = find_form(calls->architecture);
	size_t room = calls->count * (form->is_multiplexed ? 2 : 1) + 1;
	struct entries entries = {
		.items = xreallocarray(NULL, room, sizeof(*entries.items)),
	};

	add_all(&entries, form, calls, default_action);
	sort(&entries);
	*ret_entries = entries;
}

void entries_release(struct entries *entries)
{
	free(entries->items);
}

/* ---- their conditions ---- */

/*
 * ipc(2) has a version in the high half of its first argument, so whoever compares all of it, as
 * libseccomp does, is passed by with 1 << 16; socketcall(2) fails for numbers that it does not know.
 */
static struct seccomp_argument which_call(const struct entry *entry)
{
	if (entry->number == X86_IPC)
		return (struct seccomp_argument){ 0, SCMP_CMP_MASKED_EQ, 0xffff, entry->call };
	return (struct seccomp_argument){ 0, SCMP_CMP_EQ, entry->call, 0 };
}

size_t entry_told_conditions(const struct entry *entry,
			     struct condition ret_conditions[CONDITIONS_MAX])
{
	size_t count = 0;

	for (unsigned index = 0; index < CONDITIONS_MAX; index++)
		for (size_t i = 0; i < entry->argument_count; i++)
			if (entry->arguments[i].index == index)
				count += condition_read(&entry->arguments[i], entry->is_wide,
							&ret_conditions[count]);
	return count;
}

/* What is asked of the first argument of a call by a multiplexer, nobody can look at. */
size_t entry_conditions(const struct entry *entry,
			struct condition ret_conditions[CONDITIONS_MAX])
{
	const struct seccomp_argument which = which_call(entry);
	struct condition told[CONDITIONS_MAX];
	size_t count = 0, told_count = entry_told_conditions(entry, told);

	if (entry->call)
		count += condition_read(&which, entry->is_wide, &ret_conditions[count]);
	for (size_t i = 0; i < told_count; i++)
		if (!entry->call || told[i].index != which.index)
			ret_conditions[count++] = told[i];
	return count;
}
