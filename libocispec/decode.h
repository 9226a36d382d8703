/* SPDX-License-Identifier: GPL-2.0-or-later */
/* decode - JSON text to structs, strictly, with errors that say where. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "libocispec/arena.h"
#include "libocispec/schema.h"

#define OCI_DOCUMENT_MAX (16u << 20) /* bytes */
#define OCI_DEPTH_MAX 64             /* objects and arrays within each other */

/* JSON text, and what to call it in errors (the file's name). Borrowed. */
struct oci_document {
	const char *name;
	const char *bytes;
	size_t size;
};

struct oci_error {
	int code;        /* an errno: EINVAL, or EFBIG for a document that is too large */
	unsigned line;   /* from 1; 0 if it is about the whole document */
	unsigned column; /* from 1, in bytes */
	char path[192];  /* "process.rlimits[1].hard", "annotations[\"a.b\"]"; "" at the top */
	char text[512];  /* all of it: "config.json:3:65: process.rlimits[1].hard: -3 is ..." */
	size_t what;     /* where in TEXT file, place and path end: "-3 is ..." */
};

/*
 * Read one JSON object of TYPE from DOCUMENT into *RET_OBJECT, a struct of TYPE->size bytes.
 * What it points to (copied strings, lists, objects) lives in ARENA; nothing points into
 * DOCUMENT.
 *
 * Members that TYPE does not name are skipped, whatever they hold. Names match without regard
 * to case, as in Go. `null` is the same as absent. Refused are: the same member twice in
 * whatever spelling, the wrong kind of value, numbers that do not fit or have a fraction or an
 * exponent, NUL in a string, invalid UTF-8, lone surrogates, anything after the object, more
 * than OCI_DEPTH_MAX levels and more than OCI_DOCUMENT_MAX bytes.
 *
 * Returns 0; or a negative errno, with *RET_ERROR filled and *RET_OBJECT as it was (ARENA may
 * have grown). Takes time in proportion to the document's size.
 */
int oci_decode(const struct oci_type *type, const struct oci_document *document,
	       struct arena *arena, void *ret_object, struct oci_error *ret_error);

/* What oci_decode_all() found. */
struct oci_problem {
	bool is_unknown; /* nothing wrong: a member that TYPE does not name, which is skipped */
	struct oci_error error;
};

#define OCI_PROBLEMS_MAX 1000

/* Start with `struct oci_problems problems = { 0 };`. Its owner releases it. */
struct oci_problems {
	struct oci_problem *items;
	size_t count;
	size_t capacity;
	size_t left_out; /* how many more there were than OCI_PROBLEMS_MAX */
};

void oci_problems_release(struct oci_problems *problems);

/*
 * The same for who wants to hear of everything: what oci_decode() refuses, and members that it
 * skips, are added to PROBLEMS and reading goes on behind them. What could not be read is
 * absent, or where it is required or in a list as empty as it can be: "", 0, a struct like
 * that. So the struct is safe to look at, but to be believed only if nothing was wrong.
 *
 * Returns 0; or a negative errno, with *RET_OBJECT as it was, where reading ended too early:
 * what is no JSON or no object, is not UTF-8, is too large or nested too deeply.
 */
int oci_decode_all(const struct oci_type *type, const struct oci_document *document,
		   struct arena *arena, void *ret_object, struct oci_problems *problems);
