"""What a group hands round: of each chapter the decisions, the figures and what is still open, as a nested dict.

Keys are plain English identifiers and codes, values are texts, numbers, days and lists of texts, so that the result can be
written as TOML or read by a script. What is not known is left out or says "not measured"; it is never a nought.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from crm_workbook.catalogue import Catalogue
from crm_workbook.i18n import _
from crm_workbook.records import CHAPTERS, FieldType, Record
from crm_workbook.records.adoption import ChangeRequest, Incident, Measurement, Support, TestData, TrainingEvent, Workaround
from crm_workbook.records.book import Book
from crm_workbook.records.goals import CompanyGoal, CrmGoal, Expectation, Fear, Motive, Postponed, Project, Reason
from crm_workbook.records.minutes import Unfinished, Workshop
from crm_workbook.records.phases import AcceptanceTest, Defect, GateSignOff, Phase, PhaseFunction
from crm_workbook.records.processes import FormField, OptionList, Process
from crm_workbook.records.radar import FindingResponse
from crm_workbook.records.requirements import Conflict, Requirement, SignOff, Suggestion, SurveyAnswer
from crm_workbook.records.team import Assignment, Department, Office, OpenDecision, Person, Question, Scale
from crm_workbook.records.text import one_line
from crm_workbook.records.values import CENT
from crm_workbook.records.vendors import Answer, Choice, ContractPoint, CostLine, Payment, Vendor, VendorPromise

Node = dict[str, Any]
ANSWERED = ("answered", "unsure", "not_applicable")
"""States in which a vendor's answer closes the question."""

MANY = 10
"""Records that are named for one warning."""
LONG_LIST = 7
"""Options that people choose from easily."""


def summary(book: Book, catalogue: Catalogue, today: date, chapters: Iterable[str] = CHAPTERS) -> dict[str, Node]:
    """Chapter -> what there is to say about it on this day; KeyError for a chapter that does not exist."""
    view = _View(book, catalogue, today)
    return {chapter: _PARTS[chapter](view) for chapter in chapters}


class _View:
    """A book together with the words for what stands in it."""

    def __init__(self, book: Book, catalogue: Catalogue, today: date) -> None:
        self.book, self.catalogue, self.today = book, catalogue, today

    def title(self, kind: str, id_: str) -> str:
        """The text of a catalogue entry; its id when the catalogue does not know it."""
        return self.catalogue.titles(kind).get(id_, id_) if id_ else ""

    def value(self, row: Record, name: str) -> Any:
        """A field as it is read: codes with names, ids as texts, choices by their label; None when it is empty."""
        field, held = row.declared.fields[name], row.get(name)
        if held is None or held == field.empty:
            return None
        if isinstance(held, tuple):
            return [self.name(item) if field.type is FieldType.LINKS else self.title(field.of, item) for item in held]
        if field.type is FieldType.LINK:
            return self.name(str(held))
        if field.type is FieldType.KNOWN:
            return self.title(field.of, str(held))
        if field.options:
            return _(field.options.get(str(held), str(held)))
        return held.quantize(CENT) if isinstance(held, Decimal) else held

    def name(self, code: str) -> str:
        """G1 Answer every request; only the code when the record is not there or has no name."""
        row = self.book.get(code)
        return code if row is None else " ".join(filter(None, (code, self.label(row))))

    def label(self, row: Record) -> str:
        """What names the record to a person."""
        words = []
        for name in row.declared.label:
            field, held = row.declared.fields[name], row.get(name)
            if held in (None, field.empty):
                continue
            if field.type is FieldType.LINK:
                target = self.book.get(str(held))
                words.append((self.label(target) if target else "") or str(held))
            else:
                words.append(str(self.value(row, name)))
        return one_line(", ".join(words))

    def table(self, kind: type[Record], names: Mapping[str, str], test: Callable[[Any], bool] = lambda row: True) -> Node:
        """Code -> the named fields (key in the summary: field) of each record that passes the test."""
        return {row.code: _kept({key: self.value(row, name) for key, name in names.items()})
                for row in self.book.rows(kind) if test(row)}

    def listed(self, kind: type[Record], test: Callable[[Any], bool]) -> list[str]:
        """Code and name of each record that passes the test."""
        return [self.name(row.code) for row in self.book.rows(kind) if test(row)]


