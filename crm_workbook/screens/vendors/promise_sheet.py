"""The promise ledger on the screen: what a vendor promised, how each promise stands, and answers that ought to become one."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from crm_workbook.analysis import ledger
from crm_workbook.analysis.finders import Gap
from crm_workbook.i18n import N_, _, ngettext
from crm_workbook.records.text import one_line
from crm_workbook.records.vendors import Answer, Commitment
from crm_workbook.screens.ask import AskModal
from crm_workbook.screens.dialogs import DialogKey
from crm_workbook.screens.gaps import open_gap
from crm_workbook.screens.vendors.sheet import open_sheet
from crm_workbook.screens.vendors.vendor_of import VendorSheet
from crm_workbook.screens.words import full_stop
from crm_workbook.widgets.columns import Column
from crm_workbook.widgets.lines import Cell

if TYPE_CHECKING:
    from crm_workbook.screens.workbook import WorkbookScreen

SIGNS: dict[str, str] = {"kept": "✓", "broken": "✗", "overdue": "!", "waiting": "·", "draft": "?"}
"""How an entry stands, in one character; its word stands beside it."""
PROPOSED = "+"


@dataclass(frozen=True, slots=True)
class Row:
    """A line: an entry, or an answer that may become one."""

    key: str
    entry: Commitment | None = None
    answer: Answer | None = None


class PromiseSheet(VendorSheet):
    """All promises of one vendor: entries first, those that ask for something at the top, then what may be taken over."""

    ABOUT = N_("What the vendor said and you rely on. Take an answer over, write it as a sentence for the contract, "
               "and say who tests it until when. After the test, note whether it was kept.")
    KEYS: ClassVar[tuple[DialogKey, ...]] = (
        DialogKey("t", "take_over", N_("take over"), N_("makes an entry of an answer of the vendor")),
        DialogKey("a", "add", N_("add"), N_("adds a promise that stands in no answer")), VendorSheet.OTHER)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "judge('kept')", show=False), Binding("2", "judge('broken')", show=False)]
    DETAIL: ClassVar[int] = 9

    awaited = ""  # the answer that is being taken over: the form of its entry opens when it is there

    def show(self) -> None:
        super().show()
        made = next((row for row in self.view.where(Commitment, "vendor", self.vendor) if row.answer == self.awaited), None)
        if self.awaited and made is not None and self.app.screen is self and not self.over:
            self.awaited = ""
            self._open(made)

    def turned_down(self) -> None:
        self.awaited = ""
        super().turned_down()

    def keys(self) -> Sequence[tuple[str, str]]:
        row = self.row
        if row is not None and row.entry is not None:
            return (("Enter", _("open")), ("1", _("kept")), ("2", _("broken")), ("a", _("add")), ("v", _("vendor")),
                    ("u", _("undo")))
        return (*((("t", _("take over")), ("Enter", _("see the answer"))) if row is not None else ()), ("a", _("add")),
                ("v", _("other vendor")))

    def head(self) -> Content:
        return Content(f"{_('Promises')}   {self.vendor_name}   {in_words(ledger.tally(self.view, self.vendor))}".rstrip())

    def columns(self) -> Sequence[Column]:
        return (Column("", min=1), Column(_("State"), min=9), Column(_("What was promised"), min=24, weight=5),
                Column(_("By"), min=10), Column(_("Tested by"), min=12, weight=1))

    def rows(self) -> Sequence[Row]:
        return (*(Row(entry.code, entry=entry) for entry in ledger.entries(self.view, self.vendor)),
                *(Row(answer.code, answer=answer) for answer in ledger.proposals(self.view, self.vendor)))

    def nothing(self) -> str:
        return _("What the vendor said and you rely on belongs here: as words for the contract, with a test and a tester.\n\n"
                 "Press a to write down the first promise. Answers to the questions are proposed here by themselves.")

    def cells(self, row: Row) -> Sequence[Cell]:
        if row.entry is None:
            assert row.answer is not None
            return PROPOSED, _("proposed"), self._answered(row.answer), "", ""
        name = ledger.state(row.entry, self.view)
        day = ledger.due_day(row.entry, self.view) if name != "draft" else row.entry.due
        tester = self.titles.book.get(row.entry.tester)
        return (SIGNS[name], _(ledger.STATES[name]), row.entry.title or _("(no name yet)"), str(day or "?"),
                self.titles.label(tester) if tester is not None else "?")

    def style_of(self, row: Row) -> str:
        if row.entry is None:
            return "-dim"
        return "-warn" if ledger.state(row.entry, self.view) in ("broken", "overdue") else ""

    def _answered(self, answer: Answer) -> str:
        question = self.view.catalogue.questions.get(answer.question)
        said = ledger.in_words(self.view, answer) or _("no answer")
        return f"{said} - {question.text}" if question is not None else said

    # ---- about the line ----

    def detail(self) -> Content:
        row = self.row
        if row is None:
            return Content("")
        lines = list(self._about_entry(row.entry) if row.entry is not None else self._about_answer(row.answer))
        return Content.styled(lines[0], "bold") + Content("".join(f"\n{line}" for line in lines[1:]))

    def _about_entry(self, entry: Commitment) -> Iterator[str]:
        yield f"{entry.code} {full_stop(entry.title)} {self._standing(entry)}"
        yield _("Contract: {clause}").format(clause=full_stop(entry.clause) or _("no words yet.")) + (
            f" ({entry.clause_at})" if entry.clause_at else "")
        yield _("Test: {test}").format(test=full_stop(entry.test) or _("nobody has said yet how you will see it."))
        if entry.answer:
            yield _("From the answer: {answer}").format(answer=self.titles.named(entry.answer))
        if entry.note:
            yield entry.note

    def _standing(self, entry: Commitment) -> str:
        """How an entry stands, in a sentence that says what to do."""
        if entry.outcome and not ledger.tried(entry, self.view):
            return _("The day of the test, {day}, is still to come. Until then it counts as not tested.").format(
                day=entry.tested_on)
        match ledger.state(entry, self.view):
            case "kept":
                return _("Kept, tested on {day}.").format(day=entry.tested_on or "?")
            case "broken":
                return _("Broken, tested on {day}. Show the vendor the clause and agree on a day.").format(
                    day=entry.tested_on or "?")
            case "draft":
                fields = entry.declared.fields
                names = ", ".join(_(fields[name].title) for name in ledger.missing(entry, self.view))
                return _("A draft. Missing: {names}. Enter opens it.").format(names=names)
            case "overdue" if entry.due is None:
                return _("Overdue: it names no day, and daily use began on {day}. Try it, then press 1 or 2.").format(
                    day=ledger.due_day(entry, self.view))
            case "overdue":
                return _("Overdue since {day}. Try it, then press 1 (kept) or 2 (broken).").format(day=entry.due)
            case _:
                return _("To be tested by {day}.").format(day=ledger.due_day(entry, self.view))

    def _about_answer(self, answer: Answer | None) -> Iterator[str]:
        assert answer is not None
        question = self.view.catalogue.questions.get(answer.question)
        yield f"{answer.code} {question.text if question is not None else answer.question}"
        said = ledger.in_words(self.view, answer) or _("no answer")
        yield _("Answer: {answer}").format(answer=full_stop(" ".join(filter(None, (full_stop(said), answer.note)))))
        level = self.view.catalogue.evidence_levels.get(answer.evidence)
        yield _("How sure: {evidence}").format(evidence=full_stop(", ".join(filter(None, (
            level.name if level is not None else _("nobody noted it"), answer.reference)))))
        yield _("The decision rests on this answer.") if ledger.rests_on(self.view, answer) else _(
            "This question decides by itself, and so far the vendor only said it or wrote it in an offer.")
        yield _("Press t to make it a promise: the words for the contract are proposed; you say test, tester and day.")

    # ---- what can be done ----

    def follow(self) -> None:
        row, frame, vendor = self.row, self.frame, self.vendor
        if row is not None:
            again = partial(show_promises, frame, vendor, row.key)
            self.leave_for(lambda: open_gap(frame, Gap(row.key), again=again))

    def action_take_over(self) -> None:
        """Makes an entry of the answer under the cursor, and leads to what is missing in it."""
        row = self.row
        if row is None or row.answer is None:
            self.say(_("This is a promise already. Lines with + can be taken over.") if row is not None else _(
                "Nothing to take over. Press a to write a promise down."))
        elif not self.awaited:
            self.awaited = row.answer.code
            self.write(ledger.taken_over(self.view, row.answer))

    def _open(self, entry: Commitment) -> None:
        """The form of an entry that was just made, at the first field that is missing; it leads back to this line."""
        frame, again = self.frame, partial(show_promises, self.frame, self.vendor, entry.code)
        gap = Gap(entry.code, next(iter(ledger.missing(entry, self.view)), "test"))
        self.leave_for(lambda: open_gap(frame, gap, _("Taken over. Say how you test it, who does it, and until when."), again))

    def action_add(self) -> None:
        """A promise that stands in no answer."""
        frame, vendor = self.frame, self.vendor
        self.leave_for(lambda: open_gap(frame, Gap(kind=Commitment, given=(("vendor", vendor),)),
                                        _("Write what was promised."),
                                        again=partial(show_promises, frame, vendor)))

    def action_judge(self, outcome: str) -> None:
        """Notes how the test came out, with the day of today; what is noted already changes only after a question."""
        row = self.row
        if row is None or row.entry is None:
            self.say(_("Take it over first: press t.") if row is not None else "")
        elif row.entry.outcome:
            self._ask(row.entry)
        else:
            self._judge(row.entry.code, outcome)

    def _ask(self, entry: Commitment) -> None:
        noted = _("kept") if entry.outcome == "kept" else _("broken")
        answers = [("stay", _("No, leave it as it is")), ("kept", _("Kept, tested today")),
                   ("broken", _("Broken, tested today")), ("none", _("Not tested yet"))]
        question = _("{code} is noted as {outcome}, tested on {day}. Change it?").format(
            code=entry.code, outcome=noted, day=entry.tested_on or "?")

        def then(answer: str | None) -> None:
            if answer in ("kept", "broken", "none"):
                self._judge(entry.code, "" if answer == "none" else answer)

        self.app.push_screen(AskModal(question, answers, [one_line(entry.title)]), then)

    def _judge(self, code: str, outcome: str) -> None:
        entry = self.view.find(Commitment, code)
        if entry is not None:
            self.write(*ledger.judged(entry, outcome, self.frame.today()))
            self.said = _("Noted with the day of today. u takes it back.") if outcome else _("Noted: not tested yet.")


def show_promises(frame: WorkbookScreen, vendor: str, at: str = "") -> None:
    """Opens the ledger of a vendor, on one of its lines."""
    open_sheet(PromiseSheet(frame, vendor, at))


def in_words(found: Mapping[ledger.State, int]) -> str:
    """'1 broken, 2 overdue'."""
    return ", ".join(f"{n} {_(ledger.STATES[name])}" for name, n in found.items() if n)


def in_short(entries: int, proposed: int) -> str:
    """'5 promises, 3 proposed', for the board."""
    parts = [ngettext("{n} promise", "{n} promises", entries).format(n=entries)] if entries else []
    parts += [ngettext("{n} proposed", "{n} proposed", proposed).format(n=proposed)] if proposed else []
    return ", ".join(parts) or _("nothing yet")
