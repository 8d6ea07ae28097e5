#!/usr/bin/env python3
"""make_labelled.py SEED FOLDER: mail whose every value is known.

Writes FOLDER/labelled.mbox and FOLDER/truth.csv (message id, detector, value
as letters and digits, must: yes when high or medium is due, no when a finding
of that level would be false).  Check digits are computed here, by formulas of
their own, so that the two programs do not share a mistake.  Everything is
invented."""
import csv
import os
import random
import re
import sys

R = random.Random()


def digits(n, first="0123456789"):
    return R.choice(first) + "".join(R.choice("0123456789") for _ in range(n - 1))


def letters(n, among="ABCDEFGHJKLMNPRSTUVWXYZ"):
    return "".join(R.choice(among) for _ in range(n))


# ---- check digits

def luhn_digit(body):
    total = 0
    for i, c in enumerate(reversed(body)):
        d = int(c) * (2 if i % 2 == 0 else 1)
        total += d - 9 if d > 9 else d
    return str(-total % 10)


def weighted(body, weights):
    return sum(int(c) * w for c, w in zip(body, weights))


def until(make):
    while True:
        value = make()
        if value:
            return value


def ssn():
    def make():
        area = R.randint(1, 899)
        if area == 666:
            return None
        return "%03d-%02d-%04d" % (area, R.randint(1, 99), R.randint(1, 9999))
    return until(lambda: (lambda v: v if v and len(set(v) - {"-"}) > 3 else None)
                 (make()))


def itin():
    return "9%02d-%02d-%04d" % (R.randint(0, 99), R.choice(
        list(range(50, 66)) + list(range(70, 89)) + [90, 91, 92, 94, 95]),
        R.randint(1, 9999))


def card_digits():
    def make():
        kind = R.choice(["visa", "mc", "mc2", "amex", "discover"])
        head, n = {"visa": ("4", 16), "mc": (str(R.randint(51, 55)), 16),
                   "mc2": (str(R.randint(222100, 272099)), 16),
                   "amex": (R.choice(["34", "37"]), 15),
                   "discover": ("6011", 16)}[kind]
        body = head + digits(n - 1 - len(head))
        value = body + luhn_digit(body)
        counts = sorted((value.count(d) for d in "0123456789"), reverse=True)
        return value if counts[0] <= 4 else None
    return until(make)


def card():
    v = card_digits()
    sep = R.choice(["", " ", "-"])
    if len(v) == 15:
        return sep.join([v[:4], v[4:10], v[10:]])
    return sep.join(v[i:i + 4] for i in range(0, 16, 4))


def aba():
    def make():
        body = "%02d" % R.choice(list(range(1, 13)) + list(range(21, 33))) + digits(6)
        check = -weighted(body, [3, 7, 1, 3, 7, 1, 3, 7]) % 10
        return body + str(check)
    return until(make)


def mod97(text):
    return int("".join(str(int(c, 36)) for c in text)) % 97


def iban():
    country, shape = R.choice([("DE", "9" * 18), ("GB", "AAAA" + "9" * 14),
                               ("FR", "9" * 23), ("NL", "AAAA" + "9" * 10),
                               ("ES", "9" * 20), ("IT", "A" + "9" * 22),
                               ("BE", "9" * 12), ("CH", "9" * 17),
                               ("AT", "9" * 16), ("PL", "9" * 24)])
    body = "".join(digits(1) if c == "9" else letters(1) for c in shape)
    value = country + "%02d" % (98 - mod97(body + country + "00")) + body
    if R.random() < 0.6:
        return " ".join(value[i:i + 4] for i in range(0, len(value), 4))
    return value


def npi():
    body = R.choice("12") + digits(8)
    return body + luhn_digit("80840" + body)


def dea():
    d = digits(6)
    check = (int(d[0]) + int(d[2]) + int(d[4]) +
             2 * (int(d[1]) + int(d[3]) + int(d[5]))) % 10
    return R.choice("ABFM") + letters(1) + d + str(check)


