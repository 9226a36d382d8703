/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stack_other - for processors that nobody has written the few lines for. */
#include "init/stack.h"

size_t stack_page(void)
{
	return 0;
}

void stack_call(void *top, void (*function)(void *), void *argument)
{
	(void)top;
	function(argument);
}
