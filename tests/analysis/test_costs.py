"""Costs over the years: worked by hand, and against a slow second way to work them out."""
from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_workbook.analysis.costs import LICENCE, Costs, Ghost, Opened, costs, opened_costs, opens, period
from crm_workbook.analysis.growth import data as growing
from crm_workbook.analysis.growth import users
from crm_workbook.catalogue.rows import Question
from crm_workbook.records import Record
from crm_workbook.records.goals import Project
from crm_workbook.records.phases import Phase
from crm_workbook.records.requirements import Requirement
from crm_workbook.records.team import Office, Scale
from crm_workbook.records.vendors import Answer, Choice, CostLine, DatabaseTier, Fit
from tests.analysis.views import CATALOGUE, TODAY, view_of

A = "V1"
ALWAYS = ("tel-price", "func-addons", "price-licence", "price-implementation-quote", "train-price", "sup-change-price",
          "mig-import", "exit-price")
"""Questions whose cost comes whatever the answer is (for any hosting, and without promises)."""


def once(bucket: str, amount: str | None, **more: object) -> CostLine:
    likely = None if amount is None else Decimal(amount)
    return CostLine(**{"vendor": A, "bucket": bucket, "title": bucket, "kind": "one_off", "likely": likely, **more})


def yearly(bucket: str, amount: str | None, **more: object) -> CostLine:
    return once(bucket, amount, kind="recurring", **more)


def said(question: str, value: str = "", state: str = "answered") -> Answer:
    return Answer(vendor=A, question=question, value=value, state=state)


def of(*rows: Record) -> Costs:
    return costs(view_of(*rows), A)


def amounts(*values: str) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, values))


def test_by_hand() -> None:
    found = of(yearly("licence", "100", units=10.0, growth=10.0), once("implementation", "5000"), yearly("support", "300"),
               once("training", "600", units=2.0), once("exit", "900"), once("connectivity", "50", late=True),
               once("implementation", "250", late=True), once("licence", "7", vendor="V2"))
    assert found.years == 3
    assert found.buckets["licence"] == amounts("1000", "1100", "1210") and found.buckets["support"] == amounts(*["300"] * 3)
    assert found.total == Decimal(3310 + 5250 + 900 + 1200 + 50) and found.first_year == Decimal(1000 + 5250 + 300 + 1200 + 50)
    assert (found.leaving, found.quoted, found.late) == amounts("900", "5000", "300")
    assert found.yearly["CL1"] == amounts("1000", "1100", "1210") and found.yearly["CL2"] == amounts("5000", "0", "0")
    assert {code: sum(years) for code, years in found.yearly.items()} == found.lines
    assert found.of("training") == 1200 and found.of("support", 1) == 300 and found.of("mail") is None


def test_hidden_share() -> None:
    lines = yearly("licence", "1000", growth=0.0), once("implementation", "4000"), once("migration", "3000")
    quiet = (said("price-who-needs-licence", "concurrent"), said("price-seats", "both"))
    assert of(*lines, *quiet).hidden_share == Decimal("0.3")
    assert of(*lines, once("implementation", "2000", late=True), *quiet).hidden_share == Decimal(5000) / 12000
    assert of(lines[0], lines[2]).hidden_share is None  # what the introduction costs is open
    assert of(*lines, once("licence", None)).hidden_share is None
    assert of(*lines, once("mail", None)).hidden_share == Decimal("0.3")  # at least so much
    assert of().hidden_share is None


def test_an_open_amount_is_never_zero() -> None:
    found = of(once("training", None), yearly("mail", "10", basis="user"), once("support", "20", kind=""), yearly("dbms", "5"))
    assert found.open_lines == ("CL1", "CL2", "CL3") and found.total == 15
    assert found.of("training") is None and found.of("support") is None and found.of("dbms") == 15
    free = of(once("training", "0"))
    assert free.of("training") == 0 and of(once("training", "0"), once("training", None)).of("training") is None


