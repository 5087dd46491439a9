"""How a register is shown as a list: its columns from the declaration, its filter and its order."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crm_workbook.i18n import _
from crm_workbook.records import Field, FieldType, Record
from crm_workbook.records.vendors import Answer
from crm_workbook.screens.titles import Titles
from crm_workbook.widgets.lines import Column

_WIDTHS: dict[FieldType, tuple[int, int]] = {  # least cells, share of what is left
    FieldType.LINE: (14, 4), FieldType.TEXT: (14, 4), FieldType.LINK: (12, 2), FieldType.LINKS: (8, 1),
    FieldType.KNOWN: (14, 3), FieldType.KNOWNS: (12, 2), FieldType.CHOICE: (9, 1), FieldType.DAY: (10, 0),
    FieldType.MOMENT: (16, 0)}
_NUMBERS = (FieldType.INTEGER, FieldType.NUMBER, FieldType.MONEY)
GUIDE_COLUMNS = (Column("", min=2), Column(_("Step"), min=30, weight=1), Column("", min=6, align="right"))


def columns_of(kind: type[Record]) -> tuple[Column, ...]:
    """The code, then the declared columns."""
    declared = kind.declared
    return (Column("", min=5), *(_column(declared.fields[name], name == declared.label[0]) for name in declared.columns))


def _column(field: Field, names: bool) -> Column:
    least, weight = _WIDTHS.get(field.type, (8, 0))
    if names and weight:  # what the record is called gets the room; other columns may have to go
        least, weight = 26, 6
    return Column(_(field.title), min=least, weight=weight, align="right" if field.type in _NUMBERS else "left")


@dataclass(slots=True)
class ListState:
    """What somebody made of a list: what it is filtered by, and which declared column it is sorted by (-1: by code)."""

    filter: str = ""
    column: int = -1

    def sort_next(self, kind: type[Record]) -> None:
        """The next column, and the codes again behind the last one."""
        self.column = self.column + 1 if self.column + 1 < len(kind.declared.columns) else -1

    def cells(self, row: Record, titles: Titles) -> Sequence[str]:
        """The texts of a line: the code, then each column."""
        declared = row.declared
        return (row.code, *(titles.answer(row) if isinstance(row, Answer) and name == "value"
                            else titles.shown(declared.fields[name], row.get(name)) for name in declared.columns))

    def select(self, rows: Sequence[Record], titles: Titles) -> Sequence[Record]:
        """The rows that hold every word of the filter somewhere in their line, in the order asked for."""
        words = self.filter.casefold().split()
        if words:
            rows = [row for row in rows
                    if all(word in line for line in [" ".join(self.cells(row, titles)).casefold()] for word in words)]
        if self.column < 0 or not rows:
            return rows
        field = rows[0].declared.fields[rows[0].declared.columns[self.column]]
        index = field.index

        def key(row: Record) -> tuple[bool, Any]:
            value = row[index]
            if value is None or value == field.empty:
                return (True, 0)
            return (False, titles.shown(field, value).casefold() if isinstance(value, (str, tuple)) else value)

        filled = [row for row in rows if not key(row)[0]]
        return [*sorted(filled, key=key), *(row for row in rows if key(row)[0])]
