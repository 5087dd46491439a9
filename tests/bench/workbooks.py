"""Workbooks to measure with: the sample, and large ones made through the store's own door."""
from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
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


def of_vendors(vendors: int, requirements: int) -> Book:
    """So many vendors and requirements, every mark given and every question answered, and a weighing of seven members. The same
    each time."""
    from crm_workbook.catalogue import load
    from crm_workbook.records import Record
    from crm_workbook.records.book import Book
    from crm_workbook.records.requirements import Requirement
    from crm_workbook.records.team import Office, Person, Scale
    from crm_workbook.records.vendors import Answer, CostLine, Fit, Vendor, WeightRound, WeightVote
    from crm_workbook.sample import TODAY

    catalogue, draw = load(), Random(5)
    members = tuple(f"M{number}" for number in range(1, 8))
    rows: list[Record] = [Scale(users_total=60, users_at_once=40, calls_at_once=12, data_gb=80.0),
                          *(Person(name=f"member {code}", in_group=True) for code in members),
                          *(Office(name=f"office {i}", users=12, down_mbps=40.0, up_kbps=9000, ping_ms=20.0) for i in range(5)),
                          WeightRound(title="First", method="points", members=members, revealed_on=TODAY)]
    rows += [WeightVote(round="WE1", person=code, criterion=section, points=float(draw.randint(1, 100)))
             for code in members for section in catalogue.question_sections]
    rows += [Requirement(title=f"requirement {i} of many", priority=("must", "should", "later")[i % 3], state="accepted")
             for i in range(requirements)]
    for vendor in [f"V{number}" for number in range(1, vendors + 1)]:
        rows.append(Vendor(name=f"vendor {vendor}", state="candidate"))
        rows += [Fit(vendor=vendor, requirement=f"R{number}",
                     mark=draw.choices(("works", "extra", "partly", "promised", "no"), (70, 4, 12, 8, 6))[0])
                 for number in range(1, requirements + 1)]
        for question in catalogue.questions.values():
            good = [option.id for option in question.options if option.value > 0]
            value = {"yes_no": "yes", "number": str(question.best or 100), "money": "120", "text": "as agreed",
                     "evidence": "the contract"}.get(question.answer_type) or draw.choice(good)
            rows.append(Answer(vendor=vendor, question=question.id, value=value, evidence=str(draw.randint(1, 4)), mark="good",
                               state=draw.choices(("answered", "unsure", "dont_know", "later"), (80, 10, 5, 5))[0],
                               evidence_on=TODAY, asked_on=TODAY))
        rows += [CostLine(vendor=vendor, bucket=bucket, title="price", kind=draw.choice(("one_off", "recurring")),
                          basis=draw.choice(("fixed", "user")), likely=Decimal(draw.randint(10, 900)))
                 for bucket in catalogue.cost_buckets]
    counts = Counter[type[Record]]()
    for place, row in enumerate(rows):
        counts[type(row)] += 1
        rows[place] = row.make((counts[type(row)], *row[1:]))
    return Book.of(rows, 1)
