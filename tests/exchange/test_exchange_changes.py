"""What an import would do: as edits that lead from one Book to the other, and as sentences."""
from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from hypothesis import HealthCheck, given, settings

from crm_workbook.catalogue import load
from crm_workbook.exchange.changes import changes, described, missing
from crm_workbook.exchange.journal import as_json, as_text, entry_sentence
from crm_workbook.records.book import Book
from crm_workbook.records.edits import Change, Create, Delete, Edit, Entry, Link, Unlink
from crm_workbook.records.goals import CompanyGoal, CrmGoal, Motive
from crm_workbook.records.minutes import Unfinished
from crm_workbook.records.team import Assignment, Department
from crm_workbook.records.vendors import Answer, Vendor
from crm_workbook.store import Workbook
from tests.exchange.any_books import books, every_field

OLD = Book.of([CompanyGoal(number=1, title="old", weight=2), CompanyGoal(number=2, title="stays"),
               Department(number=1, name="Sales"), Vendor(number=1, name="Alpha"), Answer(number=1, vendor="V1", value="x"),
               CrmGoal(number=1, company_goals=("G1", "G2"), too_broad=True)])
NEW = Book.of([CompanyGoal(number=1, title="new", department="D1"), CompanyGoal(number=7, title="say \"hi\""),
               Department(number=1, name="Sales"), CrmGoal(number=1, company_goals=("G1", "G7"))])


def test_nothing_changes_nothing() -> None:
    assert changes(OLD, OLD) == []
    assert missing(OLD, OLD) == []


def test_creates_changes_deletes_come_in_this_order_with_the_codes_of_the_file() -> None:
    edits = changes(OLD, NEW, delete_missing=True)
    assert edits == [
        Create(CompanyGoal, {"title": 'say "hi"'}, 7),
        Change("G1", "title", "old", "new"), Change("G1", "department", "", "D1"), Change("G1", "weight", 2, None),
        Change("C1", "company_goals", ("G1", "G2"), ("G1", "G7")), Change("C1", "too_broad", True, False),
        Delete("G2"), Delete("V1")]  # VA1 belongs to V1 and goes with it


def test_what_is_not_in_the_file_is_left_alone_and_named() -> None:
    assert not any(isinstance(edit, Delete) for edit in changes(OLD, NEW))
    assert missing(OLD, NEW) == ["G2", "V1", "VA1"]


def test_sentences() -> None:
    edits: list[Edit] = [*changes(OLD, NEW, delete_missing=True), Link("C1", "company_goals", "G2"),
                         Unlink("C1", "company_goals", "G1")]
    assert list(described(edits, OLD)) == [
        'G7: new: company goal "say \\"hi\\""',
        'G1: Goal: "old" -> "new"',
        "G1: Department: nothing -> D1",
        "G1: Weight: 2 -> nothing",
        "C1: Serves the company goals: G1, G2 -> G1, G7",
        "C1: Too broad: yes -> no",
        'G2: company goal "stays" is deleted, with all that belongs to it',
        'V1: vendor "Alpha" is deleted, with all that belongs to it',
        "C1: Serves the company goals: G2 is added",
        "C1: Serves the company goals: G1 is taken out"]


def test_no_internal_names_are_shown() -> None:
    titles = load().titles
    book = Book.of([Answer(number=1, vendor="V1", question="dbms-which", value="open")])
    edits: list[Edit] = [
        Create(Motive, {"motive": "mo-requirements"}, 1), Create(Motive, {"motive": "mo-of-an-overlay"}, 2),
        Create(Assignment, {"role": "r-process-owner", "person": "M2"}, 1),
        Create(Unfinished, {"record": "PRJ1", "field": "start"}, 1),
        Create(Unfinished, {"record": "new:1", "field": "later"}, 2), Change("MO1", "motive", "", "mo-requirements"),
        Link("R1", "functions", "f-contacts"), Change("R1", "functions", (), ("f-contacts", "f-tickets")),
        Change("VA1", "value", "open", "words")]
    motive, functions = f'"{titles("motive")["mo-requirements"]}"', titles("function")
    assert list(described(edits, book)) == [
        f"MO1: new: motive {motive}", "MO2: new: motive mo-of-an-overlay",
        f'A1: new: role "{titles("role")["r-process-owner"]}", M2', "U1: new: unfinished entry PRJ1, Project start",
        "U2: new: unfinished entry new:1, later", f"MO1: Motive: nothing -> {motive}",
        f'R1: Functions: "{functions["f-contacts"]}" is added',
        f'R1: Functions: nothing -> "{functions["f-contacts"]}", "{functions["f-tickets"]}"',
        'VA1: Answer: "Free database (open source)" -> "words"']
    at = datetime(2026, 3, 2, tzinfo=UTC)
    entry = Entry(1, at, "Ewa", "s", "b", "create", "MO1", new='{"motive": "mo-requirements"}')
    assert entry_sentence(entry) == f"MO1: new: motive {motive}"


def test_sentences_are_short_and_have_one_line() -> None:
    edit = Change("G1", "note", "", "a\nb\x1b" + "x" * 500)
    [line] = described([edit], OLD)
    assert "\n" not in line and "\x1b" not in line and len(line) < 120


def test_every_kind_can_be_described() -> None:
    book = every_field()
    lines = list(described(changes(Book(), book), Book())) + list(described(changes(book, Book(), delete_missing=True), book))
    assert len(lines) > 66 and all(lines)


def test_a_workbook_takes_the_edits_and_becomes_the_file(tmp_path: Path) -> None:
    everything = every_field()
    with Workbook.new(str(tmp_path / "a.crm"), who="Anna") as workbook:
        workbook.apply(changes(Book(), OLD))
        assert workbook.book == OLD
        workbook.apply(changes(workbook.book, NEW, delete_missing=True))
        assert workbook.book == NEW
        workbook.apply(changes(workbook.book, everything, delete_missing=True))
        assert workbook.book == everything
        workbook.apply(changes(workbook.book, Book(), delete_missing=True))
        assert workbook.book == Book()
        told = workbook.history()
        assert len(list(as_text(told))) == len(told) and as_json(told).count('"op": ') == len(told)
        assert Book().advanced(reversed(told)) == Book()
        assert {entry_sentence(entry) for entry in told} >= {'G1: new: company goal "old"', 'G1: Goal: "old" -> "new"',
                                                             'V1: deleted: vendor "Alpha"'}


@settings(deadline=None, max_examples=8, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(books(), books())
def test_the_edits_between_any_two_books_hold_their_promise(old: Book, new: Book) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder, Workbook.new(f"{folder}/a.crm", who="Anna") as workbook:
        workbook.apply(changes(Book(), old))
        assert workbook.book == old
        workbook.apply(changes(old, new))
        for kind, table in new.tables.items():
            assert dict(workbook.book.table(kind)) == {**old.table(kind), **table}
        workbook.apply(changes(workbook.book, new, delete_missing=True))
        assert workbook.book == new
