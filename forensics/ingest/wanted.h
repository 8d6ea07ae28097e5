/*
 * export-messages asks for the bytes of some items: a file of lines
 * "SOURCE<tab>LOCATOR", in byte order, which the nursery reads before its
 * workers are confined.  Workers then say RECORD_CONTENTs of those items and
 * pass over the others.
 */
#ifndef FORENSICS_INGEST_WANTED_H
#define FORENSICS_INGEST_WANTED_H

#include "parsers/base/bytes.h"

struct wanted;

/* NULL with a message on stderr when the file cannot be read. */
struct wanted *wanted_load(const char *path);

bool wanted_has(const struct wanted *wanted, struct bytes source,
    struct bytes locator);

#endif
