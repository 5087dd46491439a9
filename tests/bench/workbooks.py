"""Workbooks to measure with: the sample, and large ones made through the store's own door."""
from __future__ import annotations

import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from .measure import ROOT, NotPossible, command, environment, scratch

if TYPE_CHECKING:
    from crm_workbook.records.book import Book
    from crm_workbook.records.edits import Edit

WHO = "Bench"


@cache
def sample() -> Path:
    """A workbook with the sample in it."""
    found = sorted((ROOT / "crm_workbook" / "sample").glob("*.toml"))
    if not found:
        raise NotPossible("the sample is not there")
    path = scratch() / "sample.crmw"
    for arguments in (("new", path), ("import", path, found[0])):
        done = subprocess.run(command(*arguments), env=environment(), cwd=scratch(), stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, check=False)
        if done.returncode:
            raise NotPossible(f"crm-workbook {arguments[0]}: {(done.stderr or done.stdout).strip()[-300:]}")
    return path


@cache
def of_requirements(count: int, changes: int = 0) -> Path:
    """A workbook of so many requirements, and so many later changes in its journal (of each an equal number)."""
    from crm_workbook.records.edits import Change, Create
    from crm_workbook.records.goals import CompanyGoal, CrmGoal
    from crm_workbook.records.requirements import Requirement
    from crm_workbook.records.team import Department
    from crm_workbook.store import Workbook

    path = scratch() / f"requirements-{count}-{changes}.crmw"
    states = ("must", "should", "later")
    first: list[Edit] = [Create(Department, {"name": "Sales"}, 1), Create(CompanyGoal, {"title": "Answer faster"}, 1),
                         Create(CrmGoal, {"title": "One card a client", "company_goals": ("G1",)}, 1)]
    rows: list[Edit] = [Create(Requirement, {"title": f"requirement {i} of many", "priority": states[i % 3], "department": "D1",
                                             "state": "accepted", "goals": ("C1",)}, i) for i in range(1, count + 1)]
    with Workbook.new(str(path), who=WHO, company="Acme Medical") as workbook:
        for part in (first, *_parts(rows, 5000)):
            workbook.apply(part)
        for turn in range(changes // count):
            before, after = (f"note {turn - 1}" if turn else ""), f"note {turn}"
            for part in _parts([Change(f"R{i}", "note", before, after) for i in range(1, count + 1)], 5000):
                workbook.apply(part, batch=f"turn-{turn}")
    return path


def _parts(edits: list[Edit], size: int) -> Iterable[list[Edit]]:
    return (edits[start:start + size] for start in range(0, len(edits), size))


def grown(count: int) -> Book:
    """The sample with about so many records: those of every list again and again, the few of the frame (phases, vendors,
    departments, company goals, meetings) as they are."""
    from crm_workbook.exchange.sample import sample_book
    from crm_workbook.records import Record
    from crm_workbook.records.book import Book

    frame = {"phase", "department", "vendor", "decision", "office", "company_goal", "workshop", "snapshot", "gate_sign_off"}
    book, rows = sample_book(), list[Record]()
    growing = [kind for kind in book.tables if not kind.declared.single and kind.declared.table not in frame]
    times = (count - book.count()) / sum(len(book.table(kind)) for kind in growing)
    for kind in growing:
        found, last = list(book.table(kind).values()), max(book.table(kind))
        rows += [kind.make((last + n, *found[n % len(found)][1:])) for n in range(1, round(len(found) * times) + 1)]
    return Book.of([*(row for kind in book.tables for row in book.table(kind).values()), *rows], 1)
