"""What the database costs as the company grows: the size that is needed now, the year in which it becomes too small, the jump.

The vendor's sizes (`DatabaseTier`) are ordered from small to large; an empty limit means no limit. Of the sizes that hold what
is needed the cheapest is taken, and kept as long as it holds: nobody changes it before. While no size is written
down, the answers about the database tell what there is to tell, and what is not known is named.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import inf

from crm_workbook.analysis import growth, scoring
from crm_workbook.analysis.facts.view import View
from crm_workbook.i18n import N_
from crm_workbook.records.team import Scale
from crm_workbook.records.vendors import DatabaseTier

HORIZON = 15
"""Years that are looked ahead for the next size."""
SIZE_LIMIT, LOAD, LICENCE = "dbms-size-limit", "dbms-load", "dbms-licence-cost"
"""Questions that tell something about the database while no size is written down: GB, users at once, price."""
USERS, DATA = "users", "data"
MISSING: Mapping[str, str] = {
    USERS: N_("Nobody has written down how many users work at once."),
    DATA: N_("Nobody has written down how much data there will be."),
    "growth": N_("Nobody has written down how the number of users grows."),
    "tiers": N_("The vendor's database sizes and their prices are not written down."),
    "price": N_("The price of this database size is not known."),
    "next_price": N_("The price of the next database size is not known."),
    "larger": N_("No size of this vendor is large enough for what you expect."),
    "limit": N_("The vendor has not said how large the database may grow."),
    "load": N_("The vendor has not said how many people worked at once in such a system."),
    "licence": N_("The vendor has not said clearly whether the database will cost something."),
}
"""What may not be known about the database, as sentences."""


@dataclass(frozen=True, slots=True)
class Slide:
    """The database at a number of users at once (`users`, now) and an amount of data (`gb`, after `growth.DATA_YEARS` years).

    `now`: the size needed in the first year; `year`: the first year in which it is too small (1: no size is large enough today;
    None: not within `HORIZON` years), for the `reason` "users" or "data" ("" without a year); `then`: the size needed from that
    year on, None when there is none so large. `limit_users`, `limit_gb`: where the present size ends (None: no limit, or not
    known). `licence`: the answer to the question `LICENCE`, "" without one. `missing`: what is not known, keys of `MISSING`.
    """

    tiers: tuple[DatabaseTier, ...]
    users: int | None
    gb: float | None
    now: DatabaseTier | None
    then: DatabaseTier | None
    year: int | None
    reason: str
    limit_users: float | None
    limit_gb: float | None
    licence: str
    missing: tuple[str, ...]

    @property
    def price(self) -> Decimal | None:
        """What the present size costs in a year; None: not known."""
        return None if self.now is None else self.now.price

    @property
    def jump(self) -> Decimal | None:
        """What a year costs more from `year` on; None while it is not known or nothing changes."""
        after = None if self.then is None else self.then.price
        return None if after is None or self.price is None else after - self.price

    @property
    def once(self) -> Decimal | None:
        """What has to be paid once in `year`; None when nothing was written."""
        return None if self.then is None else self.then.once


@dataclass(frozen=True, slots=True)
class TierCosts:
    """What the sizes of a vendor cost in each year, and the codes of those that leave it open: a size that is needed has no
    price, none is large enough, or it is not known how much is needed."""

    amounts: tuple[Decimal, ...]
    open: tuple[str, ...]


def tiers(view: View, vendor: str) -> tuple[DatabaseTier, ...]:
    """The database sizes of a vendor, from small to large."""
    return view.once(scoring.OfVendor(_tiers, vendor))


def _tiers(view: View, vendor: str) -> tuple[DatabaseTier, ...]:
    rows = view.part(DatabaseTier, "vendor", vendor)
    return tuple(sorted(rows, key=lambda row: (_limit(row.users), _limit(row.gb), row.number)))


def tier_costs(view: View, vendor: str, years: int) -> TierCosts | None:
    """What the database costs by its sizes over these years: the yearly price of the size that each year needs, and its price
    for once in the year in which one comes to it. Prices stay as they are; an empty price for once is none. Where
    `TierCosts.open` names a size, something comes on top. None: there are no sizes."""
    rows = tiers(view, vendor)
    if not rows:
        return None
    limits = [(row.users, row.gb) for row in rows]
    places = _places(limits, _needs(view, years), rows)
    open_ = dict[str, None]()
    if places[-1] == len(rows):
        open_[rows[-1].code] = None
    amounts, before = list[Decimal](), -1
    for place in (min(place, len(rows) - 1) for place in places):
        row = rows[place]
        if row.price is None:
            open_[row.code] = None
        amounts.append((row.price or Decimal(0)) + ((row.once or Decimal(0)) if place != before else Decimal(0)))
        before = place
    if _unknown(view, limits[:max(places) + 1]):
        open_[rows[min(places[-1], len(rows) - 1)].code] = None
    return TierCosts(tuple(amounts), tuple(open_))


def slide(view: View, vendor: str, users: int | None = None, gb: float | None = None) -> Slide:
    """The database of a vendor at this number of users at once (now) and this amount of data (after three years); without
    them, as `Scale` says. `Slide.missing` says what could not be judged: the rest is judged without it."""
    scale, rows, given = view.only(Scale), tiers(view, vendor), scoring.answers(view, vendor)
    users, gb = scale.users_at_once if users is None else users, scale.data_gb if gb is None else gb
    licence = scoring.reply(given.get(LICENCE))
    limits: list[Limits]
    if rows:
        limits = [(row.users, row.gb) for row in rows]
        missing = list[str]()
    else:
        told = scoring.number(given.get(LOAD)), scoring.number(given.get(SIZE_LIMIT))
        endless = scoring.unlimited(view.catalogue.questions.get(SIZE_LIMIT), given.get(SIZE_LIMIT))
        limits = [told]
        missing = ["tiers", *(["load"] if told[0] is None else []), *(["limit"] if told[1] is None and not endless else []),
                   *(["licence"] if licence in ("", scoring.UNKNOWN, "extra-unknown") else [])]
    needs = list(_needs(view, HORIZON, users, gb))
    places = _places(limits, needs, rows)
    first, last = places[0], len(limits)
    year = 1 if first == last else next((year for year, place in enumerate(places, 1) if place != first), None)
    there = limits[min(first, last - 1)]
    now = rows[first] if first < len(rows) else None
    then = rows[places[year - 1]] if year is not None and places[year - 1] < len(rows) else None
    missing += _unknown(view, limits[:first + 1], users, gb)
    if there[0] is not None and users is not None and scale.users_growth is None:
        missing.append("growth")
    missing += [key for key, tier in (("price", now), ("next_price", then)) if tier is not None and tier.price is None]
    if rows and year is not None and then is None:
        missing.append("larger")
    return Slide(rows, users, gb, now, then, year, _reason(there, needs[year - 1]) if year is not None else "", *there, licence,
                 tuple(missing))


# ---- which size ----

Limits = tuple[float | None, float | None]
"""Users at once and GB that a size can hold, or that a year needs. As a limit None means none; as a need, not known."""


def _limit(value: float | None) -> float:
    return inf if value is None else value


def _needs(view: View, years: int, users: int | None = None, gb: float | None = None) -> Iterator[Limits]:
    """What each year needs."""
    return ((growth.at_once(view, year, users), growth.data(view, year, gb)) for year in range(1, years + 1))


def _places(limits: Sequence[Limits], needs: Iterable[Limits], rows: Sequence[DatabaseTier]) -> list[int]:
    """The size of each year: that of the year before while it holds, otherwise the cheapest that does; from the year on in
    which none does, the number of sizes. `rows`: the sizes with these limits, if there are any."""
    found, place = list[int](), -1
    for need in needs:
        if place < len(limits) and (place < 0 or not _holds(limits[place], need)):
            place = _cheapest([at for at, limit in enumerate(limits) if _holds(limit, need)], rows, len(limits))
        found.append(place)
    return found


def _holds(limit: Limits, need: Limits) -> bool:
    """Does a size hold what a year needs? What is not known is taken as nothing."""
    return all((amount or 0) <= _limit(most) for amount, most in zip(need, limit, strict=True))


def _cheapest(places: Sequence[int], rows: Sequence[DatabaseTier], none: int) -> int:
    """The cheapest of these sizes by the year; of equal ones the smallest. While the price of the smallest is not known, it is
    taken: nobody can say that another one is cheaper."""
    if not places or not rows or rows[places[0]].price is None:
        return places[0] if places else none
    return min((at for at in places if rows[at].price is not None), key=lambda at: (rows[at].price, at))


def _unknown(view: View, limits: Sequence[Limits], users: int | None = None, gb: float | None = None) -> list[str]:
    """Which needs are not known although one of these sizes limits them."""
    need = growth.at_once(view, 1, users), growth.data(view, 1, gb)
    return [name for name, known, place in ((USERS, need[0], 0), (DATA, need[1], 1))
            if known is None and any(limit[place] is not None for limit in limits)]


def _reason(there: Limits, need: Limits) -> str:
    """What grows out of a size; of both, what exceeds it by the larger share."""
    over = [(amount or 0) / limit if limit else inf if limit == 0 and amount else 0.0
            for amount, limit in zip(need, there, strict=True)]
    return USERS if over[0] >= over[1] else DATA
