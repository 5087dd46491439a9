"""Costs over the years: worked by hand, and against a slow second way to work them out."""
from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_workbook.analysis.costs import Costs, costs, opened_costs, period, users
from crm_workbook.analysis.facts.view import View
from crm_workbook.catalogue import load
from crm_workbook.records import Record
from crm_workbook.records.book import Book
from crm_workbook.records.phases import Phase
from crm_workbook.records.team import Office, Scale
from crm_workbook.records.vendors import Answer, Choice, CostLine

TODAY = date(2026, 3, 2)
CATALOGUE = load()
A = "V1"
ALWAYS = ("tel-price", "func-addons", "price-licence", "price-implementation-quote", "train-price", "sup-change-price",
          "mig-import", "exit-price")
"""Questions whose cost comes whatever the answer is (for any hosting, and without promises)."""


def view_of(*rows: Record) -> View:
    """A View of these records, numbered 1, 2, 3 within each kind."""
    counts: Counter[type[Record]] = Counter()
    numbered = []
    for row in rows:
        counts[type(row)] += 1
        numbered.append(row.make((counts[type(row)], *row[1:])))
    return View(Book.of(numbered), CATALOGUE, TODAY)


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
    assert [found[name][0] for name in ("user", "office", "call", "gb", "fixed")] == [40, 4, 8, 25, 4]


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
    assert of(line.with_value("growth", None), said("price-increase", "-250")).total <= 300


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
    ("sec-sign-in", "unknown", False),  # the catalogue does not say that this costs
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
    assert float(found.leaving) == pytest.approx(float(exact.pop("exit", Fraction(0))))
    assert float(found.total) == pytest.approx(float(sum(exact.values(), Fraction(0))))
    assert {bucket: float(sum(values)) for bucket, values in found.buckets.items()} == {
        bucket: pytest.approx(float(worth)) for bucket, worth in exact.items()}
