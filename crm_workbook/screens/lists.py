"""How a register is shown as a list: its columns from the declaration, its filter and its order."""
from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crm_workbook.analysis.progress import CHAPTERS as WITH_STEPS
from crm_workbook.i18n import _
from crm_workbook.records import KINDS, MANY_IDS, SINGLE_IDS, TEXTUAL, Field, FieldType, Record
from crm_workbook.records.vendors import Answer
from crm_workbook.screens.boards import Board, Guide
from crm_workbook.screens.chapters import Chapter
from crm_workbook.screens.tabs import Tab
from crm_workbook.screens.titles import Titles
from crm_workbook.widgets.lines import Column

if TYPE_CHECKING:
    from crm_workbook.screens.workbook import WorkbookScreen

_WIDTHS: dict[FieldType, tuple[int, int]] = {  # least cells, share of what is left
    FieldType.LINE: (12, 3), FieldType.TEXT: (12, 3), FieldType.LINK: (9, 2), FieldType.LINKS: (8, 1),
    FieldType.KNOWN: (14, 3), FieldType.KNOWNS: (12, 2), FieldType.CHOICE: (9, 1), FieldType.DAY: (10, 0),
    FieldType.MOMENT: (16, 1)}
_NUMBERS = (FieldType.INTEGER, FieldType.NUMBER, FieldType.MONEY)

_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th"})


def registers_of(chapter: str) -> tuple[type[Record], ...]:
    """The kinds of records that belong to a chapter, in the order declared."""
    return tuple(kind for kind in KINDS if kind.declared.chapter == chapter)


def columns_of(kind: type[Record]) -> tuple[Column, ...]:
    """The code, then the declared columns."""
    declared = kind.declared
    return (Column("", min=5), *(_column(declared.fields[name], name == declared.label[0]) for name in declared.columns))


def _column(field: Field, names: bool) -> Column:
    least, weight = _WIDTHS.get(field.type, (8, 0))
    if names and weight:  # what the record is called gets the room; other columns may have to go
        least, weight = 22, 6
    return Column(_(field.short or field.title), min=least, weight=weight, align="right" if field.type in _NUMBERS else "left")


def cells(row: Record, titles: Titles) -> Sequence[str]:
    """The texts of a line: the code, then each column."""
    declared = row.declared
    return (row.code, *(titles.answer(row) if isinstance(row, Answer) and name == "value"
                        else titles.shown(declared.fields[name], row.get(name)) for name in declared.columns))


@dataclass(slots=True)
class ListState:
    """What somebody made of a list: what it is filtered by, and which declared column it is sorted by (-1: by code)."""

    filter: str = ""
    column: int = -1
    key: str = ""  # the record the cursor was on
    _searched: Sequence[Record] = ()  # the rows that _texts belongs to
    _texts: list[str] = field(default_factory=list)
    _narrowed: tuple[tuple[str, ...], list[int]] = ((), [])  # the last words looked for, and the rows found

    def sort_next(self, kind: type[Record]) -> None:
        """The next column, and the codes again behind the last one."""
        self.column = self.column + 1 if self.column + 1 < len(kind.declared.columns) else -1

    def select(self, rows: Sequence[Record], titles: Titles) -> Sequence[Record]:
        """The rows that hold every word of the filter somewhere in their columns, in the order asked for."""
        words = tuple(self.filter.casefold().split())
        if words:
            rows = [rows[index] for index in self._found(rows, words, titles)]
        if self.column < 0 or not rows:
            return rows
        field = rows[0].declared.fields[rows[0].declared.columns[self.column]]
        index = field.index

        def key(row: Record) -> Any:
            value = row[index]
            return in_alphabet(titles.shown(field, value)) if isinstance(value, (str, tuple)) else value

        filled = [row for row in rows if row[index] is not None and row[index] != field.empty]
        return [*sorted(filled, key=key), *(row for row in rows if row[index] is None or row[index] == field.empty)]

    def prepare(self, rows: Sequence[Record], titles: Titles) -> None:
        """Makes the texts that the filter looks into; done when the filter is opened, so that its keys are quick."""
        if self._searched is not rows:
            self._searched, self._texts = rows, list(map(searched_text(type(rows[0]), titles), rows)) if rows else []
            self._narrowed = ((), [])

    def _found(self, rows: Sequence[Record], words: tuple[str, ...], titles: Titles) -> list[int]:
        """The places of the rows that hold all words; a longer word is looked for among the rows found before."""
        self.prepare(rows, titles)
        before, among = self._narrowed
        texts = self._texts
        narrower = bool(before) and len(before) <= len(words) and all(
            word.startswith(old) for word, old in zip(words, before, strict=False))
        found: Sequence[int] = among if narrower else range(len(texts))
        for word in words:
            found = [index for index in found if word in texts[index]]
        self._narrowed = words, list(found)
        return self._narrowed[1]


class Shelf:
    """The views of one chapter, and where one stands in them: boards (what to do, in the chapters that have steps), then one
    list for each kind of record, then boards again (the whole history)."""

    def __init__(self, chapter: Chapter, kinds: Sequence[type[Record]], *, before: Sequence[Board] = (),
                 after: Sequence[Board] = (), home: str = "") -> None:
        """`home`: the view that the digit of the chapter leads to; without it, the one where one was last."""
        first = [*([Guide()] if chapter.id in WITH_STEPS else []), *before]
        self.chapter = chapter
        self.kinds = {kind.declared.table: kind for kind in kinds}
        self.boards = {board.id: board for board in (*first, *after)}
        self.views = (*(board.id for board in first), *self.kinds, *(board.id for board in after))
        self.view, self.home = self.views[0], home
        self.states = {table: ListState() for table in self.kinds}

    def tabs(self, screen: WorkbookScreen) -> list[Tab]:
        """The line of views: names, and how many lines there are."""
        assert screen.book is not None
        found = list[Tab]()
        for view in self.views:
            if (kind := self.kinds.get(view)) is not None:
                found.append(Tab(view, _(kind.declared.title), None if kind.declared.single else len(screen.book.table(kind))))
            else:
                found.append(Tab(view, self.boards[view].title, self.boards[view].count(screen)))
        return found


def searched_text(kind: type[Record], titles: Titles) -> Callable[[Record], str]:
    """What the filter looks into: the code and the columns, in lower case. Each id is looked up once for all rows."""
    prefix = kind.declared.prefix.casefold()
    plain, named = list[int](), list[tuple[int, Field, dict[str, str]]]()
    for name in kind.declared.columns:
        declared = kind.declared.fields[name]
        if declared.type in TEXTUAL and not issubclass(kind, Answer):
            plain.append(declared.index)
        else:
            named.append((declared.index, declared, {}))

    def text(row: Record) -> str:
        parts = [f"{prefix}{row[0]}", *(row[index] for index in plain)]
        for index, declared, seen in named:
            value = row[index]
            if value is None or value == "" or value == ():
                continue
            if declared.type in SINGLE_IDS | MANY_IDS:
                shown = seen.get(value)
                if shown is None:
                    shown = seen[value] = titles.shown(declared, value)
                parts.append(shown)
            elif isinstance(row, Answer):
                parts.append(titles.answer(row))
            else:
                parts.append(titles.shown(declared, value))
        return " ".join(parts).casefold()

    return text


def in_alphabet(text: str) -> str:
    """By what a text is sorted: letters with marks stand beside those without (Łukasz among the L)."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(char for char in plain if not unicodedata.combining(char))
