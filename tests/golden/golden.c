/* SPDX-License-Identifier: GPL-2.0-or-later */
/* golden - config.json in, plan or error out, compared with what was accepted before. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "libocispec/spec.h"
#include "plan/plan.h"
#include "tests/golden/fields.h"
#include "tests/golden/setup.h"

#define LOG_MAX (1u << 16)

static struct {
	bool wants_update;
	bool wants_fields;
	int log; /* what the code logs: a file without a name */
	unsigned passed, failed;
} run;

/* ---- files ---- */

static void write_text(const char *dir, const char *name, const char *text)
{
	_cleanup_free_ char *path = xprintf("%s/%s", dir, name);
	FILE *file = fopen(path, "we");

	if (!file || fputs(text, file) < 0 || fclose(file) != 0) {
		fprintf(stderr, "golden: cannot write %s\n", path);
		exit(EXIT_FAILURE);
	}
}

static bool exists(const char *dir, const char *name)
{
	_cleanup_free_ char *path = xprintf("%s/%s", dir, name);

	return access(path, F_OK) == 0;
}

/* ---- what is logged ---- */

static void open_log(void)
{
	_cleanup_free_ char *path = NULL;

	run.log = memfd_create("log", MFD_CLOEXEC);
	path = xprintf("/proc/self/fd/%d", run.log);
	if (run.log < 0 || log_open(path, LOG_TEXT, LOG_DEBUG) < 0) {
		fprintf(stderr, "golden: no log\n");
		exit(EXIT_FAILURE);
	}
}

static void drop_log(void)
{
	if (ftruncate(run.log, 0) < 0) {
		perror("golden: log");
		exit(EXIT_FAILURE);
	}
}

/* The lines since the last time, without their time. */
static void take_log(struct buf *out)
{
	static char text[LOG_MAX];
	ssize_t size = pread(run.log, text, sizeof(text) - 1, 0);
	char *rest = text;
	char *line;

	text[size < 0 ? 0 : size] = '\0';
	while ((line = strsep(&rest, "\n"))) {
		const char *level = strstr(line, "level=");

		if (level)
			buf_printf(out, "%s\n", level + strlen("level="));
	}
	drop_log();
}

/* ---- cases ---- */

/* What a case comes to. */
struct outcome {
	struct setup setup; /* that it comes to it with */
	bool is_planned;
	struct buf text; /* the plan, or why there is none */
	struct buf log;
	struct buf findings; /* what `tare check` says beyond that */
};

static void print_findings(const struct findings *findings, struct buf *out)
{
	static const char *const words[] = { "error", "host", "warning" };

	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *item = &findings->items[i];

		buf_printf(out, "%s: %s%s%s\n", words[item->severity], item->path,
			   *item->path ? ": " : "", item->text);
	}
}

/* Planning that goes on behind what is wrong: it begins with what create says. */
static void find_all(const struct plan_request *request, const struct host *host,
		     struct outcome *outcome)
{
	struct findings findings = { 0 };
	struct plan_request asking = *request;
	_cleanup_free_ char *only = xprintf("error: %s", buf_text(&outcome->text));
	_cleanup_free_ char *lacking = xprintf("host: %s", buf_text(&outcome->text));
	struct plan plan;
	const char *all;

	asking.findings = &findings;
	if (plan_build(&asking, host, &plan) < 0)
		buf_printf(&outcome->findings, "planning ended\n");
	plan_release(&plan);
	print_findings(&findings, &outcome->findings);
	all = buf_text(&outcome->findings);
	if (!outcome->is_planned && (strcmp(all, only) == 0 || strcmp(all, lacking) == 0))
		buf_release(&outcome->findings);
	else if (!outcome->is_planned && !strstr(all, only) && !strstr(all, lacking))
		buf_printf(&outcome->findings, "create says something else\n");
	findings_release(&findings);
	drop_log();
}

/* What the plan says, or why there is none; returns whether there is one. */
static bool describe(const struct plan_request *request, const struct host *host,
		     struct buf *out, struct buf *ret_log)
{
	char text[ERR_TEXT_MAX + 128];
	struct plan plan;
	bool is_planned = plan_build(request, host, &plan) == 0;

	if (is_planned) {
		plan_dump(&plan, out);
	} else {
		err_text(err_last(), text, sizeof(text));
		buf_printf(out, "%s\n", text);
		err_clear();
	}
	plan_release(&plan);
	take_log(ret_log);
	return is_planned;
}

bool outcome_differs(const struct outcome *before, const struct oci_spec *spec)
{
	struct plan_request request = before->setup.request;
	struct buf text = { 0 };
	struct buf log = { 0 };
	bool differs;

	request.spec = spec;
	describe(&request, &before->setup.host, &text, &log);
	differs = strcmp(buf_text(&text), buf_text(&before->text)) != 0 ||
		  strcmp(buf_text(&log), buf_text(&before->log)) != 0;
	buf_release(&text);
	buf_release(&log);
	return differs;
}

/* What is not asked for as it is when nobody has looked. */
static struct host host_as_asked(const struct plan_request *request, const struct host *host)
{
	unsigned facts = plan_facts(request);
	struct host known = *host;

	if (!(facts & HOST_OWN_CGROUP))
		known.own_cgroup[0] = '\0';
	if (!(facts & HOST_CONTROLLERS))
		known.cgroup_controllers[0] = '\0';
	if (!(facts & HOST_LSM))
		known.has_selinux = known.has_apparmor = false;
	if (!(facts & HOST_TIME))
		known.has_time_namespace = false;
	return known;
}

