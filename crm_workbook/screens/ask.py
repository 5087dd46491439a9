"""A question with a few answers, and nothing chosen by accident: the first answer is the harmless one."""
from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from crm_workbook.i18n import _
from crm_workbook.widgets.lines import Column, LineList


class AskModal(ModalScreen[str]):
    """Ends with the id of the answer, "" when none was given. `details`: lines of text below the question."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f3", "dismiss('')", show=False)]

    def __init__(self, question: str, answers: Sequence[tuple[str, str]], details: Sequence[str] = ()) -> None:
        super().__init__()
        self.question, self.answers, self.details = question, answers, details

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -small"):
            yield Static(self.question, classes="question", markup=False)
            yield Static("\n".join(self.details), classes="details", markup=False)
            yield LineList((Column("", min=20, weight=1),), header=False)
            yield Static(_("Enter: take the marked answer. Esc: leave everything as it is."), classes="details", markup=False)

    def on_mount(self) -> None:
        lines = self.query_one(LineList)
        lines.set_rows(self.answers, lambda answer: (answer[1],), key=lambda answer: answer[0])
        lines.focus()

    def on_key(self, event: events.Key) -> None:
        """Enter that was quicker than the list."""
        if event.key == "enter":
            event.stop()
            self.dismiss(self.answers[self.query_one(LineList).index][0])

    @on(LineList.Selected)
    def _answered(self, message: LineList.Selected) -> None:
        self.dismiss(message.key)
