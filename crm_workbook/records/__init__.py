"""What is stored: every record class, declared once.

The classes themselves are made at the first question for them (`kinds`): the first picture on the screen needs none.
"""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_workbook.records.declare import MANY_IDS, SINGLE_IDS, TEXT_LIMIT, TEXTUAL, Field, FieldType, Record, Value

if TYPE_CHECKING:
    from crm_workbook.records.kinds import BY_PREFIX, BY_TABLE, CHAPTERS, KINDS, split_code

__all__ = ["BY_PREFIX", "BY_TABLE", "CHAPTERS", "KINDS", "MANY_IDS", "SINGLE_IDS", "TEXTUAL", "TEXT_LIMIT", "Field",
           "FieldType", "Record", "Value", "split_code"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from crm_workbook.records import kinds

        return getattr(kinds, name)
    raise AttributeError(name)
