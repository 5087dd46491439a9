"""A filled sheet that comes back: what is taken over, what is only listed, and files that are refused, each with its cell."""
from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from crm_workbook.analysis import scoring
from crm_workbook.catalogue import Catalogue
from crm_workbook.exchange import vendor_cells, vendor_file
from crm_workbook.exchange.files import FileRefused
from crm_workbook.exchange.vendor_reply import (
    ForeignFile,
    Item,
    Preview,
    as_json,
    as_text,
    edits_of,
    preview,
    read_reply,
)
from crm_workbook.exchange.vendor_sheet import sheet_of, write_toml
from crm_workbook.records.edits import Change, Create
from crm_workbook.records.goals import Project
from crm_workbook.records.vendors import Answer
from tests.exchange.vendor_files import (
    BLANK,
    OWN,
    TODAY,
    Sheet,
    answer,
    catalogue,
    item_of,
    looked_at,
    own_catalogue,
    repacked,
    view_of,
)


def filled(tmp_path: Path, name: str = "reply.xlsx") -> Path:
    """A reply with one answer."""
    sheet = Sheet()
    sheet.put("dbms-load", 120)
    return sheet.save(tmp_path / name)


def refusal(path: Path, *said: str, foreign: bool = False) -> None:
    """The file is refused as a whole, with these words."""
    with pytest.raises(ForeignFile if foreign else FileRefused) as caught:
        read_reply(path, view_of())
    for words in (path.name, *said):
        assert words in str(caught.value)


def values_of(item: Item) -> Mapping[str, Any]:
    """What the new record will hold."""
    [made] = item.edits
    assert isinstance(made, Create)
    return made.values


def one(tmp_path: Path, question: str, value: Any, *noted: Answer, column: str = "answer", shown_as: str = "",
        text: bool = False, note: str = "", state: str = "") -> Any:
    """The item of a question into which this was written, and its cell."""
    cells: list[str] = []

    def fill(sheet: Sheet) -> None:
        cells.append(sheet.put(question, value, column, shown_as=shown_as, text=text))
        if note:
            sheet.put(question, note, "note")
        if state:
            sheet.put(question, state, "state")
    return item_of(looked_at(tmp_path, fill, view_of(*noted), only=question), question), cells[0]


# ---- what is new ----

@pytest.mark.parametrize(("question", "value", "kept"), [
    ("dbms-which", "Free database (open source)", "open"), ("dbms-which", " free database  (Open Source) ", "open"),
    ("dbms-which", "No clear answer", "unknown"), ("func-fields", "In part", "partly"), ("func-fields", True, "yes"),
    ("func-fields", False, "no"), ("dbms-load", 120, "120"), ("dbms-load", 120.0, "120"), ("dbms-load", "120", "120"),
    ("dbms-load", "1 200", "1200"), ("dbms-load", "1 200,5", "1200.5"), ("dbms-load", "1.234.567", "1234567"),
    ("dbms-load", "1,234.5", "1234.5"), ("dbms-load", "0.125", "0.125"), ("dbms-load", 0, "0"),
    ("dbms-load", "12 people", "12"), ("dbms-load", "\u0663", "3"),
    ("mail-storage", "No limit", "no-limit"), ("mail-storage", " unlimited. ", "no-limit"), ("dbms-load", 99.125, "99.1250"),
    ("mail-storage", "5 GB", "5"), ("mail-storage", "5 gb per person", "5"), ("price-increase", "5 %", "5"),
    ("price-increase", 0.1 + 0.2, "0.3"), ("exit-price", 1200.5, "1200.5"), ("exit-price", "1200 EUR", "1200"),
    ("exit-price", "€ 1 200,50", "1200.5"), ("host-where", "Kaunas\nDuomena", "Kaunas Duomena"), ("host-where", 2026, "2026"),
    ("dbms-restore-test", datetime(2026, 4, 3), "2026-04-03"), ("host-where", "a\x85b", "a\\x85b")])
def test_an_answer_is_read_as_what_it_is(tmp_path: Path, question: str, value: Any, kept: str) -> None:
    item, cell = one(tmp_path, question, value)
    assert (item.kind, item.cell, item.noted) == ("new", cell, "") and item.replied
    assert item.edits == (Create(Answer, {
        "vendor": "V1", "question": question, "state": "answered", "value": kept, "evidence": "2", "evidence_on": TODAY,
        "asked_on": TODAY, "reference": f"reply.xlsx, {cell}"}),)


@pytest.mark.parametrize(("shown_as", "value", "kept"), [
    ("0%", 0.05, "5"), ("0.00%", 0.0275, "2.75"), ("General", 5, "5"), ('0.0" %"', 5, "5"), ("0\\ \\%", 5, "5")])
def test_a_share_shown_in_per_cent_is_read_as_shown(tmp_path: Path, shown_as: str, value: float, kept: str) -> None:
    item, _cell = one(tmp_path, "price-increase", value, shown_as=shown_as)
    assert item.edits[0].values["value"] == kept


