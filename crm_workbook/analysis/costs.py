"""What a vendor costs over the years, and which amounts are still open. All amounts are `Decimal`; none is ever guessed.

What nobody has priced is not zero: it is left out of every sum and named in `Costs.ghosts`. `Costs.total` is what is priced, at
its likely amounts; `Costs.low` and `Costs.high` are the same with all lowest and all highest amounts. While `open_amounts` is
not 0 something comes on top of all three, so only `low` may be called "at least", and `high` is no "at most".
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import accumulate
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from crm_workbook.analysis import database, growth, scoring
from crm_workbook.analysis.facts.view import View, shared
from crm_workbook.records.goals import Project
from crm_workbook.records.requirements import Requirement
from crm_workbook.records.team import Office
from crm_workbook.records.vendors import Answer, CostLine, Fit

if TYPE_CHECKING:
    from crm_workbook.catalogue.rows import Question

T = TypeVar("T")

LICENCE, IMPLEMENTATION, LEAVING, DATABASE, EXTRAS = "licence", "implementation", "exit", "dbms", "addons"
OWN_TIME = "internal_time"
"""Hours of our own: no vendor can say anything about them."""
GROWTH = "price-increase"
"""The question whose answer (% a year) lets repeated licence costs grow. It opens no line of its own."""
ZERO, CENT = Decimal(0), Decimal("0.01")
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

    `lines`: what each priced line comes to over the years, by its code; `yearly`: in each year; `least`: what an open line of
    which only the lowest amount is known comes to in each year. It counts with that amount in all sums, and stays open.
    `sizes`: what the database costs in each year by the vendor's sizes, a part of the bucket `DATABASE`; None without any, or
    while a repeated line of the question `database.LICENCE` has a price: that is more exact.
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
    least: Mapping[str, tuple[Decimal, ...]]
    sizes: tuple[Decimal, ...] | None
    muddled: tuple[str, ...]
    ghosts: tuple[Ghost, ...]
    open_lines: tuple[str, ...]
    opened: tuple[str, ...]
    open_buckets: frozenset[str]

    @property
    def total(self) -> Decimal:
        """The total cost of ownership (TCO) over all years, without leaving: what is priced, at its likely amounts. Between
        `low` and `high`; with open amounts something comes on top."""
        return sum((sum(amounts, ZERO) for amounts in self.buckets.values()), ZERO)

    @property
    def low(self) -> Decimal:
        """The TCO if every line costs its lowest amount: at least so much comes, whatever the open amounts are."""
        return sum(self.lows, ZERO)

    @property
    def high(self) -> Decimal:
        """The TCO if every line costs its highest amount; with open amounts it may be more."""
        return sum(self.highs, ZERO)

    @property
    def open_amounts(self) -> int:
        """How many amounts come on top of the total: all ghosts but the kinds of cost that nobody has asked about."""
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
    (`scoring.LARGEST`). What a line costs in a year is rounded to cents, half a cent up; sums of it are exact.

    The database costs what its lines say, and what its sizes cost (`database.tier_costs`), unless `Costs.sizes` is None:
    a line with the yearly price of the database stands for them.
    """
    return view.once(_Over(_costs, vendor, period(view) if years is None else years))


def _costs(view: View, vendor: str, years: int) -> Costs:
    priced = view.once(_Over(_priced, vendor, years))
    rows = {row.code: row for row in view.part(CostLine, "vendor", vendor)}
    found = {bucket: amounts for bucket, amounts in priced.buckets.items() if bucket != LEAVING}
    licensed = any(row.question == database.LICENCE and row.bucket == DATABASE and row.kind == "recurring"
                   for code, row in rows.items() if any(priced.lines.get(code, Amounts((), (), ())).likely))
    sizes = None if licensed else database.tier_costs(view, vendor, years)
    if sizes is not None:
        own = found.get(DATABASE, Amounts(*[(ZERO,) * years] * 3))
        found[DATABASE] = Amounts(*(_sum(years, (sizes.amounts, amounts)) for amounts in own))
    lines = {code: sum(amounts.likely, ZERO) for code, amounts in priced.lines.items()}
    known = lines | {code: sum(amounts.likely, ZERO) for code, amounts in priced.least.items()}
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
        leaving=sum((total for code, total in known.items() if rows[code].bucket == LEAVING), ZERO),
        quoted=sum((total for code, total in known.items()
                    if rows[code].bucket == IMPLEMENTATION and not rows[code].late), ZERO),
        late=sum((total for code, total in known.items() if rows[code].late), ZERO),
        late_lines=tuple(code for code, row in rows.items() if row.late), lines=lines,
        yearly={code: amounts.likely for code, amounts in priced.lines.items()},
        least={code: amounts.likely for code, amounts in priced.least.items()},
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
    """What each line that can be added up costs, by its code; the others whose lowest amount is known; and all of them
    together, by kind of cost."""

    lines: Mapping[str, Amounts]
    least: Mapping[str, Amounts]
    buckets: Mapping[str, Amounts]


def _priced(view: View, vendor: str, years: int) -> _Priced:
    increase = scoring.number(scoring.answers(view, vendor).get(GROWTH))
    lines, least, together = dict[str, Amounts](), dict[str, Amounts](), dict[str, list[Amounts]]()
    for line in view.part(CostLine, "vendor", vendor):
        price = price_of(view, line)
        known = price is None and not muddled(view, line)  # at least the lowest amount
        amounts = _amounts(view, line, years, increase, line.low if known else price)
        if amounts is not None:
            (lines if price is not None else least)[line.code] = amounts
            together.setdefault(line.bucket, []).append(amounts)
    return _Priced(lines, least, {bucket: Amounts(*(_sum(years, amounts) for amounts in zip(*found, strict=True)))
                           for bucket, found in together.items()})


