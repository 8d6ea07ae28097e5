#!/bin/bash
# clang-tidy and cppcheck over the sources; exits 1 on a finding.
cd "$(dirname "$0")/.." || exit 1
tests/packages.sh clang-tidy cppcheck || exit 1
status=0
files=$(git ls-files '*.c' | grep -v '^testdata/embed')
# It does not see that die_machine() and bug_at() never return.
cppcheck --quiet --std=c11 --enable=warning,portability --inline-suppr \
    --suppress=missingInclude --suppress=nullPointerRedundantCheck \
    --suppress=nullPointerArithmeticRedundantCheck \
    --suppress=arrayIndexOutOfBoundsCond --suppress=ctunullpointer \
    --error-exitcode=1 -I. $files || status=1
tidy() { # FILE...
	clang-tidy --quiet --checks='-*,bugprone-*,clang-analyzer-*,-bugprone-easily-swappable-parameters,-bugprone-reserved-identifier,-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling,-bugprone-narrowing-conversions,-bugprone-assignment-in-if-condition' \
	    "$@" -- -std=gnu11 -D_GNU_SOURCE -I. -Ibuild/release/generated \
	    -I/usr/include/libxml2 -I/usr/include/hs 2> /dev/null
}
export -f tidy
printf '%s\n' $files | xargs -P "$(nproc)" -n 8 bash -c 'tidy "$@"' tidy ||
    status=1
exit "$status"
