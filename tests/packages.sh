#!/bin/sh
# packages.sh NAME...: install the Debian packages that are missing.
missing=
for name in "$@"; do
	dpkg -s "$name" >/dev/null 2>&1 || missing="$missing $name"
done
[ -z "$missing" ] && exit 0
echo "postmortem: installing what the build and its tests need:$missing"
as_root=
[ "$(id -u)" = 0 ] || as_root=sudo
log=$(mktemp)
if ! { $as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq &&
    $as_root env DEBIAN_FRONTEND=noninteractive \
	apt-get install -y -qq --no-install-recommends $missing; } \
    >"$log" 2>&1; then
	tail -n 5 "$log" >&2
	echo "postmortem: installing failed; install by hand:$missing" >&2
	rm -f "$log"
	exit 1
fi
rm -f "$log"
