"""The sheet of one question: it is read aloud, and the answer is noted with one key or typed in place."""
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from crm_workbook.analysis import interview, replies
from crm_workbook.analysis.finders import Gap
from crm_workbook.i18n import N_, _
from crm_workbook.records import Value
from crm_workbook.records.vendors import ANSWER_MARKS, CostLine, Vendor
from crm_workbook.screens.dialogs import DialogKey
from crm_workbook.screens.gaps import open_gap
from crm_workbook.screens.vendors import asking
from crm_workbook.screens.vendors.asking_form import AnswerPen, NumberSlip
from crm_workbook.screens.vendors.asking_paper import Act, Moved
from crm_workbook.screens.vendors.asking_sheet import QuestionWalk
from crm_workbook.widgets.editors import actions_of
from crm_workbook.widgets.form import RecordForm

if TYPE_CHECKING:
    from crm_workbook.screens.workbook import WorkbookScreen

class QuestionSheet(QuestionWalk):
    """One question to one vendor. What is typed or chosen is handed over with each key and drawn at once."""

    KEYS: ClassVar[tuple[DialogKey, ...]] = (
        DialogKey("w", "words", N_("words"), N_("opens the vendor's words, where it stands, and the date of the evidence")),
        DialogKey("n", "next_open", N_("next open"), N_("goes to the next question that is still open")),
        DialogKey("a", "all", N_("all"), N_("shows what all vendors answered to this question, and back")),
        DialogKey("v", "vendor", N_("vendor"), N_("goes to the next vendor, at the same question")),
        DialogKey("s", "state('unsure')", N_("we are not sure"), N_("notes that we are not sure of the answer")),
        DialogKey("d", "state('dont_know')", N_("the vendor does not know"), N_("notes that the vendor does not know")),
        DialogKey("x", "state('not_applicable')", N_("does not apply"), N_("notes that it does not concern this vendor")),
        DialogKey("l", "state('later')", N_("later"), N_("notes that the answer comes later")),
        DialogKey("e", "evidence", N_("how sure"), N_("asks how sure we are; then a digit says it")),
        DialogKey("m", "mark", N_("worth"), N_("what an answer in words is worth to the group")),
        DialogKey("c", "cost", N_("cost"), N_("leads to the cost that the answer opens")),
        DialogKey(asking.KEEP, "keep", N_("keep"), N_("makes what is no number part of the vendor's words")),
        DialogKey("u", "undo", N_("undo"), N_("takes back what was noted last to this question")),
        DialogKey("y", "redo", N_("redo"), N_("does again what u took back")))
    SHOWN = ("w", "n", "a", "v")
    """Those that stand in the last line; the others stand beside what they change."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right", "go(1)", show=False), Binding("left", "go(-1)", show=False), Binding("tab", "words", show=False),
        Binding("backspace,delete", "clear", show=False), Binding("pagedown", "scroll(1)", show=False),
        Binding("pageup", "scroll(-1)", show=False), Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("enter", "follow", show=False), Binding("escape,f3,q,й", "leave", show=False),
        Binding("question_mark,f1", "help", show=False), Binding("ctrl+p", "everything", show=False),
        *(key.binding() for key in KEYS)]
    ACTIONS: ClassVar[Mapping[str, str]] = actions_of(BINDINGS)

    def __init__(self, frame: WorkbookScreen, vendor: str, question: str, *, moved: Moved | None = None,
                 said: str = "") -> None:
        super().__init__(frame, vendor, question, moved=moved, said=said)
        self.done: list[tuple[str, str]] = []
        """Vendor and question of each thing that was noted on this sheet and that undo can take back, the last one last."""
        self.undone: list[tuple[str, str]] = []
        """The same of what was taken back, for redo."""
        self.sure = False
        """Whether undo has just been asked for something that is not about this question."""

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
        elif isinstance(row, tuple) and (self.picking or row[2]):
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
        """Notes an answer that is chosen, or said instead of a number."""
        if self.form.kind is NumberSlip:
            self.form.loose(replies.label(self.item.question, value))
            self.form.pen.unfinished("value", self.form.drafts.unfinished["value"])
            self._noted()
            return
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

    def loose(self, text: str) -> str | None:
        """What is typed is no number: it is stored as it is, and not answered; but "no limit" is an answer."""
        if self.form.kind is not NumberSlip or "value" in self.form.drafts.conflicts:
            return None
        instead = replies.means(self.item.question, text)
        self.typed(instead)
        return instead or text

    def action_keep(self) -> None:
        """What is no number becomes part of the vendor's words; the number itself is asked for again."""
        form, question = self.form, self.item.question
        text = form.drafts.unfinished.get("value", "") if not self.closing and not self.beside else ""
        if form.kind is not NumberSlip or not text or replies.means(question, text):
            self.say(_("There is nothing to keep here. Press w to write the vendor's words."))
            return
        words = str(form.drafts.value("note")).rstrip()
        form.hand.write(f"{words}\n{text}".lstrip(), "note")
        form.loose("")
        form.pen.typed("value", None, form.drafts.typed("value", None))
        self._noted()
        self.say(_("It stands in the vendor's words now. Type the number when you know it."))

    def action_state(self, state: str) -> None:
        """A state that is no answer, or is not sure; the same key takes it back."""
        answer = self.answer
        if self.closing or self.beside:
            return
        if state == "unsure" and replies.noted_as(self.item.question, answer.with_value("state", "answered")) == "begun":
            self.say(_("Note the answer first; then press s when you are not sure of it."))
            return
        self.put("state", state if answer.state != state else "answered" if answer.value else "")
        self._noted()

    def action_evidence(self) -> None:
        """Asks how sure we are; once more: the next level. Digits answer that until another key comes."""
        if self.closing or self.beside:
            return
        if not self.answer.state:
            self.say(_("Note the answer first, then how sure you are of it."))
            return
        levels = ["", *asking.levels(self.view)]
        now = levels.index(self.answer.evidence) if self.answer.evidence in levels else 0
        if self.grading:
            self._grade(levels[(now + 1) % len(levels)])
        else:
            self.grading = True
            self.show()

    def _grade(self, level: str) -> None:
        self.put("evidence", level)
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

    def settled(self, place: tuple[str, str]) -> None:
        """One thing was noted: undo takes it back alone."""
        self.done.append(place)
        self.undone.clear()

    def action_undo(self) -> None:
        """Takes back the last thing noted to this question. Of anything else it says first what it is, and does it when asked
        once more."""
        session, sure = self.frame.session, self.sure
        if session is None:
            return
        if sure or (self.done and self.done[-1] == (self.vendor, self.question)):
            self.undone += self.done[-1:]
            del self.done[-1:]
            session.undo()
            return
        self.sure = True
        if not self.done:
            self.say(_("Nothing was noted since you came to these questions. u once more takes back what was done before."))
            return
        vendor, question = self.done[-1]
        row, asked = self.view.find(Vendor, vendor), self.view.catalogue.questions.get(question)
        self.say(_("What was noted last is another answer: {vendor}, “{question}” u once more takes that back.").format(
            vendor=row.name if row is not None else vendor, question=asked.text if asked is not None else question))

    def action_redo(self) -> None:
        """Does again what was taken back on this sheet."""
        if self.frame.session is None or not self.undone:
            self.say(_("Nothing was taken back here."))
            return
        self.done.append(self.undone.pop())
        self.frame.session.redo()

    def action_cost(self) -> None:
        """Leads to the cost line that this answer opens; `back` leads here again."""
        opened, question = interview.opened_cost(self.view, self.answer), self.item.question
        if opened is None or question.cost is None:
            self.say(_("This answer opens no cost."))
            return
        frame, vendor, id_ = self.frame, self.vendor, question.id
        said = _("{basis} Esc or b leads back.").format(
            basis=_("Counted as: {basis}").format(basis=question.cost.basis))
        often = () if question.cost.kind == "both" else (("kind", question.cost.kind),)
        given = (("vendor", vendor), ("bucket", opened.bucket), ("question", id_), *often)
        gap = Gap(opened.line, "likely") if opened.line else Gap(given=given, kind=CostLine)
        self.end(lambda: open_gap(frame, gap, said, again=lambda: open_question(frame, vendor, id_)))

    # ---- writing ----

    def action_words(self) -> None:
        """Opens the vendor's words for writing."""
        if not self.closing and not self.beside:
            self.write_in("note")

    def write_in(self, field: str) -> None:
        """Opens a field of the form."""
        self.said, self.revealing, self.picking = "", False, False
        self.form.left = False
        self.form.help_line.display = True
        self.form.go_to(field)
        self.show_outcome()
        self.query_one(".dialog-body", VerticalScroll).scroll_home(animate=False)

    def caught(self, key: str) -> bool:
        """Keys that are for the sheet while somebody writes: on a line, to read on; in an empty answer, to go on."""
        if self.said:
            self.said = ""
            self.call_later(self.show_outcome)
        if key == "f1":
            self.action_help()
        elif key in ("pageup", "pagedown") and self.form.editor() is self.form.line:
            self.action_scroll(1 if key == "pagedown" else -1)
        elif key in ("left", "right") and self.form.field.name == "value" and not self.form.line.value:
            self.form.leave()
            self.form.left = True
            self._rest()
            self.action_go(1 if key == "right" else -1)
        else:
            return False
        return True

    @on(RecordForm.Left)
    def _left(self, message: RecordForm.Left) -> None:
        message.stop()
        if self.writing:  # in the next one already
            return
        self._rest()
        self.revealing = True
        self.show()
        self.call_after_refresh(self.reveal)

    async def _on_key(self, event: events.Key) -> None:
        """Every key at once and in order, however fast they come: the next one may be for another question, or for the form."""
        event.prevent_default()
        if await self.passed_on(event, self):
            return
        if self.writing:
            await self.form.hand.feed(event)
        else:
            said, sure = self.said, self.sure
            self.said, action = "", self.ACTIONS.get(event.key)
            self.sure = sure and action == "undo"
            digit = (event.character or "").isdecimal() and not self.closing and not self.beside
            if self.grading and not digit and action != "evidence":
                self.grading = False
                self.show()
                if event.key in ("enter", "escape"):  # that was its end
                    event.stop()
                    return
            if action is not None:
                event.stop()
                await self.run_action(action)
            elif digit:
                event.stop()
                await self._digit(event)
            self.sure = self.sure and bool(self.said)
            if said and not self.said and not self.over:
                self.show_outcome()
        await self.pass_on(self)

    async def _digit(self, event: events.Key) -> None:
        """Chooses an answer, or begins a number."""
        choices, place = replies.options(self.item.question), int(event.character or "0")
        levels = asking.levels(self.view)
        if self.grading:
            if 0 < place <= len(levels):
                self._grade(levels[place - 1])
            else:
                self.say(_("Say how sure you are with a number from 1 to {n}. Enter ends that.").format(n=len(levels)))
        elif not choices and self.answer.value and self.item.question.answer_type != "number":
            self.say(_("There is an answer already. Enter opens it for writing."))
        elif not choices:
            self.write_in("value")
            if self.item.question.answer_type == "number":
                self.form.line.action_select_all()
            await self.form.hand.feed(event)
        elif 0 < place <= len(choices):
            self.choose(choices[place - 1][0])
        else:
            self.say(_("Choose a number from 1 to {n}.").format(n=len(choices)))

    def action_everything(self) -> None:
        """Finds a board, a list or a record, and leads there."""
        from crm_workbook.screens.find import everything

        self.end(lambda: everything(self.frame))

    def action_help(self) -> None:
        from crm_workbook.screens.vendors.asking_help import QuestionHelp

        self.app.push_screen(QuestionHelp(self.KEYS))


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
