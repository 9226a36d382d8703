/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kill - `tare kill`. */
#include "container/kill.h"

#include "base/signals.h"
#include "cli/commands.h"

struct kill_options {
	bool is_all, is_pattern;
};

/* clang-format off */
#define T kill_options
static const struct option_spec rows[] = {
	FLAG("a", "all",   is_all,     "to every process of the container, and no error if it has stopped"),
	FLAG("r", "regex", is_pattern, "to all containers whose id the regular expression matches"),
	{ 0 },
};
#undef T
/* clang-format on */

static int run(const struct call *call)
{
	const struct kill_options *options = call->options;
	const char *name = call->arguments[1];
	int signal = signal_parse(name ? name : "TERM");

	if (signal < 0)
		return signal;
	if (options->is_pattern)
		return container_kill_matching(call->runtime, call->arguments[0], signal,
					       options->is_all);
	return container_kill(call->runtime, call->arguments[0], signal, options->is_all);
}

const struct command cmd_kill = {
	.name = "kill",
	.arguments = "<container-id> [signal]",
	.summary = "send a signal to a container",
	.description = "Sends the signal (TERM unless said) to the first process of the\n"
		       "container. It is a number or a name: 9, KILL, SIGKILL, RTMIN+3. KILL\n"
		       "ends all processes of a container that shares its pid namespace.\n",
	.options = rows,
	.options_size = sizeof(struct kill_options),
	.min_arguments = 1,
	.max_arguments = 2,
	.stops_at_argument = true,
	.takes_container = true,
	.run = run,
};