def test_growth_of_licences() -> None:
    lines = yearly("licence", "100"), yearly("licence", "100", growth=0.0), yearly("support", "100")
    found = of(*lines, said("price-increase", "10 %"))
    assert found.buckets["licence"] == amounts("200", "210", "221") and found.buckets["support"] == amounts(*["100"] * 3)
    assert "price-increase" in of(*lines).opened and "price-increase" not in found.opened
    assert "price-increase" not in of(*lines[1:]).opened


def test_units_by_what_is_counted() -> None:
    view = view_of(Scale(users_total=20, calls_at_once=4, data_gb=12.5), Office(name="O"), Office(name="P"),
                   *(yearly(basis or "fixed", "2", basis=basis) for basis in ("user", "office", "call", "gb", "fixed", "")))
    found = costs(view, A).buckets
    assert [found[name][0] for name in ("user", "office", "call", "gb", "fixed")] == [40, 4, 8, Decimal("8.33"), 4]


def test_data_and_calls_grow() -> None:
    scale = Scale(users_total=20, calls_at_once=4, data_gb=90.0, users_growth=50.0)
    found = of(scale, yearly("gb", "2", basis="gb"), yearly("call", "1", basis="call"), once("hosting", "1", basis="gb"))
    assert found.buckets["gb"] == amounts("60", "120", "180")  # 90 GB are expected after three years
    assert found.buckets["call"] == amounts("4", "6", "9") and found.buckets["hosting"] == amounts("30", "30", "30")
    assert [growing(view_of(scale), year) for year in (1, 2, 3)] == [30, 60, 90]
    assert of(yearly("gb", "2", basis="gb"), yearly("call", "1", basis="call")).open_lines == ("CL1", "CL2")


def test_phases_save_licences() -> None:
    phases = (Phase(title="1", users=8, go_live=date(2026, 5, 1)), Phase(title="2", users=7, go_live=date(2027, 5, 1)),
              Phase(title="3", users=9, go_live=date(2027, 9, 1)), Phase(title="4", users=99))
    found = of(Scale(users_total=20), *phases, yearly("licence", "100", basis="user"), once("hosting", "10", basis="user"))
    assert found.buckets["licence"] == amounts("800", "2000", "2000")  # never more than all 20 users
    assert found.buckets["hosting"] == amounts("80", "120", "0")
    view = view_of(*phases)
    assert [users(view, year) for year in (1, 2, 3)] == [8, 24, 24]
    assert users(view_of(*phases, Phase(title="5", go_live=date(2026, 6, 1))), 1) is None
    assert users(view_of(Scale(users_total=20)), 2) == 20


def test_the_decision_says_how_many_years() -> None:
    assert period(view_of()) == 3 and period(view_of(Choice(vendor=A, on=TODAY, period=5))) == 5
    assert period(view_of(Choice(vendor=A, on=TODAY))) == 3
    assert of(Choice(vendor=A, on=TODAY, period=5), yearly("mail", "1")).total == 5


@pytest.mark.parametrize(("line", "worth"), [
    (yearly("licence", "100", growth=-100.0), "100"), (yearly("licence", "100"), "100"), (yearly("mail", "100"), "300")])
def test_a_price_may_fall_to_nothing(line: CostLine, worth: str) -> None:
    assert of(line, said("price-increase", "-100")).total == Decimal(worth)
    free = line.bucket == "licence"  # nothing, and never less
    assert of(line.with_value("growth", None), said("price-increase", "-250")).total == (100 if free else 300)
    assert of(line.with_value("growth", -250.0)).total == 100


@pytest.mark.parametrize("rows", [
    [yearly("support", "100", units=1.7e308)], [once("support", "100", units=1e15)], [once("support", "999999999", units=1e14)],
    [yearly("support", "100", basis="gb"), Scale(data_gb=1e300)], [yearly("support", "1000000", growth=1000.0, units=1e8)],
    [yearly("licence", "100"), said("price-increase", "9" * 14)]], ids=str)
