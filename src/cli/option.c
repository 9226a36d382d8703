/* SPDX-License-Identifier: GPL-2.0-or-later */
/* option - options as rows of a table that fill the members of a struct. */
#include "cli/option.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/number.h"

/* clang-format off */
const struct option_spec option_help = {
	.letters = "h", .name = "help", .kind = OPTION_HELP, .help = "print this text",
};

/* As Go's strconv.ParseBool() has it. */
static const struct word truths[] = {
	{ "true",  true  }, { "True",  true  }, { "TRUE",  true  },
	{ "false", false }, { "False", false }, { "FALSE", false },
	{ "1", true  }, { "t", true  }, { "T", true  },
	{ "0", false }, { "f", false }, { "F", false },
	{ 0 },
};
/* clang-format on */

struct reader {
	const struct option_set *set;
	const char *const *next; /* the argument behind the one that is being read */
	bool wants_help;
};

static bool is_named(const struct option_spec *row, const char *name, size_t length)
{
	if (length == 1 && strchr(row->letters, *name))
		return true;
	return strlen(row->name) == length && memcmp(row->name, name, length) == 0;
}

/* A row, and the member that it fills. */
struct found {
	const struct option_spec *row; /* NULL: there is none */
	void *member;
};

/* The innermost table that has it decides. */
static struct found find(const struct option_set *set, const char *name, size_t length)
{
	for (; set; set = set->outer)
		for (const struct option_spec *row = set->table; row->name; row++)
			if (is_named(row, name, length))
				return (struct found){ row, (char *)set->values + row->offset };
	if (is_named(&option_help, name, length))
		return (struct found){ &option_help, NULL };
	return (struct found){ 0 };
}

static int bad_value(const struct option_spec *row, const char *value, const char *why)
{
	return err_refuse("invalid value \"%s\" for flag -%s: %s", value, row->name, why);
}

static int store_flag(const struct option_spec *row, const char *value, void *member)
{
	const struct word *truth = word_find(truths, value ? value : "true");
	bool is_true;

	if (!truth)
		return err_refuse("invalid boolean value \"%s\" for -%s: parse error", value,
				  row->name);
	is_true = truth->value;
	memcpy(member, &is_true, sizeof(is_true));
	return 0;
}

static void store_one_more(const char *value, struct option_texts *texts)
{
	texts->items = xreallocarray(texts->items, texts->count + 1, sizeof(*texts->items));
	texts->items[texts->count++] = value;
}

static int store_number(const struct option_spec *row, const char *value, unsigned *ret_number)
{
	uint64_t number;

	if (number_u64(value, UINT64_MAX, &number))
		return bad_value(row, value, "parse error");
	if (number > row->max)
		return bad_value(row, value, "value out of range");
	*ret_number = (unsigned)number;
	return 0;
}

void option_choices(const struct option_spec *row, const char *separator, struct buf *out)
{
	for (const struct word *word = row->words; word->name; word++)
		buf_printf(out, "%s%s", word == row->words ? "" : separator, word->name);
}

void option_spellings(const struct option_spec *row, struct buf *out)
{
	buf_printf(out, " --%s", row->name);
	for (const char *letter = row->letters; *letter; letter++)
		buf_printf(out, " -%c", *letter);
}

bool option_takes_value(const struct option_spec *row)
{
	return row->kind != OPTION_FLAG && row->kind != OPTION_HELP;
}

bool option_takes_file(const struct option_spec *row)
{
	static const char *const values[] = { "FILE", "DIR", "PATH" };

	for (size_t i = 0; row->value && i < ARRAY_SIZE(values); i++)
		if (strcmp(row->value, values[i]) == 0)
			return true;
	return false;
}

static int store_word(const struct option_spec *row, const char *value, int *ret_value)
{
	const struct word *word = word_find(row->words, value);
	_cleanup_buf_ struct buf choices = { 0 };

	if (!word) {
		option_choices(row, "|", &choices);
		return err_refuse("invalid %s: %s (must be %s)", row->name, value,
				  buf_text(&choices));
	}
	*ret_value = (int)word->value;
	return 0;
}

static int store_value(const struct option_spec *row, const char *value, void *member)
{
	switch (row->kind) {
	case OPTION_TEXT:
		memcpy(member, &value, sizeof(value));
		return 0;
	case OPTION_TEXTS:
		store_one_more(value, member);
		return 0;
	case OPTION_NUMBER:
		return store_number(row, value, member);
	case OPTION_WORD:
		return store_word(row, value, member);
	case OPTION_FLAG:
	case OPTION_HELP:
		break;
	}
	return store_flag(row, value, member);
}

/* VALUE is what stands in the same argument, NULL if nothing does. */
static int store(struct reader *reader, const struct found *found, const char *value)
{
	const struct option_spec *row = found->row;

	if (row->kind == OPTION_HELP) {
		reader->wants_help = true;
		return 0;
	}
	if (row->kind == OPTION_FLAG)
		return store_flag(row, value, found->member);
	if (value)
		return store_value(row, value, found->member);
	if (!*reader->next)
		return err_refuse("flag needs an argument: -%s", row->name);
	return store_value(row, *reader->next++, found->member);
}

/* "-xVALUE", or flags in a row: "-abc". */
static int read_letters(struct reader *reader, const char *letters)
{
	for (const char *letter = letters; *letter; letter++) {
		struct found found = find(reader->set, letter, 1);

		if (!found.row)
			return err_refuse("flag provided but not defined: -%s", letters);
		if (option_takes_value(found.row))
			return store(reader, &found, letter[1] ? letter + 1 : NULL);
		if (store(reader, &found, NULL))
			return -EINVAL;
	}
	return 0;
}

static int read_option(struct reader *reader, const char *argument)
{
	bool has_two_dashes = argument[1] == '-';
	const char *name = argument + 1 + has_two_dashes;
	size_t length = strcspn(name, "=");
	struct found found = find(reader->set, name, length);

	if (found.row)
		return store(reader, &found, name[length] ? name + length + 1 : NULL);
	if (has_two_dashes || length == 0)
		return err_refuse("flag provided but not defined: -%.*s", (int)length, name);
	return read_letters(reader, name);
}

static void keep(struct option_rest *rest, const char *argument)
{
	rest->arguments[rest->count++] = argument;
}

static size_t count_of(const char *const *arguments)
{
	size_t count = 0;

	while (arguments[count])
		count++;
	return count;
}

int option_parse(const struct option_set *set, bool stops, const char *const *arguments,
		 struct option_rest *ret_rest)
{
	struct reader reader = { .set = set, .next = arguments };
	bool has_ended = false;

	*ret_rest = (struct option_rest){ 0 };
	ret_rest->arguments = xcalloc(count_of(arguments) + 1, sizeof(*ret_rest->arguments));
	while (*reader.next && !reader.wants_help) {
		const char *argument = *reader.next++;

		if (has_ended || argument[0] != '-' || !argument[1]) {
			keep(ret_rest, argument);
			has_ended = has_ended || stops;
		} else if (strcmp(argument, "--") == 0) {
			has_ended = true;
		} else if (read_option(&reader, argument)) {
			return -EINVAL;
		}
	}
	ret_rest->wants_help = reader.wants_help;
	return 0;
}

void option_release(const struct option_set *set, struct option_rest *rest)
{
	for (const struct option_spec *row = set->table; row->name; row++) {
		struct option_texts *texts = (void *)((char *)set->values + row->offset);

		if (row->kind == OPTION_TEXTS)
			free(take(texts->items));
	}
	free(take(rest->arguments));
}
