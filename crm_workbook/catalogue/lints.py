"""Checks that need more than one entry: references, circles, conditions, answers that do not exist, long lists."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import is_dataclass
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any

from crm_workbook.catalogue.conditions import parse_condition
from crm_workbook.catalogue.faults import At, CatalogueError, Problem
from crm_workbook.catalogue.rows import KINDS, Function, GoalExample, Question, Role, RoleConflict, TrainingElement
from crm_workbook.catalogue.shape import Rule, shape

if TYPE_CHECKING:
    from crm_workbook.catalogue.core import Catalogue

YES_NO = frozenset({"yes", "partly", "no"})
UNKNOWN = "unknown"
NUMERIC = frozenset({"number", "money"})
COST_WORDS = frozenset({"always", "flagged"})

Fault = tuple[str, str]
"""A key and what is wrong with it."""


def lint(catalogue: "Catalogue", kinds: Iterable[str]) -> list[Problem]:
    """What is wrong between the entries of these kinds and all others. The kinds themselves must be readable."""
    return [problem for kind in kinds for problem in _lint_kind(catalogue, kind)]


def _lint_kind(catalogue: "Catalogue", kind: str) -> Iterator[Problem]:
    rows = catalogue.rows(kind)
    places = {id: _place(catalogue, kind, id) for id in rows}
    for id, row in rows.items():
        for rule, value, at in _ruled(row, places[id]):
            for what in _rule_faults(catalogue, rule, value):
                yield at.problem(what)
            if rule.most is not None and isinstance(value, tuple) and len(value) > rule.most:
                yield at.problem(f"{len(value)} are many to choose from; {rule.most} are enough.", warning=True)
        for key, what in ROW_CHECKS.get(kind, _nothing)(row):
            yield places[id].inside(key).problem(what)
    if kind == "function":
        for id, what in _circles(rows):
            yield places[id].inside("prerequisites").problem(what)
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


def _rule_faults(catalogue: "Catalogue", rule: Rule, value: object) -> Iterator[str]:
    if value == "" or not isinstance(value, str | int):
        return
    if rule.refers and not _known(catalogue, rule.refers, str(value)):
        yield f'the catalogue has no {rule.refers} "{value}".'
    if rule.condition:
        yield from _condition_faults(catalogue, str(value))


def _known(catalogue: "Catalogue", kind: str, id: str) -> bool:
    """Whether an entry exists; a file that cannot be read is reported elsewhere, so its entries count as known."""
    try:
        return id in catalogue.rows(kind)
    except CatalogueError:
        return True


def _condition_faults(catalogue: "Catalogue", text: str) -> Iterator[str]:
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
    # What facts there are is known further up in the house; params belong to the catalogue.
    for name in sorted(condition.names):
        if name.startswith("p_") and not _known(catalogue, "param", name):
            yield f'the catalogue has no param "{name}".'


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


ROW_CHECKS: Mapping[str, Callable[[Any], Iterable[Fault]]] = {
    "question": _question,
    "role": _role,
    "role_conflict": _role_conflict,
    "training_element": _training_element,
    "goal_example": _goal_example,
}


def _circles(functions: Mapping[str, Function]) -> Iterator[Fault]:
    """A circle of functions that wait for each other, if there is one: its first id and the way around."""
    try:
        TopologicalSorter({id: function.prerequisites for id, function in functions.items()}).prepare()
    except CycleError as error:
        circle = error.args[1]
        yield circle[-1], f"these functions wait for each other: {' - '.join(reversed(circle))}."


def _same_titles(kind: str, rows: Mapping[str, Any], places: Mapping[str, At]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for id, row in rows.items():
        title = getattr(row, KINDS[kind].title)
        other = first.setdefault(title.casefold(), id)
        if other != id:
            yield places[id].inside(KINDS[kind].title).problem(f"the same text as {other}.", warning=True)
