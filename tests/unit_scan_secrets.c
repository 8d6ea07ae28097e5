/* Secrets (reference 4.3): one of each family, passwords in prose, what is
 * said of account, system and expiry, and what is none. */
#include "tests/scan_text.h"

static void
expect_kind(const char *text, const char *kind, const char *masked)
{
	const struct record_finding *f;

	scan_one(text);
	f = finding_of(kind);
	if (f == NULL) {
		fprintf(stderr, "'%.200s': no %s\n", text, kind);
		print_all();
	}
	assert_non_null(f);
	assert_text(f->kind, kind);
	assert_text(f->masked, masked);
}

static void
expect_nothing(const char *text)
{
	scan_one(text);
	for (size_t i = 0; i < found_count; i++) {
		if (found_list[i].kind.n > 0)
			print_all();
		assert_int_equal(found_list[i].kind.n, 0);
	}
}

static void
test_families(void **state)
{
	(void)state;
	expect_kind("key AKIAQ3EGRT7NXWZP4M2B", "aws_access_key",
	    "AKIA********");
	expect_kind("secret aB1" "8Q~xYzAbCdEfGhIjKlMnOpQrStUvWxYz01234",
	    "azure_client_secret", "********");
	expect_kind("DefaultEndpointsProtocol=https;AccountName=acme;AccountKey="
	    "QWJjRGVmR2hpSmtsTW5PcFFyU3R1Vnd4WXoxMjM0NTY3ODkwQUJDREVGR0hJSktM"
	    "TU5PUFFSU1RVVldYWVphYg==;", "azure_storage_key", "********");
	expect_kind("https://acme.blob.core.windows.net/c?sv=2021&se=2023-07-01"
	    "T00%3A00%3A00Z&sig=abCDefGHijKLmnOPqrSTuvWXyz0123456789abCDefG%3D",
	    "azure_sas", "********");
	assert_text(finding_of("azure_sas")->expires, "2023-07-01T00:00:00Z");
	expect_kind("AIzaSyA1b2C3d4E5f6G7h8I9j0KlMnOpQrStUvW",
	    "google_api_key", "AIza********");
	expect_kind("ghp_abcdEFGHijklMNOPqrstUVWXyz0123456789", "github_token",
	    "ghp_********");
	expect_kind("glpat-abCD12efGH34ijKL56mn", "gitlab_token",
	    "glpat-********");
	expect_kind("xoxb-123456789012-abcdefGHIJKL", "slack_token",
	    "xoxb-********");
	expect_kind("https://hooks.slack.com/services/T0ABCDEF1/B0ABCDEF2/"
	    "abCDefGHijKLmnOPqrSTuvWX", "slack_token", "********");
	expect_kind("https://acme.webhook.office.com/webhookb2/1a2b3c4d-1a2b-1a"
	    "2b-1a2b-1a2b3c4d5e6f@1a2b3c4d-1a2b-1a2b-1a2b-1a2b3c4d5e6f/"
	    "IncomingWebhook/0123456789abcdef0123456789abcdef/1a2b3c4d-1a2b-"
	    "1a2b-1a2b-1a2b3c4d5e6f", "teams_webhook", "********");
	expect_kind("sk_" "live_4eC39HqLyjWDarjtT1zdp7dc", "stripe_key",
	    "sk_live_********");
	expect_kind("SG.abCDefGHijKLmnOPqrSTuv.abCDefGHijKLmnOPqrSTuvWXyz01234"
	    "56789abCDefG", "sendgrid_key", "SG.********");
	expect_kind("SK" "0123456789abcdef0123456789abcdef", "twilio_key",
	    "SK********");
	expect_kind("sk-abCDefGHijKLmnOPqrSTT3BlbkFJabCDefGHijKLmnOPqrST",
	    "openai_key", "sk-********");
	expect_kind("hf_abcdefghijklmnopqrstuvwxyzABCDEFGH", "hf_token",
	    "hf_********");
	expect_kind("npm_abCDefGHijKLmnOPqrSTuvWXyz0123456789", "npm_token",
	    "npm_********");
	expect_kind("dapi" "0123456789abcdef0123456789abcdef",
	    "databricks_token", "dapi********");
	expect_kind("A3-ABCDEF-ABCDEFGHIJK-ABCDE-FGHIJ-KLMNO", "onepassword",
	    "A3-********");
	expect_kind("Authorization: Bearer abCDefGHijKLmnOPqrSTuvWX",
	    "http_authorization", "********");
	expect_kind("Cookie: ESTSAUTHPERSISTENT=0.AXoAabCDefGHijKLmnOPqr;",
	    "cookie", "********");
	expect_kind("recovery key 110000-220000-330000-440000-550000-660000-"
	    "000011-000022", "bitlocker_recovery", "********");
}

