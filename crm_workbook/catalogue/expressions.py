"""The language of rules: `and or not > >= < <= == != + - *` with numbers and parentheses, over facts and params.

    rule = parse("vendor_decided and systems_tried < 2")
    rule.value({"vendor_decided": True, "systems_tried": 3})      # False
    rule.value({"vendor_decided": True, "systems_tried": None})   # None: not known
    wishes(rule, values, healthy)                                 # what has to change for it to become false
    bounds(leaf.node, leaf.wanted, values)                        # ("at least", 2)

A text becomes a small tree, once. Nothing is ever run as Python: `ast` only takes the text apart, and what is not on the list
here is refused.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, TypeAlias

Value: TypeAlias = bool | int | float | None
"""What a fact or an expression says; None: not known."""

Values: TypeAlias = Mapping[str, Value]
Type: TypeAlias = Literal["bool", "number"]
CompareOp: TypeAlias = Literal[">", ">=", "<", "<=", "==", "!="]
ArithmeticOp: TypeAlias = Literal["+", "-", "*"]

LONGEST = 500
"""Characters of an expression."""
DEEPEST = 50
"""How far an expression may be nested; a sum of n terms counts n."""
LARGEST = 10**15
"""No number in an expression is larger."""

_COMPARED: Mapping[str, Callable[[Any, Any], bool]] = {
    ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip
_COUNTED: Mapping[str, Callable[[Any, Any], int | float]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}

NEGATED: Mapping[CompareOp, CompareOp] = {">": "<=", ">=": "<", "<": ">=", "<=": ">", "==": "!=", "!=": "=="}
"""The comparison that holds when this one does not."""
MIRRORED: Mapping[CompareOp, CompareOp] = {">": "<", ">=": "<=", "<": ">", "<=": ">=", "==": "==", "!=": "!="}
"""The same comparison with its sides exchanged."""


# ---- the tree ----


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it stands in the text."""

    number: int | float

    def value(self, values: Values) -> Value:
        return self.number

    def __str__(self) -> str:
        return str(self.number)


@dataclass(frozen=True, slots=True)
class Name:
    """A fact or a param. Params begin with p_; those of a company have its name and a dot in front."""

    id: str

    @property
    def is_param(self) -> bool:
        """Whether the name can only be one of a param."""
        return self.id.startswith("p_") or "." in self.id

    def value(self, values: Values) -> Value:
        return values[self.id]

    def __str__(self) -> str:
        return self.id


@dataclass(frozen=True, slots=True)
class Negative:
    """A number with the other sign."""

    part: Node

    def value(self, values: Values) -> Value:
        number = self.part.value(values)
        return None if number is None else -number

    def __str__(self) -> str:
        return f"-{_within(self.part, 7)}"


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """A sum, a difference or a product; not known when a part is not known or the result is endless."""

    op: ArithmeticOp
    left: Node
    right: Node

    def value(self, values: Values) -> Value:
        left, right = self.left.value(values), self.right.value(values)
        if left is None or right is None:
            return None
        try:
            result = _COUNTED[self.op](left, right)
            return result if math.isfinite(result) else None
        except OverflowError:  # a whole number too large for a fraction
            return None

    def __str__(self) -> str:
        level = _level(self)
        return f"{_within(self.left, level)} {self.op} {_within(self.right, level + 1)}"


