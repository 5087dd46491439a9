"""A record as a form: every field a line, one live editor on the field one is in. Everything typed goes to the pen at once."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.timer import Timer

from crm_workbook.i18n import _
from crm_workbook.records import BY_TABLE, TEXT_LIMIT, Field, FieldType, Record, Value
from crm_workbook.records.declare import MANY_IDS
from crm_workbook.records.values import Invalid, edit_text, in_order, parse
from crm_workbook.widgets.drafts import Drafts
from crm_workbook.widgets.editors import LineEditor
from crm_workbook.widgets.paper import HelpLine, Paper
from crm_workbook.widgets.plain import wrap
from crm_workbook.widgets.sheet import Sheet, Slot
from crm_workbook.widgets.shown import CHOSEN, FEW, ONE_LINE, TYPED, Pen, Titles, expects, show_value

if TYPE_CHECKING:
    from crm_workbook.widgets.pick import PickModal
    from crm_workbook.widgets.textbox import TextBox

TAKE_THEIRS = "f4"
_YES, _NO = frozenset("yдYД"), frozenset("nнNН")
_LONGEST_BOX = 12


class RecordForm(Vertical):
    """The form of one record."""

    PAUSE: ClassVar[float] = 1.2
    """Seconds without a key after which a text that cannot be a value is called a problem."""

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

    def __init__(self, kind: type[Record], row: Record | None = None, *, titles: Titles, today: date, pen: Pen,
                 unfinished: Mapping[str, str] | None = None, id: str | None = None, classes: str | None = None) -> None:
        """`row` None: a record that does not exist yet. `unfinished`: texts of an earlier session that are no values yet."""
        super().__init__(id=id, classes=classes)
        self.titles, self.today, self.pen = titles, today, pen
        self.paper: Paper
        self.sheet, self.line, self.help_line = Sheet(), LineEditor(self), HelpLine()
        self._box: TextBox | None = None
        self._modal: PickModal | None = None
        self._timer: Timer | None = None
        self._open = False  # whether the current field is being written in
        self._asked = 0  # counts records shown, so that a late answer of the picker is not written into another one
        self._set(kind, row, unfinished or {})

    def compose(self) -> ComposeResult:
        self.paper = Paper(self, self.sheet, self.line)
        yield self.paper
        yield self.help_line

    # ---- what is shown ----

    def _set(self, kind: type[Record], row: Record | None, unfinished: Mapping[str, str]) -> None:
        self.kind, self._asked = kind, self._asked + 1
        self.fields = tuple(kind.declared.fields.values())
        self.drafts = Drafts(row if row is not None else kind(), unfinished)
        self.index = 0
        self.slots = [Slot(field) for field in self.fields]
        for index in range(len(self.slots)):
            self._fill(index, notes=True)
        self.sheet.lay(self.slots)

    def load(self, kind: type[Record], row: Record | None, *, pen: Pen | None = None,
             unfinished: Mapping[str, str] | None = None) -> None:
        """Shows another record (None: a new one), cursor on its first field. Leaves the field one was in."""
        was_open = self._open
        self.leave()
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
            if index == self.index and self._open and field.type in TYPED:
                editor = self._editor()
                if field.name in changed and editor is not None and field.name not in self.drafts.unfinished:
                    editor.load(self.text_of(field))
                    self._retitle()
                continue
            self._refill(index)

    def conflict(self, field: str, mine: Value, theirs: Value, who: str) -> None:
        """Somebody else has changed the field: shows both texts below it; Enter keeps mine, F4 takes theirs."""
        self.drafts.conflict(field, mine, theirs, who)
        index = self.kind.declared.fields[field].index - 1
        self._refill(index, notes=True)
        if index == self.index and self._open:
            self._say_help()
            self._reveal()

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
        return self.drafts.unfinished.get(field.name, edit_text(field, self.drafts.value(field.name)))

    def _fill(self, index: int, notes: bool = False) -> Slot:
        slot, field = self.slots[index], self.fields[index]
        text = self.drafts.unfinished.get(field.name)
        slot.value = text if text is not None else show_value(field, self.drafts.value(field.name), self.titles)
        slot.missing = field.needed and text is None and self.drafts.value(field.name) == field.empty
        if notes or not text:
            slot.notes = self._notes(field)
        return slot

    def _refill(self, index: int, notes: bool = False) -> None:
        slot = self.slots[index]
        before = (slot.value, slot.missing, slot.notes)
        self._fill(index, notes)
        if before != (slot.value, slot.missing, slot.notes) and self.is_mounted:
            self._grown(self.sheet.update_slot(index))

    def _notes(self, field: Field) -> tuple[str, ...]:
        if clash := self.drafts.conflicts.get(field.name):
            theirs = show_value(field, clash.theirs, self.titles) or _("(nothing)")
            who = clash.who or _("Somebody else")
            lines = (f"  {line}" for line in theirs.split("\n"))
            return (_("! {who} has written here in the meantime:").format(who=who), *lines,
                    _("Enter keeps yours. F4 takes the other one."))
        problem = self._problem(field)
        return (f"! {problem}",) if problem else ()

    def _problem(self, field: Field) -> str:
        text = self.drafts.unfinished.get(field.name)
        if not text:
            return ""
        try:
            parse(field, text, self.today)
        except Invalid as problem:
            return str(problem)
        return _("Typed earlier and not stored yet. Press Enter here to store it.")

    def lay_out(self) -> None:
        """The form has another size, or another record."""
        self.sheet.current = self.index if self._open else None
        self._place()
        if self._open:
            self._reveal()

    # ---- moving ----

    def focus(self, scroll_visible: bool = True, from_app_focus: bool = False) -> RecordForm:
        """Goes to the field one was in."""
        if self._open:
            self._place()
        else:
            self.enter()
        return self

    def go_to(self, name: str) -> None:
        """Goes to a field and into it."""
        self._move(self.kind.declared.fields[name].index - 1)

    def _on_descendant_focus(self, event: events.DescendantFocus) -> None:
        if not self._open:
            self.enter()

    def _on_descendant_blur(self, event: events.DescendantBlur) -> None:
        focused = self.screen.focused
        if focused is None or self not in focused.ancestors:
            self.leave()

    def enter(self) -> None:
        """Opens the field under the cursor for writing."""
        self._open = True
        self.sheet.current = self.index
        self._place()
        self._say_help()
        self._reveal()
        self.post_message(self.FieldEntered(self, self.field.name))

    def leave(self) -> None:
        """Closes the field under the cursor; what was typed has long been told."""
        if not self._open:
            return
        self._open = False
        self._stop_timer()
        slot = self.slots[self.index]
        slot.reserved = 0
        self._fill(self.index, notes=True)
        self.sheet.current = None
        self.sheet.update_slot(self.index)
        self.line.display = False
        if self._box is not None:
            self._box.display = False
        self.pen.left(self.field.name)

    def _move(self, index: int) -> None:
        self.leave()
        self.index = index
        self.enter()

    def step(self, by: int) -> None:
        """To the next or previous field; out of the form behind the last and before the first one."""
        index = self.index + by
        if 0 <= index < len(self.fields):
            self._move(index)
        else:
            self.leave_form(by)

    def leave_form(self, direction: int) -> None:
        """Closes the field and tells the screen that the person wants out."""
        self.leave()
        self.post_message(self.Left(self, direction))

    def _place(self) -> None:
        """Puts the editor that the field needs over its line, and the focus where keys belong."""
        self.sheet.boxed = self.field.type not in TYPED
        if not self._open or not self.is_attached:
            return
        editor, slot = self._editor(), self.slots[self.index]
        if editor is None:
            self._grown(self.sheet.update_slot(self.index))
            self.screen.set_focus(self.paper, scroll_visible=False)
            return
        if not editor.display:
            editor.load(self.text_of(self.field))
            editor.display = True
        if self._box is editor:
            slot.reserved = self._box_height()
        self.sheet.update_slot(self.index)
        self._grown(True)
        self.screen.set_focus(editor, scroll_visible=False)

    def _editor(self) -> LineEditor | TextBox | None:
        """The editor of the field the cursor is on."""
        if self.field.type in ONE_LINE:
            return self.line
        if self.field.type is not FieldType.TEXT:
            return None
        if self._box is None:
            from crm_workbook.widgets.textbox import TextBox

            self._box = TextBox(self)
            self.paper.mount(self._box)
        return self._box

    def _grown(self, changed: bool) -> None:
        """Heights have changed: the editor moves along with its line."""
        editor = self._editor() if self._open and changed else None
        if editor is not None and self.sheet.measured:
            slot = self.slots[self.index]
            editor.styles.offset = (self.sheet.value_left, slot.first)
            editor.styles.width = self.sheet.value_width
            editor.styles.height = slot.reserved or 1

    def _box_height(self) -> int:
        """Lines of the box: its text and one more to write on, but never more than can be seen."""
        assert self._box is not None
        width, wrapped = self.sheet.value_width - 1, self._box.wrapped_document
        lines = wrapped.height if self._box.wrap_width == width else len(wrap(self._box.text, width))
        return max(min(lines + 1, self.paper.size.height - 4, _LONGEST_BOX), 2)

    def _reveal(self) -> None:
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

    # ---- keys ----

    async def feed(self, event: events.Key) -> None:
        """Every key that reaches the form or one of its parts, in order."""
        if self._modal is not None:
            event.stop()
            await self._modal.feed(event)
            return
        if not self._open:
            self.enter()
        editor = self._editor()
        if self._steer(event.key, editor):
            event.stop()
        elif editor is not None:
            await editor.feed(event)
        else:
            self._press(event)

    def _steer(self, key: str, editor: LineEditor | TextBox | None) -> bool:
        """Keys that mean the same in every field."""
        name = self.field.name
        if name in self.drafts.conflicts and key in ("enter", TAKE_THEIRS):
            self._settle(name, keep_mine=key == "enter")
        elif key in ("escape", "f3"):
            self.leave_form(0)
        elif key in ("tab", "shift+tab"):
            self.step(1 if key == "tab" else -1)
        elif key in ("up", "down"):
            if editor is not None and not editor.at_edge(key):
                return False
            if 0 <= self.index + (by := 1 if key == "down" else -1) < len(self.fields):
                self.step(by)
        elif key in ("pageup", "pagedown") and editor is not self._box:
            by = max(self.paper.size.height // 2, 1)
            self._move(max(min(self.index + (by if key == "pagedown" else -by), len(self.fields) - 1), 0))
        elif key in ("ctrl+home", "ctrl+end"):
            self._move(0 if key == "ctrl+home" else len(self.fields) - 1)
        elif key == "enter" and editor is self.line:
            if name in self.drafts.unfinished:
                self.edited(self.line.value)  # typed in an earlier session, and a value by now
            self.step(1)
        else:
            return False
        return True

    def _press(self, event: events.Key) -> None:
        """A key in a field that is not typed: ticks, choices, links."""
        key, char, field = event.key, event.character or "", self.field
        held = self.drafts.value(field.name)
        if event.is_printable and char in "?=":
            return  # help, explain
        if key in ("backspace", "delete"):
            self.write(field.empty)
        elif field.type is FieldType.TICK:
            if key in ("space", "enter"):
                self.write(not held)
        elif field.type is FieldType.YES_NO:
            if key in ("space", "right"):
                self.write({None: True, True: False, False: None}[held])  # type: ignore[index]  # a YES_NO holds these
            elif key == "left":
                self.write({None: False, False: True, True: None}[held])  # type: ignore[index]
            elif key == "enter":
                self.step(1)
            elif char and char in _YES | {_("yes")[0]}:
                self.write(True)
            elif char and char in _NO | {_("no")[0]}:
                self.write(False)
        elif key in ("left", "right", "space") and self._few():
            self._cycle(-1 if key == "left" else 1)
        elif key in ("enter", "space"):
            self.choose()
        elif event.is_printable and char.isalnum():
            self.choose(char)
        if event.is_printable or key in ("enter", "left", "right", "backspace", "delete"):
            event.stop()

    def clicked(self, x: int, y: int) -> None:
        """A click on the sheet: goes to the field; ticks a box at once, opens a list at the second click."""
        index = self.sheet.slot_at(y)
        if index is None:
            return
        again = self._open and index == self.index
        if not again:
            self._move(index)
        name, slot = self.field.name, self.slots[index]
        if name in self.drafts.conflicts and y >= slot.first + (slot.reserved or len(slot.values)):
            return
        if x >= self.sheet.value_left - 1:
            if self.field.type is FieldType.TICK:
                self.write(not self.drafts.value(name))
            elif again and self.field.type is FieldType.YES_NO:
                self._press(events.Key("space", " "))
            elif again and self.field.type in CHOSEN:
                self.choose()

    # ---- writing ----

    def has_room(self, more: int) -> bool:
        """Whether so many characters still fit into the field; says so when they do not."""
        editor = self._editor()
        if editor is None:
            return False
        length, marked = editor.held()
        if length - marked + more <= TEXT_LIMIT:
            return True
        if more == 1:
            text = _("{limit} characters fit in here, and they are all used. Keep the long text in a file and write here where "
                     "it lies.")
        else:
            text = _("Nothing was pasted: the text has {more} characters, and {limit} fit in here. Keep it in a file and write "
                     "here where it lies.")
        self.help_line.say(text.format(more=f"{more:,}", limit=f"{TEXT_LIMIT:,}"), problem=True)
        return False

    def pasted(self, text: str) -> None:
        """A text from the clipboard, all of it or nothing."""
        editor = self._editor()
        if editor is not None and self.has_room(len(text)):
            clean = editor.clean(text)  # can be longer: what was invisible is spelled out
            if self.has_room(len(clean)):
                editor.insert_text(clean)

    def edited(self, text: str) -> None:
        """The text in the editor is this now: tells the pen, whatever happens to the screen."""
        field, name = self.field, self.field.name
        problem = ""
        try:
            value = parse(field, text, self.today)
        except Invalid as invalid:
            problem = str(invalid)
        if problem or name in self.drafts.conflicts:
            self.drafts.unfinished[name] = text
            self.pen.unfinished(name, text)
        else:
            was_unfinished = self.drafts.unfinished.pop(name, None) is not None
            if was_unfinished or value != self.drafts.value(name):
                self.pen.typed(name, value, self.drafts.typed(name, value))
        self._retitle()
        self._stop_timer()
        if problem:
            self._timer = self.set_timer(self.PAUSE, self.show_problem)
        elif self.slots[self.index].notes and name not in self.drafts.conflicts:
            self.slots[self.index].notes = ()
            self._grown(self.sheet.update_slot(self.index))
        self._say_help()
        if self._box is not None and self._editor() is self._box:
            slot, height = self.slots[self.index], self._box_height()
            if height != slot.reserved:
                slot.reserved = height
                self._grown(self.sheet.update_slot(self.index))
                self._reveal()

    def _retitle(self) -> None:
        slot, field = self.slots[self.index], self.field
        missing = field.needed and not self.text_of(field)
        if missing != slot.missing:
            slot.missing = missing
            self.sheet.redraw_title(self.index)

    def show_problem(self) -> None:
        """Says below the field what is wrong with the text in it (typing has paused)."""
        self._stop_timer()
        self._refill(self.index, notes=True)
        self._say_help()
        self._reveal()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def write(self, value: Value, name: str = "") -> None:
        """Puts a value into a field (the current one): what a tick, a choice or the picker does."""
        name = name or self.field.name
        index = self.kind.declared.fields[name].index - 1
        if value != self.drafts.value(name):
            self.pen.typed(name, value, self.drafts.typed(name, value))
            self._refill(index, notes=True)

    def _settle(self, name: str, keep_mine: bool) -> None:
        text = self.drafts.unfinished.get(name)
        value, seen = self.drafts.settle(name, keep_mine)
        if keep_mine and text is not None:
            try:
                value = parse(self.field, text, self.today)
            except Invalid:
                self.pen.unfinished(name, text)
                self.show_problem()
                return
            self.drafts.typed(name, value)
        self.pen.typed(name, value, seen)
        editor = self._editor()
        if editor is not None and not keep_mine:
            editor.load(self.text_of(self.field))
        self._refill(self.index, notes=True)
        self._say_help()

    def _options(self) -> list[tuple[str, str]]:
        return list(self.titles.options(self.field, self.drafts.row()))

    def _few(self) -> bool:
        kind = self.field.type
        return kind in (FieldType.CHOICE, FieldType.KNOWN) and 0 < len(self._options()) <= FEW

    def _cycle(self, by: int) -> None:
        ids = ["", *(id_ for id_, _title in self._options())]
        held = str(self.drafts.value(self.field.name))
        self.write(ids[((ids.index(held) if held in ids else 0) + by) % len(ids)])

    def choose(self, start: str = "") -> None:
        """Opens the list of everything that can stand in the field."""
        from crm_workbook.widgets.pick import PickModal

        field, asked, options = self.field, self._asked, self._options()
        if not options:
            self.help_line.say(self._nothing_to_choose(field), problem=True)
            return
        held = self.drafts.value(field.name)
        chosen = held if isinstance(held, tuple) else (str(held),) if held else ()
        many = field.type in MANY_IDS

        def take(result: tuple[str, ...] | None) -> None:
            self._modal = None
            if result is not None and asked == self._asked:
                self.write(in_order(result) if many else "".join(result[:1]), field.name)

        self._modal = PickModal(_(field.title), options, chosen=chosen, many=many, start=start,
                                codes=field.type in (FieldType.LINK, FieldType.LINKS), nothing="" if many else _("(nothing)"))
        self.app.push_screen(self._modal, take)

    def _nothing_to_choose(self, field: Field) -> str:
        if field.of in BY_TABLE:
            return _("Nothing to choose from yet: the list “{title}” is empty. Fill it first.").format(
                title=_(BY_TABLE[field.of].declared.title))
        return _("There is nothing to choose from here.")

    def _say_help(self) -> None:
        field = self.field
        if field.name in self.drafts.conflicts:
            self.help_line.say(_("Somebody else has written here too. Enter keeps yours, F4 takes the other one."), True)
            return
        few = self._few()
        parts = [_(field.help), expects(field, few)]
        self.help_line.say(" ".join(part for part in parts if part) or _("Write here. Tab or Enter goes on."))
