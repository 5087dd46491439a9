"""SQLAlchemy engines: over an SQLite connection that is open already, and to a PostgreSQL server."""
from __future__ import annotations

import sqlite3

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import StaticPool


def over(raw: sqlite3.Connection) -> Engine:
    """An engine whose every transaction is a write transaction on this one connection (isolation_level None).

    BEGIN IMMEDIATE, because a transaction that read first and wrote later would fail at once when somebody else
    committed in between. Reading does not come through here.
    """
    engine = create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def postgresql(url: str) -> Engine:
    """An engine to a server; one connection, made again when it was lost."""
    scheme, _, rest = url.partition("://")
    if scheme in ("postgres", "postgresql"):
        scheme = "postgresql+psycopg"
    return create_engine(f"{scheme}://{rest}", pool_size=1, max_overflow=1, pool_pre_ping=True,
                         connect_args={"connect_timeout": 10, "application_name": "crm-workbook"})
