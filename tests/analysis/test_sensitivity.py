"""Stability of the first place: intervals against a brute-force grid, drawn weights against numpy and against exact areas."""
from __future__ import annotations

from itertools import pairwise
from math import sqrt
from random import Random
from statistics import correlation, fmean, pstdev
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_workbook.analysis import sensitivity
from crm_workbook.analysis.sensitivity import (
    Acceptability,
    Interval,
    Turn,
    smaa,
    smaa_each,
    stability,
    talk_first,
    totals,
    weightings,
    wins_only_if,
)

SHARES = st.integers(0, 20).map(lambda value: value / 20)
GRID = 400
Matrix = list[list[float]]


@st.composite
def problems(draw: st.DrawFn) -> tuple[Matrix, list[float]]:
    """A matrix of at least two criteria and weights, none of them all of the weight."""
    vendors, criteria = draw(st.integers(1, 6)), draw(st.integers(2, 5))
    matrix = [draw(st.lists(SHARES, min_size=criteria, max_size=criteria)) for _ in range(vendors)]
    weights = draw(st.lists(st.integers(0, 9), min_size=criteria, max_size=criteria)
                   .filter(lambda row: sum(map(bool, row)) > 1))
    return matrix, [weight / sum(weights) for weight in weights]


def moved(weights: list[float], criterion: int, t: float) -> list[float]:
    """The weights with that of one criterion set to t, the others in their proportions."""
    rest = sum(weight for place, weight in enumerate(weights) if place != criterion)
    return [t if place == criterion else weight * (1 - t) / rest for place, weight in enumerate(weights)]


def score(row: list[float], weights: list[float]) -> float:
    return sum(value * weight for value, weight in zip(row, weights, strict=True))


def leads(matrix: Matrix, vendor: int, weights: list[float]) -> float:
    """How far a vendor is ahead of the best of the others; below 0: behind."""
    mine = score(matrix[vendor], weights)
    return min((mine - score(row, weights) for place, row in enumerate(matrix) if place != vendor), default=1.0)


# ---- one weight at a time ----

def test_totals() -> None:
    assert totals([[1.0, 0.0], [0.5, 0.5]], [0.3, 0.7]) == pytest.approx((0.3, 0.5))
    assert totals([], []) == ()


def test_stability_by_hand() -> None:
    """0.6 t + 0.5 (1 - t) against 0.2 t + 0.9 (1 - t): they meet at t = 1/2."""
    matrix = [[0.6, 0.5], [0.2, 0.9]]
    assert stability(matrix, [0.8, 0.2], 0) == Interval(0.5, 1.0, 1, None)
    assert stability(matrix, [0.8, 0.2], 1) == Interval(0.0, 0.5, None, 1)
    assert stability(matrix, [0.3, 0.7], 0) == Interval(0.0, 0.5, None, 0)


TABLE = [[0.3088, 0.2897, 0.3867, 0.1922], [0.2163, 0.3458, 0.1755, 0.6288],
         [0.4509, 0.2473, 0.1194, 0.0575], [0.0240, 0.1172, 0.3184, 0.1215]]
RAW = [0.3277, 0.3058, 0.2876, 0.0790]
"""Triantaphyllou and Sanchez, A sensitivity analysis approach for some deterministic multi-criteria decision making methods,
Decision Sciences 28 (1997), 151-194: the example of the weighted sum model."""


def test_scores_of_triantaphyllou_and_sanchez() -> None:
    assert totals(TABLE, RAW) == pytest.approx((0.3162, 0.2768, 0.2623, 0.1449), abs=1e-4)


