/* SPDX-License-Identifier: GPL-2.0-or-later */
/* weight - cgroup v1's numbers, which config.json speaks, as cgroup v2's. */
#include "plan/weight.h"

#define SHARES_MIN 2
#define SHARES_MAX 262144
#define WEIGHT_MIN 1
#define WEIGHT_MAX 10000

#define LN_2 0.693147180559945309417232121458
#define LN_10 2.302585092994045684017991454684

/*
 * Two functions of libm, exact to about 1e-14 where they are used here: a
 * library less to load at each start.
 */
static double log2_of(uint64_t n)
{
	unsigned exponent = 63u - (unsigned)__builtin_clzll(n);
	double mantissa = (double)n / (double)((uint64_t)1 << exponent);
	double t = (mantissa - 1) / (mantissa + 1);
	double power = t, sum = 0;

	/* ln m = 2 (t + t^3/3 + t^5/5 + ...), t at most 1/3 */
	for (int i = 1; i < 40; i += 2) {
		sum += power / i;
		power *= t * t;
	}
	return exponent + 2 * sum / LN_2;
}

/* 10^Y for Y from 0 to 4 */
static double power_of_ten(double y)
{
	double x = y * LN_10;
	unsigned twos = (unsigned)(x / LN_2);
	double rest = x - twos * LN_2;
	double term = 1, sum = 1;

	for (int i = 1; i < 24; i++) {
		term *= rest / i;
		sum += term;
	}
	return sum * (double)(1u << twos);
}

/* What is a whole number but for rounding is that number. */
static uint64_t round_up(double value)
{
	uint64_t whole = (uint64_t)value;

	return value - (double)whole > 1e-9 ? whole + 1 : whole;
}

uint64_t weight_of_shares(uint64_t shares)
{
	double l;

	if (shares <= SHARES_MIN)
		return WEIGHT_MIN;
	if (shares >= SHARES_MAX)
		return WEIGHT_MAX;
	l = log2_of(shares);
	return round_up(power_of_ten((l * l + 125 * l) / 612 - 7.0 / 34));
}

uint64_t weight_of_blkio(uint64_t weight)
{
	return 1 + (weight - 10) * 9999 / 990;
}
