"""How records and catalogue entries are called on the screen."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from crm_workbook.analysis import scoring
from crm_workbook.catalogue import Catalogue
from crm_workbook.i18n import _
from crm_workbook.records import BY_TABLE, Field, FieldType, Record, Value
from crm_workbook.records.book import Book
from crm_workbook.records.text import one_line
from crm_workbook.records.values import edit_text
from crm_workbook.records.vendors import YES_PARTLY_NO, Answer


class Titles:
    """Texts for codes and ids, from one Book and the catalogue. `book` is replaced when the Book advances."""

    def __init__(self, book: Book, catalogue: Catalogue) -> None:
        self.book, self.catalogue = book, catalogue
        self._answers: dict[str, Field] = {}  # how the answer to a question is given

    def label(self, row: Record) -> str:
        """What a person calls the record, without its code: its label fields, joined."""
        declared = row.declared
        parts = (self.shown(declared.fields[name], row.get(name)) for name in declared.label)
        return ", ".join(part for part in parts if part) or _("(no name yet)")

    def named(self, code: str) -> str:
        """'G3 Answer within 4 hours'; the bare code when there is no such record."""
        row = self.book.get(code)
        return f"{code} {self.label(row)}" if row is not None else code

    def title_of(self, id_: str, field: Field) -> str:
        """The text of one id that stands in a field of choices or links."""
        if field.type is FieldType.CHOICE:
            return _((field.options or {}).get(id_, id_))
        if field.type in (FieldType.KNOWN, FieldType.KNOWNS):
            return self.known(field.of).get(id_, id_)
        return self.named(id_)

    def field(self, field: Field, row: Record) -> Field:
        """The field as it is for this record: an answer is chosen from what its question allows."""
        if not isinstance(row, Answer) or field.name != "value" or not row.question:
            return field
        if row.question not in self._answers:
            self._answers[row.question] = self._answer_field(field, row.question)
        return self._answers[row.question]

    def _answer_field(self, field: Field, id_: str) -> Field:
        question = self.catalogue.questions.get(id_)
        if question is None:
            return field
        facts = {slot: getattr(field, slot) for slot in Field.__slots__}
        facts["help"] = question.help or _("A good answer: {answer}").format(answer=question.good)
        if question.answer_type == "yes_no":
            facts |= {"type": FieldType.CHOICE, "options": YES_PARTLY_NO}
        elif question.options:
            facts |= {"type": FieldType.CHOICE, "options": {option.id: option.label for option in question.options}}
        elif question.answer_type == "number":
            facts["unit"] = question.unit
        return Field(**facts)

    def known(self, kind: str) -> Mapping[str, str]:
        """Id -> text of one kind of catalogue entries."""
        return self.catalogue.titles(kind)

    def options(self, field: Field, row: Record | None) -> Sequence[tuple[str, str]]:
        """(id, text) of everything that can be chosen in a field."""
        if field.type is FieldType.CHOICE:
            return [(id_, _(text)) for id_, text in (field.options or {}).items()]
        if field.type in (FieldType.KNOWN, FieldType.KNOWNS):
            return list(self.known(field.of).items())
        return [(other.code, self.label(other)) for other in self.book.rows(BY_TABLE[field.of])
                if row is None or other.code != row.code]

    def shown(self, field: Field, value: Value) -> str:
        """A value as one line of text for a list."""
        if value is None or (value == field.empty and field.type is not FieldType.TICK):
            return ""
        if field.type in (FieldType.LINE, FieldType.TEXT):
            return one_line(str(value))
        if isinstance(value, bool):
            return (_("yes") if value else _("no")) if field.type is FieldType.YES_NO else ("✓" if value else "")
        if isinstance(value, tuple):
            return ", ".join(value) if field.type is FieldType.LINKS else "; ".join(self.title_of(id_, field) for id_ in value)
        if isinstance(value, str):
            if field.type is FieldType.LINK:
                row = self.book.get(value)
                return f"{value} {self.label(row)}" if row is not None else value
            return self.title_of(value, field)
        if isinstance(value, (datetime, date, Decimal, int, float)):
            return edit_text(field, value)
        return str(value)

    def answer(self, row: Answer) -> str:
        """The answer to a vendor question in words: the label of the option instead of its id."""
        if scoring.unlimited(self.catalogue.questions.get(row.question), row):
            return _("no limit")
        field = self.field(row.declared.fields["value"], row)
        return self.shown(field, row.value)
