"""What a form lies on: the container that scrolls it, and the two lines at its foot."""
from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual import events
from textual.containers import ScrollableContainer
from textual.strip import Strip
from textual.widget import Widget

from crm_workbook.widgets.plain import ELLIPSIS, fit, wrap

if TYPE_CHECKING:
    from crm_workbook.widgets.form import RecordForm


class Paper(ScrollableContainer, can_focus=True, inherit_bindings=False):
    """Holds the sheet and the editor, and scrolls. Has the focus while the field one is in has no editor."""

    def __init__(self, form: RecordForm, *children: Widget) -> None:
        super().__init__(*children)
        self._form = form

    async def _on_key(self, event: events.Key) -> None:
        event.prevent_default()
        await self._form.hand.feed(event)

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Letters are for the form, not for commands."""
        return character is not None and character.isprintable() and character not in "?="

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        self._form.hand.pasted(event.text)

    async def _on_resize(self, event: events.Resize) -> None:
        self._form.lay_out()


class HelpLine(Widget):
    """Two lines at the foot of the form: what belongs into the field, or what is wrong."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.problem = "", False

    def say(self, text: str, problem: bool = False) -> None:
        """Shows a sentence."""
        if (text, problem) != (self.text, self.problem):
            self.text, self.problem = text, problem
            self.set_class(problem, "-problem")
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """One of the lines."""
        width, lines = self.size.width, wrap(self.text, max(self.size.width, 1))
        text = lines[y] if y < len(lines) else ""
        if y == self.size.height - 1 and y + 1 < len(lines):
            text = fit(text, width - 1).rstrip(f" {ELLIPSIS}") + ELLIPSIS
        return Strip([Segment(fit(text, width), self.rich_style)], width)
