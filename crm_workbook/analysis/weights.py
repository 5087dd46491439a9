"""How much each group of vendor questions counts: what every member gave alone, the group's mean, and the seal on it.

Weights of the criteria (the sections of the questions) are shares that add up to 1. Pure functions over a View.
"""
from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from math import exp, log
from statistics import fmean, pstdev

from crm_workbook.analysis import scoring
from crm_workbook.analysis.facts.view import View, shared
from crm_workbook.i18n import N_, _
from crm_workbook.records import Value
from crm_workbook.records.edits import Change, Edit
from crm_workbook.records.values import in_order
from crm_workbook.records.vendors import Vendor, WeightRound, WeightVote

Shares = Mapping[str, float]
"""The weight of each criterion by its id; they add up to 1."""


# ---- one member ----

def shares_of(method: str, points: Mapping[str, float | None], wanted: Sequence[str]) -> Shares | None:
    """The weights that follow from the points (with "ranks": the places) of one member. None while one of the wanted criteria
    has none, or all have 0.

    Swing and points: `w_j = p_j / sum p` (Edwards and Barron, SMARTS, Organizational Behavior and Human Decision Processes 60,
    1994). Ranks: `centroid`.
    """
    given = {criterion: value for criterion in wanted if (value := points.get(criterion)) is not None}
    if not given or len(given) < len(wanted):
        return None
    if method == "ranks":
        return centroid(given)
    total = sum(given.values())
    return {criterion: value / total for criterion, value in given.items()} if total > 0 else None


def centroid(places: Mapping[str, float]) -> Shares:
    """Rank-order centroid: the weight of the k-th of n is `(1/n) sum_{r=k..n} 1/r`. The smallest place counts most; those with
    the same place share their weights equally. Sources: Barron, Acta Psychologica 80 (1992); Edwards and Barron (1994)."""
    count = len(places)
    weights = [sum(1 / rank for rank in range(first, count + 1)) / count for first in range(1, count + 1)]
    found, start = dict[str, float](), 0
    for _place, level in groupby(sorted(places, key=places.__getitem__), key=places.__getitem__):
        names = list(level)
        for name in names:
            found[name] = fmean(weights[start:start + len(names)])
        start += len(names)
    return {name: found[name] for name in places}


# ---- the group ----

@dataclass(frozen=True, slots=True)
class Opinion:
    """What one member gave: `given` of the `wanted` criteria, and the weights that follow (None while they are incomplete)."""

    person: str
    given: int
    wanted: int
    shares: Shares | None


@dataclass(frozen=True, slots=True)
class Group:
    """A weighing. `criteria`: ids in the order of the sections; `opinions`: one for each member, in the order of their codes.

    Over the members that are complete, by criterion: `mean`, `low`, `high` and `spread` (standard deviation); empty while there
    is none. `agreement`: Kendall's W, `consensus`: S* of Goepel; None for fewer than two members.
    """

    round: WeightRound
    criteria: tuple[str, ...]
    opinions: tuple[Opinion, ...]
    complete: bool
    revealed: bool
    mean: Shares
    low: Mapping[str, float]
    high: Mapping[str, float]
    spread: Mapping[str, float]
    agreement: float | None
    consensus: float | None

    @property
    def members(self) -> tuple[tuple[float, ...], ...]:
        """The weights of the members that are complete, along the criteria."""
        return tuple(tuple(one.shares.values()) for one in self.opinions if one.shares is not None)

    @property
    def box(self) -> tuple[tuple[float, float], ...]:
        """The lowest and the highest weight that a member gave, along the criteria."""
        return tuple((self.low[criterion], self.high[criterion]) for criterion in self.low)


@shared
def criteria(view: View) -> tuple[str, ...]:
    """The sections of the questions, in their order."""
    return tuple(row.id for row in sorted(view.catalogue.question_sections.values(), key=lambda row: row.order))


def shown(view: View, row: WeightRound) -> bool:
    """Have the members seen each other's weights?"""
    return row.revealed_on is not None and row.revealed_on <= view.today


def rounds(view: View) -> tuple[WeightRound, ...]:
    """All weighings, the youngest first: those that are not shown yet, then by the day on which they were shown to all."""
    return tuple(sorted(view.rows(WeightRound), key=lambda row: (not shown(view, row), row.revealed_on or date.max, row.number),
                        reverse=True))


def latest(view: View, revealed: bool = True) -> WeightRound | None:
    """The youngest weighing that was shown to all; without `revealed`, the youngest of all."""
    return next((row for row in rounds(view) if not revealed or shown(view, row)), None)


