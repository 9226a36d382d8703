/* SPDX-License-Identifier: GPL-2.0-or-later */
/* print - vsnprintf(3): %s %c %d %i %u %x %o %%, with l ll z, width, 0, and precision of %s. */
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct output {
	char *text;
	size_t size;
	size_t used; /* what there would be with room enough */
};

struct field {
	bool is_zero;
	size_t width;
	size_t precision; /* of a text: at most so many bytes */
	int longs;        /* how many l; z is one */
};

/* A va_list cannot be passed by pointer everywhere, a structure can. */
struct values {
	va_list ap;
};

static void put(struct output *output, char byte)
{
	if (output->used + 1 < output->size)
		output->text[output->used] = byte;
	output->used++;
}

/* SIGN is "" or "-": zeros come behind it, spaces in front. */
static void put_field(struct output *output, const struct field *field, const char *sign,
		      const char *text, size_t size)
{
	size_t wide = strlen(sign) + size;

	for (; !field->is_zero && wide < field->width; wide++)
		put(output, ' ');
	for (; *sign; sign++)
		put(output, *sign);
	for (; wide < field->width; wide++)
		put(output, '0');
	for (size_t i = 0; i < size; i++)
		put(output, text[i]);
}

static void put_number(struct output *output, const struct field *field, const char *sign,
		       uint64_t value, unsigned base)
{
	char digits[24];
	size_t at = sizeof(digits);

	do {
		digits[--at] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	put_field(output, field, sign, digits + at, sizeof(digits) - at);
}

static void put_text(struct output *output, struct field *field, const char *text)
{
	field->is_zero = false;
	put_field(output, field, "", text, strnlen(text, field->precision));
}

static void put_signed(struct output *output, const struct field *field, struct values *values)
{
	int64_t value = field->longs ? va_arg(values->ap, long) : va_arg(values->ap, int);

	put_number(output, field, value < 0 ? "-" : "",
		   value < 0 ? -(uint64_t)value : (uint64_t)value, 10);
}

static void put_unsigned(struct output *output, const struct field *field,
			 struct values *values, unsigned base)
{
	put_number(output, field, "",
		   field->longs ? va_arg(values->ap, unsigned long)
				: va_arg(values->ap, unsigned),
		   base);
}

static void convert(struct output *output, struct field *field, char kind,
		    struct values *values)
{
	char byte;

	switch (kind) {
	case 's':
		put_text(output, field, va_arg(values->ap, const char *));
		return;
	case 'c':
		byte = (char)va_arg(values->ap, int);
		put_field(output, field, "", &byte, 1);
		return;
	case 'd':
	case 'i':
		put_signed(output, field, values);
		return;
	case 'u':
		put_unsigned(output, field, values, 10);
		return;
	case 'x':
		put_unsigned(output, field, values, 16);
		return;
	case 'o':
		put_unsigned(output, field, values, 8);
		return;
	case '%':
		put(output, '%');
		return;
	}
	abort(); /* nobody here writes anything else */
}

static const char *parse_number(const char *fmt, size_t *number)
{
	for (*number = 0; *fmt >= '0' && *fmt <= '9'; fmt++)
		*number = *number * 10 + (size_t)(*fmt - '0');
	return fmt;
}

static const char *parse_field(const char *fmt, struct field *field, struct values *values)
{
	field->is_zero = *fmt == '0';
	fmt = parse_number(fmt, &field->width);
	if (fmt[0] == '.' && fmt[1] == '*') {
		field->precision = (size_t)va_arg(values->ap, int);
		fmt += 2;
	} else if (fmt[0] == '.') {
		fmt = parse_number(fmt + 1, &field->precision);
	}
	for (; *fmt == 'l' || *fmt == 'z'; fmt++)
		field->longs++;
	return fmt;
}

int vsnprintf(char *restrict text, size_t size, const char *restrict fmt, va_list ap)
{
	struct output output = { text, size, 0 };
	struct values values;

	va_copy(values.ap, ap);
	for (; *fmt; fmt++) {
		struct field field = { .precision = SIZE_MAX };

		if (*fmt != '%') {
			put(&output, *fmt);
			continue;
		}
		fmt = parse_field(fmt + 1, &field, &values);
		convert(&output, &field, *fmt, &values);
	}
	va_end(values.ap);
	if (size > 0)
		text[output.used < size ? output.used : size - 1] = '\0';
	return (int)output.used;
}

int snprintf(char *restrict text, size_t size, const char *restrict fmt, ...)
{
	va_list ap;
	int used;

	va_start(ap, fmt);
	used = vsnprintf(text, size, fmt, ap);
	va_end(ap);
	return used;
}
