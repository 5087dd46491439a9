"""Fit, answers, score, flags and knock-outs: worked by hand, and against a slow second way to work them out."""
from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_workbook.analysis import scoring
from crm_workbook.catalogue.rows import Question
from crm_workbook.records import Record
from crm_workbook.records.requirements import Requirement
from crm_workbook.records.team import Office, Scale
from crm_workbook.records.vendors import Answer, Choice, Fit, Vendor, VendorPromise
from tests.analysis.views import CATALOGUE, TODAY, view_of

A, B = "V1", "V2"


def need(priority: str = "must", state: str = "accepted", **more: object) -> Requirement:
    return Requirement(**{"title": "Find a client", "priority": priority, "state": state, **more})


def mark(requirement: str, found: str, vendor: str = A) -> Fit:
    return Fit(vendor=vendor, requirement=requirement, mark=found)


def said(question: str, value: str = "", state: str = "answered", **more: object) -> Answer:
    return Answer(**{"vendor": A, "question": question, "value": value, "state": state, **more})


def office(down: float) -> Office:
    return Office(name="O", users=15, down_mbps=down, ping_ms=9.0)


# ---- requirement fit ----

def test_fit_by_hand() -> None:
    found = scoring.fit(view_of(need(), need("should"), need("later"), need("gadget"), need("must", "rejected"),
                                mark("R1", "extra"), mark("R2", "partly"), mark("R3", "works"), mark("R4", "no"),
                                mark("R5", "no")), A)
    assert found.value == pytest.approx((5 * 0.7 + 3 * 0.5 + 1 * 1.0) / 9)
    assert (found.coverage, found.must_gaps, found.must_open, found.undecided) == (1.0, (), (), ())


def test_what_has_no_mark_lowers_the_coverage_and_not_the_fit() -> None:
    found = scoring.fit(view_of(need(), need("should"), need(), need(), mark("R1", "works"), mark("R3", "partly")), A)
    assert found.value == pytest.approx(0.75) and found.coverage == pytest.approx(10 / 18)
    assert (found.must_gaps, found.must_open) == (("R3",), ("R4",))


def test_nothing_accepted_or_marked_is_not_known() -> None:
    assert scoring.fit(view_of(need("must", "proposed"), mark("R1", "no")), A) == scoring.RequirementFit(None, None, (), (), ())
    assert scoring.fit(view_of(need(), Fit(vendor=A, requirement="R1")), A).value is None


def test_what_may_become_a_must() -> None:
    view = view_of(need("must", ""), need("", "accepted"), need("should", ""), need("", "", title=""), mark("R2", "works"))
    assert scoring.fit(view, A).undecided == ("R1",)


def test_the_later_of_two_marks_counts() -> None:
    assert scoring.fit(view_of(need(), mark("R1", "no"), mark("R1", "works")), A).value == 1.0


PRIORITY = st.sampled_from(["must", "should", "later", "gadget", ""])


@given(needs=st.lists(st.tuples(PRIORITY, st.sampled_from(["accepted", "proposed", "rejected"])), max_size=8),
       marks=st.lists(st.tuples(st.sampled_from([A, B]), st.integers(1, 8), st.sampled_from([*scoring.MARKS, ""])),
                      max_size=20))
@settings(max_examples=60, deadline=None)
def test_fit_against_a_second_way(needs: list[tuple[str, str]], marks: list[tuple[str, int, str]]) -> None:
    view = view_of(*(need(*item) for item in needs), *(mark(f"R{to}", found, vendor) for vendor, to, found in marks))
    weights = {"must": 5, "should": 3, "later": 1, "gadget": 0}
    worth = {"works": Fraction(1), "extra": Fraction(7, 10), "partly": Fraction(1, 2), "promised": Fraction(1, 10),
             "no": Fraction(0)}
    for vendor in (A, B):
        above = below = all_ = Fraction(0)
        missed = []
        for place, (priority, state) in enumerate(needs, 1):
            if state != "accepted" or not priority:
                continue
            all_ += weights[priority]
            found = [m for who, to, m in marks if (who, to) == (vendor, place) and m]
            if found:
                above += weights[priority] * worth[found[-1]]
                below += weights[priority]
                if priority == "must" and worth[found[-1]] < Fraction(7, 10):
                    missed.append(f"R{place}")
        result = scoring.fit(view, vendor)
        assert result.value == (pytest.approx(float(above / below)) if below else None)
        assert result.coverage == (pytest.approx(float(below / all_)) if all_ else None)
        assert list(result.must_gaps) == missed


