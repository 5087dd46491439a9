"""Questions on the screen: one line a question, the first call first, the vendors side by side."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content

from crm_workbook.analysis import interview, replies, scoring
from crm_workbook.analysis.finders import Gap
from crm_workbook.analysis.interview import Asked, Tally
from crm_workbook.i18n import N_, _, ngettext
from crm_workbook.records.vendors import Vendor
from crm_workbook.screens.boards import Board
from crm_workbook.screens.gaps import open_gap
from crm_workbook.screens.vendors import asking
from crm_workbook.screens.vendors.question import open_question
from crm_workbook.screens.words import full_stop
from crm_workbook.widgets.columns import Column
from crm_workbook.widgets.pick import PickModal

if TYPE_CHECKING:
    from crm_workbook.analysis.facts import View
    from crm_workbook.screens.listing import ListPage
    from crm_workbook.widgets.lines import Cell

EMPTY = N_("Here you ask each vendor the same questions and note the answers.\n\nNo vendor has been written down yet. Press "
           "Enter to add the first one.")
CHANGE = "vendor"
"""The key of the line with which another vendor is chosen."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: whose questions these are, a group with its count, or a question."""

    tally: Tally | None = None
    asked: Asked | None = None

    @property
    def key(self) -> str:
        """What tells it from the others."""
        return self.asked.question.id if self.asked else f"group {self.tally.group}" if self.tally else CHANGE


def lines_of(view: View, vendor: str) -> list[Line]:
    """The lines for a vendor, in the order in which one asks."""
    found, tallies = [Line()], {tally.group: tally for tally in interview.tallies(view, vendor)}
    group: str | None = None
    for item in interview.interview(view, vendor):
        if item.group != group:
            group = item.group
            found.append(Line(tallies[group]))
        found.append(Line(asked=item))
    return found


class QuestionsBoard(Board):
    """The questions in the order of the vendor one is with; beside it as many others as there is room for."""

    id = "questions"

    def __init__(self) -> None:
        self.vendor, self.place = "", ""
        """The vendor one is with, and the line where one was last."""

    @property
    def title(self) -> str:
        return _("Questions")

    def _vendors(self, view: View) -> list[Vendor]:
        """All vendors, the one that one is with first."""
        rows = interview.vendors(view)
        if self.vendor not in [row.code for row in rows]:
            self.vendor = rows[0].code if rows else ""
        return sorted(rows, key=lambda row: row.code != self.vendor)

    def draw(self, page: ListPage) -> None:
        lines, view = page.lines, page.frame.view
        vendors = self._vendors(view) if view is not None else []
        lines.empty = _(EMPTY) if view is not None else _("The questions are shown in a moment.")
        columns = (Column(_("Question"), min=24, weight=2), *(
            Column(_("{name} (out)").format(name=row.name) if row.state == "out" else row.name or row.code, min=14, weight=1)
            for row in vendors))
        fresh = not (lines.rows and isinstance(lines.rows[0], Line))
        if fresh or columns != lines.columns:
            lines.set_columns(columns)
        lines.style_of = _style
        rows: Sequence[Line] = lines_of(view, self.vendor) if view is not None and vendors else ()
        lines.set_rows(rows, lambda row: self._cells(view, row, vendors) if view is not None else (), key=lambda row: row.key)
        if fresh and rows:
            following = next((row.key for row in rows if row.asked is not None and not row.asked.settled), CHANGE)
            lines.go_to(self.place or following)
        page.show_detail()

    def _cells(self, view: View, row: Line, vendors: Sequence[Vendor]) -> Sequence[Cell]:
        if row.asked is not None:
            question = row.asked.question
            indent = "  ↳ " if row.asked.under else "  "
            return (f"{indent}{question.text}", *(asking.in_column(view, Asked(
                question, "", interview.state(view, vendor.code, question),
                scoring.answers(view, vendor.code).get(question.id))) for vendor in vendors))
        if row.tally is None:
            return (Content.styled(_("Vendor: {name}").format(name=vendors[0].name or vendors[0].code), "bold"),)
        counts = [next((f"{tally.done}/{tally.wanted}" for tally in interview.tallies(view, vendor.code)
                        if tally.group == row.tally.group), "") for vendor in vendors]
        return (Content.styled(row.tally.name, "bold"), *(Content.styled(f"   {count}", "bold") for count in counts))

    def detail(self, page: ListPage) -> str:
        row, view = _row(page), page.frame.view
        if row is None or view is None:
            return ""
        self.place = row.key
        vendor = view.find(Vendor, self.vendor)
        name = vendor.name if vendor is not None else ""
        if row.asked is not None:
            state = _(interview.STATES[row.asked.state])
            said = replies.said(row.asked.question, row.asked.answer) if row.asked.answer is not None else ""
            words = f"{name}: {full_stop(f'{said} ({state})' if said and row.asked.state != 'answered' else said or state)}"
            return f"{row.asked.question.text} {words}"
        if row.tally is None:
            return _("Press Enter to choose another vendor.")
        parts = [ngettext("{n} question is open.", "{n} questions are open.", row.tally.open).format(n=row.tally.open)
                 if row.tally.open else _("Nothing is open here.")]
        if row.tally.later:
            parts.append(ngettext("{n} was put off.", "{n} were put off.", row.tally.later).format(n=row.tally.later))
        section = view.catalogue.question_sections.get(row.tally.group)
        about = section.intro if section is not None else _("Ask these first. They bring surprises to light.")
        return f"{full_stop(name)} {about} {' '.join(parts)}"

    def enter(self, page: ListPage) -> None:
        row, frame = _row(page), page.frame
        if frame.view is None:
            return
        if row is None:
            open_gap(frame, Gap(kind=Vendor))
        elif row.asked is not None:
            self._open(page, row.asked.question.id)
        elif row.tally is not None:
            items = [item for item in interview.interview(frame.view, self.vendor) if item.group == row.tally.group]
            self._open(page, next((item for item in items if not item.settled), items[0]).question.id)
        else:
            vendors = self._vendors(frame.view)
            frame.app.push_screen(PickModal(_("Whose answers?"), [(row.code, row.name or row.code) for row in vendors],
                                            chosen=(self.vendor,)), lambda found: self._chosen(page, found))

    def _chosen(self, page: ListPage, found: tuple[str, ...] | None) -> None:
        if found and page.board is self:
            self.vendor = found[0]
            self.draw(page)
            page.show_detail()

    def _open(self, page: ListPage, question: str) -> None:
        def moved(vendor: str, question: str) -> None:
            if page.board is not self:
                return
            if vendor != self.vendor:
                self.vendor = vendor
                self.draw(page)
            page.lines.go_to(question)

        open_question(page.frame, self.vendor, question, moved=moved)


def _row(page: ListPage) -> Line | None:
    lines = page.lines
    row = lines.rows[lines.index] if lines.rows else None
    return row if isinstance(row, Line) else None


def _style(row: Line) -> str:
    return "-dim" if row.asked is not None and row.asked.state == "skipped" else ""
