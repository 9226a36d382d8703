/* SPDX-License-Identifier: GPL-2.0-or-later */
/* value - how a JSON value looks in C: absent can be told from zero and from empty. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Strings are `const char *`: NULL when absent, never with a NUL inside. Objects are pointers:
 * NULL when absent. Enumerations are C enums whose 0 means absent; the words are in an array
 * NAME_words[] that ends with NULL. Numbers and booleans say whether they were given; their
 * value is 0 or false if not, so that a reader for whom the two are the same just takes
 * `.value`.
 */
/* clang-format off */
struct oci_bool { bool is_set; bool value; };
struct oci_i32 { bool is_set; int32_t value; };
struct oci_i64 { bool is_set; int64_t value; };
struct oci_u16 { bool is_set; uint16_t value; };
struct oci_u32 { bool is_set; uint32_t value; };
struct oci_u64 { bool is_set; uint64_t value; };

/* For literals: `.pid = OCI_SET(42)`. */
#define OCI_SET(v) { .is_set = true, .value = (v) }
/* clang-format on */

/*
 * A list; an empty one that was given (`"env": []`) has is_set. A JSON object whose member
 * names are data, such as `annotations`, is a list too: of structs whose first member is the
 * name, `key`.
 */
#define OCI_LIST(name, type)  \
	struct name {         \
		type *items;  \
		size_t count; \
		bool is_set;  \
	}

OCI_LIST(oci_strings, const char *const);
OCI_LIST(oci_u32s, const uint32_t);

struct oci_pair {
	const char *key;
	const char *value;
};
OCI_LIST(oci_pairs, const struct oci_pair);

/* A list or a map as all of them are, with the items' type forgotten. */
OCI_LIST(oci_any_list, const void);

/* For literals: the list of a whole array. */
/* clang-format off */
#define OCI_LIST_OF(array) \
	{ .items = (array), .count = sizeof(array) / sizeof((array)[0]), .is_set = true }
/* clang-format on */

/* The value of KEY, or NULL if there is no such pair. */
const char *oci_pairs_get(const struct oci_pairs *pairs, const char *key);

/* The place of WORD among WORDS (a NAME_words array), or 0 if it is not one of them. */
unsigned oci_word_find(const char *const *words, const char *word);
