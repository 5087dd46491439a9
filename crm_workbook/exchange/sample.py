"""The example that comes with the program: a full export, and throw-away workbooks made of it."""
from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import TYPE_CHECKING

from crm_workbook.exchange.changes import changes
from crm_workbook.exchange.reading import read_full
from crm_workbook.records.book import Book
from crm_workbook.sample import FILE

if TYPE_CHECKING:
    from crm_workbook.store import Workbook

_PREFIX = "crm-workbook-demo-"
NAME = "example.crm"


def sample_text() -> str:
    """The full export of the example."""
    return FILE.read_text("utf-8")


def sample_book() -> Book:
    """The records of the example."""
    return read_full(sample_text(), FILE.name)


def make_copy(directory: Path, *, who: str = "demo", book: Book | None = None) -> Path:
    """A new workbook in this folder that holds the example (`book`, if it was read already); the path of its file."""
    from crm_workbook.store import Workbook

    path = Path(directory) / NAME
    with Workbook.new(str(path), who=who) as workbook:
        workbook.apply(changes(Book(), book or sample_book()))
    return path


def open_copy(directory: Path, show: Callable[[Book], None], *, who: str) -> Workbook:
    """A copy in this folder, open. `show` gets the records at once, before the file is made (which takes a second).
    Belongs to the thread that calls."""
    from crm_workbook.store import Workbook

    book = sample_book()
    show(book)
    return Workbook.open(str(make_copy(directory, book=book)), who=who)


@contextmanager
def throw_away_folder() -> Iterator[Path]:
    """A folder that is gone afterwards; those of earlier runs that were cut off are removed as well."""
    _sweep()
    with TemporaryDirectory(prefix=f"{_PREFIX}{os.getpid()}-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _sweep() -> None:
    for path in Path(gettempdir()).glob(f"{_PREFIX}*-*"):
        process = path.name.removeprefix(_PREFIX).partition("-")[0]
        try:
            if process.isdecimal() and not path.is_symlink() and path.stat().st_uid == os.getuid():
                os.kill(int(process), 0)  # asks only whether it lives
        except ProcessLookupError:
            shutil.rmtree(path, ignore_errors=True)
        except (OSError, OverflowError):
            continue
