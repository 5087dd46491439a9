"""Making, telling and opening workbook files: every refusal is a sentence that says what to do, and changes nothing."""
from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_workbook.records.edits import Change, Create, Delete
from crm_workbook.records.goals import CompanyGoal
from crm_workbook.store import NotAWorkbook, Unsaved, Workbook, identify
from crm_workbook.store.files import connect, file_system, lock_path, refuse_network
from crm_workbook.store.names import APPLICATION_ID, VERSION


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def foreign(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE person (name)")


def newer(path: Path) -> None:
    connection = connect(path)
    connection.execute("PRAGMA journal_mode=DELETE").fetchall()
    connection.execute(f"PRAGMA user_version={VERSION + 1}")
    connection.close()


def damaged(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for place in range(8192, len(data), 4096):
        data[place:place + 100] = b"\xff" * 100
    path.write_bytes(data)


def hollow(path: Path) -> None:
    """Has our mark, but nothing of ours inside."""
    path.unlink()
    with sqlite3.connect(path) as database:
        database.execute(f"PRAGMA application_id={APPLICATION_ID}")
        database.execute(f"PRAGMA user_version={VERSION}")
        database.execute("CREATE TABLE person (name)")


@pytest.mark.parametrize(("make", "reason", "advice"), [
    (lambda path: path.unlink(), "missing", "crm-workbook new"),
    (lambda path: (path.unlink(), path.mkdir()), "directory", "Name the workbook file"),
    (lambda path: path.write_bytes(b""), "empty", "delete it"),
    (lambda path: path.write_text("company = 'Acme'\n" * 50), "not ours", "crm-workbook import"),
    (lambda path: path.write_bytes(b"PK\x03\x04"), "not ours", "Choose a file"),
    (foreign, "not ours", "another program"),
    (pipe, "not ours", "no ordinary file"),
    (lambda path: path.write_bytes(path.read_bytes()[:20_000]), "damaged", "backup"),
    (damaged, "damaged", "backup"),
    (hollow, "damaged", "backup"),
    (newer, "newer", "Install the newer version"),
])
@pytest.mark.parametrize("read_only", [False, True])
def test_what_is_no_workbook_is_refused_and_left_alone(path: Path, make: Callable[[Path], object], reason: str, advice: str,
                                                       read_only: bool) -> None:
    make(path)
    before = {} if path.is_fifo() else contents(path.parent)
    with pytest.raises(NotAWorkbook) as caught:
        Workbook.open(str(path), who="Eva", read_only=read_only)
    assert caught.value.reason == reason and advice in str(caught.value) and str(path) in str(caught.value)
    if before:
        after = contents(path.parent)
        if read_only:  # who may not write cannot clear these away either
            after = {name: data for name, data in after.items() if not name.endswith(("-wal", "-shm"))}
        assert after == before


@settings(max_examples=60, deadline=None)
@given(data=st.binary(min_size=8, max_size=8), place=st.floats(0, 1, exclude_max=True), head=st.booleans())
def test_damage_anywhere_is_refused_or_does_no_harm(template: Path, data: bytes, place: float, head: bool) -> None:
    """No checksums: changed content is not noticed. What is promised is that nothing else than a refusal comes of it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(shutil.copy2(template, Path(folder) / "w.crm"))
        content = bytearray(path.read_bytes())
        start = int(place * (100 if head else len(content) - 8))
        content[start:start + 8] = data
        path.write_bytes(content)
        try:
            with Workbook.open(str(path), who="Eva") as workbook:
                workbook.apply([Create(CompanyGoal, {"title": "a"})])
        except (NotAWorkbook, Unsaved) as error:
            assert str(error).endswith(".")


def test_a_new_workbook_is_refused_where_something_is(path: Path, tmp_path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(NotAWorkbook, match="exists already") as caught:
        Workbook.new(str(path), who="Eva")
    assert caught.value.reason == "exists" and path.read_bytes() == before
    with pytest.raises(NotAWorkbook, match="cannot be made"):
        Workbook.new(str(tmp_path / "no" / "such" / "folder.crm"), who="Eva")


def test_a_new_workbook_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("half-way")

    monkeypatch.setattr("crm_workbook.store.making.make_tables", fail)
    with pytest.raises(RuntimeError):
        Workbook.new(str(tmp_path / "new.crm"), who="Eva")
    assert [path.name for path in tmp_path.iterdir()] in ([], ["new.crm.lock"])


@pytest.mark.parametrize("umask", [0o022, 0o077, 0o007])
def test_the_group_may_write_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    path = tmp_path / "new.crm"
    before = os.umask(umask)
    try:
        with Workbook.new(str(path), who="Eva", company="Acme") as workbook:
            workbook.apply([Create(CompanyGoal, {})])
            modes = {name.name: stat.S_IMODE(name.stat().st_mode) for name in tmp_path.iterdir()}
    finally:
        os.umask(before)
    assert modes == dict.fromkeys(["new.crm", "new.crm-wal", "new.crm-shm", "new.crm.lock"], 0o660)


def test_a_new_workbook_carries_the_company_and_is_found_again(tmp_path: Path) -> None:
    path = tmp_path / "strange ?#%20 name.crm"
    with Workbook.new(str(path), who="Eva", company="Acme") as workbook:
        assert workbook.title == "Acme" and workbook.history()[0].who == "Eva"
        assert identify(path).version == VERSION, "while the log is pending too"
    assert sorted(name.name for name in tmp_path.iterdir()) == [path.name, lock_path(path).name]
    with Workbook.open(str(path), who="Uwe") as workbook:
        assert workbook.title == "Acme" and workbook.target == str(path)


def test_identify_leaves_no_trace(path: Path) -> None:
    before = contents(path.parent)
    assert identify(path).path == path
    assert contents(path.parent) == before


def test_the_title_without_a_company_is_the_name_of_the_file(eva: Workbook) -> None:
    assert eva.title == "work"


def test_a_link_to_a_workbook_shares_its_log_and_lock(path: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere" / "link.crm"
    link.symlink_to(path)
    with Workbook.open(str(link), who="Eva") as eva, Workbook.open(str(path), who="Uwe") as uwe:
        eva.apply([Create(CompanyGoal, {"title": "a"})])
        assert len(uwe.poll()) == 1
        assert [name.name for name in link.parent.iterdir()] == ["link.crm"]


def test_reading_only(eva: Workbook) -> None:
    eva.apply([Create(CompanyGoal, {"title": "a"})])
    with Workbook.open(eva.target, who="Reader", read_only=True) as reader:
        with pytest.raises(Unsaved, match="reading only"):
            reader.apply([Delete("G1")])
        eva.apply([Change("G1", "title", "a", "b")])
        assert len(reader.poll()) == 1 and reader.book == eva.book


def test_a_file_that_was_moved_away_takes_no_more_changes(eva: Workbook) -> None:
    path = Path(eva.target)
    path.rename(path.with_name("moved.crm"))
    with pytest.raises(Unsaved, match="moved, replaced or deleted"):
        eva.apply([Create(CompanyGoal, {})])
    path.with_name("moved.crm").rename(path)
    assert eva.apply([Create(CompanyGoal, {})])


def test_a_program_that_does_not_queue_is_not_waited_for_half_a_minute(
        path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm_workbook.store.sqlite.PATIENCE", 0.1)
    other = connect(path)
    with Workbook.open(str(path), who="Eva") as eva:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unsaved, match="Another program is writing into this workbook"):
            eva.apply([Create(CompanyGoal, {})])
        other.execute("COMMIT")
        assert eva.apply([Create(CompanyGoal, {})])
    other.close()


MOUNTS = """\
22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw
40 22 0:40 / /srv rw shared:2 - nfs4 server:/srv rw
41 40 8:2 / /srv/local rw - xfs /dev/sdb rw
42 22 0:41 / /mnt/with\\040space rw - fuse.sshfs host: rw
43 22 0:42 / /box rw - fuse.fuse-overlayfs fuse-overlayfs rw
44 22 0:43 / /over rw - ext4 /dev/sdc rw
45 22 0:44 / /over rw - cifs //server/share rw
"""


@pytest.mark.parametrize(("place", "type_", "allowed"), [
    ("/home/x.crm", "ext4", True), ("/srv/x.crm", "nfs4", False), ("/srv/local/x.crm", "xfs", True),
    ("/srvx/x.crm", "ext4", True), ("/mnt/with space/x.crm", "fuse.sshfs", False), ("/box/x.crm", "fuse.fuse-overlayfs", True),
    ("/over/x.crm", "cifs", False)])
def test_network_file_systems_are_refused(place: str, type_: str, allowed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    assert file_system(Path(place), MOUNTS) == type_
    if allowed:
        return refuse_network(Path(place), MOUNTS)
    with pytest.raises(NotAWorkbook, match="network file system") as caught:
        refuse_network(Path(place), MOUNTS)
    assert caught.value.reason == "network"
    monkeypatch.setenv("CRM_WORKBOOK_ALLOW_NETWORK", "1")
    refuse_network(Path(place), MOUNTS)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody who may not write")
def test_somebody_who_may_only_read() -> None:
    folder = Path(f"/tmp/crm-workbook-test-{os.getpid()}")
    folder.mkdir(mode=0o755)
    try:
        target = folder / "work.crm"
        with Workbook.new(str(target), who="Eva", company="Acme") as workbook:
            workbook.backup(folder / "copy.crm")
        target.chmod(0o644)
        folder.chmod(0o555)
        Workbook.open(str(target), who="Eva", read_only=True).close()  # nobody may not read our modules: import them first
        for name in ("work.crm-wal", "work.crm-shm"):
            (folder / name).unlink(missing_ok=True)
        os.setresuid(65534, 65534, 0)
        try:
            with pytest.raises(NotAWorkbook, match=r"You may read .*`crm-workbook export /") as caught:
                Workbook.open(str(target), who="Nobody")
            with Workbook.open(str(target), who="Nobody", read_only=True) as workbook:
                title = workbook.title
        finally:
            os.setresuid(0, 0, 0)
        assert caught.value.reason == "read-only" and title == "Acme"
    finally:
        shutil.rmtree(folder)
