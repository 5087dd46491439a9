"""The facts of chapter 2: each in a bad case, a good case, and where it is not known."""
from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

import crm_workbook.analysis.facts.roles  # noqa: F401  registers the facts about roles
from crm_workbook.analysis.facts import FACTS, Figure
from crm_workbook.analysis.facts.parts import NEVER
from crm_workbook.analysis.facts.team import is_open
from crm_workbook.analysis.facts.view import Value, View
from crm_workbook.analysis.finders import Gap
from crm_workbook.catalogue import load
from crm_workbook.records import Record
from crm_workbook.records.book import Book
from crm_workbook.records.goals import Project
from crm_workbook.records.minutes import Handout, Workshop
from crm_workbook.records.phases import Phase
from crm_workbook.records.requirements import Interview, SurveyAnswer
from crm_workbook.records.team import (
    Assignment,
    Department,
    Interest,
    Nomination,
    Office,
    OpenDecision,
    Person,
    Question,
    RoleChange,
    Scale,
    SponsorTalk,
)
from crm_workbook.records.vendors import Choice

TODAY = date(2026, 3, 2)  # a Monday
Rows = list[Record]


def ago(days: int) -> date:
    """So many days before today."""
    return TODAY - timedelta(days=days)


def view_of(rows: Rows) -> View:
    """These records, numbered 1, 2, 3 within each kind."""
    counts: Counter[type[Record]] = Counter()
    numbered = []
    for row in rows:
        counts[type(row)] += 1
        numbered.append(row.make((counts[type(row)], *row[1:])))
    return View(Book.of(numbered), load(), TODAY)


def role(id_: str, person: str = "M1", **values: object) -> Assignment:
    """Somebody has a role."""
    return Assignment(role=id_, person=person, **values)


SALES, SERVICE, STORE = Department(name="Sales", users=5), Department(name="Service", users=3), Department(name="Store")
ANN = Person(name="Ann", department="D1", in_group=True, everyday_user=True)
BEN = Person(name="Ben", department="D2", in_group=True, from_it=True)
FAST = Office(name="Town", users=10, down_mbps=100.0, up_kbps=20_000.0, ping_ms=12.0, second_line=True)
SLOW = Office(name="Village", users=14, calls=3, down_mbps=8.0, up_kbps=900.0, ping_ms=60.0, second_line=False)
SIZE = Scale(users_total=24, users_at_once=18, users_mobile=6, calls_at_once=4, data_gb=20.0, letters_per_day=1500)
START = Project(start=ago(60))
DECIDES = Person(name="Cy", decider=True)
ASKED = Question(title="Which database?", asked_on=ago(7))
FORM = Nomination(person="M1", respected=True, no_faction=True, understands_work=4)
EXPERT = role("r-internal-expert", relieved_hours=4.0)
GROUP: Rows = [
    Person(name="Ann", in_group=True, everyday_user=True), Person(name="Ben", in_group=True), Person(name="Cy", in_group=True)]
ROLES: Rows = [*GROUP, *(role(id_) for id_ in ("r-sponsor", "r-process-owner", "r-client-pm", "r-it-adviser", "r-cost-keeper"))]
CHOSEN = Choice(vendor="V1", on=ago(1))


