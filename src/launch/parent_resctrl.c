/* SPDX-License-Identifier: GPL-2.0-or-later */
/* parent_resctrl - the container's group of resctrl. */
#include "base/err.h"
#include "launch/parent.h"

/* Written down before it is made: delete takes away what was, exec joins it. */
static int record_resctrl(struct launch *launch)
{
	const struct resctrl *resctrl = &launch->resctrl;

	launch->record.resctrl = resctrl->group;
	launch->record.is_resctrl_made = (struct oci_bool)OCI_SET(resctrl->makes_group);
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

/* exec: the group that create chose, whoever made it. */
int parent_enter_resctrl(struct launch *launch)
{
	const struct record *record = launch->request->container;

	if (!record->resctrl)
		return err_refuse("state.json: resctrl: required, but missing");
	if (resctrl_recall(record->resctrl, record->resctrl_monitor, &launch->resctrl))
		return err_code();
	return resctrl_join(&launch->resctrl, launch->child.pid);
}
