/* IP addresses in every spelling audit logs use (reference: contract 3,
 * "all spellings, compared in binary"). */
#ifndef PARSERS_BASE_NET_H
#define PARSERS_BASE_NET_H

#include "parsers/base/arena.h"

/* IPv4 is kept as ::ffff:a.b.c.d, so that both families compare alike. */
struct ip_address {
	uint8_t b[16];
};

struct ip_range {
	struct ip_address first;
	unsigned prefix; /* 0..128 over the 16 bytes */
};

/* 1.2.3.4, 1.2.3.4:5, 2001:db8::1, [v6], [v6]:5, ::ffff:1.2.3.4, %zone.
 * False for anything else: empty, "<null>", host names. */
bool ip_parse(struct bytes text, struct ip_address *out);
/* An address, or address/prefix. */
bool ip_range_parse(struct bytes text, struct ip_range *out);
bool ip_in_range(const struct ip_address *address,
    const struct ip_range *range);
bool ip_is_loopback(const struct ip_address *address);
/* RFC 5952; IPv4 dotted. */
struct bytes ip_text(struct arena *arena, const struct ip_address *address);

#endif
