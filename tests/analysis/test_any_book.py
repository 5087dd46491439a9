"""Whatever stands in a workbook, nothing breaks: facts, findings, gates, the thread, the check in all its formats."""
from __future__ import annotations

import json
import math
import tomllib
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import NoReturn

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crm_workbook.analysis.coverage import breaks, coverage
from crm_workbook.analysis.facts import FACTS, View
from crm_workbook.analysis.facts.parts import MOST
from crm_workbook.analysis.finders import Gap
from crm_workbook.analysis.gates import gates
from crm_workbook.analysis.progress import progress
from crm_workbook.analysis.radar import look
from crm_workbook.analysis.remaining import remaining
from crm_workbook.analysis.thread import thread
from crm_workbook.catalogue import load
from crm_workbook.exchange.check import as_json, as_text, as_toml
from crm_workbook.records import KINDS, Field, FieldType, Record, Value
from crm_workbook.records.adoption import Incident
from crm_workbook.records.book import Book
from crm_workbook.records.declare import MANY_IDS
from crm_workbook.records.vendors import Answer, CostLine
from tests.analysis.healthy import CHOSEN, TODAY, healthy, with_rows
from tests.exchange.any_books import books, every_field

CATALOGUE = load()
KNOWN = {field.of: list(CATALOGUE.rows(field.of)) for kind in KINDS for field in kind.declared.fields.values()
         if field.type in (FieldType.KNOWN, FieldType.KNOWNS)}
TYPES: dict[str, tuple[type, ...]] = {"bool": (bool,), "int": (int,), "float": (int, float)}
DAYS = (TODAY, date(1970, 1, 1), date(2200, 12, 31))
NINES = "9" * 400
LICENCE = CostLine(vendor=CHOSEN, bucket="licence", title="Seats", kind="recurring", basis="fixed", units=1.0,
                   likely=Decimal(100))


def refuse(word: str) -> NoReturn:
    raise AssertionError(f"{word} stands in the JSON")


def leads_somewhere(gap: Gap | None, book: Book) -> bool:
    """Does it name a record that is there, or a kind; and only fields of it?"""
    if gap is None:
        return False
    row = book.get(gap.code) if gap.code else None
    kind = type(row) if row is not None else None if gap.code else gap.kind
    return kind is not None and {*dict(gap.given), *([gap.field] if gap.field else [])} <= kind.declared.fields.keys()


def sound(book: Book, today: date = TODAY, hours: int = 0) -> View:
    """Looks at everything there is to see of a Book."""
    view = View(book, CATALOGUE, today, zone=timezone(timedelta(hours=hours)))
    for name, fact in CATALOGUE.facts.items():
        figure = view.figure(name)
        assert figure.value is None or type(figure.value) in TYPES[fact.type], (name, figure.value)
        assert figure.value is None or math.isfinite(figure.value), (name, figure.value)
        assert len(figure.records) <= MOST and all(map(book.get, figure.records)), (name, figure.records)
        assert figure.gap is None or leads_somewhere(figure.gap, book), (name, figure.gap)
    for finding in look(view).unknown:
        for name in finding.culprits:
            assert leads_somewhere(finding.figures[name].gap, book), (finding.pattern.id, name)
    assert all(0 <= state.readiness <= 100 for state in gates(view))
    assert remaining(view, progress(book)).minutes >= 0
    assert list(breaks(book)) == list(breaks(book)) and coverage(book) == coverage(book)
    for kind in KINDS:
        for row in book.rows(kind)[:1]:
            found = thread(book, row.code)
            assert found is None or found.code == row.code
    assert json.loads(as_json(view), parse_constant=refuse)["facts"].keys() == FACTS.keys()
    assert tomllib.loads(as_toml(view))["date"] == today.isoformat()
    assert all(isinstance(line, str) for line in as_text(view, book))
    return view


@given(book=books(ids=KNOWN, near=TODAY), today=st.sampled_from(DAYS), hours=st.integers(-12, 14))
@example(book=every_field(), today=TODAY, hours=0)
@example(book=Book(), today=TODAY, hours=0)
@settings(max_examples=100, deadline=None)
def test_a_few_records(book: Book, today: date, hours: int) -> None:
    sound(book, today, hours)


