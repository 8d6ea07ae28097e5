/*
 * The case in other programs' formats, below CASE/reports/exchange/, written
 * when asked for (`--exchange all` or a list of these names):
 *
 *	case    case-uco.jsonld        CASE 1.x / UCO 1.x: files, exposed
 *	                               messages, addresses, the records that
 *	                               decide; ids are UUIDv5
 *	dfxml   dfxml.xml              evidence files with their hashes
 *	dat     concordance.dat        exposed messages as a load file, UTF-8
 *	dat1252 concordance-cp1252.dat the same in windows-1252
 *
 * Masking as everywhere; streaming from the case.
 */
#ifndef REPORTS_EXCHANGE_EXCHANGE_H
#define REPORTS_EXCHANGE_EXCHANGE_H

#include "reports/report.h"

/* False with a message on stderr: `list` has another word. */
bool exchange_known(const char *list);

void exchange_write(struct case_file *file,
    const struct report_options *options, const char *list);

/* ---- among the files here */

void exchange_case_write(struct case_file *file,
    const struct report_options *options);
void exchange_dfxml_write(struct case_file *file,
    const struct report_options *options);
void exchange_dat_write(struct case_file *file,
    const struct report_options *options, bool cp1252);

#endif
