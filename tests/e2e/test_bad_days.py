"""What must not cost a word: a full disk, an end from outside, another person on the same file. Real programs, real signals."""
from __future__ import annotations

import os
import resource
import signal
import sys
import termios
from pathlib import Path

from crm_workbook.records.goals import CompanyGoal
from crm_workbook.store import Workbook
from tests.e2e.terminal import Terminal

PROGRAM = [sys.executable, "-m", "crm_workbook"]


def a_goal(tmp_path: Path) -> Path:
    """A workbook with one goal."""
    from crm_workbook.records.edits import Create

    path = tmp_path / "acme.crm"
    with Workbook.new(str(path), who="test", company="Acme") as workbook:
        workbook.apply([Create(CompanyGoal, {"title": "first"})])
    return path


def goal_title(path: Path) -> str:
    """What is on disk."""
    with Workbook.open(str(path), who="test", read_only=True) as workbook:
        return workbook.book.rows(CompanyGoal)[0].title


def in_the_goal(terminal: Terminal) -> None:
    """Opens the form of the goal."""
    terminal.wait("Next step")
    terminal.press("1")
    terminal.wait(r"\[What to do")
    terminal.press("right", "right")
    terminal.wait(r"> G1 ")
    terminal.press("enter")
    terminal.wait("F3 back to the list")


def test_a_full_disk_is_said_and_saving_resumes_by_itself(tmp_path: Path) -> None:
    path = a_goal(tmp_path)
    with Terminal([*PROGRAM, str(path)]) as terminal:
        in_the_goal(terminal)
        terminal.type(" a")
        terminal.wait("first a")
        full = os.path.getsize(f"{path}-wal") if os.path.exists(f"{path}-wal") else 0
        _soft, hard = resource.prlimit(terminal.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(terminal.pid, resource.RLIMIT_FSIZE, (full, hard))
        terminal.type("bc")
        terminal.wait("Nothing is being saved")
        terminal.wait("first abc")
        resource.prlimit(terminal.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, hard))
        terminal.wait("Nothing is being saved", gone=True)
        terminal.wait("Everything is saved again")
        terminal.press("f3")
        terminal.wait("a add")
        terminal.press("q")
        assert terminal.end() == 0
    assert goal_title(path) == "first abc"


def test_sigterm_saves_the_half_typed_word_and_restores_the_terminal(tmp_path: Path) -> None:
    path = a_goal(tmp_path)
    with Terminal([*PROGRAM, str(path)]) as terminal:
        in_the_goal(terminal)
        terminal.type(" half-ty")
        terminal.wait("half-ty")
        os.kill(terminal.pid, signal.SIGTERM)
        assert terminal.end() == 128 + signal.SIGTERM
        assert b"\x1b[?1049l" in terminal.sent[-200:]
        flags = termios.tcgetattr(terminal.fd)[3]
        assert flags & termios.ECHO and flags & termios.ICANON and flags & termios.ISIG
    assert goal_title(path) == "first half-ty"


def test_a_byte_that_is_no_text_costs_nothing(tmp_path: Path) -> None:
    path = a_goal(tmp_path)
    with Terminal([*PROGRAM, str(path)]) as terminal:
        in_the_goal(terminal)
        os.write(terminal.fd, b" caf\xe9 au lait")
        terminal.wait("au lait")
        terminal.press("f3")
        terminal.wait("a add")
        terminal.press("q")
        assert terminal.end() == 0
    assert goal_title(path) == "first caf\ufffd au lait"


def test_two_people_see_each_other_and_both_words_stay(tmp_path: Path) -> None:
    path = a_goal(tmp_path)
    with Terminal([*PROGRAM, "--as", "Anna", str(path)]) as anna, Terminal([*PROGRAM, "--as", "Boris", str(path)]) as boris:
        in_the_goal(anna)
        in_the_goal(boris)
        anna.type(" by Anna")
        boris.wait("first by Anna")
        boris.press("tab", "tab")
        boris.settle()
        boris.type("less searching")
        anna.wait("less searching")
        for terminal in (anna, boris):
            terminal.press("f3")
            terminal.wait("a add")
            terminal.press("q")
            assert terminal.end() == 0
    with Workbook.open(str(path), who="test", read_only=True) as workbook:
        goal = workbook.book.rows(CompanyGoal)[0]
    assert (goal.title, goal.user_benefit) == ("first by Anna", "less searching")


def test_a_terminal_that_cannot_show_it_gets_a_sentence(tmp_path: Path) -> None:
    path = a_goal(tmp_path)
    with Terminal([*PROGRAM, str(path)], env={"TERM": "dumb"}) as terminal:
        terminal.wait("TERM=dumb")
        assert terminal.end() == 2


def test_nothing_of_a_missing_file_is_made(tmp_path: Path) -> None:
    path = tmp_path / "typo.crm"
    with Terminal([*PROGRAM, str(path)]) as terminal:
        terminal.wait("crm-workbook new")
        assert terminal.end() == 2
    assert not path.exists() and not list(tmp_path.iterdir())
