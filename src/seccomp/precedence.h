/* SPDX-License-Identifier: GPL-2.0-or-later */
/* precedence - which rule counts where several fit the same system call. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "seccomp/entries.h"

/*
 * runtime-spec does not say what rules of different actions mean that fit the
 * same call with the same arguments.  Here:
 *
 *  - The first rule without conditions counts, whatever others say: as libseccomp.
 *  - Otherwise, the strictest action counts, as with several filters in the
 *    kernel: KILL_PROCESS, KILL_THREAD, TRAP, ERRNO, USER_NOTIF, TRACE, LOG,
 *    ALLOW (seccomp(2)).
 *  - But an exception counts before what it is an exception from: a rule that
 *    has the same conditions, but compares an argument for equality where the
 *    other has an inequality, or by an inequality of the same direction that
 *    fewer values fulfil.  libseccomp has it so, whatever the order of rules is.
 *  - Of ERRNO and TRACE with different values the narrower rule counts, then
 *    the first.
 *
 * Rules that say what the default says anyway are not looked at (as in runc).
 * What is called by socketcall(2) or ipc(2) is treated like a system call.
 */

/*
 * Put ENTRIES, all of one number, in the order in which they are to be tried,
 * and leave out what never counts.  The first that fits counts, unless an
 * exception from it, which comes later, fits, too.  Refused: rules that say
 * different things under the same conditions.
 */
int precedence_settle(struct entry *entries, size_t count, size_t *ret_count);

/* True when ONE is an exception from OTHER, which has the same number. */
bool precedence_is_exception(const struct entry *one, const struct entry *other);
