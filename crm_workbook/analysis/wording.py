"""Figures in words: a value with its unit, what a rule wants instead, and figures as lines that can be kept and read again."""
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from crm_workbook.analysis.facts.parts import NEVER
from crm_workbook.analysis.facts.view import Value, View
from crm_workbook.catalogue.expressions import AllOf, Compare, Leaf, Name, OneOf, Wish, bounds, subject
from crm_workbook.i18n import N_, _, ngettext

if TYPE_CHECKING:
    from crm_workbook.catalogue.rows import Fact

_WANTED = {"at most": N_("at most {limit}"), "at least": N_("at least {limit}"), "less than": N_("less than {limit}"),
           "more than": N_("more than {limit}"), "exactly": "{limit}", "other than": N_("another value than {limit}")}
_UNITS = {"days": (N_("{n} day"), N_("{n} days")), "working days": (N_("{n} working day"), N_("{n} working days")),
          "weeks": (N_("{n} week"), N_("{n} weeks")), "months": (N_("{n} month"), N_("{n} months")),
          "hours": (N_("{n} hour"), N_("{n} hours")), "working hours": (N_("{n} working hour"), N_("{n} working hours")),
          "points": (N_("{n} point"), N_("{n} points")), "of 5": (N_("{n} of 5"), N_("{n} of 5")),
          "hours per user and week": (N_("{n} hour a week for each user"), N_("{n} hours a week for each user"))}


def shown(fact: Fact, value: Value) -> str:
    """A value as people read it: '38 %', 'yes', '12 working days', 'not measured'."""
    if value is None:
        return _("not measured") if fact.source == "measured" else _("not known")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value >= NEVER and fact.unit == "days":
        return _("not yet")
    if fact.unit == "share":
        return f"{_number(value * 100)} %"
    text = f"{value:,.0f}".replace(",", " ") if fact.unit == "money" else _number(value)
    if fact.unit in _UNITS:
        return ngettext(*_UNITS[fact.unit], int(value) if value == int(value) else 2).format(n=text)
    return f"{text} {fact.unit}" if fact.unit and fact.unit not in ("people", "money") else text


def _number(value: float) -> str:
    """At most one decimal place; none where it says nothing."""
    return f"{value:.1f}".removesuffix(".0")


def wanted(view: View, leaf: Leaf, values: Mapping[str, Value]) -> tuple[str, str] | None:
    """(fact, what it should be) of one comparison or yes/no of a rule; None when that cannot be said in words."""
    facts = view.catalogue.facts
    if isinstance(leaf.node, Name):
        return leaf.node.id, _("yes") if leaf.wanted else _("no")
    about = subject(leaf.node) if isinstance(leaf.node, Compare) else None
    if about is None or about.id not in facts or not isinstance(leaf.node, Compare):
        return None
    found = bounds(leaf.node, leaf.wanted, values, whole=facts[about.id].type == "int")
    if found is None:
        return None
    words, limit = found
    if limit == 0 and words in ("at most", "exactly"):
        return about.id, _("none")
    if limit == 0 and words == "other than":
        words, limit = "at least", 1
    return about.id, _(_WANTED[words]).format(limit=shown(facts[about.id], limit))


def to_change(view: View, wish: Wish | None, values: Mapping[str, Value], depth: int = 0) -> list[str]:
    """What would have to change, one line each, indented below 'One of these:'."""
    pad = "  " * depth
    facts = view.catalogue.facts
    match wish:
        case Leaf():
            found = wanted(view, wish, values)
            if found is None:
                return []
            name, target = found
            now = shown(facts[name], values[name])
            return [pad + _("{title}: {now}. Wanted: {wanted}.").format(title=facts[name].title, now=now, wanted=target)]
        case AllOf(parts) | OneOf(parts):
            lines = [line for part in parts for line in to_change(view, part, values, depth + isinstance(wish, OneOf))]
            return [pad + _("One of these is enough:"), *lines] if isinstance(wish, OneOf) and len(parts) > 1 else lines
    return []


def figures_text(view: View) -> str:
    """All figures that are known, one on each line (`crm_goals = 5`), to be kept with a record."""
    from crm_workbook.analysis.facts import FACTS

    lines = []
    for name in FACTS:
        value = view.value(name)
        if value is not None:
            # exact: they are compared
            lines.append(f"{name} = {str(value).lower() if isinstance(value, bool) else repr(value)}")
    return "\n".join(lines)


def read_figures(text: str) -> dict[str, Value]:
    """The figures of such a text. Lines that are none are left out: a person may have written between them."""
    found: dict[str, Value] = {}
    for line in text.splitlines():
        name, mark, value = (part.strip() for part in line.partition("="))
        if not mark:
            continue
        if value in ("true", "false"):
            found[name] = value == "true"
            continue
        try:
            found[name] = float(value)
        except ValueError:
            continue
    return found
