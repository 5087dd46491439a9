"""`python -m crm_workbook` is `crm-workbook`."""
from __future__ import annotations

import sys

from crm_workbook.cli import main

if __name__ == "__main__":
    sys.exit(main())