def test_numbers_that_cannot_be_meant_are_open(rows: list[Record]) -> None:
    found = of(*rows, yearly("mail", "5"))
    assert found.open_lines == ("CL1",) and found.total == 15


@pytest.mark.parametrize(("value", "years"), [(0, 1), (0.5, 1), (2.9, 2), (1e8, 30), (float("inf"), 30), (-3, 1)])
def test_the_years_are_whole_and_few(monkeypatch: pytest.MonkeyPatch, value: float, years: int) -> None:
    view = view_of(yearly("mail", "1"))
    monkeypatch.setattr(view, "param", lambda name: value)
    assert period(view) == years and costs(view, A).total == years


# ---- what answers open ----

def test_what_comes_in_any_case_is_open_until_it_stands_in_a_line() -> None:
    assert set(opened_costs(view_of(), A)) == set(ALWAYS)
    lines = [once(bucket, None) for bucket in ("telephony", "addons", "licence", "implementation", "training", "refinement",
                                               "migration", "exit")]
    assert opened_costs(view_of(*lines), A) == ()
    assert set(opened_costs(view_of(once("licence", None, question="price-licence")), A)) == set(ALWAYS) - {"price-licence"}


@pytest.mark.parametrize(("question", "value", "opens"), [
    ("dbms-licence-cost", "never", False), ("dbms-licence-cost", "included-now", True), ("dbms-licence-cost", "unknown", True),
    ("mail-bulk", "included", False), ("mail-bulk", "extra", True), ("sup-in-price", "hidden", True),
    ("sec-sign-in", "unknown", True), ("sec-sign-in", "none", False), ("int-no-double-entry", "unknown", True),
    ("int-no-double-entry", "yes", False), ("tel-call-card", "unknown", True), ("mail-storage", "no-limit", False),
    ("host-vpn", "ours", True), ("mail-storage", "1", True), ("mail-storage", "3", False), ("price-minimum-term", "24", True),
    ("func-addons", "0", False), ("func-addons", "5400", True)])
def test_answers_open_costs(question: str, value: str, opens: bool) -> None:
    assert (question in opened_costs(view_of(said(question, value)), A)) is opens


def test_states_open_costs() -> None:
    def opened(answer: Answer, *more: Record) -> bool:
        return answer.question in opened_costs(view_of(answer, *more), A)
    assert opened(said("mail-bulk", state="dont_know")) and not opened(said("mail-bulk", state="later"))
    assert opened(said("price-storage", state="dont_know"))  # flagged: it is missing
    assert not opened(said("tel-price", state="not_applicable")) and opened(said("tel-price", state="later"))
    hosting = said("host-model", "own-server")
    assert "dbms-hardware" in opened_costs(view_of(hosting), A) and "dbms-hardware" not in opened_costs(view_of(), A)
    assert not opened(said("mail-bulk", "extra"), once("mailing", "60"))
    assert opened(said("mail-bulk", "extra"), once("mailing", "60", question="mail-daily-limit"))
    assert not opened(said("mail-bulk", "extra"), once("addons", "60", question="mail-bulk"))


# ---- hours, ranges, growth of users ----

def test_own_hours_cost_what_the_project_says() -> None:
    hours = once("internal_time", None, basis="hour", units=240.0)
    found = of(hours, Project(hour_cost=Decimal(32)))
    assert found.total == 7680 and found.open_lines == ()
    assert of(hours).open_lines == ("CL1",)  # nobody said what an hour costs
    assert of(once("internal_time", None, basis="hour"), Project(hour_cost=Decimal(32))).open_lines == ("CL1",)  # nor how many
    assert of(once("internal_time", "40", basis="hour", units=10.0), Project(hour_cost=Decimal(32))).total == 400
    assert of(yearly("training", None, basis="hour", units=10.0), Project(hour_cost=Decimal(0))).total == 0


