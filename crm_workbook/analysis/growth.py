"""How much there is of what costs are counted by, year by year: users, users at once, calls, GB.

Year 1 is that of the first start.
"""
from __future__ import annotations

from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from crm_workbook.analysis.facts.view import View, shared
from crm_workbook.records.phases import Phase
from crm_workbook.records.team import Scale

DATA_YEARS = 3
"""`Scale.data_gb` is expected after so many years; until then and from then on the data grow evenly."""


@shared
def starts(view: View) -> tuple[tuple[date, int | None], ...]:
    """The day on which each phase comes into use, with its users. Phases without a day are left out."""
    return tuple((row.go_live, row.users) for row in view.rows(Phase) if row.go_live is not None)


def started(view: View) -> int:
    """The year in which the last phase comes into use; 1 while the phases do not say."""
    days = [day for day, _count in starts(view)]
    return (max(days) - min(days)).days // 365 + 1 if days else 1


def factor(view: View, year: int) -> Decimal:
    """`(1 + g)^(years since all phases have started)`, g from `Scale.users_growth`; 1 without it, and never below 0."""
    percent = view.only(Scale).users_growth
    since = max(year - started(view), 0)
    return Decimal(1) if percent is None or not since else max(1 + Decimal(str(percent)) / 100, Decimal(0)) ** since


def users(view: View, year: int) -> int | None:
    """Users in a year: those of all phases in use by its end (so phases save licences), but never more than all users. Once
    all phases have started the number grows by `factor`, to whole people. While the phases do not say, all users; None when
    these are not known either."""
    known = _users(view)
    return known[year - 1] if year <= len(known) else _users_of(view, year)


@shared
def _users(view: View) -> tuple[int | None, ...]:
    """The first years, worked out once for all vendors and cost lines."""
    return tuple(_users_of(view, year) for year in range(1, 6))


def _users_of(view: View, year: int) -> int | None:
    count = _begun(view, year)
    return None if count is None else int((count * factor(view, year)).to_integral_value(ROUND_HALF_UP))


def _begun(view: View, year: int) -> int | None:
    """Users who have begun by the end of a year, before any growth."""
    everybody, days = view.only(Scale).users_total, starts(view)
    if not days:
        return everybody
    first = min(day for day, _count in days)
    counts = [count for day, count in days if (day - first).days < 365 * year]
    if None in counts:
        return everybody
    total = sum(count or 0 for count in counts)
    return total if everybody is None else min(total, everybody)


def at_once(view: View, year: int, users: int | None = None) -> int | None:
    """Users at once in the busiest hour of a year: `users` (without it those of `Scale`), growing by `factor`. Phases do not
    lower it: the database is bought for the busiest hour of all."""
    now = view.only(Scale).users_at_once if users is None else users
    return None if now is None else int((now * factor(view, year)).to_integral_value(ROUND_CEILING))


def calls(view: View, year: int) -> int | None:
    """Calls at once in the busiest hour of a year: those of `Scale`, growing with the users by `factor`."""
    now = view.only(Scale).calls_at_once
    return None if now is None else int((now * factor(view, year)).to_integral_value(ROUND_CEILING))


def data(view: View, year: int, gb: float | None = None) -> float | None:
    """GB at the end of a year: `gb` (without it that of `Scale`) is there after `DATA_YEARS` years."""
    later = view.only(Scale).data_gb if gb is None else gb
    return None if later is None else later * year / DATA_YEARS
