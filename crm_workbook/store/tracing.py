"""What the journal knows about fields: when they were first and last written, and everything that was written into them.

Meant for questions about all records at once; the index of the journal answers the first one alone.
"""
from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import cast

from crm_workbook.store.reading import Query

Written = tuple[str, str, int, str | None, str | None]
"""Code, field, number, old and new value (JSON texts) of a journal entry."""

AT_ONCE = 500
"""Codes in one question (SQLite and PostgreSQL take some ten thousand parameters)."""


def spans(query: Query, fields: Collection[str]) -> Mapping[tuple[str, str], tuple[int, int]]:
    """(code, field) -> numbers of the first and the last entry; field "" (created, deleted) has to be asked for, too."""
    names, parameters = _among("field", sorted(fields))
    rows = query(f"SELECT code, field, min(number), max(number) FROM journal WHERE field IN ({names}) GROUP BY code, field",
                 parameters)
    return {(code, field): (first, last) for code, field, first, last in rows}


def changes(query: Query, codes: Collection[str], fields: Collection[str]) -> Iterator[Written]:
    """All that was written into these fields of these records, of each field in the order of the numbers."""
    names, parameters = _among("field", sorted(fields))
    ordered = sorted(codes)
    for start in range(0, len(ordered) if fields else 0, AT_ONCE):
        places, wanted = _among("code", ordered[start:start + AT_ONCE])
        rows = query(f'SELECT code, field, number, "old", "new" FROM journal WHERE code IN ({places}) AND field IN ({names}) '
                     "ORDER BY code, field, number", {**parameters, **wanted})  # the order of the index
        yield from (cast(Written, tuple(row)) for row in rows)


def _among(name: str, values: Sequence[str]) -> tuple[str, dict[str, str]]:
    """The inside of an IN (...), and its parameters; in an empty one stands a text that no value is."""
    parameters = {f"{name}{place}": value for place, value in enumerate(values or ("\t",))}
    return ", ".join(f":{key}" for key in parameters), parameters
