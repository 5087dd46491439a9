"""How a record is declared: once, and everything else follows.

A record class states its fields with their titles, help, limits, choices and links; the class itself states its code
prefix (G1, R12, V2: what people say aloud), its table and its chapter. From that one declaration come the SQLModel table
(`store.tables`), the form, the list, the section of a TOML export, the journal and the history.

A record is a *row*: an immutable, typed tuple. Rows are cheap (no ORM object behind them), so a Book of ten thousand
records is read in tens of milliseconds, and neither reading an export nor painting the first screen needs SQLModel.

    class CompanyGoal(Record, prefix="G", table="company_goal", chapter="goals", title="Company goals", ...):
        title: str = line("Goal", "What should the company reach?", needed=True)
        department: str = link("Department", to="department")
"""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from operator import itemgetter
from typing import Any, ClassVar, Self, cast

Value = str | int | float | Decimal | bool | date | datetime | tuple[str, ...] | None
"""What a field can hold. Texts, choices and links are never None: nothing written is the empty text."""

TEXT_LIMIT = 20_000
"""Most characters in one text field; a longer text is refused with a sentence, never cut in silence."""


class FieldType(StrEnum):
    """What a field holds; everything that treats fields differently asks for this."""

    LINE = "line"  # text on one line
    TEXT = "text"  # text of several lines
    INTEGER = "integer"
    NUMBER = "number"  # float: measured quantities
    MONEY = "money"  # Decimal with two places, in the project's currency
    TICK = "tick"  # done or not: bool, False until ticked
    YES_NO = "yes_no"  # yes, no, or not known: bool | None
    DAY = "day"  # date
    MOMENT = "moment"  # datetime in UTC
    CHOICE = "choice"  # id of one of the field's own options
    KNOWN = "known"  # id of an entry of the catalogue
    LINK = "link"  # code of another record
    LINKS = "links"  # codes of other records
    KNOWNS = "knowns"  # ids of entries of the catalogue


TEXTUAL = frozenset({FieldType.LINE, FieldType.TEXT})
SINGLE_IDS = frozenset({FieldType.CHOICE, FieldType.KNOWN, FieldType.LINK})
MANY_IDS = frozenset({FieldType.LINKS, FieldType.KNOWNS})
_EMPTY: dict[FieldType, Value] = {FieldType.TICK: False} | {t: "" for t in TEXTUAL | SINGLE_IDS} | {t: () for t in MANY_IDS}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record, as declared.

    `low` and `high` bound numbers; `unit` is printed behind them. `options` are the choices of a CHOICE (id to label),
    `of` names what a KNOWN points at in the catalogue ("motive") or a LINK among the records (a table: "department").
    `owner`: deleting the record that this LINK points at deletes this record too. `needed`: a record without it counts
    as unfinished (it can be stored all the same). `heading` opens a new group of the form. `short`: the title over a narrow
    column of a list.
    """

    type: FieldType
    title: str
    help: str = ""
    name: str = ""
    index: int = 0
    unit: str = ""
    low: float | None = None
    high: float | None = None
    options: Mapping[str, str] | None = None
    of: str = ""
    owner: bool = False
    needed: bool = False
    heading: str = ""
    short: str = ""

    @property
    def empty(self) -> Value:
        """The value of a field in which nothing has been written."""
        return _EMPTY.get(self.type)


def _field(type_: FieldType, title: str, help: str, **facts: Any) -> Any:
    return Field(type_, title, help, **facts)


def line(title: str, help: str = "", *, needed: bool = False, heading: str = "") -> Any:
    """Text on one line."""
    return _field(FieldType.LINE, title, help, needed=needed, heading=heading)


def text(title: str, help: str = "", *, needed: bool = False, heading: str = "") -> Any:
    """Text of several lines."""
    return _field(FieldType.TEXT, title, help, needed=needed, heading=heading)


def integer(title: str, help: str = "", *, unit: str = "", low: int | None = 0, high: int | None = 1_000_000_000,
            needed: bool = False, heading: str = "", short: str = "") -> Any:
    """A whole number, or not known."""
    return _field(FieldType.INTEGER, title, help, unit=unit, low=low, high=high, needed=needed, heading=heading, short=short)


def number(title: str, help: str = "", *, unit: str = "", low: float | None = None, high: float | None = None,
           needed: bool = False, heading: str = "", short: str = "") -> Any:
    """A measured quantity, or not known."""
    return _field(FieldType.NUMBER, title, help, unit=unit, low=low, high=high, needed=needed, heading=heading, short=short)


def money(title: str, help: str = "", *, needed: bool = False, heading: str = "") -> Any:
    """An amount in the project's currency with two decimal places, or not known."""
    return _field(FieldType.MONEY, title, help, low=0, high=10**12, needed=needed, heading=heading)


def tick(title: str, help: str = "", *, heading: str = "", short: str = "") -> Any:
    """Done or not done."""
    return _field(FieldType.TICK, title, help, heading=heading, short=short)


def yes_no(title: str, help: str = "", *, needed: bool = False, heading: str = "") -> Any:
    """Yes, no, or not known."""
    return _field(FieldType.YES_NO, title, help, needed=needed, heading=heading)


