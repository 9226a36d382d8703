/* SPDX-License-Identifier: GPL-2.0-or-later */
/* images - the directories that CRIU saves to and restores from. */
#pragma once

#include "base/fd.h"
#include "libocispec/arena.h"
#include "libocispec/value.h"

struct images {
	int directory;
	int work; /* logs and statistics; NO_FD: the same one */
};
#define IMAGES_NONE          \
	{                    \
		NO_FD, NO_FD \
	}

/* "checkpoint" in the current directory, where nothing else is said. */
#define IMAGES_DEFAULT "checkpoint"

/* Open both (WORK may be NULL), making WORK, and with IS_MADE PATH too, where they are missing. */
int images_open(const char *path, const char *work, bool is_made, struct images *ret_images);
void images_close(struct images *images);
#define _cleanup_images_ _cleanup_(images_close)

/*
 * Keep what the container's descriptors 0 to 2 are called in the images, in descriptors.json,
 * as runc does; and read it back.  Without such a file there are none.
 */
int images_write_descriptors(const struct images *images, const struct oci_strings *names);
int images_read_descriptors(const struct images *images, struct arena *arena,
			    struct oci_strings *ret_names);

/* What the container's sd_notify(3) had come to; without a socket nothing is kept. */
enum images_notify { IMAGES_NO_SOCKET, IMAGES_NOT_READY, IMAGES_READY };

int images_write_notify(const struct images *images, enum images_notify notify);
int images_read_notify(const struct images *images, enum images_notify *ret_notify);

/* The file of CRIU's options: the annotation's, else /etc/criu/tare.conf or runc.conf; or NULL. */
const char *images_config(const struct oci_pairs *annotations);
