/*
 * Signing the manifest: CASE/manifest.sha256.sig, 64 bytes of Ed25519 (RFC
 * 8032) over manifest.sha256, which `openssl pkeyutl -verify -pubin -inkey
 * PUB -rawin -in manifest.sha256 -sigfile manifest.sha256.sig` checks as
 * well; and CASE/manifest.sha256.tsq, a TimeStampReq (RFC 3161 2.4.1) for an
 * authority outside.  Both are made anew or removed with the manifest.
 */
#ifndef FORENSICS_INGEST_SIGN_H
#define FORENSICS_INGEST_SIGN_H

#include <stdio.h>

#include "parsers/base/arena.h"

struct signing_key;

/* An Ed25519 key in PEM, private or public; NULL with a message on stderr. */
struct signing_key *signing_key_load(const char *path, bool is_private);
void signing_key_free(struct signing_key *key);

/* SHA-256 of the public key's DER (SubjectPublicKeyInfo), hex. */
struct bytes signing_key_print(struct arena *arena,
    const struct signing_key *key);

void manifest_sign(const char *case_folder, const struct signing_key *key);

/* No nonce: same manifest, same bytes. */
void manifest_request_stamp(const char *case_folder);

/* One line on `out` when the signature is not there or not right: 1. */
size_t manifest_verify_signature(const char *case_folder,
    const struct signing_key *key, FILE *out);

/* Signature and request of an earlier manifest. */
void manifest_unsign(const char *case_folder);

#endif
