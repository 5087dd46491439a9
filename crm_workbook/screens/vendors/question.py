"""The sheet of one question: it is read aloud, and the answer is noted with one key or typed in place."""
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import Binding, BindingType

from crm_workbook.analysis import interview, scoring
from crm_workbook.analysis.finders import Gap
from crm_workbook.i18n import N_, _
from crm_workbook.records import Value
from crm_workbook.records.vendors import ANSWER_MARKS, Answer, CostLine, Vendor
from crm_workbook.screens.dialogs import DialogKey
from crm_workbook.screens.gaps import open_gap
from crm_workbook.screens.vendors.asking_form import AnswerForm, AnswerPen, slip_of
from crm_workbook.screens.vendors.asking_sheet import Act, Moved, QuestionPaper
from crm_workbook.widgets.drafts import Drafts
from crm_workbook.widgets.editors import actions_of
from crm_workbook.widgets.form import RecordForm
from crm_workbook.widgets.pick import PickModal

if TYPE_CHECKING:
    from crm_workbook.screens.workbook import WorkbookScreen

FEW_VENDORS = 4
"""So many are gone through one by one; more are chosen from a list."""


class QuestionSheet(QuestionPaper):
    """One question to one vendor. What is typed or chosen is handed over with each key and drawn at once."""

    KEYS: ClassVar[tuple[DialogKey, ...]] = (
        DialogKey("w", "words", N_("words"), N_("opens the vendor's words, where it stands, and the date of the evidence")),
        DialogKey("n", "next_open", N_("next open"), N_("goes to the next question that is still open")),
        DialogKey("a", "all", N_("all"), N_("shows what all vendors answered to this question, and back")),
        DialogKey("v", "vendor", N_("vendor"), N_("goes to the next vendor, at the same question")),
        DialogKey("s", "state('unsure')", N_("not sure"), N_("notes that we are not sure of the answer")),
        DialogKey("d", "state('dont_know')", N_("does not know"), N_("notes that the vendor does not know")),
        DialogKey("x", "state('not_applicable')", N_("does not apply"), N_("notes that it does not concern this vendor")),
        DialogKey("l", "state('later')", N_("later"), N_("notes that the answer comes later")),
        DialogKey("e", "evidence", N_("how sure"), N_("the next level of how sure we are")),
        DialogKey("m", "mark", N_("worth"), N_("what an answer in words is worth to the group")),
        DialogKey("c", "cost", N_("cost"), N_("leads to the cost that the answer opens")),
        DialogKey("u", "undo", N_("undo"), N_("takes back what was noted last")))
    SHOWN = ("w", "n", "a", "v")
    """Those that stand in the last line; the others stand beside what they change."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right", "go(1)", show=False), Binding("left", "go(-1)", show=False), Binding("tab", "words", show=False),
        Binding("backspace,delete", "clear", show=False), Binding("pagedown", "scroll(1)", show=False),
        Binding("pageup", "scroll(-1)", show=False), Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("enter", "follow", show=False), Binding("escape,f3,q,й", "leave", show=False),
        Binding("question_mark,f1", "help", show=False), *(key.binding() for key in KEYS)]
    ACTIONS: ClassVar[Mapping[str, str]] = actions_of(BINDINGS)

    # ---- noting the answer ----

    def action_follow(self) -> None:
        """Enter."""
        self.follow()

    def action_leave(self) -> None:
        """Goes back; what is typed next is for the screen below."""
        self.end(None)

    def follow(self) -> None:
        """Enter: notes what was chosen with the arrows; otherwise goes on."""
        row = self.row
        if self.closing:
            self.action_go(1)
        elif self.beside:
            if isinstance(row, Vendor):
                self.beside = False
                self.load(row.code, self.question)
        elif isinstance(row, tuple):
            if self.picking:
                self.choose(row[0])
            elif self.answer.state:
                self.action_go(1)
            else:  # a second Enter by mistake notes nothing
                self.say(_("Press the number of the answer, or choose it with the arrows. → goes on without one."))
        elif self.answer.state:
            self.action_go(1)
        else:
            self.write_in("value")

    def choose(self, value: str) -> None:
        """Notes an answer that is chosen."""
        self.put("value", value)
        if self.answer.state not in ("answered", "unsure"):
            self.put("state", "answered")
        self.lines.go_to(value)
        self._noted()

    def put(self, name: str, value: Value) -> None:
        """Hands a value over that a key sets."""
        pen = self.form.pen
        assert isinstance(pen, AnswerPen)
        if value != self.keyed.value(name):
            pen.put(name, value, self.keyed.typed(name, value))

    def _noted(self) -> None:
        """One thing was done: undo takes it back alone."""
        self.form.pen.left("")
        self.said, self.collision, self.picking = "", "", False
        self.revealing = True
        self.show()

    def typed(self, text: str) -> None:
        """The answer itself was typed: it counts as answered, or as open again."""
        state = str(self.keyed.value("state"))
        if text.strip() and state not in ("answered", "unsure"):
            self.put("state", "answered")
        elif not text.strip() and state in ("answered", "unsure"):
            self.put("state", "")
        self.call_later(self.show_outcome)

    def action_state(self, state: str) -> None:
        """A state that is no answer, or is not sure; the same key takes it back."""
        answer = self.answer
        if self.closing or self.beside:
            return
        if state == "unsure" and not answer.value:
            self.say(_("Note the answer first; then press s when you are not sure of it."))
            return
        self.put("state", state if answer.state != state else "answered" if answer.value else "")
        self._noted()

    def action_evidence(self) -> None:
        """The next level of how sure we are; behind the last one, none."""
        if not self.answer.state:
            self.say(_("Note the answer first, then how sure you are of it."))
            return
        levels = ["", *(id_ for id_, row in self.view.catalogue.evidence_levels.items() if row.factor)]
        now = self.answer.evidence
        self.put("evidence", levels[((levels.index(now) if now in levels else 0) + 1) % len(levels)])
        self._noted()

    def action_mark(self) -> None:
        """What an answer in words is worth."""
        if self.item.question.answer_type != "text":
            self.say(_("Only answers in words get a mark; this one is judged by itself."))
            return
        marks = ["", *ANSWER_MARKS]
        self.put("mark", marks[(marks.index(self.answer.mark) + 1) % len(marks)])
        self._noted()

    def action_clear(self) -> None:
        """Takes the answer away; what was written about it stays."""
        if self.closing or self.beside:
            return
        if "value" in self.form.kind.declared.fields:
            self.write_in("value")
            return
        self.put("value", "")
        self.put("state", "")
        self._noted()

    def action_undo(self) -> None:
        """Takes back the last thing done."""
        if self.frame.session is not None:
            self.frame.session.undo()

    def action_cost(self) -> None:
        """Leads to the cost line that this answer opens; `back` leads here again."""
        opened, question = interview.opened_cost(self.view, self.answer), self.item.question
        if opened is None or question.cost is None:
            self.say(_("This answer opens no cost."))
            return
        frame, vendor, id_, basis = self.frame, self.vendor, question.id, question.cost.basis
        often = () if question.cost.kind == "both" else (("kind", question.cost.kind),)
        given = (("vendor", vendor), ("bucket", opened.bucket.id), ("question", id_), *often)
        gap = Gap(opened.line, "likely") if opened.line else Gap(given=given, kind=CostLine)
        self.end(lambda: open_gap(frame, gap, _("Counted as: {basis}").format(basis=basis),
                                  again=lambda: open_question(frame, vendor, id_)))

    # ---- writing ----

    def action_words(self) -> None:
        """Opens the vendor's words for writing."""
        if not self.closing and not self.beside:
            self.write_in("note")

    def write_in(self, field: str) -> None:
        """Opens a field of the form."""
        self.said = ""
        self.form.left = False
        self.form.help_line.display = True
        self.form.go_to(field)
        self.show_outcome()

    @on(RecordForm.Left)
    def _left(self, message: RecordForm.Left) -> None:
        message.stop()
        self._rest()
        self.revealing = True
        self.show()

    async def _on_key(self, event: events.Key) -> None:
        """Every key at once and in order, however fast they come: the next one may be for another question, or for the form."""
        event.prevent_default()
        if self.over or self.app.screen is not self:
            event.stop()
            self.app.post_message(events.Key(event.key, event.character))
        elif self.writing:
            await self.form.hand.feed(event)
        elif (action := self.ACTIONS.get(event.key)) is not None:
            event.stop()
            await self.run_action(action)
        elif (event.character or "").isdecimal() and not self.closing and not self.beside:
            event.stop()
            await self._digit(event)

    async def _digit(self, event: events.Key) -> None:
        """Chooses an answer, or begins a number."""
        choices, place = interview.options(self.item.question), int(event.character or "0")
        if not choices:
            self.write_in("value")
            if self.item.question.answer_type == "number":
                self.form.line.action_select_all()
            await self.form.hand.feed(event)
        elif 0 < place <= len(choices):
            self.choose(choices[place - 1][0])
        else:
            self.say(_("Choose a number from 1 to {n}.").format(n=len(choices)))

    def action_vendor(self) -> None:
        """To another vendor, at the same question."""
        rows = interview.vendors(self.view)
        if len(rows) < 2:
            self.say(_("There is only one vendor."))
        elif len(rows) <= FEW_VENDORS:
            codes = [row.code for row in rows]
            self.said = ""
            self.load(codes[(codes.index(self.vendor) + 1) % len(codes)], self.question)
        else:
            self.app.push_screen(PickModal(_("Vendor"), [(row.code, self.titles.label(row)) for row in rows],
                                           chosen=(self.vendor,)),
                                 lambda found: self.load(found[0], self.question) if found else None)

    def action_help(self) -> None:
        from crm_workbook.screens.vendors.asking_help import QuestionHelp

        self.app.push_screen(QuestionHelp(self.KEYS))

    # ---- what others do ----

    def overheard(self, sentence: str) -> None:
        """What the workbook has to say while the sheet lies over it."""
        if sentence and self.query(AnswerForm):
            self.say(sentence)

    def refresh_book(self) -> None:
        if self.is_mounted and not self.over and self.query(AnswerForm):
            if self.frame.view is None or self.frame.view.find(Vendor, self.vendor) is None:
                self.dismiss(None)
            else:
                self.take()
                self.show()

    def take(self) -> None:
        """The answer as it is stored now."""
        row = self.item.answer
        self.under_way = {(vendor, question): (pen, noted) for (vendor, question), (pen, noted) in self.under_way.items()
                          if (found := scoring.answers(self.view, vendor).get(question)) is None
                          or found.values() != noted.values()}
        if row is not None and row is not self.stored:
            self.stored = row
            pen = self.form.pen
            assert isinstance(pen, AnswerPen)
            pen.named(row.code)
            self.keyed.stored(row)
            self.form.show(slip_of(self.form.kind, row))
        elif row is None and self.stored is not None:
            self.keyed, self.stored = Drafts(Answer(vendor=self.vendor, question=self.question), {}), None
            self.form.drafts = Drafts(self.form.kind(), {})  # nothing of it is under way
            self.load(self.vendor, self.question)
            self.say(_("This answer was deleted or taken back."))
        self._meet()

    def _meet(self) -> None:
        """Somebody else was faster in a field: what was typed here is kept, and both are shown. Of what is set by a key, theirs
        stands, and that is said."""
        for kept in self._kept():
            name = kept.field
            assert self.stored is not None
            theirs = self.stored.get(name)
            if (kept.code, theirs) in self._raised:
                continue
            if name in self.form.kind.declared.fields:
                mine, shown = self.form.row.get(name), slip_of(self.form.kind, self.stored).get(name)
                if name not in self.form.drafts.unfinished and name not in self.form.drafts.conflicts and mine != shown:
                    self._raised.add((kept.code, theirs))
                    self.form.conflict(name, mine, shown, "")
                    self.write_in(name)
            elif kept.text == str(self.keyed.value(name)) != str(theirs):
                self._raised.add((kept.code, theirs))
                self.keyed.conflict(name, self.keyed.value(name), theirs, "")
                self.keyed.take_theirs(name)
                self.form.pen.unfinished(name, "")
                self.collision = _("Somebody else has noted another answer just now; it is shown. Press your key again if "
                                   "yours is right.")


def open_question(frame: WorkbookScreen, vendor: str, question: str = "", *, moved: Moved | None = None, said: str = "",
                  after: Act | None = None) -> None:
    """Shows the sheet of a vendor at a question, or at the first one that is open. `after`: done when it has gone and nothing
    else was asked for."""
    view = frame.view
    if view is None or view.find(Vendor, vendor) is None:
        return
    items = interview.interview(view, vendor)
    if not question:
        question = next((item.question.id for item in items if not item.settled), items[0].question.id)
    sheet = QuestionSheet(frame, vendor, question, moved=moved, said=said)
    frame.app.push_screen(sheet, lambda act: act() if act is not None else after() if after is not None else None)