def _kept(node: Node) -> Node:
    """Without what is empty. A nought and a no stay."""
    return {key: value for key, value in node.items() if value is not None and value != "" and value != [] and value != {}}


def _figure(value: Any) -> Any:
    """A measured figure, or that it was not measured."""
    return _("not measured") if value is None else value


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


def _goals(view: _View) -> Node:
    book, project = view.book, view.book.only(Project)
    goals = view.table(CrmGoal, {"goal": "title", "serves": "company_goals", "behaviour": "behaviour", "indicator": "indicator",
                                 "unit": "unit", "target_on": "target_on", "owner": "owner"})
    for row in book.rows(CrmGoal):
        goals[row.code] |= {"today": _figure(row.baseline), "target": _figure(row.target)}
    served = {code for row in book.rows(CrmGoal) for code in row.company_goals}
    motives = [one_line(": ".join(filter(None, (view.title("motive", row.motive), row.words)))) for row in book.rows(Motive)]
    reasons = {key: [row.title for row in book.rows(Reason) if row.side == side]
               for key, side in (("we_want_to_gain", "gain"), ("we_want_to_avoid", "avoid"))}
    return _kept({
        **{name: view.value(project, name) for name in ("company", "start", "idea", "currency", "budget_low", "budget_high")},
        "motives": list(filter(None, motives)), **reasons,
        "company_goals": view.table(CompanyGoal, {"goal": "title", "department": "department", "gain": "user_benefit",
                                                  "weight": "weight", "owner": "owner"}),
        "crm_goals": goals,
        "expectations": view.table(Expectation, {"expectation": "title", "department": "department", "check": "check",
                                                 "expected": "expected", "got": "got"}),
        "open": _kept({
            "company_goals_without_crm_goal": view.listed(CompanyGoal, lambda row: row.code not in served),
            "company_goals_without_owner": view.listed(CompanyGoal, lambda row: not row.owner),
            "crm_goals_without_company_goal": view.listed(CrmGoal, lambda row: not row.company_goals),
            "crm_goals_without_indicator": view.listed(CrmGoal, lambda row: not row.indicator),
            "crm_goals_without_owner": view.listed(CrmGoal, lambda row: not row.owner),
            "crm_goals_not_measured_today": view.listed(CrmGoal, lambda row: row.baseline is None),
            "expectations_without_check": view.listed(Expectation, lambda row: not row.check),
            "fears_without_agreed_answer": view.listed(Fear, lambda row: not row.agreed),
            "put_off_without_day": view.listed(Postponed, lambda row: row.when is None)})})


def _team(view: _View) -> Node:
    book, scale = view.book, view.book.only(Scale)
    group = [row for row in book.rows(Person) if row.in_group]
    promised = [row.hours for row in group if row.hours is not None]
    now = [row for row in book.rows(Assignment) if row.until is None and row.role]
    roles: dict[str, list[str]] = {}
    for row in now:
        if row.person:
            roles.setdefault(view.title("role", row.role), []).append(view.name(row.person))
    filled = {row.role for row in now if row.person}
    departments = view.table(Department, _same("name", "head", "announced", "needs_asked"))
    for department in book.rows(Department):
        departments[department.code]["users"] = _figure(department.users)
    offices = {row.code: _kept({"name": row.name, "measured_on": row.measured_on,
                                **{name: _figure(row.get(name)) for name in ("users", "down_mbps", "up_kbps", "ping_ms")}})
               for row in book.rows(Office)}
    return _kept({
        "group": [view.name(row.code) for row in group],
        "hours_a_week": _figure(sum(promised) if promised else None),
        "members_without_hours": [view.name(row.code) for row in group if row.hours is None],
        "users": _figure(scale.users_total), "users_at_once": _figure(scale.users_at_once),
        "roles": roles, "departments": departments, "offices": offices,
        "decisions": view.table(OpenDecision, {"what": "title", "decision": "decision", "decided_on": "decided_on",
                                               "decider": "decider"}, lambda row: row.decided_on is not None),
        "open": _kept({
            "roles_nobody_has": [role.name for role in view.catalogue.roles.values()
                                 if role.mandatory_when == "always" and role.id not in filled],
            "decisions": view.table(OpenDecision, {"what": "title", "since": "raised_on", "decider": "decider"},
                                    lambda row: row.decided_on is None),
            "questions": view.table(Question, {"question": "title", "asked_by": "asked_by", "asked_on": "asked_on",
                                               "waits_for": "waits_for"}, lambda row: row.answered_on is None)})})


