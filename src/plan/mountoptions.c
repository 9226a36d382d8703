/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mountoptions - what the options of one mount add up to (config.md, "Mounts"). */
#include "plan/mountoptions.h"

#include <linux/mount.h>
#include <string.h>

#include "plan/mountwords.h"

static void add_attribute(const struct mount_word *word, uint64_t *set, uint64_t *clear)
{
	*set = (*set & ~word->clear) | word->set;
	*clear = (*clear & ~word->set) | word->clear;
}

static void add_superblock(const struct mount_word *word, struct mount_options *options)
{
	options->superblock_set &= ~(uint32_t)word->clear;
	options->superblock_set |= (uint32_t)word->set;
	options->superblock_clear &= ~(uint32_t)word->set;
	options->superblock_clear |= (uint32_t)word->clear;
}

static void add_word(const struct mount_word *word, struct mount_options *options)
{
	switch (word->kind) {
	case WORD_ATTRIBUTE:
		add_attribute(word, &options->set, &options->clear);
		break;
	case WORD_RECURSIVE:
		add_attribute(word, &options->recursive_set, &options->recursive_clear);
		break;
	case WORD_SUPERBLOCK:
		add_superblock(word, options);
		break;
	case WORD_PROPAGATION:
		options->propagation[options->propagation_count++] = (uint32_t)word->set;
		break;
	case WORD_BIND:
		options->is_bind = true;
		options->is_recursive |= (word->set & MS_REC) != 0;
		break;
	case WORD_REMOUNT:
		options->is_remount = true;
		break;
	case WORD_COPY_UP:
		options->is_copied_up = true;
		break;
	case WORD_IDMAP:
		options->is_idmapped = true;
		options->is_idmap_recursive = word->set != 0;
		break;
	}
}

/* The value of key="a,b" is a,b: the quotes were for whoever splits at commas. */
static char *without_quotes(char *text)
{
	char *equals = strchr(text, '=');
	size_t length = strlen(text);

	if (!equals || equals[1] != '"' || text[length - 1] != '"' ||
	    equals + 2 >= text + length)
		return text;
	text[length - 1] = '\0';
	memmove(equals + 1, equals + 2, strlen(equals + 2) + 1);
	return text;
}

/* One option may be several, as in mount(8)'s -o: the length of the first of them. */
static size_t piece_length(const char *text)
{
	bool is_quoted = false;
	size_t length = 0;

	while (text[length] && (is_quoted || text[length] != ',')) {
		/* overlayfs takes "\," and "\:" in its paths */
		if (text[length] == '\\' && text[length + 1])
			length++;
		else if (text[length] == '"')
			is_quoted = !is_quoted;
		length++;
	}
	return length;
}

static void add_piece(size_t option, char *piece, struct mount_options *options)
{
	const struct mount_word *word = mount_word_find(piece);

	if (!*piece)
		return;
	if (!word) {
		options->data_at[options->data_count] = option;
		options->data[options->data_count++] = without_quotes(piece);
		return;
	}
	if (word->kind == WORD_IDMAP)
		options->idmap_index = option;
	add_word(word, options);
}

static void add_option(struct build *b, size_t index, size_t option,
		       struct mount_options *options)
{
	const char *text = b->spec->mounts.items[index].options.items[option];

	while (true) {
		size_t length = piece_length(text);

		add_piece(option, build_copy(b, text, length), options);
		if (text[length] == '\0')
			return;
		text += length + 1;
	}
}

static size_t count_pieces(const struct oci_strings *list)
{
	size_t count = list->count;

	for (size_t i = 0; i < list->count; i++)
		for (const char *text = list->items[i]; *text; text++)
			count += *text == ',';
	return count;
}

void mount_options_read(struct build *b, size_t index, struct mount_options *ret_options)
{
	const struct oci_strings *list = &b->spec->mounts.items[index].options;
	size_t pieces = count_pieces(list);
	struct mount_options options = {
		.data = build_items(b, pieces, sizeof(char *)),
		.data_at = build_items(b, pieces, sizeof(size_t)),
		.propagation = build_items(b, pieces, sizeof(uint32_t)),
	};

	for (size_t i = 0; i < list->count; i++)
		add_option(b, index, i, &options);
	*ret_options = options;
}

bool mount_options_have(const struct mount_options *options, const char *key)
{
	size_t length = strlen(key);

	for (size_t i = 0; i < options->data_count; i++)
		if (strncmp(options->data[i], key, length) == 0 &&
		    options->data[i][length] == '=')
			return true;
	return false;
}
