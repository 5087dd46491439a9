"""How firmly the first place stands: what it takes of other weights until another vendor wins.

Pure functions over a matrix, vendors x criteria with values from 0 (bad) to 1 (good), and weights along the criteria. "Wins"
means: has the highest weighted sum `S_i = sum_j w_j v_ij`; of equal ones the first in the matrix. Weights need not add up to 1
(they are scaled first); all 0 counts as all equal.
"""
from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from math import log, sqrt
from operator import add, gt, mul
from random import Random
from statistics import fmean, pstdev
from typing import NamedTuple

if sys.version_info >= (3, 12):
    from math import sumprod
else:
    def sumprod(p: Sequence[float], q: Sequence[float], /) -> float:
        """Sum of the products, pair by pair."""
        found: float = sum(map(mul, p, q))
        return found

Row = Sequence[float]
Matrix = Sequence[Row]
Box = Sequence[tuple[float, float]]
SAME = 1e-9
"""Weights and scores that differ by less are the same."""


def totals(matrix: Matrix, weights: Row) -> tuple[float, ...]:
    """The weighted sum of each vendor, `sum_j w_j v_ij`, with the weights as they are."""
    return tuple(sumprod(row, weights) for row in matrix)


def _scaled(weights: Row) -> list[float]:
    """The weights, made to add up to 1."""
    total = sum(weights)
    return [weight / total if total > 0 else 1 / len(weights) for weight in weights]


def _first(scores: Row) -> int:
    """Who has the highest score; of equal ones the first."""
    best = max(scores) - SAME
    return next(vendor for vendor, score in enumerate(scores) if score >= best)


# ---- one weight at a time ----

class _Line(NamedTuple):
    """The score of a vendor while one weight `t` moves from 0 to 1: `start + slope * t`."""

    start: float
    slope: float

    def at(self, t: float) -> float:
        return self.start + self.slope * t


def _lines(matrix: Matrix, weights: Row, criterion: int) -> list[_Line]:
    """The other weights keep their proportions: `S_i(t) = t v_ic + (1 - t) R_i`, `R_i = sum_{j<>c} w_j v_ij / (1 - w_c)`. Where
    they are all 0, they share what is left equally."""
    others = [0.0 if place == criterion else weight for place, weight in enumerate(weights)]
    if not any(others):
        others = [float(place != criterion) for place in range(len(weights))]
    rests = totals(matrix, _scaled(others))
    return [_Line(rest, row[criterion] - rest) for row, rest in zip(matrix, rests, strict=True)]


@dataclass(frozen=True, slots=True)
class Interval:
    """Between which values one weight may move (the others keep their proportions) until another vendor wins. `below` and
    `above`: the index of the vendor that wins beyond each end; None where the end is 0 or 1 and nobody does."""

    low: float = 0.0
    high: float = 1.0
    below: int | None = None
    above: int | None = None


def stability(matrix: Matrix, weights: Row, criterion: int) -> Interval:
    """The weight stability interval of a criterion, exact. The winner b and a rival k meet where their lines cross, at
    `t* = (R_k - R_b) / ((v_bc - v_kc) - (R_b - R_k))`; the nearest crossings on both sides of the weight are its ends.

    O(vendors x criteria). Sources: Triantaphyllou and Sanchez, Decision Sciences 28 (1997); O'Shea et al., Expert Systems with
    Applications 296 (2026). All is stable while there is one vendor, or one criterion.
    """
    if len(matrix) < 2 or len(weights) < 2:
        return Interval()
    now, lines = _scaled(weights)[criterion], _lines(matrix, weights, criterion)
    winner = lines[_first([line.at(now) for line in lines])]
    below, above = list[tuple[float, float, int]](), list[tuple[float, float, int]]()
    for rival, line in enumerate(lines):
        gain = line.slope - winner.slope
        if abs(gain) <= SAME:
            continue
        way = max(winner.at(now) - line.at(now), 0.0) / abs(gain)
        # Of several that meet in one point, the steepest wins behind it.
        if gain > 0 and now + way < 1 - SAME:
            above.append((round(now + way, 12), -line.slope, rival))
        elif gain < 0 and now - way > SAME:
            below.append((-round(now - way, 12), line.slope, rival))
    low, high = min(below, default=None), min(above, default=None)
    return Interval(0.0 if low is None else min(-low[0], now), 1.0 if high is None else max(high[0], now),
                    None if low is None else low[2], None if high is None else high[2])


@dataclass(frozen=True, slots=True)
class Turn:
    """One changed weight with which a vendor comes first: that of `criterion`, from `weight` upwards (`more`) or downwards."""

    criterion: int
    weight: float
    more: bool


