"""A workbook on a PostgreSQL server: the same tables, read and written through SQLAlchemy and psycopg."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from crm_workbook.records.book import Book
from crm_workbook.store.engine import postgresql
from crm_workbook.store.errors import OUTDATED, READING_ONLY, NotAWorkbook, Unsaved, shown
from crm_workbook.store.names import APPLICATION_ID, HEAD, VERSION
from crm_workbook.store.reading import read_book

_LOCK = f"SELECT pg_advisory_xact_lock({APPLICATION_ID:d})"  # one writer at a time: journal numbers come in commit order


class PostgresStore:
    """Belongs to the thread that made it."""

    def __init__(self, engine: Engine, *, read_only: bool = False) -> None:
        self._engine, self._read_only = engine, read_only
        self._writing: Connection | None = None
        self._seen = -1

    def query(self, sql: str, parameters: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        """All rows of one SELECT, in the write transaction that is open, or in one of its own."""
        if self._writing is not None:
            return self._writing.execute(text(sql), parameters).fetchall()
        with self._engine.connect() as connection:
            return connection.execute(text(sql), parameters).fetchall()

    def load(self) -> Book:
        """Everything, in one read transaction."""
        if self._writing is not None:
            return read_book(self.query)
        with self._engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            return read_book(lambda sql, parameters: connection.execute(text(sql), parameters).fetchall())

    def changed(self) -> bool:
        """Whether the journal grew since this was last asked; own writes count, and cost one query too many."""
        youngest = self.query("SELECT max(number) FROM journal", {})[0][0] or 0
        changed, self._seen = youngest != self._seen, youngest
        return bool(changed)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A write transaction, one at a time among all sessions of this database."""
        if self._read_only:
            raise Unsaved(READING_ONLY)
        with self._engine.begin() as connection:
            connection.execute(text(_LOCK))
            if _version(connection) != VERSION:
                raise Unsaved(OUTDATED)
            self._writing = connection
            try:
                yield connection
            finally:
                self._writing = None

    def warm(self) -> None:
        """Nothing is left to import."""

    def backup(self, target: Path) -> None:
        """Refused: a server is backed up by its own means."""
        raise NotAWorkbook("server", f"A workbook on a PostgreSQL server is backed up with `pg_dump --file={target}`, or "
                           "exported.")

    def close(self) -> None:
        """Closes the connections."""
        self._engine.dispose()


def make_server(url: str, now: datetime) -> PostgresStore:
    """Makes the tables in an empty database; NotAWorkbook when there are any of ours."""
    from crm_workbook.store.making import make_tables

    with _open(url) as engine:
        with engine.begin() as connection:
            connection.execute(text(_LOCK))
            if inspect(connection).has_table("journal"):
                raise NotAWorkbook("exists", "There is a workbook in this database already. Open it, or name another database.")
            make_tables(connection, now)
        return PostgresStore(engine)


def open_server(url: str, *, read_only: bool = False) -> PostgresStore:
    """Opens a workbook on a server; brings it up to date in one transaction (back it up with pg_dump before)."""
    with _open(url) as engine:
        with engine.begin() as connection:
            if not (inspect(connection).has_table("alembic_version") and inspect(connection).has_table("journal")):
                raise NotAWorkbook("empty", "There is no workbook in this database. Make one with `crm-workbook new "
                                   f"{shown(url)}`.")
            version = _version(connection)
            if version > VERSION:
                raise NotAWorkbook("newer", f"The workbook was made by a newer version of CRM Workbook (its format is "
                                   f"{version}, this program knows {VERSION}). Install the newer version.")
            if version < VERSION:
                if read_only:
                    raise NotAWorkbook("older", "The workbook was made by an older version. Open it once with "
                                       f"`crm-workbook {shown(url)}`; that brings it up to date.")
                from crm_workbook.store.upgrade import upgrade_connection

                connection.execute(text(_LOCK))
                upgrade_connection(connection, head=HEAD)
        return PostgresStore(engine, read_only=read_only)


def _version(connection: Connection) -> int:
    return int(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


@contextmanager
def _open(url: str) -> Iterator[Engine]:
    """An engine; what goes wrong while it is used for opening becomes a refusal."""
    try:
        engine = postgresql(url)
    except ModuleNotFoundError as error:
        raise NotAWorkbook("server", "The PostgreSQL driver is missing. Install it with "
                           "`pip install 'crm-workbook[postgresql]'`.") from error
    except ArgumentError as error:
        raise NotAWorkbook("server", "This address of a server cannot be read. Write "
                           "postgresql://user@host/database.") from error
    try:
        yield engine
    except BaseException as error:
        engine.dispose()
        if isinstance(error, SQLAlchemyError):
            detail = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
            raise NotAWorkbook("server", f"The server at {shown(url)} did not let us in ({detail}). Check the address, the "
                               "password and whether the server runs.") from error
        raise
