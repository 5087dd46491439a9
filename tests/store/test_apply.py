"""Edits, all or nothing: what is written, what is refused, what the journal says."""
from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from crm_workbook.records.edits import Change, Create, Delete, Edit, Link, Refused, Unlink
from crm_workbook.records.goals import CompanyGoal, CrmGoal, Project
from crm_workbook.records.requirements import Conflict as Contradiction
from crm_workbook.records.requirements import Requirement
from crm_workbook.records.team import Assignment, Department, Person
from crm_workbook.store import Workbook


def refused(workbook: Workbook, *edits: Edit) -> Refused:
    before, journal = reread(workbook), workbook.history()
    with pytest.raises(Refused) as caught:
        workbook.apply(edits)
    assert workbook.book == before == reread(workbook) and workbook.history() == journal
    return caught.value


def reread(workbook: Workbook) -> object:
    with Workbook.open(workbook.target, who="Reader", read_only=True) as other:
        return other.book


def test_every_edit_changes_the_book_the_file_and_the_journal(eva: Workbook) -> None:
    eva.apply([Create(CompanyGoal, {"title": "Grow"}), Create(CompanyGoal, {"title": "Stay"}),
               Create(CrmGoal, {"title": "Call back", "company_goals": ("G1",)})])
    eva.apply([Change("C1", "title", "Call back", "Call back in a day"), Link("C1", "company_goals", "G2"),
               Unlink("C1", "company_goals", "G1")])
    goal = eva.book.get("C1")
    assert isinstance(goal, CrmGoal) and goal.title == "Call back in a day" and goal.company_goals == ("G2",)
    assert eva.book == reread(eva)
    assert [(entry.op, entry.code) for entry in eva.history()] == [
        ("unlink", "C1"), ("link", "C1"), ("change", "C1"), ("create", "C1"), ("create", "G2"), ("create", "G1")]
    assert {entry.who for entry in eva.history()} == {"Eva"}
    assert [entry.op for entry in eva.history("C1", limit=2)] == ["unlink", "link"]
    oldest = eva.history("C1", before=eva.history("C1")[-2].number)
    assert [entry.op for entry in oldest] == ["create"] and oldest[0].at.tzinfo is UTC


def test_edits_that_change_nothing_leave_no_entry(eva: Workbook) -> None:
    eva.apply([Create(CompanyGoal, {"title": "Grow"}), Create(CrmGoal, {"company_goals": ("G1",)})])
    count = len(eva.history())
    assert eva.apply([Change("G1", "title", "whatever", "Grow"), Link("C1", "company_goals", "G1"),
                      Unlink("C1", "company_goals", "G7")]) == ()
    assert eva.apply([]) == () and len(eva.history()) == count


def test_numbers_are_never_given_twice(eva: Workbook) -> None:
    for expected in ("G1", "G2"):
        assert eva.apply([Create(CompanyGoal, {"title": "x"})])[0].code == expected
        eva.apply([Delete(expected)])
    assert eva.apply([Create(CompanyGoal, {}, number=9)])[0].code == "G9"
    entries = eva.apply([Create(CompanyGoal, {}), Create(CompanyGoal, {}, 12), Create(CompanyGoal, {})])
    assert [entry.code for entry in entries] == ["G10", "G12", "G13"]


def test_records_may_refer_to_what_comes_later_in_the_same_list(eva: Workbook) -> None:
    eva.apply([Create(Person, {"name": "Ann", "department": "D1"}, 1), Create(Department, {"name": "Sales", "head": "M1"}, 1)])
    assert eva.book == reread(eva) and eva.book.count() == 2


@pytest.mark.parametrize(("edit", "sentence"), [
    (Change("G1", "weight", None, 9), "Weight: 9 is too large"),
    (Change("G1", "weight", None, "3"), "expected a whole number"),
    (Change("G1", "nonsense", "", "x"), "has no field 'nonsense'"),
    (Change("G7", "title", "", "x"), "There is no G7."),
    (Change("QQ1", "title", "", "x"), "is not a code"),
    (Change("G1", "department", "", "D1"), "there is no D1"),
    (Change("G1", "department", "", "M1"), "M1 is a person"),
    (Link("G1", "department", "D1"), "holds one value"),
    (Link("C1", "company_goals", "G8"), "there is no G8"),
    (Create(CompanyGoal, {"title": "x"}, 1), "G1 is there already"),
    (Create(CompanyGoal, {"nonsense": 1}), "has no field 'nonsense'"),
    (Create(CompanyGoal, {"weight": 6}), "too large"),
    (Create(Project, {}, 2), "cannot be the code"),
    (Delete("G44"), "There is no G44."),
], ids=lambda value: str(value)[:40])
def test_what_cannot_be_is_refused_with_a_sentence(eva: Workbook, edit: Edit, sentence: str) -> None:
    eva.apply([Create(CompanyGoal, {"title": "Grow"}), Create(CrmGoal, {}), Create(Person, {})])
    problem = refused(eva, edit)
    assert len(problem.problems) == 1 and sentence in problem.problems[0] and not problem.conflicts


