"""The same workbook on a PostgreSQL server. Skipped only where no server program can be found."""
from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from crm_workbook.records import KINDS
from crm_workbook.records.book import Book
from crm_workbook.records.edits import Change, Create, Delete, Refused
from crm_workbook.records.goals import CompanyGoal
from crm_workbook.store import NotAWorkbook, Unsaved, Workbook
from crm_workbook.store.engine import postgresql
from crm_workbook.store.names import HEAD
from crm_workbook.store.upgrade import upgrade_connection

from .test_properties import edit, value

FOUND = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")) or [Path(found) for found in [shutil.which("pg_ctl")] if found]
pytest.importorskip("psycopg")
pytestmark = pytest.mark.skipif(not FOUND, reason="no PostgreSQL server program")


@pytest.fixture(scope="session")
def server() -> Iterator[Path]:
    """The folder of the socket of a server that runs as somebody without rights (it refuses to run as root)."""
    folder = Path(tempfile.mkdtemp(prefix="crmpg"))
    as_user: dict[str, str] = {}
    if os.getuid() == 0:
        try:
            account = pwd.getpwnam("postgres")
        except KeyError:
            pytest.skip("PostgreSQL does not run as root, and there is no user postgres")
        os.chown(folder, account.pw_uid, account.pw_gid)
        as_user = {"user": "postgres", "group": "postgres"}

    def run(*words: str) -> None:
        subprocess.run([str(FOUND[-1].with_name(words[0])), *words[1:]], check=True, cwd=folder, stdout=subprocess.DEVNULL,
                       **as_user)  # type: ignore[call-overload]  # a dict of options of two types

    data = str(folder / "data")
    try:
        run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        run("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield folder
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def url(server: Path, request: pytest.FixtureRequest) -> str:
    """The address of an empty database."""
    name = f"t{abs(hash(request.node.name))}"
    admin = postgresql(f"postgresql://postgres@/postgres?host={server}")
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    admin.dispose()
    return f"postgresql://postgres@/{name}?host={server}"


def test_new_open_write_poll_conflict(url: str) -> None:
    with pytest.raises(NotAWorkbook, match="no workbook in this database"):
        Workbook.open(url, who="Eva")
    with Workbook.new(url, who="Eva", company="Acme") as eva, Workbook.open(url, who="Uwe") as uwe:
        with pytest.raises(NotAWorkbook, match="already"):
            Workbook.new(url, who="Eva")
        assert eva.title == "Acme" == uwe.title
        eva.apply([Create(CompanyGoal, {"title": "a"})])
        assert [entry.code for entry in uwe.poll()] == ["G1"] and uwe.poll() == ()
        uwe.apply([Change("G1", "title", "a", "b")], batch="visit")
        uwe.apply([Change("G1", "title", "b", "c")], batch="visit")
        with pytest.raises(Refused) as caught:
            eva.apply([Change("G1", "title", "a", "x")])
        assert caught.value.conflicts[0].theirs == "c" and caught.value.conflicts[0].who == "Uwe"
        assert [entry.who for entry in eva.poll()] == ["Uwe"] and eva.book == uwe.book
        assert [(entry.op, entry.new) for entry in eva.history("G1", limit=1)] == [("change", '"c"')]
        with pytest.raises(NotAWorkbook, match="pg_dump"):
            eva.backup(Path("x.crm"))


def test_a_record_of_every_kind_and_undo_in_reverse(url: str) -> None:
    random = Random(11)
    with Workbook.new(url, who="Eva") as eva:
        for kind in KINDS:
            eva.apply([Create(kind, {name: value(random, field, eva.book) for name, field in kind.declared.fields.items()})])
        batches: list[tuple[str, Book]] = []
        for _ in range(40):
            before = eva.book
            try:
                entries = eva.apply([edit(random, eva.book)])
            except Refused:
                continue
            batches += [(entries[0].batch, before)] if entries else []
        with Workbook.open(url, who="Reader", read_only=True) as reader:
            assert reader.book == eva.book
            with pytest.raises(Unsaved, match="reading only"):
                reader.apply([Delete("G1")])
        for batch, before in reversed(batches):
            eva.undo(batch)
            assert eva.book == before
        with Workbook.open(url, who="Reader") as reader:
            assert reader.book == eva.book and reader.book.number == eva.book.number


def test_the_scripts_run_there_too(url: str) -> None:
    engine = postgresql(url)
    with engine.begin() as connection:
        upgrade_connection(connection)
    engine.dispose()
    with Workbook.open(url, who="Eva") as eva:
        assert eva.apply([Create(CompanyGoal, {"title": "a"})])[0].code == "G1"


def test_a_connection_that_was_cut_is_made_again(url: str) -> None:
    with Workbook.new(url, who="Eva") as eva:
        admin = postgresql(url)
        with admin.begin() as connection:
            connection.exec_driver_sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
                                       "AND datname = current_database()")
        admin.dispose()
        assert eva.apply([Create(CompanyGoal, {"title": "a"})])


def test_a_workbook_that_was_brought_up_to_date_meanwhile_takes_nothing(url: str) -> None:
    with Workbook.new(url, who="Eva") as eva:
        admin = postgresql(url)
        with admin.begin() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        with pytest.raises(Unsaved, match="newer version of the program"):
            eva.apply([Create(CompanyGoal, {"title": "a"})])
        with admin.begin() as connection:
            connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{HEAD}'")
        admin.dispose()
        assert eva.apply([Create(CompanyGoal, {"title": "a"})])


def test_a_server_that_is_not_there() -> None:
    for target in ("postgresql://eva:secret@/work?host=/nowhere", "postgresql:///work?host=/nowhere&password=secret"):
        with pytest.raises(NotAWorkbook, match="did not let us in") as caught:
            Workbook.open(target, who="Eva")
        assert caught.value.reason == "server" and "secret" not in str(caught.value)
