"""Facts of the chapter Adoption: training, use, what hinders people, and support.

Asked about one phase (its own gates), training and weekly figures count when they name this phase or none.
"""
from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from operator import itemgetter
from typing import NamedTuple

from crm_workbook.analysis.facts import fact
from crm_workbook.analysis.facts.parts import MOST, codes, count, counted, named, past, phase, share, written
from crm_workbook.analysis.facts.view import Figure, View, shared
from crm_workbook.analysis.finders import Gap
from crm_workbook.records.adoption import (
    ChangeRequest,
    ControlMeasure,
    Incident,
    Measurement,
    Pulse,
    Support,
    TestData,
    TrainingEvent,
    Workaround,
)
from crm_workbook.records.phases import Phase
from crm_workbook.records.team import Person

PRACTICE = frozenset({"practice", "clinic", "qa"})
"""Kinds of training in which people work with their own hands or ask."""
QA_DAYS = (5, 21)
"""First and last day after the go-live on which a question meeting helps most."""
RECENT = 30
"""Days that "lately" goes back: pulse and incidents."""
_PRACTICE = (("element", "t-practice"),)  # what is most often wanted


# ---- training ----

@fact
def training_events(view: View) -> Figure:
    """Training planned or held. One without title and kind is only begun."""
    return _plain(counted(_events(view), lambda event: bool(event.title or event.element) or None, field="title"))


@fact
def training_practice_events(view: View) -> Figure:
    """Training of a kind in which people practise or ask: practice, help hour, question meeting."""
    return _plain(counted(_events(view), lambda event: _is(view, event, PRACTICE), field="element"),
                  *_PRACTICE)


@fact
def training_by_vendor(view: View) -> Figure:
    """Is there training led by the vendor, planned or held?"""
    return _led_by(view, "vendor")


@fact
def training_by_company(view: View) -> Figure:
    """Is there training led by our own people, planned or held?"""
    return _led_by(view, "company")


@fact
def trained_user_share(view: View) -> Figure:
    """People of ours who came to training of the phase and did the practice tasks there / users of the phase.

    Not known while the users of the phase are not written down, or nobody noted who came or who did the tasks.
    """
    now = phase(view)
    if now is None:
        return Figure(None, (), Gap(kind=Phase))
    events = [event for event in _events_of(view, now) if past(view, event.on)]
    if not now.users:
        return Figure(None, (now.code,), Gap(now.code, "users"))
    more = Gap(given=(*_PRACTICE, ("phase", now.code)), kind=TrainingEvent)
    if not events:
        return Figure(0.0, (now.code,), more)
    came = {person for event in events for person in event.attended}
    did = {person for event in events for person in event.passed}
    for field, people in (("attended", came), ("passed", did)):
        if not people:
            return Figure(None, codes(events), Gap(events[0].code, field))
    trained = sum(_ours(view, person) for person in came & did)
    missing = next((Gap(event.code, "passed") for event in events if len(event.passed) < len(event.attended)), more)
    return share(min(trained, now.users), now.users, codes(events), missing if trained < now.users else None)


@fact
def qa_sessions_planned(view: View) -> Figure:
    """Question meetings with a day between `QA_DAYS` after the go-live of the phase."""
    now = phase(view)
    live = now.go_live if now else None

    def planned(event: TrainingEvent) -> bool | None:
        of_kind = _is(view, event, frozenset({"qa"}))
        if of_kind is False or event.on is None or live is None:
            return of_kind and None
        return QA_DAYS[0] <= (event.on - live).days <= QA_DAYS[1] and of_kind

    figure = _plain(counted(_events_of(view, now), planned, field="on"), ("element", "t-qa-session"))
    if figure.value is not None:
        return figure
    begun = next((event.code for event in _events_of(view, now) if not event.element), "")
    gap = Gap(begun, "element") if begun else figure.gap if live else Gap(now.code, "go_live") if now else Gap(kind=Phase)
    return Figure(None, figure.records, gap)


