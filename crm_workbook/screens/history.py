"""History: who changed what when, from the journal."""
from __future__ import annotations

import json
from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from crm_workbook.i18n import _
from crm_workbook.records import split_code
from crm_workbook.records.book import row_of
from crm_workbook.records.edits import Entry
from crm_workbook.records.values import from_json
from crm_workbook.screens.titles import Titles
from crm_workbook.widgets.lines import Column, LineList

MOST = 2_000
"""Entries that a history shows at most."""


def columns() -> tuple[Column, ...]:
    """When, who, what."""
    return Column(_("When"), min=16), Column(_("Who"), min=10, weight=1), Column(_("What"), min=24, weight=4)


def sentence(entry: Entry, titles: Titles) -> str:
    """What an entry says, on one line: 'G3 Goal: "old" → "new"'."""
    kind, number = split_code(entry.code)
    field = kind.declared.fields.get(entry.field)
    name = _(field.title) if field else ""
    match entry.op:
        case "create" | "delete":
            words = _("{code} was added: {name}") if entry.op == "create" else _("{code} was deleted: {name}")
            row = row_of(kind, number, json.loads(entry.new or entry.old or "{}"))
            return words.format(code=entry.code, name=titles.label(row))
        case "link" | "unlink":
            target = str(json.loads((entry.new if entry.op == "link" else entry.old) or '""'))
            words = _("{code} {field}: added {what}") if entry.op == "link" else _("{code} {field}: removed {what}")
            return words.format(code=entry.code, field=name, what=titles.title_of(target, field) if field else target)
    if field is None:
        return entry.code
    old, new = (titles.shown(field, from_json(field, text)) if text is not None else "" for text in (entry.old, entry.new))
    return f"{entry.code} {name}: {old or '-'} → {new or '-'}"


def cells(entry: Entry, titles: Titles) -> Sequence[str]:
    """The line of an entry: when, who, what."""
    return entry.at.astimezone().strftime("%Y-%m-%d %H:%M"), entry.who, sentence(entry, titles)


def show_entries(lines: LineList, entries: Sequence[Entry], titles: Titles) -> None:
    """Puts entries of the journal into a list."""
    lines.set_rows(entries, lambda entry: cells(entry, titles), key=lambda entry: str(entry.number))


class HistoryModal(ModalScreen[None]):
    """The history of one record, or of everything."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter,q,й,f3", "dismiss", show=False)]

    def __init__(self, code: str, entries: Sequence[Entry], titles: Titles) -> None:
        super().__init__()
        self.code, self.entries, self.titles = code, entries, titles

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(_("History of {record}. Esc closes it.").format(record=self.titles.named(self.code)),
                         classes="heading", markup=False)
            yield LineList(columns(), empty=_("Nothing has been written yet."))

    def on_mount(self) -> None:
        lines = self.query_one(LineList)
        show_entries(lines, self.entries, self.titles)
        lines.focus()
