"""Facts of chapter 6: how much is planned for when, whether it was tested, and whether it is in use."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date

from crm_workbook.analysis.facts import fact
from crm_workbook.analysis.facts.parts import MOST, NEVER, codes, counted, group, named, past, phase, phases, pointed
from crm_workbook.analysis.facts.roles import holders
from crm_workbook.analysis.facts.view import Figure, View, shared
from crm_workbook.analysis.finders import Gap
from crm_workbook.i18n import _
from crm_workbook.records.adoption import Material, WorkingRule
from crm_workbook.records.minutes import Workshop
from crm_workbook.records.phases import AcceptanceTest, Defect, Phase, PhaseFunction, Release
from crm_workbook.records.requirements import Requirement
from crm_workbook.records.team import Assignment, Person


def _wanted(view: View, row: Phase | None) -> Gap:
    """What to open while no function is chosen for this phase."""
    return Gap(kind=Phase) if row is None else Gap(given=(("phase", row.code),), kind=PhaseFunction)


# ---- functions and effort ----

@shared
def _planned(view: View) -> tuple[PhaseFunction, ...]:
    """The functions of all phases, including those that are begun and not chosen yet."""
    return tuple(row for row in view.rows(PhaseFunction) if row.phase)


@shared
def _first(view: View) -> tuple[PhaseFunction, ...]:
    """The functions of phase 1."""
    return tuple(row for first in phases(view)[:1] for row in view.where(PhaseFunction, "phase", first.code))


@shared
def _current(view: View) -> tuple[PhaseFunction, ...]:
    """The functions of the phase that the facts are about."""
    row = phase(view)
    return view.where(PhaseFunction, "phase", row.code) if row is not None else ()


def _points(view: View, row: PhaseFunction) -> int | None:
    """The effort points written down, otherwise those of the catalogue."""
    if row.points is not None:
        return row.points
    function = view.catalogue.functions.get(row.function)
    return None if function is None else function.effort


def _effort(view: View, rows: Sequence[PhaseFunction], lacking: Phase | None) -> Figure:
    """The sum of the points of these functions; not known while there is none, or the effort of one is not known."""
    points = [(_points(view, row), row) for row in rows]
    unknown = [row for value, row in points if value is None]
    if unknown:
        return Figure(None, codes(unknown), Gap(unknown[0].code, "points" if unknown[0].function else "function"))
    if not rows:
        return Figure(None, (), _wanted(view, lacking))
    return Figure(sum(value for value, _ in points if value is not None), codes(rows))


def _costliest(view: View, rows: Sequence[PhaseFunction]) -> Gap:
    """The function of a phase to move to another one: the one with the most effort on which no other one of the phase stands,
    of those that do not belong to the base set where there are any."""
    functions = view.catalogue.functions
    needed = {name for row in rows if row.function in functions for name in functions[row.function].prerequisites}
    row = max(rows, key=lambda row: (row.function not in needed,
                                     row.function not in functions or not functions[row.function].base_set,
                                     _points(view, row) or 0, row.number))
    return Gap(row.code, "phase")


@fact
def selected_max_level(view: View) -> Figure:
    """The highest level (1 to 4) among the functions of all phases; not known while none is chosen."""
    functions = view.catalogue.functions
    levels = [(functions[row.function].level, row) for row in _planned(view) if row.function in functions]
    if not levels:
        return Figure(None, codes(_planned(view)), _wanted(view, next(iter(phases(view)), None)))
    most = max(level for level, _ in levels)
    return Figure(most, codes([row for level, row in levels if level == most]))


@fact
def phases_planned(view: View) -> Figure:
    """Phases that have a name, the closed ones too."""
    return named(view, Phase)


@fact
def planned_effort_points(view: View) -> Figure:
    """Effort points of the functions of all phases: as written down, otherwise from the catalogue."""
    return _effort(view, _planned(view), next(iter(phases(view)), None))


@fact
def phase1_effort_share(view: View) -> Figure:
    """Effort points of phase 1 / effort points of all phases."""
    whole = view.figure("planned_effort_points")
    if not whole.value:  # nothing is planned, or it is written that all of it takes no effort
        return Figure(None, whole.records, whole.gap or Gap(whole.records[0], "points"))
    part = sum(_points(view, row) or 0 for row in _first(view)) / whole.value
    too_much = part > view.param("p_phase1_effort_share")
    return Figure(part, codes(_first(view)), _costliest(view, _first(view)) if too_much else None)


@fact
def phase1_functions(view: View) -> Figure:
    """Functions of phase 1 that do not belong to the base set; one that is not chosen yet does not say."""
    functions = view.catalogue.functions
    figure = counted(_first(view), lambda row: (
        row.function not in functions or not functions[row.function].base_set) if row.function else None, field="function")
    if figure.value is None:
        return figure
    if not _first(view):
        return Figure(0, (), _wanted(view, next(iter(phases(view)), None)))
    return Figure(figure.value, figure.records,
                  _costliest(view, _first(view)) if figure.value > view.param("p_phase1_functions") else None)


@fact
def phase_effort_hours(view: View) -> Figure:
    """Own hours for the functions of the phase: effort points x p_hours_per_point (rules.md, "Hours")."""
    points = _effort(view, _current(view), phase(view))
    if points.value is None:
        return points
    hours, offered = points.value * view.param("p_hours_per_point"), view.value("phase_capacity_hours")
    too_much = offered is not None and hours > offered
    return Figure(float(hours), points.records, _costliest(view, _current(view)) if too_much else None)


def _days(row: Phase) -> int | None:
    """Days of the phase: from its start until daily use, or until its end; at least one."""
    until = row.go_live or row.end
    return None if row.start is None or until is None else max((until - row.start).days, 1)


def _dates_wanted(row: Phase | None) -> Gap:
    return Gap(kind=Phase) if row is None else Gap(row.code, "go_live" if row.start is not None else "start")


@fact
def phase_capacity_hours(view: View) -> Figure:
    """Hours a week promised by the members of the group x weeks of the phase, at least one week (rules.md, "Hours")."""
    row, people = phase(view), group(view)
    promised = [person for person in people if person.hours is not None]
    silent = next((person for person in people if person.hours is None), None)
    gap = Gap(silent.code, "hours") if silent is not None else None
    days = None if row is None else _days(row)
    if not promised:
        return Figure(None, codes(people), gap or Gap(given=(("in_group", True),), kind=Person))
    if days is None:
        return Figure(None, codes([] if row is None else [row]), _dates_wanted(row))
    return Figure(sum(person.hours or 0.0 for person in promised) * max(days / 7, 1.0), codes(promised), gap)


@fact
def prerequisite_violations(view: View) -> Figure:
    """Functions of all phases that stand on a function which is missing or comes in a later phase (at a gate: functions of its
    phase); one that is not chosen yet does not say."""
    functions, order = view.catalogue.functions, {row.code: place for place, row in enumerate(phases(view))}
    rows = sorted(_planned(view), key=lambda row: order.get(row.phase, len(order)))
    earliest = {row.function: row for row in reversed(rows)}

    def lacks(row: PhaseFunction) -> str:
        """The first prerequisite that is missing or comes later; "" when there is none."""
        needs = functions[row.function].prerequisites if row.function in functions else ()
        return next((name for name in needs if name not in earliest or
                     order.get(earliest[name].phase, len(order)) > order.get(row.phase, len(order))), "")

    here = [row for row in rows if row.phase == view.phase_code] if view.phase_code else rows
    figure = counted(here, lambda row: lacks(row) != "" if row.function else None, field="function")
    first = view.find(PhaseFunction, figure.records[0]) if figure.value else None
    if first is None:
        return figure
    need = lacks(first)
    pairs = [(row.function, basis) for row in here if row.function and (basis := lacks(row))]
    names = tuple(_("{function} needs {basis}").format(function=functions[name].name, basis=functions[basis].name)
                  for name, basis in pairs[:MOST])
    return Figure(figure.value, figure.records, Gap(earliest[need].code, "phase") if need in earliest else Gap(
        given=(("phase", first.phase), ("function", need)), kind=PhaseFunction), names)


# ---- the dates of the phase ----

@fact
def phase_buffer_share(view: View) -> Figure:
    """Days kept free in the phase / days of the phase, from its start until daily use (or its end)."""
    row = phase(view)
    days = None if row is None else _days(row)
    if row is None or days is None:
        return Figure(None, codes([] if row is None else [row]), _dates_wanted(row))
    if row.buffer_days is None:
        return Figure(None, (row.code,), Gap(row.code, "buffer_days"))
    part = row.buffer_days / days
    return Figure(part, (row.code,), Gap(row.code, "buffer_days") if part < view.param("p_buffer_share") else None)


@fact
def days_to_first_result(view: View) -> Figure:
    """Days from the start of the phase to its first visible result; NEVER while no day is set for it."""
    row = phase(view)
    if row is None:
        return Figure(None, (), Gap(kind=Phase))
    if row.first_result is None:
        return Figure(NEVER, (row.code,), Gap(row.code, "first_result"))
    if row.start is None:
        return Figure(None, (row.code,), Gap(row.code, "start"))
    days = max((row.first_result - row.start).days, 0)
    return Figure(days, (row.code,), Gap(row.code, "first_result") if days > view.param("p_first_result_days") else None)


@fact
def live(view: View) -> Figure:
    """A phase is in daily use: its day has come."""
    rows = [row for row in view.rows(Phase) if past(view, row.go_live)]
    return Figure(bool(rows), codes(rows))


@fact
def days_since_go_live(view: View) -> Figure:
    """Days since the first phase came into daily use; 0 before that. Not known while there are phases and none has a day."""
    rows = [(row.go_live, row.number, row.code) for row in view.rows(Phase) if row.go_live is not None]
    if not rows:
        begun = phases(view)
        return Figure(None, codes(begun), Gap(begun[0].code, "go_live")) if begun else Figure(0)
    first, _, code = min(rows)
    return Figure(max((view.today - first).days, 0), (code,))


@fact
def days_since_phase_closed(view: View) -> Figure:
    """Days since the last phase was closed; 0 while none is closed, or another one is running (started and not closed)."""
    closed = [(row.closed_on, row.number, row.code) for row in view.rows(Phase)
              if row.closed_on is not None and row.closed_on <= view.today]
    running = any(past(view, row.start) and not past(view, row.closed_on) for row in view.rows(Phase))
    if not closed or running:
        return Figure(0)
    last, _, code = max(closed)
    return Figure((view.today - last).days, (code,), view.figure("next_phase_planned").gap)


@fact
def next_phase_planned(view: View) -> Figure:
    """A phase that is not closed has a start. At the gate of a phase: one that comes after it. Phases without a start do not
    say."""
    rows = [row for row in phases(view) if not past(view, row.closed_on)]
    here = phase(view)
    if view.phase_code and here is not None:
        rows = list(phases(view)[phases(view).index(here) + 1:])
    dated = [row for row in rows if row.start is not None]
    if dated or not rows:
        return Figure(bool(dated), codes(dated), None if dated else Gap(kind=Phase))
    return Figure(None, codes(rows), Gap(rows[0].code, "start"))


@shared
def _accepted(view: View) -> dict[str, list[Requirement]]:
    """Phase -> the accepted requirements planned for it; "" for those of none."""
    here, state = (Requirement.declared.fields[name].index for name in ("phase", "state"))
    found = defaultdict[str, list[Requirement]](list)
    for need in view.rows(Requirement):
        if need[state] == "accepted":
            found[need[here]].append(need)
    return found


@fact
def stage_value(view: View) -> Figure:
    """Accepted requirements planned for the phase that work (day of acceptance) / all accepted ones planned for it."""
    row = phase(view)
    if row is None:
        return Figure(None, (), Gap(kind=Phase))
    rows, day = _accepted(view).get(row.code, []), Requirement.declared.fields["accepted_on"].index
    open_ = [need for need in rows if need[day] is None or need[day] > view.today]
    if not rows:
        loose = next(iter(_accepted(view).get("", [])), None)
        return Figure(None, (row.code,), Gap(loose.code, "phase") if loose is not None else
                      Gap(given=(("phase", row.code),), kind=Requirement))
    return Figure(1 - len(open_) / len(rows), codes(open_), Gap(open_[0].code, "accepted_on") if open_ else None)


# ---- releases and tests ----

def _released(view: View, tested_on: Callable[[Release], date | None], field: str) -> Figure:
    """Releases that everybody has without this test. A test made up for later ends it.

    At a gate: all releases of its phase, or of none, for they are not to be given before. Not known while there is none.
    """
    if not view.phase_code:
        rows = [row for row in view.rows(Release) if past(view, row.given_on)]
    elif not (rows := [row for row in view.rows(Release) if row.phase in ("", view.phase_code)]):
        return Figure(None, (), Gap(given=(("phase", view.phase_code),), kind=Release))
    return counted(rows, lambda row: not past(view, tested_on(row)), field=field)


@fact
def releases_without_client_test(view: View) -> Figure:
    """Releases given to everybody (at a gate: all of its phase) that our own testers have not tested."""
    return _released(view, lambda row: row.client_tested_on, "client_tested_on")


@fact
def releases_without_vendor_group_test(view: View) -> Figure:
    """Releases given to everybody (at a gate: all of its phase) that the vendor's group has not tested."""
    return _released(view, lambda row: row.vendor_tested_on, "vendor_tested_on")


