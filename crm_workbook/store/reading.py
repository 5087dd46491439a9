"""From tables to a Book, and from journal rows to entries, without an ORM.

Rows come as tuples and go column by column through the few decoders that are needed, so ten thousand records take some
tens of milliseconds. The same SQL text serves SQLite and PostgreSQL; both accept `:name` for a parameter here.
"""
from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from crm_workbook.records import KINDS, Field, FieldType, Record, Value
from crm_workbook.records.book import Book
from crm_workbook.records.declare import MANY_IDS
from crm_workbook.records.edits import Entry
from crm_workbook.records.values import from_plain
from crm_workbook.store.names import JOURNAL_COLUMNS

Query = Callable[[str, Mapping[str, Any]], Sequence[Sequence[Any]]]
"""Runs one SQL text with its parameters and gives all rows."""

_DECODED = frozenset({FieldType.MONEY, FieldType.TICK, FieldType.YES_NO, FieldType.DAY, FieldType.MOMENT}) | MANY_IDS
_AT = Field(FieldType.MOMENT, "")


class _Memo(dict[Any, Any]):
    """Decodes each different raw value of a column once."""

    def __init__(self, field: Field) -> None:
        super().__init__({None: field.empty})
        self._field = field

    def __missing__(self, raw: Any) -> Value:
        value = self[raw] = from_sql(self._field, raw)
        return value


def from_sql(field: Field, raw: Any) -> Value:
    """A value from its column: cents, JSON lists, ISO texts or what the PostgreSQL driver made of them."""
    if raw is None:
        return field.empty
    if field.type is FieldType.MONEY:
        return Decimal(raw).scaleb(-2)
    if field.type in MANY_IDS:
        return tuple(json.loads(raw))
    return from_plain(field, raw)


def to_sql(field: Field, value: Value) -> Any:
    """A checked value as SQLAlchemy's column types take it."""
    if field.type is FieldType.MONEY and value is not None:
        return int(cast(Decimal, value).scaleb(2))
    if field.type in MANY_IDS:
        return json.dumps(value, ensure_ascii=False)
    return value


def select_rows(kind: type[Record]) -> str:
    """The SQL that reads one table in the order of a row."""
    columns = ", ".join(f'"{name}"' for name in kind.declared.fields)
    return f'SELECT number, {columns} FROM "{kind.declared.table}" ORDER BY number'


def read_table(kind: type[Record], rows: Sequence[Sequence[Any]]) -> dict[int, Record]:
    """Number -> row."""
    if not rows:
        return {}
    decoded = [field for field in kind.declared.fields.values() if field.type in _DECODED]
    if not decoded:
        return {row[0]: kind.make(cast("tuple[Any, ...]", row)) for row in rows}
    columns: list[Iterable[Any]] = list(zip(*rows, strict=True))
    numbers = cast("tuple[int, ...]", columns[0])
    for field in decoded:
        columns[field.index] = map(_Memo(field).__getitem__, columns[field.index])
    return dict(zip(numbers, map(kind.make, zip(*columns, strict=True)), strict=True))


def read_book(query: Query) -> Book:
    """Everything, at one moment; the caller holds a read transaction."""
    used = {row[0] for row in query("SELECT name FROM counter", {})}  # a table that never had a record is not asked
    tables = {kind: read_table(kind, query(select_rows(kind), {})) for kind in KINDS if kind.declared.table in used}
    last = query("SELECT number, at FROM journal ORDER BY number DESC LIMIT 1", {})
    number, changed = (last[0][0], cast(datetime, from_plain(_AT, last[0][1])).date()) if last else (0, None)
    return Book({kind: rows for kind, rows in tables.items() if rows}, number, changed)


def entry(row: Sequence[Any]) -> Entry:
    """A journal row (JOURNAL_COLUMNS) as an Entry."""
    number, at, *rest = row
    return Entry(number, cast(Any, from_plain(_AT, at)), *rest)


def entries(query: Query, where: str, parameters: Mapping[str, Any], *, order: str = "number", limit: int = 0) -> list[Entry]:
    """Journal entries; `where`, `order` are SQL of ours, never a person's text."""
    tail = f" LIMIT {limit:d}" if limit > 0 else ""
    rows = query(f"SELECT {JOURNAL_COLUMNS} FROM journal WHERE {where} ORDER BY {order}{tail}", parameters)
    return [entry(row) for row in rows]


def entries_after(query: Query, number: int) -> list[Entry]:
    """What was written after a journal number."""
    return entries(query, "number > :number", {"number": number})


def youngest(query: Query, code: str, field: str = "") -> Entry | None:
    """The last entry about a field of a record (its creation and deletion are about every field), or about the record."""
    # two steps down the index each, however long the history of the record is
    last = "SELECT max(number) FROM journal WHERE code = :code AND field"
    where = f"number IN (({last} = :field), ({last} = ''))" if field else "code = :code"
    found = entries(query, where, {"code": code, "field": field} if field else {"code": code}, order="number DESC", limit=1)
    return found[0] if found else None


def history(query: Query, code: str, limit: int, before: int) -> list[Entry]:
    """Youngest first; see Workbook.history."""
    where, parameters = ["number > 0"], dict[str, Any]()
    if code:
        where, parameters = ["code = :code"], {"code": code}
    if before:
        where.append("number < :before")
        parameters["before"] = before
    return entries(query, " AND ".join(where), parameters, order="number DESC", limit=limit)
