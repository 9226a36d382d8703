/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fault_none - a build for use: nothing fails on purpose. */
#include "launch/fault.h"

int fault_choose(const struct step_list *list, struct block_fault *ret_fault)
{
	(void)list;
	*ret_fault = (struct block_fault){ 0 };
	return 0;
}

int fault_inject(struct launch *launch, size_t index)
{
	(void)launch;
	(void)index;
	return 0;
}

bool fault_is_awaited(const struct launch *launch, size_t index)
{
	(void)launch;
	(void)index;
	return false;
}

int fault_die(void)
{
	return 0;
}
