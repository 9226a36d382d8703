/* SPDX-License-Identifier: GPL-2.0-or-later */
/* list - all containers of a state directory. */
#include "container/list.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/mem.h"
#include "container/state.h"
#include "container/table.h"
#include "libocispec/encode.h"

/* All that is there, in the order of the ids. */
struct listing {
	struct arena arena;
	struct oci_state *states;
	size_t count;
};

/* runc's words for who owns the container's directory; only /etc/passwd is asked, no network. */
static const char *owner_name(uid_t uid, struct arena *arena)
{
	FILE *users = fopen("/etc/passwd", "re");
	char number[24];
	struct passwd *user;
	const char *name = NULL;

	while (users && !name && (user = fgetpwent(users)))
		if (user->pw_uid == uid)
			name = arena_text(arena, user->pw_name, strlen(user->pw_name));
	if (users)
		fclose(users);
	if (name)
		return name;
	snprintf(number, sizeof(number), "#%u", uid);
	return arena_text(arena, number, strlen(number));
}

/* Only JSON has annotations in it. */
static int read_annotations(const struct store_slot *slot, enum list_format format,
			    struct arena *arena, struct record *record)
{
	if (format == LIST_JSON)
		return store_read_annotations(slot, arena, record);
	record->annotations = (struct oci_pairs){ .is_set = true };
	return 0;
}

/* Returns 1 and the state, 0 for a directory that is not a container yet, or a failure. */
static int read_one(const struct store *store, const char *id, enum list_format format,
		    struct arena *arena, struct oci_state *ret_state)
{
	_cleanup_slot_ struct store_slot slot = { .fd = NO_FD, .parent = NO_FD };
	struct record record;
	uid_t owner;
	int status;
	int r = store_get(store, id, &slot);

	if (r < 0 || slot.fd < 0)
		return r;
	r = store_read(&slot, arena, &record);
	if (r < 0 || record_is_empty(&record))
		return r;
	r = read_annotations(&slot, format, arena, &record);
	if (r < 0)
		return r;
	status = container_status(&record);
	if (status < 0)
		return status;
	r = store_owner(&slot, &owner);
	if (r < 0)
		return r;
	container_describe(&record, (enum oci_status)status, ret_state);
	ret_state->owner = owner_name(owner, arena);
	return 1;
}

/* One that cannot be read shall not hide the others. */
static void skip(const char *id)
{
	char text[ERR_TEXT_MAX];

	err_text(err_last(), text, sizeof(text));
	err_clear();
	log_warning("%s is left out: %s", id, text);
}

static int read_all(const struct store *store, enum list_format format, struct listing *listing)
{
	_cleanup_strings_ char **ids = NULL;
	int r = store_list(store, &ids);
	size_t count = 0;

	if (r < 0)
		return r;
	while (ids[count])
		count++;
	listing->states = arena_alloc(&listing->arena, (count + 1) * sizeof(*listing->states));
	for (size_t i = 0; i < count; i++) {
		r = read_one(store, ids[i], format, &listing->arena,
			     &listing->states[listing->count]);
		if (r < 0)
			skip(ids[i]);
		listing->count += r > 0;
	}
	return 0;
}

static void print_ids(const struct listing *listing, struct buf *out)
{
	for (size_t i = 0; i < listing->count; i++)
		buf_printf(out, "%s\n", listing->states[i].id);
}

static void print_json(const struct listing *listing, struct buf *out)
{
	struct oci_text text = { 0 };

	oci_text_add(&text, "[", 1);
	for (size_t i = 0; i < listing->count; i++) {
		if (i > 0)
			oci_text_add(&text, ",", 1);
		oci_encode(&oci_state_full_type, &listing->states[i], NULL, &text);
	}
	oci_text_add(&text, "]\n", 2);
	buf_add(out, text.bytes, text.size);
	oci_text_release(&text);
}

static const char *or_nothing(const char *text)
{
	return text ? text : "";
}

static void print_table(const struct listing *listing, struct buf *out)
{
	enum { COLUMNS = 6 };
	size_t rows = listing->count + 1;
	const char **cells = xcalloc(rows * COLUMNS, sizeof(*cells));
	char(*pids)[16] = xcalloc(rows, sizeof(*pids));
	const char *const head[] = { "ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER" };

	memcpy(cells, head, sizeof(head));
	for (size_t i = 0; i < listing->count; i++) {
		const struct oci_state *state = &listing->states[i];
		const char **row = cells + (i + 1) * COLUMNS;

		snprintf(pids[i], sizeof(pids[i]), "%d", (int)state->pid.value);
		row[0] = state->id;
		row[1] = pids[i];
		row[2] = oci_status_words[state->status];
		row[3] = or_nothing(state->bundle);
		row[4] = state->created;
		row[5] = state->owner;
	}
	table_print(cells, rows, COLUMNS, out);
	free(cells);
	free(pids);
}

static void print(const struct listing *listing, enum list_format format, bool is_quiet,
		  struct buf *out)
{
	if (is_quiet)
		print_ids(listing, out);
	else if (format == LIST_JSON)
		print_json(listing, out);
	else
		print_table(listing, out);
}

int container_list(const struct runtime *runtime, enum list_format format, bool is_quiet,
		   struct buf *out)
{
	_cleanup_store_ struct store store = { .fd = NO_FD };
	struct listing listing = { 0 };
	int r = store_find(runtime->root, &store);

	if (r < 0)
		return r;
	if (store.fd < 0 && runtime->is_root_given)
		return err_sys(ENOENT, "open %s", runtime->root);
	r = read_all(&store, format, &listing);
	if (r == 0)
		print(&listing, format, is_quiet, out);
	arena_free(&listing.arena);
	return r;
}
