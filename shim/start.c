/* SPDX-License-Identifier: GPL-2.0-or-later */
/* start - the helper that containerd runs to have a shim: it starts one, or finds the pod's. */
#include "shim/start.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "base/number.h"
#include "shim/address.h"
#include "shim/daemon.h"
#include "shim/task/cgroup.h"
#include "shim/task/document.h"
#include "shim/task/options.h"

#define INPUT_MAX (10u << 20)
#define OOM_SCORE_MAX 1000

/* Of the task service and of how it is told where that is. */
enum { VERSION_JSON = 2, VERSION_NEWEST = 3 };

/* core scheduling: prctl(2) knows these since Linux 5.14 */
#define CORE_SCHED 62
#define CORE_SCHED_CREATE 1
#define CORE_SCHED_PROCESS_GROUP 2

/* ---- what containerd says, and what it is told ---- */

static bool is_for_us(const Api__BootstrapParams *params, const struct arguments *arguments)
{
	return strcmp(params->instance_id, arguments->id) == 0 &&
	       strcmp(params->namespace_, arguments->namespace) == 0;
}

/* Options of older ones decode as parameters too: their first field is a type's name. */
int bootstrap_parse(const struct arguments *arguments, const uint8_t *bytes, size_t size,
		    struct bootstrap *ret_bootstrap)
{
	Api__BootstrapParams *params = api__bootstrap_params__unpack(NULL, size, bytes);
	struct bootstrap bootstrap = { 0 };

	if (params && is_for_us(params, arguments)) {
		bootstrap.params = params;
	} else {
		api__bootstrap_params__free_unpacked(params, NULL);
		if (size > 0)
			bootstrap.options = api__any__unpack(NULL, size, bytes);
		if (size > 0 && !bootstrap.options)
			return err_refuse("stdin: neither parameters nor options");
	}
	*ret_bootstrap = bootstrap;
	return 0;
}

void bootstrap_release(struct bootstrap *bootstrap)
{
	api__bootstrap_params__free_unpacked(bootstrap->params, NULL);
	api__any__free_unpacked(bootstrap->options, NULL);
}

const Api__Any *bootstrap_options(const struct bootstrap *bootstrap)
{
	const Api__BootstrapParams *params = bootstrap->params;

	for (size_t i = 0; params && i < params->n_extensions; i++) {
		const Api__Any *any = params->extensions[i]->value;

		if (any && strstr(any->type_url, ".v1.Options"))
			return any;
	}
	return bootstrap->options;
}

/*
 * Callers from 1.7 on say so by the highest version that they know. 2.0 to 2.2 say 2 as well, but
 * know 3: who configures them may tell us, and they start no helper for each container of a pod.
 * 0: the caller knows a plain address alone.
 */
static unsigned json_version(void)
{
	const char *known = getenv("MAX_SHIM_VERSION"), *wish = getenv("TARE_SHIM_BOOTSTRAP");
	uint64_t version;

	if (!known || number_u64(known, INT_MAX, &version) < 0 || version < VERSION_JSON)
		return 0;
	if (version >= VERSION_NEWEST || (wish && strcmp(wish, "json") == 0))
		return VERSION_NEWEST;
	return VERSION_JSON;
}

static size_t reply_message(char *address, uint8_t **ret_bytes)
{
	Api__BootstrapResult result = API__BOOTSTRAP_RESULT__INIT;

	result.version = VERSION_NEWEST;
	result.address = address;
	result.protocol = (char *)"ttrpc";
	*ret_bytes = xcalloc(1, api__bootstrap_result__get_packed_size(&result));
	return api__bootstrap_result__pack(&result, *ret_bytes);
}

size_t bootstrap_reply(const struct bootstrap *bootstrap, const char *path, uint8_t **ret_bytes)
{
	_cleanup_free_ char *address = xprintf(ADDRESS_SCHEME "%s", path);
	unsigned version = json_version();

	if (bootstrap->params)
		return reply_message(address, ret_bytes);
	if (version > 0)
		*ret_bytes = (uint8_t *)xprintf(
			"{\"version\":%u,\"address\":\"%s\",\"protocol\":\"ttrpc\"}", version,
			address);
	else
		*ret_bytes = (uint8_t *)xstrdup(address);
	return strlen((char *)*ret_bytes);
}

static int read_input(struct buf *input)
{
	char bytes[4096];
	ssize_t n;

	while ((n = read(STDIN_FILENO, bytes, sizeof(bytes))) > 0) {
		if (input->size + (size_t)n > INPUT_MAX)
			return err_refuse("stdin: more than 10 MiB");
		buf_add(input, bytes, (size_t)n);
	}
	return n < 0 && errno != EBADF ? err_sys(errno, "read stdin") : 0;
}

/* ---- the daemon ---- */

