"""Weights on the screen."""
from __future__ import annotations

from typing import TYPE_CHECKING

from crm_workbook.i18n import _
from crm_workbook.screens.boards import Board

if TYPE_CHECKING:
    from crm_workbook.screens.listing import ListPage


class WeightsBoard(Board):
    """Weights."""

    id = "weights"

    @property
    def title(self) -> str:
        return _("Weights")

    def draw(self, page: ListPage) -> None:
        page.lines.set_columns(())
        page.lines.set_rows((), lambda row: ())
