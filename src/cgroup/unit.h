/* SPDX-License-Identifier: GPL-2.0-or-later */
/* unit - let systemd make the container's cgroup: a transient scope (systemd.scope(5)). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "cgroup/cgroup.h"

/* A property of a unit (org.freedesktop.systemd1(5)); TYPE says which member has the value. */
enum unit_type {
	UNIT_BOOL,    /* b */
	UNIT_INT32,   /* i */
	UNIT_UINT32,  /* u */
	UNIT_INT64,   /* x */
	UNIT_UINT64,  /* t */
	UNIT_DOUBLE,  /* d */
	UNIT_STRING,  /* s */
	UNIT_STRINGS, /* as */
	UNIT_BYTES,   /* ay */
};

struct unit_property {
	const char *name;
	enum unit_type type;
	union {
		bool boolean;
		int64_t integer;
		uint64_t natural;
		double real;
		const char *text;
		struct {
			const char *const *items; /* NULL behind the last */
			size_t count;
		} strings;
		struct {
			const uint8_t *items;
			size_t count;
		} bytes;
	};
	const char *origin; /* "annotations[\"org.systemd.property.KillSignal\"]" */
};

struct unit_plan {
	const char *name;                       /* "tare-ID.scope" */
	const char *slice;                      /* "system.slice" */
	const char *description;                /* for people: systemctl(1) shows it */
	bool is_user;                           /* the caller's own manager, not the system's */
	const struct unit_property *properties; /* asked for by annotations; they come last */
	size_t property_count;
};

/* False in a build without systemd. */
bool unit_is_built(void);

/*
 * Have systemd start PLAN's unit with PID in it, with what of WRITES has a property, and wait until
 * it has.  A unit of that name that failed before is forgotten first.  Returns 0 and its cgroup's
 * path below the mount of cgroup2 at *ret_path, for the caller to free.
 */
int unit_start(const struct unit_plan *plan, const struct cgroup_write *writes, size_t count,
	       pid_t pid, char **ret_path);

/*
 * Set what of WRITES has a property on a running unit, until it ends: systemd then does not
 * overwrite the files with older values.
 */
int unit_update(const char *name, bool is_user, const struct cgroup_write *writes,
		size_t count);

/* Stop a unit whose processes are dead, and have systemd forget it; none there is success. */
int unit_stop(const char *name, bool is_user);

/* ---- unitproperties.c, unitobject.c; pure ---- */

/* Room for what unit_properties() makes: no file gives more than two. */
#define UNIT_PROPERTIES_MAX 24

struct unit_properties {
	struct unit_property items[UNIT_PROPERTIES_MAX];
	size_t count;
	uint8_t cpus[512], mems[512]; /* bit masks of up to 4096 */
};

/*
 * The properties that say the same as WRITES do ("memory.max": MemoryMax); of files that have none
 * nothing is said, and of one that is written twice the last value.
 */
void unit_properties(const struct cgroup_write *writes, size_t count,
		     struct unit_properties *ret_properties);

/*
 * The path of the object that stands for a unit, as systemd makes it: what is neither letter nor
 * digit, and a digit in front, is "_" and its hexadecimal number. -ENAMETOOLONG: it does not fit.
 */
#define UNIT_OBJECT_MAX 1024
int unit_object(const char *name, char ret_path[static UNIT_OBJECT_MAX]);
