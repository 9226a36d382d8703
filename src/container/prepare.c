/* SPDX-License-Identifier: GPL-2.0-or-later */
/* prepare - from options and bundle to a plan. */
#include "container/prepare.h"

#include <errno.h>
#include <linux/close_range.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/number.h"
#include "base/path.h"
#include "kernel/syscalls.h"
#include "launch/notify.h"
#include "state/store.h"

#define FDS_MAX 65536

/* sd_listen_fds(3): they are for us only if LISTEN_PID says so. */
static unsigned count_listen_fds(void)
{
	const char *pid = getenv("LISTEN_PID"), *fds = getenv("LISTEN_FDS");
	uint64_t value;

	if (!pid || !fds || number_u64(pid, INT32_MAX, &value) || (pid_t)value != getpid())
		return 0;
	return number_u64(fds, FDS_MAX, &value) ? 0 : (unsigned)value;
}

int prepare_descriptors(unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		struct stat status;

		if (fstat((int)(3 + i), &status) < 0)
			return err_sys(errno, "unable to stat preserved-fd %u (of %u)", i,
				       count);
	}
	if (sys_close_range(3 + count, ~0u, CLOSE_RANGE_CLOEXEC) < 0)
		return err_sys(errno, "close_range");
	return 0;
}

int prepare_path(const char *path, char **ret_path)
{
	_cleanup_free_ char *here = NULL;

	*ret_path = NULL;
	if (!path || !*path)
		return 0;
	here = getcwd(NULL, 0);
	if (!here)
		return err_sys(errno, "current directory");
	*ret_path = path_clean(here, path);
	return 0;
}

static int resolve_paths(const struct create_options *options, struct prepared *prepared)
{
	if (prepare_path(options->console_socket, &prepared->console_socket) ||
	    prepare_path(options->pidfd_socket, &prepared->pidfd_socket) ||
	    prepare_path(options->pid_file, &prepared->pid_file))
		return err_code();
	return 0;
}

int prepare_notify_directory(const struct runtime *runtime, const char *id, char **ret_path)
{
	_cleanup_free_ char *root = NULL;

	if (prepare_path(runtime->root, &root))
		return err_code();
	*ret_path = xprintf("%s/%s/%s", root, id, NOTIFY_DIRECTORY);
	return 0;
}

/* sd_notify(3): whoever started us wants to know when the service is ready. */
static int find_notify_directory(const struct runtime *runtime,
				 const struct create_options *options,
				 struct prepared *prepared)
{
	const char *manager = getenv("NOTIFY_SOCKET");
	bool is_asked = manager && *manager;

	if (options->notify == NOTIFY_NEVER ||
	    (options->notify == NOTIFY_AS_ASKED && !is_asked))
		return 0;
	return prepare_notify_directory(runtime, options->id, &prepared->notify_directory);
}

void prepare_request(const struct runtime *runtime, const struct create_options *options,
		     const struct bundle *bundle, struct plan_request *ret_request)
{
	*ret_request = (struct plan_request){
		.spec = &bundle->spec,
		.document_size = bundle->document.size,
		.id = options->id,
		.bundle = bundle->path,
		.seccomp_receiver = getenv("RUN_OCI_SECCOMP_RECEIVER"),
		.wants_no_pivot = options->no_pivot,
		.wants_no_keyring = options->no_new_keyring,
		.is_detached = options->is_detached,
		.is_systemd = runtime->is_systemd ||
			      runtime->cgroup_manager == CGROUP_MANAGER_SYSTEMD,
		.cgroup_need = runtime->rootless == ROOTLESS_TRUE    ? CGROUP_OPTIONAL
			       : runtime->rootless == ROOTLESS_FALSE ? CGROUP_REQUIRED
								     : CGROUP_AUTO,
		.wants_no_cgroup = runtime->cgroup_manager == CGROUP_MANAGER_DISABLED,
	};
}

static int build_plan(const struct runtime *runtime, const struct create_options *options,
		      unsigned listen_fds, struct prepared *prepared)
{
	struct plan_request request;

	prepare_request(runtime, options, &prepared->bundle, &request);
	request.has_console_socket = prepared->console_socket != NULL;
	request.preserve_fds = options->preserve_fds + listen_fds;
	request.listen_fds = listen_fds;
	request.notify_directory = prepared->notify_directory;
	if (host_probe(plan_facts(&request), &prepared->host))
		return err_code();
	if (plan_build(&request, &prepared->host, &prepared->plan))
		return bundle_refuse(&prepared->bundle);
	return 0;
}

int prepare(const struct runtime *runtime, const struct create_options *options,
	    struct prepared *prepared)
{
	unsigned listen_fds = count_listen_fds();

	*prepared = (struct prepared){ 0 };
	if (store_check_id(options->id) ||
	    prepare_descriptors(options->preserve_fds + listen_fds) ||
	    resolve_paths(options, prepared) ||
	    find_notify_directory(runtime, options, prepared))
		return err_code();
	if (bundle_open(options->bundle, options->config, &prepared->bundle))
		return err_code();
	return build_plan(runtime, options, listen_fds, prepared);
}

void prepare_release(struct prepared *prepared)
{
	plan_release(&prepared->plan);
	bundle_release(&prepared->bundle);
	free(prepared->console_socket);
	free(prepared->pidfd_socket);
	free(prepared->pid_file);
	free(prepared->notify_directory);
}
