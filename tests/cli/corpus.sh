#!/bin/bash
# Other people's test sets against their own expected results, where a copy of
# them lies at $CORPUS or beside the tree; each difference is named with its
# reason in tests/tools/known_differences.csv.
set -u
corpus=${CORPUS:-../shared/corpus}
tool=${BUILD:-build/release}/tests/tools/dump_mail
. tests/cli/evidence.sh

suite() { # NAME FOLDER
	[ -d "$corpus/mail/$2" ] || return 0
	out=$(python3 "tests/tools/compare_$1.py" "$tool" "$corpus/mail/$2" 2>&1)
	status=$?
	printf '%s\n' "$out" | sed 's/^/# /'
	check "corpus_$1" [ "$status" = 0 ]
}

if [ ! -d "$corpus/mail" ]; then
	echo "# no test sets at '$corpus': not compared"
	echo "ok corpus_absent"
	exit 0
fi
suite stalwart stalwartlabs+mail-parser
suite mime4j apache+james-mime4j
suite mimekit jstedfast+MimeKit
suite tnef jstedfast+MimeKit

[ "$failures" = 0 ]
