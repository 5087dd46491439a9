"""The line of lists in a chapter: the open one in the middle of as many neighbours as fit."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget


@dataclass(frozen=True, slots=True)
class Tab:
    """One list: its name and how many records it has (None: not counted)."""

    id: str
    title: str
    count: int | None

    @property
    def text(self) -> str:
        """Name and count."""
        return self.title if self.count is None else f"{self.title} {self.count}"


class Tabs(Widget):
    """One line. ‹ and › say that there is more; left and right move (they belong to the page), a click chooses."""

    tabs: reactive[tuple[Tab, ...]] = reactive(())
    open: reactive[str] = reactive("")
    code: reactive[str] = reactive("")
    """The record one is writing in, shown behind the open list."""

    @dataclass
    class Chosen(Message):
        """A list was clicked."""

        id: str

    def show(self, tabs: Sequence[Tab], open_: str, code: str = "") -> None:
        """Shows these lists, one of them open, and the record in it that somebody writes in."""
        self.tabs, self.open, self.code = tuple(tabs), open_, code

    def _text(self, tab: Tab) -> str:
        return f"{tab.text} › {self.code}" if self.code and tab.id == self.open else tab.text

    def _window(self) -> tuple[int, int]:
        """The lists that fit around the open one: from, to (not included)."""
        if not self.tabs:
            return 0, 0
        here = next((index for index, tab in enumerate(self.tabs) if tab.id == self.open), 0)
        first, last, room = here, here + 1, self.size.width - 4 - cell_len(self._text(self.tabs[here])) - 2
        while True:
            grown = False
            for index in (last, first - 1):
                if 0 <= index < len(self.tabs) and (need := cell_len(self.tabs[index].text) + 2) <= room:
                    room, grown = room - need, True
                    first, last = min(first, index), max(last, index + 1)
            if not grown:
                return first, last

    def _places(self) -> list[tuple[int, int, Tab]]:
        first, last = self._window()
        x, places = 2, list[tuple[int, int, Tab]]()
        for tab in self.tabs[first:last]:
            end = x + cell_len(self._text(tab)) + 2
            places.append((x, end, tab))
            x = end
        return places

    def render(self) -> Content:
        first, last = self._window()
        parts = [Content("‹ " if first else "  ")]
        for _start, _end, tab in self._places():
            parts.append(Content.styled(f"[{self._text(tab)}]", "bold reverse") if tab.id == self.open
                         else Content(f" {tab.text} "))
        parts.append(Content(" ›" if last < len(self.tabs) else ""))
        return Content("").join(parts)

    def on_click(self, event: events.Click) -> None:
        for start, end, tab in self._places():
            if start <= event.x < end:
                self.post_message(self.Chosen(tab.id))
                return
        index = self._window()[0] - 1 if event.x < 2 else self._window()[1]
        if 0 <= index < len(self.tabs):
            self.post_message(self.Chosen(self.tabs[index].id))
