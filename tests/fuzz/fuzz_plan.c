/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz_plan - any bytes as config.json, planned as create does and as check does. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "libocispec/locate.h"
#include "libocispec/section.h"
#include "plan/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* Both ways to read a document. */
struct reading {
	struct oci_document document;
	struct arena arena;
	struct oci_spec spec;
	struct oci_problems problems;
	size_t wrong; /* of the problems */
	bool is_whole;
};

static void must(int is_true)
{
	if (!is_true)
		abort();
}

/* ---- the host and the options: two bytes of switches in front of the document ---- */

enum {
	SWITCH_USER = 1,
	SWITCH_NESTED = 2,
	SWITCH_HYBRID = 4,
	SWITCH_NO_CGROUP2 = 8,
	SWITCH_OLD_KERNEL = 16,
	SWITCH_LSM = 32,
	SWITCH_DETACHED = 64,
	SWITCH_CONSOLE = 128,
	SWITCH_SYSTEMD = 256,
	SWITCH_NO_CGROUP = 512,
	SWITCH_SOCKETS = 1024,
	SWITCH_FEW_CAPABILITIES = 2048,
};

static struct host make_host(unsigned switches)
{
	bool is_user = switches & (SWITCH_USER | SWITCH_NESTED);
	bool has_controllers = !(switches & SWITCH_HYBRID);
	struct host host = {
		.euid = switches & SWITCH_USER ? 1000 : 0,
		.egid = switches & SWITCH_USER ? 1000 : 0,
		.is_privileged = !is_user,
		.is_initial_userns = !(switches & SWITCH_NESTED),
		.capabilities = switches & SWITCH_USER               ? 0
				: switches & SWITCH_FEW_CAPABILITIES ? 0xc0
								     : 0x1ffffffffff,
		.last_capability = 40,
		.kernel = switches & SWITCH_OLD_KERNEL ? 5u << 16 : 6u << 16 | 12u << 8,
		.is_cgroup_hybrid = switches & SWITCH_HYBRID,
		.has_selinux = switches & SWITCH_LSM,
		.has_apparmor = switches & SWITCH_LSM,
		.has_time_namespace = !(switches & SWITCH_OLD_KERNEL),
		.is_swap_accounted = true,
	};

	if (switches & SWITCH_NO_CGROUP2)
		return host;
	snprintf(host.cgroup_mount, sizeof(host.cgroup_mount), "/sys/fs/cgroup");
	snprintf(host.own_cgroup, sizeof(host.own_cgroup), "/a.slice/b.scope");
	if (has_controllers)
		snprintf(host.cgroup_controllers, sizeof(host.cgroup_controllers),
			 "cpuset cpu io memory hugetlb pids rdma");
	return host;
}

static struct plan_request make_request(unsigned switches, const struct oci_spec *spec)
{
	return (struct plan_request){
		.spec = spec,
		.id = "c1",
		.bundle = "/bundle",
		.is_detached = switches & SWITCH_DETACHED,
		.has_console_socket = switches & SWITCH_CONSOLE,
		.is_systemd = switches & SWITCH_SYSTEMD,
		.wants_no_cgroup = switches & SWITCH_NO_CGROUP,
		.listen_fds = switches & SWITCH_SOCKETS ? 2 : 0,
		.preserve_fds = switches & SWITCH_SOCKETS ? 2 : 0,
	};
}

/* ---- decoding ---- */

static size_t count_wrong(const struct oci_problems *problems)
{
	size_t count = problems->left_out;

	for (size_t i = 0; i < problems->count; i++)
		count += !problems->items[i].is_unknown;
	return count;
}

static bool has_problem(const struct oci_problems *problems, const char *text)
{
	for (size_t i = 0; i < problems->count; i++)
		if (strcmp(problems->items[i].error.text, text) == 0)
			return true;
	return false;
}

