"""The paper of a form: titles and values of all fields, drawn line by line. Only the field one is on has a live editor."""
from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from dataclasses import field as made
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from crm_workbook.i18n import _
from crm_workbook.records import Field
from crm_workbook.widgets.plain import ELLIPSIS, fit, flat, wrap

MARKS = 3
"""Cells for the signs at the left edge: the field one is on, needed and empty."""
TITLE = 28
LONGEST = 6
"""Most lines of a long text while one is not writing in it."""


@dataclass(eq=False)
class Slot:
    """One field on the sheet. The form sets the upper part, the sheet measures the rest."""

    field: Field
    value: str = ""
    missing: bool = False  # needed, and nothing in it
    notes: tuple[str, ...] = ()  # problem or conflict, drawn below the value
    reserved: int = 0  # lines that an editor lies on
    top: int = 0  # its first line, with the heading
    head: int = 0  # lines of the heading and the space above it
    height: int = 0  # all lines, with the heading
    titles: list[str] = made(default_factory=list)
    values: list[str] = made(default_factory=list)
    below: list[str] = made(default_factory=list)

    @property
    def first(self) -> int:
        """The line on which its title begins."""
        return self.top + self.head


class Sheet(Widget):
    """Draws slots. As high as all of them together; it lies in a container that scrolls."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "sheet--title", "sheet--current", "sheet--missing", "sheet--empty", "sheet--heading", "sheet--note", "sheet--cursor"}

    def __init__(self) -> None:
        super().__init__()
        self.slots: list[Slot] = []
        self.current: int | None = None
        """The slot that is marked as the one to write in; None while the form is not in use."""
        self.boxed = False
        """The current slot has no editor: its value is shown as the cursor."""
        self._tops: list[int] = []
        self._room = 0  # the width everything was measured for
        self._height = 1

    # ---- measuring ----

    @property
    def measured(self) -> bool:
        """Whether it is known where every field stands."""
        return self._room > 0

    @property
    def title_width(self) -> int:
        """Cells for titles."""
        return min(TITLE, max(self._room * 2 // 5 - MARKS, 8))

    @property
    def value_left(self) -> int:
        """The column at which values begin."""
        return MARKS + self.title_width + 1

    @property
    def value_width(self) -> int:
        """Cells for values."""
        return max(self._room - self.value_left, 1)

    def lay(self, slots: list[Slot]) -> None:
        """Shows these slots from now on."""
        self.slots = slots
        if self._room:
            self._measure_all(self._room)
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The height of all slots in this width; measured while Textual lays out, so that one pass is enough."""
        if width != self._room and width > 0:
            self._measure_all(width)
        return self._height

    def _measure_all(self, width: int) -> None:
        self._room = width
        for slot in self.slots:
            self._measure(slot)
        self._pile(0)

    def _measure(self, slot: Slot) -> None:
        slot.titles = wrap(flat(_(slot.field.title)), self.title_width)
        lines = wrap(slot.value, max(self.value_width - 1, 1)) if slot.value else [""]
        if len(lines) > LONGEST and not slot.reserved:
            lines = [*lines[:LONGEST - 1], f"{ELLIPSIS} " + _("({n} lines more)").format(n=len(lines) - LONGEST + 1)]
        slot.values = lines
        slot.below = [line for note in slot.notes for line in wrap(note, max(self.value_width - 1, 1))]
        height = max(slot.reserved or len(slot.values), len(slot.titles) if not slot.below else 0)
        slot.head = 0 if not slot.field.heading else 1 if slot is self.slots[0] else 2
        slot.height = slot.head + max(height + len(slot.below), len(slot.titles))

    def _pile(self, start: int) -> None:
        top = self.slots[start - 1].top + self.slots[start - 1].height if start else 0
        for slot in self.slots[start:]:
            slot.top = top
            top += slot.height
        self._tops = [slot.top for slot in self.slots]
        self._height = max(top, 1)

    def update_slot(self, index: int) -> bool:
        """Measures a slot again and draws its lines, or everything below when it has grown. Whether the height changed."""
        if not self._room:
            return False  # measured when there is a width
        slot = self.slots[index]
        height = slot.height
        self._measure(slot)
        if slot.height == height:
            self.redraw(index)
            return False
        self._pile(index)
        self.refresh(layout=True)
        self.refresh(Region(0, slot.top, self._room, max(self.slots[-1].top + self.slots[-1].height - slot.top, 1)))
        return True

    def redraw(self, index: int) -> None:
        """Draws a slot's lines again as they were measured."""
        if self._room:
            slot = self.slots[index]
            self.refresh(Region(0, slot.top, self._room, slot.height))

    def redraw_title(self, index: int) -> None:
        """Draws only the signs and the title of a slot again."""
        if self._room:
            self.refresh(Region(0, self.slots[index].first, self.value_left, 1))

    def slot_at(self, y: int) -> int | None:
        """The slot that the line belongs to."""
        index = bisect_right(self._tops, y) - 1
        return index if 0 <= index < len(self.slots) else None

    # ---- drawing ----

    def render_line(self, y: int) -> Strip:
        """One line of the sheet."""
        index, room = self.slot_at(y), max(self.size.width, 1)
        if index is None or y >= self.slots[index].top + self.slots[index].height:
            return Strip.blank(room, self.rich_style)
        slot = self.slots[index]
        style = self.get_component_rich_style
        line = y - slot.first
        if line < 0:
            heading = f" {flat(_(slot.field.heading))}" if line == -1 else ""
            return Strip([Segment(fit(heading, room), style("sheet--heading"))], room)
        here = index == self.current
        marks = (">" if here else " ") + ("!" if slot.missing else " ") if line == 0 else ""
        title = slot.titles[line] if line < len(slot.titles) else ""
        left = [Segment(fit(marks, MARKS), style("sheet--missing")),
                Segment(fit(title, self.title_width + 1), style("sheet--current" if here else "sheet--title"))]
        text, name = self._value(slot, line, here)
        width = max(room - self.value_left, 0)
        base = style(name) if name else self.rich_style
        if name == "sheet--cursor":
            shown = fit(text, min(max(len(text), 3), width)) if text.isascii() else text
            rest = width - Segment(shown).cell_length
            return Strip([*left, Segment(shown, base), Segment(" " * max(rest, 0), self.rich_style)]).crop(0, room)
        return Strip([*left, Segment(fit(text, width), base)]).crop(0, room)

    def _value(self, slot: Slot, line: int, here: bool) -> tuple[str, str]:
        """The text on a line of the value column, and its style."""
        values = slot.reserved or len(slot.values)
        if line >= values:
            below = line - values
            return (slot.below[below], "sheet--note") if below < len(slot.below) else ("", "")
        boxed = here and self.boxed
        if not slot.value and line == 0:
            if boxed:
                return _("needed") if slot.missing else "...", "sheet--cursor"
            return (_("needed"), "sheet--missing") if slot.missing else ("...", "sheet--empty")
        return slot.values[line] if line < len(slot.values) else "", "sheet--cursor" if boxed else ""

    async def _on_click(self, event: events.Click) -> None:
        """The form decides what a click means."""
        event.stop()
        from crm_workbook.widgets.form import RecordForm

        form = self.query_ancestor(RecordForm)
        form.hand.clicked(event.x, event.y)
