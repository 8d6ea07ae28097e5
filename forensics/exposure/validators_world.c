/* National numbers of Europe, Asia and Africa (reference 4.1). */
#include "forensics/exposure/validators.h"

#include "forensics/exposure/digits.h"

static uint64_t
number_at(struct bytes b, size_t from, size_t n)
{
	uint64_t value = 0;

	for (size_t i = from; i < from + n; i++)
		value = value * 10 + (uint64_t)(b.p[i] - '0');
	return value;
}

static bool
date_at(struct bytes b, size_t year, size_t month, size_t day)
{
	return check_date((unsigned)number_at(b, year, 2),
	    (unsigned)number_at(b, month, 2), (unsigned)number_at(b, day, 2));
}

/* BZSt: ISO 7064 MOD 11,10; one digit two or three times in the first ten,
 * never three times in a row. */
bool
check_de_tax(struct bytes digits)
{
	unsigned count[10] = {0}, repeated = 0;

	if (digits.n != 11 || !all_digits(digits) || digits.p[0] == '0' ||
	    !check_iso7064_11_10(digits))
		return false;
	for (size_t i = 0; i < 10; i++)
		count[digits.p[i] - '0']++;
	for (unsigned d = 0; d < 10; d++) {
		if (count[d] > 3)
			return false;
		repeated += count[d] > 1;
	}
	return repeated == 1;
}

/* Deutsche Rentenversicherung: area, birth date, letter, serial, check. */
bool
check_rvnr(struct bytes rvnr)
{
	static const unsigned weights[] = {2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1};
	unsigned sum = 0, letter;
	uint8_t digits[12];

	if (rvnr.n != 12 || !all_digits(bytes_slice(rvnr, 0, 8)) ||
	    !is_letter(rvnr.p[8]) || !all_digits(bytes_skip(rvnr, 9)))
		return false;
	letter = (unsigned)(rvnr.p[8] - 'A') + 1;
	memcpy(digits, rvnr.p, 8);
	digits[8] = (uint8_t)('0' + letter / 10);
	digits[9] = (uint8_t)('0' + letter % 10);
	memcpy(digits + 10, rvnr.p + 9, 2);
	for (size_t i = 0; i < 12; i++) {
		unsigned product = (unsigned)(digits[i] - '0') * weights[i];

		sum += product / 10 + product % 10;
	}
	return sum % 10 == (unsigned)(rvnr.p[11] - '0') &&
	       number_at(rvnr, 4, 2) >= 1 && number_at(rvnr, 4, 2) <= 12 &&
	       number_at(rvnr, 2, 2) <= 81;
}

/* German identity card: nine characters of the ICAO set, one check digit. */
bool
check_de_id(struct bytes id)
{
	if (id.n != 10 || !is_digit(id.p[9]))
		return false;
	if (!(strchr("LMNPRTVWXYCFGHJK", id.p[0]) || is_digit(id.p[0])))
		return false;
	return check_icao(bytes_slice(id, 0, 9)) == id.p[9] - '0';
}

/* Health insurance number: letter as two digits, weights 1 and 2. */
bool
check_kvnr(struct bytes kvnr)
{
	unsigned sum = 0, letter;

	if (kvnr.n != 10 || !is_letter(kvnr.p[0]) ||
	    !all_digits(bytes_skip(kvnr, 1)))
		return false;
	letter = (unsigned)(kvnr.p[0] - 'A') + 1;
	sum = letter / 10 + (letter % 10) * 2 / 10 + (letter % 10) * 2 % 10;
	for (size_t i = 1; i < 9; i++) {
		unsigned product =
		    (unsigned)(kvnr.p[i] - '0') * (i % 2 == 1 ? 1 : 2);

		sum += product / 10 + product % 10;
	}
	return sum % 10 == (unsigned)(kvnr.p[9] - '0');
}

/* INSEE: sex, year, month, department (2A, 2B in Corsica), commune, order,
 * key. */
