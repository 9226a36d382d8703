/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_devices - the device filter decides as the rules say, for every device and right. */
#include "cgroup/devices.h"

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"

#define ALL (DEVICE_READ | DEVICE_WRITE | DEVICE_MKNOD)
#define STEPS_MAX 100000

/* What the kernel asks. */
struct request {
	char type;
	uint32_t major, minor;
	unsigned access; /* DEVICE_* */
};

/* ---- a machine for the instructions that the generator uses ---- */

struct machine {
	uint64_t registers[11];
	const struct bpf_cgroup_dev_ctx *context;
	const struct device_program *program;
	size_t at;
};

static void load(struct machine *machine, const struct bpf_insn *step)
{
	uint32_t value;

	if (step->src_reg != BPF_REG_1 || step->off < 0 ||
	    (size_t)step->off + sizeof(value) > sizeof(*machine->context))
		ck_abort_msg("the filter reads what the kernel does not give it");
	memcpy(&value, (const char *)machine->context + step->off, sizeof(value));
	machine->registers[step->dst_reg] = value;
}

static void calculate(struct machine *machine, const struct bpf_insn *step)
{
	uint32_t old = (uint32_t)machine->registers[step->dst_reg];
	uint32_t value = (uint32_t)step->imm;

	switch (BPF_OP(step->code)) {
	case BPF_MOV:
		machine->registers[step->dst_reg] = value;
		break;
	case BPF_AND:
		machine->registers[step->dst_reg] = old & value;
		break;
	case BPF_RSH:
		machine->registers[step->dst_reg] = old >> value;
		break;
	default:
		ck_abort_msg("no such calculation: %#x", step->code);
	}
}

static bool does_jump(const struct machine *machine, const struct bpf_insn *step)
{
	uint32_t left = (uint32_t)machine->registers[step->dst_reg];
	uint32_t right = (uint32_t)step->imm;

	if (BPF_CLASS(step->code) == BPF_JMP)
		return BPF_OP(step->code) == BPF_JA;
	if (BPF_OP(step->code) == BPF_JGE)
		return left >= right;
	if (BPF_OP(step->code) != BPF_JNE)
		ck_abort_msg("no such jump: %#x", step->code);
	return left != right;
}

static int longest; /* how many instructions an answer took */

static bool execute(const struct device_program *program,
		    const struct bpf_cgroup_dev_ctx *context)
{
	struct machine machine = { .context = context, .program = program };

	for (int steps = 0; steps < STEPS_MAX; steps++) {
		const struct bpf_insn *step = &program->code[machine.at++];

		if (machine.at > program->count)
			ck_abort_msg("the filter runs off its end");
		if (steps > longest)
			longest = steps;
		if (step->code == (BPF_JMP | BPF_EXIT))
			return machine.registers[BPF_REG_0] != 0;
		if (BPF_CLASS(step->code) == BPF_LDX)
			load(&machine, step);
		else if (BPF_CLASS(step->code) == BPF_ALU)
			calculate(&machine, step);
		else if (does_jump(&machine, step))
			machine.at += (size_t)step->off;
	}
	ck_abort_msg("the filter does not end");
}

static bool filter(const struct device_program *program, const struct request *request)
{
	uint32_t access = (request->access & DEVICE_READ ? BPF_DEVCG_ACC_READ : 0u) |
			  (request->access & DEVICE_WRITE ? BPF_DEVCG_ACC_WRITE : 0u) |
			  (request->access & DEVICE_MKNOD ? BPF_DEVCG_ACC_MKNOD : 0u);
	struct bpf_cgroup_dev_ctx context = {
		.access_type = access << 16 | (request->type == 'b' ? BPF_DEVCG_DEV_BLOCK
								    : BPF_DEVCG_DEV_CHAR),
		.major = request->major,
		.minor = request->minor,
	};

	return execute(program, &context);
}

/* ---- what the rules mean, word by word ---- */

static bool is_meant(const struct device_rule *rule, const struct request *request,
		     unsigned right)
{
	return (rule->type == 'a' || rule->type == request->type) &&
	       (rule->major < 0 || rule->major == (int64_t)request->major) &&
	       (rule->minor < 0 || rule->minor == (int64_t)request->minor) &&
	       (rule->access & right);
}

