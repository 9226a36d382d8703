/* SPDX-License-Identifier: GPL-2.0-or-later */
/* refusals - a document that must not be taken, and what is said about it. */
#pragma once

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "libocispec/spec.h"

struct refusal {
	const char *document;
	const char *text;
};

/* Who wants to hear of everything hears of this first. */
static inline void check_first_problem(const struct oci_document *document, const char *text)
{
	struct oci_problems problems = { 0 };
	struct arena arena = { 0 };
	struct oci_spec spec;
	size_t first = 0;

	oci_decode_all(&oci_spec_type, document, &arena, &spec, &problems);
	while (first < problems.count && problems.items[first].is_unknown)
		first++;
	ck_assert_uint_lt(first, problems.count);
	ck_assert_str_eq(problems.items[first].error.text, text);
	oci_problems_release(&problems);
	arena_free(&arena);
}

/* The document is in memory of just its size, so that a sanitizer sees each byte too far. */
static inline void check_refusal(const struct refusal *refusal)
{
	size_t size = strlen(refusal->document);
	char *bytes = memcpy(oci_realloc(NULL, size), refusal->document, size);
	struct oci_document document = { "c", bytes, size };
	struct oci_spec spec = { .hostname = "untouched" };
	struct arena arena = { 0 };
	struct oci_error error;

	ck_assert_int_eq(oci_decode_spec(&document, &arena, &spec, &error), -EINVAL);
	ck_assert_int_eq(error.code, EINVAL);
	ck_assert_str_eq(error.text, refusal->text);
	ck_assert_str_eq(spec.hostname, "untouched");
	check_first_problem(&document, refusal->text);
	arena_free(&arena);
	free(bytes);
}