@pytest.mark.parametrize(("name", "rows", "value"), [
    ("users_total", [], None),
    ("users_total", [SIZE, SALES], 24),
    ("users_total", [SALES, SERVICE], 8),
    ("users_total", [SALES, STORE], None),
    ("concurrent_users", [SIZE], 18),
    ("concurrent_users", [Scale(users_total=3)], None),
    ("mobile_users", [SIZE], 6),
    ("mobile_users", [], None),
    ("concurrent_calls", [SIZE, SLOW], 4),
    ("concurrent_calls", [FAST, SLOW], 3),
    ("concurrent_calls", [FAST], None),
    ("expected_db_gb", [SIZE], 20.0),
    ("expected_db_gb", [], None),
    ("planned_mailing_per_day", [SIZE], 1500),
    ("planned_mailing_per_day", [], None),
    ("office_down_mbps_min", [FAST, SLOW], 8.0),
    ("office_down_mbps_min", [FAST, SLOW.with_value("measured_on", ago(-1))], 100.0),
    ("office_down_mbps_min", [Office(name="New")], None),
    ("office_up_kbps_min", [FAST, SLOW], 900.0),
    ("office_up_kbps_min", [], None),
    ("users_largest_office_div_10", [FAST, SLOW], 1.4),
    ("users_largest_office_div_10", [FAST, SLOW.with_value("users", None)], None),
    ("users_largest_office_div_10", [Office(name="New", users=9)], None),
    ("offices_unmeasured", [], None),
    ("offices_unmeasured", [FAST, SLOW], 0),
    ("offices_unmeasured", [FAST, SLOW.with_value("ping_ms", None)], 1),
    ("offices_unmeasured", [SLOW.with_value("measured_on", ago(-1))], 1),
    ("offices_unmeasured", [FAST, Office(users=3)], None),
    ("offices_without_second_line", [FAST, SLOW], 1),
    ("offices_without_second_line", [FAST], 0),
    ("offices_without_second_line", [FAST, Office(name="New")], None),
    ("departments_with_users", [], 0),
    ("departments_with_users", [SALES, STORE], 1),
    ("departments_with_users", [STORE], None),
    ("departments_not_informed", [SALES.with_value("announced", ago(0))], 0),
    ("departments_not_informed", [SALES, SERVICE.with_value("announced", ago(-1)), STORE], 2),
    ("departments_not_informed", [STORE], None),
    ("departments_not_informed", [STORE.with_value("users", 0)], 0),
    ("departments_not_informed", [STORE.with_value("announced", ago(3))], 0),
    ("departments_without_usage_statement", [SALES.with_value("usage", "All five, every day.")], 0),
    ("departments_without_usage_statement", [SALES], 1),
    ("departments_without_usage_statement", [STORE], None),
    ("departments_not_in_group", [SALES, SERVICE, ANN, BEN], 0),
    ("departments_not_in_group", [SALES, SERVICE, ANN], 1),
    ("departments_not_in_group", [SALES, SERVICE, ANN, BEN.with_value("side", "vendor")], 1),
    ("departments_not_in_group", [SALES, SERVICE, ANN, BEN.with_value("department", "")], None),
    ("departments_not_in_group", [SALES, STORE, ANN], None),
    ("group_it_share", [], None),
    ("group_it_share", [ANN, BEN], 0.5),
    ("group_it_share", [ANN], 0.0),
    ("group_end_user_share", [Person(name="Dan", everyday_user=True)], None),
    ("group_end_user_share", [ANN, ANN, ANN, BEN], 0.75),
    ("interest_conflicts_open", [], None),
    ("interest_conflicts_open", [ANN], None),
    ("interest_conflicts_open", [DECIDES], 1),
    ("interest_conflicts_open", [DECIDES, Interest(person="M1", has_interest=False)], 0),
    ("interest_conflicts_open", [DECIDES, Interest(person="M1")], None),
    ("interest_conflicts_open", [DECIDES, Interest(has_interest=False)], None),
    ("interest_conflicts_open", [DECIDES, DECIDES, Interest(has_interest=False)], 2),
    ("interest_conflicts_open", [DECIDES, Interest(person="M1", has_interest=False, on=ago(-1))], None),
    ("interest_conflicts_open", [DECIDES, Interest(person="M1", has_interest=True)], 1),
    ("interest_conflicts_open", [DECIDES, Interest(person="M1", has_interest=True, settled="Does not vote.")], 0),
    ("first_involvement_day", [Interview(title="Orders", on=ago(9))], None),
    ("first_involvement_day", [START], NEVER),
    ("first_involvement_day", [START, Interview(title="Orders", on=ago(-9))], NEVER),
    ("first_involvement_day", [START, SurveyAnswer(answer="Lists", on=ago(20)), Interview(title="Orders", on=ago(30))], 30),
    ("first_involvement_day", [START, SALES.with_value("needs_asked", ago(50)), SurveyAnswer(answer="?")], 10),
    ("first_involvement_day", [START, SALES, SurveyAnswer(answer="?")], None),
    ("first_involvement_day", [START, BEN, Workshop(title="Goals", on=ago(55), attended=("M1",))], NEVER),
    ("first_involvement_day", [START, ANN, Workshop(title="Goals", on=ago(55), attended=("M1",))], 5),
    ("oldest_open_question_days", [], 0.0),
    ("oldest_open_question_days", [ASKED], 5.0),
    ("oldest_open_question_days", [ASKED, ASKED.with_value("asked_on", ago(14))], 10.0),
    ("oldest_open_question_days", [ASKED.with_value("answered_on", ago(1)), ASKED.with_value("answer", "This one.")], 0.0),
    ("oldest_open_question_days", [ASKED.with_value("answered_on", ago(-1))], 5.0),
    ("oldest_open_question_days", [ASKED.with_value("asked_on", ago(-1))], 0.0),
    ("oldest_open_question_days", [ASKED.with_value("asked_on", None)], None),
    ("oldest_open_question_days", [ASKED.with_value("title", "")], None),
    ("oldest_open_decision_days", [OpenDecision(title="Which mail?", raised_on=ago(3))], 1.0),
    ("oldest_open_decision_days", [OpenDecision(title="Which mail?", raised_on=ago(3), decided_on=ago(0))], 0.0),
    ("oldest_open_decision_days", [OpenDecision(title="Which mail?")], None),
    ("late_answer_share", [], None),
    ("late_answer_share", [ASKED], None),
    ("late_answer_share", [ASKED.with_value("answered_on", ago(6)), ASKED.with_value("answered_on", ago(0))], 0.5),
    ("late_answer_share", [ASKED.with_value("answered_on", ago(6))], 0.0),
    ("late_answer_share", [Question(title="Old", asked_on=ago(90), answered_on=ago(40))], None),
    ("late_answer_share", [Question(title="Since when?", answered_on=ago(4))], None),
    ("days_since_activity", [START], None),
    ("days_since_export", [Handout(kind="full")], None),
    ("days_since_export", [Handout(kind="full", on=ago(9)), Handout(kind="backup", on=ago(-2))], 9),
])
def test_the_value(name: str, rows: Rows, value: Value) -> None:
    found = view_of(rows).value(name)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(("name", "rows", "value"), [
    ("sponsor_named", [], False),
    ("sponsor_named", [role("r-sponsor")], True),
    ("sponsor_named", [role("r-sponsor", until=TODAY)], True),
    ("sponsor_named", [role("r-sponsor", until=ago(1)), role("r-sponsor", since=ago(-1))], False),
    ("sponsor_named", [role("r-sponsor", person="")], None),
    ("sponsor_named", [role("")], None),
    ("sponsor_resources_confirmed", [], None),
    ("sponsor_resources_confirmed", [role("r-sponsor")], None),
    ("sponsor_resources_confirmed", [role("r-sponsor", confirmed=False)], False),
    ("sponsor_resources_confirmed", [role("r-sponsor", confirmed=True), role("r-sponsor", "M2")], True),
    ("sponsor_days_silent", [], None),
    ("sponsor_days_silent", [START], 60),
    ("sponsor_days_silent", [START, role("r-sponsor", since=ago(20))], 20),
    ("sponsor_days_silent", [START, SponsorTalk(title="Money", on=ago(9)), SponsorTalk(title="Hours", on=ago(-9))], 9),
    ("sponsor_days_silent", [START, SponsorTalk(title="Money", on=ago(9)), SponsorTalk(title="Hours")], 9),
    ("sponsor_days_silent", [START, SponsorTalk(title="Money")], None),
    ("sponsor_days_silent", [Project(start=ago(-9))], None),
    ("mandatory_roles_unfilled", [], 7),
    ("mandatory_roles_unfilled", ROLES, 0),
    ("mandatory_roles_unfilled", ROLES[1:], 2),
    ("mandatory_roles_unfilled", [*GROUP[1:], *ROLES[3:], role("r-working-group", "M9"), role("r-end-user", "M9")], 0),
    ("mandatory_roles_unfilled", ROLES[:-1], 1),
    ("mandatory_roles_unfilled", [*ROLES[:-1], role("", "M3")], None),
    ("mandatory_roles_unfilled", [*ROLES[:-2], role("", "M3")], 2),
    ("mandatory_roles_unfilled", [*ROLES[:-1], role("r-cost-keeper", "")], None),
    ("mandatory_roles_unfilled", [*ROLES[:-1], role("r-cost-keeper", until=ago(9))], 1),
    ("mandatory_roles_unfilled", [*ROLES, role("r-sponsor", "M2")], 1),
    ("mandatory_roles_unfilled", [*ROLES, role("r-sponsor")], 0),
    ("mandatory_roles_unfilled", [*ROLES, role("r-process-owner", "M2")], 0),
    ("mandatory_roles_unfilled", [*ROLES, CHOSEN], 4),
    ("mandatory_roles_unfilled", [*ROLES, Choice(vendor="V1", on=ago(-9))], 0),
    ("mandatory_roles_unfilled", [*ROLES, Choice(reason="?")], None),
    ("mandatory_roles_unfilled", [*ROLES, CHOSEN, Person(name="Dan", early_follower=True), role("r-internal-expert", "M2"),
                                  role("r-vendor-pm", "M5"), role("r-client-tester", "M2"), role("r-client-tester", "M3")], 0),
    ("mandatory_roles_unfilled", [*ROLES, Phase(title="One", go_live=ago(0))], 1),
    ("mandatory_roles_unfilled", [*ROLES, Phase(title="One", go_live=ago(-1))], 0),
    ("mandatory_roles_unfilled", [*ROLES, role("r-programmer", "M7")], 2),
    ("mandatory_roles_unfilled", [*ROLES, *(role("r-programmer", code) for code in ("M7", "M8"))], 3),
    ("role_conflicts_open", [], 0),
    ("role_conflicts_open", [role("r-programmer"), role("r-analyst")], 1),
    ("role_conflicts_open", [role("r-programmer"), role("r-analyst"), role("r-vendor-pm"), role("r-cost-keeper")], 3),
    ("role_conflicts_open", [role("r-programmer"), role("r-analyst", "M2")], 0),
    ("role_conflicts_open", [role("r-programmer"), role("r-analyst", until=ago(1))], 0),
    ("role_conflicts_open", [role("r-programmer"), role("r-analyst", waiver="Tiny part. Ann")], 0),
    ("role_conflicts_open", [role("r-sponsor"), role("r-client-pm")], 0),
    ("role_conflicts_open", [role("r-client-pm", objections="No free hours")], 1),
    ("role_conflicts_open", [role("r-client-pm", objections="No free hours", waiver="From May on. Ann")], 0),
    ("role_conflicts_open", [role("r-client-pm"), role("")], None),
    ("key_role_changes_unconfirmed", [], 0),
    ("key_role_changes_unconfirmed", [RoleChange(role="r-sponsor", on=ago(3))], 1),
    ("key_role_changes_unconfirmed", [RoleChange(role="r-sponsor", on=ago(3), confirmed_on=ago(1))], 0),
    ("key_role_changes_unconfirmed", [RoleChange(role="r-sponsor", on=ago(3), confirmed_on=ago(4))], 1),
    ("key_role_changes_unconfirmed", [RoleChange(role="r-sponsor", on=ago(-3))], 0),
    ("key_role_changes_unconfirmed", [RoleChange(role="r-analyst", on=ago(3), after="M2")], 0),
    ("key_role_changes_unconfirmed", [SALES.with_value("head", "M2"), RoleChange(on=ago(3), after="M2")], 1),
    ("key_role_changes_unconfirmed", [RoleChange(role="r-sponsor")], None),
    ("key_role_changes_unconfirmed", [RoleChange(on=ago(3))], None),
    ("internal_experts", [], 0),
    ("internal_experts", [EXPERT, EXPERT, role("r-internal-expert", "M2")], 2),
    ("internal_experts", [role("r-internal-expert", "")], None),
    ("experts_without_relief", [EXPERT], 0),
    ("experts_without_relief", [role("r-internal-expert", relieved_hours=0.0)], 1),
    ("experts_without_relief", [role("r-internal-expert"), Nomination(person="M1", incentive="Two free days")], 0),
    ("experts_without_relief", [], 0),
    ("experts_without_relief", [role("r-internal-expert", "")], None),
    ("expert_disqualifiers", [], None),
    ("expert_disqualifiers", [EXPERT], None),
    ("expert_disqualifiers", [EXPERT, FORM], 0),
    ("expert_disqualifiers", [EXPERT, FORM.with_value("no_faction", None)], None),
    ("expert_disqualifiers", [EXPERT, FORM.with_value("no_faction", None), FORM], 0),
    ("expert_disqualifiers", [EXPERT, FORM.with_value("respected", False), FORM.with_value("understands_work", 2)], 2),
    ("expert_disqualifiers", [EXPERT, FORM, FORM.with_value("person", "M2").with_value("respected", False)], 0),
    ("expert_disqualifiers", [EXPERT.with_value("objections", "From IT"), FORM], 1),
    ("expert_disqualifiers", [EXPERT.with_value("waiver", "Nobody else. Ann"), FORM.with_value("respected", False)], 0),
    ("departments_without_ambassador", [SALES, SERVICE, ANN.with_value("early_follower", True)], 1),
    ("departments_without_ambassador", [SALES, ANN, role("r-ambassador")], 0),
    ("departments_without_ambassador", [SALES, ANN], 1),
    ("departments_without_ambassador", [SALES, Person(name="Dan", early_follower=True)], None),
    ("departments_without_ambassador", [STORE], None),
])
def test_the_value_where_it_is_about_roles(name: str, rows: Rows, value: Value) -> None:
    found = view_of(rows).value(name)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(("name", "rows", "records", "gap"), [
    ("users_total", [SALES, STORE], (), Gap(kind=Scale, field="users_total")),
    ("users_total", [SALES, SERVICE], ("D1", "D2"), None),
    ("office_down_mbps_min", [FAST, SLOW], ("O2",), None),
    ("office_down_mbps_min", [], (), Gap(kind=Office)),
    ("office_up_kbps_min", [Office(name="New")], ("O1",), Gap("O1", "up_kbps")),
    ("users_largest_office_div_10", [SLOW.with_value("users", None)], ("O1",), Gap("O1", "users")),
    ("offices_unmeasured", [FAST, SLOW.with_value("ping_ms", None)], ("O2",), Gap("O2", "ping_ms")),
    ("offices_unmeasured", [Office(users=3)], ("O1",), Gap("O1", "name")),
    ("offices_without_second_line", [FAST, SLOW], ("O2",), Gap("O2", "second_line")),
    ("departments_with_users", [], (), Gap(kind=Department)),
    ("departments_not_informed", [SALES], ("D1",), Gap("D1", "announced")),
    ("departments_not_informed", [STORE], ("D1",), Gap("D1", "users")),
    ("departments_not_in_group", [SALES, SERVICE, ANN], ("D2",),
     Gap(given=(("department", "D2"), ("in_group", True), ("everyday_user", True)), kind=Person)),
    ("departments_not_in_group", [SALES, ANN.with_value("in_group", False)], ("D1",), Gap("M1", "in_group")),
    ("departments_not_in_group", [SALES, ANN.with_value("department", "")], ("D1",), Gap("M1", "department")),
    ("group_it_share", [ANN, BEN], ("M2",), Gap(given=(("in_group", True),), kind=Person)),
    ("group_it_share", [ANN, ANN, BEN], ("M3",), None),
    ("group_it_share", [], (), Gap(given=(("in_group", True),), kind=Person)),
    ("group_end_user_share", [ANN, BEN], ("M2",), None),
    ("group_end_user_share", [BEN], ("M1",), Gap(given=(("in_group", True), ("everyday_user", True)), kind=Person)),
    ("interest_conflicts_open", [DECIDES], ("M1",), Gap(given=(("person", "M1"),), kind=Interest)),
    ("interest_conflicts_open", [DECIDES, Interest(person="M1")], ("M1",), Gap("DI1", "has_interest")),
    ("interest_conflicts_open", [DECIDES, Interest(has_interest=False)], ("M1",), Gap("DI1", "person")),
    ("interest_conflicts_open", [DECIDES, Interest(person="M1", has_interest=True)], ("DI1",), Gap("DI1", "settled")),
    ("interest_conflicts_open", [], (), Gap(given=(("decider", True),), kind=Person)),
    ("first_involvement_day", [START, Interview(title="Orders", on=ago(30))], ("I1",), None),
    ("first_involvement_day", [START, Interview(title="Orders", on=ago(30)), Choice(vendor="V1", on=ago(20))], ("I1",), None),
    ("first_involvement_day", [START, Interview(title="Orders", on=ago(30)), Choice(vendor="V1", on=ago(40))], ("I1",),
     Gap(kind=Interview)),  # too late, but people can be heard now
    ("first_involvement_day", [START, SurveyAnswer(answer="?")], ("S1",), Gap("S1", "on")),
    ("first_involvement_day", [START], (), Gap(kind=Interview)),
    ("first_involvement_day", [Project(company="Ours")], (), Gap("PRJ1", "start")),
    ("oldest_open_question_days", [ASKED, ASKED.with_value("asked_on", ago(14))], ("Q2", "Q1"), Gap("Q2", "answer")),
    ("oldest_open_question_days", [ASKED.with_value("asked_on", None)], ("Q1",), Gap("Q1", "asked_on")),
    ("late_answer_share", [ASKED], ("Q1",), Gap("Q1", "answered_on")),
    ("late_answer_share", [ASKED.with_value("answered_on", ago(0))], ("Q1",), Gap("Q1", "answered_on")),
    ("days_since_export", [], (), Gap(kind=Handout)),
    ("sponsor_named", [], (), Gap(given=(("role", "r-sponsor"),), kind=Assignment)),
    ("sponsor_named", [role("r-sponsor", person="")], ("A1",), Gap("A1", "person")),
    ("sponsor_resources_confirmed", [role("r-sponsor")], ("A1",), Gap("A1", "confirmed")),
    ("sponsor_days_silent", [SponsorTalk(title="Money", on=ago(9))], ("ST1",), None),
    ("sponsor_days_silent", [SponsorTalk(title="Money", on=ago(31))], ("ST1",), Gap(kind=SponsorTalk)),
    ("mandatory_roles_unfilled", ROLES[:-1], (), Gap(given=(("role", "r-cost-keeper"),), kind=Assignment)),
    ("mandatory_roles_unfilled", [*ROLES, role("r-sponsor", "M2")], ("A1", "A6"), Gap("A6", "until")),
    ("mandatory_roles_unfilled", [*ROLES[:-1], role("", "M3")], ("A5",), Gap("A5", "role")),
    ("mandatory_roles_unfilled", [*ROLES, Choice(reason="?")], (), Gap("DR1", "vendor")),
    ("role_conflicts_open", [role("r-programmer"), role("r-analyst")], ("A1", "A2"), Gap("A2", "person")),
    ("role_conflicts_open", [role("r-client-pm", objections="No free hours")], ("A1",), Gap("A1", "waiver")),
    ("key_role_changes_unconfirmed", [RoleChange(role="r-sponsor", on=ago(3))], ("RC1",), Gap("RC1", "confirmed_on")),
    ("key_role_changes_unconfirmed", [RoleChange(on=ago(3))], ("RC1",), Gap("RC1", "role")),
    ("internal_experts", [], (), Gap(given=(("role", "r-internal-expert"),), kind=Assignment)),
    ("internal_experts", [EXPERT], ("A1",), None),
    ("experts_without_relief", [role("r-internal-expert")], ("A1",), Gap("A1", "relieved_hours")),
    ("expert_disqualifiers", [EXPERT], ("A1",), Gap(given=(("person", "M1"),), kind=Nomination)),
    ("expert_disqualifiers", [EXPERT, FORM.with_value("respected", False)], ("NO1",), Gap("NO1", "respected")),
    ("departments_without_ambassador", [SALES, ANN], ("D1",), Gap("M1", "early_follower")),
])
def test_what_to_look_at_and_what_to_open(name: str, rows: Rows, records: tuple[str, ...], gap: Gap | None) -> None:
    figure = view_of(rows).figure(name)
    assert (figure.records, figure.gap) == (records, gap)


