"""Facts of the chapter Adoption: training, use, what hinders people, and support.

Asked about one phase (its own gates), training and weekly figures count when they name this phase or none.
"""
from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from crm_workbook.analysis.facts import fact
from crm_workbook.analysis.facts.parts import MOST, count, counted, named, phase, share, written
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


# ---- training ----

@fact
def training_events(view: View) -> Figure:
    """Training planned or held. One without title and kind is only begun."""
    return _plain(counted(_events(view), lambda event: bool(event.title or event.element) or None, field="title"))


@fact
def training_practice_events(view: View) -> Figure:
    """Training of a kind in which people practise or ask: practice, help hour, question meeting."""
    return _plain(counted(_events(view), lambda event: _is(view, event, PRACTICE), field="element"),
                  ("element", "t-practice"))


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
    past = [event for event in _events_of(view, now) if event.on is not None and event.on <= view.today]
    codes = _first(event.code for event in past)
    if not now.users:
        return Figure(None, (now.code,), Gap(now.code, "users"))
    more = Gap(given=(("element", "t-practice"), ("phase", now.code)), kind=TrainingEvent)
    if not past:
        return Figure(0.0, (now.code,), more)
    came = {person for event in past for person in event.attended}
    did = {person for event in past for person in event.passed}
    for field, people in (("attended", came), ("passed", did)):
        if not people:
            return Figure(None, codes, Gap(past[0].code, field))
    trained = sum(_ours(view, person) for person in came & did)
    missing = next((Gap(event.code, "passed") for event in past if len(event.passed) < len(event.attended)), more)
    return share(min(trained, now.users), now.users, codes, missing if trained < now.users else None)


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
        done = event.held and (event.on is None or event.on <= view.today)
        return done and _is(view, event, frozenset({"qa"}))

    return _plain(counted(_events_of(view, phase(view)), held, field="element"), ("element", "t-qa-session"))


@fact
def adaptation_hours_per_user_week(view: View) -> Figure:
    """Hours a week kept free for each user to learn in the first weeks, as agreed."""
    return written(view.only(Support), "learning_hours")


@fact
def control_measures(view: View) -> Figure:
    """Checks and penalties that are in force; one without a day counts."""
    figure = named(view, ControlMeasure, test=lambda row: row.on is None or row.on <= view.today)
    return Figure(figure.value, _first(figure.records), figure.gap if figure.value is None else None)


# ---- use ----

class Week(NamedTuple):
    """The figures of one week, of all phases together. None: somebody did not write it down."""

    codes: tuple[str, ...]
    users: int | None
    active: int | None
    own_lists: int | None

    @property
    def rate(self) -> float | None:
        """Active users / users."""
        return self.active / self.users if self.users and self.active is not None else None

    @property
    def lack(self) -> Gap:
        """What to open when the rate is not known."""
        return Gap(self.codes[0], "active" if self.users else "users")


@shared
def weeks(view: View) -> tuple[Week, ...]:
    """The weekly figures up to today, oldest first; several records of one week are added up.

    Asked about one phase: those that name it, and those that name none, from its go-live on.
    """
    begun = None
    if view.phase_code and (now := phase(view)) is not None and now.go_live is not None:
        begun = now.go_live - timedelta(days=now.go_live.weekday())
    found: dict[date, list[Measurement]] = {}
    for row in view.rows(Measurement):
        if row.week is None or row.week > view.today:
            continue
        if view.phase_code and row.phase != view.phase_code and (row.phase or (begun is not None and row.week < begun)):
            continue
        found.setdefault(row.week, []).append(row)
    return tuple(Week(tuple(row.code for row in rows), _sum(row.users for row in rows), _sum(row.active for row in rows),
                      _sum(row.own_lists for row in rows)) for _, rows in sorted(found.items()))


@fact
def active_rate(view: View) -> Figure:
    """Who entered or changed something / users of the live phases, in the last week written down."""
    if not (found := weeks(view)):
        return _no_week(view)
    last = found[-1]
    if last.rate is None:
        return Figure(None, last.codes, last.lack)
    return Figure(last.rate, last.codes, Gap(last.codes[0], "note") if last.rate < view.param("p_active_rate_gate") else None)


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
    codes = tuple(code for _, of_week in rates[len(rates) - falls:] for code in of_week)
    return Figure(falls, codes[-MOST:], Gap(found[-1].codes[0], "note") if falls else None)


