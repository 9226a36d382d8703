/* SPDX-License-Identifier: GPL-2.0-or-later */
/* list - what is in order; its members carry their links. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct list {
	struct list *next, *previous;
};

/* The TYPE that has POINTER as its MEMBER. */
#define owner_of(pointer, type, member) ((type *)((char *)(pointer)-offsetof(type, member)))

/* A head without members; also a member that is in no list. */
static inline void list_init(struct list *list)
{
	list->next = list->previous = list;
}

static inline bool list_is_empty(const struct list *head)
{
	return head->next == head;
}

/* Behind the last one. */
static inline void list_add(struct list *head, struct list *member)
{
	member->next = head;
	member->previous = head->previous;
	head->previous->next = member;
	head->previous = member;
}

/* Whether it is in a list or not, it is in none then. */
static inline void list_remove(struct list *member)
{
	member->previous->next = member->next;
	member->next->previous = member->previous;
	list_init(member);
}

/* The members, as long as none but CURSOR's is removed meanwhile. */
/* NOLINTBEGIN(bugprone-macro-parentheses): names that are declared cannot be in parentheses. */
#define list_each(cursor, rest, head)                                                    \
	for (struct list *cursor = (head)->next, *rest = cursor->next; cursor != (head); \
	     cursor = rest, rest = cursor->next)
/* NOLINTEND(bugprone-macro-parentheses) */