def test_all_or_nothing_and_every_problem_at_once(eva: Workbook) -> None:
    problem = refused(eva, Create(CompanyGoal, {"title": "Grow"}), Change("G1", "weight", None, 7), Delete("R1"))
    assert len(problem.problems) == 2 and problem.problems[0].startswith("G1: ")
    assert eva.book.count() == 0


def test_a_single_kind_has_one_record_with_number_one(eva: Workbook) -> None:
    assert eva.apply([Create(Project, {"company": "Acme"})])[0].code == "PRJ1"
    assert "there already" in refused(eva, Create(Project, {})).problems[0]
    eva.apply([Delete("PRJ1")])
    assert eva.apply([Create(Project, {})])[0].code == "PRJ1"


def test_what_is_stored_is_made_visible(eva: Workbook) -> None:
    eva.apply([Create(CompanyGoal, {"title": "a\x1b[2J\nb", "note": "c\r\nd\x00"})])
    goal = eva.book.get("G1")
    assert isinstance(goal, CompanyGoal) and goal.title == "a\u241b[2J b" and goal.note == "c\nd\u2400"
    assert eva.book == reread(eva)


# ---- two people ----

def test_somebody_was_faster(eva: Workbook, uwe: Workbook) -> None:
    eva.apply([Create(CompanyGoal, {"title": "Grow", "note": "n"})])
    assert [entry.op for entry in uwe.poll()] == ["create"] and uwe.poll() == ()
    uwe.apply([Change("G1", "title", "Grow", "Shrink")])
    conflict, = refused(eva, Change("G1", "title", "Grow", "Bloom")).conflicts
    assert (conflict.theirs, conflict.who, conflict.gone) == ("Shrink", "Uwe", False) and conflict.at is not None
    assert eva.apply([Change("G1", "note", "n", "m")]), "another field is no conflict"
    assert eva.apply([Change("G1", "title", "Shrink", "Bloom")])
    assert eva.apply([Change("G1", "title", "Grow", "Bloom")]) == (), "what both want is no conflict"


def test_what_was_met_while_writing_is_told_by_the_next_poll(eva: Workbook, uwe: Workbook) -> None:
    eva.apply([Create(CompanyGoal, {})])
    own = uwe.apply([Create(CompanyGoal, {})])
    assert own[0].code == "G2" and uwe.book.count() == 2
    assert [entry.code for entry in uwe.poll()] == ["G1"]
    assert uwe.poll() == () and [entry.code for entry in eva.poll()] == ["G2"] and eva.book == uwe.book


def test_a_deleted_record_is_a_conflict_of_its_own(eva: Workbook, uwe: Workbook) -> None:
    eva.apply([Create(CrmGoal, {"title": "a"}), Create(CompanyGoal, {})])
    uwe.apply([Delete("C1")])
    for edit in (Change("C1", "title", "a", "b"), Link("C1", "company_goals", "G1")):
        conflict, = refused(eva, edit).conflicts
        assert conflict.gone and conflict.who == "Uwe" and conflict.theirs is None
    assert eva.apply([Delete("C1")]) == ()
    assert refused(eva, Create(CrmGoal, {}, 7), Delete("C7"), Change("C7", "title", "", "x")).conflicts[0].gone


def test_two_people_link_different_targets(eva: Workbook, uwe: Workbook) -> None:
    eva.apply([Create(CompanyGoal, {}), Create(CompanyGoal, {}), Create(CrmGoal, {})])
    eva.apply([Link("C1", "company_goals", "G2")])
    uwe.apply([Link("C1", "company_goals", "G1")])
    eva.poll()
    goal = eva.book.get("C1")
    assert isinstance(goal, CrmGoal) and goal.company_goals == ("G1", "G2") and eva.book == uwe.book


# ---- typing: one journal row a visit ----

def test_a_visit_of_a_field_is_one_entry(eva: Workbook, uwe: Workbook) -> None:
    eva.apply([Create(CompanyGoal, {"title": "a"})])
    uwe.poll()
    for old, new in (("a", "ab"), ("ab", "abc"), ("abc", "abcd")):
        eva.apply([Change("G1", "title", old, new)], batch="visit")
        if new == "ab":
            eva.apply([Change("G1", "note", "", new)], batch="visit")
        assert uwe.poll() and uwe.book == eva.book == reread(eva)
    changes = [(entry.field, entry.old, entry.new) for entry in eva.history("G1") if entry.op == "change"]
    assert changes == [("title", '"a"', '"abcd"'), ("note", '""', '"ab"')]
    eva.apply([Change("G1", "title", "abcd", "x")], batch="another visit")
    assert len(eva.history("G1")) == 4
    eva.undo("another visit")
    eva.undo("visit")
    assert eva.book.get("G1") == CompanyGoal(number=1, title="a")


