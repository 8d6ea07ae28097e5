/*
 * The scanner: text flows and table rows of a mail item in, findings out
 * (contract 7).  One per worker process; the tables are compiled once, before
 * the workers are forked from the nursery.
 */
#ifndef FORENSICS_EXPOSURE_SCAN_H
#define FORENSICS_EXPOSURE_SCAN_H

#include "parsers/parser.h"

struct scanner;

struct scanner *scanner_new(void);
void scanner_free(struct scanner *scanner);

/* Findings are said as they come, those of multipart/alternative at the
 * item's end, when both halves are known. */
typedef void scanner_found(void *context, const struct record_finding *finding);
void scanner_item_begin(
    struct scanner *scanner, scanner_found *found, void *context);
void scanner_text(struct scanner *scanner, const struct text_flow *flow);
void scanner_row(struct scanner *scanner, const struct text_row *row);

/* Returns how many findings were left out by LIMIT_FINDINGS. */
size_t scanner_item_end(struct scanner *scanner);

#endif
