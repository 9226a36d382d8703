/* SPDX-License-Identifier: GPL-2.0-or-later */
/* checkpoint - `tare checkpoint`. */
#include "container/checkpoint.h"

#include <string.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "base/number.h"
#include "cli/commands.h"
#include "cli/criu_rows.h"

struct checkpoint_values {
	struct criu_values criu;
	const char *parent_path, *page_server, *status_fd;
	bool is_pre_dump;
};

/* clang-format off */
#define T checkpoint_values
static const struct option_spec rows[] = {
	CRIU_ROWS,
	TEXT  ("",  "parent-path",     parent_path, "DIR",
	       "earlier images that these add to, relative to the images"),
	FLAG  ("",  "pre-dump",        is_pre_dump,
	       "save memory alone, the container goes on"),
	FLAG  ("",  "leave-running",   criu.flags.leave_running,
	       "let the container go on when it is saved"),
	FLAG  ("",  "tcp-skip-in-flight", criu.flags.tcp_skip_in_flight,
	       "leave out TCP connections that are being opened"),
	TEXT  ("",  "status-fd",       status_fd,   "N",
	       "write a byte to this descriptor once pages can be asked for"),
	TEXT  ("",  "page-server",     page_server, "ADDRESS:PORT",
	       "send memory there, or with --lazy-pages give it out there"),
	{ 0 },
};
#undef T
/* clang-format on */

/* The port is behind the last colon: addresses of IPv6 have some, too. */
static int read_page_server(const char *text, char **ret_address, int *ret_port)
{
	const char *colon = text ? strrchr(text, ':') : NULL;
	uint64_t port;

	*ret_address = NULL;
	if (!text)
		return 0;
	if (!colon || colon == text || number_u64(colon + 1, UINT16_MAX, &port))
		return err_refuse("Use --page-server ADDRESS:PORT to specify page server");
	*ret_address = xstrndup(text, (size_t)(colon - text));
	*ret_port = (int)port;
	return 0;
}

static int read_status_fd(const char *text, int *ret_fd)
{
	uint64_t fd;

	*ret_fd = NO_FD;
	if (!text || strcmp(text, "-1") == 0)
		return 0;
	if (number_u64(text, INT32_MAX, &fd))
		return err_refuse("invalid value for status-fd: \"%s\"", text);
	*ret_fd = (int)fd;
	return 0;
}

static int run(const struct call *call)
{
	const struct checkpoint_values *values = call->options;
	_cleanup_free_ char *address = NULL;
	struct checkpoint_options options = {
		.id = call->arguments[0],
		.image_path = values->criu.image_path,
		.work_path = values->criu.work_path,
		.is_pre_dump = values->is_pre_dump,
	};

	if (criu_rows_flags(&values->criu, &options.flags) ||
	    read_page_server(values->page_server, &address, &options.page_server_port) ||
	    read_status_fd(values->status_fd, &options.status_fd))
		return err_code();
	options.page_server_address = address;
	options.flags.parent_images = values->parent_path;
	return container_checkpoint(call->runtime, &options);
}

const struct command cmd_checkpoint = {
	.name = "checkpoint",
	.arguments = "<container-id>",
	.summary = "save the processes of a container",
	.description =
		"Writes images of all that the container's processes are, by CRIU, and ends\n"
		"and deletes the container, unless --leave-running or --pre-dump is said.\n"
		"\"restore\" makes a container of them again.\n",
	.options = rows,
	.options_size = sizeof(struct checkpoint_values),
	.min_arguments = 1,
	.max_arguments = 1,
	.takes_container = true,
	.run = run,
};
