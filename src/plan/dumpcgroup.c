/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dumpcgroup - cgroup, device rules and seccomp rules as text. */
#include "cgroup/unit.h"
#include "plan/dump.h"

static const char *yes_or_no(bool value)
{
	return value ? "yes" : "no";
}

static void dump_number(int64_t number, struct buf *out)
{
	if (number < 0)
		buf_printf(out, "*");
	else
		buf_printf(out, "%lld", (long long)number);
}

static void dump_rule(const struct device_rule *rule, struct buf *out)
{
	buf_printf(out, "device: %s %c ", rule->is_allowed ? "allow" : "deny", rule->type);
	dump_number(rule->major, out);
	buf_printf(out, ":");
	dump_number(rule->minor, out);
	buf_printf(out, " ");
	dump_bits(out, dump_access, rule->access);
	buf_printf(out, "\n");
}

static void dump_property(const struct unit_property *property, struct buf *out)
{
	buf_printf(out, "unit property: %s =", property->name);
	if (property->type == UNIT_BOOL)
		buf_printf(out, " %s", yes_or_no(property->boolean));
	else if (property->type == UNIT_DOUBLE)
		buf_printf(out, " %g", property->real);
	else if (property->type == UNIT_STRING)
		dump_text(out, property->text);
	else if (property->type == UNIT_STRINGS)
		for (size_t i = 0; i < property->strings.count; i++)
			dump_text(out, property->strings.items[i]);
	else
		buf_printf(out, " %lld", (long long)property->integer);
	buf_printf(out, " as type %d [%s]\n", (int)property->type, property->origin);
}

static void dump_unit(const struct unit_plan *unit, struct buf *out)
{
	buf_printf(out, "unit: %s in %s of the %s manager, \"%s\"\n", unit->name, unit->slice,
		   unit->is_user ? "user's" : "system's", unit->description);
	for (size_t i = 0; i < unit->property_count; i++)
		dump_property(&unit->properties[i], out);
}

void dump_cgroup(const struct cgroup_plan *cgroup, struct buf *out)
{
	buf_printf(out, "cgroup: %s below %s, optional %s, device filter %s, delegated %s",
		   cgroup->path ? cgroup->path : "-", cgroup->mount ? cgroup->mount : "-",
		   yes_or_no(cgroup->is_optional), yes_or_no(cgroup->wants_devices),
		   yes_or_no(cgroup->is_delegated));
	if (cgroup->is_delegated)
		buf_printf(out, " to %d:%d", (int)cgroup->owner, (int)cgroup->owner_group);
	buf_printf(out, "\n");
	if (cgroup->unit)
		dump_unit(cgroup->unit, out);
	for (size_t i = 0; i < cgroup->device_count; i++)
		dump_rule(&cgroup->devices[i], out);
	for (size_t i = 0; i < cgroup->write_count; i++) {
		const struct cgroup_write *write = &cgroup->writes[i];

		buf_printf(out, "limit: %s = ", write->file);
		dump_text(out, write->value);
		if (write->may_be_absent)
			buf_printf(out, " if it is there");
		if (write->instead)
			buf_printf(out, " or %s is there", write->instead);
		buf_printf(out, " by %s [%s]\n", write->controller ? write->controller : "-",
			   write->origin);
	}
}

static void dump_arguments(const struct seccomp_rule *rule, struct buf *out)
{
	for (size_t i = 0; i < rule->argument_count; i++) {
		const struct seccomp_argument *argument = &rule->arguments[i];

		buf_printf(out, ", argument %u compare %d with 0x%llx and 0x%llx",
			   argument->index, argument->comparison,
			   (unsigned long long)argument->value,
			   (unsigned long long)argument->value_two);
	}
}

void dump_seccomp(const struct seccomp_profile *profile, struct buf *out)
{
	buf_printf(out, "seccomp: default 0x%08x, flags 0x%x, architectures",
		   profile->default_action, profile->flags);
	for (size_t i = 0; i < profile->architecture_count; i++)
		buf_printf(out, " 0x%08x", profile->architectures[i]);
	buf_printf(out, "%s\n", profile->is_strict ? ", strict" : "");
	for (size_t i = 0; i < profile->rule_count; i++) {
		const struct seccomp_rule *rule = &profile->rules[i];

		buf_printf(out, "seccomp rule: 0x%08x", rule->action);
		for (size_t k = 0; k < rule->name_count; k++)
			buf_printf(out, " %s", rule->names[k]);
		dump_arguments(rule, out);
		buf_printf(out, " [%s]\n", rule->origin);
	}
}
