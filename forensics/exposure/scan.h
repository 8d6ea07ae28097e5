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

void scanner_item_begin(struct scanner *scanner);
void scanner_text(struct scanner *scanner, const struct text_flow *flow);
void scanner_row(struct scanner *scanner, const struct text_row *row);

/* Says every finding of the item, in the order of messages and parts as they
 * came; returns how many were left out by LIMIT_FINDINGS. */
size_t scanner_item_end(struct scanner *scanner, struct arena *arena,
    void (*found)(void *context, const struct record_finding *finding),
    void *context);

#endif
