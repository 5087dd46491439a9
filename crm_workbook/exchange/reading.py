"""Reading a full export: a Book, or every single thing that is wrong with the file, with its line and column.

A file comes from anybody: nothing in it is believed. Values pass `values.check`, the same door as typed ones; links must
lead to a record; numbers of absurd size are stopped before Python computes them.
"""
from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from crm_workbook.exchange.parsing import TooDeep, parsed
from crm_workbook.exchange.positions import Positions
from crm_workbook.i18n import _
from crm_workbook.records import BY_TABLE, KINDS, Field, FieldType, Record, Value, split_code
from crm_workbook.records.book import Book
from crm_workbook.records.declare import MANY_IDS
from crm_workbook.records.text import one_line, visible
from crm_workbook.records.values import EXPECTED, Invalid, check

SCHEMA_VERSION = 1
"""Version of the layout of the full export."""
LAST_ENTRY = "last_entry"
"""The key under which a full export says on which day something was last written into the workbook."""

LARGEST_NUMBER = 999_999_999
"""Largest number of a code that a file may bring."""

WORKBOOK = b"SQLite format 3\0"
"""How the file of a workbook begins."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_DECLARED_TWICE = re.compile(r"Cannot declare \((.*)\) twice")
_DUPLICATE = ("Cannot overwrite a value", "Duplicate inline table key")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where (line and column from 1; 0 where none can be named), and a sentence what to do."""

    file: str
    line: int
    column: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.sentence}" if self.line else f"{self.file}: {self.sentence}"


