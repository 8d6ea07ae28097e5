"""What the messages of the demo case say.  Everybody here is invented; numbers
have valid check digits where a kind has them and belong to nobody we know."""

SIGNATURE = "\n-- \nAlice Doe\nHuman Resources, Example Agency\n" \
    "1 Agency Plaza, Washington, DC 20001\n"

STAFF_CSV = """\
Name,SSN,Date of birth,E-mail,Phone,Address
Maria Lopez,532-48-1907,1984-03-17,maria.lopez@mail.example,(614) 555-0142,"118 Oak Street, Columbus, OH 43215"
James Whitfield,417-62-8830,1979-11-02,jwhitfield@mail.example,(804) 555-0177,"42 Harbor Road, Richmond, VA 23219"
Ngozi Okafor,289-51-6642,1990-07-29,ngozi.okafor@mail.example,(512) 555-0119,"900 Station Road, Austin, TX 78701"
"""

STAFF_HTML = """\
<html><head><title>Badges</title></head><body><p>Badge requests of this week:</p>
<table>
<tr><th>Name</th><th>Social Security</th><th>Badge</th></tr>
<tr><td>John Smith</td><td>604-37-2291</td><td>B-1</td></tr>
<tr><td>Ruth Ellison</td><td>361-84-5570</td><td>B-2</td></tr>
</table></body></html>
"""

SECOND_SMITH = """\
Hello Bob,

the second badge request is for John Smith, SSN 233-70-9914. He is the
nephew of the other one; they must not be mixed up.
"""

LOPEZ_AGAIN = """\
Bob,

Lopez, Maria (SSN: 532-48-1907) moved: 77 Chestnut Lane, Boston, MA 02108
is her new address from June on.
"""

WHITFIELD_AGAIN = """\
Hi,

Jim Whitfield, date of birth 11/02/1979, phone (804) 555-0177, asks
for a parking permit.
"""

MUELLER = """\
Dear Carol,

please refund Karl M\u00fcller, IBAN DE64 7002 1284 0038 2917 54, for the
travel to Washington. His address: Hauptstra\u00dfe 5, 80331 M\u00fcnchen, Germany.
"""

KHAN = """\
Bob,

Aisha Khan paid by card 4716 0391 8842 7160, exp 09/25, CVV 871. She
lives at 315 Maple Avenue, Sacramento, CA 95814.
"""

BANK = """\
Carol,

Omar Haddad's salary goes to a new account: routing number 071204932,
account number 4481920376. Born: 04/12/1971.
"""

CREDENTIALS = """\
Bob,

the test system is up: https://hr.example.gov
username: svc-hr-test
password: Copper-Lantern-88

and for the bucket: AKIAQ3EGTZ7KXW5N2RUV / use the secret from the vault.
"""

KEY = """\
Here is the key of the old gateway, please rotate it.

-----BEGIN RSA PRIVATE KEY-----
MIIBOgIBAAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf9Cnzj4p4WGeKLs1Pt8Qu
KUpRKfFLfRYC9AIKjbJTWit+CqvjWYzvQwECAwEAAQJAIJLixBy2qpFoS4DSmoEm
o3qGy0t6z09AIJtH+5OeRV1be+N4cDYJKffGzDa88vQENZiRm0GRq6a+HPGQMd2k
TQIhAKMSvzIBnni7ot/OSie2TmJLY4SwTQAevXysE2RbFDYdAiEBCUEaRQnMnbp7
-----END RSA PRIVATE KEY-----
"""

JWT = """\
The token of the test client, valid until Friday:

eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJoci5leGFtcGxlLmdvdiIsInN1YiI6InN2Yy1oci10ZXN0IiwiZXhwIjoxNjg3NTYwMDAwfQ.4pcPyMD09olPSyXnrXCjTwXyr4BsezdI1AVTmud2fU4
"""

UNEXPOSED_SSN = """\
Alice,

new hire: Peter Novak, SSN 448-19-7703, starts on July 3.
"""

UNEXPOSED_PASSWORD = """\
Bob,

the guest network changed. user: guest-west password: Maple.Harbor.2023
"""

INNER = """\
The list for the transport.

Linda Baker, SSN 157-66-3028, 12 Second Street, Albany, NY 12207
"""

PLAIN = """\
Hello,

the committee would like to see the revised schedule before the end of the
month. Nothing else is new here.
"""

FARROW_ONE = """\
Carol,

Daniel Farrow, phone (303) 555-0188, daniel.farrow@mail.example, SSN
512-40-7716, would like a receipt.
"""

FARROW_TWO = """\
From here on the hall is ours. Daniel Farrow, phone (303) 555-0188,
daniel.farrow@mail.example, SSN 512-40-7761, has the keys.
"""

HOLLOWAY_CARD = """\
Carol,

Grace Holloway, phone (720) 555-0121, grace.holloway@mail.example,
wants her money back on card 4556 7309 2154 8014.
"""

HOLLOWAY_BORN = """\
Carol,

Grace Holloway, phone (720) 555-0121, grace.holloway@mail.example,
date of birth 05/09/1988, is coming on Monday.
"""

VARGAS_ONE = """\
Bob,

Nadia Vargas, born: 06/30/1982, phone (505) 555-0133, asks for leave.
"""

VARGAS_TWO = """\
Bob,

Nadia Vargas, date of birth 06/30/1982, phone (505) 555-0133, is back.
"""

GRANT = """\
Bob,

Oscar Grant, SSN 318-55-9042, has no account yet.
"""

KELLER = """\
Paul Keller, SSN 318-55-9042, starts the project.
"""
