"""The vendor's file on the screen: written for the vendor to fill in, read again when it comes back, and looked at line by line
before anything is taken over. Files are written and read in the store's thread, so that no key waits for them."""
from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from crm_workbook.analysis.finders import Gap
from crm_workbook.i18n import N_, _, ngettext
from crm_workbook.records.vendors import Answer, Vendor
from crm_workbook.screens.ask import AskModal
from crm_workbook.screens.dialogs import DialogKey
from crm_workbook.screens.gaps import open_gap
from crm_workbook.screens.vendors.sheet import Sheet, open_sheet
from crm_workbook.screens.vendors.vendor_of import ask_vendor, vendor_here
from crm_workbook.widgets.columns import Column
from crm_workbook.widgets.lines import Cell

if TYPE_CHECKING:
    from datetime import date

    from crm_workbook.catalogue import Catalogue
    from crm_workbook.exchange.vendor_reply import Item, Reply
    from crm_workbook.screens.workbook import WorkbookScreen
    from crm_workbook.store import Workbook

WRITTEN, READ, TAKEN = "vendor file", "vendor reply", "reply taken "
"""Tickets of what the store is asked for; behind the last one stands what is said when it is on the disk."""
THROW_AWAY = "crm-workbook-demo-"
"""How the folder of the example begins; nothing that is to be kept may lie there."""
SIGNS = {"refused": "✗", "changed": "!", "differs": "≠", "new": "+", "same": "=", "left_out": "·"}
WORDS = {"refused": N_("refused"), "changed": N_("reworded"), "differs": N_("different"), "new": N_("new"),
         "same": N_("confirmed"), "left_out": N_("left out")}
"""What a line of a reply is, in one character and in a word; what asks for a hand comes first."""


# ---- which vendor, and what ----

def open_vendor_file(frame: WorkbookScreen) -> None:
    """Asks for the vendor where the place does not say it, and then what to do."""
    assert frame.book is not None and frame.titles is not None
    vendors = [row for row in frame.book.rows(Vendor) if row.name or row.product]
    here = vendor_here(frame)
    if here:
        _ask_what(frame, here)
    elif len(vendors) > 1:
        ask_vendor(frame, _("Whose file?"), vendors, frame.titles, partial(_ask_what, frame))
    elif vendors:
        _ask_what(frame, vendors[0].code)
    else:
        open_gap(frame, Gap(kind=Vendor), _("Write down the vendor first."))


def _ask_what(frame: WorkbookScreen, vendor: str) -> None:
    assert frame.titles is not None
    answers = [("xlsx", _("Write the questions as a spreadsheet (.xlsx)")), ("toml", _("Write them as plain text (.toml)")),
               ("read", _("Read a file that came back filled in"))]
    name = frame.titles.named(vendor)

    def then(what: str | None) -> None:
        if what == "read":
            frame.app.push_screen(PathModal(frame, vendor))
        elif what:
            _ask_noted(frame, vendor, what)

    frame.app.push_screen(AskModal(_("The file of {vendor}").format(vendor=name), answers,
                                   [_("Files are written into {folder}").format(folder=folder_of(frame.target))]), then)


def _ask_noted(frame: WorkbookScreen, vendor: str, what: str) -> None:
    """With the answers that were noted already, or empty; not asked while nothing was noted."""
    assert frame.book is not None
    noted = sum(bool(row.value) for row in frame.book.where(Answer, "vendor", vendor))
    if not noted:
        _write(frame, vendor, what, noted=False)
        return
    answers = [("no", _("No, the vendor answers all questions afresh")),
               ("yes", _("Yes, the vendor confirms or mends them in writing"))]
    question = ngettext("Shall the {n} answer that you have noted stand in it?",
                        "Shall the {n} answers that you have noted stand in it?", noted).format(n=noted)
    frame.app.push_screen(AskModal(question, answers), lambda found: _write(
        frame, vendor, what, noted=found == "yes") if found else None)


# ---- out ----

def folder_of(target: str) -> Path:
    """Where files are written: beside the workbook; where one stands for a database and for the example."""
    folder = Path.cwd() if "://" in target else Path(target).expanduser().absolute().parent
    return Path.cwd() if folder.name.startswith(THROW_AWAY) else folder


