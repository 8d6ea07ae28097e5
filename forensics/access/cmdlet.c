#include "forensics/access/cmdlet.h"

/* The nouns Exchange uses for what belongs to one mailbox. */
static const char *const nouns[] = { "-Mailbox", "-CASMailbox", "-InboxRule",
	"-RecipientPermission", "-SweepRule", "-CalendarProcessing",
	"-UserPhoto", "-Clutter", "-FocusedInbox", NULL };

bool
cmdlet_acts_on_mailbox(struct bytes operation)
{
	for (size_t i = 0; nouns[i] != NULL; i++)
		if (bytes_find_nocase(operation, bytes_cstr(nouns[i])) !=
		    SIZE_MAX)
			return true;
	return false;
}

/* Identity of these names the rule: alone, or after its mailbox and '\'. */
static bool
is_rule(struct bytes operation)
{
	return bytes_find_nocase(operation, BYTES_LIT("-InboxRule")) !=
		   SIZE_MAX ||
	       bytes_find_nocase(operation, BYTES_LIT("-SweepRule")) !=
		   SIZE_MAX;
}

int64_t
cmdlet_resolve(struct mailbox_names *names, struct bytes text,
    bool by_local_part)
{
	static const char *const kinds[] = { "address", "guid", "name",
		"local" };
	struct bytes rest = bytes_trim(text);
	size_t slash;

	rest = bytes_slice(rest, 0, bytes_find_byte(rest, '\\'));
	while ((slash = bytes_find_byte(rest, '/')) != SIZE_MAX)
		rest = bytes_skip(rest, slash + 1);
	if (bytes_starts_nocase(rest, BYTES_LIT("smtp:")))
		rest = bytes_skip(rest, 5);
	if (bytes_ends(rest, BYTES_LIT(":"))) /* alice@x.example:\Inbox */
		rest.n--;
	for (size_t i = 0; i < (by_local_part ? 4u : 3u); i++) {
		int64_t found = mailbox_names_find(names, kinds[i], rest);

		if (found > 0)
			return found;
	}
	return 0;
}

int64_t
cmdlet_mailbox(struct mailbox_names *names, const struct event_view *e,
    struct arena *arena)
{
	bool noun = cmdlet_acts_on_mailbox(e->operation);
	struct bytes value = json_pairs_find(e->parameters, arena, "Mailbox");
	bool named = value.n > 0;
	int64_t found = cmdlet_resolve(names, value, noun);

	if (found > 0)
		return found;
	value = json_pairs_find(e->parameters, arena, "Identity");
	if (value.n > 0 && !is_rule(e->operation))
		named = true;
	/* A rule's Identity without a mailbox before it is a rule's name. */
	if (!is_rule(e->operation) || bytes_find_byte(value, '\\') != SIZE_MAX)
		found = cmdlet_resolve(names, value, noun);
	if (found == 0)
		found = cmdlet_resolve(names, e->object_id, noun);
	/* Somebody else's mailbox that we do not know is not the actor's. */
	if (found == 0 && noun && !named)
		found = cmdlet_resolve(names, e->user_id, true);
	return found;
}
