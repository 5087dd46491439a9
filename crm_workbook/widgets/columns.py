"""How columns share the width of a list."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm_workbook.widgets.plain import Align

GAP = 2
"""Empty cells between two columns."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: at least `min` cells wide; what is left of the line is shared by `weight`. Weight 0: exactly `min`."""

    title: str
    min: int = 8
    weight: int = 0
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a column stands: its number among the columns given, and its width in cells."""

    index: int
    width: int


def share(columns: Sequence[Column], width: int) -> tuple[Place, ...]:
    """The columns that fit into `width` cells, from the left; the others are left out. The first one is always there."""
    kept: list[int] = []
    used = 0
    for index, column in enumerate(columns):
        needed = column.min + (GAP if kept else 0)
        if kept and used + needed > width:
            break
        kept.append(index)
        used += needed
    spare, weights = max(width - used, 0), sum(columns[index].weight for index in kept)
    places = []
    for index in kept:
        weight = columns[index].weight
        more = spare * weight // weights if weights else 0
        spare, weights = spare - more, weights - weight
        places.append(Place(index, min(columns[index].min + more, max(width, 1))))
    return tuple(places)
