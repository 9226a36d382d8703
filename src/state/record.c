/* SPDX-License-Identifier: GPL-2.0-or-later */
/* record - what is remembered about a container between two runs of tare. */
#include "state/record.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/err.h"
#include "kernel/syscalls.h"
#include "libocispec/decode.h"
#include "libocispec/tables.h"

/* clang-format off */
const char *const record_phase_words[] = {
	[RECORD_PHASE_ABSENT] = "",
	[RECORD_CREATING]     = "creating",
	[RECORD_CREATED]      = "created",
	[RECORD_RUNNING]      = "running",
	[RECORD_STOPPED]      = "stopped",
	NULL,
};

const char *const record_driver_words[] = {
	[RECORD_DRIVER_ABSENT] = "",
	[RECORD_CGROUPFS]      = "cgroupfs",
	[RECORD_SYSTEMD]       = "systemd",
	[RECORD_NO_CGROUP]     = "disabled",
	NULL,
};

/* The others have run when `create` ends. */
#define T oci_hooks
static const struct oci_type kept_hooks_type = TYPE(
	OBJECTS("poststart", poststart, oci_hook),
	OBJECTS("poststop",  poststop,  oci_hook));
#undef T

#define T record_net_device
static const struct oci_type record_net_device_type = TYPE(
	STRING ("name",      name,      REQUIRED),
	U32    ("index",     index,     REQUIRED),
	BOOL   ("up",        is_up),
	U32    ("master",    master),
	STRING ("link",      link),
	STRINGS("addresses", addresses),
	U32    ("newIndex",  new_index, REQUIRED));
#undef T

#define T record
static const struct oci_type record_type = TYPE(
	U32       ("begun",              begun), /* see RECORD_BEGUN_AT */
	ENUM      ("phase",              phase,       record_phase, REQUIRED),
	STRING    ("ociVersion",         oci_version),
	STRING    ("id",                 id,          REQUIRED),
	STRING    ("bundle",             bundle),
	STRING    ("rootfs",             rootfs),
	STRING    ("created",            created,     REQUIRED),
	U32       ("owner",              owner),
	I32       ("pid",                pid),
	U64       ("pidInode",           pid_inode),
	U64       ("startTime",          start_time),
	STRING    ("bootId",             boot_id),
	ENUM      ("cgroupDriver",       driver,      record_driver),
	STRING    ("cgroup",             cgroup),
	U64       ("cgroupId",           cgroup_id),
	STRING    ("unit",               unit),
	BOOL      ("privatePidNamespace", has_private_pid_namespace),
	BOOL      ("rootless",           is_rootless),
	BOOL      ("keyring",            has_keyring),
	STRING    ("resctrl",            resctrl),
	BOOL      ("resctrlMade",        is_resctrl_made),
	STRING    ("resctrlMonitor",     resctrl_monitor),
	OBJECTS   ("netDevices",         net_devices, record_net_device),
	STRING    ("network",            network),
	STRING    ("seccompAgent",       seccomp_agent),
	STRING    ("seccompMetadata",    seccomp_metadata),
	STRINGS   ("descriptors",        descriptors),
	STRING_MAP("annotations",        annotations),
	BOOL      ("annotationsAside",   has_annotations_aside),
	OBJECT    ("resources",          resources,   oci_resources),
	ROW       ("hooks", OCI_OBJECT, OCI_ONE, AT(hooks, struct oci_hooks *),
		   .type = &kept_hooks_type));
#undef T

/* Of a config.json. */
#define T oci_spec
static const struct oci_type annotations_type = TYPE(
	STRING_MAP("annotations", annotations));
#undef T
/* clang-format on */

void record_encode(const struct record *record, struct oci_text *text)
{
	struct record written = *record;

	if (written.has_annotations_aside.value)
		written.annotations = (struct oci_pairs){ 0 };
	oci_encode(&record_type, &written, NULL, text);
	oci_text_add(text, "\n", 1);
}

static int decode(const struct oci_type *type, const struct oci_document *document,
		  struct arena *arena, void *ret_object)
{
	struct oci_error error;

	if (oci_decode(type, document, arena, ret_object, &error))
		return err_refuse("%s", error.text);
	return 0;
}

int record_decode(const char *bytes, size_t size, struct arena *arena,
		  struct record *ret_record)
{
	const struct oci_document document = {
		.name = "state.json",
		.bytes = bytes,
		.size = size,
	};
	if (decode(&record_type, &document, arena, ret_record))
		return err_code();
	ret_record->may_begin = ret_record->begun.is_set && ret_record->begun.value == 0;
	if (ret_record->begun.value)
		ret_record->phase = RECORD_RUNNING;
	ret_record->begun = (struct oci_u32){ 0 };
	return 0;
}

int record_decode_annotations(const char *bytes, size_t size, struct arena *arena,
			      struct oci_pairs *ret_annotations)
{
	const struct oci_document document = {
		.name = "config.json",
		.bytes = bytes,
		.size = size,
	};
	struct oci_spec spec = { 0 };

	if (decode(&annotations_type, &document, arena, &spec))
		return err_code();
	*ret_annotations = spec.annotations;
	ret_annotations->is_set = true;
	return 0;
}

void record_set_annotations(struct record *record, const struct oci_pairs *annotations)
{
	size_t size = 0;

	for (size_t i = 0; i < annotations->count && size <= RECORD_ANNOTATIONS_MAX; i++)
		size += strlen(annotations->items[i].key) + strlen(annotations->items[i].value);
	record->annotations = *annotations;
	if (size > RECORD_ANNOTATIONS_MAX)
		record->has_annotations_aside = (struct oci_bool)OCI_SET(true);
}

void record_now(char ret_text[RECORD_TIME_SIZE])
{
	struct timespec now;
	struct tm utc;
	size_t used;

	sys_clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &utc);
	used = strftime(ret_text, RECORD_TIME_SIZE, "%Y-%m-%dT%H:%M:%S", &utc);
	snprintf(ret_text + used, RECORD_TIME_SIZE - used, ".%09ldZ", now.tv_nsec);
}
