/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ps - the processes of a container. */
#include "container/ps.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/child.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/number.h"
#include "container/state.h"

#define PS_MS 30000

#define BLANKS " \t"

struct pids {
	pid_t *items;
	size_t count;
};

/* The word of LINE at INDEX; NULL when there are fewer. */
static const char *find_word(const char *line, int index, size_t *ret_length)
{
	for (;; index--) {
		line += strspn(line, BLANKS);
		if (!*line)
			return NULL;
		*ret_length = strcspn(line, BLANKS);
		if (index == 0)
			return line;
		line += *ret_length;
	}
}

static int find_column(const char *heading, int *ret_column)
{
	const char *word;
	size_t length;

	for (int i = 0; (word = find_word(heading, i, &length)); i++)
		if (length == 3 && memcmp(word, "PID", 3) == 0) {
			*ret_column = i;
			return 0;
		}
	return err_refuse("couldn't find PID field in ps output");
}

/* Returns 1 or 0, or a failure when there is no pid in COLUMN. */
static int is_listed(const char *line, int column, const pid_t *pids, size_t count)
{
	char text[16] = "";
	size_t length = 0;
	const char *word = find_word(line, column, &length);
	uint64_t pid;

	if (word && length < sizeof(text))
		memcpy(text, word, length);
	if (number_u64(text, INT32_MAX, &pid))
		return err_refuse("unable to parse pid in ps output: %s", line);
	for (size_t i = 0; i < count; i++)
		if ((uint64_t)pids[i] == pid)
			return 1;
	return 0;
}

int ps_filter(char *text, const pid_t *pids, size_t count, struct buf *out)
{
	char *line = strsep(&text, "\n");
	int column;
	int r = find_column(line, &column);

	if (r < 0)
		return r;
	buf_printf(out, "%s\n", line);
	while ((line = strsep(&text, "\n"))) {
		if (!*line)
			continue;
		r = is_listed(line, column, pids, count);
		if (r < 0)
			return r;
		if (r > 0)
			buf_printf(out, "%s\n", line);
	}
	return 0;
}

/* const, as execvp(3) takes them: it changes nothing. */
static char **ps_command(const char *const *arguments)
{
	static const char *const usual[] = { "-ef", NULL };
	size_t count = 0;
	char **command;

	if (!arguments[0])
		arguments = usual;
	while (arguments[count])
		count++;
	command = xcalloc(count + 2, sizeof(*command));
	command[0] = xstrdup("ps");
	for (size_t i = 0; i < count; i++)
		command[i + 1] = xstrdup(arguments[i]);
	return command;
}

static int print_table(const struct pids *pids, const char *const *arguments, struct buf *out)
{
	_cleanup_strings_ char **command = ps_command(arguments);
	_cleanup_buf_ struct buf lines = { 0 };
	int r = child_output(command, PS_MS, &lines);

	if (r < 0)
		return r;
	return ps_filter(lines.size ? lines.text : (char[]){ "" }, pids->items, pids->count,
			 out);
}

static void print_json(const struct pids *pids, struct buf *out)
{
	buf_add(out, "[", 1);
	for (size_t i = 0; i < pids->count; i++)
		buf_printf(out, "%s%d", i ? "," : "", (int)pids->items[i]);
	buf_add(out, "]\n", 2);
}

static int list(const struct record *record, struct pids *ret_pids)
{
	struct cgroup cgroup;
	int r = container_cgroup(record, &cgroup);

	if (r == 0 && cgroup.fd < 0)
		r = record->cgroup ? err_refuse("container not running")
				   : err_refuse("container %s has no cgroup: its processes "
						"cannot be listed",
						record->id);
	if (r == 0)
		r = cgroup_pids(&cgroup, &ret_pids->items, &ret_pids->count);
	cgroup_close(&cgroup);
	return r;
}

int container_ps(const struct runtime *runtime, const char *id, enum ps_format format,
		 const char *const *arguments, struct buf *out)
{
	_cleanup_slot_ struct store_slot slot = { .fd = NO_FD, .parent = NO_FD };
	_cleanup_arena_ struct arena arena = { 0 };
	struct pids pids = { 0 };
	struct record record;
	int r = container_open(runtime, id, &slot);

	if (r == 0)
		r = container_read(&slot, &arena, &record);
	if (r == 0)
		r = list(&record, &pids);
	if (r == 0 && format == PS_JSON)
		print_json(&pids, out);
	else if (r == 0)
		r = print_table(&pids, arguments, out);
	free(pids.items);
	return r;
}
