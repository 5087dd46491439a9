"""The example that comes with the program: a full export, and throw-away workbooks made of it."""
from __future__ import annotations

from pathlib import Path

from crm_workbook.exchange.changes import changes
from crm_workbook.exchange.reading import read_full
from crm_workbook.records.book import Book

SAMPLE = Path(__file__).parent.parent / "sample" / "sample.toml"
NAME = "example.crm"


def sample_text() -> str:
    """The full export of the example."""
    return SAMPLE.read_text("utf-8")


def sample_book() -> Book:
    """The records of the example."""
    return read_full(sample_text(), SAMPLE.name)


def make_copy(directory: Path, *, who: str = "demo") -> Path:
    """A new workbook in this folder that holds the example; the path of its file."""
    from crm_workbook.store import Workbook

    path = Path(directory) / NAME
    with Workbook.new(str(path), who=who) as workbook:
        workbook.apply(changes(Book(), sample_book()))
    return path
