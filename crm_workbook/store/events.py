"""What a Session tells the screens. Frozen; made in the store thread, read in any."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crm_workbook.records import Value
from crm_workbook.records.book import Book
from crm_workbook.records.edits import Entry, Refused


@dataclass(frozen=True, slots=True)
class Opened:
    """The workbook is open; this is its Book."""

    book: Book
    title: str = ""


@dataclass(frozen=True, slots=True)
class Advanced:
    """The Book changed. `entries`: what is new, written by this session (`own`) or by others."""

    book: Book
    entries: tuple[Entry, ...]
    own: bool


@dataclass(frozen=True, slots=True)
class Created:
    """The record of a draft was made; its code may be used from now on, and the token still works."""

    token: str
    code: str


@dataclass(frozen=True, slots=True)
class Written:
    """Is on the disk. `ticket`: of `submit`, "undo", "redo", or the ref of a typed text. Without entries: nothing
    was changed by it."""

    ticket: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Declined:
    """Was not written; tickets as in Written. A typed value that was declined is kept as an unfinished entry."""

    ticket: str
    refused: Refused


@dataclass(frozen=True, slots=True)
class Conflicted:
    """A typed text met another (`gone`: the record was deleted). It is kept as an unfinished entry; `typed` again with
    `seen=theirs` writes it. Told once for each `theirs`."""

    ref: str
    field: str
    mine: Value
    theirs: Value
    who: str
    at: datetime | None
    gone: bool


@dataclass(frozen=True, slots=True)
class Stalled:
    """The disk or the server takes nothing; everything is kept and tried again. `reason` is a sentence."""

    reason: str


@dataclass(frozen=True, slots=True)
class Resumed:
    """It goes on."""


@dataclass(frozen=True, slots=True)
class Failed:
    """Something of ours went wrong; the log has the details. `opening`: the workbook could not be opened, and
    the session is over."""

    sentence: str
    opening: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of `Session.ask`."""

    ticket: str
    result: object


Event = (Opened | Advanced | Created | Written | Declined | Conflicted | Stalled | Resumed | Failed | Answered)
