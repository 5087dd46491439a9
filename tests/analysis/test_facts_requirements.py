"""The facts of chapter 4: each in a bad case, a good case, and where it is not known."""
from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from crm_workbook.analysis.facts import Figure
from crm_workbook.analysis.facts.view import Value, View
from crm_workbook.analysis.finders import Gap
from crm_workbook.catalogue import load
from crm_workbook.records import Record
from crm_workbook.records.book import Book
from crm_workbook.records.goals import Project
from crm_workbook.records.phases import Phase, PhaseFunction
from crm_workbook.records.requirements import Conflict, Interview, Requirement, SignOff, Suggestion, SurveyAnswer
from crm_workbook.records.team import Department, Person, Scale

TODAY = date(2026, 3, 2)
BEFORE, AFTER, RECENTLY = date(2026, 2, 2), date(2026, 4, 2), date(2026, 2, 23)
Rows = list[Record]


def look(name: str, rows: Rows) -> Figure:
    """The figure of a fact over these records, numbered 1, 2, 3 within each kind."""
    counts: Counter[type[Record]] = Counter()
    numbered = []
    for row in rows:
        counts[type(row)] += 1
        numbered.append(row.make((counts[type(row)], *row[1:])))
    return View(Book.of(numbered), load(), TODAY).figure(name)


def need(**values: object) -> Requirement:
    """An accepted requirement that lacks nothing, but for these values."""
    return Requirement(**{"title": "See the last call", "priority": "must", "state": "accepted", "department": "D1",
                          "author": "M1", "goals": ("C1",), "phase": "PH1", **values})


OPEN, BEGUN = need(state=""), Requirement(note="only begun", state="accepted")
ANN, BOB = Person(name="Ann", department="D1", everyday_user=True), Person(name="Bob", department="D2", from_it=True)
SALES, STORE = Department(name="Sales", users=6), Department(name="Store", users=4)
ONE, TWO = Phase(title="One", order=1), Phase(title="Two", order=2)
STARTED = Phase(title="Two", order=2, start=BEFORE)
GADGET = need(priority="gadget")
TALK = Interview(title="At the desk", people=("M1", "M2"), on=BEFORE)
SAID = SurveyAnswer(question="sq-help", answer="Ann", department="D1")
CLASH = Conflict(title="Both ways", first="R1", second="R2")
SIGNED = SignOff(department="D1", person="M1", everyday_user=True, on=BEFORE)
IDEA = Suggestion(title="A shorter form", on=BEFORE)


