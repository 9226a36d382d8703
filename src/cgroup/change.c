/* SPDX-License-Identifier: GPL-2.0-or-later */
/* change - other limits for a cgroup that is in use, all of them or none. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/mem.h"
#include "cgroup/apply.h"
#include "cgroup/cgroupfs.h"
#include "cgroup/devices.h"
#include "kernel/bpf.h"

#define TEXT_MAX 16384

/* What a file held before. */
struct saved {
	char *file;
	char *text;
};

struct cgroup_change {
	int dir;
	struct saved *saved; /* in the order of the first writes */
	size_t count;
	int filter; /* attached by us, or NO_FD */
	int old_filter;
};

/* clang-format off */
/* Files with a line for each device: how one that was not there before is taken out again. */
static const struct {
	const char *file, *unset;
} device_files[] = {
	{ "io.max",        "rbps=max wbps=max riops=max wiops=max" },
	{ "io.weight",     "default" },
	{ "io.bfq.weight", "0" },
};
/* clang-format on */

static bool is_saved(const struct cgroup_change *change, const char *file)
{
	for (size_t i = 0; i < change->count; i++)
		if (strcmp(change->saved[i].file, file) == 0)
			return true;
	return false;
}

/* A file that cannot be read cannot be put back either: cgroup.kill, memory.reclaim. */
static void save(struct cgroup_change *change, const char *file)
{
	char text[TEXT_MAX];

	if (is_saved(change, file) ||
	    cgroupfs_try_read(change->dir, file, text, sizeof(text)) < 0)
		return;
	change->saved[change->count++] = (struct saved){ xstrdup(file), xstrdup(text) };
}

/* True when a line of TEXT begins with the word that LINE begins with. */
static bool has_device(const char *text, const char *line)
{
	size_t length = strcspn(line, " ");

	for (; text; text = strchr(text, '\n')) {
		text += *text == '\n';
		if (strncmp(text, line, length) == 0 && text[length] == ' ')
			return true;
	}
	return false;
}

static void unset_devices(const struct cgroup_change *change, const struct saved *saved,
			  const char *unset)
{
	char text[TEXT_MAX];
	char *rest = text;
	char *line;

	if (cgroupfs_try_read(change->dir, saved->file, text, sizeof(text)) < 0)
		return;
	while ((line = strsep(&rest, "\n"))) {
		_cleanup_free_ char *order = NULL;

		if (!*line || has_device(saved->text, line))
			continue;
		order = xprintf("%.*s %s", (int)strcspn(line, " "), line, unset);
		(void)cgroupfs_try_write(change->dir, saved->file, order);
	}
}

/*
 * A list of cpuset that was empty, for "as the parent".  Some kernels let no list become empty
 * where there are processes: then it is what it was in force, by the parent's own.
 */
static int put_back_nothing(const struct cgroup_change *change, const char *file)
{
	int r = cgroupfs_try_write(change->dir, file, "\n");
	_cleanup_free_ char *parents = NULL;
	char text[TEXT_MAX];

	if (r != -ENOSPC)
		return r;
	parents = xprintf("../%s.effective", file);
	return cgroupfs_try_read(change->dir, parents, text, sizeof(text))
		       ?: cgroupfs_try_write(change->dir, file, text);
}

static void put_back(const struct cgroup_change *change, const struct saved *saved)
{
	_cleanup_free_ char *copy = xstrdup(saved->text);
	char *rest = copy;
	char *line;
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(device_files); i++)
		if (strcmp(device_files[i].file, saved->file) == 0)
			unset_devices(change, saved, device_files[i].unset);
	if (!*saved->text)
		r = put_back_nothing(change, saved->file);
	while (*saved->text && (line = strsep(&rest, "\n")))
		r = cgroupfs_try_write(change->dir, saved->file, line) ?: r;
	if (r < 0)
		log_warning("%s is not what it was before: %s", saved->file, err_name(-r));
}

static int change_filter(struct cgroup_change *change, const struct cgroup_plan *plan)
{
	struct device_program program;
	int r;

	if (devices_compile(plan->devices, plan->device_count, &program))
		return err_code();
	r = bpf_find_device_program(change->dir, &change->old_filter);
	if (r == 0) {
		r = bpf_load_device_program(program.code, program.count);
		change->filter = r;
	}
	free(program.code);
	if (r >= 0)
		r = bpf_attach_device_program(change->dir, change->filter, change->old_filter);
	if (r < 0 && change->filter >= 0) {
		fd_close(change->filter);
		change->filter = NO_FD;
	}
	return r;
}

