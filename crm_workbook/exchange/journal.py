"""The journal as people and scripts read it: one line for each change, or JSON."""
from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from crm_workbook.exchange.changes import in_words, name_of, target_in_words
from crm_workbook.i18n import _
from crm_workbook.records import split_code
from crm_workbook.records.book import row_of
from crm_workbook.records.edits import Entry
from crm_workbook.records.text import one_line, visible
from crm_workbook.records.values import from_json


def as_text(entries: Iterable[Entry]) -> Iterator[str]:
    """A line for each entry: when (local time), who, what."""
    for entry in entries:
        when = entry.at.astimezone().strftime("%Y-%m-%d %H:%M")
        yield f"{when}  {one_line(visible(entry.who)):<16}  {entry_sentence(entry)}"


def as_json(entries: Sequence[Entry]) -> str:
    """A JSON array with an object for each entry; `old` and `new` as values, times in ISO 8601."""
    rows = (json.dumps({
        "number": entry.number, "at": entry.at.isoformat(), "who": entry.who, "session": entry.session, "batch": entry.batch,
        "op": entry.op, "code": entry.code, "field": entry.field,
        "old": None if entry.old is None else json.loads(entry.old),
        "new": None if entry.new is None else json.loads(entry.new)}, ensure_ascii=False) for entry in entries)
    inner = ",\n".join(rows)
    return f"[\n{inner}\n]\n" if inner else "[]\n"


def entry_sentence(entry: Entry) -> str:
    """What an entry did, in the words of `changes.sentence`. A field that this version does not know is shown as it is."""
    kind, number = split_code(entry.code)
    one = _(kind.declared.one)
    if entry.op in ("create", "delete"):
        row = row_of(kind, number, json.loads((entry.new if entry.op == "create" else entry.old) or "{}"))
        pattern = _("{code}: new: {one}{name}") if entry.op == "create" else _("{code}: deleted: {one}{name}")
        return pattern.format(code=entry.code, one=one, name=name_of(row))
    field = kind.declared.fields.get(entry.field)
    if field is None:
        return f"{entry.code}: {entry.field}"
    title = _(field.title)
    if entry.op == "change":
        old, new = (field.empty if text is None else from_json(field, text) for text in (entry.old, entry.new))
        return f"{entry.code}: {title}: {in_words(field, old)} -> {in_words(field, new)}"
    target = target_in_words(field, str(json.loads(entry.new or entry.old or '""')))
    pattern = _("{code}: {title}: {target} added") if entry.op == "link" else _("{code}: {title}: {target} taken out")
    return pattern.format(code=entry.code, title=title, target=target)
