/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attend - stay with a container in the foreground, and delete it at its end. */
#pragma once

#include "container/create.h"
#include "launch/launch.h"
#include "launch/notify.h"

/*
 * LAUNCH has made the container and it runs: wait for its end, and delete it unless OPTIONS keep
 * it.  NOTIFY is served meanwhile.  Returns its exit status.
 */
int container_attend(const struct create_options *options, struct launch *launch,
		     struct notify *notify);
