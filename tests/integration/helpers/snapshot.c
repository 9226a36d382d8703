/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * snapshot [WORD PATH]... - what there is now, one per line, sorted: so that what a test leaves
 * behind can be told.  Processes (but for ourselves and who called us, bats, and what is dead) and
 * mounts, and of each PATH by its WORD:
 *
 *   not      it is left out of what follows, and what is below it
 *   cgroups  the directories below
 *   state    what is below, but for caches
 *   files    what is below, two levels and one file system deep
 *   names    what is in it
 *   machine  (any path) of processes those of the kernel, of systemd and of D-Bus are left out
 */
#include <dirent.h>
#include <err.h>
#include <fts.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST 16

static char **lines;
static size_t count;
static const char *left_out[MOST];
static size_t left_out_count;
static bool is_machine;

static void add(char *line)
{
	if (!(count & (count + 1)))
		lines = reallocarray(lines, 2 * (count + 1), sizeof(*lines));
	if (!lines || !line)
		err(1, "no memory");
	lines[count++] = line;
}

static void add_path(const char *word, const char *path)
{
	char *line;

	if (asprintf(&line, "%s %s", word, path) < 0)
		err(1, "no memory");
	add(line);
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* ---- files ---- */

struct kind {
	const char *word;
	const char *says;
	int depth; /* levels, or 0: all of them */
	int options;
	bool are_directories;
};

static const struct kind kinds[] = {
	{ "cgroups", "cgroup", 0, 0, true },
	{ "state", "state", 0, 0, false },
	{ "files", "file", 2, FTS_XDEV, false },
	{ "names", "file", 1, 0, false },
};

static bool is_left_out(const FTSENT *entry)
{
	size_t i;

	for (i = 0; i < left_out_count; i++)
		if (!strcmp(entry->fts_path, left_out[i]))
			return true;
	return !strncmp(entry->fts_name, "cache:", strlen("cache:")) ||
	       !strncmp(entry->fts_name, "bats-run-", strlen("bats-run-"));
}

static void add_entry(const struct kind *kind, FTS *tree, FTSENT *entry)
{
	bool is_new = entry->fts_level > 0 && entry->fts_info != FTS_DP &&
		      entry->fts_info != FTS_DNR; /* both: it was seen before */

	if (is_left_out(entry)) {
		fts_set(tree, entry, FTS_SKIP);
		return;
	}
	if (is_new && (!kind->are_directories || entry->fts_info == FTS_D))
		add_path(kind->says, entry->fts_path);
	if (kind->depth && entry->fts_level >= kind->depth)
		fts_set(tree, entry, FTS_SKIP);
}

static void add_below(const struct kind *kind, char *path)
{
	char *const paths[] = { path, NULL };
	FTS *tree = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR | kind->options, NULL);
	FTSENT *entry;

	if (!tree)
		err(1, "%s", path);
	while ((entry = fts_read(tree)))
		add_entry(kind, tree, entry);
	fts_close(tree);
}

/* ---- processes ---- */

/* The content of a file of a process, with its length; nothing when it has gone. */
static size_t read_file(const char *pid, const char *name, char *text, size_t size)
{
	char path[64];
	size_t length = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%s/%s", pid, name);
	file = fopen(path, "re");
	if (file) {
		length = fread(text, 1, size - 1, file);
		fclose(file);
	}
	text[length] = '\0';
	return length;
}

/* The parent of a process and its state; false when it has gone. */
static bool read_stat(const char *pid, char *state, int *parent)
{
	char text[512], *end;

	if (!read_file(pid, "stat", text, sizeof(text)))
		return false;
	end = strrchr(text, ')');
	return end && sscanf(end, ") %c %d", state, parent) == 2;
}

static bool is_above_us(int pid)
{
	int above = getpid();
	char number[16], state;

	while (above > 0 && above != pid) {
		snprintf(number, sizeof(number), "%d", above);
		if (!read_stat(number, &state, &above))
			return false;
	}
	return above == pid;
}

/* bats' own, which ends a test that hangs. */
static bool is_clock(const char *words)
{
	const char *timeout = getenv("BATS_TEST_TIMEOUT");

	return timeout && !strncmp(words, "sleep ", strlen("sleep ")) &&
	       !strcmp(words + strlen("sleep "), timeout);
}

static bool is_of_interest(const char *words)
{
	static const char *const machines[] = { "systemd", "(sd-", "dbus-daemon" };
	size_t i;

	if (strstr(words, "bats") || is_clock(words))
		return false;
	for (i = 0; is_machine && i < sizeof(machines) / sizeof(*machines); i++)
		if (strstr(words, machines[i]))
			return false;
	return *words || !is_machine;
}

static void add_process(const char *pid)
{
	char words[4096], state, *line;
	size_t length, i;
	int parent;

	if (!read_stat(pid, &state, &parent) || strchr("ZX", state) || is_above_us(atoi(pid)))
		return;
	length = read_file(pid, "cmdline", words, sizeof(words));
	for (i = 0; i + 1 < length; i++)
		if (!words[i])
			words[i] = ' ';
	if (!is_of_interest(words))
		return;
	if (asprintf(&line, "process %s %s", pid, words) < 0)
		err(1, "no memory");
	add(line);
}

static void add_processes(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	if (!proc)
		err(1, "/proc");
	while ((entry = readdir(proc)))
		if (strspn(entry->d_name, "0123456789") == strlen(entry->d_name))
			add_process(entry->d_name);
	closedir(proc);
}

/* ---- mounts, but for their numbers ---- */

static const char *without_numbers(const char *line)
{
	int words;

	for (words = 0; *line && words < 4; line++)
		words += *line == ' ';
	return line;
}

static void add_mounts(void)
{
	FILE *file = fopen("/proc/self/mountinfo", "re");
	char *line = NULL;
	size_t size = 0;
	ssize_t length;

	if (!file)
		err(1, "mountinfo");
	while ((length = getline(&line, &size, file)) > 0) {
		line[length - 1] = '\0';
		add_path("mount", without_numbers(line));
	}
	free(line);
	fclose(file);
}

/* ---- what we are asked for ---- */

static void add_asked(const char *word, char *path)
{
	size_t i;

	if (!strcmp(word, "machine")) {
		is_machine = true;
		return;
	}
	if (!strcmp(word, "not") && left_out_count < MOST) {
		left_out[left_out_count++] = path;
		return;
	}
	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (!strcmp(word, kinds[i].word)) {
			add_below(&kinds[i], path);
			return;
		}
	}
	errx(2, "unknown: %s", word);
}

int main(int argc, char **argv)
{
	size_t i;

	for (i = 1; i + 1 < (size_t)argc; i += 2)
		add_asked(argv[i], argv[i + 1]);
	add_processes();
	add_mounts();
	qsort(lines, count, sizeof(*lines), compare);
	for (i = 0; i < count; i++)
		puts(lines[i]);
	return ferror(stdout) || fflush(stdout) ? 1 : 0;
}