def wins_only_if(matrix: Matrix, weights: Row, vendor: int) -> tuple[Turn, ...]:
    """Each single weight with which this vendor would come first (the others keep their proportions), the smallest change
    first. Empty: it has the highest score already, or no single weight is enough."""
    if len(weights) < 2:
        return ()
    found, scaled = list[tuple[float, Turn]](), _scaled(weights)
    for criterion, now in enumerate(scaled):
        lines = _lines(matrix, weights, criterion)
        low, high = _reach(lines, lines[vendor])
        if low - SAME <= now <= high + SAME:
            return ()
        if high - low > SAME:  # more than a point in which it is level
            turn = Turn(criterion, low, True) if low > now else Turn(criterion, high, False)
            found.append((abs(turn.weight - now), turn))
    return tuple(turn for _way, turn in sorted(found, key=lambda item: item[0]))


def _reach(lines: Sequence[_Line], mine: _Line) -> tuple[float, float]:
    """From which to which weight no line is above mine; (1, 0) when there is no such weight."""
    low, high = 0.0, 1.0
    for line in lines:
        gain, lead = mine.slope - line.slope, mine.start - line.start
        if abs(gain) <= SAME:
            if lead < -SAME:
                return 1.0, 0.0
        elif gain > 0:
            low = max(low, -lead / gain)
        else:
            high = min(high, -lead / gain)
    return low, high


@dataclass(frozen=True, slots=True)
class Talk:
    """What it is worth to talk about a criterion. `share`: of the members with whose weight another vendor would win; `spread`:
    the standard deviation of their weights."""

    criterion: int
    share: float
    spread: float


def talk_first(matrix: Matrix, members: Sequence[Row], mean: Row) -> tuple[Talk, ...]:
    """The criteria in the order in which to talk about them: first where most members, with their own weight in place of the
    group's (the others keep their proportions), would have another winner; of equal ones by weight x spread.

    Own design (discussion value): it is not the spread that orders the talk but what it does to the result.
    """
    if not members or not mean:
        return ()
    opinions, group = [_scaled(member) for member in members], _scaled(mean)
    winner = _first(totals(matrix, group)) if matrix else 0
    found = list[Talk]()
    for criterion in range(len(group)):
        given = [opinion[criterion] for opinion in opinions]
        lines = _lines(matrix, group, criterion) if len(group) > 1 else []
        turned = [any(line.at(weight) > lines[winner].at(weight) + SAME for line in lines) for weight in given]
        found.append(Talk(criterion, fmean(turned), pstdev(given)))
    return tuple(sorted(found, key=lambda talk: (-talk.share, -group[talk.criterion] * talk.spread)))


# ---- all weights at once ----

@dataclass(frozen=True, slots=True)
class Acceptability:
    """What came out of many drawn weightings. `ranks`: for each vendor the share of the draws in which it has rank 1, 2, ...;
    vendors that are equal in everything share their ranks. `central`: the mean weights of the draws that a vendor won (None: it
    never did), the weighting of somebody who would choose it. `confidence`: its share of the first place with these weights.
    `error`: half the width of the 95 % interval of each share, `0.98 / sqrt(draws)` at most."""

    draws: int
    ranks: tuple[tuple[float, ...], ...]
    central: tuple[tuple[float, ...] | None, ...]
    confidence: tuple[float | None, ...]
    error: float

    @property
    def first(self) -> tuple[float, ...]:
        """The share of the draws that each vendor wins."""
        return tuple(row[0] for row in self.ranks)


def smaa(matrix: Matrix, *, draws: int, seed: int, box: Box | None = None, step: int = 250) -> Iterator[Acceptability]:
    """How often each vendor has which rank if nothing is known about the weights, or only that each lies between the two values
    of its `box`. Gives a better result after each `step` draws, the last with all of them; the same seed gives the same ones.

    Weights are drawn uniformly (`weightings`). The values are taken as exact; then the weights with which a vendor wins form a
    convex set, which holds its central weights, and the confidence is 1 divided by the number of vendors that are equal to it.
    ValueError without a draw, and for a box that no weights fit in.

    Sources: Lahdelma and Salminen, SMAA-2, Operations Research 49 (2001); Tervonen and Lahdelma, EJOR 178 (2007).
    """
    if draws < 1 or step < 1:
        raise ValueError("at least one draw is needed")
    size = len(matrix[0]) if matrix else 0
    rows = [tuple([round(value, 12) for value in row]) for row in matrix]
    source, vendors = weightings(size, Random(seed), box), range(len(rows))
    equals = _equals(rows, box)
    counts: list[Counter[int]] = [Counter() for _ in vendors]  # for each rank, who had it how often
    sums: list[list[float]] = [[0.0] * size for _ in vendors]
    done = 0
    while done < draws:
        orders = list[list[int]]()
        for weights in islice(source, min(step, draws - done)):
            scores = [sumprod(row, weights) for row in rows]
            order = sorted(vendors, key=scores.__getitem__, reverse=True)
            orders.append(order)
            if order:
                sums[order[0]] = list(map(add, sums[order[0]], weights))
            done += 1
        for count, column in zip(counts, zip(*orders, strict=True), strict=True):
            count.update(column)
        yield _acceptability(done, rows, equals, counts, sums)


