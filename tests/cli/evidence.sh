# Sourced by the tests here: small evidence of our own making, and counting.
# make_evidence FOLDER: 200 EML files, one mbox of 3,000 messages.
make_evidence() {
	mkdir -p "$1/mail"
	awk -v dir="$1/mail" 'BEGIN {
		srand(11)
		for (i = 0; i < 200; i++)
			write_eml(dir "/" i ".eml", i)
		for (i = 0; i < 3000; i++) {
			out = dir "/box.mbox"
			print "From a@example.org Mon Jan  2 10:00:00 2023" > out
			message(out, 1000 + i)
			print "" > out
		}
	}
	function write_eml(name, i) { message(name, i); close(name) }
	function message(out, i,  j) {
		print "From: Alice <a" i "@example.org>" > out
		print "To: Bob <bob@example.com>" > out
		print "Subject: message " i > out
		print "Message-ID: <" i "@example.org>" > out
		print "Date: Mon, 02 Jan 2023 10:00:00 +0000" > out
		print "" > out
		for (j = 0; j < 20; j++)
			print "line " j " of " i ": " rand() > out
	}'
	: > "$1/mail/empty"
}

failures=0
check() { # NAME CONDITION...: run the condition
	name=$1
	shift
	if "$@"; then
		echo "ok $name"
	else
		echo "not ok $name"
		failures=$((failures + 1))
	fi
}

ask() { # CASE SQL EXPECTED
	got=$(sqlite3 "$1/case.db" "$2")
	[ "$got" = "$3" ] && return 0
	echo "# $2" >&2
	echo "# got '$got', expected '$3'" >&2
	return 1
}
