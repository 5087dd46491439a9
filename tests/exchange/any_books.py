"""Books of any content, for property tests: every field type, texts that have gone through the door, links that hold."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from crm_workbook.records import BY_TABLE, KINDS, Field, FieldType, Record, Value
from crm_workbook.records.book import Book
from crm_workbook.records.values import check

NASTY = ('"""', "'''", "\\", "\\u0041", "#", "[company_goal.G1]", "= ", "\n", "\r\n", "\t", "\x00", "\x1b[31m", "\x7f", "\x85",
         "\u2028", "\u202e", "\ud800", "\ufeff", "é", "日本", "😀", "[/b]", "%s {0}", " ", "")
texts = st.lists(st.one_of(st.sampled_from(NASTY), st.text(max_size=8)), max_size=5).map("".join)


def _numbers(field: Field) -> st.SearchStrategy[float]:
    return st.floats(field.low, field.high, allow_nan=False, allow_infinity=False)


def _values(field: Field, codes: Mapping[str, Sequence[str]], ids: Mapping[str, Sequence[str]], near: date | None,
            ) -> st.SearchStrategy[Any]:
    kind = field.type
    if kind is FieldType.KNOWN and ids.get(field.of):
        return st.sampled_from(ids[field.of]) | texts
    if kind is FieldType.KNOWNS and ids.get(field.of):
        return st.lists(st.sampled_from(ids[field.of]), max_size=3, unique=True).map(tuple)
    if kind in (FieldType.DAY, FieldType.MOMENT) and near is not None:
        days = st.integers(-400, 400).map(lambda ahead: near + timedelta(ahead)) | st.dates(date(2, 1, 1), date(9998, 12, 31))
        return days if kind is FieldType.DAY else st.builds(datetime.combine, days, st.times(), st.just(UTC))
    if kind in (FieldType.LINE, FieldType.TEXT, FieldType.KNOWN):
        return texts
    if kind is FieldType.INTEGER:
        return st.integers(int(field.low or 0), int(field.high or 10**9))
    if kind is FieldType.NUMBER:
        return _numbers(field)
    if kind is FieldType.MONEY:
        return st.integers(0, 10**14).map(lambda cents: Decimal(cents).scaleb(-2))
    if kind in (FieldType.TICK, FieldType.YES_NO):
        return st.booleans()
    if kind is FieldType.DAY:
        return st.dates(date(1, 1, 1), date(9999, 12, 31))
    if kind is FieldType.MOMENT:
        return st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))
    if kind is FieldType.CHOICE:
        return st.sampled_from(list(field.options or {}))
    if kind is FieldType.KNOWNS:
        return st.lists(st.text(min_size=1, max_size=6), max_size=3, unique=True).map(tuple)
    there = codes.get(field.of, [])
    if kind is FieldType.LINK:
        return st.sampled_from(["", *there])
    return st.lists(st.sampled_from(there), max_size=3, unique=True).map(tuple) if there else st.just(())


def checked(field: Field, value: Any) -> Value:
    """The value as a workbook would hold it; an id list with doubles after the door becomes empty."""
    try:
        return check(field, value)
    except ValueError:
        return field.empty


@st.composite
def books(draw: st.DrawFn, kinds: int = 5, *, over: Book | None = None, ids: Mapping[str, Sequence[str]] | None = None,
          near: date | None = None, of: Sequence[type[Record]] = KINDS) -> Book:
    """A Book of a few records of a few kinds. `over`: those of this Book with a few fields of a few records changed, and a few
    more. `ids`: what the catalogue knows of each kind, to choose from; `near`: most days are about it; `of`: the kinds."""
    numbers: dict[type[Record], list[int]] = {}
    before, any_number = over or Book(), st.integers(1, 99_999)
    for kind in draw(st.lists(st.sampled_from(of), max_size=kinds, unique=True)):
        there = list(before.table(kind))
        one = st.sampled_from(there) | any_number if there else any_number
        numbers[kind] = draw(st.just([1]) if kind.declared.single else st.lists(one, max_size=3, unique=True))
    codes = {kind.declared.table: [f"{kind.declared.prefix}{number}" for number in dict.fromkeys(
        (*before.table(kind), *numbers.get(kind, ())))] for kind in (*before.tables, *numbers)}
    rows = {(kind, number): row for kind, table in before.tables.items() for number, row in table.items()}
    for kind, found in numbers.items():
        for number in found:
            names = draw(st.lists(st.sampled_from(list(kind.declared.fields)), max_size=6, unique=True))
            row = rows.get((kind, number), kind(number=number))
            for name in names:
                field = kind.declared.fields[name]
                row = row.with_value(name, checked(field, draw(_values(field, codes, ids or {}, near))))
            rows[kind, number] = row
    return Book.of(rows.values())


def every_field() -> Book:
    """One record of each kind with every field filled in."""
    sample: dict[FieldType, Value] = {
        FieldType.LINE: 'a "line" # \\', FieldType.TEXT: "two\nlines\tand [x]", FieldType.INTEGER: 3, FieldType.NUMBER: 2.5,
        FieldType.MONEY: Decimal("1200.50"), FieldType.TICK: True, FieldType.YES_NO: False, FieldType.DAY: date(2026, 3, 31),
        FieldType.MOMENT: datetime(2026, 3, 31, 14, 5, tzinfo=UTC), FieldType.KNOWN: "dbms-which", FieldType.KNOWNS: ("a", "b")}
    rows = []
    for kind in KINDS:
        values: dict[str, Value] = {}
        for name, field in kind.declared.fields.items():
            value = sample.get(field.type)
            if field.type is FieldType.CHOICE:
                value = next(iter(field.options or {}))
            elif field.type in (FieldType.LINK, FieldType.LINKS):
                code = f"{BY_TABLE[field.of].declared.prefix}1"
                value = code if field.type is FieldType.LINK else (code,)
            elif field.type is FieldType.INTEGER and field.low and field.low > 3:
                value = int(field.low)
            values[name] = check(field, value)
        rows.append(kind(number=1, **values))
    return Book.of(rows)
