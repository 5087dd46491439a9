"""Facts of chapter 2, Team: the sponsor, who has which role, who was replaced, and the people who help the others."""
from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from crm_workbook.analysis.facts import fact
from crm_workbook.analysis.facts.parts import MOST, count, entry, group, ordered, past, pointed, sent, wanted
from crm_workbook.analysis.facts.view import Figure, View, shared
from crm_workbook.analysis.finders import Gap, unfilled
from crm_workbook.records.goals import Project
from crm_workbook.records.phases import Phase
from crm_workbook.records.team import Assignment, Department, Nomination, Person, RoleChange, SponsorTalk
from crm_workbook.records.vendors import Choice

if TYPE_CHECKING:
    from crm_workbook.catalogue.rows import Role

SPONSOR, EXPERT, PROGRAMMER = "r-sponsor", "r-internal-expert", "r-programmer"
_KEY_ROLES = frozenset({SPONSOR, "r-process-owner", "r-client-pm"})
_LEAST_MARK = 3  # who knows the work less well is no internal expert (the nomination form)


@shared
def current(view: View) -> tuple[Assignment, ...]:
    """The assignments of today: begun, and not ended before today."""
    return tuple(row for row in view.rows(Assignment) if (row.since is None or row.since <= view.today)
                 and (row.until is None or row.until >= view.today))


@shared
def holders(view: View) -> dict[str, list[Assignment]]:
    """The assignments of today that name a role and a person, by role."""
    found: dict[str, list[Assignment]] = {}
    for row in current(view):
        if row.role and row.person:
            found.setdefault(row.role, []).append(row)
    return found


@shared
def begun(view: View) -> tuple[Assignment, ...]:
    """The assignments of today in which the role or the person is missing."""
    return tuple(row for row in current(view) if not (row.role and row.person))


def _held(view: View, role: str) -> Figure:
    """How many people have a role today. Not known while nobody surely has it, but an assignment that is only begun may mean
    it."""
    rows = holders(view).get(role, [])
    perhaps = [row for row in begun(view) if row.role in (role, "")]
    if rows or not perhaps:
        figure = Figure(len({row.person for row in rows}), tuple(row.code for row in rows))
        return wanted(figure, Gap(given=(("role", role),), kind=Assignment))
    return Figure(None, tuple(row.code for row in perhaps), unfilled(perhaps[0], "role", "person"))


# ---- the sponsor ----

@fact
def sponsor_named(view: View) -> Figure:
    """Whether somebody has the role of sponsor today."""
    figure = _held(view, SPONSOR)
    return Figure(None if figure.value is None else figure.value > 0, figure.records, figure.gap)


@fact
def sponsor_resources_confirmed(view: View) -> Figure:
    """Whether the sponsor has confirmed money and people's hours. Not known while there is no sponsor or nobody asked."""
    rows = holders(view).get(SPONSOR, [])
    if not rows:
        return Figure(None, (), _held(view, SPONSOR).gap)
    said = {row.confirmed for row in rows}
    value = True if True in said else None if None in said else False
    open_ = next((row for row in rows if row.confirmed is None), rows[0])
    return Figure(value, tuple(row.code for row in rows), None if value else Gap(open_.code, "confirmed"))


@fact
def sponsor_days_silent(view: View) -> Figure:
    """Days since the last talk with the sponsor; without any since the sponsor has the role, otherwise since the project start.
    Not known while the only talks noted have no day."""
    talks = view.rows(SponsorTalk)
    held = [(row.on, row.code) for row in talks if row.on is not None and row.on <= view.today]
    undated = next((row.code for row in talks if row.on is None), None)
    if not held and undated:
        return Figure(None, (undated,), Gap(undated, "on"))
    project = view.only(Project)
    since = [(row.since, row.code) for row in holders(view).get(SPONSOR, []) if row.since is not None]
    start = [(project.start, project.code)] if project.start is not None and past(view, project.start) else []
    last = max(held or since or start, default=None)
    if last is None:
        return Figure(None, (), entry(project, "start") if project.start is None else Gap(kind=SponsorTalk))
    days = (view.today - last[0]).days
    return Figure(days, (last[1],), Gap(kind=SponsorTalk) if days > view.param("p_sponsor_silence_days") else None)


