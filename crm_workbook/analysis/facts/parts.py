"""What facts are made of: counts that may be unknown, shares, what to open; and what facts of several chapters ask for."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import islice
from typing import TypeVar

from crm_workbook.analysis.facts.view import Figure, View, shared
from crm_workbook.analysis.finders import Gap, unfilled
from crm_workbook.records import Record
from crm_workbook.records.phases import Phase
from crm_workbook.records.team import Department, Person
from crm_workbook.records.values import in_order

R = TypeVar("R", bound=Record)
MOST = 50
"""Codes that a figure names at most; its value counts all of them."""
NEVER = 9999
"""A day that has not come: larger than every limit."""

Test = Callable[[R], "bool | None"]
"""True, False, or None when the record does not say yet."""


def counted(rows: tuple[R, ...] | list[R], test: Test[R], *, field: str | None = None) -> Figure:
    """How many of these records pass the test, with their codes; what to open is the first of them, at `field`.

    A record that does not say (None) makes the count unknown as long as no other passes: one that surely passes is enough
    for a rule to fire, and no more than that may be read into it.
    """
    sure, open_ = list[str](), list[str]()
    for row in rows:
        found = test(row)
        if found:
            sure.append(row.code)
        elif found is None:
            open_.append(row.code)
    if sure or not open_:
        return Figure(len(sure), tuple(sure[:MOST]), Gap(sure[0], field) if sure else None)
    return Figure(None, tuple(open_[:MOST]), Gap(open_[0], field))


def count(view: View, kind: type[R], test: Test[R], *, field: str | None = None) -> Figure:
    """`counted` over all records of a kind."""
    return counted(view.rows(kind), test, field=field)


def named(view: View, kind: type[R], *, test: Callable[[R], bool] = lambda row: True) -> Figure:
    """How many records of a kind there are that have a name. Not known while all of them are only begun."""
    index = kind.declared.fields[kind.declared.label[0]].index
    empty = kind.declared.fields[kind.declared.label[0]].empty
    rows = [row for row in view.rows(kind) if test(row)]
    there = [row for row in rows if row[index] != empty]
    if there or not rows:
        return Figure(len(there), tuple(row.code for row in there[:MOST]), None if there else Gap(kind=kind))
    return Figure(None, tuple(row.code for row in rows[:MOST]), Gap(rows[0].code, kind.declared.label[0]))


def share(part: int, whole: int, records: tuple[str, ...] = (), gap: Gap | None = None) -> Figure:
    """part / whole; a share of nothing is not known."""
    return Figure(part / whole if whole else None, records, gap)


def written(row: Record, field: str) -> Figure:
    """A number or a yes/no that somebody wrote into the one record of a kind (or into any record)."""
    value = row.get(field)
    gap = Gap(row.code, field) if row.number else Gap(kind=type(row), field=field)
    assert value is None or isinstance(value, (bool, int, float)), f"{field} holds no figure"
    return Figure(value, (row.code,) if row.number else (), gap)


# ---- what facts of several chapters ask for ----

@shared
def phases(view: View) -> tuple[Phase, ...]:
    """The phases in the order of the work."""
    return tuple(sorted(view.rows(Phase), key=lambda row: (row.order or 99, row.number)))


@shared
def phase(view: View) -> Phase | None:
    """The phase that the facts "of the phase" are about: the one asked for, otherwise the first that is not closed (a later day
    is a plan), otherwise the last; None while there is no phase."""
    if view.phase_code:
        return view.find(Phase, view.phase_code)
    rows = phases(view)
    return next((row for row in rows if not past(view, row.closed_on)), rows[-1] if rows else None)


def codes(rows: Iterable[Record]) -> tuple[str, ...]:
    """The codes of the first `MOST` of these records."""
    return tuple(row.code for row in islice(rows, MOST))


def past(view: View, day: date | None) -> bool:
    """Has this day come? A day in the future is a plan, and no day says nothing."""
    return day is not None and day <= view.today


def entry(row: Record, field: str) -> Gap:
    """A field of a `single` record, which may not be there yet."""
    return Gap(row.code, field) if row.number else Gap(kind=type(row), field=field)


def ordered(codes: Iterable[str]) -> tuple[str, ...]:
    """Codes of records, each once, in their usual order."""
    return in_order(set(codes))[:MOST]


def wanted(figure: Figure, gap: Gap) -> Figure:
    """A count of good things: something is to mend only while there is none."""
    return Figure(figure.value, figure.records[:MOST], figure.gap if figure.value is None else None if figure.value else gap)


def pointed(view: View, figure: Figure, *names: str) -> Figure:
    """The figure with the first unfilled of these fields in its first record as what to open."""
    row = view.get(figure.records[0]) if figure.gap and figure.records else None
    return Figure(figure.value, figure.records[:MOST], (row and unfilled(row, *names)) or figure.gap)


def mended(rows: Iterable[R], mend: Callable[[R], Gap | None]) -> Figure:
    """How many of these records have something to mend; what to open is the first of it."""
    found = [(row, gap) for row in rows if (gap := mend(row))]
    return Figure(len(found), codes(row for row, _gap in found), found[0][1] if found else None)


def lacking(view: View, there: Callable[[Department], bool | None], gap: Callable[[Department], Gap],
            spare: Sequence[Record] = ()) -> Figure:
    """How many departments with users lack something.

    `there`: is it there (None: only begun); `gap`: what to open for it. `spare` are records that may be meant for a
    department and name none: as long as they could fill every gap, the count is not known. So it is where only departments
    lack it whose users were not counted.
    """
    sure, open_ = list[Department](), list[tuple[Department, Gap]]()
    for row in view.rows(Department):
        if row.users == 0 or (found := there(row)):
            continue
        if found is None or row.users is None:
            open_.append((row, gap(row) if found is None else Gap(row.code, "users")))
        else:
            sure.append(row)
    if len(sure) > len(spare):
        return Figure(len(sure), tuple(row.code for row in sure[:MOST]), gap(sure[0]))
    codes = (*(row.code for row in sure), *(row.code for row, _gap in open_))
    if not codes:
        return Figure(0)
    return Figure(None, codes[:MOST], Gap(spare[0].code, "department") if sure else open_[0][1])


def sent(view: View, people: Sequence[Person], tick: str) -> Figure:
    """How many departments with users have none of these people; what to open is this tick of one of theirs, best of somebody
    who works with clients every day."""
    there = {row.department for row in people}

    def gap(row: Department) -> Gap:
        theirs = sorted(view.where(Person, "department", row.code), key=lambda person: not person.everyday_user)
        return Gap(theirs[0].code, tick) if theirs else Gap(
            given=(("department", row.code), (tick, True), ("everyday_user", True)), kind=Person)
    return lacking(view, lambda row: row.code in there, gap, [row for row in people if not row.department])


@shared
def group(view: View) -> tuple[Person, ...]:
    """The members of the working group: our own people."""
    return tuple(row for row in view.rows(Person) if row.in_group and row.side in ("client", ""))
