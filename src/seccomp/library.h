/* SPDX-License-Identifier: GPL-2.0-or-later */
/* library - libseccomp: linked into a static program, else loaded when a filter is asked for. */
#pragma once

/*
 * To be called before the first function of seccomp.h, as these cannot say that this machine has no
 * libseccomp.
 */
int seccomp_library_load(void);
