/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rpc - requests and answers as bytes of CRIU's protocol, by protobuf-c. */
#include "criu/rpc.h"

#include <errno.h>
#include <stdio.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "criu/rpc.pb-c.h"

#define LOG_EVERYTHING 4

/* The protocol's numbers. */
/* clang-format off */
static const int32_t cgroup_modes[] = {
	[CRIU_CGROUPS_IGNORE] = 0,
	[CRIU_CGROUPS_SOFT]   = 3,
	[CRIU_CGROUPS_FULL]   = 4,
	[CRIU_CGROUPS_STRICT] = 5,
};

static const int32_t network_locks[] = {
	[CRIU_LOCK_IPTABLES] = 1,
	[CRIU_LOCK_NFTABLES] = 2,
	[CRIU_LOCK_SKIP]     = 3,
};
/* clang-format on */

bool rpc_is_built(void)
{
	return true;
}

/* What was said goes, what was not is left to CRIU and its configuration. */
#define SAY(options, member, said) ((options)->has_##member = true, (options)->member = (said))
#define SAY_IF(options, member, said) ((options)->has_##member = (options)->member = (said))

static void say_flags(const struct criu_flags *flags, Rpc__Options *options)
{
	SAY_IF(options, leave_running, flags->leave_running);
	SAY_IF(options, tcp_established, flags->tcp_established);
	SAY_IF(options, tcp_skip_in_flight, flags->tcp_skip_in_flight);
	SAY_IF(options, tcp_close, flags->tcp_close);
	SAY_IF(options, ext_unix_sk, flags->ext_unix_sk);
	SAY_IF(options, shell_job, flags->shell_job);
	SAY_IF(options, file_locks, flags->file_locks);
	SAY_IF(options, link_remap, flags->link_remap);
	SAY_IF(options, auto_dedup, flags->auto_dedup);
	SAY_IF(options, lazy_pages, flags->lazy_pages);
	SAY(options, cgroups_mode, cgroup_modes[flags->cgroups]);
	if (flags->network_lock)
		SAY(options, network_lock, network_locks[flags->network_lock]);
	if (flags->empty_namespaces)
		SAY(options, empty_namespaces, flags->empty_namespaces);
	options->parent_images = (char *)flags->parent_images;
	options->lsm_profile = (char *)flags->lsm_profile;
	options->lsm_mount_context = (char *)flags->lsm_mount_context;
}

static void say_where(const struct criu_request *request, Rpc__Options *options)
{
	options->images_fd = request->images;
	if (request->work >= 0)
		SAY(options, work_fd, request->work);
	if (request->status >= 0)
		SAY(options, status_fd, request->status);
	SAY(options, log_level, LOG_EVERYTHING);
	options->log_file = (char *)request->log;
	options->root = (char *)request->root;
	options->config_file = (char *)request->config;
	SAY(options, notify_scripts, true);
	/* Both at once, and CRIU looks for the caller's terminal in the container. */
	SAY_IF(options, orphan_terminals, request->has_terminal || !request->flags.shell_job);
	if (request->pid)
		SAY(options, pid, request->pid);
	options->freezer = (char *)request->freezer;
	SAY_IF(options, track_mem, request->tracks_memory);
	/* What comes back is a child of ours, not of CRIU's. */
	SAY_IF(options, restore_sibling, request->action == CRIU_RESTORE);
}

/* The lists of the message: each one an array of pointers to items, in one piece with them. */
struct lists {
	Rpc__Pair *mounts, *joins, **mount_list, **join_list;
	Rpc__CgroupRoot *roots, **root_list;
	Rpc__InheritedFd *fds, **fd_list;
	Rpc__PageServer server;
};

static void make_pairs(const struct criu_pair *pairs, size_t count, Rpc__Pair **ret_items,
		       Rpc__Pair ***ret_list)
{
	Rpc__Pair *items = xcalloc(count, sizeof(*items));
	Rpc__Pair **list = xcalloc(count, sizeof(void *));

	for (size_t i = 0; i < count; i++) {
		items[i] = (Rpc__Pair)RPC__PAIR__INIT;
		items[i].key = (char *)pairs[i].key;
		items[i].value = (char *)pairs[i].value;
		list[i] = &items[i];
	}
	*ret_items = items;
	*ret_list = list;
}

static void make_roots(const struct criu_request *request, struct lists *lists)
{
	size_t count = request->cgroup_root_count;

	lists->roots = xcalloc(count, sizeof(*lists->roots));
	lists->root_list = xcalloc(count, sizeof(void *));
	for (size_t i = 0; i < count; i++) {
		lists->roots[i] = (Rpc__CgroupRoot)RPC__CGROUP_ROOT__INIT;
		lists->roots[i].controller = (char *)request->cgroup_roots[i].key;
		lists->roots[i].path = (char *)request->cgroup_roots[i].value;
		lists->root_list[i] = &lists->roots[i];
	}
}

