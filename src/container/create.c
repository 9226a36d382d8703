/* SPDX-License-Identifier: GPL-2.0-or-later */
/* create - make a container from a bundle, and run one. */
#include "container/create.h"

#include <errno.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "container/attend.h"
#include "container/delete.h"
#include "container/prepare.h"
#include "container/start.h"
#include "container/state.h"
#include "kernel/interrupt.h"
#include "launch/launch.h"
#include "launch/notify.h"

static int create(const struct runtime *runtime, const struct create_options *options,
		  bool starts_itself, struct prepared *prepared, struct launch *launch)
{
	static struct launch_request
		request; /* the launch points to it for as long as it lives */

	if (prepare(runtime, options, prepared))
		return err_code();
	request = (struct launch_request){
		.plan = &prepared->plan,
		.spec = &prepared->bundle.spec,
		.config = prepared->bundle.document.bytes,
		.config_size = prepared->bundle.document.size,
		.state_root = runtime->root,
		.console_socket = prepared->console_socket,
		.pidfd_socket = prepared->pidfd_socket ?: prepared->plan.pidfd_receiver,
		.pid_file = prepared->pid_file,
		/* XDG base directory specification: what is sticky there is not cleaned up. */
		.is_sticky_root = !runtime->is_root_given && geteuid() != 0,
		.is_debug = runtime->is_debug,
		.starts_itself = starts_itself,
	};
	return launch_create(launch, &request);
}

int container_create(const struct runtime *runtime, const struct create_options *options)
{
	_cleanup_prepared_ struct prepared prepared = { 0 };
	_cleanup_launch_ struct launch launch = LAUNCH_EMPTY;

	if (interrupt_begin())
		return err_code();
	return create(runtime, options, false, &prepared, &launch);
}

/* Take back a container that could not be started; why is what counts, not what this meets. */
static int give_up(struct launch *launch)
{
	struct err reason = *err_last();

	err_clear();
	if (container_cleanup(&launch->slot, &launch->record)) {
		log_warning("clean up: %s", err_last()->text);
		err_clear();
	}
	return err_adopt(&reason);
}

static int start(struct launch *launch)
{
	struct store_slot *slot = &launch->slot;
	struct record *record = &launch->record;
	int result;

	if (launch->plan->goes_on)
		return start_executed(slot, record, launch->child.pidfd);
	result = start_created(slot, record, launch->child.pidfd, launch->channel);
	return result == -ECONNRESET ? launch_explain(launch) : result;
}

static int run(const struct create_options *options, struct launch *launch)
{
	_cleanup_notify_ struct notify notify = NOTIFY_NONE;
	int result = notify_listen(launch->slot.fd, &notify);

	if (result == 0)
		result = start(launch);
	if (result)
		return give_up(launch);
	if (!options->is_detached)
		return container_attend(options, launch, &notify);
	store_release(&launch->slot); /* others may have it while we wait */
	return notify_wait(&notify, launch->child.pid, launch->child.pidfd);
}

int container_run(const struct runtime *runtime, const struct create_options *options)
{
	_cleanup_prepared_ struct prepared prepared = { 0 };
	_cleanup_launch_ struct launch launch = LAUNCH_EMPTY;
	int result;

	if (interrupt_begin())
		return err_code();
	if (!options->is_detached && !options->no_subreaper &&
	    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0)
		return err_sys(errno, "become subreaper");
	result = create(runtime, options, true, &prepared, &launch);
	if (result == 0)
		result = run(options, &launch);
	return result;
}
