/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nameset - which names were there already, however many there are. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "plan/build.h"

struct nameset {
	struct nameset_slot {
		const char *name; /* borrowed; NULL: free */
		size_t length;
	} * slots;
	size_t mask;
};

/* Room for COUNT names. */
void nameset_init(struct nameset *set, struct build *b, size_t count);

/* False when the LENGTH bytes at NAME are in it already. */
bool nameset_add(struct nameset *set, const char *name, size_t length);
