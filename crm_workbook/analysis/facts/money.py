"""Facts of the chapter Vendors that are about money: what the chosen vendor costs over the years, and the payment plan.

Also what all facts about the chosen vendor are made of.
"""
from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import wraps

from crm_workbook.analysis import cashflow, costs, database, scoring
from crm_workbook.analysis.facts import fact
from crm_workbook.analysis.facts.parts import MOST, codes, counted, entry, past, phase
from crm_workbook.analysis.facts.view import Figure, View
from crm_workbook.analysis.finders import Gap
from crm_workbook.records.goals import Project
from crm_workbook.records.phases import Phase
from crm_workbook.records.team import Scale
from crm_workbook.records.vendors import Answer, Choice, CostLine, DatabaseTier, Payment, Vendor

INCLUDED = (("sup-first-year", "priority-included"), ("sup-in-price", "included"))
"""Questions and answers that say: support is in the price."""


def of_chosen(function: Callable[[View, Choice], Figure]) -> Callable[[View], Figure]:
    """A fact about the decision that holds and its vendor."""
    @fact
    @wraps(function)
    def ask(view: View) -> Figure:
        made = scoring.decision(view)
        return Figure(None, (), choice_gap(view)) if made is None else function(view, made)
    return ask


def choice_gap(view: View) -> Gap:
    """What to open so that a vendor is chosen."""
    begun = [row for row in view.rows(Choice) if not row.vendor]
    marked = [row for row in view.rows(Vendor) if row.state == "chosen"]
    given = (("vendor", marked[0].code),) if len(marked) == 1 else ()
    return Gap(begun[0].code, "vendor") if begun else Gap(given=given, kind=Choice)


def answer_gap(vendor: str, question: str, row: Answer | None) -> Gap:
    """What to open so that a question gets an answer, or a better one; `row` is the answer that is there."""
    if row is None:
        return Gap(given=(("vendor", vendor), ("question", question)), kind=Answer)
    return Gap(row.code, "value" if row.state in ("answered", "unsure") else "state")


def cut(figure: Figure) -> Figure:
    """The same figure with at most `MOST` records."""
    return Figure(figure.value, figure.records[:MOST], figure.gap)


# ---- costs ----

@of_chosen
def cost_questions_unknown(view: View, made: Choice) -> Figure:
    """Open amounts of the chosen vendor (`Costs.open_amounts`): cost lines that cannot be added up, database sizes without a
    price, and costs that an answer or a paid extra opens and that stand in no line. Kinds of cost of which nobody has said
    anything are not counted: perhaps nothing comes."""
    found = costs.costs(view, made.vendor)
    given = scoring.answers(view, made.vendor)
    rows, names = list[str](), dict[str, None]()
    for kind, ref, bucket in found.ghosts:
        if kind == "answer" and ref not in given:
            names[view.catalogue.cost_buckets[bucket].name] = None
        elif kind != "bucket":
            rows.append(given[ref].code if kind == "answer" else ref)
    return Figure(found.open_amounts, tuple(rows[:MOST]), _open_cost(view, made.vendor), tuple(names))


@of_chosen
def hidden_cost_share(view: View, made: Choice) -> Figure:
    """(TCO - licence - quoted introduction) / TCO of the chosen vendor; with open amounts it is at least so much. Not known
    while licence or introduction is open, or nothing has an amount. The records are the extras, the largest first, and the
    sizes of a database that costs something."""
    found = costs.costs(view, made.vendor)
    rows = [row for row in view.where(CostLine, "vendor", made.vendor) if found.lines.get(row.code)
            and row.bucket not in (costs.LICENCE, costs.LEAVING) and (row.late or row.bucket != costs.IMPLEMENTATION)]
    rows.sort(key=lambda row: -found.lines[row.code])
    share = found.hidden_share
    if share is None:
        return Figure(None, found.open_lines[:MOST], _open_cost(view, made.vendor, costs.LICENCE, costs.IMPLEMENTATION)
                      or _line(made.vendor, costs.LICENCE))
    sizes = [row for row in database.tiers(view, made.vendor) if row.price or row.once] if any(found.sizes or ()) else []
    gaps = [*(Gap(row.code, "likely") for row in rows), *(Gap(row.code, "price") for row in sizes)]
    much = share > view.param("p_hidden_cost_share")
    return Figure(float(share), codes((*rows, *sizes)), gaps[0] if much and gaps else None)


@of_chosen
def licence_cost(view: View, made: Choice) -> Figure:
    """Licences of the chosen vendor over the years compared; with open amounts at least so much."""
    return _bucket(view, made, costs.LICENCE)


@of_chosen
def training_cost(view: View, made: Choice) -> Figure:
    """Training over the years compared, own hours included that were entered as training; with open amounts at least that."""
    return _bucket(view, made, "training")


