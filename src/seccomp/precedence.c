/* SPDX-License-Identifier: GPL-2.0-or-later */
/* precedence - which rule counts where several fit the same system call. */
#include "seccomp/precedence.h"

#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdlib.h>

#include "base/err.h"

static int compare(uint64_t one, uint64_t other)
{
	return one < other ? -1 : one > other;
}

static int compare_places(const struct entry *one, const struct entry *other)
{
	return one->from < other->from ? -1 : one->from > other->from;
}

/* ---- contradictions ---- */

static int by_call(const void *one, const void *other)
{
	const struct entry *a = one, *b = other;
	int r = compare(a->call, b->call);

	return r ? r : compare_places(a, b);
}

/* What ENTRY asks of argument INDEX; NULL: nothing. */
static const struct seccomp_argument *find_argument(const struct entry *entry, unsigned index)
{
	struct condition condition;

	for (size_t i = 0; i < entry->argument_count; i++)
		if (entry->arguments[i].index == index &&
		    condition_read(&entry->arguments[i], entry->is_wide, &condition))
			return &entry->arguments[i];
	return NULL;
}

static int compare_arguments(const struct seccomp_argument *one,
			     const struct seccomp_argument *other)
{
	int r;

	if (!one || !other)
		return compare(one != NULL, other != NULL);
	r = compare((uint64_t)one->comparison, (uint64_t)other->comparison);
	if (r == 0)
		r = compare(one->value, other->value);
	if (r == 0 && one->comparison == SCMP_CMP_MASKED_EQ)
		r = compare(one->value_two & one->value, other->value_two & one->value);
	return r;
}

/* 0 when they say the same in the same words. */
static int compare_conditions(const struct entry *one, const struct entry *other)
{
	int r = 0;

	for (unsigned index = 0; r == 0 && index < CONDITIONS_MAX; index++)
		r = compare_arguments(find_argument(one, index), find_argument(other, index));
	return r;
}

static int by_conditions(const void *one, const void *other)
{
	int r = compare_conditions(one, other);

	return r ? r : compare_places(one, other);
}

/* What comes first in the profile is told.  The order of ENTRIES, all of one call, is lost. */
static int refuse_contradictions(struct entry *entries, size_t count)
{
	const struct entry *found = NULL;

	qsort(entries, count, sizeof(*entries), by_conditions);
	for (size_t i = 1; i < count; i++)
		if (entries[i].action != entries[i - 1].action &&
		    compare_conditions(&entries[i], &entries[i - 1]) == 0 &&
		    (!found || entries[i].from < found->from))
			found = &entries[i];
	if (!found)
		return 0;
	err_refuse("the rule for %s contradicts an earlier one", found->from->name);
	return err_while("%s", found->from->rule->origin);
}

/* ---- what is left ---- */

static bool is_mixed(const struct entry *entries, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (entries[i].action != entries[0].action)
			return true;
	return false;
}

static size_t count_same_call(const struct entry *entries, size_t count)
{
	size_t same = 1;

	while (same < count && entries[same].call == entries[0].call)
		same++;
	return same;
}

/* True for socketcall(2) and ipc(2) themselves, which come before what they call. */
static bool fits_always(const struct entry *entry)
{
	struct condition conditions[CONDITIONS_MAX];

	return entry_conditions(entry, conditions) == 0;
}

static size_t find_unconditional(const struct entry *entries, size_t count)
{
	struct condition conditions[CONDITIONS_MAX];
	size_t i = 0;

	while (i < count && entry_told_conditions(&entries[i], conditions) > 0)
		i++;
	return i;
}

/* Of entries of one call, in the order of the profile: one, or all, the first at TO. */
static int settle_call(struct entry *entries, size_t count, struct entry *to, size_t *ret_count)
{
	size_t first = find_unconditional(entries, count);
	const struct entry unconditional = entries[first < count ? first : 0];
	int r = refuse_contradictions(entries, first);

	if (r < 0)
		return r;
	*ret_count = first < count ? 1 : count;
	if (first < count)
		*to = unconditional;
	for (size_t i = 0; first == count && i < count; i++)
		to[i] = entries[i];
	return 0;
}

/* ---- their order ---- */

/* The kernel's, which compares them as signed numbers. */
static int compare_strictness(const struct entry *one, const struct entry *other)
{
	int32_t left = (int32_t)(one->action & SECCOMP_RET_ACTION_FULL);
	int32_t right = (int32_t)(other->action & SECCOMP_RET_ACTION_FULL);

	return left < right ? -1 : left > right;
}

static void find_widths(const struct entry *entry, uint64_t widths[CONDITIONS_MAX])
{
	struct condition conditions[CONDITIONS_MAX];
	size_t count = entry_conditions(entry, conditions);

	for (size_t i = 0; i < CONDITIONS_MAX; i++)
		widths[i] = entry->is_wide ? UINT64_MAX : UINT32_MAX;
	for (size_t i = 0; i < count; i++)
		widths[conditions[i].index] = condition_width(&conditions[i]);
}

/* A part is always narrower than the whole.  For the rest, libseccomp looks at the last first. */
static int compare_widths(const struct entry *one, const struct entry *other)
{
	uint64_t left[CONDITIONS_MAX], right[CONDITIONS_MAX];

	find_widths(one, left);
	find_widths(other, right);
	for (size_t i = CONDITIONS_MAX; i-- > 0;)
		if (left[i] != right[i])
			return compare(left[i], right[i]);
	return 0;
}

static int by_strictness(const void *one, const void *other)
{
	int r = compare_strictness(one, other);

	if (r == 0)
		r = compare_widths(one, other);
	return r ? r : compare_places(one, other);
}

int precedence_settle(struct entry *entries, size_t count, size_t *ret_count)
{
	size_t kept = 0, same, left;
	int r;

	*ret_count = count;
	if (!is_mixed(entries, count))
		return 0;
	qsort(entries, count, sizeof(*entries), by_call);
	for (size_t i = 0; i < count; i += same) {
		same = count_same_call(&entries[i], count - i);
		r = settle_call(&entries[i], same, &entries[kept], &left);
		if (r < 0)
			return r;
		kept += left;
		if (fits_always(&entries[kept - 1]))
			break;
	}
	qsort(entries, kept, sizeof(*entries), by_strictness);
	*ret_count = kept;
	return 0;
}

bool precedence_is_exception(const struct entry *one, const struct entry *other)
{
	struct condition narrow[CONDITIONS_MAX], wide[CONDITIONS_MAX];
	size_t count = entry_conditions(one, narrow), narrower = 0;

	if (one->call != other->call || entry_conditions(other, wide) != count)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (condition_is_same(&narrow[i], &wide[i]))
			continue;
		if (!condition_narrows(&narrow[i], &wide[i]))
			return false;
		narrower++;
	}
	return narrower > 0;
}
