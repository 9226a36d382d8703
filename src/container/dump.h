/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dump - what `create` would do, as text. */
#pragma once

#include "base/buf.h"
#include "container/create.h"
#include "container/runtime.h"

/* Plan the container and add the plan to OUT; nothing is made. */
int container_dump(const struct runtime *runtime, const struct create_options *options,
		   struct buf *out);
