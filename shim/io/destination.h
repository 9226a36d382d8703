/* SPDX-License-Identifier: GPL-2.0-or-later */
/* destination - the client's side of a stream: a FIFO that is held open at both ends, or a file. */
#pragma once

/*
 * Open PATH for writing and, when it is a FIFO, for reading as well: so that the container goes
 * on when its reader is replaced, and waits when it is away. Returns 0; -EAGAIN without a record
 * while nobody has the FIFO open for reading; any other -errno with a record.
 */
int destination_open_output(const char *path, int *ret_to, int *ret_keep);

/*
 * Open the FIFO at PATH for reading, and for writing: so that a writer who goes away is no end
 * of input as long as KEEP is open. Returns 0, or -errno with a record.
 */
int destination_open_input(const char *path, int *ret_from, int *ret_keep);

/* The same, but a file to append to, and its directories, are made when nothing is there. */
int destination_open_file(const char *path, int *ret_to, int *ret_keep);
