"""The decision on the screen: the reasons and what they rest on, who decided and what they gain, the figures of that day, and
what is different with today's evidence. Before there is one: what to look at, and the way to make it."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from textual.content import Content

from crm_workbook.analysis import decision, ledger, scoring
from crm_workbook.analysis.finders import Gap
from crm_workbook.i18n import N_, _, ngettext
from crm_workbook.records.goals import Motive
from crm_workbook.records.requirements import Requirement
from crm_workbook.records.team import Interest, Person
from crm_workbook.records.vendors import FIT_MARKS, Choice, Fit, Vendor
from crm_workbook.screens.dialogs import DialogKey
from crm_workbook.screens.gaps import open_gap
from crm_workbook.screens.vendors.sheet import Sheet, open_sheet
from crm_workbook.screens.vendors.vendor_of import ask_vendor, in_question
from crm_workbook.screens.words import full_stop
from crm_workbook.widgets.columns import Column
from crm_workbook.widgets.lines import Cell

if TYPE_CHECKING:
    from crm_workbook.screens.workbook import WorkbookScreen

TEXTS = {"reason": N_("Reason"), "rejected": N_("Not the others"), "dissent": N_("Thought otherwise")}
"""The texts of a decision, and how they are headed here."""
SHORT = ("fit", "must_gaps", "claimed", "proven", "coverage", "cost", "open")
"""The figures of a vendor that stand in its line."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line. `lead`: what Enter opens; None where there is nothing to open. `sign`: "!" where something asks for a hand."""

    key: str
    label: str
    text: str
    detail: str = ""
    lead: Gap | None = None
    sign: str = ""


