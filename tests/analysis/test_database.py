"""The database as the company grows: which size, until when, and what it costs."""
from __future__ import annotations

from datetime import date
from decimal import Decimal
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_workbook.analysis.costs import Costs, costs
from crm_workbook.analysis.database import HORIZON, MISSING, Slide, slide, tiers
from crm_workbook.records import Record
from crm_workbook.records.phases import Phase
from crm_workbook.records.team import Scale
from crm_workbook.records.vendors import Answer, CostLine, DatabaseTier
from tests.analysis.views import view_of

A = "V1"


def size(users: int | None = None, gb: float | None = None, price: int | None = 0, once: int | None = None,
         vendor: str = A) -> DatabaseTier:
    return DatabaseTier(vendor=vendor, title=f"{users} {gb}", users=users, gb=gb,
                        price=None if price is None else Decimal(price), once=None if once is None else Decimal(once))


def line(amount: int | None, **more: object) -> CostLine:
    return CostLine(**{"vendor": A, "bucket": "dbms", "title": "Database", "kind": "recurring",
                       "likely": None if amount is None else Decimal(amount), **more})


def scale(users: int | None = 30, gb: float | None = 30.0, growth: float | None = 10.0) -> Scale:
    return Scale(users_at_once=users, data_gb=gb, users_growth=growth)


def said(question: str, value: str = "", state: str = "answered") -> Answer:
    return Answer(vendor=A, question=question, value=value, state=state)


def slid(*rows: Record, users: int | None = None, gb: float | None = None) -> Slide:
    return slide(view_of(*rows), A, users, gb)


def titles(found: Slide) -> tuple[str | None, str | None]:
    return found.now.title if found.now else None, found.then.title if found.then else None


SMALL, MIDDLE, LARGE = size(30, 50.0), size(60, 250.0, 5400, 900), size(None, None, 12_000)


def test_from_small_to_large() -> None:
    view = view_of(LARGE, size(60, None), size(30, 80.0), SMALL, MIDDLE, size(1, vendor="V2"))
    assert [(row.users, row.gb) for row in tiers(view, A)] == [(30, 50), (30, 80), (60, 250), (60, None), (None, None)]


def test_growth_of_users_reaches_the_next_size() -> None:
    found = slid(scale(), LARGE, MIDDLE, SMALL)
    assert titles(found) == ("30 50.0", "60 250.0") and (found.year, found.reason) == (2, "users")  # 33 users in year 2
    assert found.price == 0 and found.jump == 5400 and found.once == 900 and found.missing == ()
    assert (found.users, found.gb, found.limit_users, found.limit_gb) == (30, 30.0, 30, 50.0)


def test_data_reach_the_next_size() -> None:
    found = slid(scale(10, 30.0, 0.0), SMALL, MIDDLE)  # 10 GB more each year: 50 GB hold for five years
    assert (found.year, found.reason) == (6, "data") and found.jump == 5400
    assert titles(slid(scale(10, 180.0, 0.0), SMALL, MIDDLE)) == ("60 250.0", None)  # 60 GB in the first year
    both = slid(scale(30, 27.0, 1.0), size(30, 10.0), MIDDLE)  # 31 of 30 users, 18 of 10 GB
    assert (both.year, both.reason) == (2, "data")


def test_the_slider() -> None:
    rows = scale(10, 3.0, 10.0), SMALL, MIDDLE, LARGE
    assert titles(slid(*rows, users=31)) == ("60 250.0", "None None")
    assert titles(slid(*rows, users=31, gb=900.0)) == ("None None", None)
    assert titles(slid(*rows, users=30))[0] == "30 50.0" and slid(*rows, gb=150.0).year == 2  # 100 GB after two years
    assert slid(*rows, users=5).users == 5 and slid(*rows, gb=5.0).gb == 5.0


def test_no_size_is_large_enough() -> None:
    found = slid(scale(100), SMALL, MIDDLE)
    assert titles(found) == (None, None) and (found.year, found.reason, found.missing) == (1, "users", ("larger",))
    later = slid(scale(50), SMALL, MIDDLE)
    assert titles(later) == ("60 250.0", None) and (later.year, later.jump, later.missing) == (3, None, ("larger",))
    assert slid(scale(10, 1.0, 0.0), SMALL).year is None  # nothing within HORIZON years