class ImportErrors(Exception):
    """A file that was not taken over, with everything that is wrong with it, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def decoded(data: bytes, source: str) -> str:
    """The text of a file, which must be UTF-8; a byte order mark is dropped. Raises ImportErrors."""
    if data.startswith(WORKBOOK):
        raise ImportErrors([Problem(source, 0, 0, _(
            "This is a workbook, not an export. Make an export of it, and import that: crm-workbook export WORKBOOK --full -o "
            "FILE.toml"))])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[:error.start].replace(b"\r\n", b"\n")
        line, column = before.count(b"\n") + 1, len(before) - before.rfind(b"\n")
        raise ImportErrors([Problem(source, line, column, _(
            "Byte 0x{byte:02x} is no UTF-8 text. Save the file as UTF-8 and import it again.").format(
                byte=data[error.start]))]) from error


def read_full(text: str, source: str = "export", *, lenient: bool = False, beside: Book | None = None,
              ignored: list[Problem] | None = None) -> Book:
    """The Book that a full export holds. Raises ImportErrors with all problems found.

    `lenient`: sections and keys that are not known are left out and appended to `ignored`. `beside`: the workbook into
    which the file will be taken over; links may lead to its records too.
    """
    reading = _Reading(text, source, beside or Book())
    book = reading.book()
    if lenient:
        if ignored is not None:
            ignored += reading.in_order(reading.unknown)
    else:
        reading.problems += reading.unknown
    if reading.problems:
        raise ImportErrors(reading.in_order(reading.problems))
    return book


class _Reading:
    """One pass over one file."""

    def __init__(self, text: str, source: str, beside: Book) -> None:
        self.source, self.beside = source, beside
        self.problems: list[Problem] = []
        self.unknown: list[Problem] = []
        self.text = text.removeprefix("\ufeff")
        self.positions = Positions(self.text)

    def book(self) -> Book:
        """The records of the file; what is wrong is in `problems` afterwards."""
        data = self._parsed()
        if not self._version_fits(data):
            return Book()
        rows: list[Record] = []
        for table, records in data.items():
            if table in ("schema_version", LAST_ENTRY):
                continue
            kind = BY_TABLE.get(table)
            if kind is None:
                self._unknown(_("section") if isinstance(records, dict) else _("key"), table, BY_TABLE, table)
            elif not isinstance(records, dict):
                self._wrong(_("{table} is not a section. A record is written as [{table}.{prefix}1].").format(
                    table=table, prefix=kind.declared.prefix), table)
            else:
                rows += self._records(kind, records)
        book = replace(Book.of(rows), changed=self._last_entry(data))
        self._check_links(book)
        return book

    # ---- the file as a whole ----

    def _last_entry(self, data: dict[str, Any]) -> date | None:
        """The day of the last entry in the workbook that was exported; None when the file does not say."""
        day = data.get(LAST_ENTRY)
        if day is not None and type(day) is not date:
            self._wrong(_("{key}: expected a day such as 2026-03-12, found {found}.").format(
                key=LAST_ENTRY, found=_found(day)), LAST_ENTRY)
            return None
        return day

    def _parsed(self) -> dict[str, Any]:
        if match := _SURROGATE.search(self.text):
            raise ImportErrors([self._at(self.positions.place(match.start()), _(
                "A character is damaged here ({char}). Save the file as UTF-8 and import it again.").format(
                    char=f"\\u{ord(match[0]):04x}"))])
        try:
            return parsed(self.text, _number)
        except tomllib.TOMLDecodeError as error:
            raise ImportErrors([self._syntax(str(error))]) from error
        except TooDeep as error:
            sentence = _("This key has far too many parts. This is no export of a workbook.") if error.line else _(
                "Lists or tables are nested far too deeply. This is no export of a workbook.")
            raise ImportErrors([Problem(self.source, error.line, min(error.line, 1), sentence)]) from error
        except ValueError as error:
            raise ImportErrors([Problem(self.source, 0, 0, _(
                "A whole number of thousands of digits stands in it. This is no export of a workbook."))]) from error

    def _syntax(self, message: str) -> Problem:
        place = _PLACE.search(message)
        plain = message[:place.start()] if place else message
        if place and place[1]:
            at = int(place[1]), int(place[2])
        else:
            at = self.positions.place(len(self.positions.text))
        if match := _DECLARED_TWICE.search(plain):
            path = re.findall(r"'((?:[^'\\]|\\.)*)'", match[1])
            return self._at((at[0], 1), _(
                "{code} stands in the file twice. A code belongs to one record: give one of the two another number, or "
                "join them.").format(code=_shown(path[-1] if path else match[1])))
        if plain.startswith(_DUPLICATE):
            path = list(self.positions.key_at(at[0]))
            return self._at(self.positions.start_of_key_at(at[0]), _(
                "{key} stands twice in [{section}]. Keep one of the two lines.").format(
                    key=_shown(path[-1] if path else "?"), section=_shown(".".join(path[:-1]))))
        return self._at(at, _("This is no valid TOML: {reason}. Texts stand in \"double quotes\", a quotation mark inside is "
                              "written \\\".").format(reason=_shown(plain, 200)))

    def _version_fits(self, data: Mapping[str, Any]) -> bool:
        version = data.get("schema_version")
        if version == SCHEMA_VERSION and not isinstance(version, bool):
            return True
        if "summary_version" in data:
            self._wrong(_("This is a summary, made for reading. Only a full export can be imported: crm-workbook export "
                          "WORKBOOK --full -o FILE"), "summary_version")
        elif version is None:
            self._wrong(_("The line schema_version = {version} is missing. Write it on top if this is an export of a "
                          "workbook.").format(version=SCHEMA_VERSION))
        elif isinstance(version, int) and not isinstance(version, bool) and version > SCHEMA_VERSION:
            self._wrong(_("This file was made by a newer version of the program (layout {found}; this one reads {known}). "
                          "Update crm-workbook, then import it again.").format(
                              found=_found(version), known=SCHEMA_VERSION), "schema_version")
        else:
            self._wrong(_("schema_version: expected {version}, found {found}.").format(
                version=SCHEMA_VERSION, found=_found(version)), "schema_version")
        return False

    # ---- records ----

    def _records(self, kind: type[Record], records: Mapping[str, Any]) -> Iterator[Record]:
        declared = kind.declared
        for code, plain in records.items():
            path = declared.table, code
            number = self._number_of(kind, code, path)
            if not isinstance(plain, dict):
                self._wrong(_("Expected a record here, found {found}. A record is written as [{table}.{prefix}1] with its "
                              "fields below.").format(found=_found(plain), table=declared.table, prefix=declared.prefix), *path)
            elif number:
                yield self._row(kind, number, plain, path)

    def _number_of(self, kind: type[Record], code: str, path: tuple[str, ...]) -> int:
        """The number in a code of this kind, or 0 after having said what is wrong."""
        declared = kind.declared
        example = f"{declared.prefix}1"
        try:
            found, number = split_code(code)
        except ValueError:
            self._wrong(_("{code} is not a code of this section. Expected {prefix} and a number, such as {example}.").format(
                code=_shown(code), prefix=declared.prefix, example=example), *path)
            return 0
        if found is not kind:
            self._wrong(_("{code} belongs into [{table}.{code}]; codes of this section look like {example}.").format(
                code=code, table=found.declared.table, example=example), *path)
            return 0
        if declared.single and number != 1:
            self._wrong(_("A workbook has only one {table}, {example}. Write its fields into [{table}.{example}].").format(
                table=declared.table, example=example), *path)
            return 0
        if number > LARGEST_NUMBER:
            self._wrong(_("{code}: the number is too large; the most is {most}.").format(
                code=code, most=LARGEST_NUMBER), *path)
            return 0
        return number

    def _row(self, kind: type[Record], number: int, plain: Mapping[str, Any], path: tuple[str, ...]) -> Record:
        fields = kind.declared.fields
        values: dict[str, Value] = {}
        for name, value in plain.items():
            field = fields.get(name)
            if field is None:
                self._unknown(_("key"), name, fields, *path, name)
                continue
            try:
                values[name] = checked(field, value)
            except Invalid as error:
                self._wrong(_shown(str(error), 400), *path, name)
        return kind(number=number, **values)

    def _check_links(self, book: Book) -> None:
        for kind in KINDS:
            linked = list(kind.declared.link_fields())
            for number, row in book.table(kind).items() if linked else ():
                for field in linked:
                    held = row[field.index]
                    for code in held if field.type in MANY_IDS else (held,) if held else ():
                        if book.get(code) is None and self.beside.get(code) is None:
                            self._wrong(_("{title}: there is no {code}. Add the record [{table}.{code}], or take the code out."
                                          ).format(title=_(field.title), code=code, table=field.of),
                                        kind.declared.table, f"{kind.declared.prefix}{number}", field.name)

    # ---- saying it ----

    def _wrong(self, sentence: str, *path: str) -> None:
        self.problems.append(self._at(self.positions.of(*path), sentence))

    def _unknown(self, what: str, name: str, known: Iterable[str], *path: str) -> None:
        import difflib  # only where something is wrong

        near = difflib.get_close_matches(name, list(known), 1)
        hint = _("Did you mean {near}?").format(near=near[0]) if near else _(
            "Take it out, or import with --lenient to leave such lines out.")
        self.unknown.append(self._at(self.positions.of(*path), _("Unknown {what} {name}. {hint}").format(
            what=what, name=_shown(name), hint=hint)))

    def _at(self, place: tuple[int, int], sentence: str) -> Problem:
        return Problem(self.source, *place, sentence)

    @staticmethod
    def in_order(problems: Iterable[Problem]) -> list[Problem]:
        """From top to bottom."""
        return sorted(problems, key=lambda problem: (problem.line, problem.column))


_MOST_MONEY = 10**15  # far beyond what a field takes, and within the precision of Decimal
_WHOLE = {FieldType.INTEGER, FieldType.NUMBER, FieldType.MONEY}


def checked(field: Field, value: Any) -> Value:
    """A value as TOML gives it, as it will be stored. Raises Invalid with a sentence for people."""
    if field.type in MANY_IDS and isinstance(value, list):
        value = tuple(value)
    if not _fits(field, value):
        raise Invalid(_("{title}: expected {expected}, found {found}.").format(
            title=_(field.title), expected=_(EXPECTED[field.type]), found=_found(value)))
    try:
        if field.type is FieldType.MONEY and abs(value) > _MOST_MONEY:
            raise OverflowError
        return check(field, value)
    except Invalid:
        raise
    except (ValueError, ArithmeticError) as error:  # beyond what Python's dates and numbers can hold
        raise Invalid(_("{title}: {found} is too large or too small.").format(
            title=_(field.title), found=_found(value))) from error


def _fits(field: Field, value: Any) -> bool:
    kind = field.type
    if kind in _WHOLE:
        whole = isinstance(value, int) and not isinstance(value, bool)
        return whole or (isinstance(value, Decimal) and value.is_finite()
                         and (kind is not FieldType.INTEGER or value == value.to_integral_value()))
    if kind in MANY_IDS:
        return isinstance(value, tuple) and all(isinstance(item, str) for item in value)
    if kind in (FieldType.TICK, FieldType.YES_NO):
        return isinstance(value, bool)
    if kind is FieldType.DAY:
        return isinstance(value, date) and not isinstance(value, datetime)
    if kind is FieldType.MOMENT:
        return isinstance(value, datetime) and value.tzinfo is not None
    return isinstance(value, str)


def _found(value: Any) -> str:
    """What stands there, in words."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _('the text "{text}"').format(text=_shown(value))
    if isinstance(value, (list, tuple)):
        return _("a list") if all(isinstance(item, str) for item in value) else _("a list of something else than texts")
    if isinstance(value, dict):
        return _("a table")
    if isinstance(value, datetime) and value.tzinfo is None:
        return _("{time} without a zone").format(time=value.isoformat())
    if isinstance(value, (date, time)):
        return value.isoformat()
    try:
        return _shown(str(value))
    except ValueError:  # more digits than Python writes out
        return _("a number of thousands of digits")


def _shown(text: str, most: int = 60) -> str:
    """A piece of the file, safe to print and short."""
    plain = one_line(visible(text))
    return plain if len(plain) <= most else plain[:most - 3] + "..."


def _number(text: str) -> Decimal:
    """A number with a point or exponent, exactly; one of absurd size counts as not finite, so that nobody expands it."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return Decimal("inf")
    return number if number.is_zero() or not number.is_finite() or abs(number.adjusted()) < 400 else Decimal("inf")
