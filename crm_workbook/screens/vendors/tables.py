"""Several tables in one list, and sentences between them: each line brings its columns along and is drawn as wide as there is
room."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from crm_workbook.widgets.columns import GAP, Column, share
from crm_workbook.widgets.lines import MARK, LineList
from crm_workbook.widgets.plain import fit, flat, wrap

ONE: tuple[Column, ...] = (Column("", min=10, weight=1),)
"""The only column of such a list."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `cells` under `columns`, then `text` to the edge. `key` tells it from the others; a sentence that needs several
    lines has the key of the first one, a space and a number. `style`: "-warn", "-dim" or ""."""

    key: str
    cells: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    text: str = ""
    style: str = ""

    @property
    def name(self) -> str:
        """The key of the first line."""
        return self.key.partition(" ")[0]

    def drawn(self, width: int) -> str:
        """The line in this many cells."""
        parts = []
        for place in share(self.columns, width) if self.columns else ():
            if place.index < len(self.cells):
                parts.append(fit(flat(self.cells[place.index]), place.width, self.columns[place.index].align))
        if self.text:
            used = sum(map(cell_len, parts)) + GAP * len(parts)
            parts.append(fit(flat(self.text), max(width - used, 1)))
        return (" " * GAP).join(parts)


def heading(columns: tuple[Column, ...], key: str = "heading") -> Line:
    """The titles of a table."""
    return Line(key, tuple(column.title for column in columns), columns, style="-dim")


def sentence(key: str, text: str, width: int, style: str = "") -> Iterator[Line]:
    """A text in as many lines as it needs."""
    for number, part in enumerate(wrap(flat(text), max(width, 10))):
        yield Line(key if not number else f"{key} {number}", text=part, style=style)


def room(lines: LineList) -> int:
    """Cells for the text of a line."""
    return max(lines.scrollable_content_region.width - MARK, 0)


def here(lines: LineList) -> Line | None:
    """The line under the cursor."""
    row = lines.rows[lines.index] if lines.rows else None
    return row if isinstance(row, Line) else None


def fitting(tables: Sequence[tuple[Column, ...]], width: int) -> tuple[Column, ...]:
    """The first of these sets of columns that fits; the last one in any case."""
    return next((columns for columns in tables if sum(column.min + GAP for column in columns) - GAP <= width), tables[-1])