static void
test_keys(void **state)
{
	const struct record_finding *f;

	(void)state;
	expect_kind("-----BEGIN RSA PRIVATE KEY-----\n"
	    "MIIEpAIBAAKCAQEA1234567890abcdefghijklmnopqrstuvwxyzABCDEFGHIJKL\n"
	    "MIIEpAIBAAKCAQEA1234567890abcdefghijklmnopqrstuvwxyzABCDEFGHIJKL\n"
	    "-----END RSA PRIVATE KEY-----", "pem_private_key", "********");
	f = finding_of("pem_private_key");
	assert_text(f->element, "PRIVKEY");
	assert_text(f->level, "high");
	expect_nothing("-----BEGIN PRIVATE KEY-----\nshort\n"
		       "-----END PRIVATE KEY-----");
	expect_nothing("-----BEGIN CERTIFICATE-----\n"
	    "MIIEpAIBAAKCAQEA1234567890abcdefghijklmnopqrstuvwxyzABCDEFGHIJKL\n"
	    "-----END CERTIFICATE-----");
	/* {"alg":"HS256"} . {"iss":"example","exp":1700000000} */
	expect_kind("eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJleGFtcGxlIiwiZXhwIjoxNzAw"
	    "MDAwMDAwfQ.c2lnbmF0dXJlc2lnbmF0dXJl", "jwt", "eyJ********");
	f = finding_of("jwt");
	assert_text(f->expires, "2023-11-14T22:13:20Z");
	assert_text(f->system, "example");
}

static void
test_one_secret_one_row(void **state)
{
	const struct record_finding *f;

	(void)state;
	scan_one("aws_access_key_id=AKIAQ3EGRT7NXWZP4M2B\n"
		 "aws_secret_access_key=wJ4lrXUtnF3MI8K7MDENGzbPxRfiCYq2Vb0Lk9Tz\n");
	assert_int_equal(count_of("aws_access_key"), 1);
	assert_null(finding_of("api_key"));
	f = finding_of("aws_access_key");
	assert_text(f->level, "high");
	assert_text(f->element, "CRED");
	assert_text(f->account, "AKIAQ3EGRT7NXWZP4M2B");
	scan_one("AKIAIOSFODNN7EXAMPLE");
	assert_text(finding_of("aws_access_key")->level, "low");
	scan_one("postgres://app:S3cretPw@db.example.org/main");
	f = finding_of("database_password");
	assert_non_null(f);
	assert_text(f->value, "S3cretPw");
	assert_text(f->account, "app");
	assert_text(f->system, "db.example.org");
	assert_text(f->masked, "********");
	scan_one("https://jdoe:S3cretPw@intra.example.org/x");
	f = finding_of("basic_auth_url");
	assert_non_null(f);
	assert_text(f->value, "S3cretPw");
	assert_text(f->account, "jdoe");
	scan_one("Server=db1;Database=x;User Id=sa;Password=Pa55w0rd!;");
	f = finding_of("database_password");
	assert_non_null(f);
	assert_text(f->value, "Pa55w0rd!");
	assert_text(f->account, "sa");
	assert_text(f->system, "db1");
	assert_null(finding_of("password"));
}

