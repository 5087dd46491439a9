"""Which file a vendor sent back: those beside the workbook to choose from, or a path that is typed. It is read in a
thread of its own, so that neither a key nor the store waits for it."""
from __future__ import annotations

import asyncio
import logging
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from crm_workbook.i18n import _
from crm_workbook.records.vendors import Vendor
from crm_workbook.screens.ask import AskModal
from crm_workbook.screens.days import zone
from crm_workbook.screens.vendors.reply_sheet import ReplySheet
from crm_workbook.screens.vendors.sheet import open_sheet
from crm_workbook.widgets.columns import Column
from crm_workbook.widgets.lines import LineList

if TYPE_CHECKING:
    from datetime import date

    from crm_workbook.catalogue import Catalogue
    from crm_workbook.exchange.vendor_reply import Reply
    from crm_workbook.records.book import Book
    from crm_workbook.screens.workbook import WorkbookScreen

THROW_AWAY = "crm-workbook-demo-"
"""How the folder of the example begins; nothing that is to be kept may lie there."""
MOST = 50
"""Files that are offered."""


# ---- where files lie ----

def folder_of(target: str) -> Path:
    """Where files are written: beside the workbook; where one stands for a database and for the example."""
    folder = Path.cwd() if "://" in target else Path(target).expanduser().absolute().parent
    return Path.cwd() if folder.name.startswith(THROW_AWAY) else folder


def name_of(target: str, row: Vendor | None, vendor: str) -> str:
    """What a vendor's file is called, without its end: workbook, code and name in plain letters."""
    stem = Path(target).stem if "://" not in target else "workbook"
    words = "".join(char if char.isalnum() else " " for char in (row.name if row is not None else "")).split()
    return "-".join((stem, vendor, *words))[:80]


class FileList(LineList, can_focus=False):
    """The files to choose from; the keys go to the line below it."""


class File(NamedTuple):
    """A file beside the workbook. `when`: day and time of its last change."""

    name: str
    when: str


def files_in(folder: Path) -> tuple[File, ...]:
    """The files in a folder that may be filled sheets, the youngest first, `MOST` of them; not the lock files of an office
    program."""
    try:
        found = [(path.stat().st_mtime, path.name) for path in folder.iterdir()
                 if path.suffix.lower() in (".xlsx", ".toml") and not path.name.startswith((".", "~"))]
    except OSError:
        return ()
    return tuple([File(name, f"{datetime.fromtimestamp(at, zone()):%Y-%m-%d %H:%M}")
                  for at, name in sorted(found, reverse=True)[:MOST]])


# ---- the question ----

