"""The question sheet of a vendor as a spreadsheet (.xlsx): locked but for the cells to fill in, with lists to choose from.

The second sheet, "Questions", has one line for each question. Two things in it are for the reader of the reply: column A
(hidden) holds the ids of the questions, and a hidden line above the headings the names of the columns, so that both are found
again when columns were moved or renamed. The third sheet is hidden: the choices, and where the file belongs. The latter stands
in the properties of the file too; some programs drop those.

Texts are written as texts: one that begins with = + - @ or a tab is never a formula, here or after it was edited.
"""
from __future__ import annotations

import os
from collections.abc import Mapping
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_workbook.analysis.facts.view import View
from crm_workbook.exchange import files
from crm_workbook.exchange.vendor_sheet import (
    COLUMNS,
    FILLED,
    GUIDE,
    NUMBERS,
    PROGRAM,
    STATES,
    Entry,
    Sheet,
    choices_of,
    hint_of,
    plain,
    sheet_of,
)
from crm_workbook.i18n import _
from crm_workbook.records.text import visible

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

MARK = "#"
"""In front of the name of a column in the hidden line: #answer."""
ID = f"{MARK}id"
"""Over the column with the ids."""
HIDDEN = "Lists"
"""Title of the hidden sheet: column A the keys of the identity, B their values, from D on the choices."""
QUESTION = "question."
"""In front of the id of a question where its fingerprint stands."""
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|")
_WIDTHS = {"number": 5, "question": 48, "why": 40, "answer": 36, "unit": 20, "state": 22, "where": 28, "note": 44}
_HEADINGS, _NAMES = 4, 3  # rows
_FIRST_LIST = 4  # column D
_LINE_HEIGHT, _LEAST = 15, 3  # points; lines of a question, so that there is room to answer
_HEAD, _PART, _LOCKED, _OPEN, _LINE = "1F3A4D", "DCE6EC", "F4F6F7", "FFFFFF", "B7C3CB"  # colours


def write_xlsx(view: View, vendor: str, path: str | os.PathLike[str], *, noted: bool = False) -> Path:
    """Writes the sheet into this file, whole or not at all, and gives its path. `noted`: with the answers that were noted
    already. KeyError when there is no such vendor; raises FileRefused."""
    return files.write_atomic(path, as_xlsx(sheet_of(view, vendor, noted=noted)))


def as_xlsx(sheet: Sheet) -> bytes:
    """The spreadsheet."""
    from openpyxl import Workbook  # a tenth of a second, so not before it is needed

    book = Workbook()
    guide = book.active
    assert guide is not None
    guide.title = _("Read this first")
    questions, hidden = book.create_sheet(_("Questions")), book.create_sheet(HIDDEN)
    _guide(guide, sheet)
    _identify(book, hidden, sheet)
    _questions(questions, sheet, _lists(hidden, sheet))
    hidden.sheet_state = "hidden"
    book.active = 1  # the second one
    for page in (guide, questions, hidden):
        page.protection.sheet = True  # without a password: it keeps from slips, not from intent
        page.protection.formatColumns = page.protection.formatRows = False  # widths and heights may be changed
    book.security = _locked()
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _guide(page: Worksheet, sheet: Sheet) -> None:
    page.column_dimensions["A"].width = 100
    for row, text in enumerate((sheet.title, "", *map(_, GUIDE)), 1):
        _put(page.cell(row, 1), text, wrap=True)
    page["A1"].font = _bold(_HEAD, 14)
    page.sheet_view.showGridLines = False


def _identify(book: Workbook, hidden: Worksheet, sheet: Sheet) -> None:
    """Where the file belongs, in the properties and in the hidden sheet."""
    from openpyxl.packaging.custom import StringProperty

    book.properties.creator, book.properties.title = "CRM Workbook", visible(sheet.title)
    properties = book.custom_doc_props  # type: ignore[attr-defined]  # the stubs do not know it
    known = {**sheet.identity, **{QUESTION + id_: print_ for id_, print_ in sheet.fingerprints.items()}}
    for row, (name, value) in enumerate(known.items(), 1):
        _put(hidden.cell(row, 1), name)
        _put(hidden.cell(row, 2), value)
        if value:
            properties.append(StringProperty(name=f"{PROGRAM}.{visible(name)}", value=visible(value)))


def _lists(hidden: Worksheet, sheet: Sheet) -> dict[tuple[str, ...], str]:
    """Writes each list of choices into a column of its own: the choices -> the range."""
    from openpyxl.utils import get_column_letter

    wanted = [tuple(map(_, STATES.values())), *(tuple(choices_of(entry.question).values()) for entry in sheet.entries)]
    found: dict[tuple[str, ...], str] = {}
    for choices in filter(None, dict.fromkeys(wanted)):
        column = _FIRST_LIST + len(found)
        for row, choice in enumerate(choices, 1):
            _put(hidden.cell(row, column), choice)
        letter = get_column_letter(column)
        found[choices] = f"{HIDDEN}!${letter}$1:${letter}${len(choices)}"
    return found


