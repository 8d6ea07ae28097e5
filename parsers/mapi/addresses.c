/* Who a message is from and for: the form with an SMTP address wherever the
 * store keeps one, an Exchange DN only when it keeps nothing else. */
#include "parsers/mapi/mapi_private.h"

#include "parsers/base/limits.h"
#include "parsers/base/cursor.h"

static bool
is_smtp(struct bytes address)
{
	size_t at = bytes_find_byte(address, '@');

	return at != SIZE_MAX && at > 0 && at + 1 < address.n &&
	       address.p[0] != '/';
}

/* "SMTP:ALICE@EXAMPLE.ORG\0" of a search key; absent for other types. */
static struct bytes
search_key_address(struct mapi_text *text, struct bytes key)
{
	if (!bytes_starts_nocase(key, BYTES_LIT("SMTP:")))
		return BYTES_NONE;
	key = bytes_skip(key, 5);
	key = bytes_slice(key, 0, bytes_find_byte(key, 0));
	return text_repair_utf8(text->arena, key);
}

struct choice { /* of the address of one person */
	struct bytes smtp, other;
};

static void
consider(struct choice *choice, struct bytes address)
{
	address = bytes_trim(address);
	if (address.n == 0)
		return;
	if (is_smtp(address)) {
		if (choice->smtp.n == 0)
			choice->smtp = address;
	} else if (choice->other.n == 0)
		choice->other = address;
}

static struct bytes
chosen(const struct choice *choice)
{
	if (choice->smtp.n > 0)
		return choice->smtp;
	return choice->other.p ? choice->other : BYTES_LIT("");
}

static void
consider_entry(struct choice *choice, struct mapi_text *text,
    struct bytes entry_id)
{
	struct mapi_entry entry;

	if (mapi_entry_parse(text, entry_id, &entry))
		consider(choice, entry.address);
}

static struct mail_address
header_person(const struct mapi_loaded *loaded, const char *field)
{
	size_t count = 0;
	struct mail_address *list = header_addresses(loaded->text.arena,
	    header_raw(&loaded->headers, field), &count);

	return count > 0 ? list[0]
			 : (struct mail_address){ BYTES_NONE, BYTES_NONE };
}

/* Where one person of a message stands in its properties. */
struct person_ids {
	uint16_t name, address, smtp, search_key, entry_id;
	const char *field; /* of the transport headers */
};

static const struct person_ids represented = { 0x0042, 0x0065, 0x5D02, 0x003B,
	0x0041, "From" };
static const struct person_ids submitter = { 0x0C1A, 0x0C1F, 0x5D01, 0x0C1D,
	0x0C19, "Sender" };
static const struct person_ids receiver = { 0x0040, 0x0076, 0x5D07, 0x0051,
	0x003F, NULL };

static struct mail_address
person(struct mapi_loaded *loaded, const struct person_ids *ids)
{
	struct mapi_text *text = &loaded->text;
	const struct mapi_bag *bag = &loaded->stored->bag;
	struct mail_address out, written = { BYTES_NONE, BYTES_NONE };
	struct choice choice = { 0 };

	if (ids->field != NULL)
		written = header_person(loaded, ids->field);
	consider(&choice, mapi_string(text, bag, ids->smtp));
	consider(&choice, mapi_string(text, bag, ids->address));
	consider(&choice, search_key_address(text,
			      mapi_binary(bag, ids->search_key)));
	consider_entry(&choice, text, mapi_binary(bag, ids->entry_id));
	consider(&choice, written.address);
	out.address = text_repair_utf8(text->arena, chosen(&choice));
	out.name = mapi_string(text, bag, ids->name);
	if (out.name.n == 0)
		out.name = text_repair_utf8(text->arena, written.name);
	if (out.name.p == NULL)
		out.name = BYTES_LIT("");
	return out;
}

/* Programs repeat the address as the name, in quotes at times: no name. */
static struct mail_address
tidy(struct mail_address who)
{
	struct bytes name = bytes_trim(who.name);

	if (name.n >= 2 && name.p[0] == '\'' && name.p[name.n - 1] == '\'')
		name = bytes_slice(name, 1, name.n - 1);
	if (who.address.n > 0 && bytes_eq_nocase(name, who.address))
		who.name = BYTES_LIT("");
	return who;
}

static bool
is_nobody(const struct mail_address *who)
{
	return who->name.n == 0 && who->address.n == 0;
}

