"""A View of a few records, for tests that work something out by hand."""
from __future__ import annotations

from collections import Counter
from datetime import date

from crm_workbook.analysis.facts.view import View
from crm_workbook.catalogue import load
from crm_workbook.records import Record
from crm_workbook.records.book import Book

TODAY = date(2026, 3, 2)
CATALOGUE = load()


def view_of(*rows: Record) -> View:
    """A View of these records, numbered 1, 2, 3 within each kind."""
    counts: Counter[type[Record]] = Counter()
    numbered = []
    for row in rows:
        counts[type(row)] += 1
        numbered.append(row.make((counts[type(row)], *row[1:])))
    return View(Book.of(numbered), CATALOGUE, TODAY)
