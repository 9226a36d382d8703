/* SPDX-License-Identifier: GPL-2.0-or-later */
/* info - what the shim and its runtime are and can. */
#pragma once

/* A RuntimeInfo for options on stdin, on stdout. Returns 0, or -errno with a record. */
int info_run(void);

/* Name and version, for people. */
int info_print_version(void);
