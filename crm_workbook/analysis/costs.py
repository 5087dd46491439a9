"""What a vendor costs over the years, and which amounts are still open. All amounts are `Decimal`; none is ever guessed.

A line without an amount is not zero: it is left out of every sum and named in `open_lines`, and a cost that an answer opens but
nobody has entered is named in `opened`. While either holds something, every total means "at least".
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

from crm_workbook.analysis import scoring
from crm_workbook.analysis.facts.view import View
from crm_workbook.records.phases import Phase
from crm_workbook.records.team import Office, Scale
from crm_workbook.records.vendors import CostLine

LICENCE, IMPLEMENTATION, LEAVING = "licence", "implementation", "exit"
GROWTH = "price-increase"
"""The question whose answer (% a year) lets repeated licence costs grow. It opens no line of its own."""
ZERO = Decimal(0)
YEARS = (1, 30)
"""The shortest and the longest time that costs are compared over."""


@dataclass(frozen=True, slots=True)
class Costs:
    """The costs of one vendor over `years`. `buckets`: the priced amounts of each year by kind of cost; the cost of leaving is
    apart, in `leaving`. `quoted`: introduction work that was in the offer. `late`: what came up after the contract.

    `lines`: what each priced line comes to over the years, by its code. `open_lines`: codes of the lines that cannot be added
    up; `opened`: ids of the questions whose answers open a cost that stands in no line; `open_buckets`: the kinds of cost of
    both.
    """

    years: int
    buckets: Mapping[str, tuple[Decimal, ...]]
    leaving: Decimal
    quoted: Decimal
    late: Decimal
    lines: Mapping[str, Decimal]
    open_lines: tuple[str, ...]
    opened: tuple[str, ...]
    open_buckets: frozenset[str]

    @property
    def total(self) -> Decimal:
        """The total cost of ownership (TCO) over all years, without leaving."""
        return sum((sum(amounts, ZERO) for amounts in self.buckets.values()), ZERO)

    @property
    def first_year(self) -> Decimal:
        """The cost of the first year."""
        return sum((amounts[0] for amounts in self.buckets.values()), ZERO)

    def of(self, bucket: str, years: int | None = None) -> Decimal | None:
        """One kind of cost over the first `years` (all of them without). None while nothing is priced, and while what is priced
        comes to nothing and an amount is open: that is not a zero."""
        amounts = self.buckets.get(bucket)
        if amounts is None:
            return None
        found = sum(amounts[:years], ZERO)
        return None if not found and bucket in self.open_buckets else found

    @property
    def hidden_share(self) -> Decimal | None:
        """`(TCO - licence - quoted introduction) / TCO`. None without a TCO, and while a licence or introduction is open."""
        if not self.total or self.open_buckets & {LICENCE, IMPLEMENTATION}:
            return None
        return (self.total - (self.of(LICENCE) or ZERO) - self.quoted) / self.total


def period(view: View) -> int:
    """The whole years that costs are compared over (`YEARS`): as the decision says, otherwise param p_tco_years."""
    made, (least, most) = scoring.decision(view), YEARS
    return int(min(most, max(least, made.period if made is not None and made.period else view.param("p_tco_years"))))


def costs(view: View, vendor: str) -> Costs:
    """What a vendor costs: `sum(one_off) + sum over years y and lines of recurring x units(y) x (1 + g)^(y - 1)`.

    `units`: as the line says; otherwise, by what is counted, the users of year y (`users`), the offices, calls or GB. A one-off
    for each user is paid in the year in which a user comes. `g`: as the line says; otherwise for licences the answer to the
    question `GROWTH`, for all others 0. A line that does not say how often it comes, or how many units, cannot be added up, nor
    can one whose numbers cannot be meant (`scoring.LARGEST`).
    """
    return view.once(scoring.OfVendor(_costs, vendor))


def _costs(view: View, vendor: str) -> Costs:
    years = period(view)
    increase = scoring.number(scoring.answers(view, vendor).get(GROWTH))
    buckets: dict[str, list[Decimal]] = {}
    leaving = quoted = late = ZERO
    lines, open_ = dict[str, Decimal](), list[CostLine]()
    for line in view.where(CostLine, "vendor", vendor):
        amounts = _amounts(view, line, years, increase)
        if amounts is None:
            open_.append(line)
            continue
        lines[line.code] = total = sum(amounts, ZERO)
        late += total if line.late else ZERO
        if line.bucket == LEAVING:
            leaving += total
            continue
        quoted += total if line.bucket == IMPLEMENTATION and not line.late else ZERO
        sums = buckets.setdefault(line.bucket, [ZERO] * years)
        sums[:] = map(Decimal.__add__, sums, amounts)
    questions = view.catalogue.questions
    opened = opened_costs(view, vendor)
    return Costs(years, {bucket: tuple(sums) for bucket, sums in buckets.items()}, leaving, quoted, late, lines,
                 tuple(line.code for line in open_), opened,
                 frozenset({line.bucket for line in open_} | {cost.bucket for id_ in opened if (cost := questions[id_].cost)}))


def _amounts(view: View, line: CostLine, years: int, increase: float | None) -> list[Decimal] | None:
    """What a line costs in each year; None while that is not known."""
    units = units_of(view, line, years)
    if line.likely is None or units is None or not line.kind:
        return None
    if line.kind == "one_off":
        amounts = [line.likely * (now - before) for before, now in zip((ZERO, *units), units, strict=False)]
    else:
        percent = line.growth if line.growth is not None else increase if line.bucket == LICENCE else None
        rate = max(1 + Decimal(str(percent or 0)) / 100, ZERO)  # no price falls below nothing
        prices = accumulate(units[1:], lambda price, _count: price * rate, initial=line.likely)
        amounts = [price * count for price, count in zip(prices, units, strict=True)]
    return amounts if max(map(abs, amounts)) < scoring.LARGEST else None


def units_of(view: View, line: CostLine, years: int) -> tuple[Decimal, ...] | None:
    """How many units of a line there are in each year; None when nobody wrote it down, or a number that cannot be meant."""
    if line.units is None and line.basis == "user":
        counts = [users(view, year) for year in range(1, years + 1)]
        return None if None in counts else tuple(Decimal(count or 0) for count in counts)
    found = line.units if line.units is not None else _counted(view, line.basis)
    return None if found is None or abs(found) >= scoring.LARGEST else (Decimal(str(found)),) * years


def _counted(view: View, basis: str) -> float | None:
    """How many of what is counted there are, the same in every year; 1 where nothing is counted."""
    scale = view.only(Scale)
    return {"office": len(view.rows(Office)) or None, "call": scale.calls_at_once, "gb": scale.data_gb}.get(basis, 1)


def users(view: View, year: int) -> int | None:
    """Users in a year, 1 being that of the first start: those of all phases in use by its end (so phases save licences), but
    never more than all users. While the phases do not say, all users; None when these are not known either."""
    everybody = view.only(Scale).users_total
    starts = [(row.go_live, row.users) for row in view.rows(Phase) if row.go_live is not None]
    if not starts:
        return everybody
    first = min(day for day, _count in starts)
    counts = [count for day, count in starts if (day - first).days < 365 * year]
    if None in counts:
        return everybody
    total = sum(count or 0 for count in counts)
    return total if everybody is None else min(total, everybody)


def opened_costs(view: View, vendor: str) -> tuple[str, ...]:
    """Ids of the questions whose answers open a cost that stands in no line of this vendor.

    A cost stands in a line that names the question, or in one of its kind of cost that names no question. A question opens its
    cost when its answer is listed in `opens_when`, when that says "always", or says "flagged" and the answer raises a flag. One
    that does not apply opens nothing, nor does an amount of 0, nor a question that nobody has answered unless its cost comes
    in any case.
    """
    given = scoring.answers(view, vendor)
    lines = view.where(CostLine, "vendor", vendor)
    entered = {line.question for line in lines} | {_of(line.bucket) for line in lines if not line.question}
    found = list[str]()
    for question in view.catalogue.questions.values():
        cost = question.cost
        if cost is None or question.id in entered or not scoring.applies(view, vendor, question):
            continue
        answer = given.get(question.id)
        if question.id == GROWTH:
            opens = scoring.number(answer) is None and any(
                line.growth is None and line.kind == "recurring" and line.bucket == LICENCE for line in lines)
        else:
            free = question.answer_type == "money" and scoring.number(answer) == 0
            opens = not free and _of(cost.bucket) not in entered and (
                "always" in cost.opens_when or scoring.reply(answer) in cost.opens_when
                or ("flagged" in cost.opens_when and answer is not None and bool(scoring.flags_of(view, answer))))
        if opens:
            found.append(question.id)
    return tuple(found)


def _of(bucket: str) -> str:
    """A kind of cost among ids of questions; the two never meet."""
    return f"bucket {bucket}"
