/* SPDX-License-Identifier: GPL-2.0-or-later */
/* search - a profile's rules for one architecture as a search among the numbers of system calls. */
#include "seccomp/search.h"

#include <endian.h>
#include <linux/bpf_common.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdlib.h>

#include "base/mem.h"
#include "seccomp/code.h"
#include "seccomp/entries.h"
#include "seccomp/filter.h"

/*
 * libseccomp takes milliseconds for what takes microseconds here: it keeps rules
 * as trees, copies what there is for each rule that is added, and writes the
 * program as blocks that it looks for by hashes.  Here, numbers with the same
 * verdict make ranges, a binary search finds the range of a number, and the
 * conditions of rules are tested behind it.  The kernel, which verifies and
 * translates the program for each container, likes it shorter, too.
 */

/* What happens to a system call. */
struct verdict {
	uint32_t action;             /* when there are no entries */
	const struct entry *entries; /* the first that fits counts; otherwise the default */
	size_t count;
	bool is_unclear; /* libseccomp's program knows */
	size_t label;    /* of the code of the entries, or of libseccomp's program */
};

/* Numbers from FIRST up to the next range's. */
struct range {
	uint32_t first;
	size_t verdict;
};

struct search {
	uint32_t default_action;
	bool is_short; /* no number has more than COMPARED_MAX rules in it */
	struct entries entries;
	struct verdict *verdicts; /* the first is the default */
	size_t verdict_count;
	struct range *ranges;
	size_t range_count;
	const struct calls *calls;
	bool *is_unclear; /* of each call: libseccomp must see it */
	struct seccomp_program unclear;
	struct code code;
};

static void search_release(struct search *search)
{
	entries_release(&search->entries);
	free(search->verdicts);
	free(search->ranges);
	free(search->is_unclear);
	free(search->unclear.instructions);
	code_release(&search->code);
}

/* ---- may we? ---- */

#define X32_BIT 0x40000000U
#define ERRNO_MAX 4094 /* libseccomp's */

static bool is_action(uint32_t action)
{
	uint32_t value = action & SECCOMP_RET_DATA;

	switch (action & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ERRNO:
		return value <= ERRNO_MAX;
	case SECCOMP_RET_TRACE:
		return true;
	case SECCOMP_RET_KILL_PROCESS:
	case SECCOMP_RET_KILL_THREAD:
	case SECCOMP_RET_TRAP:
	case SECCOMP_RET_USER_NOTIF:
	case SECCOMP_RET_LOG:
	case SECCOMP_RET_ALLOW:
		return value == 0;
	}
	return false;
}

bool search_is_possible(uint32_t architecture)
{
	return __BYTE_ORDER == __LITTLE_ENDIAN && entries_are_known(architecture);
}

static bool has_actions(const struct seccomp_profile *profile)
{
	if (!is_action(profile->default_action))
		return false;
	for (size_t i = 0; i < profile->rule_count; i++)
		if (!is_action(profile->rules[i].action))
			return false;
	return true;
}

/* ---- verdicts ---- */

/* Those of more rules for one system call are not compared with each other. */
#define COMPARED_MAX 64

static bool is_clear(const struct search *search, const struct entry *entries, size_t count)
{
	size_t same = 1;

	while (same < count && entries[same].action == entries[0].action)
		same++;
	if (same >= count)
		return true;
	if (count > COMPARED_MAX)
		return false;
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i; j++)
			if (entries[i].action != entries[j].action &&
			    !entry_excludes(&entries[i], &entries[j], search->entries.is_wide))
				return false;
	return true;
}

static bool fits_always(const struct search *search, const struct entry *entry)
{
	struct condition conditions[CONDITIONS_MAX];

	return entry_conditions(entry, search->entries.is_wide, conditions) == 0;
}

/* All that is said of one number is libseccomp's to judge. */
static struct verdict hand_over(struct search *search, const struct entry *entries,
				size_t count)
{
	for (size_t i = 0; i < count; i++)
		search->is_unclear[entries[i].from - search->calls->items] = true;
	return (struct verdict){ .is_unclear = true };
}

