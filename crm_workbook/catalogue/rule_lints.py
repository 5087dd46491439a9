"""Checks of rules: expressions that can never be true, that are always true, or that fire where all is well."""

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from crm_workbook.catalogue.expressions import And, Compare, Expression, Node, Or, Type, Value, mistakes, parse, walk
from crm_workbook.catalogue.faults import At, CatalogueError, Problem
from crm_workbook.catalogue.overlay import is_own
from crm_workbook.catalogue.rows import Fact, Pattern, Severity
from crm_workbook.catalogue.satisfiable import Domain, satisfiable

if TYPE_CHECKING:
    from crm_workbook.catalogue.core import Catalogue

NEVER, ALWAYS = "can never be true", "is always true"
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
HEALTHY = {"pattern": ("fires_when", False), "gate_item": ("ok_when", True)}
"""Where the rule of a kind stands, and what it says in a project where all is well."""
FACT_TYPES: Mapping[str, tuple[str, tuple[type, ...]]] = {
    "bool": ("true or false", (bool,)),
    "int": ("a whole number", (int,)),
    "float": ("a number", (float, int)),
}
MOST: Mapping[str, float] = {"share": 1, "of 5": 5}
"""The greatest value of a fact by its unit. The least is 0."""
BEYOND = frozenset({"prepaid_share", "refinement_reserve_share", "phase_buffer_share"})
"""Shares of something that they are not a part of: they may be larger than 1."""
EARLY = frozenset({"first_involvement_day", "vendor_decision_day"})
"""Days of the project that may lie before its start."""


class Terms(NamedTuple):
    """What rules speak of: facts and params, their types, the numbers of the params, and everything where all is well."""

    facts: Mapping[str, Fact]
    types: Mapping[str, Type]
    numbers: Mapping[str, int | float]
    healthy: Mapping[str, Value]
    domains: Mapping[str, Domain]  # what facts can be

    def sound(self, text: str) -> Expression | None:
        """An expression in which there is no mistake."""
        try:
            found = parse(text)
        except ValueError:
            return None
        return None if mistakes(found, self.types) else found

    def constant(self, node: Node) -> str:
        """Why a part of a rule says nothing; empty when it can be true and false."""
        if not satisfiable([(node, True)], self.numbers, self.domains):
            return NEVER
        return "" if satisfiable([(node, False)], self.numbers, self.domains) else ALWAYS


def terms_of(catalogue: "Catalogue") -> Terms | None:
    """What rules may speak of; None when that cannot be read, or a param is out of its bounds, which is reported elsewhere."""
    try:
        facts, params = catalogue.facts, catalogue.params
    except CatalogueError:
        return None
    if not all(param.fits for param in params.values()):
        return None
    numbers = {id: param.value for id, param in params.items()}
    types: dict[str, Type] = {id: "bool" if fact.type == "bool" else "number" for id, fact in facts.items()}
    types |= dict.fromkeys(numbers, "number")
    healthy = {**numbers, **{id: fact.healthy for id, fact in facts.items()}}
    return Terms(facts, types, numbers, healthy, {id: _domain(fact) for id, fact in facts.items() if fact.type != "bool"})


def _domain(fact: Fact) -> Domain:
    """The numbers that a fact can be."""
    return Domain(
        low=-math.inf if fact.id in EARLY else 0,
        high=math.inf if fact.id in BEYOND else MOST.get(fact.unit, math.inf),
        whole=fact.type == "int",
    )


def fits(fact: Fact, value: bool | int | float) -> bool:
    """Whether a value has the type of a fact; a whole number is a number too, true and false are none."""
    return type(value) in FACT_TYPES[fact.type][1]


def rule_problems(catalogue: "Catalogue", kind: str, row: Any, at: At, terms: Terms) -> Iterator[Problem]:
    """What is wrong with the rule of a pattern or a gate item, once its expressions themselves are sound.

    With an overlay, the catalogue's own rules are only looked at when they speak of a threshold that it changes. A company
    may well be stricter than what counts as healthy elsewhere, or do without a rule, so that is a warning then.
    """
    key, well = HEALTHY[kind]
    text, further = getattr(row, key), row.escalate_when if isinstance(row, Pattern) else ""
    overlay, because = catalogue.overlay, ""
    shipped = overlay is not None and not is_own(row.id)
    if overlay is not None and shipped and not any(name in text or name in further for name in overlay.thresholds):
        return  # most of them, and quickly
    rule, raised = terms.sound(text), terms.sound(further)
    if rule is None:
        return
    if overlay is not None and shipped:
        changed = sorted((rule.names | (raised.names if raised else frozenset())) & overlay.thresholds)
        at, because = At(overlay.file, f"{kind} {row.id}"), f", now that {' and '.join(changed)} changed"
    else:
        yield from _idle_parts(rule, at.inside(key), terms)
        if isinstance(row, Pattern):
            yield from _pattern_problems(row, rule, at, terms)
    if constant := terms.constant(rule.tree):
        switched_off = shipped and constant == (ALWAYS if well else NEVER)
        yield at.inside(key).problem(f"{constant}{because}.", warning=switched_off)
    elif raised and not satisfiable([(rule.tree, True), (raised.tree, True)], terms.numbers, terms.domains):
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
    return "" if fits(fact, value) else f"expected {FACT_TYPES[fact.type][0]}."
