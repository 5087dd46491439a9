"""Chapter 7, Adoption: do people learn it, use it, and does somebody repair what hinders them?"""
from __future__ import annotations

from datetime import date, datetime

from crm_workbook.records.declare import (
    Record,
    choice,
    day,
    integer,
    known,
    line,
    link,
    links,
    moment,
    number,
    text,
    tick,
    yes_no,
)
from crm_workbook.records.phases import SEVERITIES


class TrainingEvent(Record, prefix="TE", table="training_event", chapter="adoption", title="Training", one="training event",
                    about="Every lesson, practice hour and question meeting, planned or held.",
                    columns=("title", "element", "on", "led_by", "held")):
    title: str = line("Title", needed=True)
    element: str = known("Kind", of="training_element", needed=True)
    phase: str = link("Phase", to="phase")
    on: date | None = day("On", needed=True)
    minutes: int | None = integer("Length", unit="minutes")
    led_by: str = choice("Led by", options={"vendor": "the vendor", "company": "our company"}, needed=True)
    invited: tuple[str, ...] = links("Invited", to="person")
    attended: tuple[str, ...] = links("Came", to="person")
    passed: tuple[str, ...] = links("Did the practice tasks", to="person")
    held: bool = tick("Was held", short="Held")
    questions: str = text("Questions and answers")


class Material(Record, prefix="MT", table="material", chapter="adoption", title="Materials", one="material",
               about="Written instructions and short videos, one for each function of the phase.",
               columns=("title", "function", "kind", "where", "ready_on")):
    title: str = line("Title", needed=True)
    function: str = known("Function", of="function")
    kind: str = choice("Kind", options={"text": "text", "video": "video"}, needed=True)
    where: str = line("Where it lies", needed=True)
    ready_on: date | None = day("Ready on")


class WorkingRule(Record, prefix="WR", table="working_rule", chapter="adoption", title="Working rules", one="working rule",
                  about="Who enters what, and when. One rule for each function of the phase.",
                  columns=("function", "title")):
    title: str = text("Rule", "Who enters what, by when?", needed=True)
    function: str = known("Function", of="function", needed=True)
    agreed_on: date | None = day("Agreed on")


class Measurement(Record, prefix="W", table="measurement", chapter="adoption", title="Weekly figures", one="weekly figures",
                  about="A quarter of an hour each week: how many people really worked with it?",
                  label=("week",), columns=("week", "users", "active", "own_lists", "in_time")):
    week: date | None = day("Week, its Monday", needed=True, short="Monday")
    phase: str = link("Phase", to="phase")
    users: int | None = integer("Users of the live phases", unit="people", needed=True, short="Users")
    active: int | None = integer("Worked with it", "Entered or changed something this week. Signing in does not count.",
                                 unit="people", needed=True, short="Active")
    own_lists: int | None = integer("Keep own lists", "Who keeps clients' data beside the CRM? Ask without blame.",
                                    unit="people", short="Lists")
    in_time: float | None = number("Entered in time", "Of twenty events, the share entered within a working day.", unit="%",
                                   low=0, high=100, short="In time")
    complete: float | None = number("Important fields filled", unit="%", low=0, high=100)
    next_step: float | None = number("Open deals with a next step", unit="%", low=0, high=100)
    note: str = text("What we agreed to do")


class MetricValue(Record, prefix="MV", table="metric_value", chapter="adoption", title="Other figures", one="figure",
                  about="Any other figure that you follow over time.", label=("metric",), columns=("metric", "on", "value")):
    metric: str = known("Figure", of="metric")
    goal: str = link("CRM goal", "Filled in when it is the indicator of a goal.", to="crm_goal")
    on: date | None = day("On", needed=True)
    value: float | None = number("Value", needed=True)
    note: str = line("Note")


class Pulse(Record, prefix="PU", table="pulse", chapter="adoption", title="Pulse", one="answer",
            about="'The CRM helps me in my work': 1 not at all, 5 very much. Without names.",
            label=("on",), columns=("on", "mark", "department")):
    on: date | None = day("On", needed=True)
    mark: int | None = integer("Mark", "1 not at all, 5 very much.", low=1, high=5, needed=True)
    department: str = link("Department", "May stay empty.", to="department")


class Incident(Record, prefix="IN", table="incident", chapter="adoption", title="Incidents", one="incident",
               about="What broke, when it was reported and when it worked again.",
               columns=("title", "severity", "reported_at", "fixed_at")):
    title: str = line("What happened", needed=True)
    severity: str = choice("How bad", options=SEVERITIES)
    reported_at: datetime | None = moment("Reported at", needed=True)
    reported_by: str = link("Reported by", to="person")
    fixed_at: datetime | None = moment("Worked again at")
    note: str = text("Notes")


class Workaround(Record, prefix="WA", table="workaround", chapter="adoption", title="Workarounds", one="workaround",
                 about="Ways people find to get round something awkward. They show what to repair; nobody is to blame.",
                 columns=("title", "kind", "department", "minutes", "change", "closed_on")):
    title: str = line("What people do", needed=True)
    kind: str = known("Kind", of="workaround_kind", needed=True)
    department: str = link("Department", to="department")
    found_on: date | None = day("Noticed on", needed=True)
    minutes: int | None = integer("Time it costs", "All people together.", unit="minutes a week", needed=True,
                                   short="Minutes")
    cause: str = text("Cause", "What is missing or awkward?")
    decision: str = line("Which decision caused it", "A code such as R12 or CP3, if known.")
    change: str = link("Change request", to="change_request")
    closed_on: date | None = day("No longer needed since")


class ChangeRequest(Record, prefix="CR", table="change_request", chapter="adoption", title="Change requests",
                    one="change request", about="Changes that practice asks for, with a day.",
                    columns=("title", "asked_on", "planned_on", "delivered_on")):
    title: str = line("What should change", needed=True)
    why: str = text("Why")
    asked_on: date | None = day("Asked on", needed=True)
    asked_by: str = link("Asked by", to="person")
    planned_on: date | None = day("Planned for", needed=True, short="Planned")
    delivered_on: date | None = day("Delivered on")
    declined: bool = tick("Declined")


class ControlMeasure(Record, prefix="CM", table="control_measure", chapter="adoption", title="Control", one="measure",
                     about="Checks and penalties. They rarely help; note them all the same.", columns=("title", "on")):
    title: str = line("Measure", needed=True)
    on: date | None = day("On", needed=True)


class TestData(Record, prefix="TD", table="test_data", chapter="adoption", title="Test data", one="test data set",
               about="Copies and test entries that must be deleted in time.",
               columns=("title", "where", "delete_by", "deleted_on")):
    title: str = line("What", needed=True)
    where: str = line("Where it lies")
    delete_by: date | None = day("To be deleted by", needed=True)
    deleted_on: date | None = day("Deleted on")


class Support(Record, prefix="SU", table="support", chapter="adoption", title="Support", one="the support agreement",
              single=True):
    months: int | None = integer("Support after the start", "How long is it agreed?", unit="months", needed=True)
    basic_only: bool | None = yes_no("Only cut-down support in the first year?", needed=True)
    learning_hours: float | None = number("Time kept free for learning", "For each user in the first weeks.", unit="h/week",
                                          low=0, high=60, needed=True)
    contact: str = link("Who talks to the support", to="person")
    note: str = text("Notes")