class PathModal(ModalScreen[None]):
    """The files beside the workbook to choose from, and a line for the path of any other. It stays until the file was read, and
    says why it could not be."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f3", "dismiss", show=False), Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False)]

    def __init__(self, frame: WorkbookScreen, vendor: str) -> None:
        super().__init__()
        self.frame, self.vendor = frame, vendor
        self.reading = False
        self.folder = folder_of(frame.target)
        self.files = files_in(self.folder)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -small"):
            yield Static(_("Which file came back?"), classes="question", markup=False)
            if self.files:
                yield Static(_("The latest files in {folder}:").format(folder=self.folder), classes="details", markup=False)
                yield FileList((Column("", min=20, weight=1), Column("", min=16)), header=False, always_active=True)
                yield Static(_("Choose with the arrows, or type where it lies:"), classes="details", markup=False)
            yield Input(placeholder=_("for instance ~/Downloads/answers.xlsx"), compact=True, select_on_focus=False)
            yield Static("", id="path-said", classes="details", markup=False)
            yield Static(_("Enter: read it and show what is in it; nothing is taken over yet. Esc: back."), classes="details",
                         markup=False)

    def on_mount(self) -> None:
        line = self.query_one(Input)
        line.cursor_blink = False
        for lines in self.query(FileList):
            lines.styles.height = min(len(self.files), 6)
            lines.set_rows(self.files, lambda file: (file.name, file.when), key=lambda file: file.name)
            lines.go_to(self._guess())
            self._write(lines.key)
        line.focus()

    def _guess(self) -> str:
        """The youngest file that bears the name of those that were written for this vendor; without one the youngest of all."""
        assert self.frame.book is not None
        stem = name_of(self.frame.target, self.frame.book.find(Vendor, self.vendor), self.vendor)
        return next((file.name for file in self.files if file.name.startswith(stem)), self.files[0].name)

    def action_move(self, step: int) -> None:
        """The next file; its path stands in the line."""
        for lines in self.query(FileList):
            lines.action_move(step)
            self._write(lines.key)

    def _write(self, name: str) -> None:
        line = self.query_one(Input)
        line.value = str(self.folder / name)
        line.cursor_position = len(line.value)

    @on(LineList.Highlighted)
    def _clicked(self, message: LineList.Highlighted) -> None:
        message.stop()
        self.query_one(Input).focus()

    @on(LineList.Selected)
    def _chosen(self, message: LineList.Selected) -> None:
        message.stop()
        self._write(message.key)

    def say(self, sentence: str) -> None:
        """Why the file was not taken, below the line."""
        self.reading = False
        self.query_one("#path-said", Static).update(Content(sentence))

    @on(Input.Submitted)
    def _entered(self, message: Input.Submitted) -> None:
        message.stop()
        frame, text = self.frame, message.value.strip().strip("'\"").strip()
        if not text:
            self.say(_("Choose a file with the arrows, or type its path.") if self.files else _(
                "Type the path of the file, for instance ~/Downloads/answers.xlsx."))
            return
        if not self.reading:
            self._start(path_of(text, frame.target))

    def _start(self, path: Path, vendor: str = "") -> None:
        """Reads the file; `vendor`: for this one, whatever names stand in it."""
        self.say(_("Reading ..."))
        self.reading = True
        self.run_worker(self._read(path, vendor), exit_on_error=False)  # ends with the modal: nobody waits any more

    async def _read(self, path: Path, vendor: str) -> None:
        frame = self.frame
        assert frame.book is not None and frame.titles is not None
        reply = await asyncio.to_thread(_read, frame.book, frame.titles.catalogue, path, frame.today(), vendor)
        if self.app.screen is not self:
            self.say("")
        elif isinstance(reply, Foreign):
            self._ask_foreign(path, reply.sentence)
        elif isinstance(reply, str):
            self.say(reply)
        else:
            self._show(reply)

    def _show(self, reply: Reply) -> None:
        self.dismiss()
        sheet = ReplySheet(self.frame, reply)
        if reply.vendor != self.vendor:
            sheet.said = _("This file is of another vendor than the one you came from.")
        open_sheet(sheet)

    def _ask_foreign(self, path: Path, sentence: str) -> None:
        """A file that belongs elsewhere, by the names in it: a person may know better."""
        assert self.frame.titles is not None
        self.say(sentence)
        answers = [("no", _("No, choose another file")), ("yes", _("Yes, it is the right file"))]
        question = _("Read it for {vendor} all the same?").format(vendor=self.frame.titles.named(self.vendor))
        self.app.push_screen(AskModal(question, answers, [sentence]),
                             lambda found: self._start(path, self.vendor) if found == "yes" else None)


class Foreign(NamedTuple):
    """Why a file seems to belong elsewhere."""

    sentence: str


def path_of(text: str, target: str) -> Path:
    """The path that somebody typed: ~ is the home folder, and a bare name may lie beside the workbook."""
    try:
        path = Path(text).expanduser()
    except RuntimeError:  # ~somebody who is not known here
        path = Path(text)
    beside = folder_of(target) / path
    return beside if not path.exists() and beside.exists() else path


def _read(book: Book, catalogue: Catalogue, path: Path, today: date, vendor: str) -> Reply | Foreign | str:
    """In a thread: what stands in the file, or why it cannot be read. Never raises."""
    from crm_workbook.analysis.facts import View
    from crm_workbook.exchange.files import FileRefused
    from crm_workbook.exchange.vendor_reply import ForeignFile, read_reply

    try:
        return read_reply(path, View(book, catalogue, today), vendor)
    except ForeignFile as problem:
        return Foreign(str(problem))
    except FileRefused as problem:
        return str(problem)
    except Exception as error:  # whatever it is, a person waits for a word
        logging.exception("The file of a vendor cannot be read")
        return _("{name} cannot be read ({fault}). The log has the details.").format(
            name=path.name, fault=type(error).__name__)