static void make_fds(const struct criu_request *request, struct lists *lists)
{
	size_t count = request->fd_count;

	lists->fds = xcalloc(count, sizeof(*lists->fds));
	lists->fd_list = xcalloc(count, sizeof(void *));
	for (size_t i = 0; i < count; i++) {
		lists->fds[i] = (Rpc__InheritedFd)RPC__INHERITED_FD__INIT;
		lists->fds[i].key = (char *)request->fds[i].key;
		lists->fds[i].fd = request->fds[i].fd;
		lists->fd_list[i] = &lists->fds[i];
	}
}

static void say_lists(const struct criu_request *request, struct lists *lists,
		      Rpc__Options *options)
{
	make_pairs(request->mounts, request->mount_count, &lists->mounts, &lists->mount_list);
	make_pairs(request->joins, request->join_count, &lists->joins, &lists->join_list);
	make_roots(request, lists);
	make_fds(request, lists);
	options->n_mounts = request->mount_count;
	options->mounts = lists->mount_list;
	options->n_joined_namespaces = request->join_count;
	options->joined_namespaces = lists->join_list;
	options->n_cgroup_roots = request->cgroup_root_count;
	options->cgroup_roots = lists->root_list;
	options->n_inherited = request->fd_count;
	options->inherited = lists->fd_list;
	options->n_external = request->external_count;
	options->external = (char **)request->externals;
	if (!request->page_server_address)
		return;
	lists->server = (Rpc__PageServer)RPC__PAGE_SERVER__INIT;
	lists->server.address = (char *)request->page_server_address;
	SAY(&lists->server, port, request->page_server_port);
	options->page_server = &lists->server;
}

static void lists_release(struct lists *lists)
{
	free(lists->mounts);
	free(lists->mount_list);
	free(lists->joins);
	free(lists->join_list);
	free(lists->roots);
	free(lists->root_list);
	free(lists->fds);
	free(lists->fd_list);
}

static int add(const Rpc__Request *message, struct buf *out)
{
	size_t size = rpc__request__get_packed_size(message);
	_cleanup_free_ uint8_t *bytes = xcalloc(size, 1);

	rpc__request__pack(message, bytes);
	buf_add(out, bytes, size);
	return 0;
}

int rpc_encode(const struct criu_request *request, struct buf *out)
{
	Rpc__Request message = RPC__REQUEST__INIT;
	Rpc__Options options = RPC__OPTIONS__INIT;
	struct lists lists = { 0 };
	int r;

	message.type = (int32_t)request->action;
	message.options = &options;
	say_flags(&request->flags, &options);
	say_where(request, &options);
	say_lists(request, &lists, &options);
	r = add(&message, out);
	lists_release(&lists);
	return r;
}

int rpc_encode_short(enum criu_action action, bool is_success, struct buf *out)
{
	Rpc__Request message = RPC__REQUEST__INIT;
	Rpc__Features features = RPC__FEATURES__INIT;

	message.type = (int32_t)action;
	if (action == CRIU_NOTIFY) {
		SAY(&message, notify_success, is_success);
		return add(&message, out);
	}
	SAY(&message, keep_open, true);
	if (action == CRIU_FEATURES) {
		SAY(&features, mem_track, true);
		SAY(&features, lazy_pages, true);
		message.features = &features;
	}
	return add(&message, out);
}

static void copy_answer(const Rpc__Answer *message, struct criu_answer *answer)
{
	const Rpc__Version *version = message->version;

	answer->action = (enum criu_action)message->type;
	answer->is_success = message->success;
	answer->code = message->has_code ? message->code : 0;
	snprintf(answer->text, sizeof(answer->text), "%s", message->text ? message->text : "");
	if (message->restored)
		answer->pid = message->restored->pid;
	if (message->notice) {
		const char *script = message->notice->script;

		snprintf(answer->script, sizeof(answer->script), "%s", script ? script : "");
		answer->pid = message->notice->pid;
	}
	if (version)
		answer->version = (unsigned)(version->major * 10000 + version->minor * 100 +
					     (version->has_sublevel ? version->sublevel : 0));
	if (message->features) {
		answer->features.has_memory_tracking = message->features->mem_track;
		answer->features.has_lazy_pages = message->features->lazy_pages;
	}
}

int rpc_decode(const void *bytes, size_t size, struct criu_answer *ret_answer)
{
	Rpc__Answer *message = rpc__answer__unpack(NULL, size, bytes);

	if (!message)
		return err_sys(EPROTO, "criu's answer");
	*ret_answer = (struct criu_answer){ 0 };
	copy_answer(message, ret_answer);
	rpc__answer__free_unpacked(message, NULL);
	return 0;
}
