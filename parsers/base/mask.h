/*
 * Sixty-four bytes at once: one bit a byte, the first byte lowest.  SSE2 is
 * part of every x86-64; elsewhere the compiler makes what it can of a loop.
 */
#ifndef PARSERS_BASE_MASK_H
#define PARSERS_BASE_MASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __SSE2__
#include <emmintrin.h>

static inline uint64_t
mask_equal(const uint8_t *p, uint8_t c)
{
	const __m128i want = _mm_set1_epi8((char)c);
	uint64_t mask = 0;

	for (unsigned i = 0; i < 4; i++) {
		__m128i have = _mm_loadu_si128(
		    (const __m128i *)(const void *)(p + 16 * i));

		mask |= (uint64_t)(uint32_t)_mm_movemask_epi8(
			    _mm_cmpeq_epi8(have, want))
			<< (16 * i);
	}
	return mask;
}

/* The first '"' or backslash at or after `at`; n when there is none. */
static inline size_t
mask_string_end(const uint8_t *p, size_t at, size_t n)
{
	const __m128i quote = _mm_set1_epi8('"');
	const __m128i slash = _mm_set1_epi8('\\');

	for (; at + 16 <= n; at += 16) {
		__m128i have = _mm_loadu_si128(
		    (const __m128i *)(const void *)(p + at));
		int mask = _mm_movemask_epi8(
		    _mm_or_si128(_mm_cmpeq_epi8(have, quote),
		        _mm_cmpeq_epi8(have, slash)));

		if (mask != 0)
			return at + (size_t)__builtin_ctz((unsigned)mask);
	}
	while (at < n && p[at] != '"' && p[at] != '\\')
		at++;
	return at;
}
#else
static inline uint64_t
mask_equal(const uint8_t *p, uint8_t c)
{
	uint64_t mask = 0;

	for (unsigned i = 0; i < 64; i++)
		mask |= (uint64_t)(p[i] == c) << i;
	return mask;
}

static inline size_t
mask_string_end(const uint8_t *p, size_t at, size_t n)
{
	while (at < n && p[at] != '"' && p[at] != '\\')
		at++;
	return at;
}
#endif

/* Each bit: how many bits up to and with it are set, odd or even. */
static inline uint64_t
mask_parity(uint64_t bits)
{
	for (unsigned shift = 1; shift < 64; shift *= 2)
		bits ^= bits << shift;
	return bits;
}

#endif
