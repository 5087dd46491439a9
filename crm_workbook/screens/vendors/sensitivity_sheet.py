"""How sure is this: how often each vendor comes first, how far each weight can move until another one does, what it takes."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from crm_workbook.analysis.comparison import Comparison, compare
from crm_workbook.analysis.facts.view import View, shared
from crm_workbook.analysis.sensitivity import Interval, Turn, totals, wins_only_if
from crm_workbook.i18n import N_, _
from crm_workbook.screens.dialogs import DialogKey
from crm_workbook.screens.vendors import tables
from crm_workbook.screens.vendors.comparison_lines import (
    LACKING,
    UNASKED,
    ask_words,
    intervals,
    lacking_words,
    nearness,
    proven_intervals,
    unasked_words,
)
from crm_workbook.screens.vendors.standing_words import brief, percent, percents, section_name, short
from crm_workbook.screens.vendors.tables import Line
from crm_workbook.screens.vendors.weightings import DRAWS, SEED, Kept, Shares, Weighted, question
from crm_workbook.widgets.bars import bar
from crm_workbook.widgets.columns import Column

if TYPE_CHECKING:
    from crm_workbook.screens.workbook import WorkbookScreen

PROVEN = DialogKey("p", "proven", N_("claimed / proven"), N_("works with what is claimed, or with what is proven"))
BAR = 10
"""Cells of a bar."""


Turns = Sequence[tuple[str, tuple[Turn, ...]]]
"""For each vendor that does not come first, the single weights with which it would."""
MANY = 7
"""So many of them, the best ones."""


def _turns(found: Comparison, matrix: Sequence[Sequence[float]]) -> Turns:
    scores = totals(matrix, found.weights)
    order = sorted(range(len(scores)), key=lambda place: -scores[place])
    return [(found.asked[place].vendor.code, wins_only_if(matrix, found.weights, place)) for place in order[1:MANY + 1]]


@shared
def claimed_turns(view: View) -> Turns:
    """With what is claimed."""
    return _turns(compare(view), compare(view).matrix)


@shared
def proven_turns(view: View) -> Turns:
    """With what is proven."""
    return _turns(compare(view), compare(view).proven_matrix)


class SensitivitySheet(Weighted):
    """All of it in one list. It is worked out again whenever an answer or a weight changes."""

    ABOUT = N_("How sure is the first place? For each group of questions: how little or how much it may count before "
               "another vendor has the highest score. Below that, how often each vendor wins when the weights are "
               "drawn at random.")
    BINDINGS: ClassVar[list[BindingType]] = [Binding("equals_sign", "explain", show=False)]
    KEYS = (PROVEN,)
    HEADER = False
    DETAIL = 4

    def __init__(self, frame: WorkbookScreen, kept: Kept | None = None) -> None:
        super().__init__(frame, kept)
        self.proven = False  # with the proven values

    def on_mount(self) -> None:
        super().on_mount()
        self.lines.action_move(1)
        self.call_after_refresh(self.show)

    # ---- what is known ----

    @property
    def matrix(self) -> tuple[tuple[float, ...], ...]:
        """The values one works with."""
        found = compare(self.view)
        return found.proven_matrix if self.proven else found.matrix

    @property
    def intervals(self) -> Sequence[Interval]:
        """How far each weight can move."""
        return proven_intervals(self.view) if self.proven else intervals(self.view)

    # ---- what stands in it ----

    def head(self) -> Content:
        values = _("with what is proven") if self.proven else _("with what is claimed")
        shares = self.ask(question(self.view))
        draws = shares.draws if shares is not None else 0
        if question(self.view) is None:
            return Content(_("How sure is this"))
        state = (_("{n} weightings tried").format(n=_count(draws)) if draws >= DRAWS else
                 _("{bar} {n} of {all} weightings tried").format(
                     bar=bar(draws, DRAWS, BAR), n=_count(draws), all=_count(DRAWS)))
        return Content(_("How sure is this, {values}").format(values=values) + f" · {state}")

    def rows(self) -> Sequence[Line]:
        found = compare(self.view)
        if question(self.view) is None:  # a vendor has gone meanwhile
            return list(tables.sentence(LACKING, lacking_words(self.titles, found), self.width, "-warn"))
        return [*self._firsts(found, self.ask(question(self.view))), *self._intervals(found), *self._takes()]

    def _firsts(self, found: Comparison, shares: Shares | None) -> Iterator[Line]:
        columns = (Column(_("Share of weightings won"), min=16, weight=1),
                   Column(_("all"), min=6 + 1 + BAR, align="left"), Column(_("members'"), min=8, align="right"),
                   Column(_("proven"), min=7, align="right"))
        yield tables.heading(columns)
        figures = [percents(of.first) if of is not None else ("-",) * len(found.asked) for of in (
            shares.everywhere, shares.members, shares.proven)] if shares is not None else []
        for place, one in enumerate(found.asked):
            if shares is None:
                yield Line(one.vendor.code, (short(self.titles, one.vendor.code), "…", "…", "…"), columns)
                continue
            first, members, proven = (column[place] for column in figures)
            drawn = f"{first:>5} {bar(shares.everywhere.first[place], 1, BAR)}"
            yield Line(one.vendor.code, (short(self.titles, one.vendor.code), drawn, members, proven), columns)
        if found.unasked:
            yield from tables.sentence(UNASKED, unasked_words(self.titles, found), self.width, "-warn")

    def _intervals(self, found: Comparison) -> Iterator[Line]:
        columns: tuple[Column, ...] = (
            Column(_("Winner stays while it weighs"), min=18, weight=1), Column(_("now"), min=5, align="right"),
            Column(_("from"), min=5, align="right"), Column(_("to"), min=5, align="right"),
            Column(_("below:"), min=8), Column(_("above:"), min=8))
        narrow = (*columns[:2], Column(_("another wins"), min=20))
        columns = tables.fitting((columns, narrow), self.width)
        yield tables.heading(columns, "#weights")
        ways, figures = self.intervals, percents(found.weights)
        for place in sorted(range(len(ways)), key=lambda place: nearness(found.weights[place], ways[place])):
            interval = ways[place]
            ends = [(_("below {share}: {name}"), interval.low, interval.below), (_("above {share}: {name}"), interval.high,
                                                                               interval.above)]
            turns = ", ".join(words.format(share=percent(end), name=self._winner(found, other))
                              for words, end, other in ends if other is not None)
            cells = (percent(interval.low), percent(interval.high), self._winner(found, interval.below),
                     self._winner(found, interval.above)) if len(columns) > len(narrow) else (turns or "-",)
            yield Line(found.criteria[place], (section_name(self.view, found.criteria[place]), figures[place], *cells), columns,
                       style="" if turns else "-dim")

    def _winner(self, found: Comparison, place: int | None) -> str:
        return brief(self.titles, found.asked[place].vendor.code) if place is not None else "-"

    def _takes(self) -> Iterator[Line]:
        found = compare(self.view)
        yield Line("#takes", text=_("What it takes, as far as it is answered"), style="-dim")
        if found.ask_first and not self.proven:
            yield from tables.sentence("#ask", ask_words(self.titles, found), self.width, "-warn")
        for vendor, turns in (proven_turns if self.proven else claimed_turns)(self.view):
            yield from tables.sentence(f"#{vendor}", self._takes_words(vendor, turns), self.width)

    def _takes_words(self, vendor: str, turns: Sequence[Turn]) -> str:
        """'C comes first only if ...'."""
        name, found = brief(self.titles, vendor), compare(self.view)
        figures = percents(found.weights)
        if not turns:
            return _("{name} comes first by no single weight.").format(name=name)
        ways = [(_("{group} weighs more than {weight} (now {now})") if turn.more else
                 _("{group} weighs less than {weight} (now {now})")).format(
                    group=section_name(self.view, found.criteria[turn.criterion]), weight=percent(turn.weight),
                    now=figures[turn.criterion]) for turn in turns[:3]]
        return _("{name} comes first only if {ways}.").format(name=name, ways=_(", or ").join(ways))

    def detail(self) -> Content:
        row, found = tables.here(self.lines), compare(self.view)
        if row is None or row.name == LACKING:
            return Content("")
        if row.name in found.criteria:
            place = found.criteria.index(row.name)
            return Content(self._interval_words(found, place, self.intervals[place]))
        if found.of(row.name) is not None:
            return Content(self._vendor_words(found, row.name))
        if row.name.startswith("#V") or row.name == "#ask":
            return Content(_("Only one weight moves; the others keep their proportions. Several together may do it too."))
        if row.name == UNASKED:
            return Content(_("Nothing answered is not the same as a bad answer. Enter asks the first question."))
        return Content(_("All mixtures of weights count alike, and what is open is drawn, too; “members'” are those between "
                         "the lowest and the highest weight a member gave; “proven” counts what is proven. = explains it."))

    def _interval_words(self, found: Comparison, place: int, interval: Interval) -> str:
        """How far a weight can move, in a sentence."""
        name, parts = section_name(self.view, found.criteria[place]), []
        if interval.below is not None:
            parts.append(_("below {share} {name} wins").format(share=percent(interval.low),
                                                               name=self._winner(found, interval.below)))
        if interval.above is not None:
            parts.append(_("above {share} {name} wins").format(share=percent(interval.high),
                                                               name=self._winner(found, interval.above)))
        if not parts:
            return _("{group}: whatever it weighs, the same vendor has the highest score, as far as it is answered.").format(
                group=name)
        return _("{group} weighs {now} now; as far as it is answered, {parts}. The others keep their proportions.").format(
            group=name, now=percents(found.weights)[place], parts=", ".join(parts))

    def _vendor_words(self, found: Comparison, vendor: str) -> str:
        """For whom a vendor comes first: its central weights."""
        shares = self.ask(question(self.view))
        place = [one.vendor.code for one in found.asked].index(vendor) if found.of(vendor) in found.asked else -1
        if shares is None or place < 0:
            return ""
        of = shares.proven if self.proven else shares.everywhere
        central, name = of.central[place], short(self.titles, vendor)
        if central is None:
            return _("{name} comes first in none of the weightings tried.").format(name=name)
        most = sorted(range(len(central)), key=lambda place: -(central[place] - 1 / len(central)))[:3]
        return _("{name} comes first in {share} ± {error} points. Those who would choose it weigh most: {groups}. ").format(
            name=name, share=percent(of.first[place]), error=f"{of.error * 100:.1f}", groups=", ".join(
                f"{section_name(self.view, found.criteria[place])} {percent(central[place])}" for place in most))

    def keys(self) -> Sequence[tuple[str, str]]:
        return ("=", _("explain")), *((key.key, _(key.label)) for key in self.KEYS)

    # ---- keys ----

    def action_proven(self) -> None:
        """The other values."""
        self.proven = not self.proven
        self.said = ""
        self.show()

    def follow(self) -> None:
        from crm_workbook.screens.vendors.question import open_question

        row, frame, unasked = tables.here(self.lines), self.frame, compare(self.view).unasked
        if row is not None and row.name == UNASKED and unasked:
            vendor = unasked[0].vendor.code
            self.leave_for(lambda: open_question(frame, vendor))
        else:
            self.action_explain()

    def action_explain(self) -> None:
        """What is meant by these figures."""
        from crm_workbook.screens.vendors.explanation import Explanation, explain_interval, explain_shares

        row, found, shares = tables.here(self.lines), compare(self.view), self.ask(question(self.view))
        if row is not None and row.name in found.criteria:
            self.app.push_screen(Explanation(*explain_interval(self.view, found, self.matrix, row.name)))
        elif shares is not None:
            self.app.push_screen(Explanation(*explain_shares(self.view, self.titles, found, shares, SEED)))


def _count(number: int) -> str:
    return f"{number:,}".replace(",", " ")