def test_low_and_high() -> None:
    found = of(yearly("licence", "100", low=Decimal(80), high=Decimal(150), growth=10.0), once("implementation", "500"),
               once("training", "50", low=Decimal(40), units=2.0), once("exit", "9", high=Decimal(900)))
    assert (found.lows, found.highs) == (amounts("660", "88", "96.8"), amounts("750", "165", "181.5"))
    assert (found.low, found.total, found.high) == amounts("844.8", "931", "1096.5")


@pytest.mark.parametrize(("low", "likely", "high", "wrong"), [
    ("9", "5", None, True), (None, "5", "4", True), ("1", "5", "4", True), ("9", "10", "10", False), ("5", "5", "5", False)])
def test_amounts_out_of_order_are_told(low: str | None, likely: str, high: str | None, wrong: bool) -> None:
    line = once("training", likely, low=low and Decimal(low), high=high and Decimal(high))
    found = of(line)
    assert found.muddled == (("CL1",) if wrong else ()) and found.total == Decimal(likely)
    assert not wrong or found.low == found.high == Decimal(likely)
    assert found.low <= found.total <= found.high


def test_users_grow_once_all_have_started() -> None:
    phases = (Phase(title="1", users=8, go_live=date(2026, 5, 1)), Phase(title="2", users=12, go_live=date(2027, 5, 2)))
    view = view_of(Scale(users_total=20, users_growth=10.0), *phases)
    assert [users(view, year) for year in range(1, 8)] == [8, 20, 22, 24, 27, 29, 32]  # 20 x 1.1 ^ n, to whole people
    view = view_of(Scale(users_total=42, users_growth=-50.0))
    assert [users(view, year) for year in range(1, 4)] == [42, 21, 11]
    nobody = view_of(Scale(users_total=42, users_growth=-250.0))
    assert [users(nobody, year) for year in range(1, 4)] == [42, 0, 0]
    found = of(Scale(users_total=42, users_growth=-50.0), once("hosting", "10", basis="user"),
               yearly("mail", "1", basis="user"))
    assert found.buckets["hosting"] == amounts("420", "0", "0") and found.buckets["mail"] == amounts("42", "21", "11")
    assert of(Scale(users_total=42, users_growth=1000.0), Choice(vendor=A, on=TODAY, period=15),
              yearly("mail", "1", basis="user")).open_lines == ("CL1",)  # more than can be meant


# ---- ghosts ----

NEED = Requirement(title="r", priority="must", state="accepted")


def extra(requirement: str = "R1", mark: str = "extra", vendor: str = A) -> Fit:
    return Fit(vendor=vendor, requirement=requirement, mark=mark)


def ghosts(*rows: Record, kind: str) -> list[str]:
    return [ghost.ref for ghost in of(*rows).ghosts if ghost.kind == kind]


def test_a_paid_extra_is_open_until_a_line_names_it() -> None:
    assert ghosts(NEED, extra(), kind="extra") == ["R1"]
    assert Ghost("extra", "R1", "addons") in of(NEED, extra()).ghosts
    assert ghosts(NEED, extra(), once("addons", "50"), kind="extra") == ["R1"]
    assert ghosts(NEED, extra(), once("addons", "50", requirement="R1"), kind="extra") == []
    assert ghosts(NEED, extra(), once("addons", "50", requirement="R1", vendor="V2"), kind="extra") == ["R1"]
    assert "func-addons" in of(once("addons", "50", requirement="R1")).opened  # which other extras?
    unpriced = NEED, extra(), once("addons", None, requirement="R1")
    assert ghosts(*unpriced, kind="extra") == [] and ghosts(*unpriced, kind="line") == ["CL1"]


@pytest.mark.parametrize("rows", [
    [NEED, extra(), extra(mark="works")], [NEED, extra(mark="partly")], [NEED, extra(vendor="V2")], [NEED, extra("R2")],
    [NEED.with_value("state", "rejected"), extra()], [NEED.with_value("state", "proposed"), extra()], [NEED, extra("")],
], ids=str)
def test_no_paid_extra(rows: list[Record]) -> None:
    assert ghosts(*rows, kind="extra") == []