static void
test_prose(void **state)
{
	static const char *const texts[] = { "password: Hunter22!",
		"The password is Hunter22!", "the new password is now Hunter22!",
		"Kennwort: Hunter22!", "Das Passwort lautet Hunter22!",
		"Mot de passe : Hunter22!", "le mot de passe est Hunter22!",
		"contrase\xc3\xb1""a: Hunter22!",
		"la contrase\xc3\xb1""a es Hunter22!", "senha: Hunter22!",
		"a senha \xc3\xa9 Hunter22!", "la password \xc3\xa8 Hunter22!",
		"wachtwoord: Hunter22!", "Password:\nHunter22!\n",
		"passwd = \"Hunter22!\"", "password for the portal: Hunter22!" };

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		const struct record_finding *f;

		scan_one(texts[i]);
		f = finding_of("password");
		if (f == NULL)
			fprintf(stderr, "'%s'\n", texts[i]);
		assert_non_null(f);
		assert_text(f->value, "Hunter22!");
		assert_text(f->level, "medium");
		assert_text(f->element, "");
	}
	expect_nothing("Please reset your password before Friday.");
	expect_nothing("The password is required.");
	expect_nothing("password: ********");
	expect_nothing("password: <your password>");
	expect_nothing("Password: short");
	expect_nothing("The password is your date of birth.");
}

static void
test_accounts(void **state)
{
	const struct record_finding *f;

	(void)state;
	scan_one("username: jdoe\npassword: Hunter22!");
	f = finding_of("password");
	assert_text(f->level, "high");
	assert_text(f->element, "CRED");
	assert_text(f->account, "jdoe");
	scan_one("The VPN password is Hunter22! for jane.roe@example.com");
	f = finding_of("password");
	assert_text(f->account, "jane.roe@example.com");
	assert_text(f->system, "VPN");
	scan_one("Password for the payroll portal: Hunter22!");
	assert_text(finding_of("password")->system, "payroll portal");
	scan_one("The password of the attached zip file is Hunter22!");
	assert_non_null(finding_of("archive_password"));
}

static void
expect_login(const char *text, const char *account, const char *system)
{
	const struct record_finding *f;

	scan_one(text);
	f = finding_of("password");
	if (f == NULL)
		fprintf(stderr, "'%s'\n", text);
	assert_non_null(f);
	if (!bytes_eq(f->account, bytes_cstr(account)) ||
	    !bytes_eq(f->system, bytes_cstr(system)))
		fprintf(stderr, "'%s'\n", text);
	assert_text(f->account, account);
	assert_text(f->system, system);
	assert_text(f->element, account[0] ? "CRED" : "");
}