def test_no_limit_comes_back(tmp_path: Path) -> None:
    noted = answer(7, "mail-storage", "no-limit", evidence="1", asked_on=TODAY)
    same, _cell = one(tmp_path, "mail-storage", "Unlimited", noted)
    assert (same.kind, same.noted, same.replied) == ("same", "no limit", "no limit")
    assert one(tmp_path, "mail-storage", 5, noted)[0].kind == "differs"
    assert one(tmp_path, "mail-storage", "no limit", noted.with_value("value", "5"))[0].kind == "differs"
    assert one(tmp_path, "dbms-load", "no limit")[0].kind == "refused", "there, it is no answer"
    sheet = sheet_of(view_of(noted), "V1", noted=True)
    [entry] = [entry for entry in sheet.entries if entry.question.id == "mail-storage"]
    assert entry.answer == "no limit" and entry.unit == "a number, GB per person; or: no limit"


def test_the_words_and_the_place_come_along(tmp_path: Path) -> None:
    def fill(sheet: Sheet) -> None:
        sheet.put("dbms-load", 120)
        sheet.put("dbms-load", "Measured in\nMarch", "note")
        sheet.put("dbms-load", "Offer, page 4", "where")
    [made] = edits_of(looked_at(tmp_path, fill))
    assert isinstance(made, Create) and made.values["note"] == "Measured in\nMarch"
    assert str(made.values["reference"]).startswith("Offer, page 4 (reply.xlsx, E")


@pytest.mark.parametrize(("label", "state", "kind"), [
    ("We do not know", "dont_know", "new"), ("Will be answered later", "later", "new"),
    ("Does not apply", "not_applicable", "differs")])
def test_what_stands_instead_of_an_answer(tmp_path: Path, label: str, state: str, kind: str) -> None:
    """That a question does not apply takes it out of the score: the group looks first."""
    item, _cell = one(tmp_path, "exit-price", label, column="state")
    assert item.kind == kind and item.edits[0].values["state"] == state
    assert ("evidence" in item.edits[0].values) == (state != "later")


def test_own_questions_come_back_like_the_others(tmp_path: Path) -> None:
    view = view_of(known=own_catalogue(tmp_path))
    item = item_of(looked_at(tmp_path, lambda sheet: sheet.put("acme.range", -5), before=view), "acme.range")
    assert item.kind == "new" and values_of(item)["value"] == "-5", "its worst value is below zero"


def test_toml_comes_back_like_a_spreadsheet(tmp_path: Path) -> None:
    text = write_toml(view_of(), "V1")
    lines = text.splitlines()
    at = lines.index("[answers.dbms-load]") + 3
    lines[at - 1:at + 3] = ["answer = 120", 'state = ""', "where = 'Offer'", "note = 'by mail'"]
    path = tmp_path / "reply.toml"
    path.write_text("\n".join(lines), "utf-8-sig")
    found = preview(read_reply(path, view_of()), view_of())
    item = item_of(found, "dbms-load")
    assert (item.kind, item.cell, item.replied) == ("new", f"line {at}", "120 people working at once")
    [made] = edits_of(found)
    assert isinstance(made, Create) and made.values["reference"] == f"Offer (reply.toml, line {at})"
    assert {other.kind for other in found.items} == {"new", "left_out"}


# ---- beside what is noted ----

def test_an_answer_as_noted_is_now_in_writing(tmp_path: Path) -> None:
    noted = answer(7, "dbms-load", "120 people", evidence="1", reference="Talk", note="ours", asked_on=date(2026, 3, 1))
    item, cell = one(tmp_path, "dbms-load", 120, noted, note="theirs")
    assert item.kind == "same" and item.noted == "120 people"
    assert item.edits == (Change("VA7", "note", "ours", "ours\ntheirs"), Change("VA7", "evidence", "1", "2"),
                          Change("VA7", "evidence_on", None, TODAY),
                          Change("VA7", "reference", "Talk", f"Talk; reply.xlsx, {cell}"))


@pytest.mark.parametrize("level", ["2", "3", "4"])
def test_what_we_know_better_is_never_lowered(tmp_path: Path, level: str) -> None:
    noted = answer(7, "host-where", "kaunas", evidence=level, mark="good", reference="Contract", asked_on=TODAY)
    item, _cell = one(tmp_path, "host-where", "Kaunas", noted)
    assert item.kind == "same" and item.edits == ()
    other, _cell = one(tmp_path, "host-where", "Vilnius", noted)
    assert other.kind == "differs" and (("better" in other.sentence) == (level > "2"))
    assert edits_of(Preview("V1", (other,), ())) == []
    taken = {edit.field: edit.new for edit in edits_of(Preview("V1", (other,), ()), {"host-where"}) if isinstance(edit, Change)}
    assert taken["value"] == "Vilnius" and taken["mark"] == "" and taken.get("evidence", level) == "2"


@pytest.mark.parametrize(("state", "value", "kind"), [
    ("later", "", "new"), ("", "", "new"), ("dont_know", "", "differs"), ("answered", "open", "differs"),
    ("unsure", "own", "same"), ("", "own", "same"), ("not_applicable", "", None)])
def test_each_state_of_the_notes(tmp_path: Path, state: str, value: str, kind: str | None) -> None:
    noted = answer(3, "dbms-which", value, state=state, evidence="3")
    now = view_of(noted)
    item = item_of(looked_at(tmp_path, lambda sheet: sheet.put("dbms-which", "Vendor's own, or without a name"), now,
                             only="dbms-which"), "dbms-which")
    assert item.kind == (kind or "differs")
    assert (Change("VA3", "evidence", "3", "2") in item.edits) == (item.kind == "differs"), "lowered only when asked for"


