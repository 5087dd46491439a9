"""What the sheets of the chapter Vendors share: a whole screen with a heading, lines, words about the line under the cursor,
and keys of its own, so that digits and letters are free for marks."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from crm_workbook.i18n import N_, _
from crm_workbook.records.edits import Edit
from crm_workbook.screens.dialogs import Dialog, DialogKey, DialogLines, foot
from crm_workbook.widgets.columns import Column
from crm_workbook.widgets.lines import Cell, LineList

if TYPE_CHECKING:
    from crm_workbook.analysis.facts.view import View
    from crm_workbook.screens.workbook import WorkbookScreen

_WIDE = 1000  # cells: more than any line has
_FRAME = 4  # lines of the heading and of the keys, mostly
Act = Callable[[], None]
"""What is to be done on the screen below when the sheet has gone."""


class Sheet(Dialog["Act | None"]):
    """One sheet. A subclass says what stands in it (`head`, `columns`, `rows`, `cells`, `detail`) and declares its `KEYS`.

    It is drawn again for each new Book (`show`); it keeps nothing that the Book holds. `open_sheet` pushes it.
    """

    ABOUT: ClassVar[str] = ""
    """What one does here, for the help page; marked with N_."""
    KEYS: ClassVar[tuple[DialogKey, ...]] = ()
    MOVES: ClassVar[tuple[tuple[str, str], ...]] = ()
    """Keys and what they do that stand in the last line before those of `KEYS`."""
    HEADER: ClassVar[bool] = True
    DETAIL: ClassVar[int] = 5
    """Lines for the words about the line under the cursor, at least."""

    UNDO: ClassVar[DialogKey] = DialogKey("u", "undo", N_("undo"), N_("takes back what you did last"))
    BINDINGS: ClassVar[list[BindingType]] = [UNDO.binding(), Binding("ctrl+z", "undo", show=False),
                                             Binding("ctrl+p", "everything", show=False)]

    said = ""  # what the last key did, or why it did nothing
    said_at = ""  # the line on which that was said

    def __init__(self, frame: WorkbookScreen) -> None:
        super().__init__(frame)
        self._sent: dict[str, View] = {}  # lines that a key has changed, and the facts it saw

    def __init_subclass__(cls, **more: Any) -> None:
        cls.BINDINGS = [*cls.__dict__.get("BINDINGS", ()), *(key.binding() for key in cls.KEYS)]
        super().__init_subclass__(**more)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -full"):
            yield Static(classes="sheet-head", markup=False)
            yield self.make_lines()
            with VerticalScroll(classes="sheet-detail"):
                yield Static(markup=False)
            yield Static(classes="sheet-keys", markup=False)

    def make_lines(self) -> DialogLines:
        """Its list."""
        lines = DialogLines(self, self.columns(), self.style_of)
        lines.header = 1 if self.HEADER else 0
        return lines

    def on_mount(self) -> None:
        self.show()
        self.lines.focus()

    def on_resize(self) -> None:
        if self.is_mounted and self.query(DialogLines):
            self.show()

    @property
    def room(self) -> int:
        """Cells of a line, without the edges."""
        return self.app.size.width - 4

    # ---- what stands in it ----

    def head(self) -> Content:
        """The heading."""
        raise NotImplementedError

    def columns(self) -> Sequence[Column]:
        """The columns of its lines, as things are now."""
        raise NotImplementedError

    def rows(self) -> Sequence[Any]:
        """Its lines."""
        raise NotImplementedError

    def cells(self, row: Any) -> Sequence[Cell]:
        """The texts of a line."""
        raise NotImplementedError

    def key(self, row: Any) -> str:
        """What tells a line from the others."""
        return str(row.key)

    def style_of(self, row: Any) -> str:
        """ "-warn", "-dim" or "" """
        return ""

    def detail(self) -> Content:
        """What is said about the line under the cursor."""
        return Content("")

    def keys(self) -> Sequence[tuple[str, str]]:
        """The keys that do something now, and what."""
        return (*self.MOVES, *((key.key, _(key.label)) for key in self.KEYS))

    # ---- drawing ----

    @property
    def row(self) -> Any:
        """The line under the cursor, or None."""
        lines = self.lines
        return lines.rows[lines.index] if lines.rows else None

    def show(self) -> None:
        columns = tuple(self.columns())
        if columns != self.lines.columns:
            here = self.lines.key
            self.lines.set_columns(columns)
            self.lines.set_rows(self.rows(), self.cells, key=self.key)
            self.lines.go_to(here)
        else:
            self.lines.set_rows(self.rows(), self.cells, key=self.key)
        lines = self.lines  # as high as it needs, so that the words follow the last line; those have room in any case
        lines.styles.height = max(1, min(max(len(lines.rows), 3) + lines.header, self.app.size.height - self.DETAIL - _FRAME))
        self.query_one(".sheet-head", Static).update(self.head())
        self.show_detail()

    def show_detail(self) -> None:
        """Draws what is said about the line, and the keys."""
        said = [Content.styled(f"{self.said}\n", "bold")] if self.said else []
        self.query_one(".sheet-detail Static", Static).update(Content("").join([*said, self.detail()]))
        self.query_one(".sheet-keys", Static).update(self._foot())

    def _foot(self) -> Content:
        """The keys; that of undo where there is room for it."""
        keys, undo = self.keys(), (self.UNDO.key, _(self.UNDO.label))
        longer = foot((*keys, undo), _WIDE)
        return longer if undo not in keys and longer.cell_length <= self.room else foot(keys, self.room)

    @on(LineList.Highlighted)
    def _moved(self, message: LineList.Highlighted) -> None:
        message.stop()
        if self.lines.key != self.said_at:  # else it is a line that came under the cursor by what was said
            self.said = ""
        self.said_at = ""
        self.show_detail()

    @on(LineList.Selected)
    def _selected(self, message: LineList.Selected) -> None:
        message.stop()
        self.follow()

    # ---- what can be done ----

    def say(self, sentence: str) -> None:
        """What a key did, or why it did nothing, above the words about the line."""
        self.said, self.said_at = sentence, self.lines.key
        self.show_detail()

    def write(self, *edits: Edit, ticket: str = "") -> None:
        """Hands edits over; the sheet is drawn again when they are in the Book."""
        if self.frame.session is not None:
            self.frame.session.submit(edits, ticket=ticket)

    def waits(self, key: str) -> bool:
        """Whether what was done to this line is still on its way; notes that it is, until the next Book."""
        if self._sent.get(key) is self.view:
            return True
        self._sent[key] = self.view
        return False

    def turned_down(self) -> None:
        self._sent.clear()
        self.refresh_book()

    def action_undo(self) -> None:
        """Takes back what was done last; what that was is said here when it is done."""
        if self.frame.session is not None:
            self.frame.session.undo()

    def leave_for(self, act: Act) -> None:
        """Closes the sheet and does something on the screen below it."""
        self.end(act)

    def action_everything(self) -> None:
        """Finds a board, a list or a record, and leads there."""
        from crm_workbook.screens.find import everything

        self.end(lambda: everything(self.frame))

    def action_help(self) -> None:
        """What one does on this sheet, and its keys."""
        from crm_workbook.screens.help import SheetHelp

        declared = {key.key: _(key.help) for key in self.KEYS}
        keys = [(key, declared.pop(key, label)) for key, label in self.keys()] + list(declared.items())
        if self.UNDO.key not in dict(keys):
            keys.append((self.UNDO.key, _(self.UNDO.help)))
        self.app.push_screen(SheetHelp(_(self.ABOUT), (_("Keys"), keys)))


def open_sheet(sheet: Sheet) -> None:
    """Shows a sheet; what it ends with is done when it has gone. Nothing happens while the figures are not there."""
    if sheet.frame.view is not None:
        sheet.frame.app.push_screen(sheet, lambda act: act() if act is not None else None)
