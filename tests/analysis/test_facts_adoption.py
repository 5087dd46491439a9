"""Facts of the chapter Adoption: training, weekly figures, pulse, workarounds, support."""
from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

import pytest

from crm_workbook.analysis.facts import Figure, View
from crm_workbook.analysis.facts.view import Value
from crm_workbook.analysis.finders import Gap
from crm_workbook.catalogue import load
from crm_workbook.records import Record
from crm_workbook.records.adoption import (
    ChangeRequest,
    ControlMeasure,
    Incident,
    Measurement,
    Pulse,
    Support,
    TrainingEvent,
    Workaround,
)
from crm_workbook.records.adoption import (
    # under another name: pytest takes it for tests
    TestData as Copied,
)
from crm_workbook.records.book import Book
from crm_workbook.records.phases import Phase
from crm_workbook.records.team import Person

CATALOGUE = load()
TODAY = date(2026, 3, 18)
LIVE = date(2026, 2, 2)
MONDAY = date(2026, 3, 16)
PHASE = Phase(number=1, title="First", users=4, go_live=LIVE)
PEOPLE = [Person(number=number, name=f"M{number}", side="vendor" if number == 9 else "client") for number in (1, 2, 3, 4, 9)]


def figure(name: str, *rows: Record, phase: str = "", zone: tzinfo = UTC) -> Figure:
    """A fact of these records, numbered in their order where they have no number."""
    numbered = [row if row.number else row.make((number, *row[1:])) for number, row in enumerate(rows, 1)]
    return View(Book.of(numbered), CATALOGUE, TODAY, phase_code=phase, zone=zone).figure(name)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def lesson(element: str = "t-practice", on: date | None = LIVE, led_by: str = "vendor", *, phase: str = "", held: bool = True,
           attended: tuple[str, ...] = (), passed: tuple[str, ...] = ()) -> TrainingEvent:
    return TrainingEvent(title="Lesson", element=element, on=on, led_by=led_by, phase=phase, held=held, attended=attended,
                         passed=passed)


def week(back: int, users: int | None, active: int | None, own_lists: int | None = None, phase: str = "") -> Measurement:
    return Measurement(week=MONDAY - timedelta(weeks=back), users=users, active=active, own_lists=own_lists, phase=phase)


ALL = ("M1", "M2", "M3", "M4")
LATE = Workaround(title="Paper", found_on=ago(15))

