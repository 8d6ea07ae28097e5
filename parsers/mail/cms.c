#include "parsers/mail/cms.h"

#include <limits.h>
#include <openssl/cms.h>
#include <openssl/err.h>

/* 1.2.840.113549.1.7: data 1, signed 2, enveloped 3, encrypted 6; and
 * 1.2.840.113549.1.9.16.1.23: authenticated and enveloped. */
static const uint8_t pkcs7[] = { 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7,
	0x0D, 0x01, 0x07 };
static const uint8_t enveloped[] = { 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01,
	0x09, 0x10, 0x01, 0x17 };

enum cms_kind
cms_kind(struct bytes der)
{
	struct bytes head = bytes_slice(der, 0, 32);
	size_t at = bytes_find(head, bytes_of(pkcs7, sizeof pkcs7));

	if (der.n == 0 || der.p[0] != 0x30)
		return CMS_KIND_NONE;
	if (bytes_find(head, bytes_of(enveloped, sizeof enveloped)) != SIZE_MAX)
		return CMS_KIND_ENCRYPTED;
	if (at == SIZE_MAX || at + sizeof pkcs7 >= head.n)
		return CMS_KIND_NONE;
	switch (head.p[at + sizeof pkcs7]) {
	case 2:
		return CMS_KIND_SIGNED;
	case 3:
	case 6:
		return CMS_KIND_ENCRYPTED;
	default:
		return CMS_KIND_NONE;
	}
}

struct bytes
cms_signed_content(struct arena *arena, struct bytes der)
{
	const unsigned char *p = der.p;
	struct bytes content = BYTES_NONE;
	ASN1_OCTET_STRING **inner;
	CMS_ContentInfo *cms;

	if (cms_kind(der) != CMS_KIND_SIGNED || der.n > INT_MAX)
		return BYTES_NONE;
	cms = d2i_CMS_ContentInfo(NULL, &p, (long)der.n);
	inner = cms ? CMS_get0_content(cms) : NULL;
	if (inner != NULL && *inner != NULL)
		content = arena_dup(arena,
		    bytes_of(ASN1_STRING_get0_data(*inner),
		        (size_t)ASN1_STRING_length(*inner)));
	CMS_ContentInfo_free(cms);
	ERR_clear_error();
	return content.n > 0 ? content : BYTES_NONE;
}