static bool meaning(const struct device_rule *rules, size_t count,
		    const struct request *request)
{
	for (unsigned right = DEVICE_READ; right <= DEVICE_MKNOD; right <<= 1) {
		bool is_allowed = false;

		if (!(request->access & right))
			continue;
		for (size_t i = 0; i < count; i++)
			if (is_meant(&rules[i], request, right))
				is_allowed = rules[i].is_allowed;
		if (!is_allowed)
			return false;
	}
	return true;
}

/* ---- properties ---- */

static const int64_t numbers[] = { -1, 0, 1, 3, 255, 0x7fffffff, 0x80000000, 0xffffffff };

static int64_t pick_number(void)
{
	return numbers[(size_t)rand() % ARRAY_SIZE(numbers)];
}

static struct device_rule pick_rule(void)
{
	return (struct device_rule){
		.type = "abc"[rand() % 3],
		.major = rand() % 2 ? -1 : pick_number(),
		.minor = rand() % 2 ? -1 : pick_number(),
		.access = 1 + (unsigned)rand() % ALL,
		.is_allowed = rand() % 2,
	};
}

static void compare(const struct device_rule *rules, size_t count,
		    const struct device_program *program, struct request request)
{
	for (request.access = 1; request.access <= ALL; request.access++)
		if (filter(program, &request) != meaning(rules, count, &request))
			ck_abort_msg("%zu rules, %c %u:%u access %u", count, request.type,
				     request.major, request.minor, request.access);
}

static void compare_everything(const struct device_rule *rules, size_t count)
{
	struct device_program program;

	ck_assert_int_eq(devices_compile(rules, count, &program), 0);
	for (size_t i = 1; i < ARRAY_SIZE(numbers); i++)
		for (size_t j = 1; j < ARRAY_SIZE(numbers); j++)
			for (const char *type = "bc"; *type; type++)
				compare(rules, count, &program,
					(struct request){ *type, (uint32_t)numbers[i],
							  (uint32_t)numbers[j], 0 });
	free(program.code);
}

START_TEST(any_rules_mean_what_they_say)
{
	srand(20261121);
	for (int round = 0; round < 300; round++) {
		struct device_rule rules[24];
		size_t count = (size_t)rand() % ARRAY_SIZE(rules);

		for (size_t i = 0; i < count; i++)
			rules[i] = pick_rule();
		compare_everything(rules, count);
	}
}
END_TEST

START_TEST(without_rules_all_is_denied)
{
	compare_everything(NULL, 0);
}
END_TEST

START_TEST(a_right_taken_away_later_is_not_had_together_with_others)
{
	const struct device_rule rules[] = {
		{ 'c', 1, 3, ALL, true },
		{ 'c', 1, 3, DEVICE_WRITE, false },
	};
	struct device_program program;

	ck_assert_int_eq(devices_compile(rules, 2, &program), 0);
	ck_assert(filter(&program, &(struct request){ 'c', 1, 3, DEVICE_READ }));
	ck_assert(!filter(&program, &(struct request){ 'c', 1, 3, DEVICE_WRITE }));
	ck_assert(
		!filter(&program, &(struct request){ 'c', 1, 3, DEVICE_READ | DEVICE_WRITE }));
	free(program.code);
}
END_TEST

START_TEST(rights_of_several_rules_add_up)
{
	const struct device_rule rules[] = {
		{ 'c', 1, 3, DEVICE_READ, true },
		{ 'c', 1, -1, DEVICE_WRITE, true },
	};
	struct device_program program;

	ck_assert_int_eq(devices_compile(rules, 2, &program), 0);
	ck_assert(filter(&program, &(struct request){ 'c', 1, 3, DEVICE_READ | DEVICE_WRITE }));
	ck_assert(!filter(&program, &(struct request){ 'c', 1, 3, ALL }));
	ck_assert(!filter(&program, &(struct request){ 'b', 1, 3, DEVICE_READ }));
	free(program.code);
}
END_TEST