# ---- all roles ----

def _needed(view: View, role: Role) -> bool | None:
    """Is the role needed today (`mandatory_when`)?"""
    if role.mandatory_when == "vendor-decided":
        choices = [row for row in view.rows(Choice) if row.on is None or row.on <= view.today]
        return any(row.vendor for row in choices) or (None if choices else False)
    if role.mandatory_when == "live":
        return any(past(view, row.go_live) for row in view.rows(Phase))
    programmers = len({row.person for row in holders(view).get(PROGRAMMER, [])})
    least = {"always": 0, "custom-work": 1, "two-programmers": 2}.get(role.mandatory_when)
    return least is not None and programmers >= least


@shared
def _ticked(view: View) -> dict[str, set[str]]:
    """The people who have a role by a tick of their own, by role."""
    return {"r-working-group": {row.code for row in group(view)},
            "r-end-user": {row.code for row in group(view) if row.everyday_user},
            "r-ambassador": {row.code for row in view.rows(Person) if row.early_follower}}


@fact
def mandatory_roles_unfilled(view: View) -> Figure:
    """Needed roles that fewer people have than at least must (one, if the catalogue says none), and needed roles for one person
    that several have. Members of the group, everyday users in it and early followers count by their ticks as well. Not known
    while assignments that are only begun could fill what is missing."""
    full, short, open_, missing = list[Gap](), list[Gap](), list[Gap](), 0
    codes, names = list[str](), list[str]()
    unnamed = Counter(row.role for row in begun(view) if row.role)
    loose = [row for row in begun(view) if not row.role]
    for role in view.catalogue.roles.values():
        needed, rows = _needed(view, role), holders(view).get(role.id, [])
        if needed is False:
            continue
        people = {row.person for row in rows} | _ticked(view).get(role.id, set())
        lack = max(role.min, 1) - len(people)
        gap = Gap(given=(("role", role.id),), kind=Assignment)
        if lack > 0:
            if needed is None:
                open_.append(next((Gap(row.code, "vendor") for row in view.rows(Choice) if not row.vendor), gap))
            elif unnamed[role.id] >= lack:
                open_.append(next(Gap(row.code, "person") for row in begun(view) if row.role == role.id))
            else:
                missing += lack - unnamed[role.id]
                short.append(gap)
                names.append(role.name)
        elif role.max == 1 and len(people) > 1 and needed:
            full.append(Gap(rows[-1].code, "until"))
            names.append(role.name)
        else:
            continue
        codes += [row.code for row in rows]
    sure = full + short if missing > len(loose) else full
    if sure or not (short or open_):
        return Figure(len(sure), ordered(codes), sure[0] if sure else None, tuple(names))
    return Figure(None, ordered([*codes, *(row.code for row in loose)]), Gap(loose[0].code, "role") if short else open_[0])


@fact
def role_conflicts_open(view: View) -> Figure:
    """Pairs of roles that clash (serious or blocker) in the hands of one person today, without a reason why it is accepted,
    and assignments of today with objections and no such reason. Not known while the only doubt is an assignment begun."""
    clashes = [(row.a, row.b) for row in view.catalogue.role_conflicts.values() if row.severity != "warn"]
    people: dict[str, dict[str, list[Assignment]]] = {}
    for rows in holders(view).values():
        for row in rows:
            people.setdefault(row.person, {}).setdefault(row.role, []).append(row)
    found = list[list[Assignment]]()
    for roles in people.values():
        pairs = [roles[a] + roles[b] for a, b in clashes if a in roles and b in roles] if len(roles) > 1 else []
        found += [rows for rows in pairs if not any(row.waiver for row in rows)]
    found += [[row] for row in current(view) if row.objections and not row.waiver]
    if found or not begun(view):
        return Figure(len(found), ordered(row.code for rows in found for row in rows),
                      Gap(found[0][-1].code, "person" if len(found[0]) > 1 else "waiver") if found else None)
    rows = list(begun(view))
    return Figure(None, tuple(row.code for row in rows[:MOST]), unfilled(rows[0], "role", "person"))


