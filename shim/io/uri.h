/* SPDX-License-Identifier: GPL-2.0-or-later */
/* uri - where a stream goes, when it is more than a path. */
#pragma once

#include <stdbool.h>

enum uri_scheme { URI_FIFO, URI_BINARY, URI_BINARY_V2, URI_FILE };

struct uri {
	enum uri_scheme scheme;
	char *path;
	char **words; /* of the query: each key and its value; ended by NULL */
};

/*
 * Read TEXT: a path (scheme fifo), or SCHEME://PATH?KEY=VALUE&... whose query is decoded as in
 * forms: percent signs and plus signs. The caller releases *RET_URI. Returns 0, or -EINVAL with
 * a record.
 */
int uri_parse(const char *text, struct uri *ret_uri);

void uri_release(struct uri *uri);