def _name_of(target: str, row: Vendor | None, vendor: str) -> str:
    """What a vendor's file is called, without its end: workbook, code and name in plain letters."""
    stem = Path(target).stem if "://" not in target else "workbook"
    words = "".join(char if char.isalnum() else " " for char in (row.name if row is not None else "")).split()
    return "-".join((stem, vendor, *words))[:80]


def _write(frame: WorkbookScreen, vendor: str, what: str, *, noted: bool) -> None:
    assert frame.book is not None and frame.titles is not None and frame.session is not None
    name = f"{_name_of(frame.target, frame.book.find(Vendor, vendor), vendor)}.{what}"
    path, catalogue, today = folder_of(frame.target) / name, frame.titles.catalogue, frame.today()
    frame.session.ask(lambda workbook: _written(workbook, catalogue, vendor, path, today, noted), ticket=WRITTEN)


def _written(workbook: Workbook, catalogue: Catalogue, vendor: str, path: Path, today: date, noted: bool) -> str:
    """In the store's thread: writes the file under a name that is free; a sentence that says so, or why not."""
    from crm_workbook.analysis.facts import View
    from crm_workbook.exchange.files import FileRefused, write_atomic
    from crm_workbook.screens.actions import free

    view, path = View(workbook.book, catalogue, today), free(path)
    if view.find(Vendor, vendor) is None:
        return _("{code} has been deleted meanwhile.").format(code=vendor)
    try:
        if path.suffix == ".xlsx":
            from crm_workbook.exchange.vendor_xlsx import write_xlsx

            write_xlsx(view, vendor, path, noted=noted)
        else:
            from crm_workbook.exchange.vendor_sheet import write_toml

            write_atomic(path, write_toml(view, vendor, noted=noted))
    except FileRefused as problem:
        return str(problem)
    return _("Written: {path}. Mail it to the vendor; v reads it when it comes back.").format(path=path)


# ---- in ----

class PathModal(ModalScreen[None]):
    """A line for the path of the file. It stays until the file was read, and says why it could not be."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f3", "dismiss", show=False)]

    def __init__(self, frame: WorkbookScreen, vendor: str) -> None:
        super().__init__()
        self.frame, self.vendor = frame, vendor
        self.reading = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -small"):
            yield Static(_("Where is the file that came back?"), classes="question", markup=False)
            yield Input(self._guess(), placeholder=_("for instance ~/Downloads/answers.xlsx"), compact=True,
                        select_on_focus=False)
            yield Static("", id="path-said", classes="details", markup=False)
            yield Static(_("Enter: read it and show what is in it; nothing is taken over yet. Esc: back."), classes="details",
                         markup=False)

    def on_mount(self) -> None:
        line = self.query_one(Input)
        line.cursor_blink = False
        line.focus()

    def _guess(self) -> str:
        """The youngest file that was written for this vendor; "" without one."""
        assert self.frame.book is not None
        folder = folder_of(self.frame.target)
        stem = _name_of(self.frame.target, self.frame.book.find(Vendor, self.vendor), self.vendor)
        try:
            found = [(path.stat().st_mtime, str(path)) for path in folder.iterdir()
                     if path.name.startswith(stem) and path.suffix in (".xlsx", ".toml")]
        except OSError:
            return ""
        return max(found, default=(0.0, ""))[1]

    def say(self, sentence: str) -> None:
        """Why the file was not taken, below the line."""
        self.reading = False
        self.query_one("#path-said", Static).update(Content(sentence))

    @on(Input.Submitted)
    def _entered(self, message: Input.Submitted) -> None:
        message.stop()
        frame, text = self.frame, message.value.strip().strip("'\"").strip()
        if not text or self.reading or frame.session is None or frame.titles is None:
            return
        path, catalogue, today, vendor = path_of(text, frame.target), frame.titles.catalogue, frame.today(), self.vendor
        self.say(_("Reading ..."))
        self.reading = True
        frame.session.ask(lambda workbook: (vendor, _read(workbook, catalogue, path, today)), ticket=READ)


def path_of(text: str, target: str) -> Path:
    """The path that somebody typed: ~ is the home folder, and a bare name may lie beside the workbook."""
    try:
        path = Path(text).expanduser()
    except RuntimeError:  # ~somebody who is not known here
        path = Path(text)
    beside = folder_of(target) / path
    return beside if not path.exists() and beside.exists() else path


def _read(workbook: Workbook, catalogue: Catalogue, path: Path, today: date) -> Reply | str:
    """In the store's thread: what stands in the file, or why it cannot be read."""
    from crm_workbook.analysis.facts import View
    from crm_workbook.exchange.files import FileRefused
    from crm_workbook.exchange.vendor_reply import read_reply

    try:
        return read_reply(path, View(workbook.book, catalogue, today))
    except FileRefused as problem:
        return str(problem)


