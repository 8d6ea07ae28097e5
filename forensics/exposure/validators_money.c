/* Cards, accounts, business numbers. */
#include "forensics/exposure/validators.h"

#include "forensics/exposure/digits.h"

static unsigned
number_at(struct bytes b, size_t from, size_t n)
{
	unsigned value = 0;

	for (size_t i = from; i < from + n && i < b.n; i++)
		value = value * 10 + (unsigned)(b.p[i] - '0');
	return value;
}

struct iin {
	unsigned from, to; /* of the first `digits` */
	unsigned digits;
	unsigned lengths; /* bit n: n digits long */
};

#define LENGTHS(a, b) ((2u << (b)) - (1u << (a)))

static const struct iin iins[] = {
    {4, 4, 1, 1u << 13 | 1u << 16 | 1u << 19}, /* Visa */
    {5100, 5599, 4, 1u << 16},		       /* Mastercard */
    {222100, 272099, 6, 1u << 16},
    {34, 34, 2, 1u << 15},
    {37, 37, 2, 1u << 15}, /* Amex */
    {300, 305, 3, 1u << 14},
    {36, 36, 2, 1u << 14}, /* Diners */
    {38, 39, 2, 1u << 14},
    {3528, 3589, 4, LENGTHS(16, 19)}, /* JCB */
    {6011, 6011, 4, LENGTHS(16, 19)}, /* Discover */
    {644, 649, 3, LENGTHS(16, 19)},
    {65, 65, 2, LENGTHS(16, 19)},
    {62, 62, 2, LENGTHS(16, 19)}, /* UnionPay */
    {50, 50, 2, LENGTHS(13, 19)},
    {56, 58, 2, LENGTHS(13, 19)},
    {6304, 6304, 4, LENGTHS(13, 19)},
    {6706, 6706, 4, LENGTHS(13, 19)},
    {6709, 6709, 4, LENGTHS(13, 19)},
    {6771, 6771, 4, LENGTHS(13, 19)},
    {6334, 6334, 4, LENGTHS(13, 19)},
    {6767, 6767, 4, LENGTHS(13, 19)},
};

static bool
has_iin(struct bytes digits)
{
	for (size_t i = 0; i < sizeof iins / sizeof iins[0]; i++) {
		unsigned head = number_at(digits, 0, iins[i].digits);

		if (head >= iins[i].from && head <= iins[i].to &&
		    (iins[i].lengths >> digits.n & 1))
			return true;
	}
	return false;
}

/* More than seven of one digit, two digits more than four times each, or a
 * constant step: what counters and examples look like. */
static bool
is_pattern(struct bytes digits)
{
	unsigned count[10] = {0}, often = 0;
	bool constant = true;
	int step = digits.p[1] - digits.p[0];

	for (size_t i = 0; i < digits.n; i++)
		count[digits.p[i] - '0']++;
	for (size_t i = 1; i < digits.n; i++)
		constant &= (digits.p[i] - digits.p[i - 1] + 10) % 10 ==
			    (step + 10) % 10;
	for (unsigned d = 0; d < 10; d++) {
		if (count[d] > 7)
			return true;
		often += count[d] > 4;
	}
	return often >= 2 || constant;
}

bool
check_card(struct bytes digits)
{
	return digits.n >= 13 && digits.n <= 19 && all_digits(digits) &&
	       has_iin(digits) && check_luhn(digits) && !is_pattern(digits);
}

/* Federal Reserve: first two digits, weights 3, 7, 1. */
bool
check_aba(struct bytes digits)
{
	unsigned head;

	if (digits.n != 9 || !all_digits(digits))
		return false;
	head = number_at(digits, 0, 2);
	if (!(head <= 12 || (head >= 21 && head <= 32) ||
		(head >= 61 && head <= 72) || head == 80))
		return false;
	return check_weighted(digits, "371371371") % 10 == 0 &&
	       number_at(digits, 0, 9) != 0;
}

static const struct {
	char country[3];
	uint8_t length;
} ibans[] = {{"AD", 24}, {"AE", 23}, {"AL", 28}, {"AT", 20}, {"AZ", 28},
    {"BA", 20}, {"BE", 16}, {"BG", 22}, {"BH", 22}, {"BI", 27}, {"BR", 29},
    {"BY", 28}, {"CH", 21}, {"CR", 22}, {"CY", 28}, {"CZ", 24}, {"DE", 22},
    {"DJ", 27}, {"DK", 18}, {"DO", 28}, {"EE", 20}, {"EG", 29}, {"ES", 24},
    {"FI", 18}, {"FK", 18}, {"FO", 18}, {"FR", 27}, {"GB", 22}, {"GE", 22},
    {"GI", 23}, {"GL", 18}, {"GR", 27}, {"GT", 28}, {"HR", 21}, {"HU", 28},
    {"IE", 22}, {"IL", 23}, {"IQ", 23}, {"IS", 26}, {"IT", 27}, {"JO", 30},
    {"KW", 30}, {"KZ", 20}, {"LB", 28}, {"LC", 32}, {"LI", 21}, {"LT", 20},
    {"LU", 20}, {"LV", 21}, {"LY", 25}, {"MC", 27}, {"MD", 24}, {"ME", 22},
    {"MK", 19}, {"MN", 20}, {"MR", 27}, {"MT", 31}, {"MU", 30}, {"NI", 28},
    {"NL", 18}, {"NO", 15}, {"OM", 23}, {"PK", 24}, {"PL", 28}, {"PS", 29},
    {"PT", 25}, {"QA", 29}, {"RO", 24}, {"RS", 22}, {"RU", 33}, {"SA", 24},
    {"SC", 31}, {"SD", 18}, {"SE", 24}, {"SI", 19}, {"SK", 24}, {"SM", 27},
    {"SO", 23}, {"ST", 25}, {"SV", 28}, {"TL", 23}, {"TN", 24}, {"TR", 26},
    {"UA", 29}, {"VA", 22}, {"VG", 24}, {"XK", 20}, {"YE", 30}};

