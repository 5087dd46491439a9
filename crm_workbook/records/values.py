"""Values of fields in their three other shapes: checked, as JSON (journal, database lists), and as a person types them.

The rule: whatever is stored has passed `check`, and `from_json(to_json(v)) == v` and `parse(edit_text(v)) == v` hold.
"""
from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from crm_workbook.records import BY_TABLE, TEXT_LIMIT, Field, FieldType, Value, split_code
from crm_workbook.records.declare import MANY_IDS
from crm_workbook.records.text import one_line, visible

CENT = Decimal("0.01")


def in_order(ids: Iterable[str]) -> tuple[str, ...]:
    """Several ids in the one order in which they are stored: R2 before R10. It makes equal sets equal values."""
    return tuple(sorted(ids, key=lambda item: (item.rstrip("0123456789"), len(item), item)))


class Invalid(ValueError):
    """A value that a field cannot hold; the message is a sentence for the person who typed it."""


def check(field: Field, value: Value) -> Value:
    """The value as it will be stored, or Invalid. Types are exact: an integer field takes no text."""
    kind = field.type
    if value is None or value == field.empty:
        return field.empty
    wrong = Invalid(f"{field.title}: expected {EXPECTED[kind]}, found {value!r:.60}.")
    if kind in (FieldType.LINE, FieldType.TEXT, FieldType.CHOICE, FieldType.KNOWN, FieldType.LINK):
        if not isinstance(value, str):
            raise wrong
        value = visible(value)
        if kind is FieldType.LINE:
            value = one_line(value)
        if len(value) > TEXT_LIMIT:
            raise Invalid(f"{field.title}: the text has {len(value):,} characters; {TEXT_LIMIT:,} fit in here. Shorten it, or "
                          "keep the long text in a file and write here where it lies.")
        if kind is FieldType.CHOICE and field.options is not None and value not in field.options:
            raise Invalid(f"{field.title}: {value!r:.60} is not one of {', '.join(field.options)}.")
        if kind is FieldType.LINK:
            _check_code(field, value)
        return value
    if kind in MANY_IDS:
        if not isinstance(value, tuple) or not all(isinstance(item, str) for item in value):
            raise wrong
        if len(set(value)) != len(value):
            raise Invalid(f"{field.title}: something stands in it twice.")
        if kind is FieldType.LINKS:
            for item in value:
                _check_code(field, item)
        return in_order(visible(item) for item in value)
    if kind in (FieldType.TICK, FieldType.YES_NO):
        if not isinstance(value, bool):
            raise wrong
        return value
    if kind is FieldType.DAY:
        if not isinstance(value, date) or isinstance(value, datetime):
            raise wrong
        return value
    if kind is FieldType.MOMENT:
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise wrong
        try:
            return value.astimezone(UTC).replace(microsecond=0)
        except OverflowError as error:  # before the year 1 or behind the year 9999
            raise wrong from error
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise wrong
    return _check_number(field, value, wrong)


def _check_number(field: Field, value: int | float | Decimal, wrong: Invalid) -> Value:
    result: int | float | Decimal
    try:
        if field.type is FieldType.INTEGER:
            result = int(value)
            if result != value:
                raise wrong
        elif field.type is FieldType.MONEY:
            exact = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
            result = exact.quantize(CENT)
            if result != exact:
                raise Invalid(f"{field.title}: amounts have two decimal places, found {value}.")
        else:
            result = float(value)
            if not math.isfinite(result):
                raise wrong
    except Invalid:
        raise
    except (InvalidOperation, OverflowError, ValueError) as error:  # not a number at all, or endless
        raise wrong from error
    if field.low is not None and result < field.low:
        raise Invalid(f"{field.title}: {value} is too small; the least is {field.low:,.10g}.")
    if field.high is not None and result > field.high:
        raise Invalid(f"{field.title}: {value} is too large; the most is {field.high:,.10g}.")
    return result


def _check_code(field: Field, code: str) -> None:
    try:
        kind, _ = split_code(code)
    except ValueError as error:
        raise Invalid(f"{field.title}: {error}.") from error
    if kind.declared.table != field.of:
        wanted = BY_TABLE[field.of].declared
        raise Invalid(f"{field.title}: {code} is a {kind.declared.one}, expected a {wanted.one} ({wanted.prefix}...).")


EXPECTED: dict[FieldType, str] = {
    FieldType.LINE: "a text", FieldType.TEXT: "a text", FieldType.INTEGER: "a whole number", FieldType.NUMBER: "a number",
    FieldType.MONEY: "an amount such as 1200.50", FieldType.TICK: "true or false", FieldType.YES_NO: "true or false",
    FieldType.DAY: "a day such as 2026-03-31", FieldType.MOMENT: "a time with its zone such as 2026-03-31T14:05:00Z",
    FieldType.CHOICE: "one of the choices", FieldType.KNOWN: "an id of the catalogue",
    FieldType.LINK: "the code of a record", FieldType.LINKS: "a list of codes", FieldType.KNOWNS: "a list of ids"}


# ---- JSON: the journal's old and new values, and lists in a database column ----

def to_json(value: Value) -> str:
    """Any value as JSON text; numbers, texts and lists stay readable, days and amounts become texts."""
    if isinstance(value, (date, Decimal)):
        return json.dumps(value.isoformat() if isinstance(value, date) else str(value))
    return json.dumps(value, ensure_ascii=False)


def from_json(field: Field, text: str) -> Value:
    """The value that `to_json` made the text from."""
    return from_plain(field, json.loads(text))


