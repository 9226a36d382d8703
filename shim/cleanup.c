/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cleanup - `delete`: what is left of a container when its shim is gone. */
#include "shim/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "base/number.h"
#include "shim/address.h"
#include "shim/api/task.pb-c.h"
#include "shim/task/teardown.h"

#define KILLED 137 /* as by SIGKILL, which delete --force sends */

/* The socket of a shim that was killed is still there. */
static void forget_socket(const char *bundle)
{
	_cleanup_free_ char *path = address_load(bundle);
	int fd;

	if (!path)
		return;
	fd = address_connect(path);
	if (fd == -ECONNREFUSED)
		unlink(path);
	fd_close(fd);
}

static int tear_down(const struct arguments *arguments, const char *bundle)
{
	_cleanup_free_ char *rootfs = xprintf("%s/rootfs", bundle);
	struct options options;
	struct runtime runtime;
	int r = options_load(bundle, &options);

	if (r < 0)
		return r;
	if (r == 0) /* it was deleted, or never created */
		return teardown(NULL, arguments->id, rootfs);
	runtime_init(&runtime, &options, arguments->namespace, bundle, false);
	r = teardown(&runtime, arguments->id, rootfs);
	runtime_release(&runtime);
	options_release(&options);
	return r;
}

static uint32_t read_pid(const char *bundle)
{
	_cleanup_free_ char *path = xprintf("%s/init.pid", bundle);
	uint64_t pid = 0;
	char text[32];

	if (fd_read_file(AT_FDCWD, path, text, sizeof(text)) < 0 ||
	    number_u64(text, INT_MAX, &pid) < 0)
		err_clear();
	return (uint32_t)pid;
}

static int reply(uint32_t pid)
{
	Api__DeleteResponse response = API__DELETE_RESPONSE__INIT;
	Api__Timestamp time = API__TIMESTAMP__INIT;
	struct timespec now;
	uint8_t bytes[128];

	clock_gettime(CLOCK_REALTIME, &now);
	time.seconds = now.tv_sec;
	time.nanos = (int32_t)now.tv_nsec;
	response.pid = pid;
	response.exit_status = KILLED;
	response.exited_at = &time;
	return fd_write_all(STDOUT_FILENO, bytes, api__delete_response__pack(&response, bytes));
}

/* The folder may be gone already: then beside the one that we are in. */
static char *find_bundle(const struct arguments *arguments)
{
	char here[4096];

	if (*arguments->bundle)
		return xstrdup(arguments->bundle);
	if (!getcwd(here, sizeof(here)))
		return xstrdup("/nonexistent");
	return xprintf("%s/../%s", here, arguments->id);
}

int cleanup_run(const struct arguments *arguments)
{
	_cleanup_free_ char *found = find_bundle(arguments);
	_cleanup_free_ char *bundle = realpath(found, NULL);
	uint32_t pid;

	if (!bundle)
		return reply(0);
	pid = read_pid(bundle);
	if (tear_down(arguments, bundle))
		return err_code();
	forget_socket(bundle);
	return reply(pid);
}
