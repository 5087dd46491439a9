"""How a figure was worked out: in plain words, with the numbers."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from crm_workbook.analysis.scoring import MARKS, WEIGHTS
from crm_workbook.analysis.second_opinion import CONCORDANCE, DISCORDANCE, electre, kendall_tau, topsis
from crm_workbook.analysis.sensitivity import stability, totals
from crm_workbook.i18n import _
from crm_workbook.records.requirements import PRIORITIES
from crm_workbook.records.vendors import FIT_MARKS
from crm_workbook.screens.vendors.standing_words import (
    UNKNOWN,
    cost,
    currency_of,
    gaps,
    percent,
    percents,
    points,
    section_name,
    short,
    signed,
)
from crm_workbook.widgets.bars import SPACE, money

if TYPE_CHECKING:
    from crm_workbook.analysis.comparison import Comparison, Standing
    from crm_workbook.analysis.facts import View
    from crm_workbook.analysis.weights import Group
    from crm_workbook.screens.titles import Titles
    from crm_workbook.screens.vendors.weightings import Shares

Explained = tuple[str, Sequence[str]]
"""A heading, and lines of text."""


class Explanation(ModalScreen[None]):
    """One page of text; any of the usual keys closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter,q,й,equals_sign,f3", "dismiss", show=False)]

    def __init__(self, heading: str, lines: Sequence[str]) -> None:
        super().__init__()
        self.heading, self.text = heading, lines

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(self.heading, classes="heading", markup=False)
            with VerticalScroll(classes="dialog-body"):
                yield Static("\n".join(self.text), markup=False)
            yield Static(_("Esc closes. The arrow keys move the text."), classes="details", markup=False)

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()


def explain_weight(view: View, titles: Titles, found: Group, criterion: str) -> Explained:
    """How the weight of a group of questions came about."""
    name = section_name(view, criterion)
    return _("How the weight of “{name}” came about").format(name=name), list(_weight(titles, found, criterion))


def _weight(titles: Titles, found: Group, criterion: str) -> Iterator[str]:
    if found.round.method == "ranks":
        yield _("Each member put the groups in order. A place is worth the mean of 1/place of it and of all places behind it, "
                "divided by the number of groups; equal places share.")
    else:
        yield _("Each member gave numbers. A member's weight for a group is its number divided by the sum of all numbers of "
                "that member.")
    yield ""
    rows = [(short(titles, one.person), one.shares[criterion]) for one in found.opinions if one.shares is not None]
    for name, share in rows:
        yield f"  {name}: {percent(share)}"
    if rows:
        total = sum(share for _name, share in rows)
        yield _("Mean: {sum} / {n} = {mean}").format(sum=percent(total), n=len(rows), mean=percent(found.mean[criterion]))
        yield _("Spread (standard deviation): {spread}").format(spread=f"± {found.spread[criterion] * 100:.1f} %")
    yield ""
    if found.round.seal:
        yield _("Sealed on {day}. The seal, a fingerprint of weights, day and members: {seal}").format(
            day=found.round.sealed_on, seal=found.round.seal)
        yield ""
    if found.agreement is not None:
        yield _("Agreement on the order is Kendall's W: 1 when all members put the groups in the same order, 0 when there is "
                "no common order. Here {w}, from {m} members and {n} groups. With few groups a high value says little.").format(
                    w=f"{found.agreement:.2f}", m=len(rows), n=len(found.criteria))
    if found.consensus is not None:
        yield ""
        yield _("Agreement on the weights is the consensus after Goepel: 100 % when all weights are equal, 0 % when each "
                "member wants something else. Here {share}.").format(share=percent(found.consensus))
    yield ""
    yield _("Talk first about a group whose weight decides: for each member the mean weight is replaced by that member's own, "
            "the others keep their proportions, and it is counted how often another vendor comes first.")


def explain_standing(view: View, titles: Titles, compared: Comparison, one: Standing) -> Explained:
    """How the figures of a vendor in the comparison came about."""
    return _("How the figures of {name} came about").format(name=one.vendor.name), list(_standing(view, titles, compared, one))


