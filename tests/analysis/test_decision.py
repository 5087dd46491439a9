"""What a decision rested on: the figures that are kept, what changed since, what its texts name, and what stands beside it."""
from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crm_workbook.analysis.comparison import compare
from crm_workbook.analysis.decision import (
    FIGURES,
    IMPORTANCE,
    Declared,
    Drift,
    Kept,
    cited,
    drift,
    figures,
    figures_of,
    interests_of,
    motives_of,
    read_figures,
    sentence,
    shown,
    to_keep,
)
from crm_workbook.analysis.facts.view import View
from crm_workbook.exchange.sample import sample_book
from crm_workbook.records import Record
from crm_workbook.records.book import Book
from crm_workbook.records.declare import TEXT_LIMIT
from crm_workbook.records.edits import Change
from crm_workbook.records.goals import Motive
from crm_workbook.records.requirements import Requirement
from crm_workbook.records.team import Interest, Person
from crm_workbook.records.vendors import Answer, Choice, CostLine, Fit, Vendor, WeightRound, WeightVote
from crm_workbook.sample import TODAY as DEMO_DAY
from tests.analysis.views import CATALOGUE, TODAY, view_of
from tests.exchange.any_books import books

A, B = "V1", "V2"


def said(question: str, value: str, evidence: str = "1", vendor: str = A) -> Answer:
    return Answer(vendor=vendor, question=question, value=value, state="answered", evidence=evidence)


def price(amount: str, vendor: str = A) -> CostLine:
    return CostLine(vendor=vendor, bucket="implementation", title="All of it", kind="one_off", likely=Decimal(amount))


def mark(requirement: str, found: str, vendor: str = A) -> Fit:
    return Fit(vendor=vendor, requirement=requirement, mark=found)


VENDORS = (Vendor(name="Alpha"), Vendor(name="Beta"))
NEEDS = (Requirement(title="Find a client", priority="must", state="accepted"),
         Requirement(title="See calls", priority="should", state="accepted"))
MARKS = (mark("R1", "works"), mark("R2", "works"), mark("R1", "extra", B))
ANSWERS = (said("train-steps", "yes"), said("dbms-licence-cost", "never"), said("train-steps", "partly", "4", B))
CHOICE = Choice(vendor=A, on=TODAY, reason="R1 works", answers=("VA2",))


def decided(*rows: Record) -> tuple[View, Choice]:
    """These records with a decision that was made on them, and its figures."""
    choice = CHOICE.with_value("figures", figures_of(view_of(*rows, CHOICE)))
    return view_of(*rows, choice), choice


def told(view: View, choice: Choice) -> list[tuple[str, str]]:
    return [(one.of, one.figure) for one in drift(view, choice)]


# ---- the figures ----

def test_figures_by_hand() -> None:
    view, choice = decided(*VENDORS, *NEEDS, *MARKS, *ANSWERS, price("1200"))
    kept = read_figures(choice.figures)
    assert kept.whole == {"first": A, "winner": A, "proven_winner": A, "weights": IMPORTANCE,
                          "years": CATALOGUE.params["p_tco_years"].value}
    assert {name: kept.of[A][name] for name in ("there", "out", "must_gaps", "must_open", "fit", "cost")} == {
        "there": True, "out": False, "must_gaps": 0.0, "must_open": 0.0, "fit": 1.0, "cost": Decimal(1200)}
    one = compare(view).of(A)
    assert one is not None and kept.of[A]["open"] == one.costs.open_amounts > 0
    assert [kept.of[A][name] for name in ("claimed", "proven", "coverage")] == pytest.approx(
        [one.claimed, one.proven, one.coverage], abs=1e-6)
    assert kept.of[B]["fit"] == pytest.approx(0.7) and "cost" not in kept.of[B]  # no price is no zero
    assert kept.of["VA2"] == {"answer": "never", "evidence": "1"}


def test_the_text_is_toml_and_fits_its_field() -> None:
    answer = 'says "never" = ü\\'
    view, choice = decided(*VENDORS, *NEEDS, *MARKS, *ANSWERS[:1], said("dbms-licence-cost", answer), price("0.5"))
    read = tomllib.loads(choice.figures)
    assert read["V1"]["cost"] == 0.5 and read["VA2"]["answer"] == answer
    assert drift(view, choice) == ()
    many = view_of(*(Vendor(name=f"Vendor {place}") for place in range(60)), *NEEDS, *ANSWERS)
    assert len(figures_of(many)) < TEXT_LIMIT


