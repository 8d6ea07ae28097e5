#include "parsers/base/net.h"

#include <arpa/inet.h>
#include <sys/socket.h>

enum { ADDRESS_TEXT_MOST = 63, V4_PREFIX = 96 };

static const uint8_t v4_lead[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff,
	0xff };

static bool
is_v4(const struct ip_address *address)
{
	return memcmp(address->b, v4_lead, sizeof v4_lead) == 0;
}

static bool
parse_v4(struct bytes text, struct ip_address *out)
{
	char copy[ADDRESS_TEXT_MOST + 1];

	if (text.n == 0 || text.n > ADDRESS_TEXT_MOST)
		return false;
	memcpy(copy, text.p, text.n);
	copy[text.n] = '\0';
	memcpy(out->b, v4_lead, sizeof v4_lead);
	return inet_pton(AF_INET, copy, out->b + sizeof v4_lead) == 1;
}

static bool
parse_v6(struct bytes text, struct ip_address *out)
{
	char copy[ADDRESS_TEXT_MOST + 1];
	size_t zone = bytes_find_byte(text, '%');

	if (zone != SIZE_MAX)
		text = bytes_slice(text, 0, zone);
	if (text.n == 0 || text.n > ADDRESS_TEXT_MOST)
		return false;
	memcpy(copy, text.p, text.n);
	copy[text.n] = '\0';
	return inet_pton(AF_INET6, copy, out->b) == 1;
}

static bool
is_port(struct bytes text)
{
	uint64_t port;

	return bytes_to_u64(text, &port) && port <= 65535;
}

bool
ip_parse(struct bytes text, struct ip_address *out)
{
	size_t at;

	text = bytes_trim(text);
	if (text.n > 0 && text.p[0] == '[') {
		struct bytes rest;

		at = bytes_find_byte(text, ']');
		if (at == SIZE_MAX)
			return false;
		rest = bytes_skip(text, at + 1);
		if (rest.n > 0 &&
		    (rest.p[0] != ':' || !is_port(bytes_skip(rest, 1))))
			return false;
		text = bytes_slice(text, 1, at);
		return parse_v6(text, out) || parse_v4(text, out);
	}
	if (parse_v4(text, out) || parse_v6(text, out))
		return true;
	at = bytes_find_byte(text, ':');
	return at != SIZE_MAX && is_port(bytes_skip(text, at + 1)) &&
	       parse_v4(bytes_slice(text, 0, at), out);
}

bool
ip_range_parse(struct bytes text, struct ip_range *out)
{
	size_t slash = bytes_find_byte(text, '/');
	uint64_t prefix = 128;

	text = bytes_trim(text);
	if (!ip_parse(bytes_slice(text, 0, slash), &out->first))
		return false;
	if (slash != SIZE_MAX) {
		bool v4 = bytes_find_byte(bytes_slice(text, 0, slash), ':') ==
			  SIZE_MAX;

		if (!bytes_to_u64(bytes_skip(text, slash + 1), &prefix) ||
		    prefix > (v4 ? 32 : 128))
			return false;
		prefix += v4 ? V4_PREFIX : 0;
	}
	out->prefix = (unsigned)prefix;
	return true;
}

bool
ip_in_range(const struct ip_address *address, const struct ip_range *range)
{
	unsigned whole = range->prefix / 8, bits = range->prefix % 8;

	if (memcmp(address->b, range->first.b, whole) != 0)
		return false;
	return bits == 0 ||
	       (address->b[whole] ^ range->first.b[whole]) >> (8 - bits) == 0;
}

bool
ip_is_loopback(const struct ip_address *address)
{
	static const uint8_t v6[16] = { [15] = 1 };

	return memcmp(address->b, v6, sizeof v6) == 0 ||
	       (is_v4(address) && address->b[12] == 127);
}

struct bytes
ip_text(struct arena *arena, const struct ip_address *address)
{
	char text[INET6_ADDRSTRLEN];

	if (is_v4(address))
		inet_ntop(AF_INET, address->b + 12, text, sizeof text);
	else
		inet_ntop(AF_INET6, address->b, text, sizeof text);
	return arena_dup(arena, bytes_cstr(text));
}
