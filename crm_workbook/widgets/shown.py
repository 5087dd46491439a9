"""How fields look in a form: values as texts, what a field expects, and whom a form talks to."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from crm_workbook.i18n import _
from crm_workbook.records import Field, FieldType, Record, Value
from crm_workbook.records.declare import MANY_IDS, SINGLE_IDS
from crm_workbook.records.text import visible
from crm_workbook.records.values import edit_text

ONE_LINE = frozenset({FieldType.LINE, FieldType.INTEGER, FieldType.NUMBER, FieldType.MONEY, FieldType.DAY, FieldType.MOMENT})
"""Fields that are typed into an input line."""
TYPED = ONE_LINE | {FieldType.TEXT}
CHOSEN = SINGLE_IDS | MANY_IDS
FEW = 7
"""With so many options or fewer, left and right go through them."""


class Titles(Protocol):
    """Texts for codes and ids, and what can be chosen in a field."""

    def title_of(self, id_: str, field: Field, /) -> str:
        """'G3 Answer within 4 hours' for a record, the label of a choice, the title of a catalogue entry."""

    def field(self, field: Field, row: Record, /) -> Field:
        """The field as it is for this record: the answer to a question may be a choice of what the question allows."""

    def options(self, field: Field, row: Record | None, /) -> Sequence[tuple[str, str]]:
        """(id, title) of everything that can stand in a field of choices, catalogue entries or links."""


class Pen(Protocol):
    """Takes what a person writes, at each key, before anything is drawn."""

    def typed(self, field: str, value: Value, seen: Value, /) -> None:
        """The field holds `value` now; `seen` is what the form last knew to be stored."""

    def unfinished(self, field: str, text: str, /) -> None:
        """The text in the field is no value yet."""

    def left(self, field: str, /) -> None:
        """The person has left the field."""


def show_value(field: Field, value: Value, titles: Titles) -> str:
    """A value as a person reads it in a form; "" for nothing. Texts keep their line breaks."""
    if field.type is FieldType.TICK:
        return "[x]" if value else "[ ]"
    if value is None or value == field.empty:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, tuple):
        return "; ".join(visible(titles.title_of(id_, field)) for id_ in value)
    if field.type in SINGLE_IDS:
        return visible(titles.title_of(str(value), field))
    text = visible(edit_text(field, value))
    return f"{text} {field.unit}" if field.unit else text


def expects(field: Field, few: bool) -> str:
    """What one can do in the field, as a sentence. `few`: left and right go through the options."""
    kind = field.type
    if kind is FieldType.TEXT:
        return _("Several lines: Enter begins a new one, Tab goes on.")
    if kind in (FieldType.INTEGER, FieldType.NUMBER):
        return _number(field)
    if kind is FieldType.MONEY:
        return _("An amount such as 1200.50.")
    if kind is FieldType.DAY:
        return _("A day such as 31.03.2026, or: today, +7 (in a week).")
    if kind is FieldType.MOMENT:
        return _("A time such as 2026-03-31 14:05, or 14:05 for today.")
    if kind is FieldType.TICK:
        return _("Space ticks it or takes the tick away.")
    if kind is FieldType.YES_NO:
        return _("Y is yes, N is no, Space goes through yes, no and not known.")
    if kind in MANY_IDS:
        return _("Enter shows what can be chosen (several), Backspace empties it.")
    if kind in SINGLE_IDS:
        return _("Left and right change it, Enter shows all, Backspace empties it.") if few else _(
            "Enter or a letter shows what can be chosen, Backspace empties it.")
    return ""


def _number(field: Field) -> str:
    low = None if field.low is None else f"{field.low:,.10g}".replace(",", " ")
    high = None if field.high is None or field.high >= 1e9 else f"{field.high:,.10g}".replace(",", " ")
    what = _("A whole number") if field.type is FieldType.INTEGER else _("A number")
    if low is not None and high is not None:
        what = _("{what} from {low} to {high}").format(what=what, low=low, high=high)
    elif low not in (None, "0"):
        what = _("{what}, at least {low}").format(what=what, low=low)
    elif high is not None:
        what = _("{what}, at most {high}").format(what=what, high=high)
    return f"{what} ({field.unit})." if field.unit else f"{what}."