@pytest.mark.parametrize(("name", "rows", "value"), [
    ("requirements_accepted", [], 0),
    ("requirements_accepted", [need(state="proposed"), need(state="rejected")], 0),
    ("requirements_accepted", [OPEN], None),
    ("requirements_accepted", [BEGUN], None),
    ("requirements_accepted", [need(), OPEN, BEGUN], 1),
    ("requirements_unlinked", [], 0),
    ("requirements_unlinked", [need(state="", goals=())], None),
    ("requirements_unlinked", [need(), need(state="", goals=())], 0),
    ("requirements_unlinked", [need(), need(goals=()), need(goals=(), state="proposed")], 1),
    ("requirements_it_share", [], None),
    ("requirements_it_share", [ANN, need(author="")], None),
    ("requirements_it_share", [ANN, BOB, need(), need(), need(author="M2"), need(author="M2"), need(author="")], 0.5),
    ("requirements_it_share", [ANN, need()], 0.0),
    ("requirements_it_share", [ANN, BOB, need(author="M2"), need(author=""), need(author="")], None),  # too few say who
    ("requirements_it_share", [ANN, BOB, need(author="M2"), need(author="M9")], 1.0),
    ("must_haves", [], 0),
    ("must_haves", [need(), need(state="rejected"), need(priority="later"), need(priority="")], 1),
    ("must_haves", [need(priority=""), need(priority="later")], None),
    ("requirement_conflicts_open", [], 0),
    ("requirement_conflicts_open", [CLASH], 1),
    ("requirement_conflicts_open", [Conflict(title="?", first="R1")], None),
    ("requirement_conflicts_open", [Conflict(title="?", first="R1", second="R2", settled="The first one.")], None),
    ("requirement_conflicts_open", [Conflict(title="?", first="R1", second="R2", settled_on=BEFORE)], 0),
    ("requirement_conflicts_open", [Conflict(title="?", first="R1", second="R2", settled_on=AFTER)], 1),
    ("gadgets_in_phase1", [], 0),
    ("gadgets_in_phase1", [ONE, TWO, GADGET], 1),
    ("gadgets_in_phase1", [ONE, TWO, need(priority="gadget", state="rejected"), need()], 0),
    ("gadgets_in_phase1", [ONE, TWO, need(priority="gadget", phase="PH2")], 0),
    ("gadgets_in_phase1", [ONE, need(priority="gadget", phase="")], None),
    ("gadgets_in_phase1", [need(priority="gadget", phase="")], None),
    ("gadgets_in_phase1", [ONE, need(priority="gadget", phase="", state="proposed")], 0),
    ("gadgets_in_phase1", [ONE, PhaseFunction(phase="PH1", function="f-ai-hints"), GADGET], 2),
    ("gadgets_in_phase1", [ONE, PhaseFunction(phase="PH1", function="f-contacts")], 0),
    ("gadgets_in_phase1", [ONE, PhaseFunction(phase="PH1")], None),
    ("gadgets_before_basics", [], 0),
    ("gadgets_before_basics", [ONE, TWO, need(), need(priority="gadget", phase="PH2")], 0),  # nobody has begun with it
    ("gadgets_before_basics", [Phase(title="One", order=1, end=date(2026, 6, 1)), Phase(title="Two", order=2, start=AFTER),
                               need(), need(priority="gadget", phase="PH2")], 1),  # it is to begin too early
    ("gadgets_before_basics", [ONE, STARTED, need(), need(priority="gadget", phase="PH2")], 1),
    ("gadgets_before_basics", [ONE, STARTED, need(accepted_on=BEFORE), need(priority="gadget", phase="PH2")], 0),
    ("gadgets_before_basics", [ONE, STARTED, need(accepted_on=AFTER), PhaseFunction(phase="PH2", function="f-loyalty")], 1),
    ("gadgets_before_basics", [ONE, STARTED, need(phase="PH2"), need(priority="gadget", phase="PH2")], 0),
    ("gadgets_before_basics", [ONE, STARTED, need(), need(priority="gadget", phase="")], None),
    ("user_survey_coverage", [], None),
    ("user_survey_coverage", [Department(name="Sales"), SAID], None),
    ("user_survey_coverage", [Scale(users_total=0)], None),
    ("user_survey_coverage", [SALES, STORE], 0.0),
    ("user_survey_coverage", [SALES, STORE, ANN, BOB, TALK], 0.2),
    ("user_survey_coverage", [Scale(users_total=4), ANN, BOB, TALK, TALK], 0.5),
    ("user_survey_coverage", [SALES, STORE, ANN, BOB, Interview(people=("M1",), on=AFTER), Interview(people=("M1",))], 0.0),
    ("user_survey_coverage", [SALES, STORE, Person(name="Vic", side="vendor"), Interview(people=("M1",), on=BEFORE)], 0.0),
    ("user_survey_coverage", [SALES, STORE, ANN, BOB, TALK, SurveyAnswer(answer="x", department="D1", person="M1")], 0.2),
    ("user_survey_coverage", [SALES, STORE, *[SAID] * 3, SurveyAnswer(question="sq-lost", answer="x", department="D1")], 0.3),
    ("user_survey_coverage", [SALES, STORE, SurveyAnswer(question="sq-lost", department="D1")], 0.0),
    ("user_survey_coverage", [SALES, STORE, *[SAID] * 9], 0.6),
    ("user_survey_coverage", [SALES, STORE, ANN, BOB, TALK, *[SAID] * 9], 0.7),
    ("user_survey_coverage", [Scale(users_total=2), *[SAID] * 9], 1.0),
    ("departments_without_signoff", [], 0),
    ("departments_without_signoff", [OPEN], None),
    ("departments_without_signoff", [need(department="")], None),
    ("departments_without_signoff", [SALES, STORE, need(), need(department="D2"), SIGNED], 1),
    ("departments_without_signoff", [SALES, need(), need(department="D7"), SIGNED], 0),  # D7 is gone
    ("departments_without_signoff", [SALES, need(), ANN, SignOff(department="D1", person="M1", on=BEFORE)], 0),
    ("departments_without_signoff", [SALES, need(), ANN, BOB, SignOff(department="D1", person="M2", on=BEFORE)], 1),
    ("departments_without_signoff", [SALES, need(), SignOff(department="D1", everyday_user=True, on=AFTER)], 1),
    ("departments_without_signoff", [SALES, need(), SignOff(department="D1", everyday_user=True)], None),
    ("plain_language_ok", [], None),
    ("plain_language_ok", [Project(plain_language=False)], False),
    ("plain_language_ok", [Project(plain_language=True)], True),
    ("suggestions_unanswered_late", [], 0),
    ("suggestions_unanswered_late", [IDEA, Suggestion(on=BEFORE)], 1),
    ("suggestions_unanswered_late", [Suggestion(title="Soon", on=RECENTLY)], 0),
    ("suggestions_unanswered_late", [Suggestion(title="When?")], None),
    ("suggestions_unanswered_late", [Suggestion(title="No", on=BEFORE, state="declined")], 1),
    ("suggestions_unanswered_late", [Suggestion(title="No", on=BEFORE, state="declined", answer="Too dear.")], 0),
    ("suggestions_unanswered_late", [Suggestion(title="Yes", on=BEFORE, state="done"),
                                     Suggestion(title="Yes", on=BEFORE, answered_on=RECENTLY)], 0),
])
def test_what_a_fact_says(name: str, rows: Rows, value: Value) -> None:
    found = look(name, rows).value
    assert found == (None if value is None else pytest.approx(value)) and (found is None) == (value is None)


