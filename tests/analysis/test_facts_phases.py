"""The facts of chapter 6: each in a bad case, a good case, and where it is not known."""
from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from crm_workbook.analysis.facts import Figure
from crm_workbook.analysis.facts.parts import NEVER
from crm_workbook.analysis.facts.view import Value, View
from crm_workbook.analysis.finders import Gap
from crm_workbook.catalogue import load
from crm_workbook.records import Record
from crm_workbook.records.adoption import Material, WorkingRule
from crm_workbook.records.book import Book
from crm_workbook.records.minutes import Workshop
from crm_workbook.records.phases import AcceptanceTest, Defect, Phase, PhaseFunction, Release
from crm_workbook.records.requirements import Requirement
from crm_workbook.records.team import Assignment, Person

TODAY = date(2026, 3, 2)
BEFORE, AFTER = date(2026, 2, 2), date(2026, 4, 2)  # 28 days ago, in a month
Rows = list[Record]


def look(name: str, rows: Rows, phase: str = "") -> Figure:
    """The figure of a fact over these records, numbered 1, 2, 3 within each kind; at the gate of a phase where one is named."""
    counts: Counter[type[Record]] = Counter()
    numbered = []
    for row in rows:
        counts[type(row)] += 1
        numbered.append(row.make((counts[type(row)], *row[1:])))
    return View(Book.of(numbered), load(), TODAY, phase_code=phase).figure(name)


def uses(function: str, phase: str = "PH1", **values: object) -> PhaseFunction:
    """A function planned for a phase."""
    return PhaseFunction(**{"function": function, "phase": phase, "reason": "we need it", **values})


def checker(**values: object) -> Assignment:
    """Somebody who tests for us."""
    return Assignment(**{"role": "r-client-tester", "person": "M1", **values})


def meeting(*attended: str, on: date = BEFORE) -> Workshop:
    """A meeting that expects two people."""
    return Workshop(title="Needs", on=on, expected=("M1", "M2"), attended=attended)


ONE = Phase(title="One", order=1, start=BEFORE, go_live=date(2026, 3, 30), buffer_days=7)  # eight weeks
TWO = Phase(title="Two", order=2)
DONE, IN_USE = Phase(title="Done", order=1, start=BEFORE, closed_on=BEFORE), Phase(title="In use", order=1, go_live=BEFORE)
USERS, CONTACTS, TASKS = uses("f-users-rights"), uses("f-contacts"), uses("f-tasks")
UNCHOSEN = PhaseFunction(phase="PH1")
ANN = Person(name="Ann", in_group=True, hours=4.0)
CHECK = AcceptanceTest(title="A call is seen", phase="PH1", function="f-contacts", passed_on=BEFORE)
GIVEN = Release(title="1.0", phase="PH1", given_on=BEFORE)
TESTED = Release(title="1.1", phase="PH1", given_on=TODAY, vendor_tested_on=BEFORE, client_tested_on=BEFORE)
NEED = Requirement(title="See the last call", state="accepted", phase="PH1", functions=("f-contacts",), goals=("C1",))


