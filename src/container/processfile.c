/* SPDX-License-Identifier: GPL-2.0-or-later */
/* processfile - the process object that exec --process is given. */
#include "container/processfile.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fd.h"
#include "kernel/deadline.h"
#include "kernel/interrupt.h"

/* Whoever hands us a pipe has something to say. */
#define READ_MS 10000

/* Returns 1 when there may be more, 0 at the end. */
static int read_some(int fd, const char *file, struct deadline *deadline, struct buf *out)
{
	struct pollfd poll_fd = { fd, POLLIN, 0 };
	char bytes[16384];
	int ready = interrupt_poll(&poll_fd, 1, deadline_left(deadline));
	ssize_t n;

	if (ready < 0)
		return ready;
	if (ready == 0)
		return err_sys(ETIMEDOUT, "read %s", file);
	n = read(fd, bytes, sizeof(bytes));
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return 1;
	if (n < 0)
		return err_sys(errno, "read %s", file);
	if (out->size + (size_t)n > OCI_DOCUMENT_MAX)
		return err_refuse("%s has more than %u bytes", file, OCI_DOCUMENT_MAX);
	buf_add(out, bytes, (size_t)n);
	return n > 0;
}

static int check_kind(int fd, const char *file)
{
	struct stat status;

	if (fstat(fd, &status) < 0)
		return err_sys(errno, "stat %s", file);
	if (S_ISDIR(status.st_mode))
		return err_sys(EISDIR, "%s", file);
	if (S_ISREG(status.st_mode) || S_ISFIFO(status.st_mode))
		return 0;
	return err_refuse("%s is neither a regular file nor a pipe", file);
}

int processfile_bytes(const char *file, struct buf *out)
{
	_cleanup_close_ int opened = NO_FD;
	struct deadline deadline = deadline_in(READ_MS);
	bool is_stdin = strcmp(file, "-") == 0;
	int fd = STDIN_FILENO, more = 1;

	if (!is_stdin) {
		opened = fd_open(AT_FDCWD, file, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
		fd = opened;
	}
	if (fd < 0 || check_kind(fd, file))
		return err_code();
	while (more > 0)
		more = read_some(fd, file, &deadline, out);
	return more;
}

int processfile_read(const char *file, struct arena *arena, struct oci_process *ret_process,
		     size_t *size)
{
	_cleanup_buf_ struct buf text = { 0 };
	struct oci_document document = { .name = file };
	struct oci_error error;

	if (processfile_bytes(file, &text))
		return err_code();
	document.bytes = buf_text(&text);
	document.size = text.size;
	if (oci_decode_process(&document, arena, ret_process, &error))
		return err_refuse("%s", error.text);
	*size += document.size;
	return 0;
}
