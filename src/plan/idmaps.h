/* SPDX-License-Identifier: GPL-2.0-or-later */
/* idmaps - which ids of the container are which of ours. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan/build.h"

/* user_namespaces(7): as many lines as uid_map takes. */
#define IDMAP_LINES_MAX 340

/* The one id that is none: chown(2) and setresuid(2) mean "leave it" by it. */
#define NO_ID UINT32_MAX

/* Check and copy what config.json calls NAME ("linux.uidMappings"). */
int idmaps_copy(struct build *b, const struct oci_id_mappings *mappings, const char *name,
		struct plan_idmap **ret_maps, size_t *ret_count);

/* The host's id for ID of the container; NO_ID when it has none. */
uint32_t idmaps_find(const struct plan_idmap *maps, size_t count, uint32_t id);