# ---- the decision ----

def test_the_latest_decision_holds() -> None:
    old, new, ahead = (Choice(vendor=vendor, on=TODAY + timedelta(days=days)) for vendor, days in ((A, -9), (B, -2), ("V3", 9)))
    assert scoring.decision(view_of(new, old, ahead)) == new.make((1, *new[1:]))
    undated = scoring.decision(view_of(old, Choice(vendor=B), Choice(on=TODAY)))
    assert undated is not None and undated.vendor == B
    assert scoring.decision(view_of(ahead, Choice(reason="cheap"))) is None


# ---- answers ----

@pytest.mark.parametrize(("text", "value"), [
    ("6", 6.0), ("6 Mbit/s", 6.0), ("99,8 %", 99.8), ("1 200", 1200.0), ("1.200,50", 1200.5), ("1,200.50", 1200.5),
    ("-3", -3.0),
    ("10,000", None), ("1.000", None), ("99.125", None), ("0,125", 0.125), ("99.1250", 99.125), ("1,000.5", 1000.5),
    ("10000", 10_000.0), ("-1,000", None), ("10,000 letters", None), ("no-limit", None),
    ("5 to 10", None), ("10-20", None), ("many", None), ("", None), ("SQL 17", None), ("2’000", 2000.0),
    ("9" * 400, None), ("1" + "0" * 15, None), ("9" * 14, float("9" * 14)), ("inf", None), ("nan", None), ("1e9", None)])
def test_numbers_as_people_write_them(text: str, value: float | None) -> None:
    assert scoring.number(said("dbms-load", text)) == value


@pytest.mark.parametrize(("answer", "found"), [
    (None, False), (said("dbms-load", "45"), True), (said("dbms-load", "45", "unsure"), True), (said("dbms-load"), False),
    (said("sec-dpa", "unknown"), False), (said("dbms-load", "45", "later"), False),
    (said("dbms-load", state="dont_know"), False),
    (said("dbms-load", "45", ""), None), (said("dbms-load", "", ""), False), (said("dbms-load", "", "not_applicable"), False)])
def test_what_counts_as_answered(answer: Answer | None, found: bool | None) -> None:
    assert scoring.answered(answer) is found


@pytest.mark.parametrize(("answer", "value"), [
    (said("sec-dpa", "yes"), 1.0), (said("sec-dpa", "partly"), 0.5), (said("sec-dpa", "no"), 0.0),
    (said("dbms-which", "commercial-extra"), 0.4), (said("dbms-which", "gone"), None),
    (said("dbms-load", "200"), 1.0), (said("dbms-load", "5"), 0.0), (said("dbms-load", "102.5"), 0.5),
    (said("dbms-load", "900"), 1.0),
    (said("dbms-backup", "1"), 1.0), (said("dbms-backup", "48"), 0.0), (said("dbms-backup", "96"), 0.0),
    (said("dbms-backup", "24.5"), 0.5), (said("dbms-load", "a lot"), None),
    (said("dbms-restore-test", "note", evidence_on=TODAY - timedelta(days=365)), 1.0),
    (said("dbms-restore-test", "note", evidence_on=TODAY - timedelta(days=366)), 0.0),
    (said("dbms-restore-test", "note"), None), (said("ven-clients-like-us", "Dental dealer"), 1.0),
    (said("price-licence", "34"), None), (said("host-where", "Kaunas"), None), (said("no-such-question", "yes"), None)])
