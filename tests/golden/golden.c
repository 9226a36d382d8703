/* SPDX-License-Identifier: GPL-2.0-or-later */
/* golden - config.json in, plan or error out, compared with what was accepted before. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/number.h"
#include "libocispec/spec.h"
#include "plan/plan.h"

#define CONFIG_MAX (1u << 20)

static struct {
	bool wants_update;
	unsigned passed, failed;
} run;

/* ---- the host and the options: fixed, but for what the file `options` says ---- */

struct setup {
	struct host host;
	struct plan_request request;
};

/* A pure cgroup v2 host, and we are its root. */
static const struct setup usual = {
	.host = {
		.is_privileged = true,
		.is_initial_userns = true,
		.capabilities = 0x1ffffffffff,
		.last_capability = 40,
		.kernel = 6u << 16 | 12u << 8,
		.cgroup_mount = "/sys/fs/cgroup",
		.own_cgroup = "/user.slice/session-1.scope",
		.cgroup_controllers = "cpuset cpu io memory hugetlb pids rdma",
		.has_time_namespace = true,
		.is_swap_accounted = true,
	},
	.request = { .id = "c1", .bundle = "/bundle" },
};

static void be_user(struct setup *setup, unsigned value)
{
	setup->host.euid = value;
	setup->host.egid = value;
	setup->host.capabilities = 0;
	setup->host.is_privileged = false;
}

/* Root of a user namespace, as in a container or under rootless podman. */
static void be_nested(struct setup *setup, unsigned value)
{
	(void)value;
	setup->host.is_privileged = false;
	setup->host.is_initial_userns = false;
}

static void drop_capability(struct setup *setup, unsigned value)
{
	setup->host.capabilities &= ~((uint64_t)1 << value);
}

static void be_hybrid(struct setup *setup, unsigned value)
{
	(void)value;
	setup->host.is_cgroup_hybrid = true;
	snprintf(setup->host.cgroup_mount, sizeof(setup->host.cgroup_mount),
		 "/sys/fs/cgroup/unified");
	snprintf(setup->host.own_cgroup, sizeof(setup->host.own_cgroup), "/");
	snprintf(setup->host.cgroup_controllers, sizeof(setup->host.cgroup_controllers),
		 "hugetlb");
}

static void have_no_cgroup2(struct setup *setup, unsigned value)
{
	(void)value;
	setup->host.is_cgroup_hybrid = true;
	setup->host.cgroup_mount[0] = '\0';
	setup->host.own_cgroup[0] = '\0';
	setup->host.cgroup_controllers[0] = '\0';
}

static void have_kernel_5(struct setup *setup, unsigned value)
{
	setup->host.kernel = 5u << 16 | value << 8;
}

static void have_last_capability(struct setup *setup, unsigned value)
{
	setup->host.last_capability = value;
}

static void have_no_time(struct setup *setup, unsigned value)
{
	(void)value;
	setup->host.has_time_namespace = false;
}

static void have_selinux(struct setup *setup, unsigned value)
{
	(void)value;
	setup->host.has_selinux = true;
}

static void have_apparmor(struct setup *setup, unsigned value)
{
	(void)value;
	setup->host.has_apparmor = true;
}

static void detach(struct setup *setup, unsigned value)
{
	(void)value;
	setup->request.is_detached = true;
}

static void give_console_socket(struct setup *setup, unsigned value)
{
	(void)value;
	setup->request.has_console_socket = true;
}

static void want_systemd(struct setup *setup, unsigned value)
{
	(void)value;
	setup->request.is_systemd = true;
}

static void want_no_cgroup(struct setup *setup, unsigned value)
{
	(void)value;
	setup->request.wants_no_cgroup = true;
}

static void want_no_pivot(struct setup *setup, unsigned value)
{
	(void)value;
	setup->request.wants_no_pivot = true;
}

static void want_no_keyring(struct setup *setup, unsigned value)
{
	(void)value;
	setup->request.wants_no_keyring = true;
}

static void pass_sockets(struct setup *setup, unsigned value)
{
	setup->request.listen_fds = value;
	setup->request.preserve_fds = value;
}

/* clang-format off */
static const struct {
	const char *name;
	void (*apply)(struct setup *setup, unsigned value);
} options[] = {
	/* word in `options`, with a number behind it where one is needed */
	{ "user",            be_user },
	{ "nested",          be_nested },
	{ "drop-capability", drop_capability },
	{ "hybrid",          be_hybrid },
	{ "no-cgroup2",      have_no_cgroup2 },
	{ "kernel-5",        have_kernel_5 },
	{ "last-capability", have_last_capability },
	{ "no-time",         have_no_time },
	{ "selinux",         have_selinux },
	{ "apparmor",        have_apparmor },
	{ "detach",          detach },
	{ "console-socket",  give_console_socket },
	{ "systemd-cgroup",  want_systemd },
	{ "no-cgroup",       want_no_cgroup },
	{ "no-pivot",        want_no_pivot },
	{ "no-new-keyring",  want_no_keyring },
	{ "listen-fds",      pass_sockets },
};
/* clang-format on */

