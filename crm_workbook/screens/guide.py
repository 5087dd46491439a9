"""The first view of a chapter: its steps, what is done, and what to do next."""
from __future__ import annotations

from textual.widgets import Static

from crm_workbook.analysis.progress import StepState, chapter_progress
from crm_workbook.i18n import _
from crm_workbook.records.book import Book
from crm_workbook.widgets.lines import Column, LineList


class GuideText(Static):
    """Below the list: the whole sentence of the step under the cursor, or what a record is called."""

    def __init__(self) -> None:
        super().__init__(id="guide-text", markup=False)
        self.text = ""

    def show(self, text: str) -> None:
        """Shows a text."""
        if text != self.text:
            self.text = text
            self.update(text, layout=False)  # its height is fixed


def show_steps(lines: LineList, book: Book, chapter: str) -> None:
    """Puts the steps of a chapter into the list."""
    first = not (lines.rows and isinstance(lines.rows[0], StepState))
    steps = chapter_progress(book, chapter).steps
    lines.set_columns((Column("", min=2), Column(_("Step"), min=30, weight=1), Column("", min=6, align="right")))
    lines.style_of = lambda state: "-dim" if state.done else ""
    lines.set_rows(steps, _cells, key=lambda state: state.step.id)
    if first:  # the cursor begins on what is still to do
        lines.go_to(next((state.step.id for state in steps if not state.done), ""))


def step_in(lines: LineList) -> StepState | None:
    """The step under the cursor."""
    state = lines.rows[lines.index] if lines.rows else None
    return state if isinstance(state, StepState) else None


def _cells(state: StepState) -> tuple[str, str, str]:
    return ("✓" if state.done else "·", _(state.step.sentence), "" if state.done else f"{state.have}/{state.want}")
