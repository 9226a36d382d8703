/* SPDX-License-Identifier: GPL-2.0-or-later */
/* unitvalue - values of a unit's properties as annotations write them; for plan/ only. */
#pragma once

#include "cgroup/unit.h"
#include "plan/build.h"

/*
 * Read TEXT, in the text format of GVariant (true, 'text', ['a', 'b'], 10, 1.5, uint64 10), as the
 * value of PROPERTY; a number without a type is an int32.  Returns 0, or -EINVAL without a record
 * when it is none of these.
 */
int unitvalue_read(struct build *b, const char *text, struct unit_property *property);

/* What is a number of seconds becomes a uint64 of microseconds. -EINVAL, without a record: no number. */
int unitvalue_to_microseconds(struct unit_property *property);