/* Whose it is and what it opens, in seven languages. */
static void
test_logins(void **state)
{
	static const char *const cases[][3] = {
	    {"user: guest-west password: Sommer2023!", "guest-west", ""},
	    {"Hi Kevin, password: Sommer2023!", "", ""},
	    {"Here is the info. The new password: Sommer2023!", "", ""},
	    {"The VPN password for jdoe is Hunter22!", "jdoe", "VPN"},
	    {"Password for jdoe: Hunter22!", "jdoe", ""},
	    {"Password for the project: Hunter22!", "", "project"},
	    {"Password for Dropbox: Hunter22!", "", "Dropbox"},
	    {"Password for jdoe on the payroll portal: Hunter22!", "jdoe",
		"payroll portal"},
	    {"Your Salesforce login is jdoe7, the password is Hunter22!",
		"jdoe7", "Salesforce"},
	    {"For the guest wifi use user: guest-west password: Sommer23!",
		"guest-west", "wifi"},
	    {"Server: db1.example.org\nUser: sa\nPassword: Hunter22!", "sa",
		"db1.example.org"},
	    {"See https://hr.example.org/x, user: ann, password: Hunter22!",
		"ann", "hr.example.org"},
	    {"username/password: jdoe/Hunter22!", "jdoe", ""},
	    {"email: ann@example.org\npassword: Hunter22!",
		"ann@example.org", ""},
	    {"Benutzer: k.maier Kennwort: Gartenzaun77", "k.maier", ""},
	    {"Das Passwort f\xc3\xbcr den Server hr1 lautet Garten77", "",
		"Server hr1"},
	    {"Mot de passe pour le compte mdurand : Soleil2023", "mdurand",
		""},
	    {"La contrase\xc3\xb1\x61 del portal RRHH para el usuario jgarcia "
	     "es Verano2023.", "jgarcia", "portal RRHH"},
	    {"A senha do usu\xc3\xa1rio jsilva: Verao2023", "jsilva", ""},
	    {"utente: mrossi, password: Estate2023", "mrossi", ""},
	    {"gebruikersnaam: pjansen wachtwoord: Zomer2023", "pjansen", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		expect_login(cases[i][0], cases[i][1], cases[i][2]);
}

static void
test_pins(void **state)
{
	(void)state;
	scan_one("PIN: 4821");
	assert_non_null(finding_of("password"));
	assert_text(finding_of("password")->value, "4821");
	scan_one("Your passcode is 482193");
	assert_non_null(finding_of("password"));
	scan_one("PIN 4821");
	assert_non_null(finding_of("password"));
	expect_nothing("PIN: 482");
	expect_nothing("PIN: 1234567890123");
	expect_nothing("passcode to follow 4821");
	expect_nothing("a pin 4821 of steel");
}

/* 6 to 64 characters. */
static void
test_lengths(void **state)
{
	char text[128];

	(void)state;
	expect_nothing("password: Ab3!x");
	scan_one("password: Ab3!xy");
	assert_non_null(finding_of("password"));
	strcpy(text, "password: ");
	memset(text + 10, 'a', 64);
	memcpy(text + 10, "B3!", 3);
	text[74] = '\0';
	scan_one(text);
	assert_non_null(finding_of("password"));
	text[74] = 'a';
	text[75] = '\0';
	expect_nothing(text);
}

/* Families without a row of their own, and vendors' prefixes. */
static void
test_keys_of_no_family(void **state)
{
	(void)state;
	expect_kind("weather API key: 9f2c7b1e4d8a6035c1f2", "api_key",
	    "********");
	assert_text(finding_of("api_key")->system, "weather");
	expect_kind("client secret = Zx81-kLmn_77Qpw-Rt65", "api_key",
	    "********");
	scan_one("client secret: aB1" "8Q~xYzAbCdEfGhIjKlMnOpQrStUvWxYz01234");
	assert_non_null(finding_of("azure_client_secret"));
	assert_null(finding_of("api_key"));
	expect_kind("dop_v1_" "0123456789abcdef0123456789abcdef"
	    "0123456789abcdef0123456789abcdef", "api_key",
	    "dop_v1_********");
	expect_nothing("The access token is refreshed every hour.");
	expect_nothing("api key: your_api_key_here_1234");
	expect_nothing("api key: aaaaaaaaaaaaaaaaaaaaaaa1");
}

static void
test_seeds(void **state)
{
	(void)state;
	/* The first vector of BIP 39's test set, and one word changed. */
	scan_one("my wallet's recovery phrase: abandon abandon abandon abandon "
		 "abandon abandon abandon abandon abandon abandon abandon "
		 "about");
	assert_non_null(finding_of("bip39"));
	assert_text(finding_of("bip39")->masked, "********");
	scan_one("recovery phrase\n1. legal 2. winner 3. thank 4. year 5. wave "
		 "6. sausage 7. worth 8. useful 9. legal 10. winner "
		 "11. thank 12. yellow");
	assert_non_null(finding_of("bip39"));
	expect_nothing("recovery phrase: legal winner thank year wave sausage "
		       "worth useful legal winner thank year");
	expect_nothing("recovery phrase: legal winner thank year");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_families),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_one_secret_one_row),
		cmocka_unit_test(test_prose),
		cmocka_unit_test(test_accounts),
		cmocka_unit_test(test_logins),
		cmocka_unit_test(test_pins),
		cmocka_unit_test(test_keys_of_no_family),
		cmocka_unit_test(test_seeds),
		cmocka_unit_test(test_lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