def nhs():
    def make():
        body = digits(9, "4567")
        check = 11 - weighted(body, range(10, 1, -1)) % 11
        return None if check == 10 else body + str(check % 11)
    v = until(make)
    return R.choice([v, v[:3] + " " + v[3:6] + " " + v[6:],
                     v[:3] + "-" + v[3:6] + "-" + v[6:]])


def nino():
    v = R.choice("ABCEGHJKLMNPRSTWXYZ") + R.choice("ABCEGHJKLMNPRSTWXYZ")
    if v in ("BG", "GB", "NK", "KN", "TN", "NT", "ZZ"):
        v = "AB"
    v += digits(6) + R.choice("ABCD")
    return R.choice([v, " ".join([v[:2], v[2:4], v[4:6], v[6:8], v[8]])])


def uk_dl():
    name = letters(5)
    month = R.randint(1, 12) + R.choice([0, 50])
    return "%s%s%02d%02d%s%s%s%s%s" % (
        name, digits(1), month, R.randint(1, 28), digits(1), letters(2),
        digits(1, "9"), letters(1), letters(1))


def sin():
    body = digits(8, "12345679")
    v = body + luhn_digit(body)
    return R.choice([v, v[:3] + " " + v[3:6] + " " + v[6:],
                     v[:3] + "-" + v[3:6] + "-" + v[6:]])


