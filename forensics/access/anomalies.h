/*
 * Anomalies S1 to S9 (contract 3): each writes rows into
 *
 *	TEMP anomalies(event, code, reason)
 *
 * with its reason in words and its numbers.  What they may read besides the
 * case: TEMP baseline(until_us) (one row; NULL: none), event_facts,
 * named_items, audit_off.
 */
#ifndef FORENSICS_ACCESS_ANOMALIES_H
#define FORENSICS_ACCESS_ANOMALIES_H

#include "forensics/access/reconstruct.h"

/* anomalies_baseline.c: against what was normal before. */
void anomaly_s1_find(struct case_file *file);
void anomaly_s4_find(struct case_file *file);
void anomaly_s5_find(struct case_file *file);
/* anomalies_sign_in.c: sessions, sign-ins, grants. */
void anomaly_s2_find(struct case_file *file);
void anomaly_s3_find(struct case_file *file);
void anomaly_s6_find(struct case_file *file);
void anomaly_s7_find(struct case_file *file);
/* anomalies_found.c: S8 again, of rules that the mailbox itself holds. */
void anomaly_s8_found_find(struct case_file *file);
/* anomalies_changes.c: rules, permissions, auditing. */
void anomaly_s8_find(struct case_file *file);
void anomaly_s9_find(struct case_file *file);

/* SQL: the application that acts in event e. */
#define ACTING_APP "coalesce(nullif(lower(e.client_app_id), ''), lower(e.app_id))"

#endif
