/* PowerPoint (ECMA-376 part 1, 19): slides in the order of their numbers, the
 * notes and comments as members. */
#include "parsers/documents/office.h"

/* ppt/slides/slide12.xml: 12; 0 for other members. */
static unsigned
slide_number(struct bytes path)
{
	struct bytes digits;
	uint64_t number;

	if (!bytes_starts(path, BYTES_LIT("ppt/slides/slide")) ||
	    !bytes_ends(path, BYTES_LIT(".xml")))
		return 0;
	digits = bytes_slice(path, 16, path.n - 4);
	return bytes_to_u64(digits, &number) && number < 100000
		   ? (unsigned)number
		   : 0;
}

bool
slides_say(struct document_reader *reader, const struct package *package)
{
	bool whole = true;

	for (size_t i = 0; i < package->count; i++) {
		const struct package_member *member = &package->list[i];
		unsigned number = slide_number(member->path);
		struct text_target target;

		if (number > 0)
			target = office_part(reader, "/slide=%u", number);
		else if (bytes_starts(member->path,
			     BYTES_LIT("ppt/notesSlides/notes")) ||
			 bytes_starts(member->path,
			     BYTES_LIT("ppt/comments/")))
			target = office_part(reader, "/member=%.*s",
			    (int)member->path.n,
			    (const char *)member->path.p);
		else
			continue;
		whole &= office_flow_say(reader, &target, member->content);
	}
	return whole;
}
