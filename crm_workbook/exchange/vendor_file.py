"""What stands in a file that came back from a vendor, before anybody judges it: cells with their places.

The file comes from outside, and nothing in it is believed: its size is looked at before it is unpacked, what it is follows from
its first bytes and not from its name, and only what belongs to the question sheet is read. The spreadsheet is `vendor_cells`.
"""
from __future__ import annotations

import difflib
import os
import re
import stat
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crm_workbook.exchange.files import FileRefused, shown, unreadable
from crm_workbook.exchange.parsing import TooDeep, parsed
from crm_workbook.exchange.positions import Positions
from crm_workbook.exchange.vendor_sheet import FILLED
from crm_workbook.i18n import _
from crm_workbook.records.text import one_line, visible

LARGEST = 4 * 1024 * 1024
"""Most bytes of a file; an empty sheet has 30 thousand, and a vendor's words hardly more."""
LARGEST_TEXT = 1024 * 1024
"""Most bytes of one in TOML."""
LARGEST_NUMBER = 10**9
"""Numbers from here on say nothing about where a file belongs."""

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LINE = re.compile(r" \(at line (\d+), column \d+\)$")


@dataclass(frozen=True, slots=True)
class Cell:
    """One place that was filled in, or not (`value` None or ""). `place`: "E17", or "line 17". `error`: a program has put a
    failure there, such as #N/A. `shown_as`: the number format."""

    value: Any
    place: str
    formula: bool = False
    error: bool = False
    shown_as: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One question of the file: its cells by the names of `vendor_sheet.COLUMNS`, and why it cannot be read, if so."""

    question: str
    place: str
    cells: Mapping[str, Cell]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """A file as it stands: where it says it belongs, its lines, and what is to be said about it as a whole."""

    name: str
    identity: Mapping[str, str]
    fingerprints: Mapping[str, str]
    rows: tuple[Row, ...]
    notices: tuple[str, ...] = field(default=())


def read_filled(path: str | os.PathLike[str]) -> Filled:
    """The question sheet in this file. Raises FileRefused for what is none, with a sentence what to do."""
    data, name = _bytes(path), shown(Path(path).name)
    try:
        return _read(data, name)
    except MemoryError as error:
        raise FileRefused(_("{name} needs more memory than there is. It was not read. Ask for the sheet without "
                            "additions.").format(name=name)) from error


def _read(data: bytes, name: str) -> Filled:
    if data.startswith(_ZIP):
        from crm_workbook.exchange.vendor_cells import read_cells

        return read_cells(data, name)
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise FileRefused(_("{name} is locked with a password. Ask for it without one.").format(name=name))
        raise FileRefused(_("{name} is in the old Excel form. Open it and save it as .xlsx.").format(name=name))
    return _read_toml(data, name)


def no_sheet(name: str) -> FileRefused:
    """The refusal of a file that is something else."""
    return FileRefused(_("{name} is no question sheet of this program. Ask for the file that was sent out (.xlsx or .toml), "
                         "filled in.").format(name=name))


def _bytes(path: str | os.PathLike[str]) -> bytes:
    name = shown(path)
    try:
        with open(path, "rb", opener=_without_waiting) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise FileRefused(_("{name} is no ordinary file. Name the file that came back.").format(name=name))
            size = os.fstat(file.fileno()).st_size
            if size > LARGEST:
                raise FileRefused(_("{name} has {size} MB; a filled question sheet has less than {most} MB. It was not opened. "
                                    "Ask for the sheet without pictures and other additions.").format(
                                        name=name, size=-(-size // 1024 // 1024), most=LARGEST // 1024 // 1024))
            return file.read(LARGEST + 1)[:LARGEST]
    except (OSError, ValueError) as error:
        raise unreadable(error, path) from error


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)  # a pipe that nobody writes into


# ---- TOML ----

def _read_toml(data: bytes, name: str) -> Filled:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise no_sheet(name) from error
    if "\0" in text:
        raise no_sheet(name)
    if len(data) > LARGEST_TEXT:
        raise FileRefused(_("{name} is too large: no question sheet has more than {most} MB of text. It was not read. Ask for "
                            "the file that was sent out, filled in.").format(name=name, most=LARGEST_TEXT // 1024 // 1024))
    try:
        found = parsed(text)
    except tomllib.TOMLDecodeError as error:
        if "[sheet]" not in text:
            raise no_sheet(name) from error
        raise FileRefused(_toml_fault(str(error), name)) from error
    except TooDeep as error:
        if error.line:
            raise FileRefused(_("{name}, {place}: this key has far too many parts. This is no question sheet of this program; "
                                "nothing was taken over.").format(name=name, place=_line(error.line))) from error
        raise FileRefused(_("{name}: lists or tables are nested far too deeply. This is no question sheet of this program; "
                            "nothing was taken over.").format(name=name)) from error
    except ValueError as error:
        raise no_sheet(name) from error
    identity, answers, prints = (found.get(key) for key in ("sheet", "answers", "fingerprints"))
    if not isinstance(identity, dict) or not isinstance(answers, dict):
        raise no_sheet(name)
    extra = [short(key) for key in found if key not in ("sheet", "answers", "fingerprints")]
    notices = (_("These parts do not belong to the sheet and were not read: {names}.").format(names=", ".join(extra)),)
    return Filled(name, _texts(identity), _texts(prints if isinstance(prints, dict) else {}),
                  tuple(_toml_rows(answers, Positions(text))), notices if extra else ())


def _toml_rows(answers: Mapping[str, Any], positions: Positions) -> Iterator[Row]:
    known = ("question", *FILLED)
    for id_, values in answers.items():
        place = _line(positions.of("answers", id_)[0])
        if not isinstance(values, dict):
            yield Row(id_, place, {}, _("{place}: expected the lines question, answer, state, where and note below "
                                        "[answers.{id}].").format(place=place, id=short(id_)))
            continue
        cells = {key: Cell(value, _line(positions.of("answers", id_, key)[0])) for key, value in values.items()}
        odd = next((key for key in values if key not in known), None)
        problem = ""
        if odd is not None:
            near = difflib.get_close_matches(odd, known, 1)
            problem = _("{place}: there is no line {name} in a question.").format(place=cells[odd].place, name=short(odd)) + (
                " " + _("Did you mean {near}?").format(near=near[0]) if near else "")
        yield Row(id_, place, cells, problem)


def _toml_fault(message: str, name: str) -> str:
    place = _LINE.search(message)
    at = _line(int(place[1])) if place else _("at its end")
    return _("{name}, {place}: this cannot be read as TOML. Mostly a quotation mark is missing, or a line stands there twice. "
             "Mend the line; nothing was taken over.").format(name=name, place=at)


def _line(number: int) -> str:
    return _("line {n}").format(n=number)


def _texts(table: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(value) for key, value in table.items()
            if isinstance(value, str) or (isinstance(value, int) and abs(value) < LARGEST_NUMBER)}


def short(value: object, most: int = 60) -> str:
    """A piece of the file, safe to print and short."""
    try:
        text = one_line(visible(str(value))).strip()
    except ValueError:  # more digits than Python writes out
        return "..."
    return text if len(text) <= most else text[:most - 3] + "..."
