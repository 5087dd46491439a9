"""Whether an expression can be true, or false, at all: contradictory bounds, constants, an `or` that covers everything.

A comparison is brought into the form "polynomial of facts, operator, number". Each polynomial (mostly a single fact) begins
with the span of numbers that its facts allow. One comparison after the other narrows it; an empty span is a contradiction.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from crm_workbook.catalogue.expressions import (
    MIRRORED,
    NEGATED,
    And,
    Arithmetic,
    Compare,
    CompareOp,
    Name,
    Negative,
    Node,
    Not,
    Number,
    Or,
)

STEPS = 2000
"""Ways through an expression after which the search gives up; what is that large counts as satisfiable."""
TERMS = 64
"""The same for the terms of a polynomial."""

Goal: TypeAlias = tuple[Node, bool]
"""An expression and what it should be."""
End: TypeAlias = Fraction | float
"""Where a span ends; a float only ever stands for "nowhere" (inf)."""
Polynomial: TypeAlias = dict[tuple[str, ...], Fraction]
"""Factors by the names that they multiply, sorted; () is the constant."""
Key: TypeAlias = tuple[tuple[tuple[str, ...], Fraction], ...]
"""A polynomial without its constant, divided by its first factor."""


class _TooMuch(Exception):
    """The search is given up."""


class Domain(NamedTuple):
    """The numbers that a fact can have, both bounds included."""

    low: float = -math.inf
    high: float = math.inf
    whole: bool = False


ANY = Domain()


class Span(NamedTuple):
    """Numbers that are left. A bound is a number and 0, or 1 (-1 above) when the number itself is outside."""

    low: tuple[End, int]
    high: tuple[End, int]
    without: frozenset[Fraction] = frozenset()
    whole: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing is left."""
        (low, above), (high, below) = self.low, self.high
        if not self.whole or isinstance(low, float) or isinstance(high, float):
            return self.low > self.high or (self.low == self.high and low in self.without)
        first = math.floor(low) + 1 if above else math.ceil(low)
        last = math.ceil(high) - 1 if below else math.floor(high)
        return last - first < sum(first <= gone <= last and gone.denominator == 1 for gone in self.without)

    def narrowed(self, op: CompareOp, limit: Fraction) -> Span:
        """The part of the span that compares so with the limit."""
        match op:
            case ">" | ">=":
                return self._replace(low=max(self.low, (limit, int(op == ">"))))
            case "<" | "<=":
                return self._replace(high=min(self.high, (limit, -int(op == "<"))))
            case "==":
                return self.narrowed(">=", limit).narrowed("<=", limit)
            case "!=":
                return self._replace(without=self.without | {limit})


def satisfiable(
    goals: Iterable[Goal], numbers: Mapping[str, float], domains: Mapping[str, Domain] = MappingProxyType({})
) -> bool:
    """Whether there are facts with which each expression is what it should be.

    `numbers` are the values of the params, `domains` the numbers that facts can be; any where a fact is not named. The types
    must be right (see `expressions.mistakes`). False is certain, True is not: facts may exclude each other in ways that nobody
    sees here.
    """
    try:
        return _Search(numbers, domains).possible(goals, (), {})
    except _TooMuch:
        return True


