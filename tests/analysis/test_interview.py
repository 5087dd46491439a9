"""The questions to a vendor: their order, how they stand, the arithmetic behind a flag in words, what an answer opens."""
from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from crm_workbook.analysis import costs, interview, replies, scoring
from crm_workbook.analysis.facts import View
from crm_workbook.analysis.interview import FIRST, Asked
from crm_workbook.analysis.progress import progress
from crm_workbook.analysis.steps import CORE_CONDITIONS, CORE_QUESTIONS
from crm_workbook.catalogue import Catalogue, load
from crm_workbook.exchange.sample import sample_book
from crm_workbook.records import Record
from crm_workbook.records.book import Book
from crm_workbook.records.requirements import Requirement
from crm_workbook.records.team import Office, Scale
from crm_workbook.records.vendors import Answer, CostLine, Vendor

TODAY = date(2026, 3, 2)
CATALOGUE = load()
RIGA = Office(name="Riga", users=18, down_mbps=12.0, up_kbps=640.0, ping_ms=180.0, calls=4)


def view_of(*rows: Record, catalogue: Catalogue = CATALOGUE) -> View:
    """A View of these records, numbered 1, 2, 3 within each kind; the first vendor is there."""
    counts: Counter[type[Record]] = Counter()
    numbered = []
    for row in (Vendor(name="Alpha"), *rows):
        counts[type(row)] += 1
        numbered.append(row.make((counts[type(row)], *row[1:])))
    return View(Book.of(numbered), catalogue, TODAY)


def said(question: str, value: str = "", state: str = "answered", **more: object) -> Answer:
    return Answer(**{"vendor": "V1", "question": question, "value": value, "state": state, **more})


def item(view: View, question: str) -> Asked:
    return next(row for row in interview.interview(view, "V1") if row.question.id == question)


def ids(view: View, group: str = FIRST) -> list[str]:
    return [row.question.id for row in interview.interview(view, "V1") if row.group == group]


# ---- order and states ----

def test_the_first_call_is_the_core_questions_and_each_question_comes_once() -> None:
    items = interview.interview(view_of(), "V1")
    core = [question.id for question in CATALOGUE.questions.values() if question.core]
    assert sorted(ids(view_of())) == sorted(core) and len(core) == 12
    assert Counter(row.question.id for row in items) == dict.fromkeys(CATALOGUE.questions, 1)
    sections = list(dict.fromkeys(row.group for row in items if row.group != FIRST))
    assert sections == sorted(CATALOGUE.question_sections, key=lambda id_: CATALOGUE.question_sections[id_].order)
    order = ids(view_of())
    assert order.index("dbms-hardware") == order.index("host-model") + 1  # it follows from it


def test_an_answer_opens_its_follow_ups_right_behind_it() -> None:
    before, after = view_of(), view_of(said("host-model", "cloud"))
    assert "host-uptime" in ids(before, "hosting") and item(before, "host-uptime").state == "waits"
    order = ids(after)
    opened = [question.id for question in interview.opened_by(after, said("host-model", "cloud"))]
    place = order.index("host-model")
    assert order[place + 1:place + 2 + len(opened)] == ["dbms-hardware", *opened]  # one waits, five are opened
    assert [item(after, id_).under for id_ in opened] == ["host-model"] * 5
    assert {item(after, id_).state for id_ in opened} == {"open"} and item(after, "dbms-hardware").state == "skipped"
    assert interview.tallies(after, "V1")[0].follow_ups == 5 and interview.tallies(after, "V1")[0].wanted == 12


@pytest.mark.parametrize(("answer", "state"), [
    (None, "open"), (said("mail-client", "built-in"), "answered"), (said("mail-client", "built-in", "unsure"), "unsure"),
    (said("mail-client", "", "dont_know"), "dont_know"), (said("mail-client", "", "not_applicable"), "not_applicable"),
    (said("mail-client", "", "later"), "later"), (said("mail-client", "built-in", ""), "begun"),
    (said("mail-client", "", "", note="He laughed"), "begun")])
def test_each_state_is_another_one_than_empty(answer: Answer | None, state: str) -> None:
    found = item(view_of(*([answer] if answer else [])), "mail-client")
    assert found.state == state and found.settled is (state in {"answered", "unsure", "dont_know", "not_applicable"})


@pytest.mark.parametrize(("question", "value", "state"), [
    ("dbms-load", "5-10", "begun"), ("dbms-load", "", "begun"), ("dbms-load", "40", "answered"), ("mail-client", " ", "begun"),
    ("func-must-haves", "150", "begun"), ("func-must-haves", "100", "answered"), ("price-increase", "150", "answered"),
    ("dbms-size-limit", scoring.NO_LIMIT, "answered"), ("dbms-load", scoring.NO_LIMIT, "begun")])
