/* SPDX-License-Identifier: GPL-2.0-or-later */
/* true - the container's program that is over at once. */
int main(void)
{
	return 0;
}
