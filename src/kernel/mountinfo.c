/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mountinfo - read /proc/self/mountinfo, proc_pid_mountinfo(5). */
#include "kernel/mountinfo.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"

/* Space, tab, newline and backslash are written as \ and three octal digits. */
static int unescape(const char *text, size_t length, char *out, size_t size)
{
	size_t used = 0;

	for (size_t i = 0; i < length; i++) {
		char c = text[i];

		if (used + 1 >= size)
			return err_sys(ENAMETOOLONG, "mount point in mountinfo");
		if (c == '\\' && i + 3 < length) {
			c = (char)((text[i + 1] - '0') << 6 | (text[i + 2] - '0') << 3 |
				   (text[i + 3] - '0'));
			i += 3;
		}
		out[used++] = c;
	}
	out[used] = '\0';
	return 0;
}

/* The fifth field of a line before END, to OUT (NULL: only whether there is one). */
static int take_point(const char *line, const char *end, char *out, size_t size)
{
	const char *point = line;

	for (int field = 0; field < 4; field++) {
		point = strchr(point, ' ');
		if (!point || point >= end)
			return 0;
		point++;
	}
	if (out && unescape(point, strcspn(point, " "), out, size))
		return err_code();
	return 1;
}

int mountinfo_parse_line(const char *line, const char *type, char *out, size_t size)
{
	const char *separator = strstr(line, " - ");
	size_t length = strlen(type);

	if (!separator || strncmp(separator + 3, type, length) != 0 ||
	    separator[3 + length] != ' ')
		return 0;
	return take_point(line, separator, out, size);
}

int mountinfo_parse_id(const char *line, int id, char *out, size_t size)
{
	const char *separator = strstr(line, " - ");
	char *end;
	long value = strtol(line, &end, 10);

	if (!separator || value != id || *end != ' ')
		return 0;
	return take_point(line, separator, out, size);
}

static void close_file(FILE **file)
{
	if (*file)
		fclose(*file);
}

int mountinfo_find_type(const char *type, char *out, size_t size)
{
	_cleanup_(close_file) FILE *file = fopen("/proc/self/mountinfo", "re");
	_cleanup_free_ char *line = NULL;
	size_t room = 0;
	int found = 0;

	if (out)
		out[0] = '\0';
	if (!file)
		return err_sys(errno, "open /proc/self/mountinfo");
	while (found == 0 && getline(&line, &room, file) > 0)
		found = mountinfo_parse_line(line, type, out, size);
	return found;
}

int mountinfo_find_id(pid_t pid, int id, char *out, size_t size)
{
	_cleanup_(close_file) FILE *file = NULL;
	_cleanup_free_ char *line = NULL;
	size_t room = 0;
	char path[64];
	int found = 0;

	out[0] = '\0';
	snprintf(path, sizeof(path), "/proc/%d/mountinfo", pid);
	file = fopen(path, "re");
	if (!file)
		return err_sys(errno, "open %s", path);
	while (found == 0 && getline(&line, &room, file) > 0)
		found = mountinfo_parse_id(line, id, out, size);
	return found;
}
