/* SPDX-License-Identifier: GPL-2.0-or-later */
/* decoding - what tests of libocispec need to decode a text. */
#pragma once

#include <check.h>
#include <string.h>

#include "libocispec/spec.h"

/* A document that must be taken; what it became lives in *ARENA. */
static inline struct oci_spec decode_text(const char *text, struct arena *arena)
{
	struct oci_document document = { "config.json", text, strlen(text) };
	struct oci_spec spec;
	struct oci_error error;
	int result = oci_decode_spec(&document, arena, &spec, &error);

	ck_assert_msg(result == 0, "%s", result ? error.text : "");
	return spec;
}

/* The same for the members of `process` or `linux` alone. */
#define SPEC(members) "{\"ociVersion\":\"1.3.0\"," members "}"
#define PROCESS(members) SPEC("\"process\":{\"cwd\":\"/\"," members "}")
#define LINUX(members) SPEC("\"linux\":{" members "}")
