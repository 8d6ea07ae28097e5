#include "parsers/documents/office97.h"

#include "parsers/base/limits.h"

static struct document_answer
answer(const char *text, const char *reason)
{
	return (struct document_answer){ bytes_cstr(text),
		bytes_cstr(reason) };
}

/* PowerPoint says so in a stream beside the slides ([MS-PPT] 2.3.2). */
static bool
slides_are_encrypted(const struct cfb *cfb, struct arena *arena)
{
	static const uint8_t token[] = { 0xDF, 0xC4, 0xD1, 0xF3 };
	uint32_t entry = cfb_find(cfb, 0, BYTES_LIT("Current User"));
	struct bytes user;
	bool whole;

	if (entry == CFB_NONE)
		return false;
	user = cfb_stream(cfb, arena, entry, 64, &whole);
	return bytes_eq(bytes_slice(user, 12, 16),
	    bytes_of(token, sizeof token));
}

static struct bytes
main_stream(struct document_reader *reader, const struct cfb *cfb,
    const char *name)
{
	uint32_t entry = cfb_find(cfb, 0, bytes_cstr(name));
	struct bytes stream;
	bool whole;

	if (entry == CFB_NONE)
		return BYTES_NONE;
	stream = cfb_stream(cfb, reader->arena, entry, LIMIT_TEXT_BYTES,
	    &whole);
	if (!whole)
		sink_problem(reader->target.sink, reader->locator,
		    PROBLEM_TRUNCATED, OUTCOME_PARTIAL, 0,
		    "stream '%s' is shorter than its size ([MS-CFB] 2.6.3)",
		    name);
	return stream;
}

struct document_answer
office97_say(struct document_reader *reader, struct bytes file)
{
	/* The stream's name in the directory, damaged or not
	 * ([MS-OFFCRYPTO] 2.3.4.4). */
	static const char package[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a"
				      "\0c\0k\0a\0g\0e";
	const char *problem;
	struct cfb cfb;
	struct bytes stream;

	if (bytes_find(file, bytes_of(package, sizeof package)) != SIZE_MAX)
		return answer("encrypted", "Office file that wants a password");
	if (!cfb_open(&cfb, reader->arena, file, &problem))
		return answer("not_read", problem);
	stream = main_stream(reader, &cfb, "WordDocument");
	if (stream.p != NULL)
		return word97_say(reader, &cfb, stream);
	stream = main_stream(reader, &cfb, "Workbook");
	if (stream.p == NULL)
		stream = main_stream(reader, &cfb, "Book");
	if (stream.p != NULL)
		return excel97_say(reader, stream);
	stream = main_stream(reader, &cfb, "PowerPoint Document");
	if (stream.p != NULL && slides_are_encrypted(&cfb, reader->arena))
		return answer("encrypted", "slides that want a password");
	if (stream.p != NULL)
		return powerpoint97_say(reader, stream);
	return answer("not_read", "a compound file of a kind not known");
}
