/* PowerPoint 97-2003 ([MS-PPT]): the text atoms of each slide, in the order
 * of the stream; containers are entered without recursion. */
#include "parsers/base/buffer.h"
#include "parsers/base/cursor.h"
#include "parsers/base/text.h"
#include "parsers/documents/office97.h"

enum { /* 2.13.24 RecordType */
	SLIDE = 1006,
	NOTES = 1008,
	SLIDE_PERSIST = 1011,
	MASTER = 1016,
	SLIDE_LIST = 4080, /* instance 0: slides, 1: masters, 2: notes */
	TEXT_CHARS = 4000,
	TEXT_BYTES = 4008,
};

struct slides {
	struct document_reader *reader;
	struct buffer text;
	unsigned number;   /* of the slide in hand; 0: master, notes */
	unsigned listed, drawn;
	bool in_list;
};

static void
end_slide(struct slides *slides)
{
	struct text_target target = slides->reader->target;

	if (slides->text.n > 0) {
		if (slides->number > 0)
			target.part = arena_printf(slides->reader->arena,
			    "%.*s/slide=%u", (int)target.part.n,
			    (const char *)target.part.p, slides->number);
		plain_text_say(&target, arena_dup(slides->reader->arena,
					    buffer_bytes(&slides->text)));
	}
	buffer_reset(&slides->text);
}

/* Paragraphs end with CR, lines within one with VT (2.9.42). */
static void
take_text(struct slides *slides, struct bytes text)
{
	if (slides->text.n > 0)
		buffer_add_cstr(&slides->text, "\n\n");
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '\r')
			buffer_add_cstr(&slides->text, "\n\n");
		else
			buffer_add_byte(&slides->text,
			    text.p[i] == 11 ? '\n' : text.p[i]);
	}
}

/* The outline lists the slides' texts; what stands in other boxes is drawn
 * with the slides themselves, in the same order. */
static void
begin_place(struct slides *slides, uint16_t type, unsigned instance)
{
	end_slide(slides);
	slides->number = 0;
	if (type == SLIDE_LIST) {
		slides->in_list = instance == 0;
		slides->listed = 0;
	} else if (type == SLIDE_PERSIST && slides->in_list) {
		slides->number = ++slides->listed;
	} else if (type == SLIDE) {
		slides->number = ++slides->drawn;
	}
}

struct document_answer
powerpoint97_say(struct document_reader *reader, struct bytes stream)
{
	struct slides slides = { .reader = reader };
	struct cursor c = cursor_over(stream);
	enum text_quality quality;

	while (cursor_left(&c) >= 8) {
		uint16_t version = cursor_le16(&c);
		uint16_t type = cursor_le16(&c);
		uint32_t n = cursor_le32(&c);
		struct bytes body;

		if (type == SLIDE || type == NOTES || type == SLIDE_PERSIST ||
		    type == MASTER || type == SLIDE_LIST)
			begin_place(&slides, type, version >> 4);
		if ((version & 0xF) == 0xF)
			continue; /* a container: its records come next */
		if (n > cursor_left(&c))
			n = (uint32_t)cursor_left(&c);
		body = cursor_take(&c, n);
		if (type == TEXT_CHARS)
			take_text(&slides,
			    text_from_utf16le(reader->arena, body));
		else if (type == TEXT_BYTES)
			take_text(&slides, text_from_codepage(reader->arena,
					       28591, body, &quality));
	}
	end_slide(&slides);
	buffer_release(&slides.text);
	return (struct document_answer){ BYTES_LIT("read"), BYTES_LIT("") };
}
