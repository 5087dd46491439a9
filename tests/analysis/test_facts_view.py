"""What a View does for facts beside keeping results: phases that share, facts that need themselves, the zone."""
from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import permutations

import pytest

from crm_workbook.analysis.facts import FACTS, Figure, View
from crm_workbook.catalogue import load
from crm_workbook.records.adoption import Incident
from crm_workbook.records.book import Book
from crm_workbook.records.goals import CompanyGoal
from crm_workbook.records.phases import Phase

CATALOGUE, TODAY = load(), date(2026, 3, 18)
VLADIVOSTOK = timezone(timedelta(hours=10))
PHASES = Book.of([Phase(number=1, title="One"), Phase(number=2, title="Two"), CompanyGoal(number=1, title="Quicker")])


def without(book: Book, kind: type[Phase], number: int) -> Book:
    return Book({**book.tables, kind: {key: row for key, row in book.table(kind).items() if key != number}}, book.number + 1)


def counting(function: Callable[[View], object]) -> tuple[Callable[[View], Figure], list[str]]:
    """A fact, and the list of the times it was worked out."""
    times = list[str]()

    def ask(view: View) -> Figure:
        times.append("")
        return Figure(len(str(function(view))))
    return ask, times


# ---- phases ----

def test_what_does_not_ask_for_the_phase_is_worked_out_once_for_all() -> None:
    same, times = counting(lambda view: view.rows(CompanyGoal))
    other, each = counting(lambda view: view.phase_code)
    view = View(PHASES, CATALOGUE, TODAY)
    for seen in (view, view.of_phase("PH1"), view.of_phase("PH2")):
        seen.once(same), seen.once(other)
    assert (len(times), len(each)) == (1, 3)
    assert [seen.once(other).value for seen in (view, view.of_phase("PH2"))] == [0, 3]


def test_a_helper_that_asks_for_the_phase_makes_its_facts_ask_too() -> None:
    helper, _ = counting(lambda view: view.phase_code)
    fact, times = counting(lambda view: view.once(helper).value)
    view = View(PHASES, CATALOGUE, TODAY)
    assert view.once(fact) == view.of_phase("PH1").once(fact) and len(times) == 2


def test_the_view_of_a_phase_that_is_gone_is_forgotten() -> None:
    fact, times = counting(lambda view: view.phase_code)
    view = View(PHASES, CATALOGUE, TODAY)
    for code in ("PH1", "PH2"):
        view.of_phase(code).once(fact)
    later = view.advanced(without(PHASES, Phase, 2), TODAY)
    later.of_phase("PH1").once(fact)
    assert len(times) == 2
    later.of_phase("PH2").once(fact)
    assert len(times) == 3


# ---- facts that need themselves ----

RING = ("company_goals", "crm_goals", "live")


@pytest.mark.parametrize("order", list(permutations((*RING, "expectations", "fears_unanswered"))), ids=",".join)
def test_what_needs_itself_is_not_known_wherever_one_begins(monkeypatch: pytest.MonkeyPatch, order: tuple[str, ...]) -> None:
    """Three facts in a ring; one that needs the ring, one that the ring needs."""
    def needs(*names: str) -> Callable[[View], Figure]:
        return lambda view: Figure(1 + sum(view.value(name) or 0 for name in names), ("G1",))
    for name, following in zip(RING, (*RING[1:], RING[0]), strict=True):
        monkeypatch.setitem(FACTS, name, needs("fears_unanswered", following))
    monkeypatch.setitem(FACTS, "expectations", needs("live"))
    monkeypatch.setitem(FACTS, "fears_unanswered", needs())
    view = View(PHASES, CATALOGUE, TODAY)
    found = {name: view.value(name) for name in order}
    assert found == {**dict.fromkeys(RING, None), "expectations": 1, "fears_unanswered": 1}


def test_a_fact_is_known_again_once_it_does_not_need_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    def first(view: View) -> Figure:
        other = view.value("crm_goals")
        return Figure(view.value("crm_goals") if view.rows(CompanyGoal) else 7) if other is None else Figure(other)

    def second(view: View) -> Figure:
        return Figure(view.value("company_goals") if len(view.rows(Phase)) > 1 else 5)
    monkeypatch.setitem(FACTS, "company_goals", first)
    monkeypatch.setitem(FACTS, "crm_goals", second)
    view = View(PHASES, CATALOGUE, TODAY)
    assert (view.value("company_goals"), view.value("crm_goals")) == (None, None)
    later = view.advanced(without(PHASES, Phase, 2), TODAY)
    assert (later.value("company_goals"), later.value("crm_goals")) == (5, 5)


# ---- where the working day is ----

def test_the_zone_goes_on_to_later_books_and_to_phases() -> None:
    night = Incident(number=1, reported_at=datetime(2026, 3, 9, 23, tzinfo=UTC), fixed_at=datetime(2026, 3, 10, 7, tzinfo=UTC))
    book = Book.of([night, Phase(number=1, title="One")])
    view = View(book, CATALOGUE, TODAY, zone=VLADIVOSTOK)
    later = view.advanced(Book(book.tables, 1), TODAY)
    assert [seen.value("median_fix_hours") for seen in (view, later, later.of_phase("PH1"))] == [8.0, 8.0, 8.0]
    moved = later.advanced(Book(book.tables, 1), TODAY, zone=UTC)
    assert [seen.value("median_fix_hours") for seen in (moved, moved.of_phase("PH1"))] == [0.0, 0.0]
    assert View(book, CATALOGUE, TODAY).value("median_fix_hours") == 0.0
