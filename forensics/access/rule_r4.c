/* R4, taken: it arrived, not as a sent item or draft, while forwarding or
 * redirection made by the adversary was in force (inbox rule, mailbox
 * forwarding, transport rule), and met the rule's conditions: all of them,
 * any of a condition's words, case-insensitive substrings of decoded subject
 * or text; From: address, else display name.  Exceptions are ignored, and
 * conditions that cannot be evaluated count as met; both are flagged. */
#include "forensics/access/forwarding.h"
#include "forensics/access/rule.h"

/* NULL: it may stand in what was not kept. */
#define TEXT_HAS "text_has(m.message, w.word)"

/* SQL: the message m at place p meets word w of condition w. */
#define WORD_MET                                                               \
	"CASE w.condition"                                                     \
	" WHEN 'subject' THEN instr(fold(m.subject), w.word) > 0"              \
	" WHEN 'body' THEN " TEXT_HAS                                          \
	" WHEN 'text' THEN instr(fold(coalesce(m.subject, '')), w.word) > 0"   \
	"  OR " TEXT_HAS                                                       \
	" WHEN 'from' THEN fold(m.sender_address) = w.word"                    \
	"  OR instr(w.word, '<' || fold(m.sender_address) || '>') > 0"         \
	"  OR instr(w.word, ':' || fold(m.sender_address) || ']') > 0"         \
	"  OR fold(trim(substr(m.sender, 1, iif(instr(m.sender, '<') > 0,"     \
	"   instr(m.sender, '<') - 1, length(m.sender))), ' \"')) ="           \
	"   trim(w.word, ' \"')"                                               \
	" WHEN 'from_words' THEN instr(fold(m.sender_address), w.word) > 0"    \
	" WHEN 'to' THEN EXISTS (SELECT 1 FROM mailbox_names n"                \
	"  WHERE n.mailbox_no = p.mailbox_no AND n.name = w.word)"             \
	" END"

void
rule_r4_run(struct case_file *file, const struct incident *incident)
{
	(void)incident;
	forwarding_find(file);
	case_run(file,
	    "DROP TABLE IF EXISTS temp.forwarded;"
	    "CREATE TEMP TABLE forwarded AS SELECT f.id, f.event, p.place,"
	    " p.message, p.arrival_us, f.words FROM forwards f JOIN places p"
	    "  ON (f.mailbox_no IS NULL OR p.mailbox_no = f.mailbox_no)"
	    " JOIN messages m USING (message)"
	    " LEFT JOIN mailbox_folders d ON d.mailbox_no = p.mailbox_no"
	    "  AND d.path = p.folder"
	    " WHERE p.state <> 'embedded' AND p.arrival_us >= f.from_us"
	    " AND (f.to_us IS NULL OR p.arrival_us <= f.to_us)"
	    " AND coalesce(d.special, '') NOT IN ('sent', 'drafts', 'outbox')"
	    " AND coalesce(m.flags, '') NOT LIKE '%\"sent\"%'"
	    " AND coalesce(m.flags, '') NOT LIKE '%\"draft\"%';"
	    "DELETE FROM forwarded WHERE EXISTS (SELECT 1 FROM"
	    "  (SELECT DISTINCT id, condition FROM forward_words) c"
	    "  WHERE c.id = forwarded.id AND NOT EXISTS (SELECT 1"
	    "   FROM forward_words w JOIN places p ON p.place ="
	    "    forwarded.place JOIN messages m ON m.message ="
	    "    forwarded.message"
	    "   WHERE w.id = c.id AND w.condition = c.condition"
	    "   AND coalesce(" WORD_MET ", w.condition IN ('body', 'text'))"
	    "));"
	    "INSERT INTO hits SELECT f.place, 'R4', f.event, f.arrival_us,"
	    " f.arrival_us, 'it arrived while the adversary''s ' || f.words"
	    " || ' sent messages away', g.flag FROM forwarded f"
	    " LEFT JOIN (SELECT id, NULL AS message, flag FROM forward_flags"
	    "  UNION SELECT d.id, d.message, 'condition=text'"
	    "  FROM forwarded d JOIN forward_words w USING (id)"
	    "  LEFT JOIN texts x ON x.message = d.message"
	    "  WHERE w.condition IN ('body', 'text')"
	    "  AND x.whole IS NOT 1) g ON g.id = f.id"
	    "  AND (g.message IS NULL OR g.message = f.message)");
}
