/* SPDX-License-Identifier: GPL-2.0-or-later */
/* parent_restore - rows of the restore table: CRIU, and what comes back through it. */
#include "launch/parent_restore.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "kernel/pidfd.h"
#include "kernel/syscalls.h"
#include "launch/mountpoints.h"
#include "launch/parent.h"
#include "plan/idmaps.h"
#include "plan/outside.h"

#define END_MS 10000
#define ROOT_DIRECTORY "root" /* in the container's own */

/* What CRIU is told, and the lists that it is made of. */
struct order {
	struct criu_request request;
	struct arena arena;
	struct criu_fd *fds; /* those of the caller first */
	struct criu_pair *joins;
	struct criu_pair *mounts;
	struct criu_pair *roots;
};

int parent_check_restore(struct launch *launch)
{
	return outside_check(launch->plan);
}

/* It may say so at once when it is back. */
int parent_listen(struct launch *launch)
{
	if (parent_notify_directory(launch))
		return err_code();
	return launch->request->is_ready ? 0 : notify_listen(launch->slot.fd, &launch->notify);
}

/* Its session keyring is not the container's named one, so exec does not look for that. */
int parent_mount_points(struct launch *launch)
{
	launch->record.has_keyring = (struct oci_bool){ 0 };
	if (mkdirat(launch->slot.fd, ROOT_DIRECTORY, 0711) < 0)
		return err_sys(errno, "make a directory for the root file system");
	return mountpoints_make(launch->plan);
}

/* Of the joined namespaces, by their keys; the others are joined by their paths. */
static int add_namespaces(const struct launch *launch, struct order *order)
{
	size_t room = launch->plan->join_count;
	struct outside_namespace *list = arena_alloc(&order->arena, (room + 1) * sizeof(*list));
	int count = outside_namespaces(launch->plan, list);

	for (int i = 0; i < count; i++) {
		const char *path = launch->plan->joins[list[i].join].path;

		if (list[i].key)
			order->fds[order->request.fd_count++] =
				(struct criu_fd){ list[i].key, launch->join_fds[list[i].join] };
		else
			order->joins[order->request.join_count++] =
				(struct criu_pair){ list[i].name, path };
	}
	return count < 0 ? count : 0;
}

/* Files that were hidden behind the host's /dev/null have its name in the images. */
static void add_mounts(const struct launch *launch, struct order *order)
{
	size_t count = outside_mounts(launch->plan, &order->arena, &order->mounts);

	/* There is room for one more. */
	order->mounts[count++] = (struct criu_pair){ "/dev/null", "/dev/null" };
	order->request.mounts = order->mounts;
	order->request.mount_count = count;
}

static int make_order(const struct launch *launch, struct order *order)
{
	const struct criu_request *asked = launch->request->restore;
	size_t joins = launch->plan->join_count;

	*order = (struct order){ .request = *asked };
	order->request.has_terminal = launch->init->wants_terminal;
	order->fds =
		arena_alloc(&order->arena, (asked->fd_count + joins + 1) * sizeof(*order->fds));
	order->joins = arena_alloc(&order->arena, (joins + 1) * sizeof(*order->joins));
	if (asked->fd_count)
		memcpy(order->fds, asked->fds, asked->fd_count * sizeof(*order->fds));
	order->request.fds = order->fds;
	order->request.joins = order->joins;
	add_mounts(launch, order);
	return add_namespaces(launch, order);
}

/* One for each hierarchy: what was there moves to where CRIU is, whatever it was called. */
static void add_root(struct order *order, const char *controller, size_t length,
		     const char *path)
{
	struct criu_pair *roots = arena_alloc(
		&order->arena, (order->request.cgroup_root_count + 1) * sizeof(*roots));

	if (order->roots)
		memcpy(roots, order->roots, order->request.cgroup_root_count * sizeof(*roots));
	roots[order->request.cgroup_root_count++] =
		(struct criu_pair){ arena_text(&order->arena, controller, length), path };
	order->request.cgroup_roots = order->roots = roots;
}

/* "4:cpu,cpuacct:/a/b": each of the names has the path. */
static void add_roots_of_line(struct order *order, const char *line, size_t size)
{
	const char *names = memchr(line, ':', size);
	const char *end =
		names ? memchr(names + 1, ':', size - (size_t)(names + 1 - line)) : NULL;
	const char *path;

	if (!end)
		return;
	path = arena_text(&order->arena, end + 1, size - (size_t)(end + 1 - line));
	for (names++; names <= end; names += strcspn(names, ",:") + 1)
		add_root(order, names, strcspn(names, ",:"), path);
}

static int add_cgroup_roots(const struct launch *launch, struct order *order)
{
	char file[64], text[16384];

	snprintf(file, sizeof(file), "/proc/%d/cgroup", launch->criu.pid);
	if (fd_read_file(AT_FDCWD, file, text, sizeof(text)) < 0)
		return err_code();
	for (const char *line = text; *line;) {
		size_t size = strcspn(line, "\n");

		add_roots_of_line(order, line, size);
		line += size + (line[size] != '\0');
	}
	return 0;
}

