/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wait - the container's program that stays. */
#include <unistd.h>

int main(void)
{
	for (;;)
		pause();
}
