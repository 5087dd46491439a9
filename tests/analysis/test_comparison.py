"""The vendors side by side: worked by hand, and against a slow second way to work them out."""
from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_workbook.analysis import scoring
from crm_workbook.analysis.comparison import (
    SealStrip,
    Section,
    compare,
    compare_with,
    proofs,
    seal_strip,
    sections,
    standing,
    why_ahead,
)
from crm_workbook.analysis.facts.view import View
from crm_workbook.analysis.summary import summary
from crm_workbook.analysis.weights import default_weights, fingerprint, seal_edits
from crm_workbook.catalogue.rows import Question
from crm_workbook.records import Record
from crm_workbook.records.book import Book
from crm_workbook.records.edits import Change, Entry
from crm_workbook.records.requirements import Requirement
from crm_workbook.records.vendors import Answer, Choice, CostLine, Fit, Vendor, WeightRound, WeightVote
from tests.analysis.views import CATALOGUE, TODAY, view_of

A, B, C = "V1", "V2", "V3"
NAMES = [row.id for row in sorted(CATALOGUE.question_sections.values(), key=lambda row: row.order)]
MAIL, TRAINING = NAMES.index("mail"), NAMES.index("training")


def vendor(name: str = "Alpha", **more: object) -> Vendor:
    return Vendor(**{"name": name, **more})


def need(priority: str = "must") -> Requirement:
    return Requirement(title="Find a client", priority=priority, state="accepted")


def mark(requirement: str, found: str, vendor: str = A) -> Fit:
    return Fit(vendor=vendor, requirement=requirement, mark=found)


def said(question: str, value: str, evidence: str = "1", vendor: str = A, **more: object) -> Answer:
    return Answer(**{"vendor": vendor, "question": question, "value": value, "state": "answered", "evidence": evidence, **more})


def price(vendor: str, amount: str) -> CostLine:
    return CostLine(vendor=vendor, bucket="implementation", title="All of it", kind="one_off", likely=Decimal(amount))


def weighing(*points: dict[str, float], sealed: bool = False) -> list[Record]:
    """The first weighing, shown to all: each member gives these points, and 0 to every other section."""
    members = tuple(f"M{place}" for place in range(1, len(points) + 1))
    votes = [WeightVote(round="WE1", person=person, criterion=name, points=given.get(name, 0.0))
             for person, given in zip(members, points, strict=True) for name in NAMES]
    return [WeightRound(title="First", method="points", members=members, revealed_on=TODAY), *votes]


def order(view: View) -> list[str]:
    return [one.vendor.code for one in compare(view).standings]


# ---- the score ----

def test_a_section_by_hand() -> None:
    """Training: four scored questions of importance 4, 3, 5 and 4, and a price that is not scored."""
    view = view_of(vendor(), said("train-materials", "public", "2"), said("train-steps", "partly"), said("train-price", "500"))
    found = sections(view, A)[TRAINING]
    assert found == pytest.approx(Section((4 + 2.5) / 16, (4 * 0.8 + 2.5 * 0.5) / 16, 7 / 16))


def test_score_interval_and_premium_by_hand() -> None:
    """Three quarters of the weight on training (see above), a quarter on mail, of which nothing is answered."""
    view = view_of(vendor(), said("train-materials", "public", "2"), said("train-steps", "partly"),
                   *weighing({"training": 75, "mail": 25}))
    one = standing(view, A)
    claimed, proven = 0.75 * 6.5 / 16, 0.75 * 4.45 / 16
    assert [one.claimed, one.proven, one.premium] == pytest.approx([claimed, proven, claimed - proven])
    assert one.best == pytest.approx(claimed + 0.75 * 7 / 16 + 0.25)
    assert compare(view).weights[TRAINING] == 0.75 and compare(view).round is not None


def test_what_nobody_asked_is_open_and_not_bad() -> None:
    """A vendor of which nothing is answered stands in the table, has no score, and takes no part in anything."""
    one = standing(view_of(vendor(), said("dbms-which", "", state="dont_know"), said("train-price", "500")), A)
    assert not one.asked and (one.claimed, one.proven, one.best, one.premium) == (None, None, None, None)
    assert one.values == (0.0,) * 12 and one.open == (1.0,) * 12
    assert compare(view_of(vendor())).winner is None and compare(view_of()).winner is None
    found = compare(view_of(vendor("silent"), vendor("heard"), said("train-steps", "no", "1", B)))
    assert [[one.vendor.code for one in part] for part in (found.inside, found.asked, found.unasked)] == [[A, B], [B], [A]]
    assert len(found.matrix) == len(found.proven_matrix) == len(found.open_matrix) == 1 and found.winner is None


