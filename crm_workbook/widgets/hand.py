"""The hand that fills in a form: what keys, clicks and pastes do in its fields. All of it goes to the pen at once."""
from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.timer import Timer

from crm_workbook.i18n import _
from crm_workbook.records import BY_TABLE, TEXT_LIMIT, Field, FieldType, Value
from crm_workbook.records.declare import MANY_IDS
from crm_workbook.records.values import Invalid, edit_text, in_order, parse
from crm_workbook.widgets.shown import CHOSEN

if TYPE_CHECKING:
    from crm_workbook.widgets.editors import LineEditor
    from crm_workbook.widgets.form import RecordForm
    from crm_workbook.widgets.pick import PickModal
    from crm_workbook.widgets.textbox import TextBox

TAKE_THEIRS = "f4"
_STEERING = frozenset(("tab", "shift+tab", "up", "down", "left", "right", "pageup", "pagedown", "ctrl+home", "ctrl+end",
                       "enter", "space", "backspace", "delete", TAKE_THEIRS))
_YES, _NO = frozenset("yдYД"), frozenset("nнNН")
_YES_NEXT: dict[Value, bool | None] = {None: True, True: False, False: None}
_YES_BACK: dict[Value, bool | None] = {None: False, False: True, True: None}


class Hand:
    """Writes in one form."""

    def __init__(self, form: RecordForm) -> None:
        self.form = form
        self._modal: PickModal | None = None
        self._timer: Timer | None = None
        self._held: dict[str, float] = {}  # when the conflict of a field came into sight, or changed

    async def feed(self, event: events.Key) -> None:
        """Every key that reaches the form or one of its parts, in order."""
        if self._modal is not None:
            event.stop()
            await self._modal.feed(event)
            return
        if self.form.left:
            return
        if event.key.startswith("alt+"):
            event.stop()  # Alt, or Escape and a letter in one: no text in any case
            return
        if not self.form.open:
            self.form.enter()
        editor = self.form.editor()
        if self.form.is_gone:
            self._refuse(event, editor)
        elif self._steer(event.key, editor):
            event.stop()
        elif editor is not None:
            await editor.feed(event)
        else:
            self._press(event)

    def _steer(self, key: str, editor: LineEditor | TextBox | None) -> bool:
        """Keys that mean the same in every field."""
        name = self.form.field.name
        if name in self.form.drafts.conflicts and key in ("enter", TAKE_THEIRS):
            self._decide(name, keep_mine=key == "enter")
        elif key in ("escape", "f3"):
            self.form.leave_form(0)
        elif key in ("tab", "shift+tab"):
            self.form.step(1 if key == "tab" else -1)
        elif key in ("up", "down"):
            if editor is not None and not editor.at_edge(key):
                return False
            if 0 <= self.form.index + (by := 1 if key == "down" else -1) < len(self.form.fields):
                self.form.step(by)
        elif key in ("pageup", "pagedown") and editor is not self.form.box:
            by = max(self.form.paper.size.height // 2, 1)
            self.form.move(max(min(self.form.index + (by if key == "pagedown" else -by), len(self.form.fields) - 1), 0))
        elif key in ("ctrl+home", "ctrl+end"):
            self.form.move(0 if key == "ctrl+home" else len(self.form.fields) - 1)
        elif key == "enter" and editor is self.form.line:
            if name in self.form.drafts.unfinished:
                self.edited(self.form.line.value)  # typed in an earlier session, and a value by now
            self.form.step(1)
        else:
            return False
        return True

    def _press(self, event: events.Key) -> None:
        """A key in a field that is not typed: ticks, choices, links."""
        key, char, field = event.key, event.character or "", self.form.field
        held = self.form.drafts.value(field.name)
        if event.is_printable and char in "?=":
            return  # help, explain
        if key in ("backspace", "delete"):
            self.write(field.empty)
        elif field.type is FieldType.TICK:
            if key in ("space", "enter"):
                self.write(not held)
        elif field.type is FieldType.YES_NO:
            if key in ("space", "right"):
                self.write(_YES_NEXT[held])
            elif key == "left":
                self.write(_YES_BACK[held])
            elif key == "enter":
                self.form.step(1)
            elif char and char in _YES | {_("yes")[0]}:
                self.write(True)
            elif char and char in _NO | {_("no")[0]}:
                self.write(False)
        elif key in ("left", "right", "space") and self.form.few():
            self._cycle(-1 if key == "left" else 1)
        elif key in ("enter", "space"):
            self.choose()
        elif event.is_printable and char.isalnum():
            self.choose(char)
        if event.is_printable or key in ("enter", "left", "right", "backspace", "delete"):
            event.stop()

    def clicked(self, x: int, y: int) -> None:
        """A click on the sheet: goes to the field; ticks a box at once, opens a list at the second click."""
        index = self.form.sheet.slot_at(y)
        if index is None:
            return
        if self.form.is_gone:
            self.form.say_help()
            return
        again = self.form.open and index == self.form.index
        if not again:
            self.form.move(index)
        name, slot = self.form.field.name, self.form.slots[index]
        below = y - slot.first - (slot.reserved or len(slot.values))
        if name in self.form.drafts.conflicts and below >= 0:
            if below >= len(slot.below) - 2:  # its last two lines are the two choices
                self._decide(name, keep_mine=below == len(slot.below) - 2)
            return
        if x >= self.form.sheet.value_left - 1:
            if self.form.field.type is FieldType.TICK:
                self.write(not self.form.drafts.value(name))
            elif again and self.form.field.type is FieldType.YES_NO:
                self._press(events.Key("space", " "))
            elif again and self.form.field.type in CHOSEN:
                self.choose()

    def has_room(self, more: int) -> bool:
        """Whether so many characters still fit into the field; says so when they do not."""
        editor = self.form.editor()
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
        self.form.help_line.say(text.format(more=f"{more:,}", limit=f"{TEXT_LIMIT:,}"), problem=True)
        return False

    def pasted(self, text: str) -> None:
        """A text from the clipboard, all of it or nothing."""
        editor = self.form.editor()
        if self.form.is_gone:
            self.form.say_help()
        elif editor is None:
            self.form.help_line.say(_("Nothing was pasted: this field is not written, one chooses in it."), problem=True)
        elif self.has_room(len(text)):
            clean = editor.clean(text)  # can be longer: what was invisible is spelled out
            if self.has_room(len(clean)):
                editor.insert_text(clean)

    def edited(self, text: str) -> None:
        """The text in the editor is this now: tells the pen, whatever happens to the screen."""
        field, name = self.form.field, self.form.field.name
        problem = ""
        try:
            value = parse(field, text, self.form.today())
        except Invalid as invalid:
            problem = str(invalid)
        if problem or name in self.form.drafts.conflicts:
            self.form.drafts.unfinished[name] = text
            self.form.pen.unfinished(name, text)
        else:
            was_unfinished = self.form.drafts.unfinished.pop(name, None) is not None
            if was_unfinished or value != self.form.drafts.value(name):
                self.form.pen.typed(name, value, self.form.drafts.typed(name, value))
        self.form.retitle()
        self.rest()
        if problem:
            self._timer = self.form.set_timer(self.form.PAUSE, self.show_problem)
        elif self.form.slots[self.form.index].notes and name not in self.form.drafts.conflicts:
            self.form.slots[self.form.index].notes = ()
            self.form.grown(self.form.sheet.update_slot(self.form.index))
        self.form.say_help()
        if self.form.box is not None and self.form.editor() is self.form.box:
            slot, height = self.form.slots[self.form.index], self.form.box_height()
            if height != slot.reserved:
                slot.reserved = height
                self.form.grown(self.form.sheet.update_slot(self.form.index))
                self.form.reveal()

    def show_problem(self) -> None:
        """Says below the field what is wrong with the text in it (typing has paused)."""
        self.rest()
        self.form.refill(self.form.index, notes=True)
        self.form.say_help()
        self.form.reveal()

    def rest(self) -> None:
        """Nobody waits for the end of this text any more."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def write(self, value: Value, name: str = "", opened: tuple[Value, Value] | None = None) -> None:
        """Puts a value into a field (the current one): what a tick, a choice or the picker does. `opened`: what the field
        held, and what was stored, when the picker opened."""
        name, drafts = name or self.form.field.name, self.form.drafts
        index = self.form.kind.declared.fields[name].index - 1
        if self.form.is_gone:
            self.form.say_help()
        elif value != drafts.value(name):
            if name in drafts.conflicts:
                drafts.held_back(name, value)
                self.form.pen.unfinished(name, edit_text(self.form.fields[index], value))
            else:
                self.form.pen.typed(name, value, drafts.chosen(name, value, *opened) if opened else drafts.typed(name, value))
            self.form.refill(index, notes=True)

    def hold(self, name: str) -> None:
        """A conflict of this field has come into sight just now, if there is one."""
        self._held[name] = self.form.clock()

    def _decide(self, name: str, keep_mine: bool) -> None:
        """Ends the conflict of the current field, if it has been in sight long enough to be meant."""
        if self.form.clock() - self._held[name] < self.form.HOLD:
            return
        if keep_mine:
            self._keep_mine(name)
        else:
            self.form.drafts.take_theirs(name)
            self.form.pen.unfinished(name, "")  # nothing is kept of mine; what is stored stays as it is
            if (editor := self.form.editor()) is not None:
                editor.load(self.form.text_of(self.form.field))
        self.form.refill(self.form.index, notes=True)
        self.form.say_help()

    def _keep_mine(self, name: str) -> None:
        text = self.form.drafts.unfinished.get(name)
        value, seen = self.form.drafts.keep_mine(name)
        if text is not None:
            try:
                value = parse(self.form.field, text, self.form.today())
            except Invalid:
                self.form.pen.unfinished(name, text)
                self.show_problem()
                return
            self.form.drafts.typed(name, value)
        self.form.pen.typed(name, value, seen)

    def _refuse(self, event: events.Key, editor: LineEditor | TextBox | None) -> None:
        """The record is gone: one can leave, and commands that work everywhere work here too."""
        if event.key in ("escape", "f3"):
            event.stop()
            self.form.leave_form(0)
            return
        self.form.say_help()
        if event.is_printable or event.key in _STEERING or (editor is not None and event.key in editor.ACTIONS):
            event.stop()

    def _cycle(self, by: int) -> None:
        ids = ["", *(id_ for id_, _title in self.form.options())]
        held = str(self.form.drafts.value(self.form.field.name))
        self.write(ids[((ids.index(held) if held in ids else 0) + by) % len(ids)])

    def choose(self, start: str = "") -> None:
        """Opens the list of everything that can stand in the field."""
        from crm_workbook.widgets.pick import PickModal

        field, asked, options = self.form.field, self.form.asked, self.form.options()
        if not options:
            self.form.help_line.say(self._nothing_to_choose(field), problem=True)
            return
        held, seen = self.form.drafts.value(field.name), self.form.drafts.seen(field.name)
        chosen = held if isinstance(held, tuple) else (str(held),) if held else ()
        many = field.type in MANY_IDS

        def take(result: tuple[str, ...] | None) -> None:
            self._modal = None
            if result is not None and asked == self.form.asked:
                value = in_order(result) if many else "".join(result[:1])
                if value != held:
                    self.write(value, field.name, (held, seen))

        self._modal = PickModal(_(field.title), options, chosen=chosen, many=many, start=start,
                                codes=field.type in (FieldType.LINK, FieldType.LINKS), nothing="" if many else _("(nothing)"))
        self.form.app.push_screen(self._modal, take)

    def _nothing_to_choose(self, field: Field) -> str:
        if field.of in BY_TABLE:
            return _("Nothing to choose from yet: the list “{title}” is empty. Fill it first.").format(
                title=_(BY_TABLE[field.of].declared.title))
        return _("There is nothing to choose from here.")
