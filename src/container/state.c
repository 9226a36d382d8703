/* SPDX-License-Identifier: GPL-2.0-or-later */
/* state - how a container is: the document that `tare state` prints. */
#include "container/state.h"

#include <errno.h>

#include "base/err.h"
#include "base/mem.h"
#include "cgroup/cgroup.h"
#include "libocispec/encode.h"
#include "state/liveness.h"

static int refuse_missing(void)
{
	return err_refuse("container does not exist");
}

int container_open(const struct runtime *runtime, const char *id, struct store_slot *ret_slot)
{
	_cleanup_store_ struct store store = { .fd = NO_FD };
	int r;

	*ret_slot = (struct store_slot){ .fd = NO_FD, .parent = NO_FD };
	r = store_find(runtime->root, &store);
	if (r == 0)
		r = store_get_alone(&store, id, ret_slot);
	if (r < 0)
		return r;
	return ret_slot->fd < 0 ? refuse_missing() : 0;
}

int container_read(const struct store_slot *slot, struct arena *arena,
		   struct record *ret_record)
{
	int r = store_read(slot, arena, ret_record);

	if (r < 0)
		return r;
	return record_is_empty(ret_record) ? refuse_missing() : 0;
}

int container_hold(const struct runtime *runtime, const char *id, struct arena *arena,
		   struct store_slot *ret_slot, struct record *ret_record)
{
	int r = container_open(runtime, id, ret_slot);

	if (r < 0)
		return r;
	r = store_lock(ret_slot, CONTAINER_LOCK_MS);
	if (r == 0)
		r = ret_slot->fd < 0 ? refuse_missing()
				     : container_read(ret_slot, arena, ret_record);
	if (r < 0)
		store_release(ret_slot);
	return r;
}

int container_cgroup(const struct record *record, struct cgroup *ret_cgroup)
{
	int r = liveness_is_of_this_boot(record);

	*ret_cgroup = (struct cgroup){ .fd = NO_FD };
	if (r <= 0 || !record->cgroup || !record->cgroup_id.is_set)
		return r < 0 ? r : 0;
	return cgroup_open(record->cgroup, record->cgroup_id.value, ret_cgroup);
}

/* Init went on to its program, and whoever was to say so had no time for that, or not yet. */
static bool has_begun(const struct record *record)
{
	return (record->phase == RECORD_CREATED || record->may_begin) &&
	       !liveness_is_waiting(record);
}

int container_look(const struct record *record, int *ret_init, struct cgroup *ret_cgroup)
{
	enum record_phase phase = record->phase;
	int liveness, frozen = 0;

	*ret_init = NO_FD;
	*ret_cgroup = (struct cgroup){ .fd = NO_FD };
	liveness = liveness_open(record, ret_init);
	if (liveness < 0)
		return liveness;
	if (liveness == LIVENESS_ALIVE)
		frozen = container_cgroup(record, ret_cgroup) ?: cgroup_is_frozen(ret_cgroup);
	if (frozen < 0)
		return frozen;
	if (liveness == LIVENESS_ALIVE && has_begun(record))
		phase = RECORD_RUNNING;
	return (int)liveness_status(phase, (enum liveness)liveness, frozen);
}

int container_status(const struct record *record)
{
	_cleanup_close_ int init = NO_FD;
	struct cgroup cgroup;
	int status = container_look(record, &init, &cgroup);

	cgroup_close(&cgroup);
	return status;
}

int container_hold_status(const struct runtime *runtime, const char *id, struct arena *arena,
			  struct store_slot *ret_slot, struct record *ret_record)
{
	int r = container_hold(runtime, id, arena, ret_slot, ret_record);

	return r < 0 ? r : container_status(ret_record);
}

int container_read_spec(const struct store_slot *slot, struct arena *arena,
			struct oci_spec *ret_spec, size_t *size)
{
	_cleanup_free_ char *bytes = NULL;
	struct oci_document document = { .name = "saved config.json" };
	struct oci_error error;

	if (store_read_config(slot, &bytes, &document.size))
		return err_code();
	document.bytes = bytes;
	if (oci_decode_spec(&document, arena, ret_spec, &error))
		return err_refuse("%s", error.text);
	if (size)
		*size += document.size;
	return 0;
}

void container_describe(const struct record *record, enum oci_status status,
			struct oci_state *ret_state)
{
	int pid = status == OCI_STATUS_STOPPED ? 0 : record->pid.value;

	*ret_state = (struct oci_state){
		.oci_version = record->oci_version,
		.id = record->id,
		.pid = OCI_SET(pid),
		.status = status,
		.bundle = record->bundle,
		.rootfs = record->rootfs,
		.created = record->created,
		.annotations = record_annotations(record),
		.owner = "",
	};
	if (ret_state->annotations.count == 0)
		ret_state->annotations.is_set = false;
}

static int add_state(const struct record *record, struct buf *out)
{
	struct oci_text text = { 0 };
	struct oci_state state;
	int status = container_status(record);

	if (status < 0)
		return status;
	container_describe(record, (enum oci_status)status, &state);
	oci_encode(&oci_state_full_type, &state, "  ", &text);
	buf_add(out, text.bytes, text.size);
	oci_text_release(&text);
	return 0;
}

int container_state(const struct runtime *runtime, const char *id, struct buf *out)
{
	_cleanup_slot_ struct store_slot slot = { .fd = NO_FD, .parent = NO_FD };
	_cleanup_arena_ struct arena arena = { 0 };
	struct record record;
	int r = container_open(runtime, id, &slot);

	if (r == 0)
		r = container_read(&slot, &arena, &record);
	if (r == 0)
		r = store_read_annotations(&slot, &arena, &record);
	if (r == 0)
		r = add_state(&record, out);
	return r;
}