@fact
def qa_sessions_held(view: View) -> Figure:
    """Question meetings of the phase that were held."""
    def held(event: TrainingEvent) -> bool | None:
        done = event.held and (event.on is None or past(view, event.on))
        return done and _is(view, event, frozenset({"qa"}))

    return _plain(counted(_events_of(view, phase(view)), held, field="element"), ("element", "t-qa-session"))


@fact
def adaptation_hours_per_user_week(view: View) -> Figure:
    """Hours a week kept free for each user to learn in the first weeks, as agreed."""
    return written(view.only(Support), "learning_hours")


@fact
def control_measures(view: View) -> Figure:
    """Checks and penalties that are in force; one without a day counts."""
    figure = named(view, ControlMeasure, test=lambda row: row.on is None or past(view, row.on))
    return Figure(figure.value, figure.records, figure.gap if figure.value is None else None)


# ---- use ----

class Week(NamedTuple):
    """The figures of one week, of all phases together. None: somebody did not write it down. `rate`: active users / users;
    `lack`: what to open while that is not known."""

    codes: tuple[str, ...]
    users: int | None
    own_lists: int | None
    rate: float | None
    lack: Gap | None


@shared
def weeks(view: View) -> tuple[Week, ...]:
    """The weekly figures up to today, oldest first; several records of one week are added up. A record that is only begun (it
    has neither users nor active users) is left out as long as there are others.

    Asked about one phase: those that name it, and those that name none, from the week of its go-live on.
    """
    begun = None
    if view.phase_code and (now := phase(view)) is not None and now.go_live is not None:
        begun = _monday(now.go_live)
    rows = [(row.week, row) for row in view.rows(Measurement) if row.week is not None and past(view, row.week)
            and (row.phase == view.phase_code or not view.phase_code
                 or (not row.phase and (begun is None or row.week >= begun)))]
    found: dict[date, list[Measurement]] = {}
    for day, row in [pair for pair in rows if (pair[1].users, pair[1].active) != (None, None)] or rows:
        found.setdefault(_monday(day), []).append(row)
    return tuple(_week(of_week) for _, of_week in sorted(found.items()))


def _monday(day: date) -> date:
    """The first day of its week; the calendar begins with a Monday."""
    return day - timedelta(days=day.weekday())


def _week(rows: list[Measurement]) -> Week:
    """The figures of one week. Its rate is not known while a record lacks a number, or says that more people worked with it
    than there are users."""
    gaps = [Gap(row.code, "users" if row.users is None else "active") for row in rows
            if row.users is None or row.active is None or row.active > row.users]
    users, active = _sum(row.users for row in rows), _sum(row.active for row in rows)
    if not gaps and not users:
        gaps.append(Gap(rows[0].code, "users"))
    rate = None if gaps or not users or active is None else active / users
    return Week(tuple(row.code for row in rows), users, _sum(row.own_lists for row in rows), rate, gaps[0] if gaps else None)


@fact
def active_rate(view: View) -> Figure:
    """Who entered or changed something / users of the live phases, in the last week written down. What helps against a low one
    is practice."""
    if not (found := weeks(view)):
        return _no_week(view)
    last = found[-1]
    if last.rate is None:
        return Figure(None, last.codes, last.lack)
    low = last.rate < view.param("p_active_rate_gate")
    return Figure(last.rate, last.codes[:MOST], Gap(given=_PRACTICE, kind=TrainingEvent) if low else None)


@fact
def active_rate_falls_in_row(view: View) -> Figure:
    """How many times in a row, up to the last week, the active rate fell from one measured week to the next."""
    if not (found := weeks(view)):
        return _no_week(view)
    if found[-1].rate is None:
        return Figure(None, found[-1].codes, found[-1].lack)
    rates = [(week.rate, week.codes) for week in found if week.rate is not None]
    falls = 0
    while falls < len(rates) - 1 and rates[-1 - falls][0] < rates[-2 - falls][0]:
        falls += 1
    fallen = tuple(code for _, of_week in rates[len(rates) - falls:] for code in of_week)
    return Figure(falls, fallen[-MOST:], Gap(given=_PRACTICE, kind=TrainingEvent) if falls else None)