size_t
iban_length(const uint8_t country[2])
{
	for (size_t i = 0; i < sizeof ibans / sizeof ibans[0]; i++)
		if (memcmp(ibans[i].country, country, 2) == 0)
			return ibans[i].length;
	return 0;
}

bool
check_iban(struct bytes iban)
{
	return iban.n >= 15 && iban_length(iban.p) == iban.n &&
	       check_mod97(iban);
}

/* IRS: prefixes in use, all campuses and the internet. */
bool
check_ein(struct bytes digits)
{
	static const char unused[] =
	    "00 07 08 09 17 18 19 28 29 49 69 70 78 79 "
	    "89 96 97";

	if (digits.n != 9 || !all_digits(digits))
		return false;
	for (size_t i = 0; i + 1 < sizeof unused - 1; i += 3)
		if (memcmp(unused + i, digits.p, 2) == 0)
			return false;
	return number_at(digits, 2, 7) != 0;
}

/* CMS: Luhn over 80840 and the number. */
bool
check_npi(struct bytes digits)
{
	uint8_t whole[15] = {'8', '0', '8', '4', '0'};

	if (digits.n != 10 || !all_digits(digits) ||
	    (digits.p[0] != '1' && digits.p[0] != '2'))
		return false;
	memcpy(whole + 5, digits.p, 10);
	return check_luhn(bytes_of(whole, sizeof whole));
}

static const char iso_countries[] =
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI "
    "BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN "
    "CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK "
    "FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM "
    "HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN "
    "KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK "
    "ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP "
    "NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW "
    "SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF "
    "TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI "
    "VN VU WF WS XK YE YT ZA ZM ZW ";

/* ISO 9362: four letters, country, two, three more or none. */
bool
check_swift(struct bytes code)
{
	if (code.n != 8 && code.n != 11)
		return false;
	for (size_t i = 0; i < 6; i++)
		if (code.p[i] < 'A' || code.p[i] > 'Z')
			return false;
	for (size_t i = 0; i + 2 < sizeof iso_countries; i += 3)
		if (memcmp(iso_countries + i, code.p + 4, 2) == 0)
			return true;
	return false;
}

/* Australian Business Register: first digit less one, modulo 89. */
bool
check_abn(struct bytes digits)
{
	static const unsigned weights[] = {
	    10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19};
	unsigned sum = 0;

	if (digits.n != 11 || !all_digits(digits) || digits.p[0] == '0')
		return false;
	for (size_t i = 0; i < 11; i++)
		sum += (unsigned)(digits.p[i] - '0' - (i == 0)) * weights[i];
	return sum % 89 == 0;
}

bool
check_acn(struct bytes digits)
{
	if (digits.n != 9 || !all_digits(digits) ||
	    number_at(digits, 0, 9) == 0)
		return false;
	return (10 - check_weighted(digits, "87654321") % 10) % 10 ==
	       (unsigned)(digits.p[8] - '0');
}

static bool
all_equal(struct bytes b)
{
	for (size_t i = 1; i < b.n; i++)
		if (b.p[i] != b.p[0])
			return false;
	return true;
}

/* Two digits modulo 11 with falling weights (Receita Federal). */
static bool
check_brazil(struct bytes digits, const unsigned *weights, size_t n)
{
	if (digits.n != n + 2 || !all_digits(digits) || all_equal(digits))
		return false;
	for (size_t k = 0; k < 2; k++) {
		unsigned sum = 0, digit;

		for (size_t i = 0; i < n + k; i++)
			sum +=
			    (unsigned)(digits.p[i] - '0') * weights[1 - k + i];
		digit = sum % 11 < 2 ? 0 : 11 - sum % 11;
		if (digit != (unsigned)(digits.p[n + k] - '0'))
			return false;
	}
	return true;
}

bool
check_cpf(struct bytes digits)
{
	static const unsigned weights[] = {11, 10, 9, 8, 7, 6, 5, 4, 3, 2};

	return check_brazil(digits, weights, 9);
}

bool
check_cnpj(struct bytes digits)
{
	static const unsigned weights[] = {
	    6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2};

	return check_brazil(digits, weights, 12);
}

/* North American Numbering Plan: area and exchange begin with 2 to 9. */
bool
check_nanp(struct bytes digits)
{
	if (digits.n == 11 && digits.p[0] == '1')
		digits = bytes_skip(digits, 1);
	return digits.n == 10 && all_digits(digits) && digits.p[0] >= '2' &&
	       digits.p[3] >= '2' && digits.p[1] != '9' &&
	       !(digits.p[1] == '1' && digits.p[2] == '1') &&
	       !(digits.p[4] == '1' && digits.p[5] == '1') &&
	       !all_equal(digits);
}

/* Ten digits are North American unless a trunk zero leads. */
bool
check_phone(struct bytes digits)
{
	if (digits.n < 7 || digits.n > 15 || !all_digits(digits) ||
	    all_equal(digits))
		return false;
	if (digits.n == 10 && digits.p[0] != '0')
		return check_nanp(digits);
	return digits.n != 11 || digits.p[0] != '1' || check_nanp(digits);
}
