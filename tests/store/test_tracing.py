"""What the journal of a workbook knows about links and the words that they rest on."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from crm_workbook.analysis.doubts import doubts
from crm_workbook.records.edits import Change, Create, Delete, Link
from crm_workbook.records.goals import CompanyGoal, CrmGoal
from crm_workbook.records.radar import LinkCheck
from crm_workbook.records.requirements import Requirement
from crm_workbook.store import Workbook
from crm_workbook.store.tracing import AT_ONCE


def fill(workbook: Workbook) -> None:
    workbook.apply([Create(CompanyGoal, {"title": "old"}), Create(CrmGoal, {"title": "goal", "company_goals": ("G1",)}),
                    Create(CrmGoal, {"title": "other"})])


def test_first_and_last_entries_of_fields(eva: Workbook) -> None:
    fill(eva)
    eva.apply([Change("G1", "title", "old", "new")])
    eva.apply([Change("G1", "title", "new", "newer")])
    created = {entry.code: entry.number for entry in eva.history() if entry.op == "create"}
    first, last = [entry.number for entry in reversed(eva.history("G1")) if entry.field == "title"]
    assert eva.spans({"", "title"}) == {("G1", ""): (created["G1"],) * 2, ("C1", ""): (created["C1"],) * 2,
                                        ("C2", ""): (created["C2"],) * 2, ("G1", "title"): (first, last)}
    assert eva.spans(set()) == {}
    assert eva.changes({"G1", "C1"}, {"title"}) == [("G1", "title", first, '"old"', '"new"'),
                                                    ("G1", "title", last, '"new"', '"newer"')]
    assert eva.changes(set(), {"title"}) == eva.changes({"G1"}, set()) == []


def test_more_codes_than_go_into_one_question(eva: Workbook) -> None:
    codes = [f"G{number}" for number in range(1, AT_ONCE + 3)]
    eva.apply([Create(CompanyGoal, {"title": "old"}) for _code in codes])
    eva.apply([Change(code, "title", "old", "new") for code in codes])
    assert {written[0] for written in eva.changes(codes, {"title"})} == set(codes)


def test_links_become_suspect_and_are_confirmed(eva: Workbook, uwe: Workbook) -> None:
    fill(eva)
    eva.apply([Link("C2", "company_goals", "G1")])
    assert doubts(eva.book, eva) == {}
    uwe.poll()
    uwe.apply([Change("G1", "title", "old", "new")])
    eva.poll()
    assert {pair: doubt.old for pair, doubt in doubts(eva.book, eva).items()} == {("C1", "G1"): "old", ("C2", "G1"): "old"}
    eva.apply([Create(LinkCheck, {"source": "C1", "target": "G1"})])
    assert set(doubts(eva.book, eva)) == {("C2", "G1")}
    eva.apply([Delete("LK1"), Change("G1", "title", "new", "newest")])
    assert {pair: doubt.old for pair, doubt in doubts(eva.book, eva).items()} == {("C1", "G1"): "old", ("C2", "G1"): "old"}


def test_a_deleted_record_that_comes_back_has_its_doubts_again(eva: Workbook) -> None:
    fill(eva)
    eva.apply([Create(Requirement, {"title": "r", "goals": ("C1",)})])
    eva.apply([Change("C1", "title", "goal", "quite another")])
    gone = eva.apply([Delete("R1")])
    assert doubts(eva.book, eva) == {}
    eva.undo(gone[0].batch)
    assert set(doubts(eva.book, eva)) == {("R1", "C1")}


def test_an_imported_copy_begins_without_doubts(opened: Callable[[str], Workbook], tmp_path: Path) -> None:
    eva = opened("Eva")
    fill(eva)
    eva.apply([Change("G1", "title", "old", "new")])
    with Workbook.new(str(tmp_path / "copy.crm"), who="Uwe") as copy:
        rows = [row for table in eva.book.tables.values() for row in table.values()]
        copy.apply([Create(type(row), row.values(), row.number) for row in rows])
        assert doubts(copy.book, copy) == {}