def _processes(view: _View) -> Node:
    processes = view.table(Process, {"process": "name", "owner": "owner", "duration": "deadline", "result": "result",
                                     "can_go": "can_go", "steps_today": "steps_before", "steps_with_crm": "steps_after"})
    long = [f"{view.name(row.code)} ({len(options)})" for row in view.book.rows(OptionList)
            if len(options := [line for line in row.options.splitlines() if line.strip()]) > LONG_LIST]
    return _kept({
        "processes": processes,
        "open": _kept({
            "processes_without_owner": view.listed(Process, lambda row: not row.owner),
            "processes_without_duration": view.listed(Process, lambda row: not row.deadline),
            "processes_that_get_longer": view.listed(Process, lambda row: None not in (row.steps_before, row.steps_after)
                                                     and row.steps_after > row.steps_before),
            "fields_without_purpose": _fields(view, "purpose"),
            "fields_nobody_reads": _fields(view, "reader"),
            "lists_over_seven_options": long})})


def _fields(view: _View, name: str) -> list[str]:
    """The fields of forms in which `name` is empty, with their forms."""
    return [" ".join(filter(None, (row.code, f"{view.name(row.form)}:" if row.form else "", row.name)))
            for row in view.book.rows(FormField) if not row.get(name)]


def _requirements(view: _View) -> Node:
    book = view.book
    counts = Counter((row.priority or "no_priority", row.state or "no_state") for row in book.rows(Requirement))
    by_priority: dict[str, dict[str, int]] = {}
    for priority in (*(Requirement.declared.fields["priority"].options or {}), "no_priority"):
        for state in (*(Requirement.declared.fields["state"].options or {}), "no_state"):
            if counts[priority, state]:
                by_priority.setdefault(priority, {})[state] = counts[priority, state]
    answered = {row.question for row in book.rows(SurveyAnswer)}
    signed = {row.department for row in book.rows(SignOff) if row.on is not None}
    return _kept({
        "count": by_priority,
        "musts": {row.code: row.title for row in book.rows(Requirement) if row.priority == "must" and row.state == "accepted"},
        "open": _kept({
            "not_decided": view.listed(Requirement, lambda row: row.state in ("", "proposed")),
            "without_goal": view.listed(Requirement, lambda row: row.state != "rejected" and not row.goals),
            "conflicts": view.listed(Conflict, lambda row: row.settled_on is None),
            "suggestions_without_answer": view.listed(Suggestion, lambda row: row.answered_on is None),
            "departments_not_signed": view.listed(Department, lambda row: row.code not in signed),
            "survey": None if answered else _("nobody was asked yet"),
            "survey_questions_nobody_answered": [text for id_, text in view.catalogue.titles("survey_question").items()
                                                 if id_ not in answered] if answered else []})})


def _vendors(view: _View) -> Node:
    return _kept({
        "decision": view.table(Choice, {"vendor": "vendor", "on": "on", "reason": "reason", "requirements": "requirements",
                                        "deciders": "deciders", "not_the_others": "rejected", "otherwise": "dissent",
                                        "review_on": "review_on"}),
        "candidates": {row.code: _vendor(view, row) for row in view.book.rows(Vendor)},
        "comparison": _comparison(view),
        "open": _kept({
            "promises_not_explained": view.listed(VendorPromise, lambda row: not row.explained),
            "contract_points": view.listed(ContractPoint, lambda row: row.state in ("", "open")),
            "cost_lines_without_amount": view.listed(CostLine, lambda row: row.likely is None),
            "payments": view.table(Payment, _same("vendor", "title", "amount", "due"), lambda row: row.paid_on is None)})})


