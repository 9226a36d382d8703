/* SPDX-License-Identifier: GPL-2.0-or-later */
/* devices - from device rules to the BPF program that the kernel asks. */
#include "cgroup/devices.h"

#include <errno.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/fd.h"
#include "cgroup/devicecode.h"
#include "cgroup/deviceflat.h"
#include "cgroup/devicetable.h"
#include "kernel/bpf.h"

/*
 * What the rules say is worked out here, for each device that they name and for
 * all others; the program only looks it up.  deviceflat.c does that for what nearly
 * every container has.  What it does not do is a search tree of type, major and
 * minor: the kernel's verifier goes through each branch once, where a list of rules
 * one behind the other, whose tests depend on each other, made it give up at some
 * hundreds.
 */

/* The rights to the minors of COLUMN from FIRST on. */
static void add_minors(struct device_program *program, const struct device_column *column,
		       size_t first, size_t count)
{
	const struct device_cell *middle = &column->cells[first + count / 2];
	size_t jump;

	if (count == 0) {
		devicecode_verdict(program, column->others);
	} else if (count == 1) {
		jump = devicecode_unless_equal(program, PART_MINOR, middle->minor);
		devicecode_verdict(program, middle->rights);
		devicecode_land(program, jump);
		devicecode_verdict(program, column->others);
	} else {
		jump = devicecode_if_at_least(program, PART_MINOR, middle->minor);
		add_minors(program, column, first, count / 2);
		devicecode_land(program, jump);
		add_minors(program, column, first + count / 2, count - count / 2);
	}
}

static void add_column(struct device_program *program, const struct device_column *column)
{
	add_minors(program, column, 0, column->count);
}

/* The way to the devices of all other majors; it may be one of many to the same place. */
static void add_others(struct device_program *program, struct device_table *table)
{
	if (table->others.count == 0)
		add_column(program, &table->others);
	else
		table->jumps[table->jump_count++] = devicecode_jump(program);
}

static void add_majors(struct device_program *program, struct device_table *table, size_t first,
		       size_t count)
{
	const struct device_column *middle = &table->columns[first + count / 2];
	size_t jump;

	if (count == 0) {
		add_others(program, table);
	} else if (count == 1) {
		jump = devicecode_unless_equal(program, PART_MAJOR, middle->major);
		add_column(program, middle);
		devicecode_land(program, jump);
		add_others(program, table);
	} else {
		jump = devicecode_if_at_least(program, PART_MAJOR, middle->major);
		add_majors(program, table, first, count / 2);
		devicecode_land(program, jump);
		add_majors(program, table, first + count / 2, count - count / 2);
	}
}

static void add_table(struct device_program *program, struct device_table *table)
{
	add_majors(program, table, 0, table->count);
	for (size_t i = 0; i < table->jump_count; i++)
		devicecode_land(program, table->jumps[i]);
	if (table->jump_count)
		add_column(program, &table->others);
}

/* The kernel knows two types, and gets no answer but "no" for another. */
static void add_types(struct device_program *program, struct device_table *tables, size_t count)
{
	devicecode_head(program);
	if (tables[0].type == 0) {
		add_table(program, &tables[0]);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		size_t jump = devicecode_unless_equal(program, PART_TYPE, tables[i].type);

		add_table(program, &tables[i]);
		devicecode_land(program, jump);
	}
	devicecode_verdict(program, 0);
}

static int write_program(struct device_program *program, const struct device_rules *rules)
{
	const char *types = rules->has_types ? "bc" : "a";
	struct device_table tables[2] = { 0 };
	size_t count = 0;
	int r = 0;

	for (; types[count] && r == 0; count++)
		r = devicetable_make(rules, types[count], &tables[count]);
	if (r == 0 && !deviceflat_write(program, tables, count))
		add_types(program, tables, count);
	for (size_t i = 0; i < count; i++)
		devicetable_release(&tables[i]);
	return r;
}

int devices_compile(const struct device_rule *rules, size_t count,
		    struct device_program *ret_program)
{
	struct device_program program = { 0 };
	struct device_rules checked;
	int r = devicetable_check(rules, count, &checked);

	if (r < 0)
		return r;
	r = write_program(&program, &checked);
	if (r == 0 && devicecode_is_full(&program))
		r = err_refuse("%zu device rules make a filter of too many instructions",
			       count);
	if (r == 0)
		*ret_program = program;
	else
		free(program.code);
	return r;
}

static int load_and_attach(const struct cgroup *cgroup, const struct device_program *program)
{
	_cleanup_close_ int loaded = NO_FD;
	_cleanup_close_ int old = NO_FD;

	/* The filter of an earlier container of ours would go on denying: take its place. */
	if (!cgroup->is_new_top && bpf_find_device_program(cgroup->fd, &old))
		return err_while("%s", cgroup->path);
	loaded = bpf_load_device_program(program->code, program->count);
	if (loaded < 0)
		return loaded;
	return bpf_attach_device_program(cgroup->fd, loaded, old);
}

int cgroup_filter_devices(const struct cgroup *cgroup, const struct cgroup_plan *plan)
{
	struct device_program program;
	int r;

	if (!plan->wants_devices || cgroup->fd < 0)
		return 0;
	if (devices_compile(plan->devices, plan->device_count, &program))
		return err_while("linux.resources.devices");
	r = load_and_attach(cgroup, &program);
	free(program.code);
	if (r == 0)
		return 0;
	if (plan->is_optional && (r == -EPERM || r == -EACCES)) {
		err_clear();
		return 0;
	}
	return err_while("linux.resources.devices");
}
