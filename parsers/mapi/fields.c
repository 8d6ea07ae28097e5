/*
 * Properties that carry text a reader would see and no header or body has:
 * contacts, distribution lists, appointments, tasks, journal, reports, and
 * user-defined fields.  They become one flow of "Label: value" lines, so
 * that detectors find their keywords and link values to the name above.
 */
#include "parsers/mapi/mapi_private.h"

#include "parsers/base/buffer.h"
#include "parsers/base/utc.h"

enum property_set { /* first DWORD, see mapi_named() */
	SET_NONE = 0,
	SET_APPOINTMENT = 0x00062002,
	SET_TASK = 0x00062003,
	SET_ADDRESS = 0x00062004,
	SET_COMMON = 0x00062008,
	SET_LOG = 0x0006200A,
	SET_PUBLIC_STRINGS = 0x00020329,
};

struct field {
	uint32_t set; /* SET_NONE: id is a property id, else a numeric name */
	uint32_t id;
	const char *label;
};

/* In the order they are said: names first. */
static const struct field fields[] = {
	/* [MS-OXOCNTC] 2.2.1.1, names */
	{ SET_NONE, 0x3001, "Name" },
	{ SET_NONE, 0x3A45, "Title" },
	{ SET_NONE, 0x3A06, "First name" },
	{ SET_NONE, 0x3A44, "Middle name" },
	{ SET_NONE, 0x3A11, "Last name" },
	{ SET_NONE, 0x3A05, "Suffix" },
	{ SET_NONE, 0x3A4F, "Nickname" },
	{ SET_ADDRESS, 0x802C, "First name (yomi)" },
	{ SET_ADDRESS, 0x802D, "Last name (yomi)" },
	{ SET_ADDRESS, 0x8005, "File as" },
	{ SET_ADDRESS, 0x8053, "List name" },
	/* identities */
	{ SET_NONE, 0x3A42, "Date of birth" },
	{ SET_NONE, 0x3A41, "Wedding anniversary" },
	{ SET_NONE, 0x3A07, "Government ID number" },
	{ SET_NONE, 0x3A10, "Organizational ID number" },
	{ SET_NONE, 0x3A4A, "Customer ID" },
	{ SET_NONE, 0x3A00, "Account" },
	{ SET_NONE, 0x3A49, "Computer network name" },
	{ SET_NONE, 0x3A46, "Profession" },
	{ SET_NONE, 0x3A48, "Spouse" },
	{ SET_NONE, 0x3A58, "Children" },
	{ SET_NONE, 0x3A43, "Hobbies" },
	/* work */
	{ SET_NONE, 0x3A16, "Company" },
	{ SET_ADDRESS, 0x802E, "Company (yomi)" },
	{ SET_NONE, 0x3A17, "Job title" },
	{ SET_NONE, 0x3A18, "Department" },
	{ SET_NONE, 0x3A19, "Office" },
	{ SET_NONE, 0x3A4E, "Manager" },
	{ SET_NONE, 0x3A30, "Assistant" },
	/* e-mail, [MS-OXOCNTC] 2.2.1.2 */
	{ SET_ADDRESS, 0x8080, "E-mail display name" },
	{ SET_ADDRESS, 0x8083, "E-mail" },
	{ SET_ADDRESS, 0x8084, "E-mail (original)" },
	{ SET_ADDRESS, 0x8090, "E-mail 2 display name" },
	{ SET_ADDRESS, 0x8093, "E-mail 2" },
	{ SET_ADDRESS, 0x8094, "E-mail 2 (original)" },
	{ SET_ADDRESS, 0x80A0, "E-mail 3 display name" },
	{ SET_ADDRESS, 0x80A3, "E-mail 3" },
	{ SET_ADDRESS, 0x80A4, "E-mail 3 (original)" },
	{ SET_ADDRESS, 0x8062, "Instant messaging" },
	{ SET_NONE, 0x3A50, "Personal home page" },
	{ SET_NONE, 0x3A51, "Business home page" },
	{ SET_NONE, 0x3A4C, "FTP site" },
	/* telephones, 2.2.1.4 */
	{ SET_NONE, 0x3A1A, "Primary phone" },
	{ SET_NONE, 0x3A08, "Business phone" },
	{ SET_NONE, 0x3A1B, "Business phone 2" },
	{ SET_NONE, 0x3A09, "Home phone" },
	{ SET_NONE, 0x3A2F, "Home phone 2" },
	{ SET_NONE, 0x3A1C, "Mobile phone" },
	{ SET_NONE, 0x3A1E, "Car phone" },
	{ SET_NONE, 0x3A1D, "Radio phone" },
	{ SET_NONE, 0x3A1F, "Other phone" },
	{ SET_NONE, 0x3A02, "Callback phone" },
	{ SET_NONE, 0x3A57, "Company phone" },
	{ SET_NONE, 0x3A2E, "Assistant phone" },
	{ SET_NONE, 0x3A21, "Pager" },
	{ SET_NONE, 0x3A23, "Primary fax" },
	{ SET_NONE, 0x3A24, "Business fax" },
	{ SET_NONE, 0x3A25, "Home fax" },
	{ SET_NONE, 0x3A2C, "Telex" },
	{ SET_NONE, 0x3A2D, "ISDN" },
	{ SET_NONE, 0x3A4B, "TTY phone" },
	/* postal addresses, 2.2.1.3 */
	{ SET_ADDRESS, 0x801A, "Home address" },
	{ SET_NONE, 0x3A5D, "Home street" },
	{ SET_NONE, 0x3A5E, "Home post office box" },
	{ SET_NONE, 0x3A59, "Home city" },
	{ SET_NONE, 0x3A5C, "Home state" },
	{ SET_NONE, 0x3A5B, "Home postal code" },
	{ SET_NONE, 0x3A5A, "Home country" },
	{ SET_ADDRESS, 0x801B, "Business address" },
	{ SET_ADDRESS, 0x8045, "Business street" },
	{ SET_ADDRESS, 0x804A, "Business post office box" },
	{ SET_ADDRESS, 0x8046, "Business city" },
	{ SET_ADDRESS, 0x8047, "Business state" },
	{ SET_ADDRESS, 0x8048, "Business postal code" },
	{ SET_ADDRESS, 0x8049, "Business country" },
	{ SET_ADDRESS, 0x801C, "Other address" },
	{ SET_NONE, 0x3A63, "Other street" },
	{ SET_NONE, 0x3A64, "Other post office box" },
	{ SET_NONE, 0x3A5F, "Other city" },
	{ SET_NONE, 0x3A62, "Other state" },
	{ SET_NONE, 0x3A61, "Other postal code" },
	{ SET_NONE, 0x3A60, "Other country" },
	{ SET_NONE, 0x3A15, "Postal address" },
	{ SET_NONE, 0x3A29, "Street" },
	{ SET_NONE, 0x3A2B, "Post office box" },
	{ SET_NONE, 0x3A27, "City" },
	{ SET_NONE, 0x3A28, "State" },
	{ SET_NONE, 0x3A2A, "Postal code" },
	{ SET_NONE, 0x3A26, "Country" },
	{ SET_NONE, 0x3A0D, "Place" },
	/* other, 2.2.1.10 */
	{ SET_ADDRESS, 0x804F, "User field 1" },
	{ SET_ADDRESS, 0x8050, "User field 2" },
	{ SET_ADDRESS, 0x8051, "User field 3" },
	{ SET_ADDRESS, 0x8052, "User field 4" },
	{ SET_NONE, 0x3004, "Comment" },
	/* appointments and meetings, [MS-OXOCAL] 2.2.1 */
	{ SET_APPOINTMENT, 0x8208, "Location" },
	{ SET_APPOINTMENT, 0x820D, "Start" },
	{ SET_APPOINTMENT, 0x820E, "End" },
	{ SET_APPOINTMENT, 0x8232, "Recurrence" },
	{ SET_APPOINTMENT, 0x8238, "Attendees" },
	{ SET_APPOINTMENT, 0x8243, "Organizer" },
	{ SET_APPOINTMENT, 0x8248, "Meeting address" },
	/* tasks, [MS-OXOTASK] 2.2.2.2 */
	{ SET_TASK, 0x8104, "Task start" },
	{ SET_TASK, 0x8105, "Task due" },
	{ SET_TASK, 0x810F, "Task completed" },
	{ SET_TASK, 0x811F, "Task owner" },
	{ SET_TASK, 0x8121, "Task delegator" },
	{ SET_TASK, 0x8122, "Task last user" },
	/* all classes, [MS-OXCMSG] 2.2.1 */
	{ SET_COMMON, 0x8539, "Companies" },
	{ SET_COMMON, 0x853A, "Contacts" },
	{ SET_COMMON, 0x8534, "Mileage" },
	{ SET_COMMON, 0x8535, "Billing" },
	{ SET_COMMON, 0x8530, "Follow-up" },
	/* journal, [MS-OXOJRNL] 2.2.1 */
	{ SET_LOG, 0x8700, "Journal type" },
	{ SET_LOG, 0x8706, "Journal start" },
	{ SET_LOG, 0x8708, "Journal end" },
	{ SET_LOG, 0x8712, "Journal description" },
	/* reports, [MS-OXOMSG] 2.2.2 */
	{ SET_NONE, 0x1001, "Report text" },
	{ SET_NONE, 0x0049, "Original subject" },
	{ SET_NONE, 0x0074, "Original recipients" },
	{ SET_NONE, 0x0073, "Original copies" },
	{ SET_NONE, 0x0C1B, "Report detail" },
};

