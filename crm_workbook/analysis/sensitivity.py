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
from operator import add, gt, le, mul
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
    never did), the weighting of somebody who would choose it. `error`: half the width of the 95 % interval of each share,
    `0.98 / sqrt(draws)` at most."""

    draws: int
    ranks: tuple[tuple[float, ...], ...]
    central: tuple[tuple[float, ...] | None, ...]
    error: float

    @property
    def first(self) -> tuple[float, ...]:
        """The share of the draws that each vendor wins."""
        return tuple(row[0] for row in self.ranks)


def smaa(matrix: Matrix, *, draws: int, seed: int, box: Box | None = None, open: Matrix | None = None,
         step: int = 250) -> Iterator[Acceptability]:
    """How often each vendor has which rank if nothing is known about the weights, or only that each lies between the two values
    of its `box`. Gives a better result after each `step` draws, the last with all of them; the same seed gives the same ones.

    Weights are drawn uniformly (`weightings`). What is unanswered (`open`: vendors x criteria, how much each value may still
    rise) is drawn as well: one `u_i` from 0 to 1 for each vendor and draw, `S_i = sum_j w_j (v_ij + u_i open_ij)`. So who has
    answered little neither loses nor wins by that. The confidence factors of SMAA-2 are left out: with values that are exact
    they say nothing but who is equal to whom. ValueError without a draw, and for a box that no weights fit in.

    Sources: Lahdelma and Salminen, SMAA-2, Operations Research 49 (2001), with values that are drawn, too; Tervonen and
    Lahdelma, EJOR 178 (2007).
    """
    return (found for found, in smaa_each((matrix,), draws=draws, seed=seed, box=box, open=open, step=step))


def smaa_each(matrices: Sequence[Matrix], *, draws: int, seed: int, box: Box | None = None, open: Matrix | None = None,
              parts: Sequence[float] = (), step: int = 250) -> Iterator[tuple[Acceptability, ...]]:
    """`smaa` of several matrices of the same vendors (as claimed, as proven) in one pass, with the same weights and the same
    luck with what is open: they differ by their values only. `parts`: how much of what is `open` counts in each (1 without)."""
    if draws < 1 or step < 1:
        raise ValueError("at least one draw is needed")
    first = matrices[0] if matrices else ()
    size = len(first[0]) if first else 0
    source, luck, done = weightings(size, Random(seed), box), Random(~seed), 0
    gaps = [tuple([round(value, 12) for value in row]) for row in open or ()]
    tallies = [_Tally(matrix, size, gaps if part else (), part, box)
               for matrix, part in zip(matrices, parts or [1.0] * len(matrices), strict=True)]
    rising, unsure, draw = [(row, any(row)) for row in gaps], any(map(any, gaps)), luck.random
    while done < draws:
        for weights in islice(source, min(step, draws - done)):
            rises = [sumprod(row, weights) * draw() if some else 0.0 for row, some in rising] if unsure else []
            for tally in tallies:
                tally.add(weights, rises)
            done += 1
        yield tuple([tally.result(done) for tally in tallies])


class _Tally:
    """Counts the ranks of one matrix."""

    def __init__(self, matrix: Matrix, size: int, gaps: Matrix, part: float, box: Box | None) -> None:
        self.rows = [tuple([round(value, 12) for value in row]) for row in matrix]
        self.size, self.part, self.vendors = size, part, range(len(self.rows))
        self.equals = _equals(self.rows, gaps, box)
        self.orders = list[list[int]]()
        self.counts: list[Counter[int]] = [Counter() for _ in self.vendors]  # for each rank, who had it how often
        self.sums: list[list[float]] = [[0.0] * size for _ in self.vendors]

    def add(self, weights: list[float], rises: list[float]) -> None:
        """One draw: its weights, and by how much each vendor's score rises with what is open."""
        scores = [sumprod(row, weights) for row in self.rows]
        if rises and self.part:
            part = self.part
            scores = [score + part * rise for score, rise in zip(scores, rises, strict=True)]
        order = sorted(self.vendors, key=scores.__getitem__, reverse=True)
        self.orders.append(order)
        if order:
            self.sums[order[0]] = list(map(add, self.sums[order[0]], weights))

    def result(self, draws: int) -> Acceptability:
        """What came out so far."""
        for count, column in zip(self.counts, zip(*self.orders, strict=True), strict=True):
            count.update(column)
        self.orders.clear()
        ranks, central = list[tuple[float, ...]](), list[tuple[float, ...] | None]()
        for group in self.equals:  # equal vendors stand next to each other in every draw: each has its part of all their ranks
            ranks.append(tuple([sum([count[one] for one in group]) / len(group) / draws for count in self.counts]))
            won = sum([self.counts[0][one] for one in group])
            central.append(tuple([sum(column) / won for column in zip(*(self.sums[one] for one in group), strict=True)])
                           if won else None)
        return Acceptability(draws, tuple(ranks), tuple(central), 0.98 / sqrt(draws))


