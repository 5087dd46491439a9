"""Plain text on the screen: people's texts are never markup, and nothing in them reaches the terminal as a command.

Three lines of defence: the store normalises texts, every widget draws them through `flat` or `visible` as plain text,
and `PlainFilter` stands between all widgets (also those that are not ours) and the terminal.
"""
from __future__ import annotations

import re
from typing import Literal

import rich._wrap
from rich.cells import cell_len, chop_cells, set_cell_size, split_text
from rich.segment import Segment
from textual.color import Color
from textual.content import Content
from textual.filter import LineFilter

from crm_workbook.records.text import visible

Align = Literal["left", "right", "center"]

ELLIPSIS = "…"
# Rich and Textual break lines at a no-break space like at any other; amounts such as '182 400' have to stay whole.
rich._wrap.re_word = re.compile(r"[^\S\xa0]*[\S\xa0]+[^\S\xa0]*")
_BREAKS = re.compile(r"[\t\n]+")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def plain(text: str) -> Content:
    """A person's text for any Textual widget that would otherwise read it as markup."""
    return Content(visible(text))


def flat(text: str) -> str:
    """A person's text on one line, with everything invisible made visible."""
    return _BREAKS.sub(" ", visible(text))


def fit(text: str, width: int, align: Align = "left") -> str:
    """The text in exactly `width` cells: padded, or cut with an ellipsis. `text` must be flat."""
    if width <= 0:
        return ""
    size = cell_len(text)
    if size > width:
        cut = split_text(text, width - 1)[0]
        return set_cell_size(cut.rstrip() + ELLIPSIS, width)
    if align == "right":
        return " " * (width - size) + text
    if align == "center":
        return " " * ((width - size) // 2) + text + " " * (width - size - (width - size) // 2)
    return text + " " * (width - size)


def wrap(text: str, width: int) -> list[str]:
    """The lines of a text in `width` cells, broken between words (never at a no-break space); words that are
    longer are cut. At least one line."""
    lines: list[str] = []
    for paragraph in visible(text).expandtabs(4).split("\n"):
        lines += [paragraph] if cell_len(paragraph) <= width else _wrap_paragraph(paragraph, max(width, 1))
    return lines


def _wrap_paragraph(paragraph: str, width: int) -> list[str]:
    lines, line, used = [], "", 0
    for word in re.findall(r"[^\S\xa0]*[\S\xa0]+|[^\S\xa0]+$", paragraph):
        size = cell_len(word)
        if used + size > width and used:
            lines.append(line)
            word = word.lstrip()
            line, used, size = "", 0, cell_len(word)
        if size > width:
            *heads, word = chop_cells(word, width)
            lines += heads
            size = cell_len(word)
        line, used = line + word, used + size
    return [*lines, line]


class PlainFilter(LineFilter):
    """The last gate before the terminal: takes control and direction characters out of whatever is drawn.

    Control characters are zero cells wide to Textual, so they are deleted and every width stays right; a lone surrogate
    is one cell wide and becomes U+FFFD. The app adds it in `get_line_filters`. All of them are equal: Textual keeps filtered
    lines by their filter.
    """

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self)

    def __hash__(self) -> int:
        return hash(type(self))

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments without anything that a terminal would obey."""
        if not any(_UNSAFE.search(segment.text) for segment in segments):
            return segments
        return [segment if segment.control else Segment(safe(segment.text), segment.style) for segment in segments]


def safe(text: str) -> str:
    """The text as `PlainFilter` lets it through."""
    return _SURROGATE.sub("\ufffd", _CONTROL.sub("", text))
