"""A workbook in an SQLite file: one held connection, read by plain sqlite3 and written through SQLAlchemy.

One connection for both: then `PRAGMA data_version` tells other people's commits only, and one file is open once.
SQLAlchemy is imported at the first write.
"""
from __future__ import annotations

import gc
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_workbook.records.book import Book
from crm_workbook.store.errors import KEPT, OUTDATED, READING_ONLY, Unsaved
from crm_workbook.store.lock import PATIENCE, WriterQueue
from crm_workbook.store.names import VERSION
from crm_workbook.store.reading import read_book

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine


class SqliteStore:
    """Belongs to the thread that made it. `connection` comes from `files.open_file`."""

    def __init__(self, path: Path, connection: sqlite3.Connection, *, read_only: bool = False) -> None:
        self.path = path
        self._raw, self._read_only = connection, read_only
        self._queue = WriterQueue(path)
        self._engine: Engine | None = None
        self._seen_version = -1
        self._place = _place(path)
        connection.execute(f"PRAGMA busy_timeout={PATIENCE * 1000:.0f}").fetchall()  # of programs that do not queue

    def query(self, sql: str, parameters: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        """All rows of one SELECT, in the transaction that is open, if one is."""
        return self._raw.execute(sql, parameters).fetchall()

    def load(self) -> Book:
        """Everything, in one read transaction."""
        self.changed()
        self._raw.execute("BEGIN")
        collecting = gc.isenabled()
        gc.disable()  # ten thousand tuples and no garbage: collecting in between takes twice as long as reading
        try:
            return read_book(self.query)
        finally:
            if collecting:
                gc.enable()
            self._raw.execute("COMMIT")

    def changed(self) -> bool:
        """Whether somebody else committed since this was last asked (20 microseconds)."""
        version = self._raw.execute("PRAGMA data_version").fetchone()[0]
        changed = version != self._seen_version
        self._seen_version = version
        return bool(changed)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A write transaction: waits for its turn, commits at the end, leaves nothing behind when anything is raised."""
        if self._read_only:
            raise Unsaved(READING_ONLY)
        if _place(self.path) != self._place:
            # a file that was moved or deleted still takes writes, and they are gone with it
            raise Unsaved(f"{self.path} was moved, replaced or deleted while it was open. Put it back under this name. {KEPT}")
        engine = self._engine or self._make_engine()
        try:
            with self._queue.turn(), engine.begin() as connection:
                if self.query("PRAGMA user_version", {})[0][0] != VERSION:
                    raise Unsaved(OUTDATED)
                yield connection
        finally:
            if self._raw.in_transaction:
                self._raw.rollback()

    def _make_engine(self) -> Engine:
        from crm_workbook.store.engine import over

        self._engine = over(self._raw)
        return self._engine

    def warm(self) -> None:
        """Makes the engine, so that the first write does not wait for it."""
        if self._engine is None and not self._read_only:
            self._make_engine()

    def backup(self, target: Path) -> None:
        """See backup.backup_file."""
        from crm_workbook.store.backup import backup_file

        backup_file(self._raw, self.path, target)

    def close(self) -> None:
        """Closes the connection, in turn: the last one out moves the log into the file."""
        try:
            if self._read_only:
                self._raw.close()
                return
            with suppress(OSError), self._queue.turn(1.0):  # Unsaved is one: whoever holds the lock has the file open too
                self._raw.close()
        finally:
            self._raw.close()  # also when the queue could not be entered
            self._queue.close()


def _place(path: Path) -> tuple[int, int] | None:
    try:
        facts = os.stat(path)
    except OSError:
        return None
    return facts.st_dev, facts.st_ino