def test_a_rival_whose_best_case_is_above_the_score_is_to_be_asked_first() -> None:
    """All weight on training: Alpha has 5 of 16, Beta 4 of 16 with 12 open, Gamma nothing of what is answered."""
    closed = [said(question, "none", "4", C) for question in ("train-materials", "train-by-whom")]
    closed += [said("train-steps", "no", "4", C), said("train-expert", "none", "4", C)]
    rows = [vendor("Alpha"), vendor("Beta"), vendor("Gamma"), vendor("Delta"), said("train-steps", "yes"),
            said("train-materials", "public", "1", B), *closed, *weighing({"training": 1})]
    found = compare(view_of(*rows))
    assert found.winner == A and [one.vendor.code for one in found.ask_first] == [B]
    assert [one.vendor.code for one in found.unasked] == ["V4"]
    assert compare(view_of(vendor())).ask_first == ()


@pytest.mark.parametrize("answer", [said("train-steps", "unknown"), said("train-steps", "", state="dont_know"),
                                    said("train-steps", "", state="later"), said("train-steps", "yes", state="")])
def test_no_clear_answer_stays_open(answer: Answer) -> None:
    assert sections(view_of(vendor(), answer), A)[TRAINING] == (0.0, 0.0, 1.0, True)


def test_what_does_not_apply_is_not_counted_and_a_section_without_questions_is_open() -> None:
    none = [said(question, "", state="not_applicable") for question in ("train-materials", "train-by-whom", "train-steps")]
    assert sections(view_of(vendor(), *none, said("train-expert", "paid", "4")), A)[TRAINING] == pytest.approx((0.8, 0.8, 0, 1))
    unread = [said("train-steps", "perhaps"), *none[:2], said("train-expert", "", state="not_applicable")]
    assert sections(view_of(vendor(), *unread), A)[TRAINING] == (0.0, 0.0, 1.0, True)  # an answer, but of no value


def test_a_section_that_does_not_concern_a_vendor_counts_as_its_others_do() -> None:
    """One answer in mail, the rest open, training left out: neither good nor bad, and not open for ever."""
    none = [said(question.id, "", state="not_applicable") for question in CATALOGUE.questions.values()
            if question.section == "training"]
    good = said("mail-client", "built-in", "2")
    one = standing(view_of(vendor(), *none, good), A)
    whole = sum(question.importance for question in CATALOGUE.questions.values()
                if question.scored and question.section != "training" and not question.applies_when)
    part = CATALOGUE.questions["mail-client"].importance / whole
    assert one.apart == {"training"} and one.values[TRAINING] == pytest.approx(part)
    assert one.proven_values[TRAINING] == pytest.approx(0.8 * part) and one.open[TRAINING] == pytest.approx(1 - part)


def test_what_does_not_apply_takes_nothing_from_a_perfect_vendor() -> None:
    """Beta is asked about telephony, so it has a weight; Alpha, whom it does not concern, is perfect in all that does."""
    rows: list[Record] = [vendor(), vendor("Beta"), said("tel-card", "no", "4", B)]
    for question in CATALOGUE.questions.values():
        if question.section == "telephony":
            rows.append(said(question.id, "", state="not_applicable"))
        else:
            best = {"yes_no": "yes", "number": str(question.best), "text": "t", "evidence": "e", "money": "1"}.get(
                question.answer_type) or max(question.options, key=lambda option: option.value).id
            rows.append(said(question.id, best, "4", mark="good", evidence_on=TODAY))
    view = view_of(*rows)
    one = standing(view, A)
    assert [one.claimed, one.proven, one.best] == pytest.approx([1.0, 1.0, 1.0]) and one.open[NAMES.index("telephony")] == 0
    assert scoring.scores(view, A)[""].value == pytest.approx(one.proven)


def test_with_the_weights_of_the_questions_the_proven_score_is_the_question_score() -> None:
    """`scoring.scores` over all questions, when the same ones apply to all and every answer has a value; also when a whole
    section concerns only one of them."""
    view = view_of(vendor(), vendor("Beta"), said("host-model", "cloud", "3"), said("train-steps", "yes", "2"),
                   said("mail-client", "linked", "4"), said("host-model", "cloud", "1", B),
                   said("mail-client", "built-in", "1", B), *(said(question.id, "", state="not_applicable")
                   for question in CATALOGUE.questions.values() if question.section == "exit"))
    for one in compare(view).standings:
        assert one.proven == pytest.approx(scoring.scores(view, one.vendor.code)[""].value)