def test_the_weighing_is_named() -> None:
    rows = [WeightRound(title="First", method="points", members=("M1",), revealed_on=TODAY),
            *(WeightVote(round="WE1", person="M1", criterion=name, points=10.0) for name in CATALOGUE.question_sections)]
    view, choice = decided(*VENDORS, *ANSWERS, *rows)
    assert read_figures(choice.figures).whole["weights"] == "WE1"
    assert told(view_of(*VENDORS, *ANSWERS, choice), choice)[0] == ("", "weights")
    assert view.rows(Choice)[0].figures == choice.figures


def test_lines_between_them_are_no_figures() -> None:
    lines = ("Kept on that day:", 'first = "V1"', "V1.fit = 0.5", "V1.fit = a half", "V1.nonsense = 3", "= 4", "V1.cost = NaN",
             "V2.out = true", "x")
    assert read_figures("\n".join(lines)) == Kept({"first": "V1"}, {"V1": {"fit": 0.5}, "V2": {"out": True}})


@given(st.text(max_size=200))
@example('first = "\\ud800"')
@example("V1.there = true\nV1.fit = 1e999999\nV1.claimed = 1e400\nV1.cost = -Infinity")
@example("winner = [1]\nwinner = null\nyears = \"\ntrue = true")
@settings(max_examples=100, deadline=None)
def test_any_text_is_read(text: str) -> None:
    kept = read_figures(text)
    assert set(kept.whole) | {name for values in kept.of.values() for name in values} <= set(FIGURES)
    choice = Choice(vendor=A, figures=text)
    view = view_of(*VENDORS, choice)
    assert all(sentence(view, one) for one in drift(view, choice))


@given(books())
@settings(max_examples=25, deadline=None)
def test_on_the_same_day_nothing_differs(book: Book) -> None:
    view = View(book, CATALOGUE, TODAY)
    for choice in (*view.rows(Choice), Choice()):
        kept = choice.with_value("figures", figures_of(view, choice))
        assert drift(view, kept) == () and read_figures(kept.figures).whole["years"] == figures(view, choice).whole["years"]
        assert {one.person.code for one in interests_of(view, kept)} <= set(kept.deciders)
        assert set(kept.answers) >= {row.code for row in cited(view, Choice(answers=kept.answers)).answers}


# ---- today's evidence ----

def test_nothing_kept_nothing_told() -> None:
    view = view_of(*VENDORS, *ANSWERS, CHOICE)
    assert drift(view, CHOICE) == ()


def test_changed_facts_show_then_and_now() -> None:
    _view, choice = decided(*VENDORS, *NEEDS, *MARKS, *ANSWERS, price("1200"))
    later = view_of(*VENDORS, *NEEDS, mark("R1", "partly"), *MARKS[1:], said("train-steps", "yes"),
                    said("dbms-licence-cost", "extra-unknown", "3"), ANSWERS[2], price("2000"), choice)
    found = {(one.of, one.figure): (one.then, one.now) for one in drift(later, choice)}
    assert found["", "first"] == (A, B) and found[A, "must_gaps"] == (0.0, 1.0)
    assert found[A, "fit"] == (1.0, (5 * 0.5 + 3) / 8) and found[A, "cost"] == (Decimal(1200), Decimal(2000))
    assert found["VA2", "answer"] == ("never", "extra-unknown") and found["VA2", "evidence"] == ("1", "3")
    assert not any(of == B for of, _figure in found)  # nothing of it changed
    order = told(later, choice)
    assert [of for of, _figure in order] == sorted((of for of, _figure in order), key=["", A, B, "VA2"].index)


def test_the_winner_with_todays_evidence() -> None:
    rows = (*VENDORS, said("train-steps", "yes"), said("train-steps", "partly", "4", B))
    choice = Choice(vendor=A, on=TODAY)
    choice = choice.with_value("figures", figures_of(view_of(*rows, choice)))
    later = view_of(*VENDORS, said("train-steps", "no", "4"), rows[3], choice)
    found = {one.figure: (one.then, one.now) for one in drift(later, choice) if not one.of}
    assert found == {"winner": (A, B), "proven_winner": (A, B)}
    assert sentence(later, Drift("", "winner", A, B)) == "Highest score: Alpha on that day, Beta with today's evidence."


