/* SPDX-License-Identifier: GPL-2.0-or-later */
/* errname - the names of errors, the same with every libc: glibc's, which Go has as well. */
#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/err.h"

/* Those that musl calls otherwise, of the ones that system calls of ours can return. */
/* clang-format off */
static const struct {
	int code;
	const char *name;
} names[] = {
	{ EIO,             "input/output error" },
	{ ECHILD,          "no child processes" },
	{ ENOMEM,          "cannot allocate memory" },
	{ EBUSY,           "device or resource busy" },
	{ EXDEV,           "invalid cross-device link" },
	{ EMFILE,          "too many open files" },
	{ ENOTTY,          "inappropriate ioctl for device" },
	{ ESPIPE,          "illegal seek" },
	{ EDOM,            "numerical argument out of domain" },
	{ ERANGE,          "numerical result out of range" },
	{ EDEADLK,         "resource deadlock avoided" },
	{ ENAMETOOLONG,    "file name too long" },
	{ ELOOP,           "too many levels of symbolic links" },
	{ ETIME,           "timer expired" },
	{ ECOMM,           "communication error on send" },
	{ EOVERFLOW,       "value too large for defined data type" },
	{ EUSERS,          "too many users" },
	{ ENOTSOCK,        "socket operation on non-socket" },
	{ EMSGSIZE,        "message too long" },
	{ EOPNOTSUPP,      "operation not supported" },
	{ EADDRINUSE,      "address already in use" },
	{ EADDRNOTAVAIL,   "cannot assign requested address" },
	{ ENETUNREACH,     "network is unreachable" },
	{ EISCONN,         "transport endpoint is already connected" },
	{ ENOTCONN,        "transport endpoint is not connected" },
	{ ESHUTDOWN,       "cannot send after transport endpoint shutdown" },
	{ ETOOMANYREFS,    "too many references: cannot splice" },
	{ ETIMEDOUT,       "connection timed out" },
	{ EHOSTUNREACH,    "no route to host" },
	{ EINPROGRESS,     "operation now in progress" },
	{ EUCLEAN,         "structure needs cleaning" },
	{ EDQUOT,          "disk quota exceeded" },
};
/* clang-format on */

const char *err_name(int code)
{
	static char text[96];

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].code == code)
			return names[i].name;
	snprintf(text, sizeof(text), "%s", strerror(code));
	if (islower((unsigned char)text[1]))
		text[0] = (char)tolower((unsigned char)text[0]);
	return text;
}
