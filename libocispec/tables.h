/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tables - rows of struct oci_field; one that does not fit its member does not compile. */
#pragma once

#include "libocispec/schema.h"
#include "libocispec/value.h"

/*
 * The file that writes a table defines T as the struct's tag first:
 *
 *	#define T oci_root
 *	const struct oci_type oci_root_type = TYPE(
 *		STRING("path",     path, REQUIRED),
 *		BOOL  ("readonly", readonly));
 *	#undef T
 */
/* clang-format off */
/* NOLINTBEGIN(bugprone-macro-parentheses): a type cannot be in parentheses here. */
#define TYPE(...) { sizeof(struct T), (const struct oci_field[]){ __VA_ARGS__, { 0 } } }

/* Where member M of struct T is, if it has type TYPE. */
#define AT(m, type) (offsetof(struct T, m) + _Generic(((struct T *)0)->m, type: 0))

/* The same for a list: its items must be of type ITEM. */
#define LIST_AT(m, item) (offsetof(struct T, m) + _Generic(((struct T *)0)->m.items, item *: 0))

/* The same for a map: each item's first member must be its key. */
#define MAP_AT(m, item) (LIST_AT(m, item) + 0 * sizeof(char[offsetof(item, key) == 0 ? 1 : -1]))
/* NOLINTEND(bugprone-macro-parentheses) */

#define ROW(json, k, s, o, ...) \
	{ .name = (json), .kind = (k), .shape = (s), .offset = (o), __VA_ARGS__ }

#define REQUIRED .required = true
#define KEY .is_key = true

/* One value. */
#define BOOL(json, m, ...)   ROW(json, OCI_BOOL, OCI_ONE, AT(m, struct oci_bool), __VA_ARGS__)
#define I32(json, m, ...)    ROW(json, OCI_I32, OCI_ONE, AT(m, struct oci_i32), __VA_ARGS__)
#define I64(json, m, ...)    ROW(json, OCI_I64, OCI_ONE, AT(m, struct oci_i64), __VA_ARGS__)
#define U16(json, m, ...)    ROW(json, OCI_U16, OCI_ONE, AT(m, struct oci_u16), __VA_ARGS__)
#define U32(json, m, ...)    ROW(json, OCI_U32, OCI_ONE, AT(m, struct oci_u32), __VA_ARGS__)
#define U64(json, m, ...)    ROW(json, OCI_U64, OCI_ONE, AT(m, struct oci_u64), __VA_ARGS__)
#define STRING(json, m, ...) ROW(json, OCI_STRING, OCI_ONE, AT(m, const char *), __VA_ARGS__)

/* E is the tag of the enum and, with _words behind, the name of its words. */
#define ENUM(json, m, e, ...) \
	ROW(json, OCI_ENUM, OCI_ONE, AT(m, enum e), .words = e##_words, __VA_ARGS__)

/* O is the tag of the struct and, with _type behind, the name of its table. */
#define OBJECT(json, m, o, ...) \
	ROW(json, OCI_OBJECT, OCI_ONE, AT(m, struct o *), .type = &o##_type, __VA_ARGS__)

/* Lists. */
#define STRINGS(json, m, ...) \
	ROW(json, OCI_STRING, OCI_LIST_OF_THEM, LIST_AT(m, const char *const), __VA_ARGS__)
#define U32S(json, m, ...) \
	ROW(json, OCI_U32, OCI_LIST_OF_THEM, LIST_AT(m, const uint32_t), __VA_ARGS__)
#define ENUMS(json, m, e, ...) \
	ROW(json, OCI_ENUM, OCI_LIST_OF_THEM, LIST_AT(m, enum e), .words = e##_words, \
	    __VA_ARGS__)
#define OBJECTS(json, m, o, ...) \
	ROW(json, OCI_OBJECT, OCI_LIST_OF_THEM, LIST_AT(m, struct o), .type = &o##_type, \
	    __VA_ARGS__)

/* Maps. */
#define STRING_MAP(json, m, ...) \
	ROW(json, OCI_STRING, OCI_MAP_OF_THEM, LIST_AT(m, const struct oci_pair), __VA_ARGS__)
#define OBJECT_MAP(json, m, o, ...) \
	ROW(json, OCI_OBJECT, OCI_MAP_OF_THEM, MAP_AT(m, struct o), .type = &o##_type, \
	    __VA_ARGS__)
/* clang-format on */
