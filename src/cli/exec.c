/* SPDX-License-Identifier: GPL-2.0-or-later */
/* exec - `tare exec`. */
#include "container/exec.h"

#include <limits.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/number.h"
#include "cli/commands.h"
#include "cli/create_rows.h"

/* What other programs take for "failed before it began", as with ssh(1) and runc. */
#define STATUS_FAILED 255

struct exec_values {
	struct exec_options options;
	const char *user;
	struct option_texts env, groups, capabilities;
};

/* clang-format off */
#define T exec_values
static const struct option_spec rows[] = {
	TEXT  ("p", "process",          options.process,        "FILE",
	       "take the process from FILE, a process object as in config.json"),
	FLAG  ("d", "detach",           options.is_detached,
	       "do not wait for the process"),
	FLAG  ("t", "tty",              options.wants_terminal,
	       "give the process a terminal of its own"),
	TEXT  ("",  "console-socket",   options.console_socket, "PATH",
	       "send the master of the terminal to the unix socket PATH"),
	TEXT  ("",  "pidfd-socket",     options.pidfd_socket,   "PATH",
	       "send a pidfd of the process to the unix socket PATH"),
	TEXT  ("",  "pid-file",         options.pid_file,       "FILE",
	       "write the pid of the process to FILE"),
	TEXTS ("e", "env",              env,                    "NAME=VALUE",
	       "add to the environment, may be repeated"),
	TEXT  ("u", "user",             user,                   "UID[:GID]",
	       "run as this user, and group if it is said, as numbers"),
	TEXTS ("g", "additional-gids",  groups,                 "GID",
	       "add a supplementary group, may be repeated"),
	TEXT  ("",  "cwd",              options.cwd,            "DIR",
	       "run in this directory of the container"),
	TEXTS ("c", "cap",              capabilities,           "CAP",
	       "add a capability such as CAP_NET_ADMIN, may be repeated"),
	FLAG  ("",  "no-new-privs",     options.has_no_new_privileges,
	       "no gain of privileges by execve, as by set-user-ID programs"),
	TEXT  ("",  "process-label",    options.selinux_label,  "LABEL",
	       "run with this SELinux label"),
	TEXT  ("",  "apparmor",         options.apparmor_profile, "PROFILE",
	       "run with this AppArmor profile"),
	TEXT  ("",  "cgroup",           options.sub_cgroup,     "PATH",
	       "run in a cgroup that exists below that of the container"),
	NUMBER("",  "preserve-fds",     options.preserve_fds,   "N", PRESERVE_FDS_MAX,
	       "pass on N descriptors, from 3"),
	FLAG  ("",  "ignore-paused",    options.ignores_pause,
	       "also if the container is paused, when that is over"),
	{ 0 },
};
#undef T
/* clang-format on */

/* Digits only: a name, a sign or too large a number never becomes somebody else. */
static int read_id(const char *option, const char *text, uint32_t *ret_id)
{
	uint64_t value;

	if (number_u64(text, UINT32_MAX - 1, &value))
		return err_refuse("--%s: \"%s\" is not a number from 0 to 4294967294", option,
				  text);
	*ret_id = (uint32_t)value;
	return 0;
}

static int read_user(const char *text, struct exec_options *options)
{
	const char *colon;
	_cleanup_free_ char *user = NULL;

	if (!text)
		return 0;
	colon = strchr(text, ':');
	user = colon ? xstrndup(text, (size_t)(colon - text)) : xstrdup(text);
	options->uid.is_set = true;
	options->gid.is_set = colon != NULL;
	if (read_id("user", user, &options->uid.value) ||
	    (colon && read_id("user", colon + 1, &options->gid.value)))
		return err_code();
	return 0;
}

static int read_groups(const struct option_texts *texts, uint32_t *groups)
{
	for (size_t i = 0; i < texts->count; i++)
		if (read_id("additional-gids", texts->items[i], &groups[i]))
			return err_code();
	return 0;
}

static struct oci_strings strings_of(const struct option_texts *texts)
{
	return (struct oci_strings){
		.items = texts->items,
		.count = texts->count,
		.is_set = true,
	};
}

static struct oci_strings words_of(const char *const *words)
{
	struct oci_strings strings = { .items = words, .is_set = true };

	while (words[strings.count])
		strings.count++;
	return strings;
}

static int run(const struct call *call)
{
	const struct exec_values *values = call->options;
	struct exec_options options = values->options;
	_cleanup_free_ uint32_t *groups = xcalloc(values->groups.count, sizeof(*groups));

	options.id = call->arguments[0];
	options.args = words_of(call->arguments + 1);
	options.env = strings_of(&values->env);
	options.capabilities = strings_of(&values->capabilities);
	options.groups = (struct oci_u32s){ groups, values->groups.count, true };
	if (read_user(values->user, &options) || read_groups(&values->groups, groups))
		return err_code();
	return container_exec(call->runtime, &options);
}

const struct command cmd_exec = {
	.name = "exec",
	.arguments = "<container-id> [command [argument...]]",
	.summary = "start a process in a container",
	.description =
		"Runs the command in the container, or with --process what the file says.\n"
		"What neither says is as for the container's own process: environment,\n"
		"user, capabilities, limits, labels, filter. Unless --detach is said, it\n"
		"stays, passes signals on and exits with the status of the process, with\n"
		"128 and the number of the signal that ended it, or with 255 when the\n"
		"process could not be started.\n",
	.options = rows,
	.options_size = sizeof(struct exec_values),
	.min_arguments = 1,
	.max_arguments = UINT_MAX,
	.stops_at_argument = true,
	.takes_container = true,
	.failure_status = STATUS_FAILED,
	.run = run,
};
