"""The facts of chapter 1: each in a bad case, a good case, and where it is not known."""
from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from crm_workbook.analysis.facts import FACTS, Figure
from crm_workbook.analysis.facts.view import Value, View
from crm_workbook.analysis.finders import Gap
from crm_workbook.catalogue import load
from crm_workbook.records import Record
from crm_workbook.records.book import Book
from crm_workbook.records.goals import (
    CompanyGoal,
    CrmGoal,
    EarlierAttempt,
    Expectation,
    Fear,
    Motive,
    Postponed,
    Project,
    Reason,
    StrategyChange,
)
from crm_workbook.records.team import Department, Person

TODAY = date(2026, 3, 2)
BEFORE, AFTER = date(2026, 2, 2), date(2026, 4, 2)
Rows = list[Record]


def look(name: str, rows: Rows) -> Figure:
    """The figure of a fact over these records, numbered 1, 2, 3 within each kind."""
    counts: Counter[type[Record]] = Counter()
    for position, row in enumerate(rows):
        counts[type(row)] += 1
        rows[position] = row.make((counts[type(row)], *row[1:]))
    return View(Book.of(rows), load(), TODAY).figure(name)


def good(**values: object) -> CrmGoal:
    """A CRM goal that lacks nothing, but for these values."""
    return CrmGoal(**{"title": "Answer within a day", "company_goals": ("G1",), "behaviour": "Each call is noted.",
                      "owner": "M1", "indicator": "answers in time", "baseline": 40.0, "target": 90.0, **values})


BEGUN = CrmGoal(note="only begun")
GOAL = CompanyGoal(title="Keep our clients", department="D1", user_benefit="Fewer calls to return")
SALES, SERVICE = Department(name="Sales", users=5), Department(name="Service", users=3)
HOPE = Expectation(title="No double typing", check="We count the copies.")
MEMBER = Person(name="Ann", in_group=True, agrees_with_idea=True)
PUT_OFF = Postponed(title="The old list", when=AFTER, where="Monday meeting", how="Ann tidies it up.")


