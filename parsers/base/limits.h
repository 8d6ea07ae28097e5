/*
 * Every bound that hostile evidence can run into, with its reason.  Each has
 * a test at the bound and one past it (tests/unit_limits_*.c); reaching one
 * is a problem row, never silence.
 */
#ifndef PARSERS_BASE_LIMITS_H
#define PARSERS_BASE_LIMITS_H

#include <stddef.h>
#include <stdint.h>

enum {
	/* Messages in messages, multiparts in multiparts: real mail stays
	 * under 10; Outlook forwards 30 deep have been seen. */
	LIMIT_MIME_DEPTH = 64,
	/* Parts of one message: the largest real one seen has 330. */
	LIMIT_MIME_PARTS = 10000,
	/* uuencode and yEnc files in one text body: posts hold a few. */
	LIMIT_INLINE_FILES = 256,
	/* Doubtful From_ lines of one mbox that are told one by one. */
	LIMIT_MBOX_NOTES = 100,
	/* A Content-Length above this is not believed: looking for the end
	 * it promises means holding as much. */
	LIMIT_CONTENT_LENGTH = 64 * 1024 * 1024,
	/* Header block of one part: 100 kB Received chains exist. */
	LIMIT_HEADER_BYTES = 1024 * 1024,
	LIMIT_RECIPIENTS = 100000,
	/* Nesting of embedded messages in a store ([MS-PST] sets none). */
	LIMIT_PST_DEPTH = 64,
	LIMIT_FOLDER_DEPTH = 256,
	/* Blocks of one value (8 GB), subnodes of one node (the largest real
	 * message has 330), nodes or blocks that a scan of a store keeps. */
	LIMIT_PST_BLOCKS = 1024 * 1024,
	LIMIT_PST_SUBNODES = 1024 * 1024,
	LIMIT_PST_POOL = 4 * 1024 * 1024,
	/* Messages within one item of a store, at any depth. */
	LIMIT_PST_EMBEDDED = 10000,
	/* Folders of a store; items of a store (60 GB of 4 KB mails). */
	LIMIT_PST_FOLDERS = 100000,
	LIMIT_PST_NODES = 16 * 1024 * 1024,
	/* JSON texts inside strings of one audit record (reference: rule 24):
	 * Sentinel writes eight of its fields so. */
	LIMIT_JSON_STRINGS = 24,
	LIMIT_JSON_DEPTH = 64,
	LIMIT_CSV_COLUMNS = 1024,
	/* Named items of one audit record; Exchange writes 11. */
	LIMIT_EVENT_ITEMS = 100000,
	/* Findings of one message: a list of 100,000 people with ten values
	 * each stays below. */
	LIMIT_FINDINGS = 1000000,
	LIMIT_HTML_DEPTH = 512,
	/* Pages of one PDF: statutes have 3,000. */
	LIMIT_PDF_PAGES = 10000,
	/* Operands before an operator; ISO 32000-1 annex C knows 33. */
	LIMIT_PDF_OPERANDS = 256,
	/* Saved graphics states; annex C: 28. */
	LIMIT_PDF_STATES = 512,
	/* Forms one page draws, and forms within forms. */
	LIMIT_PDF_FORMS = 1000,
	LIMIT_PDF_FORM_DEPTH = 16,
	/* Codes of one font: all of the Basic Multilingual Plane. */
	LIMIT_PDF_CODES = 65536,
	LIMIT_PDF_PAGE_BYTES = 16 * 1024 * 1024,
	/* Values of one multi-valued property; Outlook's lists stay below
	 * 1,000. */
	LIMIT_MAPI_VALUES = 10000,
	/* Conditions in conditions of an inbox rule; Outlook writes 4 levels.
	 * Conditions and actions of one; the server allows 256 KB of all. */
	LIMIT_RULE_DEPTH = 32,
	LIMIT_RULE_TERMS = 4096,
	/* Bytes of one list of words or recipients of a rule. */
	LIMIT_RULE_LIST = 8192,
	/* Groups in groups of RTF; Word writes under 30. */
	LIMIT_RTF_DEPTH = 512,
	/* RTF font table: real ones stay under 1,000. */
	LIMIT_RTF_FONTS = 10000,
	/* Archives in archives: a Takeout in an export package is two. */
	LIMIT_ARCHIVE_DEPTH = 4,
	/* Members of one archive: an export of a large mailbox as EML. */
	LIMIT_ARCHIVE_MEMBERS = 1000000,
	/* Unpacked bytes for each packed one, beyond LIMIT_ARCHIVE_FREE:
	 * deflate gives 1032 at most, text 20, audit JSON 60. */
	LIMIT_ARCHIVE_RATIO = 200,
	/* Tables in tables: mail made of layout tables nests a dozen. */
	LIMIT_HTML_TABLES = 32,
};

/* One mail item, one text part, one audit record, one CSV field. */
#define LIMIT_ITEM_BYTES ((size_t)512 * 1024 * 1024)
#define LIMIT_TEXT_BYTES ((size_t)256 * 1024 * 1024)
#define LIMIT_RECORD_BYTES ((size_t)64 * 1024 * 1024)
/* Attachment data held between the two looks at a MAPI message; more is
 * read from the store again. */
#define LIMIT_MAPI_HELD ((size_t)16 * 1024 * 1024)
/* How much of an unreadable record is searched for its id and time. */
#define LIMIT_SALVAGE_BYTES ((size_t)1024 * 1024)
/* Unpacked bytes of an archive that no ratio forbids: too few to harm. */
#define LIMIT_ARCHIVE_FREE ((uint64_t)64 * 1024 * 1024)
/* A member read anywhere (a store, an archive) is held in memory where there
 * is no scratch file. */
#define LIMIT_MEMBER_BYTES ((size_t)512 * 1024 * 1024)
/* A member below this is held in memory whatever it is. */
#define LIMIT_MEMBER_SMALL ((size_t)32 * 1024 * 1024)
/* A member too large for that is unpacked beside the case: the largest store
 * that Outlook writes, and some. */
#define LIMIT_SCRATCH_BYTES ((uint64_t)64 * 1024 * 1024 * 1024)
/* One frame from a worker: a record with its longest texts. */
#define LIMIT_FRAME_BYTES ((size_t)96 * 1024 * 1024)

/* Headers and text that the case keeps of one message, before packing: mail
 * is below but for logs and tables somebody pasted, and the case must not
 * become a second mailbox. */
#define LIMIT_KEPT_TEXT ((size_t)1024 * 1024)
/* The same of one item with all the messages in it: a worker holds it. */
#define LIMIT_KEPT_ITEM ((size_t)64 * 1024 * 1024)
/* One RECORD_CONTENT: a frame has room for it, a worker for a few. */
#define LIMIT_CONTENT_PIECE ((size_t)16 * 1024 * 1024)
/* What is packed of one message: the text, and where it comes from. */
#define LIMIT_KEPT_UNPACKED ((size_t)16 * 1024 * 1024)

#endif
