"""Facts of chapter 4: what was asked, what was accepted, and whether everybody agrees."""
from __future__ import annotations

from datetime import date

from crm_workbook.analysis.facts import fact
from crm_workbook.analysis.facts.parts import MOST, codes, count, past, phases, pointed, written
from crm_workbook.analysis.facts.view import Figure, View, shared
from crm_workbook.analysis.finders import Gap
from crm_workbook.records.goals import Project
from crm_workbook.records.phases import PhaseFunction
from crm_workbook.records.requirements import Conflict, Interview, Requirement, SignOff, Suggestion, SurveyAnswer
from crm_workbook.records.team import Department, Person

_TITLE, _PRIORITY, _STATE, _AUTHOR, _PHASE, _GOALS, _ACCEPTED_ON = (Requirement.declared.fields[name].index for name in (
    "title", "priority", "state", "author", "phase", "goals", "accepted_on"))
_QUESTION, _ANSWER, _DEPARTMENT, _PERSON, _ON = (
    SurveyAnswer.declared.fields[name].index for name in ("question", "answer", "department", "person", "on"))


# ---- requirements ----

@shared
def accepted(view: View) -> tuple[Requirement, ...]:
    """The accepted requirements that have a title."""
    return tuple([row for row in view.rows(Requirement) if row[_STATE] == "accepted" and row[_TITLE]])


@shared
def _undecided(view: View) -> tuple[Requirement, ...]:
    """Requirements that may turn out to be accepted ones: without a state, or accepted and without a title."""
    return (*view.where(Requirement, "state", ""),
            *(row for row in view.where(Requirement, "state", "accepted") if not row[_TITLE]))


def _not_decided(view: View) -> Figure:
    """What is known about accepted requirements while there is none: nothing if some are undecided, otherwise 0."""
    rows = _undecided(view)
    return Figure(None, codes(rows), Gap(rows[0].code, "title" if rows[0].state else "state")) if rows else Figure(0)


@fact
def requirements_accepted(view: View) -> Figure:
    """Accepted requirements with a title. Not known while none is accepted and some have no state."""
    if rows := accepted(view):
        return Figure(len(rows), codes(rows))
    figure, proposed = _not_decided(view), view.where(Requirement, "state", "proposed")
    return Figure(figure.value, figure.records,
                  figure.gap or (Gap(proposed[0].code, "state") if proposed else Gap(kind=Requirement)))


@fact
def requirements_unlinked(view: View) -> Figure:
    """Accepted requirements without a CRM goal."""
    if not accepted(view):
        return _not_decided(view)
    rows = [row for row in accepted(view) if not row[_GOALS]]
    return Figure(len(rows), codes(rows), Gap(rows[0].code, "goals") if rows else None)


@fact
def requirements_it_share(view: View) -> Figure:
    """Accepted requirements written by somebody from IT / accepted requirements with an author. Not known while fewer than half
    of the accepted ones have an author."""
    people = {row.code: row.from_it for row in view.rows(Person)}
    rows = accepted(view)
    if not rows:
        return Figure(None, (), _not_decided(view).gap or Gap(kind=Requirement))
    nobodys = [row for row in rows if row[_AUTHOR] not in people]
    authored = len(rows) - len(nobodys)
    if 2 * authored < len(rows):
        return Figure(None, codes(nobodys), Gap(nobodys[0].code, "author"))
    from_it = [row for row in rows if people.get(row[_AUTHOR])]
    gap = Gap(nobodys[0].code, "author") if nobodys else Gap(kind=Requirement)
    part = len(from_it) / authored
    return Figure(part, codes(from_it), gap if part > view.param("p_requirements_it_max") else None)


