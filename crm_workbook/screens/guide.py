"""The first view of a chapter: its steps, what is done, and what to do next."""
from __future__ import annotations

import re

from textual.widgets import Static

from crm_workbook.analysis.progress import StepState, chapter_progress
from crm_workbook.i18n import _
from crm_workbook.records.book import Book
from crm_workbook.screens.words import full_stop
from crm_workbook.widgets.lines import Column, LineList

SENTENCE = re.compile(r"(?<=[.?])\s")
"""Where one sentence ends and the next one begins."""


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


def words_of(state: StepState) -> str:
    """What is said of a step that is done, instead of what is to do."""
    title, have = _(state.step.kind.declared.title), max(state.have, state.want)
    counted = _("{have} of {want}").format(have=have, want=state.want) if state.want > 1 else ""
    return full_stop(_("This step is done: {what}").format(what=", ".join(filter(None, (title, counted))))) + " " + _(
        "Press Enter to look at it.")


def _cells(state: StepState) -> tuple[str, str, str]:
    """The sign, what is to do (why stands below the list), and how far it is."""
    asked = SENTENCE.split(_(state.step.sentence), maxsplit=1)[0]
    return "✓" if state.done else "·", asked, _("done") if state.done else f"{state.have}/{state.want}"
