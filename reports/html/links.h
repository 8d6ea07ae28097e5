/*
 * Where each id is shown: one temporary table, made before the first page,
 * so that any page can link to any row, split lists included.
 */
#ifndef REPORTS_HTML_LINKS_H
#define REPORTS_HTML_LINKS_H

#include "forensics/case/case.h"

enum { WHY_ROWS = 100 }; /* messages explained on one page */

void links_build(struct case_file *file);

/* The file that shows the id ("people-2.html"), in the arena; absent when no
 * page does. */
struct bytes links_find(struct case_file *file, struct arena *arena,
    struct bytes id);

#endif