def test_values_of_answers(answer: Answer, value: float | None) -> None:
    found = scoring.value_of(view_of(answer), answer)
    assert found == (None if value is None else pytest.approx(value))


def test_an_answer_without_evidence_counts_as_a_word() -> None:
    assert [scoring.factor(view_of(), said("sec-dpa", "yes", evidence=level)) for level in ("", "0", "1", "2", "3", "4")] == [
        0.5, 0.0, 0.5, 0.8, 0.95, 1.0]


# ---- score and coverage ----

def test_score_by_hand() -> None:
    """The section on hosting, for a server of our own."""
    view = view_of(said("host-model", "own-server", evidence="2"), said("host-ping", "140", evidence="4"),
                   said("host-bandwidth", "2", evidence="2"), said("host-offline", state="not_applicable"),
                   said("host-vpn", state="later"))
    score = scoring.scores(view, A)["hosting"]
    # applies: model 4 (not scored), ping 5, bandwidth 5, slow-office-trial 4, vpn 3; not: where, move-notice, uptime, offline
    assert score.value == pytest.approx((5 * 0.5 * 1.0 + 5 * 1.0 * 0.8) / 17)
    assert score.coverage == pytest.approx(14 / 21)


def test_without_the_hosting_model_its_questions_wait() -> None:
    question = CATALOGUE.questions["sec-dpa"]
    assert scoring.applies(view_of(), A, question) is None
    assert scoring.applies(view_of(said("host-model", "unknown")), A, question) is None
    assert scoring.applies(view_of(said("host-model", "cloud")), A, question) is True
    assert scoring.applies(view_of(said("host-model", "own-server")), A, question) is False
    assert scoring.applies(view_of(said("host-model", "cloud"), said("sec-dpa", state="not_applicable")), A, question) is False


VALUES = st.sampled_from(["", "yes", "partly", "no", "unknown", "3", "60", "open", "cloud", "own-server", "all", "none",
                          "extra"])


@given(filled=st.lists(st.tuples(st.sampled_from(sorted(CATALOGUE.questions)), VALUES, st.sampled_from("01234"),
                                 st.sampled_from(["answered", "unsure", "dont_know", "later", "not_applicable"])),
                       unique_by=lambda item: item[0], max_size=40))
@settings(max_examples=40, deadline=None)
def test_score_against_a_second_way(filled: list[tuple[str, str, str, str]]) -> None:
    view = view_of(*(said(id_, value, state, evidence=level, evidence_on=TODAY) for id_, value, level, state in filled))
    states = {id_: (value, level, state) for id_, value, level, state in filled}
    factors = {"0": 0.0, "1": 0.5, "2": 0.8, "3": 0.95, "4": 1.0}
    hosting = states.get("host-model", ("", "", "later"))
    where = hosting[0] if hosting[2] in ("answered", "unsure") else ""
    above = below = done = asked = 0.0
    for question in CATALOGUE.questions.values():
        value, level, state = states.get(question.id, ("", "0", "later"))
        if state == "not_applicable" or (question.applies_when.startswith("promise:")):
            continue
        if question.applies_when and where not in question.applies_when.split(" in ")[1].split("|"):
            continue
        clear = state in ("answered", "unsure") and value not in ("", "unknown")
        asked += question.importance
        done += question.importance * clear
        if not question.scored:
            continue
        kinds = {"yes_no": {"yes": 1.0, "partly": 0.5, "no": 0.0}, "evidence": {value: 1.0}, "text": {},
                 "single_choice": {option.id: option.value for option in question.options}}
        worth: float | None = 0.0
        if clear and question.answer_type == "number":
            worth = None
            if value.isdigit() and question.best is not None and question.worst is not None:
                low, high = sorted((question.best, question.worst))
                part = (min(max(float(value), low), high) - low) / (high - low)
                worth = part if question.best == high else 1 - part
        elif clear:
            worth = kinds[question.answer_type].get(value)
        if worth is not None:
            below += question.importance
            above += question.importance * worth * factors[level]
    score = scoring.scores(view, A)[""]
    assert score.value == pytest.approx(above / below) and score.coverage == pytest.approx(done / asked)


