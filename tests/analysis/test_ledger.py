"""The promise ledger and the contract list: how an entry stands on a day, and what ought to become one."""
from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from crm_workbook.analysis import ledger, scoring
from crm_workbook.analysis.facts.view import View
from crm_workbook.catalogue import load
from crm_workbook.records import Record
from crm_workbook.records.book import Book
from crm_workbook.records.edits import Change, Create
from crm_workbook.records.phases import Phase
from crm_workbook.records.vendors import Answer, Choice, Commitment, ContractPoint, Vendor

TODAY = date(2026, 10, 2)
CATALOGUE = load()
DAY = timedelta(1)
WHOLE = {"vendor": "V1", "title": "Answer in four hours", "clause": "...", "test": "...", "tester": "M1"}


def view_of(*rows: Record) -> View:
    """A View of these records, numbered 1, 2, 3 within each kind."""
    counts: Counter[type[Record]] = Counter()
    numbered = []
    for row in rows:
        counts[type(row)] += 1
        numbered.append(row.make((counts[type(row)], *row[1:])))
    return View(Book.of(numbered), CATALOGUE, TODAY)


def state_of(*others: Record, **values: object) -> str:
    """How one entry stands."""
    view = view_of(Commitment(**{**WHOLE, **values}), *others)
    return ledger.state(view.rows(Commitment)[0], view)


@pytest.mark.parametrize(("values", "expected"), [
    ({"due": TODAY + DAY}, "waiting"),
    ({"due": TODAY}, "waiting"),  # the day itself still counts
    ({"due": TODAY - DAY}, "overdue"),
    ({}, "draft"),
    ({"due": TODAY - DAY, "test": ""}, "draft"),
    ({"due": TODAY - DAY, "tester": ""}, "draft"),
    ({"due": TODAY + DAY, "clause": ""}, "draft"),
    ({"due": TODAY - DAY, "outcome": "kept"}, "kept"),
    ({"outcome": "broken", "test": "", "clause": ""}, "broken")])
def test_how_an_entry_stands(values: dict[str, object], expected: str) -> None:
    assert state_of(**values) == expected


def test_without_a_day_the_first_go_live_is_the_day() -> None:
    later, earlier = Phase(go_live=TODAY + 30 * DAY), Phase(go_live=TODAY - DAY)
    assert state_of(later) == "waiting"
    assert state_of(later, earlier) == "overdue"
    assert state_of(later, earlier, due=TODAY + DAY) == "waiting"  # its own day goes before
    assert state_of(Phase(title="no day yet")) == "draft"


def test_what_asks_for_something_comes_first() -> None:
    rows = [Commitment(**WHOLE, due=TODAY + 2 * DAY), Commitment(**WHOLE, due=TODAY + DAY), Commitment(vendor="V1", title="?"),
            Commitment(**WHOLE, outcome="kept"), Commitment(**WHOLE, due=TODAY - DAY), Commitment(**WHOLE, outcome="broken"),
            Commitment(**{**WHOLE, "vendor": "V2"}, outcome="broken")]
    view = view_of(*rows)
    assert [row.code for row in ledger.entries(view, "V1")] == ["PL6", "PL5", "PL3", "PL2", "PL1", "PL4"]
    assert ledger.tally(view, "V1") == {"broken": 1, "overdue": 1, "draft": 1, "waiting": 2, "kept": 1}


def test_a_test_on_a_later_day_is_not_tried_yet() -> None:
    planned = {"due": TODAY + 5 * DAY, "outcome": "kept", "tested_on": TODAY + DAY}
    assert state_of(**planned) == "waiting"
    assert state_of(**planned | {"due": TODAY - DAY}) == "overdue"
    assert state_of(**planned | {"tested_on": TODAY}) == "kept"


def test_the_outcome_is_noted_with_its_day_and_taken_back() -> None:
    entry = Commitment(number=3, **WHOLE)
    assert ledger.judged(entry, "kept", TODAY) == [
        Change("PL3", "outcome", "", "kept"), Change("PL3", "tested_on", None, TODAY)]
    kept = Commitment(number=3, **WHOLE, outcome="kept", tested_on=TODAY)
    assert ledger.judged(kept, "kept", TODAY) == []
    assert ledger.judged(kept, "", TODAY + DAY) == [
        Change("PL3", "outcome", "kept", ""), Change("PL3", "tested_on", TODAY, None)]
    assert ledger.judged(kept, "broken", TODAY) == [Change("PL3", "outcome", "kept", "broken")]


# ---- proposals ----

def said(question: str, value: str, evidence: str = "1", **more: object) -> Answer:
    return Answer(**{"vendor": "V1", "question": question, "state": "answered", "value": value, "evidence": evidence, **more})


