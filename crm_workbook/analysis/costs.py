"""What a vendor costs over the years, and which amounts are still open. All amounts are `Decimal`; none is ever guessed.

What nobody has priced is not zero: it is left out of every sum and named in `Costs.ghosts`. Unless `Costs.open_amounts` is 0,
every total means "at least".
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from typing import Generic, NamedTuple, TypeVar

from crm_workbook.analysis import database, growth, scoring
from crm_workbook.analysis.facts.view import View, shared
from crm_workbook.records.goals import Project
from crm_workbook.records.requirements import Requirement
from crm_workbook.records.team import Office, Scale
from crm_workbook.records.vendors import CostLine, Fit

T = TypeVar("T")

LICENCE, IMPLEMENTATION, LEAVING, DATABASE, EXTRAS = "licence", "implementation", "exit", "dbms", "addons"
GROWTH = "price-increase"
"""The question whose answer (% a year) lets repeated licence costs grow. It opens no line of its own."""
ZERO = Decimal(0)
YEARS = (1, 30)
"""The shortest and the longest time that costs are compared over."""


class Ghost(NamedTuple):
    """A cost that nobody has priced. `kind` says what `ref` is:

    "line": a cost line that cannot be added up; "tier": a database size that will be needed, without a price (`database`);
    "answer": a question whose cost comes, and stands in no line; "extra": a requirement that works only with a paid extra, and
    no cost line names it; "bucket": a kind of cost of which nobody has said anything: no line (an amount of 0 settles it), no
    answer. Only this last one is no open amount: perhaps nothing comes.
    """

    kind: str
    ref: str
    bucket: str


@dataclass(frozen=True, slots=True)
class Costs:
    """The costs of one vendor over `years`. `buckets`: the priced amounts of each year by kind of cost; the cost of leaving is
    apart, in `leaving`. `lows`, `highs`: all of each year with the lowest and the highest amounts (of a line without them, the
    likely one), without leaving. `quoted`: introduction work that was in the offer. `late`: what came up after the contract,
    in the lines `late_lines`.

    `lines`: what each priced line comes to over the years, by its code; `yearly`: in each year. `sizes`: what the database
    costs in each year by the vendor's sizes, a part of the bucket `DATABASE`; None without any, or while a line of that kind is
    priced.
    `muddled`: codes of the lines whose lowest, likely and highest amounts are out of order: only the likely one of them counts.

    `open_lines`: codes of the lines that cannot be added up; `opened`: ids of the questions whose answers open a cost that
    stands in no line; `open_buckets`: the kinds of cost with an open amount. `ghosts` names all of it, kind by kind.
    """

    vendor: str
    years: int
    buckets: Mapping[str, tuple[Decimal, ...]]
    lows: tuple[Decimal, ...]
    highs: tuple[Decimal, ...]
    leaving: Decimal
    quoted: Decimal
    late: Decimal
    late_lines: tuple[str, ...]
    lines: Mapping[str, Decimal]
    yearly: Mapping[str, tuple[Decimal, ...]]
    sizes: tuple[Decimal, ...] | None
    muddled: tuple[str, ...]
    ghosts: tuple[Ghost, ...]
    open_lines: tuple[str, ...]
    opened: tuple[str, ...]
    open_buckets: frozenset[str]

    @property
    def total(self) -> Decimal:
        """The total cost of ownership (TCO) over all years, without leaving."""
        return sum((sum(amounts, ZERO) for amounts in self.buckets.values()), ZERO)

    @property
    def low(self) -> Decimal:
        """The TCO if every line costs its lowest amount."""
        return sum(self.lows, ZERO)

    @property
    def high(self) -> Decimal:
        """The TCO if every line costs its highest amount."""
        return sum(self.highs, ZERO)

    @property
    def open_amounts(self) -> int:
        """The k in "at least X, k amounts open": all ghosts but the kinds of cost that nobody has asked about."""
        return sum(ghost.kind != "bucket" for ghost in self.ghosts)

    @property
    def unasked(self) -> tuple[str, ...]:
        """The kinds of cost of which nobody has said anything, in the order of the catalogue."""
        return tuple(ghost.ref for ghost in self.ghosts if ghost.kind == "bucket")

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


@dataclass(frozen=True, slots=True)
class _Over(Generic[T]):
    """A function of a View, a vendor and years, as a function of a View. Equal ones are remembered as one."""

    function: Callable[[View, str, int], T]
    vendor: str
    years: int

    def __call__(self, view: View) -> T:
        return self.function(view, self.vendor, self.years)


def period(view: View) -> int:
    """The whole years that costs are compared over (`YEARS`): as the decision says, otherwise param p_tco_years."""
    made, (least, most) = scoring.decision(view), YEARS
    return int(min(most, max(least, made.period if made is not None and made.period else view.param("p_tco_years"))))


def costs(view: View, vendor: str, years: int | None = None) -> Costs:
    """What a vendor costs: `sum(one_off) + sum over years y and lines of recurring x units(y) x (1 + g)^(y - 1)`, over the
    `period` or these years.

    `units`: as the line says; otherwise, by what is counted, the users of year y (`growth.users`), the offices, calls or GB. A
    one-off for each user is paid in the year in which a user comes. An hour of our own without an amount costs
    `Project.hour_cost`.

    `g`: as the line says; otherwise for licences the answer to the question `GROWTH`, for all others 0. A line that does not
    say how often it comes, or how many units, cannot be added up, nor can one whose numbers cannot be meant
    (`scoring.LARGEST`).

    The database costs what its cost lines say; while none of them is priced, what its sizes cost (`database.tier_costs`).
    """
    return view.once(_Over(_costs, vendor, period(view) if years is None else years))


def _costs(view: View, vendor: str, years: int) -> Costs:
    priced = view.once(_Over(_priced, vendor, years))
    rows = {row.code: row for row in view.part(CostLine, "vendor", vendor)}
    found = {bucket: amounts for bucket, amounts in priced.buckets.items() if bucket != LEAVING}
    sizes = None if DATABASE in found else database.tier_costs(view, vendor, years)
    if sizes is not None:
        found[DATABASE] = Amounts(*[sizes.amounts] * 3)
    lines = {code: sum(amounts.likely, ZERO) for code, amounts in priced.lines.items()}
    opened, questions = opened_costs(view, vendor), view.catalogue.questions
    ghosts = (*(Ghost("line", code, row.bucket) for code, row in rows.items() if code not in lines),
              *(Ghost("tier", code, DATABASE) for code in (sizes.open if sizes is not None else ())),
              *(Ghost("answer", id_, cost.bucket) for id_ in opened if (cost := questions[id_].cost)),
              *(Ghost("extra", code, EXTRAS) for code in unpaid_extras(view, vendor)))
    open_buckets = frozenset(ghost.bucket for ghost in ghosts)
    return Costs(
        vendor, years, {bucket: amounts.likely for bucket, amounts in found.items()},
        lows=_sum(years, (amounts.low for amounts in found.values())),
        highs=_sum(years, (amounts.high for amounts in found.values())),
        leaving=sum((total for code, total in lines.items() if rows[code].bucket == LEAVING), ZERO),
        quoted=sum((total for code, total in lines.items()
                    if rows[code].bucket == IMPLEMENTATION and not rows[code].late), ZERO),
        late=sum((total for code, total in lines.items() if rows[code].late), ZERO),
        late_lines=tuple(code for code, row in rows.items() if row.late), lines=lines,
        yearly={code: amounts.likely for code, amounts in priced.lines.items()},
        sizes=None if sizes is None else sizes.amounts,
        muddled=tuple(code for code, row in rows.items() if muddled(view, row)),
        ghosts=(*ghosts, *(Ghost("bucket", id_, id_) for id_ in unasked(view, vendor) if id_ not in open_buckets)),
        open_lines=tuple(code for code in rows if code not in lines), opened=opened,
        open_buckets=open_buckets)


def _sum(years: int, found: Iterable[Sequence[Decimal]]) -> tuple[Decimal, ...]:
    """The sum of these amounts in each year."""
    return tuple(sum(year, ZERO) for year in zip([ZERO] * years, *found, strict=True))


# ---- lines ----

class Amounts(NamedTuple):
    """What a line costs in each year, with its lowest, likely and highest amount."""

    low: tuple[Decimal, ...]
    likely: tuple[Decimal, ...]
    high: tuple[Decimal, ...]


class _Priced(NamedTuple):
    """What each line that can be added up costs, by its code; and all of them together, by kind of cost."""

    lines: Mapping[str, Amounts]
    buckets: Mapping[str, Amounts]


def _priced(view: View, vendor: str, years: int) -> _Priced:
    increase = scoring.number(scoring.answers(view, vendor).get(GROWTH))
    lines, together = dict[str, Amounts](), dict[str, list[Amounts]]()
    for line in view.part(CostLine, "vendor", vendor):
        amounts = _amounts(view, line, years, increase)
        if amounts is not None:
            lines[line.code] = amounts
            together.setdefault(line.bucket, []).append(amounts)
    return _Priced(lines, {bucket: Amounts(*(_sum(years, amounts) for amounts in zip(*found, strict=True)))
                           for bucket, found in together.items()})


def price_of(view: View, line: CostLine) -> Decimal | None:
    """The likely price of one unit of a line; an hour of our own without one costs what the project says. None: not known."""
    return view.only(Project).hour_cost if line.likely is None and line.basis == "hour" else line.likely


def muddled(view: View, line: CostLine) -> bool:
    """Are the lowest, the likely and the highest amount of a line out of order?"""
    written = [amount for amount in (line.low, price_of(view, line), line.high) if amount is not None]
    return written != sorted(written)


def _amounts(view: View, line: CostLine, years: int, increase: float | None) -> Amounts | None:
    """What a line costs in each year; None while that is not known."""
    units, price = units_of(view, line, years), price_of(view, line)
    if price is None or units is None or not line.kind:
        return None
    if line.kind == "one_off":  # nobody gets money back for a user who goes
        most = tuple(accumulate(units, max))
        each = [now - before for before, now in zip((ZERO, *most), most, strict=False)]
    else:
        percent = line.growth if line.growth is not None else increase if line.bucket == LICENCE else None
        rate = max(1 + Decimal(str(percent or 0)) / 100, ZERO)  # no price falls below nothing
        rates = accumulate(units[1:], lambda grown, _count: grown * rate, initial=Decimal(1))
        each = [grown * count for grown, count in zip(rates, units, strict=True)]
    likely = tuple([price * count for count in each])
    low, high = (None, None) if muddled(view, line) else (line.low, line.high)
    found = Amounts(likely if low is None else tuple([low * count for count in each]), likely,
                    likely if high is None else tuple([high * count for count in each]))
    return found if max(map(max, found)) < scoring.LARGEST else None


def units_of(view: View, line: CostLine, years: int) -> tuple[Decimal, ...] | None:
    """How many units of a line there are in each year; None when nobody wrote it down, or a number that cannot be meant."""
    if line.units is None and line.basis == "user":
        counts = [growth.users(view, year) for year in range(1, years + 1)]
        known = [Decimal(count) for count in counts if count is not None and count < scoring.LARGEST]
        return tuple(known) if len(known) == years else None
    found = line.units if line.units is not None else _counted(view, line.basis)
    return None if found is None or abs(found) >= scoring.LARGEST else (Decimal(str(found)),) * years


def _counted(view: View, basis: str) -> float | None:
    """How many of what is counted there are, the same in every year; 1 where nothing is counted. Hours are never counted."""
    scale = view.only(Scale)
    return {"office": len(view.rows(Office)) or None, "call": scale.calls_at_once, "gb": scale.data_gb, "hour": None}.get(
        basis, 1)


# ---- what nobody has priced ----

def opened_costs(view: View, vendor: str) -> tuple[str, ...]:
    """Ids of the questions whose answers open a cost that stands in no line of this vendor.

    A cost stands in a line that names the question, or in one of its kind of cost that names neither a question nor a
    requirement; that of the database also in the vendor's sizes. A question opens its cost when its answer is listed in
    `opens_when`, when that says "always", or says "flagged" and the answer raises a flag. One that does not apply opens
    nothing, nor does an amount of 0, nor a question that nobody has answered unless its cost comes in any case.
    """
    return view.once(scoring.OfVendor(_opened_costs, vendor))


def _opened_costs(view: View, vendor: str) -> tuple[str, ...]:
    given = scoring.answers(view, vendor)
    lines = view.part(CostLine, "vendor", vendor)
    entered = {line.question for line in lines}
    entered |= {_of(line.bucket) for line in lines if not line.question and not line.requirement}
    if database.tiers(view, vendor):
        entered.add(_of(DATABASE))
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


def unpaid_extras(view: View, vendor: str) -> tuple[str, ...]:
    """Codes of the accepted requirements that work only with a paid extra of this vendor (the later of two marks counts), and
    that no cost line of it names."""
    return view.once(scoring.OfVendor(_unpaid_extras, vendor))


def _unpaid_extras(view: View, vendor: str) -> tuple[str, ...]:
    fields = Fit.declared.fields
    requirement, mark = fields["requirement"].index, fields["mark"].index
    marks = {row[requirement]: row[mark] for row in view.part(Fit, "vendor", vendor) if row[mark]}
    named = {line.requirement for line in view.part(CostLine, "vendor", vendor)}
    accepted = _accepted(view)
    return tuple(code for code, found in marks.items() if found == "extra" and code in accepted and code not in named)


@shared
def _accepted(view: View) -> frozenset[str]:
    """Codes of the accepted requirements."""
    state, prefix = Requirement.declared.fields["state"].index, Requirement.declared.prefix
    return frozenset(f"{prefix}{row[0]}" for row in view.rows(Requirement) if row[state] == "accepted")


def unasked(view: View, vendor: str) -> tuple[str, ...]:
    """The kinds of cost of which nobody has said anything for this vendor, in the order of the catalogue: no line and no
    database size is written down, and no question about that cost has an answer ("does not apply" is one)."""
    return view.once(scoring.OfVendor(_unasked, vendor))


def _unasked(view: View, vendor: str) -> tuple[str, ...]:
    said = {line.bucket for line in view.part(CostLine, "vendor", vendor)}
    if database.tiers(view, vendor):
        said.add(DATABASE)
    for answer in scoring.answers(view, vendor).values():
        question = view.catalogue.questions.get(answer.question)
        if question is not None and question.cost is not None and (
                scoring.reply(answer) or answer.state == "not_applicable"):
            said.add(question.cost.bucket)
    return tuple(bucket for bucket in view.catalogue.cost_buckets if bucket not in said)