class _Search:
    def __init__(self, numbers: Mapping[str, float], domains: Mapping[str, Domain]) -> None:
        self.numbers = numbers
        self.domains = domains
        self.steps = 0

    def possible(self, goals: Iterable[Goal], choices: tuple[tuple[Goal, ...], ...], spans: Mapping[Key, Span]) -> bool:
        """First everything that must hold together; then each way through the choices, of which one goal must hold."""
        self.steps += 1
        if self.steps > STEPS:
            raise _TooMuch
        pending, narrowed = list(goals), dict(spans)
        while pending:
            node, wanted = pending.pop()
            match node:
                case Not(part):
                    pending.append((part, not wanted))
                case And(parts) | Or(parts):
                    each = tuple((part, wanted) for part in parts)
                    if isinstance(node, And) is wanted:
                        pending.extend(each)
                    else:
                        choices = (*choices, each)
                case _:
                    key, op, limit = self.bound(node, wanted)
                    narrowed[key] = narrowed.get(key, self.widest(key)).narrowed(op, limit)
                    if narrowed[key].empty:
                        return False
        if not choices:
            return True
        first, *others = choices
        return any(self.possible((goal,), tuple(others), narrowed) for goal in first)

    def widest(self, key: Key) -> Span:
        """What a polynomial can be before anything is said about it; 0 when only two numbers were compared."""
        least, most = list[End](), list[End]()
        whole = True
        for names, factor in key:
            ends = [_scaled(factor, end) for end in self.product(names)]
            least.append(min(ends))
            most.append(max(ends))
            whole = whole and factor.denominator == 1 and all(self.domains.get(name, ANY).whole for name in names)
        return Span((_total(least), 0), (_total(most), 0), whole=whole)

    def product(self, names: tuple[str, ...]) -> tuple[End, End]:
        """The least and the greatest value of a product of facts; no bounds where one of several may be negative."""
        known = [self.domains.get(name, ANY) for name in names]
        if len(known) == 1:
            return _end(known[0].low), _end(known[0].high)
        if any(domain.low < 0 for domain in known):
            return -math.inf, math.inf
        low, high = Fraction(1), Fraction(1)
        for domain in known:
            low *= Fraction(domain.low)
            high *= Fraction(1 if math.isinf(domain.high) else domain.high)
        return low, math.inf if any(math.isinf(domain.high) for domain in known) else high

    def bound(self, node: Node, wanted: bool) -> tuple[Key, CompareOp, Fraction]:
        """A comparison as a bound of a polynomial; a yes/no is 1 or 0."""
        if not isinstance(node, Compare):
            return _key(self.polynomial(node)), "==", Fraction(wanted)
        op = node.op if wanted else NEGATED[node.op]
        difference = self.polynomial(Arithmetic("-", node.left, node.right))
        limit = -difference.pop((), Fraction())
        lead = difference[min(difference)] if difference else Fraction(1)
        return _key(difference), MIRRORED[op] if lead < 0 else op, limit / lead

    def polynomial(self, node: Node) -> Polynomial:
        """The sum of products that a number is, with the params' numbers filled in."""
        match node:
            case Name(name) if name in self.numbers:
                return {(): Fraction(self.numbers[name])}
            case Name(name):
                return {(name,): Fraction(1)}
            case Number(number):
                return {(): Fraction(number)}
            case Negative(part):
                return {names: -factor for names, factor in self.polynomial(part).items()}
            case Arithmetic(op, left, right):
                first, second = self.polynomial(left), self.polynomial(right)
                return _product(first, second) if op == "*" else _sum(first, second, 1 if op == "+" else -1)
        raise TypeError(f'"{node}" is no number.')


def _end(bound: float) -> End:
    return bound if math.isinf(bound) else Fraction(bound)


def _scaled(factor: Fraction, end: End) -> End:
    if isinstance(end, Fraction):
        return factor * end
    return end if factor > 0 else -end


def _total(ends: Iterable[End]) -> End:
    """The sum of ends of the same side: of one that is nowhere, nowhere. Large fractions never become floats."""
    total = Fraction()
    for end in ends:
        if isinstance(end, float):
            return end
        total += end
    return total


def _key(terms: Polynomial) -> Key:
    return tuple((names, terms[names] / terms[min(terms)]) for names in sorted(terms))


def _sum(first: Polynomial, second: Polynomial, sign: int) -> Polynomial:
    terms = {names: first.get(names, Fraction()) + sign * second.get(names, Fraction()) for names in first | second}
    return {names: factor for names, factor in terms.items() if factor or not names}


def _product(first: Polynomial, second: Polynomial) -> Polynomial:
    if len(first) * len(second) > TERMS:
        raise _TooMuch
    total: Polynomial = {}
    for names, factor in first.items():
        total = _sum(total, {tuple(sorted(names + more)): factor * times for more, times in second.items()}, 1)
    return total
