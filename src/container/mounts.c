/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mounts - add mounts to a container that is there, and take them away. */
#include "container/mounts.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "container/processfile.h"
#include "container/state.h"
#include "kernel/interrupt.h"
#include "launch/launch.h"
#include "libocispec/mountset.h"
#include "plan/livemounts.h"
#include "state/liveness.h"

/* All that one call goes by. */
struct live {
	struct store_slot slot; /* locked */
	struct arena arena;
	struct record record;
	int init; /* a pidfd */
	struct oci_spec spec;
	struct oci_mount_set set;
	struct host host;
	struct plan plan;
};

static void live_release(struct live *live)
{
	plan_release(&live->plan);
	arena_free(&live->arena);
	store_release(&live->slot);
	fd_close(live->init);
}
#define _cleanup_live_ _cleanup_(live_release)

static int read_set(const char *file, struct live *live)
{
	_cleanup_buf_ struct buf text = { 0 };
	struct oci_document document = { .name = file };
	struct oci_error error;

	if (processfile_bytes(file, &text))
		return err_code();
	document.bytes = buf_text(&text);
	document.size = text.size;
	if (oci_decode_mount_set(&document, &live->arena, &live->set, &error))
		return err_refuse("%s", error.text);
	return 0;
}

/* The descriptor holds the very process that was recorded, whatever becomes of its pid. */
static int open_container(const struct runtime *runtime, const char *id, struct live *live)
{
	int status =
		container_hold_status(runtime, id, &live->arena, &live->slot, &live->record);
	int liveness;

	if (status < 0)
		return status;
	if (status == OCI_STATUS_STOPPED || status == OCI_STATUS_CREATING)
		return err_refuse("container not running");
	liveness = liveness_open(&live->record, &live->init);
	if (liveness < 0)
		return liveness;
	return liveness == LIVENESS_ALIVE ? 0 : err_refuse("container not running");
}

static int build_plan(struct live *live, const char *id, bool is_removal)
{
	struct plan_live_request request = {
		.spec = &live->spec,
		.id = id,
		.bundle = live->record.bundle,
		.mounts = &live->set.mounts,
		.is_removal = is_removal,
	};

	if (host_probe(HOST_OWN_CGROUP, &live->host))
		return err_code();
	return plan_live_mounts(&request, &live->host, &live->plan);
}

static int launch(const struct runtime *runtime, struct live *live)
{
	_cleanup_launch_ struct launch launch = LAUNCH_EMPTY;
	struct launch_request request = {
		.plan = &live->plan,
		.state_root = runtime->root,
		.target = live->init,
		.is_debug = runtime->is_debug,
		.container = &live->record,
	};
	int result = launch_mounts(&launch, &request);

	launch.request = NULL;
	return result;
}

int container_mounts(const struct runtime *runtime, const char *id, const char *file,
		     bool is_removal)
{
	_cleanup_live_ struct live live = {
		.slot = { .fd = NO_FD, .parent = NO_FD },
		.init = NO_FD,
	};

	if (interrupt_begin() || read_set(file, &live) || open_container(runtime, id, &live) ||
	    container_read_spec(&live.slot, &live.arena, &live.spec, NULL) ||
	    build_plan(&live, id, is_removal))
		return err_code();
	return launch(runtime, &live);
}