bool
check_nir(struct bytes nir)
{
	uint8_t digits[15];
	unsigned month;

	if (nir.n != 15)
		return false;
	memcpy(digits, nir.p, 15);
	if (digits[5] == '2' && (digits[6] == 'A' || digits[6] == 'B')) {
		digits[5] = '1';
		digits[6] = digits[6] == 'A' ? '9' : '8';
	}
	nir = bytes_of(digits, 15);
	if (!all_digits(nir) || strchr("123478", nir.p[0]) == NULL)
		return false;
	month = (unsigned)number_at(nir, 3, 2);
	if (!((month >= 1 && month <= 12) || (month >= 20 && month <= 42) ||
		month >= 50))
		return false;
	return 97 - number_at(nir, 0, 13) % 97 == number_at(nir, 13, 2);
}

static bool
spanish_letter(uint64_t value, uint8_t letter)
{
	return (uint8_t) "TRWAGMYFPDXBNJZSQVHLCKE"[value % 23] == letter;
}

bool
check_dni(struct bytes dni)
{
	return dni.n == 9 && all_digits(bytes_slice(dni, 0, 8)) &&
	       spanish_letter(number_at(dni, 0, 8), dni.p[8]) &&
	       number_at(dni, 0, 8) != 0;
}

bool
check_nie(struct bytes nie)
{
	if (nie.n != 9 || nie.p[0] < 'X' || nie.p[0] > 'Z' ||
	    !all_digits(bytes_slice(nie, 1, 8)))
		return false;
	return spanish_letter(
	    (uint64_t)(nie.p[0] - 'X') * 10000000 + number_at(nie, 1, 7),
	    nie.p[8]);
}

/* Agenzia delle Entrate: letters may stand for digits (omocodia). */
bool
check_cf(struct bytes cf)
{
	static const unsigned odd[] = {1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4,
	    18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23};
	static const char digit_letters[] = "LMNPQRSTUV";
	static const char shape[] = "LLLLLLNNMNNLNNNL";
	unsigned sum = 0;

	if (cf.n != 16)
		return false;
	for (size_t i = 0; i < 16; i++) {
		uint8_t c = cf.p[i];
		unsigned value;

		if (shape[i] == 'L' ? !is_letter(c)
		    : shape[i] == 'M'
			? strchr("ABCDEHLMPRST", c) == NULL
			: !is_digit(c) && strchr(digit_letters, c) == NULL)
			return false;
		if (i == 15)
			break;
		value = is_digit(c) ? (unsigned)(c - '0') : (unsigned)(c - 'A');
		sum += i % 2 == 0 ? odd[value] : value;
	}
	return sum % 26 == (unsigned)(cf.p[15] - 'A');
}

bool
check_bsn(struct bytes digits)
{
	unsigned sum;

	if (digits.n != 9 || !all_digits(digits) ||
	    number_at(digits, 0, 9) == 0)
		return false;
	sum = check_weighted(digits, "98765432");
	return (sum + 11 * 9 - (unsigned)(digits.p[8] - '0')) % 11 == 0;
}

/* Belgium: birth date, serial, 97 - rest; 2 in front from 2000 on.  Months
 * of bis numbers are 20 or 40 more. */
bool
check_be(struct bytes digits)
{
	uint64_t head, key;

	if (digits.n != 11 || !all_digits(digits))
		return false;
	head = number_at(digits, 0, 9);
	key = number_at(digits, 9, 2);
	if (number_at(digits, 2, 2) % 20 > 12 || number_at(digits, 4, 2) > 31 ||
	    number_at(digits, 2, 2) > 52)
		return false;
	return 97 - head % 97 == key || 97 - (head + 2000000000) % 97 == key;
}

/* Poland: the century is added to the month (80, 00, 20, 40, 60). */
bool
check_pesel(struct bytes digits)
{
	uint64_t month;

	if (digits.n != 11 || !all_digits(digits))
		return false;
	month = number_at(digits, 2, 2) % 20;
	if (!check_date(0, (unsigned)month, (unsigned)number_at(digits, 4, 2)))
		return false;
	return (10 - check_weighted(digits, "1379137913") % 10) % 10 ==
	       (unsigned)(digits.p[10] - '0');
}

bool
check_personnummer(struct bytes digits)
{
	uint64_t day;

	if (digits.n == 12)
		digits = bytes_skip(digits, 2);
	if (digits.n != 10 || !check_luhn(digits))
		return false;
	day = number_at(digits, 4, 2);
	return check_date(0, (unsigned)number_at(digits, 2, 2),
	    (unsigned)(day > 60 ? day - 60 : day));
}

