"""The live editors of a form: an input line and a box for longer texts.

Every key goes through the form (`feed`) and is carried out at once: keys that arrive together (a slow line, a fast
typist) take effect in the order in which they were pressed, also when one of them moves on to another field.
"""
from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from textual import events
from textual.binding import Binding
from textual.message import Message
from textual.widgets import Input

from crm_workbook.records.text import one_line, visible

if TYPE_CHECKING:
    from crm_workbook.widgets.form import RecordForm


def actions_of(bindings: Iterable[Any]) -> dict[str, str]:
    """Key -> action of a widget's bindings."""
    return {key: binding.action for binding in bindings if isinstance(binding, Binding) for key in binding.key.split(",")}


class LineEditor(Input):
    """One line."""

    ACTIONS = actions_of(Input.BINDINGS)

    def __init__(self, form: RecordForm) -> None:
        super().__init__(compact=True, select_on_focus=False, validate_on=())
        self.cursor_blink = False
        self._form, self._loading = form, False
        self.display = False

    def post_message(self, message: Message) -> bool:
        """Changes go to the form directly; nobody else listens."""
        if isinstance(message, (Input.Changed, Input.Blurred, Input.Submitted)):
            if isinstance(message, Input.Changed) and not self._loading:
                self._form.hand.edited(self.value)
            return True
        return super().post_message(message)

    def load(self, text: str) -> None:
        """Shows a text, cursor at its end."""
        self._loading = True
        self.value = text
        self._loading = False
        self.cursor_position = len(text)

    async def _on_key(self, event: events.Key) -> None:
        event.prevent_default()
        await self._form.hand.feed(event)

    async def feed(self, event: events.Key) -> None:
        """A key that is not the form's."""
        action = self.ACTIONS.get(event.key)
        if action is not None:
            event.stop()
            await self.run_action(action)
        elif event.is_printable and event.character is not None:
            event.stop()
            if self._form.hand.has_room(len(event.character)):
                self.insert_text(event.character)

    def insert_text(self, text: str) -> None:
        """Inserts a text, over what is marked."""
        self.replace(text, *self.selection)

    def held(self) -> tuple[int, int]:
        """Characters in it, characters marked."""
        start, end = self.selection
        return len(self.value), abs(end - start)

    def at_edge(self, key: str) -> bool:
        """A line has nothing above or below."""
        return True

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self._form.hand.pasted(event.text)

    def action_paste(self) -> None:
        """ctrl+v: what was copied in this program."""
        self._form.hand.pasted(self.app.clipboard)

    def clean(self, text: str) -> str:
        """A pasted text as it can stand here."""
        return one_line(visible(text).strip("\n"))
