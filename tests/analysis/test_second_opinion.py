"""TOPSIS, ELECTRE I and Kendall's tau: against published worked examples, and against a second way to work them out."""
from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from math import hypot, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_workbook.analysis.second_opinion import electre, kendall_tau, topsis

SHARES = st.integers(0, 20).map(lambda value: value / 20)


@st.composite
def problems(draw: st.DrawFn, least: int = 1) -> tuple[list[list[float]], list[float]]:
    """A matrix and weights, some of them 0."""
    vendors, criteria = draw(st.integers(least, 6)), draw(st.integers(1, 5))
    matrix = [draw(st.lists(SHARES, min_size=criteria, max_size=criteria)) for _ in range(vendors)]
    weights = draw(st.lists(st.integers(0, 9), min_size=criteria, max_size=criteria).filter(any))
    return matrix, [weight / sum(weights) for weight in weights]


# ---- TOPSIS ----

def test_topsis_of_tzeng_and_huang() -> None:
    """Tzeng and Huang, Multiple Attribute Decision Making (2011), chapter 5: four alternatives, weights 0.3, 0.4, 0.3. The book
    scales each column to the length 1 first; our values are on one scale already."""
    table = [[5, 8, 4], [7, 6, 8], [8, 8, 6], [7, 4, 6]]
    lengths = [sqrt(sum(value * value for value in column)) for column in zip(*table, strict=True)]
    scaled = [[value / length for value, length in zip(row, lengths, strict=True)] for row in table]
    assert topsis(scaled, [0.3, 0.4, 0.3]) == pytest.approx([0.5037, 0.6581, 0.7482, 0.3340], abs=1e-4)


def test_topsis_by_hand() -> None:
    """Two criteria of the same weight: distances in a square of side 1/2."""
    near, far = hypot(0.25, 0.0), hypot(0.25, 0.5)
    assert topsis([[1, 1], [0, 0], [0.5, 1]], [0.5, 0.5]) == pytest.approx([1, 0, far / (far + near)])


@given(problems())
def test_topsis_is_what_the_definition_says(problem: tuple[list[list[float]], list[float]]) -> None:
    matrix, weights = problem
    found = topsis(matrix, weights)
    for row, score in zip(matrix, found, strict=True):
        up = down = 0.0
        for place, weight in enumerate(weights):
            column = [other[place] for other in matrix]
            up += (weight * (max(column) - row[place])) ** 2
            down += (weight * (row[place] - min(column))) ** 2
        assert score == pytest.approx(0.5 if up == down == 0 else down ** 0.5 / (up ** 0.5 + down ** 0.5))
    for one, a in zip(matrix, found, strict=True):
        for other, b in zip(matrix, found, strict=True):
            if all(mine <= theirs for mine, theirs in zip(one, other, strict=True)):
                assert a <= b + 1e-9  # whoever is nowhere better does not come before


def test_topsis_at_the_edges() -> None:
    assert topsis([], []) == ()
    assert topsis([[0.3, 0.4]], [0.5, 0.5]) == (0.5,)
    assert topsis([[0.3], [0.3]], [1.0]) == (0.5, 0.5)
    assert topsis([[0.9, 0.1], [0.2, 0.8]], [1.0, 0.0]) == (1.0, 0.0)
    assert topsis([[0.9], [0.1]], [0.0]) == (0.5, 0.5)


# ---- ELECTRE I ----

PLACES = [[6, 5, 28, 5, 5], [4, 2, 25, 10, 9], [5, 7, 35, 9, 6], [6, 1, 27, 6, 7], [6, 8, 30, 7, 9], [5, 6, 26, 4, 8]]
"""Cebrián and Porcar, Localización empresarial en Aragón, Revista de Métodos Cuantitativos para la Economía y la Empresa 7
(2009), 31-56: six places on five criteria, of which the third is to be small."""
CONCORDANCE = [[1.00, 0.50, 0.35, 0.50, 0.35, 0.45], [0.50, 1.00, 0.50, 0.75, 0.50, 0.50],
               [0.65, 0.50, 1.00, 0.45, 0.20, 0.70], [0.75, 0.25, 0.55, 1.00, 0.35, 0.45],
               [0.90, 0.70, 0.80, 0.90, 1.00, 0.90], [0.55, 0.50, 0.55, 0.55, 0.10, 1.00]]
"""The concordance that they print."""


def places() -> list[list[float]]:
    """Each column divided by its sum, and turned round where small is good."""
    sums = [sum(column) for column in zip(*PLACES, strict=True)]
    return [[value / total * (-1 if place == 2 else 1) for place, (value, total) in enumerate(zip(row, sums, strict=True))]
            for row in PLACES]


WEIGHTS = [0.25, 0.25, 0.1, 0.2, 0.2]


@pytest.mark.parametrize("level", sorted({value for row in CONCORDANCE for value in row}))
def test_concordance_of_cebrian_and_porcar(level: float) -> None:
    """At each level those outrank whose printed concordance reaches it, when nothing is said about discordance."""
    wanted = {(a, b) for a, b in permutations(range(6), 2) if CONCORDANCE[a][b] >= level}
    assert electre(places(), WEIGHTS, level, 1.0).outranks == wanted


