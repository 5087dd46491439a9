"""The inverse of what was done: edits that take a batch back, unless somebody else has built on it since."""
from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import cast

from crm_workbook.records import Field, Value, split_code
from crm_workbook.records.book import Book, row_of
from crm_workbook.records.edits import Change, Conflict, Create, Delete, Edit, Entry, Link, Refused, Unlink
from crm_workbook.records.values import from_json

Others = Callable[[str, str, Entry], Entry | None]
"""What somebody else wrote about a field of a record (with '': about anything of it) after an entry, or None."""


def inverse(done: Sequence[Entry]) -> list[Edit]:
    """The edits that undo these entries, the last one first. Fields that no longer exist are left out."""
    return [edit for entry in reversed(done) for edit in _inverse(entry)]


def _inverse(entry: Entry) -> Iterator[Edit]:
    kind, number = split_code(entry.code)
    if entry.op == "create":
        yield Delete(entry.code)
    elif entry.op == "delete":
        yield Create(kind, row_of(kind, number, json.loads(entry.old or "{}")).values(), number)
    elif (field := kind.declared.fields.get(entry.field)) is None:
        return
    elif entry.op == "change":
        yield Change(entry.code, entry.field, _value(field, entry.new), _value(field, entry.old))
    elif entry.op == "link":
        yield Unlink(entry.code, entry.field, json.loads(cast(str, entry.new)))
    else:
        yield Link(entry.code, entry.field, json.loads(cast(str, entry.old)))


def _value(field: Field, text: str | None) -> Value:
    return field.empty if text is None else from_json(field, text)


def check_whole_records(done: Sequence[Entry], book: Book, others: Others) -> None:
    """Refused when undoing a creation would take away what somebody else wrote into the record, or linked to it, since;
    and when somebody else made a record again that is to be brought back. Each conflict's edit names the place."""
    conflicts: list[Conflict] = []
    for entry in done:
        if entry.op not in ("create", "delete") or book.get(entry.code) is None:
            continue
        places = [(entry.code, "")]
        if entry.op == "create":
            places += [(row.code, name) for row, name in book.referrers(entry.code)]
        found = next(filter(None, (others(code, name, entry) for code, name in places)), None)
        if found is not None:
            conflicts.append(_against(found, book))
    if conflicts:
        raise Refused(conflicts=tuple(conflicts))


def _against(found: Entry, book: Book) -> Conflict:
    row = book.get(found.code)
    if row is None or found.field not in row.declared.fields:
        return Conflict(Delete(found.code), None, found.who, found.at)
    value = row.get(found.field)
    return Conflict(Change(found.code, found.field, value, row.declared.fields[found.field].empty), value, found.who, found.at)


def name_others(conflicts: Sequence[Conflict], done: Sequence[Entry], others: Others) -> tuple[Conflict, ...]:
    """The same conflicts, each signed by who came in between: the last to write there may have been ourselves."""
    return tuple(_named(conflict, done, others) for conflict in conflicts)


def _named(conflict: Conflict, done: Sequence[Entry], others: Others) -> Conflict:
    edit = conflict.edit
    if isinstance(edit, Create):
        return conflict
    first = next((entry for entry in done if entry.code == edit.code), None)
    found = others(edit.code, getattr(edit, "field", ""), first) if first is not None else None
    return conflict if found is None else replace(conflict, who=found.who, at=found.at)