@pytest.mark.parametrize(("name", "rows", "value"), [
    ("company_goals", [], 0),
    ("company_goals", [CompanyGoal(note="?")], None),
    ("company_goals", [GOAL, CompanyGoal(note="?")], 1),
    ("crm_goals", [], 0),
    ("crm_goals", [BEGUN], None),
    ("crm_goals", [good(), good()], 2),
    ("crm_goals_unlinked", [], 0),
    ("crm_goals_unlinked", [BEGUN], None),
    ("crm_goals_unlinked", [good(), BEGUN], 0),
    ("crm_goals_unlinked", [good(), good(company_goals=())], 1),
    ("crm_goals_without_indicator", [good()], 0),
    ("crm_goals_without_indicator", [good(baseline=0.0)], 0),
    ("crm_goals_without_indicator", [good(indicator=""), good(baseline=None), good(target=None)], 3),
    ("crm_goals_without_indicator", [BEGUN], None),
    ("goals_without_behaviour", [good()], 0),
    ("goals_without_behaviour", [good(behaviour=""), good(owner="")], 2),
    ("goals_without_behaviour", [BEGUN], None),
    ("crm_goals_too_broad", [good()], 0),
    ("crm_goals_too_broad", [good(too_broad=True, phrase_checked=True)], 1),
    ("crm_goals_too_broad", [good(title="More  Profit next year", indicator="")], 1),
    ("crm_goals_too_broad", [good(title="More profit next year")], 0),
    ("crm_goals_too_broad", [good(title="More profit", indicator="", phrase_checked=True)], 0),
    ("crm_goals_too_broad", [good(title="Borders and orders", indicator="")], 0),
    ("crm_goals_too_broad", [BEGUN], None),
    ("customer_side_goals", [], 0),
    ("customer_side_goals", [good(customer_side=True), good(customer_side=False), good()], 1),
    ("customer_side_goals", [good(customer_side=False)], 0),
    ("customer_side_goals", [good(customer_side=False), good()], None),
    ("departments_without_goal", [], 0),
    ("departments_without_goal", [SALES, GOAL], 0),
    ("departments_without_goal", [SALES, SERVICE, GOAL], 1),
    ("departments_without_goal", [SALES, Department(name="Store", users=0), GOAL], 0),
    ("departments_without_goal", [SALES, Department(name="Store"), GOAL], None),
    ("departments_without_goal", [SALES, CompanyGoal(department="D1")], None),
    ("departments_without_goal", [SALES, CompanyGoal(title="Whose?")], None),
    ("departments_without_goal", [SALES, SERVICE, CompanyGoal(title="Whose?")], 2),
    ("departments_without_user_benefit", [SALES, GOAL], 0),
    ("departments_without_user_benefit", [SALES, GOAL.with_value("user_benefit", "")], 1),
    ("departments_without_user_benefit", [SALES, GOAL.with_value("user_benefit", ""), GOAL], 0),
    ("departments_without_user_benefit", [SALES, GOAL.with_value("department", "")], None),
    ("departments_without_user_benefit", [Department(name="Store"), CompanyGoal(title="Order")], None),
    ("unifying_idea_set", [], False),
    ("unifying_idea_set", [Project(company="Ours", idea=" ")], False),
    ("unifying_idea_set", [Project(idea="No client is forgotten.")], True),
    ("unifying_idea_support", [], None),
    ("unifying_idea_support", [MEMBER.with_value("agrees_with_idea", None)], None),
    ("unifying_idea_support", [MEMBER, MEMBER.with_value("agrees_with_idea", None), Person(agrees_with_idea=False)], 1.0),
    ("unifying_idea_support", [MEMBER, MEMBER.with_value("agrees_with_idea", False)], 0.5),
    ("unifying_idea_support", [MEMBER, *[MEMBER.with_value("agrees_with_idea", None)] * 2], None),  # too few have answered
    ("unifying_idea_support", [MEMBER.with_value("agrees_with_idea", False)], 0.0),
    ("true_motives", [Motive(motive="mo-process"), Motive(motive="mo-growth"), Motive(motive="")], 2),
    ("true_motives", [Motive(words="?")], None),
    ("false_motives", [Motive(motive="mo-process")], 0),
    ("false_motives", [Motive(words="?")], None),
    ("achievement_reasons", [], 0),
    ("achievement_reasons", [Reason(title="Time", side="gain"), Reason(title="?"), Reason(side="gain")], 1),
    ("achievement_reasons", [Reason(title="?")], None),
    ("achievement_reasons", [Reason(title="Stress", side="avoid")], 0),
    ("avoidance_reasons", [Reason(title="Stress", side="avoid"), Reason(title="Time", side="gain")], 1),
    ("avoidance_reasons", [Reason(side="avoid")], None),
    ("postponed_without_plan", [PUT_OFF.with_value("times", 2)], 0),
    ("postponed_without_plan", [PUT_OFF.with_value("times", 3), PUT_OFF.with_value("where", "")], 2),
    ("postponed_without_plan", [Postponed(times=4)], None),
    ("expectations", [HOPE], 1),
    ("expectations", [Expectation(check="?")], None),
    ("expectations_unchecked", [HOPE, Expectation(title="More time")], 1),
    ("expectations_unchecked", [HOPE], 0),
    ("expectations_unchecked", [Expectation(department="D1")], None),
    ("miracle_phrases", [], 0),
    ("miracle_phrases", [good(), HOPE], 0),
    ("miracle_phrases", [good(behaviour="It sells by itself, overnight."), Expectation(title="Magic", check="By itself")], 4),
    ("miracle_phrases", [Expectation(title="Magic", phrase_checked=True), good(title="Magically")], 0),
    ("miracle_phrases", [BEGUN, Expectation(department="D1")], None),
    ("fears_unanswered", [Fear(fear="fear-control", answer="We look at no person.", agreed=True)], 0),
    ("fears_unanswered", [Fear(fear="fear-control", answer="We look at no person."), Fear(words="Lost job", agreed=True)], 2),
    ("fears_unanswered", [Fear(department="D1")], None),
    ("earlier_attempts_recorded", [], 0),
    ("earlier_attempts_recorded", [EarlierAttempt(title="A table"), EarlierAttempt(year=2019)], 1),
    ("earlier_attempts_recorded", [EarlierAttempt(year=2019)], None),
    ("is_rescue", [], None),
    ("is_rescue", [Project(company="Ours")], None),
    ("is_rescue", [Project(rescue=False)], False),
    ("is_rescue", [Project(rescue=True)], True),
    ("strategy_changes_unreviewed", [], 0),
    ("strategy_changes_unreviewed", [StrategyChange(title="Export", on=BEFORE)], 1),
    ("strategy_changes_unreviewed", [StrategyChange(title="Export", on=BEFORE, reviewed_on=TODAY)], 0),
    ("strategy_changes_unreviewed", [StrategyChange(title="Export", on=BEFORE, reviewed_on=date(2026, 2, 1))], 1),
    ("strategy_changes_unreviewed", [StrategyChange(title="Export", on=BEFORE, reviewed_on=AFTER)], 1),
    ("strategy_changes_unreviewed", [StrategyChange(title="Export", on=AFTER)], 0),
    ("strategy_changes_unreviewed", [StrategyChange(title="Export")], None),
])
def test_the_value(name: str, rows: Rows, value: Value) -> None:
    found = look(name, list(rows)).value
    assert found == value
    assert type(found) is type(value)