@given(book=books(kinds=12, over=healthy(), ids=KNOWN, near=TODAY), today=st.sampled_from(DAYS), hours=st.integers(-12, 14))
@settings(max_examples=80, deadline=None)
def test_a_project_with_a_few_changes(book: Book, today: date, hours: int) -> None:
    sound(book, today, hours)


def within(field: Field, value: Value) -> Value:
    """The value, or the limit of the field that it is beyond."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    least, most = (value if limit is None else limit for limit in (field.low, field.high))
    return type(value)(least if value < least else most if value > most else value)


def every(kinds: FieldType | frozenset[FieldType], value: Value) -> Book:
    """The healthy project with one value in all fields of a type, as far as their limits allow."""
    rows = []
    for kind in healthy().tables:
        for row in healthy().rows(kind):
            for name, field in kind.declared.fields.items():
                if field.type is kinds or (isinstance(kinds, frozenset) and field.type in kinds):
                    row = row.with_value(name, field.empty if value is None else within(field, value))
            rows.append(row)
    return Book.of(rows)


@pytest.mark.parametrize(("kind", "value"), [
    (FieldType.DAY, date.min), (FieldType.DAY, date.max), (FieldType.DAY, TODAY), (FieldType.DAY, None),
    (FieldType.MOMENT, datetime.min.replace(tzinfo=UTC)), (FieldType.MOMENT, datetime.max.replace(tzinfo=UTC)),
    (FieldType.MOMENT, None), (FieldType.INTEGER, 0), (FieldType.INTEGER, 10**9), (FieldType.INTEGER, None),
    (FieldType.NUMBER, 0.0), (FieldType.NUMBER, -1.7e308), (FieldType.NUMBER, 1.7e308), (FieldType.NUMBER, None),
    (FieldType.MONEY, Decimal(0)), (FieldType.MONEY, Decimal("0.01")), (FieldType.MONEY, Decimal(10**12)),
    (FieldType.MONEY, None), (FieldType.LINE, NINES), (FieldType.LINE, ""), (FieldType.TEXT, ""), (FieldType.TEXT, NINES),
    (FieldType.TICK, True), (FieldType.TICK, False), (FieldType.YES_NO, True), (FieldType.YES_NO, False),
    (FieldType.YES_NO, None), (FieldType.CHOICE, ""), (FieldType.KNOWN, ""), (FieldType.KNOWN, "no-such-id"),
    (FieldType.LINK, ""), (frozenset(MANY_IDS), ()),
], ids=lambda value: value.name if isinstance(value, FieldType) else f"{value!s:.12}")
@pytest.mark.parametrize("hours", [-12, 14])
def test_one_value_everywhere(kind: FieldType | frozenset[FieldType], value: Value, hours: int) -> None:
    sound(every(kind, value), hours=hours)


def said(question: str, value: str) -> Answer:
    return Answer(vendor=CHOSEN, question=question, state="answered", value=value)


@pytest.mark.parametrize("row", [
    LICENCE.with_value("growth", -100.0), LICENCE.with_value("units", 1.7e308), LICENCE.with_value("growth", 1000.0),
    *(said("price-increase", value) for value in ("-100", NINES, "-" + NINES, "1e999", "99999999999999", "inf", "nan")),
    said("host-bandwidth", NINES), said("tel-bandwidth", "1e300"),
    Incident(title="Printer", reported_at=datetime(2026, 3, 9, 9, tzinfo=UTC), fixed_at=datetime(9999, 12, 31, 23, tzinfo=UTC)),
], ids=lambda row: f"{row.declared.table} {row!s:.60}")
@pytest.mark.parametrize("today", DAYS, ids=str)
def test_slips_of_the_pen(row: Incident | CostLine | Answer, today: date) -> None:
    grown = with_rows(healthy(), row, *([LICENCE] if isinstance(row, Answer) else []))
    sound(grown, today)


@pytest.mark.parametrize("kind", list(healthy().tables), ids=lambda kind: kind.__name__)
def test_without_one_kind(kind: type[Record]) -> None:
    """Links to what is gone lead nowhere; nothing breaks, and nothing is named that is gone."""
    sound(Book({other: rows for other, rows in healthy().tables.items() if other is not kind}, 1))
