"""A second and a third opinion on the order of the vendors, and how far two orders agree.

Pure functions over a matrix, vendors x criteria with values from 0 (bad) to 1 (good), and weights along the criteria.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import dist, sqrt

from crm_workbook.analysis.sensitivity import SAME, Matrix, Row

CONCORDANCE = 0.65
"""A vendor outranks another when it is at least as good in this share of the weights ..."""
DISCORDANCE = 0.35
"""... and nowhere worse by more than this share of the largest difference that there is."""


def topsis(matrix: Matrix, weights: Row) -> tuple[float, ...]:
    """How near each vendor is to the best of all in everything, and how far from the worst, 0 to 1.

    `C_i = d_i- / (d_i+ + d_i-)`, where `d+` and `d-` are the distances of the weighted values `w_j v_ij` from the best and from
    the worst of each criterion. The values are on one scale already, so they are not scaled again. 0.5 where the vendors do not
    differ. Source: Hwang and Yoon, Multiple Attribute Decision Making (1981). Another vendor can turn the order of the others.
    """
    if not matrix:
        return ()
    weighed = [[weight * value for weight, value in zip(weights, row, strict=True)] for row in _even(matrix)]
    columns = list(zip(*weighed, strict=True))
    best, worst = [max(column) for column in columns], [min(column) for column in columns]
    found = list[float]()
    for row in weighed:
        below, above = dist(row, best), dist(row, worst)
        found.append(above / (below + above) if below + above > 0 else 0.5)
    return tuple(found)


def _even(matrix: Matrix) -> list[list[float]]:
    """Without the last digits: 0.1 + 0.2 is not 0.3 to a computer, and nobody shall be outranked by that."""
    return [[round(value, 12) for value in row] for row in matrix]


@dataclass(frozen=True, slots=True)
class Electre:
    """`outranks`: the pairs (a, b) in which a outranks b; `kernel`: whom nobody outranks, in the order of the matrix."""

    outranks: frozenset[tuple[int, int]]
    kernel: tuple[int, ...]


def electre(matrix: Matrix, weights: Row, concordance: float = CONCORDANCE, discordance: float = DISCORDANCE) -> Electre:
    """Who outranks whom: better in most things, and nowhere terrible.

    a outranks b when `c(a, b) >= concordance` and `d(a, b) <= discordance`: c is the share of the weights where `a >= b`, and
    `d = max_j (b_j - a_j)+ / largest range of a criterion`. Vendors that outrank each other, also round a circle, count as one
    for the kernel. Source: Roy, ELECTRE I, RIRO 2 (1968).
    """
    matrix = _even(matrix)
    total, vendors = sum(weights), range(len(matrix))
    widest = max((max(column) - min(column) for column in zip(*matrix, strict=True)), default=0.0)
    outranks = set[tuple[int, int]]()
    for a in vendors:
        for b in vendors:
            pairs = list(zip(weights, matrix[a], matrix[b], strict=True))
            speaks_for = sum(weight for weight, mine, theirs in pairs if mine >= theirs)
            against = max((theirs - mine for _weight, mine, theirs in pairs), default=0.0)
            if a != b and speaks_for >= concordance * total - SAME and against <= discordance * widest + SAME:
                outranks.add((a, b))
    reach = _reach(len(matrix), outranks)
    kernel = tuple(b for b in vendors if all(a in reach[b] for a in vendors if b in reach[a]))
    return Electre(frozenset(outranks), kernel)


def _reach(size: int, pairs: set[tuple[int, int]]) -> list[set[int]]:
    """For each vendor, whom it outranks directly or by way of others (Warshall)."""
    reach = [{b for a, b in pairs if a == vendor} for vendor in range(size)]
    for middle in range(size):
        for row in reach:
            if middle in row:
                row |= reach[middle]
    return reach


def kendall_tau(a: Sequence[float], b: Sequence[float]) -> float | None:
    """How far two rows of scores put the vendors in the same order: 1 the same, -1 the opposite. None where one of them has no
    order (fewer than two vendors, or all equal).

    `tau_b = (C - D) / sqrt((n0 - n1) (n0 - n2))` over the n0 pairs: C in the same order, D in the opposite one, n1 and n2 level
    in the one and in the other. Source: Kendall, Biometrika 33 (1945).
    """
    same, firsts, seconds = 0, 0, 0
    for (a1, b1), (a2, b2) in combinations(zip(a, b, strict=True), 2):
        one, other = _sign(a1 - a2), _sign(b1 - b2)
        same += one * other
        firsts += one != 0
        seconds += other != 0
    return same / sqrt(firsts * seconds) if firsts and seconds else None


def _sign(difference: float) -> int:
    return 0 if abs(difference) <= SAME else 1 if difference > 0 else -1
