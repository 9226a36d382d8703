/* SPDX-License-Identifier: GPL-2.0-or-later */
/* document - what the shim wants to know of a container's config.json. */
#include "shim/task/document.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "libocispec/decode.h"
#include "libocispec/tables.h"

struct brief_namespace {
	const char *type;
	const char *path;
};
OCI_LIST(brief_namespaces, struct brief_namespace);

struct brief_linux {
	struct brief_namespaces namespaces;
	const char *cgroups_path;
};

struct brief {
	struct oci_pairs annotations;
	struct brief_linux *linux_;
};

/* clang-format off */
#define T brief_namespace
static const struct oci_type brief_namespace_type = TYPE(
	STRING("type", type),
	STRING("path", path));
#undef T

#define T brief_linux
static const struct oci_type brief_linux_type = TYPE(
	OBJECTS("namespaces",  namespaces, brief_namespace),
	STRING ("cgroupsPath", cgroups_path));
#undef T

#define T brief
static const struct oci_type brief_type = TYPE(
	STRING_MAP("annotations", annotations),
	OBJECT    ("linux",       linux_, brief_linux));
#undef T

/* The first that is there counts. */
static const char *const group_annotations[] = {
	"io.containerd.runc.v2.group",
	"io.kubernetes.cri.sandbox-id",
	NULL,
};
/* clang-format on */

static void find_group(const struct brief *brief, struct document *document)
{
	for (size_t i = 0; group_annotations[i] && !document->group; i++) {
		const char *group = oci_pairs_get(&brief->annotations, group_annotations[i]);

		if (group && *group)
			document->group = xstrdup(group);
	}
}

/* "system.slice:cri-containerd:ID": exactly two colons, and no path. */
static bool names_unit(const char *path)
{
	const char *first = path ? strchr(path, ':') : NULL;
	const char *second = first ? strchr(first + 1, ':') : NULL;

	return second && path[0] != '/' && !strchr(second + 1, ':');
}

static bool has_own_pids(const struct brief_linux *linux_)
{
	for (size_t i = 0; linux_ && i < linux_->namespaces.count; i++) {
		const struct brief_namespace *namespace = &linux_->namespaces.items[i];

		if (namespace->type && strcmp(namespace->type, "pid") == 0)
			return !namespace->path || !*namespace->path;
	}
	return false;
}

static void read_bytes(const char *bytes, size_t size, struct document *document)
{
	struct oci_document text = { "config.json", bytes, size };
	struct arena arena = { 0 };
	struct brief brief = { 0 };
	struct oci_error error;

	if (oci_decode(&brief_type, &text, &arena, &brief, &error) == 0) {
		find_group(&brief, document);
		document->is_systemd = brief.linux_ && names_unit(brief.linux_->cgroups_path);
		document->has_own_pids = has_own_pids(brief.linux_);
	}
	arena_free(&arena);
}

void document_read(const char *bundle, struct document *ret_document)
{
	_cleanup_free_ char *path = xprintf("%s/config.json", bundle);
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat status;
	void *bytes;

	*ret_document = (struct document){ 0 };
	if (fd < 0 || fstat(fd, &status) < 0 || status.st_size <= 0 ||
	    status.st_size > OCI_DOCUMENT_MAX)
		return;
	bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (bytes == MAP_FAILED)
		return;
	read_bytes(bytes, (size_t)status.st_size, ret_document);
	munmap(bytes, (size_t)status.st_size);
}

void document_release(struct document *document)
{
	free(take(document->group));
}