/* What is refused is a problem, and what has no problem is taken. */
static void read_both_ways(struct reading *reading)
{
	struct arena arena = { 0 };
	struct oci_spec spec;
	struct oci_error error;
	int result = oci_decode_spec(&reading->document, &arena, &spec, &error);

	reading->is_whole = oci_decode_all(&oci_spec_type, &reading->document, &reading->arena,
					   &reading->spec, &reading->problems) == 0;
	reading->wrong = count_wrong(&reading->problems);
	must((result == 0) == (reading->wrong == 0));
	must(result < 0 || reading->is_whole);
	if (result < 0)
		must(reading->problems.left_out || has_problem(&reading->problems, error.text));
	arena_free(&arena);
}

/* ---- planning ---- */

static void take_problems(const struct reading *reading, struct findings *findings)
{
	for (size_t i = 0; i < reading->problems.count; i++) {
		const struct oci_problem *problem = &reading->problems.items[i];
		const struct oci_error *error = &problem->error;
		struct finding *item = findings_put(
			findings, problem->is_unknown ? FINDING_WARNING : FINDING_ERROR,
			error->path, error->text + error->what);

		if (item)
			item->is_unread = !problem->is_unknown;
	}
}

/* Plan as check does; whatever was wrong before, that never fails. */
static void plan_on(const struct reading *reading, unsigned switches, struct findings *findings)
{
	struct host host = make_host(switches);
	struct plan_request request = make_request(switches, &reading->spec);
	struct plan plan;

	request.findings = findings;
	must(plan_build(&request, &host, &plan) == 0);
	must(err_last()->code == 0);
	plan_release(&plan);
}

static bool has_finding(const struct findings *findings, const char *text)
{
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *item = &findings->items[i];
		size_t size = strlen(item->path);

		if (item->severity == FINDING_WARNING || strncmp(text, item->path, size) != 0)
			continue;
		if (strcmp(text + size + (size ? 2 : 0), item->text) == 0)
			return true;
	}
	return false;
}

static bool has_failure(const struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++)
		if (findings->items[i].severity != FINDING_WARNING)
			return true;
	return findings->left_out > 0;
}

/* Create's error is among what check finds; where there is none, check finds none. */
static void plan_once(const struct reading *reading, unsigned switches,
		      const struct findings *findings)
{
	struct host host = make_host(switches);
	struct plan_request request = make_request(switches, &reading->spec);
	struct buf text = { 0 };
	struct plan plan;
	char why[ERR_TEXT_MAX + 128];

	if (plan_build(&request, &host, &plan) == 0) {
		must(!has_failure(findings));
		plan_dump(&plan, &text);
	} else {
		err_text(err_last(), why, sizeof(why));
		err_clear();
		must(findings->left_out || has_finding(findings, why));
	}
	buf_release(&text);
	plan_release(&plan);
}

/* Each has a place; what has a path has it in the document. */
static void check_findings(const struct reading *reading, const struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *item = &findings->items[i];
		unsigned line = 1, column = 1;

		oci_section_find(item->path);
		oci_locate(&reading->document, item->path, &line, &column);
		must(line > 0 && column > 0);
		must(line <= reading->document.size + 1);
		must(column <= reading->document.size + 1);
	}
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return log_open(NULL, LOG_TEXT, LOG_ERROR);
}

/* A document that begins with its brace is for the usual host: those of tests/golden are. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	bool has_switches = size > 2 && data[0] != '{';
	unsigned switches = has_switches ? data[0] | (unsigned)data[1] << 8 : 0;
	size_t skip = has_switches ? 2 : 0;
	struct reading reading = {
		.document = { "c", (const char *)data + skip, size - skip },
	};
	struct findings findings = { 0 };

	read_both_ways(&reading);
	if (reading.is_whole) {
		take_problems(&reading, &findings);
		plan_on(&reading, switches, &findings);
		check_findings(&reading, &findings);
	}
	if (reading.wrong == 0)
		plan_once(&reading, switches, &findings);
	oci_problems_release(&reading.problems);
	findings_release(&findings);
	arena_free(&reading.arena);
	return 0;
}
