"""Contradictions in rules are found, and only contradictions."""

from collections.abc import Mapping
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_workbook.catalogue.expressions import parse
from crm_workbook.catalogue.satisfiable import Domain, satisfiable

calm = settings(deadline=None, max_examples=200)

PARAMS: Mapping[str, float] = {"p_few": 3, "p_many": 5, "p_none": 0, "p_share": 0.1}


COUNT, SHARE, DAY, HOURS = Domain(0, whole=True), Domain(0, 1), Domain(whole=True), Domain(0)
DOMAINS = {"n": COUNT, "m": COUNT, "share": SHARE, "part": SHARE, "day": DAY, "hours": HOURS}


def possible(text: str, wanted: bool = True, domains: Mapping[str, Domain] = DOMAINS) -> bool:
    return satisfiable([(parse(text).tree, wanted)], PARAMS, domains)


@pytest.mark.parametrize(
    "text",
    [
        "x > 5 and x < 3",
        "x > p_many and x < p_few",
        "x > 5 and not x > 5",
        "x > 5 and (x < 3 or x <= 5)",
        "x > 5 and x <= 5",
        "x == 5 and x != 5",
        "x >= 5 and x <= 5 and x != 5",
        "x == 1 and x == 2",
        "a and not a",
        "p_few > p_many",
        "p_none * x > 0",
        "x - x > 0",
        "x > y and x < y",
        "x > y and y > x",
        "2 * x > 2 and -x >= -1",
        "x + y > 3 and 3 * (y + x) < 6",
        "x * y > 1 and y * x < 1",
        "x > p_share * 30 and x < 3",
        "not (x > 3 or x <= 3)",
        "(a or x > 3) and not a and x < 3",
        "not (a and b or not a or not b)",
    ],
)
def test_a_contradiction_is_found(text: str) -> None:
    assert not possible(text)
    assert not possible(f"not ({text})", wanted=False)
    assert possible(text, wanted=False)


@pytest.mark.parametrize(
    "text",
    [
        "x > 5", "x > 3 and x < 5", "x > p_few and x < p_many", "x >= 5 and x <= 5", "a or not a", "a and not b",
        "x != 1 and x != 2", "x > y and x < 2 * y", "x * x > 0", "x > 2 and (x < 1 or x < 3)", "not (a and b)", "x < 0",
    ],
)  # fmt: skip
def test_what_is_possible_is_left_alone(text: str) -> None:
    assert possible(text)


@pytest.mark.parametrize(
    "text",
    [
        "n < 0", "hours < 0", "share < 0", "share > 1", "n > 2 and n < 3", "day > 2 and day < 3", "n > 2.4 and n < 2.9",
        "n == 0.5", "2 * n == 5", "n > 0 and n < 3 and n != 1 and n != 2", "n + m < 0", "n * m < 0", "n + m > 2 and n + m < 3",
        "m + 2 * n > 2 and m + 2 * n < 3", "share + part > 2", "share - part > 1", "part - share < -1", "share * part > 1",
        "n + share < 0", "hours + n * share < 0", "2 - n > 2", "p_few * n > 0 and n < 1", "day > -1 and day < 0",
    ],
)  # fmt: skip
def test_what_a_fact_cannot_be_is_known(text: str) -> None:
    assert not possible(text)
    assert not possible(f"not ({text})", wanted=False)
    assert possible(text, domains={})


@pytest.mark.parametrize(
    "text",
    [
        "n > 0", "n < 1", "n > 2 and n < 4", "day < 0", "hours > 2 and hours < 3", "share >= 1", "share <= 0",
        "n >= 2 and n <= 2", "n > 0 and n < 4 and n != 1 and n != 3", "n > 2 and n != 3", "n - m < 0", "day * n < 0",
        "n * share > 2 and n * share < 3",
        "share + part > 1", "n + share > 2 and n + share < 3", "0.5 * n > 1 and 0.5 * n < 2", "n != 0.5",
    ],
)  # fmt: skip
def test_what_a_fact_can_be_is_left_alone(text: str) -> None:
    assert possible(text)


def test_numbers_of_any_size_are_compared() -> None:
    huge = "*".join(["999999999999999"] * 25)
    assert possible(f"n > {huge}")
    assert not possible(f"n * {huge} < 0 and n > 0")
    assert not possible(f"n + hours * {huge} < 0")


def test_several_expressions_are_judged_together() -> None:
    first, second = parse("x > 5 or a").tree, parse("not a and x < 3").tree
    assert satisfiable([(first, True), (second, False)], PARAMS)
    assert not satisfiable([(first, True), (second, True)], PARAMS)


def test_what_is_too_large_to_search_counts_as_possible() -> None:
    free = [f"(c{number} or d{number})" for number in range(12)]
    knot = [f"({a}a or {b}b)" for a, b in product(("", "not "), repeat=2)]
    assert {possible(" and ".join(free + knot)), possible(" and ".join(knot + free))} == {True, False}
    assert not possible("(x + y) * (x - y) != x * x - y * y")
    assert possible("x > 1 and x < 1 and " + "*".join(f"(x{n}+y{n})" for n in range(20)) + " > 1")


compared = st.tuples(
    st.sampled_from(["x", "p_few", "2"]),
    st.sampled_from([">", ">=", "<", "<=", "==", "!="]),
    st.sampled_from(["x", "1", "2", "p_few"]),
).map(" ".join)
whole = st.tuples(
    st.sampled_from(["n", "n + m", "n - m", "2 * n", "n * m"]),
    st.sampled_from([">", ">=", "<", "<=", "==", "!="]),
    st.sampled_from(["0", "1", "2", "0.5", "m", "1.5"]),
).map(" ".join)
rules = st.recursive(
    st.one_of(st.sampled_from(["a", "b"]), compared.map(lambda each: f"({each})")),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda each: f"({' '.join(each)})"),
        inner.map(lambda each: f"not {each}"),
    ),
    max_leaves=8,
)


@given(rules, st.booleans())
@calm
def test_it_is_what_trying_everything_finds(text: str, wanted: bool) -> None:
    # between and beyond all numbers that the rules compare with
    tried = product((True, False), (True, False), (Fraction(half, 2) for half in range(9)))
    found = any(parse(text).value({**PARAMS, "a": a, "b": b, "x": float(x)}) is wanted for a, b, x in tried)
    assert possible(text, wanted) is found


@given(st.lists(whole.map(lambda each: f"({each})"), min_size=1, max_size=4).map(" and ".join))
@calm
def test_what_whole_numbers_can_do_is_never_called_impossible(text: str) -> None:
    found = any(parse(text).value({"n": n, "m": m}) for n, m in product(range(6), repeat=2))
    assert possible(text) or not found
