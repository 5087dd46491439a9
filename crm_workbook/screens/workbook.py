"""The one screen: the frame, the page of the open chapter, and the session with the store behind it."""
from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from crm_workbook.i18n import _
from crm_workbook.paths import log_file, overlay_of
from crm_workbook.screens import actions, trail
from crm_workbook.screens.chapters import CHAPTERS, chapter
from crm_workbook.screens.commands import BY_ID, COMMANDS, Command
from crm_workbook.screens.days import today, zone
from crm_workbook.screens.frame import AlertBar, ChapterList, HintBar, KeyLine, TitleBar
from crm_workbook.screens.keys import steer

if TYPE_CHECKING:
    from crm_workbook.analysis.facts import View
    from crm_workbook.analysis.progress import Progress
    from crm_workbook.catalogue import Catalogue
    from crm_workbook.records import Record
    from crm_workbook.records.book import Book
    from crm_workbook.screens.lists import Shelf
    from crm_workbook.screens.page import Page
    from crm_workbook.screens.titles import Titles
    from crm_workbook.store.events import Event
    from crm_workbook.store.session import Session

    StartSession = Callable[[Callable[[Event], None]], Session]
    """Starts a session that tells its events to the function given."""

MINUTE = 60
"""Seconds after which somebody looks whether it is another day."""
SOON = 0.3
"""Seconds after the first picture with data in which nobody has read it yet."""


