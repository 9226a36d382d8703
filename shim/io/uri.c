/* SPDX-License-Identifier: GPL-2.0-or-later */
/* uri - where a stream goes, when it is more than a path. */
#include "shim/io/uri.h"

#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/words.h"

#define WORDS_MAX 256

static const struct word schemes[] = {
	{ "fifo", URI_FIFO },
	{ "binary", URI_BINARY },
	{ "binary-v2", URI_BINARY_V2 },
	{ "file", URI_FILE },
	{ 0 },
};

static int hex(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c | 0x20) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* SIZE bytes of TEXT without their percent signs; NULL when they are wrong. */
static char *decode(const char *text, size_t size, bool is_query)
{
	char *out = xcalloc(1, size + 1), *to = out;

	for (size_t i = 0; i < size; i++) {
		if (text[i] == '%') {
			int high = i + 2 < size ? hex(text[i + 1]) : -1;
			int low = i + 2 < size ? hex(text[i + 2]) : -1;

			if (high < 0 || low < 0 || high + low == 0) {
				free(out);
				return NULL;
			}
			*to++ = (char)(high << 4 | low);
			i += 2;
		} else {
			*to++ = (char)(text[i] == '+' && is_query ? ' ' : text[i]);
		}
	}
	*to = '\0';
	return out;
}

/* One KEY=VALUE, of SIZE bytes, becomes two words. */
static int add_pair(struct uri *uri, size_t *count, const char *pair, size_t size)
{
	const char *equals = memchr(pair, '=', size);
	size_t key = equals ? (size_t)(equals - pair) : size;

	if (*count + 2 >= WORDS_MAX)
		return err_refuse("more than %d parameters", WORDS_MAX / 2 - 1);
	uri->words = xreallocarray(uri->words, *count + 3, sizeof(char *));
	uri->words[*count] = decode(pair, key, true);
	uri->words[*count + 1] =
		equals ? decode(equals + 1, size - key - 1, true) : xstrdup("");
	uri->words[*count + 2] = NULL;
	if (!uri->words[*count] || !uri->words[*count + 1]) {
		free(uri->words[*count]);
		free(uri->words[*count + 1]);
		uri->words[*count] = NULL;
		return err_refuse("a percent sign without two digits");
	}
	*count += 2;
	return 0;
}

static int parse_query(struct uri *uri, const char *query)
{
	size_t count = 0;

	while (*query) {
		size_t size = strcspn(query, "&");

		if (size > 0 && add_pair(uri, &count, query, size))
			return err_while("query");
		query += size + (query[size] == '&');
	}
	return 0;
}

static int parse(const char *text, struct uri *uri)
{
	const char *slashes = strstr(text, "://"), *path = slashes ? slashes + 3 : text;
	size_t size = slashes ? strcspn(path, "?") : strlen(text);
	_cleanup_free_ char *name = slashes ? xstrndup(text, (size_t)(slashes - text)) : NULL;
	const struct word *scheme = word_find(schemes, name ? name : "fifo");

	if (!scheme)
		return err_refuse("unknown STDIO scheme %s", name);
	uri->scheme = (enum uri_scheme)scheme->value;
	uri->path = slashes ? decode(path, size, false) : xstrdup(text);
	if (!uri->path)
		return err_refuse("a percent sign without two digits");
	/* What is left of its slash would be the name of a host. */
	if (slashes && *uri->path != '/' && uri->scheme != URI_BINARY)
		return err_refuse("an absolute path is needed");
	return path[size] == '?' && slashes ? parse_query(uri, path + size + 1) : 0;
}

int uri_parse(const char *text, struct uri *ret_uri)
{
	struct uri uri = { 0 };

	if (parse(text, &uri)) {
		uri_release(&uri);
		return err_while("stdio %s", text);
	}
	*ret_uri = uri;
	return 0;
}

void uri_release(struct uri *uri)
{
	free(take(uri->path));
	strings_free(take(uri->words));
}
