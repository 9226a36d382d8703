/* SPDX-License-Identifier: GPL-2.0-or-later */
/* version - what `tare --version` prints. */
#include "cli/version.h"

#include <string.h>

#include "base/mem.h"
#include "cli/global.h"
#include "container/features.h"
#include "container/spec.h"

/* Who calls us crun wants to be answered as by crun, of which this is read by people alone. */
static void add_crun(const char *root, struct buf *out)
{
	buf_printf(out, "rundir: %s\n", root);
	buf_printf(out, "%s%s+APPARMOR +CAP +SECCOMP +EBPF %s+YAJL\n",
		   features_have_systemd() ? "+SYSTEMD " : "",
		   features_have_selinux() ? "+SELINUX " : "",
		   features_have_criu() ? "+CRIU " : "");
}

void version_text(const char *program, struct buf *out)
{
	const char *library = features_libseccomp();
	_cleanup_free_ char *root = global_default_root();

	buf_printf(out, "%s version %s\n", program, TARE_VERSION);
	buf_printf(out, "commit: %s\n", TARE_COMMIT);
	buf_printf(out, "spec: %s\n", OCI_VERSION_MAX);
	if (library)
		buf_printf(out, "libseccomp: %s\n", library);
	if (strcmp(program, "crun") == 0)
		add_crun(root, out);
}