class WorkbookScreen(Screen[None]):
    """Painted before anything is read: the frame first, then the Book arrives and the pages with it."""

    BINDINGS: ClassVar[list[BindingType]] = [binding for command in COMMANDS for binding in command.bindings()]
    AUTO_FOCUS = ""

    class Stored(Message):
        """The store thread says something."""

        def __init__(self, event: Event) -> None:
            super().__init__()
            self.event = event

    def __init__(self, target: str, who: str, start: StartSession, *, notes: Sequence[str] = (),
                 today: Callable[[], date] = today) -> None:
        """`notes`: what everybody should know about this workbook, in more and in fewer words, shown beside the name.
        `today`: the day by which everything on the screen is judged and written."""
        super().__init__()
        self.target, self.who, self._start, self.notes, self.today = target, who, start, notes, today
        self.session: Session | None = None
        self.book: Book | None = None
        self.titles: Titles | None = None
        self.progress: dict[str, Progress] = {}  # of this Book
        self.view: View | None = None  # the facts; made after the first picture
        self.trouble = ""  # why there are none: one of them has gone wrong
        self._facts: View | None = None  # the same, whether they can be worked out or not
        self.page: Page | None = None
        self.pages: dict[str, Page] = {}  # the page of every chapter that was opened
        self.shelves: dict[str, Shelf] = {}  # the lists of every chapter that was opened and has no page of its own
        self.trail: list[trail.Place] = []  # where one came from, for `back`
        self.waiting: list[str] = []  # commands given before the Book was there
        self.ahead: list[events.Key] = []  # keys that came while a page was being made
        self.leaving: set[str] = set()  # codes whose deletion is on its way
        self.deleted: dict[str, str] = {}  # codes that somebody has deleted just now, and who

    def compose(self) -> ComposeResult:
        yield TitleBar(id="title-bar")
        yield AlertBar(id="alert-bar")
        with Horizontal(id="middle"):
            yield ChapterList(id="chapters")
            with Vertical(id="pages"):
                yield Static(_("Opening {name} ...").format(name=self.target.rpartition("/")[2]), id="opening", markup=False)
        yield HintBar(id="hint-bar")
        yield KeyLine(id="key-line")

    def on_mount(self) -> None:
        self.query_one(TitleBar).right = tuple(f"{note} · {self.who}" for note in self.notes) or (self.who,)
        self.query_one(AlertBar).display = self.query_one(HintBar).display = False
        self.show_keys()
        self.call_after_refresh(self._open_session)
        self.set_interval(MINUTE, self._another_day)

    # ---- the store ----

    def _open_session(self) -> None:
        self.session = self._start(self._post)

    def _post(self, event: Event) -> None:
        self.post_message(self.Stored(event))

    def close_session(self) -> bool | str:
        """Writes everything typed and closes. True when all of it is on disk, else a sentence."""
        if self.session is None or self.session.close():
            return True
        return _("Not everything could be written. What is missing lies in {path}.").format(path=self.session.rescued)

    @on(Stored)
    def _stored(self, message: Stored) -> None:
        actions.stored(self, message.event)

    def show_book(self, book: Book, touched: Collection[type[Record]]) -> None:
        """A new picture of the data: the page that is open draws what changed, the others when they are opened."""
        from crm_workbook.analysis.progress import progress
        from crm_workbook.records.goals import Project

        first = self.book is None
        self.book = book
        if self.titles is None:
            from crm_workbook.screens.titles import Titles

            self.titles = Titles(book, self._catalogue())
        self.titles.book = book
        if first or Project in touched:
            self.query_one(TitleBar).company = book.only(Project).company
        self.progress = progress(book)
        self.query_one(ChapterList).shares = {id_: found.share for id_, found in self.progress.items()}
        if self._facts is not None:
            self._look(self._facts.advanced(book, self.today()))
        if first:
            self.query_one("#opening").remove()
            self.show_chapter("overview").when_ready(lambda: self.call_after_refresh(self._work_out))
            for id_ in self.waiting:
                self.run_command(id_)
            self.waiting.clear()
            self.set_timer(SOON, self._make_ready)
        elif self.page is not None:
            self.page.refresh_book(touched)
            self.page.drawn = book
            self._refresh_dialogs()

    def _catalogue(self) -> Catalogue:
        """The catalogue with the company's own file; without it, and a sentence, when that cannot be used."""
        from crm_workbook.catalogue import CatalogueError, load

        overlay = overlay_of(self.target)
        try:
            return load(overlay)
        except CatalogueError as error:
            self.say(_("The company's own catalogue is left out: {reason}").format(reason=str(error).partition("\n")[0]))
            return load()

    def _work_out(self) -> None:
        """The facts, right after the first picture: they are not waited for."""
        from crm_workbook.analysis.facts import View

        if self.book is not None and self.titles is not None:
            self._look(View(self.book, self.titles.catalogue, self.today(), zone=zone()))
            self._redraw()

    def _another_day(self) -> None:
        """Midnight has passed: what is overdue today was not yesterday."""
        if self.book is not None and self._facts is not None and self._facts.today != self.today():
            self._look(self._facts.advanced(self.book, self.today()))
            self._redraw()

    def _redraw(self) -> None:
        """The facts are there, or others than before: what shows them is drawn again, now or when it is opened."""
        for page in self.pages.values():
            page.drawn = None
        if self.page is not None and self.page.ready:
            self.page.refresh_book(())
            self.page.drawn = self.book
        self._refresh_dialogs()

    def _refresh_dialogs(self) -> None:
        if self.app.screen is not self:
            from crm_workbook.screens.dialogs import redraw

            redraw(self)

    def _make_ready(self) -> None:
        """While somebody reads the Overview: the page of lists is made, so that the first chapter opens as quickly as any."""
        page = self._page_of("goals")
        if not page.is_attached:
            page.display = False
            self.query_one("#pages").mount(page)

    def _look(self, view: View) -> None:
        """The facts of another Book or day; how many warnings there are stands beside the chapter Radar. Should a fact go
        wrong, that is noted, and everything but the Radar works on."""
        from crm_workbook.analysis.gates import gates
        from crm_workbook.analysis.radar import look

        self._facts = view
        try:
            radar, _states = look(view), gates(view)
        except Exception:  # whatever it is, nobody shall lose what is being written
            if not self.trouble:
                logging.exception("The facts cannot be worked out")
                self.trouble = _("The Radar cannot be worked out just now; the fault is noted in {log}.").format(log=log_file())
                self.say(self.trouble)
            self.view, self.query_one(ChapterList).alarms = None, (0, 0, 0)
            return
        self.view, self.trouble = view, ""
        self.query_one(ChapterList).alarms = radar.count("blocker"), radar.count("serious"), radar.count("warn")

    # ---- pages ----

    @property
    def current_code(self) -> str:
        """The record under the cursor of the open page."""
        return self.page.current_code if self.page else ""

    @property
    def current_kind(self) -> type[Record] | None:
        """The kind of the list that is open."""
        return self.page.current_kind if self.page else None

    def show_chapter(self, id_: str) -> Page:
        """Opens the page of a chapter; it is made when it is opened for the first time."""
        from crm_workbook.screens.registers import RegisterPage

        if self.page is not None and self.page.chapter.id == id_:
            self.page.focus_page()
            return self.page
        before, page = self.page, self._page_of(id_)
        self.page = page
        if before is not None and before is not page:
            before.display = False
            before.drawn = self.book
        if isinstance(page, RegisterPage) and page.shelf is not self.shelves[id_]:
            page.display = True
            page.take(self.shelves[id_])
        elif not page.is_attached:
            self.query_one("#pages").mount(page)
        else:
            page.display = True
            if page.drawn is not self.book:
                page.refresh_book(self.book.tables if self.book else ())
            page.focus_page()
        self.query_one(ChapterList).open = id_
        self.show_keys()
        return page

    def _open_chapter(self, id_: str) -> None:
        """The chapter by its digit: where one left it, or at its home."""
        from crm_workbook.screens.registers import RegisterPage

        page, shelf = self._page_of(id_), self.shelves.get(id_)
        if shelf is not None and shelf.home and shelf.view != shelf.home:
            if isinstance(page, RegisterPage) and page.shelf is shelf:
                page.show_view(shelf.home)  # also while another page is in front of it
            shelf.view = shelf.home
        self.show_chapter(id_)

    def _page_of(self, id_: str) -> Page:
        """The page that shows a chapter: its own, or the one that all chapters of lists share."""
        from crm_workbook.screens.registers import RegisterPage

        if id_ not in self.pages:
            page = chapter(id_).page()
            if page is None:
                self.shelves[id_] = chapter(id_).shelf()
                page = next((other for other in self.pages.values() if isinstance(other, RegisterPage)), None) or RegisterPage(
                    self.shelves[id_])
            self.pages[id_] = page
        return self.pages[id_]

    def shelf_of(self, id_: str) -> Shelf | None:
        """The lists and boards of a chapter; None where it has a page of its own."""
        self._page_of(id_)
        return self.shelves.get(id_)

    def go_to(self, code: str, field: str = "", *, remember: bool = True) -> None:
        """Leads to a record, wherever it lives."""
        from crm_workbook.records import split_code

        kind, _number = split_code(code)
        if remember:
            trail.remember(self)
        self.open_kind(kind, code, field)

    def open_kind(self, kind: type[Record], code: str = "", field: str = "") -> None:
        """Opens the list of a kind in its chapter."""
        page = self.show_chapter(kind.declared.chapter)
        page.when_ready(lambda: page.open_record(kind, code, field))

    # ---- commands ----

    def show_keys(self) -> None:
        """The key line for the place where the focus is."""
        page = self.page
        if page is not None and page.in_form:
            leave = _("back to the sheet") if page.straight_back else _("back to the list")
            self.query_one(KeyLine).keys = ((("", "Enter", _("keep")), ("", "Esc", _("show all"))) if page.finding else (
                ("help", "F1", _("help")), ("leave_form", "F3", leave), ("", "Tab", _("next field")),
                ("undo", "ctrl+z", _("undo"))))
            return
        in_list = self.current_kind is not None
        on_board = page is not None and page.chapter.id != "overview" and not in_list
        shown = sorted((command for command in COMMANDS if command.line and (
            in_list or command.place == "anywhere" or (on_board and command.id == "edit"))), key=lambda command: command.line)
        self.query_one(KeyLine).keys = tuple((command.id, command.key, _(command.label)) for command in shown)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Letters and digits belong to the text while somebody writes."""
        if action == "command" and self.page is not None and self.page.in_form:
            return False
        return super().check_action(action, parameters)

    async def _on_key(self, event: events.Key) -> None:
        """A key that no widget with the focus has taken."""
        if self.focused is None and await steer(self, event):
            event.stop()
            event.prevent_default()

    def action_command(self, id_: str) -> None:
        """A key of a command was pressed."""
        self.run_command(id_)

    def action_command_anywhere(self, id_: str) -> None:
        """A key of a command was pressed that works while somebody writes, too."""
        self.run_command(id_)

    def run_command(self, id_: str) -> None:
        """Does it, or says why it is not possible now."""
        command: Command = BY_ID[id_]
        self.say("")
        if self.book is None and id_ not in ("quit", "help", "theme"):
            self.waiting.append(id_)
            return
        if reason := command.why_not(self):
            self.say(_(reason))
            return
        if id_.startswith("chapter_"):
            self._open_chapter(CHAPTERS[int(id_.removeprefix("chapter_"))].id)
            return
        getattr(actions, f"do_{id_}")(self)

    def say(self, sentence: str) -> None:
        """A notice above the key line, or in the dialog that covers it; it stays until the next command."""
        self.query_one(HintBar).sentence = sentence
        if sentence and self.app.screen is not self:
            from crm_workbook.screens.dialogs import Dialog

            if isinstance(self.app.screen, Dialog):
                self.app.screen.say(sentence)

    @on(ChapterList.Chosen)
    def _chapter_chosen(self, message: ChapterList.Chosen) -> None:
        self.run_command(f"chapter_{chapter(message.id).digit}")

    @on(KeyLine.Chosen)
    def _key_chosen(self, message: KeyLine.Chosen) -> None:
        if message.id == "leave_form" and self.page is not None:
            self.page.leave()
        elif message.id:
            self.run_command(message.id)
