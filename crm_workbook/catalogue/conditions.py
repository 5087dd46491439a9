"""Conditions under which a question or a warning applies, as text in the catalogue.

    answer:host-model in cloud|mixed     the vendor's answer to another question is one of these
    must_have:f-telephony                the group needs this function
    promise:pr-ai                        the vendor made this promise
    fact:offices_speed_fail > 0          an expression over facts and params, with and, or, not, comparisons, + - *
"""

import ast
import re
from typing import Literal, NamedTuple, cast

About = Literal["answer", "must_have", "promise", "fact"]

_FORM = re.compile(
    r"answer:(?P<question>\S+) in (?P<values>\S+)"
    r"|(?P<about>must_have|promise):(?P<id>\S+)"
    r"|fact:(?P<fact>.+)"
)
_ALLOWED = (
    *(ast.Expression, ast.Name, ast.Load, ast.Constant),
    *(ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub),
    *(ast.Compare, ast.Gt, ast.GtE, ast.Lt, ast.LtE, ast.Eq, ast.NotEq),
    *(ast.BinOp, ast.Add, ast.Sub, ast.Mult),
)


class Condition(NamedTuple):
    """A condition taken apart. `subject` is an id, or the expression of a fact; `values` are the answers asked for."""

    about: About
    subject: str
    values: tuple[str, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """The facts and params that a fact's expression speaks of."""
        if self.about != "fact":
            return frozenset()
        tree = ast.parse(self.subject, mode="eval")
        return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))


def parse_condition(text: str) -> Condition:
    """Take a condition apart. Raises ValueError with a sentence when it has none of the four forms."""
    form = _FORM.fullmatch(text.strip())
    if form is None:
        raise ValueError(f'expected answer:, must_have:, promise: or fact:, found "{text}".')
    if form["question"]:
        return Condition("answer", form["question"], tuple(form["values"].split("|")))
    if form["about"]:
        return Condition(cast(About, form["about"]), form["id"])
    expression = form["fact"].strip()
    try:
        tree = ast.parse(expression, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ValueError(f'"{expression}" cannot be read as an expression.') from None
    for node in ast.walk(tree):
        text_inside = isinstance(node, ast.Constant) and not isinstance(node.value, int | float)
        if text_inside or not isinstance(node, _ALLOWED):
            raise ValueError(f'"{expression}" may only compare and combine facts, params and numbers.')
    return Condition("fact", expression)
