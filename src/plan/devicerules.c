/* SPDX-License-Identifier: GPL-2.0-or-later */
/* devicerules - which devices the container may use ("Allowed Device list"). */
#include "base/cleanup.h"
#include "base/err.h"
#include "plan/limits.h"

#define ALL_ACCESS (DEVICE_READ | DEVICE_WRITE | DEVICE_MKNOD)
#define ANY (-1)

static const struct device_rule deny_all = { 'a', ANY, ANY, ALL_ACCESS, false };

/* clang-format off */
/* What every container can use unless config.json names it; as in other runtimes. */
static const struct device_rule default_rules[] = {
	/* a node of any device may be made, which is not to use it */
	{ 'c', ANY, ANY, DEVICE_MKNOD, true },
	{ 'b', ANY, ANY, DEVICE_MKNOD, true },
	{ 'c', 1,   3,   ALL_ACCESS,   true }, /* null */
	{ 'c', 1,   5,   ALL_ACCESS,   true }, /* zero */
	{ 'c', 1,   7,   ALL_ACCESS,   true }, /* full */
	{ 'c', 1,   8,   ALL_ACCESS,   true }, /* random */
	{ 'c', 1,   9,   ALL_ACCESS,   true }, /* urandom */
	{ 'c', 5,   0,   ALL_ACCESS,   true }, /* tty */
	{ 'c', 5,   1,   ALL_ACCESS,   true }, /* console */
	{ 'c', 5,   2,   ALL_ACCESS,   true }, /* ptmx */
	{ 'c', 136, ANY, ALL_ACCESS,   true }, /* pts/0... */
};

static const char rule_types[] = {
	[OCI_DEVICE_RULE_ABSENT]    = 'a',
	[OCI_DEVICE_RULE_ALL]       = 'a',
	[OCI_DEVICE_RULE_CHARACTER] = 'c',
	[OCI_DEVICE_RULE_BLOCK]     = 'b',
};
/* clang-format on */

static void add_rule(struct build *b, const struct device_rule *rule)
{
	struct cgroup_plan *cgroup = &b->plan->cgroup;

	cgroup->devices = build_grow(b, cgroup->devices, cgroup->device_count, &b->rule_room,
				     sizeof(*cgroup->devices));
	cgroup->devices[cgroup->device_count++] = *rule;
}

static int read_access(const char *text, size_t index, unsigned *ret_access)
{
	unsigned access = 0;

	if (!text || !*text)
		return err_refuse("linux.resources.devices[%zu].access: must not be empty",
				  index);
	for (; *text; text++) {
		if (*text == 'r')
			access |= DEVICE_READ;
		else if (*text == 'w')
			access |= DEVICE_WRITE;
		else if (*text == 'm')
			access |= DEVICE_MKNOD;
		else
			return err_refuse(
				"linux.resources.devices[%zu].access: '%c' is none of r, "
				"w and m",
				index, *text);
	}
	*ret_access = access;
	return 0;
}

/* Managers write -1, as well as nothing, for "any". */
static int read_number(const struct oci_i64 *number, size_t index, const char *member,
		       int64_t *ret)
{
	*ret = number->is_set ? number->value : ANY;
	if (*ret < ANY || *ret > UINT32_MAX)
		return err_refuse("linux.resources.devices[%zu].%s: %lld is out of range",
				  index, member, (long long)*ret);
	return 0;
}

static int read_rule(struct build *b, const struct oci_device_rule *spec, size_t index,
		     struct device_rule *rule)
{
	rule->type = rule_types[spec->type];
	rule->is_allowed = spec->allow.value;
	return build_note(b, read_access(spec->access, index, &rule->access)) ?:
	       build_note(b, read_number(&spec->major, index, "major", &rule->major)) ?:
	       build_note(b, read_number(&spec->minor, index, "minor", &rule->minor));
}

/* Nothing but what every container can use. */
static void begin(struct build *b)
{
	b->plan->cgroup.device_count = 0;
	add_rule(b, &deny_all);
	for (size_t i = 0; i < ARRAY_SIZE(default_rules); i++)
		add_rule(b, &default_rules[i]);
}

static bool denies_everything(const struct device_rule *rule)
{
	return !rule->is_allowed && rule->type == 'a' && rule->major == ANY &&
	       rule->minor == ANY && rule->access == ALL_ACCESS;
}

/*
 * "a *:* rwm" denied is how every manager begins its list; it does not mean
 * /dev/null.  A rule that names a device, or a type, does: the last one that
 * matches counts, so the defaults stand in front.
 */
int limits_devices(struct build *b, const struct oci_device_rules *list)
{
	begin(b);
	for (size_t i = 0; i < list->count; i++) {
		struct device_rule rule = { 0 };
		int code = read_rule(b, &list->items[i], i, &rule);

		if (code < 0)
			return code;
		if (denies_everything(&rule))
			begin(b);
		else
			add_rule(b, &rule);
	}
	return 0;
}
