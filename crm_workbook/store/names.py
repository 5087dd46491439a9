"""What a workbook file says about itself, and what its own tables are called."""
from __future__ import annotations

from typing import Final

APPLICATION_ID: Final = 0x43524D57  # "CRMW" in the header of the file; `file` and we tell a workbook by it
HEAD: Final = "0003"  # the youngest script under migrations/versions; a test holds the two together
VERSION: Final = int(HEAD)  # the same, in the header of the file: readable without opening the database
JOURNAL_COLUMNS: Final = "number, at, who, session, batch, op, code, field, \"old\", \"new\""
LOCK_SUFFIX: Final = ".lock"
SIDE_FILES: Final = ("-wal", "-shm", "-journal", LOCK_SUFFIX)
BUSY_SECONDS: Final = 30.0  # while a file is opened; at work see sqlite.py
