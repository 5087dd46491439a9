"""Records: rows, their declarations, the Book that holds them."""
from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from crm_workbook.records import BY_PREFIX, BY_TABLE, KINDS, FieldType, split_code
from crm_workbook.records.book import Book
from crm_workbook.records.declare import Record, line
from crm_workbook.records.edits import Entry
from crm_workbook.records.goals import CompanyGoal, CrmGoal
from crm_workbook.records.text import visible
from crm_workbook.records.vendors import Answer, Vendor


def entry(number: int, op: str, code: str, **facts: str | None) -> Entry:
    return Entry(number, datetime(2026, 3, 1, tzinfo=UTC), "Anna", "s", "b", op, code, **facts)  # type: ignore[arg-type]  # op


def test_prefixes_and_tables_are_each_used_once_and_links_lead_somewhere() -> None:
    assert len(BY_PREFIX) == len(BY_TABLE) == len(KINDS)
    for kind in KINDS:
        assert all(field.of in BY_TABLE for field in kind.declared.link_fields()), kind
        assert set(kind.declared.columns) | set(kind.declared.label) <= set(kind.declared.fields)


def test_a_row_is_typed_immutable_and_complete() -> None:
    row = CrmGoal(number=3, title="x", company_goals=("G1",))
    assert (row.code, row.title, row.baseline, row.too_broad, row.company_goals) == ("C3", "x", None, False, ("G1",))
    assert row.with_value("title", "y").title == "y" and row.title == "x"
    assert row.values() == {"title": "x", "company_goals": ("G1",)}
    with pytest.raises(AttributeError):
        row.title = "z"
    with pytest.raises(TypeError, match="no field colour"):
        CrmGoal(colour="red")


def test_a_field_cannot_take_the_name_of_something_every_record_has() -> None:
    with pytest.raises(TypeError, match="attribute of this name"):
        class Broken(Record, prefix="ZZ", table="broken", chapter="goals", title="", one=""):
            code: str = line("Code")


@pytest.mark.parametrize("text", ["", "G", "g1", "G0", "G01", "XX1", "G1 ", "1", "G99999999999"])
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a code"):
        split_code(text)


def test_the_book_finds_what_points_at_a_record() -> None:
    book = Book.of([CompanyGoal(number=1, title="a"), CrmGoal(number=1, company_goals=("G1", "G2")),
                    CrmGoal(number=2, company_goals=("G2",)), Vendor(number=1), Answer(number=1, vendor="V1")])
    assert [(row.code, name) for row, name in book.referrers("G1")] == [("C1", "company_goals")]
    assert [row.code for row in book.where(CrmGoal, "company_goals", "G2")] == ["C1", "C2"]
    assert [(row.code, name) for row, name in book.referrers("V1")] == [("VA1", "vendor")]
    assert book.get("G9") is None and book.get("nonsense") is None and book.find(Vendor, "G1") is None


def test_a_change_makes_a_new_book_that_shares_what_it_did_not_touch() -> None:
    before = Book.of([CompanyGoal(number=1, title="a"), Vendor(number=1, name="v")], number=5)
    rows = before.rows(Vendor)
    after = before.advanced([entry(6, "change", "G1", field="title", old='"a"', new='"b"')])
    assert before.rows(CompanyGoal)[0].title == "a" and after.rows(CompanyGoal)[0].title == "b"
    assert after.table(Vendor) is before.table(Vendor) and after.rows(Vendor) is rows and after.number == 6
    assert after.advanced([entry(6, "change", "G1", field="title", old='"a"', new='"c"')]) is after  # known already


def test_entries_create_link_and_delete() -> None:
    book = Book().advanced([
        entry(1, "create", "C2", new=json.dumps({"title": "x", "company_goals": ["G2"], "target_on": "2026-12-18"})),
        entry(2, "link", "C2", field="company_goals", new='"G10"'), entry(3, "link", "C2", field="company_goals", new='"G1"'),
        entry(4, "create", "C1", new="{}")])
    assert [row.code for row in book.rows(CrmGoal)] == ["C1", "C2"]
    assert book.rows(CrmGoal)[1].company_goals == ("G1", "G2", "G10")
    assert book.rows(CrmGoal)[1].target_on == date(2026, 12, 18)
    book = book.advanced([entry(5, "unlink", "C2", field="company_goals", old='"G2"'), entry(6, "delete", "C1", old="{}")])
    assert [row.company_goals for row in book.rows(CrmGoal)] == [("G1", "G10")]


@pytest.mark.parametrize(("text", "shown"), [
    ("a\r\nb", "a\nb"), ("\x1b[2J", "␛[2J"), ("\x00", "␀"), ("\x7f", "␡"), ("\x9b", "\\x9b"), ("\u202e", "\\u202e"),
    ("\ud800", "\\ud800"), ("\ufffe\uffff", "\\ufffe\\uffff"), ("\ufdd0\ufdef", "\\ufdd0\\ufdef"),
    ("\U0001fffe\U0010ffff", "\\U0001fffe\\U0010ffff"), ("\ufdcf\ufdf0\ufffd", "\ufdcf\ufdf0\ufffd"),
    ("Łódź e\u0301 Привет \U0001f600\tx", "Łódź e\u0301 Привет \U0001f600\tx")])
def test_what_could_fool_a_terminal_is_made_visible_once(text: str, shown: str) -> None:
    assert visible(text) == shown and visible(shown) == shown


def test_every_type_of_field_is_used_and_has_an_empty_value() -> None:
    used = {field.type for kind in KINDS for field in kind.declared.fields.values()}
    assert used == set(FieldType)
    assert all(kind().values() == {} for kind in KINDS)
