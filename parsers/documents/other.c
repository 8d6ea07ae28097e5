/*
 * Files among the evidence whose first bytes prove that they are no mail and
 * no log.  Pictures, sounds, films, programs, indexes that mail programs and
 * file managers leave: a note, nothing is lost with them.  Documents: text of
 * somebody's that no message holds; nothing says who read it when, so it is
 * listed and not searched.  A file that nobody knows is a source lost.
 */
#include "parsers/base/sniff.h"
#include "parsers/parser.h"

static unsigned
other_probe(struct bytes head, uint64_t size)
{
	(void)size;
	return sniff_is_harmless(sniff_type(head)) ? 1 : 0;
}

static enum outcome
other_run(const struct input *input, struct bytes spec, struct sink *sink)
{
	uint8_t head[512];
	int64_t n = input_read(input, 0, head, sizeof head);
	struct bytes type = sniff_type(bytes_of(head, n > 0 ? (size_t)n : 0));

	(void)spec;
	sink_problem(sink, BYTES_LIT(""), PROBLEM_UNKNOWN_FORMAT, OUTCOME_OK,
	    0, "%.*s: holds neither mail nor audit records, and was not read",
	    (int)type.n, (const char *)type.p);
	return OUTCOME_OK;
}

const struct parser parser_other = {
	.name = "other",
	.title = "picture, sound or program: no mail, no log",
	.no_mail = true,
	.probe = other_probe,
	.run = other_run,
};

static unsigned
document_probe(struct bytes head, uint64_t size)
{
	(void)size;
	return sniff_is_document(head) ? 1 : 0;
}

static enum outcome
document_run(const struct input *input, struct bytes spec, struct sink *sink)
{
	(void)input;
	(void)spec;
	sink_problem(sink, BYTES_LIT(""), PROBLEM_UNKNOWN_FORMAT,
	    OUTCOME_PARTIAL, 0, "a document that belongs to no message: its "
	    "text was not searched");
	return OUTCOME_PARTIAL;
}

const struct parser parser_document = {
	.name = "document",
	.title = "document outside any message (PDF, Office, HTML, vCard, ...)",
	.no_mail = true,
	.probe = document_probe,
	.run = document_run,
};
