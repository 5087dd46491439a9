"""A new workbook file."""
from __future__ import annotations

import uuid
from datetime import datetime
from pathlib import Path

from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, String, Table, insert

from crm_workbook.store.engine import over
from crm_workbook.store.files import connect, create
from crm_workbook.store.lock import WriterQueue
from crm_workbook.store.names import APPLICATION_ID, HEAD, VERSION
from crm_workbook.store.tables import WORKBOOK, metadata

# as alembic makes it; apart from our metadata, so that nobody compares it
ALEMBIC = Table("alembic_version", MetaData(), Column("version_num", String(32), nullable=False),
                PrimaryKeyConstraint("version_num", name="alembic_version_pkc"))


def make_tables(connection: Connection, now: datetime) -> None:
    """All tables, the revision they are, and the row that identifies the workbook; the caller commits."""
    metadata().create_all(connection)
    ALEMBIC.create(connection)
    connection.execute(insert(ALEMBIC).values(version_num=HEAD))
    connection.execute(insert(WORKBOOK).values(id=str(uuid.uuid4()), created=now))


def make_file(path: Path, now: datetime) -> None:
    """A workbook without records at `path`; NotAWorkbook when something is there. Nothing is left when it fails."""
    create(path)
    queue = WriterQueue(path)
    try:
        raw = connect(path.resolve())
        try:
            # before WAL, so that the header says what the file is even while a log is pending
            raw.execute(f"PRAGMA application_id={APPLICATION_ID:d}")
            raw.execute(f"PRAGMA user_version={VERSION:d}")
            with queue.turn(), over(raw).begin() as connection:
                make_tables(connection, now)
        finally:
            raw.close()
    except BaseException:
        path.unlink()
        raise
    finally:
        queue.close()