CASES: list[tuple[str, list[Record], Value]] = [
    ("training_events", [], 0),
    ("training_events", [lesson(), TrainingEvent(element="t-clinic"), TrainingEvent(on=LIVE)], 2),
    ("training_events", [TrainingEvent(on=LIVE)], None),
    ("training_practice_events", [], 0),
    ("training_practice_events", [lesson("t-practice"), lesson("t-first-contact"), lesson("t-clinic"), lesson("t-qa-session"),
                                  lesson("t-extra-hours"), lesson("t-group-session"), lesson("no-such")], 5),
    ("training_practice_events", [lesson("t-group-session"), lesson("")], None),
    ("training_by_vendor", [], False),
    ("training_by_vendor", [lesson(led_by="company"), lesson(led_by="vendor")], True),
    ("training_by_vendor", [lesson(led_by="company"), lesson(led_by="")], None),
    ("training_by_company", [lesson(led_by="vendor")], False),
    ("training_by_company", [lesson(led_by="company")], True),
    ("trained_user_share", [], None),
    ("trained_user_share", [PHASE, *PEOPLE], 0.0),
    ("trained_user_share", [PHASE, *PEOPLE, lesson(attended=ALL, passed=("M1", "M2", "M9"))], 0.5),
    ("trained_user_share", [PHASE, *PEOPLE, lesson(attended=(*ALL, "M9")), lesson(passed=(*ALL, "M9"))], 1.0),
    ("trained_user_share", [PHASE, *PEOPLE, lesson(attended=ALL, passed=ALL, on=ago(-1))], 0.0),
    ("trained_user_share", [PHASE, *PEOPLE, lesson(attended=ALL)], None),
    ("trained_user_share", [PHASE, *PEOPLE, lesson()], None),
    ("trained_user_share", [PHASE.with_value("users", None), *PEOPLE, lesson(attended=ALL, passed=ALL)], None),
    ("qa_sessions_planned", [PHASE], 0),
    ("qa_sessions_planned", [PHASE, lesson("t-qa-session", date(2026, 2, 7)), lesson("t-qa-session", date(2026, 2, 23))], 2),
    ("qa_sessions_planned", [PHASE, lesson("t-qa-session", date(2026, 2, 6)), lesson("t-qa-session", date(2026, 2, 24))], 0),
    ("qa_sessions_planned", [PHASE, lesson("t-qa-session", None)], None),
    ("qa_sessions_planned", [PHASE.with_value("go_live", None), lesson("t-qa-session")], None),
    ("qa_sessions_planned", [PHASE, lesson("", date(2026, 2, 12))], None),
    ("qa_sessions_held", [PHASE, lesson("t-qa-session", held=False)], 0),
    ("qa_sessions_held", [PHASE, lesson("t-qa-session"), lesson("t-qa-session", ago(-2)), lesson("t-qa-session", None)], 2),
    ("qa_sessions_held", [PHASE, lesson("t-qa-session", phase="PH2")], 0),
    ("qa_sessions_held", [PHASE, lesson("")], None),
    ("adaptation_hours_per_user_week", [], None),
    ("adaptation_hours_per_user_week", [Support(learning_hours=0.0)], 0.0),
    ("control_measures", [], 0),
    ("control_measures", [ControlMeasure(title="Logs", on=TODAY), ControlMeasure(title="Pay"),
                          ControlMeasure(title="Later", on=ago(-1))], 2),
    ("control_measures", [ControlMeasure(on=TODAY)], None),
    ("active_rate", [], None),
    ("active_rate", [week(0, 10, 9), week(1, 10, 2)], 0.9),
    ("active_rate", [week(0, 0, 0), week(1, 10, 9)], None),
    ("active_rate", [week(0, 10, None), week(1, 10, 9)], None),
    ("active_rate", [week(-1, 10, 1), week(0, 10, 9)], 0.9),
    ("active_rate", [week(0, 10, 9, phase="PH1"), week(0, 30, 1, phase="PH2")], 0.25),
    ("active_rate", [Measurement(users=10, active=9)], None),
    ("active_rate", [week(0, None, None), week(1, 10, 9)], 0.9),  # only begun
    ("active_rate", [week(0, None, None)], None),
    ("active_rate", [week(0, 18, 40), week(1, 10, 9)], None),  # more than there are
    ("active_rate", [week(0, 18, 19, phase="PH1"), week(0, 18, 1, phase="PH2")], None),
    ("active_rate", [week(0, 0, 0, phase="PH1"), week(0, 10, 9, phase="PH2")], 0.9),
    ("active_rate_falls_in_row", [], None),
    ("active_rate_falls_in_row", [week(0, 10, 9)], 0),
    ("active_rate_falls_in_row", [week(3, 10, 5), week(2, 10, 9), week(1, 10, 8), week(0, 10, 7)], 2),
    ("active_rate_falls_in_row", [week(2, 10, 9), week(1, 10, 8), week(0, 10, 8)], 0),
    ("active_rate_falls_in_row", [week(2, 10, 9), week(1, 10, None), week(0, 10, 8)], 1),
    ("active_rate_falls_in_row", [week(1, 10, 9), week(0, 10, None)], None),
    ("weeks_measured", [], 0),
    ("weeks_measured", [week(0, 10, None), week(1, 10, 9)], 1),
    ("weeks_measured", [week(0, 10, None)], None),
    ("weeks_measured", [Measurement(week=MONDAY + timedelta(days=day), users=10, active=9) for day in range(-8, 3)], 3),
    ("shadow_tool_share", [], None),
    ("shadow_tool_share", [week(0, 10, 9), week(1, 10, 9, 2)], 0.2),
    ("shadow_tool_share", [week(0, 10, 9)], None),
    ("shadow_tool_share", [week(0, 10, 9, 11), week(1, 10, 9, 2)], None),
    ("comfort_mean", [Pulse(on=TODAY, mark=mark) for mark in (1, 2, 3, 4)], None),
    ("comfort_mean", [Pulse(on=TODAY, mark=mark) for mark in (1, 2, 3, 4, 5)], 3.0),
    ("comfort_mean", [*(Pulse(on=ago(30), mark=4) for _ in range(5)), Pulse(on=ago(31), mark=1), Pulse(on=TODAY)], 4.0),
    ("workarounds_open_late", [], 0),
    ("workarounds_open_late", [LATE, Workaround(title="New", found_on=ago(14))], 1),
    ("workarounds_open_late", [LATE.with_value("closed_on", TODAY)], 0),
    ("workarounds_open_late", [LATE.with_value("change", "CR1"), ChangeRequest(number=1, planned_on=ago(-9))], 0),
    ("workarounds_open_late", [LATE.with_value("change", "CR1"), ChangeRequest(number=1)], 1),
    ("workarounds_open_late", [LATE.with_value("change", "CR1"), ChangeRequest(number=1, planned_on=TODAY, declined=True)], 1),
    ("workarounds_open_late", [Workaround(title="Undated")], None),
    ("support_months_covered", [], None),
    ("support_months_covered", [Support(months=12)], 12),
    ("basic_support_only_year1", [Support(months=12)], None),
    ("basic_support_only_year1", [Support(basic_only=False)], False),
    ("median_fix_hours", [], None),
    ("median_fix_hours", [Incident(reported_at=at(16, 9), fixed_at=at(16, 11)),
                          Incident(reported_at=at(16, 16), fixed_at=at(17, 12))], 3.0),
    ("median_fix_hours", [Incident(reported_at=at(10, 9)), Incident(reported_at=at(16, 9), fixed_at=at(16, 11))], 25.0),
    ("median_fix_hours", [Incident(reported_at=at(17, 9)), Incident(reported_at=at(16, 9), fixed_at=at(16, 11))], 2.0),
    ("median_fix_hours", [Incident(reported_at=at(17, 9))], None),
    ("median_fix_hours", [Incident(reported_at=at(17, 9), fixed_at=datetime(9990, 3, 4, 7, tzinfo=UTC))], None),  # a plan
    ("median_fix_hours", [Incident(reported_at=at(10, 9), fixed_at=at(19, 9))], 48.0),
    ("median_fix_hours", [Incident(reported_at=datetime(2026, 2, 2, 9, tzinfo=UTC),  # a calm month since then
                                   fixed_at=datetime(2026, 2, 2, 13, tzinfo=UTC))], 4.0),
    ("test_data_left", [], 0),
    ("test_data_left", [Copied(delete_by=ago(1)), Copied(delete_by=TODAY), Copied(delete_by=ago(9), deleted_on=ago(2))], 1),
    ("test_data_left", [Copied(title="Copy")], None),
    ("change_requests_closed", [PHASE], 0),
    ("change_requests_closed", [ChangeRequest(delivered_on=TODAY)], 0),
    ("change_requests_closed", [PHASE, ChangeRequest(delivered_on=TODAY), ChangeRequest(delivered_on=date(2026, 2, 1)),
                                ChangeRequest(delivered_on=ago(-1)), ChangeRequest()], 1),
]


