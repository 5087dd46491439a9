"""Bringing a workbook of an older version up to date: back up, lock, one transaction, check. Alembic is imported only here."""
from __future__ import annotations

import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from crm_workbook.store.backup import backup_file
from crm_workbook.store.engine import over
from crm_workbook.store.errors import NotAWorkbook, Unsaved
from crm_workbook.store.files import damage
from crm_workbook.store.lock import WriterQueue
from crm_workbook.store.names import BUSY_SECONDS, HEAD, VERSION

SCRIPTS = Path(__file__).with_name("migrations")


def configuration(connection: Connection | None = None, scripts: Path = SCRIPTS) -> Config:
    """Alembic's configuration without an ini file; the scripts run on this open connection, in its transaction."""
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade_file(raw: sqlite3.Connection, path: Path, *, scripts: Path = SCRIPTS, head: str = HEAD,
                 version: int = VERSION) -> None:
    """Migrates an SQLite workbook to `head`; the backup `<name>.before-<head>.bak` stays beside it.

    NotAWorkbook when it does not work out: then the file is exactly as before.
    """
    queue = WriterQueue(path)
    try:
        with queue.turn(BUSY_SECONDS):  # somebody else may be doing this
            if raw.execute("PRAGMA user_version").fetchone()[0] >= version:
                return  # somebody else did it while we waited
            copy = _free(path, head)
            backup_file(raw, path, copy)
            _migrate(raw, path, copy, configuration(None, scripts), head, version)
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()  # the version is in the header from now on
    except Unsaved as error:
        raise NotAWorkbook("in use", f"{path} was made by an older version and cannot be brought up to date while another "
                           "program writes into it. Close that program and try again.") from error
    finally:
        queue.close()


def _migrate(raw: sqlite3.Connection, path: Path, copy: Path, config: Config, head: str, version: int) -> None:
    # Rebuilding a table drops the old one; with foreign keys on, that deletes every row that points at it.
    # The pragma is without effect inside a transaction, so it comes first.
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        with over(raw).begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, head)
            raw.execute(f"PRAGMA user_version={version:d}")
            if problem := damage(raw):
                raise sqlite3.DatabaseError(problem)
    except Exception as error:
        raise NotAWorkbook("older", f"{path} was made by an older version and could not be brought up to date ({error}). It is "
                           f"unchanged; a copy is {copy}. Open it with the version that made it.") from error
    finally:
        if raw.in_transaction:
            raw.rollback()
        raw.execute("PRAGMA foreign_keys=ON")


def _free(path: Path, head: str) -> Path:
    """A name for the backup; an earlier one is never overwritten."""
    copy, count = path.with_name(f"{path.name}.before-{head}.bak"), 1
    while copy.exists():
        count += 1
        copy = path.with_name(f"{path.name}.before-{head}-{count}.bak")
    return copy


def upgrade_connection(connection: Connection, *, scripts: Path = SCRIPTS, head: str = HEAD) -> None:
    """Migrates over an open connection, in its transaction (a server; tests from an empty database)."""
    command.upgrade(configuration(connection, scripts), head)