@pytest.mark.parametrize(("rows", "missing"), [
    ([scale(None), SMALL], ("users",)), ([scale(gb=None), SMALL], ("data",)), ([scale(growth=None), SMALL], ("growth",)),
    ([scale(None, None, None), size()], ()), ([scale(None, 30.0), size(None, 80.0)], ()),
    ([scale(), size(40, None, None), MIDDLE], ("price",)), ([scale(), SMALL, size(90, None, None)], ("next_price",)),
    ([scale()], ("tiers", "load", "limit", "licence")),
    ([scale(), said("dbms-load", "40"), said("dbms-licence-cost", "never")], ("tiers", "limit")),
    ([scale(), said("dbms-size-limit", "90"), said("dbms-licence-cost", state="dont_know")], ("tiers", "load", "licence"))],
    ids=str)
def test_what_is_not_known_is_named(rows: list[Record], missing: tuple[str, ...]) -> None:
    found = slid(*rows)
    assert tuple(key for key in found.missing if key != "larger") == missing and set(found.missing) <= set(MISSING)


def test_without_sizes_the_answers_tell_what_they_can() -> None:
    rows = scale(30, 30.0, 10.0), said("dbms-licence-cost", "included-now")
    found = slid(*rows, said("dbms-size-limit", "10"), said("dbms-load", "200"))
    assert (found.limit_users, found.limit_gb, found.licence, found.tiers) == (200, 10, "included-now", ())
    assert (found.year, found.reason, found.price, found.jump) == (2, "data", None, None)
    assert slid(*rows, said("dbms-load", "33")).year == 3  # 33 users in year 2, 37 in year 3
    assert slid(*rows).year is None


SIZE = st.tuples(st.none() | st.integers(1, 60), st.none() | st.integers(1, 60))


@given(sizes=st.lists(SIZE, min_size=1, max_size=4), users=st.integers(0, 60), gb=st.integers(0, 60), growth=st.integers(0, 50))
def test_slide_against_a_slow_way(sizes: list[tuple[int | None, int | None]], users: int, gb: int, growth: int) -> None:
    found = slid(scale(users, float(gb), float(growth)), *(size(most, room) for most, room in sizes))
    ordered = sorted((most or inf, room or inf) for most, room in sizes)

    def needed(year: int) -> int:
        for place, (most, room) in enumerate(ordered):
            if users * (100 + growth) ** (year - 1) <= most * 100 ** (year - 1) and gb * year <= room * 3:
                return place
        return len(ordered)
    first = needed(1)
    late = [year for year in range(1, HORIZON + 1) if needed(year) > first or first == len(ordered)]
    assert found.year == (late[0] if late else None)
    assert (found.now is None) is (first == len(ordered))
    assert found.now is None or (found.now.users or inf, found.now.gb or inf) == ordered[first]


# ---- in the total cost ----

def of(*rows: Record, years: int = 3) -> Costs:
    return costs(view_of(*rows), A, years)


def priced(found: Costs) -> tuple[int, ...] | None:
    return None if found.sizes is None else tuple(map(int, found.sizes))


def test_a_database_charged_later_is_in_the_total() -> None:
    found = of(scale(), SMALL, MIDDLE, LARGE)
    assert priced(found) == (0, 6300, 5400) and found.total == found.low == found.high == 11_700
    assert found.buckets["dbms"] == found.sizes and "dbms" not in found.open_buckets
    assert priced(of(scale(growth=0.0), size(30, None, 100, 40))) == (140, 100, 100)  # the first size has a price for once, too
    assert priced(of(scale(growth=-30.0), MIDDLE)) == (6300, 5400, 5400)
    assert priced(of(scale(60, growth=-60.0), SMALL, MIDDLE)) == (6300, 5400, 5400)  # nobody goes back to a smaller one
    assert of(scale()).sizes is None and "dbms" not in of(scale()).buckets