def test_a_kind_of_cost_of_which_nobody_has_said_anything() -> None:
    every = set(CATALOGUE.cost_buckets)
    found = of()
    assert set(found.unasked) == every - found.open_buckets  # those are open already
    assert found.open_amounts == len(ALWAYS) and "licence" in found.open_buckets
    assert "hosting" in found.unasked and "hosting" not in of(once("hosting", "0")).unasked
    assert "hosting" not in of(once("hosting", None)).unasked and "hosting" in of(once("hosting", "0", vendor="V2")).unasked
    assert "security" not in of(said("sec-sign-in", "both")).unasked  # free, but somebody asked
    assert "security" not in of(said("sec-sign-in", state="not_applicable")).unasked
    assert "security" in of(said("sec-sign-in", state="later")).unasked
    assert "dbms" not in of(DatabaseTier(vendor=A, title="S", price=Decimal(0))).unasked


def test_how_many_amounts_are_open() -> None:
    rows = [once(bucket, "1") for bucket in CATALOGUE.cost_buckets if bucket not in ("dbms", "hosting")]
    assert of(*rows).open_amounts == 0 and of(*rows).unasked == ("dbms", "hosting")
    found = of(*rows, NEED, extra(), said("price-storage", state="dont_know"), once("mail", None),
               DatabaseTier(vendor=A, title="S"))
    assert [ghost.kind for ghost in found.ghosts] == ["line", "tier", "answer", "extra"] and found.open_amounts == 4


@pytest.mark.parametrize("question", [
    question for question in CATALOGUE.questions.values() if question.cost is not None and not question.applies_when],
    ids=lambda question: question.id)
def test_what_is_not_known_is_not_free(question: Question) -> None:
    assert question.cost is not None
    priced = [once(LICENCE, "1", kind="recurring", question="price-licence")] if question.id == "price-increase" else []
    for answer in (said(question.id, state="dont_know"), said(question.id, "unknown")):
        opens = question.id in opened_costs(view_of(answer, Scale(users_at_once=9), *priced), A)
        assert opens


def test_late_lines_have_names() -> None:
    found = of(once("mail", "5"), once("mail", "7", late=True), once("dbms", None, late=True))
    assert found.late == 7 and found.late_lines == ("CL2", "CL3")


def test_other_years_than_those_compared() -> None:
    view = view_of(yearly("mail", "1"))
    assert costs(view, A).total == 3 and costs(view, A, 8).total == 8 and costs(view, A) is costs(view, A, 3)


def test_own_hours_are_settled_by_a_line_only() -> None:
    told = said("int-no-double-entry", "yes"), said("tel-call-card", state="not_applicable")
    assert "internal_time" in of(*told).unasked and "internal_time" not in of(*told, once("internal_time", "0")).unasked
    assert "security" in of(said("sec-sign-in", "unknown", state="")).open_buckets  # and no clear answer settles nothing


def test_of_a_line_without_a_likely_amount_the_lowest_counts_and_it_stays_open() -> None:
    found = of(yearly("licence", None, low=Decimal(100), high=Decimal(300), growth=10.0), once("mail", None, low=Decimal(5)))
    assert (found.low, found.total, found.high) == amounts("336", "336", "998") and found.open_lines == ("CL1", "CL2")
    assert found.least == {"CL1": amounts("100", "110", "121"), "CL2": amounts("5", "0", "0")} and found.lines == {}
    assert found.of("licence") == 331 and found.hidden_share is None
    muddled = of(once("mail", None, low=Decimal(9), high=Decimal(5)))
    assert muddled.total == 0 and muddled.muddled == ("CL1",) and muddled.of("mail") is None
    hours = of(once("internal_time", None, basis="hour", units=2.0, low=Decimal(9)), Project(hour_cost=Decimal(32)))
    assert hours.total == 64 and hours.low == 18 and not hours.least


QUESTIONS_WITH_COSTS = [question for question in CATALOGUE.questions.values() if question.cost is not None]