NUMBERS = [question for question in CATALOGUE.questions.values() if question.answer_type == "number"]


@pytest.mark.parametrize("question", NUMBERS, ids=lambda question: question.id)
def test_no_limit_is_worth_as_much_as_the_best_where_it_is_an_answer(question: Question) -> None:
    answer = said(question.id, scoring.NO_LIMIT)
    view = view_of(answer)
    assert scoring.value_of(view, answer) == (1.0 if question.open_ended else None)
    assert scoring.answered(answer) and scoring.number(answer) is None
    if question.open_ended:  # the more the better: and no fact has to be known
        assert question.best is not None and question.worst is not None and question.best > question.worst
        assert [scoring.raised(view, answer, flag) for flag in question.flags] == [False] * len(question.flags)


# ---- flags ----

@pytest.mark.parametrize(("answer", "more", "flags"), [
    (said("dbms-which", "own"), [], ["in"]), (said("dbms-which", "open"), [], []),
    (said("dbms-which", state="dont_know"), [], ["in"]),  # the same as "no clear answer"
    (said("sec-dpa", "no"), [said("host-model", "cloud")], ["eq"]),
    (said("sec-dpa", "no"), [said("host-model", "own-server")], []),
    (said("train-price", "0"), [], ["eq"]), (said("train-price", "900"), [], []),
    (said("ven-years", "1.5"), [], ["lt"]), (said("ven-years", "2"), [], []),
    (said("dbms-backup", "25"), [], ["gt"]), (said("dbms-backup", "24"), [], []), (said("host-ping", "151"), [], ["gt"]),
    (said("dbms-load"), [], ["missing"]), (said("dbms-load", state="dont_know"), [], ["missing"]),
    (said("dbms-load", state="later"), [], ["missing"]), (said("dbms-load", state="not_applicable"), [], []),
    (said("dbms-load", state=""), [], []), (said("dbms-load", state="", asked_on=TODAY), [], ["missing"]),
    (said("dbms-load", state="", asked_on=TODAY, note="He will look"), [], []),  # somebody is still writing it down
    (said("dbms-load", note="5 to 10"), [], []), (said("dbms-load", state="dont_know", note="No idea"), [], ["missing"]),
    (said("dbms-load", state="later", note="On Monday"), [], ["missing"]),
    (said("mail-daily-limit", "no-limit"), [Scale(letters_per_day=5000)], []),
    (said("mail-daily-limit", "100"), [Scale(letters_per_day=5000)], ["lt_ref"]),
    (said("mail-storage", "no-limit"), [], []), (said("mail-storage", "1"), [], ["lt"]),
    (said("func-process-editor", "vendor-paid"), [], ["in"]), (said("tel-call-card", "dial-only"), [], ["in"]),
    (said("dbms-load", "26"), [Scale(users_at_once=18)], ["lt_ref"]), (said("dbms-load", "27"), [Scale(users_at_once=18)], []),
    (said("dbms-load", "1"), [], []),  # nobody knows how many work at once
    (said("tel-bandwidth", "100"), [Scale(calls_at_once=4), Office(name="O", up_kbps=700.0)], ["share_of_ref_gt"]),
    (said("tel-bandwidth", "100"), [Scale(calls_at_once=4), Office(name="O", up_kbps=800.0)], []),
    (said("host-bandwidth", "6"), [Office(name="O", users=15, down_mbps=8.9)], ["scaled_gt_ref"]),
    (said("host-bandwidth", "6"), [Office(name="O", users=15, down_mbps=9.0)], []),
    (said("sec-evidence", "paper", evidence_on=TODAY - timedelta(days=541)), [], ["age_gt"]),
    (said("sec-evidence", "paper"), [], []),
    (said("mail-client", "send-only"), [need(functions=("f-mail-client",))], ["in"]),
    (said("mail-client", "send-only"), [need("should", functions=("f-mail-client",))], []),
    (said("host-model", "cloud"), [said("host-bandwidth", "6"), office(2.0)], ["eq"]),
    (said("host-model", "cloud"), [said("host-bandwidth", "6"), office(99.0)], []),
])
def test_flags(answer: Answer, more: list[Record], flags: list[str]) -> None:
    view = view_of(answer, *more)
    assert [flag.op for flag in scoring.flags_of(view, answer)] == flags


