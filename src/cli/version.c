/* SPDX-License-Identifier: GPL-2.0-or-later */
/* version - what `tare --version` prints. */
#include "cli/version.h"

#include <seccomp.h>

#include "container/spec.h"

void version_text(const char *program, struct buf *out)
{
	const struct scmp_version *library = seccomp_version();

	buf_printf(out, "%s version %s\n", program, TARE_VERSION);
	buf_printf(out, "commit: %s\n", TARE_COMMIT);
	buf_printf(out, "spec: %s\n", OCI_VERSION_MAX);
	buf_printf(out, "libseccomp: %u.%u.%u\n", library->major, library->minor,
		   library->micro);
}
