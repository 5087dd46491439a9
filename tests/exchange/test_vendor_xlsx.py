"""The question sheet as a spreadsheet: locked, with choices, and without a formula in it."""
from __future__ import annotations

import csv
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from crm_workbook.exchange.files import FileRefused
from crm_workbook.exchange.vendor_file import read_filled
from crm_workbook.exchange.vendor_sheet import STATES, choices_of, sheet_of
from crm_workbook.exchange.vendor_xlsx import HIDDEN, as_xlsx, write_xlsx
from crm_workbook.records.goals import Project
from crm_workbook.records.text import visible
from tests.exchange.vendor_files import VENDORS, Sheet, answer, catalogue, converted, own_catalogue, view_of

CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,2"
"""UTF-8, values as they are shown, the second sheet."""
NASTY = ["=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "=HYPERLINK(\"http://x\")", "#N/A", "＝1+1", "|calc"]


def values(book: Any, place: str) -> list[str]:
    """The cells of a range such as Lists!$A$1:$A$3."""
    title, _bang, area = place.partition("!")
    return [row[0].value for row in book[title.strip("'")][area.replace("$", "")]]


def properties_of(sheet: Sheet) -> Any:
    return sheet.book.custom_doc_props.props  # type: ignore[attr-defined]  # the stubs do not know it


def test_only_the_cells_to_fill_in_can_be_changed() -> None:
    sheet = Sheet()
    assert sheet.book.sheetnames == ["Read this first", "Questions", HIDDEN] and sheet.book.active is sheet.page
    assert sheet.book[HIDDEN].sheet_state == "hidden" and sheet.book.security.lockStructure
    assert all(page.protection.sheet for page in sheet.book)
    assert sheet.page.column_dimensions["A"].hidden and sheet.page.row_dimensions[3].hidden
    open_cells = {cell.coordinate for row in sheet.page.iter_rows() for cell in row if not cell.protection.locked}
    assert open_cells == {f"{column}{row}" for row in sheet.rows.values() for column in "EGHI"}


def test_each_answer_has_its_choices_or_takes_a_number() -> None:
    sheet = Sheet()
    rules = {str(area): rule for rule in sheet.page.data_validations.dataValidation for area in rule.sqref.ranges}
    states = next(rule for area, rule in rules.items() if area.startswith("G5:"))
    assert values(sheet.book, states.formula1) == list(STATES.values())
    for id_ in sheet.rows:
        question, rule = catalogue().questions[id_], rules.get(sheet.place(id_))
        if choices := choices_of(question):
            assert rule is not None and values(sheet.book, rule.formula1) == list(choices.values())
        elif question.answer_type in ("number", "money"):
            assert rule is not None and rule.type == "decimal" and len(rule.prompt) < 255 and len(rule.promptTitle) <= 32
        else:
            assert rule is None


def test_the_vendor_is_not_told_what_we_hope_to_hear() -> None:
    with zipfile.ZipFile(BytesIO(as_xlsx(sheet_of(view_of(), "V1")))) as archive:
        text = "".join(archive.read(name).decode() for name in archive.namelist())
    assert catalogue().questions["dbms-which"].why in text
    for question in catalogue().questions.values():
        assert question.good not in text and question.worrying not in text
        assert not any(flag.message in text for flag in question.flags)


def test_the_file_knows_where_it_belongs() -> None:
    sheet = Sheet(None, "V2")
    properties = {str(item.name): str(item.value) for item in properties_of(sheet)}
    assert properties["crm-workbook.vendor"] == "V2" and properties["crm-workbook.format"] == "1"
    prints = {name.removeprefix("crm-workbook.question.") for name in properties if ".question." in name}
    assert prints == set(sheet.rows)
    hidden = {row[0].value: row[1].value for row in sheet.book[HIDDEN].iter_rows()}
    assert all(hidden[name.removeprefix("crm-workbook.")] == value for name, value in properties.items())


def test_numbers_are_numbers_and_texts_are_texts(tmp_path: Path) -> None:
    view = view_of(answer(1, "dbms-load", "1 200"), answer(2, "price-increase", "2,5"), answer(3, "host-where", "=1+1"),
                   answer(4, "ven-years", "=2+2"), known=own_catalogue(tmp_path), project=Project(number=1, company="=cmd|x"))
    sheet = Sheet(view, noted=True)
    assert sheet.page[sheet.place("dbms-load")].value == 1200 and sheet.page[sheet.place("price-increase")].value == 2.5
    for id_, column, text in (("host-where", "answer", "=1+1"), ("ven-years", "answer", "=2+2"),
                              ("acme.range", "question", "=How far does one van get?"),
                              ("acme.range", "why", "+We drive far.")):
        cell = sheet.page[sheet.place(id_, column)]
        assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)
    formulas = [cell.coordinate for page in sheet.book for row in page.iter_rows() for cell in row if cell.data_type == "f"]
    assert not formulas


@pytest.mark.timeout(120)
def test_no_text_is_evaluated_by_libreoffice(tmp_path: Path) -> None:
    questions = ["host-where", "dbms-restore-test", "sec-evidence", "price-storage", "ven-clients-like-us"]
    rows = [answer(number, id_, text, vendor=vendor) for number, (id_, text, vendor) in enumerate(
        ((id_, text, vendor) for vendor, texts in (("V1", NASTY[:5]), ("V2", NASTY[5:]))
         for id_, text in zip(questions, texts, strict=False)), 1)]
    seen: set[str] = set()
    for vendor in ("V1", "V2"):
        path = write_xlsx(view_of(*rows, known=own_catalogue(tmp_path)), vendor, tmp_path / f"{vendor}.xlsx", noted=True)
        converted(path, CSV, tmp_path / "csv", tmp_path)
        [made] = (tmp_path / "csv").glob(f"{vendor}*.csv")
        with made.open(newline="", encoding="utf-8") as file:
            seen |= {cell for row in csv.reader(file) for cell in row}
    assert {text.strip() for text in NASTY} <= {text.strip() for text in seen}
    assert "=How far does one van get?" in seen and "+We drive far." in seen
    assert not {"#NAME?", "#REF!", "http://x"} & seen


@pytest.mark.parametrize("name", ["A\uffffb", "A\ufffeb\ufdd0", "A\x00\x1b[31m", "A\ud800"])
def test_a_name_of_any_characters_makes_a_file_that_opens(tmp_path: Path, name: str) -> None:
    sheet = sheet_of(view_of(VENDORS[0].with_value("name", name)), "V1")
    first = sheet.parts[0].entries[0]
    raw = replace(sheet, title=name, identity={**sheet.identity, "vendor_name": name}, parts=(
        replace(sheet.parts[0], entries=(replace(first, unit=name, answer=name), *sheet.parts[0].entries[1:])),
        *sheet.parts[1:]))
    path = tmp_path / "out.xlsx"
    for made in (sheet, raw):
        path.write_bytes(as_xlsx(made))
        found = read_filled(path)
        assert found.identity["vendor_name"] == visible(name) and found.rows[0].question == first.question.id
    assert found.rows[0].cells["answer"].value == visible(name)


def test_the_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    assert write_xlsx(view_of(), "V1", path) == path
    before = path.read_bytes()
    for wrong in (tmp_path, tmp_path / "no" / "out.xlsx"):
        with pytest.raises(FileRefused):
            write_xlsx(view_of(), "V1", wrong)
    with pytest.raises(KeyError):
        write_xlsx(view_of(), "V9", path)
    assert path.read_bytes() == before and [entry.name for entry in tmp_path.iterdir()] == ["out.xlsx"]
