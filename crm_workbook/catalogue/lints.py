"""Checks that need more than one entry: references, circles, conditions, rules, answers that do not exist, long lists."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import is_dataclass
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from crm_workbook.catalogue.conditions import parse_condition
from crm_workbook.catalogue.expressions import And, Compare, Expression, Node, Or, Type, Value, mistakes, parse, walk
from crm_workbook.catalogue.faults import At, CatalogueError, Problem
from crm_workbook.catalogue.rows import (
    KINDS,
    Fact,
    GateItem,
    GoalExample,
    Pattern,
    Question,
    Role,
    RoleConflict,
    Severity,
    TrainingElement,
)
from crm_workbook.catalogue.satisfiable import satisfiable
from crm_workbook.catalogue.shape import Rule, shape

if TYPE_CHECKING:
    from crm_workbook.catalogue.core import Catalogue

YES_NO = frozenset({"yes", "partly", "no"})
UNKNOWN = "unknown"
NUMERIC = frozenset({"number", "money"})
COST_WORDS = frozenset({"always", "flagged"})
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
SPEAKING = frozenset({"question", "pattern", "gate_item"})
"""Kinds with conditions or expressions over facts and params."""
HEALTHY = {"pattern": ("fires_when", False), "gate_item": ("ok_when", True)}
"""Where the rule of a kind stands, and what it says in a project where all is well."""
FACT_TYPES: Mapping[str, tuple[str, tuple[type, ...]]] = {
    "bool": ("true or false", (bool,)),
    "int": ("a whole number", (int,)),
    "float": ("a number", (float, int)),
}
COUNTED = frozenset({"", "people"})
"""Units of whole numbers that are never negative."""

Fault = tuple[str, str]
"""A key and what is wrong with it."""


class Terms(NamedTuple):
    """What rules speak of: facts and params, their types, the numbers of the params, and everything where all is well."""

    facts: Mapping[str, Fact]
    types: Mapping[str, Type]
    numbers: Mapping[str, int | float]
    healthy: Mapping[str, Value]
    counts: frozenset[str]  # facts that are never negative

    def sound(self, text: str) -> Expression | None:
        """An expression in which there is no mistake."""
        try:
            found = parse(text)
        except ValueError:
            return None
        return None if mistakes(found, self.types) else found

    def constant(self, node: Node) -> str:
        """Why a part of a rule says nothing; empty when it can be true and false."""
        if not satisfiable([(node, True)], self.numbers, self.counts):
            return "can never be true"
        return "" if satisfiable([(node, False)], self.numbers, self.counts) else "is always true"


def lint(catalogue: "Catalogue", kinds: Iterable[str]) -> list[Problem]:
    """What is wrong between the entries of these kinds and all others. The kinds themselves must be readable."""
    return [problem for kind in kinds for problem in _lint_kind(catalogue, kind)]


def _lint_kind(catalogue: "Catalogue", kind: str) -> Iterator[Problem]:
    rows = catalogue.rows(kind)
    places = {id: _place(catalogue, kind, id) for id in rows}
    terms = _terms(catalogue) if kind in SPEAKING else None
    for id, row in rows.items():
        for rule, value, at in _ruled(row, places[id]):
            for what in _rule_faults(catalogue, rule, value, terms):
                yield at.problem(what)
            if rule.most is not None and isinstance(value, tuple) and len(value) > rule.most:
                yield at.problem(f"{len(value)} are many to choose from; {rule.most} are enough.", warning=True)
        for key, what in ROW_CHECKS.get(kind, _nothing)(row):
            yield places[id].inside(key).problem(what)
        if terms and kind in HEALTHY:
            yield from _rule_problems(catalogue, kind, row, places[id], terms)
    if kind in CHAINS:
        key, waits_for = CHAINS[kind]
        for id, what in _circles(kind, {id: waits_for(row) for id, row in rows.items()}):
            yield places[id].inside(key).problem(what)
    yield from _same_titles(kind, rows, places)


def _place(catalogue: "Catalogue", kind: str, id: str) -> At:
    """Where an entry comes from: only those of an overlay have a dot in their id."""
    file = catalogue.overlay.file if catalogue.overlay and "." in id else f"{KINDS[kind].file}.toml"
    return At(file, f"{kind} {id}")


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


def _terms(catalogue: "Catalogue") -> Terms | None:
    """What rules may speak of; None when those files cannot be read, which is reported elsewhere."""
    try:
        facts, params = catalogue.facts, catalogue.params
    except CatalogueError:
        return None
    numbers = {id: param.value for id, param in params.items()}
    types: dict[str, Type] = {id: "bool" if fact.type == "bool" else "number" for id, fact in facts.items()}
    types |= dict.fromkeys(numbers, "number")
    healthy = {**numbers, **{id: fact.healthy for id, fact in facts.items()}}
    counts = frozenset(id for id, fact in facts.items() if fact.type == "int" and fact.unit in COUNTED)
    return Terms(facts, types, numbers, healthy, counts)


def _rule_faults(catalogue: "Catalogue", rule: Rule, value: object, terms: Terms | None) -> Iterator[str]:
    if value == "" or not isinstance(value, str | int):
        return
    if rule.refers and not _known(catalogue, rule.refers, str(value)):
        yield f'the catalogue has no {rule.refers} "{value}".'
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
        wanted = flag.values if flag.op == "in" else (flag.value,) if flag.op == "eq" else ()
        for answer in wanted:
            if answer not in possible and not (row.answer_type in NUMERIC and isinstance(answer, int | float)):
                yield f"flag {number}", f'this question has no answer "{answer}".'
    for answer in row.cost.opens_when if row.cost else ():
        if answer not in possible | COST_WORDS:
            yield "cost, opens_when", f'expected an answer of this question, always or flagged, found "{answer}".'


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
    if not _fits(row, row.healthy):
        yield "healthy", f"expected {FACT_TYPES[row.type][0]}, because the type is {row.type}."


def _pattern(row: Pattern) -> Iterator[Fault]:
    if not row.fires_when:
        yield "fires_when", "expected an expression, found an empty text."
    if bool(row.escalate_when) != bool(row.escalate_to):
        yield "escalate_to", "expected escalate_when and escalate_to, or neither."


def _gate_item(row: GateItem) -> Iterator[Fault]:
    if (row.kind == "auto") != bool(row.ok_when):
        yield "ok_when", "expected an expression for an automatic item, and none for a manual one."


ROW_CHECKS: Mapping[str, Callable[[Any], Iterable[Fault]]] = {
    "question": _question,
    "role": _role,
    "role_conflict": _role_conflict,
    "training_element": _training_element,
    "goal_example": _goal_example,
    "fact": _fact,
    "pattern": _pattern,
    "gate_item": _gate_item,
}


def _fits(fact: Fact, value: bool | int | float) -> bool:
    """Whether a value has the type of a fact; a whole number is a number too, true and false are none."""
    return type(value) in FACT_TYPES[fact.type][1]


def _rule_problems(catalogue: "Catalogue", kind: str, row: Any, at: At, terms: Terms) -> Iterator[Problem]:
    """What is wrong with the rule of a pattern or a gate item, once its expressions themselves are sound.

    With an overlay, the catalogue's own rules are only looked at when they speak of a threshold that it changes. A company
    may well be stricter than what counts as healthy elsewhere, so that is a warning then.
    """
    key, well = HEALTHY[kind]
    rule, overlay = terms.sound(getattr(row, key)), catalogue.overlay
    if rule is None:
        return
    raised = terms.sound(row.escalate_when) if isinstance(row, Pattern) else None
    because = ""
    if overlay is None or "." in row.id:
        yield from _idle_parts(rule, at.inside(key), terms)
        if isinstance(row, Pattern):
            yield from _pattern_problems(row, rule, at, terms)
    else:
        changed = sorted((rule.names | (raised.names if raised else frozenset())) & overlay.thresholds)
        if not changed:
            return
        at, because = At(overlay.file, at.entry), f", now that {' and '.join(changed)} changed"
    if constant := terms.constant(rule.tree):
        yield at.inside(key).problem(f"{constant}{because}.")
    elif raised and not satisfiable([(rule.tree, True), (raised.tree, True)], terms.numbers, terms.counts):
        yield at.inside("escalate_when").problem(f"can never be true while the pattern fires{because}.")
    elif rule.value(terms.healthy) is not well:
        what = f"is {'not ' if well else ''}true even where all is well{because}."
        yield at.inside(key).problem(what, warning=overlay is not None)


def _idle_parts(rule: Expression, at: At, terms: Terms) -> Iterator[Problem]:
    """Parts that its author could leave out of a rule."""
    whole = terms.constant(rule.tree)
    for part in () if whole else walk(rule.tree):
        if isinstance(part, And | Or | Compare) and (constant := terms.constant(part)):
            yield at.problem(f'the part "{part}" {constant}.')


def _pattern_problems(row: Pattern, rule: Expression, at: At, terms: Terms) -> Iterator[Problem]:
    """What the author of a pattern wrote about it: how grave it is, and examples that make it fire."""
    if row.escalate_to and SEVERITIES.index(row.escalate_to) <= SEVERITIES.index(row.severity):
        yield at.inside("escalate_to").problem(f"expected something graver than {row.severity}, found {row.escalate_to}.")
    for number, trigger in enumerate(row.triggers, start=1):
        place = at.inside(f"triggers {number}")
        faults = ((name, _trigger_fault(terms.facts.get(name), name, value)) for name, value in trigger.items())
        wrong = [place.inside(name).problem(what) for name, what in faults if what]
        if not wrong and rule.value({**terms.healthy, **trigger}) is not True:
            wrong.append(place.problem("does not make the pattern fire."))
        yield from wrong


def _trigger_fault(fact: Fact | None, name: str, value: bool | int | float) -> str:
    if fact is None:
        return f'the catalogue has no fact "{name}".'
    return "" if _fits(fact, value) else f"expected {FACT_TYPES[fact.type][0]}."


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


def _same_titles(kind: str, rows: Mapping[str, Any], places: Mapping[str, At]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for id, row in rows.items():
        title = getattr(row, KINDS[kind].title)
        other = first.setdefault(title.casefold(), id)
        if other != id:
            yield places[id].inside(KINDS[kind].title).problem(f"the same text as {other}.", warning=True)
