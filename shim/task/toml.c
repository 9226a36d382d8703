/* SPDX-License-Identifier: GPL-2.0-or-later */
/* toml - the flat part of TOML: KEY = VALUE lines, as managers write options. */
#include "shim/task/toml.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "base/amount.h"
#include "base/err.h"
#include "base/mem.h"

static int peek(const struct toml *toml)
{
	return toml->at < toml->size ? (unsigned char)toml->text[toml->at] : -1;
}

static void skip_blanks(struct toml *toml)
{
	while (peek(toml) == ' ' || peek(toml) == '\t')
		toml->at++;
}

static int refuse(const struct toml *toml, const char *what)
{
	return err_refuse("line %u: %s", toml->line + 1, what);
}

/* Over the rest of a line: blanks, perhaps a comment. */
static int end_line(struct toml *toml)
{
	skip_blanks(toml);
	if (peek(toml) == '#')
		while (peek(toml) >= 0 && peek(toml) != '\n')
			toml->at++;
	if (peek(toml) == '\r')
		toml->at++;
	if (peek(toml) >= 0 && peek(toml) != '\n')
		return refuse(toml, "something behind the value");
	toml->at++;
	toml->line++;
	return 0;
}

static int add(struct toml *toml, char *word, size_t *size, int c)
{
	if (*size + 1 >= TOML_WORD_MAX)
		return refuse(toml, "the string is too long");
	word[(*size)++] = (char)c;
	return 0;
}

static int escaped(const struct toml *toml, int c)
{
	static const char from[] = "btnfr\"\\", to[] = "\b\t\n\f\r\"\\";
	const char *at = c > 0 ? strchr(from, c) : NULL;

	return at ? to[at - from] : refuse(toml, "an escape that is not known");
}

static int read_string(struct toml *toml, char *word)
{
	int quote = peek(toml), c;
	size_t size = 0;

	toml->at++;
	while ((c = peek(toml)) != quote) {
		if (c < 0 || c == '\n' || c == '\0')
			return refuse(toml, "the string has no end");
		toml->at++;
		if (c == '\\' && quote == '"') {
			c = escaped(toml, peek(toml));
			if (c < 0)
				return c;
			toml->at++;
		}
		if (add(toml, word, &size, c))
			return -EINVAL;
	}
	toml->at++;
	word[size] = '\0';
	return 0;
}

static bool is_bare(int c)
{
	return c > 0 && (isalnum(c) || strchr("_-+.", c));
}

static int read_bare(struct toml *toml, char *word)
{
	size_t size = 0;

	while (is_bare(peek(toml))) {
		if (add(toml, word, &size, peek(toml)))
			return -EINVAL;
		toml->at++;
	}
	word[size] = '\0';
	return size ? 0
		    : refuse(toml, "neither a key, a table, a string, a number nor a boolean");
}

static int read_word(struct toml *toml, char *word)
{
	return peek(toml) == '"' || peek(toml) == '\'' ? read_string(toml, word)
						       : read_bare(toml, word);
}

static int read_value(struct toml *toml, struct toml_value *value)
{
	bool is_quoted = peek(toml) == '"' || peek(toml) == '\'';
	int64_t number = 0;

	if (read_word(toml, toml->word))
		return err_code();
	value->text = toml->word;
	value->kind = TOML_STRING;
	if (is_quoted)
		return 0;
	value->boolean = strcmp(toml->word, "true") == 0;
	value->kind = TOML_BOOL;
	if (value->boolean || strcmp(toml->word, "false") == 0)
		return 0;
	value->kind = TOML_NUMBER;
	if (amount_signed(toml->word, &number) < 0)
		return refuse(toml, "neither a string, a whole number nor a boolean");
	value->number = number;
	return 0;
}

/* Lines without anything on them. */
static void skip_empty(struct toml *toml)
{
	for (int c = peek(toml); c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '#';
	     c = peek(toml)) {
		if (c == '#')
			while (peek(toml) >= 0 && peek(toml) != '\n')
				toml->at++;
		else
			toml->at++;
		if (c == '\n')
			toml->line++;
	}
}

int toml_next(struct toml *toml, struct toml_value *ret_value)
{
	struct toml_value value = { 0 };

	if (!toml->word) {
		toml->key = xcalloc(1, TOML_WORD_MAX);
		toml->word = xcalloc(1, TOML_WORD_MAX);
	}
	if (toml->size > TOML_MAX)
		return refuse(toml, "more than 1 MiB");
	skip_empty(toml);
	if (toml->at >= toml->size)
		return 0;
	if (read_word(toml, toml->key))
		return err_code();
	skip_blanks(toml);
	if (peek(toml) != '=')
		return refuse(toml, "\"=\" is missing");
	toml->at++;
	skip_blanks(toml);
	if (read_value(toml, &value) || end_line(toml))
		return err_code();
	value.key = toml->key;
	*ret_value = value;
	return 1;
}

void toml_release(struct toml *toml)
{
	free(take(toml->key));
	free(take(toml->word));
}