static bool apply_option(struct setup *setup, char *line)
{
	char *number = strchr(line, ' ');
	uint64_t value = 0;

	if (number) {
		*number++ = '\0';
		if (number_u64(number, UINT32_MAX, &value))
			return false;
	}
	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		if (strcmp(options[i].name, line) != 0)
			continue;
		options[i].apply(setup, (unsigned)value);
		return true;
	}
	return false;
}

static bool read_options(struct setup *setup, char *text)
{
	char *line;

	while ((line = strsep(&text, "\n")))
		if (*line && !apply_option(setup, line))
			return false;
	return true;
}

/* ---- files ---- */

/* The whole of DIR/NAME, terminated; NULL when there is no such file. */
static char *read_text(const char *dir, const char *name, size_t *ret_size)
{
	_cleanup_free_ char *path = xprintf("%s/%s", dir, name);
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	_cleanup_free_ char *text = NULL;
	ssize_t size;

	if (fd < 0)
		return NULL;
	text = xcalloc(CONFIG_MAX + 1, 1);
	size = fd_read_all(fd, text, CONFIG_MAX);
	if (size < 0) {
		fprintf(stderr, "golden: cannot read %s\n", path);
		exit(EXIT_FAILURE);
	}
	*ret_size = (size_t)size;
	return take(text);
}

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

/* ---- cases ---- */

/* What a case comes to. */
struct outcome {
	bool is_planned;
	struct buf text;     /* the plan, or why there is none */
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
}

/* What the plan says, or why there is none. */
static void describe(const struct plan_request *request, const struct host *host,
		     struct outcome *outcome)
{
	struct plan plan;
	char text[ERR_TEXT_MAX + 128];

	outcome->is_planned = plan_build(request, host, &plan) == 0;
	if (outcome->is_planned) {
		plan_dump(&plan, &outcome->text);
	} else {
		err_text(err_last(), text, sizeof(text));
		buf_printf(&outcome->text, "%s\n", text);
		err_clear();
	}
	plan_release(&plan);
	find_all(request, host, outcome);
}

static void make(const char *dir, struct outcome *outcome)
{
	struct setup setup = usual;
	size_t size = 0, options_size = 0;
	_cleanup_free_ char *config = read_text(dir, "config.json", &size);
	_cleanup_free_ char *words = read_text(dir, "options", &options_size);
	struct oci_document document = { .name = "config.json", .bytes = config, .size = size };
	struct arena arena = { 0 };
	struct oci_spec spec;
	struct oci_error error;

	if (words && !read_options(&setup, words)) {
		fprintf(stderr, "golden: %s/options: unknown option\n", dir);
		exit(EXIT_FAILURE);
	}
	if (oci_decode_spec(&document, &arena, &spec, &error) < 0) {
		buf_printf(&outcome->text, "%s\n", error.text);
	} else {
		setup.request.spec = &spec;
		describe(&setup.request, &setup.host, outcome);
	}
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
	expected = read_text(dir, name, &size);
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
	is_good &= is_as_accepted(dir, "findings.txt", buf_text(&outcome.findings));
	if (is_good)
		run.passed++;
	else
		run.failed++;
	buf_release(&outcome.text);
	buf_release(&outcome.findings);
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* DIR is a case, or a directory of cases. */
static void run_all(const char *dir)
{
	struct dirent **entries;
	int count;

	if (exists(dir, "config.json")) {
		run_case(dir);
		return;
	}
	count = scandir(dir, &entries, is_visible, alphasort);
	for (int i = 0; i < count; i++) {
		_cleanup_free_ char *path = xprintf("%s/%s", dir, entries[i]->d_name);

		if (exists(path, "config.json"))
			run_case(path);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
}

int main(int argc, char **argv)
{
	/* What is wrong in these documents on purpose needs no line on stderr. */
	log_open(NULL, LOG_TEXT, LOG_ERROR);
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--update") == 0)
			run.wants_update = true;
		else
			run_all(argv[i]);
	}
	printf("%u passed, %u failed\n", run.passed, run.failed);
	return run.failed || !run.passed ? EXIT_FAILURE : EXIT_SUCCESS;
}
