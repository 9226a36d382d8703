/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dump - what `create` would do, as text. */
#include "container/dump.h"

#include "base/err.h"
#include "container/prepare.h"

int container_dump(const struct runtime *runtime, const struct create_options *options,
		   struct buf *out)
{
	_cleanup_prepared_ struct prepared prepared = { 0 };

	if (prepare(runtime, options, &prepared))
		return err_code();
	plan_dump(&prepared.plan, out);
	return 0;
}
