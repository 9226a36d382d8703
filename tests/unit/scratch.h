// SPDX-License-Identifier: GPL-2.0-or-later
/* A folder for one test. The test removes it; what a test that fails leaves, main() removes
 * (hack/unit-main). */
#pragma once

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

/* PATH becomes that of a new, empty folder, 0700: it takes 64 bytes. */
static inline void make_scratch(char path[static 64])
{
	const char *top = getenv("TMPDIR");

	snprintf(path, 64, "%s/XXXXXX", top ? top : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(path));
}
