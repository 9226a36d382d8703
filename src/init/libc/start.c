/* SPDX-License-Identifier: GPL-2.0-or-later */
/* start - from the kernel to main(), and back. */
#include <stdlib.h>
#include <unistd.h>

#include "init/libc/arch.h"

int main(int argc, char **argv);
_Noreturn void libc_main(long *stack);
_Noreturn void __assert_fail(const char *, const char *, unsigned, const char *);

char **environ;

__asm__(".section .text.arch,\"ax\",%progbits\n"
	".global _start\n"
	"_start:\n" ARCH_START ".global arch_syscall\n"
	"arch_syscall:\n" ARCH_SYSCALL ".previous\n");

_Noreturn void libc_main(long *stack)
{
	int argc = (int)stack[0];
	char **argv = (char **)(stack + 1);

	environ = argv + argc + 1;
	_exit(main(argc, argv));
}

_Noreturn void __assert_fail(const char *a, const char *b, unsigned c, const char *d)
{
	(void)a, (void)b, (void)c, (void)d;
	abort();
}
