/*
 * Whom to tell: findings -> persons -> duties; correspondents outside.
 *
 * Reads findings, addresses, places and the incident kept in the case (meta
 * 'incident'); deletes and writes people, person_findings, duties and
 * organizations.
 */
#ifndef FORENSICS_PEOPLE_PEOPLE_H
#define FORENSICS_PEOPLE_PEOPLE_H

#include "forensics/case/case.h"

void people_build(struct case_file *file);

/* The parts of it, in order. */
void persons_build(struct case_file *file);
void duties_build(struct case_file *file);
void organizations_build(struct case_file *file);

/* A text field of the incident in the case, absent when not given. */
struct bytes incident_field(struct case_file *file, struct arena *arena,
    const char *json_path);

#endif