static bool
same_person(const struct mail_address *a, const struct mail_address *b)
{
	return a->address.n > 0 && b->address.n > 0
		   ? bytes_eq_nocase(a->address, b->address)
		   : bytes_eq(a->name, b->name);
}

static void
load_senders(struct mapi_loaded *loaded)
{
	struct mapi_people *people = &loaded->people;
	struct mail_address from = person(loaded, &represented);
	struct mail_address sender = person(loaded, &submitter);

	/* Both are one person, and only one of the two has an address. */
	if (bytes_eq(from.name, sender.name)) {
		if (!is_smtp(from.address) && is_smtp(sender.address))
			from.address = sender.address;
		if (!is_smtp(sender.address) && is_smtp(from.address))
			sender.address = from.address;
	}
	if (is_nobody(&from))
		from = sender;
	/* An item of the owner's own, and the account it went through. */
	if (!is_smtp(from.address) && same_person(&from, &sender) &&
	    (mapi_number(&loaded->stored->bag, PR_MESSAGE_FLAGS, 0) & 0x20)) {
		struct bytes account = mapi_string_value(&loaded->text,
		    mapi_named(&loaded->named, 0x00062008, 0x8580));

		if (is_smtp(account))
			from.address = sender.address = account;
	}
	people->from = from;
	if (!same_person(&from, &sender))
		people->sender = sender;
}

/* ---- recipients */

static const char *
role_of(const struct mapi_bag *bag)
{
	switch (mapi_number(bag, 0x0C15, 1) & 0xF) {
	case 0:
		return "sender"; /* the organizer of a meeting */
	case 2:
		return "cc";
	case 3:
		return "bcc";
	default:
		return "to";
	}
}

static struct mail_address
recipient(struct mapi_text *text, const struct mapi_bag *bag)
{
	struct choice choice = { 0 };
	struct mail_address who;

	consider(&choice, mapi_string(text, bag, 0x39FE));
	consider(&choice, mapi_string(text, bag, 0x3003));
	consider(&choice, search_key_address(text,
			      mapi_binary(bag, PR_SEARCH_KEY)));
	consider_entry(&choice, text, mapi_binary(bag, 0x5FF7));
	consider_entry(&choice, text, mapi_binary(bag, 0x0FFF));
	who.address = text_repair_utf8(text->arena, chosen(&choice));
	who.name = mapi_string(text, bag, PR_DISPLAY_NAME);
	if (who.name.n == 0)
		who.name = mapi_string(text, bag, 0x5FF6);
	if (who.name.p == NULL)
		who.name = BYTES_LIT("");
	return who;
}

static void
add_recipient(struct mapi_people *people, const char *role,
    struct mail_address who)
{
	if (people->count >= LIMIT_RECIPIENTS || is_nobody(&who))
		return;
	people->list[people->count++] = (struct mapi_recipient){ role, who };
}

static void
load_table(struct mapi_loaded *loaded)
{
	const struct mapi_message *stored = loaded->stored;
	struct mapi_people *people = &loaded->people;

	people->list = arena_array(loaded->text.arena,
	    stored->recipient_count, sizeof *people->list);
	for (size_t i = 0; i < stored->recipient_count; i++) {
		const struct mapi_bag *bag = &stored->recipients[i];

		add_recipient(people, role_of(bag),
		    tidy(recipient(&loaded->text, bag)));
	}
}

/* No table: what the transport headers say. */
static void
load_headers(struct mapi_loaded *loaded)
{
	static const char *const fields[] = { "To", "Cc", "Bcc" };
	static const char *const roles[] = { "to", "cc", "bcc" };
	struct mapi_people *people = &loaded->people;
	struct mail_address *lists[3];
	size_t counts[3], total = 0;

	for (size_t f = 0; f < 3; f++) {
		lists[f] = header_addresses(loaded->text.arena,
		    header_raw(&loaded->headers, fields[f]), &counts[f]);
		total += counts[f];
	}
	people->list = arena_array(loaded->text.arena, total,
	    sizeof *people->list);
	for (size_t f = 0; f < 3; f++)
		for (size_t i = 0; i < counts[f]; i++)
			add_recipient(people, roles[f], lists[f][i]);
}

