/* SPDX-License-Identifier: GPL-2.0-or-later */
/* idmaps - which ids of the container are which of ours. */
#include "plan/idmaps.h"

#include "base/err.h"

static bool overlaps(uint32_t a, uint32_t b, uint32_t size_a, uint32_t size_b)
{
	return a < (uint64_t)b + size_b && b < (uint64_t)a + size_a;
}

/* user_namespaces(7): ids end before 2^32 - 1, and no two lines share one on either side. */
static int check(const struct plan_idmap *maps, size_t last, const char *name)
{
	const struct plan_idmap *map = &maps[last];

	if (map->size == 0)
		return err_refuse("%s[%zu].size: must not be 0", name, last);
	if ((uint64_t)map->container + map->size > NO_ID)
		return err_refuse("%s[%zu].size: container IDs end before 4294967295", name,
				  last);
	if ((uint64_t)map->host + map->size > NO_ID)
		return err_refuse("%s[%zu].size: host IDs end before 4294967295", name, last);
	for (size_t i = 0; i < last; i++) {
		if (overlaps(maps[i].container, map->container, maps[i].size, map->size))
			return err_refuse("%s[%zu].containerID: overlaps with %s[%zu]", name,
					  last, name, i);
		if (overlaps(maps[i].host, map->host, maps[i].size, map->size))
			return err_refuse("%s[%zu].hostID: overlaps with %s[%zu]", name, last,
					  name, i);
	}
	return 0;
}

int idmaps_copy(struct build *b, const struct oci_id_mappings *mappings, const char *name,
		struct plan_idmap **ret_maps, size_t *ret_count)
{
	struct plan_idmap *maps;

	if (mappings->count > IDMAP_LINES_MAX)
		return err_refuse("%s: %zu mappings, but the kernel takes %d at most", name,
				  mappings->count, IDMAP_LINES_MAX);
	maps = build_items(b, mappings->count, sizeof(*maps));
	for (size_t i = 0; i < mappings->count; i++) {
		int code;

		maps[i].container = mappings->items[i].container_id.value;
		maps[i].host = mappings->items[i].host_id.value;
		maps[i].size = mappings->items[i].size.value;
		code = build_note(b, check(maps, i, name));

		if (code < 0)
			return code;
	}
	*ret_maps = maps;
	*ret_count = mappings->count;
	return 0;
}

uint32_t idmaps_find(const struct plan_idmap *maps, size_t count, uint32_t id)
{
	for (size_t i = 0; i < count; i++)
		if (id >= maps[i].container && id - maps[i].container < maps[i].size)
			return maps[i].host + (id - maps[i].container);
	return NO_ID;
}