def test_a_weak_motive_counts_as_one() -> None:
    weak = next(motive.id for motive in load().motives.values() if not motive.sound)
    assert look("false_motives", [Motive(motive="mo-process"), Motive(motive=weak)]) == Figure(
        1, ("MO2",), Gap("MO2", "motive"))


@pytest.mark.parametrize(("name", "rows", "records", "gap"), [
    ("company_goals", [], (), Gap(kind=CompanyGoal)),
    ("company_goals", [CompanyGoal(note="?")], ("G1",), Gap("G1", "title")),
    ("company_goals", [GOAL], ("G1",), None),
    ("crm_goals_unlinked", [good(), good(company_goals=())], ("C2",), Gap("C2", "company_goals")),
    ("crm_goals_unlinked", [BEGUN], ("C1",), Gap("C1", "title")),
    ("crm_goals_without_indicator", [good(target=None), good(indicator="")], ("C1", "C2"), Gap("C1", "target")),
    ("goals_without_behaviour", [good(owner="")], ("C1",), Gap("C1", "owner")),
    ("crm_goals_too_broad", [good(title="Growth", indicator="")], ("C1",), Gap("C1", "indicator")),
    ("crm_goals_too_broad", [good(too_broad=True)], ("C1",), Gap("C1", "too_broad")),
    ("customer_side_goals", [good()], ("C1",), Gap("C1", "customer_side")),
    ("customer_side_goals", [good(customer_side=True)], ("C1",), None),
    ("departments_without_goal", [SALES, SERVICE, GOAL], ("D2",),
     Gap(given=(("department", "D2"),), kind=CompanyGoal)),
    ("departments_without_goal", [SALES, Department(name="Store"), GOAL], ("D2",), Gap("D2", "users")),
    ("departments_without_goal", [SALES, CompanyGoal(department="D1")], ("D1",), Gap("G1", "title")),
    ("departments_without_goal", [SALES, CompanyGoal(title="Whose?")], ("D1",), Gap("G1", "department")),
    ("departments_without_user_benefit", [SALES, GOAL.with_value("user_benefit", "")], ("D1",), Gap("G1", "user_benefit")),
    ("unifying_idea_set", [], (), Gap(kind=Project, field="idea")),
    ("unifying_idea_set", [Project(company="Ours")], (), Gap("PRJ1", "idea")),
    ("unifying_idea_support", [MEMBER, MEMBER.with_value("agrees_with_idea", None)], ("M2",), Gap("M2", "agrees_with_idea")),
    ("unifying_idea_support", [MEMBER], (), None),
    ("achievement_reasons", [Reason(title="Time", side="gain")], ("RE1",), None),
    ("achievement_reasons", [Reason(title="Stress", side="avoid")], (), Gap(given=(("side", "gain"),), kind=Reason)),
    ("achievement_reasons", [Reason(title="?")], ("RE1",), Gap("RE1", "side")),
    ("postponed_without_plan", [PUT_OFF.with_value("times", 3)], ("PP1",), Gap("PP1", "times")),
    ("expectations_unchecked", [HOPE, Expectation(title="More time")], ("E2",), Gap("E2", "check")),
    ("miracle_phrases", [good(behaviour="Overnight"), HOPE], ("C1",), Gap("C1", "behaviour")),
    ("fears_unanswered", [Fear(fear="fear-control", answer="We do not.")], ("FE1",), Gap("FE1", "agreed")),
    ("fears_unanswered", [Fear(fear="fear-control")], ("FE1",), Gap("FE1", "answer")),
    ("earlier_attempts_recorded", [EarlierAttempt(title="A table")], ("EA1",), Gap(kind=EarlierAttempt)),
    ("earlier_attempts_recorded", [EarlierAttempt(title="A table")] * 3, ("EA1", "EA2", "EA3"), None),
    ("strategy_changes_unreviewed", [StrategyChange(title="Export")], ("SC1",), Gap("SC1", "on")),
    ("strategy_changes_unreviewed", [StrategyChange(title="Export", on=BEFORE)], ("SC1",), Gap("SC1", "reviewed_on")),
])
def test_what_to_look_at_and_what_to_open(name: str, rows: Rows, records: tuple[str, ...], gap: Gap | None) -> None:
    figure = look(name, list(rows))
    assert (figure.records, figure.gap) == (records, gap)


def test_every_fact_of_the_chapter_says_how_it_is_counted() -> None:
    ours = [function for function in FACTS.values() if function.__module__.endswith(".goals")]
    assert len(ours) == 23
    assert all(function.__doc__ for function in ours)
