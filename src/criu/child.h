/* SPDX-License-Identifier: GPL-2.0-or-later */
/* child - between fork(2) and the execution of criu; for criu/ only. */
#pragma once

#include "criu/swrk.h"

/*
 * Enter PLACE and execute criu, which reads our standard input, has NULL_FD as its output and
 * OUTPUT for its errors.  The other end of the socket that it is asked through goes to REPORT.
 * Returns when that failed.
 */
int child_become(const struct criu_place *place, int null_fd, int output, int report);
