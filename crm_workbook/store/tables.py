"""The SQLModel tables, derived from the record declarations.

Made one at a time and only when something is written: a class costs some milliseconds, SQLModel itself half a second,
and reading needs neither. Rows are carried by SQLAlchemy core on these tables; nothing makes ORM objects.
"""
from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import BigInteger, Boolean, Float, Index, Integer, MetaData, Table, Text, false
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from crm_workbook.records import KINDS, FieldType, Record
from crm_workbook.records import Field as Declared

NAMING = {"ix": "ix_%(table_name)s_%(column_0_N_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s",
          "ck": "ck_%(table_name)s_%(constraint_name)s", "pk": "pk_%(table_name)s",
          "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s"}
_METADATA = MetaData(naming_convention=NAMING)
NUMBER = BigInteger().with_variant(Integer, "sqlite")  # only an INTEGER key is SQLite's rowid; a BIGINT makes a second index


class Base(SQLModel, registry=registry(metadata=_METADATA)):
    """Where the tables of a workbook meet; apart from any other SQLModel class in the process."""

    metadata = _METADATA


class Journal(Base, table=True):
    """Who changed what, when; see records.edits.Entry. Numbers are never given twice, also not after a deletion."""

    __table_args__ = (Index(None, "code", "field", "number"), Index(None, "batch"), {"sqlite_autoincrement": True})
    number: int | None = Field(default=None, sa_type=NUMBER, primary_key=True)
    at: datetime
    who: str = Field(sa_type=Text)
    session: str = Field(sa_type=Text)
    batch: str = Field(sa_type=Text)
    op: str = Field(sa_type=Text)
    code: str = Field(sa_type=Text)
    field: str = Field(sa_type=Text)
    old: str | None = Field(default=None, sa_type=Text)
    new: str | None = Field(default=None, sa_type=Text)


class Counter(Base, table=True):
    """The last number given in a table. A table without a row here has never held a record."""

    name: str = Field(sa_type=Text, primary_key=True)
    last: int = Field(sa_type=BigInteger)


class WorkbookRow(Base, table=True):
    """One row: what tells this workbook from every other."""

    __tablename__ = "workbook"
    id: str = Field(sa_type=Text, primary_key=True)
    created: datetime


def _column(declared: Declared) -> tuple[Any, Any]:
    """The annotation and the SQLModel field of one declared field."""
    match declared.type:
        case FieldType.INTEGER | FieldType.MONEY:  # money in cents: SQLite keeps decimals as floats
            return int | None, Field(default=None, sa_type=BigInteger)
        case FieldType.NUMBER:
            return float | None, Field(default=None, sa_type=Float)
        case FieldType.TICK:
            return bool, Field(default=False, sa_type=Boolean, sa_column_kwargs={"server_default": false()})
        case FieldType.YES_NO:
            return bool | None, Field(default=None, sa_type=Boolean)
        case FieldType.DAY:
            return date | None, Field(default=None)
        case FieldType.MOMENT:
            return datetime | None, Field(default=None)  # SQLModel's UTCDateTime: no naive time gets in
        case FieldType.LINKS | FieldType.KNOWNS:
            return str, Field(default="[]", sa_type=Text, sa_column_kwargs={"server_default": "[]"})
        case _:
            return str, Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})


@cache
def model(kind: type[Record]) -> type[SQLModel]:
    """The SQLModel class of a record class."""
    annotations: dict[str, Any] = {"number": int}
    space: dict[str, Any] = {
        "__module__": __name__, "__tablename__": kind.declared.table, "__annotations__": annotations,
        "__doc__": kind.declared.about or kind.declared.title,
        "number": Field(sa_type=NUMBER, primary_key=True, sa_column_kwargs={"autoincrement": False})}
    for name, declared in kind.declared.fields.items():
        annotations[name], space[name] = _column(declared)
    metaclass: Any = type(SQLModel)
    return cast("type[SQLModel]", metaclass(kind.__name__, (Base,), space, table=True))


def table(kind: type[Record]) -> Table:
    """The table of a record class."""
    return cast(Table, model(kind).__table__)  # type: ignore[attr-defined]  # SQLModel sets it, and does not say so


def metadata() -> MetaData:
    """All tables of a workbook."""
    for kind in KINDS:
        model(kind)
    return _METADATA


JOURNAL = cast(Table, Journal.__table__)  # type: ignore[attr-defined]  # as above
COUNTER = cast(Table, Counter.__table__)  # type: ignore[attr-defined]  # as above
WORKBOOK = cast(Table, WorkbookRow.__table__)  # type: ignore[attr-defined]  # as above