def test_a_question_about_a_promise_is_asked_when_it_was_made() -> None:
    question = CATALOGUE.questions["price-free-limits"]
    assert scoring.applies(view_of(), A, question) is False
    promise = VendorPromise(vendor=B, promise="pr-free-no-limits")
    assert [scoring.applies(view_of(promise), vendor, question) for vendor in (A, B)] == [False, True]


# ---- knock-outs ----

def states(*answers: Answer) -> dict[str, tuple[bool | None, bool | None]]:
    """(answered, failed) of each knock-out question."""
    return {item.question.id: (item.answered, item.failed) for item in scoring.knockouts(view_of(*answers), A)}


def test_knockouts() -> None:
    found = states(said("dbms-real-load-demo", "no"), said("func-language", "partly"), said("exit-export", "unknown"),
                   said("func-must-haves", "about all"))
    assert found == {"dbms-real-load-demo": (True, True), "func-must-haves": (True, None), "func-language": (True, False),
                     "sec-dpa": (None, None), "exit-export": (False, None)}
    assert "sec-dpa" not in states(said("host-model", "own-server"))
    assert states(said("sec-dpa", "no"))["sec-dpa"] == (True, None)  # perhaps it need not be asked
    assert states(said("func-must-haves", "99"))["func-must-haves"] == (True, True)
    assert states(said("exit-export", "all-self", ""))["exit-export"] == (None, None)


# ---- Internet lines ----

@pytest.mark.parametrize(("rows", "value"), [
    ([], None), ([said("host-bandwidth", "4")], None),
    ([said("host-bandwidth", "4"), Office(name="O", users=10, down_mbps=3.9)], 1),
    ([said("host-bandwidth", "4"), Office(name="O", users=10, down_mbps=4.0)], 0),
    ([said("host-bandwidth", "4"), Office(name="O", users=10, down_mbps=4.0), Office(name="P", users=10)], None),
    ([said("host-bandwidth", "4"), Office(name="O", users=10, down_mbps=3.0), Office(name="P", users=10)], 1),
    ([said("host-bandwidth", "unknown"), Office(name="O", users=10, down_mbps=4.0)], None),
    ([said("host-bandwidth", "4"), said("host-model", "own-server"), Office(name="O", users=10, down_mbps=1.0)], 0),
    ([said("host-bandwidth", "4"), Office(name="O", users=10, down_mbps=9.0, calls=3)], None),
    ([said("host-bandwidth", "4"), said("tel-bandwidth", "100"),
      Office(name="O", users=10, down_mbps=9.0, calls=3, up_kbps=599.0)], 1),
    ([said("host-bandwidth", "4"), said("tel-bandwidth", "100"),
      Office(name="O", users=10, down_mbps=9.0, calls=3, up_kbps=600.0)], 0),
    ([said("host-bandwidth", "4"), said("tel-bandwidth", state="not_applicable"),
      Office(name="O", users=10, down_mbps=9.0, calls=3, up_kbps=6.0)], 0)])
def test_offices_too_slow(rows: list[Record], value: int | None) -> None:
    assert scoring.slow_offices(view_of(*rows), A).value == value


def test_results_are_remembered_for_each_vendor() -> None:
    view = view_of(Vendor(name="A"), Vendor(name="B"), need(), mark("R1", "works"))
    first = scoring.fit(view, A)
    computed = view.computed
    assert scoring.fit(view, A) is first and view.computed == computed
    assert scoring.fit(view, B).value is None and view.computed == computed + 1
