/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cleanup - what goes out of scope is released. */
#pragma once

#define _cleanup_(release) __attribute__((cleanup(release)))

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* Hand over a pointer, leaving NULL behind. */
#define take(pointer)                               \
	({                                          \
		__typeof__(pointer) _t = (pointer); \
		(pointer) = NULL;                   \
		_t;                                 \
	})
