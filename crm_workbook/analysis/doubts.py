"""Suspect links: a record was linked with another, and what the other one says has changed since.

The journal decides, by the numbers of its entries: what stood in a field when the link was made, or when somebody last
confirmed it (`LinkCheck`), against what stands there now. A field that was empty then has not changed, it was filled in;
and what was changed back is as it was. (After Doorstop, which compares fingerprints of the fields that bear the meaning.)
"""
from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from crm_workbook.i18n import _
from crm_workbook.records import MANY_IDS, Record, Value
from crm_workbook.records.adoption import MetricValue
from crm_workbook.records.book import Book
from crm_workbook.records.goals import CompanyGoal, CrmGoal
from crm_workbook.records.phases import AcceptanceTest, Phase, PhaseFunction
from crm_workbook.records.processes import Process
from crm_workbook.records.radar import LinkCheck
from crm_workbook.records.requirements import Requirement
from crm_workbook.records.text import one_line
from crm_workbook.records.vendors import Fit

MEANING: Mapping[type[Record], tuple[str, ...]] = {
    CompanyGoal: ("title",), CrmGoal: ("title", "behaviour", "indicator"), Process: ("name", "result"),
    Requirement: ("title", "why")}
"""The fields that say what a record means; all of them are texts."""
LINKS: tuple[tuple[type[Record], str], ...] = (
    (CrmGoal, "company_goals"), (Requirement, "goals"), (Requirement, "processes"), (Phase, "goals"), (PhaseFunction, "goals"),
    (Fit, "requirement"), (AcceptanceTest, "requirement"), (MetricValue, "goal"))
"""The links that rest on what the linked record means."""
_TEXTS = frozenset(name for names in MEANING.values() for name in names)
_POINTERS = frozenset(name for _kind, name in LINKS)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Does `source` still fit `target`? Its `field` said `old` when the two were linked, or last looked at."""

    source: str
    target: str
    field: str
    old: str

    @property
    def sentence(self) -> str:
        """What to look at. Translated."""
        return _("{code} has changed. Before it said: {old}").format(code=self.target, old=one_line(self.old))


Doubts = Mapping[tuple[str, str], Doubt]
"""(source, target) -> what makes the link suspect."""


Written = tuple[str, str, int, str | None, str | None]
"""Code, field, number, old and new value (JSON texts) of a journal entry."""


class Journal(Protocol):
    """What has to be known of a journal (a `store.Workbook` gives it)."""

    def spans(self, fields: Collection[str]) -> Mapping[tuple[str, str], tuple[int, int]]:
        """(code, field) -> numbers of the first and the last entry about these fields; field "": about the whole record."""

    def changes(self, codes: Collection[str], fields: Collection[str]) -> Iterable[Written]:
        """All that was written into these fields of these records, of each field in the order of the numbers."""


def doubts(book: Book, journal: Journal) -> dict[tuple[str, str], Doubt]:
    """All suspect links of a workbook. Without a journal (an export) there are none."""
    spans = journal.spans(_TEXTS | _POINTERS | {""})
    changed = {row.code: last for kind, names in MEANING.items() for row in book.rows(kind)
               if (last := max(spans.get((row.code, name), (0, 0))[1] for name in names))}
    checked = dict[tuple[str, str], int]()
    for check in book.rows(LinkCheck) if changed else ():
        pair = check.source, check.target
        checked[pair] = max(checked.get(pair, 0), spans.get((check.code, ""), (0, 0))[0])
    open_ = {(source, name, target): since for source, name, target in _links(book, changed)
             if changed[target] > (since := max(spans.get((source, ""), (0, 0))[0], checked.get((source, target), 0)))}
    if not open_:
        return {}
    linked = {source for source, name, _target in open_ if (source, name) in spans}
    texts = _by_code(journal.changes({target for _source, _name, target in open_}, _TEXTS))
    links = _by_code(journal.changes(linked, _POINTERS))
    found = dict[tuple[str, str], Doubt]()
    for (source, name, target), since in open_.items():
        since = max(since, _linked(links.get(source, ()), name, target))
        doubt = _changed(book, source, target, since, texts.get(target, ()))
        if doubt is not None:
            found[source, target] = doubt
    return found


def _links(book: Book, targets: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """(source, field, target) of every link to one of these records."""
    for kind, name in LINKS:
        index, many = kind.declared.fields[name].index, kind.declared.fields[name].type in MANY_IDS
        for row in book.rows(kind) if targets else ():
            for target in row[index] if many else (row[index],):
                if target in targets:
                    yield row.code, name, target


def _by_code(found: Iterable[Written]) -> Mapping[str, Sequence[Written]]:
    by_code = dict[str, list[Written]]()
    for written in found:
        by_code.setdefault(written[0], []).append(written)
    return by_code


def _linked(entries: Iterable[Written], name: str, target: str) -> int:
    """The entry with which the link came, if it came after the record."""
    return max((number for _code, field, number, old, new in entries
                if field == name and target in _ids(new) and target not in _ids(old)), default=0)


def _ids(text: str | None) -> Collection[str]:
    plain = json.loads(text or '""')
    return plain if isinstance(plain, list) else (plain,)


def _changed(book: Book, source: str, target: str, since: int, entries: Iterable[Written]) -> Doubt | None:
    """What the target said otherwise after the entry `since`: the first change of a field after it knows what stood there."""
    row = book.get(target)
    before = dict[str, Value]()
    for _code, field, number, said, _new in entries:
        if row is not None and number > since and field in MEANING[type(row)] and field not in before:
            before[field] = json.loads(said or '""')
    return next((Doubt(source, target, name, str(old)) for name, old in before.items()
                 if row is not None and old and old != row.get(name)), None)
