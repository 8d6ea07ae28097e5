#include "forensics/ingest/sign.h"

#include <errno.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <unistd.h>

#include "parsers/base/buffer.h"
#include "parsers/base/die.h"
#include "parsers/base/hash.h"

enum { SIGNATURE_BYTES = 64 };

#define SIGNATURE "manifest.sha256.sig"
#define REQUEST "manifest.sha256.tsq"

struct signing_key {
	EVP_PKEY *key;
};

struct signing_key *
signing_key_load(const char *path, bool is_private)
{
	FILE *in = fopen(path, "rb");
	struct signing_key *key = calloc(1, sizeof *key);

	if (key == NULL)
		die_machine("out of memory");
	if (in == NULL) {
		fprintf(stderr, "postmortem: %s: %s\n", path, strerror(errno));
		free(key);
		return NULL;
	}
	key->key = is_private ? PEM_read_PrivateKey(in, NULL, NULL, NULL)
			      : PEM_read_PUBKEY(in, NULL, NULL, NULL);
	fclose(in);
	if (key->key != NULL &&
	    EVP_PKEY_get_id(key->key) == EVP_PKEY_ED25519)
		return key;
	fprintf(stderr, "postmortem: %s: not %s Ed25519 key in PEM\n", path,
	    is_private ? "a private" : "a public");
	signing_key_free(key);
	return NULL;
}

void
signing_key_free(struct signing_key *key)
{
	if (key != NULL)
		EVP_PKEY_free(key->key);
	free(key);
}

struct bytes
signing_key_print(struct arena *arena, const struct signing_key *key)
{
	unsigned char *der = NULL;
	int n = i2d_PUBKEY(key->key, &der);
	struct bytes print;

	if (n <= 0)
		die_machine("libcrypto cannot write a public key");
	print = sha256_hex(arena, bytes_of(der, (size_t)n));
	OPENSSL_free(der);
	return print;
}

static char *
path_in(const char *folder, const char *name)
{
	char *path;

	if (asprintf(&path, "%s/%s", folder, name) < 0)
		die_machine("out of memory");
	return path;
}

static bool
read_whole(const char *folder, const char *name, struct buffer *out)
{
	enum { PIECE = 1024 * 1024 };
	char *path = path_in(folder, name);
	FILE *in = fopen(path, "rb");
	size_t n = 1;
	bool good = in != NULL;

	while (good && n > 0) {
		n = fread(buffer_reserve(out, PIECE), 1, PIECE, in);
		out->n += n;
		good = ferror(in) == 0;
	}
	if (in != NULL)
		fclose(in);
	free(path);
	return good;
}

static void
read_manifest(const char *folder, struct buffer *out)
{
	if (!read_whole(folder, "manifest.sha256", out))
		die_machine("%s/manifest.sha256: %s", folder, strerror(errno));
}

/* By rename. */
static void
write_whole(const char *folder, const char *name, struct bytes content)
{
	char *path = path_in(folder, name), *fresh;
	FILE *out;

	if (asprintf(&fresh, "%s.new", path) < 0)
		die_machine("out of memory");
	out = fopen(fresh, "wb");
	if (out == NULL || fwrite(content.p, 1, content.n, out) != content.n ||
	    fflush(out) != 0 || fsync(fileno(out)) != 0 || fclose(out) != 0 ||
	    rename(fresh, path) != 0)
		die_machine("%s: %s", path, strerror(errno));
	free(fresh);
	free(path);
}

void
manifest_sign(const char *case_folder, const struct signing_key *key)
{
	uint8_t signature[SIGNATURE_BYTES];
	size_t n = sizeof signature;
	struct buffer manifest = BUFFER_EMPTY;
	EVP_MD_CTX *context = EVP_MD_CTX_new();

	read_manifest(case_folder, &manifest);
	if (context == NULL ||
	    EVP_DigestSignInit(context, NULL, NULL, NULL, key->key) != 1 ||
	    EVP_DigestSign(context, signature, &n, manifest.p, manifest.n) !=
		1)
		die_machine("libcrypto cannot sign");
	EVP_MD_CTX_free(context);
	buffer_release(&manifest);
	write_whole(case_folder, SIGNATURE, bytes_of(signature, n));
}

size_t
manifest_verify_signature(const char *case_folder,
    const struct signing_key *key, FILE *out)
{
	struct buffer manifest = BUFFER_EMPTY, signature = BUFFER_EMPTY;
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	const char *wrong = NULL;

	if (context == NULL)
		die_machine("out of memory");
	if (!read_whole(case_folder, "manifest.sha256", &manifest))
		wrong = "nothing to compare with: no manifest.sha256";
	else if (!read_whole(case_folder, SIGNATURE, &signature))
		wrong = "missing: the manifest is not signed";
	else if (EVP_DigestVerifyInit(context, NULL, NULL, NULL, key->key) !=
		     1 ||
		 EVP_DigestVerify(context, signature.p, signature.n,
		     manifest.p, manifest.n) != 1)
		wrong = "not a signature of manifest.sha256 by this key";
	EVP_MD_CTX_free(context);
	buffer_release(&manifest);
	buffer_release(&signature);
	if (wrong != NULL)
		fprintf(out, SIGNATURE ": %s\n", wrong);
	return wrong != NULL;
}

void
manifest_request_stamp(const char *case_folder)
{
	/* SEQUENCE { version 1, messageImprint { sha256, hash }, certReq } */
	static const uint8_t head[] = { 0x30, 0x39, 0x02, 0x01, 0x01, 0x30,
		0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65,
		0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20 };
	static const uint8_t tail[] = { 0x01, 0x01, 0xff };
	uint8_t sha256[SHA256_SIZE];
	struct buffer manifest = BUFFER_EMPTY, request = BUFFER_EMPTY;

	read_manifest(case_folder, &manifest);
	sha256_of(buffer_bytes(&manifest), sha256);
	buffer_add(&request, head, sizeof head);
	buffer_add(&request, sha256, sizeof sha256);
	buffer_add(&request, tail, sizeof tail);
	write_whole(case_folder, REQUEST, buffer_bytes(&request));
	buffer_release(&manifest);
	buffer_release(&request);
}

void
manifest_unsign(const char *case_folder)
{
	static const char *const names[] = { SIGNATURE, REQUEST };

	for (size_t i = 0; i < 2; i++) {
		char *path = path_in(case_folder, names[i]);

		unlink(path);
		free(path);
	}
}