OPTIONS = {"train-materials": ("public", "paid", "none", "unknown"), "train-steps": ("yes", "partly", "no", "unknown"),
           "mail-client": ("built-in", "linked", "extra"), "mail-storage": ("20", "5", "0.5", "a lot"),
           "host-model": ("cloud", "own-server", "mixed"), "host-uptime": ("99.9", "95"), "host-where": ("Kaunas", "near"),
           "price-licence": ("20",)}
ANSWERS = st.fixed_dictionaries({}, optional={
    question: st.tuples(st.sampled_from(values), st.sampled_from(["", "0", "1", "2", "3", "4"]),
                        st.sampled_from(["answered", "answered", "unsure", "dont_know", "later", "not_applicable", ""]),
                        st.sampled_from(["", "good", "fair", "bad"]))
    for question, values in OPTIONS.items()})
CONDITIONAL = {question.id for question in CATALOGUE.questions.values() if question.applies_when}
POINTS = st.dictionaries(st.sampled_from(NAMES), st.integers(1, 100), max_size=6)


def slow_value(question: Question, value: str, mark: str) -> Fraction | None:
    """The value of an answer, read off the catalogue."""
    if question.answer_type == "text":
        return {"good": Fraction(1), "fair": Fraction(1, 2), "bad": Fraction(0)}.get(mark)
    if question.answer_type == "number":
        if value == "a lot":
            return None
        low, high = sorted((Fraction(str(question.worst)), Fraction(str(question.best))))
        share = (min(max(Fraction(value), low), high) - low) / (high - low)
        return share if Fraction(str(question.best)) == high else 1 - share
    values = {option.id: Fraction(str(option.value)) for option in question.options}
    return (values or {"yes": Fraction(1), "partly": Fraction(1, 2), "no": Fraction(0)})[value]


def slow_section(section: str, given: dict[str, tuple[str, str, str, str]]) -> tuple[Fraction, Fraction, Fraction]:
    """Claimed, proven and open of one section, one question at a time. Where all of it does not apply, those of all others."""
    here = section if any(given.get(question.id, ("", "", "", ""))[2] != "not_applicable"
                          for question in CATALOGUE.questions.values() if question.section == section and question.scored
                          and question.id not in CONDITIONAL) else ""
    factors = {"": "0.5", "0": "0", "1": "0.5", "2": "0.8", "3": "0.95", "4": "1"}
    model, _evidence, state, _mark = given.get("host-model", ("", "", "", ""))
    known = bool(model) and state in ("answered", "unsure", "")
    counted = []
    for question in CATALOGUE.questions.values():
        value, evidence, state, mark = given.get(question.id, ("", "", "", ""))
        if here not in ("", question.section) or not question.scored or state == "not_applicable":
            continue
        if question.applies_when and not (known and model in question.applies_when.rpartition(" in ")[2].split("|")):
            continue
        if state not in ("answered", "unsure") or value in ("", "unknown"):
            counted.append((question.importance, Fraction(0), Fraction(0), True))
        elif (worth := slow_value(question, value, mark)) is not None:
            counted.append((question.importance, worth, worth * Fraction(factors[evidence]), False))
    whole = sum(item[0] for item in counted)
    if not whole:
        return Fraction(0), Fraction(0), Fraction(1)
    return (sum((weight * worth for weight, worth, _proven, _open in counted), Fraction(0)) / whole,
            sum((weight * proven for weight, _worth, proven, _open in counted), Fraction(0)) / whole,
            Fraction(sum(weight for weight, _worth, _proven, open_ in counted if open_), whole))


@given(books=st.lists(ANSWERS, min_size=1, max_size=3), members=st.lists(POINTS.filter(bool), min_size=1, max_size=3),
       apart=st.sets(st.sampled_from(["training", "mail", "telephony", "exit"])))
