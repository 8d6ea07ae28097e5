#include "parsers/base/hash.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>

#include "parsers/base/die.h"

struct hasher {
	EVP_MD_CTX *sha256, *md5;
};

static EVP_MD_CTX *
context_new(void)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();

	if (context == NULL)
		die_machine("out of memory for a hash");
	return context;
}

/* The algorithms are looked up once: fetching costs more than a small hash. */
static const EVP_MD *
algorithm(const char *name)
{
	EVP_MD *found = EVP_MD_fetch(NULL, name, NULL);

	if (found == NULL)
		die_machine("libcrypto has no %s", name);
	return found;
}

static const EVP_MD *
sha256_algorithm(void)
{
	static const EVP_MD *_Atomic found;

	if (found == NULL)
		found = algorithm("SHA256");
	return found;
}

static const EVP_MD *
md5_algorithm(void)
{
	static const EVP_MD *_Atomic found;

	if (found == NULL)
		found = algorithm("MD5");
	return found;
}

static void
hasher_start(struct hasher *hasher)
{
	BUG_ON(EVP_DigestInit_ex(hasher->sha256, sha256_algorithm(), NULL) !=
	       1);
	if (hasher->md5 != NULL)
		BUG_ON(EVP_DigestInit_ex(hasher->md5, md5_algorithm(), NULL) !=
		       1);
}

struct hasher *
hasher_new(bool with_md5)
{
	struct hasher *hasher = calloc(1, sizeof *hasher);

	if (hasher == NULL)
		die_machine("out of memory for a hash");
	hasher->sha256 = context_new();
	hasher->md5 = with_md5 ? context_new() : NULL;
	hasher_start(hasher);
	return hasher;
}

void
hasher_free(struct hasher *hasher)
{
	if (hasher == NULL)
		return;
	EVP_MD_CTX_free(hasher->sha256);
	EVP_MD_CTX_free(hasher->md5);
	free(hasher);
}

void
hasher_add(struct hasher *hasher, const void *p, size_t n)
{
	if (n == 0)
		return;
	EVP_DigestUpdate(hasher->sha256, p, n);
	if (hasher->md5 != NULL)
		EVP_DigestUpdate(hasher->md5, p, n);
}

void
hasher_finish(struct hasher *hasher, uint8_t sha256[SHA256_SIZE],
    uint8_t md5[MD5_SIZE])
{
	EVP_DigestFinal_ex(hasher->sha256, sha256, NULL);
	if (hasher->md5 != NULL && md5 != NULL)
		EVP_DigestFinal_ex(hasher->md5, md5, NULL);
	hasher_start(hasher);
}

static void
digest_of(const EVP_MD *md, struct bytes b, uint8_t *out)
{
	static __thread EVP_MD_CTX *context;

	if (context == NULL)
		context = context_new();
	EVP_DigestInit_ex(context, md, NULL);
	EVP_DigestUpdate(context, b.p, b.n);
	EVP_DigestFinal_ex(context, out, NULL);
}

void
sha256_of(struct bytes b, uint8_t out[SHA256_SIZE])
{
	digest_of(sha256_algorithm(), b, out);
}

struct bytes
hex_of(struct arena *arena, const uint8_t *p, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t *out = arena_raw(arena, n * 2);

	for (size_t i = 0; i < n; i++) {
		out[2 * i] = (uint8_t)digits[p[i] >> 4];
		out[2 * i + 1] = (uint8_t)digits[p[i] & 15];
	}
	return bytes_of(out, n * 2);
}

struct bytes
sha256_hex(struct arena *arena, struct bytes b)
{
	uint8_t digest[SHA256_SIZE];

	sha256_of(b, digest);
	return hex_of(arena, digest, sizeof digest);
}

struct bytes
md5_hex(struct arena *arena, struct bytes b)
{
	uint8_t digest[MD5_SIZE];

	digest_of(md5_algorithm(), b, digest);
	return hex_of(arena, digest, sizeof digest);
}

void
hmac_sha256(struct bytes key, struct bytes b, uint8_t out[SHA256_SIZE])
{
	unsigned length = SHA256_SIZE;

	BUG_ON(key.n > INT32_MAX);
	if (HMAC(sha256_algorithm(), key.p, (int)key.n, b.p, b.n, out,
	        &length) == NULL)
		die_machine("libcrypto cannot compute HMAC");
}

struct bytes
id_of(struct arena *arena, char letter, struct bytes text)
{
	uint8_t digest[SHA256_SIZE];
	struct bytes hex;

	sha256_of(text, digest);
	hex = hex_of(arena, digest, 8);
	return arena_printf(arena, "%c-%.*s", letter, (int)hex.n,
	    (const char *)hex.p);
}
