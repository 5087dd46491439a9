"""Boards: views of a chapter that are no list of records. A board puts lines of its own into the list that all views share."""
from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from crm_workbook.i18n import _
from crm_workbook.screens import actions, history

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_workbook.records.edits import Entry
    from crm_workbook.screens.listing import ListPage
    from crm_workbook.screens.workbook import WorkbookScreen


class Board:
    """One such view. `id` is its name among the views of the chapter; it keeps nothing that the Book holds."""

    id: ClassVar[str]

    @property
    def title(self) -> str:
        """Its name in the line of lists."""
        raise NotImplementedError

    def count(self, screen: WorkbookScreen) -> int | None:
        """How many lines it has, if that says something."""
        return None

    def draw(self, page: ListPage) -> None:
        """Puts columns and lines into `page.lines`; called for each new Book as well."""
        raise NotImplementedError

    def detail(self, page: ListPage) -> str:
        """What stands below the list about the line under the cursor, in full."""
        return ""

    def enter(self, page: ListPage) -> None:
        """Enter on the line under the cursor."""


class Guide(Board):
    """The steps of a chapter: what is done, and what to do next."""

    id = "guide"

    @property
    def title(self) -> str:
        return _("What to do")

    def draw(self, page: ListPage) -> None:
        from crm_workbook.screens.guide import show_steps

        assert page.frame.book is not None
        show_steps(page.lines, page.frame.book, page.chapter.id)

    def detail(self, page: ListPage) -> str:
        from crm_workbook.screens.guide import step_in, words_of

        state = step_in(page.lines)
        return "" if state is None else words_of(state) if state.done else f"{state.sentence} " + _("Press Enter to do it.")

    def enter(self, page: ListPage) -> None:
        from crm_workbook.screens.guide import step_in

        if (state := step_in(page.lines)) is not None:
            actions.follow(page.frame, state)


class Journal(Board):
    """The whole history; it comes from the store when one asks for it."""

    id = "journal"

    def __init__(self) -> None:
        self.entries: Sequence[Entry] = ()

    @property
    def title(self) -> str:
        return _("History")

    def draw(self, page: ListPage) -> None:
        assert page.frame.titles is not None
        page.lines.style_of, page.lines.empty = None, _("Nothing has been written yet.")
        page.lines.set_columns(history.columns())
        history.show_entries(page.lines, self.entries, page.frame.titles)
        actions.ask_history(page.frame)

    def arrived(self, page: ListPage, entries: Sequence[Entry]) -> None:
        """The history has arrived from the store."""
        if entries == self.entries:
            return
        self.entries = entries
        assert page.frame.titles is not None
        history.show_entries(page.lines, entries, page.frame.titles)
        if len(entries) >= history.MOST:
            words = _("These are the youngest {n} entries. The command crm-workbook history shows all of them.")
            page.frame.say(words.format(n=len(entries)))

    def detail(self, page: ListPage) -> str:
        entry = page.lines.rows[page.lines.index] if page.lines.rows else None
        assert page.frame.titles is not None
        return history.sentence(entry, page.frame.titles) if entry is not None else ""
