"""A vendor's file on its whole way: out of a workbook, filled in and saved by LibreOffice, and back into the workbook."""
from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from crm_workbook import cli
from crm_workbook.analysis import scoring
from crm_workbook.analysis.facts import View
from crm_workbook.catalogue import load
from crm_workbook.records.edits import Create
from crm_workbook.records.goals import Project
from crm_workbook.records.vendors import Answer, Vendor
from crm_workbook.store import Workbook
from tests.exchange.vendor_files import converted

FILLED: dict[str, tuple[Any, str, str]] = {  # question -> answer, state, in the vendor's words
    "dbms-which": ("Free database (open source)", "", "PostgreSQL 17, kept up to date by us"),
    "dbms-load": (120, "", "measured in March\nwith 2 million records"),
    "func-fields": ("In part", "", ""),
    "price-licence": (12.5, "", "12.50 a month for each person, 300 once"),
    "price-increase": (0.03, "", "3 % at most"),
    "host-where": ("=Kaunas, Lithuania", "", ""),
    "exit-price": (None, "Will be answered later", ""),
    "sup-response": ("approx. 5-10 hours", "", "depends on the day"),
    "sup-fix-critical": ("=4*6", "", "")}
TAKEN = {"dbms-which": "open", "dbms-load": "120", "func-fields": "partly", "price-licence": "12.5", "price-increase": "3",
         "host-where": "=Kaunas, Lithuania", "exit-price": ""}


def filled(path: Path) -> dict[str, str]:
    """Fills in the sheet; question -> cell of the answer."""
    from openpyxl import load_workbook

    book = load_workbook(path)
    page = book["Questions"]
    rows = {page.cell(row, 1).value: row for row in range(1, page.max_row + 1)}
    for question, (answer, state, words) in FILLED.items():
        row = rows[question]
        for column, value in (("E", answer), ("G", state), ("I", words)):
            if value not in (None, ""):
                page[f"{column}{row}"].value = value
                if question == "host-where":
                    page[f"{column}{row}"].data_type = "s"
                if question == "price-increase" and column == "E":
                    page[f"{column}{row}"].number_format = "0%"
    book.save(path)
    return {question: f"E{rows[question]}" for question in FILLED}


@pytest.mark.timeout(120)
@pytest.mark.parametrize("forms", [("xlsx",), ("ods", "xlsx")])
def test_a_sheet_goes_out_is_filled_in_libreoffice_and_is_taken_over(
        tmp_path: Path, forms: tuple[str, ...], capfd: pytest.CaptureFixture[str]) -> None:
    path, sheet = tmp_path / "acme.crm", tmp_path / "alpha.xlsx"
    with Workbook.new(str(path), who="test") as workbook:
        workbook.apply([Create(Project, {"company": "Acme", "currency": "EUR", "hour_cost": Decimal(40)}),
                        Create(Vendor, {"name": "Alpha"})])
    assert cli.main(["vendor-sheet", str(path), "V1", "-o", str(sheet)]) == 0
    cells = filled(sheet)
    for number, form in enumerate(forms):
        converted(sheet, form, tmp_path / str(number), tmp_path)
        sheet = tmp_path / str(number) / f"alpha.{form}"
    with ZipFile(sheet) as archive:
        assert b"LibreOffice" in archive.read("docProps/app.xml"), "these are not our own bytes"
    capfd.readouterr()

    assert cli.main(["vendor-reply", str(path), str(sheet)]) == 3
    shown = capfd.readouterr().out
    assert "Cannot be taken over: 2" in shown and "New: 7" in shown
    assert f"{cells['sup-response']}: " in shown and "not one number" in shown
    assert f"{cells['sup-fix-critical']}: a formula" in shown

    assert cli.main(["--as", "Eva", "vendor-reply", str(path), str(sheet), "--take"]) == 3
    with Workbook.open(str(path), who="test", read_only=True) as workbook:
        book = workbook.book
    answers = {row.question: row for row in book.rows(Answer)}
    assert {question: row.value for question, row in answers.items()} == TAKEN
    load_answer = answers["dbms-load"]
    assert (load_answer.evidence, load_answer.state, load_answer.note) == (
        "2", "answered", "measured in March\nwith 2 million records")
    assert load_answer.reference == f"alpha.xlsx, {cells['dbms-load']}" and load_answer.evidence_on == load_answer.asked_on
    assert answers["exit-price"].state == "later" and answers["exit-price"].evidence == ""
    view = View(book, load(), date(2026, 5, 4))
    score = scoring.scores(view, "V1")[""]
    assert score.coverage is not None and score.coverage > 0

    assert cli.main(["vendor-reply", str(path), str(sheet), "--take"]) == 3
    with Workbook.open(str(path), who="test", read_only=True) as workbook:
        assert workbook.book == book, "a second time brings nothing new"
