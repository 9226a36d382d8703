/* SPDX-License-Identifier: GPL-2.0-or-later */
/* blockio - linux.resources.blockIO as lines for io.* (config-linux.md, "Block IO"). */
#include "base/err.h"
#include "plan/limits.h"
#include "plan/weight.h"

#define WEIGHT_MIN 10
#define WEIGHT_MAX 1000

static int check_weight(const char *origin, unsigned weight)
{
	if (weight < WEIGHT_MIN || weight > WEIGHT_MAX)
		return err_refuse("%s: %u is not from 10 to 1000", origin, weight);
	return 0;
}

static int check_device(const char *origin, const struct oci_i64 *major,
			const struct oci_i64 *minor)
{
	if (major->value < 0 || minor->value < 0)
		return err_refuse("%s: %lld:%lld is no device", origin, (long long)major->value,
				  (long long)minor->value);
	return 0;
}

/* For BFQ, which takes the old numbers, and io.cost, which takes new ones: one must be there. */
static int add_weight(struct build *b, const struct oci_u16 *weight)
{
	static const char origin[] = LIMIT_ORIGIN("blockIO.weight");
	struct limit limit = { .origin = origin };
	int code;

	if (!weight->value)
		return 0;
	code = build_note(b, check_weight(origin, weight->value));
	if (code < 0)
		return code;
	limit.file = "io.bfq.weight";
	limit.value = build_printf(b, "%u", weight->value);
	limit.may_be_absent = true;
	limits_add(b, &limit);
	limit.instead = limit.file;
	limit.file = "io.weight";
	limit.value =
		build_printf(b, "%llu", (unsigned long long)weight_of_blkio(weight->value));
	limit.may_be_absent = false;
	return limits_add(b, &limit);
}

static int add_device_weights(struct build *b, const struct oci_weight_devices *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct oci_weight_device *item = &list->items[i];
		struct limit limit = {
			.file = "io.bfq.weight",
			.origin = build_printf(b, LIMIT_ORIGIN("blockIO.weightDevice[%zu]"), i),
		};
		int code =
			build_note(b, check_device(limit.origin, &item->major, &item->minor));

		if (code == 0 && item->weight.value) {
			limit.value =
				build_printf(b, "%lld:%lld %u", (long long)item->major.value,
					     (long long)item->minor.value, item->weight.value);
			code = build_note(b, check_weight(limit.origin, item->weight.value))
				       ?: limits_add(b, &limit);
		}
		if (code < 0)
			return code;
		if (item->leaf_weight.is_set)
			build_warn(b, LOG_DEBUG, "%s.leafWeight: cgroup v2 does not have that",
				   limit.origin);
	}
	return 0;
}

static int add_throttles(struct build *b, const struct oci_throttle_devices *list,
			 const char *member, const char *key)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct oci_throttle_device *item = &list->items[i];
		struct limit limit = {
			.file = "io.max",
			.value = build_printf(b, "%lld:%lld %s=%llu",
					      (long long)item->major.value,
					      (long long)item->minor.value, key,
					      (unsigned long long)item->rate.value),
			.origin = build_printf(b, LIMIT_ORIGIN("blockIO.%s[%zu]"), member, i),
		};
		int code = build_note(b, check_device(limit.origin, &item->major, &item->minor))
				   ?: limits_add(b, &limit);

		if (code < 0)
			return code;
	}
	return 0;
}

int limits_block_io(struct build *b, const struct oci_block_io *spec)
{
	if (!spec)
		return 0;
	if (spec->leaf_weight.is_set)
		build_warn(b, LOG_DEBUG,
			   "linux.resources.blockIO.leafWeight: cgroup v2 does not have that");
	return add_weight(b, &spec->weight) ?: add_device_weights(b, &spec->weight_device) ?:
	       add_throttles(b, &spec->throttle_read_bps_device, "throttleReadBpsDevice",
			     "rbps") ?:
	       add_throttles(b, &spec->throttle_write_bps_device, "throttleWriteBpsDevice",
			     "wbps") ?:
	       add_throttles(b, &spec->throttle_read_iops_device, "throttleReadIOPSDevice",
			     "riops") ?:
	       add_throttles(b, &spec->throttle_write_iops_device, "throttleWriteIOPSDevice",
			     "wiops");
}