def from_plain(field: Field, value: Any) -> Value:
    """A value from its plain JSON, SQL or TOML shape (days as ISO texts, lists for tuples); nothing is checked."""
    if value is None:
        return field.empty
    decode = _DECODE.get(field.type)
    return decode(value) if decode else cast(Value, value)


def _moment(value: Any) -> datetime:
    result = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return result.replace(tzinfo=UTC) if result.tzinfo is None else result.astimezone(UTC)


_DECODE: dict[FieldType, Callable[[Any], Value]] = {
    FieldType.DAY: lambda value: value if isinstance(value, date) else date.fromisoformat(value),
    FieldType.MOMENT: _moment,
    FieldType.MONEY: lambda value: value if isinstance(value, Decimal) else Decimal(str(value)),
    FieldType.NUMBER: float, FieldType.TICK: bool, FieldType.YES_NO: bool, FieldType.LINKS: tuple, FieldType.KNOWNS: tuple}


# ---- as a person types it ----

_DAY_FORMS = ((re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})"), (1, 2, 3)),
              (re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})"), (3, 2, 1)),
              (re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})"), (3, 2, 1)))
_OFFSET = r"(?: ?(Z|[+-]\d{2}(?::?\d{2}){1,2}))?"
_CLOCK_AND_DAY = re.compile(r"(.*?)[ T](\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?" + _OFFSET)
_CLOCK = re.compile(r"()(\d{1,2}):(\d{2})(?::(\d{2}))?" + _OFFSET)
_SPACES = re.compile(r"[ \u00a0\u202f'’_]")


def edit_text(field: Field, value: Value) -> str:
    """What stands in the input line of a field; `parse` takes it back."""
    if value is None or (value == field.empty and field.type is not FieldType.TICK):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return _moment_text(value)
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, float):
        return f"{value:.12g}" if value != int(value) or abs(value) >= 1e15 else str(int(value))
    return str(value)


def _moment_text(value: datetime) -> str:
    """Local time, to the minute where that is all; with its offset where the clock shows the same time twice."""
    try:
        local = value.astimezone()
        clock = local.replace(tzinfo=None)
        twice = any(clock.replace(fold=fold).astimezone(UTC) != value for fold in (0, 1))
    except (OverflowError, ValueError):  # at the ends of the calendar there may be no local time
        local, twice = value.astimezone(UTC), True
    shown = local if twice else clock
    return shown.isoformat(sep=" ", timespec="seconds" if shown.second else "minutes")


def parse(field: Field, text: str, today: date) -> Value:
    """What a person typed, as a value of the field; Invalid with a sentence when it cannot be one.

    Numbers take a decimal comma or point and spaces between thousands; days take 2026-03-31, 31.03.2026, 31.3.26,
    `today`, and `+7` for a week from `today`. Moments are local time: 2026-03-31 14:05, or 14:05 for today; seconds and an
    offset may follow (14:05:30+02:00).
    """
    kind = field.type
    if kind in (FieldType.LINE, FieldType.TEXT, FieldType.CHOICE, FieldType.KNOWN, FieldType.LINK):
        return check(field, text)
    plain = text.strip()
    if not plain:
        return field.empty
    if kind in MANY_IDS:
        return check(field, tuple(part.strip() for part in plain.split(",") if part.strip()))
    if kind in (FieldType.TICK, FieldType.YES_NO):
        if plain.casefold() in ("yes", "no"):
            return plain.casefold() == "yes"
        raise Invalid(f"{field.title}: write yes or no.")
    if kind is FieldType.DAY:
        return _parse_day(field, plain, today)
    if kind is FieldType.MOMENT:
        return _parse_moment(field, plain, today)
    return check(field, _parse_number(field, plain))


def _parse_number(field: Field, plain: str) -> Decimal:
    digits = _SPACES.sub("", plain)
    if "," in digits and "." in digits:  # the one further right is the decimal mark
        thousands = "," if digits.rindex(".") > digits.rindex(",") else "."
        digits = digits.replace(thousands, "")
    try:
        result = Decimal(digits.replace(",", "."))
        if not result.is_finite():
            raise InvalidOperation
    except InvalidOperation as error:
        raise Invalid(f"{field.title}: {plain!r:.40} is not a number. Write {EXPECTED[field.type]}, for example "
                      f"{_example(field)}.") from error
    return result


def _example(field: Field) -> str:
    """A number that fits into the field."""
    low, high = field.low or 0, field.high if field.high is not None else 24
    return str(int((low + min(high, low + 24)) / 2))


def _parse_day(field: Field, plain: str, today: date) -> date:
    if plain.casefold() == "today":
        return today
    if re.fullmatch(r"[+-]\d{1,4}", plain):
        return today + timedelta(days=int(plain))
    for form, order in _DAY_FORMS:
        if match := form.fullmatch(plain):
            try:
                year, month, day = (int(match[group]) for group in order)
                return date(year + 2000 if len(match[order[0]]) == 2 else year, month, day)
            except ValueError:
                break
    raise Invalid(f"{field.title}: {plain!r:.40} is not a day. Write it as 2026-03-31 or 31.03.2026, or today.")


def _parse_moment(field: Field, plain: str, today: date) -> datetime:
    clock = _CLOCK_AND_DAY.fullmatch(plain) or _CLOCK.fullmatch(plain)
    try:
        if clock is None:
            raise ValueError
        on = _parse_day(field, clock[1], today) if clock[1] else today
        zone = datetime.strptime(clock[5], "%z").tzinfo if clock[5] else None  # None: the clock on the wall here
        return datetime(on.year, on.month, on.day, int(clock[2]), int(clock[3]), int(clock[4] or 0),
                        tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Invalid(f"{field.title}: {plain!r:.40} is not a time. Write it as 2026-03-31 14:05, or 14:05.") from error