@pytest.mark.parametrize(("name", "rows", "value"), [
    ("selected_max_level", [], None),
    ("selected_max_level", [ONE, UNCHOSEN], None),
    ("selected_max_level", [ONE, TWO, CONTACTS, uses("f-kpi", "PH2"), UNCHOSEN], 3),
    ("phases_planned", [], 0),
    ("phases_planned", [Phase()], None),
    ("phases_planned", [ONE, DONE, Phase()], 2),
    ("planned_effort_points", [ONE], None),
    ("planned_effort_points", [ONE, TWO, CONTACTS, uses("f-kpi", "PH2", points=20)], 23),
    ("planned_effort_points", [ONE, CONTACTS, UNCHOSEN], None),
    ("planned_effort_points", [ONE, CONTACTS, uses("", points=2)], 5),
    ("phase1_effort_share", [], None),
    ("phase1_effort_share", [ONE, TWO, CONTACTS, uses("f-ai-hints", "PH2", points=9)], 0.25),
    ("phase1_effort_share", [TWO, ONE, uses("f-contacts", "PH2"), uses("f-ai-hints", "PH1", points=9)], 0.25),
    ("phase1_effort_share", [ONE, CONTACTS, uses("x-unknown")], None),
    ("phase1_functions", [], 0),
    ("phase1_functions", [ONE, UNCHOSEN], None),
    ("phase1_functions", [ONE, TWO, USERS, CONTACTS, TASKS, uses("f-kpi", "PH2")], 2),
    ("phase_effort_hours", [], None),
    ("phase_effort_hours", [ONE], None),
    ("phase_effort_hours", [ONE, CONTACTS, TASKS], 20.0),
    ("phase_effort_hours", [DONE, TWO, CONTACTS, uses("f-tasks", "PH2")], 8.0),  # the first that is not closed
    ("phase_capacity_hours", [ONE], None),
    ("phase_capacity_hours", [ONE, Person(name="Ann", in_group=True), Person(name="Bob", hours=9.0)], None),
    ("phase_capacity_hours", [ANN, TWO], None),
    ("phase_capacity_hours", [ANN, Person(name="Bob", in_group=True, hours=2.5), ONE], 52.0),
    ("phase_capacity_hours", [ANN, Phase(title="Short", start=BEFORE, end=BEFORE)], 4.0),
    ("prerequisite_violations", [], 0),
    ("prerequisite_violations", [ONE, UNCHOSEN], None),
    ("prerequisite_violations", [ONE, USERS, CONTACTS, TASKS], 0),
    ("prerequisite_violations", [ONE, CONTACTS, TASKS], 2),
    ("prerequisite_violations", [ONE, TWO, uses("f-users-rights", "PH2"), uses("f-contacts", "PH2"), TASKS], 1),
    ("prerequisite_violations", [ONE, TWO, USERS, uses("f-contacts", "PH2")], 0),
    ("phase_buffer_share", [], None),
    ("phase_buffer_share", [TWO], None),
    ("phase_buffer_share", [Phase(title="x", start=BEFORE, go_live=AFTER)], None),
    ("phase_buffer_share", [ONE], 7 / 56),
    ("days_to_first_result", [], None),
    ("days_to_first_result", [TWO], NEVER),
    ("days_to_first_result", [Phase(title="x", start=BEFORE, first_result=TODAY)], 28),
    ("days_to_first_result", [Phase(title="x", first_result=TODAY)], None),
    ("live", [], False),
    ("live", [ONE, TWO], False),
    ("live", [ONE, IN_USE], True),
    ("days_since_go_live", [], 0),
    ("days_since_go_live", [TWO], None),
    ("days_since_go_live", [TWO, ONE], 0),
    ("days_since_go_live", [TWO, ONE, IN_USE], 28),
    ("days_since_phase_closed", [], 0),
    ("days_since_phase_closed", [DONE], 28),
    ("days_since_phase_closed", [DONE, TWO], 28),
    ("days_since_phase_closed", [DONE, ONE], 0),
    ("days_since_phase_closed", [Phase(title="x", start=BEFORE, closed_on=AFTER)], 0),
    ("next_phase_planned", [], False),
    ("next_phase_planned", [DONE], False),
    ("next_phase_planned", [DONE, TWO], None),
    ("next_phase_planned", [DONE, ONE], True),
    ("phase_buffer_share", [ONE.with_value("closed_on", AFTER), TWO], 7 / 56),  # not closed yet
    ("stage_value", [], None),
    ("stage_value", [ONE], None),
    ("stage_value", [ONE, Requirement(title="x", state="proposed", phase="PH1")], None),
    ("stage_value", [ONE, NEED, NEED.with_value("accepted_on", BEFORE), NEED.with_value("accepted_on", AFTER)], 1 / 3),
    ("releases_without_client_test", [], 0),
    ("releases_without_client_test", [GIVEN, TESTED, Release(title="2", given_on=AFTER), Release(title="3")], 1),
    ("releases_without_client_test", [GIVEN.with_value("client_tested_on", AFTER)], 1),
    ("releases_without_vendor_group_test", [GIVEN, TESTED], 1),
    ("releases_without_vendor_group_test", [TESTED], 0),
    ("tester_meeting_attendance", [meeting("M1")], None),
    ("tester_meeting_attendance", [checker(until=BEFORE), meeting("M1")], None),
    ("tester_meeting_attendance", [checker()], None),
    ("tester_meeting_attendance", [checker(), meeting()], None),  # nobody noted who came
    ("tester_meeting_attendance", [checker(), meeting("M1", on=AFTER)], None),
    ("tester_meeting_attendance", [checker(), checker(person="M2"), meeting("M1"), meeting("M1", "M2")], 0.75),
    ("tester_meeting_attendance", [checker(), meeting("M1", "M3")], 1.0),
    ("client_tests_open", [], None),
    ("client_tests_open", [ONE, CHECK], 0),
    ("client_tests_open", [ONE, AcceptanceTest(title="x", phase="PH1"), AcceptanceTest(title="y", phase="PH2")], 1),
    ("client_tests_open", [ONE, CONTACTS, NEED, AcceptanceTest(title="x", function="f-contacts", passed_on=AFTER),
                           AcceptanceTest(title="y", requirement="R1"), AcceptanceTest(title="z", function="f-kpi")], 2),
    ("functions_without_acceptance_test", [], None),
    ("functions_without_acceptance_test", [ONE], None),
    ("functions_without_acceptance_test", [ONE, UNCHOSEN], None),
    ("functions_without_acceptance_test", [ONE, uses("f-contacts", goals=("C1",)), CHECK], 0),
    ("functions_without_acceptance_test", [ONE, CONTACTS, CHECK], 1),
    ("functions_without_acceptance_test", [ONE, CONTACTS, CHECK, NEED], 0),  # the goal of a requirement
    ("functions_without_acceptance_test", [ONE, CONTACTS, NEED, AcceptanceTest(title="x", requirement="R1")], 0),
    ("functions_without_acceptance_test", [ONE, CONTACTS, NEED, AcceptanceTest(function="f-contacts")], 1),
    ("functions_without_acceptance_test", [ONE, USERS, AcceptanceTest(title="x", function="f-users-rights")], 0),
    ("functions_without_acceptance_test", [ONE, USERS], 1),
    ("working_rules_missing", [ONE], None),
    ("working_rules_missing", [ONE, CONTACTS, TASKS, WorkingRule(title="Sales, at once", function="f-tasks")], 1),
    ("working_rules_missing", [ONE, TASKS, WorkingRule(function="f-tasks")], 1),
    ("working_rules_missing", [ONE, TASKS, WorkingRule(title="Sales, at once", function="f-tasks")], 0),
    ("functions_without_instruction", [], None),
    ("functions_without_instruction", [ONE, TASKS, CONTACTS, Material(function="f-tasks", where="wiki")], 1),
    ("functions_without_instruction", [ONE, TASKS, Material(function="f-tasks", title="Soon")], 1),
    ("functions_without_instruction", [ONE, TASKS, Material(function="f-tasks", where="wiki", ready_on=AFTER)], 1),
    ("functions_without_instruction", [ONE, TASKS, Material(function="f-tasks", where="wiki", ready_on=BEFORE)], 0),
    ("defects_critical_open", [], 0),
    ("defects_critical_open", [Defect(severity="critical"), Defect(severity="critical", closed_on=BEFORE), Defect()], 1),
    ("defects_critical_open", [Defect(severity="minor"), Defect(severity="critical", found_on=AFTER)], 0),
    ("defects_critical_open", [Defect(title="?")], None),
    ("defects_major_open", [Defect(severity="major", closed_on=AFTER)], 1),
    ("defects_major_open", [Defect(title="?", closed_on=BEFORE)], 0),
    ("defects_minor_open", [Defect(severity="minor")] * 2, 2),
    ("defects_minor_undated", [Defect(severity="minor"), Defect(severity="minor", agreed_on=AFTER)], 1),
    ("defects_minor_undated", [Defect(severity="minor", agreed_on=AFTER), Defect(agreed_on=AFTER)], 0),
    ("defects_minor_undated", [Defect(title="?")], None),
])
def test_what_a_fact_says(name: str, rows: Rows, value: Value) -> None:
    found = look(name, rows).value
    assert found == (None if value is None else pytest.approx(value)) and (found is None) == (value is None)


