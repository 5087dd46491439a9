"""Several real processes on one real file: nothing acknowledged is lost."""
from __future__ import annotations

import os
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from crm_workbook.records.edits import Create
from crm_workbook.records.goals import CompanyGoal
from crm_workbook.store import Workbook

HERE = Path(__file__)
ROUNDS = 60  # as in worker.py


def start(task: str, path: Path, argument: str) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": str(HERE.parents[2])}
    return subprocess.Popen([sys.executable, str(HERE.with_name("worker.py")), task, str(path), argument], text=True,
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def goal(path: Path, code: str = "G1") -> CompanyGoal:
    with Workbook.open(str(path), who="Reader") as workbook:
        found = workbook.book.get(code)
        assert isinstance(found, CompanyGoal)
        return found


def test_two_processes_on_one_record_lose_nothing(path: Path) -> None:
    with Workbook.open(str(path), who="Eva") as workbook:
        workbook.apply([Create(CompanyGoal, {})])
    processes = [start("count", path, field) for field in ("title", "note")]
    try:
        assert [line(process) for process in processes] == ["ready", "ready"]
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        assert [process.communicate()[0].strip() for process in processes] == ["done", "done"]
    finally:
        for process in processes:
            process.kill()
    result = goal(path)
    assert result.user_benefit.partition(" ")[0] == str(2 * ROUNDS)
    assert (result.title, result.note) == (f"title {ROUNDS}", f"note {ROUNDS}")
    with Workbook.open(str(path), who="Reader") as workbook:
        assert len(workbook.history()) == 1 + 4 * ROUNDS


def test_kill_9_loses_nothing_that_was_acknowledged(path: Path) -> None:
    acknowledged: list[str] = []
    for number in (1, 17, 60):
        process = start("create", path, "Eva")
        try:
            acknowledged += [line(process) for _ in range(number)]
        finally:
            process.kill()
        rest, _ = process.communicate()
        acknowledged += rest.split("\n")[:-1]  # a last line that was cut was acknowledged, but we cannot read it
    with Workbook.open(str(path), who="Reader") as workbook:
        present = {row.code for row in workbook.book.rows(CompanyGoal)}
        assert set(acknowledged) <= present and len(present) <= len(acknowledged) + 3
        assert workbook.apply([Create(CompanyGoal, {})])


def test_a_full_disk_stalls_and_nothing_is_lost_when_there_is_room_again(path: Path) -> None:
    process = start("full_disk", path, "gets room")
    out, errors = process.communicate()
    reason, closed = out.splitlines()
    assert process.returncode == 0, errors
    assert reason.startswith("The disk") and "kept here and tried again" in reason and closed == "True None"
    result = goal(path)
    assert result.title == "typed on a full disk, and more" and result.note == "n" * 9000


def test_a_disk_that_stays_full_leaves_a_rescue_file(path: Path, own_home: Path) -> None:
    process = start("full_disk", path, "stays full")
    out, errors = process.communicate()
    assert process.returncode == 0, errors
    closed, _, rescued = out.splitlines()[1].partition(" ")
    assert closed == "False" and Path(rescued).is_relative_to(own_home)
    kept = tomllib.loads(Path(rescued).read_text())
    assert kept["workbook"] == str(path) and kept["who"] == "Eva"
    assert {item["field"]: item["text"] for item in kept["unsaved"]} == {"title": "typed on a full disk", "note": "n" * 9000}
    assert goal(path).title == "before"


@pytest.mark.parametrize("mode", ["idle", "stuck"])
@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_hang_up_in_mid_word_loses_no_character(path: Path, number: signal.Signals, mode: str) -> None:
    process = start("signalled", path, mode)
    try:
        assert line(process) == "typed"
        process.send_signal(number)
        out, errors = process.communicate()
    finally:
        process.kill()
    assert process.returncode == 128 + number, errors
    assert out.strip() == ("restored" if number == signal.SIGTERM else "")
    assert goal(path).title == "Grow in the nor"