def test_kernel_of_cebrian_and_porcar() -> None:
    """They choose the fifth place; so does the usual pair of thresholds."""
    assert electre(places(), WEIGHTS).kernel == (4,)


@given(problems(), st.integers(10, 20), st.integers(0, 20))
def test_electre_is_what_the_definition_says(problem: tuple[list[list[float]], list[float]], c: int, d: int) -> None:
    matrix, weights = problem
    exact = [[Fraction(round(value * 20)) for value in row] for row in matrix]
    shares = [Fraction(weight).limit_denominator(1000) for weight in weights]
    ranges = [max(column) - min(column) for column in zip(*exact, strict=True)]
    wanted = set()
    for a, b in permutations(range(len(exact)), 2):
        agree = sum((share for share, x, y in zip(shares, exact[a], exact[b], strict=True) if x >= y), Fraction(0))
        veto = any(y - x > Fraction(d, 20) * max(ranges) for x, y in zip(exact[a], exact[b], strict=True))
        if agree >= Fraction(c, 20) and not veto:
            wanted.add((a, b))
    found = electre(matrix, weights, c / 20, d / 20)
    assert found.outranks == wanted
    assert found.kernel  # somebody is always left
    for vendor in range(len(matrix)):
        outranked_by = {a for a, b in wanted if b == vendor}
        if not outranked_by:
            assert vendor in found.kernel
        elif not any(a == vendor for a, b in wanted):
            assert vendor not in found.kernel


def test_one_terrible_thing_is_a_veto() -> None:
    better_in_most = [[1.0, 1.0, 1.0, 0.0], [0.9, 0.9, 0.9, 0.9]]
    found = electre(better_in_most, [0.25] * 4)
    assert (found.outranks, found.kernel) == (frozenset(), (0, 1))
    assert electre(better_in_most, [0.25] * 4, discordance=1.0).kernel == (0,)


def test_electre_at_the_edges() -> None:
    assert electre([], []).kernel == ()
    assert electre([[0.2]], [1.0]).kernel == (0,)
    assert electre([[0.2], [0.2]], [1.0]).kernel == (0, 1)  # they outrank each other: nobody falls out
    circle = [[0.6, 0.3, 0.0], [0.0, 0.6, 0.3], [0.3, 0.0, 0.6]]
    found = electre(circle, [1 / 3] * 3, discordance=1.0)
    assert found.outranks == {(1, 0), (2, 1), (0, 2)} and found.kernel == (0, 1, 2)  # they count as one
    assert electre([*circle, [0.0, 0.0, 0.0]], [1 / 3] * 3, discordance=1.0).kernel == (0, 1, 2)
    assert electre([[0.9, 0.1], [0.2, 0.8]], [1.0, 0.0], discordance=1.0).kernel == (0,)


def test_the_last_digit_outranks_nobody() -> None:
    """0.1 + 0.2 is not 0.3 to a computer."""
    level = [[0.1 + 0.2, 0.5], [0.3, 0.5]]
    assert topsis(level, [0.5, 0.5]) == (0.5, 0.5)
    assert electre(level, [0.5, 0.5]).outranks == {(0, 1), (1, 0)} and electre(level, [0.5, 0.5]).kernel == (0, 1)
    assert electre([[0.1 + 0.2], [0.3]], [1.0]).kernel == (0, 1)


# ---- Kendall's tau ----

@pytest.mark.parametrize(("a", "b", "tau"), [
    ([1, 2, 3], [10, 20, 30], 1.0), ([1, 2, 3], [3, 2, 1], -1.0), ([1, 2, 3, 4], [1, 3, 2, 4], 4 / 6),
    ([1, 1, 2], [1, 2, 2], 1 / 2), ([1, 1], [1, 2], None), ([1], [1], None), ([], [], None)])
def test_kendall_tau(a: list[float], b: list[float], tau: float | None) -> None:
    assert kendall_tau(a, b) == (None if tau is None else pytest.approx(tau))


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=12))
def test_kendall_tau_against_counting_by_pairs(pairs: list[tuple[int, int]]) -> None:
    """`(P - Q) / sqrt((P + Q + X) (P + Q + Y))`, X level in the second row only, Y in the first only."""
    tally = {"same": 0, "opposite": 0, "second": 0, "first": 0, "both": 0}
    for place, (a1, b1) in enumerate(pairs):
        for a2, b2 in pairs[place + 1:]:
            kind = ("both" if a1 == a2 and b1 == b2 else "first" if a1 == a2 else "second" if b1 == b2
                    else "same" if (a1 < a2) == (b1 < b2) else "opposite")
            tally[kind] += 1
    strict = tally["same"] + tally["opposite"]
    below = (strict + tally["first"]) * (strict + tally["second"])
    found = kendall_tau([a for a, _ in pairs], [b for _, b in pairs])
    assert found == (pytest.approx((tally["same"] - tally["opposite"]) / sqrt(below)) if below else None)