@dataclass(frozen=True, slots=True)
class Compare:
    """Two numbers compared; not known when one of them is not."""

    op: CompareOp
    left: Node
    right: Node

    def value(self, values: Values) -> bool | None:
        left, right = self.left.value(values), self.right.value(values)
        return None if left is None or right is None else _COMPARED[self.op](left, right)

    def __str__(self) -> str:
        return f"{_within(self.left, 5)} {self.op} {_within(self.right, 5)}"


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite; not known when the part is not."""

    part: Node

    def value(self, values: Values) -> bool | None:
        known = self.part.value(values)
        return None if known is None else not known

    def __str__(self) -> str:
        return f"not {_within(self.part, 3)}"


@dataclass(frozen=True, slots=True)
class And:
    """True when all parts are; false when one is, whatever else is not known."""

    parts: tuple[Node, ...]

    def value(self, values: Values) -> bool | None:
        known = [part.value(values) for part in self.parts]  # all of them: a missing name shows at once
        return False if False in known else None if None in known else True

    def __str__(self) -> str:
        return " and ".join(_within(part, 3) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    """True when one part is, whatever else is not known; false when none is."""

    parts: tuple[Node, ...]

    def value(self, values: Values) -> bool | None:
        known = [part.value(values) for part in self.parts]
        return True if any(known) else None if None in known else False

    def __str__(self) -> str:
        return " or ".join(_within(part, 2) for part in self.parts)


Node: TypeAlias = And | Or | Not | Compare | Arithmetic | Negative | Name | Number

_LEVELS: Mapping[type, int] = {Or: 1, And: 2, Not: 3, Compare: 4, Negative: 7, Name: 8, Number: 8}


def _level(node: Node) -> int:
    """How tightly a node holds together, as in Python."""
    return (6 if node.op == "*" else 5) if isinstance(node, Arithmetic) else _LEVELS[type(node)]


def _within(node: Node, level: int) -> str:
    """A part as text, in parentheses where it would fall apart."""
    return str(node) if _level(node) >= level else f"({node})"


def parts(node: Node) -> tuple[Node, ...]:
    """What a node consists of, in order."""
    match node:
        case And() | Or():
            return node.parts
        case Not() | Negative():
            return (node.part,)
        case Compare() | Arithmetic():
            return (node.left, node.right)
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """A node and everything in it, in order."""
    yield node
    for part in parts(node):
        yield from walk(part)


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression, ready to use. `names` are the facts and params that it speaks of."""

    text: str
    tree: Node
    names: frozenset[str]

    def value(self, values: Values) -> Value:
        """The value for these facts and params, by Kleene's three-valued logic: None when it cannot be known.

        Raises KeyError for a name that `values` lacks.
        """
        return self.tree.value(values)

    def leaves(self) -> Iterator[Compare | Name]:
        """The comparisons and bare yes/no names, in order."""
        yield from _leaves(self.tree)


def _leaves(node: Node) -> Iterator[Compare | Name]:
    match node:
        case Compare() | Name():
            yield node
        case And() | Or() | Not():
            for part in parts(node):
                yield from _leaves(part)


# ---- reading ----

_CHARACTERS = re.compile(r"[A-Za-z0-9_ .<>=!+*()-]*")
_COMPARISONS: Mapping[type, CompareOp] = {
    ast.Gt: ">", ast.GtE: ">=", ast.Lt: "<", ast.LtE: "<=", ast.Eq: "==", ast.NotEq: "!=",
}  # fmt: skip
_CALCULATIONS: Mapping[type, ArithmeticOp] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}


@lru_cache(maxsize=1024)
def parse(text: str) -> Expression:
    """Read an expression. The same text gives the same object. Raises ValueError with a sentence that says what is wrong."""
    text = text.strip()
    if not text:
        raise ValueError("expected an expression, found an empty text.")
    if len(text) > LONGEST:
        raise ValueError(f"expected an expression of at most {LONGEST} characters, found {len(text)}.")
    if not _CHARACTERS.fullmatch(text):
        raise _foreign(text)
    try:
        read = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ValueError(f'"{text}" cannot be read as an expression.') from None
    tree = _node(read, text, DEEPEST)
    return Expression(text, tree, frozenset(node.id for node in walk(tree) if isinstance(node, Name)))


def _foreign(text: str) -> ValueError:
    return ValueError(f'"{text}" may only compare and combine facts, params and numbers.')


def _node(read: ast.expr, text: str, deep: int) -> Node:
    """The tree for what Python has read. The white list: what has no case here is refused."""
    if not deep:
        raise ValueError(f'"{text}" is nested too deeply.')

    def inner(part: ast.expr) -> Node:
        return _node(part, text, deep - 1)

    match read:
        case ast.BoolOp(op=op, values=values):
            kind = And if isinstance(op, ast.And) else Or
            found = map(inner, values)
            return kind(tuple(each for part in found for each in (part.parts if isinstance(part, kind) else (part,))))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return Not(inner(operand))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            part = inner(operand)
            return Number(-part.number) if isinstance(part, Number) else Negative(part)
        case ast.Compare(ops=[_, _, *_]):
            raise ValueError(f'"{text}" compares twice in a row. Join two comparisons with and.')
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARISONS:
            return Compare(_COMPARISONS[type(op)], inner(left), inner(right))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _CALCULATIONS:
            return Arithmetic(_CALCULATIONS[type(op)], inner(left), inner(right))
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            if not number <= LARGEST:
                raise ValueError(f'"{text}" holds a number that is too large.')
            return Number(number)
        case ast.Name(id=name):
            return Name(name)
        case ast.Attribute(value=owner, attr=name) if isinstance(owner, ast.Name | ast.Attribute):
            before = inner(owner)
            if isinstance(before, Name):
                return Name(f"{before.id}.{name}")
    raise _foreign(text)


