/* SPDX-License-Identifier: GPL-2.0-or-later */
/* refusal - what failed says why. */
#pragma once

#include <check.h>
#include <string.h>

#include "base/err.h"

/* R is a failure, and its text has WORDS in it; the record of it is cleared. */
static inline void expect_refusal(int r, const char *words)
{
	char text[ERR_TEXT_MAX];

	ck_assert_int_lt(r, 0);
	err_text(err_last(), text, sizeof(text));
	err_clear();
	ck_assert_msg(strstr(text, words), "\"%s\" does not say \"%s\"", text, words);
}