@pytest.mark.parametrize(("changed", "figure"), [
    (ago(2), Figure(2)), (ago(-1), Figure(0)), (ago(22), Figure(22, (), Gap(kind=Workshop)))])
def test_activity_is_counted_from_the_day_of_the_last_entry(changed: date, figure: Figure) -> None:
    book = Book({Project: {1: START}}, 9, changed)
    assert View(book, load(), TODAY).figure("days_since_activity") == figure


def test_no_figure_names_more_than_fifty_records() -> None:
    rows: Rows = [*(Department(name=f"D{n}", users=1) for n in range(60)), *[BEN.with_value("department", "D1")] * 60]
    view = view_of(rows)
    for name in ("departments_not_informed", "departments_not_in_group", "group_it_share", "group_end_user_share"):
        assert len(view.figure(name).records) == 50
    assert view.value("departments_not_informed") == 60


def test_a_question_is_closed_by_a_day_or_by_a_text() -> None:
    assert is_open(ASKED) and is_open(OpenDecision(title="Which mail?"))
    assert not is_open(ASKED.with_value("answer", "This one.")) and not is_open(OpenDecision(decided_on=ago(1)))
    later = ASKED.with_value("answered_on", ago(-1)).with_value("answer", "This one.")
    assert not is_open(later) and is_open(later, TODAY) and not is_open(later, ago(-1))


def test_every_fact_of_the_chapter_says_how_it_is_counted() -> None:
    ours = [function for function in FACTS.values() if function.__module__.endswith((".team", ".roles"))]
    assert len(ours) == 34
    assert all(function.__doc__ for function in ours)
