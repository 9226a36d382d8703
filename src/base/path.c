/* SPDX-License-Identifier: GPL-2.0-or-later */
/* path - path names as text; nothing here asks the file system. */
#include "base/path.h"

#include <string.h>

#include "base/mem.h"

/* Append one component to the SIZE bytes at OUT; "..", takes one away.  Returns the new size. */
static size_t append(char *out, size_t size, const char *component, size_t length)
{
	if (length == 0 || (length == 1 && component[0] == '.'))
		return size;
	if (length == 2 && memcmp(component, "..", 2) == 0) {
		while (size > 0 && out[size - 1] != '/')
			size--;
		return size > 0 ? size - 1 : 0;
	}
	out[size++] = '/';
	memcpy(out + size, component, length);
	return size + length;
}

static size_t append_all(char *out, size_t size, const char *path)
{
	while (*path) {
		size_t length = strcspn(path, "/");

		size = append(out, size, path, length);
		path += length;
		path += *path == '/';
	}
	return size;
}

char *path_clean(const char *base, const char *path)
{
	char *out = xcalloc(strlen(base) + strlen(path) + 3, 1);
	size_t size = 0;

	if (path[0] != '/')
		size = append_all(out, size, base);
	size = append_all(out, size, path);
	if (size == 0)
		out[size++] = '/';
	out[size] = '\0';
	return out;
}

static bool is_end(char c)
{
	return c == '/' || c == '\0';
}

/* "", "." and "..": what path_clean() takes away. */
static bool is_idle(const char *component)
{
	if (component[0] == '.')
		component += component[1] == '.' ? 2 : 1;
	return is_end(*component);
}

bool path_is_clean(const char *path)
{
	if (path[0] != '/')
		return false;
	if (path[1] == '\0')
		return true;
	for (; *path; path++)
		if (*path == '/' && is_idle(path + 1))
			return false;
	return true;
}

bool path_is_below(const char *path, const char *below)
{
	size_t size = strlen(below);

	if (strcmp(below, "/") == 0)
		return true;
	return strncmp(path, below, size) == 0 && (path[size] == '\0' || path[size] == '/');
}

const char *path_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}
