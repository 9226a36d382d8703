/* SPDX-License-Identifier: GPL-2.0-or-later */
/* log - what CRIU's log says. */
#pragma once

#include "base/buf.h"

/* Add the last errors of TEXT, the end of a log, to OUT, "; " between them: three at most. */
void log_errors(const char *text, struct buf *out);
