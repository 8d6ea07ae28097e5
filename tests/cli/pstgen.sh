#!/bin/bash
# What pstgen writes, pffexport and readpst read back: every form and encoding.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 tests/cli/pstgen.py "$BUILD/pstgen" "$work"
# readpst forks by default and then, under load, loses items: -j0.
# The same seed gives the same bytes; a store in bulk opens and adds up.
"$BUILD/pstgen" --bytes 30M --seed 3 "$work/a.pst" &&
    "$BUILD/pstgen" --bytes 30M --seed 3 "$work/b.pst" &&
    cmp "$work/a.pst" "$work/b.pst" &&
    echo "ok pstgen bulk repeats" || echo "not ok pstgen bulk repeats"
(cd "$work" && pffexport -q -t bulk -m items -f text a.pst >/dev/null &&
    readpst -j0 -q -e -o . a.pst >/dev/null)
mine=$(find "$work/bulk.export" -name OutlookHeaders.txt | wc -l)
theirs=$(find "$work" -name '*.eml' | wc -l)
if [ "$mine" -gt 100 ] && [ "$mine" = "$theirs" ]; then
	echo "ok pstgen bulk reads"
else
	echo "not ok pstgen bulk reads: pffexport $mine, readpst $theirs"
fi
