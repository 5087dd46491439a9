"""The whole way in a real terminal: from an empty folder to a workbook that survives a cut line and leaves as TOML."""
from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from crm_workbook.store import Workbook
from tests.e2e.terminal import Terminal

PROGRAM = [sys.executable, "-m", "crm_workbook"]


def command(*arguments: str) -> str:
    """Runs a verb; its standard output."""
    done = subprocess.run([*PROGRAM, *arguments], capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL)
    return done.stdout


def open_list(terminal: Terminal, digit: str, title: str) -> None:
    """Goes to a chapter, and with the arrow to the list of this title."""
    terminal.press(digit)
    terminal.wait(f"▌{digit} ")
    for _ in range(20):
        terminal.wait(r"\[[^\]]+\]")
        found = re.search(r"\[[^\]]+\]", terminal.text)
        assert found is not None
        if found[0].startswith(f"[{title}"):
            return
        terminal.press("right")
        terminal.wait(re.escape(found[0]), gone=True)
    raise AssertionError(f"no list {title}\n{terminal.text}")


def choose(terminal: Terminal, text: str) -> None:
    """Opens what can be chosen, looks for a text, and takes it."""
    terminal.press("enter")
    terminal.wait("Enter: ")
    terminal.type(text)
    terminal.press("enter")
    terminal.wait("Enter: ", gone=True)


def add(terminal: Terminal, *values: str) -> None:
    """Adds a record and writes these values, one field after the other; "" skips a field, "=text" chooses from the list."""
    terminal.press("a")
    terminal.wait("F3 back to the list")
    for value in values:
        if value.startswith("="):
            choose(terminal, value[1:])
        else:
            terminal.type(value)
        terminal.press("tab")


def leave(terminal: Terminal) -> None:
    """Back to the list, which shows the record once it is on disk."""
    terminal.press("f3")
    terminal.wait("a add")
    terminal.wait(r"> [A-Z]+\d+ ")


@pytest.mark.timeout(40)  # a whole evening; every other test keeps the usual limit
@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
def test_a_group_starts_loses_its_line_and_hands_round_a_summary(tmp_path: Path, size: tuple[int, int]) -> None:
    path = tmp_path / "acme.crm"
    command("new", str(path), "--company", "Акме Медикал")
    with Terminal([*PROGRAM, "--as", "Anna", str(path)], size) as terminal:
        terminal.wait("Next step")
        open_list(terminal, "2", "Departments")
        add(terminal, "Sales")
        leave(terminal)
        open_list(terminal, "1", "Company goals")
        add(terminal, "Answer every request within four hours", "=sales")
        leave(terminal)
        open_list(terminal, "1", "CRM goals")
        add(terminal, "No request without an owner", "=four hours")
        leave(terminal)
        open_list(terminal, "2", "People")
        add(terminal, "Żaneta Łąka")
        leave(terminal)
        open_list(terminal, "2", "Roles")
        add(terminal, "=sponsor", "=łąka")
        leave(terminal)
        open_list(terminal, "4", "Requirements")
        add(terminal, "I open a client and see all letters")
        leave(terminal)
        open_list(terminal, "5", "Vendors")
        add(terminal, "Alpha CRM")
        leave(terminal)
        open_list(terminal, "5", "Answers")
        for question in ("=name and version of the database", "=write and find emails", "=last backup be"):
            add(terminal, "=alpha", question, "=answered")
            leave(terminal)
        open_list(terminal, "6", "Phases")
        add(terminal, "First phase")
        leave(terminal)
        open_list(terminal, "7", "Training")
        terminal.press("a")
        terminal.wait("F3 back to the list")
        terminal.type("First group sess")
        terminal.wait("First group sess")
        terminal.hang_up()
    with Workbook.open(str(path), who="test", read_only=True) as workbook:
        rows = {row.code: row for kind in workbook.book.tables for row in workbook.book.rows(kind)}
    assert rows["G1"].get("title") == "Answer every request within four hours"
    assert rows["C1"].get("company_goals") == ("G1",)
    assert (rows["A1"].get("role"), rows["A1"].get("person")) == ("r-sponsor", "M1")
    assert rows["M1"].get("name") == "Żaneta Łąka"
    assert rows["R1"].get("title") == "I open a client and see all letters"
    assert [rows[f"VA{n}"].get("vendor") for n in (1, 2, 3)] == ["V1"] * 3
    assert len({rows[f"VA{n}"].get("question") for n in (1, 2, 3)} - {""}) == 3
    assert rows["PH1"].get("title") == "First phase"
    assert rows["TE1"].get("title") == "First group sess"

    with Terminal([*PROGRAM, "--as", "Anna", str(path)], size) as terminal:
        terminal.wait("Next step")
        open_list(terminal, "7", "Training")
        terminal.wait("First group sess")
        terminal.press("q")
        assert terminal.end() == 0

    assert "No request without an owner" in command("export", str(path))
    full, again = tmp_path / "full.toml", tmp_path / "again.toml"
    command("export", str(path), "--full", "-o", str(full))
    other = tmp_path / "other.crm"
    command("new", str(other))
    command("import", str(other), str(full))
    command("export", str(other), "--full", "-o", str(again))
    assert full.read_bytes() == again.read_bytes()
    assert os.stat(path).st_mode & 0o777 == 0o660
