"""How a step finds out how far it is: small pure functions that count what is there and name what to open for the rest.

A record that was begun is finished before a new one is asked for: a gap that names a record goes before one that does not.
What has to be there before a gap can be closed at all (people before one is chosen) is the matter of `progress.reachable`.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Generic, TypeVar

from crm_workbook.records import Field, Record, Value
from crm_workbook.records.book import Book

R = TypeVar("R", bound=Record)
T = TypeVar("T", bound="Record | str", covariant=True)


@dataclass(frozen=True, slots=True)
class Gap:
    """What to open. Without `code`: add a new record, with these values `given`; without `field`: any of its fields.

    `kind`: of which kind the new record is; None for the kind that the step is about.
    """

    code: str | None = None
    field: str | None = None
    given: tuple[tuple[str, Value], ...] = ()
    kind: type[Record] | None = None


Found = tuple[int, int, Gap | None]
"""How much is there, how much is wanted, and the first thing to open (None exactly when all is there)."""
Finder = Callable[[Book], Found]


@dataclass(frozen=True)
class Source(Generic[T]):
    """What a step goes through one by one: records, or ids. `lacking` says what to open while there is nothing at all."""

    pick: Callable[[Book], Sequence[T]]
    lacking: Callable[[Book], Gap]

    def __call__(self, book: Book) -> Sequence[T]:
        return self.pick(book)


def rows_of(kind: type[R], test: Callable[[R], bool] = lambda row: True,
            lacking: Callable[[Book], Gap] | None = None) -> Source[R]:
    """The records of a kind that pass the test. While there is none, a new one is wanted, unless `lacking` knows better."""
    return Source(lambda book: [row for row in book.rows(kind) if test(row)], lacking or (lambda book: Gap(kind=kind)))


def ids(*found: str) -> Source[str]:
    """These ids of the catalogue."""
    return Source(lambda book: found, lambda book: Gap())


def column(rows: Sequence[Record], name: str) -> list[Value]:
    """One field of all these records of one kind."""
    return list(map(itemgetter(rows[0].declared.fields[name].index), rows)) if rows else []


def unfilled(row: Record, *names: str) -> Gap | None:
    """The first of these fields that is empty."""
    fields = row.declared.fields
    return next((Gap(row.code, name) for name in names if row[fields[name].index] == fields[name].empty), None)


def best(gaps: Iterable[Gap | None]) -> Gap | None:
    """The first gap of a record that is there, otherwise the first one."""
    found = [gap for gap in gaps if gap is not None]
    return next((gap for gap in found if gap.code), found[0] if found else None)


def everything(wanted: Iterable[Gap | None], lacking: Gap | None = None) -> Found:
    """One item for each thing wanted: None when it is there. Nothing to want yet: `lacking` is wanted (a new record)."""
    items = list(wanted) or [lacking or Gap()]
    return sum(item is None for item in items), len(items), best(items)


def any_of(gaps: Sequence[Gap | None], given: tuple[tuple[str, Value], ...]) -> Gap | None:
    """None when one of several records is filled; otherwise the first to fill, or a new one."""
    return None if None in gaps else gaps[0] if gaps else Gap(given=given)


def filled(rows: Sequence[Record], fields: Sequence[Field]) -> Found:
    """These fields in each of these records (at least one)."""
    open_, gaps = 0, []
    for field in fields:
        values = column(rows, field.name)
        if count := values.count(field.empty):
            row = rows[values.index(field.empty)]
            open_ += count
            gaps.append((row.number, field.index, Gap(row.code, field.name)))
    want = len(rows) * len(fields)
    return want - open_, want, min(gaps)[2] if gaps else None


# ---- what steps are made of ----

def some(kind: type[Record], least: int = 1) -> Finder:
    """At least so many records of a kind that have a name."""
    label = kind.declared.fields[kind.declared.label[0]]

    def find(book: Book) -> Found:
        rows = book.rows(kind)
        values = column(rows, label.name)
        have = len(values) - values.count(label.empty)
        if have >= least:
            return least, least, None
        return have, least, Gap(rows[values.index(label.empty)].code, label.name) if have < len(rows) else Gap()
    return find


def first(kind: type[Record], *names: str) -> Finder:
    """One record, and in the first one these fields: it shows how the others are done."""
    fields = [kind.declared.fields[name] for name in names]

    def find(book: Book) -> Found:
        rows = book.rows(kind)[:1]
        return filled(rows, fields) if rows else (0, len(fields), Gap())
    return find


def each(kind: type[Record], *names: str, among: Source[Record] | None = None) -> Finder:
    """These fields filled in each record (of those `among` picks); one record at least."""
    fields = [kind.declared.fields[name] for name in names]

    def find(book: Book) -> Found:
        rows = among(book) if among else book.rows(kind)
        return filled(rows, fields) if rows else (0, 1, among.lacking(book) if among else Gap())
    return find


def one(kind: type[Record], *names: str) -> Finder:
    """The one record of a `single` kind, with these fields filled."""
    fields = [kind.declared.fields[name] for name in names]

    def find(book: Book) -> Found:
        rows = book.rows(kind)[:1]
        return filled(rows, fields) if rows else (0, len(names), Gap(None, names[0]))
    return find


def once(kind: type[Record], name: str) -> Finder:
    """This tick set in one record at least, which has a name."""
    names = (*kind.declared.label, name)
    return lambda book: everything([any_of([unfilled(row, *names) for row in book.rows(kind)], ((name, True),))])


def of(kind: type[Record], name: str, among: Source[Record | str], /, *names: str, least: int = 1, **also: Value) -> Finder:
    """For each record or id of `among` so many records that name it and hold `also`, with a label and these fields filled."""
    wanted = tuple(dict.fromkeys((*kind.declared.label, *names)))

    def find(book: Book) -> Found:
        def there(id_: str) -> list[Gap | None]:
            gaps: list[Gap | None] = []
            done = 0
            for row in book.where(kind, name, id_):
                if all(row.get(key) == value for key, value in also.items()):
                    gap = unfilled(row, *wanted)
                    done += gap is None
                    gaps.append(gap)
                    if done == least:
                        return [None] * least
            given: tuple[tuple[str, Value], ...] = ((name, id_), *((key, value) for key, value in also.items() if value))
            return [*[None] * done, *[gap for gap in gaps if gap], *[Gap(given=given)] * least][:least]
        found = among(book)
        return everything((gap for item in found for gap in there(item if isinstance(item, str) else item.code)),
                          None if found else among.lacking(book))
    return find
