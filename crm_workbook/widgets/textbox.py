"""The box for longer texts. A module of its own: TextArea is dear to import, and the first page seldom needs it."""
from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.message import Message
from textual.widgets import TextArea

from crm_workbook.records.text import visible
from crm_workbook.widgets.editors import actions_of

if TYPE_CHECKING:
    from crm_workbook.widgets.form import RecordForm


class TextBox(TextArea):
    """Several lines, wrapped; grows with its text."""

    ACTIONS = actions_of(TextArea.BINDINGS)

    def __init__(self, form: RecordForm) -> None:
        super().__init__(compact=True, highlight_cursor_line=False)
        self.cursor_blink = False
        self._form, self._loading = form, False
        self.display = False

    def post_message(self, message: Message) -> bool:
        """Changes go to the form directly; nobody else listens."""
        if isinstance(message, (TextArea.Changed, TextArea.SelectionChanged)):
            if isinstance(message, TextArea.Changed) and not self._loading:
                self._form.hand.edited(self.text)
            return True
        return super().post_message(message)

    def load(self, text: str) -> None:
        """Shows a text, cursor at its end; undo cannot go behind it."""
        self._loading = True
        self.load_text(text)
        self._loading = False
        self.move_cursor(self.document.end)

    async def _on_key(self, event: events.Key) -> None:
        event.prevent_default()
        await self._form.hand.feed(event)

    async def feed(self, event: events.Key) -> None:
        """A key that is not the form's."""
        action = self.ACTIONS.get(event.key)
        text = "\n" if event.key == "enter" else event.character if event.is_printable else None
        if action is not None and event.key != "enter":
            event.stop()
            await self.run_action(action)
        elif text:
            event.stop()
            if self._form.hand.has_room(len(text)):
                self.insert_text(text)

    def insert_text(self, text: str) -> None:
        """Inserts a text, over what is marked."""
        self.replace(text, *self.selection, maintain_selection_offset=False)

    def held(self) -> tuple[int, int]:
        """Characters in it, characters marked."""
        return len(self.text), len(self.selected_text)

    def at_edge(self, key: str) -> bool:
        """Whether the cursor is on the first or last line as wrapped."""
        y = self.wrapped_document.location_to_offset(self.cursor_location).y
        return y == 0 if key == "up" else y >= self.wrapped_document.height - 1

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self._form.hand.pasted(event.text)

    def action_paste(self) -> None:
        """ctrl+v: what was copied in this program."""
        self._form.hand.pasted(self.app.clipboard)

    def clean(self, text: str) -> str:
        """A pasted text as it can stand here."""
        return visible(text)