def test_what_nobody_can_see_is_no_drift() -> None:
    _view, choice = decided(*VENDORS, *NEEDS, *MARKS, *ANSWERS, price("1200.10"))
    assert told(view_of(*VENDORS, *NEEDS, *MARKS, *ANSWERS, price("1200.40"), choice), choice) == []
    assert told(view_of(*VENDORS, *NEEDS, *MARKS, *ANSWERS, price("1201"), choice), choice) == [(A, "cost")]


def test_costs_are_compared_over_the_years_of_that_day() -> None:
    rent = CostLine(vendor=A, bucket="licence", title="Seats", kind="recurring", basis="fixed", units=1.0, likely=Decimal(100))
    dearer = rent.with_value("likely", Decimal(110))
    _view, choice = decided(*VENDORS, *ANSWERS, rent)
    years = int(CATALOGUE.params["p_tco_years"].value)
    longer = choice.with_value("period", years + 2)
    assert told(view_of(*VENDORS, *ANSWERS, rent, longer), longer) == []  # the years were entered later: nothing has moved
    found = drift(view_of(*VENDORS, *ANSWERS, dearer, longer), longer)
    assert found == (Drift(A, "cost", Decimal(100 * years), Decimal(110 * years)),)


def test_figures_are_kept_while_it_is_the_day_of_the_decision() -> None:
    rows = (*VENDORS, *NEEDS, *MARKS, *ANSWERS)
    bare = Choice(vendor=A, on=TODAY)
    [change] = to_keep(view_of(*rows, bare), view_of(*rows, bare).rows(Choice)[0])
    assert isinstance(change, Change) and (change.code, change.field, change.old) == ("DR1", "figures", "")
    kept = bare.with_value("figures", change.new)
    assert to_keep(view_of(*rows, kept), view_of(*rows, kept).rows(Choice)[0]) == []
    named = kept.with_value("answers", ("VA2",)).with_value("period", 7)  # what it rests on is entered last
    view = view_of(*rows, named)
    [change] = to_keep(view, view.rows(Choice)[0])
    assert isinstance(change, Change) and isinstance(change.new, str)
    read = read_figures(change.new)
    assert read.of["VA2"] == {"answer": "never", "evidence": "1"} and read.whole["years"] == 7 and read.on is None
    after = view_of(*VENDORS, *NEEDS, *MARKS, ANSWERS[0], said("dbms-licence-cost", "extra-unknown"), ANSWERS[2],
                    named.with_value("figures", change.new))
    assert ("VA2", "answer") in told(after, after.rows(Choice)[0])
    assert to_keep(view, Choice(on=TODAY)) == []  # no vendor yet


def test_figures_of_a_later_day_say_so() -> None:
    old = Choice(vendor=A, on=date(2026, 1, 5))
    view = view_of(*VENDORS, *ANSWERS, old)
    made = view.rows(Choice)[0]
    assert to_keep(view, made) == []
    [change] = to_keep(view, made, late=True)
    assert isinstance(change, Change)
    kept = made.with_value("figures", change.new)
    assert read_figures(kept.figures).on == TODAY and drift(view_of(*VENDORS, *ANSWERS, kept), kept) == ()
    assert to_keep(view, kept, late=True) == []  # figures that are there are not replaced
    assert read_figures('kept_on = soon\nfirst = "V1"') == Kept({"first": A})


def test_an_older_decision_is_compared_with_its_own_vendor_and_years() -> None:
    rent = CostLine(vendor=A, bucket="licence", title="Seats", kind="recurring", basis="fixed", units=1.0, likely=Decimal(100))
    rows = (VENDORS[0].with_value("state", "out"), VENDORS[1], *ANSWERS, rent)
    old = Choice(vendor=A, on=date(2026, 1, 5), period=3)
    old = old.with_value("figures", figures_of(view_of(*rows, old), old))
    newer = Choice(vendor=B, on=TODAY, period=9)
    view = view_of(*rows, old, newer)
    first, second = view.rows(Choice)
    assert read_figures(first.figures).of[A]["out"] is False and drift(view, first) == ()
    assert figures(view, first).whole["years"] == 3 and figures(view, second).whole["years"] == 9
    assert figures(view, second).of[A]["out"] is True


def test_a_vendor_that_came_or_went_is_one_line() -> None:
    _view, choice = decided(*VENDORS, *ANSWERS)
    came = view_of(*VENDORS, Vendor(name="Gamma"), *ANSWERS, choice)
    assert [(one.of, one.figure, one.then, one.now) for one in drift(came, choice)] == [("V3", "there", False, True)]
    gone = view_of(VENDORS[0], *ANSWERS, choice)
    assert [(one.of, one.figure, one.then, one.now) for one in drift(gone, choice)] == [(B, "there", True, False)]


