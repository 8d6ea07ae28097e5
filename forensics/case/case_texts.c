/* The SQL function text_has: words in the kept texts of messages. */
#include <stdlib.h>

#include "forensics/case/case_private.h"
#include "parsers/base/die.h"
#include "parsers/base/kept_text.h"
#include "parsers/base/text.h"

/* The last message asked about: rules ask for one word after another. */
struct case_texts {
	struct case_file *file;
	sqlite3_stmt *statement;
	int64_t message;
	bool whole;
	struct buffer pieces, flat;
	struct arena arena;
	struct bytes folded;
};

/* The words of bodies one after another, lines and cells parted by a space:
 * what a condition's words are looked for in. */
static void
flatten(struct case_texts *texts)
{
	struct bytes rest = buffer_bytes(&texts->pieces);
	struct kept_piece piece = { .kind = 0 };

	buffer_reset(&texts->flat);
	while (kept_piece_next(&rest, &piece)) {
		if (piece.kind == KEPT_HEADERS)
			continue;
		if (texts->flat.n > 0)
			buffer_add_byte(&texts->flat, ' ');
		for (size_t i = 0; i < piece.text.n; i++) {
			uint8_t c = piece.text.p[i];

			if (c != '\r')
				buffer_add_byte(&texts->flat,
				    c == '\n' ? ' ' : c);
		}
	}
	/* What is no piece of ours may hold anything. */
	if (rest.n > 0)
		texts->whole = false;
}

static void
load(struct case_texts *texts, int64_t message)
{
	sqlite3_stmt *statement = texts->statement;
	struct bytes packed;

	texts->message = message;
	texts->whole = false;
	texts->folded = BYTES_LIT("");
	sqlite3_bind_int64(statement, 1, message);
	if (sqlite3_step(statement) == SQLITE_ROW) {
		packed.p = sqlite3_column_blob(statement, 0);
		packed.n = (size_t)sqlite3_column_bytes(statement, 0);
		texts->whole = sqlite3_column_int(statement, 1) == 1;
		if (packed.n == 0 || !kept_unpack(packed, &texts->pieces)) {
			buffer_reset(&texts->pieces);
			texts->whole = false;
		}
		flatten(texts);
		arena_reset(&texts->arena);
		texts->folded = text_fold(&texts->arena,
		    text_repair_utf8(&texts->arena,
		        buffer_bytes(&texts->flat)));
	}
	sqlite3_reset(statement);
}

static void
function_text_has(sqlite3_context *context, int count, sqlite3_value **values)
{
	struct case_texts *texts = sqlite3_user_data(context);
	int64_t message = sqlite3_value_int64(values[0]);
	const void *word = sqlite3_value_text(values[1]);
	struct bytes w = bytes_of(word,
	    word ? (size_t)sqlite3_value_bytes(values[1]) : 0);

	(void)count;
	if (texts->statement == NULL &&
	    sqlite3_prepare_v2(texts->file->db, "SELECT packed, whole FROM"
	        " main.texts WHERE message = ?", -1, &texts->statement,
	        NULL) != SQLITE_OK) {
		sqlite3_result_error_code(context,
		    sqlite3_errcode(texts->file->db));
		return;
	}
	if (message != texts->message)
		load(texts, message);
	if (bytes_find(texts->folded, w) != SIZE_MAX)
		sqlite3_result_int(context, 1);
	else if (texts->whole)
		sqlite3_result_int(context, 0);
}

void
case_texts_forget(struct case_texts *texts)
{
	texts->message = INT64_MIN;
}

void
case_texts_free(struct case_texts *texts)
{
	if (texts == NULL)
		return;
	sqlite3_finalize(texts->statement);
	buffer_release(&texts->pieces);
	buffer_release(&texts->flat);
	arena_release(&texts->arena);
	free(texts);
}

void
case_texts_add(struct case_file *file)
{
	struct case_texts *texts = calloc(1, sizeof *texts);

	if (texts == NULL)
		die_machine("out of memory");
	texts->file = file;
	texts->message = INT64_MIN;
	arena_init(&texts->arena);
	case_texts_free(file->texts);
	file->texts = texts;
	if (sqlite3_create_function_v2(file->db, "text_has", 2, SQLITE_UTF8,
	        texts, function_text_has, NULL, NULL, NULL) != SQLITE_OK)
		case_fail(file, "text_has");
}
