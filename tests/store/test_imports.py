"""Nothing of the ORM is imported before something is written."""
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HEAVY = ("sqlmodel", "sqlalchemy", "alembic", "pydantic", "platformdirs", "tomli_w")
SCRIPT = f"""
import sys
from crm_workbook.store import Workbook, identify
import crm_workbook.store.session, crm_workbook.store.signals
heavy = lambda: [name for name in {HEAVY} if name in sys.modules]
print("imported", heavy())
identify(__import__("pathlib").Path(sys.argv[1]))
workbook = Workbook.open(sys.argv[1], who="Eva")
workbook.poll(), workbook.history()
workbook.backup(__import__("pathlib").Path(sys.argv[1] + ".copy"))
print("read", heavy())
workbook.warm()
print("warm", "sqlmodel" in heavy(), "alembic" in heavy())
"""


def test_reading_needs_no_orm_and_writing_no_alembic(path: Path) -> None:
    run = subprocess.run([sys.executable, "-c", SCRIPT, str(path)], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines() == ["imported []", "read []", "warm True False"]
