"""Edits: the only way in which anything changes, and the journal entries they leave."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from crm_workbook.records import Record, Value


@dataclass(frozen=True, slots=True)
class Create:
    """A new record. `number` 0: the next free one; otherwise exactly this one, which must be free (import, undo)."""

    kind: type[Record]
    values: Mapping[str, Value]
    number: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """One field from `old` (what the person saw) to `new`; refused when it holds something else by now."""

    code: str
    field: str
    old: Value
    new: Value


@dataclass(frozen=True, slots=True)
class Link:
    """Adds `target` to a field of several ids; two people who add different targets do not disturb each other."""

    code: str
    field: str
    target: str


@dataclass(frozen=True, slots=True)
class Unlink:
    """Takes `target` out of a field of several ids."""

    code: str
    field: str
    target: str


@dataclass(frozen=True, slots=True)
class Delete:
    """Deletes a record, what belongs to it (`owner` links), and every link to it. Undo brings all of it back."""

    code: str


Edit = Create | Change | Link | Unlink | Delete
Operation = Literal["create", "change", "link", "unlink", "delete"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the journal.

    `old` and `new` are JSON texts: the value of the field; for `create` (`new`) and `delete` (`old`) an object of all
    fields that hold something; for `link` (`new`) and `unlink` (`old`) the target. `batch` holds together what one person
    did at once. While a person goes on typing in one field, its entry is replaced by a younger one with the same `old`, for
    a minute at most (store.typist.VISIT): an entry that is older is final.
    """

    number: int
    at: datetime
    who: str
    session: str
    batch: str
    op: Operation
    code: str
    field: str = ""
    old: str | None = None
    new: str | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Why an edit was refused: the field holds `theirs` by now (None with `gone`: the record was deleted)."""

    edit: Edit
    theirs: Value
    who: str = ""
    at: datetime | None = None
    gone: bool = False


class Refused(Exception):
    """Edits that were not written, none of them. `conflicts`: somebody was faster. `problems`: sentences, one for each
    thing that cannot be (an unknown code, a value out of its limits, a code that is taken)."""

    def __init__(self, problems: tuple[str, ...] = (), conflicts: tuple[Conflict, ...] = ()) -> None:
        super().__init__(" ".join(problems) or "Somebody else has changed the same field.")
        self.problems, self.conflicts = problems, conflicts
