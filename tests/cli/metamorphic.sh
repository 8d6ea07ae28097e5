#!/bin/bash
# The same records in other wrappings say the same (contract 3).
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 tests/cli/metamorphic.py "$BUILD/postmortem" "$BUILD/pstgen" "$work"
