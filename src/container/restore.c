/* SPDX-License-Identifier: GPL-2.0-or-later */
/* restore - make a container of a bundle and of processes that were saved. */
#include "container/restore.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "container/attend.h"
#include "container/images.h"
#include "container/prepare.h"
#include "container/state.h"
#include "kernel/descriptor.h"
#include "kernel/interrupt.h"
#include "launch/launch.h"

#define LOG_FILE "restore.log"
#define STDIO 3

/* All that one restore goes by. */
struct restore {
	struct prepared prepared;
	struct images images;
	struct arena arena;
	struct create_options create; /* the caller's, and what the images say */
	enum images_notify notify;
	struct criu_fd fds[STDIO];
	int stdio[STDIO];         /* which of them each stream has; NO_FD: none */
	const char *lacks[STDIO]; /* the file that a stream was, and ours cannot be */
	struct criu_request criu;
	struct launch_request launch;
};

static void restore_release(struct restore *restore)
{
	for (size_t i = 0; i < restore->criu.fd_count; i++)
		fd_close(restore->fds[i].fd);
	images_close(&restore->images);
	arena_free(&restore->arena);
	prepare_release(&restore->prepared);
}
#define _cleanup_restore_ _cleanup_(restore_release)

static int find_given(const struct restore *restore, const char *name)
{
	for (size_t i = 0; i < restore->criu.fd_count; i++)
		if (strcmp(restore->fds[i].key, name) == 0)
			return restore->fds[i].fd;
	return NO_FD;
}

static bool is_file(const char *name)
{
	return strncmp(name, DESCRIPTOR_FILE, strlen(DESCRIPTOR_FILE)) == 0;
}

static int duplicate(int stream, int *ret_fd)
{
	*ret_fd = fcntl(stream, F_DUPFD_CLOEXEC, STDIO);
	return *ret_fd < 0 ? err_sys(errno, "descriptor %d", stream) : 0;
}

static int open_null(int *ret_fd)
{
	*ret_fd = fd_open(AT_FDCWD, "/dev/null", O_RDWR, 0);
	return *ret_fd < 0 ? *ret_fd : 0;
}

/*
 * What takes the place of a file has to have a position, as files have. A manager's container has
 * /dev/null where nobody listens: that stays when there is a pipe now. Another file may not be in
 * the images any more, as the program has let it go: CRIU will tell.
 */
static int give_one(int stream, const char *name, bool was_null, int *ret_fd)
{
	*ret_fd = NO_FD;
	if (!is_file(name) || lseek(stream, 0, SEEK_CUR) >= 0)
		return duplicate(stream, ret_fd);
	return was_null ? open_null(ret_fd) : 0;
}

static int give_stream(struct restore *restore, int stream, const char *text)
{
	const size_t mark = strlen(DESCRIPTOR_NULL);
	bool was_null = strncmp(text, DESCRIPTOR_NULL, mark) == 0;
	const char *name = text + (was_null ? mark : 0);
	int fd;

	if (strncmp(name, "pipe:", 5) != 0 && !is_file(name))
		return 0;
	fd = find_given(restore, name);
	if (fd < 0) {
		if (give_one(stream, name, was_null, &fd))
			return err_code();
		if (fd >= 0)
			restore->fds[restore->criu.fd_count++] = (struct criu_fd){ name, fd };
		else
			restore->lacks[stream] = name;
	}
	restore->stdio[stream] = fd;
	return 0;
}

/* Pipes and files that led out of the container are ours in their place now, each once. */
static int give_stdio(struct restore *restore, const struct oci_strings *names)
{
	for (size_t i = 0; i < STDIO; i++)
		restore->stdio[i] = NO_FD;
	for (size_t i = 0; i < names->count && i < STDIO; i++)
		if (give_stream(restore, (int)i, names->items[i]))
			return err_code();
	restore->criu.fds = restore->fds;
	return 0;
}

/* CRIU names what it did not find, without a first character, which it takes for a slash. */
static int explain(const struct restore *restore)
{
	for (int i = 0; i < STDIO; i++)
		if (restore->lacks[i] &&
		    strstr(err_last()->text, restore->lacks[i] + strlen(DESCRIPTOR_FILE) - 1))
			return err_while("descriptor %d was a file: it cannot be a pipe or a "
					 "terminal",
					 i);
	return err_code();
}

/* They know whether there is a socket for sd_notify(3), whoever started us. */
static int open_images(const struct restore_options *options, struct restore *restore)
{
	const char *path = options->image_path ? options->image_path : IMAGES_DEFAULT;

	if (images_open(path, options->work_path, false, &restore->images) ||
	    images_read_notify(&restore->images, &restore->notify))
		return err_code();
	restore->create = options->create;
	restore->create.notify =
		restore->notify == IMAGES_NO_SOCKET ? NOTIFY_NEVER : NOTIFY_ALWAYS;
	return 0;
}

static int make_order(const struct restore_options *options, struct restore *restore)
{
	struct oci_strings names;

	if (images_read_descriptors(&restore->images, &restore->arena, &names))
		return err_code();
	restore->criu = (struct criu_request){
		.action = CRIU_RESTORE,
		.flags = options->flags,
		.images = restore->images.directory,
		.work = restore->images.work,
		.status = NO_FD,
		.log = LOG_FILE,
		.config = images_config(&restore->prepared.bundle.spec.annotations),
	};
	return give_stdio(restore, &names);
}

static int restore(const struct runtime *runtime, const struct restore_options *options,
		   struct restore *restore, struct launch *launch)
{
	struct prepared *prepared = &restore->prepared;

	if (open_images(options, restore) || prepare(runtime, &restore->create, prepared) ||
	    make_order(options, restore))
		return err_code();
	restore->launch = (struct launch_request){
		.plan = &prepared->plan,
		.spec = &prepared->bundle.spec,
		.config = prepared->bundle.document.bytes,
		.config_size = prepared->bundle.document.size,
		.state_root = runtime->root,
		.console_socket = prepared->console_socket,
		.pid_file = prepared->pid_file,
		.is_sticky_root = !runtime->is_root_given && geteuid() != 0,
		.is_debug = runtime->is_debug,
		.restore = &restore->criu,
		.stdio = restore->stdio,
		.is_ready = restore->notify != IMAGES_NOT_READY,
	};
	return launch_restore(launch, &restore->launch) ? explain(restore) : 0;
}

/* One that was ready when it was saved is so as soon as it is back; others say so themselves. */
static int attend(const struct create_options *options, struct launch *launch)
{
	if (launch->request->is_ready)
		notify_announce(launch->slot.fd, options->is_detached ? launch->child.pid : 0);
	if (!options->is_detached)
		return container_attend(options, launch, &launch->notify);
	store_release(&launch->slot); /* others may have it while we wait */
	return notify_wait(&launch->notify, launch->child.pid, launch->child.pidfd);
}

int container_restore(const struct runtime *runtime, const struct restore_options *options)
{
	_cleanup_restore_ struct restore all = { .images = IMAGES_NONE };
	_cleanup_launch_ struct launch launch = LAUNCH_EMPTY;

	if (interrupt_begin())
		return err_code();
	if (!options->create.is_detached && !options->create.no_subreaper &&
	    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0)
		return err_sys(errno, "become subreaper");
	if (restore(runtime, options, &all, &launch))
		return err_code();
	return attend(&options->create, &launch);
}
