/* Headers: fields, words, addresses, parameters, dates, charsets. */
#include <stdlib.h>

#include "parsers/base/text.h"
#include "parsers/base/utc.h"
#include "parsers/mail/header.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(struct bytes text)
{
	if (!text_is_utf8(text))
		abort();
}

static void
take_value(struct arena *arena, struct bytes raw)
{
	size_t count;
	struct mail_address *list = header_addresses(arena, raw, &count);

	check(header_decode(arena, raw));
	for (size_t i = 0; i < count; i++)
		check(list[i].name);
	check(content_type_parse(arena, raw).name);
	check(disposition_parse(arena, raw).file_name);
	message_id_mih(arena, raw);
	utc_from_mail(raw);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	struct header header;
	struct bytes value;

	arena_init(&arena);
	header = header_parse(&arena, bytes_of(data, size));
	if (header.body > size)
		abort();
	for (size_t i = 0; i < header.count; i++) {
		enum text_quality quality;

		value = header.list[i].value;
		if (value.p < data || value.p + value.n > data + size)
			abort();
		take_value(&arena, value);
		check(text_to_utf8(&arena, header.list[i].name, value,
		    &quality));
	}
	arena_release(&arena);
	return 0;
}