/* plan_facts() must name all that makes a difference. */
static void plan_with_less(const struct plan_request *request, struct outcome *outcome)
{
	struct host known = host_as_asked(request, &outcome->setup.host);
	struct buf text = { 0 };
	struct buf log = { 0 };

	describe(request, &known, &text, &log);
	if (strcmp(buf_text(&text), buf_text(&outcome->text)) != 0 ||
	    strcmp(buf_text(&log), buf_text(&outcome->log)) != 0)
		buf_printf(&outcome->text, "with what was asked of the host alone: %s\n",
			   buf_text(&text));
	buf_release(&text);
	buf_release(&log);
}

static void plan_it(struct oci_spec *spec, struct outcome *outcome, const char *name)
{
	struct plan_request *request = &outcome->setup.request;
	const struct host *host = &outcome->setup.host;

	request->spec = spec;
	outcome->is_planned = describe(request, host, &outcome->text, &outcome->log);
	if (run.wants_fields)
		fields_try(spec, outcome, name);
	else
		find_all(request, host, outcome);
	plan_with_less(request, outcome);
	request->spec = NULL;
}

static const char *base_name(const char *dir)
{
	const char *slash = strrchr(dir, '/');

	return slash ? slash + 1 : dir;
}

static void make(const char *dir, struct outcome *outcome)
{
	size_t size = 0;
	_cleanup_free_ char *config = setup_read(dir, "config.json", &size);
	struct oci_document document = { .name = "config.json", .bytes = config, .size = size };
	struct arena arena = { 0 };
	struct oci_spec spec;
	struct oci_error error;

	outcome->setup = setup_of(dir);
	if (oci_decode_spec(&document, &arena, &spec, &error) < 0)
		buf_printf(&outcome->text, "%s\n", error.text);
	else
		plan_it(&spec, outcome, base_name(dir));
	arena_free(&arena);
}

static void show_difference(const char *dir, const char *name, const char *got)
{
	_cleanup_free_ char *command = xprintf("diff -u '%s/%s' -", dir, name);
	FILE *diff;

	fflush(stdout);
	diff = popen(command, "we");
	if (!diff)
		return;
	fputs(got, diff);
	pclose(diff);
}

/* A file whose text would be empty is not there. */
static void update(const char *dir, const char *name, const char *text)
{
	_cleanup_free_ char *path = xprintf("%s/%s", dir, name);

	if (*text)
		write_text(dir, name, text);
	else if (unlink(path) < 0 && errno != ENOENT)
		fprintf(stderr, "golden: cannot remove %s\n", path);
}

static bool is_as_accepted(const char *dir, const char *name, const char *text)
{
	_cleanup_free_ char *expected = NULL;
	size_t size;

	if (run.wants_update)
		update(dir, name, text);
	expected = setup_read(dir, name, &size);
	if (strcmp(expected ? expected : "", text) == 0)
		return true;
	printf("%s/%s: is different\n", dir, name);
	if (expected)
		show_difference(dir, name, text);
	else
		printf("%s", text);
	return false;
}

static void run_case(const char *dir)
{
	struct outcome outcome = { 0 };
	const char *text;
	bool is_good;

	make(dir, &outcome);
	text = buf_text(&outcome.text);
	is_good = is_as_accepted(dir, "plan.txt", outcome.is_planned ? text : "");
	is_good &= is_as_accepted(dir, "error.txt", outcome.is_planned ? "" : text);
	is_good &= is_as_accepted(dir, "log.txt", buf_text(&outcome.log));
	is_good &= is_as_accepted(dir, "findings.txt", buf_text(&outcome.findings));
	if (is_good)
		run.passed++;
	else
		run.failed++;
	buf_release(&outcome.text);
	buf_release(&outcome.log);
	buf_release(&outcome.findings);
}

/* The pair's file `fields` has the members of which it proves that they change nothing. */
static void try_case(const char *dir)
{
	struct outcome outcome = { 0 };
	size_t size;
	_cleanup_free_ char *without_effect = setup_read(dir, "fields", &size);
	char *rest = without_effect;
	char *line;

	while ((line = strsep(&rest, "\n")))
		if (*line)
			printf("%s\t%s\n", line, base_name(dir));
	make(dir, &outcome);
	buf_release(&outcome.text);
	buf_release(&outcome.log);
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* DIR is a case, or a directory of cases. */
static void run_all(const char *dir)
{
	void (*each)(const char *) = run.wants_fields ? try_case : run_case;
	struct dirent **entries;
	int count;

	if (exists(dir, "config.json")) {
		each(dir);
		return;
	}
	count = scandir(dir, &entries, is_visible, alphasort);
	for (int i = 0; i < count; i++) {
		_cleanup_free_ char *path = xprintf("%s/%s", dir, entries[i]->d_name);

		if (exists(path, "config.json"))
			each(path);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
}

/* golden [--update|--fields] DIR...: compare, accept, or say on which members pairs depend.
 * golden --members: which there are. */
int main(int argc, char **argv)
{
	open_log();
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--members") == 0) {
			fields_print();
			return EXIT_SUCCESS;
		}
		if (strcmp(argv[i], "--update") == 0)
			run.wants_update = true;
		else if (strcmp(argv[i], "--fields") == 0)
			run.wants_fields = true;
		else
			run_all(argv[i]);
	}
	if (run.wants_fields)
		return EXIT_SUCCESS;
	printf("%u passed, %u failed\n", run.passed, run.failed);
	return run.failed || !run.passed ? EXIT_FAILURE : EXIT_SUCCESS;
}
