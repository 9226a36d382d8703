/* SPDX-License-Identifier: GPL-2.0-or-later */
/* memfd - bytes in a file of their own that nobody can change any more. */
#pragma once

#include <stddef.h>

/*
 * A sealed memfd called NAME with BYTES in it, to be read.  memfd_create(2),
 * F_ADD_SEALS in fcntl(2).  Returns a descriptor.
 */
int memfd_sealed(const char *name, const void *bytes, size_t size);

/*
 * The same for a program that can be executed and no more: tare-init.  Where sysctl
 * vm.memfd_noexec forbids that, a file without a name in a tmpfs of its own, or for who may not
 * mount in STATE_ROOT.
 */
int memfd_program(const char *state_root, const void *bytes, size_t size);