def test_entries_of_others_in_between_are_not_swallowed(eva: Workbook, uwe: Workbook) -> None:
    eva.apply([Create(CompanyGoal, {"title": "a"})])
    eva.apply([Change("G1", "title", "a", "b")], batch="visit")
    uwe.apply([Change("G1", "title", "b", "c")], batch="visit")
    eva.apply([Change("G1", "title", "c", "d")], batch="visit")
    assert [(entry.who, entry.new) for entry in eva.history("G1")][:3] == [("Eva", '"d"'), ("Uwe", '"c"'), ("Eva", '"b"')]


# ---- deleting ----

def team(workbook: Workbook) -> None:
    workbook.apply([
        Create(Department, {"name": "Sales", "head": "M1"}, 1), Create(Person, {"name": "Ann", "department": "D1"}, 1),
        Create(Person, {"name": "Bob", "decides_up_to": Decimal("12.50")}, 2),
        Create(Assignment, {"role": "sponsor", "person": "M1", "deputy": "M2", "since": date(2026, 1, 2)}, 1),
        Create(CrmGoal, {"owner": "M1"}, 1), Create(Requirement, {"goals": ("C1",), "tester": "M1", "author": "M1"}, 1),
        Create(Requirement, {}, 2), Create(Contradiction, {"first": "R1", "second": "R2"}, 1)])


def test_deleting_takes_what_belongs_to_it_and_unlinks_the_rest_and_undo_brings_all_back(eva: Workbook, uwe: Workbook) -> None:
    team(eva)
    for code in ("M1", "D1", "R1", "C1"):
        before = eva.book
        entries = eva.apply([Delete(code)])
        assert eva.book.get(code) is None and not list(eva.book.referrers(code)) and eva.book == reread(eva)
        eva.undo(entries[0].batch)
        assert eva.book == before == reread(eva), code
        uwe.poll()
        assert uwe.book == before
    eva.apply([Delete("M1")])
    requirement = eva.book.get("R1")
    assert isinstance(requirement, Requirement) and requirement.tester == requirement.author == ""
    assert eva.book.get("A1") is None and eva.book.get("M2") is not None


def test_deleting_several_at_once_that_hang_together(eva: Workbook) -> None:
    team(eva)
    before = eva.book
    entries = eva.apply([Delete("M1"), Delete("A1"), Delete("R1"), Delete("R2"), Delete("D1"), Delete("M2")])
    assert eva.book == reread(eva) and eva.book.count() == 1
    eva.undo(entries[0].batch)
    assert eva.book == before == reread(eva)


def test_undo_is_refused_when_somebody_built_on_it(eva: Workbook, uwe: Workbook) -> None:
    made = eva.apply([Create(CompanyGoal, {"title": "a"})])[0].batch
    changed = eva.apply([Change("G1", "title", "a", "b")])[0].batch
    uwe.apply([Change("G1", "title", "b", "c")])
    for batch in (made, changed):
        with pytest.raises(Refused) as caught:
            eva.undo(batch)
        assert caught.value.conflicts[0].who == "Uwe"
    linked = eva.apply([Create(CompanyGoal, {})])[0].batch
    uwe.apply([Create(CrmGoal, {"company_goals": ("G2",)})])
    with pytest.raises(Refused) as caught:
        eva.undo(linked)
    assert caught.value.conflicts[0].who == "Uwe"
    with pytest.raises(Refused, match="nothing to take back"):
        eva.undo("no such batch")


def test_a_refused_undo_names_who_came_in_between_and_where(eva: Workbook, uwe: Workbook) -> None:
    eva.apply([Create(CompanyGoal, {"title": "a"}), Create(Project, {"company": "Acme"})])
    eva.apply([Change("G1", "title", "a", "b")], batch="visit")
    uwe.apply([Change("G1", "title", "b", "c")])
    eva.apply([Change("G1", "title", "c", "d")], batch="visit")
    deleted = eva.apply([Delete("PRJ1")])[0].batch
    uwe.apply([Create(Project, {"company": "Again"})])
    for batch, place in (("visit", ("G1", "title")), (deleted, ("PRJ1", ""))):
        with pytest.raises(Refused) as caught:
            eva.undo(batch)
        conflict = caught.value.conflicts[0]
        assert (conflict.who, conflict.edit.code, getattr(conflict.edit, "field", "")) == ("Uwe", *place)  # type: ignore[union-attr]  # no Create


def test_undo_of_an_undo_is_redo(eva: Workbook) -> None:
    team(eva)
    after = eva.apply([Delete("M1")])
    deleted = eva.book
    back = eva.undo(after[0].batch)
    assert eva.undo(back[0].batch) and eva.book == deleted == reread(eva)


def test_the_clock_is_passed_in(path: object) -> None:
    moment = datetime(2026, 3, 31, 14, 5, 0, 123456, tzinfo=UTC)
    with Workbook.open(str(path), who="Eva", clock=lambda: moment) as workbook:
        assert workbook.apply([Create(CompanyGoal, {})])[0].at == moment == workbook.history()[0].at