/* Neither: the names that were shown, "Alice; Bob". */
static void
load_shown(struct mapi_loaded *loaded)
{
	static const uint16_t ids[] = { 0x0E04, 0x0E03, 0x0E02 };
	static const char *const roles[] = { "to", "cc", "bcc" };
	struct mapi_people *people = &loaded->people;
	struct bytes texts[3], name;
	size_t most = 0;

	for (size_t f = 0; f < 3; f++) {
		texts[f] = mapi_string(&loaded->text, &loaded->stored->bag,
		    ids[f]);
		for (size_t i = 0; i < texts[f].n; i++)
			most += texts[f].p[i] == ';';
	}
	people->list = arena_array(loaded->text.arena, most + 3,
	    sizeof *people->list);
	for (size_t f = 0; f < 3; f++)
		while (bytes_cut(&texts[f], ';', &name)) {
			struct mail_address who = { bytes_trim(name),
				BYTES_LIT("") };

			if (is_smtp(who.name))
				who.address = who.name;
			add_recipient(people, roles[f], who);
		}
}

/* [MS-OXCDATA] 2.3.3 FlatEntryList: count, bytes, then size and entry id
 * padded to 4. */
static void
load_reply_to(struct mapi_loaded *loaded)
{
	struct mapi_people *people = &loaded->people;
	struct bytes list = mapi_binary(&loaded->stored->bag, 0x004F);
	struct cursor c = cursor_over(list);
	uint32_t count = cursor_le32(&c);
	struct mapi_entry entry;

	cursor_le32(&c);
	if (count > list.n / 4)
		count = (uint32_t)(list.n / 4);
	people->reply_to = arena_array(loaded->text.arena, count,
	    sizeof *people->reply_to);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t size = cursor_le32(&c);
		struct bytes id = cursor_take(&c, size);

		if (c.failed)
			break;
		if (size % 4 != 0)
			cursor_take(&c, 4 - size % 4);
		if (mapi_entry_parse(&loaded->text, id, &entry))
			people->reply_to[people->reply_to_count++] =
			    (struct mail_address){ entry.name, entry.address };
	}
}

void
mapi_people_load(struct mapi_loaded *loaded)
{
	struct mail_address received;

	load_senders(loaded);
	loaded->people.from = tidy(loaded->people.from);
	loaded->people.sender = tidy(loaded->people.sender);
	load_table(loaded);
	if (loaded->people.count == 0)
		load_headers(loaded);
	if (loaded->people.count == 0)
		load_shown(loaded);
	load_reply_to(loaded);
	received = person(loaded, &receiver);
	if (is_smtp(received.address))
		loaded->people.delivered_to = received.address;
	else if (header_raw(&loaded->headers, "Delivered-To").n > 0)
		loaded->people.delivered_to = header_text(&loaded->headers,
		    loaded->text.arena, "Delivered-To");
}

static void
address_say(struct mapi_run *run, int64_t idx, const char *role,
    int64_t position, const struct mail_address *who)
{
	struct record_address address;

	if (is_nobody(who))
		return;
	record_clear(RECORD_KIND_ADDRESS, &address);
	address.idx = idx;
	address.role = bytes_cstr(role);
	address.position = position;
	address.name = text_repair_utf8(run->mail->arena, who->name);
	address.address = text_repair_utf8(run->mail->arena, who->address);
	sink_record(run->mail->sink, RECORD_KIND_ADDRESS, &address);
}

void
mapi_people_say(struct mapi_run *run, const struct mapi_loaded *loaded)
{
	const struct mapi_people *people = &loaded->people;
	int64_t idx = loaded->record.idx, to = 0, cc = 0, bcc = 0, sender = 1;
	struct mail_address delivered = { BYTES_LIT(""),
		people->delivered_to };

	address_say(run, idx, "from", 0, &people->from);
	address_say(run, idx, "sender", 0, &people->sender);
	for (size_t i = 0; i < people->reply_to_count; i++)
		address_say(run, idx, "reply_to", (int64_t)i,
		    &people->reply_to[i]);
	for (size_t i = 0; i < people->count; i++) {
		const char *role = people->list[i].role;
		int64_t *position = role[0] == 't'   ? &to
				    : role[0] == 'c' ? &cc
				    : role[0] == 'b' ? &bcc
						     : &sender;

		address_say(run, idx, role, (*position)++,
		    &people->list[i].who);
	}
	address_say(run, idx, "delivered_to", 0, &delivered);
}
