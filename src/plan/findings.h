/* SPDX-License-Identifier: GPL-2.0-or-later */
/* findings - all that is wrong with a bundle, where creating a container stops at the first. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "libocispec/arena.h"

enum finding_severity {
	FINDING_ERROR,   /* no container can be made of it */
	FINDING_HOST,    /* this machine, or this user, cannot; elsewhere it might work */
	FINDING_WARNING, /* it has no effect, or looks like a mistake */
};

struct finding {
	enum finding_severity severity;
	const char *path; /* JSON path; "" when it is not about a member of config.json */
	const char *text; /* what is wrong */
	bool is_unread;   /* there was no value to read, so what it leads to says nothing */
	unsigned line, column; /* from 1; 0 when not known */
};

#define FINDINGS_MAX 1000

/* Start with `struct findings findings = { 0 };`. */
struct findings {
	struct finding *items;
	size_t count;
	size_t capacity;
	size_t left_out; /* how many more there were than FINDINGS_MAX */
	struct arena arena;
};

/* Add what is wrong with the member at PATH. Returns it; NULL when there are too many. */
struct finding *findings_put(struct findings *findings, enum finding_severity severity,
			     const char *path, const char *text);

/*
 * Add what TEXT says: an error's text, which begins with the JSON path that it is about and ": ".
 * Left away when a value at or above that path is_unread: then it is a consequence.  Returns what
 * was added, or NULL.
 */
struct finding *findings_add(struct findings *findings, enum finding_severity severity,
			     const char *text);

/* True when a value at PATH, in it or around it could not be read. */
bool findings_have_unread(const struct findings *findings, const char *path);

void findings_release(struct findings *findings);
