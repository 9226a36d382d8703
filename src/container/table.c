/* SPDX-License-Identifier: GPL-2.0-or-later */
/* table - columns that line up. */
#include "container/table.h"

#include <stdbool.h>

#include "base/mem.h"

#define COLUMN_MIN 12
#define PADDING 3

/* Characters, not bytes: all bytes of UTF-8 but those that continue one. */
static size_t text_width(const char *text)
{
	size_t width = 0;

	for (; *text; text++)
		width += (*text & 0xc0) != 0x80;
	return width;
}

static size_t column_width(const char *const *cells, size_t rows, size_t columns, size_t column)
{
	size_t widest = COLUMN_MIN;

	for (size_t row = 0; row < rows; row++) {
		size_t width = text_width(cells[row * columns + column]) + PADDING;

		if (width > widest)
			widest = width;
	}
	return widest;
}

void table_print(const char *const *cells, size_t rows, size_t columns, struct buf *out)
{
	_cleanup_free_ size_t *widths = xcalloc(columns, sizeof(*widths));

	for (size_t column = 0; column + 1 < columns; column++)
		widths[column] = column_width(cells, rows, columns, column);
	for (size_t i = 0; i < rows * columns; i++) {
		bool is_last = (i + 1) % columns == 0;
		size_t width = is_last ? 0 : widths[i % columns] - text_width(cells[i]);

		buf_printf(out, "%s%*s%s", cells[i], (int)width, "", is_last ? "\n" : "");
	}
}
