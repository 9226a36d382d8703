/* SPDX-License-Identifier: GPL-2.0-or-later */
/* build - what the parts of plan_build() share; for plan/ only. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/log.h"
#include "plan/plan.h"

struct build {
	const struct plan_request *request;
	const struct host *host;
	const struct oci_spec *spec;
	const struct oci_linux *linux; /* an empty one where config.json has none */
	struct plan *plan;
	struct init_plan *init;
	size_t failures; /* `tare check`: how many there were, to see whether one came since */

	/* namespaces.c */
	unsigned new_namespaces; /* CLONE_NEW* */
	unsigned joined_namespaces;
	unsigned unsure_namespaces; /* `tare check`: could not be read, so may well be there */
	bool has_good_maps;         /* ids of the new user namespace can be looked up */

	/* resources.c */
	bool is_update; /* other limits are there already */
	size_t write_room;
	size_t rule_room;

	/* rdt.c */
	size_t schema_room;

	/* mounts.c */
	bool is_live; /* for a container that is there: init does not see the host's files */
	bool has_writable_cgroups; /* /sys/fs/cgroup can be written in the container */
	block_text cgroup_source;  /* the same for all mounts of cgroups */
	size_t mount_map_room;
	size_t tree_room;
};

/* Where the container finds the socket for sd_notify(3), as with runc. */
#define NOTIFY_PLACE "/run/notify"

/* ---- build.c ---- */

/* A copy of LENGTH bytes of TEXT that lives as long as the plan. */
char *build_copy(struct build *b, const char *text, size_t length);

/*
 * PATH as path_clean() would have it: itself where it is so, as most are; else a copy that lives
 * as long as the plan.
 */
const char *build_clean(struct build *b, const char *base, const char *path);

/* Text that lives as long as the plan. */
char *build_printf(struct build *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* COUNT zeroed items of SIZE bytes that live as long as the plan. */
void *build_items(struct build *b, size_t count, size_t size);

/*
 * Room for one more behind COUNT items of SIZE bytes: returns ITEMS or what it
 * became.  *ROOM, how many there is room for, begins as 0.
 */
void *build_grow(struct build *b, void *items, size_t count, size_t *room, size_t size);

/* The same for the block that init gets. */
block_text build_text(struct build *b, const char *text);
/* "NAME[INDEX]": the origin of one of many. Formatting them was a fifth of a plan. */
block_text build_text_at(struct build *b, const char *name, size_t index);
block_text build_text_printf(struct build *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
struct block_list build_text_list(struct build *b, const char *const *items, size_t count);
struct block_list build_u32_list(struct build *b, const uint32_t *items, size_t count);

/* New or joined by path, so the container's own or at least not simply ours. */
static inline bool build_has_namespace(const struct build *b, unsigned flag)
{
	return (b->new_namespaces | b->joined_namespaces | b->unsure_namespaces) & flag;
}

/* True when our effective capabilities have CAP. */
static inline bool build_may(const struct build *b, unsigned cap)
{
	return b->host->capabilities >> cap & 1;
}

/* True when TEXT has a control character, a line's end among them. */
bool text_has_control(const char *text);

/* ---- one set of checks, two drivers: notes.c ---- */

/*
 * A check returns 0, or fails as everything does: err_refuse("PATH: ..."), err_lack() where
 * another host might do it.  Creating a container ends there.  `tare check` wants to hear all of
 * it, so wherever what comes next does not depend on a check, its outcome goes through here:
 *
 *	for (size_t i = 0; i < count; i++) {
 *		int code = build_note(b, check_item(b, i));
 *
 *		if (code < 0)
 *			return code;
 *	}
 *	return build_note(b, check_this(b)) ?: build_note(b, check_that(b));
 *
 * While creating, that returns CODE; while checking, it notes the failure and returns 0.
 */
int build_note_failure(struct build *b, int code);
static inline int build_note(struct build *b, int code)
{
	return code < 0 ? build_note_failure(b, code) : code;
}

/* Call each of COUNT functions that do not depend on each other. */
int build_each(struct build *b, int (*const checks[])(struct build *), size_t count);

/* What is at PATH could not be read, in part or at all.  Never so while creating. */
bool build_is_unsure(const struct build *b, const char *path);

/* What is no failure: a line of the log at LEVEL (LOG_WARNING, LOG_DEBUG), or noted too. */
void build_warn(struct build *b, enum log_level level, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* systemd.c: the unit for linux.cgroupsPath, WANTED, or "" */
int plan_unit(struct build *b, const char *wanted);

/* True when we may attach a device filter (cgroup.c). */
bool plan_may_filter_devices(const struct build *b);

/* ---- the parts; they run in this order ---- */

int plan_namespaces(struct build *b); /* namespaces.c */
int plan_entry(struct build *b);      /* namespaces.c: the same for plan_exec() */

/*
 * exec.c: a plan for a container that is there, whose configuration is FROM, empty but for the
 * block, which is open; SPEC, with LINUX, becomes what of it a later process has to do with.
 */
void plan_reopen(struct build *b, const struct oci_spec *from, struct oci_spec *spec,
		 struct oci_linux *linux, struct plan *ret_plan);
int plan_check(struct build *b);   /* check.c */
int plan_console(struct build *b); /* check.c: of plan_check() and plan_exec() */
int plan_check_uts_name(const char *path,
			const char *name); /* check.c: a host or domain name */
int plan_net_devices(struct build *b);     /* netdevices.c */
int plan_rootfs(struct build *b);          /* paths.c */
int plan_resources(struct build *b);       /* resources.c */
int plan_cgroup(struct build *b);          /* cgroup.c */
int plan_rdt(struct build *b);             /* rdt.c */
int plan_rdt_lines(struct build *b);       /* rdt.c, of `update`: schemata alone */
int plan_mounts(struct build *b);          /* mounts.c */
int plan_devices(struct build *b);         /* devices.c */
int plan_paths(struct build *b);           /* paths.c */
int plan_sysctls(struct build *b);         /* sysctl.c */
int plan_process(struct build *b);         /* process.c */
int plan_scheduling(struct build *b);      /* scheduling.c */
int plan_security(struct build *b);        /* security.c */
int plan_seccomp(struct build *b);         /* seccomp.c */
int plan_hooks(struct build *b);           /* hooks.c */
int plan_delegation(struct build *b);      /* cgroup.c */
int plan_dialect(struct build *b);         /* dialect.c */
int plan_oddities(struct build *b);        /* oddities.c */