@settings(max_examples=60, deadline=None)
def test_scores_against_a_second_way(books: list[dict[str, tuple[str, str, str, str]]], members: list[dict[str, int]],
                                     apart: set[str]) -> None:
    none = ("", "", "not_applicable", "")
    books = [books[0] | {question.id: none for question in CATALOGUE.questions.values()
                         if question.section in apart}, *books[1:]]
    rows: list[Record] = [vendor(f"Vendor {place}") for place in range(1, len(books) + 1)]
    rows += [Answer(vendor=f"V{place}", question=question, value=value, evidence=evidence, state=state, mark=mark)
             for place, given in enumerate(books, 1) for question, (value, evidence, state, mark) in given.items()]
    found = compare(view_of(*rows, *weighing(*({name: float(p) for name, p in member.items()} for member in members))))
    weights = [sum((Fraction(member.get(name, 0), sum(member.values())) for member in members), Fraction(0)) / len(members)
               for name in NAMES]
    best, winner = Fraction(0), None
    assert found.weights == pytest.approx([float(weight) for weight in weights])
    for one in sorted(found.standings, key=lambda one: one.vendor.number):
        parts = [slow_section(name, books[one.vendor.number - 1]) for name in NAMES]
        claimed, proven, open_ = (sum((w * part[place] for w, part in zip(weights, parts, strict=True)), Fraction(0))
                                  for place in range(3))
        assert one.values == pytest.approx([float(part[0]) for part in parts])
        if not one.asked:
            assert (one.claimed, one.proven, one.best) == (None, None, None) and claimed == 0
            continue
        assert [one.claimed, one.proven, one.best] == pytest.approx([*map(float, (claimed, proven, claimed + open_))])
        assert one.claimed is not None and one.best is not None and one.premium is not None
        assert -1e-9 <= one.premium <= one.claimed <= one.best + 1e-9 <= 1 + 2e-9
        if claimed > best:
            best, winner = claimed, one.vendor.code
    if winner is None or sum(one.claimed == pytest.approx(float(best)) for one in found.asked) == 1:
        assert found.winner == winner
    first, last = found.standings[0], found.standings[-1]
    lead = why_ahead(found, first.vendor.code, last.vendor.code)
    assert sum(item.points for item in lead) == pytest.approx((first.claimed or 0) - (last.claimed or 0))
    assert [item.points for item in lead] == sorted((item.points for item in lead), reverse=True)


# ---- the order ----

def test_order_by_gaps_then_fit_then_cost() -> None:
    rows = [vendor("gap"), vendor("weak"), vendor("dear"), vendor("cheap"), need(), need("should")]
    marks = [mark("R1", "partly"), mark("R2", "works"), mark("R1", "works", B), mark("R2", "no", B)]
    marks += [mark(code, "works", name) for code in ("R1", "R2") for name in (C, "V4")]
    assert order(view_of(*rows, *marks, price(C, "900"), price("V4", "800"))) == ["V4", C, B, A]
    assert order(view_of(*rows, *marks, price(C, "900"))) == [C, "V4", B, A]  # no price is not the lowest price
    assert order(view_of(*rows, *marks)) == [C, "V4", B, A]  # as they were entered


def test_a_must_without_a_mark_counts_like_one_that_is_not_met() -> None:
    """Alpha: twenty musts marked, one of them a gap. Beta: one marked as working, of the others it said nothing."""
    rows = [vendor("thorough"), vendor("quiet"), *(need() for _ in range(20)), mark("R1", "works", B)]
    rows += [mark(f"R{number}", "partly" if number == 20 else "works") for number in range(1, 21)]
    assert order(view_of(*rows)) == [A, B]


def test_who_priced_least_is_not_the_cheapest() -> None:
    """Alpha priced every kind of cost; Beta one line, cheaper than all of that."""
    rows: list[Record] = [vendor("full"), vendor("one line"), price(B, "1")]
    rows += [CostLine(vendor=A, bucket=bucket, title="t", kind="one_off", basis="fixed", likely=Decimal(100))
             for bucket in CATALOGUE.cost_buckets]
    assert order(view_of(*rows)) == [A, B]


def test_who_says_nothing_does_not_come_first() -> None:
    rows = [vendor("silent"), vendor("half"), vendor("gap"), vendor("full"), need(), need(), need("should")]
    marks = [mark("R1", "works", B), mark("R1", "works", C), mark("R2", "no", C), mark("R1", "works", "V4"),
             mark("R2", "extra", "V4")]
    assert order(view_of(*rows, *marks)) == ["V4", B, C, A]


