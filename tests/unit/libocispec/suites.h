/* SPDX-License-Identifier: GPL-2.0-or-later */
/* suites - the tests of libocispec; they run in the root of the tree. */
#pragma once

#include <check.h>

Suite *test_arena(void);
Suite *test_bounds(void);
Suite *test_decode(void);
Suite *test_decode_all(void);
Suite *test_documents(void);
Suite *test_encode(void);
Suite *test_every_member(void);
Suite *test_refusals_syntax(void);
Suite *test_refusals_values(void);
Suite *test_utf8(void);
