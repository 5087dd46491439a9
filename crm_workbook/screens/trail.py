"""The way back: where somebody came from, which board was open there, and which dialog."""
from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from crm_workbook.i18n import _
from crm_workbook.screens.actions import register_page
from crm_workbook.screens.chapters import chapter

if TYPE_CHECKING:
    from crm_workbook.screens.workbook import WorkbookScreen

Again = Callable[[], None]
"""Opens the dialog from which somebody went on."""


class Place(NamedTuple):
    """Where somebody was. `at`: the code of a record, the id of a board, or ""."""

    chapter: str
    at: str = ""
    again: Again | None = None


class Origin(NamedTuple):
    """Where the form that is open was opened from. `straight`: leaving the form leads back there, without a further key."""

    place: Place
    straight: bool = False


def remember(screen: WorkbookScreen, again: Again | None = None) -> None:
    """Notes where one stands, for `back`: the chapter, and the record or the board that is open."""
    page = register_page(screen)
    board = page.board if page is not None else None
    if screen.page is not None:
        screen.trail.append(Place(screen.page.chapter.id, board.id if board is not None else screen.current_code, again))


def lead_back(screen: WorkbookScreen, *, straight: bool = False) -> None:
    """The form that opens now belongs to the place that was noted last: whoever leaves it is led there, or told how to go."""
    page = register_page(screen)
    if page is not None and screen.trail:
        origin = Origin(screen.trail[-1], straight)
        page.when_ready(lambda: page.opened_from(origin))


def form_left(screen: WorkbookScreen, origin: Origin | None) -> None:
    """A form was left: back to the sheet from which it was opened, or a word on the key that leads back."""
    if origin is None or not screen.trail or screen.trail[-1] is not origin.place:
        return
    if origin.straight:
        back(screen)
    else:
        screen.say(_("b leads back to {place}.").format(place=called(screen, origin.place)))


def called(screen: WorkbookScreen, place: Place) -> str:
    """A place in words: 'Radar › Warnings', 'G3 Answer within 4 hours'."""
    if place.at and not place.at.islower() and screen.titles is not None:
        return screen.titles.named(place.at)
    shelf = screen.shelves.get(place.chapter)
    board = shelf.boards.get(place.at) if shelf is not None else None
    title = chapter(place.chapter).title
    return f"{title} › {board.title}" if board is not None else title


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