@pytest.mark.parametrize("question", QUESTIONS_WITH_COSTS, ids=lambda question: question.id)
def test_one_answer_opens_what_all_of_them_open(question: Question) -> None:
    """What is shown beside an answer and what stands among the open costs is the same, stored or not."""
    bucket = question.cost.bucket if question.cost is not None else ""
    values = [*(option.id for option in question.options), "yes", "no", "unknown", "0", "5", "1000000", "no-limit", "in words"]
    always = [Scale(users_total=10, data_gb=50.0, users_at_once=9), said("host-model", "own-server")]
    lines = [yearly(LICENCE, "1", question="price-licence")], [once(bucket, None)], [once(bucket, "1", question=question.id)]
    for more in ([], *lines):
        for value in values:
            for state in ("answered", "dont_know", "later", "not_applicable", ""):
                answer = said(question.id, value, state)
                stored = view_of(*always, *more, answer)
                found = opens(view_of(*always, *more), question, answer)
                assert found == opens(stored, question, answer)
                assert (found is not None and not found.line and not found.settled) is (
                    question.id in opened_costs(stored, A)), (value, state)


def test_where_the_cost_of_an_answer_stands() -> None:
    asked, answer = CATALOGUE.questions["mail-bulk"], said("mail-bulk", "extra")
    assert opens(view_of(), asked, answer) == Opened("mailing", "", False)
    assert opens(view_of(), asked, said("mail-bulk", "included")) is None
    assert opens(view_of(once("mailing", "5")), asked, answer) == Opened("mailing", "CL1", True)
    own = once("mailing", "5"), once("mailing", "5", question="mail-bulk"), once("mailing", None, question="mail-bulk")
    assert opens(view_of(*own), asked, answer) == Opened("mailing", "CL3", False)
    assert opens(view_of(*own[:2]), asked, said("mail-bulk", "included")) == Opened("mailing", "CL2", True)
    sized = CATALOGUE.questions["dbms-licence-cost"], said("dbms-licence-cost", "extra")
    assert opens(view_of(DatabaseTier(vendor=A, title="S")), *sized) == Opened("dbms", "", True)
    increase = CATALOGUE.questions["price-increase"]
    licence = yearly("licence", "100", question="price-licence")
    assert opens(view_of(licence), increase, said("price-increase", "5")) is None
    assert opens(view_of(licence), increase, said("price-increase", state="dont_know")) == Opened("licence", "", False)


def money(amount: int | None) -> Decimal | None:
    return None if amount is None else Decimal(amount)


AMOUNT = st.none() | st.integers(0, 50_000)
OPEN_LINE = st.tuples(st.sampled_from(["dbms", "licence", "mail", "exit", "implementation"]),
                      st.sampled_from(["one_off", "recurring"]), AMOUNT, AMOUNT,
                      st.sampled_from(["", "price-licence", "dbms-licence-cost", "mail-bulk"]))
SIZE = st.tuples(st.none() | st.integers(1, 60), AMOUNT)


@given(lines=st.lists(OPEN_LINE, min_size=1, max_size=5), sizes=st.lists(SIZE, max_size=3), price=st.integers(0, 9_000),
       data=st.data())
@settings(max_examples=80, deadline=None)
def test_pricing_what_is_open_never_lowers_the_total(
        lines: list[tuple[str, str, int | None, int | None, str]], sizes: list[tuple[int | None, int | None]], price: int,
        data: st.DataObject) -> None:
    """What is priced is never less than what was said before; but for a repeated licence of the database, with which a person
    says that it costs something else than the list of sizes."""
    rows: list[Record] = [CostLine(vendor=A, bucket=bucket, title="x", kind=kind, basis="fixed", question=question,
                                   likely=money(likely), low=money(low)) for bucket, kind, likely, low, question in lines]
    rest = [Scale(users_at_once=20, data_gb=9.0, users_growth=20.0), *(
        DatabaseTier(vendor=A, title="s", users=most, price=money(cost)) for most, cost in sizes)]
    before = of(*rows, *rest)
    assert before.low <= before.total <= before.high
    place = data.draw(st.sampled_from(range(len(rows))))
    line = rows[place]
    assert isinstance(line, CostLine)
    least = max(Decimal(price), line.low or Decimal(0), line.likely or Decimal(0))
    after = of(*rows[:place], line.with_value("likely", least), *rows[place + 1:], *rest)
    replaced = Decimal(0) if after.sizes is not None or before.sizes is None else sum(before.sizes, Decimal(0))
    assert after.total + after.leaving >= before.total + before.leaving - replaced
    assert not replaced or (line.question, line.kind) == ("dbms-licence-cost", "recurring")
    assert after.open_amounts <= before.open_amounts


