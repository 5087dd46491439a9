"""Whatever stands in a workbook, nothing breaks: facts, findings, gates, the thread, the check in all its formats."""
from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import NoReturn

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crm_workbook.analysis import (
    cashflow,
    comparison,
    costs,
    database,
    decision,
    fitting,
    interview,
    ledger,
    scoring,
    second_opinion,
    sensitivity,
    weights,
)
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
from crm_workbook.records.goals import Project
from crm_workbook.records.phases import Phase
from crm_workbook.records.requirements import Requirement
from crm_workbook.records.team import Office, Person, Scale
from crm_workbook.records.vendors import (
    Answer,
    Choice,
    Commitment,
    CostLine,
    DatabaseTier,
    Fit,
    Payment,
    Vendor,
    WeightRound,
    WeightVote,
)
from tests.analysis.healthy import CHOSEN, TODAY, healthy, with_rows
from tests.exchange.any_books import books, every_field

CATALOGUE = load()
KNOWN = {field.of: list(CATALOGUE.rows(field.of)) for kind in KINDS for field in kind.declared.fields.values()
         if field.type in (FieldType.KNOWN, FieldType.KNOWNS)}
TYPES: dict[str, tuple[type, ...]] = {"bool": (bool,), "int": (int,), "float": (int, float)}
DAYS = (TODAY, date(1970, 1, 1), date(2200, 12, 31))
NINES = "9" * 400
OF_VENDORS = (Vendor, Answer, Fit, CostLine, DatabaseTier, Payment, WeightRound, WeightVote, Commitment, Choice, Requirement,
              Scale, Office, Person, Project, Phase)
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


def _weighed(view: View) -> Iterator[object]:
    """Weights, comparison, and how sure it is."""
    found = comparison.compare(view)
    yield from (found, comparison.seal_strip(view), weights.weights(view), weights.sealed(view), weights.default_weights(view))
    for row in view.rows(WeightRound):
        group = weights.group(view, row.code)
        yield group
        yield weights.seal_edits(view, row.code, by=row.members, on=view.today)
        if group is not None and len(group.mean) == len(found.criteria) and found.matrix:
            yield sensitivity.talk_first(found.matrix, group.members, tuple(group.mean.values()))
            yield list(sensitivity.smaa(found.matrix, draws=20, seed=1, box=group.box))
    if found.matrix:
        yield [sensitivity.stability(found.matrix, found.weights, place) for place in range(len(found.criteria))]
        yield [sensitivity.wins_only_if(found.matrix, found.weights, place) for place in range(len(found.matrix))]
        yield list(sensitivity.smaa(found.matrix, draws=20, seed=1))
        yield second_opinion.topsis(found.matrix, found.weights)
        yield second_opinion.electre(found.matrix, found.weights)
    for first in found.standings:
        yield [comparison.why_ahead(found, first.vendor.code, other.vendor.code) for other in found.standings]


def _of_vendor(view: View, vendor: str) -> Iterator[object]:
    """What there is to say about one vendor."""
    paid = costs.costs(view, vendor)
    yield from (comparison.standing(view, vendor), comparison.proofs(view, vendor), paid, costs.costs(view, vendor, 30))
    yield from (cashflow.discounted(view, paid), cashflow.per_user(view, paid), cashflow.per_active_user(view, paid))
    plan = cashflow.payment_plan(view, vendor)
    yield from (plan, plan.difference, plan.prepaid, paid.hidden_share)
    yield from (database.slide(view, vendor), database.slide(view, vendor, 10**9, 1e12), database.slide(view, vendor, 0, 0.0))
    yield from (interview.interview(view, vendor), interview.tallies(view, vendor), interview.afterwards(view, vendor))
    yield from (ledger.entries(view, vendor), ledger.tally(view, vendor), ledger.contract(view, vendor))
    yield [ledger.taken_over(view, answer) for answer in ledger.proposals(view, vendor)]
    yield from (fitting.marks(view, vendor), fitting.unmarked(view, vendor), fitting.gaps(view, vendor),
                fitting.extras(view, vendor))
    yield [interview.state(view, vendor, question) for question in view.catalogue.questions.values()]


def _of_answer(view: View, answer: Answer) -> tuple[object, ...]:
    return (interview.warned(view, answer), interview.gravest(view, answer), interview.unjudged(view, answer),
            interview.opened_cost(view, answer), interview.opened_by(view, answer), interview.age(view, answer),
            scoring.value_of(view, answer), ledger.in_words(view, answer), ledger.promise(view, answer))


def vendors_of(view: View) -> str:
    """Everything the chapter Vendors says about a Book, as text: so that two Views can be compared."""
    said: list[object] = [*_weighed(view), decision.motives_of(view), fitting.wanted(view), fitting.candidates(view)]
    for row in view.rows(Vendor):
        said += _of_vendor(view, row.code)
    said += [_of_answer(view, row) for row in view.rows(Answer)]
    for made in view.rows(Choice):
        moved = decision.drift(view, made)
        said += [decision.figures_of(view, made), moved, [decision.sentence(view, one) for one in moved],
                 decision.cited(view, made), decision.interests_of(view, made), decision.to_keep(view, made, late=True)]
    return repr(said)


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


@given(before=books(kinds=14, over=healthy(), ids=KNOWN, near=TODAY, of=OF_VENDORS), data=st.data())
@settings(max_examples=15, deadline=None)
def test_what_is_remembered_of_vendors_is_what_is_worked_out_anew(before: Book, data: st.DataObject) -> None:
    view = View(before, CATALOGUE, TODAY)
    vendors_of(view)
    after = data.draw(books(kinds=4, over=before, ids=KNOWN, near=TODAY, of=OF_VENDORS))
    assert vendors_of(view.advanced(after, TODAY)) == vendors_of(View(after, CATALOGUE, TODAY))


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
    view = sound(every(kind, value), hours=hours)
    assert hours < 0 or vendors_of(view)


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
    assert vendors_of(sound(grown, today))


@pytest.mark.parametrize("kind", list(healthy().tables), ids=lambda kind: kind.__name__)
def test_without_one_kind(kind: type[Record]) -> None:
    """Links to what is gone lead nowhere; nothing breaks, and nothing is named that is gone."""
    sound(Book({other: rows for other, rows in healthy().tables.items() if other is not kind}, 1))
