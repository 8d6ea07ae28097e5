/*
 * Check digits and structure of the values in reference 4.1.  A validator
 * takes the value without separators, letters in upper case, and says
 * whether it can be one.  Each is in the table of validators.c by the name
 * that tables/detectors.csv uses.
 */
#ifndef FORENSICS_EXPOSURE_VALIDATORS_H
#define FORENSICS_EXPOSURE_VALIDATORS_H

#include "parsers/base/bytes.h"

typedef bool validator(struct bytes compact);

/* NULL: no such name. */
validator *validator_named(struct bytes name);
/* The i-th of the table, NULL after the last. */
const char *validator_at(size_t i);

/* Building blocks, all over ASCII digits. */
bool check_luhn(struct bytes digits);
bool check_mod97(struct bytes iban);
bool check_verhoeff(struct bytes digits);
bool check_iso7064_11_10(struct bytes digits);
/* ICAO 9303 part 3, 4.9: weights 7, 3, 1. */
int check_icao(struct bytes field);
/* Sum of digit times weight; weights are one digit each, '0'..'9' then ':'
 * for 10 and on. */
unsigned check_weighted(struct bytes digits, const char *weights);

/* IBAN registry: total length for the country, 0 when it has none. */
size_t iban_length(const uint8_t country[2]);

/* Is it a date that was, 1900 or later? Two-digit years pass. */
bool check_date(unsigned year, unsigned month, unsigned day);

validator check_ssn, check_itin, check_ein, check_card, check_aba, check_iban,
    check_mbi, check_npi, check_dea, check_nhs, check_nino, check_uk_dl,
    check_sin, check_tfn, check_au_medicare, check_abn, check_acn, check_de_tax,
    check_rvnr, check_de_id, check_kvnr, check_nir, check_dni, check_nie,
    check_cf, check_bsn, check_be, check_pesel, check_personnummer, check_hetu,
    check_aadhaar, check_pan, check_cpf, check_cnpj, check_rrn, check_tckn,
    check_za, check_nric, check_swift, check_any, check_base58, check_bech32,
    check_nanp, check_phone, check_icd10, check_ndc;

#endif
