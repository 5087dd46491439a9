"""How one goes from question to question and from vendor to vendor, and what happens when others write meanwhile."""
from __future__ import annotations

from functools import partial

from textual.containers import VerticalScroll
from textual.widgets import TextArea

from crm_workbook.analysis import interview, scoring
from crm_workbook.analysis.interview import FIRST
from crm_workbook.i18n import _
from crm_workbook.records.minutes import Unfinished
from crm_workbook.records.vendors import Answer, Vendor
from crm_workbook.screens.vendors.asking_form import AnswerForm, AnswerPen, NumberSlip, Slip, slip_kind, slip_of, unreadable
from crm_workbook.screens.vendors.asking_paper import QuestionPaper
from crm_workbook.widgets.drafts import Drafts
from crm_workbook.widgets.pick import PickModal

FEW_VENDORS = 4
"""So many are gone through one by one; more are chosen from a list."""


class QuestionWalk(QuestionPaper):
    """Leads from one question to the next, and keeps what was noted to each."""

    def make_pen(self) -> AnswerPen:
        """For the answer that is shown: the stored one, or a new one."""
        session = self.frame.session
        assert session is not None
        ref = self.stored.code if self.stored is not None else session.draft(
            Answer, vendor=self.vendor, question=self.question, asked_on=self.frame.today())
        return AnswerPen(session, ref, lambda: self.stored or Answer(), self.typed, self.loose,
                         partial(self.settled, (self.vendor, self.question)))

    def _kept(self) -> list[Unfinished]:
        """What this person wrote in the answer that could not be stored."""
        assert self.frame.book is not None
        code = self.stored.code if self.stored is not None else ""
        return [row for row in self.frame.book.where(Unfinished, "record", code) if code and row.who == self.frame.who]

    # ---- going about ----

    def load(self, vendor: str, question: str, *, write: bool = True) -> None:
        """Shows another question, or the same one of another vendor. One whose answer is typed and not there yet is open for
        writing, unless `write` is False."""
        self._remember()
        self.vendor, self.question, self.closing, self.revealing, self.picking = vendor, question, False, False, False
        self.grading = False
        item = self.item
        self.question, self.stored = item.question.id, item.answer
        base = self.stored or Answer(vendor=vendor, question=self.question)
        here = vendor, self.question
        pen, row = self.under_way.pop(here) if here in self.under_way else (self.make_pen(), base)
        kind = slip_kind(item.question)
        self.keyed, self._raised, self.collision = Drafts(base, {}), set(), ""
        for name in (name for name in base.declared.fields if row.get(name) != base.get(name)):
            self.keyed.typed(name, row.get(name))
        self.titles_of_form.ask(item.question)
        kept = {found.field: found.text for found in self._kept()} if self.stored is not None else {}
        self.form.load(kind, slip_of(kind, row), pen=pen, unfinished={**unreadable(kind, item.question, row), **kept})
        self.query_one(".dialog-body", VerticalScroll).scroll_home(animate=False)
        self.show()
        if not self.lines.go_to(row.value):
            self.lines.action_first()
        self._rest()
        if write and not self.beside and kind is not Slip and not row.value and row.state in ("", "later") and (
                item.state != "skipped"):
            self.write_in("value")
        if self._moved_to is not None:
            self._moved_to(self.vendor, self.question)

    def _remember(self) -> None:
        """Keeps what was noted and has not come back from the store yet: one may return before it has."""
        row, pen = self.answer, self.form.pen
        before = self.stored or Answer(vendor=self.vendor, question=self.question)
        if isinstance(pen, AnswerPen) and row.values() != before.values():
            self.under_way[self.vendor, self.question] = pen, row

    def _rest(self) -> None:
        """The keys are for the sheet again."""
        self.form.help_line.display = False
        self.set_focus(None)

    def action_go(self, by: int) -> None:
        """To the question before or behind; those that are not for this vendor are passed over."""
        items, here = self.items, self.item
        place = items.index(here)
        step = [item for item in (items[place + 1:] if by > 0 else items[:place][::-1]) if item.state != "skipped"]
        if self.closing and by < 0:
            self.load(self.vendor, self.question)
        elif by > 0 and here.group == FIRST and not self.closing and (not step or step[0].group != FIRST):
            self.closing = True
            self.show()
        elif step:
            self.said = ""
            self.load(self.vendor, step[0].question.id)
        else:
            self.say(_("This is the last question.") if by > 0 else _("This is the first question."))

    def action_next_open(self) -> None:
        """To the next question that is open, from the first one again behind the last."""
        items = self.items
        place = items.index(self.item)
        found = next((item for item in (*items[place + 1:], *items[:place + 1]) if not item.settled), None)
        if found is None:
            self.say(_("No question is open with this vendor."))
        else:
            self.said = ""
            self.load(self.vendor, found.question.id)

    def action_all(self) -> None:
        """All vendors side by side for this question, and back."""
        self.beside = not self.beside
        here = self.vendor if self.beside else self.answer.value
        self.show()
        self.lines.go_to(here)
        self._rest()

    def action_move(self, by: int) -> None:
        """To another answer; reads on where there is none to choose from."""
        if self.lines.display:
            self.lines.action_move(by)
            self.picking, self.said = True, ""
            self.show_outcome()
        else:
            self.query_one(".dialog-body", VerticalScroll).scroll_relative(y=by, animate=False)

    def action_scroll(self, by: int) -> None:
        """Reads on."""
        body = self.query_one(".dialog-body", VerticalScroll)
        body.scroll_page_down(animate=False) if by > 0 else body.scroll_page_up(animate=False)

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
            if self.form.kind is NumberSlip and not (self.writing or "value" in self.form.drafts.conflicts or self._kept()):
                self.form.loose(unreadable(NumberSlip, self.item.question, row).get("value", ""))
        elif row is None and self.stored is not None:
            self._lost(self.stored)
        self._meet()

    def _lost(self, gone: Answer) -> None:
        """The answer is no more. Whoever writes in it goes on writing: no letter becomes a key. Deleted by somebody else, the
        text stays and becomes a new answer; one's own undo takes it away."""
        field, editor = self.form.field.name if self.writing else "", self.form.editor()
        text = (editor.text if isinstance(editor, TextArea) else editor.value) if editor is not None else ""
        who = self.frame.deleted.get(gone.code) or _("Somebody")
        self.keyed, self.stored = Drafts(Answer(vendor=self.vendor, question=self.question), {}), None
        self.form.drafts = Drafts(self.form.kind(), {})  # nothing of it is under way
        self.load(self.vendor, self.question, write=False)
        if field:
            self.write_in(field)
        editor = self.form.editor()
        if not field or editor is None or not text or who == self.frame.who:
            self.say(_("This answer was deleted or taken back."))
            return
        editor.load(text)
        self.form.hand.edited(text)
        self.say(_("{who} has deleted this answer meanwhile. What you write here becomes a new one; Esc leaves it.").format(
            who=who))

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

    # ---- noting, by `QuestionSheet` ----

    def typed(self, text: str) -> None:
        """The answer itself was typed."""
        raise NotImplementedError

    def loose(self, text: str) -> str | None:
        """What was typed as the answer is no number."""
        raise NotImplementedError

    def settled(self, place: tuple[str, str]) -> None:
        """One thing was noted to this vendor and question."""
        raise NotImplementedError

    def write_in(self, field: str) -> None:
        """Opens a field for writing."""
        raise NotImplementedError
