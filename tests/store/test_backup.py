"""Copies are complete and checked, also while others write."""
from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from crm_workbook.records.edits import Change, Create
from crm_workbook.records.goals import CompanyGoal
from crm_workbook.store import NotAWorkbook, Unsaved, Workbook


def test_a_copy_is_a_workbook_with_everything_that_was_acknowledged(eva: Workbook, tmp_path: Path) -> None:
    eva.apply([Create(CompanyGoal, {"title": "only in the log so far"})])
    target = tmp_path / "copies.crm"
    target.write_text("an old one")
    eva.backup(target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o660
    assert not [name for name in tmp_path.iterdir() if name.name.endswith(".tmp") or "copies.crm-" in name.name]
    with Workbook.open(str(target), who="Eva") as copy:
        assert copy.book == eva.book and copy.history() == eva.history()


def test_copies_under_writers_are_complete(eva: Workbook, tmp_path: Path) -> None:
    eva.apply([Create(CompanyGoal, {"title": "0"})])
    acknowledged, stop = [0], threading.Event()

    def hammer() -> None:
        with Workbook.open(eva.target, who="Uwe") as uwe:
            while not stop.is_set():
                count = acknowledged[0]
                uwe.apply([Change("G1", "title", str(count), str(count + 1))])
                acknowledged[0] = count + 1

    writer = threading.Thread(target=hammer)
    writer.start()
    try:
        for number in range(10):
            before = acknowledged[0]
            eva.backup(tmp_path / f"{number}.bak")
            with Workbook.open(str(tmp_path / f"{number}.bak"), who="Eva", read_only=True) as copy:
                goal = copy.book.get("G1")
                assert isinstance(goal, CompanyGoal) and int(goal.title) >= before
    finally:
        stop.set()
        writer.join()
    assert acknowledged[0]


@pytest.mark.parametrize("suffix", ["", "-wal", "-shm", ".lock"])
def test_a_copy_never_goes_over_the_workbook_itself(eva: Workbook, suffix: str) -> None:
    with pytest.raises(NotAWorkbook, match="the workbook itself"):
        eva.backup(Path(eva.target + suffix))


def test_nor_over_another_name_of_it_a_folder_or_an_open_workbook(eva: Workbook, tmp_path: Path) -> None:
    os.link(eva.target, tmp_path / "second name.crm")
    (tmp_path / "link.crm").symlink_to(eva.target)
    for name in ("second name.crm", "link.crm"):
        with pytest.raises(NotAWorkbook, match="the workbook itself"):
            eva.backup(tmp_path / name)
    with pytest.raises(NotAWorkbook, match="folder"):
        eva.backup(tmp_path)
    (tmp_path / "busy.crm").write_bytes(b"")
    (tmp_path / "busy.crm-wal").write_bytes(b"x")
    with pytest.raises(NotAWorkbook, match="in use"):
        eva.backup(tmp_path / "busy.crm")
    with pytest.raises(Unsaved):
        eva.backup(tmp_path / "no such folder" / "copy.crm")