/* Finland: DDMMYY, the century's sign (dropped here when it is no letter),
 * NNN, check character. */
bool
check_hetu(struct bytes hetu)
{
	static const char signs[] = "0123456789ABCDEFHJKLMNPRSTUVWXY";
	uint64_t value;
	size_t serial = 6;

	if (hetu.n == 11 && strchr("ABCDEFYXWVU", hetu.p[6]) != NULL)
		serial = 7;
	else if (hetu.n != 10)
		return false;
	if (!all_digits(bytes_slice(hetu, 0, 6)) ||
	    !all_digits(bytes_slice(hetu, serial, serial + 3)) ||
	    !date_at(hetu, 4, 2, 0))
		return false;
	value = number_at(hetu, 0, 6) * 1000 + number_at(hetu, serial, 3);
	return (uint8_t)signs[value % 31] == hetu.p[serial + 3];
}

bool
check_aadhaar(struct bytes digits)
{
	bool palindrome = true;

	if (digits.n != 12 || digits.p[0] < '2' || !check_verhoeff(digits))
		return false;
	for (size_t i = 0; i < 6; i++)
		palindrome &= digits.p[i] == digits.p[11 - i];
	return !palindrome;
}

bool
check_pan(struct bytes pan)
{
	if (pan.n != 10 || !all_digits(bytes_slice(pan, 5, 9)) ||
	    !is_letter(pan.p[9]))
		return false;
	for (size_t i = 0; i < 5; i++)
		if (!is_letter(pan.p[i]))
			return false;
	return strchr("ABCFGHJLPT", pan.p[3]) != NULL;
}

bool
check_rrn(struct bytes digits)
{
	if (digits.n != 13 || !all_digits(digits) || digits.p[6] == '9' ||
	    !date_at(digits, 0, 2, 4))
		return false;
	return (11 - check_weighted(digits, "234567892345") % 11) % 10 ==
	       (unsigned)(digits.p[12] - '0');
}

bool
check_tckn(struct bytes digits)
{
	unsigned odd = 0, even = 0, sum = 0;

	if (digits.n != 11 || !all_digits(digits) || digits.p[0] == '0')
		return false;
	for (size_t i = 0; i < 9; i++)
		*(i % 2 == 0 ? &odd : &even) += (unsigned)(digits.p[i] - '0');
	for (size_t i = 0; i < 10; i++)
		sum += (unsigned)(digits.p[i] - '0');
	return (odd * 7 + 90 - even) % 10 == (unsigned)(digits.p[9] - '0') &&
	       sum % 10 == (unsigned)(digits.p[10] - '0');
}

bool
check_za(struct bytes digits)
{
	return digits.n == 13 && all_digits(digits) &&
	       date_at(digits, 0, 2, 4) && digits.p[10] <= '2' &&
	       check_luhn(digits);
}

bool
check_nric(struct bytes nric)
{
	static const char citizen[] = "JZIHGFEDCBA", foreign[] = "XWUTRQPNMLK",
			  later[] = "KLJNPQRTUWX";
	unsigned sum;
	const char *letters;

	if (nric.n != 9 || !all_digits(bytes_slice(nric, 1, 8)) ||
	    strchr("STFGM", nric.p[0]) == NULL)
		return false;
	sum = check_weighted(bytes_slice(nric, 1, 8), "2765432");
	if (nric.p[0] == 'T' || nric.p[0] == 'G')
		sum += 4;
	if (nric.p[0] == 'M')
		sum += 3;
	letters = nric.p[0] == 'S' || nric.p[0] == 'T' ? citizen
		  : nric.p[0] == 'M'		       ? later
						       : foreign;
	if (nric.p[0] == 'M')
		return (uint8_t)letters[10 - sum % 11] == nric.p[8];
	return (uint8_t)letters[sum % 11] == nric.p[8];
}

/* ICD-10: chapter letter, two digits, dot, one to four more. */
bool
check_icd10(struct bytes code)
{
	return code.n >= 3 && code.n <= 7 && is_letter(code.p[0]) &&
	       is_digit(code.p[1]) && code.p[0] != 'U';
}

bool
check_ndc(struct bytes digits)
{
	return (digits.n == 10 || digits.n == 11) && all_digits(digits);
}