def tfn():
    def make():
        v = digits(9, "12345678")
        return v if weighted(v, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 == 0 else None
    v = until(make)
    return R.choice([v, v[:3] + " " + v[3:6] + " " + v[6:]])


def au_medicare():
    body = digits(8, "23456")
    v = body + str(weighted(body, [1, 3, 7, 9, 1, 3, 7, 9]) % 10) + digits(1, "123")
    return R.choice([v, v[:4] + " " + v[4:9] + " " + v[9]])


def abn():
    def make():
        v = digits(11, "123456789")
        w = [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]
        total = weighted(v, w) - w[0]
        return v if total % 89 == 0 else None
    v = until(make)
    return R.choice([v, "%s %s %s %s" % (v[:2], v[2:5], v[5:8], v[8:])])


def acn():
    body = digits(8)
    v = body + str(-weighted(body, range(8, 0, -1)) % 10)
    return "%s %s %s" % (v[:3], v[3:6], v[6:])


def iso7064(body):
    p = 10
    for c in body:
        s = (int(c) + p) % 10 or 10
        p = s * 2 % 11
    return str((11 - p) % 10)


def de_tax():
    def make():
        body = digits(10, "123456789")
        counts = [body.count(d) for d in "0123456789"]
        if sorted(counts, reverse=True)[0] not in (2, 3) or \
                sum(c > 1 for c in counts) != 1:
            return None
        return body + iso7064(body)
    v = until(make)
    return R.choice([v, "%s %s %s %s" % (v[:2], v[2:5], v[5:8], v[8:])])


def rvnr():
    body = digits(2, "12345") + "%02d%02d%02d" % (
        R.randint(1, 28), R.randint(1, 12), R.randint(30, 99)) + letters(1) + digits(2)
    plain = body[:8] + "%02d" % (ord(body[8]) - 64) + body[9:]
    total = 0
    for c, w in zip(plain, [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1]):
        product = int(c) * w
        total += product // 10 + product % 10
    v = body + str(total % 10)
    return R.choice([v, "%s %s %s %s" % (v[:2], v[2:8], v[8], v[9:])])


def icao(text):
    total = 0
    for i, c in enumerate(text):
        total += (0 if c == "<" else int(c, 36)) * (7, 3, 1)[i % 3]
    return str(total % 10)


def de_id():
    among = "CFGHJKLMNPRTVWXYZ0123456789"
    v = R.choice("LMNPRTVWXY") + "".join(R.choice(among) for _ in range(8))
    return v + icao(v)


def kvnr():
    body = letters(1) + digits(8)
    plain = "%02d" % (ord(body[0]) - 64) + body[1:]
    total = 0
    for i, c in enumerate(plain):
        product = int(c) * (1 if i % 2 == 0 else 2)
        total += product // 10 + product % 10
    return body + str(total % 10)


def nir():
    body = "%s%02d%02d%02d%s%s" % (R.choice("12"), R.randint(30, 99),
                                  R.randint(1, 12), R.randint(1, 95),
                                  digits(3), digits(3))
    v = body + "%02d" % (97 - int(body) % 97)
    return R.choice([v, " ".join([v[0], v[1:3], v[3:5], v[5:7], v[7:10],
                                  v[10:13], v[13:]])])


LETTERS_ES = "TRWAGMYFPDXBNJZSQVHLCKE"


def dni():
    n = R.randint(10000000, 99999999)
    v = "%08d" % n
    return v + R.choice(["", "-"]) + LETTERS_ES[n % 23]


def nie():
    k = R.randint(0, 2)
    n = R.randint(1000000, 9999999)
    return "XYZ"[k] + str(n) + LETTERS_ES[(k * 10000000 + n) % 23]


def cf():
    odd = dict(zip("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
                   [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15,
                    17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22,
                    25, 24, 23]))
    body = letters(6, "BCDFGLMNPRSTVZ") + "%02d%s%02d%s%s" % (
        R.randint(30, 99), R.choice("ABCDEHLMPRST"), R.randint(1, 28),
        R.choice("ABCDEFGHIL"), digits(3))
    total = 0
    for i, c in enumerate(body):
        total += odd[c] if i % 2 == 0 else (int(c) if c.isdigit()
                                            else ord(c) - 65)
    return body + chr(65 + total % 26)


def bsn():
    def make():
        v = digits(9, "123")
        total = weighted(v[:8], range(9, 1, -1)) - int(v[8])
        return v if total % 11 == 0 else None
    return until(make)


def be():
    body = "%02d%02d%02d%s" % (R.randint(30, 99), R.randint(1, 12),
                               R.randint(1, 28), digits(3))
    v = body + "%02d" % (97 - int(body) % 97)
    return R.choice([v, "%s.%s.%s-%s.%s" % (v[:2], v[2:4], v[4:6], v[6:9], v[9:])])


def pesel():
    body = "%02d%02d%02d%s" % (R.randint(30, 99), R.randint(1, 12),
                               R.randint(1, 28), digits(4))
    return body + str(-weighted(body, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)


def personnummer():
    body = "%02d%02d%02d%s" % (R.randint(30, 99), R.randint(1, 12),
                               R.randint(1, 28), digits(3))
    return body[:6] + "-" + body[6:] + luhn_digit(body)


def hetu():
    day = "%02d%02d%02d" % (R.randint(1, 28), R.randint(1, 12), R.randint(30, 99))
    n = "%03d" % R.randint(2, 899)
    return day + "-" + n + "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(day + n) % 31]


D5 = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
      [2, 3, 4, 0, 1, 7, 8, 9, 5, 6], [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
      [4, 0, 1, 2, 3, 9, 5, 6, 7, 8], [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
      [6, 5, 9, 8, 7, 1, 0, 4, 3, 2], [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
      [8, 7, 6, 5, 9, 3, 2, 1, 0, 4], [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]]


def verhoeff(value):
    perm = [list(range(10)), [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]]
    while len(perm) < 8:
        perm.append([perm[-1][perm[1][i]] for i in range(10)])
    c = 0
    for i, d in enumerate(reversed(value)):
        c = D5[c][perm[i % 8][int(d)]]
    return c == 0


def aadhaar():
    def make():
        v = digits(12, "23456789")
        return v if verhoeff(v) and v != v[::-1] else None
    v = until(make)
    return R.choice([v, " ".join([v[:4], v[4:8], v[8:]])])


def pan():
    return letters(3) + "P" + letters(1) + digits(4) + letters(1)


def mod11(body, weights):
    r = weighted(body, weights) % 11
    return "0" if r < 2 else str(11 - r)


def cpf():
    body = digits(9)
    body += mod11(body, range(10, 1, -1))
    body += mod11(body, range(11, 1, -1))
    return R.choice([body, "%s.%s.%s-%s" % (body[:3], body[3:6], body[6:9], body[9:])])


def cnpj():
    body = digits(8, "3456789") + "0001"
    body += mod11(body, [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])
    body += mod11(body, [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])
    return "%s.%s.%s/%s-%s" % (body[:2], body[2:5], body[5:8], body[8:12], body[12:])


def rrn():
    body = "%02d%02d%02d%s%s" % (R.randint(40, 99), R.randint(1, 12),
                                R.randint(1, 28), R.choice("12"), digits(5))
    check = (11 - weighted(body, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11) % 10
    return body[:6] + "-" + body[6:] + str(check)


def tckn():
    body = digits(9, "123456789")
    odd, even = sum(map(int, body[0::2])), sum(map(int, body[1::2]))
    body += str((7 * odd - even) % 10)
    return body + str(sum(map(int, body)) % 10)


def za():
    body = "%02d%02d%02d%s%s8" % (R.randint(30, 99), R.randint(1, 12),
                                 R.randint(1, 28), digits(4), R.choice("01"))
    return body + luhn_digit(body)


def nric():
    k = R.choice("STFG")
    body = digits(7)
    r = (weighted(body, [2, 7, 6, 5, 4, 3, 2]) + (4 if k in "TG" else 0)) % 11
    return k + body + ("JZIHGFEDCBA" if k in "ST" else "XWUTRQPNMLK")[r]


def mbi():
    L = "ACDEFGHJKMNPQRTUVWXY"
    n = "0123456789"
    v = "".join(R.choice(s) for s in ["123456789", L, L + n, n, L, L + n, n, L,
                                      L, n, n])
    return R.choice([v, "%s-%s-%s" % (v[:4], v[4:7], v[7:])])


MONTHS = ["January", "February", "March", "April", "May", "June", "July",
          "August", "September", "October", "November", "December"]


def dob():
    y, m, d = R.randint(1930, 2009), R.randint(1, 12), R.randint(1, 28)
    return R.choice(["%02d/%02d/%04d" % (m, d, y), "%04d-%02d-%02d" % (y, m, d),
                     "%s %d, %d" % (MONTHS[m - 1], d, y),
                     "%d %s %d" % (d, MONTHS[m - 1], y)])


def dob_german():
    return "%02d.%02d.%04d" % (R.randint(1, 28), R.randint(1, 12),
                               R.randint(1930, 2009))


def phone():
    area, mid = R.randint(201, 989), R.randint(200, 999)
    if area % 100 == 11 or area // 10 % 10 == 9:
        area = 614
    if mid % 100 == 11:
        mid = 555
    return R.choice(["(%d) %d-%s", "%d-%d-%s", "%d.%d.%s", "+1 %d %d %s"]) % (
        area, mid, digits(4))


def account():
    return until(lambda: (lambda v: v if len(set(v)) > 4 and
                          not v.startswith(("19", "20")) else None)
                 (digits(R.randint(8, 12), "123456789")))


def passport():
    return until(lambda: (lambda v: v if len(set(v)) > 4 else None)
                 (digits(9, "123456789")))


def us_dl():
    return letters(1) + digits(R.choice([7, 8, 12]), "123456789")


def mrn():
    return R.choice(["", "A", "H"]) + digits(7, "123456789")


def member():
    return letters(3) + digits(9, "123456789")


def icd10():
    return R.choice(["E11.9", "I10.0", "F32.1", "J45.20", "C50.911", "M54.50",
                     "K21.9", "N18.3"])


def swift():
    return letters(4) + R.choice(["DE", "US", "GB", "FR", "NL"]) + letters(2) + \
        R.choice(["", "XXX"])


def base58():
    import hashlib
    payload = bytes([0]) + bytes(R.randrange(256) for _ in range(20))
    check = hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
    n = int.from_bytes(payload + check, "big")
    alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    out = ""
    while n:
        n, r = divmod(n, 58)
        out = alphabet[r] + out
    return "1" + out


def b62(n, extra=""):
    among = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + extra
    return "".join(R.choice(among) for _ in range(n))


def password():
    return R.choice(["Hunter", "Summer", "Winter", "Falcon", "Blue", "Rain"]) + \
        digits(R.randint(2, 4)) + R.choice("!#%&?") + R.choice(["", "x", "Qz"])


# detector: (value, sentences with %s, column header, needs a keyword)
KINDS = {
    "us_ssn": (ssn, ["SSN: %s", "her Social Security number is %s",
                     "Social security no. %s on file"], "SSN", True),
    "us_itin": (itin, ["ITIN %s", "taxpayer identification %s"], "ITIN", True),
    "card": (card, ["card number %s", "please charge my Visa card: %s", "%s"],
             "Credit card", False),
    "us_aba": (aba, ["routing number %s", "ABA: %s"], "Routing number", True),
    "us_bank_account": (account, ["checking account number %s at the bank",
                                  "Bank account number: %s, checking"], None, True),
    "iban": (iban, ["IBAN %s", "IBAN: %s", "%s"], "IBAN", False),
    "swift": (swift, ["SWIFT code %s", "BIC: %s"], None, True),
    "us_dl": (us_dl, ["driver's license number %s", "DL# %s"],
              "Driver's license", True),
    "us_passport": (passport, ["passport number %s", "Passport no. %s"],
                    "Passport", True),
    "us_mbi": (mbi, ["Medicare number %s", "MBI: %s"], "MBI", True),
    "us_npi": (npi, ["NPI %s", "provider NPI: %s"], None, True),
    "us_dea": (dea, ["DEA number %s", "DEA: %s"], "DEA number", True),
    "uk_nhs": (nhs, ["NHS number %s", "NHS: %s"], "NHS number", True),
    "uk_nino": (nino, ["National Insurance number %s", "NI number: %s"],
                "National Insurance", True),
    "uk_dl": (uk_dl, ["driving licence %s", "DVLA driver number %s"],
              "Driving licence", True),
    "ca_sin": (sin, ["SIN: %s", "social insurance number %s"], "SIN", True),
    "au_tfn": (tfn, ["TFN: %s", "tax file number %s"], "TFN", True),
    "au_medicare": (au_medicare, ["Medicare card %s"], "Medicare card", True),
    "au_abn": (abn, ["ABN %s", "%s"], None, False),
    "au_acn": (acn, ["ACN %s"], None, True),
    "de_steuerid": (de_tax, ["Steuer-ID: %s", "IDNR %s",
                             "Ihre Steueridentifikationsnummer %s"],
                    "Steuer-ID", True),
    "de_rvnr": (rvnr, ["Rentenversicherungsnummer %s", "%s"],
                "Rentenversicherung", False),
    "de_ausweis": (de_id, ["Personalausweis %s", "Ausweisnummer: %s"],
                   "Personalausweis", True),
    "de_kvnr": (kvnr, ["Krankenversicherung %s", "KVNR: %s"],
                "Krankenversicherung", True),
    "fr_nir": (nir, ["num\u00e9ro de s\u00e9curit\u00e9 sociale %s",
                     "NIR : %s", "%s"], "NIR", False),
    "es_dni": (dni, ["DNI: %s", "con DNI %s"], "DNI", True),
    "es_nie": (nie, ["NIE: %s", "su NIE %s"], "NIE", True),
    "it_cf": (cf, ["codice fiscale %s", "%s"], "Codice fiscale", False),
    "nl_bsn": (bsn, ["BSN: %s", "burgerservicenummer %s"], "BSN", True),
    "be_nn": (be, ["rijksregisternummer %s", "registre national %s", "%s"],
              "Rijksregisternummer", False),
    "pl_pesel": (pesel, ["PESEL: %s", "numer PESEL %s"], "PESEL", True),
    "se_pnr": (personnummer, ["personnummer %s"], "Personnummer", True),
    "fi_hetu": (hetu, ["henkil\u00f6tunnus %s", "HETU: %s"],
                "Henkil\u00f6tunnus", True),
    "in_aadhaar": (aadhaar, ["Aadhaar number %s", "UIDAI %s"], "Aadhaar", True),
    "in_pan": (pan, ["PAN: %s", "income tax PAN %s"], "PAN", True),
    "br_cpf": (cpf, ["CPF: %s", "%s"], "CPF", False),
    "br_cnpj": (cnpj, ["CNPJ %s", "%s"], None, False),
    "kr_rrn": (rrn, ["\uc8fc\ubbfc\ub4f1\ub85d\ubc88\ud638 %s"],
               "\uc8fc\ubbfc\ub4f1\ub85d\ubc88\ud638", True),
    "tr_tckn": (tckn, ["TC Kimlik No: %s", "%s"], "TC Kimlik", False),
    "za_id": (za, ["South African ID number %s", "ID number: %s"],
              "ID number", True),
    "sg_nric": (nric, ["NRIC: %s", "NRIC no. %s"], "NRIC", True),
    "dob": (dob, ["DOB: %s", "date of birth %s", "was born on %s"],
            "Date of birth", True),
    "medical_mrn": (mrn, ["MRN: %s", "medical record number %s"], "MRN", True),
    "medical_icd10": (icd10, ["diagnosis %s", "Diagnosis: %s, treatment begun"],
                      None, True),
    "health_insurance": (member, ["member ID %s", "Policy number: %s"],
                         "Member ID", True),
    "crypto": (base58, ["bitcoin address %s", "%s"], None, False),
    "phone": (phone, ["phone %s", "Tel: %s"], "Phone", True),
    # secrets
    "password": (password, ["the VPN password is %s", "Password: %s",
                            "das Kennwort lautet %s", "mot de passe : %s",
                            "la contrase\u00f1a es %s", "la password \u00e8 %s",
                            "a senha \u00e9 %s", "het wachtwoord is %s"],
                 None, True),
    "aws_access_key": (lambda: "AKIA" + "".join(
        R.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") for _ in range(16)),
        ["key %s", "%s"], None, False),
    "github_token": (lambda: "ghp_" + b62(36), ["token %s", "%s"], None, False),
    "gitlab_token": (lambda: "glpat-" + b62(20), ["%s"], None, False),
    "slack_token": (lambda: "xoxb-" + digits(12) + "-" + b62(24), ["%s"], None,
                    False),
    "google_api_key": (lambda: "AIza" + b62(35), ["%s"], None, False),
    "stripe_key": (lambda: "sk_live_" + b62(24), ["%s"], None, False),
    "sendgrid_key": (lambda: "SG." + b62(22) + "." + b62(43), ["%s"], None, False),
    "npm_token": (lambda: "npm_" + b62(36), ["%s"], None, False),
    "hf_token": (lambda: "hf_" + letters(34), ["%s"], None, False),
}

# What must not be found at high or medium.
NOISE = ["Order 4471-2290-118 shipped, tracking 1Z999AA10123456784.",
         "Ticket 20230517-00042 is closed; build 10.0.19045.2965 is out.",
         "The meeting on 05/17/2023 moves to 14:30, room 12-204.",
         "Invoice 2023-118834 of 17.05.2023 over EUR 1,284.50.",
         "See https://portal.example.com/item/88231907?id=550e8400-e29b-41d4-"
         "a716-446655440000&v=20230517123045",
         "Serial 8844-2211-9930-12, part no. 77-1029384-X, rev 3.",
         "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
         "Message-ID 20230517101500.12345678@mx.example.net was bounced.",
         "Build 1684312345678 finished in 00:12:44, 3141592653 rows.",
         "Coordinates 40.7127753, -74.0059728; altitude 10.",
         "ISBN 978-3-16-148410-0, pages 112-345.",
         "Flight LH 400, seat 23A, 2023-06-01 10:20.",
         "The privacy policy of 2018 was updated; see section 12.4.1.",
         "Please reset your password before Friday; the password is required.",
         "Our card terminal is broken again, and the account team is away.",
         "She passed her driving test and has a passport now.",
         "Conference id 884 2019 7731, passcode to follow.",
         "The patient portal is down for maintenance on 2023-05-18.",
         "Quarter results: 1,204,551 / 1,330,982 / 998,120."]

PROSE = ["The revised budget needs another look before the board meets.",
         "Could you send me the slides of last week's training?",
         "Facilities asks everybody to clear the third floor by Thursday.",
         "Das Protokoll der letzten Sitzung liegt im Ordner.",
         "Merci de me confirmer la date de la r\u00e9union.",
         "El informe final se enviar\u00e1 la pr\u00f3xima semana.",
         "La riunione \u00e8 confermata per gioved\u00ec.",
         "De notulen staan op de gedeelde schijf."]

NAMES = ["Jane Roe", "John Public", "Maria Lopez", "Karl Weber", "Aisha Khan",
         "Peter Jansen", "Laura Rossi", "Sofia Costa", "David Miller"]


def strong_kinds(value):
    """How many kinds with two check digits the value is one of."""
    v = compact(value)
    if re.fullmatch("[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", v):
        return int(mod97(v[4:] + v[:4]) == 1)
    if not v.isdigit():
        return 0
    if len(v) == 11:
        w = [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]
        body = v[:9]
        odd, even = sum(map(int, v[0:9:2])), sum(map(int, v[1:8:2]))
        brazil = body + mod11(body, range(10, 1, -1))
        brazil += mod11(brazil, range(11, 1, -1))
        return sum([(weighted(v, w) - w[0]) % 89 == 0, brazil == v,
                    v[9] == str((7 * odd - even) % 10) and
                    v[10] == str(sum(map(int, v[:10])) % 10),
                    int(v[9:]) in (97 - int(body) % 97,
                                   97 - (2000000000 + int(body)) % 97)])
    found = 13 <= len(v) <= 19 and luhn_digit(v[:-1]) == v[-1]
    return found + (len(v) == 15 and 97 - int(v[:13]) % 97 == int(v[13:]))


def bent(kind, value):
    """The value with one digit wrong, for kinds with check digits."""
    places = [i for i, c in enumerate(value) if c.isdigit()]

    def make():
        # The check digit itself: others may weigh nothing modulo ten.
        i = R.choice(places[-5:]) if not value[-1].isdigit() else \
            places[-2 if kind == "au_medicare" else -1]
        v = value[:i] + str((int(value[i]) + R.randint(1, 8)) % 10) + value[i + 1:]
        return None if strong_kinds(v) else v
    return until(make)


CHECKED = {"card": True, "iban": True, "us_aba": True, "us_npi": True,
           "us_dea": True, "uk_nhs": True, "ca_sin": True, "au_tfn": True,
           "au_abn": True, "au_acn": True, "de_steuerid": True, "de_rvnr": True,
           "de_ausweis": True, "de_kvnr": True, "fr_nir": True, "es_dni": True,
           "es_nie": True, "it_cf": True, "nl_bsn": True, "be_nn": True,
           "pl_pesel": True, "se_pnr": True, "fi_hetu": True,
           "in_aadhaar": True, "br_cpf": True, "br_cnpj": True, "kr_rrn": True,
           "tr_tckn": True, "za_id": True, "sg_nric": True}


# A letter before it is one of its own.
FREE = {"medical_mrn", "us_dl", "us_passport", "health_insurance"}
# A letter more is still one of these.
OPEN_ENDED = {"password", "phone", "dob", "slack_token", "stripe_key"}


class Set:
    def __init__(self, folder):
        self.mbox = open(os.path.join(folder, "labelled.mbox"), "wb")
        self.truth = []
        self.count = 0

    def add(self, body, values, content_type="text/plain"):
        self.count += 1
        ident = "%d@labelled.example" % self.count
        text = "From a@b.example Mon May 15 10:00:00 2023\n" \
            "From: Sender <sender@labelled.example>\nTo: Reader <reader@labelled.example>\n" \
            "Subject: note\nMessage-ID: <%s>\nDate: Mon, 15 May 2023 10:00:00 +0000\n" \
            "MIME-Version: 1.0\nContent-Type: %s; charset=utf-8\n" \
            "Content-Transfer-Encoding: 8bit\n\n%s\n\n" % (ident, content_type, body)
        self.mbox.write(text.encode())
        for detector, value in values:
            self.truth.append((ident, detector, compact(value)))

    def close(self, folder):
        self.mbox.close()
        with open(os.path.join(folder, "truth.csv"), "w", newline="",
                  encoding="utf-8") as f:
            writer = csv.writer(f, lineterminator="\n")
            writer.writerow(["message", "detector", "value"])
            writer.writerows(self.truth)


def compact(value):
    return re.sub(r"[^0-9A-Za-z]", "", value).upper()


def noise(n):
    return [R.choice(NOISE) if R.random() < 0.5 else R.choice(PROSE)
            for _ in range(n)]


def prose(out, detector, make, sentences):
    sentence = R.choice(sentences)
    value = make()
    while sentence == "%s" and strong_kinds(value) > 1:
        value = make()
    line = "%s, " % R.choice(NAMES) if R.random() < 0.3 else ""
    line += sentence % value + R.choice([".", "", ", thanks"]) \
        if not sentence.endswith("%s") or detector != "password" \
        else sentence % value
    parts = [R.choice(PROSE), line, R.choice(PROSE)]
    if R.random() < 0.5:
        parts.insert(R.choice([0, len(parts)]), R.choice(NOISE))
    out.add("\n\n".join(parts), [(detector, value)])


def wrapped(out, detector, make, sentences):
    """In HTML, split by tags, entities and soft hyphens."""
    value = until(lambda: (lambda v: v if strong_kinds(v) < 2 else None)(make()))
    shown = value
    if len(value) > 6:
        i = R.randint(2, len(value) - 2)
        shown = value[:i] + R.choice(["<b>", "&shy;", "&#8203;"]) + value[i:]
        shown += "</b>" if "<b>" in shown else ""
    body = "<html><body><p>%s</p><p>%s</p><p>%s</p></body></html>" % (
        R.choice(PROSE), R.choice(sentences) % shown, R.choice(PROSE))
    out.add(body, [(detector, value)], "text/html")


def table(out, detector, make, header):
    rows = [(R.choice(NAMES), make()) for _ in range(4)]
    if R.random() < 0.5:
        body = "Name,%s,Remark\n" % header
        for name, value in rows:
            body += '%s,"%s",%s\n' % (name, value, R.choice(["ok", "new", ""]))
        out.add(body, [(detector, v) for _, v in rows], "text/csv")
        return
    body = "<table><tr><th>Name</th><th>%s</th></tr>" % header
    for name, value in rows:
        body += "<tr><td>%s</td><td>%s</td></tr>" % (name, value)
    out.add("<p>List:</p>" + body + "</table>", [(detector, v) for _, v in rows],
            "text/html")


def misses(out, detector, make, sentences):
    value = make()
    sentence = R.choice(sentences)
    if detector in CHECKED:
        wrong = bent(detector, value)
        out.add("%s\n\n%s.\n" % (R.choice(PROSE), sentence % wrong), [])
    glued = value + "x7" if detector in FREE else R.choice([value + "x7", "q" + value, digits(2) + "q" + value])
    if detector not in OPEN_ENDED:
        out.add("%s\n\n%s.\n" % (R.choice(PROSE), sentence % glued), [])


def main():
    R.seed(int(sys.argv[1]))
    folder = sys.argv[2]
    each = int(sys.argv[3]) if len(sys.argv) > 3 else 12
    os.makedirs(folder, exist_ok=True)
    out = Set(folder)
    for detector, (make, sentences, header, _) in KINDS.items():
        for _ in range(each):
            prose(out, detector, make, sentences)
            if detector != "password":
                wrapped(out, detector, make, sentences)
            misses(out, detector, make, sentences)
        if header:
            for _ in range(max(1, each // 4)):
                table(out, detector, make, header)
    for _ in range(each * 12):
        out.add("\n\n".join(noise(6)), [])
    out.close(folder)
    print("%d messages, %d values" % (out.count, len(out.truth)))


if __name__ == "__main__":
    main()