def group(view: View, round_code: str) -> Group | None:
    """What the members gave in a weighing, and what they gave together; None when there is no such weighing.

    Of two weights that a member gave to one criterion the later one counts. Once the weighing was shown to all, it is about
    the sections of that day (`_settled`): one that came to the catalogue later does not undo it, and a weight that one member
    gives to it neither.
    """
    row = view.find(WeightRound, round_code)
    if row is None:
        return None
    revealed = shown(view, row)
    points: dict[str, dict[str, float | None]] = {person: {} for person in row.members}
    written: dict[str, dict[str, int]] = {person: {} for person in row.members}
    for vote in view.where(WeightVote, "round", round_code):
        if vote.person in points:
            points[vote.person][vote.criterion] = vote.points
            written[vote.person].setdefault(vote.criterion, vote.number)
    wanted = criteria(view)
    if revealed:
        wanted = _settled(wanted, [{name: number for name, number in written[person].items() if given[name] is not None}
                                   for person, given in points.items()])
    opinions = tuple(Opinion(person, sum(given.get(name) is not None for name in wanted), len(wanted),
                             shares_of(row.method, given, wanted)) for person, given in points.items())
    rows = [one.shares for one in opinions if one.shares is not None]
    columns = {name: [shares[name] for shares in rows] for name in wanted} if rows else {}
    lists = [list(shares.values()) for shares in rows]
    return Group(row, wanted, opinions, bool(opinions) and len(rows) == len(opinions), revealed,
                 {name: fmean(column) for name, column in columns.items()},
                 {name: min(column) for name, column in columns.items()},
                 {name: max(column) for name, column in columns.items()},
                 {name: pstdev(column) for name, column in columns.items()}, kendall_w(lists), consensus(lists))


LATER = 0.25
"""At most this part of the sections can have come after a weighing was shown to all."""


def _settled(names: tuple[str, ...], members: Sequence[Mapping[str, int]]) -> tuple[str, ...]:
    """The sections that a weighing is about which was shown to all, from the sections to which each member gave a weight, with
    the number of that record.

    They are those to which somebody gave one. The last of them (`LATER`) came later if the first weight for each was written
    down after the first weights for all others, and without them more members are complete. Where at most half of the
    sections are left, the weighing was not about them: all are wanted, and nobody is complete.
    """
    numbers = {name: [one[name] for one in members if name in one] for name in names}
    order = sorted((name for name in names if numbers[name]), key=lambda name: min(numbers[name]))
    best, most = tuple(order), -1
    for size in range(len(order), len(order) - int(LATER * len(order)) - 1, -1):
        kept, late = order[:size], order[size:]
        if late and max(max(numbers[name]) for name in kept) > min(numbers[late[0]]):
            continue
        complete = sum(all(name in one for name in kept) for one in members)
        if complete > most:
            best, most = tuple(kept), complete
    return tuple([name for name in names if name in best]) if 2 * len(best) > len(names) else names


def kendall_w(rows: Sequence[Sequence[float]]) -> float | None:
    """How far the members put the criteria in the same order: 1 all the same, 0 no common order. None for fewer than two
    members or criteria, and where nobody prefers anything. With few criteria a high W says little.

    `W = 12 S / (m^2 (n^3 - n) - m T)`, m members, n criteria, S the squared deviations of the rank sums, `T = sum (t^3 - t)`
    over the groups of t equal ones of each member. Source: Kendall and Babington Smith, Annals of Mathematical Statistics 10
    (1939); with ties: Siegel and Castellan, Nonparametric Statistics (1988).
    """
    m, n = len(rows), len(rows[0]) if rows else 0
    if m < 2 or n < 2:
        return None
    sums, ties = [0.0] * n, 0
    for row in rows:
        level = [round(value, 12) for value in row]
        for place, value in enumerate(level):
            sums[place] += sum(other < value for other in level) + (level.count(value) + 1) / 2
        ties += sum(count ** 3 - count for count in Counter(level).values())
    middle = fmean(sums)
    below = m * m * (n ** 3 - n) - m * ties
    return 12 * sum((rank - middle) ** 2 for rank in sums) / below if below else None


def consensus(rows: Sequence[Sequence[float]]) -> float | None:
    """How alike the weights themselves are: 1 equal, 0 each member for something else. None for fewer than two members or
    criteria.

    `S* = (exp(-H_b) - M) / (1 - M)` with `H_b = H(mean p) - mean H(p_m)`, H the Shannon entropy and `M = 1 / min(n, m)`.
    Source: Goepel, AHP-OS, International Journal of the Analytic Hierarchy Process 10 (2018); M is ours, for points instead of
    pairs.
    """
    least = min(len(rows), len(rows[0]) if rows else 0)
    if least < 2:
        return None
    mean = [fmean(column) for column in zip(*rows, strict=True)]
    between = _entropy(mean) - fmean(_entropy(row) for row in rows)
    return min(max((exp(-between) - 1 / least) / (1 - 1 / least), 0.0), 1.0)


def _entropy(row: Sequence[float]) -> float:
    return -sum(share * log(share) for share in row if share > 0)


WORDS = ((0.5, N_("very low")), (0.625, N_("low")), (0.75, N_("moderate")), (0.875, N_("high")), (math.inf, N_("very high")))
"""What a consensus is called, below each limit (the steps of Goepel's AHP-OS)."""


def word_of(found: float) -> str:
    """A consensus in words: very low, low, moderate, high, very high."""
    return next(_(word) for limit, word in WORDS if found < limit)