@fact
def tester_meeting_attendance(view: View) -> Figure:
    """Our testers (by role, today) who came / who were expected, over the meetings held of which it is known who came."""
    testers = {row.person for row in holders(view).get("r-client-tester", ())}
    if not testers:
        return Figure(None, (), Gap(given=(("role", "r-client-tester"),), kind=Assignment))
    held = [row for row in view.rows(Workshop) if past(view, row.on) and not testers.isdisjoint(row.expected)]
    noted = [row for row in held if row.attended]
    if not noted:
        return Figure(None, codes(held), Gap(held[0].code, "attended") if held else Gap(kind=Workshop))
    expected = sum(len(testers.intersection(row.expected)) for row in noted)
    came = sum(len(testers.intersection(row.expected).intersection(row.attended)) for row in noted)
    missed = [row for row in noted if not testers.intersection(row.expected) <= set(row.attended)]
    return Figure(came / expected, codes(missed), Gap(missed[-1].code, "attended") if missed else None)


def _in_phase(view: View, wrong: Callable[[PhaseFunction], bool], gap: Callable[[PhaseFunction], Gap]) -> Figure:
    """The functions of the phase that lack something. Not known while none is chosen."""
    rows = _current(view)
    if not rows:
        return Figure(None, (), _wanted(view, phase(view)))
    figure = counted(rows, lambda row: wrong(row) if row.function else None, field="function")
    first = view.find(PhaseFunction, figure.records[0]) if figure.value else None
    return Figure(figure.value, figure.records, gap(first)) if first is not None else figure