@pytest.mark.parametrize(("value", "column"), [("Does not apply", "state"), ("Vilnius", "answer")])
@pytest.mark.parametrize("reworded", [False, True])
def test_whoever_lowers_the_evidence_is_told(tmp_path: Path, value: str, column: str, reworded: bool) -> None:
    noted = answer(7, "host-where", "kaunas", evidence="4", asked_on=date(2026, 3, 1))

    def fill(sheet: Sheet) -> None:
        sheet.put("host-where", value, column)
        if reworded:
            sheet.put("host-where", "Where, if anywhere?", "question")
    item = item_of(looked_at(tmp_path, fill, view_of(noted), only="host-where"), "host-where")
    assert item.kind == ("changed" if reworded else "differs") and Change("VA7", "evidence", "4", "2") in item.edits
    assert item.sentence.count("better") == 1 and "counts only as" in item.sentence
    assert not any(isinstance(edit, Change) and edit.field == "asked_on" for edit in item.edits), "it was asked in March"


def test_words_are_offered_as_a_note_only_once(tmp_path: Path) -> None:
    def fill(sheet: Sheet) -> None:
        sheet.put("exit-price", "only with a contract", "note")
    noted = answer(7, "exit-price", state="later", note="ours", reference="Talk")
    first = item_of(looked_at(tmp_path, fill, view_of(noted)), "exit-price")
    changed = {edit.field: edit.new for edit in first.edits if isinstance(edit, Change)}
    assert changed["note"] == "ours\nonly with a contract" and str(changed["reference"]).startswith("Talk; reply.xlsx")
    again = item_of(looked_at(tmp_path, fill, view_of(Answer(**{"number": 7, **noted.values(), **changed}))), "exit-price")
    assert again.kind == "left_out" and not again.edits and "noted already" in again.sentence


def test_taking_over_again_changes_nothing(tmp_path: Path) -> None:
    def fill(sheet: Sheet) -> None:
        sheet.put("dbms-load", 120)
        sheet.put("dbms-load", "in March", "note")
        sheet.put("host-where", "Kaunas")
        sheet.put("exit-price", "Will be answered later", "state")
    first = edits_of(looked_at(tmp_path, fill))
    rows = [Answer(number=number, **edit.values) for number, edit in enumerate(first, 1) if isinstance(edit, Create)]
    again = looked_at(tmp_path, fill, view_of(*rows))
    assert len(rows) == 3 and edits_of(again) == [] and {item.kind for item in again.items} == {"same", "left_out"}
    assert {answered.question for answered in scoring.answers(view_of(*rows), "V1").values()} == {
        "dbms-load", "host-where", "exit-price"}


def test_named_questions_are_taken_and_no_others(tmp_path: Path) -> None:
    def fill(sheet: Sheet) -> None:
        sheet.put("dbms-load", 120)
        sheet.put("host-where", "Vilnius")
        sheet.put("ven-years", "since 1999")
    found = looked_at(tmp_path, fill, view_of(answer(1, "host-where", "Kaunas")))
    assert found.usual == {"dbms-load"}
    assert {type(edit) for edit in edits_of(found, {"host-where", "nonsense"})} == {Change}
    [note] = edits_of(found, ["ven-years"])
    assert isinstance(note, Create) and "value" not in note.values and note.values["note"] == "since 1999"
    assert "state" not in note.values, "words are no answer"


# ---- what was left out ----

def test_what_was_left_out_is_listed(tmp_path: Path) -> None:
    def fill(sheet: Sheet) -> None:
        sheet.put("exit-price", "only with a contract", "note")
        sheet.put("host-where", "   ")
        sheet.page.delete_rows(sheet.rows["dbms-load"])
    found = looked_at(tmp_path, fill, view_of(answer(1, "dbms-load", "5")))
    assert {item.kind for item in found.items} == {"left_out"} and not edits_of(found)
    gone, words = item_of(found, "dbms-load"), item_of(found, "exit-price")
    assert "deleted" in gone.sentence and not gone.cell and gone.noted == "5 people working at once"
    assert "only words" in words.sentence and words.replied == "only with a contract"
    assert values_of(words)["note"] == "only with a contract"


# ---- cells that cannot be an answer ----

@pytest.mark.parametrize(("question", "value", "said"), [
    ("dbms-load", "approx. 5-10k", "not one number"), ("dbms-load", "many", "not one number"),
    ("dbms-load", "5-10", "not one number"), ("dbms-load", "5 or 6", "not one number"), ("dbms-load", "1.200", "two ways"),
    ("dbms-load", "1,234,5", "not one number"), ("dbms-load", "1.234,567.8", "not one number"),
    ("dbms-load", "1e400", "not one number"), ("dbms-load", "nan", "not one number"),
    ("mail-storage", "500 MB", "not one number"), ("dbms-load", 1e15, "no number that can be meant"),
    ("dbms-load", -5, "below zero"), ("exit-price", -100, "below zero"), ("exit-price", "-100 EUR", "below zero"),
    ("exit-price", "1200 EUR / 1300 USD", "two currencies stand here (EUR, USD)"),
    ("exit-price", "$ 100 or 90 £", "two currencies"), ("exit-price", "1200 USD", "an amount in USD"),
    ("exit-price", "1200 usd", "an amount in USD"), ("exit-price", "zł 1200", "an amount in PLN"),
    ("exit-price", "1200 a year", "not one number"), ("exit-price", "from 1200", "not one number"),
    ("dbms-load", datetime(2026, 10, 5), "the day 2026-10-05"), ("dbms-load", date(2026, 10, 5), "the day 2026-10-05"),
    ("dbms-load", time(12, 30), "expected a number"), ("dbms-load", True, "expected a number, found TRUE"),
    ("dbms-load", "=1+1", "a formula"), ("dbms-load", "=[1]Other!A1", "a formula"), ("host-where", "=A1", "a formula"),
    ("dbms-which", "=1+1", "a formula"), ("dbms-load", "#N/A", "a calculation that failed"),
    ("dbms-which", "PostgreSQL", "none of the choices"), ("dbms-which", 3, "none of the choices"),
    ("dbms-which", True, "none of the choices"), ("func-fields", "maybe", "none of the choices"),
    ("func-fields", datetime(2026, 1, 1), "none of the choices"), ("host-where", True, "expected words, found TRUE"),
    ("host-where", "x" * 20_001, "20000 fit")])
