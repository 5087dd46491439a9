"""The terminal application: themes, styles, the first screen. Nothing else happens here."""
from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from textual.app import App
from textual.binding import BindingType
from textual.filter import LineFilter

from crm_workbook import paths, terminal
from crm_workbook.i18n import _
from crm_workbook.screens.days import today
from crm_workbook.screens.themes import THEMES, first_theme
from crm_workbook.screens.workbook import WorkbookScreen
from crm_workbook.widgets.plain import PlainFilter

if TYPE_CHECKING:
    from crm_workbook.records.book import Book
    from crm_workbook.store import Workbook
    from crm_workbook.store.events import Event
    from crm_workbook.store.session import Session

    Opener = Callable[[Callable[[Book], None]], Workbook]
    """Opens a workbook; may hand over a Book to look at while it does."""


class WorkbookApp(App[int]):
    """One workbook on one terminal. `target` is a path or a database URL, `who` the name written into the journal."""

    TITLE = "CRM Workbook"
    ENABLE_COMMAND_PALETTE = False
    CSS_PATH = [paths.styles_dir() / name for name in ("base.tcss", "lists.tcss", "forms.tcss")]
    BINDINGS: ClassVar[list[BindingType]] = []
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]

    def __init__(self, target: str, who: str, *, restore: Callable[[], None] | None = None,
                 opener: Opener | None = None, today: Callable[[], date] = today) -> None:
        """`restore` puts the terminal back: with it, a hang-up or SIGTERM saves and ends the process. `opener` opens the
        workbook in the store's thread instead of `target`; it can show a Book before that (the example is made there).
        `today`: the day by which everything is judged and written; the example has its own."""
        super().__init__()
        self._restore, self._opener = restore, opener
        self.fault: Exception | None = None
        self.target, self.who = target, who
        day = today()
        notes = (_("example of {day}, nothing is kept").format(day=f"{day.day} {day:%B %Y}"), _("example, nothing is kept"))
        self.main_screen = WorkbookScreen(target, who, self._start_session, notes=notes if opener else (), today=today)
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = first_theme(os.environ)
        self.animation_level = "none"  # nothing moves by itself: a quiet line over SSH costs nothing

    def _start_session(self, post: Callable[[Event], None]) -> Session:
        from crm_workbook.store.events import Opened
        from crm_workbook.store.session import Session

        opener = self._opener
        session = Session(self.target, who=self.who, post=post,
                          opener=(lambda: opener(lambda book: post(Opened(book)))) if opener else None)
        if self._restore is not None:
            from crm_workbook.store.signals import install

            install(session, self._restore)
        session.start()
        return session

    def _handle_exception(self, error: Exception) -> None:
        """A fault of ours on a real terminal: end, and let `run` raise it, so that it lands in a log and not on the screen."""
        if self._restore is None:
            super()._handle_exception(error)
        elif self.fault is None:
            self.fault = error
            self.exit(1, return_code=1)

    def get_default_screen(self) -> WorkbookScreen:
        return self.main_screen

    def get_line_filters(self) -> Sequence[LineFilter]:
        """User text can hold no control sequence by the time it reaches the terminal."""
        return [PlainFilter(), *super().get_line_filters()]


def run(target: str, *, who: str, opener: Opener | None = None, today: Callable[[], date] = today) -> int:
    """Opens the workbook on this terminal; returns the exit code. All that was typed is on disk when it returns.

    `today`: the clock, asked for each day that is judged by or written.
    """
    from crm_workbook.store.signals import block_signals

    block_signals()  # before any thread starts: they are waited for by one thread alone
    terminal.take_any_byte()
    keep_log()
    app = WorkbookApp(target, who, restore=terminal.remember(), opener=opener, today=today)
    try:
        code = app.run(mouse=not os.environ.get("CRM_WORKBOOK_NO_MOUSE"))
    finally:
        saved = app.main_screen.close_session()
    if saved is not True:
        sys.stderr.write(f"{saved}\n")
        return 1
    if app.fault is not None:
        raise app.fault
    return app.return_code or code or 0


def keep_log() -> None:
    """Warnings of the program go into a file: the screen is taken."""
    from logging.handlers import RotatingFileHandler

    path = paths.log_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=500_000, backupCount=1, encoding="utf-8", delay=True)
    except OSError:
        return
    logging.basicConfig(handlers=[handler], level=logging.WARNING, format="%(asctime)s %(threadName)s %(message)s")
