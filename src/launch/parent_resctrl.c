/* SPDX-License-Identifier: GPL-2.0-or-later */
/* parent_resctrl - the container's group of resctrl. */
#include "base/err.h"
#include "launch/parent.h"

/* Written down before it is made, and only what is made: see delete. */
static int record_resctrl(struct launch *launch)
{
	const struct resctrl *resctrl = &launch->resctrl;

	if (!resctrl->makes_group && !*resctrl->monitor)
		return 0;
	launch->record.resctrl = resctrl->makes_group ? resctrl->group : NULL;
	launch->record.resctrl_monitor = *resctrl->monitor ? resctrl->monitor : NULL;
	return store_write(&launch->slot, &launch->record);
}

int parent_make_resctrl(struct launch *launch)
{
	const struct resctrl_plan *plan = &launch->plan->resctrl;

	if (resctrl_find(plan, &launch->resctrl) || record_resctrl(launch))
		return err_code();
	return resctrl_make(plan, &launch->resctrl);
}

void undo_make_resctrl(struct launch *launch)
{
	const struct resctrl *resctrl = &launch->resctrl;

	if (*resctrl->monitor && resctrl_remove(resctrl->monitor))
		return;
	if (resctrl->makes_group)
		resctrl_remove(resctrl->group);
}

int parent_join_resctrl(struct launch *launch)
{
	return resctrl_join(&launch->resctrl, launch->child.pid);
}
