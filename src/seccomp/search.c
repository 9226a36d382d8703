/* SPDX-License-Identifier: GPL-2.0-or-later */
/* search - a profile's rules for one architecture as a search among the numbers of system calls. */
#include "seccomp/search.h"

#include <endian.h>
#include <linux/bpf_common.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "seccomp/code.h"
#include "seccomp/entries.h"
#include "seccomp/precedence.h"

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
	const struct entry *entries; /* as precedence.h has them; the default if none fits */
	size_t count;
	size_t label; /* of the code of the entries */
};

/* Numbers from FIRST up to the next range's. */
struct range {
	uint32_t first;
	size_t verdict;
};

struct search {
	uint32_t default_action;
	struct entries entries;
	struct verdict *verdicts; /* the first is the default */
	size_t verdict_count;
	struct range *ranges;
	size_t range_count;
	struct code code;
};

static void search_release(struct search *search)
{
	entries_release(&search->entries);
	free(search->verdicts);
	free(search->ranges);
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

static int check_actions(const struct seccomp_profile *profile)
{
	if (!is_action(profile->default_action))
		return err_refuse("linux.seccomp.defaultAction: no kernel has action %#x",
				  profile->default_action);
	for (size_t i = 0; i < profile->rule_count; i++)
		if (!is_action(profile->rules[i].action))
			return err_refuse("%s: no kernel has action %#x",
					  profile->rules[i].origin, profile->rules[i].action);
	return 0;
}

/* ---- verdicts ---- */

static bool fits_always(const struct entry *entry)
{
	struct condition conditions[CONDITIONS_MAX];

	return entry_conditions(entry, conditions) == 0;
}

/* Each takes an instruction at least, and is compared with the others. */
static int refuse_many(const struct entry *entry, size_t count)
{
	return err_refuse("%s: %zu conditional rules for %s, "
			  "but the kernel takes %d instructions at most",
			  entry->from->rule->origin, count, entry->from->name, BPF_MAXINSNS);
}

/* What ENTRIES, all of one number, say. */
static int judge(struct entry *entries, size_t count, struct verdict *ret_verdict)
{
	int r = precedence_settle(entries, count, &count);

	if (r < 0)
		return r;
	for (size_t i = 0; i < count; i++)
		if (fits_always(&entries[i])) {
			*ret_verdict = (struct verdict){ .action = entries[i].action };
			return 0;
		}
	if (count > BPF_MAXINSNS)
		return refuse_many(&entries[count - 1], count);
	*ret_verdict = (struct verdict){ .entries = entries, .count = count };
	return 0;
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
	if (one->count != other->count || one->action != other->action)
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

static int make_ranges(struct search *search)
{
	const struct entries *entries = &search->entries;
	struct verdict verdict = { .action = search->default_action };
	size_t count;
	int r;

	add_range(search, 0, add_verdict(search, &verdict));
	for (size_t i = 0; i < entries->count; i += count) {
		uint32_t number = entries->items[i].number;

		count = count_same_number(entries, i);
		r = judge(&entries->items[i], count, &verdict);
		if (r < 0)
			return r;
		add_range(search, number, add_verdict(search, &verdict));
		add_range(search, number + 1, 0);
	}
	return 0;
}

/* A tracer that has a system call left out makes it -1, which is not of x32. */
static void kill_x32(struct search *search)
{
	const struct verdict kill = { .action = SECCOMP_RET_KILL_THREAD };

	add_range(search, X32_BIT, add_verdict(search, &kill));
	add_range(search, UINT32_MAX, 0);
}

/* ---- code ---- */

static size_t put_conditions(struct search *search, const struct entry *entry, size_t if_true,
			     size_t if_false)
{
	struct condition conditions[CONDITIONS_MAX];
	size_t count = entry_conditions(entry, conditions);

	while (count-- > 0)
		if_true = condition_put(&search->code, &conditions[count], if_true, if_false);
	return if_true;
}

/* What happens when the conditions of entry AT hold: NEXT if those of an exception do, too. */
static size_t put_end(struct search *search, const struct verdict *verdict, size_t at,
		      size_t next)
{
	const struct entry *entry = &verdict->entries[at];
	size_t label = code_return(&search->code, entry->action);

	for (size_t i = verdict->count; --i > at && !search->code.is_too_long;) {
		const struct entry *other = &verdict->entries[i];

		if (other->action != entry->action && precedence_is_exception(other, entry))
			label = put_conditions(search, other, next, label);
	}
	return label;
}

/* Are both equations that can be asked together, with the same end? */
static bool is_alike(const struct entry *one, const struct entry *other)
{
	struct condition left[CONDITIONS_MAX], right[CONDITIONS_MAX];

	return one->action == other->action && entry_conditions(one, left) == 1 &&
	       entry_conditions(other, right) == 1 && condition_shares_load(left, right);
}

/* How many entries before END are alike: one at least. */
static size_t count_alike(const struct verdict *verdict, size_t end)
{
	size_t count = 1;

	while (count < end &&
	       is_alike(&verdict->entries[end - count - 1], &verdict->entries[end - 1]))
		count++;
	return count;
}

/* Several that are alike: the argument is loaded once. */
static size_t put_alike(struct search *search, const struct entry *entries, size_t count,
			size_t next)
{
	struct condition conditions[CONDITIONS_MAX];
	size_t label = next;

	while (count-- > 0) {
		entry_conditions(&entries[count], conditions);
		label = condition_put_low(&search->code, conditions,
					  code_return(&search->code, entries->action), label);
	}
	return condition_put_load(&search->code, conditions, next);
}

/* The first entry is put down last. */
static size_t put_entries(struct search *search, const struct verdict *verdict)
{
	size_t next = code_return(&search->code, search->default_action), count;

	for (size_t end = verdict->count; end > 0 && !search->code.is_too_long; end -= count) {
		const struct entry *entries = verdict->entries;

		count = count_alike(verdict, end);
		if (count > 1)
			next = put_alike(search, &entries[end - count], count, next);
		else
			next = put_conditions(search, &entries[end - 1],
					      put_end(search, verdict, end - 1, next), next);
	}
	return next;
}

static size_t label_of(struct search *search, size_t index)
{
	const struct verdict *verdict = &search->verdicts[index];

	if (verdict->count)
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

	for (size_t i = 0; i < search->verdict_count; i++)
		if (search->verdicts[i].count)
			search->verdicts[i].label = put_entries(search, &search->verdicts[i]);
	start = put_search(search, search->ranges, search->range_count);
	if (code_finish(&search->code, start, ret_program) < 0)
		return err_refuse("linux.seccomp: more than %zu instructions, "
				  "but the kernel takes %d at most",
				  CODE_MAX, BPF_MAXINSNS);
	return 0;
}

int search_compile(const struct seccomp_profile *profile, const struct calls *calls,
		   struct seccomp_program *ret_program)
{
	_cleanup_(search_release) struct search search = {
		.default_action = profile->default_action,
	};

	if (check_actions(profile))
		return err_code();
	entries_make(calls, profile->default_action, &search.entries);
	search.verdicts = xreallocarray(NULL, search.entries.count + 2, sizeof(struct verdict));
	search.ranges = xreallocarray(NULL, search.entries.count * 2 + 3, sizeof(struct range));
	if (make_ranges(&search))
		return err_code();
	if (calls->architecture == SCMP_ARCH_X86_64)
		kill_x32(&search);
	return put_all(&search, ret_program);
}