def test_a_cell_that_is_no_answer_is_named_and_not_taken(tmp_path: Path, question: str, value: Any, said: str) -> None:
    item, cell = one(tmp_path, question, value)
    assert item.kind == "refused" and item.sentence.startswith(f"{cell}: ") and said in item.sentence
    assert all("value" not in edit.values and "state" not in edit.values for edit in item.edits)
    if item.edits:
        assert item.edits[0].values["note"] == value


@pytest.mark.parametrize(("column", "value", "said"), [
    ("state", "perhaps", "is none of"), ("note", "=1+1", "a formula"), ("where", "=HYPERLINK(\"http://x\")", "a formula"),
    ("state", "=1", "a formula"), ("note", "x" * 20_001, "20000 fit"), ("note", True, "expected words"),
    ("where", "x" * 1001, "1000 fit"), ("note", "\x85" * 6000, "20000 fit")])
def test_a_wrong_cell_beside_the_answer_keeps_the_answer_out(tmp_path: Path, column: str, value: Any, said: str) -> None:
    def fill(sheet: Sheet) -> None:
        sheet.put("dbms-load", 120)
        places.append(sheet.put("dbms-load", value, column))
    places: list[str] = []
    item = item_of(looked_at(tmp_path, fill), "dbms-load")
    assert item.kind == "refused" and item.sentence.startswith(places[0]) and said in item.sentence and not item.edits


def test_an_answer_and_a_word_instead_of_it_are_one_too_many(tmp_path: Path) -> None:
    item, cell = one(tmp_path, "dbms-load", 120, state="Does not apply")
    assert item.kind == "refused" and item.sentence.startswith(cell) and "G" + cell[1:] in item.sentence


@pytest.mark.parametrize(("shown_as", "currency", "said"), [
    ('"$"#,##0.00', "EUR", "an amount in USD"), ("[$USD] #,##0", "EUR", "an amount in USD"),
    ("[$$-409]#,##0.00", "EUR", "an amount in USD"), ("#,##0.00\\ [$€-407]", "EUR", ""), ("[$-409]0.00", "EUR", ""),
    ("#,##0 [$zł-415]", "EUR", "an amount in PLN"), ('"$"#,##0', "CAD", ""), ('"$"#,##0', "", "Write the currency"),
    ("0%", "EUR", "per cent"), ("General", "", "")])
def test_a_currency_may_hide_in_the_form_of_a_cell(tmp_path: Path, shown_as: str, currency: str, said: str) -> None:
    view = view_of(project=Project(number=1, company="Acme", currency=currency))
    item = item_of(looked_at(tmp_path, lambda sheet: sheet.put("exit-price", 5, shown_as=shown_as), view, only="exit-price"),
                   "exit-price")
    assert (item.kind == "refused") == bool(said) and said in item.sentence


def test_a_text_that_looks_like_a_formula_is_a_text(tmp_path: Path) -> None:
    item, _cell = one(tmp_path, "host-where", "=cmd|' /C calc'!A0", text=True)
    assert item.kind == "new" and item.edits[0].values["value"] == "=cmd|' /C calc'!A0"
    assert Sheet(view_of(answer(1, "host-where", item.edits[0].values["value"])), noted=True).page["E1"].data_type != "f"


def test_words_that_do_not_fit_beside_ours_are_refused(tmp_path: Path) -> None:
    noted = answer(1, "dbms-load", "120", note="ours " * 3000, reference="x" * 19_990)
    item, cell = one(tmp_path, "dbms-load", 120, noted, note="theirs " * 1000)
    assert item.kind == "refused" and item.sentence.startswith(f"{cell}: ") and item.edits == ()
    other, _cell = one(tmp_path, "dbms-load", "many", noted, note="theirs " * 1000)
    assert other.kind == "refused" and other.edits == ()
    same, _cell = one(tmp_path, "dbms-load", 120, noted)
    assert same.kind == "same" and "reference" not in {edit.field for edit in same.edits}