@pytest.mark.parametrize(("name", "phase", "rows", "value"), [
    ("phase_effort_hours", "PH1", [DONE, TWO, CONTACTS, uses("f-tasks", "PH2")], 12.0),
    ("next_phase_planned", "PH1", [ONE], False),  # the phase itself is not the next one
    ("next_phase_planned", "PH1", [ONE, TWO], None),
    ("next_phase_planned", "PH1", [ONE, Phase(title="Two", order=2, start=AFTER)], True),
    ("releases_without_client_test", "PH1", [GIVEN, GIVEN.with_value("phase", ""), GIVEN.with_value("phase", "PH2")], 2),
    ("working_rules_missing", "PH2", [ONE, TWO, CONTACTS, TASKS, uses("f-kpi", "PH2")], 1),
    ("releases_without_client_test", "PH1", [GIVEN.with_value("given_on", None), TESTED], 1),  # before anybody has it
    ("releases_without_vendor_group_test", "PH1", [GIVEN.with_value("given_on", AFTER)], 1),
    ("releases_without_vendor_group_test", "PH2", [GIVEN], None),
    ("prerequisite_violations", "PH1", [ONE, TWO, USERS, uses("f-tasks", "PH2")], 0),
    ("prerequisite_violations", "PH2", [ONE, TWO, USERS, uses("f-tasks", "PH2")], 1),
    ("defects_critical_open", "PH1", [Defect(severity="critical", phase="PH2"), Defect(severity="critical")], 1),
    ("defects_critical_open", "PH2", [Defect(title="?", phase="PH1")], 0),
    ("phase_buffer_share", "PH9", [ONE], None),
])
def test_at_the_gate_of_a_phase(name: str, phase: str, rows: Rows, value: Value) -> None:
    found = look(name, rows, phase).value
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(("name", "rows", "records", "gap"), [
    ("phases_planned", [], (), Gap(kind=Phase)),
    ("planned_effort_points", [ONE], (), Gap(given=(("phase", "PH1"),), kind=PhaseFunction)),
    ("planned_effort_points", [ONE, CONTACTS, UNCHOSEN], ("FN2",), Gap("FN2", "function")),
    ("phase1_effort_share", [ONE, USERS, CONTACTS, TASKS], ("FN1", "FN2", "FN3"), Gap("FN3", "phase")),  # stands on the others
    ("phase1_effort_share", [ONE, uses("f-users-rights", points=30), CONTACTS, uses("f-files"), uses("f-products")],
     ("FN1", "FN2", "FN3", "FN4"), Gap("FN4", "phase")),
    ("phase1_effort_share", [ONE, uses("f-contacts", points=0)], ("FN1",), Gap("FN1", "points")),
    ("phase1_functions", [ONE, USERS, *[TASKS] * 9], tuple(f"FN{n}" for n in range(2, 11)), Gap("FN10", "phase")),
    ("phase_effort_hours", [ONE, ANN, CONTACTS], ("FN1",), None),
    ("phase_effort_hours", [ONE, ANN, CONTACTS, uses("f-kpi", points=9)], ("FN1", "FN2"), Gap("FN2", "phase")),
    ("phase_capacity_hours", [ONE], (), Gap(given=(("in_group", True),), kind=Person)),
    ("phase_capacity_hours", [ANN, Person(name="Bob", in_group=True), ONE], ("M1",), Gap("M2", "hours")),
    ("phase_capacity_hours", [ANN, TWO], ("PH1",), Gap("PH1", "start")),
    ("prerequisite_violations", [ONE, CONTACTS], ("FN1",),
     Gap(given=(("phase", "PH1"), ("function", "f-users-rights")), kind=PhaseFunction)),
    ("prerequisite_violations", [ONE, TWO, CONTACTS, uses("f-users-rights", "PH2")], ("FN1",), Gap("FN2", "phase")),
    ("phase_buffer_share", [ONE], ("PH1",), Gap("PH1", "buffer_days")),
    ("days_to_first_result", [TWO], ("PH1",), Gap("PH1", "first_result")),
    ("days_since_go_live", [TWO], ("PH1",), Gap("PH1", "go_live")),
    ("days_since_phase_closed", [DONE, TWO], ("PH1",), Gap("PH2", "start")),
    ("next_phase_planned", [DONE], (), Gap(kind=Phase)),
    ("stage_value", [ONE, NEED, NEED.with_value("accepted_on", BEFORE)], ("R1",), Gap("R1", "accepted_on")),
    ("stage_value", [ONE, NEED.with_value("phase", "")], ("PH1",), Gap("R1", "phase")),
    ("releases_without_client_test", [TESTED, GIVEN], ("RL2",), Gap("RL2", "client_tested_on")),
    ("tester_meeting_attendance", [meeting("M1")], (), Gap(given=(("role", "r-client-tester"),), kind=Assignment)),
    ("tester_meeting_attendance", [checker(), meeting("M1"), meeting("M2")], ("WS2",), Gap("WS2", "attended")),
    ("client_tests_open", [ONE, CHECK, AcceptanceTest(phase="PH1")], ("T2",), Gap("T2", "passed_on")),
    ("functions_without_acceptance_test", [ONE, CONTACTS, CHECK], ("FN1",), Gap("FN1", "goals")),
    ("functions_without_acceptance_test", [ONE, USERS], ("FN1",),
     Gap(given=(("phase", "PH1"), ("function", "f-users-rights")), kind=AcceptanceTest)),
    ("functions_without_acceptance_test", [ONE, USERS, AcceptanceTest(function="f-users-rights")], ("FN1",),
     Gap("T1", "title")),
    ("working_rules_missing", [ONE, TASKS], ("FN1",), Gap(given=(("function", "f-tasks"),), kind=WorkingRule)),
    ("functions_without_instruction", [ONE, TASKS, Material(function="f-tasks")], ("FN1",), Gap("MT1", "where")),
    ("defects_major_open", [Defect(severity="major")], ("DF1",), Gap("DF1", "closed_on")),
    ("defects_minor_undated", [Defect(severity="minor")], ("DF1",), Gap("DF1", "agreed_on")),
    ("defects_minor_undated", [Defect()], ("DF1",), Gap("DF1", "severity")),
])
def test_what_it_was_counted_from_and_what_to_open(name: str, rows: Rows, records: tuple[str, ...], gap: Gap | None) -> None:
    figure = look(name, rows)
    assert (figure.records, figure.gap) == (records, gap)
