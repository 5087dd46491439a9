"""How it is kept: the workbook file (or server), its journal, and the thread that writes.

Importing this needs neither SQLModel nor SQLAlchemy; they come at the first write.
"""
from __future__ import annotations

from crm_workbook.store.errors import NotAWorkbook, Unsaved
from crm_workbook.store.files import Identity, identify
from crm_workbook.store.workbook import Workbook, is_server

__all__ = ["Identity", "NotAWorkbook", "Unsaved", "Workbook", "identify", "is_server"]