def _equals(rows: Matrix, gaps: Matrix, box: Box | None) -> list[list[int]]:
    """For each vendor, who is equal to it in everything that can have a weight (itself too). Nobody is while something is open
    that can have one."""
    counted = [place for place in range(len(rows[0]) if rows else 0) if box is None or box[place][1] > 0]
    groups: dict[tuple[tuple[float, ...], int], list[int]] = {}
    keys = [(tuple([row[place] for place in counted]), vendor if gaps and any(gaps[vendor][place] for place in counted) else -1)
            for vendor, row in enumerate(rows)]
    for vendor, key in enumerate(keys):
        groups.setdefault(key, []).append(vendor)
    return [groups[key] for key in keys]


# ---- drawing weights ----

RARE = 0.04
"""Rejecting is given up when fewer of the weightings that are tried fall into the box."""
TRIED = 300
"""So many are tried to find out."""
STEPS = 8
"""A walk makes so many steps for each criterion before each weighting."""


def weightings(size: int, random: Random, box: Box | None = None) -> Iterator[list[float]]:
    """Endlessly weightings, each adding up to 1, uniform over all that there are: `e_j = -ln U`, `w = e / sum e`.

    In a box: uniform over all that lie in it, and independent of each other. They are drawn from a larger set, and those
    outside the box rejected: all above its lower ends, `low + (1 - sum low) w`, or all below its upper ones; or all in which
    each weight is within its ends but the one with the widest room, which takes what is left. That set is used of which most
    fall into the box. Where too few do (`RARE`), a walk goes through the box instead: it moves weight between two criteria,
    uniformly as far as both allow, `STEPS` times for each criterion before each weighting. The walk has the same uniform
    distribution, and after so many steps next to nothing is left of where it came from.

    ValueError for a box that no weights fit in. Sources: Rubinstein and Melamed, Modern Simulation and Modeling (1998), for the
    simplex; Smith, Operations Research 32 (1984), and Tervonen et al., EJOR 224 (2013), for walks of this kind.
    """
    if box is None:
        return _simplex(size, random)
    low, high = [max(ends[0], 0.0) for ends in box], [min(ends[1], 1.0) for ends in box]
    if len(box) != size or any(map(gt, low, high)) or not sum(low) <= 1 + SAME or not sum(high) >= 1 - SAME:
        raise ValueError("no weights fit in this box")

    def kept(source: Iterator[list[float]]) -> float:
        return sum([_inside(weights, low, high) for weights in islice(source, TRIED)]) / TRIED
    share, source = max(((kept(source), source) for source in (_around(low, high, random), _filled(low, high, random))),
                        key=lambda item: item[0])
    return (weights for weights in source if _inside(weights, low, high)) if share >= RARE else _walk(low, high, random)


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


def _filled(low: Row, high: Row, random: Random) -> Iterator[list[float]]:
    """Uniform weightings, each weight within its ends but the one with the widest room, which takes what is left."""
    draw, widths = random.random, [most - least for least, most in zip(low, high, strict=True)]
    last = max(range(len(widths)), key=widths.__getitem__)
    while True:
        weights = [least + width * draw() for least, width in zip(low, widths, strict=True)]
        weights[last] += 1 - sum(weights)
        yield weights


def _inside(weights: Row, low: Row, high: Row) -> bool:
    return all(map(le, low, map(SAME.__add__, weights))) and all(map(le, weights, map(SAME.__add__, high)))


def _walk(low: Row, high: Row, random: Random) -> Iterator[list[float]]:
    width, size, draw = sum(high) - sum(low), len(low), random.random
    way = (1 - sum(low)) / width if width > 0 else 0.0
    weights = [least + way * (most - least) for least, most in zip(low, high, strict=True)]
    while True:
        for _ in range(STEPS * size):
            one, other = int(draw() * size), int(draw() * (size - 1))
            other += other >= one
            both = weights[one] + weights[other]
            least, most = max(low[one], both - high[other]), min(high[one], both - low[other])
            weights[one] = least + draw() * (most - least)
            weights[other] = both - weights[one]
        yield weights[:]


__all__ = ["Acceptability", "Interval", "Talk", "Turn", "smaa", "smaa_each", "stability", "talk_first", "totals", "weightings",
           "wins_only_if"]
