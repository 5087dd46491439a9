"""What a View keeps from Book to Book: everything that did not look at what changed, and nothing else."""
from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime

import pytest

from crm_workbook.analysis.facts import FACTS, Figure, View
from crm_workbook.analysis.facts.parts import counted, named, phase
from crm_workbook.analysis.facts.view import shared
from crm_workbook.analysis.gates import gates
from crm_workbook.analysis.radar import look
from crm_workbook.catalogue import load
from crm_workbook.exchange.sample import sample_book
from crm_workbook.records import Record
from crm_workbook.records.book import Book
from crm_workbook.records.edits import Entry
from crm_workbook.records.goals import CompanyGoal, CrmGoal
from crm_workbook.records.phases import Phase
from crm_workbook.records.values import to_json
from crm_workbook.sample import TODAY

CATALOGUE = load()


def entry(book: Book, row: Record, field: str, value: object) -> Entry:
    return Entry(book.number + 1, datetime(2026, 10, 2, tzinfo=UTC), "x", "s", "b", "change", row.code, field,
                 None, json.dumps(value))


def test_every_fact_of_the_catalogue_has_a_function_and_no_other() -> None:
    assert FACTS.keys() == CATALOGUE.facts.keys()


@pytest.mark.parametrize("book", [Book(), sample_book()], ids=["empty", "sample"])
def test_facts_are_of_the_type_the_catalogue_says(book: Book) -> None:
    view = View(book, CATALOGUE, TODAY)
    wanted: dict[str, tuple[type, ...]] = {"bool": (bool,), "int": (int,), "float": (int, float)}
    for name, fact in CATALOGUE.facts.items():
        figure = view.figure(name)
        if figure.value is not None:
            assert type(figure.value) in wanted[fact.type], (name, figure.value)
        assert all(book.get(code) is not None for code in figure.records), name
        gap = figure.gap
        if gap is not None and gap.code is not None:
            row = book.get(gap.code)
            assert row is not None, name
            assert gap.field is None or gap.field in row.declared.fields, name
        elif gap is not None:
            assert gap.kind is not None, name
            fields = gap.kind.declared.fields
            assert {*dict(gap.given), *([gap.field] if gap.field else [])} <= fields.keys(), name


def test_after_any_change_the_kept_results_are_those_of_a_new_view() -> None:
    """The tables that facts looked at are noted by themselves: a result that was kept too long would show here."""
    book, chance = sample_book(), random.Random(7)
    view = View(book, CATALOGUE, TODAY)
    look(view), gates(view)
    for kind in list(book.tables):
        row = chance.choice(book.rows(kind))
        field = chance.choice(list(row.declared.fields.values()))
        other = chance.choice(book.rows(kind)).get(field.name)
        value = field.empty if other == row.get(field.name) else other
        book = book.advanced([Entry(book.number + 1, datetime(2026, 10, 2, tzinfo=UTC), "x", "s", "b", "change",
                                    row.code, field.name, None, None if value == field.empty else to_json(value))])
        view, new = view.advanced(book, TODAY), View(book, CATALOGUE, TODAY)
        assert {name: view.figure(name) for name in FACTS} == {name: new.figure(name) for name in FACTS}, (row.code, field.name)
        assert look(view) == look(new)
        assert gates(view) == gates(new)


def test_a_change_recomputes_only_what_looked_at_it() -> None:
    book = Book.of([CompanyGoal(number=1, title="Quicker"), CrmGoal(number=1, title="One list", company_goals=("G1",)),
                    Phase(number=1, title="First")])
    view = View(book, CATALOGUE, TODAY)
    for name in FACTS:
        view.figure(name)
    later = view.advanced(book.advanced([entry(book, book.rows(Phase)[0], "title", "Begin")]), TODAY)
    for name in ("company_goals", "crm_goals", "crm_goals_unlinked"):
        assert later.figure(name) is view.figure(name)
    assert later.computed == 0
    later.figure("phases_planned")
    assert later.computed > 0


def test_another_day_recomputes_everything() -> None:
    book = sample_book()
    view = View(book, CATALOGUE, TODAY)
    silent = view.value("sponsor_days_silent")
    assert isinstance(silent, int)
    assert view.advanced(book, date(2026, 10, 12)).value("sponsor_days_silent") == silent + 10
    assert view.advanced(book, TODAY) is view


def test_a_count_is_unknown_while_it_could_still_become_something() -> None:
    goals = (CrmGoal(number=1, title="a"), CrmGoal(number=2, title="b"))

    def test(*says: bool | None) -> Figure:
        answers = dict(zip(goals, says, strict=True))
        return counted(goals, answers.__getitem__, field="title")
    assert test(False, False) == Figure(0)
    assert test(True, None).value == 1 and test(True, None).records == ("C1",)
    unknown = test(False, None)
    assert unknown.value is None and unknown.records == ("C2",) and unknown.gap is not None and unknown.gap.code == "C2"


def test_records_that_are_only_begun_are_not_counted_and_not_denied() -> None:
    begun = View(Book.of([CompanyGoal(number=1)]), CATALOGUE, TODAY)
    assert named(begun, CompanyGoal).value is None
    assert named(View(Book(), CATALOGUE, TODAY), CompanyGoal).value == 0


def test_facts_of_the_phase_are_about_the_phase_asked_for() -> None:
    book = Book.of([Phase(number=1, title="One", order=1, closed_on=date(2026, 1, 1)), Phase(number=2, title="Two", order=2)])
    view = View(book, CATALOGUE, TODAY)
    assert (phase(view), phase(view.of_phase("PH1"))) == (book.get("PH2"), book.get("PH1"))


def test_helpers_are_worked_out_once_and_their_looks_are_noted() -> None:
    times = []

    @shared
    def goals(view: View) -> int:
        times.append(1)
        return len(view.rows(CompanyGoal))

    def fact(view: View) -> int:
        return goals(view) + goals(view)
    book = Book.of([CompanyGoal(number=1, title="a")])
    view = View(book, CATALOGUE, TODAY)
    assert view.once(fact) == 2 and len(times) == 1
    assert view.advanced(book.advanced([entry(book, book.rows(CompanyGoal)[0], "title", "b")]), TODAY).once(fact) == 2
    assert len(times) == 2
