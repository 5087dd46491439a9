"""What taking over a file would do to a workbook: as edits for the store, and as sentences for people."""
from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache

from crm_workbook.i18n import _
from crm_workbook.records import KINDS, Field, FieldType, Record, Value, split_code
from crm_workbook.records.book import Book
from crm_workbook.records.edits import Change, Create, Delete, Edit, Link, Unlink
from crm_workbook.records.minutes import Unfinished
from crm_workbook.records.text import one_line, visible
from crm_workbook.records.vendors import Answer


def changes(old: Book, new: Book, *, delete_missing: bool = False) -> list[Edit]:
    """The edits that bring everything in `new` into a workbook that holds `old`; none when nothing differs.

    Records keep their codes. Records of `old` that are not in `new` are left alone (`missing` names them) unless
    `delete_missing`. Creates come first, changes next, deletes last, so that no link ever leads nowhere in between.
    """
    return [*_creates(old, new), *_changes(old, new), *(_deletes(old, new) if delete_missing else ())]


def missing(old: Book, new: Book) -> list[str]:
    """The codes of the records of `old` that are not in `new`."""
    return [row.code for kind in KINDS for number, row in old.table(kind).items() if number not in new.table(kind)]


def _creates(old: Book, new: Book) -> Iterator[Create]:
    for kind in KINDS:
        here = old.table(kind)
        for number, row in new.table(kind).items():
            if number not in here:
                yield Create(kind, row.values(), number)


def _changes(old: Book, new: Book) -> Iterator[Change]:
    for kind in KINDS:
        here = old.table(kind)
        for number, row in new.table(kind).items():
            before = here.get(number)
            if before is None or before == row:
                continue
            for name, field in kind.declared.fields.items():
                if before[field.index] != row[field.index]:
                    yield Change(row.code, name, before[field.index], row[field.index])


def _deletes(old: Book, new: Book) -> Iterator[Delete]:
    """Deletes of what belongs to no other deleted record; the rest goes with its owner."""
    gone = set(missing(old, new))
    for code in sorted(gone, key=lambda code: (KINDS.index(split_code(code)[0]), split_code(code)[1])):
        row = old.get(code)
        if row is not None and not any(row[field.index] in gone for field in row.declared.link_fields() if field.owner):
            yield Delete(code)


# ---- in words ----

def described(edits: Iterable[Edit], book: Book) -> Iterator[str]:
    """One sentence for each edit; `book` is the workbook before them."""
    for edit in edits:
        yield sentence(edit, book)


def sentence(edit: Edit, book: Book) -> str:
    """What an edit does: `G3: Goal: "old" -> "new"`."""
    if isinstance(edit, Create):
        declared = edit.kind.declared
        row = edit.kind(number=edit.number, **edit.values)
        return _("{code}: new: {one}{name}").format(code=row.code, one=_(declared.one), name=name_of(row))
    if isinstance(edit, Delete):
        row_ = book.get(edit.code)
        one = _(split_code(edit.code)[0].declared.one)
        return _("{code}: {one}{name} is deleted, with all that belongs to it").format(
            code=edit.code, one=one, name=name_of(row_) if row_ else "")
    field = split_code(edit.code)[0].declared.fields[edit.field]
    if isinstance(edit, Change):
        old, new = (in_words(field, _answered(edit, value, book)) for value in (edit.old, edit.new))
        return f"{edit.code}: {_(field.title)}: {old} -> {new}"
    words = {Link: _("{code}: {title}: {target} is added"), Unlink: _("{code}: {title}: {target} is taken out")}
    return words[type(edit)].format(code=edit.code, title=_(field.title), target=target_in_words(field, edit.target))


def in_words(field: Field, value: Value, most: int = 72) -> str:
    """A value as one short printable piece of a sentence: texts in quotation marks, choices and entries of the catalogue by
    their label, records by their code."""
    if value is None or (value == field.empty and field.type is not FieldType.TICK):
        return _("nothing")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, tuple):
        return _short(", ".join(target_in_words(field, item) for item in value), most)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M UTC")
    if field.type in (FieldType.LINE, FieldType.TEXT):
        return json.dumps(_short(str(value), most), ensure_ascii=False)
    if field.options and isinstance(value, str):
        return _(field.options.get(value, value))
    return target_in_words(field, str(value), most)


def target_in_words(field: Field, id_: str, most: int = 72) -> str:
    """One id that stands in a field: the title of an entry of the catalogue in quotation marks, or the code of a record."""
    if field.type not in (FieldType.KNOWN, FieldType.KNOWNS):
        return _short(id_, most)
    title = _titles(field.of).get(id_)
    return _short(id_, most) if title is None else json.dumps(_short(title, most), ensure_ascii=False)


def name_of(row: Record) -> str:
    """What a record is called, with a blank in front; empty when it has no name yet."""
    if isinstance(row, Unfinished):  # holds the names that the program uses
        return f" {_short(row.record, 20)}, {_title_of(row)}"
    declared = row.declared
    words = [in_words(declared.fields[name], row.get(name)) for name in declared.label
             if row.get(name) != declared.fields[name].empty]
    return " " + ", ".join(words) if words else ""


def _title_of(row: Unfinished) -> str:
    """The title of the field that an unfinished entry belongs to."""
    try:
        return _(split_code(row.record)[0].declared.fields[row.field].title)
    except (ValueError, KeyError):
        return _short(row.field, 40)


def _answered(edit: Change, value: Value, book: Book) -> Value:
    """The label instead of the id where a question is answered by choosing."""
    row = book.find(Answer, edit.code)
    if row is None or edit.field != "value" or not row.question:
        return value
    from crm_workbook.catalogue import load

    question = load().questions.get(row.question)
    return next((option.label for option in question.options if option.id == value), value) if question else value


@cache
def _titles(kind: str) -> Mapping[str, str]:
    from crm_workbook.catalogue import load  # read when something of it is named

    return load().titles(kind)


def _short(text: str, most: int) -> str:
    plain = one_line(visible(text))
    return plain if len(plain) <= most else plain[:most - 3] + "..."


