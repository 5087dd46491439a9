"""A chapter as lists and forms: what to do, then one list for each kind of record, with its form beside or over it."""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal

from crm_workbook.analysis.progress import StepState
from crm_workbook.i18n import _
from crm_workbook.records import Record, Value, split_code
from crm_workbook.records.edits import Entry
from crm_workbook.records.minutes import Unfinished
from crm_workbook.screens import actions, guide, history
from crm_workbook.screens.filter import FilterLine
from crm_workbook.screens.guide import GuideText
from crm_workbook.screens.lists import GUIDE, JOURNAL, ListState, Shelf, cells, columns_of, today
from crm_workbook.screens.page import Page
from crm_workbook.screens.pens import NoPen, SessionPen
from crm_workbook.screens.tabs import Tabs
from crm_workbook.widgets.form import RecordForm
from crm_workbook.widgets.lines import LineList

if TYPE_CHECKING:
    from crm_workbook.store.events import Conflicted

class RegisterPage(Page):
    """The lists of a chapter. One LineList and one RecordForm serve all lists of all chapters; what differs is data (`Shelf`),
    so going to another chapter draws a list and makes nothing."""

    def __init__(self, shelf: Shelf) -> None:
        super().__init__(shelf.chapter)
        self.shelf = shelf
        self.pen: SessionPen | None = None
        self.shown: Record | None = None  # the record in the form; None while it does not exist yet
        self.journal: Sequence[Entry] = ()
        self.wanted = ""  # a record that was just made and will be in the next Book

    # ---- what there is ----

    def take(self, shelf: Shelf) -> None:
        """Shows the lists of another chapter, where one left them."""
        self.leave_form()
        self.shelf, self.chapter = shelf, shelf.chapter
        self.shown = self.pen = None
        self.show_view(shelf.view)

    @property
    def view(self) -> str:
        return self.shelf.view

    @property
    def state(self) -> ListState:
        return self.shelf.states[self.shelf.view]

    def compose(self) -> ComposeResult:
        yield Tabs()
        yield FilterLine()
        with Horizontal(classes="body"):
            yield LineList(())
            kind, titles = next(iter(self.shelf.kinds.values())), self.frame.titles
            assert titles is not None
            yield RecordForm(kind, titles=titles, today=today(), pen=NoPen())
        yield GuideText()

    def on_mount(self) -> None:
        self.ready = True
        self.show_view(self.view)
        for wish in self.wishes:
            wish()
        self.wishes.clear()

    @property
    def lines(self) -> LineList:
        return self.query_one(LineList)

    @property
    def filter(self) -> FilterLine:
        return self.query_one(FilterLine)

    @property
    def form(self) -> RecordForm:
        return self.query_one(RecordForm)

    @property
    def current_kind(self) -> type[Record] | None:
        return self.shelf.kinds.get(self.shelf.view)

    @property
    def current_code(self) -> str:
        kind = self.current_kind
        if kind is None or not self.ready:
            return ""
        if kind.declared.single or self.has_class("-form"):
            return self.shown.code if self.shown is not None else ""
        return self.lines.key

    @property
    def in_form(self) -> bool:
        """Is somebody writing?"""
        return self.has_class("-form") or (self.ready and self.filter.has_focus)

    # ---- views ----

    def show_view(self, view: str, code: str = "") -> None:
        """Shows one list (or the guide, or the journal) with the cursor on `code`."""
        if not self.ready:
            self.shelf.view = view  # a key that came before the page was there
            return
        self.leave_form()
        self.shelf.view = view
        kind = self.current_kind
        single = kind is not None and kind.declared.single
        self.set_class(single, "-single")
        self.set_class(kind is None, "-plain")
        self.query_one(GuideText).display = view == GUIDE
        self.filter.show(self.state.filter if kind is not None else "")
        self.draw_tabs()
        if kind is None:
            self._show_guide_or_journal()
        else:
            if single:
                self.show_form(kind, self._only(kind))
            else:
                self.lines.empty = _("{about}\n\nPress a to add the first one.").format(about=_(kind.declared.about))
                self.lines.style_of = None
                self.lines.set_columns(columns_of(kind))
                self.draw_rows(code or self.state.key)
        if self.frame.page is self:
            self.focus_page()

    def _only(self, kind: type[Record]) -> Record | None:
        assert self.frame.book is not None
        return next(iter(self.frame.book.rows(kind)), None)

    def _show_guide_or_journal(self) -> None:
        frame = self.frame
        assert frame.book is not None and frame.titles is not None
        if self.view == GUIDE:
            guide.show_steps(self.lines, frame.book, self.chapter.id)
        else:
            self.lines.style_of, self.lines.empty = None, _("Nothing has been written yet.")
            self.lines.set_columns(history.COLUMNS)
            history.show_entries(self.lines, self.journal, frame.titles)
            actions.ask_history(frame)

    def show_journal(self, entries: Sequence[Entry]) -> None:
        """The whole history has arrived from the store."""
        if self.view == JOURNAL and entries != self.journal:
            self.journal = entries
            assert self.frame.titles is not None
            history.show_entries(self.lines, entries, self.frame.titles)

    def draw_tabs(self) -> None:
        assert self.frame.book is not None
        code = self.shown.code if self.shown is not None and self.has_class("-form") else ""
        self.query_one(Tabs).show(self.shelf.tabs(self.frame.book), self.shelf.view, code)

    def draw_rows(self, code: str = "") -> None:
        """The rows of the open list, filtered and sorted; the cursor stays on its record, or goes to `code`."""
        kind, frame = self.current_kind, self.frame
        assert kind is not None and frame.book is not None and frame.titles is not None
        state, titles = self.state, frame.titles
        rows = state.select(frame.book.rows(kind), titles)
        self.lines.set_rows(rows, lambda row: cells(row, titles), key=lambda row: row.code)
        self.lines.sort = (state.column + 1, False) if state.column >= 0 else None
        if code:
            self.lines.go_to(code)
        self.show_highlighted()

    def refresh_book(self, touched: Collection[type[Record]]) -> None:
        if not self.ready:
            return
        self.draw_tabs()
        kind = self.current_kind
        if kind is None:
            self._show_guide_or_journal()
            return
        if self.shown is not None and self.shown.code != self.wanted and self._found(self.shown.code) is None:
            self.leave_form()
            self.shown = None
        if kind.declared.single:
            found = self._only(kind)
        else:
            self.draw_rows(self.wanted)
            self.wanted = ""
            found = self._found(self.shown.code) if self.shown is not None else None
        if found is not None and found is not self.shown:
            self.shown = found
            self.form.show(found)

    def _found(self, code: str) -> Record | None:
        assert self.frame.book is not None
        return self.frame.book.get(code)

    # ---- list and form ----

    def show_highlighted(self) -> None:
        """The form beside the list follows the cursor (only where there is room for both, and nobody is writing)."""
        kind = self.current_kind
        if kind is None or kind.declared.single or self.has_class("-form") or not self.screen.has_class("-wide"):
            return
        row = self._found(self.lines.key) if self.lines.key else None
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
        """Opens the record under the cursor for writing."""
        kind = self.current_kind
        if kind is None:
            return
        if not kind.declared.single and not self.has_class("-form"):
            row = self._found(self.lines.key) if self.lines.key else None
            if row is None:
                return
            if self.shown is None or self.shown.code != row.code or self.form.kind is not kind:
                self.show_form(kind, row)
        self._writing_begins()
        if field:
            self.form.go_to(field)
        self.focus_page()

    def add(self, given: Mapping[str, Value] | None = None) -> None:
        """Opens an empty form; the record is made with the first thing written into it."""
        kind = self.current_kind
        if kind is None:
            return
        if kind.declared.single:
            self.edit()
            return
        self.show_form(kind, None, given)
        self._writing_begins()
        self.focus_page()

    def created(self, token: str, code: str) -> None:
        """The record that is being written in the form exists now."""
        if self.pen is not None and self.pen.ref == token:
            self.pen.ref = self.wanted = code
            self.shown = split_code(code)[0](number=split_code(code)[1])
            self.refresh_book(())

    def conflicted(self, event: Conflicted) -> bool:
        """Somebody else was faster in a field; shows both texts if it is being written here, else False."""
        here = self.pen is not None and self.pen.ref == event.ref
        if here:
            self.form.conflict(event.field, event.mine, event.theirs, event.who)
        return here

    @on(RecordForm.FieldEntered)
    def _form_entered(self) -> None:
        if not self.has_class("-form"):  # by a click
            self._writing_begins()
            self.frame.show_keys()

    @on(events.DescendantFocus)
    def _focus_moved(self, event: events.DescendantFocus) -> None:
        if event.widget is self.lines is self.screen.focused and self.has_class("-form"):  # by a click
            self.leave_form()
        self.frame.show_keys()

    @on(RecordForm.Left)
    def leave(self) -> None:
        self.leave_form()
        self.focus_page()

    def leave_form(self) -> None:
        """Back to the list; what was typed is written."""
        if not self.has_class("-form"):
            return
        self.remove_class("-form")
        self.draw_tabs()
        if self.shown is None:
            self.form.visible = False
        self.frame.show_keys()

    def _writing_begins(self) -> None:
        """Somebody opened a form: now is the time to import what a write needs. Who only reads never pays for it."""
        self.add_class("-form")
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
        elif self.has_class("-single"):
            self.screen.set_focus(None)  # the arrows go on to the next list; Enter opens the form
        else:
            if not self.lines.has_focus:
                self.lines.focus()
            self.show_highlighted()
        self.frame.show_keys()

    # ---- moving ----

    def open_record(self, kind: type[Record], code: str = "", field: str = "") -> None:
        if kind.declared.table not in self.shelf.kinds:
            return
        if code:
            self.shelf.states[kind.declared.table].filter = ""
        self.show_view(kind.declared.table, code)
        if field:
            self.edit(field)

    def step(self, direction: int) -> None:
        """Goes to the list before or after this one."""
        views = self.shelf.views
        self.show_view(views[(views.index(self.view) + direction) % len(views)])

    @on(Tabs.Chosen)
    def _tab_chosen(self, message: Tabs.Chosen) -> None:
        self.show_view(message.id)

    @on(LineList.Selected)
    def _selected(self, message: LineList.Selected) -> None:
        if self.view == GUIDE:
            if (state := self._step(message.key)) is not None:
                actions.follow(self.frame, state)
        elif self.current_kind is not None:
            self.edit()

    @on(LineList.Highlighted)
    def _highlighted(self, message: LineList.Highlighted) -> None:
        if self.view == GUIDE:
            self.query_one(GuideText).show(self._step(message.key))
        else:
            if self.current_kind is not None:
                self.state.key = message.key
            self.show_highlighted()

    def _step(self, id_: str) -> StepState | None:
        assert self.frame.book is not None
        return guide.step(self.frame.book, self.chapter.id, id_)

    # ---- filter and sort ----

    def start_filter(self) -> None:
        """Opens the line in which one types what to find."""
        kind, frame = self.current_kind, self.frame
        assert frame.book is not None and frame.titles is not None
        if kind is not None and not kind.declared.single:
            self.filter.open()
            self.state.prepare(frame.book.rows(kind), frame.titles)

    @on(FilterLine.Narrowed)
    def _narrowed(self, message: FilterLine.Narrowed) -> None:
        self.state.filter = message.text
        self.draw_rows()

    @on(FilterLine.Closed)
    def _filter_closed(self, message: FilterLine.Closed) -> None:
        code = message.text.strip().upper()
        leads = message.entered and self._found(code) is not None
        self.state.filter = "" if leads else message.text
        self.filter.show(self.state.filter)
        self.draw_rows()
        self.lines.focus()
        if leads:
            self.frame.go_to(code)

    def on_key(self, event: events.Key) -> None:
        if event.key == "escape" and self.current_kind is not None and self.state.filter:
            event.stop()
            self._filter_closed(FilterLine.Closed("", entered=False))

    @on(LineList.HeaderClicked)
    def _header_clicked(self, message: LineList.HeaderClicked) -> None:
        if self.current_kind is not None:
            self.state.column = message.column - 1
            self.draw_rows()

    def sort_next(self) -> None:
        """Sorts by the next column; behind the last one, by code again."""
        if self.current_kind is not None and not self.current_kind.declared.single:
            self.state.sort_next(self.current_kind)
            self.draw_rows()
