"""The full export: everything comes back, equal workbooks give equal bytes, and a bad file is refused with its places."""
from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
import tomli_w
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from crm_workbook.catalogue import Catalogue, load
from crm_workbook.exchange.full import ImportErrors, Problem, decoded, read_full, write_full
from crm_workbook.exchange.positions import Positions
from crm_workbook.records import KINDS
from crm_workbook.records.book import Book
from crm_workbook.records.goals import CompanyGoal, CrmGoal, Project
from crm_workbook.records.requirements import SurveyAnswer
from crm_workbook.records.vendors import Answer, CostLine, Vendor
from tests.exchange.any_books import books, every_field

calm = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
HEAD = "schema_version = 1\n"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load()


def problems(text: str, beside: Book | None = None) -> list[Problem]:
    with pytest.raises(ImportErrors) as caught:
        read_full(text, "file.toml", beside=beside)
    return list(caught.value.problems)


def problem(text: str) -> Problem:
    found = problems(text)
    assert len(found) == 1, found
    return found[0]


# ---- there and back ----

@calm
@given(books())
@example(Book())
@example(every_field())
def test_any_book_comes_back_equal_and_gives_the_same_bytes(book: Book) -> None:
    text = write_full(book)
    again = read_full(text)
    assert again == book
    assert write_full(again) == text
    assert decoded(text.encode(), "x") == text


@calm
@given(books(kinds=2))
def test_values_are_written_as_tomli_w_writes_them(book: Book) -> None:
    plain: dict[str, dict[str, object]] = {}
    for kind in KINDS:
        for row in book.rows(kind):
            plain.setdefault(kind.declared.table, {})[row.code] = row.values()
    lines = [line for line in write_full(book).splitlines() if line and not line.startswith("# ") and line != "#"]
    assert lines == [line for line in tomli_w.dumps({"schema_version": 1} | plain).splitlines() if line]


def test_every_kind_and_field_is_in_it_once_and_in_order(catalogue: Catalogue) -> None:
    text = write_full(every_field(), catalogue)
    sections = re.findall(r"^\[(\w+)\.", text, re.MULTILINE)
    assert sections == [kind.declared.table for kind in KINDS]
    for kind in KINDS:
        assert text.count(f"\n# {kind.declared.title}\n") >= 1
        for name in kind.declared.fields:
            assert re.search(rf"^#   {name} +\S", text, re.MULTILINE)
    assert max(len(line) for line in text.splitlines() if line.startswith("#")) <= 100


def test_numbers_are_in_order_and_amounts_have_two_places() -> None:
    book = Book.of([CompanyGoal(number=10, title="ten"), CompanyGoal(number=9, title="nine"),
                    Project(number=1, hour_cost=Decimal("12.5")), CrmGoal(number=1, baseline=5)])
    text = write_full(book)
    assert text.index("[company_goal.G9]") < text.index("[company_goal.G10]")
    assert "hour_cost = 12.50\n" in text and "baseline = 5.0\n" in text


def test_an_empty_record_and_an_empty_book_come_back() -> None:
    book = Book.of([CompanyGoal(number=3)])
    assert "[company_goal.G3]\n" in write_full(book)
    assert read_full(write_full(book)) == book
    assert read_full(HEAD) == Book()


def test_answers_carry_their_question_and_nothing_a_person_wrote_is_a_comment(catalogue: Catalogue) -> None:
    book = Book.of([Vendor(number=1, name="x\n# y"), Answer(number=1, vendor="V1", question="dbms-which", value="SECRET"),
                    Answer(number=2, vendor="V1", question="SECRET"),
                    SurveyAnswer(number=1, question="sq-day", answer="SECRET")])
    text = write_full(book, catalogue)
    for kind, id_ in (("question", "dbms-which"), ("survey_question", "sq-day")):
        first = catalogue.titles(kind)[id_].split(". ")[0]
        assert re.search(rf"^# {re.escape(first[:60])}", text, re.MULTILINE)
    assert "SECRET" not in "".join(line for line in text.splitlines() if line.startswith("#"))
    assert "\n# y" not in text


def test_the_text_does_not_depend_on_the_journal_number() -> None:
    rows = every_field()
    assert write_full(Book(rows.tables, 5)) == write_full(Book(rows.tables, 99))


def test_comments_and_layout_of_a_hand_written_file_do_not_matter() -> None:
    book = read_full('schema_version=1\r\n\r\n# hello\r\ncompany_goal.G1 = {title = "a", weight = 3}\r\n')
    assert book == Book.of([CompanyGoal(number=1, title="a", weight=3)])
    book = read_full('[company_goal]\r\nG2.title = """two"""\r\n[company_goal.\'G1\']\r\n'.join((HEAD, "")))
    assert book == Book.of([CompanyGoal(number=1), CompanyGoal(number=2, title="two")])
    assert read_full("\ufeff" + HEAD) == Book()