def _standing(view: View, titles: Titles, compared: Comparison, one: Standing) -> Iterator[str]:
    for reason in one.out:
        yield _("Out: {reason} Nothing outweighs that.").format(reason=reason)
    fit = one.fit
    yield _("Must gaps: {gaps}. Marked worse than “works with a paid extra”; a number with ? has no mark yet.").format(
        gaps=gaps(one))
    if fit.value is None:
        yield _("Fit: not known, because no accepted requirement has a mark.")
    else:
        marks = ", ".join(f"{_(FIT_MARKS[id_])} {value:g}" for id_, value in MARKS.items())
        weights = ", ".join(f"{_(PRIORITIES[id_])} {weight}" for id_, weight in WEIGHTS.items())
        yield _("Fit {fit}: the mean of the marks ({marks}), each counted by its priority ({weights}). {coverage} of the "
                "weight has a mark; the rest is left out, not counted as bad.").format(
                    fit=f"{fit.value:.2f}", marks=marks, weights=weights, coverage=percent(fit.coverage))
    yield ""
    yield from _score(view, compared, one)
    yield ""
    yield _("Coverage {share}: importance of the answered questions, divided by that of all that apply.").format(
        share=percent(one.coverage))
    yield _("Cost over {n} years: {cost}.").format(n=one.costs.years, cost=cost(one, currency_of(view)))
    for bucket in one.costs.buckets:
        known = view.catalogue.cost_buckets.get(bucket)
        yield f"  {known.name if known is not None else bucket}: {money(one.costs.of(bucket))}"
    yield _("What nobody has priced is open, not zero. The cost of leaving is apart: {amount}.").format(
        amount=money(one.costs.leaving) if one.costs.leaving else UNKNOWN)
    yield ""
    yield _("There is no grand total. The order is: not out, fewest musts that are not met or not marked, best fit, fewest "
            "open prices, lowest cost.")


def _score(view: View, compared: Comparison, one: Standing) -> Iterator[str]:
    if one.claimed is None:
        yield _("Score: not known. No question that counts has been answered yet; that is not the same as a bad score.")
        return
    yield _("Score {claimed}, proven {proven}: for each group of questions weight x value, added up, as far as it is answered. "
            "Once all is answered it is between {claimed} and {best}. Proven counts each answer by the way we know it: a word "
            "in a meeting least, our own measurement in full.").format(
                claimed=points(one.claimed), proven=points(one.proven), best=points(one.best))
    yield ""
    silent = list[str]()
    for criterion, weight, figure, value, proven, open_ in zip(compared.criteria, compared.weights, percents(compared.weights),
                                                               one.values, one.proven_values, one.open, strict=True):
        if open_ >= 1:
            silent.append(f"{section_name(view, criterion)} {figure}")
            continue
        line = _("{weight} x {value} = {part}, proven {weight} x {proven} = {proven_part}").format(
            weight=figure, value=points(value), part=f"{weight * value * 100:.1f}", proven=points(proven),
            proven_part=f"{weight * proven * 100:.1f}")
        open_words = ", " + _("{share} open").format(share=percent(open_)) if open_ > 0 else ""
        if criterion in one.apart:
            open_words = ", " + _("does not concern this vendor: mean of its others")
        yield f"  {section_name(view, criterion)}: {line}{open_words}"
    if silent:
        yield "  " + _("Nothing answered in: {groups}.").format(groups=", ".join(silent))


def explain_lead(view: View, compared: Comparison, one: Standing, other: Standing) -> list[str]:
    """Why a vendor is ahead of another, or behind it, group by group."""
    from crm_workbook.analysis.comparison import why_ahead

    lines = [_("{name} beside {other}: weight x (value - value of {other}), in points.").format(
        name=one.vendor.name, other=other.vendor.name), ""]
    places = {criterion: place for place, criterion in enumerate(compared.criteria)}
    for criterion, difference in why_ahead(compared, one.vendor.code, other.vendor.code):
        place = places[criterion]
        lines.append(f"  {section_name(view, criterion)}: {percents(compared.weights)[place]} x "
                     f"({points(one.values[place])} - {points(other.values[place])}) = {signed(difference)}")
    total = (one.claimed or 0.0) - (other.claimed or 0.0)
    return [*lines, _("Together: {total}").format(total=signed(total))]


def explain_second(titles: Titles, found: Comparison) -> Explained:
    """The second opinion, vendor by vendor."""
    return _("How the second opinion came about"), list(_second(titles, found))


