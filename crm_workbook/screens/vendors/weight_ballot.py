"""One member weighs alone: a number for each group of questions, beside what the vendors on the table differ by."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content

from crm_workbook.analysis.comparison import compare
from crm_workbook.analysis.scoring import judged
from crm_workbook.analysis.weights import shares_of
from crm_workbook.catalogue.rows import QuestionSection
from crm_workbook.i18n import N_, _, ngettext
from crm_workbook.records.vendors import WeightRound, WeightVote
from crm_workbook.screens.dialogs import DialogKey
from crm_workbook.screens.vendors.sheet import Sheet
from crm_workbook.screens.vendors.standing_words import brief, in_quotes, listed, percent, points, short
from crm_workbook.widgets.columns import Column
from crm_workbook.widgets.lines import LineList

if TYPE_CHECKING:
    from crm_workbook.analysis.facts import View
    from crm_workbook.screens.vendors.weight_sheet import WeightSheet

FULL = 100
"""What the first one gets by swing, and what is spread by points."""
ASKED: Mapping[str, str] = {
    "swing": N_("Imagine a system that is at its worst everywhere. Which group would you raise to its best first? It gets 100. "
                "Give the others less: 50 counts half as much, 0 not at all."),
    "points": N_("You have 100 points. Give more of them to what counts more."),
    "ranks": N_("Which group counts most? It gets 1, the next one 2, and so on. Two may share a place.")}
"""The question of each method, to be read aloud."""


class Ends(NamedTuple):
    """The vendors on the table that are worst and best in a group of questions: codes and values (0 to 1)."""

    worst: str
    low: float
    best: str
    high: float


def ends(view: View, criterion: str) -> Ends | None:
    """The range on the table, of those that have answered something there; None while these are fewer than two."""
    found = compare(view)
    place = found.criteria.index(criterion) if criterion in found.criteria else -1
    inside = [(one.values[place], one.vendor.code) for one in found.inside if one.open[place] < 1] if place >= 0 else []
    if len(inside) < 2:
        return None
    (low, worst), (high, best) = min(inside), max(inside, key=lambda item: item[0])
    return Ends(worst, low, best, high)


def votes(view: View, round_: str, person: str) -> Mapping[str, WeightVote]:
    """What a member gave so far, by the group of questions."""
    return {vote.criterion: vote for vote in view.where(WeightVote, "round", round_) if vote.person == person}


class BallotSheet(Sheet):
    """The numbers of one member. Each digit is kept as it is typed."""

    ABOUT = N_("Each member says alone how much each group of questions counts. The others see nothing until all are "
               "shown together.")
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(digit), f"digit({digit})", show=False) for digit in range(10)),
        Binding("backspace,delete", "erase", show=False)]
    KEYS = (DialogKey("t", "take", N_("as last time"), N_("takes over your numbers of the weighing before")),)
    DETAIL = 6

    def __init__(self, below: WeightSheet, round_: str, person: str) -> None:
        super().__init__(below.frame)
        self.below, self.round, self.person = below, round_, person
        self._typed: dict[str, str] = {}  # what was typed and is not in the Book yet
        self._refs: dict[str, str] = {}  # tokens of the numbers that were not in the Book
        self._at = ""  # where digits go on with what was typed
        self._before: float | None = None  # what stood there
        self._refused = False  # the number that is being typed is too large: nothing of it is taken

    # ---- what is known ----

    @property
    def weighing(self) -> WeightRound | None:
        """The weighing; None when it was deleted."""
        return self.view.find(WeightRound, self.round)

    @property
    def criteria(self) -> tuple[str, ...]:
        """The groups of questions."""
        return compare(self.view).criteria

    def given(self) -> dict[str, float]:
        """The numbers as they stand on the screen."""
        found = {id_: vote.points for id_, vote in votes(self.view, self.round, self.person).items()}
        found |= {id_: float(text) if text else None for id_, text in self._typed.items()}
        return {id_: value for id_, value in found.items() if value is not None and id_ in self.criteria}

    def before(self) -> Mapping[str, float]:
        """The member's numbers of the latest weighing before this one, made in the same way."""
        weighing = self.weighing
        earlier = [row for row in self.view.rows(WeightRound) if weighing is not None and row.number < weighing.number
                   and row.method == weighing.method and self.person in row.members]
        if not earlier:
            return {}
        return {id_: vote.points for id_, vote in votes(self.view, earlier[-1].code, self.person).items()
                if vote.points is not None}

    @property
    def limit(self) -> int:
        """The largest number that can be typed."""
        weighing = self.weighing
        return len(self.criteria) if weighing is not None and weighing.method == "ranks" else FULL

    # ---- what stands in it ----

    def head(self) -> Content:
        weighing = self.weighing
        assert weighing is not None
        given, count = self.given(), len(self.criteria)
        state = _("{n} of {all} have a number").format(n=len(given), all=count)
        if weighing.method == "points":
            rest = FULL - sum(given.values())
            state += " · " + (_("{n} left of 100") if rest >= 0 else _("{n} more than 100; they count as shares")).format(
                n=f"{abs(rest):.0f}")
        name = short(self.titles, self.person)
        return Content(f"{_('{name} weighs alone').format(name=name)} · {state}\n{_(ASKED[weighing.method or 'swing'])}")

    def columns(self) -> Sequence[Column]:
        weighing = self.weighing
        number = _("Place") if weighing is not None and weighing.method == "ranks" else _("Number")
        return (Column("", min=1), Column(_("Group of questions"), min=20, weight=3), Column(number, min=7, align="right"),
                *((Column(_("Before"), min=6, align="right"),) if self.before() else ()),
                Column(_("Counts"), min=6, align="right"),
                Column(_("Worst here"), min=11, weight=1), Column(_("Best here"), min=11, weight=1))

    def rows(self) -> Sequence[QuestionSection]:
        sections = self.view.catalogue.question_sections
        return [sections[id_] for id_ in self.criteria if id_ in sections]

    def key(self, row: QuestionSection) -> str:
        return row.id

    def cells(self, row: QuestionSection) -> Sequence[str]:
        given, found, before = self.given(), ends(self.view, row.id), self.before()
        here = self.lines.key == row.id
        number = f"{given[row.id]:.0f}" if row.id in given else "_" if here else ""
        shares = self.shares(given)
        return ("✓" if row.id in given else " ", row.name, f"[{number:>4} ]" if here else f"{number:>4}  ",
                *((f"{before[row.id]:.0f}" if row.id in before else "",) if before else ()),
                listed(shares)[row.id] if shares else "",
                *((f"{points(found.low):>3} {brief(self.titles, found.worst)}",
                   f"{points(found.high):>3} {brief(self.titles, found.best)}") if found else ("", "")))

    def shares(self, given: Mapping[str, float]) -> Mapping[str, float] | None:
        """What each group counts by these numbers; None while one is missing."""
        weighing = self.weighing
        return shares_of(weighing.method or "swing", given, self.criteria) if weighing is not None else None

    def detail(self) -> Content:
        row: QuestionSection | None = self.row
        if row is None:
            return Content("")
        parts = [Content.styled(row.name, "bold"), Content(f". {row.intro}")]
        found = ends(self.view, row.id)
        if found is None:
            parts.append(Content("\n" + _("There are no two vendors to compare yet. Take the worst and the best that you can "
                                          "imagine.")))
            return Content("").join(parts)
        compared = compare(self.view)
        for words, code, value in ((_("Worst here: {name}, {points} of 100."), found.worst, found.low),
                                   (_("Best here: {name}, {points} of 100."), found.best, found.high)):
            one = compared.of(code)
            open_ = one.open[compared.criteria.index(row.id)] if one is not None else 0.0
            parts.append(Content("\n" + words.format(name=short(self.titles, code), points=points(value))))
            if open_ > 0:
                parts.append(Content(" " + _("As far as answered; {share} is open.").format(share=percent(open_))))
            parts.append(Content(self._example(row.id, code, found)))
        return Content("").join(parts)

    def _example(self, criterion: str, vendor: str, found: Ends) -> str:
        """The answer of a vendor in which worst and best differ most."""
        theirs = {code: {one.question.id: one for one in judged(self.view, code) if one.question.section == criterion}
                  for code in (found.worst, found.best)}
        gain = [((best.value - worst.value) * best.question.importance, id_) for id_, best in theirs[found.best].items()
                if best.answer is not None and best.value is not None and (worst := theirs[found.worst].get(id_)) is not None
                and worst.answer is not None and worst.value is not None]
        if not gain or max(gain)[0] <= 0:
            return ""
        one = theirs[vendor][max(gain)[1]]
        assert one.answer is not None
        return f" {in_quotes(one.question.text, 60)} – {self.titles.answer(one.answer)} {one.question.unit}".rstrip()

    def keys(self) -> Sequence[tuple[str, str]]:
        take = [(key.key, _(key.label)) for key in self.KEYS] if self.before() else []
        done = len(self.given()) == len(self.criteria)
        return (("0-9", _("number")), ("⌫", _("empty")), ("Enter", _("done") if done else _("next")), *take)

    # ---- typing ----

    def action_digit(self, digit: int) -> None:
        """A digit: begins a number, or goes on with the one that is being typed here."""
        row = self.row
        if row is None or self.weighing is None:
            return
        if self._at != row.id:
            self._before, self._refused, begun = self.given().get(row.id), False, ""
        else:
            begun = self._typed.get(row.id, "")
        self._at, text = row.id, str(int(begun + str(digit)))
        ranks = self.weighing.method == "ranks"
        if self._refused or int(text) > self.limit or (ranks and text == "0"):
            self._refuse(row.id, ranks)
            return
        self._put(row.id, text)

    def _refuse(self, criterion: str, ranks: bool) -> None:
        """A number that is too large: what stood there before stands there again, not the digits that still fitted."""
        if not self._refused and criterion in self._typed:
            self._put(criterion, "" if self._before is None else f"{self._before:.0f}")
        self._refused = True
        first = _("Places go from 1 to {n}.") if ranks else _("A number goes from 0 to {n}.")
        kept = (_("Nothing was taken.") if self._before is None else _("{number} stays.").format(number=f"{self._before:.0f}"))
        self.say(" ".join([first.format(n=self.limit), kept, _("Press Backspace to type again.")]))

    def action_erase(self) -> None:
        """Takes the last digit away; a number that was typed before goes as a whole. After a number that was too large, digits
        count again."""
        row = self.row
        if row is not None and self._refused and self._at == row.id:
            self._at, self._refused = "", False
            self.say("")
        elif row is not None and row.id in self.given():
            self._put(row.id, self._typed.get(row.id, "")[:-1] if self._at == row.id else "")

    def action_take(self) -> None:
        """The numbers of the weighing before, where nothing stands yet."""
        given, before = self.given(), self.before()
        taken = [id_ for id_ in before if id_ not in given]
        for id_ in taken:
            self._put(id_, f"{before[id_]:.0f}")
        self.say(ngettext("{n} number taken over.", "{n} numbers taken over.", len(taken)).format(n=len(taken)) if taken else
                 _("There is no earlier number to take over."))

    def _put(self, criterion: str, text: str) -> None:
        session, vote = self.frame.session, votes(self.view, self.round, self.person).get(criterion)
        if session is None:
            return
        if criterion not in self._refs:
            self._refs[criterion] = vote.code if vote is not None else session.draft(
                WeightVote, round=self.round, person=self.person, criterion=criterion)
        self._typed[criterion] = text
        session.typed(self._refs[criterion], "points", float(text) if text else None, vote.points if vote is not None else None)
        self.said = ""
        self.show()

    @on(LineList.Highlighted)
    def _elsewhere(self) -> None:
        """Another line: digits begin a new number there."""
        if self._at and self._at != self.lines.key:
            self._settle(self._at)
            self._at = ""

    def _settle(self, criterion: str) -> None:
        if self.frame.session is not None and criterion in self._refs:
            self.frame.session.settled(self._refs[criterion])

    def show(self) -> None:
        if self.weighing is None or self.person not in self.weighing.members:
            if self.app.screen is self:  # somebody has deleted it, or taken this member out
                words = (_("The weighing has been deleted meanwhile, and the numbers with it.") if self.weighing is None else
                         _("{name} does not take part in this weighing any more.").format(
                             name=short(self.titles, self.person)))
                self.end(None)
                self.frame.say(words)
            return
        held = votes(self.view, self.round, self.person)
        for id_, text in list(self._typed.items()):
            there = held.get(id_)
            if id_ != self._at and (there.points if there is not None else None) == (float(text) if text else None):
                del self._typed[id_]
        super().show()

    def on_unmount(self) -> None:
        for criterion in self._refs:
            self._settle(criterion)

    def follow(self) -> None:
        """Enter: on to the next group without a number; back to the others when all have one."""
        given, rows, here = self.given(), self.rows(), self.lines.index
        if self._refused:
            self._at, self._refused = "", False
        open_ = [row.id for row in (*rows[here + 1:], *rows[:here + 1]) if row.id not in given]
        if not open_:
            below, person = self.below, self.person
            self.end(lambda: below.thank(person))
        elif open_[0] == self.lines.key:
            self.say(_("Type a number for this group first."))
        else:
            self.lines.go_to(open_[0])
