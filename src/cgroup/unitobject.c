/* SPDX-License-Identifier: GPL-2.0-or-later */
/* unitobject - what systemd calls a unit on the bus. */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "cgroup/unit.h"

#define PREFIX "/org/freedesktop/systemd1/unit/"

/* Not isalnum(3): the locale has no say. */
static bool is_plain(char c, bool is_first)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9' && !is_first);
}

int unit_object(const char *name, char ret_path[static UNIT_OBJECT_MAX])
{
	static const char digits[] = "0123456789abcdef";
	char path[UNIT_OBJECT_MAX] = PREFIX;
	size_t used = sizeof(PREFIX) - 1;

	for (const char *c = name; *c; c++) {
		if (used + sizeof("_00") > sizeof(path))
			return -ENAMETOOLONG;
		if (is_plain(*c, c == name)) {
			path[used++] = *c;
			continue;
		}
		path[used++] = '_';
		path[used++] = digits[(unsigned char)*c >> 4];
		path[used++] = digits[*c & 0xf];
	}
	memcpy(ret_path, path, used);
	ret_path[used] = '\0';
	return 0;
}
