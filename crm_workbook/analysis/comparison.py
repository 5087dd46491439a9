"""The vendors side by side: what rules one out, must gaps, fit, score, proven score, flags and costs. There is no grand total.

The score speaks of the questions only. Its criteria are the sections of the questions, their weights those of the latest
weighing that was shown to all (`weights`). What nobody has answered is not bad: the score is an interval, from the answers
that are there (`claimed`) to what it would be if all open ones were good (`best`), and a vendor of which nothing is answered
has none. Formulas: weighted sum, and the discount of an answer by the way we know it (`scoring.factor`).
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from crm_workbook.analysis import costs, scoring
from crm_workbook.analysis.facts.view import View, shared
from crm_workbook.analysis.radar import SEVERITIES
from crm_workbook.analysis.scoring import Knockout, RequirementFit, of_vendor
from crm_workbook.analysis.sensitivity import SAME
from crm_workbook.analysis.weights import criteria, sealings, weights
from crm_workbook.i18n import _
from crm_workbook.records.vendors import Vendor, WeightRound

if TYPE_CHECKING:
    from crm_workbook.catalogue.rows import Flag, Question


Matrix = tuple[tuple[float, ...], ...]


class Section(NamedTuple):
    """What a vendor's answers in one section of the questions are worth, 0 to 1: as `claimed`, and `proven`, each answer
    discounted by the way we know it. `open`: the share of the importance that is unanswered, so at best `claimed + open`.
    `applies`: False where none of its scored questions concerns the vendor, and the figures are the mean of the others."""

    claimed: float
    proven: float
    open: float
    applies: bool = True


@dataclass(frozen=True, slots=True)
class Standing:
    """How one vendor stands. `out`: why it is ruled out, in words; empty: it is in. `failed` and `open_knockouts`: the
    knock-out questions that rule it out, and those that still may.

    `asked`: is there an answer to a scored question that is worth something, good or bad? Without, nobody has been asked yet,
    and there is no score. `claimed`, `proven` and `best` are scores from 0 to 1, None as long, and while no question has a
    weight. `coverage`: importance of the answered questions / importance of all that apply. `raised`: the flags with their
    questions, the gravest first; `flags`: how many of each severity. `values`, `proven_values` and `open` (see `Section`) run
    along the criteria of the comparison; `apart`: the criteria that do not concern this vendor.
    """

    vendor: Vendor
    out: tuple[str, ...]
    asked: bool
    failed: tuple[Knockout, ...]
    open_knockouts: tuple[Knockout, ...]
    fit: RequirementFit
    claimed: float | None
    proven: float | None
    best: float | None
    coverage: float | None
    flags: Mapping[str, int]
    raised: tuple[tuple[Question, Flag], ...]
    costs: costs.Costs
    values: tuple[float, ...]
    proven_values: tuple[float, ...]
    open: tuple[float, ...]
    apart: frozenset[str]

    @property
    def premium(self) -> float | None:
        """The demo premium: how much of the score rests on what we only heard or read. `claimed - proven`."""
        return None if self.claimed is None or self.proven is None else self.claimed - self.proven

    @property
    def priced(self) -> bool:
        """Has anything a price? Without, the total says nothing."""
        return bool(self.costs.buckets)


@dataclass(frozen=True, slots=True)
class Comparison:
    """All vendors in the order of the table, those that are out last. `weights` run along `criteria` (ids of the sections) and
    add up to 1, or are all 0 while nothing has a weight. `round`: the weighing they are from; None: from the importance of the
    questions."""

    criteria: tuple[str, ...]
    weights: tuple[float, ...]
    round: WeightRound | None
    standings: tuple[Standing, ...]

    @property
    def inside(self) -> tuple[Standing, ...]:
        """The standings of the vendors that are not out."""
        return tuple(one for one in self.standings if not one.out)

    @property
    def asked(self) -> tuple[Standing, ...]:
        """Those of `inside` of which something is answered: the rows of the matrices, and those who can win."""
        return tuple(one for one in self.inside if one.asked)

    @property
    def unasked(self) -> tuple[Standing, ...]:
        """Those of `inside` that have still to be asked."""
        return tuple(one for one in self.inside if not one.asked)

    @property
    def ask_first(self) -> tuple[Standing, ...]:
        """The rivals of the winner whose best case is above its score, the highest first: before anything is said about who
        wins, they are to be asked. Those of which nothing is answered are `unasked`."""
        leader = next((one for one in self.asked if one.vendor.code == self.winner), None)
        above = (leader.claimed or 0.0) + SAME if leader is not None else 1.0
        return tuple(sorted((one for one in self.asked if one is not leader and (one.best or 0.0) > above),
                            key=lambda one: -(one.best or 0.0)))

    @property
    def matrix(self) -> Matrix:
        """Vendors that are `asked` x criteria: the values as claimed, as far as it is answered."""
        return tuple(one.values for one in self.asked)

    @property
    def proven_matrix(self) -> Matrix:
        """Vendors that are `asked` x criteria: the values as proven."""
        return tuple(one.proven_values for one in self.asked)

    @property
    def open_matrix(self) -> Matrix:
        """Vendors that are `asked` x criteria: how much a value may still rise when the rest is answered. Of what is proven
        only `heard` of it: an answer to come is at first one that we hear."""
        return tuple(one.open for one in self.asked)

    @property
    def winner(self) -> str | None:
        """The vendor with the highest claimed score among those that are `asked`; None while no answer is worth anything."""
        return _first({one.vendor.code: one.claimed for one in self.asked})

    @property
    def proven_winner(self) -> str | None:
        """The vendor with the highest proven score among those that are `asked`."""
        return _first({one.vendor.code: one.proven for one in self.asked})

    def of(self, vendor: str) -> Standing | None:
        """The standing of one vendor; None when it is not among them."""
        return next((one for one in self.standings if one.vendor.code == vendor), None)


def _first(scores: Mapping[str, float | None]) -> str | None:
    """Who has the highest score; of equal ones the first. A score of nothing wins nothing."""
    known = {vendor: score for vendor, score in scores.items() if score}
    best = max(known.values(), default=0.0) - SAME
    return next((vendor for vendor, score in known.items() if score >= best), None)


@shared
def compare(view: View) -> Comparison:
    """The vendors in this order: not out; fewest musts that are not met or not marked; best fit; fewest open amounts (kinds
    of cost that nobody has asked about are some); lowest cost (TCO).

    Who says nothing is not the best: a must without a mark counts like one that is not met, and a low cost with many amounts
    open is none. Equal ones stand as they were entered.
    """
    standings = sorted((standing(view, row.code) for row in view.rows(Vendor)), key=_place)
    return Comparison(criteria(view), _in_force(view), weights(view).round, tuple(standings))


def _place(one: Standing) -> tuple[object, ...]:
    fit = one.fit
    return (bool(one.out), len(fit.must_gaps) + len(fit.must_open), fit.value is None, -(fit.value or 0.0),
            not one.priced, len(one.costs.ghosts), one.costs.total, one.vendor.number)


@shared
def heard(view: View) -> float:
    """What an answer counts that we only heard, 0 to 1."""
    return view.catalogue.evidence_levels[scoring.WORD].factor


@shared
def _in_force(view: View) -> tuple[float, ...]:
    """The weights along the criteria."""
    return _along(criteria(view), weights(view).shares)


def _along(names: Sequence[str], shares: Mapping[str, float]) -> tuple[float, ...]:
    """Shares along the criteria, made to add up to 1; all 0 when none has one."""
    found = [shares.get(name, 0.0) for name in names]
    total = sum(found)
    return tuple(share / total if total else 0.0 for share in found)


@of_vendor
def standing(view: View, vendor: str) -> Standing:
    """How a vendor stands. ValueError when there is no such vendor."""
    row = view.find(Vendor, vendor)
    if row is None:
        raise ValueError(f"there is no vendor {vendor}")
    tests = scoring.knockouts(view, vendor)
    failed = tuple(test for test in tests if test.failed)
    raised, parts, shares = _raised(view, vendor), sections(view, vendor), _in_force(view)
    whole = scoring.scores(view, vendor).get("")
    values, proven, open_ = (tuple([part[place] for part in parts]) for place in range(3))
    asked = any(item.answer is not None and item.value is not None for item in scoring.judged(view, vendor))
    weighed, claimed = asked and any(shares), _sum(shares, values)
    return Standing(
        row, _reasons(view, row, failed, raised), asked, failed, tuple(test for test in tests if test.answered is False),
        scoring.fit(view, vendor), claimed if weighed else None, _sum(shares, proven) if weighed else None,
        claimed + _sum(shares, open_) if weighed else None, None if whole is None else whole.coverage,
        Counter(flag.severity for _question, flag in raised), raised, costs.costs(view, vendor), values, proven, open_,
        frozenset([name for name, part in zip(criteria(view), parts, strict=True) if not part.applies]))


def _sum(shares: Sequence[float], values: Sequence[float]) -> float:
    return sum(share * value for share, value in zip(shares, values, strict=True))


def _reasons(view: View, row: Vendor, failed: Sequence[Knockout], raised: Sequence[tuple[Question, Flag]]) -> tuple[str, ...]:
    """Why a vendor is out. The one that was chosen is in, whatever its state says; a knock-out rules out that one too."""
    made = scoring.decision(view)
    chosen = made is not None and made.vendor == row.code
    said = [row.out_because.strip() or _("Marked as out, without a reason.")] if row.state == "out" and not chosen else []
    ids = {test.question.id for test in failed}
    return (*said, *(flag.message for question, flag in raised if flag.severity == "blocker" and question.id in ids))


@of_vendor
def _raised(view: View, vendor: str) -> tuple[tuple[Question, Flag], ...]:
    return tuple(sorted(scoring.flags(view, vendor), key=lambda item: -SEVERITIES.index(item[1].severity)))


@of_vendor
def sections(view: View, vendor: str) -> tuple[Section, ...]:
    """The sections of a vendor along the criteria: `sum(i x v) / sum(i)` over the scored questions that surely apply, with
    their importance `i` and value `v` (0 while open); proven with the factor of the evidence, as in `scoring.scores`. An
    answer that has no value is left out; where that leaves nothing, the value is 0 and all of it is open.

    A section in which no scored question concerns the vendor gets the same sums over all its others: that is neither good nor
    bad for it, and with the weights from the importance the proven score is that of `scoring.scores`, exactly.
    """
    sums = {criterion: [0.0, 0.0, 0.0, 0.0] for criterion in criteria(view)}
    for question, answer, value, factor in scoring.judged(view, vendor):
        if value is None:
            continue
        tally, weight = sums[question.section], question.importance
        tally[0] += weight
        tally[1] += weight * value
        tally[2] += weight * value * factor
        tally[3] += weight if answer is None else 0
    rest = [sum(column) for column in zip(*sums.values(), strict=True)] or [0.0] * 4
    concern = {question.section for question in view.catalogue.questions.values()
               if question.scored and scoring.applies(view, vendor, question) is not False}
    return tuple(_section(tally if name in concern else rest, name in concern) for name, tally in sums.items())


def _section(tally: Sequence[float], applies: bool) -> Section:
    asked, claimed, proven, open_ = tally
    return Section(claimed / asked, proven / asked, open_ / asked, applies) if asked else Section(0.0, 0.0, 1.0, applies)


# ---- other weights ----

def compare_with(view: View, shares: Mapping[str, float]) -> str | None:
    """Who would win with these weights of the sections (claimed score, among those that are `asked`)."""
    found = compare(view)
    other = _along(found.criteria, shares)
    return _first({one.vendor.code: _sum(other, one.values) for one in found.asked})


class SealStrip(NamedTuple):
    """What became of the weights since they were sealed first. `old`: who wins by the sealed ones, with the answers of today;
    `new`: by those in force. `changed`: are the weights others now? `intact`: does the seal fit what it seals?

    `later`: the weighings that were sealed after the first one; `broken`: all whose seal does not fit, this one too; `gone`:
    names among the sealed weights that are no sections (any more): their weight went to the others.
    """

    round: WeightRound
    old: str | None
    new: str | None
    changed: bool
    intact: bool
    later: tuple[WeightRound, ...] = ()
    broken: tuple[WeightRound, ...] = ()
    gone: tuple[str, ...] = ()

    @property
    def turned(self) -> bool:
        """Did the changed weights change the winner?"""
        return self.old != self.new


@shared
def seal_strip(view: View) -> SealStrip | None:
    """The first seal against the weights in force: a later one does not undo it. None while nothing is sealed."""
    seals = sealings(view)
    if not seals:
        return None
    found, first = compare(view), seals[0]
    then = _along(found.criteria, first.shares)
    changed = bool(first.gone) or any(abs(a - b) > SAME for a, b in zip(then, found.weights, strict=True))
    return SealStrip(first.round, compare_with(view, first.shares), found.winner, changed, first.intact,
                     tuple([one.round for one in seals[1:]]), tuple([one.round for one in seals if not one.intact]), first.gone)


# ---- why ----

class Difference(NamedTuple):
    """What one criterion adds to the lead of a vendor over another (0 to 1; below 0: it takes away)."""

    criterion: str
    points: float


def why_ahead(comparison: Comparison, a: str, b: str) -> tuple[Difference, ...]:
    """Why vendor `a` is ahead of `b`: `w_j (v_aj - v_bj)`, the largest first. They add up to the difference of the claimed
    scores. ValueError when one of them is not compared."""
    one, other = comparison.of(a), comparison.of(b)
    if one is None or other is None:
        raise ValueError(f"{a} and {b} are not both compared")
    found = [Difference(criterion, share * (mine - theirs)) for criterion, share, mine, theirs
             in zip(comparison.criteria, comparison.weights, one.values, other.values, strict=True)]
    return tuple(sorted(found, key=lambda item: -item.points))


def proofs(view: View, vendor: str, most: int = 3) -> tuple[Question, ...]:
    """The questions where a proof of what was answered would raise the proven score most, by `w x v x (1 - e)`, `w` being the
    share of the question in all weights; none that would raise nothing."""
    items = [item for item in scoring.judged(view, vendor) if item.value is not None]
    asked = Counter[str]()
    for question, _answer, _value, _factor in items:
        asked[question.section] += question.importance
    shares = dict(zip(criteria(view), _in_force(view), strict=True))
    gains = [(shares[section := question.section] * question.importance / asked[section] * (value or 0.0) * (1 - factor),
              question) for question, _answer, value, factor in items]
    gains.sort(key=lambda item: -item[0])
    return tuple(question for gain, question in gains[:most] if gain > 0)
