/* SPDX-License-Identifier: GPL-2.0-or-later */
/* decoder - what the parts of decode share; not for others. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <yajl/yajl_parse.h>

#include "libocispec/decode.h"
#include "libocispec/value.h"

/* A list or a map as all of them are: what OCI_LIST() makes, with the items' type forgotten. */
OCI_LIST(oci_list, void);

/* A member name that no table knows, or a key of a map: kept to find it a second time. */
struct name {
	const char *text; /* in the spelling that counts */
	const char *shown;
	size_t length;
	size_t offset; /* of its first byte in the document */
};

/* An object, list or map that is being read; the first frame is a list: the document's. */
struct frame {
	enum oci_shape shape;          /* OCI_ONE: an object */
	const struct oci_type *type;   /* of the object */
	const struct oci_field *field; /* the items; or the object's member, NULL if unknown */
	const char *key;               /* of the current member, NULL between members */
	char *base;                    /* the object's struct; or the struct oci_list to fill */
	uint64_t seen;                 /* object: which rows had a member ... */
	uint64_t present;              /* ... and which one that was not null */
	void *items;                   /* list, map: so far */
	size_t count;
	size_t capacity;
	size_t names; /* how many names there were before this frame's */
	size_t start; /* offset of its first byte in the document */
};

struct decoder {
	const struct oci_document *document;
	struct arena *arena;
	struct oci_error *error;
	struct oci_problems *problems; /* NULL: reading ends at the first that is wrong */
	struct oci_error spare;        /* for one that is left out */
	struct position {              /* of the last error, to count on from */
		size_t offset;
		size_t line_start;
		unsigned line;
	} position;
	yajl_handle yajl;
	struct frame frames[OCI_DEPTH_MAX + 2];
	size_t depth;     /* of frames */
	size_t skipped;   /* levels of a member that no table knows */
	size_t before;    /* where the token before the current one ended */
	size_t end;       /* where the current token ends */
	bool is_complete; /* all bytes were given to yajl */
	bool is_whole;    /* and it took them all */
	struct name *names;
	size_t names_count;
	size_t names_capacity;
};

/* decode_error.c */

/* Where the current token begins: what is between two tokens is blanks, commas and colons. */
size_t decoder_start(const struct decoder *d);

/*
 * Fill the error: FORMAT is about what is at OFFSET, on the frames' path. Returns what yajl is
 * to be told: 0, to end here, or 1 where problems are collected.
 */
int decoder_refuse(struct decoder *d, size_t offset, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Fill the error with WHAT, as it stands. */
void decoder_fill_error(struct decoder *d, size_t offset, const char *what);

/* The same as decoder_refuse() about the document as a whole. Returns -CODE. */
int decoder_refuse_all(struct decoder *d, int code, const char *what);

/* How much of a text of LENGTH bytes is to be quoted in an error, and what then follows it. */
int decoder_quote(const char *text, size_t length, const char **ret_dots);

/* decode_syntax.c */

/* yajl has found something that is no JSON: refuse it. */
void decoder_refuse_syntax(struct decoder *d);

/* Refuse what follows the document. */
void decoder_check_rest(struct decoder *d);

/* decode_value.c */

/* Put a number or string into WHERE, as FIELD says. Return 1, or what decoder_refuse() does. */
int decoder_put_number(struct decoder *d, const struct oci_field *field, void *where,
		       const char *text, size_t length);
int decoder_put_string(struct decoder *d, const struct oci_field *field, void *where,
		       const char *text, size_t length);

/* decode_names.c */

/* The row of TYPE for a member of this name, or NULL. */
const struct oci_field *decoder_field(const struct oci_type *type, const char *name,
				      size_t length);

/* A copy of NAME in which all spellings that Go takes for the same are the same. */
const char *decoder_fold(struct arena *arena, const char *name, size_t length);

/* Remember a name of the newest frame, and refuse a frame in which one was given twice. */
void decoder_name_add(struct decoder *d, const char *text, size_t length, const char *shown);
int decoder_names_check(struct decoder *d);

/* decode_all.c */

/* A problem that the next error goes into. */
void decoder_problem(struct decoder *d, bool is_unknown);

/* Where problems are collected, tell of a member that no table knows: the newest frame's key. */
void decoder_unknown(struct decoder *d, const struct oci_type *type);

/* Make the value of an item that could not be read one that others can go on with. */
void decoder_fill_item(struct decoder *d, const struct oci_field *field, void *item);

/* The same for what is required in an object. */
void decoder_fill_object(struct decoder *d, const struct oci_type *type, void *object);
