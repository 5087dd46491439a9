"""Reads plain TOML values into frozen rows. What is allowed follows from the annotations of the row classes.

A row class is a frozen dataclass. A field without a default must be present; `Annotated[..., Rule(...)]` says more than
its type can: that people read it, that it names another entry, that an overlay may change it.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from functools import cache
from types import MappingProxyType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints

from crm_workbook.catalogue.faults import At, Problem

LONGEST_TEXT = 160
"""Characters of a text that people read: two lines of a terminal with 80 columns."""

LEAP_YEAR = 2024
"""A day of every year may be the last of February."""

_ID = re.compile(r"[a-z0-9][a-z0-9_-]*(\.[a-z0-9][a-z0-9_-]*)*")
_DAY = re.compile(r"(?:(\d{4})-)?(\d\d)-(\d\d)", re.ASCII)
# Line breaks, control characters and marks that reverse the direction of writing would upset a terminal.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")

Row = TypeVar("Row")
Reader = Callable[[object, At, list[Problem]], Any]


class Rule(NamedTuple):
    """What a field's type does not say."""

    identity: bool = False  # the id of the row
    text: bool = False  # people read it: short, one line, not empty
    changeable: bool = False  # an overlay may give it another value
    refers: str = ""  # the kind of entry whose id it holds
    condition: bool = False  # holds a condition, see the module `conditions`
    expression: bool = False  # holds an expression, see the module `expressions`; read when it is first used
    day: bool = False  # holds YYYY-MM-DD, or MM-DD for every year
    key: str = ""  # its name in the file, where that differs
    low: float = -math.inf
    high: float = math.inf
    most: int | None = None  # a longer list earns a warning


class Field(NamedTuple):
    """One field of a row class, ready to read."""

    name: str
    key: str
    rules: tuple[Rule, ...]
    needed: bool
    read: Reader

    @property
    def changeable(self) -> bool:
        """Whether an overlay may change it."""
        return any(rule.changeable for rule in self.rules)


@dataclass(frozen=True)
class Kind:
    """A kind of entry: its name, its row class, the file it lies in, the field shown as its short text."""

    name: str
    row: type
    file: str
    title: str
    table: str = ""  # the name of its tables in the file, where that is not its own

    @property
    def tables(self) -> str:
        """The key in the file under which the entries stand."""
        return self.table or self.name

    @property
    def identity(self) -> Field:
        """The field that holds the id."""
        return next(field for field in shape(self.row) if any(rule.identity for rule in field.rules))

    def label(self, raw: object, number: int) -> str:
        """How to speak of an entry that may be broken: "motive mo-growth", or "motive number 3" without an id."""
        name = raw.get(self.identity.key) if isinstance(raw, Mapping) else None
        return f"{self.name} {name}" if isinstance(name, str | int) and name != "" else f"{self.name} number {number}"


def shape(row: type) -> tuple[Field, ...]:
    """The fields of a row class, in order."""
    return _shape(row)


@cache
def _shape(row: type) -> tuple[Field, ...]:
    hints = get_type_hints(row, include_extras=True)
    found = []
    for field in fields(row):
        rules = tuple(_rules(hints[field.name]))
        key = next((rule.key for rule in rules if rule.key), field.name)
        needed = field.default is MISSING and field.default_factory is MISSING
        found.append(Field(field.name, key, rules, needed, _reader(hints[field.name])))
    return tuple(found)


def read_row(row: type[Row], raw: object, at: At, out: list[Problem]) -> Row | None:
    """The row that a TOML table holds, or None with the reasons added to `out`."""
    if not isinstance(raw, Mapping):
        out.append(at.problem(f"expected a table, found {_said(raw)}."))
        return None
    before = len(out)
    known = {field.key: field for field in shape(row)}
    for key in raw:
        if key not in known:
            out.append(at.inside(key).problem(f"unknown key. Expected one of: {', '.join(known)}."))
    values = {}
    for key, field in known.items():
        if key in raw:
            values[field.name] = field.read(raw[key], at.inside(key), out)
        elif field.needed:
            out.append(at.inside(key).problem("this key is missing."))
    return row(**values) if len(out) == before else None


def _rules(hint: Any) -> Iterator[Rule]:
    """The rules of a field and of the members of its list; fields of nested rows keep theirs."""
    if get_origin(hint) is Annotated:
        inner, *notes = get_args(hint)
        yield from (note for note in notes if isinstance(note, Rule))
        yield from _rules(inner)
    elif get_origin(hint) is tuple:
        yield from _rules(get_args(hint)[0])