@of_chosen
def support_cost_year1(view: View, made: Choice) -> Figure:
    """Support in the first year. Support that is in the price is worth something: without an amount that is not known."""
    figure = _bucket(view, made, "support", 1)
    given = scoring.answers(view, made.vendor)
    if figure.value == 0 and any(scoring.reply(given.get(question)) == value for question, value in INCLUDED):
        return Figure(None, figure.records, Gap(figure.records[0], "likely"))
    return figure


@of_chosen
def training_share(view: View, made: Choice) -> Figure:
    """Training in the first year / all costs of the first year."""
    found = costs.costs(view, made.vendor)
    training, rows = found.of("training", 1), _lines(view, made.vendor, "training")
    if training is None or not found.first_year:
        return Figure(None, codes(rows), _open_cost(view, made.vendor, "training") or _line(made.vendor, "training"))
    part = float(training / found.first_year)
    return Figure(part, codes(rows), Gap(rows[0].code, "likely") if part < view.param("p_training_share_min") else None)


def _bucket(view: View, made: Choice, bucket: str, years: int | None = None) -> Figure:
    found, rows = costs.costs(view, made.vendor).of(bucket, years), _lines(view, made.vendor, bucket)
    if found is None:
        return Figure(None, codes(rows), _open_cost(view, made.vendor, bucket) or _line(made.vendor, bucket))
    return Figure(float(found), codes(rows), None if found else Gap(rows[0].code, "likely"))


def _lines(view: View, vendor: str, bucket: str) -> list[CostLine]:
    return [row for row in view.where(CostLine, "vendor", vendor) if row.bucket == bucket]


def _line(vendor: str, bucket: str) -> Gap:
    return Gap(given=(("vendor", vendor), ("bucket", bucket)), kind=CostLine)


def _open_cost(view: View, vendor: str, *buckets: str) -> Gap | None:
    """The first open amount, of these kinds of cost or of all: a line that is there before a new one."""
    found = costs.costs(view, vendor)
    for kind, ref, bucket in found.ghosts:
        if kind == "bucket" or (buckets and bucket not in buckets):
            continue
        if kind == "extra":
            return Gap(given=(("vendor", vendor), ("bucket", bucket), ("requirement", ref)), kind=CostLine)
        if kind == "answer":
            return _opened(view, vendor, ref)
        row = view.get(ref)
        if isinstance(row, CostLine):
            return _lacking(view, row, found.years)
        if isinstance(row, DatabaseTier):
            return _size(view, row)
    return None


def _opened(view: View, vendor: str, question: str) -> Gap:
    """What to open so that the cost of an answer is written down."""
    cost = view.catalogue.questions[question].cost
    if cost is None or question == costs.GROWTH:
        return answer_gap(vendor, question, scoring.answers(view, vendor).get(question))
    kind = () if cost.kind == "both" else (("kind", cost.kind),)
    return Gap(given=(("vendor", vendor), ("bucket", cost.bucket), *kind, ("question", question)), kind=CostLine)


def _lacking(view: View, row: CostLine, years: int) -> Gap:
    """What to open in a line that cannot be added up."""
    priced, units = costs.price_of(view, row) is not None, costs.units_of(view, row, years) is not None
    if priced and row.kind and units:
        return _slip(view, row)
    if row.basis == "hour" and units and row.kind:
        return entry(view.only(Project), "hour_cost")
    return Gap(row.code, ("units" if row.kind else "kind") if priced or row.basis == "hour" else "likely")


def _size(view: View, row: DatabaseTier) -> Gap:
    """What to open while a database size leaves the cost open: its price, what we need, or a larger size."""
    scale = view.only(Scale)
    if row.price is None:
        return Gap(row.code, "price")
    if scale.users_at_once is None or scale.data_gb is None:
        return entry(scale, "users_at_once" if scale.users_at_once is None else "data_gb")
    return Gap(given=(("vendor", row.vendor),), kind=DatabaseTier)


def _slip(view: View, row: CostLine) -> Gap:
    """What to open when a line has all its numbers and comes to more than anybody pays: where the growth is written."""
    answer = scoring.answers(view, row.vendor).get(costs.GROWTH)
    if row.kind == "recurring" and row.growth is None and row.bucket == costs.LICENCE and answer is not None:
        return answer_gap(row.vendor, costs.GROWTH, answer)
    return Gap(row.code, "growth" if row.kind == "recurring" and row.growth else "likely")


# ---- payments ----

def _plan(vendor: str) -> Gap:
    return Gap(given=(("vendor", vendor),), kind=Payment)


def _introduction(view: View, vendor: str) -> tuple[Decimal | None, Gap | None]:
    """The price of the introduction: its cost lines, or without any the whole payment plan. None while an amount is open."""
    found = costs.costs(view, vendor)
    if lines := _lines(view, vendor, costs.IMPLEMENTATION):
        open_ = [row for row in lines if row.code in found.open_lines]
        price = None if open_ else found.of(costs.IMPLEMENTATION)
        return price or None, Gap((open_ or lines)[0].code, "likely")
    rows = view.where(Payment, "vendor", vendor)
    amounts = [row.amount for row in rows if row.amount is not None]
    missing = [row.code for row in rows if row.amount is None]
    return (None, Gap(missing[0], "amount")) if missing else (sum(amounts, Decimal(0)) or None,
                                                              _line(vendor, costs.IMPLEMENTATION))