def test_a_knock_out_stays_visible_with_its_reason_and_nothing_outweighs_it() -> None:
    rows = [vendor(), vendor("Beta"), need(), mark("R1", "works"), mark("R1", "no", B), price(A, "1"),
            said("train-steps", "yes", "4"), said("train-steps", "partly", "4", B), said("func-language", "no")]
    found = compare(view_of(*rows))
    assert [one.vendor.code for one in found.standings] == [B, A] and [one.vendor.code for one in found.inside] == [B]
    out, blocker = found.of(A), CATALOGUE.questions["func-language"].flags[0]
    assert out is not None and out.out == (blocker.message,)
    assert [test.question.id for test in out.failed] == ["func-language"]
    assert out.claimed is not None and out.fit.value == 1.0 and out.costs.total == 1  # its figures are there
    assert found.winner == found.proven_winner == B and len(found.matrix) == len(found.proven_matrix) == 1


def test_an_open_knock_out_rules_nobody_out() -> None:
    one = standing(view_of(vendor(), said("func-language", "yes"), said("exit-export", "", state="dont_know")), A)
    assert one.out == () and "exit-export" in {test.question.id for test in one.open_knockouts}
    assert "func-language" not in {test.question.id for test in one.open_knockouts}


def test_a_blocker_of_another_question_is_a_flag_and_no_knock_out() -> None:
    must = Requirement(title="Mail", priority="must", state="accepted", functions=("f-mail-client",))
    one = standing(view_of(vendor(), must, said("mail-client", "none")), A)
    assert one.out == () and one.flags == {"blocker": 1, "serious": 1}
    assert [flag.severity for _question, flag in one.raised] == ["blocker", "serious"]


def test_marked_as_out_with_and_without_a_reason() -> None:
    found = compare(view_of(vendor(state="out", out_because="Too small for us."), vendor("Beta", state="out"), vendor("Gamma")))
    assert [one.vendor.code for one in found.standings] == [C, A, B]
    assert [one.out for one in found.standings] == [(), ("Too small for us.",), ("Marked as out, without a reason.",)]


def test_the_chosen_one_is_in_whatever_its_state_says() -> None:
    row = vendor(state="out", out_because="They would not sign.")
    assert standing(view_of(row, Choice(vendor=A, on=TODAY)), A).out == ()
    assert standing(view_of(row, Choice(vendor=A, on=TODAY), said("func-language", "no")), A).out != ()


def test_there_is_no_such_vendor() -> None:
    with pytest.raises(ValueError, match="V9"):
        standing(view_of(vendor()), "V9")
    with pytest.raises(ValueError, match="V9"):
        why_ahead(compare(view_of(vendor())), A, "V9")


# ---- who wins ----

def demo() -> list[Record]:
    """Alpha promises everything in a talk; Beta shows less, but shows it."""
    return [vendor("Alpha"), vendor("Beta"), said("train-materials", "public"), said("train-steps", "yes"),
            said("mail-client", "built-in"), said("train-materials", "on-request", "4", B), said("train-steps", "yes", "4", B),
            said("mail-client", "linked", "4", B)]


def test_the_demo_premium_turns_the_winner() -> None:
    found = compare(view_of(*demo()))
    assert (found.winner, found.proven_winner) == (A, B)
    alpha, beta = found.of(A), found.of(B)
    assert alpha is not None and beta is not None and beta.premium == pytest.approx(0)
    assert alpha.premium is not None and alpha.claimed is not None and alpha.premium == pytest.approx(alpha.claimed / 2)


def test_why_ahead_by_hand() -> None:
    found = compare(view_of(*demo(), *weighing({"training": 75, "mail": 25})))
    lead = why_ahead(found, A, B)
    mail = 0.25 * (1.0 - 0.8) * 5 / sum(question.importance for question in CATALOGUE.questions.values()
                                        if question.section == "mail" and question.scored)
    assert [item.criterion for item in lead[:2]] == ["training", "mail"] and {item.points for item in lead[2:]} == {0.0}
    assert [item.points for item in lead[:2]] == pytest.approx([0.75 * 4 * (1 - 0.8) / 16, mail])
    assert [item.points for item in why_ahead(found, B, A)][-1] == -lead[0].points


