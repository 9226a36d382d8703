/* SPDX-License-Identifier: GPL-2.0-or-later */
/* criu_rows - the options that checkpoint and restore have in common. */
#include "cli/criu_rows.h"

#include <sched.h>
#include <string.h>

#include "base/err.h"

/* clang-format off */
const struct word criu_cgroup_words[] = {
	{ "soft",   CRIU_CGROUPS_SOFT },
	{ "full",   CRIU_CGROUPS_FULL },
	{ "strict", CRIU_CGROUPS_STRICT },
	{ "ignore", CRIU_CGROUPS_IGNORE },
	{ 0 },
};

const struct word criu_lock_words[] = {
	{ "iptables", CRIU_LOCK_IPTABLES },
	{ "nftables", CRIU_LOCK_NFTABLES },
	{ "skip",     CRIU_LOCK_SKIP },
	{ 0 },
};
/* clang-format on */

int criu_rows_flags(const struct criu_values *values, struct criu_flags *ret_flags)
{
	const struct option_texts *types = &values->empty_namespaces;
	unsigned empty = 0;

	for (size_t i = 0; i < types->count; i++) {
		if (strcmp(types->items[i], "network") != 0)
			return err_refuse("--empty-ns: CRIU can leave out the content of a "
					  "network namespace, not of \"%s\"",
					  types->items[i]);
		empty = CLONE_NEWNET;
	}
	*ret_flags = values->flags;
	ret_flags->empty_namespaces = empty;
	return 0;
}
