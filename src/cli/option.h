/* SPDX-License-Identifier: GPL-2.0-or-later */
/* option - options as rows of a table that fill the members of a struct. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/words.h"

enum option_kind {
	OPTION_FLAG,   /* bool: --flag, --flag=false */
	OPTION_TEXT,   /* const char *, which points into the arguments; the last one counts */
	OPTION_TEXTS,  /* struct option_texts: each one counts */
	OPTION_NUMBER, /* unsigned, 0 to `max` */
	OPTION_WORD,   /* an int or enum: the value of one of `words` */
	OPTION_HELP,   /* every table has this row by itself: see option_parse() */
};

struct option_spec {
	const char *letters; /* its short names: "b", "vV"; "" for none */
	const char *name;    /* NULL ends the table */
	enum option_kind kind;
	size_t offset;
	const char *value; /* what help calls the value: "DIR" */
	const char *help;  /* without quotes, colons and brackets: it goes into shell scripts */
	union {
		unsigned max;             /* OPTION_NUMBER */
		const struct word *words; /* OPTION_WORD */
	};
};

/* The values of an option that may be said several times, in the order in which they were. */
struct option_texts {
	const char **items;
	size_t count;
};

/*
 * Rows, for a table whose file defines T as the struct's tag first.  A row whose kind does not
 * fit its member does not compile.
 */
/* clang-format off */
#define OPTION_ROW(l, n, k, m, t, v, h, ...) \
	{ .letters = (l), .name = (n), .kind = (k), .value = (v), .help = (h), \
	  .offset = offsetof(struct T, m) + _Generic(((struct T *)0)->m, t: 0), __VA_ARGS__ }

#define FLAG(l, n, m, h)      OPTION_ROW(l, n, OPTION_FLAG, m, bool, NULL, h)
#define TEXT(l, n, m, v, h)   OPTION_ROW(l, n, OPTION_TEXT, m, const char *, v, h)
#define TEXTS(l, n, m, v, h)  OPTION_ROW(l, n, OPTION_TEXTS, m, struct option_texts, v, h)
#define NUMBER(l, n, m, v, limit, h) \
	OPTION_ROW(l, n, OPTION_NUMBER, m, unsigned, v, h, .max = (limit))
#define WORD(l, n, m, t, table, h) \
	OPTION_ROW(l, n, OPTION_WORD, m, t, NULL, h, .words = (table))
/* clang-format on */

/* The row that every table has: --help, -h. */
extern const struct option_spec option_help;

/* What option_parse() found beside options. */
struct option_rest {
	const char **arguments; /* in their order, NULL behind the last; to be freed */
	unsigned count;
	bool wants_help; /* reading ended there */
};

/* A table and the struct of the kind that it was written for, which it fills. */
struct option_set {
	const struct option_spec *table;
	void *values;
	const struct option_set *outer; /* has what the table has not; NULL: nothing has */
};

/*
 * Read ARGUMENTS (NULL ends them) into the values of SET.  Spellings: --name VALUE, --name=VALUE,
 * the same with one dash, -x VALUE, -xVALUE, -x=VALUE, several flags behind one dash; "--" ends
 * options.  With STOPS, the first argument that is not an option ends them too.  Fails with a
 * record in the words of Go's flag package, which people know from runc.  The caller calls
 * option_release() in any case.
 */
int option_parse(const struct option_set *set, bool stops, const char *const *arguments,
		 struct option_rest *ret_rest);

/* Free what option_parse() allocated, but for the values of outer sets. */
void option_release(const struct option_set *set, struct option_rest *rest);

/* The words that a row of kind OPTION_WORD takes, SEPARATOR between them. */
void option_choices(const struct option_spec *row, const char *separator, struct buf *out);

/* How ROW can be written, each with a blank in front: " --bundle -b". */
void option_spellings(const struct option_spec *row, struct buf *out);

bool option_takes_value(const struct option_spec *row);

/* Its value is the name of a file or a directory. */
bool option_takes_file(const struct option_spec *row);