@pytest.mark.parametrize("criterion", range(4))
def test_interval_recomputed_with_theorem_1_of_triantaphyllou_and_sanchez(criterion: int) -> None:
    """Worked out here, not printed there. Their theorem 1: alternatives i and j change places when
    `(P_j - P_i) / (a_jk - a_ik)` is taken from weight k, before the weights are divided by their new sum; it can be, if it is
    no more than the weight."""
    scores = [score(row, RAW) for row in TABLE]
    best = max(range(4), key=scores.__getitem__)
    low, high = 0.0, 1.0
    for other in range(4):
        if other == best or TABLE[other][criterion] == TABLE[best][criterion]:
            continue
        taken = (scores[other] - scores[best]) / (TABLE[other][criterion] - TABLE[best][criterion])
        if taken > RAW[criterion]:
            continue
        share = (RAW[criterion] - taken) / (sum(RAW) - taken)
        low, high = (max(low, share), high) if taken > 0 else (low, min(high, share))
    found = stability(TABLE, RAW, criterion)
    assert (found.low, found.high) == pytest.approx((low, high))


@given(problems())
def test_stability_against_a_grid(problem: tuple[Matrix, list[float]]) -> None:
    matrix, weights = problem
    best = max(score(row, weights) for row in matrix)
    winner = next(place for place, row in enumerate(matrix) if score(row, weights) >= best - 1e-9)
    for criterion, now in enumerate(weights):
        found = stability(matrix, weights, criterion)
        assert 0 <= found.low <= now <= found.high <= 1
        for step in range(GRID + 1):
            t = step / GRID
            lead = leads(matrix, winner, moved(weights, criterion, t))
            if found.low <= t <= found.high:
                assert lead >= -1e-9
            elif (t < found.low - 1e-6 and found.low - t < 2 / GRID) or (t > found.high + 1e-6 and t - found.high < 2 / GRID):
                assert lead < 1e-9
        for end, beyond, step_ in ((found.low, found.below, -1e-6), (found.high, found.above, 1e-6)):
            if beyond is None:
                assert end in (0.0, 1.0)
            else:
                assert leads(matrix, beyond, moved(weights, criterion, end + step_)) >= -1e-12 and beyond != winner


def test_stability_at_the_edges() -> None:
    assert stability([], [0.5, 0.5], 0) == Interval(0.0, 1.0, None, None)
    assert stability([[0.2, 0.7]], [0.5, 0.5], 1) == Interval()
    assert stability([[0.2], [0.7]], [1.0], 0) == Interval()
    assert stability([[0.4, 0.7], [0.4, 0.7]], [0.5, 0.5], 1) == Interval()
    # All weight on one criterion: the others share what it gives away.
    assert stability([[1.0, 0.0, 0.0], [0.5, 0.5, 1.0]], [1.0, 0.0, 0.0], 0) == Interval(0.6, 1.0, 1, None)
    # A draw: already the smallest step decides.
    assert stability([[0.6, 0.4], [0.4, 0.6]], [0.5, 0.5], 0) == Interval(0.5, 1.0, 1, None)
    # Three in one point: named is the one who wins behind it.
    assert stability([[0.5, 0.5], [0.6, 0.4], [0.9, 0.1]], [0.3, 0.7], 0) == Interval(0.0, 0.5, None, 2)
    # Nothing has a weight: all the same.
    assert stability([[0.6, 0.5], [0.2, 0.9]], [0.0, 0.0], 0) == stability([[0.6, 0.5], [0.2, 0.9]], [0.5, 0.5], 0)


def test_wins_only_if_by_hand() -> None:
    matrix = [[0.9, 0.5, 0.5], [0.4, 0.6, 0.5], [0.3, 0.3, 0.3]]
    weights = [0.5, 0.25, 0.25]
    turns = wins_only_if(matrix, weights, 1)
    # With t on the first: 0.9 t + 0.5 (1 - t) against 0.4 t + 0.55 (1 - t), at t = 1/11. On the second, with 2/3 and 1/3 of
    # the rest: 23/30 (1 - t) + t/2 against 13/30 (1 - t) + 3 t/5, at t = 10/13.
    assert [(turn.criterion, turn.more) for turn in turns] == [(0, False), (1, True)]
    assert [turn.weight for turn in turns] == pytest.approx([1 / 11, 10 / 13])
    assert wins_only_if(matrix, weights, 0) == ()  # it wins already
    assert wins_only_if(matrix, weights, 2) == ()  # whatever the weights are


