/* SPDX-License-Identifier: GPL-2.0-or-later */
/* every_member - a document that uses every member proves that tables and structs agree. */
#include <stdio.h>
#include <yajl/yajl_tree.h>

#include "libocispec/encode.h"
#include "libocispec/features.h"
#include "libocispec/state.h"
#include "tests/unit/libocispec/decoding.h"
#include "tests/unit/libocispec/suites.h"

#define PATH "tests/unit/libocispec/every-member.json"

static struct arena arena;
static struct oci_text input;
static struct oci_text output;

static void setup(void)
{
	char bytes[4096];
	FILE *file = fopen(PATH, "re");
	size_t size;

	ck_assert_msg(file != NULL, "no " PATH " here");
	while ((size = fread(bytes, 1, sizeof(bytes), file)) > 0)
		oci_text_add(&input, bytes, size);
	fclose(file);
}

static void teardown(void)
{
	arena_free(&arena);
	oci_text_release(&input);
	oci_text_release(&output);
}

static void encode_again(const char *text, const char *indent, struct oci_text *ret_text)
{
	struct oci_spec spec = decode_text(text, &arena);

	oci_encode(&oci_spec_type, &spec, indent, ret_text);
}

/* The value of NAME in OBJECT, or NULL. */
static yajl_val member(yajl_val object, const char *name)
{
	for (size_t i = 0; i < object->u.object.len; i++)
		if (strcmp(object->u.object.keys[i], name) == 0)
			return object->u.object.values[i];
	return NULL;
}

static void check_equal(yajl_val a, yajl_val b, const char *where)
{
	ck_assert_msg(b && a->type == b->type, "%s", where);
	if (YAJL_IS_STRING(a)) {
		ck_assert_str_eq(YAJL_GET_STRING(a), YAJL_GET_STRING(b));
	} else if (YAJL_IS_NUMBER(a)) {
		ck_assert_str_eq(YAJL_GET_NUMBER(a), YAJL_GET_NUMBER(b));
	} else if (YAJL_IS_ARRAY(a)) {
		ck_assert_uint_eq(a->u.array.len, b->u.array.len);
		for (size_t i = 0; i < a->u.array.len; i++)
			check_equal(a->u.array.values[i], b->u.array.values[i], where);
	} else if (YAJL_IS_OBJECT(a)) {
		ck_assert_uint_eq(a->u.object.len, b->u.object.len);
		for (size_t i = 0; i < a->u.object.len; i++) {
			const char *name = a->u.object.keys[i];

			check_equal(a->u.object.values[i], member(b, name), name);
		}
	}
}

START_TEST(nothing_is_lost_on_the_way_in_and_out)
{
	char error[256];
	yajl_val before;
	yajl_val after;

	encode_again(input.bytes, NULL, &output);
	before = yajl_tree_parse(input.bytes, error, sizeof(error));
	after = yajl_tree_parse(output.bytes, error, sizeof(error));
	ck_assert_ptr_nonnull(before);
	ck_assert_ptr_nonnull(after);
	check_equal(before, after, "the document");
	yajl_tree_free(before);
	yajl_tree_free(after);
}
END_TEST

START_TEST(the_second_time_gives_the_same_bytes)
{
	static const char *const indents[] = { NULL, "\t", "  " };
	struct oci_text again = { 0 };

	encode_again(input.bytes, indents[_i], &output);
	encode_again(output.bytes, indents[_i], &again);
	ck_assert_str_eq(output.bytes, again.bytes);
	oci_text_release(&again);
}
END_TEST

START_TEST(the_indented_form_says_the_same_as_the_compact_one)
{
	struct oci_text indented = { 0 };
	struct oci_text compact = { 0 };

	encode_again(input.bytes, "\t", &indented);
	encode_again(indented.bytes, NULL, &compact);
	encode_again(input.bytes, NULL, &output);
	ck_assert_str_eq(compact.bytes, output.bytes);
	oci_text_release(&indented);
	oci_text_release(&compact);
}
END_TEST

static void check_words(const char *const *words)
{
	ck_assert_str_eq(words[0], "");
	for (size_t i = 1; words[i]; i++)
		ck_assert_uint_eq(oci_word_find(words, words[i]), i);
}