def price_of(view: View, line: CostLine) -> Decimal | None:
    """The likely price of one unit of a line; an hour of our own without one costs what the project says. None: not known."""
    return view.only(Project).hour_cost if line.likely is None and line.basis == "hour" else line.likely


def muddled(view: View, line: CostLine) -> bool:
    """Are the lowest, the likely and the highest amount of a line out of order?"""
    written = [amount for amount in (line.low, price_of(view, line), line.high) if amount is not None]
    return written != sorted(written)


def _amounts(view: View, line: CostLine, years: int, increase: float | None, price: Decimal | None) -> Amounts | None:
    """What a line costs in each year at this price of one unit; None while that is not known."""
    units = units_of(view, line, years)
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
    if max(map(max, found)) >= scoring.LARGEST:
        return None
    return Amounts(*(tuple([amount.quantize(CENT, ROUND_HALF_UP) for amount in amounts]) for amounts in found))


def units_of(view: View, line: CostLine, years: int) -> tuple[Decimal, ...] | None:
    """How many units of a line there are in each year; None when nobody wrote it down, or a number that cannot be meant."""
    if line.units is None:
        counts = [_counted(view, line.basis, year) for year in range(1, years + 1)]
    else:
        counts = [line.units] * years
    known = [Decimal(str(count)) for count in counts if count is not None and abs(count) < scoring.LARGEST]
    return tuple(known) if len(known) == years else None


def _counted(view: View, basis: str, year: int) -> float | None:
    """How many of what is counted there are in a year; 1 where nothing is counted. Hours are never counted."""
    if basis == "user":
        return growth.users(view, year)
    if basis == "call":
        return growth.calls(view, year)
    if basis == "gb":
        return growth.data(view, year)
    return {"office": len(view.rows(Office)) or None, "hour": None}.get(basis, 1)


# ---- what nobody has priced ----

def opened_costs(view: View, vendor: str) -> tuple[str, ...]:
    """Ids of the questions whose answers open a cost that stands in no line of this vendor.

    One that does not apply opens nothing, nor does a question that nobody has answered unless its cost comes in any case.
    `opens` says the same of one answer.
    """
    return view.once(scoring.OfVendor(_opened_costs, vendor))


class Opened(NamedTuple):
    """The cost that an answer opens. `bucket`: id of its kind; `line`: code of the cost line that it stands in, "" for none;
    `settled`: it has a price there, or stands in the vendor's database sizes."""

    bucket: str
    line: str
    settled: bool


def opens(view: View, question: Question, answer: Answer) -> Opened | None:
    """The cost that an answer to this question opens, or that a line of its own already names; None without one. The answer
    need not be stored; one without a value is a question that nobody has answered.

    A question opens its cost when its answer is listed in `opens_when`, when that says "always", or says "flagged" and the
    answer raises a flag; an amount of 0 opens none. The cost stands in a line that names the question (one that is not priced
    comes first), in one of its kind of cost that names neither a question nor a requirement, or, that of the database, in the
    vendor's sizes. The question `GROWTH` is about lines that exist: it is open while a repeated licence cost needs its answer.
    """
    cost, vendor = question.cost, answer.vendor
    if cost is None or not scoring.concerns(view, vendor, question, answer):
        return None
    lines = view.part(CostLine, "vendor", vendor)
    if question.id == GROWTH:
        needed = scoring.number(answer) is None and any(
            line.growth is None and line.kind == "recurring" and line.bucket == LICENCE for line in lines)
        return Opened(cost.bucket, "", False) if needed else None
    free = question.answer_type == "money" and scoring.number(answer) == 0
    own = [line for line in lines if line.question == question.id]
    if not own and (free or not (
            "always" in cost.opens_when or scoring.reply(answer) in cost.opens_when
            or ("flagged" in cost.opens_when and scoring.flags_of(view, answer)))):
        return None
    shared_ = [line for line in lines if line.bucket == cost.bucket and not line.question and not line.requirement]
    line = next((line for line in own if price_of(view, line) is None), next(iter((*own, *shared_)), None))
    if line is None:
        return Opened(cost.bucket, "", cost.bucket == DATABASE and bool(database.tiers(view, vendor)))
    return Opened(cost.bucket, line.code, price_of(view, line) is not None)


def _opened_costs(view: View, vendor: str) -> tuple[str, ...]:
    given, found = scoring.answers(view, vendor), list[str]()
    for question in view.catalogue.questions.values():
        if question.cost is not None:
            answer = given.get(question.id) or Answer(vendor=vendor, question=question.id)
            opened = opens(view, question, answer)
            if opened is not None and not opened.line and not opened.settled:
                found.append(question.id)
    return tuple(found)


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
    database size is written down, and no question about that cost has a clear answer ("does not apply" is one). About hours of
    our own (`OWN_TIME`) only a line says anything: they come with every introduction."""
    return view.once(scoring.OfVendor(_unasked, vendor))


def _unasked(view: View, vendor: str) -> tuple[str, ...]:
    said = {line.bucket for line in view.part(CostLine, "vendor", vendor)}
    if database.tiers(view, vendor):
        said.add(DATABASE)
    for answer in scoring.answers(view, vendor).values():
        question = view.catalogue.questions.get(answer.question)
        if question is not None and question.cost is not None and question.cost.bucket != OWN_TIME and (
                scoring.reply(answer) not in ("", scoring.UNKNOWN) or answer.state == "not_applicable"):
            said.add(question.cost.bucket)
    return tuple(bucket for bucket in view.catalogue.cost_buckets if bucket not in said)
