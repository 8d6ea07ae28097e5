/* The spec file: statements of one line each, or with lines up to a mark. */
#include "testdata/pstgen/pstgen.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DEPTH = 8 };

struct spec {
	struct store *store;
	const char *path;
	FILE *in;
	char *line;
	size_t room;
	unsigned number;
	void **kept; /* freed with the message in hand */
	size_t kept_count, kept_room;
	struct item *items[DEPTH]; /* the message and those inside it */
	size_t depth;
	size_t folder;
	bool has_folder;
	char *folder_class;
	enum role folder_role;
};

static void __attribute__((noreturn))
fail(const struct spec *spec, const char *reason, const char *what)
{
	generator_die("%s:%u: %s: %s", spec->path, spec->number, reason, what);
}

static void *
keep(struct spec *spec, void *p)
{
	spec->kept = grow(spec->kept, spec->kept_count, &spec->kept_room,
	    sizeof(*spec->kept));
	spec->kept[spec->kept_count++] = p;
	return p;
}

/* The next line without its end; false at the end of the file. */
static bool
next_line(struct spec *spec)
{
	ssize_t n = getline(&spec->line, &spec->room, spec->in);

	if (n < 0)
		return false;
	spec->number++;
	if (n > 0 && spec->line[n - 1] == '\n')
		spec->line[--n] = '\0';
	if (memchr(spec->line, '\0', (size_t)n) != NULL)
		fail(spec, "a NUL in the line", "write text");
	return true;
}

/* "<<MARK": the lines up to MARK, each with its line end. */
static char *
read_lines(struct spec *spec, const char *mark)
{
	char *end = strdup(mark), *text = calloc(1, 1);
	size_t used = 0;

	for (;;) {
		size_t n;

		if (!next_line(spec))
			fail(spec, "the file ends before", end);
		if (strcmp(spec->line, end) == 0)
			break;
		n = strlen(spec->line);
		text = realloc(text, used + n + 2);
		memcpy(text + used, spec->line, n);
		used += n;
		text[used++] = '\n';
		text[used] = '\0';
	}
	free(end);
	return text;
}

static const char *
value_text(struct spec *spec, const char *value)
{
	if (strncmp(value, "<<", 2) == 0)
		return keep(spec, read_lines(spec, value + 2));
	return keep(spec, strdup(value));
}

/* Bodies are kept with CR LF, as Outlook does. */
static const char *
value_body(struct spec *spec, const char *value)
{
	const char *text = value_text(spec, value);
	char *body = keep(spec, malloc(2 * strlen(text) + 1)), *to = body;

	for (; *text != '\0'; text++) {
		if (*text == '\n')
			*to++ = '\r';
		*to++ = *text;
	}
	*to = '\0';
	return body;
}

/* YYYY-MM-DDTHH:MM:SS[.fraction]Z, as 100 ns since 1601. */
static uint64_t
value_time(const struct spec *spec, const char *value)
{
	struct tm tm = {0};
	uint64_t ticks = 0, unit = 1000000;
	const char *rest = strptime(value, "%Y-%m-%dT%H:%M:%S", &tm);

	if (rest == NULL)
		fail(spec, "not a time", value);
	if (*rest == '.')
		for (rest++; *rest >= '0' && *rest <= '9'; rest++) {
			ticks += unit * (uint64_t)(*rest - '0');
			unit /= 10;
		}
	if (strcmp(rest, "Z") != 0)
		fail(spec, "not a time in UTC", value);
	return (uint64_t)(timegm(&tm) + 11644473600) * 10000000 + ticks;
}

/* "Name <address> /o=dn": name and DN may be missing. */
static struct person
value_person(struct spec *spec, char *value)
{
	struct person person = {0};
	char *text = keep(spec, strdup(value));
	char *open = strchr(text, '<'), *close = strchr(text, '>');

	if (open == NULL) {
		person.smtp = text;
		return person;
	}
	if (close == NULL || close < open)
		fail(spec, "no address", value);
	*close = '\0';
	person.smtp = open + 1;
	if (close[1] == ' ' && close[2] == '/')
		person.dn = close + 2;
	while (open > text && open[-1] == ' ')
		open--;
	*open = '\0';
	if (*text != '\0')
		person.name = text;
	return person;
}