@fact
def must_haves(view: View) -> Figure:
    """Requirements with a title and the priority must that were not rejected; one without a priority does not say."""
    rows = [row for row in view.rows(Requirement)
            if row[_PRIORITY] in ("must", "") and row[_STATE] != "rejected" and row[_TITLE]]
    musts = [row for row in rows if row[_PRIORITY]]
    if musts or not rows:
        return Figure(len(musts), codes(musts), None if musts else Gap(kind=Requirement))
    return Figure(None, codes(rows), Gap(rows[0].code, "priority"))


@fact
def requirement_conflicts_open(view: View) -> Figure:
    """Contradictions that are not settled. One that does not name both requirements, or says how it was settled but not
    when, does not say."""
    def unsettled(row: Conflict) -> bool | None:
        if past(view, row.settled_on):
            return False
        return True if row.first and row.second and not row.settled else None
    return pointed(view, count(view, Conflict, unsettled, field="settled_on"), "first", "second", "settled_on")


# ---- gadgets ----

@shared
def _gadgets(view: View) -> tuple[tuple[Requirement | PhaseFunction, ...], tuple[Requirement | PhaseFunction, ...]]:
    """Requirements (not rejected) and planned functions that are gadgets; and the records that may be planned gadgets but do
    not say: accepted gadgets without a phase, and functions that are not chosen yet."""
    asked = [row for row in view.rows(Requirement) if row[_PRIORITY] == "gadget" and row[_STATE] != "rejected" and row[_TITLE]]
    known, chosen = view.catalogue.functions, [row for row in view.rows(PhaseFunction) if row.phase]
    tagged = (row for row in chosen if row.function in known and "gadget" in known[row.function].tags)
    return ((*(row for row in asked if row[_PHASE]), *tagged),
            (*(row for row in asked if not row[_PHASE] and row[_STATE] == "accepted"),
             *(row for row in chosen if not row.function)))


def _planned_gadgets(view: View, wrong: set[str]) -> Figure:
    """The gadgets planned for one of these phases ("": none yet); those that do not say could be in any of them."""
    planned, open_ = _gadgets(view)
    if rows := [row for row in planned if row.phase in wrong]:
        return Figure(len(rows), codes(rows), Gap(rows[0].code, "phase"))
    unsaid = [row for row in open_ if wrong and (not row.phase or row.phase in wrong)]
    if not unsaid:
        return Figure(0)
    return Figure(None, codes(unsaid), Gap(unsaid[0].code, "function" if unsaid[0].phase else "phase"))


@fact
def gadgets_in_phase1(view: View) -> Figure:
    """Gadgets planned for the first phase: requirements of this priority (not rejected) and functions tagged so. An accepted
    one without a phase does not say."""
    return _planned_gadgets(view, {row.code for row in phases(view)[:1]} or {""})


@fact
def gadgets_before_basics(view: View) -> Figure:
    """Gadgets of a phase that has begun, or is to begin before the end of an earlier one, while a must of that earlier phase
    does not work yet (no day of acceptance)."""
    ordered = phases(view)
    order = {row.code: place for place, row in enumerate(ordered)}
    musts = [row for row in view.rows(Requirement) if row[_PRIORITY] == "must" and row[_PHASE] in order]
    waiting = {order[row[_PHASE]] for row in musts if row[_STATE] != "rejected"
               and (row[_ACCEPTED_ON] is None or row[_ACCEPTED_ON] > view.today)}

    def early(place: int, start: date | None) -> bool:
        ends = [ordered[before].end for before in waiting if before < place]
        return start is not None and bool(ends) and (past(view, start) or any(end is not None and start < end for end in ends))
    return _planned_gadgets(view, {row.code for place, row in enumerate(ordered) if early(place, row.start)})


# ---- who was asked, who agrees ----

