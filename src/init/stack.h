/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stack - go on with another stack; a few lines of assembler for each processor. */
#pragma once

#include <stddef.h>

/* The size of the processor's largest ordinary page; 0 where nobody has written those lines. */
size_t stack_page(void);

/* FUNCTION(ARGUMENT), which does not return, on the stack that ends before TOP (a multiple of 16). */
void stack_call(void *top, void (*function)(void *), void *argument);
