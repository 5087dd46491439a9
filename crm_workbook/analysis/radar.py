"""The radar: which failure patterns fire, which cannot be judged yet, and what the group says to them.

A pattern is an expression over facts (`catalogue.patterns`). With an unknown operand it may be unknown: that is uncertainty, no
alarm, and it is listed with what is missing. `look` is a pure function of a `View`; what did not change is taken over.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from crm_workbook.analysis.facts.view import Figure, Value, View
from crm_workbook.analysis.finders import Gap
from crm_workbook.analysis.stages import opened
from crm_workbook.analysis.wording import read_figures
from crm_workbook.catalogue.expressions import (
    Compare,
    Expression,
    Leaf,
    Name,
    Node,
    Wish,
    bounds,
    parse,
    subject,
    walk,
    wishes,
)
from crm_workbook.records.radar import FindingResponse, SelfCheckAnswer, Snapshot
from crm_workbook.records.team import Person

if TYPE_CHECKING:
    from crm_workbook.catalogue.rows import Pattern

SEVERITIES = ("info", "warn", "serious", "blocker")
"""From the lightest on."""
Trend = Literal["new", "worse", "same", "better", ""]
"""Since the last kept state; "" when none was kept."""
_TRENDS: tuple[Trend, ...] = ("worse", "new", "same", "", "better")


@dataclass(frozen=True, slots=True)
class Finding:
    """A pattern that fires, or (`fires` False) one that cannot be judged yet.

    `figures`: of the facts it speaks of, in the order of the rule. `wish`: what would have to change for it to go out.
    `response`: what the group says to it, the youngest one; `accepted`: so that it keeps quiet until that day.
    `said`: sentences of the self-check that the group found true of itself.
    """

    pattern: Pattern
    fires: bool
    severity: str
    figures: Mapping[str, Figure]
    wish: Wish | None
    trend: Trend = ""
    response: FindingResponse | None = None
    accepted: bool = False
    overdue: bool = False
    said: tuple[str, ...] = ()

    @property
    def culprits(self) -> list[str]:
        """The facts that would have to change; of a pattern that cannot be judged, those that are not known."""
        return culprits(self.wish if self.fires else None, self.figures)

    @property
    def records(self) -> tuple[str, ...]:
        """The codes of the records to look at, each once."""
        return tuple(dict.fromkeys(code for name in self.culprits for code in self.figures[name].records))

    @property
    def gaps(self) -> list[Gap]:
        """What to open to mend it, the first thing first."""
        return to_open(self.wish if self.fires else None, self.figures)


@dataclass(frozen=True, slots=True)
class Radar:
    """What is found on one day.

    `findings`: those that fire, the most urgent first. `accepted`: those that fire and that the group lives with for now.
    `unknown`: those that cannot be judged yet. `silenced`: those that the company does without. `gone`: those that fired when
    the state `since` was kept, and do so no more.
    """

    findings: tuple[Finding, ...]
    accepted: tuple[Finding, ...]
    unknown: tuple[Finding, ...]
    silenced: tuple[Pattern, ...]
    gone: tuple[Pattern, ...]
    since: Snapshot | None

    def count(self, severity: str) -> int:
        """How many findings of this severity there are."""
        return sum(finding.severity == severity for finding in self.findings)

    def find(self, id_: str) -> Finding | None:
        """What is known about one pattern; None when it is all right."""
        return next((found for found in (*self.findings, *self.accepted, *self.unknown) if found.pattern.id == id_), None)


def look(view: View) -> Radar:
    """The radar of this View: worked out once."""
    return view.once(_look)


def kept_state(view: View) -> Snapshot | None:
    """The youngest state that was kept on or before this day."""
    rows = [row for row in view.rows(Snapshot) if row.on is not None and row.on <= view.today]
    return max(rows, key=lambda row: (row.on or date.min, row.number), default=None)


def values_of(view: View, expression: Expression) -> dict[str, Value]:
    """The facts and params that an expression speaks of."""
    facts = view.catalogue.facts
    return {name: view.value(name) if name in facts else view.param(name) for name in expression.names}


def figures_of(view: View, expression: Expression) -> dict[str, Figure]:
    """The figures of the facts that an expression speaks of, in its order."""
    return {name: view.figure(name) for name in names_in(expression.tree) if name in view.catalogue.facts}


def names_in(node: Node) -> list[str]:
    """The facts and params in an expression, in order, each once."""
    return list(dict.fromkeys(part.id for part in walk(node) if isinstance(part, Name)))


def culprits(wish: Wish | None, figures: Mapping[str, Figure]) -> list[str]:
    """The facts that a wish is about; without a wish those that are not known."""
    if wish is None:
        return [name for name, figure in figures.items() if figure.value is None]
    return list(dict.fromkeys(name for leaf in leaves(wish) for name in _about(leaf) if name in figures))


def to_open(wish: Wish | None, figures: Mapping[str, Figure]) -> list[Gap]:
    """What to open so that a wish comes true: for the facts it is about, then for those that it compares them with."""
    names = dict.fromkeys([*culprits(wish, figures), *(name for leaf in leaves(wish) for name in names_in(leaf.node))])
    return [gap for name in names if name in figures and (gap := figures[name].gap) is not None]


def _about(leaf: Leaf) -> list[str]:
    """The fact that a comparison is about; all that it speaks of where no single one is."""
    about = subject(leaf.node) if isinstance(leaf.node, Compare) else None
    return [about.id] if about is not None else names_in(leaf.node)


def sure(wish: Wish | None, values: Mapping[str, Value]) -> Wish | None:
    """The wish without what is not known: when the rest has changed, a rule fires no more, it is not known."""
    if wish is None or isinstance(wish, Leaf):
        return wish if wish is None or wish.node.value(values) is not None else None
    parts = tuple(part for part in (sure(part, values) for part in wish.parts) if part is not None)
    return parts[0] if len(parts) == 1 else type(wish)(parts) if parts else None


def leaves(wish: Wish | None) -> Iterator[Leaf]:
    """The single things that would have to change."""
    if isinstance(wish, Leaf):
        yield wish
    elif wish is not None:
        for part in wish.parts:
            yield from leaves(part)


def healthy(view: View) -> Mapping[str, Value]:
    """Every fact as it is where all is well, and the params."""
    return view.once(_healthy)


def _healthy(view: View) -> dict[str, Value]:
    found: dict[str, Value] = {id_: fact.healthy for id_, fact in view.catalogue.facts.items()}
    return found | {id_: param.value for id_, param in view.catalogue.params.items()}


def _look(view: View) -> Radar:
    since, stages = kept_state(view), opened(view)
    before = read_figures(since.figures) if since is not None else {}
    responses = _responses(view)
    said = {row.statement for row in view.rows(SelfCheckAnswer) if row.applies}
    found, silenced = list[Finding](), list["Pattern"]()
    for pattern in view.catalogue.patterns.values():
        if pattern.silenced:
            silenced.append(pattern)
        elif pattern.active_from in stages:
            finding = _judged(view, pattern, since, before, responses.get(pattern.id), said)
            if finding is not None:
                found.append(finding)
    order = {id_: number for number, id_ in enumerate(view.catalogue.patterns)}
    found.sort(key=lambda one: (-SEVERITIES.index(one.severity), _TRENDS.index(one.trend), one.pattern.minutes,
                                order[one.pattern.id]))
    there = {one.pattern.id for one in found}.union(pattern.id for pattern in silenced)
    gone = [pattern for id_, pattern in view.catalogue.patterns.items()
            if since is not None and id_ in since.findings and id_ not in there]
    return Radar(tuple(one for one in found if one.fires and not one.accepted), tuple(one for one in found if one.accepted),
                 tuple(one for one in found if not one.fires), tuple(silenced), tuple(gone), since)


def _judged(view: View, pattern: Pattern, since: Snapshot | None, before: Mapping[str, Value],
            response: FindingResponse | None, said: set[str]) -> Finding | None:
    """The finding of a pattern; None when it does not fire."""
    rule = parse(pattern.fires_when)
    values = values_of(view, rule)
    fires = rule.value(values)
    if fires is not None and not fires:
        return None
    figures = figures_of(view, rule)
    sentences = tuple(check.text for id_, check in view.catalogue.self_checks.items()
                      if check.pattern == pattern.id and id_ in said)
    if fires is None:
        return Finding(pattern, False, pattern.severity, figures, None, response=response, said=sentences)
    severity = _severity(pattern, values_of(view, parse(pattern.escalate_when)) if pattern.escalate_when else {})
    wish = sure(wishes(rule, values, healthy(view)), values)
    on_time = response is not None and response.until is not None and view.today <= response.until
    return Finding(pattern, True, severity, figures, wish, _trend(view, pattern, severity, values, wish, since, before),
                   response, on_time and response is not None and _settles(view, response, severity),
                   response is not None and response.until is not None and not on_time, sentences)


def _responses(view: View) -> dict[str, FindingResponse]:
    """The youngest answer to each pattern that says who, and until when; one that is only begun where there is no other."""
    found: dict[str, FindingResponse] = {}
    for row in sorted(view.rows(FindingResponse), key=lambda row: (_complete(row), row.number)):
        found[row.pattern] = row
    return found


def _complete(row: FindingResponse) -> bool:
    return bool(row.response and row.person and row.until and (row.response == "act" or row.reason.strip()))


def graver(row: FindingResponse | None, severity: str) -> bool:
    """Has a warning become graver since it was answered?"""
    return row is not None and row.severity in SEVERITIES and SEVERITIES.index(severity) > SEVERITIES.index(row.severity)


def _settles(view: View, row: FindingResponse, severity: str) -> bool:
    """Is the risk accepted? By one of ours, with a reason, for no longer than p_accept_days, and as grave as it was then."""
    person = view.find(Person, row.person)
    near = row.until is not None and (row.until - view.today).days <= view.param("p_accept_days")
    return row.response in ("accept", "dismiss") and _complete(row) and near and not graver(row, severity) and (
        person is not None and person.side in ("client", ""))


def _severity(pattern: Pattern, values: Mapping[str, Value]) -> str:
    raised = bool(pattern.escalate_when) and parse(pattern.escalate_when).value(values) is True
    # a company may have set the severity of the pattern above the one it is raised to
    return max(pattern.severity, pattern.escalate_to, key=SEVERITIES.index) if raised else pattern.severity


def _trend(view: View, pattern: Pattern, severity: str, values: Mapping[str, Value], wish: Wish | None,
           since: Snapshot | None, before: Mapping[str, Value]) -> Trend:
    """How it stands beside the kept state: by severity, then by the figures that would have to change."""
    if since is None:
        return ""
    if pattern.id not in since.findings:
        return "new"
    params: dict[str, Value] = {id_: param.value for id_, param in view.catalogue.params.items()}
    rule, then = parse(pattern.fires_when), dict.fromkeys(view.catalogue.facts) | params | dict(before)
    steps = SEVERITIES.index(severity) - SEVERITIES.index(_severity(pattern, then))
    now, old = set(leaves(wish)), set(leaves(wishes(rule, then, healthy(view))))
    moves = [steps, *(_move(leaf, values, before) for leaf in now & old),
             *(1 for leaf in now - old if leaf.node.value(then) is not None),  # it was all right then
             *(-1 for leaf in old - now if leaf.node.value(then) is not None and leaf.node.value(values) is not None)]
    return "worse" if max(moves) > 0 else "better" if min(moves) < 0 else "same"


def _move(leaf: Leaf, values: Mapping[str, Value], before: Mapping[str, Value]) -> float:
    """How far the subject of a comparison has moved away from where it should be since then; 0 when that is not known."""
    if not isinstance(leaf.node, Compare):
        return 0
    found, about = bounds(leaf.node, leaf.wanted, values), subject(leaf.node)
    now, then = (values.get(about.id), before.get(about.id)) if about is not None else (None, None)
    if found is None or now is None or then is None:
        return 0
    return (now - then) * (1 if found[0] in ("at most", "less than") else -1 if found[0] in ("at least", "more than") else 0)