# ---- the weights in force ----

@dataclass(frozen=True, slots=True)
class Weights:
    """The weights in force for every section, and the weighing they come from; None: from the importance of the questions."""

    shares: Shares
    round: WeightRound | None


@shared
def default_weights(view: View) -> Shares:
    """The weights while nobody has given any: the importance of the scored questions of each section, of those that concern at
    least one vendor (of all, while they concern none). All equal where nothing is scored."""
    names, vendors = criteria(view), [row.code for row in view.rows(Vendor)]
    scored = [question for question in view.catalogue.questions.values() if question.scored]
    asked = [question for question in scored if any(scoring.applies(view, vendor, question) for vendor in vendors)]
    sums = Counter(dict.fromkeys(names, 0))
    for question in asked or scored:
        sums[question.section] += question.importance
    total = sum(sums.values())
    return {name: sums[name] / total if total else 1 / len(names) for name in names}


@shared
def weights(view: View) -> Weights:
    """The weights in force: the mean of the youngest weighing that was shown to all and in which somebody gave all weights, 0
    for a section that came later; without one, `default_weights`."""
    for row in rounds(view):
        found = group(view, row.code) if shown(view, row) else None
        if found is not None and found.mean:
            return Weights({name: found.mean.get(name, 0.0) for name in criteria(view)}, row)
    return Weights(default_weights(view), None)


# ---- the seal ----

@dataclass(frozen=True, slots=True)
class Sealed:
    """Weights that were sealed. `intact`: does the seal still fit the weighing, its weights, day and members? `gone`: names
    among the weights that are no sections (any more)."""

    round: WeightRound
    shares: Shares
    intact: bool
    gone: tuple[str, ...] = ()


def marked(row: WeightRound) -> bool:
    """Was a weighing sealed? It is as soon as seal, weights or day are written: who takes away one of them breaks the seal, but
    does not take it off."""
    return bool(row.seal.strip() or row.weights.strip() or row.sealed_on)


@shared
def sealings(view: View) -> tuple[Sealed, ...]:
    """All weighings that were sealed, by the day of the seal (without one, that on which they were shown to all)."""
    rows = sorted(filter(marked, view.rows(WeightRound)),
                  key=lambda row: (row.sealed_on or row.revealed_on or date.min, row.number))
    return tuple([_sealed(view, row) for row in rows])


def _sealed(view: View, row: WeightRound) -> Sealed:
    shares = read_weights(row.weights)
    return Sealed(row, shares, row.seal == fingerprint(row, row.weights, row.sealed_on, row.sealed_by),
                  tuple([name for name in shares if name not in criteria(view)]))


def seal_of(view: View, round_code: str) -> Sealed | None:
    """The seal of one weighing; None while it is not sealed."""
    return next((one for one in sealings(view) if one.round.code == round_code), None)


def sealed(view: View) -> Sealed | None:
    """The weighing that was sealed first; None while there is none."""
    return next(iter(sealings(view)), None)


def fingerprint(row: WeightRound, text: str, on: date | None, by: Sequence[str]) -> str:
    """The seal of a weighing with these weights, on this day, by these people: SHA-256 over its code and method, the weights,
    the day, the members and those who sealed, as 64 hexadecimal digits. It shows that something was changed afterwards; it does
    not show by whom, and anybody can make a new one."""
    parts = (row.code, row.method, text.strip(), "" if on is None else on.isoformat(), " ".join(in_order(row.members)),
             " ".join(in_order(by)))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def seal_edits(view: View, round_code: str, *, by: Sequence[str], on: date) -> list[Edit]:
    """What has to be written to seal the mean of a weighing. Nothing while it was not shown to all, while nobody has given all
    weights, when nobody or somebody who takes no part seals it, and when it is sealed already: then a new weighing is due."""
    found = group(view, round_code)
    if found is None or not (found.revealed and found.mean) or marked(found.round):
        return []
    row, signers = found.round, in_order(by)
    if not signers or not set(signers) <= set(row.members):
        return []
    text = weights_text(found.mean, found.criteria)
    new: dict[str, Value] = {"weights": text, "seal": fingerprint(row, text, on, signers), "sealed_on": on,
                             "sealed_by": signers}
    return [Change(row.code, name, row.get(name), value) for name, value in new.items() if row.get(name) != value]


def weights_text(shares: Shares, order: Sequence[str]) -> str:
    """Weights as text, "dbms=0.12 mail=0.3", with all digits, in this order of the criteria."""
    return " ".join(f"{name}={shares[name]!r}" for name in order if name in shares)


def read_weights(text: str) -> Shares:
    """The weights that `weights_text` wrote. What cannot be read is left out: the seal tells that the text was changed."""
    found = dict[str, float]()
    for part in text.split():
        name, _equals, value = part.partition("=")
        try:
            share = float(value)
        except ValueError:
            continue
        if name and math.isfinite(share) and share >= 0:
            found[name] = share
    return found
