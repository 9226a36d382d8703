/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz_options - any bytes as options of a runtime, addresses of streams, mounts and logs. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "shim/io/uri.h"
#include "shim/start.h"
#include "shim/task/mounts.h"
#include "shim/task/oom.h"
#include "shim/task/options.h"
#include "shim/task/runtime.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int is_true)
{
	if (!is_true)
		abort();
}

/* A refusal says why, and what is read says nothing. */
static void check(int result)
{
	must((result < 0) == (err_last()->code != 0));
	must(result == 0 || strlen(err_last()->text) > 0);
	err_clear();
}

static void read_options(const uint8_t *data, size_t size)
{
	static const char *const types[] = { "containerd.runc.v1.Options",
					     "a.host/runtimeoptions.v1.Options",
					     "containerd.linux.runc.CreateOptions", "",
					     "other" };
	struct options options;
	int r = options_read_toml((const char *)data, size, &options);

	check(r);
	if (r == 0)
		options_release(&options);
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		Api__Any any = API__ANY__INIT;

		any.type_url = (char *)types[i];
		any.value.data = (uint8_t *)data;
		any.value.len = size;
		/* A path in it would be read from this machine. */
		if (i == 1 && memchr(data, '/', size))
			continue;
		r = options_read(&any, &options);
		check(r);
		if (r == 0)
			options_release(&options);
	}
}

static void read_bootstrap(const uint8_t *data, size_t size)
{
	const struct arguments arguments = { .id = "c", .namespace = "ns" };
	struct bootstrap bootstrap;
	int r = bootstrap_parse(&arguments, data, size, &bootstrap);
	uint8_t *reply;

	check(r);
	if (r < 0)
		return;
	must(bootstrap_reply(&bootstrap, "/s", &reply) > 0);
	free(reply);
	bootstrap_release(&bootstrap);
}

static void read_text(char *text)
{
	struct mount_flags flags;
	struct oom_counts counts;
	char *shortened = NULL, *folder;
	struct uri uri;
	int r = uri_parse(text, &uri);

	check(r);
	if (r == 0)
		uri_release(&uri);
	r = mounts_read_options(&text, 1, &flags);
	check(r);
	if (r == 0)
		mounts_release_options(&flags);
	folder = mounts_shorten(text, &shortened);
	must(!folder == !shortened);
	must(!shortened || strlen(shortened) < strlen(text));
	free(folder);
	free(shortened);
	oom_parse(text, &counts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf log = { 0 };
	char *text = malloc(size + 1);

	must(text != NULL);
	memcpy(text, data, size);
	text[size] = '\0';
	read_options(data, size);
	read_bootstrap(data, size);
	read_text(text);
	runtime_find_error(text, size, &log);
	buf_release(&log);
	free(text);
	return 0;
}
