"""The terminal application: themes, styles, the first screen. Nothing else happens here."""
from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import App
from textual.binding import BindingType
from textual.filter import LineFilter

from crm_workbook import paths
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

    def __init__(self, target: str, who: str, *, signals: bool = False, opener: Opener | None = None) -> None:
        """`signals`: a hang-up or SIGTERM saves and ends the process. `opener` opens the workbook in the store's thread
        instead of `target`; it can show a Book before that (the example is made there)."""
        super().__init__()
        self._signals, self._opener = signals, opener
        self.target, self.who = target, who
        self.main_screen = WorkbookScreen(target, who, self._start_session)
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
        if self._signals:
            from crm_workbook.store.signals import install

            install(session, restore_terminal)
        session.start()
        return session

    def get_default_screen(self) -> WorkbookScreen:
        return self.main_screen

    def get_line_filters(self) -> Sequence[LineFilter]:
        """User text can hold no control sequence by the time it reaches the terminal."""
        return [PlainFilter(), *super().get_line_filters()]


def restore_terminal() -> None:
    """Leaves the alternate screen, mouse and paste modes: for an end that Textual does not see (SIGTERM)."""
    if sys.__stderr__ is not None:
        sys.__stderr__.write("\x1b[?1049l\x1b[?25h\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?2004l\x1b[<u")


def run(target: str, *, who: str, opener: Opener | None = None) -> int:
    """Opens the workbook on this terminal; returns the exit code. All that was typed is on disk when it returns."""
    from crm_workbook.store.signals import block_signals

    block_signals()  # before any thread starts: they are waited for by one thread alone
    app = WorkbookApp(target, who, signals=True, opener=opener)
    try:
        code = app.run(mouse=not os.environ.get("CRM_WORKBOOK_NO_MOUSE"))
    finally:
        saved = app.main_screen.close_session()
    if saved is not True:
        sys.stderr.write(f"{saved}\n")
        return 1
    return app.return_code or code or 0
