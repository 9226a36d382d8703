/* SPDX-License-Identifier: GPL-2.0-or-later */
/* notes - one set of checks, two drivers: end at the first failure, or note all of them. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/err.h"
#include "plan/build.h"

int build_note_failure(struct build *b, int code)
{
	struct findings *findings = b->request->findings;
	char text[ERR_TEXT_MAX + 128];

	if (!findings)
		return code;
	err_text(err_last(), text, sizeof(text));
	err_clear();
	b->failures++;
	findings_add(findings, code == -EOPNOTSUPP ? FINDING_HOST : FINDING_ERROR, text);
	return 0;
}

int build_each(struct build *b, int (*const checks[])(struct build *), size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int code = build_note(b, checks[i](b));

		if (code < 0)
			return code;
	}
	return 0;
}

bool build_is_unsure(const struct build *b, const char *path)
{
	return b->request->findings && findings_have_unread(b->request->findings, path);
}

void build_warn(struct build *b, enum log_level level, const char *fmt, ...)
{
	struct findings *findings = b->request->findings;
	char text[ERR_TEXT_MAX];
	va_list ap;

	if (!findings && !log_wants(level))
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (findings)
		findings_add(findings, FINDING_WARNING, text);
	else
		log_line(level, "%s", text);
}