static unsigned
value_type(const struct spec *spec, const char *word)
{
	static const struct {
		const char *word;
		unsigned type;
	} types[] = {
	    {"string", T_STRING},
	    {"int", T_INT32},
	    {"bool", T_BOOL},
	    {"time", T_TIME},
	    {"binary", T_BINARY},
	    {"int64", T_INT64},
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (strcmp(types[i].word, word) == 0)
			return types[i].type;
	if (strncmp(word, "hex", 3) == 0)
		return word[3] == ':' ? (unsigned)strtoul(word + 4, NULL, 16)
				      : T_BINARY;
	fail(spec, "no type", word);
}

/* Digits of two, as bytes; *n how many. */
static const char *
value_hex(struct spec *spec, const char *value, size_t *n)
{
	char *bytes = keep(spec, calloc(strlen(value) / 2 + 1, 1));
	char pair[3] = {0}, *end;

	for (*n = 0; value[0] != '\0'; value += 2) {
		memcpy(pair, value, value[1] != '\0' ? 2 : 1);
		bytes[(*n)++] = (char)strtoul(pair, &end, 16);
		if (end != pair + 2)
			fail(spec, "not hexadecimal", value);
	}
	return bytes;
}

static char *
cut_word(char **value)
{
	char *word = *value;
	size_t n = strcspn(word, " ");

	*value = word + n;
	if (**value != '\0') {
		**value = '\0';
		(*value)++;
	}
	return word;
}

static struct item *
current(struct spec *spec)
{
	if (spec->depth == 0)
		fail(spec, "outside a message", spec->line);
	return spec->items[spec->depth - 1];
}

static struct attachment *
last_attachment(struct spec *spec)
{
	struct item *item = current(spec);

	if (item->attachment_count == 0)
		fail(spec, "no attach before", spec->line);
	return &item->attachments[item->attachment_count - 1];
}

/* "prop 3A08 string V" and "named address 8083 string V". */
static void
add_property(struct spec *spec, char *value, bool named)
{
	struct item *item = current(spec);
	struct property p = {0};
	char *number, *type;

	if (named)
		p.set = keep(spec, strdup(cut_word(&value)));
	number = cut_word(&value);
	if (!named)
		p.id = (unsigned)strtoul(number, NULL, 16);
	else if (*number == '\'')
		p.word = keep(spec, strdup(number + 1));
	else
		p.number = (unsigned)strtoul(number, NULL, 16);
	type = cut_word(&value);
	p.type = value_type(spec, type);
	p.value = strncmp(type, "hex", 3) == 0
	    ? value_hex(spec, value, &p.bytes) : value_text(spec, value);
	if (p.type == T_TIME) {
		char *ticks = keep(spec, malloc(32));

		snprintf(ticks, 32, "%llu",
		    (unsigned long long)value_time(spec, p.value));
		p.value = ticks;
	}
	item->properties = grow(item->properties, item->property_count,
	    &item->property_room, sizeof(p));
	item->properties[item->property_count++] = p;
}

static void
add_person(struct spec *spec, char *value, enum recipient_kind kind)
{
	struct item *item = current(spec);
	struct person person = value_person(spec, value);

	person.kind = kind;
	item->people = grow(item->people, item->people_count,
	    &item->people_room, sizeof(person));
	item->people[item->people_count++] = person;
}

static void
add_attachment(struct spec *spec, const char *name)
{
	struct item *item = current(spec);

	item->attachments = grow(item->attachments, item->attachment_count,
	    &item->attachment_room, sizeof(*item->attachments));
	item->attachments[item->attachment_count++] = (struct attachment){
	    .name = *name == '\0' ? NULL : keep(spec, strdup(name))};
}

static void
set_flags(struct spec *spec, char *value)
{
	struct item *item = current(spec);

	while (*value != '\0') {
		const char *word = cut_word(&value);

		if (strcmp(word, "unread") == 0)
			item->unread = true;
		else if (strcmp(word, "draft") == 0)
			item->unsent = true;
		else if (strcmp(word, "from-me") == 0)
			item->from_me = true;
		else if (strcmp(word, "orphan") == 0)
			item->orphan = true;
		else if (strcmp(word, "parentless") == 0)
			item->parentless = true;
		else if (strcmp(word, "associated") == 0)
			item->associated = true;
		else
			fail(spec, "no flag", word);
	}
}

static void
begin_item(struct spec *spec)
{
	struct item *item;

	if (spec->depth == DEPTH)
		fail(spec, "nested too deep", spec->line);
	item = calloc(1, sizeof(*item));
	item->importance = 1;
	spec->items[spec->depth++] = keep(spec, item);
}

static void
end_item(struct spec *spec)
{
	struct item *item = current(spec);

	keep(spec, item->people);
	keep(spec, item->attachments);
	keep(spec, item->properties);
	if (--spec->depth > 0)
		return;
	if (!spec->has_folder)
		fail(spec, "no folder before", "message");
	store_message(spec->store, spec->folder, item);
	for (size_t i = 0; i < spec->kept_count; i++)
		free(spec->kept[i]);
	spec->kept_count = 0;
}

static void
set_role(struct spec *spec, const char *value)
{
	static const char *const words[] = {
	    [ROLE_CALENDAR] = "calendar",
	    [ROLE_CONTACTS] = "contacts",
	    [ROLE_JOURNAL] = "journal",
	    [ROLE_NOTES] = "notes",
	    [ROLE_TASKS] = "tasks",
	    [ROLE_REMINDERS] = "reminders",
	    [ROLE_DRAFTS] = "drafts",
	    [ROLE_SENT] = "sent",
	    [ROLE_OUTBOX] = "outbox",
	    [ROLE_INBOX] = "inbox",
	    [ROLE_DELETED] = "deleted",
	};

	for (int i = ROLE_CALENDAR; i <= ROLE_DELETED; i++) {
		if (strcmp(words[i], value) == 0) {
			spec->folder_role = (enum role)i;
			return;
		}
	}
	fail(spec, "no role", value);
}

static void
set_folder(struct spec *spec, const char *value)
{
	if (spec->depth > 0)
		fail(spec, "inside a message", spec->line);
	spec->folder = store_folder(
	    spec->store, value, spec->folder_class, spec->folder_role);
	spec->has_folder = true;
	free(spec->folder_class);
	spec->folder_class = NULL;
	spec->folder_role = ROLE_NONE;
}

/* What may stand outside a message; false: not one of these. */
static bool
folder_statement(struct spec *spec, const char *key, char *value)
{
	if (strcmp(key, "folder") == 0) {
		set_folder(spec, value);
	} else if (strcmp(key, "folder-class") == 0) {
		free(spec->folder_class);
		spec->folder_class = strdup(value);
	} else if (strcmp(key, "folder-role") == 0) {
		set_role(spec, value);
	} else if (strcmp(key, "root-folder") == 0) {
		spec->folder = store_root_folder(spec->store, value);
		spec->has_folder = true;
	} else if (strcmp(key, "message") == 0) {
		if (spec->depth > 0)
			fail(spec, "inside a message", "use embed");
		begin_item(spec);
	} else if (strcmp(key, "end") == 0) {
		end_item(spec);
	} else {
		return false;
	}
	return true;
}

static bool
attachment_statement(struct spec *spec, const char *key, char *value)
{
	struct attachment *attachment;
	const char *text;

	if (strcmp(key, "attach") == 0) {
		add_attachment(spec, value);
		return true;
	}
	if (strcmp(key, "embed") == 0) {
		attachment = last_attachment(spec);
		begin_item(spec);
		attachment->embedded = current(spec);
		return true;
	}
	if (strncmp(key, "attach-", 7) != 0)
		return false;
	attachment = last_attachment(spec);
	key += 7;
	if (strcmp(key, "type") == 0) {
		attachment->mime = value_text(spec, value);
	} else if (strcmp(key, "cid") == 0) {
		attachment->content_id = value_text(spec, value);
		attachment->in_line = true;
	} else if (strcmp(key, "hidden") == 0) {
		attachment->hidden = true;
	} else if (strcmp(key, "link") == 0) {
		attachment->link = value_text(spec, value);
	} else if (strcmp(key, "file") == 0) {
		attachment->data.path = value_text(spec, value);
	} else if (strcmp(key, "text") == 0) {
		text = value_text(spec, value);
		attachment->data.text = text;
		attachment->data.n = strlen(text);
	} else if (strcmp(key, "random") == 0) {
		attachment->data.n = strtoull(cut_word(&value), NULL, 0);
		attachment->data.seed = strtoull(value, NULL, 0);
	} else {
		return false;
	}
	return true;
}

static bool
text_statement(struct spec *spec, const char *key, const char *value)
{
	struct item *item = current(spec);

	if (strcmp(key, "class") == 0)
		item->class = value_text(spec, value);
	else if (strcmp(key, "subject") == 0)
		item->subject = value_text(spec, value);
	else if (strcmp(key, "message-id") == 0)
		item->message_id = value_text(spec, value);
	else if (strcmp(key, "in-reply-to") == 0)
		item->in_reply_to = value_text(spec, value);
	else if (strcmp(key, "references") == 0)
		item->references = value_text(spec, value);
	else if (strcmp(key, "headers") == 0)
		item->headers = value_text(spec, value);
	else if (strcmp(key, "text") == 0)
		item->text = value_body(spec, value);
	else if (strcmp(key, "html") == 0)
		item->html = value_body(spec, value);
	else if (strcmp(key, "rtf") == 0)
		item->rtf = value_text(spec, value);
	else
		return false;
	return true;
}

static bool
time_statement(struct spec *spec, const char *key, const char *value)
{
	struct item *item = current(spec);

	if (strcmp(key, "sent") == 0)
		item->sent = value_time(spec, value);
	else if (strcmp(key, "received") == 0)
		item->received = value_time(spec, value);
	else if (strcmp(key, "created") == 0)
		item->created = value_time(spec, value);
	else if (strcmp(key, "modified") == 0)
		item->modified = value_time(spec, value);
	else
		return false;
	return true;
}

static bool
other_statement(struct spec *spec, const char *key, char *value)
{
	struct item *item = current(spec);

	if (strcmp(key, "from") == 0)
		item->from = value_person(spec, value);
	else if (strcmp(key, "sender") == 0)
		item->sender = value_person(spec, value);
	else if (strcmp(key, "received-by") == 0)
		item->received_by = value_person(spec, value);
	else if (strcmp(key, "to") == 0)
		add_person(spec, value, TO);
	else if (strcmp(key, "cc") == 0)
		add_person(spec, value, CC);
	else if (strcmp(key, "bcc") == 0)
		add_person(spec, value, BCC);
	else if (strcmp(key, "flags") == 0)
		set_flags(spec, value);
	else if (strcmp(key, "importance") == 0)
		item->importance = (unsigned)strtoul(value, NULL, 10);
	else if (strcmp(key, "prop") == 0)
		add_property(spec, value, false);
	else if (strcmp(key, "named") == 0)
		add_property(spec, value, true);
	else
		return false;
	return true;
}

void
spec_read(struct store *store, const char *path)
{
	struct spec spec = {.store = store, .path = path};

	spec.in = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
	if (spec.in == NULL)
		generator_die("%s: %s", path, strerror(errno));
	while (next_line(&spec)) {
		/* Reading further lines moves spec.line. */
		char *line = strdup(spec.line);
		char *key = line + strspn(line, " \t"), *value = key;

		if (*key != '\0' && *key != '#') {
			cut_word(&value);
			if (!folder_statement(&spec, key, value) &&
			    !text_statement(&spec, key, value) &&
			    !time_statement(&spec, key, value) &&
			    !attachment_statement(&spec, key, value) &&
			    !other_statement(&spec, key, value))
				fail(&spec, "no statement", key);
		}
		free(line);
	}
	if (spec.depth > 0)
		fail(&spec, "the file ends inside", "message");
	free(spec.folder_class);
	free(spec.line);
	free(spec.kept);
	if (spec.in != stdin)
		fclose(spec.in);
}