@fact
def weeks_measured(view: View) -> Figure:
    """Weeks with both users and active users. Not known while all that were begun lack one of them."""
    found = weeks(view)
    full = [week.codes for week in found if week.rate is not None]
    if full or not view.rows(Measurement):
        return Figure(len(full), tuple(code for week in full for code in week)[-MOST:], Gap(kind=Measurement))
    return Figure(None, found[-1].codes, found[-1].lack) if found else _no_week(view)


@fact
def shadow_tool_share(view: View) -> Figure:
    """People who keep own lists / users of the live phases, in the last week for which it was asked. What helps against them is
    to write down what people lack. Not known where more people keep lists than there are users."""
    last = next((week for week in reversed(weeks(view)) if week.own_lists is not None and week.users), None)
    if last is None:
        newest = weeks(view)[-1:]
        return Figure(None, newest[0].codes, Gap(newest[0].codes[0], "own_lists")) if newest else _no_week(view)
    part = (last.own_lists or 0) / (last.users or 1)
    if part > 1:
        return Figure(None, last.codes[:MOST], Gap(last.codes[0], "own_lists"))
    many = part > view.param("p_shadow_tool_share")
    return Figure(part, last.codes[:MOST], Gap(given=(("kind", "w-own-sheet"),), kind=Workaround) if many else None)


@fact
def comfort_mean(view: View) -> Figure:
    """Mean mark of the pulse in the last 30 days; not shown before `p_anonymity_min_group` people have answered.

    To mend a low one, write down what people find awkward.
    """
    marks = [row.mark for row in view.rows(Pulse)
             if row.mark is not None and row.on is not None and 0 <= (view.today - row.on).days <= RECENT]
    if len(marks) < max(1, view.param("p_anonymity_min_group")):
        return Figure(None, (), Gap(kind=Pulse))
    mean = sum(marks) / len(marks)  # no records: nobody should look for who gave which mark
    return Figure(mean, (), Gap(kind=Workaround) if mean < view.param("p_comfort_min") else None)


# ---- what hinders, and who repairs it ----

@fact
def workarounds_open_late(view: View) -> Figure:
    """Workarounds still needed, noticed more than `p_workaround_days` ago, without a change request that has a day."""
    def late(row: Workaround) -> bool | None:
        if past(view, row.closed_on):
            return False
        change = view.find(ChangeRequest, row.change) if row.change else None
        if change is not None and change.planned_on is not None and not change.declined:
            return False
        return (view.today - row.found_on).days > view.param("p_workaround_days") if row.found_on else None

    figure = count(view, Workaround, late, field="change")
    return Figure(None, figure.records, Gap(figure.records[0], "found_on")) if figure.value is None else figure


@fact
def support_months_covered(view: View) -> Figure:
    """Months of support after the start, as agreed."""
    return written(view.only(Support), "months")


@fact
def basic_support_only_year1(view: View) -> Figure:
    """Is there only cut-down support in the first year?"""
    return written(view.only(Support), "basic_only")


@fact
def median_fix_hours(view: View) -> Figure:
    """Median of the working hours (where the View is) from report to repair, incidents reported in the last 30 days; after a
    calm month those of the last 30 days in which there were any.

    One that still waits counts with the hours up to this morning once these are more than `p_fix_hours`: it can only raise
    the median. To be repaired on a later day is to wait. Not known while nothing was repaired or late. What helps is to repair
    the one that waits longest; where none waits, a change that removes the cause.
    """
    limit, morning = view.param("p_fix_hours"), datetime.combine(view.today, time(), view.zone)
    hours, slow, waiting = list[float](), list[Incident](), list[tuple[datetime, Incident]]()
    reported = [(at, row) for row in view.rows(Incident) if (at := _here(view, row.reported_at)) and past(view, at.date())]
    last = max((at.date() for at, _row in reported), default=view.today)
    until = view.today if (view.today - last).days <= RECENT else last
    for at, row in reported:
        if (until - at.date()).days > RECENT:
            continue
        repaired = _here(view, row.fixed_at)
        if repaired is None or not past(view, repaired.date()):
            repaired = None
            waiting.append((at, row))
        lasted = view.calendar.hours(at, repaired or morning)
        if lasted > limit:
            slow.append(row)
        if lasted > limit or (repaired is not None and repaired >= at):
            hours.append(lasted)
    gap = Gap(min(waiting, key=itemgetter(0))[1].code, "fixed_at") if waiting else None
    if not hours:
        return Figure(None, codes(row for _at, row in waiting), gap or Gap(kind=Incident))
    median = _median(hours)
    return Figure(median, codes(slow), gap or (Gap(kind=ChangeRequest) if median > limit else None))