class DecisionSheet(Sheet):
    """The decision that holds."""

    ABOUT = N_("Which vendor, and why. The figures of the day of the decision are kept. What is different with "
               "today's evidence stands at the top.")
    KEYS: ClassVar[tuple[DialogKey, ...]] = (
        DialogKey("d", "decide", N_("decide"), N_("leads to the form of a new decision, with the figures of today")),
        DialogKey("f", "keep", N_("keep figures"), N_("keeps the figures of today with a decision that has none")))
    HEADER: ClassVar[bool] = False
    DETAIL: ClassVar[int] = 6

    def __init__(self, frame: WorkbookScreen, at: str = "") -> None:
        """`at`: the key of the line where the cursor begins."""
        super().__init__(frame)
        self.at = at

    def on_mount(self) -> None:
        made = self.made
        if made is not None:  # also one that somebody else wrote, or that came with an import
            self.write(*decision.to_keep(self.view, made))
        super().on_mount()

    def show(self) -> None:
        super().show()
        if self.at:
            self.lines.go_to(self.at)
            self.at = ""

    @property
    def made(self) -> Choice | None:
        """The decision that holds, or None."""
        return scoring.decision(self.view)

    def keys(self) -> Sequence[tuple[str, str]]:
        row: Row | None = self.row
        return (*((("Enter", _("open")),) if row is not None and row.lead is not None else ()),
                ("d", _("decide again") if self.made is not None else _("decide")),
                *((("f", _("keep figures")),) if self.made is not None and not self.made.figures.strip() else ()))

    def head(self) -> Content:
        made = self.made
        if made is None:
            return Content(_("Decision   nothing is decided yet"))
        others = decision.drift(self.view, made)
        moved = ngettext("{n} figure is different today", "{n} figures are different today", len(others)).format(
            n=len(others)) if others else ""
        return Content("   ".join(filter(None, (_("Decision"), self._vendor(made.vendor), str(made.on or "?"), moved))))

    def columns(self) -> Sequence[Column]:
        return Column("", min=1), Column("", min=21), Column("", min=30, weight=1)

    def cells(self, row: Row) -> Sequence[Cell]:
        return row.sign, row.label, row.text

    def style_of(self, row: Row) -> str:
        return "-warn" if row.sign == "!" else ""

    def detail(self) -> Content:
        row: Row | None = self.row
        return Content("") if row is None else Content(row.detail or row.text)

    def rows(self) -> Sequence[Row]:
        made = self.made
        return tuple(self._decided(made) if made is not None else self._open())

    def _vendor(self, code: str) -> str:
        row = self.view.find(Vendor, code)
        return self.titles.label(row) if row is not None else code

    # ---- a decision that was made ----

    def _decided(self, made: Choice) -> Iterator[Row]:
        yield from self._today(made)
        yield self._text(made, "reason")
        yield from self._rests_on(made)
        yield self._text(made, "rejected")
        yield self._text(made, "dissent")
        yield from self._deciders(made)
        yield from self._motives()
        late = made.review_on is not None and made.review_on <= self.view.today
        yield Row("review_on", _("To be looked at"), str(made.review_on or _("no day is set")), _(
            "On that day the group compares the figures again and says whether it still stands by the choice."),
            Gap(made.code, "review_on"), "!" if late or made.review_on is None else "")
        yield from self._that_day(made)

    def _on(self, made: Choice) -> date | None:
        """The day on which the figures were kept, when it was not that of the decision."""
        return decision.read_figures(made.figures).on

    def _today(self, made: Choice) -> Iterator[Row]:
        """What is different with today's evidence."""
        label = _("With today's evidence")
        found = decision.drift(self.view, made)
        if not made.figures.strip():
            yield Row("drift", label, _("No figures were kept on that day."), _(
                "No figures were kept on that day, so nothing can be compared. Press f to keep those of today: from now on "
                "you will see what changes."))
        elif not found:
            yield Row("drift", label, _("As on that day: no figure is different.") if self._on(made) is None else _(
                "As on {day}, when the figures were kept: none is different.").format(day=self._on(made)))
        for number, one in enumerate(found):
            name = decision.FIGURES[one.figure]
            who = self._vendor(one.of) if self.view.find(Vendor, one.of) is not None else one.of
            text = _("{name}: {then} → {now}").format(name=", ".join(filter(None, (who, _(name)))),
                                                      then=decision.shown(self.view, one.figure, one.then),
                                                      now=decision.shown(self.view, one.figure, one.now))
            winner = one.figure in ("first", "winner", "proven_winner")
            yield Row(f"drift {one.of} {one.figure}", "" if number else label, text, decision.sentence(self.view, one),
                      sign="!" if winner else "≠")

    def _text(self, made: Choice, name: str) -> Row:
        text = str(made.get(name)).strip()
        missing = name == "reason" and not text
        return Row(name, _(TEXTS[name]), " ".join(text.split()) or _("nothing is written"), text or _(
            "Nothing is written here yet. A year later somebody will ask."), Gap(made.code, name), "!" if missing else "")

    def _rests_on(self, made: Choice) -> Iterator[Row]:
        """The requirements and answers that decided, and how they stand with the chosen vendor today."""
        found, label = decision.cited(self.view, made), _("Rests on")
        marks = {row.requirement: row.mark for row in self.view.where(Fit, "vendor", made.vendor)}
        for row in found.requirements:
            yield self._requirement(row, marks.get(row.code, ""), label)
            label = ""
        for answer in found.answers:
            level = self.view.catalogue.evidence_levels.get(answer.evidence)
            said = ledger.in_words(self.view, answer) or _("no answer")
            question = self.view.catalogue.questions.get(answer.question)
            sure = level.name if level is not None else _("not known how sure")
            asked = question.text if question is not None else answer.question
            yield Row(answer.code, label, f"{answer.code} {said} ({sure}): {asked}",
                      _("{question}\nAnswer: {answer} How sure: {evidence}.").format(
                          question=asked, answer=full_stop(said), evidence=sure), Gap(answer.code))
            label = ""
        if not found.requirements:
            yield Row("requirements", label, _("The decision names no requirement."),
                      _("Name the requirements that decided it: choose them, or write their codes into the reason."),
                      Gap(made.code, "requirements"), "!")
            label = ""
        for code in found.missing:
            yield Row(f"missing {code}", label, _("{code} is named, but there is no such record.").format(code=code),
                      lead=Gap(made.code, "reason"), sign="!")

    def _requirement(self, row: Requirement, mark: str, label: str) -> Row:
        met = scoring.MARKS.get(mark)
        stands = _(FIT_MARKS[mark]) if mark in FIT_MARKS else _("not marked")
        bad = met is None or met < scoring.MET
        said = _("The choice rests on it, and with today's evidence it is not met.") if bad else _("It is met today.")
        return Row(row.code, label, f"{row.code} {stands}: {row.title}", f"{row.code} {full_stop(row.title)}\n{said}",
                   Gap(row.code), "!" if bad else "✓")

    def _deciders(self, made: Choice) -> Iterator[Row]:
        if not made.deciders:
            yield Row("deciders", _("Decided by"), _("nobody is named"), _("Who decided? Enter leads to the field."),
                      Gap(made.code, "deciders"), "!")
        yield from self._declared(made, _("Decided by"))

    def _declared(self, made: Choice, label: str) -> Iterator[Row]:
        """Those who decide, and what they have declared."""
        for number, (person, interest) in enumerate(decision.interests_of(self.view, made)):
            name = self.titles.label(person)
            if interest is None:
                text, lead = _("has declared nothing yet"), Gap(kind=Interest, given=(("person", person.code),))
                detail = _("{name} has not said yet whether there is an interest of their own. Enter leads to it.").format(
                    name=name)
            elif interest.has_interest or interest.title.strip():
                text, lead = interest.title or _("has an interest"), Gap(interest.code)
                detail = "\n".join(filter(None, (f"{name}: {full_stop(text)}", interest.settled and _(
                    "How it was settled: {words}").format(words=full_stop(interest.settled)))))
            else:
                text, detail, lead = _("no interest of their own"), "", Gap(interest.code)
            open_ = interest is None or bool(interest.has_interest and not interest.settled.strip())
            key = f"{person.code} {interest.code if interest is not None else ''}"
            yield Row(key, "" if number else label, f"{name}: {text}", detail, lead, "!" if open_ else "")

    def _motives(self) -> Iterator[Row]:
        known = self.view.catalogue.motives
        for number, row in enumerate(decision.motives_of(self.view)):
            yield Row(row.code, "" if number else _("Motives to question"), self._motive(row), "\n".join((
                self._motive(row), full_stop(known[row.motive].answer))), Gap(row.code))

    def _motive(self, row: Motive) -> str:
        said = self.view.find(Person, row.said_by)
        words = row.words or self.view.catalogue.motives[row.motive].text
        return f"{self.titles.label(said)}: {words}" if said is not None else words

    def _that_day(self, made: Choice) -> Iterator[Row]:
        """The figures that were kept, one line a vendor."""
        then, now = decision.read_figures(made.figures), decision.figures(self.view, made)
        number = 0
        for code, values in then.of.items():
            if self.view.find(Vendor, code) is not None and "there" in values:
                label = _("Figures of {day}").format(day=then.on) if then.on else _("Figures of that day")
                yield self._figures(code, values, now.of.get(code), "" if number else label)
                number += 1

    def _figures(self, code: str, values: Mapping[str, decision.Amount], now: Mapping[str, decision.Amount] | None,
                 label: str) -> Row:
        def text(found: Mapping[str, decision.Amount]) -> str:
            out = [_("ruled out")] if found.get("out") else []
            return "; ".join(out + [f"{_(decision.FIGURES[name])}: {decision.shown(self.view, name, found.get(name))}"
                                    for name in SHORT])

        detail = [f"{self._vendor(code)}: {text(values)}."]
        if now is not None:
            detail.append(_("Today: {figures}.").format(figures=text(now)))
        return Row(f"figures {code}", label, f"{self._vendor(code)}: {text(values)}", "\n".join(detail))

    # ---- before there is one ----

    def _open(self) -> Iterator[Row]:
        yield Row("first", _("What belongs here"), _("Which vendor, and why. Press d to write it down."), _(
            "Which vendor, why, and who thought otherwise. A year later somebody will ask. "
            "Press d when you have decided: the figures of the day are kept with it."))
        figures = decision.figures(self.view)
        for number, vendor in enumerate(in_question(self.view)):
            yield self._figures(vendor.code, figures.of.get(vendor.code, {}), None, "" if number else _("Today"))
        yield from self._motives()
        people = tuple(row.code for row in self.view.rows(Person) if row.decider)
        yield from self._declared(Choice(deciders=people), _("Who may decide"))

    # ---- what can be done ----

    def follow(self) -> None:
        row: Row | None = self.row
        if row is None:
            return
        if row.lead is None:
            self.say(_("Nothing to open here. The figures stand below in full.") if row.key != "first" else _(
                "Press d when you have decided."))
            return
        frame, lead, key = self.frame, row.lead, row.key
        self.leave_for(lambda: open_gap(frame, lead, row.label or row.text, again=lambda: show_decision(frame, key)))

    def action_decide(self) -> None:
        """Leads to the form of a new decision; the figures of today go with it."""
        found = in_question(self.view)
        if not found:
            frame = self.frame
            self.leave_for(lambda: open_gap(frame, Gap(kind=Vendor), _("Write down the candidates first.")))
            return
        ask_vendor(self.frame, _("Which vendor is chosen?"), found, self.titles, self._decide)

    def _decide(self, vendor: str) -> None:
        frame, today = self.frame, self.frame.today()
        made = Choice(vendor=vendor, on=today)
        given = (("vendor", vendor), ("on", today), ("figures", decision.figures_of(self.view, made)))
        said = _("Write the reason with the codes of the requirements, such as R12. The figures of today are kept with it.")
        self.leave_for(lambda: open_gap(frame, Gap(kind=Choice, given=given), said, again=lambda: show_decision(frame)))


    def action_keep(self) -> None:
        """Keeps the figures of today with an older decision, and says that they are those of today."""
        made = self.made
        if made is None or made.figures.strip():
            self.say(_("Nothing is decided yet. Press d when you have decided.") if made is None else _(
                "The figures are kept already."))
        elif edits := decision.to_keep(self.view, made, late=True):
            self.write(*edits)
            self.say(_("The figures of today are kept, not those of {day}. From now on you see what changes.").format(
                day=made.on or _("the day of the decision")))


def show_decision(frame: WorkbookScreen, key: str = "") -> None:
    """Opens the sheet, on one of its lines."""
    open_sheet(DecisionSheet(frame, key))
