"""A sheet whose lines are several tables and sentences."""
from __future__ import annotations

from collections.abc import Sequence

from crm_workbook.screens.vendors import tables
from crm_workbook.screens.vendors.sheet import Sheet
from crm_workbook.screens.vendors.tables import Line
from crm_workbook.widgets.columns import Column


class TableSheet(Sheet):
    """Each line brings its columns along and is drawn as wide as there is room."""

    @property
    def width(self) -> int:
        """Cells of a line."""
        return tables.room(self.lines) if self.lines.is_mounted else self.room

    def columns(self) -> Sequence[Column]:
        return tables.ONE

    def cells(self, row: Line) -> Sequence[str]:
        return (row.drawn(self.width),)

    def style_of(self, row: Line) -> str:
        return row.style
