/* SPDX-License-Identifier: GPL-2.0-or-later */
/* caps - the capability sets of this process; raw system calls, as tare-init has no libcap. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* One bit for each capability: 1 << CAP_CHOWN and so on. */
struct caps {
	uint64_t effective;
	uint64_t permitted;
	uint64_t inheritable;
};

int caps_get(struct caps *ret_caps);

/* A permitted capability that is given up here cannot come back. */
int caps_set(uint64_t effective, uint64_t permitted, uint64_t inheritable);

/* The last capability that this kernel knows. */
unsigned caps_last(void);

/* Drop each capability up to LAST that is not in KEEP from the bounding set. */
int caps_drop_bounding(uint64_t keep, unsigned last);

/* What is left of the bounding set, up to LAST. */
int caps_get_bounding(unsigned last, uint64_t *ret_set);

/*
 * Make SET, and nothing else, the ambient set.  The kernel lets a capability in
 * only while it is both permitted and inheritable; the others are left out, as
 * the other runtimes do, since managers ask for more than they inherit.
 */
int caps_set_ambient(uint64_t set);

/* Whether the permitted set survives the change from uid 0 to another one. */
int caps_keep(bool keep);