@fact
def client_tests_open(view: View) -> Figure:
    """Acceptance tests that have not passed: those of the phase, and those of none for a function or requirement of it."""
    row = phase(view)
    if row is None:
        return Figure(None, (), Gap(kind=Phase))
    here = {one.function for one in _current(view)}

    def belongs(test: AcceptanceTest) -> bool:
        need = view.find(Requirement, test.requirement) if test.requirement else None
        return bool(test.function and test.function in here) or (need is not None and need.phase == row.code)
    tests = [*view.where(AcceptanceTest, "phase", row.code),
             *(test for test in view.where(AcceptanceTest, "phase", "") if belongs(test))]
    return counted(tests, lambda test: not past(view, test.passed_on), field="passed_on")


@fact
def functions_without_acceptance_test(view: View) -> Figure:
    """Functions of the phase without a test, or without a CRM goal; the base set needs a test and no goal.

    A test names the function or a requirement that needs it; a goal is linked with the function or with such a requirement.
    """
    here, functions, tested = phase(view), view.catalogue.functions, set[str]()
    for test in view.rows(AcceptanceTest):
        if here is not None and test.title and test.phase in ("", here.code):
            need = view.find(Requirement, test.requirement) if test.requirement else None
            tested.update((test.function, *(need.functions if need is not None else ())))

    def linked(row: PhaseFunction) -> bool:
        base = row.function in functions and functions[row.function].base_set
        return base or bool(row.goals) or any(
            need.goals and need.state != "rejected" for need in view.where(Requirement, "functions", row.function))

    def mend(row: PhaseFunction) -> Gap:
        if row.function in tested:
            return Gap(row.code, "goals")
        begun = [test for test in view.where(AcceptanceTest, "function", row.function) if not test.title]
        return Gap(begun[0].code, "title") if begun else Gap(
            given=(("phase", row.phase), ("function", row.function)), kind=AcceptanceTest)
    return _in_phase(view, lambda row: row.function not in tested or not linked(row), mend)


