#!/bin/sh
# From a table in a message to people.csv: names, elements, residence.
here=$(dirname "$0")
. "$here/evidence.sh"
postmortem=${BUILD:-build/release}/postmortem
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
mkdir "$room/ev"
cat > "$room/ev/1.eml" << 'MAIL'
From: a@b.example
To: c@d.example
Subject: staff
Date: Mon, 02 Jan 2023 10:00:00 +0000
MIME-Version: 1.0
Content-Type: text/csv; name=staff.csv
Content-Disposition: attachment; filename=staff.csv

Name,SSN,State
Anna Smith,512-34-5678,OH
Carl Jones,513-44-5678,Texas
MAIL
"$postmortem" analyze -q -o "$room/case" "$room/ev"
check people-status test $? -eq 0
check people-state-column ask "$room/case" "SELECT group_concat(name || ' ' ||
    residence || ' ' || residence_source, ', ') FROM (SELECT * FROM people
    ORDER BY name)" "Anna Smith US-OH state_column, Carl Jones US-TX state_column"
exit $((failures > 0))
