/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bundle - read config.json of a bundle. */
#pragma once

#include "libocispec/arena.h"
#include "libocispec/decode.h"
#include "libocispec/spec.h"

struct bundle {
	char *path;   /* clean, absolute */
	char *config; /* the file's path */
	struct arena arena;
	struct oci_document document; /* its bytes, for errors that come later */
	struct oci_spec spec;
};

/*
 * Read the bundle at PATH (NULL: the current directory); CONFIG is another file
 * in place of its config.json.  Both may be relative to the current directory.
 * The caller releases the bundle, also after a failure.
 */
int bundle_open(const char *path, const char *config, struct bundle *ret_bundle);

/* The same without a look at what is in the file: `spec` stays empty. */
int bundle_load(const char *path, const char *config, struct bundle *ret_bundle);

/*
 * A later step found something in config.json and its error begins with the JSON
 * path: put file, line and column in front.  Returns the error's code.
 */
int bundle_refuse(const struct bundle *bundle);

void bundle_release(struct bundle *bundle);
#define _cleanup_bundle_ _cleanup_(bundle_release)
