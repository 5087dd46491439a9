"""Facts of chapter 2, Team: how large the task is, the offices and their lines, the departments, the working group, and who
waits for an answer. Roles have a module of their own."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from operator import itemgetter
from typing import TypeVar

from crm_workbook.analysis.facts import fact
from crm_workbook.analysis.facts.parts import (
    MOST,
    NEVER,
    count,
    counted,
    entry,
    group,
    lacking,
    past,
    pointed,
    sent,
    share,
    wanted,
    written,
)
from crm_workbook.analysis.facts.view import Figure, View
from crm_workbook.analysis.finders import Gap, unfilled
from crm_workbook.records import Record
from crm_workbook.records.goals import Project
from crm_workbook.records.minutes import Handout, Workshop
from crm_workbook.records.requirements import Interview, SurveyAnswer
from crm_workbook.records.team import Department, Interest, Office, OpenDecision, Person, Question, Scale

Q = TypeVar("Q", Question, OpenDecision)
_RECENT = 30  # answers of so many days are looked at


# ---- how large the task is ----

@fact
def users_total(view: View) -> Figure:
    """Future users as written down; without that the users of all departments, when each of them was counted."""
    figure = written(view.only(Scale), "users_total")
    rows = view.rows(Department)
    if figure.value is None and rows and all(row.users is not None for row in rows):
        return Figure(sum(row.users or 0 for row in rows), tuple(row.code for row in rows if row.users)[:MOST])
    return figure


@fact
def concurrent_users(view: View) -> Figure:
    """People at work at the same time, as written down."""
    return written(view.only(Scale), "users_at_once")


@fact
def mobile_users(view: View) -> Figure:
    """Users on a phone, as written down."""
    return written(view.only(Scale), "users_mobile")


@fact
def concurrent_calls(view: View) -> Figure:
    """Calls at once in the slowest office as written down for the whole task, otherwise with that office."""
    figure, office = written(view.only(Scale), "calls_at_once"), _slowest(view, "down_mbps")
    return written(office, "calls") if figure.value is None and office and office.calls is not None else figure


@fact
def expected_db_gb(view: View) -> Figure:
    """Data after three years, as written down (GB)."""
    return written(view.only(Scale), "data_gb")


@fact
def planned_mailing_per_day(view: View) -> Figure:
    """Letters on the largest mailing day, as written down."""
    return written(view.only(Scale), "letters_per_day")


# ---- offices ----

def _planned(view: View, office: Office) -> bool:
    """Is the measurement still to come?"""
    return office.measured_on is not None and office.measured_on > view.today


def _slowest(view: View, name: str) -> Office | None:
    """The office where this was measured lowest; of several the one with the most users. None when it was measured nowhere."""
    index = Office.declared.fields[name].index
    rows = [row for row in view.rows(Office) if row[index] is not None and not _planned(view, row)]
    return min(rows, key=lambda row: (row[index], -(row.users or 0)), default=None)


def _lowest(view: View, name: str) -> Figure:
    office = _slowest(view, name)
    if office is None:
        rows = view.rows(Office)
        return Figure(None, tuple(row.code for row in rows)[:MOST], Gap(rows[0].code, name) if rows else Gap(kind=Office))
    return Figure(office[Office.declared.fields[name].index], (office.code,))


@fact
def office_down_mbps_min(view: View) -> Figure:
    """The lowest measured download of all offices (Mbit/s)."""
    return _lowest(view, "down_mbps")


@fact
def office_up_kbps_min(view: View) -> Figure:
    """The lowest measured upload of all offices (kbit/s)."""
    return _lowest(view, "up_kbps")


@fact
def users_largest_office_div_10(view: View) -> Figure:
    """Users of the office with the lowest download, divided by ten: vendors state what ten users need."""
    office = _slowest(view, "down_mbps")
    if office is None:
        return _lowest(view, "down_mbps")
    return Figure(None if office.users is None else office.users / 10, (office.code,), unfilled(office, "users"))


@fact
def offices_unmeasured(view: View) -> Figure:
    """Offices where download, upload or ping is not written down, or still to be measured. Not known without any office."""
    def measured(row: Office) -> bool | None:
        missing = unfilled(row, "down_mbps", "up_kbps", "ping_ms") is not None or _planned(view, row)
        return None if missing and not row.name else missing
    figure = pointed(view, count(view, Office, measured, field="measured_on"), "name", "down_mbps", "up_kbps", "ping_ms")
    return figure if view.rows(Office) else Figure(None, (), Gap(kind=Office))


@fact
def offices_without_second_line(view: View) -> Figure:
    """Offices with one line and no mobile backup. Not known without any office."""
    figure = count(view, Office, lambda row: None if row.second_line is None else not row.second_line, field="second_line")
    return figure if view.rows(Office) else Figure(None, (), Gap(kind=Office))


# ---- departments and the working group ----

@fact
def departments_with_users(view: View) -> Figure:
    """Departments in which at least one person will use the CRM."""
    figure = count(view, Department, lambda row: None if row.users is None else row.users > 0, field="users")
    return wanted(figure, Gap(kind=Department))


@fact
def departments_not_informed(view: View) -> Figure:
    """Departments with users that were not told why the CRM comes (no day, or one in the future)."""
    return lacking(view, lambda row: past(view, row.announced), lambda row: Gap(row.code, "announced"))


@fact
def departments_without_usage_statement(view: View) -> Figure:
    """Departments with users that have not written who will use the CRM, and how."""
    return lacking(view, lambda row: bool(row.usage), lambda row: Gap(row.code, "usage"))


@fact
def departments_not_in_group(view: View) -> Figure:
    """Departments with users of which nobody is a member of the working group."""
    return sent(view, group(view), "in_group")


@fact
def group_it_share(view: View) -> Figure:
    """Members of the working group who work in IT / all members."""
    found = tuple(row.code for row in group(view) if row.from_it)
    enough = bool(group(view)) and len(found) <= view.param("p_group_it_max") * len(group(view))
    return share(len(found), len(group(view)), found[:MOST],
                 None if enough else Gap(given=(("in_group", True),), kind=Person))


@fact
def group_end_user_share(view: View) -> Figure:
    """Members of the working group who are future everyday users / all members; the records are the other members."""
    others = tuple(row.code for row in group(view) if not row.everyday_user)
    users, all_ = len(group(view)) - len(others), len(group(view))
    enough = all_ and users >= view.param("p_group_users_min") * all_
    return share(users, all_, others[:MOST],
                 None if enough else Gap(given=(("in_group", True), ("everyday_user", True)), kind=Person))


@fact
def interest_conflicts_open(view: View) -> Figure:
    """People who decide without having declared their interests, and declared interests that are not settled. Not known while
    nobody is marked as deciding, or a declaration is only begun."""
    said, begun, nobody, unsettled = set[str](), dict[str, Gap](), list[Gap](), list[str]()
    for row in view.rows(Interest):
        if not row.person:
            nobody.append(Gap(row.code, "person"))
        elif row.has_interest is None or (row.on and not past(view, row.on)):
            begun[row.person] = Gap(row.code, "has_interest")
        else:
            said.add(row.person)
        if row.has_interest and not row.settled:
            unsettled.append(row.code)
    deciders = [row.code for row in view.rows(Person) if row.decider]
    silent = [code for code in deciders if code not in said]
    missing = [code for code in silent if code not in begun]
    if unsettled or len(missing) > len(nobody):
        gap = Gap(unsettled[0], "settled") if unsettled else Gap(given=(("person", missing[0]),), kind=Interest)
        return Figure(len(unsettled) + len(missing), tuple([*unsettled, *missing][:MOST]), gap)
    if silent:
        return Figure(None, tuple(silent[:MOST]), nobody[0] if missing else begun[silent[0]])
    return Figure(0) if deciders else Figure(None, (), Gap(given=(("decider", True),), kind=Person))


# ---- how early users were asked ----

@fact
def first_involvement_day(view: View) -> Figure:
    """Days from the project start to the first survey answer, interview, asked department or meeting with an everyday user;
    `NEVER` while there was none. Not known without a start, or while such records have no day.

    Where that came after the vendor was chosen, nothing mends it; people can be heard now.
    """
    project = view.only(Project)
    if project.start is None:
        return Figure(None, (), entry(project, "start"))
    users = {row.code for row in view.rows(Person) if row.everyday_user}
    meetings = [row for row in view.rows(Workshop) if not users.isdisjoint(row.attended)]
    tables: tuple[tuple[Sequence[Record], type[Record], str], ...] = (
        (view.rows(SurveyAnswer), SurveyAnswer, "on"), (view.rows(Interview), Interview, "on"),
        (view.rows(Department), Department, "needs_asked"), (meetings, Workshop, "on"))
    found, undated = list[tuple[date, str]](), list[Gap]()
    for rows, kind, name in tables:
        index = kind.declared.fields[name].index
        dated = [row for row in rows if row[index] is not None]
        first = min((row for row in dated if row[index] <= view.today), key=itemgetter(index), default=None)
        if first:
            found.append((first[index], first.code))
        elif len(dated) < len(rows) and kind is not Department:
            undated.append(Gap(next(row.code for row in rows if row[index] is None), name))
    if found:
        day, code = min(found)
        days, decided = (day - project.start).days, view.value("vendor_decision_day")
        return Figure(days, (code,), Gap(kind=Interview) if decided is not None and days > decided else None)
    return Figure(None, (undated[0].code or "",), undated[0]) if undated else Figure(NEVER, (), Gap(kind=Interview))


# ---- questions and decisions ----

_CLOSED_BY = {Question: ("answer", "answered_on"), OpenDecision: ("decision", "decided_on")}


def is_open(row: Question | OpenDecision, today: date | None = None) -> bool:
    """Does this question still wait for its answer, this decision for being made? It is closed by a day or by a text; a day
    after `today` is a plan and closes nothing yet."""
    text, day = map(row.get, _CLOSED_BY[type(row)])
    assert day is None or isinstance(day, date)
    return not text if day is None else today is not None and day > today


def _oldest(view: View, kind: type[Q], since: str) -> Figure:
    """Working days since the oldest open record (`is_open`); 0 while none is open. Not known while the open ones have no name
    or no day."""
    label, index, text = kind.declared.label[0], kind.declared.fields[since].index, _CLOSED_BY[kind][0]
    open_ = [row for row in view.rows(kind) if is_open(row, view.today) and not (row[index] and row[index] > view.today)]
    dated = [row for row in open_ if row[index] is not None and row.get(label)]
    if dated:
        dated.sort(key=lambda row: (row[index], row.number))
        return Figure(float(view.calendar.days(dated[0][index], view.today)), tuple(row.code for row in dated[:MOST]),
                      Gap(dated[0].code, text))
    if open_:
        return Figure(None, tuple(row.code for row in open_[:MOST]), unfilled(open_[0], label, since))
    return Figure(0.0)


@fact
def oldest_open_question_days(view: View) -> Figure:
    """Working days since the oldest question of either side that has no answer; 0 while all are answered."""
    return _oldest(view, Question, "asked_on")


@fact
def oldest_open_decision_days(view: View) -> Figure:
    """Working days since the oldest open decision was raised; 0 while none is open."""
    return _oldest(view, OpenDecision, "raised_on")


@fact
def late_answer_share(view: View) -> Figure:
    """Of the answers of the last 30 days whose two days are known, those that took more than p_answer_days working days."""
    limit, dated, late = view.param("p_answer_days"), 0, list[str]()
    for row in view.rows(Question):
        if row.asked_on and row.answered_on and 0 <= (view.today - row.answered_on).days <= _RECENT:
            dated += 1
            if view.calendar.days(row.asked_on, row.answered_on) > limit:
                late.append(row.code)
    if not dated:
        open_ = counted(view.rows(Question), lambda row: None if row.answered_on is None else False, field="answered_on")
        return Figure(None, open_.records[:MOST], open_.gap or Gap(kind=Question))
    return share(len(late), dated, tuple(late[:MOST]), Gap(late[0], "answered_on") if late else None)


# ---- the workbook itself ----

@fact
def days_since_activity(view: View) -> Figure:
    """Days since anything was last written into the workbook."""
    if view.changed is None:
        return Figure(None, (), Gap(kind=Project))
    days = max((view.today - view.changed).days, 0)  # the journal's day is UTC, today is the day here
    return Figure(days, (), Gap(kind=Workshop) if days > view.param("p_stall_days") else None)


@fact
def days_since_export(view: View) -> Figure:
    """Days since the last export or backup."""
    rows = [row for row in view.rows(Handout) if past(view, row.on)]
    if not rows:
        return Figure(None, (), Gap(kind=Handout))
    last = max(rows, key=lambda row: (row.on or view.today, row.number))
    return Figure((view.today - (last.on or view.today)).days, (last.code,), Gap(kind=Handout))
