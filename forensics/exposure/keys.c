/* JSON web tokens (RFC 7519) and PEM private keys (RFC 7468). */
#include "forensics/exposure/secrets.h"
#include "parsers/base/encode.h"
#include "parsers/base/utc.h"

enum { PEM_LEAST = 64, PEM_MOST = 8192 };

/* The text or number after "name": in one flat JSON object. */
static struct bytes
claim(struct bytes json, const char *name)
{
	size_t at = bytes_find(json, bytes_cstr(name)), end = 0;

	if (at == SIZE_MAX)
		return BYTES_NONE;
	json = bytes_trim(bytes_skip(json, at + strlen(name)));
	if (json.n == 0 || json.p[0] != ':')
		return BYTES_NONE;
	json = bytes_trim(bytes_skip(json, 1));
	if (json.n > 0 && json.p[0] == '"') {
		json = bytes_skip(json, 1);
		return bytes_slice(json, 0, bytes_find_byte(json, '"'));
	}
	while (end < json.n && is_digit(json.p[end]))
		end++;
	return bytes_slice(json, 0, end);
}

bool
jwt_read(struct arena *arena, struct bytes token, struct candidate *c)
{
	struct bytes rest = token, part, header, claims, expiry;
	size_t bad;
	uint64_t seconds;

	if (!bytes_cut(&rest, '.', &part))
		return false;
	header = base64_decode(arena, part, &bad);
	if (bytes_find(header, BYTES_LIT("\"alg\"")) == SIZE_MAX ||
	    !bytes_cut(&rest, '.', &part))
		return false;
	claims = base64_decode(arena, part, &bad);
	if (claims.n == 0 || claims.p[0] != '{')
		return false;
	expiry = claim(claims, "\"exp\"");
	if (bytes_to_u64(expiry, &seconds) && seconds < UINT64_C(253402300800))
		c->expires = utc_text(arena, (int64_t)seconds * 1000000);
	c->system = claim(claims, "\"iss\"");
	c->account = claim(claims, "\"upn\"");
	if (c->account.n == 0)
		c->account = claim(claims, "\"preferred_username\"");
	if (c->account.n == 0)
		c->account = claim(claims, "\"email\"");
	if (c->account.n > 0) {
		c->element = BYTES_LIT("CRED");
		c->level = LEVEL_HIGH;
	}
	return true;
}

size_t
pem_end(struct bytes text, size_t at, bool *encrypted)
{
	struct bytes rest = bytes_slice(text, at, at + PEM_MOST);
	size_t begin, end, letters = 0;
	struct bytes body;

	begin = bytes_find(bytes_skip(rest, 11), BYTES_LIT("-----"));
	if (begin == SIZE_MAX)
		return SIZE_MAX;
	begin += 11 + 5;
	end = bytes_find(bytes_skip(rest, begin), BYTES_LIT("-----END"));
	body = bytes_slice(rest, begin, end == SIZE_MAX ? rest.n : begin + end);
	for (size_t i = 0; i < body.n; i++)
		letters += is_alnum(body.p[i]);
	if (letters < PEM_LEAST)
		return SIZE_MAX;
	*encrypted = bytes_find(body, BYTES_LIT("ENCRYPTED")) != SIZE_MAX ||
		     bytes_find(bytes_slice(rest, 0, begin),
			 BYTES_LIT("ENCRYPTED")) != SIZE_MAX;
	if (end == SIZE_MAX) {
		/* Cut off: as far as base64 goes. */
		size_t i = begin;

		while (
		    i < rest.n && (is_alnum(rest.p[i]) || is_space(rest.p[i]) ||
				      rest.p[i] == '+' || rest.p[i] == '/' ||
				      rest.p[i] == '='))
			i++;
		return at + i;
	}
	end += begin + 8;
	while (end < rest.n && rest.p[end] != '\n' && rest.p[end] != '-')
		end++;
	while (end < rest.n && rest.p[end] == '-')
		end++;
	return at + end;
}
