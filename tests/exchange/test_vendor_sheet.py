"""The question sheet that goes to a vendor: what is in it, what is not, and its form in TOML."""
from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crm_workbook.exchange.vendor_sheet import STATES, choices_of, fingerprint, in_digits, project_print, sheet_of, write_toml
from crm_workbook.records.goals import Project
from tests.exchange.vendor_files import TODAY, answer, catalogue, own_catalogue, view_of


def question(id_: str) -> Any:
    return catalogue().questions[id_]


def ids(view: Any, vendor: str = "V1") -> list[str]:
    return [entry.question.id for entry in sheet_of(view, vendor).entries]


# ---- what is asked ----

def test_every_question_to_vendors_that_may_apply_is_in_it_and_no_other() -> None:
    asked = ids(view_of())
    wanted = {question.id for question in catalogue().questions.values() if question.answered_by == "vendor"}
    assert set(asked) == wanted - {"price-free-limits"}, "the promise it hangs on was not made"
    assert len(asked) == len(set(asked))


def test_what_surely_does_not_apply_is_not_asked() -> None:
    view = view_of(answer(1, "host-model", "own-server"), answer(2, "exit-price", state="not_applicable"))
    left = set(ids(view_of())) - set(ids(view))
    assert left == {"host-where", "host-move-notice", "host-uptime", "sec-dpa", "sec-location", "exit-price"}
    assert set(ids(view, "V2")) == set(ids(view_of())), "the other vendor said nothing yet"


def test_the_questions_of_the_first_call_come_first_then_the_sections_in_their_order() -> None:
    parts = sheet_of(view_of(), "V1").parts
    assert parts[0].title == "First of all" and all(entry.question.core for entry in parts[0].entries)
    assert not any(entry.question.core for part in parts[1:] for entry in part.entries)
    sections = sorted(catalogue().question_sections.values(), key=lambda section: section.order)
    assert [part.title for part in parts[1:]] == [section.name for section in sections]
    numbers = [entry.number for part in parts for entry in part.entries]
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_condition_is_said_in_words() -> None:
    entries = {entry.question.id: entry for entry in sheet_of(view_of(), "V1").entries}
    number = entries["host-model"].number
    assert entries["host-where"].why.endswith(
        f"Only if your answer to question {number} is: Rented, runs at the vendor or Mixed.")
    assert entries["dbms-which"].only_if == ""


def test_the_vendor_is_not_told_what_we_hope_to_hear() -> None:
    text = write_toml(view_of(), "V1")
    for one in catalogue().questions.values():
        for secret in (one.good, one.worrying, one.help, *(flag.message for flag in one.flags)):
            assert not secret or secret not in text
    assert not any(section.intro in text for section in catalogue().question_sections.values()), "written for the group"


def test_the_order_of_the_choices_gives_nothing_away() -> None:
    labels = list(choices_of(question("dbms-licence-cost")).values())
    assert labels == sorted(labels, key=str.casefold) and "No clear answer" not in labels
    assert list(choices_of(question("func-fields"))) == ["yes", "partly", "no"]
    assert choices_of(question("dbms-load")) == {}


# ---- what was noted ----

def test_what_was_noted_stays_here_unless_one_says_otherwise() -> None:
    view = view_of(answer(1, "dbms-which", "open", note="secret note", reference="secret talk"), answer(2, "dbms-load", "120"),
                   answer(3, "func-fields", "partly"), answer(4, "host-where", "Kaunas, Duomena"),
                   answer(5, "mail-client", "unknown"), answer(6, "exit-window", "3", state="later"),
                   answer(7, "ven-years", "about ten"))
    plain = tomllib.loads(write_toml(view, "V1"))["answers"]
    assert all(line[key] == "" for line in plain.values() for key in ("answer", "state", "where", "note"))
    text = write_toml(view, "V1", noted=True)
    told = tomllib.loads(text)["answers"]
    assert {id_: line["answer"] for id_, line in told.items() if line["answer"] != ""} == {
        "dbms-which": "Free database (open source)", "dbms-load": 120, "func-fields": "In part",
        "host-where": "Kaunas, Duomena", "ven-years": "about ten"}
    assert {id_: line["state"] for id_, line in told.items() if line["state"]} == {"exit-window": STATES["later"]}
    assert "secret" not in text


# ---- as TOML ----

def test_the_toml_can_be_read_and_its_comments_are_short() -> None:
    text = write_toml(view_of(), "V1")
    found = tomllib.loads(text)
    assert found["sheet"] == {"format": "1", "catalogue": "crm.core", "version": catalogue().version, "company": "Acme",
                              "project": project_print("Acme"), "vendor": "V1", "vendor_name": "Alpha",
                              "made_on": TODAY.isoformat()}
    assert list(found["answers"]) == list(found["fingerprints"]) == ids(view_of())
    assert found["answers"]["dbms-which"]["question"] == question("dbms-which").text
    assert max(len(line) for line in text.splitlines() if line.startswith("#")) <= 100
    assert '#    "Free database (open source)"\n' in text and "an amount, EUR, per hour" in text


def test_own_questions_and_sections_are_asked_like_the_others(tmp_path: Path) -> None:
    view = view_of(known=own_catalogue(tmp_path))
    found = tomllib.loads(write_toml(view, "V1"))
    assert found["answers"]["acme.range"]["question"] == "=How far does one van get?"
    assert sheet_of(view, "V1").parts[-1].title == "Vans"


@pytest.mark.parametrize("name", ['"\n[answers.x]\nanswer = 1', "'''", "a\u2028[sheet]", "\x1b[31m", "x" * 5000])
def test_no_name_can_break_out_of_its_place(name: str) -> None:
    found = tomllib.loads(write_toml(view_of(project=Project(number=1, company=name, currency=name[:20])), "V1"))
    assert list(found) == ["sheet", "answers", "fingerprints"] and len(found["sheet"]["company"]) <= 200


def test_a_vendor_that_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        write_toml(view_of(), "V9")


# ---- fingerprints and numbers ----

def test_a_fingerprint_follows_what_an_answer_depends_on() -> None:
    one = question("dbms-which")
    other = replace(one.options[0], label="Free")
    changed = [replace(one, text="What is it?"), replace(one, unit="GB"), replace(one, answer_type="text"),
               replace(one, options=one.options[1:]), replace(one, options=(other, *one.options[1:]))]
    assert len({fingerprint(row) for row in (one, *changed)}) == len(changed) + 1
    same = [replace(one, why="Because."), replace(one, importance=1), replace(one, good="?"),
            replace(one, options=one.options[::-1])]
    assert {fingerprint(row) for row in same} == {fingerprint(one)}


def test_the_fingerprint_of_a_workbook_is_that_of_its_company() -> None:
    assert project_print("Acme") == project_print(" acme ") != project_print("Acme Ltd")
    assert project_print("  ") == ""


@pytest.mark.parametrize(("number", "digits"), [
    (5, "5"), (5.0, "5"), (0.1 + 0.2, "0.3"), (99.8, "99.8"), (1200.5, "1200.5"), (1e14, "100000000000000"), (0, "0"),
    (-3.25, "-3.25"), (99.125, "99.1250"), (0.125, "0.125"), (1234.125, "1234.125"), (1e-7, "0.0000001"), (100, "100")])
def test_numbers_are_kept_without_noise(number: float, digits: str) -> None:
    assert in_digits(number) == digits
