/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memcpy - for a static program on x86: musl's begins a string instruction whatever the length,
 * which takes longer than the few bytes of a name or a brace; most of what we copy is that.
 * The linker puts it in memcpy's place (--wrap).
 */
#include <stddef.h>
#include <stdint.h>

void *__wrap_memcpy(void *restrict to, const void *restrict from, size_t size);

/* What the compiler makes a load and a store of, from any address. */
#define MOVE(type, to, from) __builtin_memcpy((to), (from), sizeof(type))

/* Both ends, which may overlap: no length between takes another branch. */
#define MOVE_ENDS(type, to, from, size)                            \
	do {                                                       \
		type first, last;                                  \
		const char *tail = (from) + (size) - sizeof(type); \
                                                                   \
		MOVE(type, &first, (from));                        \
		MOVE(type, &last, tail);                           \
		MOVE(type, (to), &first);                          \
		MOVE(type, (to) + (size) - sizeof(type), &last);   \
	} while (0)

struct sixteen {
	uint64_t half[2];
};

struct thirty_two {
	uint64_t quarter[4];
};

void *__wrap_memcpy(void *restrict to, const void *restrict from, size_t size)
{
	char *out = to;
	const char *in = from;

	for (; size > 32 && size <= 512; size -= 32, in += 32, out += 32)
		MOVE(struct thirty_two, out, in);
	if (size > 32)
		__asm__ volatile("rep movsb" : "+D"(out), "+S"(in), "+c"(size) : : "memory");
	else if (size >= 16)
		MOVE_ENDS(struct sixteen, out, in, size);
	else if (size >= 8)
		MOVE_ENDS(uint64_t, out, in, size);
	else if (size >= 4)
		MOVE_ENDS(uint32_t, out, in, size);
	else if (size >= 2)
		MOVE_ENDS(uint16_t, out, in, size);
	else if (size)
		*out = *in;
	return to;
}
