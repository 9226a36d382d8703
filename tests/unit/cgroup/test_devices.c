/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_devices - the device filter decides as the rules say, for every device and right. */
#include "cgroup/devices.h"

#include <check.h>
#include <errno.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "tests/unit/cgroup/interpreter.h"

#define ALL (DEVICE_READ | DEVICE_WRITE | DEVICE_MKNOD)

/* What the kernel asks. */
struct request {
	char type; /* b, c, or a number that is neither */
	uint32_t major, minor;
	unsigned access; /* DEVICE_*; 0 for access(2) with F_OK */
};

static int longest; /* how many instructions an answer took */

/* The kernel has no others; it may get some. */
static unsigned kernel_type(char type)
{
	if (type == '0')
		return 0;
	if (type == '3')
		return 3;
	return type == 'b' ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR;
}

static bool filter(const struct device_program *program, const struct request *request)
{
	uint32_t access = (request->access & DEVICE_READ ? BPF_DEVCG_ACC_READ : 0u) |
			  (request->access & DEVICE_WRITE ? BPF_DEVCG_ACC_WRITE : 0u) |
			  (request->access & DEVICE_MKNOD ? BPF_DEVCG_ACC_MKNOD : 0u);
	struct bpf_cgroup_dev_ctx context = {
		.access_type = access << 16 | kernel_type(request->type),
		.major = request->major,
		.minor = request->minor,
	};

	return interpreter_device(program, &context, &longest);
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

/* Rules that tell the types apart, behind the last one for everything, deny all other types. */
static bool is_strange(const struct device_rule *rules, size_t count,
		       const struct request *request)
{
	bool is_told_apart = false;

	for (size_t i = 0; i < count; i++)
		is_told_apart = rules[i].type != 'a' ||
				(is_told_apart && (rules[i].major >= 0 || rules[i].minor >= 0 ||
						   rules[i].access != ALL));
	return is_told_apart && request->type < 'a';
}

static bool meaning(const struct device_rule *rules, size_t count,
		    const struct request *request)
{
	unsigned rights = 0;

	for (unsigned right = DEVICE_READ; right <= DEVICE_MKNOD; right <<= 1) {
		for (size_t i = 0; i < count; i++)
			if (is_meant(&rules[i], request, right))
				rights = rules[i].is_allowed ? rights | right : rights & ~right;
	}
	return !is_strange(rules, count, request) && rights && !(request->access & ~rights);
}

/* ---- properties ---- */

/* The first for any; neighbours on both sides of 32. */
static const int64_t numbers[] = { -1, 0,   1,          3,          30,        31,
				   32, 255, 0x7fffffff, 0x80000000, 0xffffffff };

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
	for (request.access = 0; request.access <= ALL; request.access++)
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
			for (const char *type = "bc03"; *type; type++)
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

/* Such rules as containers have: nobody names a minor without its major.  TYPE 0: any. */
static struct device_rule pick_usual_rule(char type)
{
	struct device_rule rule = pick_rule();

	if (rule.major < 0)
		rule.minor = -1;
	else if (rand() % 4)
		rule.minor = rand() % 70;
	if (type)
		rule.type = type;
	return rule;
}

static bool has_branch(const struct device_program *program)
{
	for (size_t i = 0; i < program->count; i++) {
		unsigned class = BPF_CLASS(program->code[i].code);

		if ((class == BPF_JMP || class == BPF_JMP32) &&
		    BPF_OP(program->code[i].code) != BPF_EXIT)
			return true;
	}
	return false;
}

/* Returns how many instructions the rules need without a branch; 0: there are some. */
static size_t compare_usual(const struct device_rule *rules, size_t count)
{
	struct device_program program;
	size_t length;

	ck_assert_int_eq(devices_compile(rules, count, &program), 0);
	for (size_t i = 1; i < ARRAY_SIZE(numbers); i++)
		for (uint32_t minor = 0; minor < 100; minor++)
			for (const char *type = "bc03"; *type; type++)
				compare(rules, count, &program,
					(struct request){ *type, (uint32_t)numbers[i], minor,
							  0 });
	length = has_branch(&program) ? 0 : program.count;
	free(program.code);
	return length;
}

START_TEST(usual_rules_mean_what_they_say)
{
	int flat = 0;

	srand(20261122);
	for (int round = 0; round < 100; round++) {
		struct device_rule rules[40];
		size_t count = 1 + (size_t)rand() % (ARRAY_SIZE(rules) - 1);

		for (size_t i = 0; i < count; i++)
			rules[i] = pick_usual_rule(round % 4 ? 0 : 'a');
		flat += compare_usual(rules, count) != 0;
	}
	ck_assert_int_gt(flat, 75);
}
END_TEST

static const struct device_rule default_rules[] = {
	{ 'a', -1, -1, ALL, false },
	{ 'c', -1, -1, DEVICE_MKNOD, true },
	{ 'b', -1, -1, DEVICE_MKNOD, true },
	{ 'c', 1, 3, ALL, true },
	{ 'c', 1, 5, ALL, true },
	{ 'c', 1, 7, ALL, true },
	{ 'c', 1, 8, ALL, true },
	{ 'c', 1, 9, ALL, true },
	{ 'c', 5, 0, ALL, true },
	{ 'c', 5, 1, ALL, true },
	{ 'c', 5, 2, ALL, true },
	{ 'c', 136, -1, ALL, true },
};

static bool may_do_something_new(const struct device_rule *rule)
{
	const struct bpf_cgroup_dev_ctx context = { .access_type =
							    8u << 16 | BPF_DEVCG_DEV_CHAR };
	struct device_program program;
	bool may;

	ck_assert_int_eq(devices_compile(rule, 1, &program), 0);
	may = interpreter_device(&program, &context, &longest);
	free(program.code);
	return may;
}

START_TEST(a_right_to_come_is_for_those_who_have_all)
{
	ck_assert(may_do_something_new(&(struct device_rule){ 'a', -1, -1, ALL, true }));
	ck_assert(may_do_something_new(&(struct device_rule){ 'c', 0, 0, ALL, true }));
	ck_assert(!may_do_something_new(
		&(struct device_rule){ 'c', 0, 0, DEVICE_READ | DEVICE_WRITE, true }));
	ck_assert(!may_do_something_new(&(struct device_rule){ 'c', 0, 0, ALL, false }));
}
END_TEST

START_TEST(the_default_devices_need_no_branch)
{
	ck_assert_uint_eq(compare_usual(default_rules, ARRAY_SIZE(default_rules)), 44);
}
END_TEST

/* Each is compared with each device that is asked for, so there are not too many of them. */
START_TEST(only_few_devices_are_compared_one_by_one)
{
	struct device_rule rules[65];
	struct device_program program;

	for (int i = 0; i < 65; i++)
		rules[i] = (struct device_rule){ 'c', 1 + i % _i, i * 32, ALL, true };
	for (size_t count = 64; count <= 65; count++) {
		ck_assert_int_eq(compare_usual(rules, count) != 0, count == 64);
		ck_assert_int_eq(devices_compile(rules, count, &program), 0);
		for (uint32_t i = 0; i < 67 * 32; i++)
			for (uint32_t major = 0; major < 4; major++)
				compare(rules, count, &program,
					(struct request){ 'c', major, i, 0 });
		free(program.code);
	}
}
END_TEST

START_TEST(a_thousand_devices_are_halved_before_they_are_compared)
{
	enum { COUNT = 1000, REQUESTS = 3000 };
	struct device_rule *rules = xcalloc(COUNT, sizeof(*rules));
	struct device_program program;

	srand(20261123);
	for (int i = 0; i < COUNT; i++)
		rules[i] = (struct device_rule){ "bcc"[i % 3], i / 9, rand() % 300,
						 1 + (unsigned)rand() % ALL, i % 5 };
	ck_assert_int_eq(devices_compile(rules, COUNT, &program), 0);
	for (int i = 0; i < REQUESTS; i++) {
		const struct device_rule *rule = &rules[rand() % COUNT];

		compare(rules, COUNT, &program,
			(struct request){ "bc03"[rand() % 4], (uint32_t)rule -> major,
					  (uint32_t)rule -> minor + !(rand() % 4), 0 });
	}
	ck_assert_int_le(longest, 64 * 13 + 50);
	ck_assert_int_gt(longest, 32 * 8);
	free(program.code);
	free(rules);
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

/*
 * Minors far apart.  The verifier has a budget; a lookup goes through few instructions, however
 * many rules there are.
 */
START_TEST(many_minors_make_a_tree_not_a_list)
{
	enum { COUNT = 2048, STEP = 100 };
	struct device_rule *rules = xcalloc(COUNT, sizeof(*rules));
	struct device_program program;

	for (int i = 0; i < COUNT; i++)
		rules[i] = (struct device_rule){ 'c', i % 4, i / 4 * STEP, ALL, true };
	ck_assert_int_eq(devices_compile(rules, COUNT, &program), 0);
	for (uint32_t i = 0; i < COUNT; i++)
		compare(rules, COUNT, &program,
			(struct request){ 'c', i % 4, i / 4 * STEP + i % 2, 0 });
	ck_assert_int_le(longest, 40);
	free(program.code);
	free(rules);
}
END_TEST

START_TEST(one_major_of_many_minors_makes_a_tree_of_all)
{
	enum { MAJORS = 40, MINORS = 120, COUNT = MAJORS + MINORS };
	struct device_rule rules[COUNT];
	struct device_program program;

	for (int i = 0; i < MAJORS; i++)
		rules[i] = (struct device_rule){ 'c', i, 0, ALL, true };
	for (int i = MAJORS; i < COUNT; i++)
		rules[i] = (struct device_rule){ 'c', MAJORS, i * 100, ALL, true };
	ck_assert_int_eq(devices_compile(rules, COUNT, &program), 0);
	for (int i = 0; i < COUNT; i++)
		compare(rules, COUNT, &program,
			(struct request){ 'c', (uint32_t)rules[i].major,
					  (uint32_t)rules[i].minor, 0 });
	ck_assert_int_le(longest, 40);
	free(program.code);
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
	tcase_add_test(rules, usual_rules_mean_what_they_say);
	tcase_add_test(rules, a_right_to_come_is_for_those_who_have_all);
	tcase_add_test(rules, the_default_devices_need_no_branch);
	tcase_add_loop_test(rules, only_few_devices_are_compared_one_by_one, 1, 4);
	tcase_add_test(rules, a_thousand_devices_are_halved_before_they_are_compared);
	tcase_add_test(rules, without_rules_all_is_denied);
	tcase_add_test(rules, a_right_taken_away_later_is_not_had_together_with_others);
	tcase_add_test(rules, rights_of_several_rules_add_up);
	tcase_add_test(rules, code_behind_a_rule_for_everything_is_left_out);
	tcase_add_test(rules, many_minors_make_a_tree_not_a_list);
	tcase_add_test(rules, one_major_of_many_minors_makes_a_tree_of_all);
	tcase_add_test(rules, minors_of_any_major_may_be_too_many);
	tcase_add_loop_test(rules, a_rule_that_makes_no_sense_is_refused, 0,
			    (int)ARRAY_SIZE(bad_rules));
	tcase_add_test(rules, too_many_rules_are_refused);
	tcase_add_test(rules, no_filter_is_attached_where_there_is_no_cgroup);
	suite_add_tcase(suite, rules);
	return suite;
}
