"""Costs as money over time: by year, added up, at today's worth, against another vendor; and the payment plan.

Year 1 is that of the first start. All amounts are `Decimal` and "at least" while `Costs.open_amounts` is not 0.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate
from typing import TypeAlias

from crm_workbook.analysis import costs, growth, scoring
from crm_workbook.analysis.facts.parts import past
from crm_workbook.analysis.facts.view import View
from crm_workbook.records.vendors import CostLine, Payment

ZERO = Decimal(0)
Flow: TypeAlias = "costs.Costs | Sequence[Decimal]"
"""The costs of a vendor, or an amount for each year."""


def by_year(flow: Flow) -> tuple[Decimal, ...]:
    """The cost of each year, without leaving."""
    if not isinstance(flow, costs.Costs):
        return tuple(flow)
    return tuple(sum(amounts, ZERO) for amounts in zip([ZERO] * flow.years, *flow.buckets.values(), strict=True))


def cumulated(flow: Flow) -> tuple[Decimal, ...]:
    """What was spent up to the end of each year."""
    return tuple(accumulate(by_year(flow)))


def npv(flow: Flow, rate_percent: float) -> Decimal:
    """Net present value: `sum over t of F_t / (1 + r)^t`, t = 0 for the first year.

    The first year is not discounted: set-up, licences and rent are paid when it begins, which is now (payments in advance, an
    annuity due). The spreadsheet function NPV places its first amount one year later, so `npv(F) = F_0 + NPV(r; F_1 ...)`, as
    Microsoft's description of NPV says: "If your first cash flow occurs at the beginning of the first period, the first value
    must be added to the NPV result" (support.microsoft.com, NPV function). ValueError for a rate of -100 % or less.
    """
    rate = 1 + Decimal(str(rate_percent)) / 100
    if rate <= 0:
        raise ValueError(f"a discount rate of {rate_percent} %")
    return sum((amount / rate ** t for t, amount in enumerate(by_year(flow))), ZERO)


def discounted(view: View, flow: Flow) -> Decimal:
    """The net present value (`npv`) at the rate that the company has set (param p_discount_percent)."""
    return npv(flow, view.param("p_discount_percent"))


def crossing(a: Flow, b: Flow) -> int | None:
    """The first year (1, 2 ...) by whose end the one that was cheaper before has cost more, as rent overtakes purchase. None
    when the order of what was spent never turns in the years both have; being equal for a while is no turn."""
    first = ZERO
    for year, (one, other) in enumerate(zip(cumulated(a), cumulated(b), strict=False), 1):
        gap = one - other
        if first * gap < 0:
            return year
        first = first or gap
    return None


# ---- for one user ----

def per_user(view: View, found: costs.Costs) -> Decimal | None:
    """The cost of one user for one year: the TCO / the users of all years added up. None while nothing is priced, or the users
    are not known."""
    counts = [growth.users(view, year) for year in range(1, found.years + 1)]
    total = sum(count for count in counts if count is not None)
    return found.total / total if total and None not in counts and found.buckets else None


def per_active_user(view: View, found: costs.Costs) -> Decimal | None:
    """The cost of one active user for one year: `per_user` / the active rate (fact active_rate). None while that was not
    measured: it is known only for the vendor whose system is in use, the chosen one. Also None when nobody is active."""
    made, each, rate = scoring.decision(view), per_user(view, found), view.value("active_rate")
    if made is None or made.vendor != found.vendor or each is None or not rate:
        return None
    return each / Decimal(str(rate))


# ---- the payment plan ----

@dataclass(frozen=True, slots=True)
class PaymentPlan:
    """The payments to a vendor, by day; those without a day last.

    `total`: all amounts; `open`: codes of the payments without one, with which the total is "at least". `quoted`: the price of
    the introduction as its cost lines say it; None without any or while one is open. `early`: payments before the first
    acceptance; `doubtful`: those of which that is not known. `overdue`: codes of those whose day has come, that may be paid and
    are not; `waiting`: of those whose day has come and whose acceptance is missing: they are not to be paid yet.
    """

    rows: tuple[Payment, ...]
    total: Decimal
    open: tuple[str, ...]
    paid: Decimal
    quoted: Decimal | None
    early: tuple[Payment, ...]
    doubtful: tuple[Payment, ...]
    overdue: tuple[str, ...]
    waiting: tuple[str, ...]

    @property
    def difference(self) -> Decimal | None:
        """What the plan comes to above what was quoted (below: negative). None without both, and while an amount is open."""
        return None if self.open or self.quoted is None or not self.rows else self.total - self.quoted

    @property
    def prepaid(self) -> Decimal:
        """What is paid before the first acceptance, as far as that is known."""
        return _amount(self.early)


def payment_plan(view: View, vendor: str) -> PaymentPlan:
    """The payment plan of a vendor.

    Paid early is what was paid before anything was accepted, and what falls due without an acceptance before the first one (or
    before the day on which that is due).
    """
    return view.once(scoring.OfVendor(_plan, vendor))


def _plan(view: View, vendor: str) -> PaymentPlan:
    rows = view.where(Payment, "vendor", vendor)
    accepted = min((row.accepted_on for row in rows if row.accepted_on and past(view, row.accepted_on)), default=None)
    planned = min((row.due for row in rows if row.needs_acceptance and row.due), default=None)
    early = [(row, _early(view, row, accepted, accepted or planned)) for row in rows]
    come = [row for row in rows if past(view, row.due) and not past(view, row.paid_on)]
    waiting = [row for row in come if row.needs_acceptance and not past(view, row.accepted_on)]
    return PaymentPlan(
        tuple(sorted(rows, key=lambda row: (row.due or date.max, row.number))),
        _amount(rows), tuple(row.code for row in rows if row.amount is None),
        _amount([row for row in rows if past(view, row.paid_on)]), _quoted(view, vendor),
        tuple(row for row, found in early if found), tuple(row for row, found in early if found is None),
        tuple(row.code for row in come if row not in waiting), tuple(row.code for row in waiting))


def _amount(rows: Sequence[Payment]) -> Decimal:
    return sum((row.amount for row in rows if row.amount is not None), ZERO)


def _quoted(view: View, vendor: str) -> Decimal | None:
    found = costs.costs(view, vendor)
    lines = [row for row in view.where(CostLine, "vendor", vendor) if row.bucket == costs.IMPLEMENTATION and not row.late]
    return found.quoted if lines and all(row.code in found.lines for row in lines) else None


def _early(view: View, row: Payment, accepted: date | None, first: date | None) -> bool | None:
    """Is it paid before the first acceptance? None while that is not known."""
    if row.paid_on is not None and past(view, row.paid_on):
        return accepted is None or row.paid_on < accepted
    if row.needs_acceptance or past(view, row.accepted_on):
        return False
    if first is not None and (row.due is None or row.due >= first):
        return None if row.due is None else False
    return None if row.needs_acceptance is None else True
