"""Comparison on the screen: the vendors side by side, and how firmly the first place stands."""
from __future__ import annotations

from typing import TYPE_CHECKING

from crm_workbook.i18n import _
from crm_workbook.screens.boards import Board

if TYPE_CHECKING:
    from crm_workbook.screens.listing import ListPage
    from crm_workbook.screens.vendors.weightings import Kept


class ComparisonBoard(Board):
    """The table in short; Enter opens the sheet."""

    id = "comparison"

    def __init__(self) -> None:
        self.kept: Kept | None = None  # how often each vendor comes first, as worked out in the sheets

    @property
    def title(self) -> str:
        return _("Comparison")

    def draw(self, page: ListPage) -> None:
        from crm_workbook.analysis.weights import weights
        from crm_workbook.screens.vendors import comparison_lines, tables
        from crm_workbook.screens.vendors.standing_words import source
        from crm_workbook.screens.vendors.weightings import question
        from crm_workbook.widgets.columns import Column

        lines, view, titles = page.lines, page.frame.view, page.frame.titles
        lines.empty, lines.style_of = _("The comparison is shown in a moment."), lambda line: line.style
        rows, first = list[tables.Line](), tables.here(lines) is None
        if view is not None and titles is not None:
            lines.set_columns((Column(source(weights(view)), min=10, weight=1),))
            rows = list(comparison_lines.lines_of(view, titles, tables.room(lines),
                                                  self.kept.known(question(view)) if self.kept is not None else None))
        lines.set_rows(rows, lambda line: (line.drawn(tables.room(lines)),), key=lambda line: line.key)
        if first and len(rows) > 1:
            lines.go_to(rows[1].key)

    def detail(self, page: ListPage) -> str:
        from crm_workbook.screens.vendors import comparison_lines, tables

        line, view, titles = tables.here(page.lines), page.frame.view, page.frame.titles
        if line is None or view is None or titles is None:
            return ""
        return comparison_lines.about(view, titles, line.name, full=False)

    def enter(self, page: ListPage) -> None:
        from crm_workbook.screens.vendors import tables
        from crm_workbook.screens.vendors.comparison_lines import LACKING
        from crm_workbook.screens.vendors.comparison_sheet import ComparisonSheet, lead
        from crm_workbook.screens.vendors.sheet import open_sheet
        from crm_workbook.screens.vendors.weightings import Kept

        line = tables.here(page.lines)
        if line is not None and line.name == LACKING:
            lead(page.frame)
        elif line is not None:
            self.kept = self.kept or Kept()
            open_sheet(ComparisonSheet(page.frame, line.name, self.kept))