@given(problems(), st.data())
def test_wins_only_if_against_a_grid(problem: tuple[Matrix, list[float]], data: st.DataObject) -> None:
    matrix, weights = problem
    vendor = data.draw(st.integers(0, len(matrix) - 1))
    turns = wins_only_if(matrix, weights, vendor)
    if leads(matrix, vendor, weights) >= -1e-9:
        assert turns == ()
        return
    ways = [abs(turn.weight - weights[turn.criterion]) for turn in turns]
    assert all(a <= b for a, b in pairwise(ways))
    by_criterion = {turn.criterion: turn for turn in turns}
    for criterion, now in enumerate(weights):
        turn = by_criterion.get(criterion, Turn(criterion, 2.0 if now < 2 else -1.0, True))
        if criterion in by_criterion:
            assert leads(matrix, vendor, moved(weights, criterion, turn.weight)) == pytest.approx(0, abs=1e-9)
            assert turn.more == (turn.weight > now)
        for step in range(GRID + 1):
            t = step / GRID
            if leads(matrix, vendor, moved(weights, criterion, t)) > 1e-9:
                assert criterion in by_criterion
                assert t >= turn.weight if turn.more else t <= turn.weight


def test_wins_only_if_at_the_edges() -> None:
    assert wins_only_if([[0.2], [0.7]], [1.0], 0) == ()
    assert wins_only_if([[0.5, 0.5]], [0.5, 0.5], 0) == ()
    assert wins_only_if([[1.0, 0.0], [0.0, 1.0]], [1.0, 0.0], 1) == (Turn(0, 0.5, False), Turn(1, 0.5, True))
    # Level in one point only is not winning.
    assert wins_only_if([[1.0, 0.5], [0.0, 0.5]], [0.5, 0.5], 1) == ()


# ---- what to talk about ----

def test_talk_first_is_about_what_changes_the_winner() -> None:
    matrix = [[0.9, 0.4, 0.5], [0.5, 0.8, 0.5]]
    members = [[0.6, 0.1, 0.3], [0.5, 0.1, 0.4], [0.1, 0.7, 0.2]]
    mean = [fmean(column) for column in zip(*members, strict=True)]
    found = talk_first(matrix, members, mean)
    shares = {}
    for criterion in range(3):
        turned = 0
        for member in members:
            weights = moved(mean, criterion, member[criterion])
            turned += score(matrix[1], weights) > score(matrix[0], weights)
        shares[criterion] = turned / 3
    assert {talk.criterion: talk.share for talk in found} == pytest.approx(shares)
    assert shares == {0: pytest.approx(1 / 3), 1: pytest.approx(1 / 3), 2: 0.0}
    assert [talk.criterion for talk in found] == [0, 1, 2]  # of equal ones by weight x spread
    assert found[0].spread == pytest.approx(pstdev([0.6, 0.5, 0.1]))


def test_the_widest_spread_is_not_always_talked_about_first() -> None:
    matrix = [[0.5, 0.9, 0.4], [0.5, 0.4, 0.8]]  # in the first criterion all vendors are equal
    members = [[0.8, 0.11, 0.09], [0.0, 0.55, 0.45], [0.4, 0.24, 0.36]]
    mean = [fmean(column) for column in zip(*members, strict=True)]
    found = talk_first(matrix, members, mean)
    assert max(found, key=lambda talk: talk.spread).criterion == 0
    assert found[0].criterion != 0 and found[-1].share == 0


def test_of_what_turns_nothing_weight_times_spread_comes_first() -> None:
    """Not the order of the criteria, not the spread alone, not the weight alone."""
    members = [[0.05, 0.2, 0.35, 0.4], [0.1, 0.15, 0.35, 0.4], [0.15, 0.2, 0.25, 0.4]]
    mean = [fmean(column) for column in zip(*members, strict=True)]
    worth = [weight * pstdev(column) for weight, column in zip(mean, zip(*members, strict=True), strict=True)]
    found = talk_first([[0.9] * 4, [0.1] * 4], members, mean)
    assert {talk.share for talk in found} == {0.0}
    assert [talk.criterion for talk in found] == sorted(range(4), key=lambda place: -worth[place]) == [2, 1, 0, 3]