def _reader(hint: Any, rule: Rule = Rule()) -> Reader:  # noqa: B008  (a Rule is immutable)
    """The function that checks and converts a value for an annotation."""
    origin = get_origin(hint)
    if origin is Annotated:
        inner, *notes = get_args(hint)
        return _reader(inner, next((note for note in notes if isinstance(note, Rule)), rule))
    if origin is tuple:
        return _list(_reader(get_args(hint)[0]))
    if origin is Literal:
        return _choice(get_args(hint))
    if origin in (Union, UnionType):
        # None only stands for "not given"; TOML cannot say it.
        members = tuple(member for member in get_args(hint) if member is not type(None))
        return _reader(members[0], rule) if len(members) == 1 else _scalar(members, rule)
    if is_dataclass(hint) and isinstance(hint, type):
        nested = hint
        return lambda value, at, out: read_row(nested, value, at, out)
    if origin is dict and get_args(hint)[1] is not Any:
        return _table(_reader(get_args(hint)[1]))
    return _scalar((origin or hint,), rule)  # dict[str, Any] is checked as a dict


def _list(member: Reader) -> Reader:
    def read(value: object, at: At, out: list[Problem]) -> Any:
        if not isinstance(value, list):
            out.append(at.problem(f"expected a list, found {_said(value)}."))
            return ()
        return tuple(
            member(item, at._replace(key=f"{at.key} {number}"), out) for number, item in enumerate(value, start=1)
        )

    return read


def _table(member: Reader) -> Reader:
    def read(value: object, at: At, out: list[Problem]) -> Any:
        if not isinstance(value, Mapping):
            out.append(at.problem(f"expected a table, found {_said(value)}."))
            return MappingProxyType({})
        return MappingProxyType({key: member(item, at.inside(key), out) for key, item in value.items()})

    return read


def _choice(allowed: tuple[Any, ...]) -> Reader:
    def read(value: object, at: At, out: list[Problem]) -> Any:
        # A bool equals 0 or 1, and a list cannot be looked up: only a text is compared.
        if not isinstance(value, str) or value not in allowed:
            out.append(at.problem(f"expected one of {', '.join(map(str, allowed))}, found {_said(value)}."))
        return value

    return read


_NAMES = {str: "a text", int: "a whole number", float: "a number", bool: "true or false", dict: "a table"}


def _scalar(types: tuple[type, ...], rule: Rule) -> Reader:
    wanted = " or ".join(_NAMES[each] for each in types if each is not int or float not in types)

    def read(value: object, at: At, out: list[Problem]) -> Any:
        if type(value) is int and float in types and int not in types:
            value = float(value)
        if type(value) not in types:
            out.append(at.problem(f"expected {wanted}, found {_said(value)}."))
        elif isinstance(value, str):
            out.extend(at.problem(what) for what in _text_faults(value, rule))
        elif isinstance(value, int | float) and not (rule.low <= value <= rule.high and math.isfinite(value)):
            out.append(at.problem(f"expected {span(rule.low, rule.high)}, found {value}."))
        return value

    return read


def _text_faults(value: str, rule: Rule) -> Iterator[str]:
    if rule.identity and not _ID.fullmatch(value):
        yield f"expected an id of small letters, digits and hyphens, found {_said(value)}."
    if rule.text and not value.strip():
        yield "expected a text that is not empty."
    if rule.text and len(value) > LONGEST_TEXT:
        yield f"expected at most {LONGEST_TEXT} characters, found {len(value)}."
    if rule.day and not _is_day(value):
        yield f"expected a day such as 2026-05-01, or 05-01 for every year, found {_said(value)}."
    if _UNPRINTABLE.search(value):
        yield "expected one line without control characters."


def _is_day(value: str) -> bool:
    """Whether a text is a day of the calendar."""
    written = _DAY.fullmatch(value)
    try:
        return written is not None and bool(date(int(written[1] or LEAP_YEAR), int(written[2]), int(written[3])))
    except ValueError:
        return False


def span(low: float, high: float, *, whole: bool = False) -> str:
    """The numbers between two bounds in words: "a whole number from 1 to 30"."""
    number = "a whole number" if whole else "a number"
    if math.isfinite(low) and math.isfinite(high):
        return f"{number} from {low:g} to {high:g}"
    return f"{number} of at least {low:g}" if math.isfinite(low) else f"{number} that is not endless"


def _said(value: object) -> str:
    """A value as a person would name it, short enough for one line."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f'"{value if len(value) <= 40 else value[:39] + "…"}"'
        case int() | float():
            return str(value)
        case list():
            return "a list"
        case Mapping():
            return "a table"
        case _:
            return "a date or time"
