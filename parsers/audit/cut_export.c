#include "parsers/audit/cut_export.h"

bool
cut_export_is_known(uint64_t rows)
{
	return rows == 5000 || rows == 50000 || rows == 100000 ||
	       rows == 1000000;
}

void
cut_export_say(struct sink *sink, const struct ual *ual, uint64_t total)
{
	struct record_problem problem;

	if (!cut_export_is_known(total) ||
	    !sink_item_begin(sink, BYTES_LIT("")))
		return;
	record_clear(RECORD_KIND_PROBLEM, &problem);
	problem.kind = bytes_cstr(problem_kind_name(PROBLEM_CUT_EXPORT));
	problem.severity = bytes_cstr(severity_name(OUTCOME_PARTIAL));
	problem.items_lost = 0;
	problem.time_us = ual_last_time(ual);
	problem.detail = arena_printf(&sink->item,
	    "exactly %llu rows, the limit of an export: later records are "
	    "probably missing; export again in smaller time spans",
	    (unsigned long long)total);
	sink_record(sink, RECORD_KIND_PROBLEM, &problem);
	sink_item_end(sink);
}