START_TEST(code_behind_a_rule_for_everything_is_left_out)
{
	const struct device_rule rules[] = {
		{ 'c', 1, 3, DEVICE_READ, false },
		{ 'a', -1, -1, ALL, true },
	};
	struct device_program all;
	struct device_program last;

	ck_assert_int_eq(devices_compile(rules, 2, &all), 0);
	ck_assert_int_eq(devices_compile(rules + 1, 1, &last), 0);
	ck_assert_uint_eq(all.count, last.count);
	free(all.code);
	free(last.code);
}
END_TEST

/* The verifier has a budget; a lookup goes through few instructions, however many rules there are. */
START_TEST(many_rules_make_a_tree_not_a_list)
{
	enum { COUNT = 2048 };
	struct device_rule *rules = xcalloc(COUNT, sizeof(*rules));
	struct device_program program;

	for (int i = 0; i < COUNT; i++)
		rules[i] = (struct device_rule){ 'c', i / 4, i % 4, ALL, true };
	ck_assert_int_eq(devices_compile(rules, COUNT, &program), 0);
	for (int i = 0; i < COUNT; i++)
		compare(rules, COUNT, &program,
			(struct request){ 'c', (uint32_t)i / 4, (uint32_t)i % 4, 0 });
	ck_assert_int_le(longest, 40);
	free(program.code);
	free(rules);
}
END_TEST

/* 2000 majors with 2000 minors each: that is worked out for each pair. */
START_TEST(minors_of_any_major_may_be_too_many)
{
	enum { COUNT = 4000 };
	struct device_rule *rules = xcalloc(COUNT, sizeof(*rules));
	struct device_program program;

	for (int i = 0; i < COUNT; i++)
		rules[i] =
			(struct device_rule){ 'c', i % 2 ? i : -1, i % 2 ? -1 : i, ALL, i % 3 };
	ck_assert_int_eq(devices_compile(rules, COUNT, &program), -EINVAL);
	err_clear();
	free(rules);
}
END_TEST

static const struct device_rule bad_rules[] = {
	{ 'x', 1, 1, ALL, true },           { 'c', 1, 1, 0, true },    { 'c', 1, 1, 8, true },
	{ 'c', 0x100000000, 1, ALL, true }, { 'c', 1, -2, ALL, true },
};

START_TEST(a_rule_that_makes_no_sense_is_refused)
{
	struct device_program program;

	ck_assert_int_eq(devices_compile(&bad_rules[_i], 1, &program), -EINVAL);
	err_clear();
}
END_TEST

START_TEST(too_many_rules_are_refused)
{
	struct device_program program;

	ck_assert_int_eq(devices_compile(NULL, DEVICE_RULES_MAX + 1, &program), -EINVAL);
	err_clear();
}
END_TEST

START_TEST(no_filter_is_attached_where_there_is_no_cgroup)
{
	const struct cgroup none = { .fd = NO_FD };
	const struct cgroup_plan plan = { .wants_devices = true };

	ck_assert_int_eq(cgroup_filter_devices(&none, &plan), 0);
}
END_TEST

Suite *test_cgroup_devices(void);
Suite *test_cgroup_devices(void)
{
	Suite *suite = suite_create("cgroup/devices");
	TCase *rules = tcase_create("rules");

	tcase_set_timeout(rules, 60);
	tcase_add_test(rules, any_rules_mean_what_they_say);
	tcase_add_test(rules, without_rules_all_is_denied);
	tcase_add_test(rules, a_right_taken_away_later_is_not_had_together_with_others);
	tcase_add_test(rules, rights_of_several_rules_add_up);
	tcase_add_test(rules, code_behind_a_rule_for_everything_is_left_out);
	tcase_add_test(rules, many_rules_make_a_tree_not_a_list);
	tcase_add_test(rules, minors_of_any_major_may_be_too_many);
	tcase_add_loop_test(rules, a_rule_that_makes_no_sense_is_refused, 0,
			    (int)ARRAY_SIZE(bad_rules));
	tcase_add_test(rules, too_many_rules_are_refused);
	tcase_add_test(rules, no_filter_is_attached_where_there_is_no_cgroup);
	suite_add_tcase(suite, rules);
	return suite;
}
