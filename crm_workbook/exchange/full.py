"""The full export: everything in a workbook as one TOML text that people can read, compare, mail and import again.

The order is fixed (kinds as in `records.KINDS`, then numbers) and nothing in it depends on the day of the export, so that
equal workbooks give equal texts, byte for byte. Values are written by tomli_w; comments come from the declarations and the
catalogue, never from what somebody typed.
"""
from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from typing import Any, cast

import tomli_w

from crm_workbook.catalogue import Catalogue
from crm_workbook.exchange.changes import changes, described, missing
from crm_workbook.exchange.reading import LAST_ENTRY, SCHEMA_VERSION, ImportErrors, Problem, decoded, read_full
from crm_workbook.i18n import N_, _
from crm_workbook.records import BY_TABLE, KINDS, Field, FieldType, Record
from crm_workbook.records.book import Book
from crm_workbook.records.text import one_line, visible
from crm_workbook.records.values import CENT, EXPECTED

WIDTH = 100
"""Characters in the longest line of a comment."""

_QUESTIONS = {"answer": ("question", "question"), "survey_answer": ("question", "survey_question")}
_HEADER = N_(
    "A CRM workbook, complete. It can be read, compared, mailed, and imported again:\n"
    "\n"
    "    crm-workbook new NEW-WORKBOOK\n"
    "    crm-workbook import NEW-WORKBOOK THIS-FILE --dry-run     shows what would change\n"
    "    crm-workbook import NEW-WORKBOOK THIS-FILE\n"
    "\n"
    "Each section is one record, named by its kind and its code: [company_goal.G1]. What is not written down is "
    "not known. Records may be added, changed and left out; numbers of codes are never used twice.")


def write_full(book: Book, catalogue: Catalogue | None = None) -> str:
    """Everything in the book as TOML. With a catalogue, answers carry the text of their question as a comment."""
    return "".join(full_chunks(book, catalogue))


def full_chunks(book: Book, catalogue: Catalogue | None = None) -> Iterator[str]:
    """The same, piece by piece."""
    yield comment(_(_HEADER)) + f"\nschema_version = {SCHEMA_VERSION}\n"
    if book.changed is not None:
        yield f"{LAST_ENTRY} = {book.changed:%Y-%m-%d}\n"
    for kind in KINDS:
        table = book.table(kind)
        if not table:
            continue
        yield about(kind)
        values, questions = _writer(kind), _questions(kind, catalogue)
        declared, position = kind.declared, 0
        if questions is not None:
            position = declared.fields[_QUESTIONS[declared.table][0]].index
        for number, row in table.items():
            text = "" if questions is None else questions.get(row[position], "")
            yield f"\n{text}[{declared.table}.{declared.prefix}{number}]\n"
            yield tomli_w.dumps(values(row))


def comment(text: str) -> str:
    """The text as comment lines, wrapped; lines that begin with a space are left as they are."""
    lines: list[str] = []
    for line in visible(text).split("\n"):
        lines += [line] if line.startswith(" ") else textwrap.wrap(
            line, WIDTH - 2, break_long_words=False, break_on_hyphens=False) or [""]
    return "".join(f"# {line}".rstrip() + "\n" for line in lines)


def about(kind: type[Record]) -> str:
    """What stands above the first record of a kind: its title, and what each of its fields holds."""
    declared = kind.declared
    head = _(declared.title) + (f"\n{_(declared.about)}" if declared.about else "")
    lines = ["", "# " + "-" * (WIDTH - 2), comment(head) + "#"]
    width = max(map(len, declared.fields)) + 2
    for name, field in declared.fields.items():
        text = f"{_(field.title)} ({_expected(field)})" + (f". {_(field.help)}" if field.help else "")
        lines += textwrap.wrap(one_line(visible(text)), WIDTH, initial_indent=f"#   {name:<{width}}",
                               subsequent_indent="#   " + " " * width, break_long_words=False, break_on_hyphens=False)
    return "\n".join(lines) + "\n"


def _expected(field: Field) -> str:
    """What a field takes, in a few words."""
    if field.options:
        return ", ".join(field.options)
    if field.type in (FieldType.LINK, FieldType.LINKS):
        prefix = BY_TABLE[field.of].declared.prefix
        text = _("a code such as {prefix}1") if field.type is FieldType.LINK else _('codes such as ["{prefix}1", "{prefix}2"]')
        return text.format(prefix=prefix)
    if field.type in (FieldType.KNOWN, FieldType.KNOWNS):
        return _("id from the catalogue") if field.type is FieldType.KNOWN else _("ids from the catalogue")
    return _(EXPECTED[field.type]) + (f", {_(field.unit)}" if field.unit else "")


def _writer(kind: type[Record]) -> Callable[[Record], dict[str, Any]]:
    """A function from a record to what is written of it: the fields that hold something, in the order declared."""
    slots = [(name, field.index, field.empty) for name, field in kind.declared.fields.items()]
    exact = {name: _exact[field.type] for name, field in kind.declared.fields.items() if field.type in _exact}

    def values(row: Record) -> dict[str, Any]:
        found = {name: row[index] for name, index, empty in slots if row[index] != empty}
        for name, convert in exact.items():
            if name in found:
                found[name] = convert(found[name])
        return found

    return values


_exact: dict[FieldType, Callable[[Any], Any]] = {
    FieldType.NUMBER: float,  # 5 and 5.0 are the same quantity and must be the same text
    FieldType.MONEY: lambda amount: amount.quantize(CENT)}


def _questions(kind: type[Record], catalogue: Catalogue | None) -> dict[str, str] | None:
    """Id -> comment with the text of the question, for the kinds that answer questions of the catalogue."""
    known = _QUESTIONS.get(kind.declared.table)
    if known is None or catalogue is None:
        return None
    return {id_: comment(one_line(visible(text))) for id_, text in cast("dict[str, str]", catalogue.titles(known[1])).items()}


__all__ = ["SCHEMA_VERSION", "ImportErrors", "Problem", "about", "changes", "comment", "decoded", "described", "full_chunks",
           "missing", "read_full", "write_full"]