def test_what_ought_to_become_an_entry() -> None:
    answers = [said("price-increase", "3"),  # VA1 importance 5, word only
               said("dbms-backup", "12", "2"),  # VA2 importance 5, written
               said("dbms-load", "200", "3"),  # VA3 in the contract
               said("sup-response", "2", "4"),  # VA4 seen by us, but the decision names it
               said("mail-bulk", "included"),  # VA5 importance 4
               said("func-language", "no"),  # VA6 worth nothing
               said("sec-dpa", "", state="dont_know"),  # VA7 no answer
               said("exit-export", "all-self")]  # VA8 taken over already
    view = view_of(Vendor(name="A"), *answers, Commitment(vendor="V1", title="Export", answer="VA8"),
                   Choice(vendor="V1", on=TODAY, answers=("VA4", "VA8", "VA99")))
    assert [row.code for row in ledger.proposals(view, "V1")] == ["VA4", "VA2", "VA1"]
    assert ledger.rests_on(view, view.rows(Answer)[3]) and not ledger.rests_on(view, view.rows(Answer)[0])
    assert ledger.proposals(view, "V2") == ()


def test_prices_and_no_limit_are_no_promises() -> None:
    open_ended = next(question.id for question in CATALOGUE.questions.values() if question.open_ended)
    answers = [said("price-licence", "690"), said(open_ended, scoring.NO_LIMIT), said("sup-response", "4")]
    view = view_of(Vendor(name="A"), *answers, Choice(vendor="V1", on=TODAY, answers=("VA1", "VA2", "VA3")))
    assert [row.code for row in ledger.proposals(view, "V1")] == ["VA3"]
    assert ledger.in_words(view, view.rows(Answer)[1]) == "no limit"


@pytest.mark.parametrize(("question", "value", "title"), [
    ("sup-response", "4", "4 hours: “If all of us are stuck"), ("func-language", "yes", "Yes: “Can everyone who will use it"),
    ("price-implementation-quote", "cap", "By the hour, up to a limit"),
    ("host-where", "In  Kaunas\nonly", "In  Kaunas only")])
def test_an_entry_is_called_by_what_was_promised(question: str, value: str, title: str) -> None:
    found = ledger.promise(view_of(), said(question, value))
    assert found.startswith(title) and len(found) < 100 and (found == title or found.endswith(" ...”"))


def test_an_entry_from_an_answer() -> None:
    answer = said("sup-response", "4", "3", number=1, reference="Contract, 6.2", note="'Always.'")
    view = view_of(Vendor(name="A"), answer)
    made = ledger.taken_over(view, answer)
    assert isinstance(made, Create) and made.kind is Commitment
    assert (made.values["vendor"], made.values["answer"], made.values["clause_at"]) == ("V1", "VA1", "Contract, 6.2")
    question = CATALOGUE.questions["sup-response"]
    assert question.text in str(made.values["clause"]) and "answers: 4 hours." in str(made.values["clause"])
    assert "Always" not in str(made.values["clause"])  # what was noted beside it may be our own doubt
    assert {"test", "tester", "due"}.isdisjoint(made.values)  # these are for people to say


@pytest.mark.parametrize(("question", "value", "words"), [
    ("sup-response", "4", "4 hours"), ("func-language", "partly", "in part"), ("host-where", "Kaunas", "Kaunas"),
    ("exit-export", "all-self", "Everything, ourselves"), ("no-such", "x", "x"), ("sup-response", "", "")])
def test_an_answer_in_words(question: str, value: str, words: str) -> None:
    assert ledger.in_words(view_of(), said(question, value)) == words


# ---- the contract ----

def test_every_point_of_the_contract_is_there_and_open_until_somebody_says_otherwise() -> None:
    view = view_of(Vendor(name="A"), ContractPoint(vendor="V1", item="c-dbms", state="agreed", where="4.2"),
                   ContractPoint(vendor="V1", item="c-sla"), ContractPoint(vendor="V1", item="c-exit", state="not_needed"),
                   ContractPoint(vendor="V2", item="c-data", state="agreed"))
    found = {clause.item.id: clause for clause in ledger.contract(view, "V1")}
    assert list(found) == list(CATALOGUE.contract_items)
    assert {id_: clause.state for id_, clause in found.items() if clause.state != "open"} == {
        "c-dbms": "agreed", "c-exit": "not_needed"}
    assert len(list(ledger.still_open(tuple(found.values())))) == len(found) - 2
    assert ledger.marked(found["c-data"], "V1", "agreed") == [
        Create(ContractPoint, {"vendor": "V1", "item": "c-data", "state": "agreed"})]
    assert ledger.marked(found["c-dbms"], "V1", "open") == [Change("CP1", "state", "agreed", "open")]
    assert ledger.marked(found["c-dbms"], "V1", "agreed") == []
    assert ledger.marked(found["c-sla"], "V1", "agreed") == [Change("CP2", "state", "", "agreed")]
