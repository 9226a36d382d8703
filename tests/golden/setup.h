/* SPDX-License-Identifier: GPL-2.0-or-later */
/* setup - the host and the options that a pair is planned with. */
#pragma once

#include <stddef.h>

#include "plan/plan.h"

struct setup {
	struct host host;
	struct plan_request request; /* without a spec */
};

/* Always the same, but for what the file `options` of the pair in DIR says. */
struct setup setup_of(const char *dir);

/*
 * The whole of DIR/NAME, terminated, to be freed; NULL when there is no such file. Ends the
 * program when it cannot be read.
 */
char *setup_read(const char *dir, const char *name, size_t *ret_size);
