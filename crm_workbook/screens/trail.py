"""The way back: where somebody came from, which board was open there, and which dialog."""
from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from crm_workbook.i18n import _
from crm_workbook.screens.actions import register_page

if TYPE_CHECKING:
    from crm_workbook.screens.workbook import WorkbookScreen

Again = Callable[[], None]
"""Opens the dialog from which somebody went on."""


class Place(NamedTuple):
    """Where somebody was. `at`: the code of a record, the id of a board, or ""."""

    chapter: str
    at: str = ""
    again: Again | None = None


def remember(screen: WorkbookScreen, again: Again | None = None) -> None:
    """Notes where one stands, for `back`: the chapter, and the record or the board that is open."""
    page = register_page(screen)
    board = page.board if page is not None else None
    if screen.page is not None:
        screen.trail.append(Place(screen.page.chapter.id, board.id if board is not None else screen.current_code, again))


def back(screen: WorkbookScreen) -> None:
    """Leads to the place one came from last, and into its dialog."""
    if not screen.trail:
        screen.say(_("This is where you came in."))
        return
    place = screen.trail.pop()
    if place.at and not place.at.islower():
        screen.go_to(place.at, remember=False)
    else:
        screen.show_chapter(place.chapter)
        page = register_page(screen)
        if place.at and page is not None and page.view != place.at:
            page.when_ready(lambda: page.show_view(place.at))
    if place.again is not None and screen.page is not None:
        screen.page.when_ready(place.again)