def test_talk_first_at_the_edges() -> None:
    assert talk_first([[0.5, 0.5]], [], [0.5, 0.5]) == ()
    assert [talk.share for talk in talk_first([], [[0.5, 0.5]], [0.5, 0.5])] == [0, 0]
    assert [talk.share for talk in talk_first([[0.5], [0.7]], [[1.0]], [1.0])] == [0]
    same = talk_first([[0.9, 0.1], [0.1, 0.8]], [[0.5, 0.5]] * 3, [0.5, 0.5])
    assert [(talk.share, talk.spread) for talk in same] == [(0, 0), (0, 0)]


# ---- all weights at once ----

def last(matrix: Matrix, draws: int = 4_000, seed: int = 1, box: list[tuple[float, float]] | None = None) -> Acceptability:
    return list(smaa(matrix, draws=draws, seed=seed, box=box, step=draws))[-1]


def test_smaa_against_exact_areas() -> None:
    """With two criteria the first weight is uniform from 0 to 1: A wins above 0.6, B below 0.4, C between; who is second turns
    at 0.5."""
    found = last([[1.0, 0.0], [0.0, 1.0], [0.6, 0.6]], draws=10_000)
    assert found.error == pytest.approx(0.98 / sqrt(10_000))
    assert found.first == pytest.approx((0.4, 0.4, 0.2), abs=found.error)
    assert found.ranks[2] == pytest.approx((0.2, 0.8, 0.0), abs=found.error)
    assert found.ranks[0] == pytest.approx((0.4, 0.1, 0.5), abs=found.error)
    assert [pytest.approx(row, abs=found.error) for row in ((0.8, 0.2), (0.2, 0.8), (0.5, 0.5))] == list(found.central)


def test_central_weights_against_a_broken_stick() -> None:
    """Three vendors, each the best in one of three criteria: each wins a third, with central weights 11/18, 7/36, 7/36 (the
    mean of the largest of three parts of a stick is (1 + 1/2 + 1/3) / 3)."""
    found = last([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]], draws=10_000)
    assert found.first == pytest.approx((1 / 3,) * 3, abs=found.error)
    central = found.central[0]
    assert central == pytest.approx((11 / 18, 7 / 36, 7 / 36), abs=found.error)


def numpy_ranks(matrix: Matrix, weights: Any) -> Any:
    """Shares of the ranks in numpy, from these weights (draws x criteria)."""
    numpy = pytest.importorskip("numpy")
    scores = weights @ numpy.array(matrix).T
    places = (scores[:, :, None] < scores[:, None, :]).sum(axis=2)
    return numpy.array([[(places[:, vendor] == rank).mean() for rank in range(len(matrix))] for vendor in range(len(matrix))])


def a_matrix(vendors: int, criteria: int) -> Matrix:
    random = Random(7)
    return [[random.random() for _ in range(criteria)] for _ in range(vendors)]


def test_smaa_against_numpy() -> None:
    numpy = pytest.importorskip("numpy")
    matrix = a_matrix(6, 12)
    found = last(matrix, draws=10_000)
    weights = numpy.random.default_rng(99).dirichlet([1.0] * 12, size=100_000)
    assert numpy.abs(numpy.array(found.ranks) - numpy_ranks(matrix, weights)).max() < found.error * 1.2
    wins = (weights @ numpy.array(matrix).T).argmax(axis=1)
    for vendor, central in enumerate(found.central):
        if found.first[vendor] > 0.05:
            assert central == pytest.approx(weights[wins == vendor].mean(axis=0), abs=0.02)