def _second(titles: Titles, found: Comparison) -> Iterator[str]:
    inside, scores = found.asked, totals(found.matrix, found.weights)
    near, outranks = topsis(found.matrix, found.weights), electre(found.matrix, found.weights)
    names = [short(titles, one.vendor.code) for one in inside]
    yield _("TOPSIS measures for each vendor how far it is from the best of all in everything, and from the worst of all. 100 "
            "is the best everywhere, 0 the worst everywhere.")
    for name, mine, whole in zip(names, near, scores, strict=True):
        yield "  " + _("{name}: {near}, score {score}").format(name=name, near=points(mine), score=points(whole))
    tau = kendall_tau(scores, near)
    if tau is not None:
        yield _("Both orders agree with Kendall's tau {tau}: 1 is the same order, -1 the opposite.").format(tau=f"{tau:.2f}")
    yield ""
    yield _("ELECTRE I: one outranks another when it is at least as good in {most} of the weights, and nowhere worse by more "
            "than {least} of the largest difference there is.").format(most=percent(CONCORDANCE), least=percent(DISCORDANCE))
    for a, b in sorted(outranks.outranks):
        yield "  " + _("{name} outranks {other}").format(name=names[a], other=names[b])
    if not outranks.outranks:
        yield "  " + _("Nobody outranks anybody.")
    yield _("Outranked by nobody: {names}.").format(names=", ".join(names[place] for place in outranks.kernel))
    yield ""
    yield _("These are opinions, not verdicts: another vendor in the table can change the order of the others.")


def explain_interval(view: View, found: Comparison, matrix: Sequence[Sequence[float]], criterion: str) -> Explained:
    """How far the weight of a group of questions can move."""
    place = found.criteria.index(criterion)
    now, interval = found.weights[place], stability(matrix, found.weights, place)
    lines = [_("The weight of this group moves from 0 to 100 %; the other weights share the rest in the proportions they have "
               "now. The score of each vendor then is a straight line, and where two lines cross, another one takes the lead."),
             "", (_("Now {now}. Whatever it weighs, the lead stays.") if interval.below is None and interval.above is None else
                  _("Now {now}. The lead stays from {low} to {high}.")).format(
                      now=percent(now), low=percent(interval.low), high=percent(interval.high)), ""]
    others = sum(found.weights) - now
    for one, row in zip(found.asked, matrix, strict=True):
        whole = sum(weight * value for weight, value in zip(found.weights, row, strict=True))
        rest = (whole - now * row[place]) / others if others > 0 else None
        lines.append("  " + _("{name}: {value} in this group, {rest} in the others together").format(
            name=one.vendor.name, value=points(row[place]), rest=points(rest)))
    return _("How far the weight of “{name}” can move").format(name=section_name(view, criterion)), lines


def explain_shares(view: View, titles: Titles, found: Comparison, shares: Shares, seed: int) -> Explained:
    """What is meant by the share of weightings won, and the weights with which each vendor comes first."""
    of = shares.everywhere
    lines = [_("{n} weightings were drawn by chance, every mixture of weights as likely as any other; for each it was looked "
               "who has the highest score. What a vendor has not answered is drawn, too: somewhere between all bad and all "
               "good. By chance alone a share can be off by about {error} points. The chance starts from the fixed number "
               "{seed}, so the same answers give the same shares again.").format(
                   n=f"{of.draws:,}".replace(",", SPACE), error=f"{of.error * 100:.1f}", seed=seed), "",
             _("“members'”: only mixtures in which each group lies between the lowest and the highest that a member gave. "
               "“proven”: all mixtures, with the proven values."), ""]
    out_of = _("{name}: in the places 1 to {n} in {shares}")
    for place, one in enumerate(found.asked):
        lines.append(out_of.format(name=short(titles, one.vendor.code), n=len(found.asked),
                                   shares=", ".join(percents(of.ranks[place]))))
        central = of.central[place]
        if central is not None:
            lines.append("  " + _("Mean weights where it comes first: {weights}").format(weights=", ".join(
                f"{section_name(view, criterion)} {share}" for criterion, share in zip(
                    found.criteria, percents(central), strict=True))))
    return _("How often each vendor comes first"), lines