def test_proofs_that_raise_the_proven_score_most() -> None:
    """Steps: 5 x 1 x 0.5, materials: 4 x 1 x 0.2, by whom: worth nothing, expert: proven already."""
    view = view_of(vendor(), said("train-materials", "public", "2"), said("train-steps", "yes"), said("train-by-whom", "none"),
                   said("train-expert", "included", "4"), *weighing({"training": 1}))
    assert [question.id for question in proofs(view, A)] == ["train-steps", "train-materials"]
    assert [question.id for question in proofs(view, A, 1)] == ["train-steps"]
    gains = {}
    for row in view.rows(Answer):  # proved one after the other
        others = (other for other in view.rows(Answer) if other is not row)
        gained = standing(view_of(vendor(), *others, row.with_value("evidence", "4"), *weighing({"training": 1})), A)
        gains[row.question] = (gained.proven or 0) - (standing(view, A).proven or 0)
    assert gains == pytest.approx({"train-materials": 0.8 / 16, "train-steps": 2.5 / 16, "train-by-whom": 0, "train-expert": 0})


# ---- the seal ----

def sealed_view(*later: WeightVote) -> View:
    """Sealed with everything on training, where Alpha is better; then these weights are given."""
    rows = [*demo(), said("int-api", "yes", "1", B), *weighing({"training": 60, "mail": 40})]
    view = view_of(*rows)
    edits = [edit for edit in seal_edits(view, "WE1", by=("M1",), on=TODAY) if isinstance(edit, Change)]
    assert len(edits) == 4
    row = view.rows(WeightRound)[0]
    for edit in edits:
        row = row.with_value(edit.field, edit.new)
    return view_of(row, *(old for old in rows if not isinstance(old, WeightRound)), *later)


def test_nothing_sealed_no_strip() -> None:
    assert seal_strip(view_of(*demo(), *weighing({"training": 1}))) is None


def test_the_strip_while_nothing_changed() -> None:
    strip = seal_strip(sealed_view())
    assert strip is not None and strip[1:5] == (A, A, False, True) and not strip.turned


def test_the_strip_shows_old_and_new_winner_when_weights_change() -> None:
    def vote(name: str, points: float) -> WeightVote:
        return WeightVote(round="WE1", person="M1", criterion=name, points=points)
    strip = seal_strip(sealed_view(vote("integration", 900)))
    assert strip is not None and strip[1:5] == (A, B, True, True) and strip.turned
    mild = seal_strip(sealed_view(vote("training", 50)))
    assert mild is not None and mild[1:] == (A, A, True, True, (), (), ())


def test_a_seal_that_does_not_fit() -> None:
    view = sealed_view()
    row = view.rows(WeightRound)[0]
    broken = row.with_value("weights", row.weights.replace("training=0.6", "training=0.5"))
    book = Book.of([*view.rows(Vendor), *view.rows(Answer), *view.rows(WeightVote), broken])
    strip = seal_strip(View(book, CATALOGUE, TODAY))
    assert isinstance(strip, SealStrip) and not strip.intact and strip.changed


def test_a_second_seal_does_not_silence_the_first() -> None:
    """Sealed with everything on training, then weighed again with everything on integration and sealed once more."""
    first = sealed_view()
    rows: list[Record] = [*first.rows(Vendor), *first.rows(Answer), *first.rows(WeightRound), *first.rows(WeightVote),
                          WeightRound(title="Second", method="points", members=("M1",), revealed_on=TODAY),
                          *(WeightVote(round="WE2", person="M1", criterion=name, points=float(name == "integration"))
                            for name in NAMES)]
    rows = [row.make((0, *row[1:])) for row in rows]
    view = view_of(*rows)
    edits = {edit.field: edit.new for edit in seal_edits(view, "WE2", by=("M1",), on=TODAY) if isinstance(edit, Change)}
    assert set(edits) == {"weights", "seal", "sealed_on", "sealed_by"}
    second = view_of(*(row if row.get("title") != "Second" else WeightRound(
        title="Second", method="points", members=("M1",), revealed_on=TODAY, **edits)
        for row in rows if isinstance(row, WeightRound)), *(row for row in rows if not isinstance(row, WeightRound)))
    strip = seal_strip(second)
    assert strip is not None and strip[:5] == (first.rows(WeightRound)[0], A, B, True, True) and strip.turned
    assert [row.code for row in strip.later] == ["WE2"] and strip.broken == ()