static void
add_line(struct buffer *out, struct bytes label, struct bytes value)
{
	struct bytes rest = bytes_trim(value), line;
	bool first = true;

	if (rest.n == 0)
		return;
	buffer_add_bytes(out, label);
	buffer_add_cstr(out, ": ");
	while (bytes_line(&rest, &line)) {
		line = bytes_trim(line);
		if (line.n == 0)
			continue;
		if (!first)
			buffer_add_byte(out, '\n');
		first = false;
		buffer_add_bytes(out, line);
	}
	buffer_add_byte(out, '\n');
}

/* Days as days: a birthday is no moment. */
static struct bytes
time_text(struct arena *arena, int64_t us)
{
	struct bytes text = utc_text(arena, us);
	struct utc_parts parts;

	if (us == UTC_NONE)
		return BYTES_LIT("");
	parts = utc_split(us);
	return parts.hour == 0 && parts.minute == 0 && parts.second == 0
		   ? bytes_slice(text, 0, 10)
		   : text;
}

static struct bytes
joined(struct mapi_text *text, const struct mapi_property *property)
{
	struct buffer out = BUFFER_EMPTY;
	size_t count;
	struct bytes *list = mapi_strings(text, property, &count), all;

	for (size_t i = 0; i < count; i++) {
		buffer_add_cstr(&out, i ? "; " : "");
		buffer_add_bytes(&out, list[i]);
	}
	all = arena_dup(text->arena, buffer_bytes(&out));
	buffer_release(&out);
	return all;
}