@shared
def _asked(view: View) -> dict[str, int]:
    """Department -> how many of its people were asked, as `user_survey_coverage` counts them; "" for those of no department."""
    home = {row.code: row.department for row in view.rows(Person) if row.side in ("client", "")}
    people = {code for row in view.rows(Interview) if past(view, row.on) for code in row.people}
    unnamed = dict[tuple[str, str], int]()
    for row in view.rows(SurveyAnswer):
        if row[_ANSWER] and (row[_ON] is None or row[_ON] <= view.today):
            if row[_PERSON]:
                people.add(row[_PERSON])
            else:
                key = row[_DEPARTMENT], row[_QUESTION]
                unnamed[key] = unnamed.get(key, 0) + 1
    asked = dict[str, int]()
    for code in people & home.keys():
        asked[home[code]] = asked.get(home[code], 0) + 1
    most = dict[str, int]()
    for (department, _), number in unnamed.items():
        most[department] = max(most.get(department, 0), number)
    for code, number in most.items():
        home_of, named = view.find(Department, code), asked.get(code, 0)
        free = number if home_of is None or home_of.users is None else max(home_of.users - named, 0)
        asked[code] = named + min(number, free)
    return asked


@fact
def user_survey_coverage(view: View) -> Figure:
    """People who were interviewed or answered the survey / users in all; at most 1.

    Answers without a name: as many people as the question with the most answers of the department has, and with those
    known by name at most the users of the department. A talk without a day has not happened yet.
    """
    users = view.figure("users_total")
    if not users.value:  # nobody has said how many, or that there are none
        return Figure(None, users.records, users.gap or Gap(view.rows(Department)[0].code, "users"))
    asked, least = _asked(view), view.param("p_survey_coverage_min")
    value = min(sum(asked.values()) / users.value, 1.0)
    silent = [row.code for row in view.rows(Department) if row.users and asked.get(row.code, 0) < least * row.users]
    undated = next((row.code for row in view.rows(Interview) if row.on is None), None)
    gap = Gap(undated, "on") if undated is not None else Gap(
        given=tuple(("department", code) for code in silent[:1]), kind=SurveyAnswer)
    return Figure(value, tuple(silent[:MOST]), gap if value < least else None)


@fact
def departments_without_signoff(view: View) -> Figure:
    """Departments with accepted requirements that no everyday user has signed off, on or before today. A sign-off by an
    everyday user without a day does not say."""
    rows = accepted(view)
    if not rows:
        return _not_decided(view)
    departments = [code for code in dict.fromkeys(row.department for row in rows) if view.find(Department, code)]
    if not departments:
        return Figure(None, codes(rows), Gap(rows[0].code, "department"))
    signed, undated = set[str](), dict[str, str]()
    for row in view.rows(SignOff):
        person = None if row.everyday_user else view.find(Person, row.person)
        if row.everyday_user or (person is not None and person.everyday_user):
            if row.on is None:
                undated[row.department] = row.code
            elif past(view, row.on):
                signed.add(row.department)
    open_ = [code for code in departments if code not in signed]
    without = [code for code in open_ if code not in undated]
    if without:
        return Figure(len(without), tuple(without[:MOST]), Gap(given=(("department", without[0]),), kind=SignOff))
    return Figure(None, tuple(open_[:MOST]), Gap(undated[open_[0]], "on")) if open_ else Figure(0)


@fact
def plain_language_ok(view: View) -> Figure:
    """The process owner has confirmed that phases and requirements are understandable; not known while nobody has said."""
    figure = written(view.only(Project), "plain_language")
    return Figure(figure.value, figure.records) if figure.value else figure


@fact
def suggestions_unanswered_late(view: View) -> Figure:
    """Suggestions without an answer for more than p_suggestion_days working days. Taken up or done is an answer; declined is
    one only with words or a day. An open one without a day does not say."""
    limit, waited = view.param("p_suggestion_days"), dict[date, int]()  # many suggestions have the same day

    def late(row: Suggestion) -> bool | None:
        if not row.title or row.answer or row.state in ("accepted", "done") or past(view, row.answered_on):
            return False
        if row.on is None:
            return None
        if row.on not in waited:
            waited[row.on] = view.calendar.days(row.on, view.today)
        return waited[row.on] > limit
    return pointed(view, count(view, Suggestion, late), "on", "answer")

