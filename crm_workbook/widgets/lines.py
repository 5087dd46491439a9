"""The one list of the house: draws only the lines one can see, whether there are ten records or a hundred thousand."""
from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from crm_workbook.i18n import _
from crm_workbook.widgets.columns import GAP, Column, Place, share
from crm_workbook.widgets.plain import fit, flat, wrap

Cell = str | Content | Text
"""A person's text (drawn as it is), or a text of ours with styles."""
MARK = 2
"""Cells at the left edge: the sign of the line one is on, and a space."""
_KEPT = 4000  # drawn lines kept in memory
_WHEEL = 3  # lines a turn of the wheel


def key_of(row: Any) -> str:
    """What tells a row from the others when nobody says otherwise: its code, or the row itself when it is a text."""
    return row if isinstance(row, str) else str(row.code)


class LineList(ScrollView, can_focus=True, inherit_bindings=False):
    """A list with one line a record, a header, and a cursor that stays on its record when the rows change.

    The texts of a line are asked for when the line is drawn and not before.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k,л", "move(-1)", "Up", show=False), Binding("down,j,о", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False), Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home,g,п", "first", "First", show=False), Binding("end,G,П", "last", "Last", show=False),
        Binding("enter", "select", "Open", show=False)]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "lines--header", "lines--cursor", "lines--here", "lines--warn", "lines--dim", "lines--empty"}

    @dataclass
    class Highlighted(Message):
        """The cursor has come to another record. `key` is "" when the list is empty."""

        lines: LineList
        key: str

        @property
        def control(self) -> LineList:
            """The list (for `@on` with a selector)."""
            return self.lines

    @dataclass
    class Selected(Message):
        """Enter or a double click on a record."""

        lines: LineList
        key: str

        @property
        def control(self) -> LineList:
            """The list."""
            return self.lines

    @dataclass
    class HeaderClicked(Message):
        """A click on a column's title: sort by it. `column` counts from 0."""

        lines: LineList
        column: int

        @property
        def control(self) -> LineList:
            """The list."""
            return self.lines

    def __init__(self, columns: Sequence[Column], *, empty: str = "", style_of: Callable[[Any], str] | None = None,
                 header: bool = True, always_active: bool = False, id: str | None = None, classes: str | None = None) -> None:
        """`empty`: what is shown while there are no rows. `style_of` gives a row's style, "-warn", "-dim" or "".
        `always_active`: the cursor looks alive without the focus (an input line steers the list)."""
        super().__init__(id=id, classes=classes)
        self.columns = tuple(columns)
        self.rows: Sequence[Any] = ()
        self.empty = empty
        self.style_of = style_of
        self.header = 1 if header else 0
        self.always_active = always_active
        self.index = 0
        self._cells: Callable[[Any], Sequence[Cell]] = lambda row: (str(row),)
        self._key: Callable[[Any], str] = key_of
        self._told: str | None = None  # the key of the last Highlighted
        self._other = False  # the next rows are another list: where the cursor is in this one means nothing there
        self._sort: tuple[int, bool] | None = None
        self._places: tuple[Place, ...] = ()
        self._width = 0  # for which the places were made
        self._lines: dict[int, tuple[object, Strip]] = {}  # index -> what the line was drawn from, the line
        self._cursor: tuple[int, object] = -1, None  # the same of the cursor line

    # ---- what is in it ----

    def set_rows(self, rows: Sequence[Any], cells: Callable[[Any], Sequence[Cell]], *,
                 key: Callable[[Any], str] = key_of, stay: bool = True) -> None:
        """Shows these rows (kept, not copied). The cursor stays on its record, or with `stay` False goes to the first line;
        only lines that look different are drawn."""
        before, here = len(self.rows), self.key
        self.rows, self._cells, self._key = rows, cells, key
        self.index = self._find(here, 0 if self._other else self.index) if stay else 0
        self._other = False
        self._rows_changed(before)

    def _rows_changed(self, before: int) -> None:
        count = len(self.rows)
        drawn, self._lines = self._lines, {}
        if count != before or not count:
            self._resize(Size(0, count + self.header if count else 0))
        if not count or not before:
            self.refresh()
        else:
            top = self.scroll_offset.y
            for index in range(top, top + self.size.height):
                if index < count and index == self.index == self._cursor[0] and self._cursor[1] == self._content(index):
                    continue
                if (index < count and index not in (self.index, self._cursor[0]) and (old := drawn.get(index)) is not None
                        and old[0] == self._content(index)):
                    self._lines[index] = old
                else:
                    self._refresh_row(index)
        self._show_cursor()
        self._tell()

    def _resize(self, size: Size) -> None:
        """How high all rows together are. The scroll bar is always there, so the screen need not be laid out for it."""
        self.set_reactive(LineList.virtual_size, size)
        if self.is_mounted:
            self.vertical_scrollbar.window_virtual_size = size.height

    def refresh_rows(self, keys: Collection[str]) -> None:
        """Draws the lines of these records again; what cannot be seen costs nothing."""
        top = self.scroll_offset.y
        for index in range(top, min(top + self.size.height, len(self.rows))):
            if self._key(self.rows[index]) in keys:
                self._lines.pop(index, None)
                self._refresh_row(index)
        self._lines = {index: line for index, line in self._lines.items() if top <= index < top + self.size.height}

    @property
    def key(self) -> str:
        """The key of the record the cursor is on; "" in an empty list."""
        return self._key(self.rows[self.index]) if self.index < len(self.rows) else ""

    @property
    def sort(self) -> tuple[int, bool] | None:
        """Column and whether it falls; only the sign in the header, sorting is up to the screen."""
        return self._sort

    @sort.setter
    def sort(self, sort: tuple[int, bool] | None) -> None:
        self._sort = sort
        self.refresh(Region(0, 0, self.size.width, 1))

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Other columns from now on; `set_rows` with cells to match comes next. If the record the cursor is on is not among
        those, the cursor starts at the first one."""
        self.columns, self._sort, self._lines, self._other = tuple(columns), None, {}, True
        self._width = 0
        self.refresh()

    def go_to(self, key: str) -> bool:
        """Puts the cursor on a record; False when it is not in the list."""
        index = self._find(key, self.index)
        if index < len(self.rows) and self._key(self.rows[index]) == key:
            self._go(index)
            return True
        return False

    def _find(self, key: str, near: int) -> int:
        """The row with this key, looked for from `near` outwards; the nearest row there is when it has gone."""
        count = len(self.rows)
        near = max(min(near, count - 1), 0)
        if not key:
            return near
        for step in range(max(near, count - 1 - near) + 1):
            for index in (near - step, near + step):
                if 0 <= index < count and self._key(self.rows[index]) == key:
                    return index
        return near

    # ---- keys and mouse ----

    async def _on_key(self, event: events.Key) -> None:
        """Keys of ours at once and in order, without the way up to the app and back."""
        for binding in self._bindings.key_to_bindings.get(event.key, ()):
            event.stop()
            event.prevent_default()
            await self.run_action(binding.action)
            return

    def action_move(self, by: int) -> None:
        """Moves the cursor by so many lines."""
        self._go(self.index + by)

    def action_page(self, pages: int) -> None:
        """Moves the cursor by so many screens."""
        self._go(self.index + pages * max(self._height - 1, 1))

    def action_first(self) -> None:
        """Goes to the first line."""
        self._go(0)

    def action_last(self) -> None:
        """Goes to the last line."""
        self._go(len(self.rows) - 1)

    def action_select(self) -> None:
        """Opens the record under the cursor."""
        if self.rows:
            self.post_message(self.Selected(self, self.key))

    async def _on_click(self, event: events.Click) -> None:
        event.stop()
        if event.y < self.header:
            column = self._column_at(event.x)
            if column is not None:
                self.post_message(self.HeaderClicked(self, column))
            return
        if self.go_to_line(event.y) and event.chain == 2:
            self.action_select()

    def go_to_line(self, y: int) -> bool:
        """Puts the cursor on the record on this line of the widget; False when there is none."""
        index = y - self.header + self.scroll_offset.y
        if y >= self.header and index < len(self.rows):
            self._go(index)
            return True
        return False

    def _column_at(self, x: int) -> int | None:
        left = MARK
        for place in self._places:
            if left <= x < left + place.width + GAP:
                return place.index
            left += place.width + GAP
        return None

    def _on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        event.prevent_default()
        self.scroll_to(y=self.scroll_offset.y + _WHEEL, animate=False)

    def _on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        event.prevent_default()
        self.scroll_to(y=self.scroll_offset.y - _WHEEL, animate=False)

    def _go(self, index: int) -> None:
        index = max(min(index, len(self.rows) - 1), 0)
        if index != self.index:
            self._refresh_row(self.index)
            self.index = index
            self._refresh_row(index)
            self._tell()
        self._show_cursor()

    def _tell(self) -> None:
        key = self.key
        if key != self._told:
            self._told = key
            self.post_message(self.Highlighted(self, key))

    @property
    def _height(self) -> int:
        """How many rows fit on the screen."""
        return self.size.height - self.header

    def _show_cursor(self) -> None:
        """Scrolls when the cursor has left the window: by a third of it, for a line at a time repaints everything."""
        top, height = self.scroll_offset.y, self._height
        if height <= 0 or top <= self.index < top + height:
            return
        third = height // 3
        if self.index < top:
            top = self.index - (third if top - self.index <= third else 0)
        else:
            top = self.index - height + 1 + (third if self.index - top - height < third else 0)
        self.scroll_to(y=max(top, 0), animate=False, force=True)

    # ---- drawing ----

    def _on_resize(self, event: events.Resize) -> None:
        self._show_cursor()

    def _measure(self, width: int) -> None:
        self._width, self._places, self._lines = width, share(self.columns, width - MARK), {}

    def notify_style_update(self) -> None:
        """Another theme: every line looks different."""
        self._lines.clear()
        super().notify_style_update()

    def _refresh_row(self, index: int) -> None:
        y = index - self.scroll_offset.y + self.header
        if self.header <= y < self.size.height:
            self.refresh(Region(0, y, self.size.width, 1))

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(name)

    def _content(self, index: int) -> tuple[object, ...]:
        """What a row's line is drawn from: its style and its cells. Equal contents look the same."""
        row = self.rows[index]
        return (self.style_of(row) if self.style_of else "", *self._cells(row))

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        width = self.scrollable_content_region.width
        if width != self._width:
            self._measure(width)
        if not self.rows:
            return self._empty_line(y, width)
        if y < self.header:
            return Strip([Segment(self._header(width), self._style("lines--header"))], width)
        index = y - self.header + self.scroll_offset.y
        if index >= len(self.rows):
            return Strip.blank(width, self.rich_style)
        if index == self.index:
            alive = self.has_focus or self.always_active
            style = self._style("lines--cursor" if alive else "lines--here")
            self._cursor = index, (content := self._content(index))
            return Strip([Segment(self._text(content, ">", width), style)], width)
        kept = self._lines.get(index)
        if kept is None:
            if len(self._lines) >= _KEPT:
                self._lines.clear()
            content = self._content(index)
            kept = self._lines[index] = content, self._draw(content, width)
        return kept[1]

    def _header(self, width: int) -> str:
        parts = []
        for place in self._places:
            column = self.columns[place.index]
            title = flat(_(column.title))
            if self._sort is not None and self._sort[0] == place.index:
                title = fit(title, min(len(title), place.width - 2)) + (" ▼" if self._sort[1] else " ▲")
            parts.append(fit(title, place.width, column.align))
        return fit(" " * MARK + (" " * GAP).join(parts), width)

    def _text(self, content: Sequence[object], mark: str, width: int) -> str:
        cells = content[1:]
        parts = [fit(flat(str(getattr(cells[place.index], "plain", cells[place.index]))), place.width,
                     self.columns[place.index].align) for place in self._places if place.index < len(cells)]
        return fit(f"{mark:<{MARK}}" + (" " * GAP).join(parts), width)

    def _draw(self, content: Sequence[object], width: int) -> Strip:
        """A line that the cursor is not on. Texts next to each other in one style become one segment: fewer bytes."""
        base = self.rich_style
        if content[0]:
            base += self._style(f"lines-{content[0]}")
        segments, run, used = [], " " * MARK, 0
        for number, place in enumerate(self._places):
            if place.index + 1 >= len(content):
                break
            cell, align = content[place.index + 1], self.columns[place.index].align
            if number:
                run += " " * GAP
            if isinstance(cell, str):
                run += fit(flat(cell), place.width, align)
                continue
            pad = max(place.width - _cells_of(cell), 0)
            left = {"left": 0, "right": pad, "center": pad // 2}[align]
            segments.append(Segment(run + " " * left, base))
            segments += self._styled(cell, place.width, base)
            run = " " * (pad - left)
        segments.append(Segment(run, base))
        used = sum(segment.cell_length for segment in segments)
        return Strip([*segments, Segment(" " * max(width - used, 0), base)]).crop(0, width)

    def _styled(self, cell: object, width: int, base: Style) -> list[Segment]:
        if isinstance(cell, Content):
            parts = cell.truncate(width, ellipsis=True).render_segments(self.visual_style)
        else:
            assert isinstance(cell, Text)
            text = cell.copy()
            text.truncate(width, overflow="ellipsis")
            parts = list(text.render(self.app.console, end=""))
        return [Segment(flat(text), base + style if style else base) for text, style, _control in parts]

    def _empty_line(self, y: int, width: int) -> Strip:
        lines = wrap(self.empty, max(min(width - 4, 70), 1)) if self.empty else []
        top = max((self.size.height - len(lines)) // 3, 0)
        text = lines[y - top] if top <= y < top + len(lines) else ""
        return Strip([Segment(fit(text, width, "center"), self._style("lines--empty"))], width)


def _cells_of(cell: object) -> int:
    length = getattr(cell, "cell_length", None)  # Content
    return int(length if length is not None else getattr(cell, "cell_len", 0))


__all__ = ["Cell", "Column", "LineList", "key_of"]