@fact
def working_rules_missing(view: View) -> Figure:
    """Functions of the phase without a working rule in words."""
    return _in_phase(view, lambda row: not any(rule.title for rule in view.where(WorkingRule, "function", row.function)),
                     lambda row: Gap(given=(("function", row.function),), kind=WorkingRule))


@fact
def functions_without_instruction(view: View) -> Figure:
    """Functions of the phase without a text or video of which it is written where it lies, and that is ready by today (or
    names no day)."""
    def ready(row: Material) -> bool:
        return bool(row.where) and (row.ready_on is None or past(view, row.ready_on))

    def mend(row: PhaseFunction) -> Gap:
        begun = view.where(Material, "function", row.function)
        if begun:
            return Gap(begun[0].code, "ready_on" if begun[0].where else "where")
        return Gap(given=(("function", row.function),), kind=Material)
    return _in_phase(view, lambda row: not any(ready(one) for one in view.where(Material, "function", row.function)), mend)


# ---- defects ----

@shared
def _defects(view: View) -> dict[str, tuple[Defect, ...]]:
    """Severity -> the defects found that are not repaired; "" for those that nobody has judged. At a gate: those of its phase,
    and those of none."""
    found = dict[str, list[Defect]]()
    for row in view.rows(Defect):
        if view.phase_code and row.phase not in ("", view.phase_code):
            continue
        if not past(view, row.closed_on) and (row.found_on is None or past(view, row.found_on)):
            found.setdefault(row.severity, []).append(row)
    return {severity: tuple(rows) for severity, rows in found.items()}


def _open(view: View, severity: str, test: Callable[[Defect], bool] = lambda row: True, field: str = "closed_on") -> Figure:
    """Open defects of a severity; one without a severity does not say."""
    rows = (*_defects(view).get(severity, ()), *_defects(view).get("", ()))
    return pointed(view, counted(rows, lambda row: (True if row.severity else None) if test(row) else False), "severity", field)


@fact
def defects_critical_open(view: View) -> Figure:
    """Critical defects that are not repaired."""
    return _open(view, "critical")


@fact
def defects_major_open(view: View) -> Figure:
    """Major defects that are not repaired."""
    return _open(view, "major")


@fact
def defects_minor_open(view: View) -> Figure:
    """Minor defects that are not repaired."""
    return _open(view, "minor")


@fact
def defects_minor_undated(view: View) -> Figure:
    """Minor defects that are not repaired and have no agreed day."""
    return _open(view, "minor", lambda row: row.agreed_on is None, "agreed_on")


