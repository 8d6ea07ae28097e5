#!/bin/bash
# export-messages: original bytes, renderings, the list, moved and changed
# evidence.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=$PWD/${BUILD:-build/release}
pm=$build/postmortem
. tests/cli/evidence.sh
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

mail=$dir/ev/mail
mkdir -p "$mail/alice"
python3 - "$mail" <<'END'
import sys, zipfile
root = sys.argv[1]
def eml(n, extra=""):
    return ("From: a@example.com\r\nTo: alice@example.gov\r\nSubject: m%d\r\n"
            "Message-ID: <m%d@example.com>\r\nDate: Mon, 05 Jun 2023 10:00:0%d"
            " +0000\r\n%s\r\nbody %d\r\n" % (n, n, n % 10, extra, n))
open(root + "/alice/1.eml", "w", newline="").write(eml(1))
inner = ("MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=B\r\n"
         "\r\n--B\r\n\r\nsee\r\n--B\r\nContent-Type: message/rfc822\r\n\r\n"
         + eml(9) + "--B--\r\n")
open(root + "/alice/2.eml", "w", newline="").write(eml(2, inner))
box = "".join("From a@example.com Mon Jun  5 10:00:00 2023\n" +
              eml(n).replace("\r\n", "\n") + ">From here\n\n"
              for n in (3, 4, 5))
open(root + "/alice/box.mbox", "w", newline="").write(box)
with zipfile.ZipFile(root + "/alice/z.zip", "w") as z:
    z.writestr("in/6.eml", eml(6))
    z.writestr("in/7.mbox", box.replace("m3", "m7").replace("m4", "m8"))
END
"$build/pstgen" --bytes 700K --seed 3 "$mail/alice/p.pst" || exit 1
cp testdata/seeds/msg/* "$mail/alice/" 2>/dev/null
cat > "$dir/incident.yaml" <<'END'
discovered: 2023-06-16T00:00:00Z
mailboxes:
  - {address: alice@example.gov, evidence: ["alice/**"]}
assume:
  - {mailbox: "*", from: 1990-01-01, to: 2040-01-01, reason: "no log"}
END
"$pm" analyze -q -i "$dir/incident.yaml" -o "$dir/case" "$mail" 2> "$dir/log"

export_to() { # DIR OPTIONS...: exit status
	local to=$1
	shift
	"$pm" export-messages -q -o "$dir/case" "$@" "$to" 2>> "$dir/log"
}
listed() { grep -c ",$1," "$dir/$2/export.csv"; }
same() { # the exported file of that Message-ID is FILE
	local row file
	row=$(grep -F "<$1@example.com>" "$dir/out/export.csv" |
	    grep ',original,' | head -n 1)
	file=$dir/out/${row#$'\xef\xbb\xbf'}
	cmp -s "${file%%,*}" "$2"
}

export_to "$dir/out"
check "all of it: exit 0" [ $? = 0 ]
check "hashes hold" sh -c "cd '$dir/out' && sha256sum -c --quiet export.sha256"
check "an EML's own bytes" same m1 "$mail/alice/1.eml"
unzip -qo "$mail/alice/z.zip" -d "$dir/zip" 2>/dev/null ||
    python3 -m zipfile -e "$mail/alice/z.zip" "$dir/zip"
check "a member's own bytes" same m6 "$dir/zip/in/6.eml"
sed -n '2,/^>From/p' "$mail/alice/box.mbox" > "$dir/m3.eml"
check "an mbox message's own bytes" same m3 "$dir/m3.eml"
check "a message in a message is in its file" [ "$(listed inside out)" -ge 1 ]
check "renderings say what they are" \
    sh -c "[ \$(grep -l '^X-Postmortem-Rendered' '$dir'/out/eml/* | wc -l) = \
    $(cut -d, -f2 "$dir/out/export.csv" | grep -cx rendered) ]"
python3 tests/reports/check_export.py "$dir/case" "$dir/out" ||
    failures=$((failures + 1))
export_to "$dir/one" -j 1
check "the same with one worker" diff -r "$dir/out" "$dir/one"
export_to "$dir/out"
check "a folder with something in it is refused" [ $? = 2 ]
export_to "$dir/x" --exposure accessed,read
check "an exposure that is none is refused" [ $? = 2 ]
check "and nothing is made" [ ! -e "$dir/x" ]
mkdir "$dir/mine.new" && : > "$dir/mine.new/file"
export_to "$dir/mine"
check "a folder of somebody else in the way is refused" [ $? = 2 ]
check "and kept" [ -f "$dir/mine.new/file" ]
export_to "$dir/none" --exposure accessed
check "no message of that exposure: an empty list" [ $? = 0 ]
check "the custody log says so" \
    grep -q '"what":"messages exported"' "$dir/case/custody.jsonl"
check "verify still holds" "$pm" verify -q "$dir/case"

cp "$mail/alice/1.eml" "$dir/1.eml"
echo more >> "$mail/alice/1.eml"
export_to "$dir/changed"
check "changed evidence: exit 3" [ $? = 3 ]
check "and a row that says so" \
    grep -q ',none,.*<m1@example.com>.*SHA-256 differs' "$dir/changed/export.csv"
cp "$dir/1.eml" "$mail/alice/1.eml"
mv "$dir/ev" "$dir/moved"
export_to "$dir/gone"
check "evidence that is gone: exit 4" [ $? = 4 ]
check "rows say where to tell it" \
    grep -q 'not where it was read from; --evidence DIR' "$dir/gone/export.csv"
export_to "$dir/again" --evidence "$dir/moved"
check "--evidence finds it" [ $? = 0 ]
check "with the same result" diff -r "$dir/out" "$dir/again"
export_to "$dir/deeper" --evidence "$dir/moved/mail"
check "--evidence is the EVIDENCE argument as well" [ $? = 0 ]
[ "$failures" = 0 ] || { sed 's/^/# /' "$dir/log"; exit 1; }
