/* SPDX-License-Identifier: GPL-2.0-or-later */
/* update - other limits for a container. */
#include "container/update.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "cgroup/unit.h"
#include "container/state.h"
#include "kernel/host.h"
#include "libocispec/decode.h"
#include "libocispec/spec.h"
#include "plan/update.h"
#include "resctrl/resctrl.h"

static int decode(const struct oci_type *type, const struct oci_document *document,
		  struct arena *arena, void *ret_object)
{
	struct oci_error error;

	if (oci_decode(type, document, arena, ret_object, &error))
		return err_refuse("%s", error.text);
	return 0;
}

int update_read(const char *file, struct arena *arena, struct oci_resources *ret_resources)
{
	bool is_stdin = strcmp(file, "-") == 0;
	const char *name = is_stdin ? "standard input" : file;
	_cleanup_close_ int opened =
		is_stdin ? NO_FD : fd_open(AT_FDCWD, file, O_RDONLY | O_NOCTTY, 0);
	_cleanup_free_ char *bytes = NULL;
	struct oci_document document = { .name = name };
	ssize_t size;

	if (!is_stdin && opened < 0)
		return opened;
	bytes = xcalloc(OCI_DOCUMENT_MAX, 1);
	size = fd_read_all(is_stdin ? 0 : opened, bytes, OCI_DOCUMENT_MAX);
	if (size == -EFBIG)
		return err_refuse("%s has more than %u bytes", name, OCI_DOCUMENT_MAX);
	if (size < 0)
		return err_while("%s", name);
	document.bytes = bytes;
	document.size = (size_t)size;
	return decode(&oci_resources_type, &document, arena, ret_resources);
}

/* What the container's limits are: of the last update, or of config.json as it was at create. */
static int read_now(const struct store_slot *slot, const struct record *record,
		    struct arena *arena, struct oci_resources *ret_now)
{
	struct oci_spec spec;

	*ret_now = (struct oci_resources){ 0 };
	if (record->resources) {
		*ret_now = *record->resources;
		return 0;
	}
	if (container_read_spec(slot, arena, &spec, NULL))
		return err_code();
	if (spec.linux && spec.linux->resources)
		*ret_now = *spec.linux->resources;
	return 0;
}

/* What systemd made it sets, too, or it would put back what it knows. */
static int remember(struct store_slot *slot, struct record *record,
		    const struct cgroup_plan *plan, struct oci_resources *all)
{
	struct oci_resources *before = record->resources;
	struct err reason;

	record->resources = all;
	if (store_write(slot, record))
		return err_code();
	if (!record->unit || unit_update(record->unit, record->is_rootless.value, plan->writes,
					 plan->write_count) == 0)
		return 0;
	reason = *err_last();
	err_clear();
	record->resources = before;
	if (store_write(slot, record))
		err_clear(); /* the limits are what they were, and that is what counts */
	return err_adopt(&reason);
}

/* Write what PLAN says; undo it when it cannot be remembered. */
static int change_cgroup(struct store_slot *slot, struct record *record,
			 const struct cgroup_plan *plan, struct oci_resources *all)
{
	struct cgroup_change *done;
	struct cgroup cgroup;
	int r = container_cgroup(record, &cgroup);

	if (r < 0)
		return r;
	r = cgroup_change(&cgroup, plan, &done);
	if (r == 0) {
		r = remember(slot, record, plan, all);
		if (r < 0)
			cgroup_change_undo(done);
		cgroup_change_free(done);
	}
	cgroup_close(&cgroup);
	return r;
}

/* A group that was there before may be others', too; see resctrl_find(). */
static int find_group(const struct record *record, struct resctrl *ret_resctrl)
{
	if (!record->resctrl)
		return err_refuse(
			"updating a non-existent Intel RDT configuration is not supported");
	if (!record->is_resctrl_made.value)
		return err_refuse("linux.intelRdt.closID: %s was there before the container",
				  record->resctrl);
	return resctrl_recall(record->resctrl, record->resctrl_monitor, ret_resctrl);
}

/* Schemata first: they are undone with one write. */
static int change(struct store_slot *slot, struct record *record, const struct plan *plan,
		  struct oci_resources *all)
{
	_cleanup_free_ char *before = NULL;
	struct resctrl resctrl;
	struct err reason;

	if (plan->resctrl.line_count &&
	    (find_group(record, &resctrl) || resctrl_change(&plan->resctrl, &resctrl, &before)))
		return err_code();
	if (change_cgroup(slot, record, &plan->cgroup, all) == 0)
		return 0;
	reason = *err_last();
	err_clear();
	if (before && resctrl_restore(&resctrl, before))
		err_clear(); /* why the update failed is what counts */
	return err_adopt(&reason);
}

static int update(struct store_slot *slot, struct record *record,
		  const struct oci_resources *wanted, const struct oci_intel_rdt *rdt,
		  struct arena *arena)
{
	struct oci_resources *all =
		arena_alloc(arena, sizeof(*all)); /* the record points to it */
	struct oci_resources now, part;
	struct host host;
	struct plan plan;
	int r;

	if (read_now(slot, record, arena, &now) || host_probe(HOST_CONTROLLERS, &host))
		return err_code();
	update_merge(&now, wanted, arena, all, &part);
	r = plan_update(&part, rdt, &host, &plan);
	if (r == 0)
		r = change(slot, record, &plan, all);
	plan_release(&plan);
	return r;
}

int container_update(const struct runtime *runtime, const char *id,
		     const struct oci_resources *wanted, const struct oci_intel_rdt *rdt)
{
	_cleanup_slot_ struct store_slot slot = { .fd = NO_FD, .parent = NO_FD };
	_cleanup_arena_ struct arena arena = { 0 };
	struct record record;
	int status = container_hold_status(runtime, id, &arena, &slot, &record);

	if (status < 0)
		return status;
	if (status == OCI_STATUS_STOPPED || status == OCI_STATUS_CREATING)
		return err_refuse("container not running");
	return update(&slot, &record, wanted, rdt, &arena);
}
