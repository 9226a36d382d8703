/* SPDX-License-Identifier: GPL-2.0-or-later */
/* devices - from device rules to the BPF program that the kernel asks. */
#include "cgroup/devices.h"

#include <errno.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "kernel/bpf.h"

#define ALL_ACCESS (DEVICE_READ | DEVICE_WRITE | DEVICE_MKNOD)

/* A rule makes at most this many instructions, the head and the tail together as well. */
#define RULE_CODE_MAX 8

/* What the program keeps where. */
#define CONTEXT BPF_REG_1
#define TYPE BPF_REG_2
#define PENDING BPF_REG_3 /* the rights that no rule has granted yet */
#define MAJOR BPF_REG_4
#define MINOR BPF_REG_5

static void add(struct device_program *program, unsigned code, unsigned to, int offset,
		int64_t value)
{
	program->code[program->count++] = (struct bpf_insn){
		.code = (uint8_t)code,
		.dst_reg = to & 0xf,
		.off = (int16_t)offset,
		.imm = (int32_t)value,
	};
}

static void add_load(struct device_program *program, unsigned to, size_t offset)
{
	add(program, BPF_LDX | BPF_MEM | BPF_W, to, (int)offset, 0);
	program->code[program->count - 1].src_reg = CONTEXT;
}

static void add_verdict(struct device_program *program, bool is_allowed)
{
	add(program, BPF_ALU | BPF_MOV | BPF_K, BPF_REG_0, 0, is_allowed);
	add(program, BPF_JMP | BPF_EXIT, 0, 0, 0);
}

/* access_type holds the rights in its upper half and the type in its lower one. */
static void add_head(struct device_program *program)
{
	add_load(program, PENDING, offsetof(struct bpf_cgroup_dev_ctx, access_type));
	add_load(program, TYPE, offsetof(struct bpf_cgroup_dev_ctx, access_type));
	add(program, BPF_ALU | BPF_RSH | BPF_K, PENDING, 0, 16);
	add(program, BPF_ALU | BPF_AND | BPF_K, TYPE, 0, 0xffff);
	add_load(program, MAJOR, offsetof(struct bpf_cgroup_dev_ctx, major));
	add_load(program, MINOR, offsetof(struct bpf_cgroup_dev_ctx, minor));
}

/* DEVICE_* in the kernel's numbers. */
static unsigned kernel_access(unsigned access)
{
	unsigned bits = 0;

	if (access & DEVICE_READ)
		bits |= BPF_DEVCG_ACC_READ;
	if (access & DEVICE_WRITE)
		bits |= BPF_DEVCG_ACC_WRITE;
	if (access & DEVICE_MKNOD)
		bits |= BPF_DEVCG_ACC_MKNOD;
	return bits;
}

/* What a matching rule says about the rights; the code behind it is the next rule's. */
static void add_decision(struct device_program *program, const struct device_rule *rule)
{
	unsigned access = kernel_access(rule->access);

	if (rule->access == ALL_ACCESS) {
		add_verdict(program, rule->is_allowed);
	} else if (rule->is_allowed) {
		add(program, BPF_ALU | BPF_AND | BPF_K, PENDING, 0, ~access);
		add(program, BPF_JMP32 | BPF_JNE | BPF_K, PENDING, 2, 0);
		add_verdict(program, true);
	} else {
		add(program, BPF_JMP32 | BPF_JSET | BPF_K, PENDING, 1, access);
		add(program, BPF_JMP | BPF_JA, 0, 2, 0);
		add_verdict(program, false);
	}
}

static void add_rule(struct device_program *program, const struct device_rule *rule)
{
	size_t first = program->count;
	size_t decision;

	if (rule->type != 'a')
		add(program, BPF_JMP32 | BPF_JNE | BPF_K, TYPE, 0,
		    rule->type == 'b' ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR);
	if (rule->major >= 0)
		add(program, BPF_JMP32 | BPF_JNE | BPF_K, MAJOR, 0, rule->major);
	if (rule->minor >= 0)
		add(program, BPF_JMP32 | BPF_JNE | BPF_K, MINOR, 0, rule->minor);
	decision = program->count;
	add_decision(program, rule);
	for (size_t i = first; i < decision; i++)
		program->code[i].off = (int16_t)(program->count - i - 1);
}

static bool matches_everything(const struct device_rule *rule)
{
	return rule->type == 'a' && rule->major < 0 && rule->minor < 0 &&
	       rule->access == ALL_ACCESS;
}

static int check(const struct device_rule *rule, size_t index)
{
	if (rule->type != 'a' && rule->type != 'b' && rule->type != 'c')
		return err_refuse("device rule %zu: unknown type", index);
	if (rule->access == 0 || (rule->access & ~ALL_ACCESS))
		return err_refuse("device rule %zu: no access is named", index);
	if (rule->major < -1 || rule->major > UINT32_MAX || rule->minor < -1 ||
	    rule->minor > UINT32_MAX)
		return err_refuse("device rule %zu: no such device number", index);
	return 0;
}

int devices_compile(const struct device_rule *rules, size_t count,
		    struct device_program *ret_program)
{
	struct device_program program = { 0 };

	if (count > DEVICE_RULES_MAX)
		return err_refuse("%zu device rules are too many", count);
	for (size_t i = 0; i < count; i++)
		if (check(&rules[i], i))
			return -EINVAL;
	program.code = xcalloc((count + 1) * RULE_CODE_MAX, sizeof(*program.code));
	add_head(&program);
	/* What stands before a rule for everything never counts, and the kernel refuses dead code. */
	for (size_t i = count; i > 0; i--) {
		if (matches_everything(&rules[i - 1])) {
			add_verdict(&program, rules[i - 1].is_allowed);
			*ret_program = program;
			return 0;
		}
		add_rule(&program, &rules[i - 1]);
	}
	add_verdict(&program, false);
	*ret_program = program;
	return 0;
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
