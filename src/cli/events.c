/* SPDX-License-Identifier: GPL-2.0-or-later */
/* events - `tare events`. */
#include "container/events.h"

#include "base/amount.h"
#include "base/err.h"
#include "cli/commands.h"

#define NS_PER_MS 1000000

struct events_options {
	const char *interval;
	bool is_once;
};

/* clang-format off */
#define T events_options
static const struct option_spec rows[] = {
	TEXT("", "interval", interval, "TIME", "how often to print what is used, such as 500ms (5s unless said)"),
	FLAG("", "stats",    is_once,          "print what is used now, and end"),
	{ 0 },
};
#undef T
/* clang-format on */

static int run(const struct call *call)
{
	const struct events_options *options = call->options;
	const char *text = options->interval ? options->interval : "5s";
	int64_t interval;

	if (amount_time(text, &interval))
		return err_refuse("invalid value \"%s\" for flag -interval: parse error", text);
	if (interval <= 0)
		return err_refuse("duration interval must be greater than 0");
	/* What is less than the least wait is the least wait. */
	interval = interval < NS_PER_MS ? 1 : interval / NS_PER_MS;
	return container_events(call->runtime, call->arguments[0], interval, options->is_once);
}

const struct command cmd_events = {
	.name = "events",
	.arguments = "<container-id>",
	.summary = "print what a container uses, and when it ran out of memory",
	.description =
		"Prints one JSON object per line until the container has ended: of the type\n"
		"stats again and again, of the type oom when the kernel killed something in\n"
		"the container for lack of memory.\n",
	.options = rows,
	.options_size = sizeof(struct events_options),
	.min_arguments = 1,
	.max_arguments = 1,
	.takes_container = true,
	.run = run,
};
