#!/bin/bash
# The manifest signed, and asked to be time-stamped; OpenSSL's own program
# agrees.
set -u
cd "$(dirname "$0")/../.." || exit 1
pm=$PWD/${BUILD:-build/release}/postmortem
. tests/cli/evidence.sh
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/ev"
printf 'Subject: x\n\ny\n' > "$dir/ev/1.eml"
for name in a b; do
	openssl genpkey -algorithm ed25519 -out "$dir/$name.pem" 2>/dev/null
	openssl pkey -in "$dir/$name.pem" -pubout -out "$dir/$name.pub"
done
openssl genpkey -algorithm x25519 -out "$dir/x.pem" 2>/dev/null
case=$dir/case

"$pm" analyze -q -o "$case" "$dir/ev" --sign "$dir/a.pem" 2> "$dir/log"
check "analyze --sign" [ $? = 0 ]
check "sha256sum agrees with the manifest" \
    sh -c "cd '$case' && sha256sum -c --quiet manifest.sha256"
check "verify with its key" "$pm" verify -q --key "$dir/a.pub" "$case"
check "verify without a key" "$pm" verify -q "$case"
check "openssl agrees with the signature" \
    sh -c "openssl pkeyutl -verify -pubin -inkey '$dir/a.pub' -rawin \
    -in '$case/manifest.sha256' -sigfile '$case/manifest.sha256.sig' >/dev/null"
openssl ts -query -in "$case/manifest.sha256.tsq" -text > "$dir/ts" 2>> "$dir/log"
check "openssl reads the time-stamp request" grep -q 'Hash Algorithm: sha256' "$dir/ts"
openssl ts -query -data "$case/manifest.sha256" -sha256 -cert -no_nonce \
    -out "$dir/want.tsq" 2>> "$dir/log"
check "which is the one openssl makes" cmp -s "$dir/want.tsq" "$case/manifest.sha256.tsq"
"$pm" verify -q --key "$dir/b.pub" "$case" > "$dir/out"
check "another key: exit 6" [ $? = 6 ]
check "and says so" grep -q '^manifest.sha256.sig: not a signature' "$dir/out"
check "the custody log has the key's print" grep -q \
    "\"public_key_sha256\":\"$(openssl pkey -pubin -in "$dir/a.pub" \
    -outform DER | sha256sum | cut -d' ' -f1)\"" "$case/custody.jsonl"
sed -i 's/$/ /' "$case/manifest.sha256"
"$pm" verify -q --key "$dir/a.pub" "$case" > "$dir/out"
check "a manifest that was changed: exit 6" [ $? = 6 ]
check "its signature does not fit" grep -q '^manifest.sha256.sig: not' "$dir/out"
"$pm" report -q -o "$case" 2>> "$dir/log"
check "a report without --sign takes the old signature away" \
    [ ! -e "$case/manifest.sha256.sig" ]
"$pm" verify -q --key "$dir/a.pub" "$case" > "$dir/out"
check "unsigned, with a key: exit 6" [ $? = 6 ]
check "and says so, too" grep -q 'the manifest is not signed' "$dir/out"
for key in x.pem a.pub none.pem; do
	"$pm" report -q -o "$case" --sign "$dir/$key" 2> "$dir/out"
	check "no private key to sign with: $key" [ $? = 2 ]
done
check "nothing was written for it" "$pm" verify -q "$case"
"$pm" report -q -o "$case" --sign "$dir/a.pem" 2>> "$dir/log"
cp "$case/manifest.sha256.sig" "$dir/first.sig"
"$pm" report -q -o "$case" --sign "$dir/a.pem" 2>> "$dir/log"
check "same case, same signature" cmp -s "$dir/first.sig" "$case/manifest.sha256.sig"
[ "$failures" = 0 ] || { sed 's/^/# /' "$dir/log"; exit 1; }
