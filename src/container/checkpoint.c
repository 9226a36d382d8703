/* SPDX-License-Identifier: GPL-2.0-or-later */
/* checkpoint - save the processes of a container, by CRIU. */
#include "container/checkpoint.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/mem.h"
#include "container/delete.h"
#include "container/external.h"
#include "container/images.h"
#include "container/prepare.h"
#include "container/state.h"
#include "criu/swrk.h"
#include "kernel/host.h"
#include "kernel/interrupt.h"
#include "launch/notify.h"
#include "libocispec/decode.h"
#include "plan/outside.h"

#define LOG_FILE "dump.log"

/* All that one checkpoint goes by. */
struct checkpoint {
	const struct checkpoint_options *options;
	struct store_slot slot;
	struct arena arena;
	struct record record;
	struct oci_spec spec;
	struct host host;
	struct plan plan;
	struct images images;
	struct external external;
	struct criu criu;
	struct err interruption; /* why it is not to go on */
	enum images_notify notify;
	char *notify_directory;
};

static void checkpoint_release(struct checkpoint *checkpoint)
{
	criu_stop(&checkpoint->criu);
	images_close(&checkpoint->images);
	plan_release(&checkpoint->plan);
	arena_free(&checkpoint->arena);
	store_release(&checkpoint->slot);
	free(checkpoint->notify_directory);
}
#define _cleanup_checkpoint_ _cleanup_(checkpoint_release)

static int hold(const struct runtime *runtime, struct checkpoint *checkpoint)
{
	int status = container_hold_status(runtime, checkpoint->options->id, &checkpoint->arena,
					   &checkpoint->slot, &checkpoint->record);

	if (status < 0)
		return status;
	if (status != OCI_STATUS_RUNNING && status != OCI_STATUS_PAUSED)
		return err_refuse("container cannot be checkpointed in the %s state",
				  oci_status_words[status]);
	return 0;
}

static bool is_in(const struct store_slot *slot, const char *name)
{
	return faccessat(slot->fd, name, F_OK, 0) == 0;
}

/* Who is restored may have told somebody that he is ready, or be about to. */
static int find_notify(const struct runtime *runtime, struct checkpoint *checkpoint)
{
	if (!is_in(&checkpoint->slot, NOTIFY_DIRECTORY))
		return 0;
	checkpoint->notify =
		is_in(&checkpoint->slot, NOTIFY_MARK) ? IMAGES_READY : IMAGES_NOT_READY;
	return prepare_notify_directory(runtime, checkpoint->options->id,
					&checkpoint->notify_directory);
}

/* As it was planned when it was created. */
static int build_plan(struct checkpoint *checkpoint)
{
	const struct record *record = &checkpoint->record;
	struct plan_request request = {
		.spec = &checkpoint->spec,
		.id = record->id,
		.bundle = record->bundle,
		.is_systemd = record->driver == RECORD_SYSTEMD,
		.wants_no_cgroup = record->driver == RECORD_NO_CGROUP,
		.seccomp_receiver = record->seccomp_agent,
		.notify_directory = checkpoint->notify_directory,
	};

	if (host_probe(plan_facts(&request), &checkpoint->host) ||
	    plan_build(&request, &checkpoint->host, &checkpoint->plan) ||
	    outside_check(&checkpoint->plan))
		return err_code();
	return external_find(record, &checkpoint->plan, &checkpoint->arena,
			     &checkpoint->external);
}

/* The images that this one adds to are beside it, so that all can be moved together. */
static int check_parent(const struct checkpoint *checkpoint)
{
	const char *parent = checkpoint->options->flags.parent_images;
	struct stat about;

	if (!parent)
		return 0;
	if (*parent == '/')
		return err_refuse("--parent-path: must be relative to the image path");
	if (fstatat(checkpoint->images.directory, parent, &about, 0) < 0)
		return err_sys(errno, "--parent-path: %s", parent);
	return S_ISDIR(about.st_mode) ? 0 : err_sys(ENOTDIR, "--parent-path: %s", parent);
}

static int open_images(struct checkpoint *checkpoint)
{
	const struct checkpoint_options *options = checkpoint->options;
	const char *path = options->image_path ? options->image_path : IMAGES_DEFAULT;

	if (images_open(path, options->work_path, true, &checkpoint->images))
		return err_code();
	return check_parent(checkpoint);
}

