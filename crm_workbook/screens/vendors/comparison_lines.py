"""The comparison as lines: the table of the vendors, and below it how firmly the first place stands."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from crm_workbook.analysis.comparison import Comparison, Standing, compare, proofs, seal_strip
from crm_workbook.analysis.facts.view import View, shared
from crm_workbook.analysis.second_opinion import electre, kendall_tau, topsis
from crm_workbook.analysis.sensitivity import Interval, stability, totals
from crm_workbook.i18n import N_, _, ngettext
from crm_workbook.screens.frame import SIGNS
from crm_workbook.screens.vendors.standing_words import (
    UNKNOWN,
    brief,
    cost,
    cost_short,
    currency_of,
    flags,
    gaps,
    in_quotes,
    percent,
    percents,
    points,
    score,
    section_name,
    strip,
)
from crm_workbook.screens.vendors.tables import Line, fitting, heading, sentence
from crm_workbook.screens.vendors.weightings import Shares
from crm_workbook.widgets.bars import bar
from crm_workbook.widgets.columns import Column

if TYPE_CHECKING:
    from crm_workbook.screens.titles import Titles

WIDE = (Column(N_("Vendor"), min=16, weight=2), Column(N_("Out?"), min=4), Column(N_("Must gaps"), min=9, weight=1),
        Column(N_("Fit"), min=13), Column(N_("Score (proven)"), min=14), Column(N_("Cover"), min=5, align="right"),
        Column(N_("Flags"), min=9, weight=1), Column(N_("Cost"), min=26, weight=1))
MIDDLE = (Column(N_("Vendor"), min=12, weight=1), Column(N_("Out?"), min=4), Column(N_("Gaps"), min=9, weight=1),
          Column(N_("Fit"), min=4), Column(N_("Score"), min=7), Column(N_("Cover"), min=5, align="right"),
          Column(N_("Flags"), min=8), Column(N_("Cost"), min=13))
NARROW = (Column(N_("Vendor"), min=10, weight=1), Column(N_("Gaps"), min=4), Column(N_("Fit"), min=4),
          Column(N_("Score"), min=7), Column(N_("Flags"), min=6), Column(N_("Cost"), min=11))
TINY = (Column(N_("Vendor"), min=8, weight=1), Column(N_("Gaps"), min=4), Column(N_("Score"), min=7),
        Column(N_("Cost"), min=11))
BAR = 8
"""Cells of the bar beside a fit."""
HEADING = "heading"
ORDER, UNASKED, STABLE, SHARE = "#order", "#unasked", "#stable", "#share"
PROOF, SECOND, SEALED, LACKING = "#proof", "#second", "#sealed", "#lacking"
"""Keys of the sentences."""
TABLE = N_("The order: not out, fewest musts that are not met or not marked, best fit, fewest open prices, lowest cost. Score: "
           "points of 100 for what is answered, in brackets what is proven. Cover: how much is answered. ? is not known. There "
           "is no grand total.")


def lines_of(view: View, titles: Titles, width: int, shares: Shares | None) -> Iterator[Line]:
    """All lines in this many cells."""
    found = compare(view)
    columns = tuple(Column(_(column.title), column.min, column.weight, column.align)
                    for column in fitting((WIDE, MIDDLE, NARROW, TINY), width))
    if currency := currency_of(view):
        price = _("{currency}, from") if columns[-1].min < WIDE[-1].min else _("Cost in {currency}")
        columns = (*columns[:-1], replace(columns[-1], title=price.format(currency=currency)))
    yield heading(columns, HEADING)
    for one in found.standings:
        yield _vendor(titles, one, columns)
    yield Line("#", text="─" * width, style="-dim")
    for key, text in said(view, titles, found, shares):
        yield from sentence(key, text, width, "-warn" if key in (SEALED, LACKING, UNASKED) else "")


def _vendor(titles: Titles, one: Standing, columns: tuple[Column, ...]) -> Line:
    roomy = columns[-1].min == WIDE[-1].min
    name = (one.vendor.name or one.vendor.code) if roomy else brief(titles, one.vendor.code)
    if one.out:
        return Line(one.vendor.code, (name,), columns, _("OUT: {reason}").format(reason=" ".join(one.out)), "-dim")
    fit = UNKNOWN if one.fit.value is None else f"{one.fit.value:.2f}"
    count = f"{len(one.fit.must_gaps)}{f' {len(one.fit.must_open)}?' if one.fit.must_open else ''}"
    price = cost(one) if roomy else cost_short(one, columns[-1].min)
    missing = UNKNOWN if one.fit.value is None else count
    if len(columns) == len(TINY):
        return Line(one.vendor.code, (name, missing, score(one), price), columns)
    if len(columns) == len(NARROW):
        return Line(one.vendor.code, (name, missing, fit, score(one), flags(one.flags, ("blocker", "serious")), price), columns)
    out = f"{len(one.open_knockouts)} ?" if one.open_knockouts else _("no")
    return Line(one.vendor.code, (
        name, out, gaps(one), f"{fit} {bar(one.fit.value, 1, BAR)}" if roomy and one.fit.value is not None else fit,
        _("not asked") if roomy and not one.asked else score(one), percent(one.coverage),
        flags(one.flags, tuple(SIGNS)[:3] if roomy else ("blocker", "serious")), price), columns)


# ---- what follows from it ----

def said(view: View, titles: Titles, found: Comparison, shares: Shares | None) -> Iterator[tuple[str, str]]:
    """The sentences below the table, each with its key."""
    if words := strip(seal_strip(view), titles):
        yield SEALED, words
    if found.winner is None or len(found.asked) < 2:
        yield LACKING, lacking_words(titles, found)
        return
    if found.unasked:
        yield UNASKED, unasked_words(titles, found)
    if found.inside[0].vendor.code != found.winner:
        yield ORDER, _("{first} stands first by musts and fit; {winner} has the highest score.").format(
            first=brief(titles, found.inside[0].vendor.code), winner=brief(titles, found.winner))
    yield STABLE, stable_words(view, titles, found)
    if shares is not None:  # worked out in the sheet only
        yield SHARE, share_words(titles, found, shares)
    yield PROOF, proof_words(view, titles, found)
    yield SECOND, second_words(view, titles, found)


def lacking_words(titles: Titles, found: Comparison) -> str:
    """What has to be there before anything can be compared."""
    if not found.standings:
        return _("No vendor has been written down yet. Press Enter to add the first one.")
    if len(found.inside) < 2:
        return ngettext("It takes two vendors to compare; {n} is in. Press Enter to add one.",
                        "It takes two vendors to compare; {n} are in. Press Enter to add one.", len(found.inside)).format(
                            n=len(found.inside))
    if len(found.asked) == 1 and found.unasked:
        return _("Only {name} has answered so far; a score is compared from two on. Press Enter to ask {other}.").format(
            name=brief(titles, found.asked[0].vendor.code), other=brief(titles, found.unasked[0].vendor.code))
    return _("No answer is worth anything yet, so there is no score. Press Enter to ask the vendors.")


def unasked_words(titles: Titles, found: Comparison) -> str:
    """Who has still to be asked."""
    names = ", ".join(brief(titles, one.vendor.code) for one in found.unasked)
    return _("Not asked yet, so not part of what follows: {names}.").format(names=names)


@shared
def intervals(view: View) -> Sequence[Interval]:
    """How far each weight can move until another vendor wins."""
    found = compare(view)
    return [stability(found.matrix, found.weights, place) for place in range(len(found.criteria))]


@shared
def proven_intervals(view: View) -> Sequence[Interval]:
    """The same with what is proven."""
    found = compare(view)
    return [stability(found.proven_matrix, found.weights, place) for place in range(len(found.criteria))]


class Second(NamedTuple):
    """The second opinion: who is first by TOPSIS, how far its order agrees, whom nobody outranks by ELECTRE. Places among those
    that are asked."""

    first: int
    tau: float | None
    kernel: tuple[int, ...]


@shared
def second(view: View) -> Second:
    """The second opinion on the vendors that are asked."""
    found = compare(view)
    near = topsis(found.matrix, found.weights)
    return Second(max(range(len(near)), key=near.__getitem__), kendall_tau(totals(found.matrix, found.weights), near),
                  electre(found.matrix, found.weights).kernel)


def nearness(now: float, interval: Interval) -> float:
    """How far a weight has to move until another vendor wins; 2: it never does."""
    below = now - interval.low if interval.below is not None else 2.0
    return min(below, interval.high - now if interval.above is not None else 2.0)


def stable_words(view: View, titles: Titles, found: Comparison) -> str:
    """Which weight is nearest to turning the result, as far as it is answered, and whose open answers may turn it."""
    name = brief(titles, found.winner or "")
    ways = intervals(view)
    place = min(range(len(ways)), key=lambda place: nearness(found.weights[place], ways[place]))
    near, now = ways[place], found.weights[place]
    more = near.above is not None and (near.below is None or near.high - now < now - near.low)
    if nearness(now, near) > 1:
        words = _("As far as it is answered, {name} has the highest score, and no single weight changes that.")
    else:
        words = (_("As far as it is answered, {name} has the highest score while {group} weighs less than {end} (now {now}).")
                 if more else
                 _("As far as it is answered, {name} has the highest score while {group} weighs more than {end} (now {now})."))
    words = words.format(name=name, group=section_name(view, found.criteria[place]), now=percents(found.weights)[place],
                         end=percent(near.high if more else near.low))
    return words + " " + ask_words(titles, found) if found.ask_first else words


def ask_words(titles: Titles, found: Comparison) -> str:
    """Whose open answers could put it first. There is one."""
    rival = found.ask_first[0]
    return _("With what is open {name} could still reach {best}: ask first.").format(
        name=brief(titles, rival.vendor.code), best=points(rival.best))


def share_words(titles: Titles, found: Comparison, shares: Shares) -> str:
    """In how many of all weightings each comes first."""
    first = shares.everywhere.first
    order = sorted(zip(first, percents(first), found.asked, strict=True), key=lambda item: -item[0])
    each = ", ".join(f"{brief(titles, one.vendor.code)} {share}" for _share, share, one in order[:3])
    words = (_("With weights and open answers by lot, first: {each}, and others.") if len(order) > 3 else
             _("With weights and open answers by lot, first: {each}.")).format(each=each)
    return words if shares.done else words + " " + _("({n} tried so far)").format(n=shares.draws)


def proof_words(view: View, titles: Titles, found: Comparison) -> str:
    """Who comes first if only what is proven counts, and which proof matters most."""
    assert found.winner is not None
    winner, asked = brief(titles, found.winner), proofs(view, found.winner)
    if found.proven_winner is None:
        words = _("Nothing is proven yet.")
    elif found.proven_winner == found.winner:
        words = _("{name} also comes first if only what is proven counts.").format(name=winner)
    else:
        words = _("{name} comes first if only what is proven counts.").format(name=brief(titles, found.proven_winner))
    return words + " " + _("Ask {name} first to prove: {asked}.").format(
        name=winner, asked=in_quotes(asked[0].text)) if asked else words


def second_words(view: View, titles: Titles, found: Comparison) -> str:
    """The second opinion, in one line: do two other ways of counting come to the same first?"""
    def named(places: Sequence[int]) -> str:
        codes = [brief(titles, found.asked[place].vendor.code) for place in places[:2]]
        left = len(places) - len(codes)
        return _(" and ").join(codes) if not left else ", ".join(codes) + " " + ngettext(
            "and {n} more", "and {n} more", left).format(n=left)

    first, _tau, kernel = second(view)
    winner = next(place for place, one in enumerate(found.asked) if one.vendor.code == found.winner)
    if first == winner and kernel == (winner,):
        return _("Two other ways of counting agree: {name} comes first.").format(name=named((winner,)))
    one = (_("one has {name} first, too") if first == winner else _("one puts {name} first")).format(name=named((first,)))
    if kernel == (winner,):
        other = _("the other has {name} first, too").format(name=named((winner,)))
    elif len(kernel) == 1:
        other = _("the other puts {name} first").format(name=named(kernel))
    elif kernel:
        other = _("the other sees no clear difference between {names}").format(names=named(kernel))
    else:
        other = _("the other puts nobody first")
    return _("Two other ways of counting: {one}, {other}.").format(one=one, other=other)


def about(view: View, titles: Titles, key: str, *, full: bool = True) -> str:
    """What is said below the list about a line; where there is little room, without what is only claimed."""
    found = compare(view)
    one = found.of(key)
    if one is None and key == PROOF and found.winner is not None:
        asked = " ".join(f"“{question.text}”" for question in proofs(view, found.winner))
        return f"{asked} {_(_ABOUT[PROOF])}"
    if one is None:
        return _(_ABOUT.get(key, TABLE))
    name = titles.label(one.vendor)
    if one.out:
        return _("{name} is out: {reason}").format(name=name, reason=" ".join(one.out))
    parts = [_("{name}: {cost} in {n} years.").format(name=name, n=one.costs.years, cost=cost(one, currency_of(view)))
             if one.priced else _("{name}: cost not known.").format(name=name)]
    if not one.asked:
        parts.append(_("Not asked yet, so there is no score. Enter and then a asks the first question."))
    elif one.claimed is not None:
        parts.append(_("{share} of the questions are answered: score {claimed}, at best {best} once all are.").format(
            share=percent(one.coverage), claimed=points(one.claimed), best=points(one.best)))
        if full and one.premium is not None and one.premium >= 0.005:
            parts.append(_("{points} of the {claimed} points are only claimed, not proven.").format(
                points=points(one.premium), claimed=points(one.claimed)))
    if one.open_knockouts:
        parts.append(ngettext("{n} knock-out question is not answered.", "{n} knock-out questions are not answered.",
                              len(one.open_knockouts)).format(n=len(one.open_knockouts)))
    return " ".join(parts)


_ABOUT = {ORDER: N_("The score is about the questions only. The table puts musts and fit before it: a good answer does not "
                    "make up for a must that is missing."),
          UNASKED: N_("Nothing answered is not the same as a bad answer. Enter opens the first question to this vendor."),
          STABLE: N_("Only this weight moves; the others keep their proportions. Enter shows all weights and who wins beyond."),
          SHARE: N_("All mixtures of weights are tried, by chance, each as likely as any other; what is open is drawn, too. "
                    "Enter shows more."),
          PROOF: N_("Proven counts each answer by the way we know it: heard, in writing, in the contract, measured by us. "
                    "Enter shows what the vendor's score is made of."),
          SECOND: N_("One asks who is nearest to the best of all; the other, whom nobody beats in most things without being "
                     "terrible in one. They are opinions, not verdicts. Enter shows their names and figures."),
          SEALED: N_("The weights were sealed before; this shows what became of them. Enter opens the weighing.")}


def rivals(inside: Sequence[Standing]) -> list[Standing]:
    """The vendors by their score, the highest first."""
    return sorted(inside, key=lambda one: -(one.claimed or 0.0))
