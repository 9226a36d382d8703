/* SPDX-License-Identifier: GPL-2.0-or-later */
/* err - say what failed, once, where it is known. */
#pragma once

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * A function that can fail returns 0 (or something >= 0) when it worked and a
 * negative errno when it did not.  What failed is kept in one record per
 * process, as errno is; callers add to it on the way up:
 *
 *	if (rootfs_open(r) || rootfs_mount_all(r))
 *		return err_while("prepare %s", r->path);
 *
 * which reads, outermost first: "prepare /b: open /b/proc: permission denied".
 *
 * Only main() prints the record.  It is plain data, so a child process hands
 * it to its parent with one write().
 */
#define ERR_TEXT_MAX 2048

struct err {
	int code;       /* an errno; 0 when nothing has failed */
	int line;       /* where it was raised, for --debug */
	bool is_system; /* the text ends where strerror(code) belongs */
	char file[48];
	char text[ERR_TEXT_MAX];
};

/* The system said no: "<message>: <strerror(code)>".  Returns -code. */
#define err_sys(code, ...) err_negative(err_raise((code), __FILE__, __LINE__, __VA_ARGS__))

/* We say no (bad config, bad usage): "<message>".  Returns -EINVAL. */
#define err_refuse(...) err_negative(err_raise_text(EINVAL, __FILE__, __LINE__, __VA_ARGS__))

/*
 * We say no because this machine, or who we are on it, cannot do it; elsewhere the same might
 * work: "<message>".  Returns -EOPNOTSUPP.
 */
#define err_lack(...) err_negative(err_raise_text(EOPNOTSUPP, __FILE__, __LINE__, __VA_ARGS__))

int err_raise(int code, const char *file, int line, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
int err_raise_text(int code, const char *file, int line, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* Put what the caller was doing in front.  Returns the failure's own code. */
#define err_while(...) err_negative(err_prepend(__VA_ARGS__))
int err_prepend(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* A failure is below 0: so that compilers and analyzers know it, too. */
static inline int err_negative(int code)
{
	return code < 0 ? code : -EIO;
}

/* The failure was expected and dealt with: forget it. */
void err_clear(void);

/* The record itself; code 0 when nothing has failed. */
const struct err *err_last(void);

/* What is recorded, as a result to pass on: after a || b, which do not say it. */
static inline int err_code(void)
{
	return err_negative(-err_last()->code);
}

/* Take over what another process recorded.  Returns its negative code. */
int err_adopt(const struct err *other);

/* Write the whole message to OUT (cut to SIZE, always terminated). */
void err_text(const struct err *err, char *out, size_t size);

/*
 * strerror(3) as runc's users know it: with a small first letter ("permission
 * denied") and, whatever libc this is, in Go's and glibc's words, since managers
 * look for them.  The text is static.
 */
const char *err_name(int code);