# ---- a second way ----

LINE = st.tuples(st.sampled_from(["licence", "implementation", "training", "mail", "exit"]),
                 st.sampled_from(["one_off", "recurring"]), st.none() | st.integers(0, 500_000), st.none() | st.integers(0, 60),
                 st.sampled_from(["fixed", "user", "office"]), st.none() | st.integers(-20, 30))


@given(lines=st.lists(LINE, max_size=8), phases=st.lists(st.tuples(st.integers(0, 1300), st.integers(1, 40)), max_size=3),
       total=st.none() | st.integers(1, 60), offices=st.integers(0, 3), increase=st.none() | st.integers(0, 20),
       years=st.integers(1, 6))
@settings(max_examples=60, deadline=None)
def test_against_a_second_way(lines: list[tuple[str, str, int | None, int | None, str, int | None]],
                              phases: list[tuple[int, int]], total: int | None, offices: int, increase: int | None,
                              years: int) -> None:
    found = of(*(once(bucket, None if cents is None else str(Decimal(cents) / 100), kind=kind, basis=basis,
                      units=None if units is None else float(units), growth=None if growth is None else float(growth))
                 for bucket, kind, cents, units, basis, growth in lines),
               *(Phase(title="p", users=count, go_live=date.fromordinal(TODAY.toordinal() + day)) for day, count in phases),
               Scale(users_total=total), *(Office(name="o") for _ in range(offices)), Choice(vendor=A, on=TODAY, period=years),
               *([] if increase is None else [said("price-increase", str(increase))]))

    def heads(year: int) -> int | None:
        if not phases:
            return total
        begin = min(day for day, _ in phases)
        live = sum(count for day, count in phases if day < begin + 365 * year)
        return live if total is None else min(live, total)
    open_ = []
    exact: dict[str, Fraction] = {}
    for place, (bucket, kind, cents, units, basis, growth) in enumerate(lines, 1):
        count = [units if units is not None else {"user": heads(year), "office": offices or None, "fixed": 1}[basis]
                 for year in range(1, years + 1)]
        if cents is None or None in count:
            open_.append(f"CL{place}")
            continue
        each = [Fraction(units_ or 0) for units_ in count]
        if kind == "one_off":
            worth = Fraction(cents, 100) * each[-1]
        else:
            percent = growth if growth is not None else (increase or 0) if bucket == "licence" else 0
            worth = sum((Fraction(cents, 100) * each[y] * (1 + Fraction(percent, 100)) ** y for y in range(years)), Fraction(0))
        exact[bucket] = exact.get(bucket, Fraction(0)) + worth
    assert list(found.open_lines) == open_
    cents_off = 0.005 * years * len(lines) + 1e-6  # each amount of a year is rounded to cents
    assert float(found.leaving) == pytest.approx(float(exact.pop("exit", Fraction(0))), abs=cents_off)
    assert float(found.total) == pytest.approx(float(sum(exact.values(), Fraction(0))), abs=cents_off)
    assert {bucket: float(sum(values)) for bucket, values in found.buckets.items()} == {
        bucket: pytest.approx(float(worth), abs=cents_off) for bucket, worth in exact.items()}
    assert found.total == round(found.total, 2) == sum(sum(values) for code, values in found.yearly.items()
                                                       if lines[int(code[2:]) - 1][0] != "exit")