# ---- checking ----


def mistakes(expression: Expression, types: Mapping[str, Type], wants: Type = "bool") -> list[str]:
    """What is wrong with an expression among facts and params of these types, a sentence each; empty when all is well."""
    unknown = sorted(name for name in expression.names if name not in types)
    return [
        *(f'the catalogue has no fact or param "{name}".' for name in unknown),
        *dict.fromkeys(_clashes(expression.tree, types, wants)),
    ]


def _clashes(node: Node, types: Mapping[str, Type], wants: Type) -> Iterator[str]:
    logical = isinstance(node, And | Or | Not)
    found: Type = "bool" if logical or isinstance(node, Compare) else "number"
    if isinstance(node, Name):
        found = types.get(node.id, wants)
    if found != wants:
        yield (
            f'"{node}" is a yes or no, where a number is needed.' if found == "bool"
            else f'"{node}" is a number, where a yes or no is needed. Compare it with another number.'
        )  # fmt: skip
    for part in parts(node):
        yield from _clashes(part, types, "bool" if logical else "number")


# ---- what has to change ----


@dataclass(frozen=True, slots=True)
class Leaf:
    """This comparison, or this yes/no, should become true (`wanted`) or false."""

    node: Node
    wanted: bool


@dataclass(frozen=True, slots=True)
class AllOf:
    """All of these have to happen."""

    parts: tuple[Wish, ...]


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of these is enough."""

    parts: tuple[Wish, ...]


Wish: TypeAlias = Leaf | AllOf | OneOf


def wishes(expression: Expression, values: Values, healthy: Values, wanted: bool = False) -> Wish | None:
    """What has to change for an expression to become false, or true with `wanted`; None when it is so already.

    What is not known counts as still to change. `healthy` holds the values of a project where all is well. Where one of
    several changes would do, none is asked for that leads away from there: nobody takes back the choice of a vendor so that
    a rule falls silent. Names that `healthy` lacks, such as params, are taken from `values`.
    """
    well = {name: healthy[name] if name in healthy else values[name] for name in expression.names}
    return _wish(expression.tree, wanted, values, well)


def _wish(node: Node, wanted: bool, values: Values, healthy: Values) -> Wish | None:
    if isinstance(node, Not):
        return _wish(node.part, not wanted, values, healthy)
    current = node.value(values)
    if current is not None and bool(current) is wanted:
        return None
    if not isinstance(node, And | Or):
        return Leaf(node, wanted)
    group = AllOf if isinstance(node, And) is wanted else OneOf
    asked = node.parts
    if group is OneOf:
        asked = tuple(part for part in asked if part.value(healthy) is not (not wanted)) or asked
    found: dict[Wish, None] = {}  # in order, each once
    for part in asked:
        wish = _wish(part, wanted, values, healthy)
        found.update(dict.fromkeys(wish.parts if isinstance(wish, group) else () if wish is None else (wish,)))
    return next(iter(found)) if len(found) == 1 else group(tuple(found))


Bound: TypeAlias = Literal["at most", "at least", "less than", "more than", "exactly", "other than"]

_BOUNDS: Mapping[CompareOp, Bound] = {
    ">": "more than", ">=": "at least", "<": "less than", "<=": "at most", "==": "exactly", "!=": "other than",
}  # fmt: skip


def subject(compare: Compare) -> Name | None:
    """The fact that a comparison is about: alone on one side, and not on the other. The left one if both would do."""
    sides = ((compare.left, compare.right), (compare.right, compare.left))
    for side, other in sides:
        if isinstance(side, Name) and not side.is_param and side not in walk(other):
            return side
    return None


def bounds(compare: Compare, wanted: bool, values: Values, whole: bool = False) -> tuple[Bound, float] | None:
    """Where the subject of a comparison has to be for it to be true (`wanted`) or false, such as ("at most", 0.25).

    The limit is worked out from the other side. None when there is no subject or the limit is not known. For a subject that
    is `whole`, limits between whole numbers are moved: "less than 3" and "at most 2.4" both become "at most 2".
    """
    about = subject(compare)
    if about is None:
        return None
    left = compare.left == about
    limit = (compare.right if left else compare.left).value(values)
    if limit is None:
        return None
    op = compare.op if left else MIRRORED[compare.op]
    op = op if wanted else NEGATED[op]
    if whole and op in ("<", "<="):
        return "at most", math.ceil(limit) - 1 if op == "<" else math.floor(limit)
    if whole and op in (">", ">="):
        return "at least", math.floor(limit) + 1 if op == ">" else math.ceil(limit)
    return _BOUNDS[op], limit
