"""A record as a form: every field a line, one live editor on the field one is in. Everything typed goes to the pen at once."""
from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from crm_workbook.i18n import _
from crm_workbook.records import Field, FieldType, Record, Value
from crm_workbook.records.text import visible
from crm_workbook.records.values import Invalid, edit_text, parse
from crm_workbook.widgets.drafts import Drafts
from crm_workbook.widgets.editors import LineEditor
from crm_workbook.widgets.hand import Hand
from crm_workbook.widgets.paper import HelpLine, Paper
from crm_workbook.widgets.plain import wrap
from crm_workbook.widgets.sheet import Sheet, Slot
from crm_workbook.widgets.shown import CHOSEN, FEW, ONE_LINE, TYPED, Pen, Titles, expects, show_value

if TYPE_CHECKING:
    from crm_workbook.widgets.textbox import TextBox

_LONGEST_BOX = 12


class RecordForm(Vertical):
    """The form of one record."""

    PAUSE = 1.2
    """Seconds without a key after which a text that cannot be a value is called a problem."""
    HOLD = 0.5
    """Seconds for which a conflict that has just come into sight takes no answer: the key was on its way before it."""

    @dataclass
    class Left(Message):
        """The person wants out: 1 past the last field, -1 before the first one, 0 Escape or F3."""

        form: RecordForm
        direction: int

        @property
        def control(self) -> RecordForm:
            """The form."""
            return self.form

    @dataclass
    class FieldEntered(Message):
        """The cursor has come to another field."""

        form: RecordForm
        field: str

        @property
        def control(self) -> RecordForm:
            """The form."""
            return self.form

    def __init__(self, kind: type[Record], row: Record | None = None, *, titles: Titles, today: Callable[[], date],
                 pen: Pen, unfinished: Mapping[str, str] | None = None, id: str | None = None,
                 classes: str | None = None) -> None:
        """`row` None: a record that does not exist yet. `unfinished`: texts of an earlier session that are no values yet."""
        super().__init__(id=id, classes=classes)
        self.titles, self.today, self.pen = titles, today, pen
        self.clock: Callable[[], float] = time.monotonic
        """What HOLD is measured with."""
        self.hand = Hand(self)
        self.sheet, self.line, self.help_line = Sheet(), LineEditor(self), HelpLine()
        self.paper = Paper(self, self.sheet, self.line)
        self.box: TextBox | None = None
        self.open = False
        """Whether the current field is being written in."""
        self.left = False
        """Whether the person has left by a key."""
        self.asked = 0
        """Counts the records shown: a late answer of the picker must not be written into another one."""
        self._set(kind, row, unfinished or {})

    def compose(self) -> ComposeResult:
        yield self.paper
        yield self.help_line

    # ---- what is shown ----

    def _set(self, kind: type[Record], row: Record | None, unfinished: Mapping[str, str]) -> None:
        self.kind, self.asked = kind, self.asked + 1
        self.drafts = Drafts(row if row is not None else kind(), unfinished)
        self.fields = [self.titles.field(field, self.drafts.row()) for field in kind.declared.fields.values()]
        self.index, self._farewell = 0, ""
        self.slots = [Slot(field) for field in self.fields]
        for index in range(len(self.slots)):
            self._fill(index, notes=True)
        self.sheet.lay(self.slots)

    def load(self, kind: type[Record], row: Record | None, *, pen: Pen | None = None,
             unfinished: Mapping[str, str] | None = None) -> None:
        """Shows another record (None: a new one), cursor on its first field. Leaves the field one was in."""
        was_open = self.open
        self.leave()
        self.help_line.say("")
        self.pen = pen or self.pen
        self._set(kind, row, unfinished or {})
        if self.is_mounted:
            self.paper.scroll_to(y=0, animate=False)
            self.lay_out()
            if was_open:
                self.enter()

    def show(self, row: Record) -> None:
        """The Book has changed: `row` is the same record as it is stored now. What is being typed stays."""
        changed = self.drafts.stored(row)
        for index, field in enumerate(self.fields):
            if field.name not in changed and field.type not in CHOSEN:
                continue
            if field.name in changed and field.name in self.drafts.conflicts:
                self._show_conflict(index)
                continue
            if index == self.index and self.open and field.type in TYPED:
                editor = self.editor()
                if field.name in changed and editor is not None and field.name not in self.drafts.unfinished:
                    editor.load(self.text_of(field))
                    self.retitle()
                continue
            self.refill(index)

    def conflict(self, field: str, mine: Value, theirs: Value, who: str) -> None:
        """Somebody else has changed the field: shows both texts below it; Enter keeps mine, F4 takes theirs. What is stored
        goes on changing while one thinks: `show` keeps the other text up to date."""
        if not self.is_gone:
            self.drafts.conflict(field, mine, theirs, who)
            self._show_conflict(self.kind.declared.fields[field].index - 1)

    def gone(self, who: str) -> None:
        """Somebody has deleted the record. The form stays as it is and takes nothing more until it is left or loaded."""
        self.hand.rest()
        self._farewell = _("{who} has deleted this record. F3 leads back to the list; undo brings it back.").format(
            who=who or _("Somebody else"))
        self.say_help()

    @property
    def is_gone(self) -> bool:
        """Whether the record was deleted while it was in the form."""
        return bool(self._farewell)

    def _show_conflict(self, index: int) -> None:
        self.hand.hold(self.fields[index].name)
        self.refill(index, notes=True)
        if index == self.index and self.open:
            self.say_help()
            self.reveal()

    @property
    def row(self) -> Record:
        """The record with everything typed in it that is a value."""
        return self.drafts.row()

    @property
    def field(self) -> Field:
        """The field the cursor is on."""
        return self.fields[self.index]

    def text_of(self, field: Field) -> str:
        """What stands in the editor of a field."""
        return visible(self.drafts.unfinished.get(field.name, edit_text(field, self.drafts.value(field.name))))

    def _fill(self, index: int, notes: bool = False) -> Slot:
        slot, field = self.slots[index], self.fields[index]
        text = self.drafts.unfinished.get(field.name)
        slot.value = text if text is not None else show_value(field, self.drafts.value(field.name), self.titles)
        slot.missing = field.needed and text is None and self.drafts.value(field.name) == field.empty
        if notes or not text:
            slot.notes = self._notes(field)
        return slot

    def refill(self, index: int, notes: bool = False) -> None:
        """Shows a field's value as it is now."""
        slot = self.slots[index]
        before = (slot.value, slot.missing, slot.notes)
        self._fill(index, notes)
        if before != (slot.value, slot.missing, slot.notes) and self.is_mounted:
            self.grown(self.sheet.update_slot(index))

    def _notes(self, field: Field) -> tuple[str, ...]:
        if clash := self.drafts.conflicts.get(field.name):
            theirs = show_value(field, clash.theirs, self.titles) or _("(nothing)")
            who = clash.who or _("Somebody else")
            lines = (f"  {line}" for line in theirs.split("\n"))
            return (_("! {who} has written here in the meantime:").format(who=who), *lines,
                    "[ " + _("Enter: keep mine") + " ]", "[ " + _("F4: take the other one") + " ]")
        problem = self._problem(field)
        return (f"! {problem}",) if problem else ()

    def _problem(self, field: Field) -> str:
        text = self.drafts.unfinished.get(field.name)
        if not text:
            return ""
        try:
            parse(field, text, self.today())
        except Invalid as problem:
            return str(problem)
        return _("Typed earlier and not stored yet. Press Enter here to store it.")

    def lay_out(self) -> None:
        """The form has another size, or another record."""
        self.sheet.current = self.index if self.open else None
        self._place()
        if self.open:
            self.reveal()

    # ---- moving ----

    def focus(self, scroll_visible: bool = True, from_app_focus: bool = False) -> RecordForm:
        """Goes to the field one was in."""
        if self.open:
            self._place()
        else:
            self.enter()
        return self

    def go_to(self, name: str) -> None:
        """Goes to a field and into it."""
        self.move(self.kind.declared.fields[name].index - 1)

    def _on_descendant_focus(self, event: events.DescendantFocus) -> None:
        focused = self.screen.focused
        if not self.open and not self.left and focused is not None and self in focused.ancestors:
            self.enter()

    def _on_descendant_blur(self, event: events.DescendantBlur) -> None:
        focused = self.screen.focused
        if focused is None and not self.app.app_focus:
            return  # another window of the desktop: one comes back to the same letter
        if focused is None or self not in focused.ancestors:
            self.leave()

    def enter(self) -> None:
        """Opens the field under the cursor for writing."""
        self.left = False
        self._suit()
        self.open = True
        self.sheet.current = self.index
        self.hand.hold(self.field.name)
        self._place()
        self.say_help()
        self.reveal()
        self.post_message(self.FieldEntered(self, self.field.name))

    def _suit(self) -> None:
        """What fits into a field may follow from another one that was just filled in."""
        row = self.drafts.row()
        for index, field in enumerate(self.kind.declared.fields.values()):
            suited = self.titles.field(field, row)
            if suited is not self.fields[index]:
                self.fields[index] = self.slots[index].field = suited
                self.refill(index, notes=True)

    def leave(self) -> None:
        """Closes the field under the cursor; what was typed has long been told."""
        if not self.open:
            return
        self.open = False
        self.hand.rest()
        slot = self.slots[self.index]
        slot.reserved = 0
        self._fill(self.index, notes=True)
        self.sheet.current = None
        self.sheet.update_slot(self.index)
        self.line.display = False
        if self.box is not None:
            self.box.display = False
        self.pen.left(self.field.name)

    def move(self, index: int) -> None:
        """To another field."""
        self.leave()
        self.index = index
        self.enter()

    def step(self, by: int) -> None:
        """To the next or previous field; out of the form behind the last and before the first one."""
        index = self.index + by
        if 0 <= index < len(self.fields):
            self.move(index)
        else:
            self.leave_form(by)

    def leave_form(self, direction: int) -> None:
        """Closes the field and tells the screen that the person wants out. Keys that come before the screen has moved the
        focus are no longer for the form: they pass through."""
        self.leave()
        self.left = True
        self._farewell = ""
        self.post_message(self.Left(self, direction))

    def _place(self) -> None:
        """Puts the editor that the field needs over its line, and the focus where keys belong."""
        self.sheet.boxed = self.field.type not in TYPED
        if not self.open or not self.is_attached:
            return
        editor, slot = self.editor(), self.slots[self.index]
        if editor is None:
            self.grown(self.sheet.update_slot(self.index))
            self.screen.set_focus(self.paper, scroll_visible=False)
            return
        if not editor.display:
            editor.load(self.text_of(self.field))
            editor.display = True
            if editor is self.line and self.field.name in self.drafts.unfinished:
                self.line.action_select_all()  # no value yet: what is typed now takes its place
        slot.reserved = self.box_height() if self.box is editor else 1  # the editor hides what is drawn below it
        self.sheet.update_slot(self.index)
        self.grown(True)
        self.screen.set_focus(editor, scroll_visible=False)

    def editor(self) -> LineEditor | TextBox | None:
        """The editor of the field the cursor is on."""
        if self.field.type in ONE_LINE:
            return self.line
        if self.field.type is not FieldType.TEXT:
            return None
        if self.box is None:
            from crm_workbook.widgets.textbox import TextBox

            self.box = TextBox(self)
            self.paper.mount(self.box)
        return self.box

    def grown(self, changed: bool) -> None:
        """Heights have changed: the editor moves along with its line."""
        editor = self.editor() if self.open and changed else None
        if editor is not None and self.sheet.measured:
            slot = self.slots[self.index]
            editor.styles.offset = (self.sheet.value_left, slot.first)
            editor.styles.width = self.sheet.value_width
            editor.styles.height = slot.reserved or 1

    def box_height(self) -> int:
        """Lines of the box: its text and one more to write on, but never more than can be seen."""
        assert self.box is not None
        width, wrapped = self.sheet.value_width - 1, self.box.wrapped_document
        lines = wrapped.height if self.box.wrap_width == width else len(wrap(self.box.text, width))
        return max(min(lines + 1, self.paper.size.height - 4, _LONGEST_BOX), 2)

    def reveal(self) -> None:
        """Scrolls when the field is not all in the window: by a third of it, for every scrolling repaints everything."""
        slot, top, height = self.slots[self.index], self.paper.scroll_offset.y, self.paper.size.height
        first, last = slot.top, min(slot.top + slot.height, slot.top + max(height, 1))
        if height <= 0 or not self.sheet.measured or (top <= first and last <= top + height):
            return
        third = height // 3
        y = max(first - third, 0) if first < top else last - height + third
        y = min(y, first)
        if y > self.paper.max_scroll_y:  # the sheet has grown, and the container does not know it yet
            self.paper.call_after_refresh(self.paper.scroll_to, y=y, animate=False)
        else:
            self.paper.scroll_to(y=y, animate=False, immediate=True)

    def retitle(self) -> None:
        """Shows whether the field one is in is still missing."""
        slot, field = self.slots[self.index], self.field
        missing = field.needed and not self.text_of(field)
        if missing != slot.missing:
            slot.missing = missing
            self.sheet.redraw_title(self.index)

    def options(self) -> list[tuple[str, str]]:
        """What can be chosen in the field."""
        return list(self.titles.options(self.field, self.drafts.row()))

    def few(self) -> bool:
        """Whether left and right go through the options of the field."""
        kind = self.field.type
        return kind in (FieldType.CHOICE, FieldType.KNOWN) and 0 < len(self.options()) <= FEW

    def say_help(self) -> None:
        """What belongs into the field, in the two lines at the foot."""
        field = self.field
        if self._farewell:
            self.help_line.say(self._farewell, True)
            return
        if field.name in self.drafts.conflicts:
            self.help_line.say(_("Somebody else has written here too. Enter keeps yours, F4 takes the other one."), True)
            return
        few = self.few()
        parts = [_(field.help), expects(field, few)]
        self.help_line.say(" ".join(part for part in parts if part) or _("Write here. Tab or Enter goes on."))
