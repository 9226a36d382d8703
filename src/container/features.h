/* SPDX-License-Identifier: GPL-2.0-or-later */
/* features - what this runtime can do, for managers (features.md). */
#pragma once

#include "base/buf.h"

/* Add the document to OUT: indented by four, with a newline.  Looks at the kernel, changes nothing. */
void container_features(struct buf *out);
