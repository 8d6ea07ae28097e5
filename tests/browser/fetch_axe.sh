#!/bin/sh
# fetch_axe.sh FOLDER: print where axe-core's script is, fetched with npm into
# FOLDER when it is not there; its bytes are the ones we know. Status 1 and a
# reason when it cannot be had.
version=4.10.3
known=880970c081707360e64f34cea25ff91892f5bc95675b0776925b9709dd8a68bb
file=$1/node_modules/axe-core/axe.min.js

if [ ! -e "$file" ]; then
	if ! command -v npm >/dev/null; then
		echo "npm is not installed"
		exit 1
	fi
	mkdir -p "$1"
	if ! timeout 120 npm install --prefix "$1" --no-save --ignore-scripts \
	    --no-audit --no-fund "axe-core@$version" >"$1/npm.log" 2>&1; then
		echo "npm could not fetch axe-core@$version:" \
		    "$(tail -n 1 "$1/npm.log")"
		exit 1
	fi
fi
if [ "$(sha256sum "$file" | cut -d' ' -f1)" != "$known" ]; then
	echo "$file is not the axe-core that these tests know"
	exit 1
fi
echo "$file"
