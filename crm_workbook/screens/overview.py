"""Chapter 0, Overview: where we stand, what comes next, what waits."""
from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from crm_workbook.analysis.progress import next_step, progress
from crm_workbook.i18n import _, ngettext
from crm_workbook.records import Record
from crm_workbook.records.minutes import Unfinished
from crm_workbook.records.team import OpenDecision, Question
from crm_workbook.screens.chapters import Chapter, chapter
from crm_workbook.screens.page import Page

BAR = 10
"""Cells of a progress bar."""


class OverviewPage(Page):
    """What the group sees first: one line a chapter, the next step in a sentence, and what waits for an answer."""

    HELP_TEXT: ClassVar[str] = ""

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="overview", can_focus=True):
            yield Static(id="overview-text", classes="text")

    def on_mount(self) -> None:
        self.refresh_book(())
        self.focus_page()

    def focus_page(self) -> None:
        self.query_one("#overview").focus()

    def refresh_book(self, touched: Collection[type[Record]]) -> None:
        self.query_one("#overview-text", Static).update(self.text())

    def text(self) -> Content:
        """The whole page as text."""
        frame = self.frame
        book, titles = frame.book, frame.titles
        assert book is not None and titles is not None
        parts = [Content("\n"), Content.styled(_("Next step"), "bold"), Content("\n")]
        step = next_step(book)
        if step is None:
            parts.append(Content("  " + _("Nothing is missing.") + "\n"))
        else:
            there = chapter(step.step.chapter)
            where = f"{there.digit} {there.title} › {_(step.step.kind.declared.title)}"
            parts += [Content(f"  {_(step.step.sentence)}\n"),
                      Content.styled("  " + _("Press n to go there: {where}").format(where=where) + "\n", "dim")]
        parts += [Content("\n"), Content.styled(_("How far each chapter is"), "bold"), Content("\n")]
        for id_, found in progress(book).items():
            filled = round(found.share * BAR)
            parts.append(Content(f"  {chapter(id_).digit} {chapter(id_).title:<14} {'▰' * filled}{'▱' * (BAR - filled)} "
                                 f"{found.share * 100:3.0f} %   " + ngettext("{done} of {n} step", "{done} of {n} steps",
                                 found.total).format(done=found.done, n=found.total) + "\n"))
        waiting = [(row.code, titles.label(row), _("asked")) for row in book.rows(Question) if row.answered_on is None]
        waiting += [(row.code, titles.label(row), _("to be decided")) for row in book.rows(OpenDecision)
                    if row.decided_on is None]
        waiting += [(row.code, f"{row.record}: {row.text}", _("unfinished")) for row in book.rows(Unfinished)]
        parts += [Content("\n"), Content.styled(_("What waits for an answer"), "bold"), Content("\n")]
        if not waiting:
            parts.append(Content("  " + _("Nothing waits.") + "\n"))
        for code, label, state in waiting[:8]:
            parts.append(Content(f"  {code:<5} {state}: {label.splitlines()[0] if label else ''}\n"))
        if len(waiting) > 8:
            parts.append(Content("  " + _("... and {n} more").format(n=len(waiting) - 8) + "\n"))
        return Content("").join(parts)


def page(chapter_: Chapter) -> Page:
    """The page of this chapter."""
    return OverviewPage(chapter_)
