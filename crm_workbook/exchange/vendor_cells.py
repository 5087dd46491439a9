"""The question sheet in a spreadsheet that came back: unpacked with care, and read cell by cell.

Looked at before openpyxl sees the file: what it says to become when unpacked, macros, definitions in its XML (with them a few
bytes become gigabytes). openpyxl then gets exactly what was looked at, and reads it as a stream, which leaves charts and notes
alone. Pictures are not even unpacked. Values that formulas had when they were last computed are not read: they can say
anything.
"""
from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from crm_workbook.exchange.files import FileRefused
from crm_workbook.exchange.vendor_file import Cell, Filled, Row, no_sheet, short
from crm_workbook.exchange.vendor_sheet import COLUMNS, FILLED, GUIDE, PROGRAM
from crm_workbook.exchange.vendor_xlsx import HIDDEN, ID, MARK, QUESTION
from crm_workbook.i18n import _, ngettext

UNPACKED = 3 * 1024 * 1024
"""Most bytes that a file may become when unpacked, without pictures; an empty sheet becomes 200 thousand."""
PARTS, PAGES, ROWS, WIDTH, TOP = 300, 30, 5000, 60, 40
"""Most files inside it; most sheets; rows and columns that are looked at; rows in which the names of the columns may stand."""
JOINED, LONGEST, STYLES = 1000, 32_767, 50_000
"""Most joined cells of the sheet with the questions; most characters in a cell, as in Excel; most marks in the part with the
styles, over each of which openpyxl sits for some 25 microseconds."""