def _equals(rows: Sequence[tuple[float, ...]], box: Box | None) -> list[list[int]]:
    """For each vendor, who is equal to it in everything that can have a weight (itself too)."""
    counted = [place for place in range(len(rows[0]) if rows else 0) if box is None or box[place][1] > 0]
    groups: dict[tuple[float, ...], list[int]] = {}
    keys = [tuple([row[place] for place in counted]) for row in rows]
    for vendor, key in enumerate(keys):
        groups.setdefault(key, []).append(vendor)
    return [groups[key] for key in keys]


def _acceptability(draws: int, rows: Sequence[Row], equals: Sequence[list[int]], counts: Sequence[Counter[int]],
                   sums: Sequence[list[float]]) -> Acceptability:
    ranks = list[tuple[float, ...]]()
    central, confidence = list[tuple[float, ...] | None](), list[float | None]()
    for group in equals:  # equal vendors stand next to each other in every draw: each has its part of all their ranks
        ranks.append(tuple([sum([count[one] for one in group]) / len(group) / draws for count in counts]))
        won = sum([counts[0][one] for one in group])
        mean = tuple([sum(column) / won for column in zip(*(sums[one] for one in group), strict=True)]) if won else None
        central.append(mean)
        confidence.append(None if mean is None else _part_of_first(totals(rows, mean), group[0]))
    return Acceptability(draws, tuple(ranks), tuple(central), tuple(confidence), 0.98 / sqrt(draws))


def _part_of_first(scores: Row, vendor: int) -> float:
    best = max(scores) - SAME
    return 1 / sum([score >= best for score in scores]) if scores[vendor] >= best else 0.0


# ---- drawing weights ----

RARE = 0.2
"""Rejecting is given up when fewer of the weightings that are tried fall into the box."""
TRIED = 200
"""So many are tried to find out."""


def weightings(size: int, random: Random, box: Box | None = None) -> Iterator[list[float]]:
    """Endlessly weightings, each adding up to 1, uniform over all that there are: `e_j = -ln U`, `w = e / sum e`.

    In a box: uniform over all that lie in it. Drawn are weightings above its lower ends, `low + (1 - sum low) w`, or below its
    upper ones, whichever is the smaller set, and those outside rejected. Where too few lie inside (`RARE`), a walk goes through
    the box instead: it moves weight between two criteria, uniformly as far as both allow, twice as many times as there are
    criteria before each weighting. The walk has the same uniform distribution; neighbouring weightings are not independent.

    ValueError for a box that no weights fit in. Sources: Rubinstein and Melamed, Modern Simulation and Modeling (1998), for the
    simplex; Smith, Operations Research 32 (1984), and Tervonen et al., EJOR 224 (2013), for walks of this kind.
    """
    if box is None:
        return _simplex(size, random)
    low, high = [max(ends[0], 0.0) for ends in box], [min(ends[1], 1.0) for ends in box]
    if len(box) != size or any(map(gt, low, high)) or not sum(low) <= 1 + SAME or not sum(high) >= 1 - SAME:
        raise ValueError("no weights fit in this box")
    tried = [_inside(weights, low, high) for weights in islice(_around(low, high, random), TRIED)]
    if sum(tried) < RARE * TRIED:
        return _walk(low, high, random)
    return (weights for weights in _around(low, high, random) if _inside(weights, low, high))


def _simplex(size: int, random: Random) -> Iterator[list[float]]:
    draw, places = random.random, range(size)
    while True:
        parts = [-log(1.0 - draw()) for _ in places]
        total = sum(parts)
        yield [part / total for part in parts]


def _around(low: Row, high: Row, random: Random) -> Iterator[list[float]]:
    """Uniform weightings from the smaller simplex around the box: from its lower corner up, or from its upper corner down."""
    up, down = max(1 - sum(low), 0.0), max(sum(high) - 1, 0.0)
    corner, slack = (low, up) if up <= down else (high, -down)
    for weights in _simplex(len(low), random):
        yield [start + slack * weight for start, weight in zip(corner, weights, strict=True)]


def _inside(weights: Row, low: Row, high: Row) -> bool:
    return all(least - SAME <= weight <= most + SAME for weight, least, most in zip(weights, low, high, strict=True))


def _walk(low: Row, high: Row, random: Random) -> Iterator[list[float]]:
    width, size, draw = sum(high) - sum(low), len(low), random.random
    way = (1 - sum(low)) / width if width > 0 else 0.0
    weights = [least + way * (most - least) for least, most in zip(low, high, strict=True)]
    while True:
        for _ in range(2 * size):
            one, other = int(draw() * size), int(draw() * (size - 1))
            other += other >= one
            both = weights[one] + weights[other]
            least, most = max(low[one], both - high[other]), min(high[one], both - low[other])
            weights[one] = least + draw() * (most - least)
            weights[other] = both - weights[one]
        yield weights[:]


__all__ = ["Acceptability", "Interval", "Talk", "Turn", "smaa", "stability", "talk_first", "totals", "weightings",
           "wins_only_if"]
