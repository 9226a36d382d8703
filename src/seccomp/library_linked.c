/* SPDX-License-Identifier: GPL-2.0-or-later */
/* library_linked - libseccomp is in the program. */
#include "seccomp/library.h"

int seccomp_library_load(void)
{
	return 0;
}
