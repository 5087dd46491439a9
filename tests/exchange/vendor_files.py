"""Vendors, their sheets, and sheets as they come back: filled in, and spoilt."""
from __future__ import annotations

import shutil
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from crm_workbook.analysis.facts import View
from crm_workbook.catalogue import Catalogue, load
from crm_workbook.exchange.vendor_reply import Item, Preview, preview, read_reply
from crm_workbook.exchange.vendor_sheet import sheet_of
from crm_workbook.exchange.vendor_xlsx import as_xlsx
from crm_workbook.records import Record
from crm_workbook.records.book import Book
from crm_workbook.records.goals import Project
from crm_workbook.records.vendors import Answer, Vendor

TODAY = date(2026, 5, 4)
PROJECT = Project(number=1, company="Acme", currency="EUR")
VENDORS = Vendor(number=1, name="Alpha"), Vendor(number=2, name="Beta")

OWN = """
[overlay]
of = "crm.core"
needs = ">=1.0,<2"

[[question_section]]
id = "acme.vans"
order = 20
name = "Vans"
intro = "About our vans."

[[question]]
id = "acme.range"
section = "acme.vans"
text = "=How far does one van get?"
why = "+We drive far."
answer_type = "number"
unit = "km"
best = 500
worst = -10
importance = 3
knockout = false
core = false
scored = true
answered_by = "vendor"
good = "Far."
worrying = "Not far."
hidden_cost = false
"""


@cache
def catalogue() -> Catalogue:
    return load()


def view_of(*rows: Record, known: Catalogue | None = None, project: Project = PROJECT, today: date = TODAY) -> View:
    """A workbook with two vendors."""
    return View(Book.of([project, *VENDORS, *rows]), known or catalogue(), today)


BLANK = view_of()
"""Nothing was noted yet."""


def answer(number: int, question: str, value: str = "", vendor: str = "V1", **values: Any) -> Answer:
    """A noted answer."""
    return Answer(number=number, vendor=vendor, question=question, value=value,
                  **{"state": "answered" if value else ""} | values)


def own_catalogue(folder: Path, text: str = OWN) -> Catalogue:
    """The catalogue with a company's own questions."""
    path = folder / "acme.catalogue.toml"
    path.write_text(text, "utf-8")
    return load(path)


@cache
def sent(view: View, vendor: str, noted: bool, only: str) -> bytes:
    """The spreadsheet that goes to a vendor. `only`: with one question, which makes a quick test."""
    sheet = sheet_of(view, vendor, noted=noted)
    if only:
        parts = [replace(part, entries=tuple(entry for entry in part.entries if entry.question.id == only))
                 for part in sheet.parts]
        sheet = replace(sheet, parts=tuple(parts), fingerprints={only: sheet.fingerprints[only]})
    return as_xlsx(sheet)


class Sheet:
    """A spreadsheet of questions in a vendor's hands."""

    def __init__(self, view: View | None = None, vendor: str = "V1", *, noted: bool = False, only: str = "") -> None:
        from openpyxl import load_workbook

        self.book = load_workbook(BytesIO(sent(view or BLANK, vendor, noted, only)))
        self.page = self.book["Questions"]
        self.rows = {str(self.page.cell(row, 1).value): row for row in range(5, self.page.max_row + 1)
                     if self.page.cell(row, 1).value}

    def place(self, question: str, column: str = "answer") -> str:
        """Where a cell is: E17."""
        return f"{'ABCDEFGHI'[('id', 'number', 'question', 'why', 'answer', 'unit', 'state', 'where', 'note').index(column)]}" \
               f"{self.rows[question]}"

    def put(self, question: str, value: Any, column: str = "answer", *, shown_as: str = "", text: bool = False) -> str:
        """Writes into a cell and says where it is. `text`: as a text, also what looks like a formula."""
        place = self.place(question, column)
        cell = self.page[place]
        cell.value = value
        if text:
            cell.data_type = "s"
        if shown_as:
            cell.number_format = shown_as
        return place

    def save(self, path: Path) -> Path:
        self.book.save(path)
        return path


Fill = Callable[[Sheet], object]


def looked_at(folder: Path, fill: Fill, now: View | None = None, before: View | None = None, *, only: str = "") -> Preview:
    """The preview of a filled spreadsheet in the workbook as it is `now`. `before`: as it was when the file was made."""
    sheet = Sheet(before, only=only)
    fill(sheet)
    now = now or before or BLANK
    return preview(read_reply(sheet.save(folder / "reply.xlsx"), now), now)


def item_of(found: Preview, question: str) -> Item:
    items = [item for item in found.items if item.question == question]
    assert len(items) == 1, items
    return items[0]


def repacked(path: Path, change: Mapping[str, bytes | None], names: Mapping[str, str] | None = None) -> Path:
    """The same zip file with some parts added, replaced (None: left out) or renamed."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts = {(names or {}).get(name, name): content for name, content in parts.items()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**parts, **change}.items():
            if content is not None:
                archive.writestr(name, content)
    return path


def soffice() -> str:
    """LibreOffice; the test is skipped without it."""
    found = shutil.which("soffice")
    if found is None:
        pytest.skip("LibreOffice is not installed")
    return found


def converted(path: Path, to: str, folder: Path, home: Path) -> None:
    """Has LibreOffice save a file in another form into this folder. `home`: a profile of its own."""
    folder.mkdir(exist_ok=True)
    done = subprocess.run([soffice(), f"-env:UserInstallation={(home / 'office').as_uri()}", "--headless", "--convert-to", to,
                           "--outdir", str(folder), str(path)], capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0 and "using filter" in done.stdout, done.stdout + done.stderr