@pytest.mark.parametrize(("name", "rows", "value"), CASES, ids=lambda value: value if isinstance(value, str) else "")
def test_value(name: str, rows: list[Record], value: Value) -> None:
    found = figure(name, *rows)
    assert found.value == (value if not isinstance(value, float) else pytest.approx(value))
    assert type(found.value) is type(value)
    assert found.value is not None or found.gap is not None


def test_a_gate_of_one_phase_leaves_the_others_out() -> None:
    rows = [PHASE.with_value("go_live", date(2026, 1, 5)), Phase(number=2, title="Second", users=4, go_live=LIVE),
            lesson(phase="PH1"), lesson(phase="PH2"), lesson(), week(9, 10, 1), week(2, 10, 8), week(1, 10, 6, phase="PH1"),
            week(0, 10, 9, phase="PH2")]
    assert figure("training_events", *rows).value == 3 and figure("training_events", *rows, phase="PH2").value == 2
    assert figure("weeks_measured", *rows).value == 4 and figure("weeks_measured", *rows, phase="PH2").value == 2
    assert figure("active_rate_falls_in_row", *rows, phase="PH1").value == 1
    assert figure("qa_sessions_held", *rows, lesson("t-qa-session", phase="PH1"), phase="PH2").value == 0


@pytest.mark.parametrize(("hours", "value"), [(10, 8.0), (0, 0.0), (-5, 3.0)], ids=str)
def test_working_hours_are_those_of_the_place(hours: int, value: float) -> None:
    night = Incident(reported_at=datetime(2026, 3, 9, 23, tzinfo=UTC), fixed_at=datetime(2026, 3, 10, 7, tzinfo=UTC))
    day = Incident(reported_at=datetime(2026, 3, 9, 14, tzinfo=UTC), fixed_at=datetime(2026, 3, 9, 17, tzinfo=UTC))
    found = figure("median_fix_hours", night if hours >= 0 else day, zone=timezone(timedelta(hours=hours)))
    assert found.value == value


