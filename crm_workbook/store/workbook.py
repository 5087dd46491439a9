"""The workbook: the one door through which everything that is kept is read and written."""
from __future__ import annotations

import logging
import sqlite3
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self

from crm_workbook.records.book import Book
from crm_workbook.records.edits import Create, Edit, Entry, Refused
from crm_workbook.records.goals import Project
from crm_workbook.store import reading, tracing
from crm_workbook.store.errors import NotAWorkbook, Unsaved, shown, unsaved_from
from crm_workbook.store.files import refusal
from crm_workbook.store.planning import Plan, Planner
from crm_workbook.store.undoing import check_whole_records, inverse, name_others

if TYPE_CHECKING:
    from sqlalchemy import Connection

Clock = Callable[[], datetime]
_log = logging.getLogger(__name__)


def utc_now() -> datetime:
    """The time in UTC."""
    return datetime.now(UTC)


class Store(Protocol):
    """What a workbook stands on: an SQLite file (sqlite.SqliteStore) or a server (postgresql.PostgresStore)."""

    def query(self, sql: str, parameters: Mapping[str, Any]) -> Sequence[Sequence[Any]]: ...
    def load(self) -> Book: ...
    def changed(self) -> bool: ...
    @contextmanager
    def write(self) -> Iterator[Connection]: ...
    def warm(self) -> None: ...
    def backup(self, target: Path) -> None: ...
    def close(self) -> None: ...