def test_times_of_other_zones_become_utc() -> None:
    book = read_full(HEAD + "[incident.IN1]\nreported_at = 2026-03-31T14:05:09.5+02:00\n")
    row = book.get("IN1")
    assert row is not None and row.get("reported_at") == datetime(2026, 3, 31, 12, 5, 9, tzinfo=UTC)


# ---- what is refused ----

@pytest.mark.parametrize(("line", "words"), [
    ("title = 5", "Goal: expected a text, found 5"),
    ("title = [1]", "found a list of something else than texts"),
    ("title = {}", "found a table"),
    ("title = true", "expected a text, found true"),
    ('weight = "3"', 'expected a whole number, found the text "3"'),
    ("weight = 2.5", "expected a whole number, found 2.5"),
    ("weight = true", "expected a whole number, found true"),
    ("weight = nan", "expected a whole number, found NaN"),
    ("weight = 1e999999999", "expected a whole number"),
    ("weight = 9", "9 is too large; the most is 5"),
    ("weight = 0", "0 is too small; the least is 1"),
    ("weight = 0x" + "f" * 4000, "too large or too small"),
    ('department = "R1"', "R1 is a requirement, expected a department (D...)"),
    ('department = "sales"', "is not a code"),
    ('department = "D7"', "there is no D7"),
    ('note = "' + "x" * 20_001 + '"', "20,000 fit in here"),
])
def test_a_wrong_value_is_named_with_its_place(line: str, words: str) -> None:
    found = problem(f'{HEAD}\n[company_goal.G1]\nuser_benefit = """\n[company_goal.G2]\n"""\n{line}\n')
    assert words in found.sentence
    assert (found.file, found.line, found.column) == ("file.toml", 7, 1)
    assert str(found).startswith("file.toml:7:1: ")


@pytest.mark.parametrize(("section", "line", "words"), [
    ("crm_goal.C1", 'company_goals = "G1"', "expected a list of codes"),
    ("crm_goal.C1", 'company_goals = ["G1", "G1"]', "twice"),
    ("crm_goal.C1", 'company_goals = ["G8"]', "there is no G8"),
    ("crm_goal.C1", 'direction = "sideways"', "not one of up, down"),
    ("crm_goal.C1", "baseline = inf", "expected a number, found Infinity"),
    ("crm_goal.C1", "baseline_on = 2026-03-31T00:00:00Z", "expected a day such as 2026-03-31"),
    ("crm_goal.C1", "too_broad = 1", "expected true or false, found 1"),
    ("incident.IN1", "reported_at = 2026-03-31T14:05:00", "2026-03-31T14:05:00 without a zone"),
    ("incident.IN1", "reported_at = 0001-01-01T00:00:00+05:00", "expected a time"),
    ("project.PRJ1", "hour_cost = 1.005", "two decimal places"),
    ("project.PRJ1", "hour_cost = -1", "too small"),
    ("project.PRJ1", "hour_cost = 123456789012345678901234567890.5", "too large"),
    ("incident.IN1", "reported_at = 14:05:00", "found 14:05:00"),
])
def test_a_wrong_value_of_other_types(section: str, line: str, words: str) -> None:
    found = problem(f"{HEAD}[{section}]\n{line}\n")
    assert words in found.sentence and found.line == 3


@pytest.mark.parametrize(("text", "line", "words"), [
    ("[goal.G1]", 2, "Unknown section goal. Did you mean crm_goal?"),
    ("zzz = 1", 2, "Unknown key zzz. Take it out"),
    ('company_goal = "x"', 2, "company_goal is not a section"),
    ("[company_goal]\nG1 = 5", 3, "Expected a record here, found 5"),
    ("[company_goal.R3]", 2, "R3 belongs into [requirement.R3]"),
    ("[company_goal.G03]", 2, "G03 is not a code of this section"),
    ("[company_goal.Gx]", 2, "Expected G and a number, such as G1"),
    ("[company_goal.first]", 2, "first is not a code"),
    ("[company_goal.G9999999999]", 2, "the number is too large"),
    ("[project.PRJ2]", 2, "only one project, PRJ1"),
    ("[company_goal.G1]\ntitel = 'a'", 3, "Unknown key titel. Did you mean title?"),
    ("[company_goal.G1]\n[vendor.V1]\n[company_goal.G1]", 4, "G1 stands in the file twice"),
    ("[company_goal.G1]\n[company_goal.'G1']", 3, "G1 stands in the file twice"),
    ("[company_goal.G1]\ntitle = 'a'\nnote = '''\n'''\ntitle = 'b'", 6, "title stands twice in [company_goal.G1]"),
    ("[company_goal.G1]\ntitle = 'a", 3, "no valid TOML"),
    ("[company_goal.G1]\ntitle = say", 3, "Invalid value"),
    ("[company_goal.G1\n", 2, "Expected ']'"),
    ("title", 2, "Expected '='"),
    ('title = "\\ud800"', 2, "not a Unicode scalar value"),
])
def test_a_wrong_file_is_named_with_its_line(text: str, line: int, words: str) -> None:
    found = problem(HEAD + text)
    assert words in found.sentence and found.line == line


