/* SPDX-License-Identifier: GPL-2.0-or-later */
/* features - what this runtime can do, for managers (features.md). */
#pragma once

#include <stdbool.h>

#include "base/buf.h"

/*
 * Add the document to OUT: indented by four, with a newline.  Looks at the kernel, changes nothing.
 * Fails where there is no libseccomp to be asked.
 */
int container_features(struct buf *out);

/* The version of libseccomp, "2.5.4"; NULL where there is none.  The text is static. */
const char *features_libseccomp(void);

/* What was left out when it was built, and what was not. */
bool features_have_systemd(void);
bool features_have_selinux(void);
bool features_have_criu(void);
