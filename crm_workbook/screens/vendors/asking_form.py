"""What is written by hand on the question sheet: the part of an answer that is typed, as a small form of its own."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from textual import events

from crm_workbook.analysis import replies
from crm_workbook.analysis.scoring import number as number_of
from crm_workbook.i18n import N_
from crm_workbook.records import Field, FieldType, Record, Value
from crm_workbook.records.declare import day, line, number, text
from crm_workbook.records.values import edit_text
from crm_workbook.records.vendors import Answer
from crm_workbook.screens.pens import SessionPen
from crm_workbook.widgets.form import RecordForm
from crm_workbook.widgets.hand import Hand

if TYPE_CHECKING:
    from crm_workbook.catalogue.rows import Question
    from crm_workbook.screens.titles import Titles
    from crm_workbook.store.session import Session

WORDS, WHERE, SINCE = N_("Vendor's words"), N_("Where it stands"), N_("Date of the evidence")
PLACES = N_("Offer page, mail, contract clause, name of the client called.")


class Slip(Record, prefix="VA", table="answer", chapter="vendors", title="Answers", one="answer"):
    """The typed part of an answer that is chosen from a list."""

    note: str = text(WORDS, N_("What was said, as it was said."))
    reference: str = line(WHERE, PLACES)
    evidence_on: date | None = day(SINCE)


class WordSlip(Record, prefix="VA", table="answer", chapter="vendors", title="Answers", one="answer"):
    """The typed part of an answer in words."""

    value: str = line("Answer")
    note: str = text(WORDS, N_("What was said, as it was said."))
    reference: str = line(WHERE, PLACES)
    evidence_on: date | None = day(SINCE)


class NumberSlip(Record, prefix="VA", table="answer", chapter="vendors", title="Answers", one="answer"):
    """The typed part of an answer that is a number."""

    value: float | None = number("Answer")
    note: str = text(WORDS, N_("What was said, as it was said."))
    reference: str = line(WHERE, PLACES)
    evidence_on: date | None = day(SINCE)


def slip_kind(question: Question) -> type[Record]:
    """What is typed of an answer to this question."""
    return Slip if replies.options(question) else NumberSlip if question.answer_type == "number" else WordSlip


def slip_of(kind: type[Record], row: Answer) -> Record:
    """The typed part of an answer."""
    values = {name: row.get(name) for name in kind.declared.fields}
    if kind is NumberSlip:
        values["value"] = number_of(as_said(row))
    return kind(number=row.number, **values)


def as_said(row: Answer) -> Answer:
    """An answer whose value counts, whatever was ticked about it."""
    return row.with_value("state", "answered")


def unreadable(kind: type[Record], question: Question, row: Answer) -> Mapping[str, str]:
    """A value that is no number, or one that cannot be, where a number is asked for: it is shown as a text to mend. What may be
    answered instead of a number is shown in words."""
    if kind is not NumberSlip or not row.value.strip() or (
            replies.readable(question, row) and number_of(as_said(row)) is not None):
        return {}
    return {"value": replies.label(question, row.value)}


class SlipTitles:
    """The titles of a form, with the field of the answer as its question has it."""

    def __init__(self, titles: Titles, question: Question) -> None:
        self._titles, self.question = titles, question
        self._fields: dict[str, Field] = {}
        self.ask(question)

    def ask(self, question: Question) -> None:
        """It is about this question from now on."""
        self.question, kind = question, slip_kind(question)
        if "value" not in kind.declared.fields:
            self._fields = {}
            return
        declared = kind.declared.fields["value"]
        facts = {slot: getattr(declared, slot) for slot in Field.__slots__}
        if declared.type is FieldType.NUMBER:
            low, high = replies.bounds(question)
            facts |= {"unit": question.unit, "low": low, "high": high}
        facts["help"] = ""
        self._fields = {"value": Field(**facts)}

    def field(self, field: Field, row: Record, /) -> Field:
        """The field as it is for this question."""
        return self._fields.get(field.name, field)

    def title_of(self, id_: str, field: Field, /) -> str:
        """The text of an id."""
        return self._titles.title_of(id_, field)

    def options(self, field: Field, row: Record | None, /) -> Sequence[tuple[str, str]]:
        """What can be chosen."""
        return self._titles.options(field, row)


class AnswerHand(Hand):
    """Asks the sheet first: there are keys that it takes also while somebody types."""

    def __init__(self, form: AnswerForm) -> None:
        super().__init__(form)
        self._answer_form = form

    async def feed(self, event: events.Key) -> None:
        form = self._answer_form
        if form.open and not form.left and form.caught(event.key):
            event.stop()
            return
        form.entered = event.key == "enter"
        await super().feed(event)


class AnswerForm(RecordForm):
    """The form on the sheet. Enter in the answer itself leads back to the keys: warnings and costs stand there."""

    def __init__(self, kind: type[Record], *, titles: SlipTitles, today: Callable[[], date], pen: AnswerPen,
                 caught: Callable[[str], bool]) -> None:
        """`caught` takes a key for the sheet, and says whether it did."""
        self._asked = titles
        super().__init__(kind, titles=titles, today=today, pen=pen)
        self.caught, self.hand = caught, AnswerHand(self)
        self.entered = False
        """Whether the last key was Enter."""

    def step(self, by: int) -> None:
        if self.field.name == "value" and self.entered:
            self.leave_form(0)
        else:
            super().step(by)

    def _problem(self, field: Field) -> str:
        """The answer itself: only while one types it. The sheet says the rest."""
        text = self.drafts.unfinished.get("value", "")
        if field.name == "value" and (not self.open or replies.means(self._asked.question, text)):
            return ""
        return super()._problem(field)

    def loose(self, text: str) -> None:
        """This stands in the field of the answer, and is no number."""
        before = self.drafts.unfinished.get("value", "")
        if text:
            self.drafts.unfinished["value"] = text
        else:
            self.drafts.unfinished.pop("value", None)
        if before != text:
            self.refill(0, notes=True)


class AnswerPen(SessionPen):
    """Writes an answer: numbers as the texts that are stored, and what was typed is noted as answered."""

    def __init__(self, session: Session, ref: str, stored: Callable[[], Answer], answered: Callable[[str], None],
                 loose: Callable[[str], str | None], settled: Callable[[], None]) -> None:
        """`answered` is told the answer that was typed, `loose` a text that is no number: it says what is stored of it, None
        for nothing. `settled`: what was noted so far is one thing for undo."""
        super().__init__(session, ref)
        self._stored, self._answered, self._loose, self._settled = stored, answered, loose, settled
        self._noting = False

    def typed(self, field: str, value: Value, seen: Value) -> None:
        """From the form: what stands in a field now."""
        self._noting = True
        if field == "value":
            text, row = self._text(value), self._stored()
            super().typed(field, text, row.value if number_of(as_said(row)) == seen else self._text(seen))
            self._answered(text)
        else:
            super().typed(field, value, seen)

    def unfinished(self, field: str, text: str) -> None:
        """From the form: a text that is no value. That of the answer is stored as it is, and is not answered."""
        kept = self._loose(text) if field == "value" and text else None
        if kept is None:
            super().unfinished(field, text)
        else:
            self.put(field, kept, self._stored().value)

    def left(self, field: str) -> None:
        super().left(field)
        if self._noting:
            self._noting = False
            self._settled()

    def put(self, field: str, value: Value, seen: Value) -> None:
        """From a key: the value as it is stored."""
        self._noting = True
        super().typed(field, value, seen)

    def _text(self, value: Value) -> str:
        return value if isinstance(value, str) else edit_text(NumberSlip.declared.fields["value"], value)