def _questions(page: Worksheet, sheet: Sheet, lists: Mapping[tuple[str, ...], str]) -> None:
    from openpyxl.styles import PatternFill
    from openpyxl.utils import get_column_letter

    columns = {name: place for place, name in enumerate(COLUMNS, 2)}  # A: the ids
    _put(page.cell(1, columns["number"]), sheet.title)
    page.cell(1, columns["number"]).font = _bold(_HEAD, 14)
    _put(page.cell(2, columns["number"]), _("Please fill in the white cells. Nothing else can be changed."))
    _put(page.cell(_NAMES, 1), ID)
    for name, column in columns.items():
        _put(page.cell(_NAMES, column), MARK + name)
        heading = page.cell(_HEADINGS, column)
        _put(heading, _(COLUMNS[name]), wrap=True)
        heading.font, heading.fill = _bold("FFFFFF"), PatternFill("solid", fgColor=_HEAD)
        page.column_dimensions[get_column_letter(column)].width = _WIDTHS[name]
    row = _HEADINGS
    for part in sheet.parts:
        row += 1
        for column in columns.values():
            page.cell(row, column).fill = PatternFill("solid", fgColor=_PART)
        _put(page.cell(row, columns["number"]), part.title)
        page.cell(row, columns["number"]).font = _bold(_HEAD)
        for entry in part.entries:
            row += 1
            _entry(page, row, columns, entry)
            _choices(page, f"{get_column_letter(columns['answer'])}{row}", entry, lists)
    _list_of(page, lists[tuple(map(_, STATES.values()))],
             f"{get_column_letter(columns['state'])}{_HEADINGS + 1}:{get_column_letter(columns['state'])}{row}")
    page.column_dimensions["A"].hidden = True
    page.row_dimensions[_NAMES].hidden = True
    page.freeze_panes = f"A{_HEADINGS + 1}"
    page.print_title_rows = f"{_HEADINGS}:{_HEADINGS}"
    page.page_setup.orientation, page.page_setup.fitToHeight = "landscape", 0
    page.sheet_properties.pageSetUpPr = _fit_to_width()


def _entry(page: Worksheet, row: int, columns: Mapping[str, int], entry: Entry) -> None:
    """One line: what we ask, and the cells to fill in."""
    from openpyxl.styles import Border, PatternFill, Protection, Side

    question, line = entry.question, Side(style="thin", color=_LINE)
    _put(page.cell(row, 1), question.id)
    values: dict[str, str | int | Decimal] = {
        "number": entry.number, "question": plain(question.text), "why": entry.why, "unit": entry.unit,
        "answer": entry.answer, "state": entry.state}
    for name, column in columns.items():
        cell, filled = page.cell(row, column), name in FILLED
        _put(cell, values.get(name, ""), wrap=True)
        cell.fill = PatternFill("solid", fgColor=_OPEN if filled else _LOCKED)
        cell.border = Border(line, line, line, line)
        if filled:
            cell.protection = Protection(locked=False)
    lines = max(-(-len(str(values.get(name, ""))) // (_WIDTHS[name] - 2)) for name in columns)
    page.row_dimensions[row].height = _LINE_HEIGHT * max(lines, _LEAST)  # not every program finds it by itself


def _choices(page: Worksheet, place: str, entry: Entry, lists: Mapping[tuple[str, ...], str]) -> None:
    """What the answer cell takes: one of the choices, or a number; the rest is free."""
    from openpyxl.worksheet.datavalidation import DataValidation

    if choices := tuple(choices_of(entry.question).values()):
        return _list_of(page, lists[choices], place)
    if entry.question.answer_type in NUMBERS:
        rule = DataValidation(type="decimal", operator="between", formula1="-1E+15", formula2="1E+15", allow_blank=True,
                              showErrorMessage=True, showInputMessage=True)
        if entry.question.open_ended:
            rule.errorStyle = "warning"  # "no limit" can be kept, too
        rule.errorTitle, rule.error = _("A number, please"), hint_of(entry.question)
        rule.promptTitle, rule.prompt = visible(entry.unit)[:32], hint_of(entry.question)
        rule.add(place)
        page.add_data_validation(rule)


def _list_of(page: Worksheet, choices: str, place: str) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    rule = DataValidation(type="list", formula1=choices, allow_blank=True, showErrorMessage=True)
    rule.errorTitle, rule.error = _("From the list, please"), _(
        "Choose what comes nearest, or leave it empty. Say more under: In your words.")
    rule.add(place)
    page.add_data_validation(rule)


def _put(cell: Cell | Any, value: str | int | Decimal, *, wrap: bool = False) -> None:
    """A value as what it is. A text stays a text, whatever it begins with and whatever characters are in it."""
    from openpyxl.styles import Alignment

    value_: str | int | float | None
    if value == "":
        value_ = None
    elif isinstance(value, Decimal):
        value_ = int(value) if value == value.to_integral_value() else float(value)
    else:
        value_ = visible(value) if isinstance(value, str) else value
    cell.value = value_
    if isinstance(value_, str):
        cell.data_type = "s"  # not what openpyxl makes of "=1+1" and "#N/A"
        cell.quotePrefix = value_.startswith(_DANGEROUS)  # nor what a program makes of it when it is edited
    if wrap:
        cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal="left")


def _bold(color: str, size: int = 11) -> Any:
    from openpyxl.styles import Font

    return Font(name="Calibri", bold=True, size=size, color=color)


def _locked() -> Any:
    from openpyxl.workbook.protection import WorkbookProtection

    return WorkbookProtection(lockStructure=True)


def _fit_to_width() -> Any:
    from openpyxl.worksheet.properties import PageSetupProperties

    return PageSetupProperties(fitToPage=True)

