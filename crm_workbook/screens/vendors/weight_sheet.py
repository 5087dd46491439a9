"""A weighing on the screen: who has given numbers; then, shown to all, what the group thinks, what to talk about, the seal."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from textual.binding import Binding, BindingType
from textual.content import Content

from crm_workbook.analysis.comparison import compare, seal_strip
from crm_workbook.analysis.sensitivity import Talk, talk_first
from crm_workbook.analysis.weights import Group, group, latest, marked, seal_edits, sealings, word_of
from crm_workbook.i18n import N_, _, ngettext
from crm_workbook.records.edits import Change, Create, Edit, Link, Unlink
from crm_workbook.records.team import Person
from crm_workbook.records.vendors import WeightRound
from crm_workbook.screens.ask import AskModal
from crm_workbook.screens.dialogs import DialogKey
from crm_workbook.screens.vendors.sheet import Sheet, open_sheet
from crm_workbook.screens.vendors.standing_words import UNKNOWN, listed, percent, points, section_name, short, strip
from crm_workbook.screens.vendors.weight_ballot import BallotSheet
from crm_workbook.widgets.columns import GAP, Column
from crm_workbook.widgets.lines import MARK
from crm_workbook.widgets.pick import PickModal

if TYPE_CHECKING:
    from crm_workbook.screens.workbook import WorkbookScreen

SHOW = DialogKey("v", "reveal", N_("show all"), N_("shows the numbers of all members to everybody"))
SEAL = DialogKey("s", "seal", N_("seal"), N_("seals the weights with the day and the members"))
AGAIN = DialogKey("o", "again", N_("weigh again"), N_("begins a new round; this one stays as it is"))
WHO = DialogKey("m", "members", N_("members"), N_("changes who takes part"))
AGREEMENT = ((0.9, N_("very strong")), (0.7, N_("strong")), (0.5, N_("moderate")), (0.3, N_("weak")), (0.0, N_("very weak")))
"""How far an agreement (Kendall's W) reaches, in a word; after Schmidt, Decision Sciences 28 (1997)."""
METHODS = {"swing": N_("swing"), "points": N_("100 points"), "ranks": N_("order only")}
"""The ways to weigh, in a word."""
_NAME, _MEMBER = 20, 5  # cells for a group of questions, and for the share of a member


class Member(NamedTuple):
    """A line before the numbers are shown: who takes part, how many numbers there are, how many there should be."""

    key: str
    given: int
    wanted: int


class Criterion(NamedTuple):
    """A line when the numbers are shown. `talk`: its place among what to talk about, 0: no need."""

    key: str
    talk: int
    found: Talk | None


class WeightSheet(Sheet):
    """One weighing: the members until its numbers are shown, then the groups of questions."""

    ABOUT = N_("What the members gave, side by side. Talk first about the groups in which the difference would "
               "change the winner. Seal the weights before the first demo.")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("equals_sign", "explain", show=False), Binding("right", "slide(1)", show=False),
        Binding("left", "slide(-1)", show=False)]
    KEYS = (SHOW, SEAL, AGAIN, WHO)
    DETAIL = 6

    def __init__(self, frame: WorkbookScreen, code: str = "", since: int = 0, at: str = "") -> None:
        """`since`: shows a weighing that has just been begun, the first after this number. `at`: the line to begin on."""
        super().__init__(frame)
        self.code, self.since, self.at = code, since, at
        self.first = 0  # the member in the first column

    def on_mount(self) -> None:
        super().on_mount()
        me = [row.code for row in self.view.rows(Person) if row.name == self.frame.who]
        self.lines.go_to(self.at or "".join(me[:1]))

    # ---- what is known ----

    @property
    def group(self) -> Group | None:
        """What the members gave; None while the weighing is not there."""
        if not self.code:
            new = [row.code for row in self.view.rows(WeightRound) if row.number > self.since]
            self.code = new[0] if new else ""
        return group(self.view, self.code) if self.code else None

    @property
    def members(self) -> Sequence[str]:
        """Those who take part; first those whose column comes first."""
        found = self.group
        return [opinion.person for opinion in found.opinions] if found is not None else []

    def talks(self) -> Sequence[Criterion]:
        """The lines of a weighing that is shown, what to talk about first at the top."""
        found, compared = self.group, compare(self.view)
        if found is None:
            return ()
        places = [compared.criteria.index(id_) for id_ in found.criteria if id_ in compared.criteria]
        matrix = [[row[place] for place in places] for row in compared.matrix]
        if not found.mean or len(places) < len(found.criteria):
            return [Criterion(id_, 0, None) for id_ in found.criteria]
        talks = talk_first(matrix, found.members, list(found.mean.values()))
        return [Criterion(found.criteria[talk.criterion], number if talk.share > 0 else 0, talk)
                for number, talk in enumerate(talks, 1)]

    def show(self) -> None:
        if self.group is not None or not self.code:
            super().show()
        elif self.app.screen is self:
            self.end(None)  # somebody has deleted it

    # ---- what stands in it ----

    def head(self) -> Content:
        found = self.group
        if found is None:
            return Content(_("The weighing is being written down."))
        round_ = found.round
        first = f"{round_.title or round_.code} · {_(METHODS.get(round_.method, METHODS['swing']))}"
        if not found.revealed:
            done = sum(opinion.shares is not None for opinion in found.opinions)
            state = _("{n} of {all} have finished").format(n=done, all=len(found.opinions))
            return Content(f"{first} · {state}")
        lines = [f"{first} · {self._sealed(found)}", self._agreement(found)]
        lines += [said for said in (strip(seal_strip(self.view), self.titles), self._talk_words(found)) if said]
        return Content("\n".join(lines))

    def _sealed(self, found: Group) -> str:
        round_ = found.round
        if not marked(round_):
            return _("shown on {day}, not sealed").format(day=round_.revealed_on)
        if not next((one.intact for one in sealings(self.view) if one.round.code == round_.code), True):
            return _("the seal is broken")
        return ngettext("sealed on {day} by {n} member", "sealed on {day} by {n} members", len(round_.sealed_by)).format(
            day=round_.sealed_on, n=len(round_.sealed_by))

    def _agreement(self, found: Group) -> str:
        count = len(found.members)
        if found.agreement is None or found.consensus is None:
            return ngettext("{n} member has finished: there is nothing to compare yet.",
                            "{n} members have finished: there is nothing to compare.", count).format(n=count)
        word = next(_(text) for limit, text in AGREEMENT if found.agreement >= limit)
        return _("Agreement on order: {word} ({w} of 1), on weights: {consensus} ({share})").format(
            word=word, w=f"{found.agreement:.2f}", consensus=word_of(found.consensus), share=percent(found.consensus))

    def _talk_words(self, found: Group) -> str:
        first = [line for line in self.talks() if line.talk]
        if not first:
            return "" if found.agreement is None else _("No member's weight for a single group would change the winner.")
        names = [section_name(self.view, line.key) for line in first]
        return _("Talk about this first: {names}").format(names=", ".join(names[:3]))

    def columns(self) -> Sequence[Column]:
        found = self.group
        if found is None or not found.revealed:
            return Column("", min=1), Column(_("Member"), min=24, weight=1), Column(_("Numbers"), min=18)
        return (Column("", min=1), Column(_("Group of questions"), min=_NAME, weight=1),
                Column(_("Mean"), min=_MEMBER, align="right"), Column(_("± pts"), min=_MEMBER, align="right"),
                *(Column(short(self.titles, person)[:_MEMBER], min=_MEMBER, align="right") for person in self._in_view()))

    def _in_view(self) -> Sequence[str]:
        """The members whose columns are shown; the arrow keys bring the others."""
        fixed = MARK + 1 + GAP + _NAME + 2 * (GAP + _MEMBER) + 1
        count = max((self.room - fixed) // (_MEMBER + GAP), 1)
        members = self.members
        self.first = max(min(self.first, len(members) - count), 0)
        return members[self.first:self.first + count]

    def rows(self) -> Sequence[Any]:
        found = self.group
        if found is None:
            return ()
        if found.revealed:
            return self.talks()
        return [Member(opinion.person, opinion.given, opinion.wanted) for opinion in found.opinions]

    def cells(self, row: Any) -> Sequence[str]:
        if isinstance(row, Member):
            state = (_("finished") if row.given >= row.wanted else _("{n} of {all}").format(n=row.given, all=row.wanted)
                     if row.given else _("not begun"))
            return "✓" if row.given >= row.wanted else "…" if row.given else "·", short(self.titles, row.key), state
        found = self.group
        assert found is not None
        shares = {opinion.person: opinion.shares for opinion in found.opinions}
        theirs = (shares[person] for person in self._in_view())
        return (str(row.talk) if row.talk else "", section_name(self.view, row.key), listed(found.mean).get(row.key, UNKNOWN),
                f"{found.spread[row.key] * 100:.0f}" if row.key in found.spread else "?",
                *(f"{given[row.key] * 100:.0f}" if given is not None else "?" for given in theirs))

    def style_of(self, row: Any) -> str:
        return "-warn" if isinstance(row, Criterion) and row.talk else ""

    def detail(self) -> Content:
        row, found = self.row, self.group
        if found is None:
            return Content("")
        if isinstance(row, Criterion):
            return Content("\n".join(self._about(row, found)))
        if not found.opinions:
            return Content(_("Nobody takes part yet. Press m to choose the members."))
        secret = _("Until then this screen shows nobody's numbers. Whoever opens the file or the history can read them all the "
                   "same.")
        if found.complete:
            return Content(_("All have finished. Press v to show the numbers to everybody.") + "\n" + secret)
        who = short(self.titles, row.key) if isinstance(row, Member) else ""
        words = _("Pass the keyboard to {name} and press Enter. The others look away.").format(name=who)
        return Content(words + "\n" + _("When all have finished, press v to show the numbers.") + "\n" + secret)

    def _about(self, row: Criterion, found: Group) -> list[str]:
        """The lines about a group of questions."""
        id_ = row.key
        given = [(short(self.titles, opinion.person), opinion.shares[id_]) for opinion in found.opinions if opinion.shares]
        each = ", ".join(f"{name} {points(share)}" for name, share in sorted(given, key=lambda item: -item[1]))
        lines = [_("{name}: {mean} on average. In %: {each}").format(
            name=section_name(self.view, id_), mean=listed(found.mean).get(id_, UNKNOWN), each=each)]
        missing = [short(self.titles, opinion.person) for opinion in found.opinions if opinion.shares is None]
        if missing:
            lines.append(_("Not finished, so not counted: {names}.").format(names=", ".join(missing)))
        if row.found is not None and row.found.share > 0:
            n = round(row.found.share * len(given))
            lines.append(ngettext("With the weight that {n} of {all} members gives it, another vendor would come first.",
                                  "With the weights that {n} of {all} members give it, another vendor would come first.",
                                  n).format(n=n, all=len(given)))
        elif row.found is not None:
            lines.append(_("Nobody's weight for it alone would change who comes first."))
        return lines

    def keys(self) -> Sequence[tuple[str, str]]:
        found = self.group
        if found is None:
            return ()
        if not found.revealed:
            return ("Enter", _("weigh")), (SHOW.key, _(SHOW.label)), (WHO.key, _(WHO.label))
        slide = (("← →", _("more members")),) if len(self._in_view()) < len(self.members) else ()
        seal = ((SEAL.key, _(SEAL.label)),) if not marked(found.round) else ()
        return *slide, ("=", _("explain")), *seal, (AGAIN.key, _(AGAIN.label))

    def action_slide(self, by: int) -> None:
        """Shows the columns of other members."""
        self.first += by
        self.show()

    # ---- one member after the other ----

    def follow(self) -> None:
        """Enter: the member under the cursor sits down. Numbers that are there already are not shown to somebody else."""
        row, found = self.row, self.group
        if found is None or found.revealed:
            self.action_explain()
        elif not isinstance(row, Member):
            self.action_members()
        elif not row.given:
            open_sheet(BallotSheet(self, self.code, row.key))
        else:
            name, person = short(self.titles, row.key), row.key
            answers = [("no", _("No, go back")), ("yes", _("Yes, it is {name}").format(name=name))]
            self._ask(_("Does {name} sit at the keyboard?").format(name=name), answers, [
                _("The numbers that are there already come on the screen.")],
                lambda: open_sheet(BallotSheet(self, self.code, person)))

    def _ask(self, question: str, answers: Sequence[tuple[str, str]], details: Sequence[str], yes: Callable[[], None]) -> None:
        self.app.push_screen(AskModal(question, answers, details), lambda answer: yes() if answer == "yes" else None)

    def thank(self, person: str) -> None:
        """A member has finished: on to the next one."""
        left = [one for one in self.group.opinions if one.given < one.wanted and one.person != person] if self.group else []
        if left:
            self.lines.go_to(left[0].person)
        words = _("Thank you, {name}. Next: {other}.") if left else _(
            "Thank you, {name}. Press v to show the numbers to everybody.")
        self.call_after_refresh(self.say, words.format(
            name=short(self.titles, person), other=short(self.titles, left[0].person) if left else ""))

    def action_members(self) -> None:
        """Who takes part."""
        found = self.group
        if found is None or found.revealed:
            self.say(_("The numbers are shown already. Press o to weigh again with other members."))
            return
        people, held = people_of(self.view.rows(Person)), found.round.members
        options = [(row.code, self.titles.label(row)) for row in people]

        def taken(chosen: Sequence[str] | None) -> None:
            if chosen is not None:
                edits: list[Edit] = [Link(self.code, "members", code) for code in chosen if code not in held]
                self.write(*edits, *(Unlink(self.code, "members", code) for code in held if code not in chosen))
        self.app.push_screen(PickModal(_("Who takes part?"), options, chosen=held, many=True), taken)

    # ---- the numbers are shown, sealed, weighed again ----

    def action_reveal(self) -> None:
        """Shows everybody's numbers, after a question."""
        found = self.group
        if found is None:
            return
        left = [short(self.titles, one.person) for one in found.opinions if one.shares is None]
        if found.revealed:
            self.say(_("They are shown already."))
        elif len(left) == len(found.opinions):
            self.say(_("Nobody has finished yet. Choose a member and press Enter."))
        else:
            details = [_("Not finished, so not counted: {names}.").format(names=", ".join(left))] if left else []
            answers = [("no", _("No, not yet")), ("yes", _("Yes, show them"))]
            self._ask(_("Show the numbers of all members to everybody?"), answers, details, lambda: self.write(
                Change(self.code, "revealed_on", None, self.frame.today())))

    def action_seal(self) -> None:
        """Seals the weights; those who are present sign."""
        found = self.group
        if found is None or not found.revealed:
            self.say(_("First the numbers are shown to all: press v."))
        elif marked(found.round):
            self.say(_("It was sealed already. Press o to weigh again; this seal stays as it is."))
        elif not found.mean:
            self.say(_("Nobody has given all numbers, so there is nothing to seal. Press o to weigh again."))
        else:
            people = [(code, short(self.titles, code)) for code in found.round.members]
            finished = [one.person for one in found.opinions if one.shares is not None]

            def taken(chosen: Sequence[str] | None) -> None:
                if chosen:
                    self._ask_seal(tuple(chosen))
            self.app.push_screen(PickModal(_("Who seals these weights?"), people, chosen=finished, many=True), taken)

    def _ask_seal(self, by: Sequence[str]) -> None:
        """The question before the seal: it cannot be taken back."""
        names, count = ", ".join(short(self.titles, code) for code in by), len(self.members)
        details = [ngettext("{n} of {all} members signs: {names}.", "{n} of {all} members sign: {names}.", len(by)).format(
                       n=len(by), all=count, names=names),
                   _("A seal is not taken off. Later changes are shown beside it, and a new weighing leaves it as it is.")]
        answers = [("no", _("No, not yet")), ("yes", _("Yes, seal them"))]
        self._ask(_("Seal these weights?"), answers, details, lambda: self.write(
            *seal_edits(self.view, self.code, by=by, on=self.frame.today())))

    def action_again(self) -> None:
        """A new round with the same members; the numbers of this one stay."""
        found = self.group
        if found is None or not found.revealed:
            self.say(_("This weighing is still open. Choose a member and press Enter."))
            return
        since = max(row.number for row in self.view.rows(WeightRound))
        self.write(begun(_("{title}, again").format(title=found.round.title or self.code), found.round.method,
                         found.round.members, self.frame))
        frame = self.frame
        self.leave_for(lambda: open_sheet(WeightSheet(frame, since=since)))

    def action_explain(self) -> None:
        """How the figures of the line are worked out."""
        from crm_workbook.screens.vendors.explanation import Explanation, explain_weight

        row, found = self.row, self.group
        if found is not None and isinstance(row, Criterion):
            self.app.push_screen(Explanation(*explain_weight(self.view, self.titles, found, row.key)))


def people_of(rows: Sequence[Person]) -> list[Person]:
    """Who may weigh: our own people, the working group first."""
    return sorted((row for row in rows if row.side != "vendor"), key=lambda row: not row.in_group)


def begun(title: str, method: str, members: Sequence[str], frame: WorkbookScreen) -> Create:
    """A new weighing."""
    return Create(WeightRound, {"title": title, "method": method, "members": tuple(members), "opened_on": frame.today()})


def current(frame: WorkbookScreen) -> str:
    """The weighing that is open, or else the one whose weights are in force; "" without one."""
    if frame.view is None:
        return ""
    rows = frame.view.rows(WeightRound)
    if rows and rows[-1].revealed_on is None:
        return rows[-1].code
    found = latest(frame.view)
    return found.code if found is not None else ""

