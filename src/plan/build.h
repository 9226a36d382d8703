/* SPDX-License-Identifier: GPL-2.0-or-later */
/* build - what the parts of plan_build() share; for plan/ only. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan/plan.h"

struct build {
	const struct plan_request *request;
	const struct host *host;
	const struct oci_spec *spec;
	const struct oci_linux *linux; /* an empty one where config.json has none */
	struct plan *plan;
	struct init_plan *init;

	/* namespaces.c */
	unsigned new_namespaces; /* CLONE_NEW* */
	unsigned joined_namespaces;

	/* resources.c */
	size_t write_room;
	size_t rule_room;

	/* mounts.c */
	bool has_writable_cgroups; /* /sys/fs/cgroup can be written in the container */
};

/* ---- build.c ---- */

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
block_text build_text_printf(struct build *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
struct block_list build_text_list(struct build *b, const char *const *items, size_t count);
struct block_list build_u32_list(struct build *b, const uint32_t *items, size_t count);

/* New or joined by path, so the container's own or at least not simply ours. */
static inline bool build_has_namespace(const struct build *b, unsigned flag)
{
	return (b->new_namespaces | b->joined_namespaces) & flag;
}

/* True when our effective capabilities have CAP. */
static inline bool build_may(const struct build *b, unsigned cap)
{
	return b->host->capabilities >> cap & 1;
}

/* True when TEXT has a control character, a line's end among them. */
bool text_has_control(const char *text);

/* ---- the parts; they run in this order ---- */

int plan_namespaces(struct build *b); /* namespaces.c */
int plan_check(struct build *b);      /* check.c */
int plan_rootfs(struct build *b);     /* paths.c */
int plan_resources(struct build *b);  /* resources.c */
int plan_cgroup(struct build *b);     /* cgroup.c */
int plan_mounts(struct build *b);     /* mounts.c */
int plan_devices(struct build *b);    /* devices.c */
int plan_paths(struct build *b);      /* paths.c */
int plan_sysctls(struct build *b);    /* sysctl.c */
int plan_process(struct build *b);    /* process.c */
int plan_scheduling(struct build *b); /* scheduling.c */
int plan_security(struct build *b);   /* security.c */
int plan_seccomp(struct build *b);    /* seccomp.c */
int plan_hooks(struct build *b);      /* hooks.c */
int plan_delegation(struct build *b); /* cgroup.c */
