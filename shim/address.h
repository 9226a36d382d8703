/* SPDX-License-Identifier: GPL-2.0-or-later */
/* address - the socket that a shim listens at, and the file that says which it is. */
#pragma once

#define ADDRESS_FOLDER "/run/containerd/s"
#define ADDRESS_FILE "address"
#define ADDRESS_SCHEME "unix://"

/*
 * The path of the socket in FOLDER for all containers of GROUP: it depends on containerd's
 * ADDRESS and NAMESPACE as well. The caller frees it.
 */
char *address_path(const char *folder, const char *address, const char *namespace,
		   const char *group);

/*
 * Bind and listen at PATH. What is there but has nobody behind it is removed. Returns a
 * descriptor; -EADDRINUSE without a record when somebody is there; other -errno with one.
 */
int address_listen(const char *path);

/* A connection to PATH. Returns a descriptor, or -errno without a record. */
int address_connect(const char *path);

/* Write BUNDLE/address. Returns 0, or -errno with a record. */
int address_save(const char *bundle, const char *path);

/* The path in BUNDLE/address, which the caller frees; NULL when there is none. */
char *address_load(const char *bundle);
