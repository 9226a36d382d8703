/* SPDX-License-Identifier: GPL-2.0-or-later */
/* idmapped - mounts whose files belong to others than on disk, mount_setattr(2). */
#pragma once

#include <stdbool.h>

/*
 * A user namespace with the maps UIDS and GIDS, "CONTAINER:HOST:SIZE,...". Returns a descriptor,
 * or -errno with a record.
 */
int idmapped_namespace(const char *uids, const char *gids);

/* Let what is mounted at TARGET (IS_RECURSIVE: and below) be mapped by USERNS in its place. */
int idmapped_replace(const char *target, int userns, bool is_recursive);

/* A mount namespace of our own, for a while, and the way back. Zeroed is: at home. */
struct idmapped_stage {
	bool is_away;
	int home, root;
};

/*
 * Go there, where the lower directories in the DATA of an overlay are mapped by USERNS: nobody
 * else sees that, and it ends with us, whatever happens.
 */
int idmapped_enter(struct idmapped_stage *stage, const char *data, int userns);

/* Take what is mounted at FROM there back home, to TARGET. */
int idmapped_return(struct idmapped_stage *stage, const char *from, const char *target);
