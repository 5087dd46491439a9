"""A plan into the tables: SQLAlchemy core, inside a transaction that somebody else opened and will commit.

The journal only grows, with one exception: while a person types in one field, the row of that visit is replaced by a
younger one (Line.replaces), so that a sentence leaves one row and not one a quarter of a second. A visit lasts
typist.VISIT seconds at most; then the next typing is a new batch, and the row is final. History and every Book that is
read out of the journal have that resolution.
"""
from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from crm_workbook.records import Record
from crm_workbook.records.book import Book
from crm_workbook.records.edits import Entry
from crm_workbook.store.planning import Line, Plan
from crm_workbook.store.reading import to_sql
from crm_workbook.store.tables import COUNTER, JOURNAL, table


class Stale(Exception):
    """The tables do not hold what the Book says. Nothing may be written on that ground."""


def write(connection: Connection, plan: Plan, book: Book, *, who: str, session: str, batch: str, at: datetime,
          known: Iterable[str]) -> tuple[Entry, ...]:
    """Writes rows, counters and journal; gives the journal entries with their numbers. `known`: tables with a counter."""
    for kind, rows in plan.rows.items():
        _write_rows(connection, kind, rows, book)
    have = set(known)
    for name, last in plan.counters.items():
        if name in have:
            connection.execute(update(COUNTER).where(COUNTER.c.name == name).values(last=last))
        else:
            connection.execute(insert(COUNTER).values(name=name, last=last))
    if not plan.lines:
        return ()
    for line in plan.lines:
        if line.replaces:
            connection.execute(delete(JOURNAL).where(JOURNAL.c.number == line.replaces))
    connection.execute(insert(JOURNAL), [_journal_row(line, who, session, batch, at) for line in plan.lines])
    numbers = connection.execute(select(JOURNAL.c.number).where(JOURNAL.c.number > book.number).order_by(JOURNAL.c.number))
    return tuple(Entry(number, at, who, session, batch, line.op, line.code, line.field, line.old, line.new)
                 for line, number in zip(plan.lines, numbers.scalars(), strict=True))


def _journal_row(line: Line, who: str, session: str, batch: str, at: datetime) -> dict[str, Any]:
    return {"at": at, "who": who, "session": session, "batch": batch, "op": line.op, "code": line.code, "field": line.field,
            "old": line.old, "new": line.new}


def _write_rows(connection: Connection, kind: type[Record], rows: dict[int, Record | None], book: Book) -> None:
    target, before, added = table(kind), book.table(kind), list[dict[str, Any]]()
    for number, row in rows.items():
        stored = before.get(number)
        if row is None:
            if stored is not None and connection.execute(delete(target).where(target.c.number == number)).rowcount != 1:
                raise Stale(stored.code)
        elif stored is None:
            added.append({"number": number} | {name: to_sql(field, row[field.index])
                                               for name, field in kind.declared.fields.items()})
        elif row != stored:
            _update(connection, row, stored)
    if added:
        connection.execute(insert(target), added)


def _update(connection: Connection, row: Record, stored: Record) -> None:
    """Only the fields that changed, and only where the row still holds what the plan was made from."""
    target = table(type(row))
    changed = [field for field in row.declared.fields.values() if row[field.index] != stored[field.index]]
    statement = update(target).where(target.c.number == row.number)
    for field in changed:
        statement = statement.where(target.c[field.name].is_not_distinct_from(to_sql(field, stored[field.index])))
    values = {field.name: to_sql(field, row[field.index]) for field in changed}
    if connection.execute(statement.values(values)).rowcount != 1:
        raise Stale(row.code)
