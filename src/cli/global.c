/* SPDX-License-Identifier: GPL-2.0-or-later */
/* global - the options before the command: where state and log are, how cgroups are made. */
#include "cli/global.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "base/path.h"

/* clang-format off */
static const struct word log_formats[] = {
	{ "text", LOG_TEXT },
	{ "json", LOG_JSON },
	{ 0 },
};

static const struct word log_levels[] = {
	{ "error",   LOG_ERROR },
	{ "warning", LOG_WARNING },
	{ "info",    LOG_INFO },
	{ "debug",   LOG_DEBUG },
	{ 0 },
};

static const struct word cgroup_managers[] = {
	{ "cgroupfs", CGROUP_MANAGER_CGROUPFS },
	{ "systemd",  CGROUP_MANAGER_SYSTEMD },
	{ "disabled", CGROUP_MANAGER_DISABLED },
	{ 0 },
};

static const struct word rootless_words[] = {
	{ "true",  ROOTLESS_TRUE },
	{ "false", ROOTLESS_FALSE },
	{ "auto",  ROOTLESS_AUTO },
	{ 0 },
};

#define T global_values
const struct option_spec global_options[] = {
	FLAG("",   "debug",          is_debug,      "log what is done, step by step"),
	TEXT("",   "log",            log,           "FILE",
	     "append log lines to FILE, or send them to syslog or the journal"),
	WORD("",   "log-format",     log_format,    enum log_format, log_formats,
	     "how log lines look (text unless said)"),
	WORD("",   "log-level",      log_level,     int, log_levels,
	     "log lines of this weight and above"),
	TEXT("",   "root",           root,          "DIR",
	     "where the state of containers is kept, best on a tmpfs"),
	FLAG("",   "systemd-cgroup", is_systemd,
	     "let systemd make cgroups, the same as --cgroup-manager systemd"),
	WORD("",   "cgroup-manager", cgroup_manager, int, cgroup_managers,
	     "who makes cgroups (cgroupfs unless said)"),
	WORD("",   "rootless",       rootless,      enum rootless, rootless_words,
	     "go on without cgroups where none may be made (auto unless said)"),
	FLAG("vV", "version",        wants_version, "print versions"),
	{ 0 },
};
#undef T
/* clang-format on */

int global_parse(const char *const *arguments, struct global *ret_global)
{
	struct option_set set = { global_options, &ret_global->values, NULL };

	*ret_global = (struct global){ .values = GLOBAL_VALUES_UNSAID };
	return option_parse(&set, true, arguments, &ret_global->rest);
}

void global_release(struct global *global)
{
	struct option_set set = { global_options, &global->values, NULL };

	option_release(&set, &global->rest);
}

/* runc names stderr so; then it is no file beside it. */
static const char *log_file(const struct global_values *values)
{
	bool is_file = values->log && *values->log && strcmp(values->log, "/dev/stderr") != 0;

	return is_file ? values->log : NULL;
}

enum log_level global_log_level(const struct global_values *values)
{
	if (values->log_level >= 0)
		return (enum log_level)values->log_level;
	if (values->is_debug)
		return LOG_DEBUG;
	if (!log_file(values) || values->log_format == LOG_JSON)
		return LOG_ERROR;
	return LOG_WARNING;
}

int global_open_log(const struct global_values *values)
{
	if (log_open(log_file(values), values->log_format, global_log_level(values)))
		return err_while("--log");
	return 0;
}

/* In the initial user namespace every id is mapped to itself; the kernel pads to ten digits. */
static bool is_in_user_namespace(void)
{
	char map[128];

	if (fd_read_file(AT_FDCWD, "/proc/self/uid_map", map, sizeof(map)) < 0) {
		err_clear(); /* longer than one line, or no /proc: then nothing works later */
		return true;
	}
	return strcmp(map, "         0          0 4294967295") != 0;
}

/*
 * runc's rule.  $XDG_RUNTIME_DIR of root often is what sudo(8) let through: with it, root would
 * not find its own containers.  In a user namespace, root is an ordinary user unless it says not.
 */
static bool wants_runtime_dir(void)
{
	const char *user;

	if (geteuid() != 0)
		return true;
	if (!is_in_user_namespace())
		return false;
	user = getenv("USER");
	return !user || strcmp(user, "root") != 0;
}

char *global_default_root(void)
{
	const char *runtime_dir = getenv("XDG_RUNTIME_DIR");

	if (runtime_dir && *runtime_dir == '/' && wants_runtime_dir())
		return xprintf("%s/tare", runtime_dir);
	return xstrdup("/run/tare");
}

static int given_root(const char *root, char **ret_root)
{
	_cleanup_free_ char *clean = NULL;
	char here[PATH_MAX] = "/";

	if (!*root)
		return err_refuse("--root must not be empty");
	if (*root != '/' && !getcwd(here, sizeof(here)))
		return err_sys(errno, "--root %s: find the current directory", root);
	clean = path_clean(here, root);
	if (strcmp(clean, "/") == 0)
		return err_refuse("--root must not be \"/\"");
	*ret_root = take(clean);
	return 0;
}

static int choose_cgroup_manager(const struct global_values *values, struct runtime *runtime)
{
	bool is_said = values->cgroup_manager >= 0;

	if (is_said)
		runtime->cgroup_manager = (enum cgroup_manager)values->cgroup_manager;
	else if (values->is_systemd)
		runtime->cgroup_manager = CGROUP_MANAGER_SYSTEMD;
	runtime->is_systemd = runtime->cgroup_manager == CGROUP_MANAGER_SYSTEMD;
	if (values->is_systemd && !runtime->is_systemd)
		return err_refuse(
			"--systemd-cgroup and --cgroup-manager contradict each other");
	return 0;
}

int global_runtime(const struct global_values *values, struct runtime *ret_runtime,
		   char **ret_root)
{
	struct runtime runtime = {
		.is_debug = values->is_debug || global_log_level(values) == LOG_DEBUG,
		.rootless = values->rootless,
		.is_root_given = values->root != NULL,
	};
	char *root = NULL;

	if (choose_cgroup_manager(values, &runtime))
		return -EINVAL;
	if (!values->root)
		root = global_default_root();
	else if (given_root(values->root, &root))
		return err_code();
	runtime.root = root;
	*ret_runtime = runtime;
	*ret_root = root;
	return 0;
}