def day(title: str, help: str = "", *, needed: bool = False, heading: str = "", short: str = "") -> Any:
    """A calendar day, or not known."""
    return _field(FieldType.DAY, title, help, needed=needed, heading=heading, short=short)


def moment(title: str, help: str = "", *, needed: bool = False, heading: str = "") -> Any:
    """A point in time (stored in UTC), or not known."""
    return _field(FieldType.MOMENT, title, help, needed=needed, heading=heading)


def choice(title: str, help: str = "", *, options: Mapping[str, str], needed: bool = False, heading: str = "") -> Any:
    """One of a few fixed answers, kept by its id."""
    return _field(FieldType.CHOICE, title, help, options=options, needed=needed, heading=heading)


def known(title: str, help: str = "", *, of: str, needed: bool = False, heading: str = "") -> Any:
    """One entry of the catalogue (`of`: "motive", "role", ...), kept by its id."""
    return _field(FieldType.KNOWN, title, help, of=of, needed=needed, heading=heading)


def knowns(title: str, help: str = "", *, of: str, heading: str = "") -> Any:
    """Several entries of the catalogue."""
    return _field(FieldType.KNOWNS, title, help, of=of, heading=heading)


def link(title: str, help: str = "", *, to: str, owner: bool = False, needed: bool = False, heading: str = "",
         short: str = "") -> Any:
    """The code of another record; `to` names its table."""
    return _field(FieldType.LINK, title, help, of=to, owner=owner, needed=needed, heading=heading, short=short)


def links(title: str, help: str = "", *, to: str, needed: bool = False, heading: str = "", short: str = "") -> Any:
    """The codes of other records; `to` names their table."""
    return _field(FieldType.LINKS, title, help, of=to, needed=needed, heading=heading, short=short)


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a record class says about itself.

    `title` heads its list, `one` names a single record in a sentence, `about` says what belongs in the list (shown while
    it is empty), `label` are the fields that name a record to a person, `columns` those that its list shows.
    `single`: the workbook has exactly one such record; it is shown as a form without a list. `unique`: fields of which no two
    records shall hold the same values; whoever makes a second one goes on with the first.
    """

    prefix: str
    table: str
    chapter: str
    title: str
    one: str
    about: str
    label: tuple[str, ...]
    columns: tuple[str, ...]
    single: bool
    unique: tuple[str, ...]
    fields: Mapping[str, Field]

    def link_fields(self) -> Iterator[Field]:
        """The fields that point at other records."""
        return (field for field in self.fields.values() if field.type in (FieldType.LINK, FieldType.LINKS))


class Record(tuple[Any, ...]):
    """A row: the record's number followed by the values of its fields, in the order declared."""

    __slots__ = ()
    declared: ClassVar[Declaration]
    number: int = 0

    def __init_subclass__(cls, *, prefix: str, table: str, chapter: str, title: str, one: str, about: str = "",
                          label: tuple[str, ...] = (), columns: tuple[str, ...] = (), single: bool = False,
                          unique: tuple[str, ...] = ()) -> None:
        fields: dict[str, Field] = {}
        for name in cls.__annotations__:
            given = cls.__dict__.get(name)
            if not isinstance(given, Field):
                raise TypeError(f"{cls.__name__}.{name}: not declared by one of the field functions")
            if hasattr(Record, name):
                raise TypeError(f"{cls.__name__}.{name}: every record has an attribute of this name already")
            facts = {slot: getattr(given, slot) for slot in Field.__slots__} | {"name": name, "index": len(fields) + 1}
            fields[name] = Field(**facts)
            setattr(cls, name, property(itemgetter(len(fields)), doc=given.help))
        names = tuple(fields)
        cls.declared = Declaration(prefix, table, chapter, title, one, about, label or names[:1],
                                   columns or names[:4], single, unique, fields)
        cls.number = property(itemgetter(0))  # type: ignore[assignment]  # typed as the int it gives

    def __new__(cls, **values: Any) -> Self:
        fields = cls.declared.fields
        number_ = values.pop("number", 0)
        row = tuple.__new__(cls, (number_, *(values.pop(name, field.empty) for name, field in fields.items())))
        if values:
            raise TypeError(f"{cls.__name__} has no field {', '.join(values)}")
        return row

    @classmethod
    def make(cls, values: tuple[Any, ...] | list[Any]) -> Self:
        """A row from its number and all its values in order; nothing is checked (the fast way in)."""
        return tuple.__new__(cls, values)

    @property
    def code(self) -> str:
        """What people call the record: G1, R12."""
        return f"{self.declared.prefix}{self[0]}"

    def get(self, name: str) -> Value:
        """The value of the field `name`; KeyError when there is no such field."""
        return cast(Value, self[self.declared.fields[name].index])

    def with_value(self, name: str, value: Value) -> Self:
        """The same row with one field changed."""
        index = self.declared.fields[name].index
        return self.make((*self[:index], value, *self[index + 1:]))

    def values(self) -> dict[str, Value]:
        """The fields that hold something, by name, in the order declared."""
        return {name: self[field.index] for name, field in self.declared.fields.items() if self[field.index] != field.empty}

    def __repr__(self) -> str:
        inner = ", ".join(f"{name}={value!r}" for name, value in self.values().items())
        return f"{type(self).__name__}(number={self[0]}, {inner})"

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return type(self).make, (tuple(self),)
