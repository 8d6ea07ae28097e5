// The only file that sees simdjson.  No exception crosses the border.
#include "parsers/audit/json.h"

#include <new>
#include <simdjson.h>

#include "parsers/base/limits.h"

using simdjson::dom::element;

struct json_document {
	simdjson::dom::parser parser;
};

// An element is a pointer to its document and a place on its tape.
static_assert(sizeof(element) == sizeof(struct json), "simdjson changed");
static_assert(std::is_trivially_copyable<element>::value, "simdjson changed");

static element
element_of(struct json value)
{
	element out;
	memcpy((void *)&out, &value, sizeof out);
	return out;
}

static struct json
json_of(const element &value)
{
	struct json out;
	memcpy(&out, (const void *)&value, sizeof out);
	return out;
}

extern "C" struct json_document *
json_document_new(void)
{
	return new (std::nothrow) json_document;
}

extern "C" void
json_document_free(struct json_document *document)
{
	delete document;
}

extern "C" bool
json_parse(struct json_document *document, struct bytes padded,
    struct json *root)
{
	element value;

	if (padded.n == 0)
		return false;
	auto &parser = document->parser;
	if (parser.max_depth() != LIMIT_JSON_DEPTH &&
	    parser.allocate(parser.capacity() > padded.n ? parser.capacity()
	                                                 : padded.n,
	        LIMIT_JSON_DEPTH) != simdjson::SUCCESS)
		return false;
	if (parser.parse(padded.p, padded.n, false).get(value) !=
	    simdjson::SUCCESS)
		return false;
	*root = json_of(value);
	return true;
}

extern "C" enum json_kind
json_kind_of(struct json value)
{
	switch (element_of(value).type()) {
	case simdjson::dom::element_type::ARRAY:
		return JSON_ARRAY;
	case simdjson::dom::element_type::OBJECT:
		return JSON_OBJECT;
	case simdjson::dom::element_type::STRING:
		return JSON_STRING;
	case simdjson::dom::element_type::BOOL:
		return JSON_BOOL;
	case simdjson::dom::element_type::INT64:
		return JSON_NUMBER;
	case simdjson::dom::element_type::UINT64:
	case simdjson::dom::element_type::DOUBLE:
		return JSON_REAL;
	case simdjson::dom::element_type::NULL_VALUE:
		break;
	}
	return JSON_NULL;
}

extern "C" struct bytes
json_string(struct json value)
{
	std::string_view text;
	struct bytes out = { nullptr, 0 };

	if (element_of(value).get(text) == simdjson::SUCCESS) {
		out.p = (const uint8_t *)text.data();
		out.n = text.size();
	}
	return out;
}

extern "C" int64_t
json_number(struct json value)
{
	int64_t number = 0;
	double real = 0;

	if (element_of(value).get(number) == simdjson::SUCCESS)
		return number;
	if (element_of(value).get(real) == simdjson::SUCCESS && real > -9e18 &&
	    real < 9e18)
		return (int64_t)real;
	return 0;
}

extern "C" bool
json_bool(struct json value)
{
	bool out = false;

	if (element_of(value).get(out) != simdjson::SUCCESS)
		return false;
	return out;
}

// The iterators of simdjson hold a tape place; ours keeps begin and end.
static_assert(sizeof(simdjson::dom::object::iterator) == sizeof(struct json),
    "simdjson changed");
static_assert(sizeof(simdjson::dom::array::iterator) == sizeof(struct json),
    "simdjson changed");

template <class Iterator>
static struct json
place_of(const Iterator &iterator)
{
	struct json out;
	memcpy(&out, (const void *)&iterator, sizeof out);
	return out;
}

template <class Range>
static void
set_range(struct json_iterator *out, const Range &range)
{
	struct json begin = place_of(range.begin());
	struct json end = place_of(range.end());

	out->document = begin.document;
	out->at = begin.at;
	out->end = end.at;
}

extern "C" struct json_iterator
json_children(struct json value)
{
	struct json_iterator out = { nullptr, 0, 0, false };
	simdjson::dom::object object;
	simdjson::dom::array array;

	if (element_of(value).get(object) == simdjson::SUCCESS) {
		set_range(&out, object);
		out.object = true;
	} else if (element_of(value).get(array) == simdjson::SUCCESS)
		set_range(&out, array);
	return out;
}

extern "C" bool
json_next(struct json_iterator *iterator, struct bytes *key,
    struct json *value)
{
	struct json place = { iterator->document, iterator->at };

	key->p = nullptr;
	key->n = 0;
	if (iterator->document == nullptr || iterator->at >= iterator->end)
		return false;
	if (iterator->object) {
		simdjson::dom::object object;
		auto it = object.begin();

		memcpy((void *)&it, &place, sizeof place);
		std::string_view name = it.key();
		key->p = (const uint8_t *)name.data();
		key->n = name.size();
		*value = json_of(it.value());
		++it;
		iterator->at = place_of(it).at;
	} else {
		simdjson::dom::array array;
		auto it = array.begin();

		memcpy((void *)&it, &place, sizeof place);
		*value = json_of(*it);
		++it;
		iterator->at = place_of(it).at;
	}
	return true;
}

extern "C" bool
json_get(struct json object, const char *key, struct json *value)
{
	struct json_iterator children = json_children(object);
	struct bytes name;
	size_t n = strlen(key);

	if (!children.object)
		return false;
	while (json_next(&children, &name, value))
		if (name.n == n && memcmp(name.p, key, n) == 0)
			return true;
	return false;
}
