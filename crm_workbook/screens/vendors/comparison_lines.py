"""The comparison as lines: the table of the vendors, and below it how firmly the first place stands."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    flags,
    gaps,
    percent,
    points,
    score,
    section_name,
    short,
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
MIDDLE = (Column(N_("Vendor"), min=12, weight=1), Column(N_("Out?"), min=4), Column(N_("Gaps"), min=9),
          Column(N_("Fit"), min=4), Column(N_("Score"), min=7), Column(N_("Cover"), min=5, align="right"),
          Column(N_("Flags"), min=8), Column(N_("Cost from"), min=11))
NARROW = (Column(N_("Vendor"), min=10, weight=1), Column(N_("Gaps"), min=4), Column(N_("Fit"), min=4),
          Column(N_("Score"), min=7), Column(N_("Flags"), min=6), Column(N_("Cost from"), min=11))
BAR = 8
"""Cells of the bar beside a fit."""
HEADING = "heading"
STABLE, SHARE, PROOF, SECOND, SEALED, LACKING = "#stable", "#share", "#proof", "#second", "#sealed", "#lacking"
"""Keys of the sentences."""
TABLE = N_("The order: not out, fewest must gaps, best fit, lowest cost. Score: points of 100 for the answers, in brackets "
           "what is proven. ? is not known. There is no grand total.")


def lines_of(view: View, titles: Titles, width: int, shares: Shares | None) -> Iterator[Line]:
    """All lines in this many cells."""
    found = compare(view)
    columns = tuple(Column(_(column.title), column.min, column.weight, column.align)
                    for column in fitting((WIDE, MIDDLE, NARROW), width))
    yield heading(columns, HEADING)
    for one in found.standings:
        yield _vendor(titles, one, columns)
    yield Line("#", text="─" * width, style="-dim")
    for key, text in said(view, titles, found, shares):
        yield from sentence(key, text, width, "-warn" if key in (SEALED, LACKING) else "")


def _vendor(titles: Titles, one: Standing, columns: tuple[Column, ...]) -> Line:
    name = brief(titles, one.vendor.code) if len(columns) == len(NARROW) else one.vendor.name or one.vendor.code
    if one.out:
        return Line(one.vendor.code, (name,), columns, _("OUT: {reason}").format(reason=" ".join(one.out)), "-dim")
    fit = UNKNOWN if one.fit.value is None else f"{one.fit.value:.2f}"
    count = f"{len(one.fit.must_gaps)}{f' {len(one.fit.must_open)}?' if one.fit.must_open else ''}"
    if len(columns) == len(NARROW):
        return Line(one.vendor.code, (name, UNKNOWN if one.fit.value is None else count, fit, score(one),
                                      flags(one.flags, ("blocker", "serious")), cost_short(one, 11)), columns)
    out = f"{len(one.open_knockouts)} ?" if one.open_knockouts else _("no")
    roomy = columns[-1].min == WIDE[-1].min
    return Line(one.vendor.code, (
        name, out, gaps(one), f"{fit} {bar(one.fit.value, 1, BAR)}" if roomy and one.fit.value is not None else fit,
        score(one), percent(one.coverage), flags(one.flags, tuple(SIGNS)[:3] if roomy else ("blocker", "serious")),
        cost(one) if roomy else cost_short(one, 11)), columns)


# ---- what follows from it ----

def said(view: View, titles: Titles, found: Comparison, shares: Shares | None) -> Iterator[tuple[str, str]]:
    """The sentences below the table, each with its key."""
    if found.winner is None or len(found.inside) < 2:
        yield LACKING, lacking_words(found)
        return
    if words := strip(seal_strip(view), titles):
        yield SEALED, words
    yield STABLE, stable_words(view, titles, found)
    yield SHARE, share_words(titles, found, shares)
    yield PROOF, proof_words(view, titles, found)
    yield SECOND, second_words(view, titles, found)


def lacking_words(found: Comparison) -> str:
    """What has to be there before anything can be compared."""
    if not found.standings:
        return _("No vendor has been written down yet. Press Enter to add the first one.")
    if len(found.inside) < 2:
        return ngettext("It takes two vendors to compare; {n} is in. Press Enter to add one.",
                        "It takes two vendors to compare; {n} are in. Press Enter to add one.", len(found.inside)).format(
                            n=len(found.inside))
    return _("No answer is worth anything yet, so there is no score. Press Enter to ask the vendors.")


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
    """The second opinion: who is first by TOPSIS, how far its order agrees, whom nobody outranks by ELECTRE. Indices."""

    first: int
    tau: float | None
    kernel: tuple[int, ...]


@shared
def second(view: View) -> Second:
    """The second opinion on the vendors that are not out."""
    found = compare(view)
    near = topsis(found.matrix, found.weights)
    return Second(max(range(len(near)), key=near.__getitem__), kendall_tau(totals(found.matrix, found.weights), near),
                  electre(found.matrix, found.weights).kernel)


def nearness(now: float, interval: Interval) -> float:
    """How far a weight has to move until another vendor wins; 2: it never does."""
    below = now - interval.low if interval.below is not None else 2.0
    return min(below, interval.high - now if interval.above is not None else 2.0)


def stable_words(view: View, titles: Titles, found: Comparison) -> str:
    """Which weight is nearest to turning the result."""
    name = short(titles, found.winner or "")
    ways = intervals(view)
    place = min(range(len(ways)), key=lambda place: nearness(found.weights[place], ways[place]))
    near, now = ways[place], found.weights[place]
    if nearness(now, near) > 1:
        return _("{name} has the highest score, and no single weight can change that.").format(name=name)
    more = near.above is not None and (near.below is None or near.high - now < now - near.low)
    end = near.high if more else near.low
    words = (_("{name} has the highest score while {group} weighs less than {end} (now {now}).") if more else
             _("{name} has the highest score while {group} weighs more than {end} (now {now})."))
    return words.format(name=name, group=section_name(view, found.criteria[place]), end=percent(end),
                        now=percent(found.weights[place]))


def share_words(titles: Titles, found: Comparison, shares: Shares | None) -> str:
    """In how many of all weightings each comes first."""
    if shares is None:
        return _("Share of weightings won: press Enter, it is worked out there.")
    order = sorted(zip(shares.everywhere.first, found.inside, strict=True), key=lambda item: -item[0])
    each = ", ".join(f"{brief(titles, one.vendor.code)} {percent(share)}" for share, one in order[:3])
    words = _("Share of all possible weightings won: {each}.").format(each=each)
    return words if shares.done else words + " " + _("({n} tried so far)").format(n=shares.draws)


def proof_words(view: View, titles: Titles, found: Comparison) -> str:
    """Who comes first if only what is proven counts, and which proofs matter most."""
    assert found.winner is not None
    winner, proven = short(titles, found.winner), short(titles, found.proven_winner or "")
    asked = ", ".join(question.id for question in proofs(view, found.winner))
    if found.proven_winner is None:
        words = _("Nothing is proven yet.")
    elif found.proven_winner == found.winner:
        words = _("{name} also comes first if only what is proven counts.").format(name=winner)
    else:
        words = _("{name} comes first if only what is proven counts.").format(name=proven)
    return words + " " + _("Ask {name} for proof of: {asked}.").format(name=winner, asked=asked) if asked else words


def second_words(view: View, titles: Titles, found: Comparison) -> str:
    """The second opinion, in one line."""
    def name(place: int) -> str:
        return brief(titles, found.inside[place].vendor.code)

    first, tau, kernel = second(view)
    agree = _("not comparable") if tau is None else _("same order") if tau > 0.999 else _("another order")
    figure = "" if tau is None else f", tau {tau:.2f}"
    best = " / ".join(map(name, kernel)) or _("nobody")
    return _("Second opinion: TOPSIS {first} ({agree}{figure}), ELECTRE {best}.").format(
        first=name(first), agree=agree, figure=figure, best=best)


def about(view: View, titles: Titles, key: str) -> str:
    """What is said below the list about a line."""
    found = compare(view)
    one = found.of(key)
    if one is None and key == PROOF and found.winner is not None:
        asked = " ".join(f"{question.id}: {question.text}" for question in proofs(view, found.winner))
        return f"{asked} {_(_ABOUT[PROOF])}"
    if one is None:
        return _(_ABOUT.get(key, TABLE))
    name = titles.label(one.vendor)
    if one.out:
        return _("{name} is out: {reason}").format(name=name, reason=" ".join(one.out))
    parts = [_("{name}: {cost} in {n} years.").format(name=name, n=one.costs.years, cost=cost(one))]
    if one.open_knockouts:
        parts.append(ngettext("{n} knock-out question is not answered.", "{n} knock-out questions are not answered.",
                              len(one.open_knockouts)).format(n=len(one.open_knockouts)))
    if one.coverage is not None:
        parts.append(_("{share} of the questions are answered; at best the score would be {best}.").format(
            share=percent(one.coverage), best=points(one.best)))
    if one.premium is not None and one.premium >= 0.005:
        parts.append(_("Demo premium {points}: what of the score is not proven.").format(points=points(one.premium)))
    return " ".join(parts)


_ABOUT = {STABLE: N_("Only this weight moves; the others keep their proportions. Enter shows all weights and who wins beyond."),
          SHARE: N_("All mixtures of weights are tried, by chance, each as likely as any other. Enter shows how sure this is."),
          PROOF: N_("Proven counts each answer by the way we know it: heard, in writing, in the contract, measured by us. "
                    "Enter shows what the vendor's score is made of."),
          SECOND: N_("Two other ways to compare. TOPSIS: who is nearest to the best of all. ELECTRE: whom nobody outranks "
                     "in most things without being terrible in one. tau 1 is the same order, -1 the opposite."),
          SEALED: N_("The weights were sealed before; this shows what became of them. Enter opens the weighing.")}


def rivals(inside: Sequence[Standing]) -> list[Standing]:
    """The vendors by their score, the highest first."""
    return sorted(inside, key=lambda one: -(one.claimed or 0.0))
