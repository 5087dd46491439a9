"""What is written by hand on the question sheet: the part of an answer that is typed, as a small form of its own."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from crm_workbook.analysis.interview import options
from crm_workbook.analysis.scoring import number as number_of
from crm_workbook.i18n import N_, _
from crm_workbook.records import Field, FieldType, Record, Value
from crm_workbook.records.declare import day, line, number, text
from crm_workbook.records.values import edit_text
from crm_workbook.records.vendors import Answer
from crm_workbook.screens.pens import SessionPen
from crm_workbook.widgets.form import RecordForm

if TYPE_CHECKING:
    from crm_workbook.catalogue.rows import Question
    from crm_workbook.screens.titles import Titles
    from crm_workbook.store.session import Session

WORDS, WHERE, SINCE = N_("In the vendor's words"), N_("Where it stands"), N_("Date of the evidence")
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
    return Slip if options(question) else NumberSlip if question.answer_type == "number" else WordSlip


def slip_of(kind: type[Record], row: Answer) -> Record:
    """The typed part of an answer."""
    values = {name: row.get(name) for name in kind.declared.fields}
    if kind is NumberSlip:
        values["value"] = number_of(as_said(row))
    return kind(number=row.number, **values)


def as_said(row: Answer) -> Answer:
    """An answer whose value counts, whatever was ticked about it."""
    return row.with_value("state", "answered")


def unreadable(kind: type[Record], row: Answer) -> Mapping[str, str]:
    """A value that is no number although one is asked for: it is shown as a text to mend."""
    return {"value": row.value} if kind is NumberSlip and row.value.strip() and number_of(as_said(row)) is None else {}


class SlipTitles:
    """The titles of a form, with the field of the answer as its question has it."""

    def __init__(self, titles: Titles, question: Question) -> None:
        self._titles = titles
        self._fields: dict[str, Field] = {}
        self.ask(question)

    def ask(self, question: Question) -> None:
        """It is about this question from now on."""
        kind = slip_kind(question)
        if "value" not in kind.declared.fields:
            self._fields = {}
            return
        declared = kind.declared.fields["value"]
        facts = {slot: getattr(declared, slot) for slot in Field.__slots__}
        if declared.type is FieldType.NUMBER:
            ends = [end for end in (question.best, question.worst, 0.0) if end is not None]
            facts |= {"unit": question.unit, "low": min(ends), "help": _("Enter or Esc: back to the keys.")}
        else:
            facts["help"] = _("Write it as it was said: {unit}.").format(unit=question.unit) if question.unit else _(
                "Write it as it was said.")
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


class AnswerForm(RecordForm):
    """The form on the sheet. Enter and Tab in the answer itself lead back to the keys: warnings and costs stand there."""

    def step(self, by: int) -> None:
        if self.field.name == "value":
            self.leave_form(0)
        else:
            super().step(by)


class AnswerPen(SessionPen):
    """Writes an answer: numbers as the texts that are stored, and what was typed is noted as answered."""

    def __init__(self, session: Session, ref: str, stored: Callable[[], Answer], answered: Callable[[str], None]) -> None:
        super().__init__(session, ref)
        self._stored, self._answered = stored, answered

    def typed(self, field: str, value: Value, seen: Value) -> None:
        """From the form: what stands in a field now."""
        if field == "value":
            text, row = self._text(value), self._stored()
            super().typed(field, text, row.value if number_of(as_said(row)) == seen else self._text(seen))
            self._answered(text)
        else:
            super().typed(field, value, seen)

    def put(self, field: str, value: Value, seen: Value) -> None:
        """From a key: the value as it is stored."""
        super().typed(field, value, seen)

    def _text(self, value: Value) -> str:
        return value if isinstance(value, str) else edit_text(NumberSlip.declared.fields["value"], value)
