"""A chapter as lists: what to do, one list for each kind of record, the history; with the ways from list to list."""
from __future__ import annotations

import re
from collections.abc import Sequence

from textual import events, on

from crm_workbook.i18n import _
from crm_workbook.records import Record
from crm_workbook.records.edits import Entry
from crm_workbook.records.minutes import Unfinished
from crm_workbook.screens.boards import Board, Journal
from crm_workbook.screens.filter import FilterLine
from crm_workbook.screens.guide import GuideText
from crm_workbook.screens.lists import ListState, Shelf, cells, columns_of
from crm_workbook.screens.page import Page
from crm_workbook.screens.tabs import Tabs
from crm_workbook.widgets.lines import LineList

CODE = re.compile("[A-Z]{1,3}[0-9]+")


class ListPage(Page):
    """The lists of a chapter in one LineList; what differs is data (`Shelf`), so going to another chapter draws a list and
    makes nothing. Forms are the matter of RegisterPage."""

    def __init__(self, shelf: Shelf) -> None:
        super().__init__(shelf.chapter)
        self.shelf = shelf

    @property
    def view(self) -> str:
        return self.shelf.view

    @property
    def state(self) -> ListState:
        return self.shelf.states[self.shelf.view]

    @property
    def current_kind(self) -> type[Record] | None:
        return self.shelf.kinds.get(self.shelf.view)

    @property
    def lines(self) -> LineList:
        return self.query_one(LineList)

    @property
    def filter(self) -> FilterLine:
        return self.query_one(FilterLine)

    # ---- what RegisterPage adds ----

    def leave_form(self) -> None:
        """Ends writing."""

    def edit(self, field: str = "") -> None:
        """Opens the record under the cursor for writing."""

    def show_single(self, kind: type[Record]) -> None:
        """Shows the one record of a kind as a form."""

    def show_highlighted(self) -> None:
        """The record under the cursor has changed."""

    @property
    def writing_in(self) -> str:
        """The code of the record somebody writes in."""
        return ""

    # ---- views ----

    def take(self, shelf: Shelf) -> None:
        """Shows the lists of another chapter, where one left them."""
        self.leave_form()
        self.shelf, self.chapter = shelf, shelf.chapter
        self.show_view(shelf.view)

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
        self._set_plain()
        self.filter.show(self.state.filter if kind is not None else "")
        self.draw_tabs()
        if kind is None:
            self.shelf.boards[view].draw(self)
        elif single:
            self.show_single(kind)
        else:
            self.lines.style_of = None
            self.lines.set_columns(columns_of(kind))
            self.draw_rows(code or self.state.key)
        if self.frame.page is self:
            self.focus_page()

    def _set_plain(self) -> None:
        """Beside the guide and the history stands no form. Where there is room for one list only, no class needs to change."""
        self.set_class(self.current_kind is None and self.screen.has_class("-wide"), "-plain")

    def on_resize(self) -> None:
        self.call_after_refresh(self._set_plain)

    @property
    def board(self) -> Board | None:
        """The board that is shown; None in a list of records."""
        return self.shelf.boards.get(self.view)

    def show_journal(self, entries: Sequence[Entry]) -> None:
        """The history has arrived from the store."""
        if isinstance(self.board, Journal):
            self.board.arrived(self, entries)

    def draw_tabs(self) -> None:
        self.query_one(Tabs).show(self.shelf.tabs(self.frame), self.shelf.view, self.writing_in)

    def draw_rows(self, code: str = "") -> None:
        """The rows of the open list, filtered and sorted; the cursor stays on its record, or goes to `code`."""
        kind, frame = self.current_kind, self.frame
        assert kind is not None and frame.book is not None and frame.titles is not None
        state, titles = self.state, frame.titles
        rows = state.select(frame.book.rows(kind), titles)
        self.lines.empty = self._nothing(kind)
        self.lines.set_rows(rows, lambda row: cells(row, titles), key=lambda row: row.code)
        self.lines.sort = (state.column + 1, False) if state.column >= 0 else None
        if code:
            self.lines.go_to(code)
        self.show_detail()
        self.show_highlighted()

    def _nothing(self, kind: type[Record]) -> str:
        """What an empty list says: what belongs there, or that nothing was found."""
        text = self.state.filter.strip()
        if text and self.found(text.upper()) is not None:
            return _("Press Enter to go to {code}.").format(code=text.upper())
        if text and CODE.fullmatch(text.upper()):
            return _("There is no {code}. Esc shows all lines again.").format(code=text.upper())
        if text:
            return _("Nothing in this list contains “{text}”. Esc shows all lines again.").format(text=text)
        about = _(kind.declared.about)
        return about if kind is Unfinished else _("{about}\n\nPress a to add the first one.").format(about=about)

    def found(self, code: str) -> Record | None:
        """The record with this code as it is now."""
        assert self.frame.book is not None
        return self.frame.book.get(code)

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

    def enter(self) -> None:
        if self.board is not None:
            self.board.enter(self)
        else:
            self.edit()

    @on(Tabs.Chosen)
    def _tab_chosen(self, message: Tabs.Chosen) -> None:
        self.show_view(message.id)

    @on(LineList.Selected)
    def _selected(self, message: LineList.Selected) -> None:
        self.enter()

    @on(LineList.Highlighted)
    def _highlighted(self, message: LineList.Highlighted) -> None:
        self.show_detail()
        if self.current_kind is not None:
            self.state.key = message.key
            self.show_highlighted()

    def show_detail(self) -> None:
        """Below the list: what the cursor is on, in full (columns are often too narrow for it)."""
        titles = self.frame.titles
        assert titles is not None
        self.query_one(GuideText).show(self.board.detail(self) if self.board is not None else
                                       titles.named(self.lines.key) if self.lines.key else "")

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
        leads = bool(message.entered and code) and self.found(code) is not None
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
