/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bundle - read config.json of a bundle. */
#include "container/bundle.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "base/path.h"
#include "libocispec/locate.h"

static int make_absolute(const char *path, char **ret_path)
{
	_cleanup_free_ char *here = *path == '/' ? xstrdup("/") : getcwd(NULL, 0);

	if (!here)
		return err_sys(errno, "current directory");
	*ret_path = path_clean(here, path);
	return 0;
}

/* Bounded, and never a pipe or a device that would keep us waiting. */
static int read_config(const char *path, struct oci_document *document)
{
	_cleanup_close_ int fd = fd_open(AT_FDCWD, path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
	_cleanup_free_ char *bytes = NULL;
	struct stat status;
	ssize_t size;

	if (fd < 0)
		return fd;
	if (fstat(fd, &status) < 0)
		return err_sys(errno, "stat %s", path);
	if (!S_ISREG(status.st_mode))
		return err_refuse("%s is not a regular file", path);
	if (status.st_size > OCI_DOCUMENT_MAX)
		return err_refuse("%s has more than %u bytes", path, OCI_DOCUMENT_MAX);
	bytes = xcalloc((size_t)status.st_size + 1, 1);
	size = fd_read_sized(fd, bytes, (size_t)status.st_size);
	if (size == -EFBIG)
		return err_refuse("%s is being written to", path);
	if (size < 0)
		return err_while("%s", path);
	document->size = (size_t)size;
	document->bytes = take(bytes);
	return 0;
}

static int check_directory(const char *path)
{
	struct stat status;

	if (stat(path, &status) < 0)
		return err_sys(errno, "bundle %s", path);
	if (!S_ISDIR(status.st_mode))
		return err_sys(ENOTDIR, "bundle %s", path);
	return 0;
}

/* Without a bundle there is no config.json in it, and that is what to say then. */
static int explain(const char *path)
{
	struct err reason = *err_last();

	err_clear();
	return check_directory(path) ? err_code() : err_adopt(&reason);
}

int bundle_load(const char *path, const char *config, struct bundle *ret_bundle)
{
	struct bundle *bundle = ret_bundle;

	*bundle = (struct bundle){ 0 };
	if (make_absolute(path ? path : ".", &bundle->path))
		return err_code();
	if (!config)
		bundle->config = path_clean(bundle->path, "config.json");
	else if (check_directory(bundle->path) || make_absolute(config, &bundle->config))
		return err_code();
	bundle->document.name = path_name(bundle->config);
	return read_config(bundle->config, &bundle->document) ? explain(bundle->path) : 0;
}

int bundle_open(const char *path, const char *config, struct bundle *ret_bundle)
{
	struct bundle *bundle = ret_bundle;
	struct oci_error error;

	if (bundle_load(path, config, bundle))
		return err_code();
	if (oci_decode_spec(&bundle->document, &bundle->arena, &bundle->spec, &error))
		return err_refuse("%s", error.text);
	return 0;
}

int bundle_refuse(const struct bundle *bundle)
{
	const char *text = err_last()->text;
	size_t length = oci_path_length(&oci_spec_type, text);
	_cleanup_free_ char *path = xstrndup(text, length);
	unsigned line, column;

	if (length == 0)
		return err_code();
	/* A member that is missing at the top has no place but the whole document's. */
	if (oci_locate(&bundle->document, path, &line, &column))
		line = column = 1;
	return err_while("%s:%u:%u", bundle->document.name, line, column);
}

void bundle_release(struct bundle *bundle)
{
	arena_free(&bundle->arena);
	free((char *)bundle->document.bytes);
	free(bundle->path);
	free(bundle->config);
}
