/* SPDX-License-Identifier: GPL-2.0-or-later */
/* checking - what the parts of container_check() share; for check*.c only. */
#pragma once

#include "base/buf.h"
#include "container/bundle.h"
#include "container/check.h"
#include "kernel/host.h"
#include "plan/plan.h"

struct checking {
	const struct runtime *runtime;
	struct bundle bundle;
	bool is_read; /* config.json, to its end */
	struct host host;
	struct plan plan; /* for looking at: what was wrong is left out */
	struct findings findings;
};

/* The failure that is on record becomes a finding.  With code 0 there is none. */
void checking_note(struct checking *checking, enum finding_severity severity, int code);

/* ---- the parts, for a document that was read ---- */

void check_files(
	struct checking *checking);         /* check_files.c: what config.json names is there */
void check_host(struct checking *checking); /* check_host.c: the kernel can do it */
void check_labels(struct checking *checking); /* check_labels.c: it knows the labels */

/* check_print.c */
void check_print_text(const struct checking *checking, struct buf *out);
void check_print_json(const struct checking *checking, struct buf *out);
