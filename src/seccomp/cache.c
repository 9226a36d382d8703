/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cache - compiled seccomp profiles, found by their content. */
#include "seccomp/cache.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/mem.h"
#include "seccomp/library.h"
#include "seccomp/support.h"

/*
 * What engines ask again and again, word for word, takes six times as long to
 * compile as to read: names are looked up on three architectures.  Where
 * libseccomp compiles, it is hundreds of times.  A file holds everything that
 * the program was made of, which is compared byte by byte, so that two profiles
 * with the same hash only displace each other.  There are as many files as
 * SLOTS: the cache cannot grow.
 */
#define SLOTS 64
#define MAGIC 0x33636573U /* another one when files look otherwise */
#define KEY_MAX ((size_t)1 << 20)

struct header {
	uint32_t magic;
	uint32_t key_size;
	uint32_t count; /* of instructions, which follow the key */
	uint32_t check; /* of the instructions: what a power failure left must not be loaded */
};

/* As FNV-1a, eight bytes at a time, whose upper half comes down to where the multiplication starts. */
static uint64_t hash(const void *bytes, size_t size)
{
	uint64_t value = 0xcbf29ce484222325, eight = 0;
	const char *at = bytes;

	for (; size >= sizeof(eight); size -= sizeof(eight), at += sizeof(eight)) {
		memcpy(&eight, at, sizeof(eight));
		value = (value ^ eight) * 0x100000001b3;
		value ^= value >> 32;
	}
	eight = 0;
	memcpy(&eight, at, size);
	return (value ^ eight) * 0x100000001b3;
}

static uint32_t check_of(const struct sock_filter *program, size_t count)
{
	uint64_t value = hash(program, count * sizeof(*program));

	return (uint32_t)(value ^ value >> 32);
}

static void add_number(struct buf *key, uint64_t number)
{
	buf_add(key, &number, sizeof(number));
}

static void add_rule(struct buf *key, const struct seccomp_rule *rule)
{
	add_number(key, rule->action);
	add_number(key, rule->argument_count);
	for (size_t i = 0; i < rule->argument_count; i++) {
		const struct seccomp_argument *argument = &rule->arguments[i];

		add_number(key, argument->index);
		add_number(key, (uint64_t)argument->comparison);
		add_number(key, argument->value);
		add_number(key, argument->value_two);
	}
	add_number(key, rule->name_count);
	for (size_t i = 0; i < rule->name_count; i++)
		buf_add(key, rule->names[i], strlen(rule->names[i]) + 1);
}

/*
 * All that decides what the program is; SECCOMP_SOURCES, a checksum of this
 * folder, stands for the compiler and comes from the Makefile.  Flags are not
 * in it: they are for loading.
 */
static void make_key(struct buf *key, const struct seccomp_profile *profile)
{
	buf_printf(key, "tare %s libseccomp %s%c", SECCOMP_SOURCES, seccomp_library_version(),
		   '\0');
	add_number(key, seccomp_arch_native());
	add_number(key, profile->default_action);
	add_number(key, profile->is_strict);
	add_number(key, profile->architecture_count);
	for (size_t i = 0; i < profile->architecture_count; i++)
		add_number(key, profile->architectures[i]);
	add_number(key, profile->rule_count);
	for (size_t i = 0; i < profile->rule_count; i++)
		add_rule(key, &profile->rules[i]);
}

static bool is_ours(const struct stat *status)
{
	return S_ISREG(status->st_mode) && status->st_uid == geteuid() &&
	       !(status->st_mode & (S_IWGRP | S_IWOTH));
}

/* The file of KEY in one piece, or NULL: not there, somebody else's, cut short. */
static struct header *read_file(int directory, const char *name)
{
	_cleanup_close_ int fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	_cleanup_free_ struct header *file = NULL;
	struct stat status;
	size_t size;

	if (fd < 0 || fstat(fd, &status) < 0 || !is_ours(&status))
		return NULL;
	size = (size_t)status.st_size;
	if (size < sizeof(*file) || size > sizeof(*file) + KEY_MAX + BPF_MAXINSNS * 8)
		return NULL;
	file = xcalloc(size, 1);
	if (read(fd, file, size) != status.st_size || file->magic != MAGIC ||
	    file->count > BPF_MAXINSNS ||
	    size != sizeof(*file) + file->key_size + file->count * sizeof(struct sock_filter))
		return NULL;
	return take(file);
}

static bool find(int directory, const char *name, const struct buf *key,
		 struct seccomp_program *ret_program)
{
	_cleanup_free_ struct header *file = read_file(directory, name);
	_cleanup_free_ struct sock_filter *program = NULL;

	if (!file || file->key_size != key->size || memcmp(file + 1, key->text, key->size) != 0)
		return false;
	program = xcalloc(file->count, sizeof(*program));
	memcpy(program, (char *)(file + 1) + key->size, file->count * sizeof(*program));
	if (file->count == 0 || check_of(program, file->count) != file->check)
		return false;
	*ret_program = (struct seccomp_program){ take(program), file->count };
	return true;
}

static int write_file(int fd, const struct buf *key, const struct seccomp_program *program)
{
	_cleanup_buf_ struct buf file = { 0 };
	struct header header = {
		MAGIC,
		(uint32_t)key->size,
		(uint32_t)program->count,
		check_of(program->instructions, program->count),
	};

	buf_add(&file, &header, sizeof(header));
	buf_add(&file, key->text, key->size);
	buf_add(&file, program->instructions, program->count * sizeof(struct sock_filter));
	return fd_write_all(fd, file.text, file.size);
}

/*
 * The file has no name until it is whole, so nobody reads half of it, and
 * nothing remains of it should we be killed.  When two write at once, either
 * may win.
 */
static void store(int directory, const char *name, const struct buf *key,
		  const struct seccomp_program *program)
{
	_cleanup_close_ int fd = openat(directory, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (fd >= 0 && write_file(fd, key, program) == 0) {
		unlinkat(directory, name, 0);
		if (linkat(AT_FDCWD, path, directory, name, AT_SYMLINK_FOLLOW) < 0)
			log_debug("seccomp cache: %s not written", name);
	}
	err_clear();
}

int seccomp_compile_cached(int directory, const struct seccomp_profile *profile,
			   struct seccomp_program *ret_program)
{
	_cleanup_buf_ struct buf key = { 0 };
	char name[24];
	int r;

	if (directory < 0)
		return seccomp_compile(profile, ret_program);
	if (seccomp_library_load())
		return err_code();
	make_key(&key, profile);
	snprintf(name, sizeof(name), "seccomp-%02u",
		 (unsigned)(hash(key.text, key.size) % SLOTS));
	if (find(directory, name, &key, ret_program))
		return 0;
	r = seccomp_compile(profile, ret_program);
	if (r == 0 && key.size <= KEY_MAX)
		store(directory, name, &key, ret_program);
	return r;
}
