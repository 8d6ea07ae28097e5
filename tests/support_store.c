#include "tests/support_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "parsers/pst/form.h"

const char store_spec[] =
    "folder Inbox\n"
    "message\n"
    "subject Budget for June\n"
    "message-id <one@example.org>\n"
    "from Alice Adams <alice@example.org>\n"
    "to Bob Brown <bob@example.org>\n"
    "cc Carol <carol@example.org>\n"
    "sent 2023-06-01T10:00:00Z\n"
    "received 2023-06-01T10:00:05Z\n"
    "text The budget is ready.\n"
    "attach plan.txt\n"
    "attach-text twelve bytes\n"
    "end\n"
    "message\n"
    "subject With a letter inside\n"
    "message-id <two@example.org>\n"
    "from Bob Brown <bob@example.org>\n"
    "to Alice Adams <alice@example.org>\n"
    "sent 2023-06-02T10:00:00Z\n"
    "received 2023-06-02T10:00:05Z\n"
    "text See inside.\n"
    "attach inner\n"
    "embed\n"
    "subject The letter\n"
    "message-id <inner@example.org>\n"
    "from Dan <dan@example.org>\n"
    "text Inner words.\n"
    "end\n"
    "attach big.bin\n"
    "attach-random 30000 7\n"
    "end\n"
    "message\n"
    "flags associated\n"
    "class IPM.Configuration.Test\n"
    "subject hidden settings\n"
    "end\n"
    "message\n"
    "flags orphan\n"
    "subject Not listed\n"
    "message-id <orphan@example.org>\n"
    "text orphan words\n"
    "end\n"
    "message\n"
    "flags parentless\n"
    "subject Nowhere\n"
    "text parentless words\n"
    "end\n"
    "folder Inbox/Projects\n"
    "message\n"
    "subject Deep one\n"
    "message-id <three@example.org>\n"
    "text deep words\n"
    "end\n"
    "folder Deleted Items\n"
    "message\n"
    "subject Thrown away\n"
    "text gone words\n"
    "end\n"
    "folder Empty\n";

static void
run(const char *options, const char *spec_path, const char *out_path)
{
	char self[512], command[1600];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	char *slash;

	if (n < 0)
		abort();
	self[n] = 0;
	slash = strstr(self, "/tests/unit_");
	if (slash == NULL)
		abort();
	*slash = 0;
	snprintf(command, sizeof command, "%s/pstgen %s %s %s >/dev/null",
	    self, options, spec_path, out_path);
	if (system(command) != 0) {
		fprintf(stderr, "failed: %s\n", command);
		abort();
	}
}

static void
read_file(const char *path, struct buffer *out)
{
	FILE *f = fopen(path, "rb");
	size_t got;

	if (f == NULL)
		abort();
	do {
		uint8_t *room = buffer_reserve(out, 65536);

		got = fread(room, 1, 65536, f);
		out->n += got;
	} while (got > 0);
	fclose(f);
}

struct buffer
store_made(const char *options, const char *spec)
{
	char folder[] = "/tmp/unit_store.XXXXXX", from[64], to[64];
	struct buffer store = BUFFER_EMPTY;
	FILE *f;

	if (mkdtemp(folder) == NULL)
		abort();
	snprintf(from, sizeof from, "%s/spec", folder);
	snprintf(to, sizeof to, "%s/store", folder);
	f = fopen(from, "w");
	if (f == NULL || fputs(spec, f) < 0 || fclose(f) != 0)
		abort();
	run(options, from, to);
	read_file(to, &store);
	unlink(from);
	unlink(to);
	rmdir(folder);
	return store;
}

size_t
store_used(struct bytes store)
{
	while (store.n > 0 && store.p[store.n - 1] == 0)
		store.n--;
	return store.n;
}

static void
put32(uint8_t *p, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(value >> (8 * i));
}

void
store_mend_page(uint8_t *store, uint64_t ib)
{
	const struct pst_form *form = &pst_form_unicode;
	uint8_t *page = store + ib;
	uint16_t signature = pst_signature(ib,
	    pst_le64(page + form->page_bid));

	page[form->page_type + 2] = (uint8_t)signature;
	page[form->page_type + 3] = (uint8_t)(signature >> 8);
	put32(page + form->page_crc, pst_crc(page, form->page_body));
}

size_t
store_page(struct bytes store, unsigned type, unsigned level)
{
	const struct pst_form *form = &pst_form_unicode;

	for (size_t at = 0; at + form->page <= store.n; at += form->page) {
		const uint8_t *page = store.p + at;

		if (page[form->page_type] == type &&
		    page[form->page_type + 1] == type &&
		    page[form->bt_level] == level &&
		    pst_crc(page, form->page_body) ==
		        pst_le32(page + form->page_crc))
			return at;
	}
	return SIZE_MAX;
}

void
store_mend_block(uint8_t *store, uint64_t ib, size_t cb)
{
	const struct pst_form *form = &pst_form_unicode;
	uint8_t *trailer = store + ib + pst_block_room(form, cb) -
			   form->trailer;

	put32(trailer + 4, pst_crc(store + ib, cb));
}

size_t
store_node(struct bytes store, uint32_t nid)
{
	const struct pst_form *form = &pst_form_unicode;
	size_t from = 0, page;

	for (;; from = page + form->page) {
		page = store_page(bytes_skip(store, from), PST_PAGE_NBT, 0);
		if (page == SIZE_MAX)
			return SIZE_MAX;
		page += from;
		for (unsigned i = 0; i < store.p[page + form->bt_count]; i++) {
			size_t at = page + (size_t)i * form->nbt_leaf;

			if (pst_le32(store.p + at) == nid)
				return at;
		}
	}
}

size_t
store_block(struct bytes store, size_t from, const uint8_t *head, size_t n,
    size_t *cb)
{
	const struct pst_form *form = &pst_form_unicode;

	for (size_t at = from / 64 * 64; at + 64 <= store.n; at += 64) {
		if (memcmp(store.p + at, head, n) != 0)
			continue;
		for (size_t end = at + 64; end <= store.n &&
		     end <= at + 8192; end += 64) {
			const uint8_t *t = store.p + end - form->trailer;
			size_t size = pst_le16(t);

			if (size > 0 && pst_block_room(form, size) == end - at &&
			    pst_le32(t + 4) == pst_crc(store.p + at, size)) {
				*cb = size;
				return at;
			}
		}
	}
	return SIZE_MAX;
}