def test_what_is_no_answer_is_begun_whatever_was_ticked(question: str, value: str, state: str) -> None:
    view = view_of(said(question, value))
    assert item(view, question).state == state
    done, before = (sum(tally.done for tally in interview.tallies(one, "V1")) for one in (view, view_of()))
    assert done - before == (state == "answered")


def test_every_question_that_is_typed_says_what_to_write() -> None:
    for question in CATALOGUE.questions.values():
        words = replies.how_to_answer(question)
        assert bool(words) is not bool(replies.options(question)) and "+" not in words, question.id
    assert replies.how_to_answer(CATALOGUE.questions["price-licence"]) == (
        "Write what is paid once and what is paid each month, as it was said.")


@pytest.mark.parametrize("text", ["no limit", "No-Limit", " unlimited "])
def test_words_for_no_limit(text: str) -> None:
    assert replies.means(CATALOGUE.questions["dbms-size-limit"], text) == scoring.NO_LIMIT
    assert replies.means(CATALOGUE.questions["dbms-load"], text) == ""


def test_a_question_that_waits_says_for_what() -> None:
    view = view_of()
    words = interview.waits_for(view, "V1", CATALOGUE.questions["dbms-hardware"])
    assert words.startswith("Comes up when the answer to “") and " or " in words
    promise = interview.waits_for(view, "V1", CATALOGUE.questions["price-free-limits"])
    assert CATALOGUE.promises["pr-free-no-limits"].text in promise
    assert interview.waits_for(view, "V1", CATALOGUE.questions["dbms-which"]) == ""


def test_the_count_of_a_group() -> None:
    view = view_of(said("dbms-size-limit", "500"), said("dbms-backup", "", "later"))
    found = next(tally for tally in interview.tallies(view, "V1") if tally.group == "dbms")
    assert (found.done, found.wanted, found.later, found.open) == (1, 3, 1, 2)


def test_own_questions_and_sections_of_a_company(tmp_path: Path) -> None:
    path = tmp_path / "acme.toml"
    path.write_text("""[overlay]
of = "crm.core"
needs = ">=1.0,<2"
[[question_section]]
id = "acme.vans"
order = 13
name = "Vans"
intro = "Our drivers work on the road."
[[question]]
id = "acme.van-screen"
section = "acme.vans"
text = "Does it run on the screen in a van?"
why = "Drivers have nothing else."
answer_type = "yes_no"
importance = 4
knockout = false
core = false
scored = true
answered_by = "vendor"
good = "Yes, shown in one."
worrying = "In theory."
hidden_cost = false
[[question.flag]]
op = "eq"
value = "no"
severity = "serious"
message = "The drivers are left out."
[[question]]
id = "acme.van-size"
section = "acme.vans"
text = "How wide must the screen be?"
why = "Small ones cannot be read."
answer_type = "number"
importance = 2
knockout = false
core = false
scored = true
answered_by = "vendor"
good = "Seven inches."
worrying = "A laptop."
hidden_cost = false
unit = "inches"
best = 7
worst = 15
applies_when = "answer:acme.van-screen in yes|partly"
""", encoding="utf-8")
    view = view_of(said("acme.van-screen", "yes"), catalogue=load(path))
    assert ids(view, "acme.vans") == ["acme.van-screen", "acme.van-size"]
    assert interview.tallies(view, "V1")[-1].name == "Vans" and item(view, "acme.van-size").under == "acme.van-screen"
    no = said("acme.van-screen", "no")
    assert [one.flag.message for one in interview.warned(view, no)] == ["The drivers are left out."]


# ---- flags with their arithmetic ----

def because(view: View, answer: Answer) -> list[str]:
    return [sentence for one in interview.warned(view, answer) for sentence in one.because]


def test_the_size_of_the_edition_against_the_data_we_expect() -> None:
    assert because(view_of(Scale(data_gb=45.0)), said("dbms-size-limit", "10")) == [
        "Answered: 10 GB. Data expected after three years: 45 GB; 2 times that is 90."]
    assert interview.warned(view_of(Scale(data_gb=45.0)), said("dbms-size-limit", "90")) == ()


def test_users_at_once_against_the_proven_load() -> None:
    view = view_of(Scale(users_at_once=30))
    assert because(view, said("dbms-load", "40"))[0].endswith("Users at work at the same time: 30; 1.5 times that is 45.")
    assert because(view, said("dbms-load", "45")) == []


def test_the_line_of_an_office_against_the_need_of_ten_users() -> None:
    view = view_of(RIGA)
    assert because(view, said("host-bandwidth", "15")) == ["Office Riga: 18 people need 27 Mbit/s, measured 12."]
    assert because(view, said("host-bandwidth", "6.6")) == []  # 11.88 of 12


