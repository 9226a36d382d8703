/* SPDX-License-Identifier: GPL-2.0-or-later */
/* images - the directories that CRIU saves to and restores from. */
#include "container/images.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "libocispec/decode.h"
#include "libocispec/encode.h"
#include "libocispec/tables.h"
#include "plan/annotations.h"

#define FILE_NAME "descriptors.json"
#define FILE_MAX 16384
#define NOTIFY_FILE "notify"

/* An array has no name, and the tables know objects: it is read and written as a member of one. */
struct descriptors {
	struct oci_strings names;
};

#define HEAD "{\"descriptors\":"

#define T descriptors
static const struct oci_type descriptors_type = TYPE(STRINGS("descriptors", names));
#undef T

/*
 * mkdir -p; what is there already is as good.  The processes of a user namespace look for images
 * as its root: the directory can be searched, but not read, and its files are their owner's.
 */
static void make_all(const char *path)
{
	_cleanup_free_ char *copy = xstrdup(path);

	for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(copy, 0711);
		*slash = '/';
	}
	mkdir(copy, 0711);
}

static int open_directory(const char *option, const char *path, bool is_made)
{
	int fd;

	if (!*path)
		return err_refuse("--%s: must not be empty", option);
	if (is_made)
		make_all(path);
	fd = fd_open(AT_FDCWD, path, O_RDONLY | O_DIRECTORY, 0);
	return fd < 0 ? err_while("--%s", option) : fd;
}

int images_open(const char *path, const char *work, bool is_made, struct images *ret_images)
{
	*ret_images = (struct images)IMAGES_NONE;
	ret_images->directory = open_directory("image-path", path, is_made);
	if (ret_images->directory < 0)
		return ret_images->directory;
	if (work && *work)
		ret_images->work = open_directory("work-path", work, true);
	return ret_images->work < 0 && err_last()->code ? err_code() : 0;
}

void images_close(struct images *images)
{
	fd_close(images->directory);
	fd_close(images->work);
	*images = (struct images)IMAGES_NONE;
}

int images_write_descriptors(const struct images *images, const struct oci_strings *names)
{
	_cleanup_close_ int fd = fd_open(images->directory, FILE_NAME,
					 O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600);
	struct descriptors descriptors = { .names = *names };
	_cleanup_(oci_text_release) struct oci_text text = { 0 };

	if (fd < 0)
		return fd;
	oci_encode(&descriptors_type, &descriptors, NULL, &text);
	/* Without its braces and name. */
	if (fd_write_all(fd, text.bytes + strlen(HEAD), text.size - strlen(HEAD) - 1))
		return err_while(FILE_NAME);
	return 0;
}

int images_read_descriptors(const struct images *images, struct arena *arena,
			    struct oci_strings *ret_names)
{
	_cleanup_buf_ struct buf text = { 0 };
	struct descriptors descriptors = { 0 };
	struct oci_document document = { .name = FILE_NAME };
	struct oci_error error;
	char bytes[FILE_MAX];
	ssize_t size;

	*ret_names = (struct oci_strings){ 0 };
	if (faccessat(images->directory, FILE_NAME, F_OK, 0) < 0 && errno == ENOENT)
		return 0;
	size = fd_read_file(images->directory, FILE_NAME, bytes, sizeof(bytes));
	if (size < 0)
		return err_code();
	buf_printf(&text, HEAD "%s}", bytes);
	document.bytes = buf_text(&text);
	document.size = text.size;
	if (oci_decode(&descriptors_type, &document, arena, &descriptors, &error))
		return err_refuse("%s", error.text);
	*ret_names = descriptors.names;
	return 0;
}

/* clang-format off */
static const char *const notify_words[] = {
	[IMAGES_NO_SOCKET] = "none",
	[IMAGES_NOT_READY] = "not ready",
	[IMAGES_READY]     = "ready",
};
/* clang-format on */

int images_write_notify(const struct images *images, enum images_notify notify)
{
	_cleanup_close_ int fd = NO_FD;

	if (notify == IMAGES_NO_SOCKET) /* nor is one of an earlier checkpoint's */
		return unlinkat(images->directory, NOTIFY_FILE, 0) < 0 && errno != ENOENT
			       ? err_sys(errno, "remove %s", NOTIFY_FILE)
			       : 0;
	fd = fd_open(images->directory, NOTIFY_FILE, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW,
		     0600);
	if (fd < 0)
		return fd;
	return fd_write_all(fd, notify_words[notify], strlen(notify_words[notify]))
		       ? err_while(NOTIFY_FILE)
		       : 0;
}

int images_read_notify(const struct images *images, enum images_notify *ret_notify)
{
	char text[64];

	*ret_notify = IMAGES_NO_SOCKET;
	if (faccessat(images->directory, NOTIFY_FILE, F_OK, 0) < 0 && errno == ENOENT)
		return 0;
	if (fd_read_file(images->directory, NOTIFY_FILE, text, sizeof(text)) < 0)
		return err_code();
	for (size_t i = 0; i < ARRAY_SIZE(notify_words); i++)
		if (strcmp(text, notify_words[i]) == 0) {
			*ret_notify = (enum images_notify)i;
			return 0;
		}
	return err_refuse("%s: '%s' is not a word of ours", NOTIFY_FILE, text);
}

const char *images_config(const struct oci_pairs *annotations)
{
	static const char *const files[] = { "/etc/criu/tare.conf", "/etc/criu/runc.conf" };
	const char *said = annotation_find(annotations, ANNOTATION_CRIU_CONFIG);

	if (said)
		return *said ? said : NULL;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		if (access(files[i], F_OK) == 0)
			return files[i];
	return NULL;
}
