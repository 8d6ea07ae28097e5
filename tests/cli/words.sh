#!/bin/bash
# The report's words: all in the table of the language, and in no C file.
build=${BUILD:-build/release}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
postmortem=$(realpath "$build/postmortem")

python3 tests/reports/check_words.py keys

says() { # name status expected-on-stderr command...
	local name=$1 wanted=$2 text=$3
	shift 3
	"$@" >"$work/out" 2>"$work/err"
	local status=$?
	if [ "$status" = "$wanted" ] &&
		{ [ -z "$text" ] || grep -qF -- "$text" "$work/err"; }; then
		echo "ok words: $name"
	else
		echo "not ok words: $name: status $status"
		sed 's/^/# /' "$work/err"
	fi
}

# A language that is not compiled in is a file of --rules.
mkdir "$work/rules" "$work/ev"
printf 'From: a@x.example\nTo: b@y.example\nSubject: s\n\nSSN 219-09-9999\n' \
	>"$work/ev/1.eml"
echo 'report: {language: qq}' >"$work/qq.yaml"
says 'an unknown language is refused with its line' 2 'qq.yaml:1: ' \
	"$postmortem" analyze -q -i "$work/qq.yaml" -o "$work/c1" "$work/ev"
python3 tests/reports/check_words.py pseudo "$work/rules/qq.words"
says 'a language is added by a file' 0 '' \
	"$postmortem" analyze -q --rules "$work/rules" -i "$work/qq.yaml" \
	-o "$work/c1" "$work/ev"
sed -i '/^nav.index/d' "$work/rules/qq.words"
says 'a missing text is told by its key' 2 "'nav.index': is missing" \
	"$postmortem" report -q --rules "$work/rules" -o "$work/c1"
echo 'nav.index = x' >>"$work/rules/qq.words"
echo 'nav.extra = x' >>"$work/rules/qq.words"
says 'a text too many is told by file and line' 2 'qq.words:' \
	"$postmortem" report -q --rules "$work/rules" -o "$work/c1"
python3 tests/reports/check_words.py pseudo "$work/rules/qq.words"

# Every kind of page, in a language whose words are all marked.
python3 tests/reports/make_case.py "$work/plain" plain || exit 1
sqlite3 "$work/plain/case.db" "UPDATE meta SET value = json_set(value,
	'\$.report', json_object('language', 'qq')) WHERE key = 'incident'"
"$postmortem" report -q --rules "$work/rules" -o "$work/plain" >/dev/null
python3 tests/reports/check_words.py outside "$work/plain/reports"

# French: dates, numbers and plurals of its own.
sqlite3 "$work/plain/case.db" "UPDATE meta SET value = json_set(value,
	'\$.report', json_object('language', 'fr')) WHERE key = 'incident'"
"$postmortem" report -q -o "$work/plain" >/dev/null
grep -q '<html lang="fr">' "$work/plain/reports/index.html" &&
	grep -q 'Qui doit être informé' "$work/plain/reports/index.html" &&
	echo "ok words: French" || echo "not ok words: French"

# Local times are the case's, not those of the machine that writes.
tokyo=$(od -An -v -tx1 /usr/share/zoneinfo/Asia/Tokyo | tr -d ' \n')
sqlite3 "$work/plain/case.db" \
	"UPDATE meta SET value = '$tokyo' WHERE key = 'zone'"
TZ=Europe/Paris "$postmortem" report -q -o "$work/plain" >/dev/null
grep -q 'JST' "$work/plain/reports/index.html" &&
	! grep -q 'EDT' "$work/plain/reports/index.html" &&
	echo "ok words: local times are the case's" ||
	echo "not ok words: local times are the case's"

# In French every sentence of the demo case that a conclusion rests on is
# known; what else is English is said to be (lang).
python3 testdata/demo/make_demo.py "$build/pstgen" "$work/demo" >/dev/null
sed 's/^report:.*/report: {language: fr}/' "$work/demo/incident.yaml" \
	>"$work/demo/fr.yaml"
"$postmortem" analyze -q -i "$work/demo/fr.yaml" -o "$work/french" \
	"$work/demo/evidence"
cd "$work/french/reports" || exit 1
grep -oh '<span lang="en">[^<]*' why*.html messages*.html coverage.html \
	scope.html | sort -u >"$work/english"
[ -s "$work/english" ] && sed 's/^/# /' "$work/english"
[ -s "$work/english" ] && echo "not ok words: the demo's sentences in French" ||
	echo "ok words: the demo's sentences in French"