def test_calls_against_the_upload_of_the_office() -> None:
    view = view_of(RIGA, Scale(calls_at_once=4))
    assert because(view, said("tel-bandwidth", "100")) == [
        "Office Riga: 4 calls need 400 kbit/s; 50 % of the upload of 640 is 320."]


def test_where_no_office_is_short_the_slowest_line_is_compared() -> None:
    office = Office(name="Riga", users=18, down_mbps=12.0, up_kbps=640.0, ping_ms=20.0)  # nobody wrote down its calls
    found = because(view_of(office, Scale(calls_at_once=4)), said("tel-bandwidth", "100"))
    assert found == ["100 kbit/s, Calls at the same time: 4. Together 400; Slowest upload of all offices: 640 kbit/s."]


def test_a_rented_system_behind_a_bad_line_names_the_offices() -> None:
    view = view_of(RIGA, said("host-bandwidth", "15"), said("tel-bandwidth", "40"))
    found = interview.warned(view, said("host-model", "cloud"))
    assert [one.flag.severity for one in found] == ["blocker"]
    assert found[0].because == (
        "Office Riga: 18 people need 27 Mbit/s, measured 12.",
        "Office Riga: a message takes 180 ms there and back (ping), at most 150 ms are fine.")


def test_the_age_of_the_evidence() -> None:
    old = said("dbms-restore-test", "Record", evidence_on=date(2025, 2, 28))
    assert because(view_of(), old) == ["The evidence is of 2025-02-28: 367 days old. At most 365 days are fine."]
    assert interview.age(view_of(), old) == 367
    undated = said("dbms-restore-test", "Record")
    assert interview.unjudged(view_of(), undated) == ("Write down the date of the evidence: how old it is counts.",)


def test_a_limit_and_what_is_a_must() -> None:
    assert because(view_of(), said("dbms-backup", "48")) == ["Answered: 48 hours. At most 24 would be fine."]
    must = Requirement(title="Mail", state="accepted", priority="must", functions=("f-mail-client",))
    found = interview.warned(view_of(must), said("mail-client", "none"))
    assert [one.flag.severity for one in found] == ["blocker", "serious"]  # the gravest first
    assert found[0].because == (f"Among the accepted musts: {CATALOGUE.functions['f-mail-client'].name}.",)


def test_what_is_not_known_is_asked_for_and_never_counted_as_good() -> None:
    missing = CATALOGUE.facts["concurrent_users"].missing
    assert interview.unjudged(view_of(), said("dbms-load", "40")) == (
        f"{missing} It is compared then. Place: Team, Size of the task.",)
    assert interview.unjudged(view_of(), said("dbms-load", "many")) == (
        "“many” is not one number, so it cannot be compared.",)
    assert interview.unjudged(view_of(), said("dbms-load", "", "dont_know")) == ()


def test_an_answer_that_does_not_apply_raises_and_opens_nothing() -> None:
    answer = said("dbms-licence-cost", "extra", "not_applicable")
    assert interview.warned(view_of(), answer) == () and interview.opened_cost(view_of(), answer) is None


def test_the_flags_of_the_example_are_those_of_the_score() -> None:
    view = View(sample_book(), CATALOGUE, date(2026, 11, 20))
    rows = [row for row in view.rows(Answer) if scoring.answers(view, row.vendor).get(row.question) is row]
    assert len(rows) > 50
    for row in rows:
        assert {one.flag for one in interview.warned(view, row)} == set(scoring.flags_of(view, row)), row


def test_the_gravest_flag_comes_first_whatever_the_catalogue_says_first(tmp_path: Path) -> None:
    path = tmp_path / "acme.toml"
    path.write_text("""[overlay]
of = "crm.core"
needs = ">=1.0,<2"
[[question]]
id = "acme.van-screen"
section = "price"
text = "Does it run on the screen in a van?"
why = "Drivers have nothing else."
answer_type = "yes_no"
importance = 4
knockout = true
core = false
scored = true
answered_by = "vendor"
good = "Yes, shown in one."
worrying = "In theory."
hidden_cost = false
""" + "".join(f"""[[question.flag]]
op = "eq"
value = "no"
severity = "{severity}"
message = "This one is {severity}."
""" for severity in ("info", "warn", "blocker", "serious")), encoding="utf-8")
    view, answer = view_of(catalogue=load(path)), said("acme.van-screen", "no")
    assert [one.flag.severity for one in interview.warned(view, answer)] == ["blocker", "serious", "warn", "info"]
    assert interview.gravest(view, answer) == "blocker"


def test_words_alone_raise_no_warning_that_nothing_was_answered() -> None:
    words = said("dbms-load", "", "", note="He laughed", asked_on=TODAY)
    assert interview.warned(view_of(words), words) == ()
    assert interview.warned(view_of(), said("dbms-load", "", "dont_know"))


# ---- costs ----