def test_joined_cells_are_named(tmp_path: Path) -> None:
    def fill(sheet: Sheet) -> None:
        row = sheet.rows["dbms-licence-cost"]
        sheet.put("dbms-licence-cost", "Never, and the contract says so")
        sheet.put("dbms-real-load-demo", "Yes")
        sheet.page.merge_cells(f"E{row}:E{row + 1}")
        sheet.page.merge_cells("B1:E1")
    found = looked_at(tmp_path, fill)
    refused = [item.question for item in found.of("refused")]
    assert refused == ["dbms-licence-cost", "dbms-load"]
    assert [item.question for item in found.of("new")] == ["dbms-real-load-demo"]
    assert all("are joined to one" in item.sentence for item in found.of("refused"))


def test_hidden_lines_are_read_and_said(tmp_path: Path) -> None:
    def fill(sheet: Sheet) -> None:
        places.append(sheet.put("dbms-load", 120))
        sheet.page.row_dimensions[sheet.rows["dbms-load"]].hidden = True
    places: list[str] = []
    found = looked_at(tmp_path, fill)
    assert item_of(found, "dbms-load").kind == "new" and found.problems == (
        f"One line is hidden in the file ({places[0]}); it was read like the others.",)


def test_a_question_that_stands_there_twice_is_refused(tmp_path: Path) -> None:
    def fill(sheet: Sheet) -> None:
        sheet.put("dbms-load", 120)
        sheet.page.cell(200, 1).value = "dbms-load"
        sheet.page.cell(200, 5).value = 130
    item = item_of(looked_at(tmp_path, fill), "dbms-load")
    assert item.kind == "refused" and "E200" in item.sentence and not item.edits


# ---- the file was changed ----

def test_moved_and_renamed_columns_are_found(tmp_path: Path) -> None:
    def fill(sheet: Sheet) -> None:
        sheet.put("dbms-load", 120)
        sheet.put("dbms-load", "in March", "note")
        sheet.page.insert_cols(3)
        sheet.page.insert_rows(2, 2)
        sheet.page["F6"].value = "Antwort"
    item = item_of(looked_at(tmp_path, fill), "dbms-load")
    assert item.kind == "new" and item.cell.startswith("F") and values_of(item)["note"] == "in March"


@pytest.mark.parametrize(("column", "said"), [("A", "the sheet with the questions is not there"), ("E", "the column answer")])
def test_a_lost_column_is_said(tmp_path: Path, column: str, said: str) -> None:
    sheet = Sheet()
    sheet.page[f"{column}3"].value = None
    refusal(sheet.save(tmp_path / "reply.xlsx"), said)


def test_a_lost_column_that_one_can_do_without_counts_as_empty(tmp_path: Path) -> None:
    def fill(sheet: Sheet) -> None:
        sheet.put("dbms-load", 120)
        sheet.page["H3"].value = sheet.page["C3"].value = None
    found = looked_at(tmp_path, fill)
    assert item_of(found, "dbms-load").kind == "new"
    assert found.problems == ("The column Question is gone; it counts as empty.",
                              "The column Where it is written is gone; it counts as empty.")


