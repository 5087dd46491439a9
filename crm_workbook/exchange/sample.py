"""The example that comes with the program: a full export, and throw-away workbooks made of it."""
from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import TYPE_CHECKING

from crm_workbook.exchange.changes import changes
from crm_workbook.exchange.reading import read_full
from crm_workbook.records.book import Book

if TYPE_CHECKING:
    from crm_workbook.store import Workbook

_PREFIX = "crm-workbook-demo-"
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


def open_copy(directory: Path, *, who: str) -> Workbook:
    """The copy in this folder, open; it is made first if it is not there. Belongs to the thread that calls."""
    from crm_workbook.store import Workbook

    path = Path(directory) / NAME
    return Workbook.open(str(path if path.exists() else make_copy(directory)), who=who)


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