/* It is one easier to kill than containerd, which started us. */
static void set_oom_score(pid_t pid)
{
	char path[64], text[32];
	int score;

	snprintf(path, sizeof(path), "/proc/%d/oom_score_adj", (int)getppid());
	if (fd_read_file(AT_FDCWD, path, text, sizeof(text)) >= 0) {
		score = (int)strtol(text, NULL, 10) + 1;
		snprintf(path, sizeof(path), "/proc/%d/oom_score_adj", (int)pid);
		snprintf(text, sizeof(text), "%d",
			 score > OOM_SCORE_MAX ? OOM_SCORE_MAX : score);
		fd_write_file(AT_FDCWD, path, text);
	}
	err_clear(); /* in a user namespace it may not be lowered: it stays as it is */
}

static void share_core(void)
{
	if (getenv("SCHED_CORE"))
		prctl(CORE_SCHED, CORE_SCHED_CREATE, 0, CORE_SCHED_PROCESS_GROUP, 0);
}

static _Noreturn void be_daemon(const struct arguments *arguments, int listener,
				const char *ttrpc)
{
	char *words[] = { (char *)"containerd-shim-tare-v2",
			  (char *)"-namespace",
			  (char *)arguments->namespace,
			  (char *)"-id",
			  (char *)arguments->id,
			  (char *)"-address",
			  (char *)arguments->address,
			  arguments->is_debug ? (char *)"-debug" : NULL,
			  NULL };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	setpgid(0, 0);
	if (ttrpc)
		setenv("TTRPC_ADDRESS", ttrpc, 1);
	setenv("GLIBC_TUNABLES", DAEMON_TUNABLES, 0);
	if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(null, 2) < 0)
		_exit(126);
	if (listener == DAEMON_LISTENER)
		fcntl(listener, F_SETFD, 0);
	else if (dup2(listener, DAEMON_LISTENER) < 0)
		_exit(126);
	execv("/proc/self/exe", words);
	_exit(127);
}

static int start_daemon(const struct arguments *arguments, const struct bootstrap *bootstrap,
			const struct options *options, int listener)
{
	const char *ttrpc = NULL;
	pid_t pid;

	if (bootstrap->params && *bootstrap->params->containerd_ttrpc_address)
		ttrpc = bootstrap->params->containerd_ttrpc_address;
	share_core();
	pid = fork();
	if (pid < 0)
		return err_sys(errno, "fork");
	if (pid == 0)
		be_daemon(arguments, listener, ttrpc);
	if (*options->shim_cgroup && cgroup_enter(options->shim_cgroup, pid)) {
		kill(pid, SIGKILL);
		return err_while("shim cgroup %s", options->shim_cgroup);
	}
	set_oom_score(pid);
	return 0;
}

/* ---- all of it ---- */

static char *find_path(const struct arguments *arguments, const struct bootstrap *bootstrap,
		       const char *bundle)
{
	const Api__BootstrapParams *params = bootstrap->params;
	const char *folder =
		params && *params->socket_dir ? params->socket_dir : ADDRESS_FOLDER;
	struct document document;
	char *path;

	document_read(bundle, &document);
	path = address_path(folder, arguments->address, arguments->namespace,
			    document.group ? document.group : arguments->id);
	document_release(&document);
	return path;
}

static int start(const struct arguments *arguments, const struct bootstrap *bootstrap,
		 const char *bundle)
{
	_cleanup_free_ char *path = find_path(arguments, bootstrap, bundle);
	_cleanup_close_ int listener = address_listen(path);
	_cleanup_free_ uint8_t *reply = NULL;
	struct options options;
	size_t size;
	int r = 0;

	if (listener < 0 && listener != -EADDRINUSE)
		return listener;
	if (listener >= 0) {
		if (options_read(bootstrap_options(bootstrap), &options) == 0) {
			r = start_daemon(arguments, bootstrap, &options, listener);
			options_release(&options);
		}
		if (err_last()->code) {
			unlink(path);
			return err_code();
		}
	}
	if (r < 0 || address_save(bundle, path))
		return err_code();
	size = bootstrap_reply(bootstrap, path, &reply);
	return fd_write_all(STDOUT_FILENO, reply, size);
}

int start_run(const struct arguments *arguments)
{
	_cleanup_buf_ struct buf input = { 0 };
	struct bootstrap bootstrap;
	char bundle[4096];
	int r;

	if (*arguments->bundle && chdir(arguments->bundle) < 0)
		return err_sys(errno, "chdir to %s", arguments->bundle);
	if (!getcwd(bundle, sizeof(bundle)))
		return err_sys(errno, "getcwd");
	if (read_input(&input) || bootstrap_parse(arguments, (const uint8_t *)buf_text(&input),
						  input.size, &bootstrap))
		return err_code();
	r = start(arguments, &bootstrap, bundle);
	bootstrap_release(&bootstrap);
	return r;
}