def test_more_sheets_and_other_files_are_left_alone_and_said(tmp_path: Path) -> None:
    def fill(sheet: Sheet) -> None:
        sheet.put("dbms-load", 120)
        sheet.book.create_sheet("Our prices")["A1"] = "=1+1"
        sheet.book.create_sheet("Empty")
    found = looked_at(tmp_path, fill)
    assert found.problems == ("One more sheet is in the file and was not read: Our prices.",)
    path = repacked(tmp_path / "reply.xlsx", {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"})
    assert "The file refers to other files. They were not looked at." in read_reply(path, view_of()).problems


def test_the_sheet_with_the_questions_twice_is_refused(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.book.copy_worksheet(sheet.page)
    refusal(sheet.save(tmp_path / "reply.xlsx"), "more than once", "Questions Copy")


@pytest.mark.parametrize("change", ["Is it cheap?", "=A1", None])
def test_changed_words_of_a_question_are_shown_and_not_taken(tmp_path: Path, change: str | None) -> None:
    def fill(sheet: Sheet) -> None:
        sheet.put("dbms-load", 120)
        places.append(sheet.put("dbms-load", change, "question"))
    places: list[str] = []
    found = looked_at(tmp_path, fill)
    item = item_of(found, "dbms-load")
    assert item.kind == "changed" and item.sentence.startswith(places[0]) and edits_of(found) == []
    [made] = edits_of(found, {"dbms-load"})
    assert isinstance(made, Create) and made.values["value"] == "120"


def test_an_answer_as_noted_to_a_changed_question_lowers_nothing(tmp_path: Path) -> None:
    def fill(sheet: Sheet) -> None:
        sheet.put("dbms-load", 120)
        sheet.put("dbms-load", "Another?", "question")
    noted = answer(1, "dbms-load", "120", evidence="4", asked_on=TODAY)
    item = item_of(looked_at(tmp_path, fill, view_of(noted)), "dbms-load")
    assert item.kind == "changed" and item.edits == ()


def test_a_lost_id_leaves_the_line_out(tmp_path: Path) -> None:
    def fill(sheet: Sheet) -> None:
        sheet.put("dbms-load", 120)
        sheet.page[sheet.place("dbms-load", "id")].value = None
        sheet.page[sheet.place("host-where", "id")].value = "=A5"
        sheet.page[sheet.place("exit-price", "id")].value = 5
    found = looked_at(tmp_path, fill)
    assert item_of(found, "dbms-load").kind == "left_out"
    assert [item.question for item in found.of("refused")] == ["=A5", "5"]


# ---- another catalogue ----

def other(text: str, tmp_path: Path) -> Catalogue:
    return own_catalogue(tmp_path, '[overlay]\nof = "crm.core"\nneeds = ">=1.0,<2"\n' + text)


def test_a_question_that_was_reworded_here_is_listed(tmp_path: Path) -> None:
    now = view_of(known=other('[[change]]\nof = "question/dbms-load"\nset = { text = "How many people?" }\n', tmp_path))
    found = looked_at(tmp_path, lambda sheet: [sheet.put("dbms-load", 120), sheet.put("ven-years", 5)], now)
    item = item_of(found, "dbms-load")
    assert item.kind == "changed" and "another way" in item.sentence and edits_of(found, {"dbms-load"})
    assert item_of(found, "ven-years").kind == "new"


def test_questions_that_are_not_known_here_are_listed(tmp_path: Path) -> None:
    before = view_of(known=own_catalogue(tmp_path, OWN))
    item = item_of(looked_at(tmp_path, lambda sheet: sheet.put("acme.range", 5), BLANK, before), "acme.range")
    assert item.kind == "refused" and "acme.range" in item.sentence and item.cell in item.sentence and not item.edits


def test_a_question_that_was_slipped_in_is_shown(tmp_path: Path) -> None:
    def fill(sheet: Sheet) -> None:
        for row, id_ in ((200, "price-free-limits"), (201, "nonsense"), (202, "ven-goals-first")):
            sheet.page.cell(row, 1).value, sheet.page.cell(row, 5).value = id_, "yes"
    found = looked_at(tmp_path, fill)
    assert "not in the file that was sent out" in item_of(found, "price-free-limits").sentence
    assert {item.question for item in found.of("refused")} == {"nonsense", "ven-goals-first"}


def test_another_version_of_the_catalogue_is_said(tmp_path: Path) -> None:
    path = tmp_path / "reply.toml"
    text = write_toml(view_of(), "V1")
    path.write_text(text.replace(f'version = "{catalogue().version}"', 'version = "0.9.1"'))
    [said] = read_reply(path, view_of()).problems
    assert "0.9.1" in said and catalogue().version in said
    path.write_text(text.replace('catalogue = "crm.core"', 'catalogue = "other"'))
    refusal(path, "another catalogue")


# ---- another workbook ----

def test_a_file_of_another_workbook_or_vendor_is_refused_unless_a_person_knows_better(tmp_path: Path) -> None:
    path = filled(tmp_path)
    for view, said in ((view_of(project=Project(number=1, company="Bolt")), "another company: it was made for Acme"),
                       (view_of(replaced_vendor("Gamma")), "V1 is Gamma")):
        with pytest.raises(ForeignFile) as caught:
            read_reply(path, view)
        assert said in str(caught.value) and caught.value.vendor == "V1"
        assert read_reply(path, view, "V1").vendor == "V1"
    assert preview(read_reply(path, view_of(), "V2"), view_of()).vendor == "V2"
    assert read_reply(path, view_of(project=Project(number=1))).vendor == "V1", "nothing speaks against it"


def test_the_file_of_another_company_is_named_so_although_its_vendor_is_not_here(tmp_path: Path) -> None:
    path = tmp_path / "reply.toml"
    path.write_text(write_toml(view_of(), "V1").replace('vendor = "V1"', 'vendor = "V7"'))
    with pytest.raises(ForeignFile, match="another company: it was made for Acme, and this workbook is that of Bolt"):
        read_reply(path, view_of(project=Project(number=1, company="Bolt")))


def test_what_was_noted_before_is_said(tmp_path: Path) -> None:
    path = filled(tmp_path)
    for noted, kind, said in (
            ({"note": "They have to look."}, "new", "only your note"), ({"state": "later"}, "new", "comes later"),
            ({}, "new", "Not noted before")):
        rows = [Answer(number=1, vendor="V1", question="dbms-load", **noted)] if noted else []
        view = view_of(*rows)
        found = item_of(preview(read_reply(path, view), view), "dbms-load")
        assert (found.kind, said in found.sentence) == (kind, True), found.sentence
    view = view_of(Answer(number=1, vendor="V1", question="sup-response", state="answered", value="4"))
    found = item_of(preview(read_reply(path, view), view), "sup-response")
    assert found.kind == "left_out" and "What you noted stays" in found.sentence


def replaced_vendor(name: str) -> Any:
    from crm_workbook.records.vendors import Vendor

    return Vendor(number=1, name=name)


def test_a_vendor_that_is_gone_is_said(tmp_path: Path) -> None:
    path = tmp_path / "reply.toml"
    path.write_text(write_toml(view_of(), "V1").replace('vendor = "V1"', 'vendor = "V7"'))
    refusal(path, "V7", "Alpha")


def test_a_newer_layout_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "reply.toml"
    text = write_toml(view_of(), "V1")
    path.write_text(text.replace('format = "1"', 'format = "2"'))
    refusal(path, "newer version")
    path.write_text(text.replace('format = "1"', 'format = "x"'))
    refusal(path, "no question sheet")


def test_the_properties_may_be_lost(tmp_path: Path) -> None:
    """Some programs do not keep them; the hidden sheet says the same."""
    def fill(sheet: Sheet) -> None:
        sheet.put("dbms-load", 120)
        sheet.book.custom_doc_props.props = []  # type: ignore[attr-defined]  # the stubs do not know it
    assert item_of(looked_at(tmp_path, fill), "dbms-load").kind == "new"
    sheet = Sheet()
    fill(sheet)
    del sheet.book["Lists"]
    refusal(sheet.save(tmp_path / "reply.xlsx"), "no question sheet")


# ---- files that are something else ----

def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vendor_cells, "_parts", lambda *_: pytest.fail("opened"))
    for name in ("reply.xlsx", "reply.toml"):
        path = tmp_path / name
        with path.open("wb") as file:
            file.write(b"PK\x03\x04")
            file.truncate(40 * 1024 * 1024)
        refusal(path, "40 MB", "not opened")
    text = tmp_path / "long.toml"
    text.write_text(write_toml(view_of(), "V1") + "#" * vendor_file.LARGEST_TEXT)
    refusal(text, "no question sheet")


@pytest.mark.parametrize("bomb", [{"xl/a.bin": b"\0" * (vendor_cells.UNPACKED + 1)},
                                  {f"x/{number}": b"" for number in range(vendor_cells.PARTS)}])
def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, bomb: dict[str, bytes],
                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    path = repacked(filled(tmp_path), dict(bomb))
    assert path.stat().st_size < vendor_file.LARGEST
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *_: pytest.fail("unpacked"))
    refusal(path, "far larger", "not opened")


def test_pictures_are_left_packed(tmp_path: Path) -> None:
    path = repacked(filled(tmp_path), {"xl/media/logo.svg": b"<!DOCTYPE svg>" + b"\0" * vendor_cells.UNPACKED})
    assert item_of(preview(read_reply(path, BLANK), BLANK), "dbms-load").kind == "new"


def test_a_bomb_of_definitions_is_refused(tmp_path: Path) -> None:
    laugh = b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]><workbook>&lol2;</workbook>'
    for content in (laugh, laugh.decode().encode("utf-16")):
        refusal(repacked(filled(tmp_path), {"xl/theme/theme1.xml": content}), "damaged")


