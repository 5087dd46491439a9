"""What every chapter's page offers to the frame."""
from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from textual import events
from textual.containers import Vertical

from crm_workbook.screens.chapters import Chapter

if TYPE_CHECKING:
    from crm_workbook.records import Record
    from crm_workbook.records.book import Book
    from crm_workbook.screens.workbook import WorkbookScreen


class Page(Vertical):
    """One chapter on the screen. It shows what the Book holds and turns keys into edits; it keeps no data of its own."""

    def __init__(self, chapter: Chapter) -> None:
        super().__init__(classes="page")
        self.chapter = chapter
        self.ready = False  # whether its widgets are there, and
        self.wishes: list[Callable[[], object]] = []  # what is to be done as soon as they are
        self.drawn: Book | None = None  # the Book it shows, when it was last on the screen

    def when_ready(self, wish: Callable[[], object]) -> None:
        """Does it now, or as soon as the page is there."""
        if self.ready:
            wish()
        else:
            self.wishes.append(wish)

    def grant_wishes(self) -> None:
        """The page is there."""
        self.ready = True
        for wish in self.wishes:
            wish()
        self.wishes.clear()

    @property
    def frame(self) -> WorkbookScreen:
        """The screen this page is on."""
        from crm_workbook.screens.workbook import WorkbookScreen

        assert isinstance(self.screen, WorkbookScreen)
        return self.screen

    @property
    def current_code(self) -> str:
        """The record under the cursor; "" when there is none."""
        return ""

    @property
    def current_kind(self) -> type[Record] | None:
        """The kind of records of the list one is in."""
        return None

    @property
    def in_form(self) -> bool:
        """Is somebody writing, so that letters belong to the text?"""
        return False

    @property
    def finding(self) -> bool:
        """Do the letters belong to the filter?"""
        return False

    @property
    def straight_back(self) -> bool:
        """Does leaving the form lead to the sheet from which it was opened?"""
        return False

    def leave(self) -> None:
        """Ends writing and goes back to the list."""

    def enter(self) -> None:
        """Enter in the list: opens what the cursor is on."""

    async def feed(self, event: events.Key) -> bool:
        """A key for the form that is open, whether it has the focus yet or not. True when it was one for it."""
        return False

    def refresh_book(self, touched: Collection[type[Record]]) -> None:
        """The Book has advanced; only what shows records of these kinds needs to be drawn again."""

    def focus_page(self) -> None:
        """Puts the focus where one would go on."""

    def open_record(self, kind: type[Record], code: str = "", field: str = "") -> None:
        """Shows the list of a kind, with the cursor on `code`, and opens its form at `field` if one is named."""
