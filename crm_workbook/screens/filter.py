"""The line in which one types what to find in a list."""
from __future__ import annotations

from dataclasses import dataclass

from textual import events, on
from textual.message import Message
from textual.widgets import Input

from crm_workbook.i18n import _

LEAVING = ("escape", "f3", "down", "tab")


class FilterLine(Input):
    """Narrows the list at each key. Enter goes back to the list (or to the code that was typed), Escape shows all again."""

    @dataclass
    class Narrowed(Message):
        """Show only what holds this text."""

        text: str

    @dataclass
    class Closed(Message):
        """Back to the list; `entered`: by Enter, which may have meant a code."""

        text: str
        entered: bool

    def __init__(self) -> None:
        super().__init__(compact=True, placeholder=_("Type what to find, or a code such as R12; Enter goes there"))
        self.cursor_blink = False
        self.display = False
        self.taking = False
        """Whether keys are for it, be the focus there yet or not."""

    def show(self, text: str) -> None:
        """Puts a text there that is in force already; without one the line is hidden."""
        with self.prevent(Input.Changed):
            self.value = text
        self.display, self.taking = bool(text), False

    def open(self) -> None:
        """Shows the line and takes the keys."""
        self.display = self.taking = True
        self.focus()

    def take(self, event: events.Key) -> bool:
        """A key that came before the focus was here."""
        if event.key == "enter":
            self.post_message(self.Closed(self.value, entered=True))
        elif event.key in LEAVING:
            self.post_message(self.Closed("" if event.key == "escape" else self.value, entered=False))
        elif event.is_printable and event.character:
            self.insert_text_at_cursor(event.character)
        elif event.key == "backspace":
            self.action_delete_left()
        else:
            return False
        return True

    @on(Input.Changed)
    def _narrow(self, message: Input.Changed) -> None:
        message.stop()
        self.post_message(self.Narrowed(message.value))

    @on(Input.Submitted)
    def _enter(self, message: Input.Submitted) -> None:
        message.stop()
        self.post_message(self.Closed(message.value, entered=True))

    async def _on_key(self, event: events.Key) -> None:
        if event.key in LEAVING:
            event.stop()
            event.prevent_default()
            self.post_message(self.Closed("" if event.key == "escape" else self.value, entered=False))
            return
        await super()._on_key(event)
