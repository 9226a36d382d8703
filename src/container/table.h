/* SPDX-License-Identifier: GPL-2.0-or-later */
/* table - columns that line up. */
#pragma once

#include <stddef.h>

#include "base/buf.h"

/*
 * Add ROWS times COLUMNS cells, row by row, as runc's users and their scripts
 * see them: each column 3 blanks wider than its longest cell and at least 12
 * wide, but for the last, which ends the line.
 */
void table_print(const char *const *cells, size_t rows, size_t columns, struct buf *out);
