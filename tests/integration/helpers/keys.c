/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keys - keyctl(2) for the tests; prints what the kernel returns or "errno N".
 *
 * keys session                what the session keyring is: type;uid;gid;permissions;name
 * keys label                  its label for the LSM
 * keys serial                 its number
 * keys add NAME VALUE         a key of type user in it; prints its number
 * keys find NAME              request_key(2)
 * keys in KEYRING NAME        search a keyring by its number
 * keys read KEY               the value of a key
 * keys join NAME COMMAND...   join a keyring, then execute
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SESSION (-3L)
enum { GET_ID = 0, JOIN = 1, DESCRIBE = 6, SEARCH = 10, READ = 11, GET_SECURITY = 17 };

static char text[1024];

static int told(long result)
{
	if (result < 0)
		printf("errno %d\n", errno);
	else
		printf("%ld\n", result);
	return result < 0;
}

static int show(int operation, long key)
{
	long size = syscall(SYS_keyctl, operation, key, text, sizeof(text) - 1);

	if (size < 0)
		return told(-1);
	printf("%.*s\n", (int)size, text);
	return 0;
}

int main(int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "";

	if (!strcmp(verb, "session"))
		return show(DESCRIBE, SESSION);
	if (!strcmp(verb, "label"))
		return show(GET_SECURITY, SESSION);
	if (!strcmp(verb, "serial"))
		return told(syscall(SYS_keyctl, GET_ID, SESSION, 0));
	if (!strcmp(verb, "add") && argc == 4)
		return told(syscall(SYS_add_key, "user", argv[2], argv[3], strlen(argv[3]),
				    SESSION));
	if (!strcmp(verb, "find") && argc == 3)
		return told(syscall(SYS_request_key, "user", argv[2], NULL, 0));
	if (!strcmp(verb, "in") && argc == 4)
		return told(syscall(SYS_keyctl, SEARCH, atol(argv[2]), "user", argv[3], 0));
	if (!strcmp(verb, "read") && argc == 3)
		return show(READ, atol(argv[2]));
	if (!strcmp(verb, "join") && argc > 3) {
		if (syscall(SYS_keyctl, JOIN, argv[2]) < 0)
			return told(-1);
		execvp(argv[3], argv + 3);
	}
	fprintf(stderr, "usage: keys VERB ...\n");
	return 2;
}