_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What spreadsheets are packed with. The others unpack all at once, whatever one asks for."""
_DEFINES = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODING = re.compile(rb"""^[^<]{0,8}<\?xml[^>]{0,200}?encoding\s*=\s*["']\s*([^"'\s]*)""", re.IGNORECASE)
_ENCODINGS = (b"utf-8", b"utf8", b"utf-16", b"utf-16le", b"utf-16be", b"us-ascii", b"ascii", b"iso-8859-1")
"""In which a definition cannot hide: its letters are those of ASCII, apart from zero bytes."""
_MAIN, _PICTURES, _LINKS, _STYLES = "xl/workbook.xml", "xl/media/", "xl/externallinks/", "xl/styles.xml"
_NOTHING = Cell(None, "")


@dataclass(frozen=True, slots=True)
class _Page:
    """A sheet: its cells by row and column from 1, its hidden rows, its joined cells as (top, left, bottom, right, words)."""

    title: str
    cells: Mapping[int, Mapping[int, Cell]]
    hidden: frozenset[int]
    joined: tuple[tuple[int, int, int, int, str], ...]


def read_cells(data: bytes, name: str) -> Filled:
    """The question sheet in the bytes of an .xlsx file. Raises FileRefused with a sentence what to do."""
    parts = _parts(data, name)
    linked = any(part.casefold().startswith(_LINKS) for part in parts)
    pages, properties = _pages(parts, name)
    lists = next((page for page in pages if page.title == HIDDEN), None)
    known = (_pairs(lists) if lists else {}) | properties
    found = [(page, *names) for page in pages if (names := _columns(page))]
    if not known.get("format"):
        raise no_sheet(name)
    if not found:
        raise FileRefused(_("{name}: the sheet with the questions is not there, or the hidden line with the names of its "
                            "columns is gone. Ask for the file that was sent out, filled in.").format(name=name))
    if len(found) > 1:
        raise FileRefused(_("{name}: the sheet with the questions is there more than once ({titles}). Ask which one counts, "
                            "and delete the others.").format(
                                name=name, titles=", ".join(short(page.title) for page, *_names in found)))
    page, top, columns = found[0]
    if len(page.joined) > JOINED:
        raise FileRefused(_("{name}: more than {most} joined cells are on the sheet with the questions. Ask for the file "
                            "that was sent out, filled in.").format(name=name, most=JOINED))
    if gone := [column for column in ("id", *FILLED[:1]) if column not in columns]:
        raise FileRefused(_("{name}: the column {column} is gone. Ask for the file that was sent out, filled in.").format(
            name=name, column=gone[0]))
    rows = dict(_rows(page, top, columns))
    return Filled(name, {key: value for key, value in known.items() if not key.startswith(QUESTION)},
                  {key.removeprefix(QUESTION): value for key, value in known.items() if key.startswith(QUESTION)},
                  tuple(rows.values()), tuple(_notices(pages, page, columns, rows, linked)))


# ---- what it is, before it is parsed ----

def _parts(data: bytes, name: str) -> dict[str, bytes]:
    """The files inside it but for pictures. FileRefused for one that is no spreadsheet, has macros, would become too large, or
    defines anything in its XML."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = {part.filename.casefold() for part in archive.infolist()}
            parts = [part for part in archive.infolist() if not part.filename.startswith(_PICTURES)]
            if any(part.flag_bits & 1 for part in parts):
                raise FileRefused(_("{name} is locked with a password. Ask for it without one.").format(name=name))
            if sum(part.file_size for part in parts) > UNPACKED or len(parts) > PARTS:
                raise _too_large(name)
            if any(part.compress_type not in _PACKINGS for part in parts):
                raise FileRefused(_("{name} is packed in a way that spreadsheets are not. It was not opened. Ask for it as "
                                    ".xlsx, saved once more.").format(name=name))
            if "mimetype" in names and _MAIN not in names:
                raise FileRefused(_("{name} is no Excel file. Open it in LibreOffice and save it as Excel (.xlsx).").format(
                    name=name))
            if _MAIN not in names and "xl/workbook.bin" not in names:
                raise no_sheet(name)
            contents = _unpacked(archive, parts, name)
    except (FileRefused, MemoryError):
        raise
    except Exception as error:  # zipfile raises anything over a file that was made by hand
        raise FileRefused(_damaged(name)) from error
    types = next((content for part, content in contents.items() if part.casefold() == "[content_types].xml"), b"")
    if re.search(rb"macroenabled|macrosheet", types.replace(b"\0", b"").lower()) or any(
            part.rpartition("/")[2].startswith("vbaproject") for part in names):
        raise FileRefused(_("{name} holds macros: small programs that would run here. It was not opened. Save it as .xlsx "
                            "(Excel Workbook without macros), or ask for it so.").format(name=name))
    if _MAIN not in names:
        raise FileRefused(_("{name} is a binary Excel file. Save it as .xlsx.").format(name=name))
    if any(_defines(content) for content in contents.values()):
        raise FileRefused(_damaged(name))
    if contents.get(_STYLES, b"").count(b"<") > STYLES:
        raise FileRefused(_("{name} has tens of thousands of cell styles. It was not read. Ask for the file that was sent out, "
                            "filled in.").format(name=name))
    return contents


def _unpacked(archive: zipfile.ZipFile, parts: Sequence[zipfile.ZipInfo], name: str) -> dict[str, bytes]:
    """What is in these parts; counted as it comes, because the sizes that the file states may be wrong."""
    found: dict[str, bytes] = {}
    left = UNPACKED
    for part in parts:
        if not part.is_dir():
            with archive.open(part) as file:
                found[part.filename] = file.read(left + 1)
            left -= len(found[part.filename])
            if left < 0:
                raise _too_large(name)
    return found


def _defines(content: bytes) -> bool:
    """Whether a part defines anything in its XML, or could do so unseen."""
    plain = content.replace(b"\0", b"")  # UTF-16
    encoding = _ENCODING.match(plain)
    return _DEFINES.search(plain) is not None or (encoding is not None and encoding[1].lower() not in _ENCODINGS)


def _too_large(name: str) -> FileRefused:
    return FileRefused(_("{name} would become far larger than a question sheet when unpacked. It was not opened. Ask for the "
                         "sheet without additions.").format(name=name))


def _damaged(name: str) -> str:
    return _("{name} is damaged, or no spreadsheet. Open it, save it as .xlsx, and try again.").format(name=name)


# ---- its sheets ----

def _pages(parts: Mapping[str, bytes], name: str) -> tuple[list[_Page], dict[str, str]]:
    """The sheets with cells, and our properties."""
    from openpyxl import load_workbook

    clean = BytesIO()
    with zipfile.ZipFile(clean, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # whatever openpyxl does not support is not ours
            book = load_workbook(clean, read_only=True, data_only=False, keep_links=False)
            try:
                pages = [_page(sheet, name) for sheet in _once(book.worksheets, name)]
                properties = {str(item.name).removeprefix(f"{PROGRAM}."): str(item.value or "")
                              for item in book.custom_doc_props.props  # type: ignore[attr-defined]  # not in the stubs
                              if str(item.name).startswith(f"{PROGRAM}.")}
            finally:
                book.close()
    except (FileRefused, MemoryError):
        raise
    except Exception as error:  # openpyxl raises anything over a file that was made by hand
        raise FileRefused(_damaged(name)) from error
    return pages, properties


def _once(sheets: Sequence[Any], name: str) -> Sequence[Any]:
    """The sheets, unless they are so many, or one part is so many sheets, that reading them would take hours."""
    if len(sheets) > PAGES:
        raise FileRefused(_("{name} has more than {most} sheets. It was not read. Ask for the file that was sent out, filled "
                            "in.").format(name=name, most=PAGES))
    if len({sheet._worksheet_path for sheet in sheets}) < len(sheets):
        raise FileRefused(_damaged(name))
    return sheets


def _page(sheet: Any, name: str) -> _Page:
    sheet.reset_dimensions()  # the size that the file states may be wrong
    cells: dict[int, dict[int, Cell]] = {}
    for number, row in enumerate(sheet.iter_rows(1, ROWS, 1, WIDTH), 1):
        found = {column: _cell(cell) for column, cell in enumerate(row, 1) if cell.value is not None}
        if found:
            cells[number] = found
        if long := next((cell for cell in found.values() if isinstance(cell.value, str) and len(cell.value) > LONGEST), None):
            raise FileRefused(_("{name}, {place}: a text with more than {most} characters stands here. Ask for a "
                                "file with shorter ones.").format(name=name, place=long.place, most=LONGEST))
    return _Page(sheet.title, cells, *_shape(sheet))


def _cell(cell: Any) -> Cell:
    shown_as = cell.number_format if isinstance(cell.value, int | float) else ""
    return Cell(cell.value, cell.coordinate, cell.data_type == "f", cell.data_type == "e", shown_as or "")


def _shape(sheet: Any) -> tuple[frozenset[int], tuple[tuple[int, int, int, int, str], ...]]:
    """Hidden rows and joined cells, which openpyxl does not tell of a stream."""
    from xml.etree.ElementTree import iterparse

    from openpyxl.utils import range_boundaries

    hidden, joined = set[int](), list[tuple[int, int, int, int, str]]()
    with sheet._get_source() as source:
        for _event, element in iterparse(source):
            kind = str(element.tag).rpartition("}")[2]
            if kind == "row":
                if element.get("hidden") in ("1", "true"):
                    hidden.add(int(element.get("r") or 0))
                element.clear()
            elif kind == "mergeCell" and len(joined) <= JOINED:
                words = element.get("ref") or ""
                left, top, right, bottom = (edge or 0 for edge in range_boundaries(words))
                joined.append((top, left, bottom, right, words))
    return frozenset(hidden), tuple(joined)


def _pairs(page: _Page) -> dict[str, str]:
    """The first two columns of the hidden sheet."""
    found: dict[str, str] = {}
    for row in page.cells.values():
        key, value = row.get(1, _NOTHING).value, row.get(2, _NOTHING).value
        if isinstance(key, str) and isinstance(value, str | int):
            found.setdefault(key, str(value))
    return found


def _columns(page: _Page) -> tuple[int, dict[str, int]] | None:
    """The hidden line with the names of the columns: its row, and where each column is now."""
    for row, cells in page.cells.items():
        if row > TOP:
            return None
        if any(cell.value == ID for cell in cells.values()):
            names = {cell.value.removeprefix(MARK): column for column, cell in sorted(cells.items(), reverse=True)
                     if isinstance(cell.value, str) and cell.value.startswith(MARK)}
            return row, names
    return None


def _rows(page: _Page, top: int, columns: Mapping[str, int]) -> Iterator[tuple[int, Row]]:
    """The lines that have an id, with their numbers."""
    ours = {columns[name]: name for name in ("question", *FILLED) if name in columns}
    joins = [(above, below, words) for above, left, below, right, words in page.joined
             if any(left <= column <= right for column in ours)]
    for number, cells in page.cells.items():
        id_ = cells.get(columns["id"])
        if number <= top or id_ is None:
            continue
        place = _coordinate(number, columns["answer"])
        found = {name: cells.get(column, Cell(None, _coordinate(number, column))) for column, name in ours.items()}
        joined = next((words for above, below, words in joins if above <= number <= below), "")
        problem = _("{place}: the cells {words} are joined to one. Split them, so that each question has its own "
                    "answer.").format(place=place, words=short(joined)) if joined else ""
        if id_.formula or not isinstance(id_.value, str):
            problem = _("{place}: the hidden column with the names of the questions was changed in this line.").format(
                place=id_.place)
        yield number, Row(id_.value.strip() if isinstance(id_.value, str) else short(id_.value), place, found, problem)


def _coordinate(row: int, column: int) -> str:
    from openpyxl.utils import get_column_letter

    return f"{get_column_letter(column)}{row}"


def _notices(pages: Sequence[_Page], page: _Page, columns: Mapping[str, int], rows: Mapping[int, Row],
             linked: bool) -> Iterator[str]:
    """What is to be said about the file as a whole."""
    ours = {page.title, HIDDEN}
    extra = [short(other.title) for other in pages if other.title not in ours and other.cells
             and not any(cell.value == _(GUIDE[0]) for cells in other.cells.values() for cell in cells.values())]
    if extra:
        yield ngettext("One more sheet is in the file and was not read: {titles}.",
                       "{n} more sheets are in the file and were not read: {titles}.", len(extra)).format(
                           n=len(extra), titles=", ".join(extra))
    for name in ("question", *FILLED[1:]):
        if name not in columns:
            yield _("The column {title} is gone; it counts as empty.").format(title=_(COLUMNS[name]))
    numbers = [row.place for number, row in rows.items() if number in page.hidden]
    if numbers:
        yield ngettext("One line is hidden in the file ({places}); it was read like the others.",
                       "{n} lines are hidden in the file ({places}); they were read like the others.", len(numbers)).format(
                           n=len(numbers), places=", ".join(numbers[:10]) + (", ..." if len(numbers) > 10 else ""))
    if linked:
        yield _("The file refers to other files. They were not looked at.")