def _vendor(view: _View, vendor: Vendor) -> Node:
    node = {name: view.value(vendor, name) for name in ("name", "product", "state", "out_because", "contact")}
    if vendor.state == "out":
        return _kept(node)
    asked = {id_: question for id_, question in view.catalogue.questions.items() if question.answered_by == "vendor"}
    done = {row.question for row in view.book.where(Answer, "vendor", vendor.code)
            if row.state in ANSWERED or (not row.state and row.value)}
    left = {id_: question for id_, question in asked.items() if id_ not in done}
    first = [question.text for question in left.values() if question.core]
    return _kept(node | {"questions": len(asked), "answered": len(asked) - len(left), "first_questions_open": first})


def _comparison(view: _View) -> Node:
    """The vendors in the order of the table, those that are out last. There is no grand total."""
    from crm_workbook.analysis.comparison import Standing, compare
    from crm_workbook.analysis.facts.view import View

    def share(value: float | None) -> int | None:
        return None if value is None else round(100 * value)

    def told(one: Standing, place: int) -> Node:
        scored: Node
        fit, scored = one.fit, {"score_percent": share(one.claimed), "score_proven_percent": share(one.proven),
                                "score_at_best_percent": share(one.best)}
        if not one.asked:
            scored = {"score": None if one.out else _("not asked yet")}
        return _kept({
            "place": None if one.out else place, "out_because": list(one.out), "fit_percent": share(fit.value),
            "must_gaps": None if fit.value is None else len(fit.must_gaps),
            "musts_not_met": [view.name(code) for code in fit.must_gaps[:MANY]],
            "musts_not_marked": len(fit.must_open), "answered_percent": share(one.coverage), **scored,
            "knock_outs_open": [test.question.text for test in one.open_knockouts], "warnings": dict(one.flags),
            "cost_at_least": one.costs.total.quantize(CENT) if one.priced else None, "amounts_open": one.costs.open_amounts})

    found = compare(View(view.book, view.catalogue, view.today))
    if not found.standings:
        return {}
    titles = view.catalogue.titles("question_section")
    return _kept({
        "order": [view.name(one.vendor.code) for one in found.standings],
        "highest_score": view.name(found.winner) if found.winner else None,
        "highest_proven_score": view.name(found.proven_winner) if found.proven_winner else None,
        "ask_first": [view.name(one.vendor.code) for one in (*found.unasked, *found.ask_first)],
        "weights_from": view.name(found.round.code) if found.round else _("the importance of the questions"),
        "weights_percent": {titles[name]: round(Decimal(100 * weight), 1)
                            for name, weight in zip(found.criteria, found.weights, strict=True)},
        "vendors": {one.vendor.code: told(one, place) for place, one in enumerate(found.standings, 1)}})


def _phases(view: _View) -> Node:
    book = view.book
    phases: Node = {}
    for phase in sorted(book.rows(Phase), key=lambda row: (row.order or 99, row.number)):
        names = ("title", "goals", "departments", "users", "start", "first_result", "go_live", "end", "closed_on")
        functions = [view.title("function", row.function) for row in book.where(PhaseFunction, "phase", phase.code)]
        phases[phase.code] = _kept({name: view.value(phase, name) for name in names} | {
            "functions": list(filter(None, functions))})
    return _kept({
        "phases": phases,
        "gates": view.table(GateSignOff, _same("gate", "phase", "on", "verdict", "people", "note")),
        "open": _kept({
            "tests_not_passed": view.listed(AcceptanceTest, lambda row: row.passed_on is None),
            "defects": view.table(Defect, {"what": "title", "how_bad": "severity", "repaired_by": "agreed_on"},
                                  lambda row: row.closed_on is None),
            "phases_without_days": view.listed(Phase, lambda row: None in (row.start, row.go_live, row.end))})})


