/* The scanner of forensics/exposure/, or none while it is not there. */
#ifndef FORENSICS_INGEST_SCANNER_H
#define FORENSICS_INGEST_SCANNER_H

#if __has_include("forensics/exposure/scan.h")
#include "forensics/exposure/scan.h"
#else
#include "parsers/parser.h"

struct scanner;

static inline struct scanner *
scanner_new(void)
{
	return NULL;
}

typedef void scanner_found(void *context,
    const struct record_finding *finding);

static inline void
scanner_item_begin(struct scanner *scanner, scanner_found *found,
    void *context)
{
	(void)scanner, (void)found, (void)context;
}

static inline void
scanner_text(struct scanner *scanner, const struct text_flow *flow)
{
	(void)scanner, (void)flow;
}

static inline void
scanner_row(struct scanner *scanner, const struct text_row *row)
{
	(void)scanner, (void)row;
}

static inline size_t
scanner_item_end(struct scanner *scanner)
{
	(void)scanner;
	return 0;
}
#endif

#endif
