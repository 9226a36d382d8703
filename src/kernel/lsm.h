/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lsm - SELinux.  lsm_library.c asks it through libselinux, lsm_selinuxfs.c, for static builds,
 * by itself; lsm_none.c is for a build without.
 */
#pragma once

#include <stdbool.h>

/* True when we were built for SELinux, whatever runs here. */
bool lsm_is_built(void);

/* True when the running kernel has a policy of SELinux, enforced or not, and we were built for it. */
bool lsm_has_selinux(void);

/* Refuse a CONTEXT that the loaded policy does not know. */
int lsm_check_selinux(const char *context);