def _adoption(view: _View) -> Node:
    book, support = view.book, view.book.only(Support)
    trainings = view.table(TrainingEvent, {"training": "title", "kind": "element", "on": "on", "minutes": "minutes"})
    for row in book.rows(TrainingEvent):
        trainings[row.code] |= {"held": row.held}
    open_ = [row for row in book.rows(Workaround) if row.closed_on is None]
    known = [row.minutes for row in open_ if row.minutes is not None]
    return _kept({
        "support_months": view.value(support, "months"), "learning_hours_a_week": view.value(support, "learning_hours"),
        "last_week": _last_week(view), "trainings": trainings,
        "open": _kept({
            "workaround_minutes_a_week": _figure(sum(known) if known else None) if open_ else None,
            "workarounds": view.table(Workaround, {"what": "title", "kind": "kind", "minutes_a_week": "minutes",
                                                   "change": "change"}, lambda row: row.closed_on is None),
            "workarounds_not_measured": [view.name(row.code) for row in open_ if row.minutes is None],
            "change_requests": view.table(ChangeRequest, {"what": "title", "asked_on": "asked_on", "planned_on": "planned_on"},
                                          lambda row: row.delivered_on is None and not row.declined),
            "incidents": view.listed(Incident, lambda row: row.fixed_at is None),
            "test_data_to_delete": view.listed(TestData, lambda row: row.deleted_on is None)})})


def _last_week(view: _View) -> Node:
    """The youngest weekly figures. Active rate = active / users, in per cent."""
    weeks = [row for row in view.book.rows(Measurement) if row.week is not None]
    if not weeks:
        return {}
    last = max(weeks, key=lambda row: (row.week or date.min, row.number))
    rate = round(100 * last.active / last.users) if last.active is not None and last.users else None
    return {"week": last.week, "users": _figure(last.users), "active": _figure(last.active), "active_rate": _figure(rate),
            **{name: _figure(last.get(name)) for name in ("own_lists", "in_time", "complete", "next_step")},
            **_kept({"note": last.note})}


def _radar(view: _View) -> Node:
    from crm_workbook.analysis.facts.view import View
    from crm_workbook.analysis.gates import gates
    from crm_workbook.analysis.radar import look
    from crm_workbook.analysis.wording import shown

    seen = View(view.book, view.catalogue, view.today)
    facts = view.catalogue.facts
    found = {one.pattern.id: _kept({
        "name": one.pattern.name, "severity": one.severity, "message": one.pattern.message,
        "because": [f"{facts[name].title}: {shown(facts[name], one.figures[name].value)}" for name in one.culprits],
        "records": list(one.records[:MANY]), "do": one.pattern.advice,
        "accepted_until": one.response.until if one.accepted and one.response else None})
        for one in (*look(seen).findings, *look(seen).accepted)}
    lists = {f"{state.gate.id}{f'-{state.phase.code}' if state.phase else ''}": _kept({
        "name": state.gate.name, "ready_percent": state.readiness, "stops": state.stops,
        "stopped_by": [item.item.text for item in state.items if item.stops],
        "signed_on": state.signed.on if state.signed and not state.signed.reopened else None}) for state in gates(seen)}
    return _kept({"on": view.today if found else None, "warnings": found, "gates": lists if found or view.book.tables else {},
                  "responses": view.table(FindingResponse, _same("pattern", "response", "person", "until", "reason"))})


def _minutes(view: _View) -> Node:
    return _kept({
        "meetings": view.table(Workshop, _same("title", "agenda", "on", "led_by", "attended", "result")),
        "open": _kept({"unfinished": view.table(Unfinished, _same("record", "field", "text", "who"))})})


_PARTS: Mapping[str, Callable[[_View], Node]] = {
    "goals": _goals, "team": _team, "processes": _processes, "requirements": _requirements, "vendors": _vendors,
    "phases": _phases, "adoption": _adoption, "radar": _radar, "minutes": _minutes}