def test_an_answer_that_is_named_later_did_not_change() -> None:
    _view, choice = decided(*VENDORS, *ANSWERS)
    more = choice.with_value("answers", ("VA1", "VA2"))
    assert drift(view_of(*VENDORS, *ANSWERS, more), more) == ()


def test_an_answer_that_decided_and_is_gone() -> None:
    _view, choice = decided(*VENDORS, *ANSWERS)
    gone = View(Book.of([*(row.make((place, *row[1:])) for place, row in enumerate(VENDORS, 1)),
                         ANSWERS[0].make((1, *ANSWERS[0][1:])), ANSWERS[2].make((3, *ANSWERS[2][1:]))]), CATALOGUE, TODAY)
    assert Drift("VA2", "answer", "never", None) in drift(gone, choice)


@pytest.mark.parametrize(("figure", "value", "text"), [
    ("fit", 0.823, "82 %"), ("fit", None, "not known"), ("cost", Decimal("12000.4"), "12 000"), ("open", 3.0, "3"),
    ("out", True, "yes"), ("winner", A, "Alpha"), ("winner", "V9", "V9"), ("weights", IMPORTANCE, "from the importance of the "
     "questions"), ("weights", "WE2", "WE2"), ("evidence", "1", CATALOGUE.evidence_levels["1"].name), ("answer", A, A)])
def test_figures_as_people_read_them(figure: str, value: float | str | Decimal | None, text: str) -> None:
    assert shown(view_of(*VENDORS), figure, value) == text


def test_the_demo_decision_is_told_with_todays_evidence() -> None:
    book = sample_book()
    view = View(book, CATALOGUE, DEMO_DAY)
    choice = view.rows(Choice)[0]
    kept = choice.with_value("figures", figures_of(view, choice))
    code = choice.answers[0]
    row = view.find(Answer, code)
    assert row is not None
    rows = [other for table in book.tables.values() for other in table.values() if other != row]
    later = View(Book.of([*rows, row.with_value("state", "dont_know")]), CATALOGUE, DEMO_DAY)
    changed = {(one.of, one.figure): sentence(later, one) for one in drift(later, kept)}
    assert {(code, "answer"), (choice.vendor, "coverage")} <= set(changed) and all(changed.values())


# ---- what the texts name ----

def test_codes_and_questions_in_the_texts() -> None:
    choice = Choice(vendor=A, requirements=("R2",), answers=("VA3",),
                    reason="R1 works today; see VA1 and (train-steps). V1, R77.",
                    rejected="Beta: VA3, mail-client was weak.", dissent="M4 wanted R2.")
    found = cited(view_of(*VENDORS, *NEEDS, *ANSWERS, choice), choice)
    assert [row.code for row in found.requirements] == ["R2", "R1"] and [row.code for row in found.answers] == ["VA3", "VA1"]
    assert [question.id for question in found.questions] == ["train-steps", "mail-client"] and found.missing == ("R77",)


def test_a_decision_that_names_nothing() -> None:
    choice = Choice(vendor=A, reason="We liked them.", requirements=("R9",))
    assert cited(view_of(*VENDORS, choice), choice) == ((), (), (), ())


# ---- beside the figures ----

def test_motives_that_are_no_reason() -> None:
    view = view_of(Motive(motive="mo-growth"), Motive(motive="mo-friend", words="My friend has it."), Motive(motive="gone"),
                   Motive(words="?"))
    assert [row.code for row in motives_of(view)] == ["MO2"]


def test_interests_of_those_who_decided() -> None:
    choice = Choice(vendor=A, deciders=("M3", "M1", "M2", "M9"))
    people = [Person(name=name) for name in ("Anna", "Boris", "Clara", "Dora")]
    declared = [Interest(person="M1", has_interest=False), Interest(person="M2"), Interest(person="M4", title="Shares"),
                Interest(person="M3", has_interest=True, title="Commission"), Interest(person="M3", title="A dinner")]
    view = view_of(*people, *declared, choice)
    found = interests_of(view, choice)
    assert [(one.person.code, one.interest.code if one.interest else None) for one in found] == [
        ("M3", "DI4"), ("M3", "DI5"), ("M1", "DI1"), ("M2", None)]
    assert isinstance(found[0], Declared)
