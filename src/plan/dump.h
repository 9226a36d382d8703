/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dump - the pieces that plan_dump() is made of; for plan/ only. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "plan/plan.h"

/* A bit (or a value of MASK's bits) and what to call it; a table ends without name. */
struct dump_bit {
	const char *name;
	uint64_t mask;
	uint64_t value;
};

/* "ro,nosuid", or "-" for none; what has no name comes as a number. */
void dump_bits(struct buf *out, const struct dump_bit *table, uint64_t bits);

/* TEXT in quotes, \n and the like spelled out, so that it stays on its line; NULL is "-". */
void dump_text(struct buf *out, const char *text);

extern const struct dump_bit dump_namespaces[];  /* CLONE_NEW* */
extern const struct dump_bit dump_attributes[];  /* MOUNT_ATTR_* */
extern const struct dump_bit dump_mount_flags[]; /* MS_* */
extern const struct dump_bit dump_access[];      /* DEVICE_* */

void dump_mounts(const struct init_plan *init, struct buf *out);     /* dumpmounts.c */
void dump_process(const struct init_plan *init, struct buf *out);    /* dumpprocess.c */
void dump_cgroup(const struct cgroup_plan *cgroup, struct buf *out); /* dumpcgroup.c */
void dump_seccomp(const struct seccomp_profile *profile, struct buf *out);
