/* SPDX-License-Identifier: GPL-2.0-or-later */
/* matching - what is done to each container whose id matches a regular expression. */
#include "container/matching.h"

#include <regex.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/mem.h"
#include "state/store.h"

static int compile(const char *pattern, regex_t *ret_regex)
{
	char why[256];
	int code = regcomp(ret_regex, pattern, REG_EXTENDED | REG_NOSUB);

	if (code == 0)
		return 0;
	regerror(code, ret_regex, why, sizeof(why));
	return err_refuse("--regex: \"%s\": %s", pattern, why);
}

/* Those that do not match make room. */
static void choose(const regex_t *regex, char **ids)
{
	char **kept = ids;

	for (char **id = ids; *id; id++) {
		if (regexec(regex, *id, 0, NULL, 0) == 0)
			*kept++ = *id;
		else
			free(*id);
	}
	*kept = NULL;
}

int matching_open(const struct runtime *runtime, const char *pattern,
		  struct matching *ret_matching)
{
	_cleanup_store_ struct store store = { .fd = NO_FD };
	regex_t regex;
	int r;

	*ret_matching = (struct matching){ 0 };
	if (compile(pattern, &regex))
		return err_code();
	r = store_find(runtime->root, &store);
	if (r == 0 && store.fd >= 0)
		r = store_list(&store, &ret_matching->ids);
	if (r == 0 && ret_matching->ids)
		choose(&regex, ret_matching->ids);
	else if (r == 0)
		ret_matching->ids = xcalloc(1, sizeof(char *));
	regfree(&regex);
	return r;
}

void matching_note(struct matching *matching, const char *id, int result)
{
	char text[ERR_TEXT_MAX];

	if (result >= 0)
		return;
	err_while("%s", id);
	if (matching->failure.code == 0) {
		matching->failure = *err_last();
	} else {
		err_text(err_last(), text, sizeof(text));
		log_warning("%s", text);
	}
	err_clear();
}

int matching_close(struct matching *matching)
{
	strings_free(take(matching->ids));
	return matching->failure.code ? err_adopt(&matching->failure) : 0;
}
