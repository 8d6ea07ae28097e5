#!/bin/bash
# The arrows between folders: who may include whom. Exits 1 on a wrong one.
cd "$(dirname "$0")/.." || exit 1
bad=0

forbid() { # folder pattern reason
	hits=$(grep -rnE "^#include \"($2)" --include='*.[ch]' "$1" 2>/dev/null)
	if [ -n "$hits" ]; then
		echo "$hits"
		echo "  wrong: $3"
		bad=1
	fi
}

forbid parsers/base 'parsers/(record|parser|mail|audit|documents)|forensics|reports' \
    'parsers/base stands alone'
forbid parsers 'forensics|reports' 'parsers know nothing of the case'
forbid forensics/case 'forensics/(ingest|access|exposure|people)|reports' \
    'the case knows no stage'
forbid forensics/exposure 'forensics/(case|ingest|access|people)|reports' \
    'the scanner runs in the worker'
forbid forensics/access 'forensics/(ingest|exposure|people)|reports' \
    'stages meet in tables'
forbid forensics/people 'forensics/(ingest|exposure|access)|reports' \
    'stages meet in tables'
forbid forensics/ingest 'forensics/(access|people)|reports' \
    'ingest comes first'
sqlite=$(grep -rlE '#include <sqlite3' --include='*.[ch]' . |
    grep -v '^./forensics/case/\|^./build/')
[ -n "$sqlite" ] && echo "$sqlite: only forensics/case sees sqlite3.h" && bad=1
[ "$bad" = 0 ] && echo "arrows between folders hold"
exit "$bad"
