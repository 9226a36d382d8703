/* SPDX-License-Identifier: GPL-2.0-or-later */
/* parent_restore - rows of the restore table alone. */
#pragma once

#include "launch/launch.h"

int parent_check_restore(struct launch *launch);
int parent_listen(struct launch *launch);
int parent_mount_points(struct launch *launch);
int parent_start_criu(struct launch *launch);
void undo_start_criu(struct launch *launch);
int parent_restore(struct launch *launch);
void undo_restore(struct launch *launch);
int parent_write_restored(struct launch *launch);