def arrived(frame: WorkbookScreen, result: object) -> None:
    """The file was read: its lines are shown where somebody still waits for them, or why it cannot be used."""
    assert isinstance(result, tuple)
    vendor, reply = result
    modal = frame.app.screen
    if not isinstance(modal, PathModal) or modal.vendor != vendor:
        return  # nobody waits any more
    if isinstance(reply, str):
        modal.say(reply)
        return
    modal.dismiss()
    sheet = ReplySheet(frame, reply)
    if reply.vendor != vendor:
        sheet.said = _("This file is of another vendor than the one you came from.")
    open_sheet(sheet)


# ---- what came back ----

class ReplySheet(Sheet):
    """What a filled file holds beside what was noted. Nothing is written before the group says so."""

    ABOUT = N_("What the vendor has written, beside your notes. Nothing is taken over before you say so, and one "
               "undo takes all of it back.")
    KEYS: ClassVar[tuple[DialogKey, ...]] = (
        DialogKey("a", "all_new", N_("all new"), N_("marks all new answers")),
        DialogKey("w", "write", N_("take over"), N_("writes the marked answers into the workbook")))
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "mark(True)", show=False), Binding("2", "mark(False)", show=False)]
    DETAIL: ClassVar[int] = 7

    def __init__(self, frame: WorkbookScreen, reply: Reply) -> None:
        super().__init__(frame)
        self.reply = reply
        self.taken: dict[str, tuple[str, str]] = {}  # marked: id of the question -> as what, and what was noted then
        self.kept: set[str] = set()  # those that shall stay as they are noted

    def show(self) -> None:
        from crm_workbook.exchange.vendor_reply import preview

        self.found = preview(self.reply, self.view)
        held = {item.question: (item.kind, item.noted) for item in self.found.items if item.edits}
        if stale := [id_ for id_, seen in self.taken.items() if held.get(id_) != seen]:
            self.taken = {id_: seen for id_, seen in self.taken.items() if id_ not in stale}
            self.said = ngettext("Somebody has changed {n} marked answer meanwhile; look at it again.",
                                 "Somebody has changed {n} marked answers meanwhile; look at them again.",
                                 len(stale)).format(n=len(stale))
        self.lines.empty = _("Every answer in the file is noted already, just so.")
        super().show()

    def keys(self) -> Sequence[tuple[str, str]]:
        return (("1", _("theirs")), ("2", _("ours")), ("a", _("all new")), ("w", _("take over {n}").format(
            n=len(self.taken))))

    def head(self) -> Content:
        rows = [row for row in self.rows() if not isinstance(row, str)]
        counts = {kind: sum(item.kind == kind for item in rows) for kind in SIGNS}
        parts = [f"{n} {_(WORDS[kind])}" for kind, n in counts.items() if n]
        row = self.view.find(Vendor, self.found.vendor)
        name = self.titles.label(row) if row is not None else self.found.vendor
        return Content(_("Reply of {vendor}   {counts}").format(vendor=name, counts=", ".join(parts)))

    def columns(self) -> Sequence[Column]:
        return (Column("", min=1), Column(_("Take"), min=5), Column("", min=9), Column(_("Question"), min=22, weight=3),
                Column(_("Noted"), min=12, weight=1), Column(_("The vendor"), min=14, weight=2), Column(_("Place"), min=8))

    def rows(self) -> Sequence[Item | str]:
        kinds = list(SIGNS)
        items = [item for item in self.found.items if item.kind != "same" or item.edits]
        return (*self.found.problems, *sorted(items, key=lambda item: (kinds.index(item.kind), not item.edits)))

    def key(self, row: Item | str) -> str:
        return row if isinstance(row, str) else f"{row.question} {row.cell}"

    def cells(self, row: Item | str) -> Sequence[Cell]:
        if isinstance(row, str):
            return "!", "", _("the file"), row, "", "", ""
        choice = "✓" if row.question in self.taken else _("ours") if row.question in self.kept else "?" if row.edits else ""
        return SIGNS[row.kind], choice, _(WORDS[row.kind]), row.title or row.question, row.noted, row.replied, row.cell

    def style_of(self, row: Item | str) -> str:
        if isinstance(row, str) or row.kind in ("refused", "changed"):
            return "-warn"
        return "" if row.edits else "-dim"

    def detail(self) -> Content:
        row: Item | str | None = self.row
        if row is None or isinstance(row, str):
            return Content(row or "")
        place = _("{place}. {sentence}").format(place=row.cell, sentence=row.sentence)
        lines = [row.sentence if not row.cell or row.sentence.startswith(row.cell) else place,
                 _("Noted: {noted}").format(noted=row.noted or _("nothing")),
                 _("The vendor: {replied}").format(replied=row.replied or _("nothing"))]
        if row.edits and row.kind in ("refused", "left_out"):
            lines.append(_("Taken over, the vendor's words are kept as a note; the answer stays open."))
        return Content.styled(row.title or row.question, "bold") + Content("".join(f"\n{line}" for line in lines))

    # ---- what can be done ----

    def follow(self) -> None:
        row: Item | str | None = self.row
        if row is not None and not isinstance(row, str):
            self.action_mark(row.question not in self.taken)

    def action_mark(self, theirs: bool) -> None:
        """Takes the vendor's answer under the cursor, or stays with ours, and goes on to the next line."""
        row: Item | str | None = self.row
        if row is None or isinstance(row, str) or not row.edits:
            self.say(_("There is nothing to take over in this line.") if row is not None else "")
            return
        self._mark([row], theirs)
        self.show()
        self.lines.action_move(1)

    def _mark(self, items: Sequence[Item], theirs: bool) -> None:
        for item in items:
            self.kept.discard(item.question)
            self.taken.pop(item.question, None)
            if theirs:
                self.taken[item.question] = item.kind, item.noted
            else:
                self.kept.add(item.question)

    def action_all_new(self) -> None:
        """Marks everything that is new or only confirms what is noted; the rest is decided line by line."""
        new = [item for item in self.found.items if item.edits and item.question in self.found.usual]
        self._mark(new, theirs=True)
        self.show()
        self.say(ngettext("{n} answer is marked. What differs you decide line by line.",
                          "{n} answers are marked. What differs you decide line by line.", len(new)).format(n=len(new))
                 if new else _("Nothing in this file is new."))

    def action_write(self) -> None:
        """Asks once more, and takes over what is marked."""
        if not self.taken:
            self.say(_("Nothing is marked. Press a for all new answers, or 1 on a line."))
            return
        stay = sum(item.kind == "differs" and item.question not in self.taken for item in self.found.items)
        details = [ngettext("{n} answer that differs stays as it is noted.", "{n} answers that differ stay as they are noted.",
                            stay).format(n=stay)] if stay else []
        answers = [("no", _("No, look on")), ("yes", _("Yes, take over; u takes all of it back"))]
        count = len(self.taken)
        question = ngettext("Take over {n} answer?", "Take over {n} answers?", count).format(n=count)
        self.app.push_screen(AskModal(question, answers, details), self._take_over)

    def _take_over(self, answer: str | None) -> None:
        if answer != "yes" or self.over:
            return
        from crm_workbook.exchange.vendor_reply import edits_of

        self.write(*edits_of(self.found, self.taken), ticket=TAKEN + said_of(self.found.items, self.taken))
        self.end(None)


def said_of(items: Sequence[Item], taken: Collection[str]) -> str:
    """What was taken over, in one sentence with its counts."""
    def count(*kinds: str, theirs: bool) -> int:
        return sum(item.kind in kinds and (item.question in taken) is theirs for item in items)

    done = (_("{n} new"), count("new", theirs=True)), (_("{n} mended"), count("differs", "changed", theirs=True)), (
        _("{n} confirmed"), count("same", theirs=True)), (_("{n} as a note"), count("refused", "left_out", theirs=True))
    rest = (_("{n} stay as noted"), count("differs", "changed", theirs=False)), (
        _("{n} left out"), count("left_out", theirs=False)), (_("{n} refused"), count("refused", theirs=False))
    parts = [", ".join(words.format(n=n) for words, n in counts if n) for counts in (done, rest)]
    return _("Taken over: {done}. Press u to take all of it back.").format(done="; ".join(filter(None, parts)))
