/* SPDX-License-Identifier: GPL-2.0-or-later */
/* log - why CRIU failed: what it answers, and the last errors of its log. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "criu/log.h"
#include "criu/swrk.h"

#define TAIL_MAX 32768
#define ERRORS_MAX 3

/* That it failed is known by now; and it goes on without more descriptors. */
static bool is_reason(const char *line, size_t size)
{
	static const char *const others[] = { "Dumping FAILED.", "Restoring FAILED.",
					      "Pre-dumping FAILED.",
					      "rlimit: Can't setup RLIMIT_NOFILE" };

	if (!memmem(line, size, "Error (", 7))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (memmem(line, size, others[i], strlen(others[i])))
			return false;
	return true;
}

/* "(00.101625) Error (file.c:12): text": without the time. */
static void add(const char *line, size_t size, struct buf *out)
{
	const char *error = memmem(line, size, "Error (", 7);

	if (out->size)
		buf_add(out, "; ", 2);
	buf_add(out, error, size - (size_t)(error - line));
}

void log_errors(const char *text, struct buf *out)
{
	const char *lines[ERRORS_MAX];
	size_t sizes[ERRORS_MAX], count = 0;

	while (*text) {
		size_t size = strcspn(text, "\n");

		if (is_reason(text, size)) {
			lines[count % ERRORS_MAX] = text;
			sizes[count++ % ERRORS_MAX] = size;
		}
		text += size + (text[size] != '\0');
	}
	for (size_t i = count > ERRORS_MAX ? count - ERRORS_MAX : 0; i < count; i++)
		add(lines[i % ERRORS_MAX], sizes[i % ERRORS_MAX], out);
}

/* The end of the log of a dump can be far from its beginning. */
static void read_tail(int directory, const char *name, char *text, size_t size)
{
	_cleanup_close_ int fd = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat about;
	ssize_t n = -1;

	if (fd >= 0 && fstat(fd, &about) == 0) {
		off_t start =
			about.st_size > (off_t)size - 1 ? about.st_size - (off_t)size + 1 : 0;

		n = pread(fd, text, size - 1, start);
	}
	text[n > 0 ? n : 0] = '\0';
}

static void directory_name(int fd, char *text, size_t size)
{
	char link[32];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, text, size - 1);
	text[n > 0 ? n : 0] = '\0';
}

static const char *name_of(enum criu_action action)
{
	switch (action) {
	case CRIU_DUMP:
		return "DUMP";
	case CRIU_RESTORE:
		return "RESTORE";
	case CRIU_PRE_DUMP:
		return "PRE_DUMP";
	default:
		return "NOTIFY";
	}
}

int criu_refuse(const struct criu_request *request, const struct criu_answer *answer)
{
	int directory = request->work >= 0 ? request->work : request->images;
	_cleanup_buf_ struct buf errors = { 0 };
	static char tail[TAIL_MAX];
	char name[1024];

	read_tail(directory, request->log, tail, sizeof(tail));
	directory_name(directory, name, sizeof(name));
	log_errors(tail, &errors);
	if (!errors.size)
		buf_printf(&errors, "%s", *answer->text ? answer->text : "it does not say why");
	return err_refuse("criu failed: type %s errno %d: %.900s (log file: %s/%s)",
			  name_of(request->action), answer->code, errors.text, name,
			  request->log);
}
