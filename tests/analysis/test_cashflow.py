"""Money over time: against published worked examples, a spreadsheet's way of discounting, and a slow search."""
from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_workbook.analysis.cashflow import (
    PaymentPlan,
    by_year,
    crossing,
    cumulated,
    discounted,
    npv,
    payment_plan,
    per_active_user,
    per_user,
)
from crm_workbook.analysis.costs import costs
from crm_workbook.records import Record
from crm_workbook.records.adoption import Measurement
from crm_workbook.records.phases import Phase
from crm_workbook.records.team import Scale
from crm_workbook.records.vendors import Choice, CostLine, Payment
from tests.analysis.views import TODAY, view_of

RENT, PURCHASE = "V1", "V2"


def line(vendor: str, bucket: str, amount: int, kind: str = "recurring", **more: object) -> CostLine:
    return CostLine(**{"vendor": vendor, "bucket": bucket, "title": bucket, "kind": kind, "likely": Decimal(amount),
                       "growth": 0.0, **more})


def amounts(*values: float) -> tuple[Decimal, ...]:
    return tuple(Decimal(str(value)) for value in values)


# ---- net present value ----

@pytest.mark.parametrize(("rate", "flow", "worth"), [
    # Microsoft, "NPV function" (support.microsoft.com), second example: NPV(8%; 8000 ... 14500) - 40000, the investment today
    (8, (-40000, 8000, 9200, 10000, 12000, 14500), "1922.06"),
    (8, (-40000, 8000, 9200, 10000, 12000, 14500, -9000), "-3749.47"),
    # its first example, all amounts at the end of a year, so nothing today
    (10, (0, -10000, 3000, 4200, 6800), "1188.44"),
    # Adobe, "FormCalc Reference, NPV" (help.adobe.com): NPV(0.10, 500, 1500, 4000, 10000) and NPV(0.0275 / 12, 50, 60 ...)
    (10, (0, 500, 1500, 4000, 10000), "11529.60863329007"), (2.75 / 12, (0, 50, 60, 40, 100, 25), "273.14193838457"),
    # Claris FileMaker Pro help, "NPV": NPV(Amounts; .10) of -5000, 10000, 0, 10000, 10000, the first after a year as well
    (10, (0, -5000, 10000, 0, 10000, 10000), "16758.35604870")])
def test_published_examples(rate: float, flow: tuple[int, ...], worth: str) -> None:
    last_digit = Decimal(10) ** -len(worth.partition(".")[2])  # some of them cut there, some round
    assert abs(npv(amounts(*flow), rate) - Decimal(worth)) <= last_digit


@given(flow=st.lists(st.integers(-10**6, 10**6), min_size=1, max_size=15), rate=st.integers(-50, 60))
def test_npv_against_horner(flow: list[int], rate: int) -> None:
    worth = Fraction(0)
    for amount in reversed(flow):  # from the last year back, each worth a year's rate less
        worth = amount + worth / (1 + Fraction(rate, 100))
    assert float(npv(amounts(*flow), rate)) == pytest.approx(float(worth), abs=1e-6)


def test_npv_of_nothing_saved_and_of_nothing_left() -> None:
    assert npv(amounts(100, 200, 300), 0) == 600 and npv((), 10) == 0
    with pytest.raises(ValueError, match="discount rate"):
        npv(amounts(1, 2), -100)


def test_rent_paid_in_advance_is_an_annuity_due() -> None:
    # a yearly rent R for n years: R x (1 - (1 + r)^-n) / r x (1 + r)
    assert float(npv(amounts(*[25_000] * 10), 12)) == pytest.approx(25_000 * (1 - 1.12 ** -10) / 0.12 * 1.12)


def test_the_rate_of_the_company() -> None:
    view = view_of(line(RENT, "hosting", 1000))
    assert view.param("p_discount_percent") == 10
    assert round(discounted(view, costs(view, RENT)), 2) == Decimal("2735.54")  # 1000 + 909.09 + 826.45


# ---- year by year ----

def test_by_year_and_added_up() -> None:
    view = view_of(line(RENT, "hosting", 100), line(RENT, "training", 50, "one_off"), line(RENT, "exit", 999, "one_off"))
    found = costs(view, RENT)
    assert by_year(found) == amounts(150, 100, 100) and cumulated(found) == amounts(150, 250, 350)
    assert by_year(costs(view, PURCHASE)) == amounts(0, 0, 0)
    assert sum(by_year(found)) == found.total