/*
 * What ENTRIES, all of one number, say.  The first one without conditions is
 * all that counts; they must be clear up to there.
 */
static struct verdict judge(struct search *search, const struct entry *entries, size_t count)
{
	size_t first = 0;

	while (first < count && !fits_always(search, &entries[first]))
		first++;
	if (first > 1 && !is_clear(search, entries, first))
		return hand_over(search, entries, count);
	if (first < count)
		return (struct verdict){ .action = entries[first].action };
	if (search->is_short && count > COMPARED_MAX)
		return hand_over(search, entries, count);
	return (struct verdict){ .entries = entries, .count = count };
}

/* What socketcall(2) and ipc(2) call by one number is not told in the same way. */
static bool is_same_entry(const struct entry *one, const struct entry *other)
{
	return one->action == other->action && one->call == other->call &&
	       (!one->call || one->number == other->number) &&
	       one->arguments == other->arguments &&
	       one->argument_count == other->argument_count;
}

static bool is_same(const struct verdict *one, const struct verdict *other)
{
	if (one->count != other->count || one->action != other->action ||
	    one->is_unclear != other->is_unclear)
		return false;
	for (size_t i = 0; i < one->count; i++)
		if (!is_same_entry(&one->entries[i], &other->entries[i]))
			return false;
	return true;
}

static size_t add_verdict(struct search *search, const struct verdict *verdict)
{
	for (size_t i = 0; i < search->verdict_count; i++)
		if (is_same(&search->verdicts[i], verdict))
			return i;
	search->verdicts[search->verdict_count] = *verdict;
	return search->verdict_count++;
}

/* ---- ranges ---- */

/* Behind all that were added before; in place of the last, if that begins there, too. */
static void add_range(struct search *search, uint32_t first, size_t verdict)
{
	size_t count = search->range_count;

	if (count && search->ranges[count - 1].first == first)
		count--;
	if (!count || search->ranges[count - 1].verdict != verdict)
		search->ranges[count++] = (struct range){ first, verdict };
	search->range_count = count;
}

static size_t count_same_number(const struct entries *entries, size_t from)
{
	size_t to = from;

	while (to < entries->count && entries->items[to].number == entries->items[from].number)
		to++;
	return to - from;
}

static void make_ranges(struct search *search)
{
	const struct entries *entries = &search->entries;
	struct verdict verdict = { .action = search->default_action };
	size_t count;

	add_range(search, 0, add_verdict(search, &verdict));
	for (size_t i = 0; i < entries->count; i += count) {
		const struct entry *entry = &entries->items[i];

		count = count_same_number(entries, i);
		verdict = judge(search, entry, count);
		add_range(search, entry->number, add_verdict(search, &verdict));
		add_range(search, entry->number + 1, 0);
	}
}

/* A tracer that has a system call left out makes it -1, which is not of x32. */
static void kill_x32(struct search *search)
{
	const struct verdict kill = { .action = SECCOMP_RET_KILL_THREAD };

	add_range(search, X32_BIT, add_verdict(search, &kill));
	add_range(search, UINT32_MAX, 0);
}

/* ---- what is libseccomp's ---- */

static bool is_unclear_multiplexer(const struct search *search, const struct entry *entries,
				   size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (entries[i].call &&
		    search->is_unclear[entries[i].from - search->calls->items])
			return true;
	return false;
}

/* Who has one call by socketcall(2) has them all: what contradicts there depends on the others. */
static void complete_multiplexers(struct search *search)
{
	const struct entries *entries = &search->entries;
	size_t count;

	for (size_t i = 0; i < entries->count; i += count) {
		count = count_same_number(entries, i);
		if (is_unclear_multiplexer(search, &entries->items[i], count))
			hand_over(search, &entries->items[i], count);
	}
}

