"""A chapter as lists and forms: the form of a record beside its list, or in its place where there is less room."""
from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal

from crm_workbook.i18n import _
from crm_workbook.records import Record, Value, split_code
from crm_workbook.records.minutes import Unfinished
from crm_workbook.screens.filter import FilterLine
from crm_workbook.screens.guide import GuideText
from crm_workbook.screens.keys import PageList, steer, steer_ahead
from crm_workbook.screens.listing import ListPage
from crm_workbook.screens.lists import Shelf
from crm_workbook.screens.pens import NoPen, SessionPen
from crm_workbook.screens.tabs import Tabs
from crm_workbook.screens.trail import Origin, form_left
from crm_workbook.widgets.form import RecordForm

if TYPE_CHECKING:
    from crm_workbook.screens.vendors.keeping import Keeper
    from crm_workbook.store.events import Conflicted

STEERING = frozenset({"enter", "tab", "shift+tab", "backspace", "delete", "up", "down", "left", "right", "home", "end",
                      "escape", "f3", "f4"})
"""Keys that a form wants besides letters."""
DECISION = "decision"
"""The table of decisions: the figures of the day are kept when the form of one is left."""


class RegisterPage(ListPage):
    """One LineList and one RecordForm serve all lists of all chapters. `-form` is the class while somebody writes."""

    def __init__(self, shelf: Shelf) -> None:
        super().__init__(shelf)
        self.pen: SessionPen | None = None
        self.shown: Record | None = None  # the record in the form; None while it does not exist yet
        self.arrived = False  # whether the focus has reached the form since it was opened
        self.farewells = 0  # messages of the form to come that say nothing new
        self.origin: Origin | None = None  # where the form was opened from, if not from its list
        self.keeper: Keeper | None = None  # of the figures of the decision that was written here last
        self.wanted = ""  # a record that was just made and will be in one of the next Books

    def compose(self) -> ComposeResult:
        yield Tabs()
        yield FilterLine()
        with Horizontal(classes="body"):
            yield PageList(())
            kind, titles = next(iter(self.shelf.kinds.values())), self.frame.titles
            assert titles is not None
            yield RecordForm(kind, titles=titles, today=self.frame.today, pen=NoPen())
        yield GuideText()

    async def on_mount(self) -> None:
        self.ready = True
        self.show_view(self.view)
        self.grant_wishes()
        await steer_ahead(self.frame)

    @property
    def form(self) -> RecordForm:
        return self.query_one(RecordForm)

    @property
    def current_code(self) -> str:
        kind = self.current_kind
        if kind is None or not self.ready:
            return ""
        if kind.declared.single or self.has_class("-form"):
            return self.shown.code if self.shown is not None else ""
        return self.lines.key

    @property
    def writing_in(self) -> str:
        return self.shown.code if self.shown is not None and self.has_class("-form") else ""

    @property
    def in_form(self) -> bool:
        return self.has_class("-form") or self.finding

    @property
    def straight_back(self) -> bool:
        return self.origin is not None and self.origin.straight

    @property
    def finding(self) -> bool:
        return self.ready and self.filter.taking

    async def feed(self, event: events.Key) -> bool:
        if self.filter.taking:
            return self.filter.take(event)
        if event.is_printable or event.key in STEERING:
            await self.form.hand.feed(event)
            if self.form.left:
                self.farewells += 1
                self.leave()
            return True
        return False

    async def _on_key(self, event: events.Key) -> None:
        """A key that passed through a form which was just left."""
        if not self.in_form and not self.lines.has_focus and await steer(self.frame, event):
            event.stop()
            event.prevent_default()

    def refresh_book(self, touched: Collection[type[Record]]) -> None:
        if not self.ready:
            return
        self.draw_tabs()
        kind = self.current_kind
        if kind is None:
            self.shelf.boards[self.view].draw(self)
            return
        if not kind.declared.single:
            self.draw_rows(self.wanted)
        if self.shown is None:
            row = self._only(kind) if kind.declared.single else None
        else:
            row = self.found(self.shown.code)
            if row is not None:
                self.wanted = ""
            elif self.shown.code != self.wanted:
                self._gone(self.shown.code)
        if row is not None and row is not self.shown:
            self.shown = row
            self.form.show(row)
        if self.keeper is not None and not self.has_class("-form") and any(one.declared.table == DECISION for one in touched):
            self.keeper.look()

    def _gone(self, code: str) -> None:
        """The record in the form is no more. Whoever writes in it is told, and no key goes anywhere else until then."""
        if self.has_class("-form"):
            self.form.gone(self.frame.deleted.get(code) or _("Somebody"))
        else:
            self.shown = None

    def _only(self, kind: type[Record]) -> Record | None:
        assert self.frame.book is not None
        return next(iter(self.frame.book.rows(kind)), None)

    def take(self, shelf: Shelf) -> None:
        self.leave_form()
        self.shown = self.pen = None
        super().take(shelf)

    # ---- list and form ----

    def show_single(self, kind: type[Record]) -> None:
        self.show_form(kind, self._only(kind))

    def show_highlighted(self) -> None:
        # the form beside the list follows the cursor: only where there is room for both, and nobody is writing
        kind = self.current_kind
        if kind is None or kind.declared.single or self.has_class("-form") or not self.screen.has_class("-wide"):
            return
        row = self.found(self.lines.key) if self.lines.key else None
        self.form.visible = row is not None
        if row is not None and (self.shown is None or self.shown is not row or self.form.kind is not kind):
            self.show_form(kind, row)

    def show_form(self, kind: type[Record], row: Record | None, given: Mapping[str, Value] | None = None) -> None:
        """Puts a record, or a new one with these values, into the form."""
        session = self.frame.session
        assert session is not None
        self.shown = row
        ref = row.code if row is not None else session.draft(kind, **(given or {}))
        self.pen = SessionPen(session, ref)
        self.form.visible = True
        self.form.load(kind, row if row is not None else kind(**(given or {})), pen=self.pen,
                       unfinished=self._unfinished(row.code) if row is not None else None)

    def _unfinished(self, code: str) -> Mapping[str, str]:
        """What this person typed into the record that is no value yet."""
        frame = self.frame
        assert frame.book is not None
        return {found.field: found.text for found in frame.book.where(Unfinished, "record", code) if found.who == frame.who}

    def edit(self, field: str = "") -> None:
        kind = self.current_kind
        if kind is None:
            return
        if not kind.declared.single and not self.has_class("-form"):
            row = self.found(self.lines.key) if self.lines.key else None
            if row is None or row.code in self.frame.leaving:
                return
            if self.shown is None or self.shown.code != row.code or self.form.kind is not kind:
                self.show_form(kind, row)
        self._writing_begins()
        if field:
            self.form.go_to(field)
        self.focus_page()

    def add(self, given: Mapping[str, Value] | None = None) -> None:
        """Opens an empty form, or one with these values, on the first field that is missing. The record is made with the
        first thing written into it."""
        kind = self.current_kind
        if kind is None:
            return
        if kind.declared.single:
            self.edit()
            return
        self.show_form(kind, None, given)
        self._writing_begins()
        if given:
            missing = [name for name, field in kind.declared.fields.items() if field.needed and name not in given]
            self.form.go_to((*missing, kind.declared.label[0])[0])
        self.focus_page()

    def created(self, token: str, code: str) -> None:
        """The record that is being written in the form exists now."""
        if self.pen is not None and self.pen.ref == token:
            self.pen.named(code)
            self.wanted = code
            self.shown = split_code(code)[0](number=split_code(code)[1])
            self.refresh_book(())

    def gone(self, ref: str, who: str) -> None:
        """The record that was written in is no more."""
        if self.pen is not None and ref in self.pen.names and self.has_class("-form"):
            self.form.gone(who)

    def conflicted(self, event: Conflicted) -> bool:
        """Somebody else was faster in a field; shows both texts if it is being written here, else False."""
        here = self.pen is not None and event.ref in self.pen.names
        if here:
            self.form.conflict(event.field, event.mine, event.theirs, event.who)
        return here

    @on(RecordForm.FieldEntered)
    def _form_entered(self) -> None:
        if self.form.open and not self.has_class("-form"):  # by a click
            self._writing_begins()
            self.arrived = True
            self.frame.show_keys()

    @on(events.DescendantFocus)
    def _focus_moved(self, event: events.DescendantFocus) -> None:
        if self.arrived and event.widget is self.lines is self.screen.focused and self.has_class("-form"):  # by a click
            self.leave_form()
        self.frame.show_keys()

    @on(RecordForm.Left)
    def _form_left(self) -> None:
        if self.farewells:
            self.farewells -= 1  # left already, when the key came
        else:
            self.leave()

    def opened_from(self, origin: Origin) -> None:
        """Says where the form leads to when it is left."""
        if self.has_class("-form"):
            self.origin = origin
            self.frame.show_keys()

    def leave(self) -> None:
        origin = self.origin
        self.leave_form()
        self.frame.say("")
        self.focus_page()
        form_left(self.frame, origin)

    def leave_form(self) -> None:
        if not self.has_class("-form"):
            return
        self.remove_class("-form")
        self.origin = None
        if self.form.kind.declared.table == DECISION and self.pen is not None:
            from crm_workbook.screens.vendors.keeping import Keeper

            self.keeper = Keeper(self.frame, self.pen)
            self.keeper.look()
        if self.shown is not None and self.found(self.shown.code) is None and self.shown.code != self.wanted:
            self.shown = None
        self.draw_tabs()
        if self.shown is None:
            self.form.visible = False
        self.frame.show_keys()

    def _writing_begins(self) -> None:
        """Somebody opened a form: now is the time to import what a write needs. Who only reads never pays for it."""
        self.add_class("-form")
        self.form.left = self.arrived = False
        self.draw_tabs()
        if self.frame.session is not None:
            self.frame.session.warm()

    def focus_page(self) -> None:
        self.call_after_refresh(self._focus)  # what is hidden until the next refresh cannot take the focus

    def _focus(self) -> None:
        if self.frame.page is not self:
            return
        if self.has_class("-form"):
            self.form.focus()
            self.arrived = True
        elif self.has_class("-single"):
            self.screen.set_focus(None)  # the arrows go on to the next list; Enter opens the form
        else:
            if not self.lines.has_focus:
                self.lines.focus()
            self.show_highlighted()
        self.frame.show_keys()
