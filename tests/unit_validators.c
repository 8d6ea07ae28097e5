/* Check digits: every vector of the reference, each bent once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>

#include "forensics/exposure/validators.h"

struct vector {
	const char *check, *value;
	bool good;
};

static const struct vector vectors[] = {
	{ "card", "4111111111111111", false }, /* ten of one digit */
	{ "card", "2223003122003222", false }, /* two digits too often */
	{ "card", "378282246310005", true },
	{ "card", "2720991234567892", false },
	{ "card", "5500005555555559", false },
	{ "card", "4539578763621486", true },
	{ "card", "4539578763621487", false },
	{ "card", "9539578763621486", false },
	{ "sin", "046454286", true },
	{ "sin", "046454287", false },
	{ "sin", "130692544", true },
	{ "personnummer", "8112189876", true },
	{ "personnummer", "198112189876", true },
	{ "personnummer", "8112789876", false },
	{ "personnummer", "8112189875", false },
	{ "za", "8001015009087", true },
	{ "za", "8013015009087", false },
	{ "npi", "1234567893", true },
	{ "npi", "1234567894", false },
	{ "aba", "021000021", true },
	{ "aba", "021000022", false },
	{ "aba", "991000021", false },
	{ "nhs", "9434765919", true },
	{ "nhs", "9434765918", false },
	{ "iban", "GB82WEST12345698765432", true },
	{ "iban", "GB82WEST12345698765433", false },
	{ "iban", "DE89370400440532013000", true },
	{ "iban", "DE8937040044053201300", false },
	{ "iban", "FR1420041010050500013M02606", true },
	{ "iban", "XX1420041010050500013M02606", false },
	{ "dea", "1234563", true },
	{ "dea", "AB1234563", true },
	{ "dea", "A91234563", true },
	{ "dea", "AB1234564", false },
	{ "tfn", "123456782", true },
	{ "tfn", "123456783", false },
	{ "au_medicare", "2123456701", true },
	{ "au_medicare", "2123456711", false },
	{ "abn", "51824753556", true },
	{ "abn", "51824753557", false },
	{ "acn", "004085616", true },
	{ "acn", "004085617", false },
	{ "dni", "12345678Z", true },
	{ "dni", "12345678A", false },
	{ "nie", "X1234567L", true },
	{ "nie", "Y1234567L", false },
	{ "pesel", "44051401359", true },
	{ "pesel", "44051401358", false },
	{ "hetu", "131052308T", true },
	{ "hetu", "131052A308T", true },
	{ "hetu", "131052308U", false },
	{ "de_tax", "86095742719", true },
	{ "de_tax", "65929970489", true },
	{ "de_tax", "86095742710", false },
	{ "tckn", "10000000146", true },
	{ "tckn", "10000000147", false },
	{ "aadhaar", "234567890124", true },
	{ "aadhaar", "234567890125", false },
	{ "aadhaar", "134567890124", false },
	{ "cf", "RSSMRA85T10A562S", true },
	{ "cf", "RSSMRA85T10A562T", false },
	{ "nir", "255081416802538", true },
	{ "nir", "255081416802539", false },
	{ "bsn", "111222333", true },
	{ "bsn", "111222334", false },
	{ "be", "85073003328", true },
	{ "be", "85073003329", false },
	{ "cpf", "52998224725", true },
	{ "cpf", "52998224726", false },
	{ "cpf", "11111111111", false },
	{ "cnpj", "11222333000181", true },
	{ "cnpj", "11222333000182", false },
	{ "rvnr", "65170839J003", true },
	{ "rvnr", "65170839J004", false },
	{ "kvnr", "A123456780", true },
	{ "kvnr", "A123456781", false },
	{ "de_id", "T220001293", true },
	{ "de_id", "T220001294", false },
	{ "nric", "S1234567D", true },
	{ "nric", "S1234567E", false },
	{ "nric", "T1234567J", true },
	{ "nric", "F1234567N", true },
	{ "nric", "G1234567X", true },
	{ "rrn", "9001011234568", true },
	{ "rrn", "9001011234567", false },
	{ "nino", "QQ123456C", false },
	{ "nino", "AB123456C", true },
	{ "nino", "BG123456C", false },
	{ "nino", "AO123456C", false },
	{ "nino", "AB123456E", false },
	{ "uk_dl", "MORGA753116SM9IJ", true },
	{ "uk_dl", "MORGA793116SM9IJ", false },
	{ "mbi", "1EG4TE5MK73", true },
	{ "mbi", "1SG4TE5MK73", false },
	{ "pan", "ABCPE1234F", true },
	{ "pan", "ABCDE1234F", false },
	{ "ssn", "536221234", true },
	{ "ssn", "666221234", false },
	{ "ssn", "000221234", false },
	{ "ssn", "900221234", false },
	{ "ssn", "536001234", false },
	{ "ssn", "536220000", false },
	{ "ssn", "078051120", false },
	{ "ssn", "219099999", false },
	{ "ssn", "987654321", false },
	{ "ssn", "111111111", false },
	{ "itin", "900701234", true },
	{ "itin", "900661234", false },
	{ "itin", "900931234", false },
	{ "itin", "987654321", false },
	{ "ein", "123456789", true },
	{ "ein", "003456789", false },
	{ "swift", "DEUTDEFF", true },
	{ "swift", "DEUTDEFF500", true },
	{ "swift", "DEUTQQFF", false },
	{ "nanp", "4155552671", true },
	{ "nanp", "1155552671", false },
	{ "base58", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", true },
	{ "base58", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", false },
	{ "bech32", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", true },
	{ "bech32", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", false },
	{ "bech32", "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", true },
};

static void
test_vectors(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
		validator *check = validator_named(bytes_cstr(vectors[i].check));
		bool good;

		assert_non_null(check);
		good = check(bytes_cstr(vectors[i].value));
		if (good != vectors[i].good)
			fprintf(stderr, "%s %s\n", vectors[i].check,
			    vectors[i].value);
		assert_int_equal(good, vectors[i].good);
	}
}

/* The bare formulas, on the published numbers. */
static void
test_formulas(void **state)
{
	(void)state;
	assert_true(check_luhn(BYTES_LIT("4111111111111111")));
	assert_true(check_luhn(BYTES_LIT("2223003122003222")));
	assert_true(check_luhn(BYTES_LIT("378282246310005")));
	assert_false(check_luhn(BYTES_LIT("2720991234567892")));
	assert_true(check_verhoeff(BYTES_LIT("2363")));
	assert_false(check_verhoeff(BYTES_LIT("2364")));
	assert_true(check_verhoeff(BYTES_LIT("234567890124")));
	assert_int_equal(check_icao(BYTES_LIT("L898902C3")), 6);
	assert_true(check_iso7064_11_10(BYTES_LIT("86095742719")));
	assert_int_equal(iban_length((const uint8_t *)"DE"), 22);
	assert_int_equal(iban_length((const uint8_t *)"ZZ"), 0);
}

/* A validator never reads past its slice, whatever the length. */
static void
test_lengths(void **state)
{
	uint8_t text[40];
	const char *name;

	(void)state;
	for (size_t v = 0; (name = validator_at(v)) != NULL; v++) {
		for (size_t n = 0; n < sizeof text; n++) {
			uint8_t *exact = test_malloc(n + 1);

			for (int fill = 0; fill < 3; fill++) {
				memset(exact, "0Az"[fill], n);
				validator_named(bytes_cstr(name))(
				    bytes_of(exact, n));
			}
			test_free(exact);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_formulas),
		cmocka_unit_test(test_lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