@pytest.mark.timeout(20)
def test_a_sheet_that_claims_to_be_endless_is_read_quickly(tmp_path: Path) -> None:
    path = filled(tmp_path)
    with zipfile.ZipFile(path) as archive:
        page = archive.read("xl/worksheets/sheet2.xml").decode()
    page = page.replace("</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
    page = page.replace("<dataValidations", '<mergeCells><mergeCell ref="A900:XFD1048576"/></mergeCells><dataValidations', 1)
    found = preview(read_reply(repacked(path, {"xl/worksheets/sheet2.xml": page.encode()}), view_of()), view_of())
    assert item_of(found, "dbms-load").kind == "new"


@pytest.mark.parametrize("change", [
    {"xl/vbaProject.bin": b"x"}, {"xl/macros/vbaProject2.bin": b"x"},
    {"[Content_Types].xml": b'<Types><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'}])
@pytest.mark.parametrize("name", ["reply.xlsx", "reply.xlsm"])
def test_macros_are_refused_whatever_the_file_is_called(tmp_path: Path, name: str, change: dict[str, bytes]) -> None:
    refusal(repacked(filled(tmp_path, name), dict(change)), "macros", "Save it as .xlsx")


def test_a_file_is_judged_by_what_is_in_it_and_not_by_its_name(tmp_path: Path) -> None:
    path = filled(tmp_path).rename(tmp_path / "reply.toml")
    assert read_reply(path, view_of()).vendor == "V1"
    text = tmp_path / "text.xlsx"
    text.write_text(write_toml(view_of(), "V1"))
    assert read_reply(text, view_of()).vendor == "V1"


def without_sheet(path: Path) -> None:
    repacked(path, {"xl/worksheets/sheet2.xml": None})


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-500])


def flipped(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)


def locked(path: Path) -> None:
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02")
    while at >= 0:  # the flag in every entry of the directory
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 1)
    path.write_bytes(data)


def no_xml(path: Path) -> None:
    repacked(path, {"xl/workbook.xml": b"<workbook"})


