/* Addresses of crypto-currencies: Base58Check and bech32 (BIP 173, 350). */
#include "forensics/exposure/validators.h"
#include "parsers/base/hash.h"

enum { BASE58_BYTES = 25, BECH32_MOST = 90 };

bool
check_base58(struct bytes text)
{
	static const char alphabet[] =
	    "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
	uint8_t out[BASE58_BYTES] = {0}, hash[SHA256_SIZE];

	if (text.n < 26 || text.n > 35)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		const char *at = text.p[i] ? strchr(alphabet, text.p[i]) : NULL;
		unsigned carry;

		if (at == NULL)
			return false;
		carry = (unsigned)(at - alphabet);
		for (size_t k = BASE58_BYTES; k-- > 0;) {
			carry += out[k] * 58u;
			out[k] = (uint8_t)carry;
			carry >>= 8;
		}
		if (carry != 0)
			return false;
	}
	if (out[0] != 0x00 && out[0] != 0x05)
		return false;
	sha256_of(bytes_of(out, 21), hash);
	sha256_of(bytes_of(hash, sizeof hash), hash);
	return memcmp(hash, out + 21, 4) == 0;
}

static uint32_t
bech32_step(uint32_t check, uint8_t value)
{
	static const uint32_t generator[] = {
	    0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
	uint32_t top = check >> 25;

	check = (check & 0x1ffffff) << 5 ^ value;
	for (unsigned i = 0; i < 5; i++)
		if (top >> i & 1)
			check ^= generator[i];
	return check;
}

bool
check_bech32(struct bytes text)
{
	static const char alphabet[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
	uint32_t check = 1;
	size_t one = text.n;

	if (text.n < 14 || text.n > BECH32_MOST)
		return false;
	while (one > 0 && text.p[one - 1] != '1')
		one--;
	if (one < 2)
		return false;
	for (size_t i = 0; i + 1 < one; i++)
		check = bech32_step(check, byte_lower(text.p[i]) >> 5);
	check = bech32_step(check, 0);
	for (size_t i = 0; i + 1 < one; i++)
		check = bech32_step(check, byte_lower(text.p[i]) & 31);
	for (size_t i = one; i < text.n; i++) {
		uint8_t c = byte_lower(text.p[i]);
		const char *at = c ? strchr(alphabet, c) : NULL;

		if (at == NULL)
			return false;
		check = bech32_step(check, (uint8_t)(at - alphabet));
	}
	return check == 1 || check == 0x2bc830a3;
}
