/* SPDX-License-Identifier: GPL-2.0-or-later */
/* version - what `tare --version` prints. */
#pragma once

#include "base/buf.h"

/*
 * Managers read these lines: the first must be the only one with the word "version" in it, and
 * begin with the program's name.
 */
void version_text(const char *program, struct buf *out);