static void check_row(const struct oci_type *type, const struct oci_field *field)
{
	ck_assert_msg(field->offset < type->size, "%s", field->name);
	ck_assert_msg(field - type->fields < OCI_FIELDS_MAX, "%s", field->name);
	for (const struct oci_field *other = type->fields; other < field; other++) {
		ck_assert_str_ne(other->name, field->name);
		ck_assert_uint_ne(other->offset, field->offset);
	}
	if (field->kind == OCI_ENUM)
		check_words(field->words);
	/* What decode and encode can do: see item_size() and add_item(). */
	if (field->shape != OCI_ONE)
		ck_assert(field->kind == OCI_STRING || field->kind == OCI_OBJECT ||
			  (field->shape == OCI_LIST_OF_THEM &&
			   (field->kind == OCI_ENUM || field->kind == OCI_U32)));
}

/* All rows, once for each way to them. */
static void walk(const struct oci_type *type,
		 void (*visit)(const struct oci_type *, const struct oci_field *))
{
	for (const struct oci_field *field = type->fields; field->name; field++) {
		visit(type, field);
		if (field->kind == OCI_OBJECT)
			walk(field->type, visit);
	}
}

START_TEST(all_rows_are_such_as_the_code_can_read)
{
	walk(&oci_spec_type, check_row);
	walk(&oci_state_type, check_row);
	walk(&oci_state_full_type, check_row);
	walk(&oci_process_state_type, check_row);
	walk(&oci_features_type, check_row);
}
END_TEST

/*
 * All objects that are members of this row in one of OBJECTS; as many as RET_FOUND has room
 * for.
 */
static size_t collect(const struct oci_field *field, yajl_val *objects, size_t count,
		      yajl_val *ret_found, size_t room)
{
	size_t found = 0;

	for (size_t i = 0; i < count; i++) {
		yajl_val value = member(objects[i], field->name);
		size_t length = 1;
		yajl_val *values = &value;

		if (!value)
			continue;
		if (field->shape == OCI_LIST_OF_THEM) {
			length = value->u.array.len;
			values = value->u.array.values;
		} else if (field->shape == OCI_MAP_OF_THEM) {
			length = value->u.object.len;
			values = value->u.object.values;
		}
		for (size_t j = 0; j < length && found < room; j++)
			ret_found[found++] = values[j];
	}
	return found;
}

static bool has_word(yajl_val *values, size_t count, const char *word)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(values[i]->u.string, word) == 0)
			return true;
	return false;
}

/* Each way in the tables is taken by the document: OBJECTS are all that there are of TYPE. */
static void check_used(const struct oci_type *type, yajl_val *objects, size_t count)
{
	for (const struct oci_field *field = type->fields; field->name; field++) {
		yajl_val found[64];
		size_t used = collect(field, objects, count, found, 64);

		ck_assert_msg(used > 0, "no value for %s", field->name);
		if (field->kind == OCI_OBJECT)
			check_used(field->type, found, used);
		/* Lists of words have them all. */
		if (field->kind == OCI_ENUM && field->shape == OCI_LIST_OF_THEM)
			for (size_t i = 1; field->words[i]; i++)
				ck_assert_msg(has_word(found, used, field->words[i]), "no %s",
					      field->words[i]);
	}
}

START_TEST(the_document_has_every_member_of_every_table)
{
	char error[256];
	yajl_val document = yajl_tree_parse(input.bytes, error, sizeof(error));

	ck_assert_ptr_nonnull(document);
	check_used(&oci_spec_type, &document, 1);
	yajl_tree_free(document);
}
END_TEST

Suite *test_every_member(void)
{
	Suite *suite = suite_create("libocispec/every_member");
	TCase *members = tcase_create("members");

	tcase_add_checked_fixture(members, setup, teardown);
	tcase_add_test(members, nothing_is_lost_on_the_way_in_and_out);
	tcase_add_loop_test(members, the_second_time_gives_the_same_bytes, 0, 3);
	tcase_add_test(members, the_indented_form_says_the_same_as_the_compact_one);
	tcase_add_test(members, all_rows_are_such_as_the_code_can_read);
	tcase_add_test(members, the_document_has_every_member_of_every_table);
	suite_add_tcase(suite, members);
	return suite;
}
