/* The table, and the checks that several values share. */
#include "forensics/exposure/validators.h"

#include "forensics/exposure/digits.h"

static const struct {
	const char *name;
	validator *check;
} table[] = {
    {"any", check_any},
    {"aadhaar", check_aadhaar},
    {"aba", check_aba},
    {"abn", check_abn},
    {"acn", check_acn},
    {"au_medicare", check_au_medicare},
    {"base58", check_base58},
    {"be", check_be},
    {"bech32", check_bech32},
    {"bsn", check_bsn},
    {"card", check_card},
    {"cf", check_cf},
    {"cnpj", check_cnpj},
    {"cpf", check_cpf},
    {"de_id", check_de_id},
    {"de_tax", check_de_tax},
    {"dea", check_dea},
    {"dni", check_dni},
    {"ein", check_ein},
    {"hetu", check_hetu},
    {"iban", check_iban},
    {"icd10", check_icd10},
    {"itin", check_itin},
    {"kvnr", check_kvnr},
    {"mbi", check_mbi},
    {"nanp", check_nanp},
    {"ndc", check_ndc},
    {"nhs", check_nhs},
    {"nie", check_nie},
    {"nino", check_nino},
    {"nir", check_nir},
    {"npi", check_npi},
    {"nric", check_nric},
    {"pan", check_pan},
    {"phone", check_phone},
    {"personnummer", check_personnummer},
    {"pesel", check_pesel},
    {"rrn", check_rrn},
    {"rvnr", check_rvnr},
    {"sin", check_sin},
    {"ssn", check_ssn},
    {"swift", check_swift},
    {"tckn", check_tckn},
    {"tfn", check_tfn},
    {"uk_dl", check_uk_dl},
    {"za", check_za},
};

validator *
validator_named(struct bytes name)
{
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		if (bytes_eq(name, bytes_cstr(table[i].name)))
			return table[i].check;
	return NULL;
}

const char *
validator_at(size_t i)
{
	return i < sizeof table / sizeof table[0] ? table[i].name : NULL;
}

bool
check_any(struct bytes compact)
{
	return compact.n > 0;
}

bool
check_luhn(struct bytes digits)
{
	unsigned sum = 0;

	if (!all_digits(digits) || digits.n < 2)
		return false;
	for (size_t i = 0; i < digits.n; i++) {
		unsigned d = (unsigned)(digits.p[digits.n - 1 - i] - '0');

		if (i % 2 == 1)
			d = d * 2 > 9 ? d * 2 - 9 : d * 2;
		sum += d;
	}
	return sum % 10 == 0;
}

bool
check_mod97(struct bytes iban)
{
	unsigned rest = 0;

	if (iban.n < 5)
		return false;
	for (size_t i = 0; i < iban.n; i++) {
		uint8_t c = iban.p[(i + 4) % iban.n];

		if (is_digit(c))
			rest = (rest * 10 + (unsigned)(c - '0')) % 97;
		else if (c >= 'A' && c <= 'Z')
			rest = (rest * 100 + (unsigned)(c - 'A') + 10) % 97;
		else
			return false;
	}
	return rest == 1;
}

/* Dihedral group D5. */
bool
check_verhoeff(struct bytes digits)
{
	static const uint8_t d[10][10] = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
	    {1, 2, 3, 4, 0, 6, 7, 8, 9, 5}, {2, 3, 4, 0, 1, 7, 8, 9, 5, 6},
	    {3, 4, 0, 1, 2, 8, 9, 5, 6, 7}, {4, 0, 1, 2, 3, 9, 5, 6, 7, 8},
	    {5, 9, 8, 7, 6, 0, 4, 3, 2, 1}, {6, 5, 9, 8, 7, 1, 0, 4, 3, 2},
	    {7, 6, 5, 9, 8, 2, 1, 0, 4, 3}, {8, 7, 6, 5, 9, 3, 2, 1, 0, 4},
	    {9, 8, 7, 6, 5, 4, 3, 2, 1, 0}};
	static const uint8_t p[8][10] = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
	    {1, 5, 7, 6, 2, 8, 3, 0, 9, 4}, {5, 8, 0, 3, 7, 9, 6, 1, 4, 2},
	    {8, 9, 1, 6, 0, 4, 3, 5, 2, 7}, {9, 4, 5, 3, 1, 2, 6, 8, 7, 0},
	    {4, 2, 8, 6, 5, 7, 3, 9, 0, 1}, {2, 7, 9, 3, 8, 0, 6, 4, 1, 5},
	    {7, 0, 4, 6, 9, 1, 3, 2, 5, 8}};
	unsigned check = 0;

	if (!all_digits(digits))
		return false;
	for (size_t i = 0; i < digits.n; i++)
		check = d[check][p[i % 8][digits.p[digits.n - 1 - i] - '0']];
	return check == 0;
}

bool
check_iso7064_11_10(struct bytes digits)
{
	unsigned product = 10;

	if (!all_digits(digits) || digits.n < 2)
		return false;
	for (size_t i = 0; i + 1 < digits.n; i++) {
		unsigned sum = ((unsigned)(digits.p[i] - '0') + product) % 10;

		product = (sum == 0 ? 10 : sum) * 2 % 11;
	}
	return (11 - product) % 10 == (unsigned)(digits.p[digits.n - 1] - '0');
}

int
check_icao(struct bytes field)
{
	static const unsigned weights[] = {7, 3, 1};
	unsigned sum = 0;

	for (size_t i = 0; i < field.n; i++) {
		uint8_t c = field.p[i];
		unsigned value = is_digit(c) ? (unsigned)(c - '0')
				 : c >= 'A' && c <= 'Z'
				     ? (unsigned)(c - 'A') + 10
				 : c == '<' ? 0
					    : 99;

		if (value == 99)
			return -1;
		sum += value * weights[i % 3];
	}
	return (int)(sum % 10);
}

unsigned
check_weighted(struct bytes digits, const char *weights)
{
	unsigned sum = 0;

	for (size_t i = 0; i < digits.n && weights[i] != '\0'; i++)
		sum += (unsigned)(digits.p[i] - '0') *
		       (unsigned)(weights[i] - '0');
	return sum;
}

bool
check_date(unsigned year, unsigned month, unsigned day)
{
	static const unsigned days[] = {
	    31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	if (month < 1 || month > 12 || day < 1 || day > days[month - 1])
		return false;
	if (month == 2 && day == 29 && year >= 100 &&
	    (year % 4 != 0 || (year % 100 == 0 && year % 400 != 0)))
		return false;
	return true;
}