def test_an_answer_opens_a_cost_until_it_is_priced() -> None:
    answer = said("dbms-licence-cost", "extra-unknown")
    line = CostLine(vendor="V1", bucket="dbms", title="Database", kind="recurring", question="dbms-licence-cost")
    open_ = interview.opened_cost(view_of(answer), answer)
    unpriced = interview.opened_cost(view_of(answer, line), answer)
    priced = interview.opened_cost(view_of(answer, line.with_value("likely", Decimal("100.00"))), answer)
    assert open_ is not None and unpriced is not None and priced is not None
    assert [(one.bucket, one.line, one.settled) for one in (open_, unpriced, priced)] == [
        ("dbms", "", False), ("dbms", "CL1", False), ("dbms", "CL1", True)]
    assert interview.opened_cost(view_of(), said("dbms-licence-cost", "never")) is None


def test_opened_costs_are_those_of_the_cost_sheet() -> None:
    view = View(sample_book(), CATALOGUE, date(2026, 11, 20))
    for vendor in view.rows(Vendor):
        given = scoring.answers(view, vendor.code)
        opened = {id_: interview.opened_cost(view, row) for id_, row in given.items()}
        mine = {id_ for id_, cost in opened.items() if cost is not None and not cost.line and not cost.settled}
        assert mine == {id_ for id_ in costs.opened_costs(view, vendor.code) if id_ in given}


# ---- words ----

def test_words_of_the_glossary_are_found_where_they_stand() -> None:
    names = [term.name for term in interview.terms_in(CATALOGUE, "The data centre keeps the DBMS and sends pings.", "An api")]
    assert names == ["Data centre", "DBMS", "Ping"]  # in the order of the text; a name in capitals only as it is written
    assert [term.id for term in interview.terms_in(CATALOGUE, "Specialists call it RPO.")] == ["term-rpo"]
    assert interview.terms_in(CATALOGUE, "A shopping exporter") == ()


def test_an_answer_in_words() -> None:
    questions = CATALOGUE.questions
    assert replies.said(questions["dbms-size-limit"], said("dbms-size-limit", "10")) == "10 GB"
    assert replies.said(questions["dbms-size-limit"], said("dbms-size-limit", "10 GB")) == "10 GB"
    assert replies.said(questions["dbms-size-limit"], said("dbms-size-limit", scoring.NO_LIMIT)) == "no limit"
    assert replies.said(questions["sup-response"], said("sup-response", "1")) == "1 hour"
    assert replies.said(questions["sup-response"], said("sup-response", "2")) == "2 hours"
    assert replies.said(questions["dbms-real-load-demo"], said("dbms-real-load-demo", "partly")) == "in part"
    option = questions["mail-client"].options[0]
    assert replies.said(questions["mail-client"], said("mail-client", option.id)) == option.label


def test_what_comes_after_the_first_call() -> None:
    view = view_of(RIGA, said("host-model", "cloud"), said("dbms-licence-cost", "extra-unknown"))
    found = interview.afterwards(view, "V1")
    assert found[0].startswith("Talk about 1 blocker first: “Where") and found[1].endswith("…")
    assert found[2] == "Say for 2 answers how sure you are." and found[3] == "Ask for the price of 1 cost that was opened."
    assert "more questions follow by section" in found[-1]


def test_vendors_that_are_out_stay_and_stand_last() -> None:
    view = view_of(Vendor(name="Beta"))
    assert [row.name for row in interview.vendors(view)] == ["Alpha", "Beta"]
    out = View(Book.of([Vendor(number=1, name="Alpha", state="out"), Vendor(number=2, name="Beta")]), CATALOGUE, TODAY)
    assert [row.name for row in interview.vendors(out)] == ["Beta", "Alpha"]


def test_the_step_of_the_core_questions_knows_the_same_conditions() -> None:
    conditions = {id_: f"answer:{other} in {'|'.join(values)}" for id_, (other, values) in CORE_CONDITIONS.items()}
    assert conditions == {id_: text for id_ in CORE_QUESTIONS if (text := CATALOGUE.questions[id_].applies_when)}


@pytest.mark.parametrize(("model", "spared"), [("cloud", True), ("own-server", False), ("unknown", False), ("", False)])
def test_the_step_asks_what_the_first_call_asks(model: str, spared: bool) -> None:
    rows = [said(id_, "x") for id_ in CORE_QUESTIONS if id_ not in ("dbms-hardware", "host-model")]
    rows.append(said("host-model", model) if model else said("host-model", "", "later"))
    book = Book.of([Vendor(number=1, name="Alpha"), *(row.make((number, *row[1:])) for number, row in enumerate(rows, 1))])
    step = next(state for state in progress(book)["vendors"].steps if state.step.id == "vendors.core")
    assert step.done is spared
    assert (item(View(book, CATALOGUE, TODAY), "dbms-hardware").state == "skipped") is spared