def test_nothing_counts_twice() -> None:
    found = of(scale(), SMALL, MIDDLE, line(700, question="dbms-licence-cost"))
    assert found.sizes is None and found.total == 2100  # the line says what the database costs
    more = of(scale(), SMALL, MIDDLE, line(200, kind="one_off", title="Putting it in"))
    assert priced(more) == (0, 6300, 5400) and more.total == 11_900
    assert list(more.buckets["dbms"]) == [200, 6300, 5400]
    assert of(scale(), SMALL, MIDDLE, line(700, kind="one_off", question="dbms-licence-cost")).total == 12_400
    free = of(scale(), SMALL, MIDDLE, line(0, question="dbms-licence-cost"))  # "nothing to pay here" hides no size
    assert free.total == of(scale(), SMALL, MIDDLE).total
    assert of(scale(), SMALL, MIDDLE, line(700)).total == 13_800
    open_ = of(scale(), SMALL, MIDDLE, line(None))
    assert priced(open_) == (0, 6300, 5400) and open_.open_lines == ("CL1",) and open_.total == 11_700
    asked = said("dbms-licence-cost", "included-now")
    assert "dbms-licence-cost" in of(scale(), asked).opened and "dbms-licence-cost" not in of(scale(), asked, SMALL).opened


@pytest.mark.parametrize(("rows", "open_"), [
    ([scale(), SMALL, size(60, None, None)], ["DT2"]), ([scale(), size(40, None, None)], ["DT1"]),
    ([scale(56), MIDDLE], ["DT1"]), ([scale(None), SMALL, MIDDLE], ["DT1"]),
    ([scale(gb=None), SMALL, MIDDLE], ["DT2"]), ([scale(None, None), LARGE], []),
    ([scale(), SMALL, MIDDLE, size(None, None, None)], []),
    ([scale(), SMALL, size(60, None, None), line(7, question="dbms-licence-cost")], [])], ids=str)
def test_a_size_that_leaves_the_cost_open(rows: list[Record], open_: list[str]) -> None:
    found = of(*rows)
    assert [ghost.ref for ghost in found.ghosts if ghost.kind == "tier"] == open_
    assert ("dbms" in found.open_buckets) is bool(open_)
    assert not open_ or found.of("dbms") is None or found.of("dbms")  # an open amount is never a zero


def test_of_the_sizes_that_hold_the_cheapest_is_taken_and_kept() -> None:
    data, people = size(10, 1000.0, 50_000), size(500, 5.0, 100)  # neither is the larger one
    rows = scale(8, 3.0, 0.0), data, people
    assert titles(slid(*rows)) == ("500 5.0", "10 1000.0") and slid(*rows).year == 6 and of(*rows).total == 300
    assert priced(of(scale(8, 9.0, 0.0), data, people)) == (100, 50_000, 50_000)  # 3, 6, 9 GB
    assert priced(of(scale(8, 9.0, 0.0), data, size(500, 5.0, None))) == (50_000, 50_000, 50_000)
    open_ = of(scale(8, 3.0, 0.0), size(10, 1000.0, None), people)  # perhaps that one is cheaper
    assert priced(open_) == (0, 0, 0) and [ghost.ref for ghost in open_.ghosts if ghost.kind == "tier"] == ["DT1"]
    offer = size(60, 250.0, 10)
    assert titles(slid(scale(), size(30, 50.0, 20), offer)) == ("60 250.0", None)  # a larger one for less


def test_no_limit_is_a_limit_that_is_known() -> None:
    found = slid(scale(), said("dbms-load", "90"), said("dbms-size-limit", "no-limit"), said("dbms-licence-cost", "never"))
    assert found.missing == ("tiers",) and found.limit_gb is None and found.reason == "users"


def test_the_database_is_bought_for_all() -> None:
    phases = (Phase(title="1", users=5, go_live=date(2026, 5, 1)), Phase(title="2", users=25, go_live=date(2027, 6, 1)))
    found = slid(scale(), SMALL, MIDDLE, *phases)
    assert found.now is not None and found.now.users == 30 and found.year == 3  # growth begins after the second phase