def test_rent_overtakes_purchase() -> None:
    view = view_of(line(RENT, "hosting", 10_000), line(PURCHASE, "licence", 24_000, "one_off"), line(PURCHASE, "support", 2000))
    # rent 10, 20, 30, 40 ...; purchase 26, 28, 30, 32 ...: equal after the third year, dearer from the fourth on
    assert crossing(costs(view, RENT, 3), costs(view, PURCHASE, 3)) is None
    assert crossing(costs(view, RENT, 5), costs(view, PURCHASE, 5)) == 4
    assert crossing(costs(view, PURCHASE, 5), costs(view, RENT, 5)) == 4


FLOW = st.lists(st.integers(0, 30), min_size=1, max_size=9)


@given(a=FLOW, b=FLOW)
def test_crossing_against_a_slow_search(a: list[int], b: list[int]) -> None:
    years = min(len(a), len(b))
    ahead = [(sum(a[:n]) > sum(b[:n])) - (sum(a[:n]) < sum(b[:n])) for n in range(1, years + 1)]
    turned = [n for n in range(1, years + 1) for before in range(1, n) if ahead[n - 1] * ahead[before - 1] < 0]
    assert crossing(amounts(*a), amounts(*b)) == (min(turned) if turned else None)


# ---- for one user ----

def test_per_user() -> None:
    phases = (Phase(title="1", users=10, go_live=date(2026, 1, 5)), Phase(title="2", users=10, go_live=date(2027, 6, 1)))
    view = view_of(Scale(users_total=20), *phases, line(RENT, "hosting", 1000))
    assert per_user(view, costs(view, RENT)) == 60  # 3000 for 10 + 20 + 20 users
    assert per_user(view, costs(view, PURCHASE)) is None  # nothing is priced
    assert per_user(view_of(line(RENT, "hosting", 9)), costs(view, RENT)) is None  # how many users?


def test_per_active_user() -> None:
    rows = [Scale(users_total=20), line(RENT, "hosting", 1000), line(PURCHASE, "hosting", 1000),
            Phase(title="1", users=20, go_live=date(2026, 1, 5)), Choice(vendor=RENT, on=date(2025, 12, 1))]
    week = Measurement(week=date(2026, 2, 23), phase="PH1", users=20, active=8)
    view = view_of(*rows, week)
    assert view.value("active_rate") == 0.4 and per_user(view, costs(view, RENT)) == 50
    assert per_active_user(view, costs(view, RENT)) == 125
    assert per_active_user(view, costs(view, PURCHASE)) is None  # what is in use is the other one's
    assert per_active_user(view_of(*rows), costs(view, RENT)) is None  # not measured
    assert per_active_user(view_of(*rows, week.with_value("active", 0)), costs(view, RENT)) is None  # nobody
    assert per_active_user(view_of(*rows[:-1], week), costs(view, RENT)) is None  # nothing was chosen


# ---- the payment plan ----

def pay(amount: int | None, due: int | None = None, **more: object) -> Payment:
    return Payment(**{"vendor": RENT, "title": "Stage", "amount": None if amount is None else Decimal(amount),
                      "due": None if due is None else TODAY + timedelta(due), "needs_acceptance": True, **more})


def plan(*rows: Record) -> PaymentPlan:
    return payment_plan(view_of(*rows), RENT)


QUOTE = line(RENT, "implementation", 10_000, "one_off")


def test_the_plan_against_the_quote() -> None:
    found = plan(QUOTE, pay(4000), pay(7000, 30), pay(500, 10), line(RENT, "implementation", 9, "one_off", late=True))
    assert [row.code for row in found.rows] == ["PM3", "PM2", "PM1"]
    assert found.total == 11_500 and found.quoted == 10_000 and found.difference == 1500
    assert plan(QUOTE, pay(4000), pay(None)).difference is None and plan(QUOTE, pay(4000), pay(None)).open == ("PM2",)
    assert plan(pay(4000)).quoted is None and plan(pay(4000)).difference is None and plan(QUOTE).difference is None
    open_ = line(RENT, "implementation", 1, "one_off", likely=None)
    assert plan(QUOTE, open_, pay(4000)).quoted is None


def test_what_is_paid_before_acceptance() -> None:
    found = plan(pay(6000, -30, needs_acceptance=False, paid_on=TODAY - timedelta(30)), pay(2500, 20), pay(1500, 90),
                 pay(700, 40, needs_acceptance=False))
    assert [row.code for row in found.early] == ["PM1"] and found.prepaid == found.paid == 6000
    assert [row.code for row in plan(pay(900, needs_acceptance=None)).doubtful] == ["PM1"]


def test_what_is_due() -> None:
    day = TODAY - timedelta(3)
    found = plan(pay(1, -9), pay(2, -9, accepted_on=day), pay(3, -9, needs_acceptance=False), pay(4, -9, paid_on=day),
                 pay(5, 9), pay(6), pay(7, 0, needs_acceptance=None))
    assert found.overdue == ("PM2", "PM3", "PM7") and found.waiting == ("PM1",)
