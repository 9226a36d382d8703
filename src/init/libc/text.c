/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text - the names of errors and signals, in glibc's words. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

/* clang-format off */
static const char *const errors[] = {
	[0]            = "Success",                  [EPERM]        = "Operation not permitted",
	[ESRCH]        = "No such process",          [EINTR]        = "Interrupted system call",
	[EIO]          = "Input/output error",       [E2BIG]        = "Argument list too long",
	[ENOEXEC]      = "Exec format error",        [EBADF]        = "Bad file descriptor",
	[ECHILD]       = "No child processes",       [ENOMEM]       = "Cannot allocate memory",
	[EACCES]       = "Permission denied",        [EFAULT]       = "Bad address",
	[EBUSY]        = "Device or resource busy",  [EEXIST]       = "File exists",
	[ENODEV]       = "No such device",           [ENOTDIR]      = "Not a directory",
	[EISDIR]       = "Is a directory",           [EINVAL]       = "Invalid argument",
	[EMFILE]       = "Too many open files",      [ETXTBSY]      = "Text file busy",
	[EFBIG]        = "File too large",           [ENOSPC]       = "No space left on device",
	[EROFS]        = "Read-only file system",    [EPIPE]        = "Broken pipe",
	[ENAMETOOLONG] = "File name too long",
	[ENOSYS]       = "Function not implemented",
	[ENOTEMPTY]    = "Directory not empty",      [EOPNOTSUPP]   = "Operation not supported",
	[ECONNRESET]   = "Connection reset by peer", [ECONNREFUSED] = "Connection refused",
	[ENOENT]       = "No such file or directory",
	[EAGAIN]       = "Resource temporarily unavailable",
	[ENOTTY]       = "Inappropriate ioctl for device",
	[ELOOP]        = "Too many levels of symbolic links",
};

static const char *const signals[] = {
	[SIGHUP]    = "Hangup",                     [SIGINT]    = "Interrupt",
	[SIGQUIT]   = "Quit",                       [SIGILL]    = "Illegal instruction",
	[SIGTRAP]   = "Trace/breakpoint trap",      [SIGABRT]   = "Aborted",
	[SIGBUS]    = "Bus error",                  [SIGFPE]    = "Floating point exception",
	[SIGKILL]   = "Killed",                     [SIGUSR1]   = "User defined signal 1",
	[SIGSEGV]   = "Segmentation fault",         [SIGUSR2]   = "User defined signal 2",
	[SIGPIPE]   = "Broken pipe",                [SIGALRM]   = "Alarm clock",
	[SIGTERM]   = "Terminated",                 [SIGSTKFLT] = "Stack fault",
	[SIGCHLD]   = "Child exited",               [SIGCONT]   = "Continued",
	[SIGSTOP]   = "Stopped (signal)",           [SIGTSTP]   = "Stopped",
	[SIGTTIN]   = "Stopped (tty input)",        [SIGTTOU]   = "Stopped (tty output)",
	[SIGURG]    = "Urgent I/O condition",       [SIGXCPU]   = "CPU time limit exceeded",
	[SIGXFSZ]   = "File size limit exceeded",   [SIGVTALRM] = "Virtual timer expired",
	[SIGPROF]   = "Profiling timer expired",    [SIGWINCH]  = "Window changed",
	[SIGIO]     = "I/O possible",               [SIGPWR]    = "Power failure",
	[SIGSYS]    = "Bad system call",
};
/* clang-format on */

#define COUNT(array) (int)(sizeof(array) / sizeof((array)[0]))

char *strerror(int code)
{
	static char text[24];

	if (code >= 0 && code < COUNT(errors) && errors[code])
		return (char *)errors[code];
	snprintf(text, sizeof(text), "error %d", code);
	return text;
}

char *strsignal(int number)
{
	static char text[24];

	if (number > 0 && number < COUNT(signals) && signals[number])
		return (char *)signals[number];
	snprintf(text, sizeof(text), "signal %d", number);
	return text;
}