def _here(view: View, at: datetime | None) -> datetime | None:
    """A moment as the clock shows it where the working day is."""
    try:
        return None if at is None else at.astimezone(view.zone)
    except OverflowError:  # at the ends of the calendar
        return at


@fact
def test_data_left(view: View) -> Figure:
    """Test data whose day of deletion has passed."""
    def left(row: TestData) -> bool | None:
        if past(view, row.deleted_on):
            return False
        return row.delete_by < view.today if row.delete_by else None

    figure = count(view, TestData, left, field="deleted_on")
    return Figure(None, figure.records, Gap(figure.records[0], "delete_by")) if figure.value is None else figure


@fact
def change_requests_closed(view: View) -> Figure:
    """Change requests delivered since the first phase went into use; none before."""
    begun = min((row.go_live for row in view.rows(Phase) if row.go_live and past(view, row.go_live)), default=None)
    done = [row for row in view.rows(ChangeRequest)
            if begun is not None and row.delivered_on is not None and begun <= row.delivered_on <= view.today]
    waiting = next((row.code for row in view.rows(ChangeRequest) if row.delivered_on is None and not row.declined), None)
    gap = Gap(waiting, "delivered_on") if waiting else Gap(kind=ChangeRequest)
    return Figure(len(done), codes(done), None if done else gap)


# ---- helpers ----

def _events(view: View) -> list[TrainingEvent]:
    """All training, or that of the phase asked about."""
    return [event for event in view.rows(TrainingEvent) if not view.phase_code or event.phase in ("", view.phase_code)]


def _events_of(view: View, now: Phase | None) -> list[TrainingEvent]:
    """The training of the phase, and that of no phase in particular."""
    return [event for event in view.rows(TrainingEvent) if not event.phase or (now is not None and event.phase == now.code)]


def _is(view: View, event: TrainingEvent, kinds: frozenset[str]) -> bool | None:
    """Is the training of one of these kinds? None while it does not say; a kind that nobody knows is none of them."""
    element = view.catalogue.training_elements.get(event.element)
    return None if not event.element else element is not None and element.kind in kinds


def _led_by(view: View, side: str) -> Figure:
    """Whether there is training led by this side. Not known while one that does not say could be it."""
    figure = counted(_events(view), lambda event: event.led_by == side if event.led_by else None, field="led_by")
    value = None if figure.value is None else bool(figure.value)
    gap = figure.gap if value is None else None if value else Gap(given=(("led_by", side),), kind=TrainingEvent)
    return Figure(value, figure.records, gap)


def _plain(figure: Figure, *given: tuple[str, str]) -> Figure:
    """A count of training: nothing to mend once there is some; otherwise a new one is wanted."""
    gap = figure.gap if figure.value is None else None if figure.value else Gap(given=given, kind=TrainingEvent)
    return Figure(figure.value, figure.records, gap)


def _ours(view: View, code: str) -> bool:
    """Is this one of our own people?"""
    person = view.find(Person, code)
    return person is not None and person.side in ("", "client")


def _median(values: list[float]) -> float:
    """The middle of the values in their order; of an even number the mean of the two middle ones."""
    values = sorted(values)
    half = len(values) // 2
    return (values[half] + values[-1 - half]) / 2


def _sum(values: Iterable[int | None]) -> int | None:
    """The sum, or None when one of them is not known."""
    total = 0
    for value in values:
        if value is None:
            return None
        total += value
    return total


def _no_week(view: View) -> Figure:
    """No week that could be counted: one without its Monday is to be finished, otherwise a new one is wanted."""
    undated = next((row.code for row in view.rows(Measurement) if row.week is None), None)
    return Figure(None, (undated,) if undated else (), Gap(undated, "week") if undated else Gap(kind=Measurement))
