#!/bin/bash
# run.sh BUILD: every unit test, fuzz replay and command-line test; ends with
# "N passed, N failed".
build=${1:-build/release}
export BUILD=$build LC_ALL=C.UTF-8
cd "$(dirname "$0")/.." || exit 1
passed=0 failed=0
log=$(mktemp)

count_one() { # name status
	if [ "$2" = 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED $1"
		tail -n 40 "$log"
	fi
}

for test in "$build"/tests/unit_*; do
	case $test in *.o | *.d) continue ;; esac
	[ -x "$test" ] || continue
	timeout 600 "$test" >"$log" 2>&1
	status=$?
	ok=$(grep -c '^\[       OK \]' "$log")
	bad=$(grep -c '^\[  FAILED  \] [a-z_0-9]*$' "$log")
	if [ "$status" = 0 ]; then
		passed=$((passed + ok))
	else
		passed=$((passed + ok))
		[ "$bad" = 0 ] && bad=1
		failed=$((failed + bad))
		echo "FAILED $test (status $status)"
		tail -n 40 "$log"
	fi
done

for test in "$build"/tests/fuzz/fuzz_*; do
	case $test in *.o | *.d) continue ;; esac
	[ -x "$test" ] || continue
	timeout 900 "$test" testdata/seeds/"$(basename "$test" | cut -c6-)" \
	    >"$log" 2>&1
	count_one "$test" $?
done

for test in tests/cli/*.sh; do
	[ -e "$test" ] || continue
	timeout 1200 bash "$test" >"$log" 2>&1
	status=$?
	grep '^skip ' "$log"
	ok=$(grep -c '^ok ' "$log")
	bad=$(grep -c '^not ok ' "$log")
	[ "$status" != 0 ] && [ "$bad" = 0 ] && bad=1
	passed=$((passed + ok))
	failed=$((failed + bad))
	if [ "$bad" != 0 ]; then
		echo "FAILED $test (status $status)"
		tail -n 60 "$log"
	fi
done
rm -f "$log"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
