/* SPDX-License-Identifier: GPL-2.0-or-later */
/* runtime - the words that a runtime is called with, and what it says when it fails. */
#include "shim/task/runtime.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "libocispec/decode.h"
#include "libocispec/tables.h"

#define LOG_TAIL (64u << 10) /* bytes of the log that are looked at */

struct log_entry {
	const char *level;
	const char *msg;
};

#define T log_entry
/* clang-format off */
static const struct oci_type log_entry_type = TYPE(
	STRING("level", level),
	STRING("msg",   msg));
/* clang-format on */
#undef T

/* tare that was installed beside the shim goes before what PATH has. */
static char *find_binary(const struct options *options)
{
	char self[4096];
	ssize_t n;
	char *slash;

	if (*options->binary)
		return xstrdup(options->binary);
	n = readlink("/proc/self/exe", self, sizeof(self) - sizeof("/tare"));
	if (n > 0) {
		self[n] = '\0';
		slash = strrchr(self, '/');
		memcpy(slash ? slash : self, "/tare", sizeof("/tare"));
		if (access(self, X_OK) == 0)
			return xstrdup(self);
	}
	return xstrdup("tare");
}

void runtime_init(struct runtime *runtime, const struct options *options, const char *namespace,
		  const char *bundle, bool is_systemd)
{
	*runtime = (struct runtime){
		.binary = find_binary(options),
		.root = xprintf("%s/%s", *options->root ? options->root : OPTIONS_ROOT,
				namespace),
		.log = xprintf("%s/log.json", bundle),
		.criu = xstrdup(options->criu_path),
		.is_systemd = options->is_systemd || is_systemd,
	};
}

void runtime_release(struct runtime *runtime)
{
	free(take(runtime->binary));
	free(take(runtime->root));
	free(take(runtime->log));
	free(take(runtime->criu));
}

int runtime_use_criu(const struct runtime *runtime)
{
	const char *slash = strrchr(runtime->criu, '/'), *path = getenv("PATH");
	_cleanup_free_ char *first = NULL;

	if (!*runtime->criu)
		return 0;
	if (!slash || strcmp(slash, "/criu") != 0)
		return err_refuse("CriuPath: %s is not the path of a criu", runtime->criu);
	if (access(runtime->criu, X_OK) < 0)
		return err_sys(errno, "CriuPath: %s", runtime->criu);
	first = xprintf("%.*s:%s", (int)(slash - runtime->criu), runtime->criu,
			path ? path : "/usr/sbin:/usr/bin:/sbin:/bin");
	return setenv("PATH", first, 1) < 0 ? err_sys(errno, "setenv PATH") : 0;
}

void args_add(struct args *args, const char *fmt, ...)
{
	char *word = NULL;
	va_list ap;

	assert(args->count < ARGS_MAX);

	va_start(ap, fmt);
	if (vasprintf(&word, fmt, ap) < 0)
		word = xstrdup("");
	va_end(ap);
	args->words[args->count++] = word;
}

void args_release(struct args *args)
{
	for (size_t i = 0; i < args->count; i++)
		free(args->words[i]);
	*args = (struct args){ 0 };
}

void runtime_args(const struct runtime *runtime, const char *command, struct args *args)
{
	args_add(args, "%s", runtime->binary);
	args_add(args, "--root");
	args_add(args, "%s", runtime->root);
	args_add(args, "--log");
	args_add(args, "%s", runtime->log);
	args_add(args, "--log-format");
	args_add(args, "json");
	if (runtime->is_systemd)
		args_add(args, "--systemd-cgroup");
	args_add(args, "%s", command);
}

size_t runtime_log_size(const struct runtime *runtime)
{
	struct stat status;

	return stat(runtime->log, &status) == 0 ? (size_t)status.st_size : 0;
}

static bool read_line(const char *line, size_t size, struct buf *text)
{
	struct oci_document document = { "log", line, size };
	struct arena arena = { 0 };
	struct log_entry entry = { 0 };
	struct oci_error error;
	bool is_error;

	is_error = oci_decode(&log_entry_type, &document, &arena, &entry, &error) == 0 &&
		   entry.level && entry.msg && strcmp(entry.level, "error") == 0;
	if (is_error) {
		buf_release(text);
		buf_printf(text, "%s", entry.msg);
	}
	arena_free(&arena);
	return is_error;
}

bool runtime_find_error(const char *log, size_t size, struct buf *text)
{
	bool is_found = false;

	for (size_t at = 0; at < size;) {
		const char *end = memchr(log + at, '\n', size - at);
		size_t length = end ? (size_t)(end - log) - at : size - at;

		if (length > 0 && read_line(log + at, length, text))
			is_found = true;
		at += length + 1;
	}
	return is_found;
}

bool runtime_log_error(const struct runtime *runtime, size_t mark, struct buf *text)
{
	_cleanup_close_ int fd = open(runtime->log, O_RDONLY | O_CLOEXEC);
	_cleanup_free_ char *bytes = NULL;
	struct stat status;
	size_t size;
	ssize_t n;

	if (fd < 0 || fstat(fd, &status) < 0 || (size_t)status.st_size <= mark)
		return false;
	size = (size_t)status.st_size - mark;
	if (size > LOG_TAIL)
		size = LOG_TAIL;
	bytes = xcalloc(1, size);
	n = pread(fd, bytes, size, status.st_size - (off_t)size);
	return n > 0 && runtime_find_error(bytes, (size_t)n, text);
}
