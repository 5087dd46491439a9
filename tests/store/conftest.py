"""Workbooks for the tests: a template is made once and copied, so that a test does not wait for SQLAlchemy to make tables."""
from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crm_workbook.store import Workbook


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new workbook without records, closed."""
    path = tmp_path_factory.mktemp("template") / "template.crm"
    Workbook.new(str(path), who="Template").close()
    return path


@pytest.fixture
def path(template: Path, tmp_path: Path) -> Path:
    """A workbook file of this test."""
    return Path(shutil.copy2(template, tmp_path / "work.crm"))


@pytest.fixture
def opened(path: Path) -> Iterator[Callable[[str], Workbook]]:
    """Opens the workbook of this test as somebody; closed at the end."""
    books: list[Workbook] = []

    def open_as(who: str) -> Workbook:
        books.append(Workbook.open(str(path), who=who))
        return books[-1]

    yield open_as
    for book in books:
        book.close()


@pytest.fixture
def eva(opened: Callable[[str], Workbook]) -> Workbook:
    """The workbook of this test, opened by Eva."""
    return opened("Eva")


@pytest.fixture
def uwe(opened: Callable[[str], Workbook]) -> Workbook:
    """The same, opened by Uwe."""
    return opened("Uwe")