@pytest.mark.parametrize("rare", [sensitivity.RARE, 1.1])  # 1.1: the walk, always
@pytest.mark.parametrize("box", [[(0.1, 0.5), (0.0, 0.4), (0.2, 0.6), (0.05, 0.3)], [(0, 1), (0.5, 1), (0, 1), (0, 1)],
                                 [(0.2, 0.3), (0.2, 0.3), (0.2, 0.3), (0.2, 0.3)]])
def test_smaa_in_a_box_against_numpy(box: list[tuple[float, float]], rare: float, monkeypatch: pytest.MonkeyPatch) -> None:
    numpy = pytest.importorskip("numpy")
    monkeypatch.setattr(sensitivity, "RARE", rare)
    matrix = a_matrix(4, 4)
    found = last(matrix, draws=10_000, box=box)
    weights = numpy.random.default_rng(5).dirichlet([1.0] * 4, size=600_000)
    low, high = numpy.array(box).T
    weights = weights[((weights >= low) & (weights <= high)).all(axis=1)]
    error = found.error + 0.98 / sqrt(len(weights))
    assert numpy.abs(numpy.array(found.ranks) - numpy_ranks(matrix, weights)).max() < error * 1.5


def seven_members(seed: int) -> tuple[Matrix, list[tuple[float, float]]]:
    """Six vendors on twelve criteria, and the box of seven members who gave 1 to 100 points."""
    random = Random(seed)
    matrix = [[random.random() for _ in range(12)] for _ in range(6)]
    points = [[random.randint(1, 100) for _ in range(12)] for _ in range(7)]
    shares = [[value / sum(row) for value in row] for row in points]
    return matrix, [(min(column), max(column)) for column in zip(*shares, strict=True)]