def no_numbers(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        page = archive.read("xl/worksheets/sheet2.xml")
    repacked(path, {"xl/worksheets/sheet2.xml": page.replace(b'<row r="5"', b'<row r="five"', 1)})


def binary(path: Path) -> None:
    repacked(path, {}, {"xl/workbook.xml": "xl/workbook.bin"})


@pytest.mark.parametrize(("spoil", "said"), [
    (without_sheet, ""), (cut, "damaged"), (flipped, ""), (locked, "password"), (no_xml, "damaged"), (no_numbers, "damaged"),
    (binary, "binary Excel file")])
def test_a_spoilt_spreadsheet_is_refused(tmp_path: Path, spoil: Callable[[Path], None], said: str) -> None:
    path = filled(tmp_path)
    spoil(path)
    refusal(path, said)


@pytest.mark.parametrize(("content", "said"), [
    (b"", "no question sheet"), (b"hello", "no question sheet"), (b"%PDF-1.7", "no question sheet"),
    (b"\xff\xfe\x00", "no question sheet"), (b"a;b;c\n1;2;3\n", "no question sheet"), (b"PK\x03\x04rest", "damaged"),
    (b"[sheet]\nformat = ", "at its end"), (b"[sheet]\nformat = \n", "line 2"),
    (b"[sheet]\nformat = '1'\n[sheet]\n", "line 3"), (b"sheet = 1\n", "no question sheet"),
    (b"[sheet]\nformat = '1'\nvendor = 'V1'\n", "no question sheet"), (b"a = " + b"[" * 5000, "no question sheet"),
    (b"[sheet]\na = " + b"9" * 9000, "no question sheet"), (b"schema_version = 1\n[company_goal.G1]\n", "no question sheet"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old", "old Excel form"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password")])
def test_another_file_is_refused_with_a_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "reply.xlsx"
    path.write_bytes(content)
    refusal(path, said)


def test_zip_files_that_are_no_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "reply.ods"
    for names, said in ((("mimetype", "content.xml"), "save it as Excel (.xlsx)"),
                        (("word/document.xml",), "no question sheet")):
        with zipfile.ZipFile(path, "w") as archive:
            for name in names:
                archive.writestr(name, "x")
        refusal(path, said)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    refusal(tmp_path / "none.xlsx", "There is no file")
    refusal(tmp_path, str(tmp_path))
    os.mkfifo(tmp_path / "pipe")
    refusal(tmp_path / "pipe", "no ordinary file")


# ---- TOML that was changed ----

def changed(tmp_path: Path, old: str, new: str) -> Preview:
    text = write_toml(view_of(), "V1")
    assert text.count(old) >= 1
    path = tmp_path / "reply.toml"
    path.write_text(text.replace(old, new, 1))
    return preview(read_reply(path, view_of()), view_of())


HEAD = f'[answers.dbms-load]\nquestion = "{catalogue().questions["dbms-load"].text}"\n'


@pytest.mark.parametrize(("old", "new", "said"), [
    (HEAD + 'answer = ""', HEAD + "anwser = 5", "there is no line anwser in a question. Did you mean answer?"),
    (HEAD + 'answer = ""', HEAD + "answer = [1, 2]", "expected a number, found a list"),
    (HEAD + 'answer = ""', HEAD + "answer = { a = 1 }", "expected a number, found a list"),
    (HEAD + 'answer = ""', HEAD + "answer = nan", "no number that can be meant"),
    (HEAD + 'answer = ""', HEAD + "answer = 1e999", "no number that can be meant"),
    (HEAD + 'answer = ""', HEAD + "answer = 2026-01-01", "the day 2026-01-01"),
    (HEAD + 'answer = ""', HEAD + "answer = true", "found TRUE")])
def test_a_spoilt_line_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    found = changed(tmp_path, old, new)
    item = item_of(found, "dbms-load")
    lines = (tmp_path / "reply.toml").read_text().splitlines()
    at = lines.index("[answers.dbms-load]") + 3
    assert item.kind == "refused" and item.sentence.startswith(f"line {at}: ") and said in item.sentence
    assert [other.question for other in found.of("refused")] == ["dbms-load"]


def test_parts_of_toml_that_do_not_belong_there_are_said(tmp_path: Path) -> None:
    found = changed(tmp_path, "[fingerprints]", "[extra]\na = 1\n[fingerprints]")
    assert found.problems == ("These parts do not belong to the sheet and were not read: extra.",)
    found = changed(tmp_path, "[answers.dbms-load]", "[answers]\ndbms-load = 5\n[answers.x]")
    assert item_of(found, "dbms-load").kind == "refused"
    assert item_of(changed(tmp_path, HEAD, '[answers.dbms-load]\nquestion = "Cheap?"\n'), "dbms-load").kind == "left_out"


# ---- shown ----

def test_the_preview_in_words_and_as_json(tmp_path: Path) -> None:
    def fill(sheet: Sheet) -> None:
        sheet.put("dbms-load", "approx. 5-10k")
        sheet.put("host-where", "Vilnius")
        sheet.put("ven-years", 12)
        sheet.put("exit-window", 30)
        sheet.book.create_sheet("Ad\x85")["A1"] = 1
    found = looked_at(tmp_path, fill, view_of(answer(1, "host-where", "Kaunas", evidence="1"),
                                              answer(2, "exit-window", "30", evidence="3")))
    text = "\n".join(as_text(found))
    assert text.endswith(f"Left out: {len(found.of('left_out'))}") and len(found.of("left_out")) > 50, "one line for all"
    order = [text.index(words) for words in ("Cannot be taken over: 1", "Differs from our notes: 1", "New: 1",
                                             "As in our notes: 1", "Left out: ")]
    assert order == sorted(order) and text.startswith("One more sheet")
    for words in ("noted: Kaunas", "in the file: Vilnius", "(Word only)", "12 years", '"approx. 5-10k" is not one number'):
        assert words in text
    data = json.loads(as_json(found))
    assert data["vendor"] == "V1" and data["file"] == "reply.xlsx" and len(data["items"]) == len(found.items)
    [refused] = [item for item in data["items"] if item["kind"] == "refused"]
    assert refused["cell"].startswith("E") and refused["takes"] and not refused["usual"]


def test_a_preview_follows_the_workbook(tmp_path: Path) -> None:
    reply = read_reply(filled(tmp_path), view_of())
    assert item_of(preview(reply, view_of()), "dbms-load").kind == "new"
    assert item_of(preview(reply, view_of(answer(1, "dbms-load", "5"))), "dbms-load").kind == "differs"
    assert replace(reply, problems=("x",)).problems == ("x",)
