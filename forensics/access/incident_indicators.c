/* adversary, known, stolen_messages: what an event or message is held
 * against. */
#include "forensics/access/incident_lists.h"
#include "forensics/access/incident_yaml.h"

struct indicator_list {
	struct indicators *into;
	enum indicator_kind kind;
};

static void
take_indicator(struct reader *r, const yaml_node_t *value, void *into)
{
	struct indicator_list *list = into;
	struct bytes text = incident_scalar(r, value);
	const char *error = incident_indicator_add(r->incident, list->into,
	    list->kind, text);

	if (error != NULL)
		fail(r, value, "'%.*s': %s", (int)text.n,
		    (const char *)text.p, error);
}

#define INDICATOR_ACTION(name, which)                                          \
	static void take_##name(struct reader *r, const yaml_node_t *value,    \
	    void *into)                                                        \
	{                                                                      \
		struct indicator_list list = { into, which };                  \
		incident_list(r, value, take_indicator, &list);                    \
	}

INDICATOR_ACTION(ip, INDICATOR_IP)
INDICATOR_ACTION(app_id, INDICATOR_APP_ID)
INDICATOR_ACTION(session_id, INDICATOR_SESSION_ID)
INDICATOR_ACTION(token_id, INDICATOR_TOKEN_ID)
INDICATOR_ACTION(user_agent, INDICATOR_USER_AGENT)
INDICATOR_ACTION(actor, INDICATOR_ACTOR)
INDICATOR_ACTION(device_id, INDICATOR_DEVICE_ID)

static void
take_indicator_file(struct reader *r, const yaml_node_t *value, void *into)
{
	if (!incident_indicators_read(r->incident, into, incident_scalar(r, value),
	        incident_line(value)))
		r->failed = true;
}

static void
take_indicator_files(struct reader *r, const yaml_node_t *value, void *into)
{
	incident_list(r, value, take_indicator_file, into);
}

static void
take_indicators(struct reader *r, const yaml_node_t *value,
    struct indicators *into)
{
	static const struct key_action keys[] = { { "ip", take_ip },
		{ "app_id", take_app_id }, { "session_id", take_session_id },
		{ "token_id", take_token_id },
		{ "user_agent", take_user_agent }, { "actor", take_actor },
		{ "device_id", take_device_id },
		{ "indicators", take_indicator_files }, { NULL, NULL } };

	incident_mapping(r, value, keys, into);
}

void
incident_take_adversary(struct reader *r, const yaml_node_t *value, void *into)
{
	(void)into;
	take_indicators(r, value, &r->incident->adversary);
}

void
incident_take_known(struct reader *r, const yaml_node_t *value, void *into)
{
	(void)into;
	take_indicators(r, value, &r->incident->known);
}

static void
take_stolen_file(struct reader *r, const yaml_node_t *value, void *into)
{
	(void)into;
	if (!incident_stolen_read(r->incident, incident_scalar(r, value),
	        incident_line(value)))
		r->failed = true;
}

void
incident_take_stolen(struct reader *r, const yaml_node_t *value, void *into)
{
	incident_list(r, value, take_stolen_file, into);
}