@pytest.mark.parametrize(("text", "words"), [
    ("", "schema_version = 1 is missing"),
    ("schema_version = 2", "newer version of the program"),
    ("schema_version = true", "expected 1, found true"),
    ('schema_version = "1"', "expected 1"),
    ("summary_version = 1", "This is a summary"),
    ("a = " + "[" * 3000, "nested"),
    ("a = " + "1" * 5000, "thousands of digits"),
    ('a = "\udc80"', "A character is damaged"),
])
def test_a_file_of_another_sort(text: str, words: str) -> None:
    assert words in problem(text).sentence


def test_a_workbook_is_no_export_and_the_way_to_one_is_told(tmp_path: Path) -> None:
    from crm_workbook.store import Workbook

    Workbook.new(str(tmp_path / "a.crm"), who="Anna").close()
    with pytest.raises(ImportErrors, match=r"^a.crm: This is a workbook, not an export\..* export WORKBOOK --full -o FILE"):
        decoded((tmp_path / "a.crm").read_bytes(), "a.crm")


def test_bytes_that_are_no_utf8_are_named_with_their_place() -> None:
    with pytest.raises(ImportErrors) as caught:
        decoded(b"schema_version = 1\r\n# caf\xe9\n", "mail.toml")
    assert str(caught.value).startswith("mail.toml:2:6: Byte 0xe9 is no UTF-8")
    assert decoded(b"\xef\xbb\xbfx", "") == "x"


def test_everything_wrong_is_said_at_once_and_from_top_to_bottom() -> None:
    found = problems(f"{HEAD}[company_goal.G1]\nweight = 9\ntitel = 'x'\nowner = 'M4'\n[foo.X1]\n")
    assert [entry.line for entry in found] == [3, 4, 5, 6]


def test_lenient_leaves_out_what_is_not_known_and_lists_it() -> None:
    ignored: list[Problem] = []
    book = read_full(f"{HEAD}[company_goal.G1]\ntitle = 'a'\nfuture = 1\n[future.X1]\na = 1\n", lenient=True, ignored=ignored)
    assert book == Book.of([CompanyGoal(number=1, title="a")])
    assert [entry.line for entry in ignored] == [4, 5]
    with pytest.raises(ImportErrors):
        read_full(f"{HEAD}[company_goal.G1]\nfuture = 1\nweight = 9\n", lenient=True)


def test_links_may_lead_into_the_workbook() -> None:
    text = f"{HEAD}[cost_line.CL1]\nvendor = 'V1'\n"
    assert "there is no V1" in problem(text).sentence
    assert read_full(text, beside=Book.of([Vendor(number=1)])) == Book.of([CostLine(number=1, vendor="V1")])


def test_what_is_printed_of_a_file_is_safe_and_short() -> None:
    text = HEAD + '"\\u001b[31m' + "x" * 500 + '" = 1\n'
    found = problem(text)
    assert "\x1b" not in found.sentence and len(found.sentence) < 200


def test_ten_thousand_mistakes_are_found_quickly() -> None:
    text = HEAD + "".join(f"[company_goal.G{number}]\nweight = 9\n" for number in range(1, 3001))
    found = problems(text)
    assert len(found) == 3000 and found[-1].line == 6001
    assert all(before.line < after.line for before, after in pairwise(found))


# ---- places ----

@calm
@given(books())
def test_every_key_of_an_export_is_found_where_it_stands(book: Book) -> None:
    text = write_full(book)
    lines, positions = text.split("\n"), Positions(text)
    for kind in KINDS:
        for row in book.rows(kind):
            line, column = positions.of(kind.declared.table, row.code)
            assert (lines[line - 1], column) == (f"[{kind.declared.table}.{row.code}]", 1)
            for name in row.values():
                line, column = positions.of(kind.declared.table, row.code, name)
                assert lines[line - 1].startswith(f"{name} = ") and column == 1


@settings(deadline=None, max_examples=150)
@given(st.text(alphabet='ab.[]{}"\'\\#=,\n 1', max_size=60))
def test_no_text_stops_the_scanner_or_the_reader(text: str) -> None:
    Positions(text).of("a", "b")
    for start in ("", HEAD, f"{HEAD}[company_goal.G1]\n"):
        try:
            read_full(start + text)
        except ImportErrors as error:
            assert error.problems
