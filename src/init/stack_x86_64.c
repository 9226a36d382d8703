/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stack_x86_64 - go on with another stack, x86-64. */
#include "init/stack.h"

size_t stack_page(void)
{
	return 4096;
}

void stack_call(void *top, void (*function)(void *), void *argument)
{
	__asm__ volatile("mov %0, %%rsp\n\t"
			 "xor %%ebp, %%ebp\n\t"
			 "call *%1\n\t"
			 "ud2"
			 :
			 : "r"(top), "r"(function), "D"(argument)
			 : "memory");
	__builtin_unreachable();
}
