"""Complete copies of a workbook file, taken while people work."""
from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from crm_workbook.store.errors import NotAWorkbook
from crm_workbook.store.files import MODE, damage
from crm_workbook.store.lock import ignoring_no_permissions
from crm_workbook.store.names import SIDE_FILES


def backup_file(source: sqlite3.Connection, workbook: Path, target: Path) -> None:
    """Copies the workbook through SQLite's backup API (copying the file would miss what is still in the log).

    First under a temporary name in the target's folder; checked, synced, then renamed: the target is always whole.
    NotAWorkbook when the target is the workbook itself or an open database; OSError or sqlite3.Error from the disk.
    """
    target = target.resolve()
    _refuse(workbook, target)
    draft = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    with suppress(FileNotFoundError):
        draft.unlink()
    try:
        _copy(source, draft)
        os.replace(draft, target)
        _sync(target.parent, os.O_DIRECTORY)
    except BaseException:
        _clear(draft)
        raise


def _refuse(workbook: Path, target: Path) -> None:
    if target.is_dir():
        raise NotAWorkbook("directory", f"{target} is a folder. Name the file for the copy.")
    forbidden = [workbook, *(workbook.with_name(workbook.name + suffix) for suffix in SIDE_FILES)]
    if target in forbidden or (target.exists() and workbook.exists() and target.samefile(workbook)):
        raise NotAWorkbook("exists", f"{target} is the workbook itself. Choose another name for the copy.")
    if any(target.with_name(target.name + suffix).exists() for suffix in ("-wal", "-journal")):
        raise NotAWorkbook("in use", f"{target} is in use as a workbook. Choose another name for the copy.")


def _copy(source: sqlite3.Connection, draft: Path) -> None:
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, MODE)
    try:
        with ignoring_no_permissions():
            os.fchmod(descriptor, MODE)
    finally:
        os.close(descriptor)
    copy = sqlite3.connect(draft, isolation_level=None)
    try:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE").fetchall()  # one file, which can be carried about
        if problem := damage(copy):
            raise sqlite3.DatabaseError(f"the copy did not pass its check ({problem})")
    finally:
        copy.close()
    _sync(draft, os.O_RDONLY)


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _clear(draft: Path) -> None:
    for suffix in ("", *SIDE_FILES):
        with suppress(OSError):
            draft.with_name(draft.name + suffix).unlink()
