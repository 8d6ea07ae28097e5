"""Contract 3, a file a subject; a new case goes where its sentence is."""
from contract3 import (times, attribution, named, folders,  # noqa: F401
                       periods, taken, coverage, mailboxes, other_logs,
                       explained, bad_input)