static void put_filter_back(const struct cgroup_change *change)
{
	struct err reason = *err_last();
	int r;

	if (change->filter < 0)
		return;
	err_clear();
	r = change->old_filter >= 0
		    ? bpf_attach_device_program(change->dir, change->old_filter, change->filter)
		    : bpf_detach_device_program(change->dir, change->filter);
	if (r < 0) {
		log_warning("%s", err_last()->text);
		err_clear();
	}
	if (reason.code)
		err_adopt(&reason);
}

/* runc's words: "checkBeforeUpdate". */
static int check_usage(int dir, const struct cgroup_plan *plan)
{
	unsigned long long usage = 0;
	char text[32];

	if (!plan->refused_memory && !plan->refused_swap)
		return 0;
	if (cgroupfs_try_read(dir, "memory.current", text, sizeof(text)) < 0)
		return 0; /* without the controller the limit itself is refused */
	usage = strtoull(text, NULL, 10);
	if (plan->refused_swap && plan->refused_swap <= usage)
		return err_refuse("rejecting memory+swap limit %llu <= usage %llu",
				  (unsigned long long)plan->refused_swap, usage);
	if (plan->refused_memory && plan->refused_memory <= usage)
		return err_refuse("rejecting memory limit %llu <= usage %llu",
				  (unsigned long long)plan->refused_memory, usage);
	return 0;
}

/* BFQ forgets the weights of devices when it is told of one for all: tell it again. */
static int apply_keeping_devices(int dir, const struct cgroup_write *limit)
{
	char before[TEXT_MAX];
	char *rest = before;
	char *line;
	int r;

	if (strcmp(limit->file, "io.bfq.weight") != 0 || strchr(limit->value, ':') ||
	    cgroupfs_try_read(dir, limit->file, before, sizeof(before)) < 0)
		return cgroup_apply_one(dir, limit);
	r = cgroup_apply_one(dir, limit);
	while (r == 0 && (line = strsep(&rest, "\n"))) {
		if (line[strcspn(line, " :")] == ':')
			r = cgroupfs_try_write(dir, limit->file, line);
		if (r < 0)
			return err_sys(-r, "%s: write '%s' to %s", limit->origin, line,
				       limit->file);
	}
	return r;
}

static int change_all(struct cgroup_change *change, const struct cgroup_plan *plan)
{
	int r = check_usage(change->dir, plan);

	for (size_t i = 0; i < plan->write_count && r == 0; i++) {
		save(change, plan->writes[i].file);
		r = apply_keeping_devices(change->dir, &plan->writes[i]);
	}
	if (r == 0 && plan->wants_devices && change_filter(change, plan))
		r = err_while("linux.resources.devices");
	return r;
}

int cgroup_change(const struct cgroup *cgroup, const struct cgroup_plan *plan,
		  struct cgroup_change **ret_change)
{
	struct cgroup_change *change = xcalloc(1, sizeof(*change));
	int r;

	*change = (struct cgroup_change){
		.dir = cgroup->fd,
		.saved = xcalloc(plan->write_count + 1, sizeof(struct saved)),
		.filter = NO_FD,
		.old_filter = NO_FD,
	};
	/* Without a cgroup, only what needs none is no failure. */
	r = cgroup->fd < 0 ? cgroup_apply(cgroup, plan) : change_all(change, plan);
	if (r < 0) {
		cgroup_change_undo(change);
		cgroup_change_free(change);
		return r;
	}
	*ret_change = change;
	return 0;
}

void cgroup_change_undo(struct cgroup_change *change)
{
	put_filter_back(change);
	for (size_t i = change->count; i > 0; i--)
		put_back(change, &change->saved[i - 1]);
}

void cgroup_change_free(struct cgroup_change *change)
{
	for (size_t i = 0; i < change->count; i++) {
		free(change->saved[i].file);
		free(change->saved[i].text);
	}
	fd_close(change->filter);
	fd_close(change->old_filter);
	free(change->saved);
	free(change);
}