@pytest.mark.parametrize(("name", "rows", "records", "gap"), [
    ("requirements_accepted", [], (), Gap(kind=Requirement)),
    ("requirements_accepted", [OPEN], ("R1",), Gap("R1", "state")),
    ("requirements_accepted", [BEGUN], ("R1",), Gap("R1", "title")),
    ("requirements_accepted", [need(state="proposed")], (), Gap("R1", "state")),
    ("requirements_accepted", [need()], ("R1",), None),
    ("requirements_unlinked", [need(), need(goals=())], ("R2",), Gap("R2", "goals")),
    ("requirements_it_share", [ANN, BOB, need(author="M2"), need(author="")], ("R1",), Gap("R2", "author")),
    ("requirements_it_share", [need(author="")], ("R1",), Gap("R1", "author")),
    ("requirements_it_share", [ANN, need(), need(author=""), need(author="")], ("R2", "R3"), Gap("R2", "author")),
    ("must_haves", [need(priority="")], ("R1",), Gap("R1", "priority")),
    ("requirement_conflicts_open", [CLASH], ("X1",), Gap("X1", "settled_on")),
    ("requirement_conflicts_open", [Conflict(first="R1")], ("X1",), Gap("X1", "second")),
    ("gadgets_in_phase1", [ONE, TWO, GADGET], ("R1",), Gap("R1", "phase")),
    ("gadgets_in_phase1", [ONE, PhaseFunction(phase="PH1")], ("FN1",), Gap("FN1", "function")),
    ("gadgets_before_basics", [ONE, STARTED, need(), need(priority="gadget", phase="PH2")], ("R2",), Gap("R2", "phase")),
    ("user_survey_coverage", [SALES, STORE, *[SAID] * 5], ("D2",), Gap(given=(("department", "D2"),), kind=SurveyAnswer)),
    ("user_survey_coverage", [SALES, Interview(title="Now")], ("D1",), Gap("I1", "on")),
    ("user_survey_coverage", [SALES, *[SAID] * 5], (), None),
    ("user_survey_coverage", [Department(name="Sales", users=0)], (), Gap("D1", "users")),
    ("user_survey_coverage", [Scale(users_total=0)], ("SZ1",), Gap("SZ1", "users_total")),
    ("departments_without_signoff", [SALES, need()], ("D1",), Gap(given=(("department", "D1"),), kind=SignOff)),
    ("departments_without_signoff", [SALES, need(), SignOff(department="D1", everyday_user=True)], ("D1",), Gap("SO1", "on")),
    ("departments_without_signoff", [need(department="")], ("R1",), Gap("R1", "department")),
    ("plain_language_ok", [Project(company="Us")], ("PRJ1",), Gap("PRJ1", "plain_language")),
    ("plain_language_ok", [], (), Gap(kind=Project, field="plain_language")),
    ("suggestions_unanswered_late", [IDEA], ("SG1",), Gap("SG1", "answer")),
    ("suggestions_unanswered_late", [Suggestion(title="When?")], ("SG1",), Gap("SG1", "on")),
])
def test_what_it_was_counted_from_and_what_to_open(name: str, rows: Rows, records: tuple[str, ...], gap: Gap | None) -> None:
    figure = look(name, rows)
    assert (figure.records, figure.gap) == (records, gap)