class Workbook:
    """An open workbook. It belongs to the thread that opened it (a `Session` gives it one of its own).

    `who` signs every journal entry. `clock` gives the time in UTC.
    """

    def __init__(self, store: Store, target: str, who: str, clock: Clock = utc_now) -> None:
        self._store, self._clock = store, clock
        self.target, self.who, self.session = target, who, uuid.uuid4().hex[:16]
        self._book = store.load()
        self._met: list[Entry] = []  # other people's entries that are in the Book and that no poll has told yet

    # ---- opening and closing ----

    @classmethod
    def new(cls, target: str, *, who: str, company: str = "", clock: Clock = utc_now) -> Self:
        """Makes a workbook in a new file, or in an empty PostgreSQL database. NotAWorkbook when something is there."""
        workbook = cls(_make(target, clock), target, who, clock)
        if company:
            workbook.apply([Create(Project, {"company": company})])
        return workbook

    @classmethod
    def open(cls, target: str, *, who: str, read_only: bool = False, clock: Clock = utc_now) -> Self:
        """Opens a file or a postgresql:// address; NotAWorkbook with a sentence when that cannot be.

        A workbook of an older version is backed up beside itself and brought up to date first.
        """
        if is_server(target):
            from crm_workbook.store.postgresql import open_server

            return cls(open_server(target, read_only=read_only), target, who, clock)
        store = _open_file(Path(target), read_only)
        try:
            return cls(store, target, who, clock)
        except (sqlite3.Error, ValueError, TypeError, ArithmeticError) as error:
            # it has our mark and the right form, but not what belongs inside
            store.close()
            raise refusal(Path(target), error) from error

    def close(self) -> None:
        """Closes the file. Twice does no harm."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    # ---- reading ----

    @property
    def book(self) -> Book:
        """All records as last seen."""
        return self._book

    @property
    def title(self) -> str:
        """The company, or the name of the file while no company is written."""
        company = self._book.only(Project).company
        if company or not is_server(self.target):
            return company or Path(self.target).stem
        return self.target.partition("?")[0].rpartition("/")[2]

    def poll(self) -> tuple[Entry, ...]:
        """What others wrote since; `book` is current afterwards. Costs some microseconds when there is nothing.

        Unsaved when the disk or the server does not answer.
        """
        with _sentences():
            if self._store.changed():
                self._meet()
        met, self._met = tuple(self._met), []
        return met

    def history(self, code: str = "", limit: int = 0, before: int = 0) -> list[Entry]:
        """Journal entries, youngest first: of one record or of all; at most `limit`; only numbers below `before`."""
        with _sentences():
            return reading.history(self._store.query, code, limit, before)

    def spans(self, fields: Collection[str]) -> Mapping[tuple[str, str], tuple[int, int]]:
        """(code, field) -> numbers of the first and the last journal entry about these fields; "" for whole records."""
        with _sentences():
            return tracing.spans(self._store.query, fields)

    def changes(self, codes: Collection[str], fields: Collection[str]) -> list[tracing.Written]:
        """What was written into these fields of these records, of each field in the order of the journal numbers."""
        with _sentences():
            return list(tracing.changes(self._store.query, codes, fields))

    def _meet(self) -> None:
        others = reading.entries_after(self._store.query, self._book.number)
        if others:
            self._book = self._book.advanced(others)
            self._met += others

    # ---- writing ----

    def apply(self, edits: Sequence[Edit], *, batch: str = "") -> tuple[Entry, ...]:
        """Writes all of these edits, or none, and gives their journal entries. Edits that change nothing leave none.

        Refused: somebody was faster, or a value cannot be. Unsaved: the disk (or server) did not take it.
        `batch` holds several calls together for `undo`; a change of the field that was changed last in the same batch
        takes the place of that entry (a Session begins a new batch after a minute, so that entries become final).
        """
        return self._write(lambda: edits, batch or uuid.uuid4().hex)

    def undo(self, batch: str) -> tuple[Entry, ...]:
        """Takes back a batch by its inverse edits, as a new batch. Refused when somebody else changed the same since: the
        conflicts say who, and by their edits in which record and field."""
        try:
            return self._write(lambda: self._inverse(batch), uuid.uuid4().hex)
        except Refused as refused:
            with _sentences():
                done = reading.entries(self._store.query, "batch = :batch", {"batch": batch})
                raise Refused(refused.problems, name_others(refused.conflicts, done, self._others)) from refused

    def _inverse(self, batch: str) -> Sequence[Edit]:
        done = reading.entries(self._store.query, "batch = :batch", {"batch": batch})
        if not done:
            raise Refused(("There is nothing to take back.",))
        check_whole_records(done, self._book, self._others)
        return inverse(done)

    def _others(self, code: str, field: str, entry: Entry) -> Entry | None:
        about = " AND (field = :field OR field = '')" if field else ""
        found = reading.entries(
            self._store.query, f"code = :code{about} AND number > :number AND session <> :session AND batch <> :batch",
            {"code": code, "number": entry.number, "session": self.session, "batch": entry.batch}
            | ({"field": field} if field else {}), order="number DESC", limit=1)
        return found[0] if found else None

    def _write(self, edits: Callable[[], Sequence[Edit]], batch: str) -> tuple[Entry, ...]:
        from crm_workbook.store import writing

        with _sentences():
            for last_try in (False, True):
                try:
                    return self._write_once(edits, batch, writing.write)
                except writing.Stale as error:
                    # cannot happen while every change goes through the journal; if it did, the tables are right
                    _log.error("The picture of %s was out of step with the file (%s); read again.", shown(self.target),
                               error)
                    self._book = self._store.load()
                    if last_try:
                        raise
        raise AssertionError("unreachable")

    def _write_once(self, edits: Callable[[], Sequence[Edit]], batch: str,
                    write: Callable[..., tuple[Entry, ...]]) -> tuple[Entry, ...]:
        with self._store.write() as connection:
            self._meet()  # nobody else writes from here on: the Book is what the tables hold
            counters = dict[str, int]()
            plan = self._plan(edits(), batch, counters)
            if not plan.lines:
                return ()
            entries = write(connection, plan, self._book, who=self.who, session=self.session, batch=batch, at=self._clock(),
                            known=counters)
        self._book = self._book.advanced(entries)
        return entries

    def _plan(self, edits: Sequence[Edit], batch: str, counters: dict[str, int]) -> Plan:
        def read_counters() -> Mapping[str, int]:
            counters.update((row[0], row[1]) for row in self._store.query("SELECT name, last FROM counter", {}))
            return counters

        planner = Planner(self._book, read_counters, lambda code, field: reading.youngest(self._store.query, code, field),
                          lambda entry: entry.batch == batch and entry.session == self.session,
                          lambda entry: entry.session == self.session)
        planner.take(edits)
        return planner.finish()

    def warm(self) -> None:
        """Imports what the first write needs (half a second), in an idle moment."""
        from crm_workbook.store import writing

        del writing
        self._store.warm()

    def backup(self, target: Path) -> None:
        """A complete, checked copy, also while others write. NotAWorkbook when the target cannot be used; Unsaved when the
        disk did not take it (the old target is kept then)."""
        with _sentences():
            self._store.backup(Path(target))


def is_server(target: str) -> bool:
    """Whether the target is the address of a PostgreSQL server."""
    return target.startswith(("postgresql://", "postgresql+psycopg://", "postgres://"))


def _make(target: str, clock: Clock) -> Store:
    if is_server(target):
        from crm_workbook.store.postgresql import make_server

        return make_server(target, clock())
    from crm_workbook.store.making import make_file

    make_file(Path(target), clock())
    return _open_file(Path(target), read_only=False)


def _open_file(path: Path, read_only: bool) -> Store:
    from crm_workbook.store.files import open_file
    from crm_workbook.store.names import VERSION
    from crm_workbook.store.sqlite import SqliteStore

    real = path.resolve()
    connection, _ = open_file(path, read_only=read_only)
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version < VERSION:
            if read_only:
                raise NotAWorkbook("older", f"{path} was made by an older version. Open it once with `crm-workbook {path}`; "
                                   "that brings it up to date.")
            from crm_workbook.store.upgrade import upgrade_file

            upgrade_file(connection, real)
    except BaseException:
        connection.close()
        raise
    return SqliteStore(real, connection, read_only=read_only)


@contextmanager
def _sentences() -> Iterator[None]:
    """Failures of disk and server become Unsaved; failures of ours stay what they are."""
    try:
        yield
    except (Refused, NotAWorkbook, Unsaved):
        raise
    except Exception as error:
        problem = unsaved_from(error)
        if problem is None:
            raise
        raise problem from error


__all__ = ["Clock", "Store", "Workbook", "is_server", "utc_now"]
