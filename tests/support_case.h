/*
 * Small cases for the tests of reconstruction, written as lines of words:
 *
 *	store PATH [kind=pst] [store_owner=..] [display_name=..]
 *	folder PATH ID FOLDERPATH [special=..]
 *	msg NAME PATH [in=FOLDERID] [imi=<..>] [arrival=TIME] [column=value]
 *	inner NAME HOLDER [column=value]       a message embedded in another
 *	text NAME WORDS [cut]                  the kept beginning of its text
 *	to NAME ROLE ADDRESS                   an address of a message
 *	event ID TIME OPERATION [key=value]
 *	item ID [column=value]                 one more item of that event
 *	names ID FOLDERID PATH [NAME]          event_folders
 *	bad FILE LOCATOR [time=TIME] [box=ADDRESS]   an unreadable record
 *	cut FILE [time=TIME]                   an export cut at its limit
 *	list NAME CONTENT                      a file beside the incident file,
 *	                                       '|' ends its lines
 *
 * A message in a declared store is one of its items; any other path is an EML
 * of its own.  Values with blanks stand in double quotes.  Keys of an event
 * are columns, or: box= (owner), guid=, user=, ip=, session=, aad=, app=,
 * client_app=, acc=, type=, imi= (an item), param=Name:Value, file= (source).
 * Without acc= a MailItemsAccessed is a Bind; Bind records cover two minutes.
 */
#ifndef TESTS_SUPPORT_CASE_H
#define TESTS_SUPPORT_CASE_H

#include "forensics/access/reconstruct.h"

struct trial {
	char folder[64];
	struct case_file *file;
	struct incident *incident;
	struct arena arena;
	const char *lists[8];
	size_t list_count;
};

/* Made, reconstructed; yaml NULL: no incident file. */
struct trial *trial_run(const char *yaml, const char *lines);
struct trial *trial_run_options(const char *yaml, const char *lines,
    const struct reconstruct_options *options);
void trial_free(struct trial *trial);
/* Reconstruct once more (idempotence). */
void trial_again(struct trial *trial, bool count_suspicious);

/* Rows as text: columns joined by '|', rows by ';', NULL as '-'. */
const char *trial_sql(struct trial *trial, const char *sql);
/* "accessed R1,R2 2023-.. 2023-.. [r1,r2] {flags}" of a message by name; several
 * places joined by ';'. */
const char *trial_exposure(struct trial *trial, const char *name);

#define EXPOSURE(trial, name, expected)                                        \
	assert_string_equal(trial_exposure(trial, name), expected)
#define ROWS(trial, sql, expected)                                             \
	assert_string_equal(trial_sql(trial, sql), expected)

#endif
