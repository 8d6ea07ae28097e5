/* Bulk mode: made-up mail until the store has its size. */
#include "testdata/pstgen/pstgen.h"
#include "testdata/text/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FOLDERS = 24, PEOPLE = 4, FILES = 3 };

/* Seconds from 1601 to 2022-01-03. */
static const uint64_t first_day = 13285641600u;

/* What one message needs, used again for the next. */
struct bulk {
	struct random random;
	uint64_t number;
	struct letter letter;
	struct text subject, text, html, headers, message_id, table;
	struct text addresses[PEOPLE + 1], names[PEOPLE + 1];
	struct person people[PEOPLE];
	struct attachment files[FILES];
	char file_names[FILES][64];
};

static struct person
make_person(struct bulk *bulk, unsigned slot, const struct correspondent *who)
{
	struct text *address = &bulk->addresses[slot];
	struct text *name = &bulk->names[slot];

	text_reset(address);
	text_reset(name);
	correspondent_address(who, address);
	text_format(name, "%s %s", who->first, who->last);
	return (struct person){
	    .kind = slot == 0 ? TO : CC, .name = name->p, .smtp = address->p};
}

static void
make_people(struct bulk *bulk, struct item *item)
{
	item->from = make_person(bulk, PEOPLE, &bulk->letter.from);
	item->people = bulk->people;
	item->people_count =
	    1 + (size_t)random_size(&bulk->random, 0, PEOPLE - 1);
	for (unsigned i = 0; i < item->people_count; i++) {
		struct correspondent who =
		    i == 0 ? bulk->letter.to
			   : correspondent(random_below(&bulk->random, 400));

		bulk->people[i] = make_person(bulk, i, &who);
	}
}

static void
make_file(struct bulk *bulk, struct attachment *file, char name[64], bool first)
{
	static const char *const kinds[][2] = {
	    {"pdf", "application/pdf"},
	    {"jpg", "image/jpeg"},
	    {"docx", "application/vnd.openxmlformats-officedocument."
		     "wordprocessingml.document"},
	    {"zip", "application/zip"},
	};
	unsigned kind = random_below(&bulk->random, 4);

	memset(file, 0, sizeof(*file));
	file->name = name;
	/* The table's text is kept once: only the first file may be one. */
	if (first && random_one_in(&bulk->random, 12)) {
		text_reset(&bulk->table);
		personal_table(&bulk->random,
		    (unsigned)random_size(&bulk->random, 5, 400), &bulk->table);
		snprintf(
		    name, 64, "list%llu.csv", (unsigned long long)bulk->number);
		file->mime = "text/csv";
		file->data.text = bulk->table.p;
		file->data.n = bulk->table.n;
		return;
	}
	snprintf(name, 64, "file%llu.%s", (unsigned long long)bulk->number,
	    kinds[kind][0]);
	file->mime = kinds[kind][1];
	file->data.n = random_size(&bulk->random, 4000, 4000000);
	file->data.seed = random_next(&bulk->random);
}

static void
make_headers(struct bulk *bulk, const struct item *item)
{
	struct text *out = &bulk->headers;

	text_reset(out);
	for (unsigned i = 0; i < 3; i++)
		text_format(out,
		    "Received: from mx%u.example.net (192.0.2.%u) "
		    "by mail.example.gov (10.0.0.%u)\n with Microsoft SMTP "
		    "Server id 15.20.6455.%u\n",
		    i, 1 + random_below(&bulk->random, 250), i + 1,
		    random_below(&bulk->random, 100));
	text_format(out,
	    "From: %s <%s>\nTo: %s <%s>\nSubject: %s\n"
	    "Message-ID: %s\nMIME-Version: 1.0\n"
	    "X-MS-Exchange-Organization-SCL: -1\n",
	    item->from.name, item->from.smtp, item->people[0].name,
	    item->people[0].smtp, item->subject, item->message_id);
}

static void
make_text(struct bulk *bulk, struct item *item)
{
	text_reset(&bulk->subject);
	if (bulk->letter.quoted > 0)
		text_put(&bulk->subject, "RE: ");
	subject_line(&bulk->random, bulk->letter.language, &bulk->subject);
	item->subject = bulk->subject.p;
	text_reset(&bulk->message_id);
	letter_message_id(bulk->number, &bulk->message_id);
	item->message_id = bulk->message_id.p;
	text_reset(&bulk->text);
	letter_text(&bulk->random, &bulk->letter, &bulk->text);
	item->text = bulk->text.p;
	if (random_one_in(&bulk->random, 4))
		return;
	text_reset(&bulk->html);
	letter_html(bulk->text.p, &bulk->html);
	item->html = bulk->html.p;
}

static void
make_item(struct bulk *bulk, struct item *item)
{
	uint64_t time;

	memset(item, 0, sizeof(*item));
	item->importance = 1;
	bulk->letter = letter_shape(&bulk->random);
	make_people(bulk, item);
	make_text(bulk, item);
	make_headers(bulk, item);
	item->headers = bulk->headers.p;
	time = (first_day + bulk->number * 397) * 10000000;
	item->sent = time;
	item->received = time + 20000000;
	item->created = item->modified = item->received;
	item->unread = random_one_in(&bulk->random, 6);
	if (!random_one_in(&bulk->random, 4))
		return;
	item->attachments = bulk->files;
	item->attachment_count = 1 + random_below(&bulk->random, FILES);
	for (size_t i = 0; i < item->attachment_count; i++)
		make_file(bulk, &bulk->files[i], bulk->file_names[i], i == 0);
}

void
bulk_fill(struct store *store, uint64_t bytes, uint64_t seed)
{
	struct bulk *bulk = calloc(1, sizeof(*bulk));
	size_t folders[FOLDERS];
	struct item item;

	bulk->random.state = seed;
	for (unsigned i = 0; i < FOLDERS; i++) {
		char path[64];

		if (i == 0)
			snprintf(path, sizeof(path), "Inbox");
		else if (i == 1)
			snprintf(path, sizeof(path), "Sent Items");
		else
			snprintf(path, sizeof(path), "Inbox/Project %u", i);
		folders[i] = store_folder(store, path, NULL, ROLE_NONE);
	}
	while (store_size(store) < bytes) {
		make_item(bulk, &item);
		store_message(store,
		    folders[random_below(&bulk->random, FOLDERS)], &item);
		bulk->number++;
	}
	text_free(&bulk->subject);
	text_free(&bulk->text);
	text_free(&bulk->html);
	text_free(&bulk->headers);
	text_free(&bulk->message_id);
	text_free(&bulk->table);
	for (size_t i = 0; i <= PEOPLE; i++) {
		text_free(&bulk->addresses[i]);
		text_free(&bulk->names[i]);
	}
	free(bulk);
}
