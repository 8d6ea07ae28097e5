/*
 * EDRM XML (1.0 to 1.2), the manifest of an export: Document/Files/File with
 * an ExternalFile each.  Only the native files are looked for; texts and
 * images are made from them.
 */
#include "parsers/base/limits.h"
#include "parsers/containers/export_list.h"
#include "parsers/documents/xml.h"

static unsigned
export_edrm_probe(struct bytes head, uint64_t size)
{
	(void)size;
	head = bytes_slice(head, 0, 4096);
	return bytes_find(head, BYTES_LIT("DataInterchangeType")) != SIZE_MAX &&
		       bytes_find(head, BYTES_LIT("<Root")) != SIZE_MAX
		   ? 48 : 0;
}

/* FilePath is the folder or the whole path. */
static struct bytes
whole_path(struct arena *arena, struct bytes path, struct bytes name)
{
	if (name.n == 0 || bytes_ends(path, name))
		return path;
	return path.n == 0 ? name
			   : arena_printf(arena, "%.*s/%.*s", (int)path.n,
				 (const char *)path.p, (int)name.n,
				 (const char *)name.p);
}

static void
add_file(struct export_list *list, struct xml *xml)
{
	struct arena *arena = &list->arena;
	struct bytes path = xml_attribute(xml, arena, "FilePath");
	struct bytes name = xml_attribute(xml, arena, "FileName");

	export_list_add(list, whole_path(arena, path, name),
	    xml_attribute(xml, arena, "Hash"),
	    xml_number(xml, "FileSize", UINT64_MAX));
}

static bool
read_manifest(struct export_list *list, struct bytes text)
{
	struct xml *xml = xml_open(text);
	bool native = false, damaged;

	for (enum xml_event e; (e = xml_next(xml)) != XML_END;) {
		if (e != XML_OPEN)
			continue;
		if (xml_is(xml, "File"))
			native = bytes_eq_nocase(xml_attribute(xml,
			    &list->arena, "FileType"), BYTES_LIT("Native"));
		else if (native && xml_is(xml, "ExternalFile"))
			add_file(list, xml);
	}
	damaged = xml_damaged(xml);
	xml_close(xml);
	return !damaged;
}

static enum outcome
export_edrm_run(const struct input *input, struct bytes spec,
    struct sink *sink)
{
	struct export_list list;
	struct bytes text = BYTES_NONE;
	bool whole = false;

	(void)spec;
	export_list_init(&list);
	if (input->size <= LIMIT_ITEM_BYTES)
		text = input_slice(input, &list.arena, 0, input->size);
	if (bytes_present(text))
		whole = read_manifest(&list, text);
	export_list_say(&list, sink);
	if (!whole)
		sink_problem(sink, BYTES_LIT(""), PROBLEM_DAMAGED,
		    OUTCOME_PARTIAL, 0, "the manifest is damaged or too "
		    "large: %zu files of it are looked for", list.count);
	export_list_release(&list);
	return whole ? OUTCOME_OK : OUTCOME_PARTIAL;
}

const struct parser parser_export_edrm = {
	.name = "export_manifest",
	.title = "manifest of an export (EDRM XML)",
	.no_mail = true,
	.probe = export_edrm_probe,
	.run = export_edrm_run,
};
