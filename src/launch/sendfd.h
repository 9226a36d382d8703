/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sendfd - hand a descriptor to whoever listens on a socket. */
#pragma once

/*
 * Connect to the stream socket PATH (absolute, of any length) and send FD with
 * TEXT beside it.  Gives up after ten seconds.
 */
int sendfd(const char *path, int fd, const char *text);

/*
 * Its two halves: connect with a socket of TYPE (SOCK_STREAM), returns it; and
 * send both in one message over STREAM, -ETIMEDOUT when not all of it was taken.
 */
int sendfd_connect(const char *path, int type);
int sendfd_send(int stream, int fd, const char *text);
