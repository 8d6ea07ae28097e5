/* Secrets by their format (reference 4.3): tables/secrets.csv. */
#ifndef FORENSICS_EXPOSURE_SECRETS_H
#define FORENSICS_EXPOSURE_SECRETS_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "forensics/exposure/engine.h"

struct secret_rule {
	struct bytes kind, trigger, system;
	pcre2_code *code; /* anchored; group 1, if any, is the secret */
	size_t back;	  /* bytes before the trigger where it begins */
	size_t prefix;	  /* public bytes kept when masked */
	double entropy;	  /* bits a byte at least */
	enum level level;
};

double text_entropy(struct bytes text);

/* jwt.c: header and claims decode; expiry and issuer into the candidate. */
bool jwt_read(
    struct arena *arena, struct bytes token, struct candidate *candidate);
/* pem.c: a private key begins at `at`; where it ends, else SIZE_MAX. */
size_t pem_end(struct bytes text, size_t at, bool *encrypted);

/* Past the blanks at `at`; the token there, without quotes around it and a
 * full stop after it. */
size_t blanks_end(struct bytes text, size_t at);
struct span secret_token(struct bytes text, size_t at);

/* accounts.c: whose secret it is and what it opens.  `word`: where the word
 * for a password begins; `purpose`: what stands after its "for";
 * `key`: any word before it says what it opens. */
struct login {
	struct bytes account, system;
};
struct login login_near(struct engine *engine, struct bytes text,
    struct span secret, size_t word, struct bytes purpose, bool key);

#endif
