#!/bin/bash
# Contract 3, sentence by sentence, on files made for each.
POSTMORTEM=${BUILD:-build/release}/postmortem \
    python3 tests/access/sentences.py || echo "not ok sentences"
