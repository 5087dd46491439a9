"""The frame around every page: title bar, chapters, key line, and the bar that says when nothing is being saved."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from crm_workbook.i18n import _
from crm_workbook.screens.chapters import CHAPTERS

SIGNS = {"blocker": "!!", "serious": "!", "warn": "·", "info": "i"}
"""How grave a finding is, in one character."""


class TitleBar(Widget):
    """The first line: whose workbook this is, who sits here."""

    company: reactive[str] = reactive("")
    right: reactive[tuple[str, ...]] = reactive(())
    """What stands at the right, in more and in fewer words: the first that fits."""

    def render(self) -> Content:
        width, left = self.size.width, " CRM Workbook" + (f"  {self.company}" if self.company else "")
        fitting = (f" {words} " for words in self.right if cell_len(left) + cell_len(words) + 3 <= width)
        right = next(fitting, f" {self.right[-1]} " if self.right else "")
        return Content(set_cell_size(left, max(0, width - cell_len(right))) + right)


class AlertBar(Widget):
    """Says that nothing is being saved, and why. Hidden while all is well."""

    reason: reactive[str] = reactive("", layout=True)

    def watch_reason(self, reason: str) -> None:
        self.display = bool(reason)

    def render(self) -> Content:
        return Content(" " + _("Nothing is being saved: {reason}").format(reason=self.reason))


class HintBar(Widget):
    """What the workbook has to say just now: the next step, what was done. Above the key line, never over the work."""

    sentence: reactive[str] = reactive("", layout=True)

    def watch_sentence(self, sentence: str) -> None:
        self.display = bool(sentence)

    def render(self) -> Content:
        return Content(self.sentence)


class ChapterList(Widget):
    """The ten chapters with their progress; the open one is marked. A click opens a chapter."""

    open: reactive[str] = reactive("overview")
    shares: reactive[Mapping[str, float]] = reactive({})
    alarms: reactive[tuple[int, int, int]] = reactive((0, 0, 0))
    """How many findings of the radar are blockers, serious, and warnings."""

    @dataclass
    class Chosen(Message):
        """A chapter was clicked."""

        id: str

    def render(self) -> Content:
        width, lines = self.size.width, list[Content]()
        for chapter in CHAPTERS:
            share = self.shares.get(chapter.id)
            figure = "" if share is None else f"{int(share * 100):3}%"
            if chapter.id == "radar":
                figure = " ".join(f"{n}{SIGNS[severity]}" for n, severity in zip(
                    self.alarms, ("blocker", "serious", "warn"), strict=True) if n)
            name = set_cell_size(chapter.title, width - 4 - cell_len(figure))
            active = chapter.id == self.open
            line = f"{'▌' if active else ' '}{chapter.digit} {name}{figure} "
            lines.append(Content.styled(line, "reverse bold" if active else ""))
        return Content("\n").join(lines)

    def on_click(self, event: events.Click) -> None:
        if 0 <= event.y < len(CHAPTERS):
            self.post_message(self.Chosen(CHAPTERS[event.y].id))


class KeyLine(Widget):
    """The last line: at most six keys for what one can do here; a click does it."""

    keys: reactive[Sequence[tuple[str, str, str]]] = reactive(())
    """(command id, key, label), the help key first."""

    @dataclass
    class Chosen(Message):
        """A key of the line was clicked."""

        id: str

    def _fitting(self) -> list[tuple[int, int, str, str, str]]:
        """(from column, to column, id, key, label) of the keys that fit."""
        shown, x = list[tuple[int, int, str, str, str]](), 1
        for id_, key, label in self.keys:
            end = x + cell_len(key) + 1 + cell_len(label)
            if end > self.size.width:
                break
            shown.append((x, end, id_, key, label))
            x = end + 2
        return shown

    def render(self) -> Content:
        parts = [Content(" ")]
        for _from, _to, _id, key, label in self._fitting():
            parts += [Content.styled(key, "bold"), Content(f" {label}  ")]
        return Content("").join(parts)

    def on_click(self, event: events.Click) -> None:
        for start, end, id_, _key, _label in self._fitting():
            if start <= event.x < end:
                self.post_message(self.Chosen(id_))