/*
 * Only the numbers that are not clear go there: what libseccomp 2.5.4 makes of several rules with
 * inequalities is wrong, so a rule for one system call must not decide who compiles another's.
 */
static int compile_unclear(struct search *search, const struct seccomp_profile *profile)
{
	_cleanup_calls_ struct calls unclear = { .architecture = search->calls->architecture };

	complete_multiplexers(search);
	unclear.items = xreallocarray(NULL, search->calls->count + 1, sizeof(*unclear.items));
	for (size_t i = 0; i < search->calls->count; i++)
		if (search->is_unclear[i])
			unclear.items[unclear.count++] = search->calls->items[i];
	if (unclear.count == 0)
		return 0;
	return filter_compile(profile, &unclear, &search->unclear);
}

/* ---- code ---- */

/* The first entry is put down last. */
static size_t put_entries(struct search *search, const struct verdict *verdict)
{
	struct condition conditions[CONDITIONS_MAX];
	size_t next = code_return(&search->code, search->default_action);

	for (size_t i = verdict->count; i-- > 0 && !search->code.is_too_long;) {
		const struct entry *entry = &verdict->entries[i];
		size_t yes = code_return(&search->code, entry->action);
		size_t count = entry_conditions(entry, search->entries.is_wide, conditions);

		while (count-- > 0)
			yes = condition_put(&search->code, &conditions[count], yes, next);
		next = yes;
	}
	return next;
}

static size_t label_of(struct search *search, size_t index)
{
	const struct verdict *verdict = &search->verdicts[index];

	if (verdict->count || verdict->is_unclear)
		return verdict->label;
	return code_return(&search->code, verdict->action);
}

/* One number between two ranges that are alike. */
static bool is_single(const struct range *ranges, size_t count)
{
	return count == 3 && ranges[0].verdict == ranges[2].verdict &&
	       ranges[1].first + 1 == ranges[2].first;
}

static size_t put_search(struct search *search, const struct range *ranges, size_t count)
{
	size_t half = count / 2, low, high;

	if (count == 1)
		return label_of(search, ranges->verdict);
	if (is_single(ranges, count)) {
		low = label_of(search, ranges[0].verdict);
		high = label_of(search, ranges[1].verdict);
		return code_test(&search->code, BPF_JEQ, ranges[1].first, high, low);
	}
	high = put_search(search, ranges + half, count - half);
	low = put_search(search, ranges, half);
	return code_test(&search->code, BPF_JGE, ranges[half].first, high, low);
}

static int put_all(struct search *search, struct seccomp_program *ret_program)
{
	size_t start;

	for (size_t i = 0; i < search->verdict_count; i++) {
		struct verdict *verdict = &search->verdicts[i];

		if (verdict->is_unclear)
			verdict->label = code_program(&search->code, &search->unclear);
		else if (verdict->count)
			verdict->label = put_entries(search, verdict);
	}
	start = put_search(search, search->ranges, search->range_count);
	return code_finish(&search->code, start, ret_program) < 0 ? SEARCH_DECLINED : 0;
}

int search_compile(const struct seccomp_profile *profile, const struct calls *calls,
		   bool is_short, struct seccomp_program *ret_program)
{
	_cleanup_(search_release) struct search search = {
		.default_action = profile->default_action,
		.calls = calls,
		.is_short = is_short,
	};
	int r;

	if (!search_is_possible(calls->architecture) || !has_actions(profile))
		return SEARCH_DECLINED;
	entries_make(calls, profile->default_action, &search.entries);
	search.verdicts = xreallocarray(NULL, search.entries.count + 2, sizeof(struct verdict));
	search.ranges = xreallocarray(NULL, search.entries.count * 2 + 3, sizeof(struct range));
	search.is_unclear = xcalloc(calls->count + 1, sizeof(bool));
	make_ranges(&search);
	r = compile_unclear(&search, profile);
	if (r < 0)
		return r;
	if (calls->architecture == SCMP_ARCH_X86_64)
		kill_x32(&search);
	return put_all(&search, ret_program);
}