static struct bytes
value_text(struct mapi_text *text, const struct mapi_property *property)
{
	struct mapi_bag one = { property, 1 };

	if (property == NULL || !bytes_present(property->value))
		return BYTES_LIT("");
	if (property->type == MAPI_TIME)
		return time_text(text->arena, mapi_time(&one, property->id));
	if (property->type == MAPI_UNICODE || property->type == MAPI_STRING8)
		return mapi_string_value(text, property);
	return joined(text, property);
}

/* Names that people give (PS_PUBLIC_STRINGS), in the order of their ids. */
static void
add_user_defined(struct buffer *out, struct mapi_loaded *loaded)
{
	static const uint8_t public_strings[16] = { 0x29, 0x03, 0x02, 0, 0, 0,
		0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46 };
	const struct mapi_named_list *named = &loaded->named;

	for (size_t i = named->count; i > 0; i--) {
		const struct mapi_name *name = named->list[i - 1].name;

		if (!bytes_present(name->text) ||
		    memcmp(name->set, public_strings, 16) != 0 ||
		    bytes_starts_nocase(name->text,
		        BYTES_LIT("http://schemas.microsoft.com/")) ||
		    bytes_starts_nocase(name->text, BYTES_LIT("urn:")))
			continue;
		add_line(out, name->text, value_text(&loaded->text,
		    named->list[i - 1].property));
	}
}

/* [MS-OXOCNTC] 2.2.2.2: members as one-off entry ids; the other list has
 * links to contacts, whose one-offs stand in this one. */
static void
add_members(struct buffer *out, struct mapi_loaded *loaded)
{
	static const uint32_t lids[] = { 0x8054, 0x8055 };

	for (size_t k = 0; k < 2; k++) {
		size_t count, said = 0;
		struct bytes *list = mapi_binaries(&loaded->text,
		    mapi_named(&loaded->named, SET_ADDRESS, lids[k]), &count);

		for (size_t i = 0; i < count; i++) {
			struct mapi_entry entry;
			struct mail_address who;

			if (!mapi_entry_parse(&loaded->text, list[i], &entry))
				continue;
			who = (struct mail_address){ entry.name,
				entry.address };
			add_line(out, BYTES_LIT("Member"),
			    address_shown(loaded->text.arena, &who));
			said++;
		}
		if (said > 0)
			return;
	}
}

struct bytes
mapi_fields(struct mapi_loaded *loaded)
{
	struct buffer out = BUFFER_EMPTY;
	struct bytes text;

	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
		const struct field *f = &fields[i];
		const struct mapi_property *property =
		    f->set == SET_NONE
			? mapi_find(&loaded->stored->bag, (uint16_t)f->id)
			: mapi_named(&loaded->named, f->set, f->id);

		if (property != NULL)
			add_line(&out, bytes_cstr(f->label),
			    value_text(&loaded->text, property));
	}
	add_members(&out, loaded);
	add_user_defined(&out, loaded);
	text = text_repair_utf8(loaded->text.arena,
	    arena_dup(loaded->text.arena, buffer_bytes(&out)));
	buffer_release(&out);
	return text;
}
