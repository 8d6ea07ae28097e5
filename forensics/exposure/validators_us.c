/* Americas' and Britain's numbers of people. */
#include "forensics/exposure/validators.h"

#include "forensics/exposure/digits.h"

static unsigned
number_at(struct bytes b, size_t from, size_t n)
{
	unsigned value = 0;

	for (size_t i = from; i < from + n; i++)
		value = value * 10 + (unsigned)(b.p[i] - '0');
	return value;
}

/* SSA: never issued, or used in advertising; ITINs are bound too. */
static bool
is_excluded(struct bytes digits)
{
	static const char *const known[] = {
	    "123456789", "078051120", "219099999"};
	unsigned value = number_at(digits, 0, 9);
	bool equal = true;

	for (size_t i = 1; i < 9; i++)
		equal &= digits.p[i] == digits.p[0];
	for (size_t i = 0; i < 3; i++)
		if (memcmp(digits.p, known[i], 9) == 0)
			return true;
	return equal || (value >= 987654320 && value <= 987654329);
}

bool
check_ssn(struct bytes digits)
{
	unsigned area;

	if (digits.n != 9 || !all_digits(digits) || is_excluded(digits))
		return false;
	area = number_at(digits, 0, 3);
	return area != 0 && area != 666 && area < 900 &&
	       number_at(digits, 3, 2) != 0 && number_at(digits, 5, 4) != 0;
}

bool
check_itin(struct bytes digits)
{
	unsigned group;

	if (digits.n != 9 || !all_digits(digits) || digits.p[0] != '9' ||
	    is_excluded(digits))
		return false;
	group = number_at(digits, 3, 2);
	return (group >= 50 && group <= 65) || (group >= 70 && group <= 88) ||
	       (group >= 90 && group <= 92) || (group >= 94 && group <= 99);
}

/* CMS: positions of digits, letters without S L O I B Z, or either. */
bool
check_mbi(struct bytes mbi)
{
	static const char shape[] = "1LXNLXNLLNN";

	if (mbi.n != 11)
		return false;
	for (size_t i = 0; i < 11; i++) {
		uint8_t c = mbi.p[i];
		bool letter = is_letter(c) && strchr("SLOIBZ", c) == NULL;
		bool ok = shape[i] == '1'   ? c >= '1' && c <= '9'
			  : shape[i] == 'L' ? letter
			  : shape[i] == 'N' ? is_digit(c)
					    : letter || is_digit(c);

		if (!ok)
			return false;
	}
	return true;
}

/* DEA: registrant type, initial or 9, seven digits. */
bool
check_dea(struct bytes dea)
{
	unsigned d[7], sum;

	if (dea.n == 7) { /* the digits alone: published vectors */
		for (size_t i = 0; i < 7; i++)
			d[i] = (unsigned)(dea.p[i] - '0');
	} else {
		if (dea.n != 9 ||
		    strchr("ABCDEFGHJKLMPRSTUX", dea.p[0]) == NULL ||
		    !(is_letter(dea.p[1]) || dea.p[1] == '9') ||
		    !all_digits(bytes_skip(dea, 2)))
			return false;
		for (size_t i = 0; i < 7; i++)
			d[i] = (unsigned)(dea.p[i + 2] - '0');
	}
	sum = d[0] + d[2] + d[4] + 2 * (d[1] + d[3] + d[5]);
	return sum % 10 == d[6];
}

bool
check_nhs(struct bytes digits)
{
	unsigned check;

	if (digits.n != 10 || !all_digits(digits))
		return false;
	check = 11 - check_weighted(digits, ":98765432") % 11;
	if (check == 11)
		check = 0;
	return check == (unsigned)(digits.p[9] - '0') &&
	       number_at(digits, 0, 9) != 0;
}

bool
check_nino(struct bytes nino)
{
	static const char *const never[] = {
	    "BG", "GB", "NK", "KN", "TN", "NT", "ZZ"};

	if (nino.n != 9 || !is_letter(nino.p[0]) || !is_letter(nino.p[1]) ||
	    !all_digits(bytes_slice(nino, 2, 8)) || nino.p[8] < 'A' ||
	    nino.p[8] > 'D')
		return false;
	if (strchr("DFIQUV", nino.p[0]) || strchr("DFIQUVO", nino.p[1]))
		return false;
	for (size_t i = 0; i < sizeof never / sizeof never[0]; i++)
		if (memcmp(never[i], nino.p, 2) == 0)
			return false;
	return true;
}

/* DVLA: surname (9 fills), decade, month (+5 for women), day, year,
 * initials (9 fills), digit, two letters or digits. */
bool
check_uk_dl(struct bytes dl)
{
	unsigned month, day;
	bool filled = false;

	if (dl.n != 16 || !is_letter(dl.p[0]))
		return false;
	for (size_t i = 0; i < 5; i++) {
		if (filled ? dl.p[i] != '9'
			   : !is_letter(dl.p[i]) && dl.p[i] != '9')
			return false;
		filled |= dl.p[i] == '9';
	}
	if (!all_digits(bytes_slice(dl, 5, 11)))
		return false;
	month = number_at(dl, 6, 2) % 50;
	day = number_at(dl, 8, 2);
	return number_at(dl, 6, 2) < 63 && check_date(0, month, day) &&
	       (is_letter(dl.p[11]) || dl.p[11] == '9') &&
	       (is_letter(dl.p[12]) || dl.p[12] == '9') &&
	       is_letter(dl.p[14]) && is_letter(dl.p[15]);
}

/* 0 and 8 are not issued; 046454286 is the number of every manual, and is
 * found so that it can be called a sample. */
bool
check_sin(struct bytes digits)
{
	return digits.n == 9 && check_luhn(digits) && digits.p[0] != '8' &&
	       (digits.p[0] != '0' || bytes_eq(digits, BYTES_LIT("046454286")));
}

bool
check_tfn(struct bytes digits)
{
	if (!all_digits(digits) ||
	    number_at(digits, 0, digits.n < 9 ? digits.n : 9) == 0)
		return false;
	if (digits.n == 9)
		return check_weighted(digits, "14375869:") % 11 == 0;
	return digits.n == 8 && check_weighted(digits, "1437586:") % 11 == 0;
}

bool
check_au_medicare(struct bytes digits)
{
	if (digits.n != 10 || !all_digits(digits) || digits.p[0] < '2' ||
	    digits.p[0] > '6')
		return false;
	return check_weighted(digits, "13791379") % 10 ==
	       (unsigned)(digits.p[8] - '0');
}
