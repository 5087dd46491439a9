"""Chapter 0, Overview: where we stand, what comes next, what waits."""
from __future__ import annotations

from collections.abc import Collection

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from crm_workbook.analysis.progress import next_step, progress
from crm_workbook.i18n import _, ngettext
from crm_workbook.records import Record
from crm_workbook.records.minutes import Unfinished
from crm_workbook.records.team import OpenDecision, Question
from crm_workbook.screens import actions
from crm_workbook.screens.chapters import Chapter, chapter
from crm_workbook.screens.keys import PageList, steer_ahead
from crm_workbook.screens.page import Page
from crm_workbook.widgets.lines import Column, LineList

ROOMY = 52
"""Cells from which there is room for words behind a bar."""
BAR = 10
"""Cells of a progress bar."""


class OverviewPage(Page):
    """What the group sees first: one line a chapter, the next step in a sentence, and what waits for an answer."""

    def compose(self) -> ComposeResult:
        yield Static(id="overview-text")
        columns = (Column(_("Code"), min=6), Column(_("Waits"), min=15), Column(_("What"), min=20, weight=1))
        yield PageList(columns, empty=_("Nothing waits for an answer."))

    async def on_mount(self) -> None:
        self.ready = True
        self.refresh_book(())
        self.focus_page()
        await steer_ahead(self.frame)

    def focus_page(self) -> None:
        self.query_one(LineList).focus()

    def refresh_book(self, touched: Collection[type[Record]]) -> None:
        self.query_one("#overview-text", Static).update(self.text())
        self.query_one(LineList).set_rows(self.waiting(), lambda found: found, key=lambda found: found[0])

    @on(LineList.Selected)
    def enter(self) -> None:
        if code := self.query_one(LineList).key:
            actions.open_form(self.frame, code)

    def on_resize(self) -> None:
        self.refresh_book(())

    def waiting(self) -> list[tuple[str, str, str]]:
        """(code, why it waits, what it is) of everything that waits for an answer."""
        book, titles = self.frame.book, self.frame.titles
        assert book is not None and titles is not None
        found = [(row.code, _("to be answered"), titles.label(row)) for row in book.rows(Question) if row.answered_on is None]
        found += [(row.code, _("to be decided"), titles.label(row)) for row in book.rows(OpenDecision)
                  if row.decided_on is None]
        return found + [(row.code, _("unfinished"), f"{row.record}: {row.text}") for row in book.rows(Unfinished)]

    def text(self) -> Content:
        """The next step, and how far each chapter is."""
        book = self.frame.book
        assert book is not None
        parts = [Content.styled(_("Next step"), "bold"), Content("\n")]
        step = next_step(book)
        if step is None:
            parts.append(Content(_("Nothing is missing.") + "\n"))
        else:
            there = chapter(step.kind.declared.chapter)
            where = f"{there.digit} {there.title} › {_(step.kind.declared.title)}"
            parts += [Content(f"{step.sentence}\n"),
                      Content.styled(_("Press n to go there: {where}").format(where=where) + "\n", "dim")]
        parts += [Content("\n"), Content.styled(_("How far each chapter is"), "bold"), Content("\n")]
        for id_, found in progress(book).items():
            filled = int(found.share * BAR)
            steps = ngettext("{done} of {n} step", "{done} of {n} steps", found.total).format(done=found.done, n=found.total)
            parts.append(Content(f"{chapter(id_).digit} {chapter(id_).title:<14} {'▰' * filled}{'▱' * (BAR - filled)} "
                                 f"{int(found.share * 100):3} %" + (f"   {steps}\n" if self.size.width > ROOMY else "\n")))
        return Content("").join(parts)


def page(chapter_: Chapter) -> Page:
    """The page of this chapter."""
    return OverviewPage(chapter_)