@pytest.mark.parametrize(("name", "rows", "records", "gap"), [
    ("training_events", [], (), Gap(kind=TrainingEvent)),
    ("training_practice_events", [lesson("t-group-session")], (), Gap(given=(("element", "t-practice"),), kind=TrainingEvent)),
    ("training_practice_events", [lesson("")], ("TE1",), Gap("TE1", "element")),
    ("qa_sessions_planned", [PHASE.with_value("go_live", None), lesson("t-qa-session")], ("TE2",), Gap("PH1", "go_live")),
    ("qa_sessions_planned", [PHASE, lesson("t-qa-session", None)], ("TE2",), Gap("TE2", "on")),
    ("training_by_company", [lesson()], (), Gap(given=(("led_by", "company"),), kind=TrainingEvent)),
    ("trained_user_share", [PHASE, lesson(attended=ALL)], ("TE2",), Gap("TE2", "passed")),
    ("trained_user_share", [PHASE.with_value("users", None)], ("PH1",), Gap("PH1", "users")),
    ("adaptation_hours_per_user_week", [], (), Gap(kind=Support, field="learning_hours")),
    ("active_rate", [week(1, 10, 9), week(0, 10, None)], ("W2",), Gap("W2", "active")),
    ("active_rate", [week(0, 10, 2)], ("W1",), Gap(given=(("element", "t-practice"),), kind=TrainingEvent)),
    ("active_rate", [week(0, 10, 9, phase="PH1"), week(0, 9, 10)], ("W1", "W2"), Gap("W2", "active")),
    ("active_rate", [week(0, 10, 9)], ("W1",), None),
    ("active_rate_falls_in_row", [week(1, 10, 9), week(0, 10, 8)], ("W2",),
     Gap(given=(("element", "t-practice"),), kind=TrainingEvent)),
    ("shadow_tool_share", [week(0, 10, 9)], ("W1",), Gap("W1", "own_lists")),
    ("shadow_tool_share", [week(0, 10, 9, 2)], ("W1",), Gap(given=(("kind", "w-own-sheet"),), kind=Workaround)),
    ("shadow_tool_share", [week(0, 10, 9, 12)], ("W1",), Gap("W1", "own_lists")),
    ("comfort_mean", [Pulse(on=TODAY, mark=4)], (), Gap(kind=Pulse)),
    ("comfort_mean", [Pulse(on=TODAY, mark=1) for _ in range(5)], (), Gap(kind=Workaround)),
    ("workarounds_open_late", [LATE], ("WA1",), Gap("WA1", "change")),
    ("workarounds_open_late", [Workaround(title="Undated")], ("WA1",), Gap("WA1", "found_on")),
    ("median_fix_hours", [Incident(reported_at=at(10, 9))], ("IN1",), Gap("IN1", "fixed_at")),
    ("median_fix_hours", [Incident(reported_at=at(11, 9)), Incident(reported_at=at(10, 9))], ("IN1", "IN2"),
     Gap("IN2", "fixed_at")),  # it waits longest
    ("median_fix_hours", [Incident(reported_at=at(10, 9), fixed_at=at(12, 9))], ("IN1",), Gap(kind=ChangeRequest)),
    ("median_fix_hours", [Incident(reported_at=at(10, 9), fixed_at=at(10, 12))], (), None),
    ("test_data_left", [Copied(delete_by=ago(1))], ("TD1",), Gap("TD1", "deleted_on")),
    ("change_requests_closed", [PHASE, ChangeRequest(title="A list")], (), Gap("CR2", "delivered_on")),
], ids=lambda value: value if isinstance(value, str) else "")
def test_records_and_what_to_open(name: str, rows: list[Record], records: tuple[str, ...], gap: Gap | None) -> None:
    found = figure(name, *rows)
    assert (found.records, found.gap) == (records, gap)
