"""Checks that need more than one entry: references, circles, conditions, rules, answers that do not exist, long lists."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import is_dataclass
from graphlib import CycleError, TopologicalSorter
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from crm_workbook.catalogue.conditions import parse_condition
from crm_workbook.catalogue.expressions import mistakes, parse
from crm_workbook.catalogue.faults import At, CatalogueError, Problem
from crm_workbook.catalogue.overlay import is_own
from crm_workbook.catalogue.rows import (
    KINDS,
    Fact,
    Flag,
    GateItem,
    GoalExample,
    Param,
    Pattern,
    Question,
    Role,
    RoleConflict,
    TrainingElement,
)
from crm_workbook.catalogue.rule_lints import FACT_TYPES, HEALTHY, Terms, fits, rule_problems, terms_of
from crm_workbook.catalogue.shape import Rule, shape, span

if TYPE_CHECKING:
    from crm_workbook.catalogue.core import Catalogue

YES_NO = frozenset({"yes", "partly", "no"})
UNKNOWN = "unknown"
NUMERIC = frozenset({"number", "money"})
COST_WORDS = frozenset({"always", "flagged"})
NUMBERED = frozenset({"stage", "gate"})
"""Kinds whose `order` is a place of its own."""
SPEAKING = frozenset({"question", "pattern", "gate_item"})
"""Kinds with conditions or expressions over facts and params."""
FLAG_NEEDS: Mapping[str, tuple[str, ...]] = {
    "in": ("values",),
    "eq": ("value",),
    "lt": ("value",),
    "gt": ("value",),
    "age_gt": ("value",),
    "lt_ref": ("ref",),
    "share_of_ref_gt": ("ref", "times_ref", "value"),
    "scaled_gt_ref": ("ref", "scale"),
}
"""What a flag must say by its operator; a param can stand in place of a value."""

Fault = tuple[str, str]
"""A key and what is wrong with it."""


def lint(catalogue: "Catalogue", kinds: Iterable[str]) -> list[Problem]:
    """What is wrong between the entries of these kinds and all others. The kinds themselves must be readable.

    With an overlay, only what it touches is looked at: it can take nothing away that the catalogue's own entries refer to.
    """
    return [problem for kind in kinds for problem in _lint_kind(catalogue, kind)]


def _lint_kind(catalogue: "Catalogue", kind: str) -> Iterator[Problem]:
    rows = catalogue.rows(kind)
    overlay = catalogue.overlay
    own = [id for id in rows if overlay is None or is_own(id)]
    looked_at = own if overlay is None else [id for id in rows if is_own(id) or f"{kind}/{id}" in overlay.changed]
    places = {id: _place(catalogue, kind, id) for id in looked_at}
    terms = terms_of(catalogue) if kind in SPEAKING and (own or (overlay and overlay.thresholds)) else None
    for id, at in places.items():
        yield from _row_problems(catalogue, kind, rows[id], at, terms)
    if terms and kind in HEALTHY:
        for id, row in rows.items():
            yield from rule_problems(catalogue, kind, row, _place(catalogue, kind, id), terms)
    if kind in CHAINS:
        key, waits_for = CHAINS[kind]
        for id, what in _circles(kind, {id: waits_for(rows[id]) for id in own}):
            yield places[id].inside(key).problem(what)
    if kind in NUMBERED:
        free = max((row.order for row in rows.values()), default=0) + 1
        for at, other in _twice(rows, places, attrgetter("order")):
            yield at.inside("order").problem(f"{other} has the same number. Expected one of its own, such as {free}.")
    title = KINDS[kind].title
    for at, other in _twice(rows, places, lambda row: getattr(row, title).casefold()):
        yield at.inside(title).problem(f"the same text as {other}.", warning=True)


def _place(catalogue: "Catalogue", kind: str, id: str) -> At:
    """Where an entry comes from, or where it was changed."""
    if catalogue.overlay and is_own(id):
        return At(catalogue.overlay.file, f"{kind} {id}")
    if catalogue.overlay and f"{kind}/{id}" in catalogue.overlay.changed:
        return At(catalogue.overlay.file, f"change of {kind}/{id}")
    return At(f"{KINDS[kind].file}.toml", f"{kind} {id}")


def _twice(rows: Mapping[str, Any], places: Mapping[str, At], about: Callable[[Any], object]) -> Iterator[tuple[At, str]]:
    """Entries that share what each should have alone: the place of one that is looked at, and the other one."""
    first: dict[object, str] = {}
    for id, row in rows.items():
        other = first.setdefault(about(row), id)
        if other != id and id in places:
            yield places[id], other
        elif other != id and other in places:
            yield places[other], id


def _row_problems(catalogue: "Catalogue", kind: str, row: Any, place: At, terms: Terms | None) -> Iterator[Problem]:
    """What is wrong with an entry, as far as no other entry of its kind is concerned."""
    for rule, value, at in _ruled(row, place):
        for what in _rule_faults(catalogue, rule, value, terms):
            yield at.problem(what)
        if rule.most is not None and isinstance(value, tuple) and len(value) > rule.most:
            yield at.problem(f"{len(value)} are many to choose from; {rule.most} are enough.", warning=True)
    for key, what in ROW_CHECKS.get(kind, _nothing)(row):
        yield place.inside(key).problem(what)


def _ruled(row: Any, at: At) -> Iterator[tuple[Rule, object, At]]:
    """Each value in a row with each rule of its field; of a list, the list and its members."""
    for field in shape(type(row)):
        value, place = getattr(row, field.name), at.inside(field.key)
        members = value if isinstance(value, tuple) else ()
        numbered = ((member, place._replace(key=f"{place.key} {n}")) for n, member in enumerate(members, start=1))
        for item, where in ((value, place), *numbered):
            if is_dataclass(item):
                yield from _ruled(item, where)
            else:
                yield from ((rule, item, where) for rule in field.rules)


def _rule_faults(catalogue: "Catalogue", rule: Rule, value: object, terms: Terms | None) -> Iterator[str]:
    if value == "" or not isinstance(value, str | int):
        return
    if rule.refers and not _known(catalogue, rule.refers, str(value)):
        yield f'the catalogue has no {rule.refers} "{value}".'
    if rule.refers == "fact" and terms:  # only flags of questions refer to facts
        yield from _reference_faults(str(value), terms)
    if rule.condition:
        yield from _condition_faults(catalogue, str(value), terms)
    if rule.expression:
        yield from _expression_faults(str(value), terms)


def _expression_faults(text: str, terms: Terms | None) -> Iterator[str]:
    try:
        expression = parse(text)
    except ValueError as error:
        yield str(error)
    else:
        yield from mistakes(expression, terms.types) if terms else ()


def _known(catalogue: "Catalogue", kind: str, id: str) -> bool:
    """Whether an entry exists; a file that cannot be read is reported elsewhere, so its entries count as known."""
    try:
        return id in catalogue.rows(kind)
    except CatalogueError:
        return True


def _condition_faults(catalogue: "Catalogue", text: str, terms: Terms | None) -> Iterator[str]:
    try:
        condition = parse_condition(text)
    except ValueError as error:
        yield str(error)
        return
    kind = {"answer": "question", "must_have": "function", "promise": "promise"}.get(condition.about)
    if kind and not _known(catalogue, kind, condition.subject):
        yield f'the catalogue has no {kind} "{condition.subject}".'
    elif condition.about == "answer":
        possible = answers(catalogue.questions[condition.subject])
        for answer in condition.values:
            if answer not in possible:
                yield f'the question {condition.subject} has no answer "{answer}".'
    elif condition.about == "fact":
        yield from _expression_faults(condition.subject, terms)
        if terms:
            for name in sorted(parse(condition.subject).names):
                yield from _circular(name, terms)


def _reference_faults(name: str, terms: Terms) -> Iterator[str]:
    """What is wrong with a fact that an answer is compared with."""
    if terms.types.get(name) == "bool":
        yield f'"{name}" is a yes or no, where a number is needed.'
    yield from _circular(name, terms)


def _circular(name: str, terms: Terms) -> Iterator[str]:
    """A question cannot wait for what is worked out from the questions."""
    if name in terms.facts and terms.facts[name].from_answers:
        yield f'a question cannot depend on "{name}", which may itself be worked out from questions and answers.'


def answers(question: Question) -> frozenset[str]:
    """The answers that a question allows, as far as they can be listed."""
    listed = {"yes_no": YES_NO, "single_choice": frozenset(option.id for option in question.options)}
    return listed.get(question.answer_type, frozenset()) | {UNKNOWN}


def _nothing(row: Any) -> Iterable[Fault]:
    return ()


def _question(row: Question) -> Iterator[Fault]:
    if (row.answer_type == "single_choice") != bool(row.options):
        yield "option", "expected options for a single choice, and for nothing else."
    if row.scored and row.answer_type == "number" and (row.best is None or row.worst is None or row.best == row.worst):
        yield "best", "expected a best and a different worst number, because the answer is scored."
    for id, times in Counter(option.id for option in row.options).items():
        if times > 1:
            yield "option", f'expected each id once, found "{id}" {times} times.'
    possible = answers(row)
    for number, flag in enumerate(row.flags, start=1):
        yield from ((f"flag {number}, {key}", f"expected {wanted}, because op is {flag.op}.") for key, wanted in _lacking(flag))
        wanted = flag.values if flag.op == "in" else (flag.value,) if flag.op == "eq" else ()
        for answer in wanted:
            if answer not in possible and not (row.answer_type in NUMERIC and isinstance(answer, int | float)):
                yield f"flag {number}", f'this question has no answer "{answer}".'
    for answer in row.cost.opens_when if row.cost else ():
        if answer not in possible | COST_WORDS:
            yield "cost, opens_when", f'expected an answer of this question, always or flagged, found "{answer}".'


def _lacking(flag: Flag) -> Iterator[Fault]:
    """What a flag does not say although its operator needs it."""
    for key in FLAG_NEEDS.get(flag.op, ()):
        if key == "value" and flag.op != "eq":
            if not flag.param and not isinstance(flag.value, int | float):
                yield key, "a number or a param"
        elif getattr(flag, key) in ("", None, ()):
            yield key, "one"


def _role(row: Role) -> Iterator[Fault]:
    if row.min > row.max:
        yield "min", f"expected at most {row.max}, the largest number of people, found {row.min}."


def _role_conflict(row: RoleConflict) -> Iterator[Fault]:
    if row.a == row.b:
        yield "b", "expected another role than a."


def _training_element(row: TrainingElement) -> Iterator[Fault]:
    if row.day_from > row.day_to:
        yield "day_from", f"expected a day no later than {row.day_to}, found {row.day_from}."


def _goal_example(row: GoalExample) -> Iterator[Fault]:
    if not row.functions:
        yield "functions", "expected at least one function that serves the goal."


def _fact(row: Fact) -> Iterator[Fault]:
    if not fits(row, row.healthy):
        yield "healthy", f"expected {FACT_TYPES[row.type][0]}, because the type is {row.type}."


def _pattern(row: Pattern) -> Iterator[Fault]:
    if not row.fires_when:
        yield "fires_when", "expected an expression, found an empty text."
    if bool(row.escalate_when) != bool(row.escalate_to):
        yield "escalate_to", "expected escalate_when and escalate_to, or neither."


def _gate_item(row: GateItem) -> Iterator[Fault]:
    if (row.kind == "auto") != bool(row.ok_when):
        yield "ok_when", "expected an expression for an automatic item, and none for a manual one."


def _param(row: Param) -> Iterator[Fault]:
    if not row.fits:
        yield "value", f"expected {span(row.low, row.high, whole=row.whole)}, found {row.value}."


ROW_CHECKS: Mapping[str, Callable[[Any], Iterable[Fault]]] = {
    "question": _question,
    "role": _role,
    "role_conflict": _role_conflict,
    "training_element": _training_element,
    "goal_example": _goal_example,
    "fact": _fact,
    "pattern": _pattern,
    "gate_item": _gate_item,
    "param": _param,
}


def _asked_before(question: Question) -> list[str]:
    """The question whose answer decides whether this one is asked."""
    try:
        condition = parse_condition(question.applies_when)
    except ValueError:
        return []
    return [condition.subject] if condition.about == "answer" else []


CHAINS: Mapping[str, tuple[str, Callable[[Any], Iterable[str]]]] = {
    "function": ("prerequisites", lambda row: row.prerequisites),
    "question": ("applies_when", _asked_before),
}
"""Kinds whose entries wait for others of the same kind: under which key, and for which."""


def _circles(kind: str, chains: Mapping[str, Iterable[str]]) -> Iterator[Fault]:
    """A circle of entries that wait for each other, if there is one: its first id and the way around."""
    try:
        TopologicalSorter(chains).prepare()
    except CycleError as error:
        circle = error.args[1]
        yield circle[-1], f"these {kind}s wait for each other: {' - '.join(reversed(circle))}."
