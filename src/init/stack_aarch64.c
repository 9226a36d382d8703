/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stack_aarch64 - go on with another stack, AArch64. */
#include "init/stack.h"

size_t stack_page(void)
{
	return 65536;
}

void stack_call(void *top, void (*function)(void *), void *argument)
{
	register void *first __asm__("x0") = argument;

	__asm__ volatile("mov sp, %0\n\t"
			 "mov x29, #0\n\t"
			 "mov x30, #0\n\t"
			 "blr %1\n\t"
			 "brk #1"
			 :
			 : "r"(top), "r"(function), "r"(first)
			 : "memory");
	__builtin_unreachable();
}
