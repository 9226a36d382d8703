/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mountinfo - read /proc/self/mountinfo, proc_pid_mountinfo(5). */
#pragma once

#include <stddef.h>
#include <sys/types.h>

/*
 * Where the first file system of TYPE is mounted, unescaped, at OUT (NULL: only
 * whether there is one).  Returns 1 when there is one, 0 when not (OUT is "").
 */
int mountinfo_find_type(const char *type, char *out, size_t size);

/* The same for one line of the file; for tests and fuzzing. */
int mountinfo_parse_line(const char *line, const char *type, char *out, size_t size);

/*
 * Where the mount with this ID (see descriptor_mount()) is in the mount namespace of PID, as PID
 * sees it.  Returns 1, or 0 when it has none with this id (OUT is "").
 */
int mountinfo_find_id(pid_t pid, int id, char *out, size_t size);
int mountinfo_parse_id(const char *line, int id, char *out, size_t size);
