/* SPDX-License-Identifier: GPL-2.0-or-later */
/* parent_filter - the seccomp filter, for tare-init to load. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "seccomp/profile.h"
#include "seccomp/verdict.h"

struct launch;

/* The plan's filter, compiled or out of the open store's cache; instructions are free()d. */
int launch_compile_filter(const struct launch *launch, struct seccomp_program *ret_program);

/*
 * Loaded before anybody sees the process, nobody can keep the filter off it; but then it must let
 * through what is left to do: the COUNT QUESTIONS and, with a terminal, TIOCSCTTY; with a limit of
 * processes, that.
 */
bool launch_filter_lets_through(const struct launch *launch,
				const struct seccomp_program *program,
				const struct seccomp_question *questions, size_t count);

/* Write PROGRAM into the plan's block. */
void launch_put_filter(struct launch *launch, const struct seccomp_program *program);
