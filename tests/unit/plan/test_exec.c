/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_exec - what of a container holds for a process that is started in it later. */
#include "plan/exec.h"

#include <check.h>
#include <linux/capability.h>
#include <linux/sched.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/err.h"

static const char *const caps[] = { "CAP_KILL" };
static const char *const args[] = { "container" };
static const char *const env[] = { "A=container", "B=container" };

static struct oci_user user;
static struct oci_capabilities sets;
static struct oci_process own;
static struct oci_namespace namespaces[2];
static struct oci_linux linux_;
static struct oci_spec spec;
static struct host host;
static struct plan_exec_request request;
static struct plan plan;

static void set_up(void)
{
	user = (struct oci_user){ .uid = OCI_SET(7), .umask = OCI_SET(077) };
	sets = (struct oci_capabilities){
		.bounding = OCI_LIST_OF(caps),
		.effective = OCI_LIST_OF(caps),
		.permitted = OCI_LIST_OF(caps),
	};
	own = (struct oci_process){
		.terminal = OCI_SET(true),
		.user = &user,
		.args = OCI_LIST_OF(args),
		.env = OCI_LIST_OF(env),
		.cwd = "/own",
		.capabilities = &sets,
		.oom_score_adj = OCI_SET(99),
	};
	namespaces[0].type = OCI_NAMESPACE_MOUNT;
	namespaces[1].type = OCI_NAMESPACE_PID;
	namespaces[1].path = "/proc/1/ns/pid";
	linux_ = (struct oci_linux){ .namespaces = { namespaces, 2, true } };
	spec = (struct oci_spec){ .oci_version = "1.3.0", .process = &own, .linux = &linux_ };
	host = (struct host){ .capabilities = ~0ull, .last_capability = 40 };
	request = (struct plan_exec_request){
		.spec = &spec,
		.id = "c1",
		.args = OCI_LIST_OF(args),
	};
}

static void tear_down(void)
{
	err_clear();
	plan_release(&plan);
}

static const char *text_at(struct block_list list, uint32_t index)
{
	return block_string(plan.init, LIST_OF(plan.init, list, block_text)[index]);
}

START_TEST(what_is_not_said_is_the_containers)
{
	ck_assert_int_eq(plan_exec(&request, &host, &plan), 0);
	ck_assert_uint_eq(plan.init->uid, 7);
	ck_assert_uint_eq(plan.init->umask, 077);
	ck_assert_str_eq(block_string(plan.init, plan.init->cwd), "/own");
	ck_assert_uint_eq(plan.init->capabilities.effective, 1u << CAP_KILL);
	ck_assert_int_eq(plan.oom_score, 99);
	ck_assert(!plan.init->wants_terminal);
	ck_assert_uint_eq(plan.init->session_name, 0);
}
END_TEST

START_TEST(all_namespaces_of_the_container_are_joined_new_ones_and_others)
{
	ck_assert_int_eq(plan_exec(&request, &host, &plan), 0);
	ck_assert_uint_eq(plan.init->namespaces, CLONE_NEWNS | CLONE_NEWPID);
	ck_assert_uint_eq(plan.clone_flags, 0);
	ck_assert_uint_eq(plan.join_count, 0);
}
END_TEST

START_TEST(what_is_added_to_the_environment_wins)
{
	static const char *const added[] = { "B=mine" };

	request.env = (struct oci_strings)OCI_LIST_OF(added);
	ck_assert_int_eq(plan_exec(&request, &host, &plan), 0);
	ck_assert_uint_eq(plan.init->env.count, 2);
	ck_assert_str_eq(text_at(plan.init->env, 0), "A=container");
	ck_assert_str_eq(text_at(plan.init->env, 1), "B=mine");
}
END_TEST

START_TEST(added_capabilities_are_not_inherited)
{
	static const char *const added[] = { "CAP_CHOWN" };
	const struct block_capabilities *planned;

	request.capabilities = (struct oci_strings)OCI_LIST_OF(added);
	ck_assert_int_eq(plan_exec(&request, &host, &plan), 0);
	planned = &plan.init->capabilities;
	ck_assert_uint_eq(planned->bounding, 1u << CAP_CHOWN | 1u << CAP_KILL);
	ck_assert_uint_eq(planned->effective, planned->bounding);
	ck_assert_uint_eq(planned->permitted, planned->bounding);
	ck_assert_uint_eq(planned->inheritable, 0);
	ck_assert_uint_eq(planned->ambient, 0);
}
END_TEST

