/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sendfd - hand a descriptor to whoever listens on a socket. */
#pragma once

/*
 * Connect to the stream socket PATH (absolute, of any length) and send FD with
 * TEXT beside it.  Gives up after ten seconds.
 */
int sendfd(const char *path, int fd, const char *text);
