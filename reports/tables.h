/* The tables of contract 5, by the file that defines them. */
#ifndef REPORTS_TABLES_H
#define REPORTS_TABLES_H

#include "reports/table.h"

/* tables_evidence.c */
extern const struct report_table table_sources, table_folders, table_messages,
    table_attachments, table_problems;

/* tables_access.c */
extern const struct report_table table_access, table_activity, table_sessions,
    table_mailboxes, table_coverage, table_missing_items, table_timeline;

/* tables_people.c */
extern const struct report_table table_findings, table_people, table_duties,
    table_credentials, table_organizations;

/*
 * TEMP TABLE message_exposure(message PRIMARY KEY, exposure, first_us,
 * last_us): the strongest over a message's places.  Made by report_write
 * before any table.
 */
void message_exposure_build(struct case_file *file);

#endif
