/* One record of the source and item in hand to one row. */
#ifndef FORENSICS_INGEST_STORE_ROWS_H
#define FORENSICS_INGEST_STORE_ROWS_H

#include "forensics/ingest/store.h"

void store_record(struct store *store, enum record_kind kind,
    const union record_any *record);

#endif
