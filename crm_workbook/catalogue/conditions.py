"""Conditions under which a question or a warning applies, as text in the catalogue.

    answer:host-model in cloud|mixed     the vendor's answer to another question is one of these
    must_have:f-telephony                the group needs this function
    promise:pr-ai                        the vendor made this promise
    fact:offices_speed_fail > 0          an expression over facts and params, see the module `expressions`
"""

import re
from typing import Literal, NamedTuple, cast

from crm_workbook.catalogue.expressions import Expression, parse

About = Literal["answer", "must_have", "promise", "fact"]

_FORM = re.compile(
    r"answer:(?P<question>\S+) in (?P<values>\S+)"
    r"|(?P<about>must_have|promise):(?P<id>\S+)"
    r"|fact:(?P<fact>.+)"
)


class Condition(NamedTuple):
    """A condition taken apart. `subject` is an id, or the expression of a fact; `values` are the answers asked for."""

    about: About
    subject: str
    values: tuple[str, ...] = ()

    @property
    def expression(self) -> Expression | None:
        """What is asked of facts and params; None in the other forms."""
        return parse(self.subject) if self.about == "fact" else None


def parse_condition(text: str) -> Condition:
    """Take a condition apart. Raises ValueError with a sentence when it has none of the four forms, or no expression."""
    form = _FORM.fullmatch(text.strip())
    if form is None:
        raise ValueError(f'expected answer:, must_have:, promise: or fact:, found "{text}".')
    if form["question"]:
        return Condition("answer", form["question"], tuple(form["values"].split("|")))
    if form["about"]:
        return Condition(cast(About, form["about"]), form["id"])
    return Condition("fact", parse(form["fact"]).text)