static void fill_request(const struct checkpoint *checkpoint, struct criu_request *ret_request)
{
	const struct checkpoint_options *options = checkpoint->options;
	const struct external *external = &checkpoint->external;

	*ret_request = (struct criu_request){
		.action = options->is_pre_dump ? CRIU_PRE_DUMP : CRIU_DUMP,
		.flags = options->flags,
		.images = checkpoint->images.directory,
		.work = checkpoint->images.work,
		.status = options->status_fd,
		.log = LOG_FILE,
		.root = checkpoint->record.rootfs,
		.config = images_config(&checkpoint->spec.annotations),
		.page_server_address = options->page_server_address,
		.page_server_port = options->page_server_port,
		.pid = checkpoint->record.pid.value,
		.has_terminal = checkpoint->plan.init->wants_terminal,
		.freezer = checkpoint->record.cgroup,
		.tracks_memory = options->is_pre_dump || options->flags.parent_images,
		.mounts = external->mounts,
		.mount_count = external->mount_count,
		.externals = external->names,
		.external_count = external->name_count,
	};
}

static int check_features(const struct checkpoint *checkpoint,
			  const struct criu_request *request)
{
	const struct criu_features *features = &checkpoint->criu.features;

	if (request->tracks_memory && !features->has_memory_tracking)
		return err_lack("--%s: this CRIU or this kernel does not track which memory "
				"changes",
				checkpoint->options->is_pre_dump ? "pre-dump" : "parent-path");
	if (request->flags.lazy_pages && !features->has_lazy_pages)
		return err_lack("--lazy-pages: this CRIU or this kernel cannot do without "
				"pages");
	return 0;
}

/*
 * Killed, CRIU would leave processes held and their network locked. So the first signal only has
 * it told to take everything back, when it asks next; the second one does not wait for that.
 */
static int heed(struct checkpoint *checkpoint)
{
	if (checkpoint->interruption.code) {
		criu_kill(&checkpoint->criu);
		return err_while("criu was killed before it gave the container back");
	}
	checkpoint->interruption = *err_last();
	err_clear();
	log_line(LOG_ERROR,
		 "%s: criu is giving the container back; another signal kills it first",
		 checkpoint->interruption.text);
	return 0;
}

static int listen_to(struct checkpoint *checkpoint, struct criu_answer *ret_answer)
{
	int fd = NO_FD, r;

	do {
		r = criu_listen(&checkpoint->criu, ret_answer, &fd);
	} while (r == -EINTR && heed(checkpoint) == 0);
	fd_close(fd);
	return r;
}

/* What it tells on the way, we have nothing to do for; to unlock the network is to give it back. */
static int answer_notice(struct checkpoint *checkpoint, const struct criu_answer *notice)
{
	return criu_reply(&checkpoint->criu,
			  !checkpoint->interruption.code ||
				  strcmp(notice->script, "network-unlock") == 0);
}

/* It may be done in spite of a signal. */
static int converse(struct checkpoint *checkpoint, const struct criu_request *request)
{
	struct criu_answer answer;

	do {
		if (listen_to(checkpoint, &answer))
			return err_code();
		if (answer.action == CRIU_NOTIFY && answer_notice(checkpoint, &answer))
			return err_code();
	} while (answer.action == CRIU_NOTIFY);
	if (answer.is_success)
		return 0;
	return checkpoint->interruption.code ? err_adopt(&checkpoint->interruption)
					     : criu_refuse(request, &answer);
}

static int save(struct checkpoint *checkpoint)
{
	struct oci_strings descriptors = OCI_LIST_OF(checkpoint->external.descriptors);
	const int status = checkpoint->options->status_fd;
	struct criu_place here = {
		.cgroup = NO_FD,
		.images = checkpoint->images.directory,
		.work = checkpoint->images.work,
		.is_apart = true,
		.keep = &status,
		.keep_count = status >= 0,
	};
	struct criu_request request;

	fill_request(checkpoint, &request);
	if (criu_start(&here, &checkpoint->criu) || check_features(checkpoint, &request))
		return err_code();
	if (!checkpoint->options->is_pre_dump &&
	    (images_write_descriptors(&checkpoint->images, &descriptors) ||
	     images_write_notify(&checkpoint->images, checkpoint->notify)))
		return err_code();
	if (criu_ask(&checkpoint->criu, &request) || converse(checkpoint, &request))
		return err_code();
	criu_stop(&checkpoint->criu);
	return 0;
}

int container_checkpoint(const struct runtime *runtime,
			 const struct checkpoint_options *options)
{
	_cleanup_checkpoint_ struct checkpoint checkpoint = {
		.options = options,
		.slot = { .fd = NO_FD, .parent = NO_FD },
		.images = IMAGES_NONE,
		.criu = CRIU_NONE,
	};

	if (interrupt_begin() || hold(runtime, &checkpoint) ||
	    container_read_spec(&checkpoint.slot, &checkpoint.arena, &checkpoint.spec, NULL) ||
	    find_notify(runtime, &checkpoint) || build_plan(&checkpoint) ||
	    open_images(&checkpoint) || save(&checkpoint))
		return err_code();
	if (options->is_pre_dump || options->flags.leave_running)
		return 0;
	return container_cleanup(&checkpoint.slot, &checkpoint.record);
}