@fact
def weeks_measured(view: View) -> Figure:
    """Weeks with both users and active users. Not known while all that were begun lack one of them."""
    found = weeks(view)
    codes = tuple(code for week in found if week.rate is not None for code in week.codes)
    full = sum(week.rate is not None for week in found)
    if full or not view.rows(Measurement):
        return Figure(full, codes[-MOST:], Gap(kind=Measurement))
    return Figure(None, found[-1].codes, found[-1].lack) if found else _no_week(view)


@fact
def shadow_tool_share(view: View) -> Figure:
    """People who keep own lists / users of the live phases, in the last week for which it was asked."""
    last = next((week for week in reversed(weeks(view)) if week.own_lists is not None and week.users), None)
    if last is None:
        newest = weeks(view)[-1:]
        return Figure(None, newest[0].codes, Gap(newest[0].codes[0], "own_lists")) if newest else _no_week(view)
    figure = share(last.own_lists or 0, last.users or 0, last.codes)
    late = isinstance(figure.value, float) and figure.value > view.param("p_shadow_tool_share")
    return Figure(figure.value, figure.records, Gap(last.codes[0], "note")) if late else figure


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
        if row.closed_on is not None and row.closed_on <= view.today:
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
    """Median of the working hours from report to repair, incidents reported in the last 30 days; after a calm month those of
    the last 30 days in which there were any.

    One that still waits counts with the hours up to this morning once these are more than `p_fix_hours`: it can only raise
    the median. Not known while nothing was repaired or late.
    """
    morning = datetime.combine(view.today, time(), UTC)
    hours, slow, waiting = list[float](), list[str](), list[str]()
    days = [row.reported_at.date() for row in view.rows(Incident) if row.reported_at]
    last = max((day for day in days if day <= view.today), default=view.today)
    until = view.today if (view.today - last).days <= RECENT else last
    for row in view.rows(Incident):
        at = row.reported_at
        if at is None or not 0 <= (until - at.date()).days <= RECENT:
            continue
        lasted = view.calendar.hours(at, row.fixed_at or morning)
        late = lasted > view.param("p_fix_hours")
        if row.fixed_at is None:
            waiting.append(row.code)
        if late:
            slow.append(row.code)
        if late or (row.fixed_at is not None and row.fixed_at >= at):
            hours.append(lasted)
    gap = Gap(waiting[0], "fixed_at") if waiting else None
    if not hours:
        return Figure(None, _first(waiting), gap or Gap(kind=Incident))
    return Figure(_median(hours), _first(slow), gap or (Gap(slow[0]) if slow else None))


@fact
def test_data_left(view: View) -> Figure:
    """Test data whose day of deletion has passed."""
    def left(row: TestData) -> bool | None:
        if row.deleted_on is not None and row.deleted_on <= view.today:
            return False
        return row.delete_by < view.today if row.delete_by else None

    figure = count(view, TestData, left, field="deleted_on")
    return Figure(None, figure.records, Gap(figure.records[0], "delete_by")) if figure.value is None else figure


@fact
def change_requests_closed(view: View) -> Figure:
    """Change requests delivered since the first phase went into use; none before."""
    lives = [row.go_live for row in view.rows(Phase) if row.go_live is not None and row.go_live <= view.today]
    begun = min(lives, default=None)
    codes = tuple(row.code for row in view.rows(ChangeRequest)
                  if begun is not None and row.delivered_on is not None and begun <= row.delivered_on <= view.today)
    waiting = next((row.code for row in view.rows(ChangeRequest) if row.delivered_on is None and not row.declined), None)
    gap = Gap(waiting, "delivered_on") if waiting else Gap(kind=ChangeRequest)
    return Figure(len(codes), codes[:MOST], None if codes else gap)


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
    return Figure(value, _first(figure.records), gap)


def _plain(figure: Figure, *given: tuple[str, str]) -> Figure:
    """A count of training: nothing to mend once there is some; otherwise a new one is wanted."""
    gap = figure.gap if figure.value is None else None if figure.value else Gap(given=given, kind=TrainingEvent)
    return Figure(figure.value, _first(figure.records), gap)


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


def _first(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(codes)[:MOST]