@fact
def key_role_changes_unconfirmed(view: View) -> Figure:
    """Changes of sponsor, process owner, project manager or head of a department up to today after which the successor has
    not confirmed the goals."""
    heads = {row.head for row in view.rows(Department) if row.head}

    def unconfirmed(row: RoleChange) -> bool | None:
        head = row.before in heads or row.after in heads
        if not (head or row.role in _KEY_ROLES or not row.role) or (row.on is not None and row.on > view.today):
            return False
        if past(view, row.confirmed_on) and (row.on is None or row.on <= (row.confirmed_on or row.on)):
            return False
        return True if row.on and (head or row.role) else None
    return pointed(view, count(view, RoleChange, unconfirmed, field="confirmed_on"), "role", "on", "confirmed_on")


# ---- the people who help the others ----

@shared
def _experts(view: View) -> dict[str, list[Assignment]]:
    """The assignments of today's internal experts, by person."""
    found: dict[str, list[Assignment]] = {}
    for row in holders(view).get(EXPERT, []):
        found.setdefault(row.person, []).append(row)
    return found


@fact
def internal_experts(view: View) -> Figure:
    """People who have the role of internal expert today."""
    return _held(view, EXPERT)


@fact
def experts_without_relief(view: View) -> Figure:
    """Internal experts for whom neither hours taken off nor an incentive is written down, with the role or in a nomination."""
    if not _experts(view):
        figure = _held(view, EXPERT)
        return Figure(figure.value, figure.records, figure.gap if figure.value is None else None)
    forms = {row.person for row in view.rows(Nomination) if row.relieved_hours or row.incentive}
    bad = [rows[0].code for person, rows in _experts(view).items()
           if person not in forms and not any(row.relieved_hours or row.incentive for row in rows)]
    return Figure(len(bad), tuple(bad[:MOST]), Gap(bad[0], "relieved_hours") if bad else None)


@fact
def expert_disqualifiers(view: View) -> Figure:
    """What speaks against today's internal experts by their nominations (not respected, in a faction, knows the work less than
    3 of 5) or as an objection, each once a person, unless a reason is given why it is accepted. Not known without an expert, or
    while a nomination does not say."""
    bad, codes, gaps, open_ = 0, list[str](), list[Gap](), list[Gap]()
    for person, rows in _experts(view).items():
        if any(row.waiver for row in rows):
            continue
        objections = [row for row in rows if row.objections]
        bad += len(objections)
        codes += [row.code for row in objections]
        gaps += [Gap(row.code, "waiver") for row in objections]
        forms = view.where(Nomination, "person", person)
        for name in ("respected", "no_faction", "understands_work"):
            against = [row for row in forms if _speaks(row, name)]
            bad += bool(against)
            codes += [row.code for row in against]
            gaps += [Gap(row.code, name) for row in against[:1]]
            if all(row.get(name) is None for row in forms):
                open_.append(Gap(forms[0].code, name) if forms else Gap(given=(("person", person),), kind=Nomination))
    if bad or (_experts(view) and not open_):
        return Figure(bad, ordered(codes), gaps[0] if gaps else None)
    experts = ordered(row.code for rows in _experts(view).values() for row in rows)
    return Figure(None, experts, open_[0] if open_ else _held(view, EXPERT).gap)


def _speaks(row: Nomination, name: str) -> bool:
    """Does this answer of the form speak against the person?"""
    if name == "understands_work":
        return row.understands_work is not None and row.understands_work < _LEAST_MARK
    return row.get(name) is False


@fact
def departments_without_ambassador(view: View) -> Figure:
    """Departments with users where nobody starts first, by the person's tick or by the role."""
    codes = {row.person for row in holders(view).get("r-ambassador", [])}
    people = [row for row in view.rows(Person) if row.early_follower or row.code in codes]
    return sent(view, people, "early_follower")
