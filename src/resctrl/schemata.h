/* SPDX-License-Identifier: GPL-2.0-or-later */
/* schemata - lines such as "L3:0=ff;1=f0" of resctrl; pure. */
#pragma once

#include <stdbool.h>

/*
 * True when each part of LINE ("L3:0=ff") is in FILE, the content of a group's
 * `schemata`, with the same value.  What LINE does not speak of may be anything;
 * blanks, leading zeros and the case of letters do not count.
 */
bool schemata_has(const char *file, const char *line);

/* True for "NAME:ID=VALUE;ID=VALUE..." as the kernel takes it, on one line. */
bool schemata_is_line(const char *line);