@pytest.mark.parametrize("rare", [sensitivity.RARE, 1.1])
def test_the_error_holds_in_the_box_of_the_members(rare: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over many seeds, of 95 of 100 shares of the first place the error is what it says."""
    monkeypatch.setattr(sensitivity, "RARE", rare)
    within = tried = 0
    for problem in range(2):
        matrix, box = seven_members(problem)
        drawn = [last(matrix[:3], draws=300, seed=seed, box=box) for seed in range(24)]
        means = [fmean(column) for column in zip(*(found.first for found in drawn), strict=True)]
        for found in drawn:
            within += sum(abs(share - mean) <= found.error for share, mean in zip(found.first, means, strict=True))
            tried += len(means)
    assert within / tried > 0.93


def test_in_the_box_of_members_nothing_walks() -> None:
    """So what is drawn there is independent of each other: no lag, over the sum of all criteria."""
    for problem in range(6):
        _matrix, box = seven_members(problem)
        source = weightings(12, Random(1), box)
        assert source.__name__ != "_walk"  # type: ignore[attr-defined]  # a generator has a name


def test_a_walk_forgets_where_it_came_from() -> None:
    """From one weighting to the next there is next to nothing left, of any weight."""
    for problem in range(2):
        _matrix, box = seven_members(problem)
        source = sensitivity._walk([low for low, _ in box], [high for _, high in box], Random(1))
        for column in zip(*(next(source) for _ in range(1_500)), strict=True):
            assert abs(correlation(column[:-1], column[1:])) < 0.1


def test_filled_weightings_are_uniform() -> None:
    """Two criteria with room 0.2 to 0.9 and 0 to 0.5: the first is uniform from 0.5 to 0.9."""
    source = weightings(2, Random(4), [(0.2, 0.9), (0.0, 0.5)])
    first = sorted(next(source)[0] for _ in range(4_000))
    assert first[0] >= 0.5 - 1e-9 and first[-1] <= 0.9 + 1e-9
    assert [first[1_000], first[2_000], first[3_000]] == pytest.approx([0.6, 0.7, 0.8], abs=0.01)


@given(st.integers(1, 4).flatmap(lambda size: st.lists(st.tuples(SHARES, SHARES), min_size=size, max_size=size)), st.booleans())
def test_weightings_stay_in_their_box(ends: list[tuple[float, float]], walk: bool) -> None:
    box = [(min(pair), max(pair)) for pair in ends]
    fits = sum(low for low, _ in box) <= 1 + 1e-9 and sum(high for _, high in box) >= 1 - 1e-9
    if not fits:
        with pytest.raises(ValueError, match="no weights fit"):
            weightings(len(box), Random(1), box)
        return
    source = weightings(len(box), Random(1), box)
    if walk and len(box) > 1:
        source = sensitivity._walk([low for low, _ in box], [high for _, high in box], Random(1))
    for _ in range(5):
        drawn = next(source)
        assert sum(drawn) == pytest.approx(1)
        assert all(low - 1e-6 <= weight <= high + 1e-6 for weight, (low, high) in zip(drawn, box, strict=True))


@pytest.mark.parametrize("ends", [(0.2, 0.9), (0.0, 0.3)])
def test_what_is_tried_comes_from_the_nearer_corner(ends: tuple[float, float]) -> None:
    """Four criteria: of the first box the lower corner is the nearer one, of the second the upper one."""
    source = sensitivity._around([ends[0]] * 4, [ends[1]] * 4, Random(1))
    tried = [next(source) for _ in range(200)]
    assert all(sum(weights) == pytest.approx(1) for weights in tried)
    for ahead in ([min(weights) - ends[0] for weights in tried], [ends[1] - max(weights) for weights in tried]):
        assert min(ahead) >= -1e-9  # both simplices lie in their box


def test_a_box_that_nothing_fits_in() -> None:
    for box in ([(0.6, 0.7), (0.6, 0.7)], [(0.1, 0.2), (0.1, 0.2)], [(0.5, 0.4), (0.5, 0.6)], [(0.0, 1.0)]):
        with pytest.raises(ValueError, match="no weights fit"):
            last([[1.0, 0.0], [0.0, 1.0]], box=box)


def test_the_same_seed_gives_the_same_picture_and_it_refines() -> None:
    matrix = a_matrix(5, 4)
    steps = list(smaa(matrix, draws=1_100, seed=3, step=250))
    assert [step.draws for step in steps] == [250, 500, 750, 1_000, 1_100]
    assert all(later.error < earlier.error for earlier, later in pairwise(steps))
    assert list(smaa(matrix, draws=1_100, seed=3, step=250)) == steps
    whole, again = last(matrix, draws=1_100, seed=3), steps[-1]
    assert whole.ranks == again.ranks  # the size of the steps does not matter
    assert last(matrix, draws=1_100, seed=4).ranks != whole.ranks


@given(st.lists(st.lists(SHARES, min_size=3, max_size=3), min_size=1, max_size=5))
def test_shares_of_ranks_and_dominated_vendors(matrix: Matrix) -> None:
    found = last(matrix, draws=200)
    for vendor, row in enumerate(matrix):
        assert sum(found.ranks[vendor]) == pytest.approx(1)
        assert sum(other[vendor] for other in found.ranks) == pytest.approx(1)  # each rank is given once
        behind = [other for other in matrix if all(a < b for a, b in zip(row, other, strict=True))]
        if behind:
            assert found.first[vendor] == 0 and found.central[vendor] is None
            assert sum(found.ranks[vendor][:len(behind)]) == 0
        if all(a > b for other in matrix if other is not row for a, b in zip(row, other, strict=True)):
            assert found.first[vendor] == 1


# ---- what is open ----

def test_what_is_open_is_drawn_too() -> None:
    """One criterion: 0.6 against 0.4 + 0.4 u, which is more in half of the draws; nothing is open at the first."""
    found = list(smaa([[0.6], [0.4]], draws=10_000, seed=1, open=[[0.0], [0.4]], step=10_000))[-1]
    assert found.first == pytest.approx((0.5, 0.5), abs=found.error)
    certain = list(smaa([[0.9], [0.4]], draws=200, seed=1, open=[[0.0], [0.4]]))[-1]
    assert certain.first == (1.0, 0.0)  # whatever is answered, it is not enough


def test_each_vendor_has_a_luck_of_its_own() -> None:
    """0.2 + 0.6 u against 0.2 + 0.6 u': even, and never level; with nothing open they share."""
    found = list(smaa([[0.2, 0.2]] * 2, draws=4_000, seed=1, open=[[0.6, 0.6]] * 2, step=4_000))[-1]
    assert found.first != (0.5, 0.5) and found.first == pytest.approx((0.5, 0.5), abs=found.error)
    assert list(smaa([[0.2, 0.2]] * 2, draws=40, seed=1, open=[[0.0, 0.0]] * 2))[-1].first == (0.5, 0.5)


def test_open_values_against_numpy() -> None:
    numpy = pytest.importorskip("numpy")
    matrix, gaps = a_matrix(4, 5), [[value * 0.4 for value in row] for row in a_matrix(4, 5)[::-1]]
    found = list(smaa(matrix, draws=10_000, seed=1, open=gaps, step=10_000))[-1]
    random = numpy.random.default_rng(3)
    weights = random.dirichlet([1.0] * 5, size=100_000)
    scores = weights @ numpy.array(matrix).T + random.random((100_000, 4)) * (weights @ numpy.array(gaps).T)
    firsts = numpy.bincount(scores.argmax(axis=1), minlength=4) / 100_000
    assert numpy.abs(numpy.array(found.first) - firsts).max() < found.error * 1.3


def test_several_matrices_see_the_same_weights() -> None:
    matrix, gaps = a_matrix(4, 5), [[0.3] * 5, [0.0] * 5, [0.1] * 5, [0.0] * 5]
    proven = [[value * 0.6 for value in row] for row in matrix]
    both = list(smaa_each((matrix, proven), draws=900, seed=2, open=gaps, parts=(1.0, 0.5)))
    assert [one for one, _other in both] == list(smaa(matrix, draws=900, seed=2, open=gaps))
    half = [[value * 0.5 for value in row] for row in gaps]
    assert [other.ranks for _one, other in both] == [one.ranks for one in smaa(proven, draws=900, seed=2, open=half)]
    scaled = list(smaa_each((matrix, proven), draws=300, seed=2))[-1]
    assert scaled[0].ranks == scaled[1].ranks  # 0.6 of everything changes no order
    assert [found[1].ranks for found in smaa_each((matrix, proven), draws=300, seed=2, open=gaps, parts=(1.0, 0.0))] == [
        found.ranks for found in smaa(proven, draws=300, seed=2)]


def test_equal_vendors_share_their_ranks() -> None:
    found = last([[0.5, 0.5], [0.1, 0.1], [0.5, 0.5]])
    assert found.ranks == ((0.5, 0.5, 0.0), (0.0, 0.0, 1.0), (0.5, 0.5, 0.0))
    assert found.central[1] is None and found.central[0] == found.central[2]
    # 0.1 + 0.2 is not 0.3 to a computer
    assert last([[0.1 + 0.2, 0.5], [0.3, 0.5]]).first == (0.5, 0.5)
    # Equal in all that can have a weight
    assert last([[0.5, 0.9], [0.5, 0.1]], box=[(1.0, 1.0), (0.0, 0.0)]).first == (0.5, 0.5)


def test_smaa_at_the_edges() -> None:
    assert last([[0.2, 0.4]], draws=10) == Acceptability(10, ((1.0,),), last([[0.2, 0.4]], draws=10).central, 0.98 / sqrt(10))
    assert list(smaa_each((), draws=3, seed=1)) == [()]
    assert last([], draws=5).first == ()
    assert last([[0.7], [0.9]], draws=5).first == (0.0, 1.0)
    assert last([[0.9, 0.0], [0.1, 1.0]], draws=5, box=[(0.7, 0.7), (0.3, 0.3)]).first == (1.0, 0.0)
    with pytest.raises(ValueError, match="at least one draw"):
        next(smaa([[0.5]], draws=0, seed=1))