START_TEST(a_process_file_keeps_its_user_and_gets_the_containers_umask)
{
	struct oci_user other = { .uid = OCI_SET(8), .umask = OCI_SET(0) };
	struct oci_process process = { .cwd = "/file",
				       .args = OCI_LIST_OF(args),
				       .user = &other };

	request.process = &process;
	request.args.count = 0;
	ck_assert_int_eq(plan_exec(&request, &host, &plan), 0);
	ck_assert_uint_eq(plan.init->uid, 8);
	ck_assert_uint_eq(plan.init->umask, 077);
	ck_assert_uint_eq(plan.init->env.count, 0);
	ck_assert_uint_eq(plan.init->capabilities.effective, 1u << CAP_KILL);
	ck_assert_int_eq(plan.oom_score, 99);
}
END_TEST

START_TEST(processors_are_all_unless_some_are_named)
{
	struct oci_exec_cpu_affinity affinity = { .initial = "0", .final = "1,65" };

	ck_assert_int_eq(plan_exec(&request, &host, &plan), 0);
	ck_assert(!plan.init->keeps_affinity);
	plan_release(&plan);
	own.exec_cpu_affinity = &affinity;
	ck_assert_int_eq(plan_exec(&request, &host, &plan), 0);
	ck_assert_uint_eq(plan.initial_affinity_count, 1);
	ck_assert_uint_eq(plan.initial_affinity[0], 1);
	ck_assert_uint_eq(plan.init->affinity.count, 2);
	ck_assert_uint_eq(LIST_OF(plan.init, plan.init->affinity, uint64_t)[1], 2);
	ck_assert(plan.init->keeps_affinity);
	plan_release(&plan);
	affinity = (struct oci_exec_cpu_affinity){ .initial = "" };
	ck_assert_int_eq(plan_exec(&request, &host, &plan), 0);
	ck_assert(!plan.init->keeps_affinity);
}
END_TEST

/* sched(7): DEADLINE does not fork, and RESET_ON_FORK says what it does. */
START_TEST(a_scheduler_that_a_child_would_not_inherit_is_left_to_the_process)
{
	struct oci_scheduler scheduler = { .policy = OCI_SCHED_BATCH };
	enum oci_scheduler_flag flags[] = { OCI_SCHED_FLAG_RESET_ON_FORK };

	own.scheduler = &scheduler;
	ck_assert_int_eq(plan_exec(&request, &host, &plan), 0);
	ck_assert(plan.init->scheduler.is_set && !plan.init->scheduler.is_late);
	plan_release(&plan);
	scheduler.flags.items = flags;
	scheduler.flags.count = 1;
	ck_assert_int_eq(plan_exec(&request, &host, &plan), 0);
	ck_assert(plan.init->scheduler.is_late);
	plan_release(&plan);
	scheduler =
		(struct oci_scheduler){ .policy = OCI_SCHED_DEADLINE, .runtime = OCI_SET(1) };
	ck_assert_int_eq(plan_exec(&request, &host, &plan), 0);
	ck_assert(plan.init->scheduler.is_late);
}
END_TEST

/* What executes is cloned last: until then there is one more, which must not count. */
START_TEST(a_limit_of_processes_is_left_to_the_process)
{
	struct oci_rlimit limits[] = {
		{ .type = "RLIMIT_NOFILE", .soft = OCI_SET(5), .hard = OCI_SET(6) },
		{ .type = "RLIMIT_NPROC", .soft = OCI_SET(1), .hard = OCI_SET(2) },
	};

	own.rlimits = (struct oci_rlimits){ .items = limits, .count = 1, .is_set = true };
	ck_assert_int_eq(plan_exec(&request, &host, &plan), 0);
	ck_assert(!plan.init->processes.is_set);
	plan_release(&plan);
	own.rlimits.count = 2;
	ck_assert_int_eq(plan_exec(&request, &host, &plan), 0);
	ck_assert(plan.init->processes.is_set);
	ck_assert_uint_eq(plan.init->processes.soft, 1);
	ck_assert_uint_eq(plan.init->processes.hard, 2);
	ck_assert_uint_eq(plan.rlimit_count, 2);
}
END_TEST

Suite *test_plan_exec(void);
Suite *test_plan_exec(void)
{
	Suite *suite = suite_create("plan/exec");
	TCase *all = tcase_create("all");

	tcase_add_checked_fixture(all, set_up, tear_down);
	tcase_add_test(all, what_is_not_said_is_the_containers);
	tcase_add_test(all, all_namespaces_of_the_container_are_joined_new_ones_and_others);
	tcase_add_test(all, what_is_added_to_the_environment_wins);
	tcase_add_test(all, added_capabilities_are_not_inherited);
	tcase_add_test(all, a_process_file_keeps_its_user_and_gets_the_containers_umask);
	tcase_add_test(all, processors_are_all_unless_some_are_named);
	tcase_add_test(all, a_scheduler_that_a_child_would_not_inherit_is_left_to_the_process);
	tcase_add_test(all, a_limit_of_processes_is_left_to_the_process);
	suite_add_tcase(suite, all);
	return suite;
}
