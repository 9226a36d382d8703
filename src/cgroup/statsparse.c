/* SPDX-License-Identifier: GPL-2.0-or-later */
/* statsparse - the kernel's words about what a cgroup has used. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cgroup/stats.h"

uint64_t stats_parse_number(const char *text)
{
	return strncmp(text, "max", 3) == 0 ? STATS_UNLIMITED : strtoull(text, NULL, 10);
}

/* Behind the end of this line; NULL behind the last. */
static const char *next_line(const char *line)
{
	line = strchr(line, '\n');
	return line && line[1] ? line + 1 : NULL;
}

uint64_t stats_parse_key(const char *text, const char *key)
{
	size_t length = strlen(key);

	for (const char *line = text; line; line = next_line(line))
		if (strncmp(line, key, length) == 0 && line[length] == ' ')
			return stats_parse_number(line + length + 1);
	return 0;
}

/* The number behind NAME in this line, "NAME12.34" as 1234 when it has hundredths. */
static uint64_t find_number(const char *line, const char *name, bool has_hundredths)
{
	size_t size = strcspn(line, "\n");
	const char *at = memmem(line, size, name, strlen(name));
	uint64_t value;
	char *end;

	if (!at)
		return 0;
	value = strtoull(at + strlen(name), &end, 10);
	if (!has_hundredths)
		return value;
	value *= 100;
	if (end[0] == '.' && end[1] >= '0' && end[1] <= '9') {
		value += (uint64_t)(end[1] - '0') * 10;
		if (end[2] >= '0' && end[2] <= '9')
			value += (uint64_t)(end[2] - '0');
	}
	return value;
}

static struct stats_pressure_line parse_pressure_line(const char *line)
{
	return (struct stats_pressure_line){
		.average10 = find_number(line, " avg10=", true),
		.average60 = find_number(line, " avg60=", true),
		.average300 = find_number(line, " avg300=", true),
		.total = find_number(line, " total=", false),
	};
}

void stats_parse_pressure(const char *text, struct stats_pressure *ret_pressure)
{
	struct stats_pressure pressure = { 0 };

	for (const char *line = text; line; line = next_line(line)) {
		if (strncmp(line, "some ", 5) == 0)
			pressure.some = parse_pressure_line(line);
		else if (strncmp(line, "full ", 5) == 0)
			pressure.full = parse_pressure_line(line);
		else
			continue;
		pressure.is_set = true;
	}
	*ret_pressure = pressure;
}

static size_t count_lines(const char *text)
{
	size_t count = 0;

	for (const char *line = *text ? text : NULL; line; line = next_line(line))
		count++;
	return count;
}

void stats_parse_pairs(const char *text, struct stats_pair **ret_pairs, size_t *ret_count)
{
	struct stats_pair *pairs = xcalloc(count_lines(text) + 1, sizeof(*pairs));
	size_t count = 0;

	for (const char *line = text; line; line = next_line(line)) {
		size_t length = strcspn(line, " \n");

		if (length && line[length] == ' ')
			pairs[count++] =
				(struct stats_pair){ xstrndup(line, length),
						     strtoull(line + length, NULL, 10) };
	}
	*ret_pairs = pairs;
	*ret_count = count;
}

/* "8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=0 dios=0" */
void stats_parse_io(const char *text, struct stats_io **ret_io, size_t *ret_count)
{
	struct stats_io *io = xcalloc(count_lines(text) + 1, sizeof(*io));
	size_t count = 0;

	for (const char *line = text; line; line = next_line(line)) {
		char *end;
		uint64_t major = strtoull(line, &end, 10);

		if (end == line || *end != ':')
			continue;
		io[count++] = (struct stats_io){
			.major = major,
			.minor = strtoull(end + 1, NULL, 10),
			.read_bytes = find_number(line, " rbytes=", false),
			.write_bytes = find_number(line, " wbytes=", false),
			.reads = find_number(line, " rios=", false),
			.writes = find_number(line, " wios=", false),
		};
	}
	*ret_io = io;
	*ret_count = count;
}