/* Where the root file system is bound: a directory of ours, under a name without links. */
static int find_root(const struct launch *launch, struct order *order)
{
	const size_t tail = sizeof("/" ROOT_DIRECTORY);
	char link[64], path[4096];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", launch->slot.fd);
	n = readlink(link, path, sizeof(path) - tail);
	if (n < 0 || (size_t)n == sizeof(path) - tail)
		return err_sys(n < 0 ? errno : ENAMETOOLONG, "name of the state directory");
	memcpy(path + n, "/" ROOT_DIRECTORY, tail);
	order->request.root = arena_text(&order->arena, path, (size_t)n + tail - 1);
	return 0;
}

/* CRIU opens what it is given anew, as the root of the user namespace: pipes then are its own. */
static int give_pipes(const struct launch *launch)
{
	const struct criu_request *asked = launch->request->restore;
	const struct plan *plan = launch->plan;

	for (size_t i = 0; plan->clone_flags & CLONE_NEWUSER && i < asked->fd_count; i++) {
		struct stat about;

		if (fstat(asked->fds[i].fd, &about) < 0)
			return err_sys(errno, "stat %s", asked->fds[i].key);
		if (S_ISFIFO(about.st_mode) &&
		    fchown(asked->fds[i].fd,
			   idmaps_find(plan->uid_maps, plan->uid_map_count, 0),
			   idmaps_find(plan->gid_maps, plan->gid_map_count, 0)) < 0)
			return err_sys(errno, "chown %s", asked->fds[i].key);
	}
	return 0;
}

int parent_start_criu(struct launch *launch)
{
	_cleanup_free_ int *keep = NULL;
	struct order order;
	struct criu_place place = {
		.cgroup = launch->cgroup.fd,
		.rootfs = launch->plan->rootfs,
		.wants_keyring = launch->init->session_name != 0,
		.images = launch->request->restore->images,
		.work = launch->request->restore->work,
	};
	int r = make_order(launch, &order);

	if (r == 0)
		r = find_root(launch, &order);
	if (r == 0)
		r = give_pipes(launch);
	place.root = order.request.root;
	keep = xcalloc(order.request.fd_count + 1, sizeof(*keep));
	for (size_t i = 0; i < order.request.fd_count; i++)
		keep[place.keep_count++] = order.fds[i].fd;
	place.keep = keep;
	if (r == 0)
		r = criu_start(&place, &launch->criu);
	/* The scope is made around it, and this is recorded until it has an init to be. */
	launch->child.pid = launch->criu.pid;
	arena_free(&order.arena);
	return r;
}

/* What it made before it failed is ours by birth: see rst_sibling. */
void undo_start_criu(struct launch *launch)
{
	criu_stop(&launch->criu);
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	launch->child.pid = 0;
}

/* From here on it could outlive us and CRIU: whoever deletes the container finds it then. */
static int meet_init(struct launch *launch, pid_t pid)
{
	launch->child.pid = pid;
	return parent_record_init(launch) ? err_code() : parent_hooks_runtime(launch);
}

/* CRIU waits for our answer. */
static int serve_notice(struct launch *launch, const struct criu_answer *answer)
{
	int r = 0;

	if (strcmp(answer->script, "setup-namespaces") == 0)
		r = meet_init(launch, answer->pid);
	if (r == 0)
		return criu_reply(&launch->criu, true);
	criu_stop(&launch->criu);
	return r;
}

static int converse(struct launch *launch, const struct criu_request *request)
{
	struct criu_answer answer;
	int fd = NO_FD;

	for (;;) {
		if (criu_listen(&launch->criu, &answer, &fd))
			return err_code();
		if (fd >= 0 && launch->console < 0)
			launch->console = fd;
		else
			fd_close(fd);
		if (answer.action != CRIU_NOTIFY)
			break;
		if (serve_notice(launch, &answer))
			return err_code();
	}
	if (!answer.is_success || answer.action != CRIU_RESTORE)
		return criu_refuse(request, &answer);
	launch->child.pid = answer.pid;
	return 0;
}

static int check_features(const struct launch *launch, const struct criu_request *request)
{
	if (!request->flags.lazy_pages || launch->criu.features.has_lazy_pages)
		return 0;
	return err_lack("--lazy-pages: neither this CRIU nor this kernel can do without pages");
}

int parent_restore(struct launch *launch)
{
	struct order order;
	int r = make_order(launch, &order);

	if (r == 0)
		r = check_features(launch, &order.request);
	if (r == 0)
		r = add_cgroup_roots(launch, &order);
	if (r == 0)
		r = find_root(launch, &order);
	if (r == 0)
		r = criu_ask(&launch->criu, &order.request);
	if (r == 0)
		r = converse(launch, &order.request);
	arena_free(&order.arena);
	if (r < 0)
		return r;
	launch->child.pidfd = sys_pidfd_open(launch->child.pid, 0);
	if (launch->child.pidfd < 0)
		return err_sys(errno, "container init has ended");
	criu_stop(&launch->criu);
	return 0;
}

void undo_restore(struct launch *launch)
{
	sys_pidfd_send_signal(launch->child.pidfd, SIGKILL);
	if (!pidfd_has_ended(launch->child.pidfd, END_MS)) {
		err_refuse("container init does not end");
		return;
	}
	while (waitpid(launch->child.pid, NULL, 0) < 0 && errno == EINTR)
		;
}

int parent_write_restored(struct launch *launch)
{
	launch->record.phase = RECORD_RUNNING;
	return store_write(&launch->slot, &launch->record);
}