@of_chosen
def prepaid_share(view: View, made: Choice) -> Figure:
    """Payments before the first acceptance (`cashflow.payment_plan`) / price of the introduction.

    Not known without a payment plan, and while a payment that may belong to it could lift the share over param p_prepaid_max.
    """
    rows = view.where(Payment, "vendor", made.vendor)
    price, gap = _introduction(view, made.vendor)
    if not rows or price is None:
        return Figure(None, codes(rows), gap if rows else _plan(made.vendor))
    plan = cashflow.payment_plan(view, made.vendor)
    sure = [row for row in plan.early if row.amount is not None]
    doubt = [row for row in rows if row in plan.doubtful or (row in plan.early and row.amount is None)]
    share = float(plan.prepaid / price)
    if doubt and share <= view.param("p_prepaid_max"):
        missing = next((name for name in ("amount", "needs_acceptance", "due") if doubt[0].get(name) is None), "due")
        return Figure(None, codes(doubt), Gap(doubt[0].code, missing))
    return Figure(share, codes(sure), Gap(sure[0].code, "amount") if share > view.param("p_prepaid_max") else None)


@of_chosen
def payment_milestones(view: View, made: Choice) -> Figure:
    """Stages of the payment plan of the chosen vendor. Not known while all of them are without a name."""
    rows = view.where(Payment, "vendor", made.vendor)
    stages = [row for row in rows if row.title]
    if rows and not stages:
        return Figure(None, codes(rows), Gap(rows[0].code, "title"))
    return Figure(len(stages), codes(stages), _plan(made.vendor) if len(stages) < len(view.rows(Phase)) else None)


@of_chosen
def payments_without_acceptance(view: View, made: Choice) -> Figure:
    """Stages that were paid before they were accepted, although they need it."""
    def early(row: Payment) -> bool | None:
        if row.paid_on is None or not past(view, row.paid_on) or row.needs_acceptance is False or row.both_signed:
            return False
        if row.accepted_on is not None and row.accepted_on <= row.paid_on:
            return False
        return row.needs_acceptance  # None: nobody said
    rows = view.where(Payment, "vendor", made.vendor)
    figure = counted(rows, early, field="accepted_on")
    return Figure(None, figure.records, Gap(figure.records[0], "needs_acceptance")) if figure.value is None else cut(figure)


@of_chosen
def accepted_unpaid_days(view: View, made: Choice) -> Figure:
    """Days since the oldest stage that was accepted and is not paid; 0 when none waits. Not known without a payment plan, and
    while both sides signed and the day of acceptance is missing."""
    rows = view.where(Payment, "vendor", made.vendor)
    unpaid = [row for row in rows if not past(view, row.paid_on)]
    waiting = [(row.accepted_on, row.code) for row in unpaid if row.accepted_on and past(view, row.accepted_on)]
    if waiting:
        since, code = min(waiting)
        return Figure((view.today - since).days, (code,), Gap(code, "paid_on"))
    if undated := [row for row in unpaid if row.both_signed and row.accepted_on is None]:
        return Figure(None, codes(undated), Gap(undated[0].code, "accepted_on"))
    return Figure(0) if rows else Figure(None, (), _plan(made.vendor))


@of_chosen
def refinement_reserve_share(view: View, made: Choice) -> Figure:
    """Money reserved with the decision / price of the introduction."""
    price, gap = _introduction(view, made.vendor)
    if made.reserve is None or price is None:
        return Figure(None, (made.code,), Gap(made.code, "reserve") if made.reserve is None else gap)
    part = float(made.reserve / price)
    return Figure(part, (made.code,), Gap(made.code, "reserve") if part < view.param("p_refinement_reserve") else None)


@of_chosen
def payment_stage_agreed(view: View, made: Choice) -> Figure:
    """Did both sides sign the stages of the phase that need an acceptance (all of its stages when none does)? Not known while
    only stages without a phase could be meant."""
    now = phase(view)
    if now is None:
        return Figure(None, (), Gap(kind=Phase))
    plan = view.where(Payment, "vendor", made.vendor)
    rows = [row for row in plan if row.phase == now.code]
    rows = [row for row in rows if row.needs_acceptance is not False] or rows
    if rows:
        open_ = [row for row in rows if not row.both_signed]
        return Figure(not open_, codes(open_ or rows), Gap(open_[0].code, "both_signed") if open_ else None)
    if loose := [row for row in plan if not row.phase]:
        return Figure(None, codes(loose), Gap(loose[0].code, "phase"))
    return Figure(False, (), Gap(given=(("vendor", made.vendor), ("phase", now.code)), kind=Payment))
