"""The Book: all records at one moment, in memory. Screens and analysis read it and nothing else."""
from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TypeVar, cast

from crm_workbook.records import KINDS, Record, Value, split_code
from crm_workbook.records.declare import MANY_IDS
from crm_workbook.records.edits import Entry
from crm_workbook.records.values import from_json, from_plain, in_order

R = TypeVar("R", bound=Record)
Table = Mapping[int, Record]


@dataclass(frozen=True, eq=False)
class Book:
    """An immutable picture: `number` is the youngest journal entry in it. A change makes a new Book that shares every
    table it did not touch, so comparing two Books table by table with `is` tells what changed. `changed` is the day of that
    entry (UTC), None when it is not known."""

    tables: Mapping[type[Record], Table] = field(default_factory=dict)
    number: int = 0
    changed: date | None = None

    @classmethod
    def of(cls, rows: Iterable[Record], number: int = 0) -> Book:
        """A Book of these rows, in one line (tests, imports)."""
        tables: dict[type[Record], dict[int, Record]] = {}
        for row in rows:
            tables.setdefault(type(row), {})[row.number] = row
        return cls({kind: dict(sorted(tables[kind].items())) for kind in KINDS if kind in tables}, number)

    def table(self, kind: type[Record]) -> Table:
        """Number -> row, in the order of the numbers."""
        return self.tables.get(kind, {})

    def rows(self, kind: type[R]) -> tuple[R, ...]:
        """All records of a kind, in the order of their numbers. Made once for each Book and kind."""
        found = self._rows.get(kind)
        if found is None:
            found = self._rows[kind] = tuple(self.table(kind).values())
        return cast("tuple[R, ...]", found)

    def only(self, kind: type[R]) -> R:
        """The one record of a `single` kind; an empty one (number 0) while nothing was written."""
        return next(iter(self.rows(kind)), None) or kind()

    def get(self, code: str) -> Record | None:
        """The record with this code, or None."""
        try:
            kind, number = split_code(code)
        except ValueError:
            return None
        return self.table(kind).get(number)

    def find(self, kind: type[R], code: str) -> R | None:
        """The record with this code if it is of this kind, or None."""
        row = self.get(code)
        return row if isinstance(row, kind) else None

    def where(self, kind: type[R], name: str, code: str) -> tuple[R, ...]:
        """The records of a kind whose field `name` is, or contains, this id. From an index made at the first question."""
        index = self._indexes.get((kind, name))
        if index is None:
            position, many = kind.declared.fields[name].index, kind.declared.fields[name].type in MANY_IDS
            made: dict[str, list[Record]] = {}
            for row in self.table(kind).values():
                for target in row[position] if many else (row[position],):
                    made.setdefault(target, []).append(row)
            index = self._indexes[kind, name] = {target: tuple(rows) for target, rows in made.items()}
        return cast("tuple[R, ...]", index.get(code, ()))

    def twin(self, kind: type[R], values: Mapping[str, Value]) -> R | None:
        """The record that a new one of a kind with these values would repeat (`unique`), or None."""
        first, *others = kind.declared.unique or ("",)
        code = values.get(first) if first else None
        if not isinstance(code, str) or not code or not all(values.get(name) for name in others):
            return None
        rows = self.where(kind, first, code)
        return next((row for row in rows if all(row.get(name) == values[name] for name in others)), None)

    def referrers(self, code: str) -> Iterator[tuple[Record, str]]:
        """Every record and field that points at this record."""
        table = split_code(code)[0].declared.table
        for kind in KINDS:
            for field_ in kind.declared.link_fields():
                if field_.of == table:
                    for row in self.where(kind, field_.name, code):
                        yield row, field_.name

    def count(self) -> int:
        """How many records there are."""
        return sum(len(table) for table in self.tables.values())

    def __eq__(self, other: object) -> bool:
        """Same records; the journal number does not matter."""
        return isinstance(other, Book) and all(self.table(kind) == other.table(kind) for kind in KINDS)

    __hash__ = None  # type: ignore[assignment]  # a Book is compared, never a key

    @cached_property
    def _rows(self) -> dict[type[Record], tuple[Record, ...]]:
        return {}

    @cached_property
    def _indexes(self) -> dict[tuple[type[Record], str], dict[str, tuple[Record, ...]]]:
        return {}

    def advanced(self, entries: Iterable[Entry]) -> Book:
        """The Book after these journal entries. Entries that are already in it change nothing."""
        touched: dict[type[Record], dict[int, Record]] = {}
        unsorted: set[type[Record]] = set()
        number, changed = self.number, self.changed
        for entry in entries:
            if entry.number and entry.number <= self.number:
                continue
            number = max(number, entry.number)
            changed = entry.at.date()
            kind, key = split_code(entry.code)
            table = touched.get(kind)
            if table is None:
                table = touched[kind] = dict(self.table(kind))
            if entry.op == "create":
                if key < next(reversed(table), 0):
                    unsorted.add(kind)  # a deleted record came back
                table[key] = row_of(kind, key, json.loads(entry.new or "{}"))
            elif entry.op == "delete":
                table.pop(key, None)
            elif (row := table.get(key)) is not None:
                table[key] = _changed(row, entry)
        for kind in unsorted:
            touched[kind] = dict(sorted(touched[kind].items()))
        if not touched:
            return self if number == self.number else self._next(Book(self.tables, number, changed), ())
        return self._next(Book({**self.tables, **touched}, number, changed), touched)

    def _next(self, book: Book, touched: Iterable[type[Record]]) -> Book:
        gone = set(touched)
        book._rows.update((kind, rows) for kind, rows in self._rows.items() if kind not in gone)
        book._indexes.update((key, index) for key, index in self._indexes.items() if key[0] not in gone)
        return book


def row_of(kind: type[Record], number: int, plain: Mapping[str, object]) -> Record:
    """A row from its plain values (as in the journal); fields that are not named are empty, unknown names are left out."""
    fields = kind.declared.fields
    return kind.make((number, *(from_plain(field_, plain.get(name)) for name, field_ in fields.items())))


def _changed(row: Record, entry: Entry) -> Record:
    declared = row.declared.fields.get(entry.field)
    if declared is None:
        return row
    if entry.op == "change":
        return row.with_value(entry.field, declared.empty if entry.new is None else from_json(declared, entry.new))
    held = cast("tuple[str, ...]", row.get(entry.field))
    target = json.loads(cast(str, entry.new if entry.op == "link" else entry.old))
    if entry.op == "link":
        return row if target in held else row.with_value(entry.field, in_order((*held, target)))
    return row.with_value(entry.field, tuple(code for code in held if code != target))


__all__ = ["Book", "Table", "row_of"]