def test_sealed_sections_that_are_gone_show_on_the_strip() -> None:
    view = sealed_view()
    row = view.rows(WeightRound)[0]
    text = "mail=0.2 training=0.3 drawing=0.5"  # what is left of it has the proportions of today
    sealed = row.with_value("weights", text).with_value("seal", fingerprint(row, text, row.sealed_on, row.sealed_by))
    book = Book.of([*view.rows(Vendor), *view.rows(Answer), *view.rows(WeightVote), sealed])
    strip = seal_strip(View(book, CATALOGUE, TODAY))
    assert strip is not None and (strip.intact, strip.changed, strip.gone, strip.broken) == (True, True, ("drawing",), ())


def test_a_seal_without_its_day_stays_on_the_strip() -> None:
    view = sealed_view()
    row = view.rows(WeightRound)[0].with_value("sealed_on", None)
    strip = seal_strip(View(Book.of([*view.rows(Vendor), *view.rows(Answer), *view.rows(WeightVote), row]), CATALOGUE, TODAY))
    assert strip is not None and not strip.intact and strip.broken == (row,)


def test_other_weights() -> None:
    view = sealed_view()
    assert [compare_with(view, shares) for shares in ({"training": 1.0}, {"integration": 0.2}, {}, {"exit": 1.0})] == [
        A, B, None, None]
    assert set(default_weights(view)) == set(NAMES)


# ---- in the summary ----

def test_the_summary_tells_the_comparison() -> None:
    rows = [*demo(), vendor("Gamma", state="out", out_because="Too small."), need(), mark("R1", "no"), mark("R1", "works", B),
            price(B, "900")]
    view = view_of(*rows)
    book = Book.of([row for kind in (Vendor, Answer, Requirement, Fit, CostLine) for row in view.rows(kind)])
    node = summary(book, CATALOGUE, TODAY, ["vendors"])["vendors"]["comparison"]
    assert node["order"] == ["V2 Beta", "V1 Alpha", "V3 Gamma"] and node["weights_from"] == "the importance of the questions"
    assert (node["highest_score"], node["highest_proven_score"]) == ("V1 Alpha", "V2 Beta")
    alpha, beta, gamma = (node["vendors"][code] for code in (A, B, C))
    assert (alpha["place"], alpha["must_gaps"], alpha["musts_not_met"]) == (2, 1, ["R1 Find a client"])
    assert (beta["place"], beta["fit_percent"], beta["cost_at_least"]) == (1, 100, Decimal(900)) and beta["amounts_open"] > 0
    scores = [alpha[f"score{name}_percent"] for name in ("_proven", "", "_at_best")]
    one = standing(view, A)
    assert scores == [round(100 * (value or 0)) for value in (one.proven, one.claimed, one.best)] and scores == sorted(scores)
    assert "cost_at_least" not in alpha and "place" not in gamma and "score_percent" not in gamma
    assert gamma["out_because"] == ["Too small."] and "score" not in gamma and "score" not in alpha
    assert node["ask_first"] == ["V2 Beta"]  # at best it is above the highest score
    silent = summary(Book.of([*view.rows(Vendor)]), CATALOGUE, TODAY, ["vendors"])["vendors"]["comparison"]
    assert silent["vendors"][A]["score"] == "not asked yet" and silent["ask_first"] == ["V1 Alpha", "V2 Beta"]
    assert "highest_score" not in silent
    assert "comparison" not in summary(Book(), CATALOGUE, TODAY, ["vendors"])["vendors"]


# ---- what is remembered ----

def _changed(view: View, code: str, field: str, value: str) -> View:
    book = Book.of([row for kind in (Vendor, Answer, Requirement, Fit) for row in view.rows(kind)], 1)
    entry = Entry(2, datetime(2026, 3, 2, tzinfo=UTC), "x", "s", "b", "change", code, field, None, f'"{value}"')
    first = View(book, CATALOGUE, TODAY)
    compare(first)
    return first.advanced(book.advanced([entry]), TODAY)


@pytest.mark.parametrize(("code", "field", "value"), [
    ("VA1", "value", "none"), ("VA1", "evidence", "4"), ("FI1", "mark", "no"), ("V1", "state", "out"),
    ("R1", "priority", "must")])
def test_after_a_change_it_is_as_if_worked_out_anew(code: str, field: str, value: str) -> None:
    view = _changed(view_of(*demo(), need("should"), mark("R1", "works"), mark("R1", "partly", B)), code, field, value)
    fresh = View(Book.of([row for kind in (Vendor, Answer, Requirement, Fit) for row in view.rows(kind)]), CATALOGUE, TODAY)
    assert repr(compare(view)) == repr(compare(fresh))
