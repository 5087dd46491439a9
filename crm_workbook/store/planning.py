"""What edits come to: checked against the Book as it is inside the write transaction, before anything is written.

Pure: no database, no clock. The result is a list of journal lines and the rows they lead to, or the reasons why not.
"""
from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, cast

from crm_workbook.records import BY_TABLE, KINDS, Field, FieldType, Record, Value, split_code
from crm_workbook.records.book import Book
from crm_workbook.records.declare import MANY_IDS
from crm_workbook.records.edits import Change, Conflict, Create, Delete, Edit, Entry, Link, Operation, Refused, Unlink
from crm_workbook.records.values import Invalid, check, in_order, to_json

Youngest = Callable[[str, str], Entry | None]
"""The last journal entry about a field of a record, its creation and deletion included; '' for any field."""
_KINDS = frozenset(KINDS)


class Line(NamedTuple):
    """A journal entry to be. `replaces` is the number of the entry of the same visit whose place it takes, or 0."""

    op: Operation
    code: str
    field: str = ""
    old: str | None = None
    new: str | None = None
    replaces: int = 0


@dataclass
class Plan:
    """`rows`: what each touched record becomes (None: deleted). `counters`: last number of each table that gave one."""

    lines: list[Line] = field(default_factory=list)
    rows: dict[type[Record], dict[int, Record | None]] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)


class Planner:
    """Takes edits one by one; `finish` gives the plan or raises Refused.

    `counters` holds the last number given in each table. `mine` tells an entry that may be replaced: the same person's
    same visit of a field; `own` one of this session.
    """

    def __init__(self, book: Book, counters: Callable[[], Mapping[str, int]], youngest: Youngest,
                 mine: Callable[[Entry], bool], own: Callable[[Entry], bool]) -> None:
        self._book, self._read_counters, self._youngest, self._mine, self._own = book, counters, youngest, mine, own
        self._counters: dict[str, int] | None = None
        self._plan = Plan()
        self._problems: list[str] = []
        self._conflicts: list[Conflict] = []
        self._changed: set[tuple[str, str]] = set()  # by this very plan: nothing of that may be replaced

    def take(self, edits: Iterable[Edit]) -> None:
        """Plans every edit, in order; later ones see what earlier ones did."""
        several = len(edits := tuple(edits)) > 1
        for edit in edits:
            try:
                self._take(edit)
            except Invalid as error:
                name = edit.code if not isinstance(edit, Create) else _named(edit)
                self._problems.append(f"{name}: {error}" if several else str(error))

    def finish(self) -> Plan:
        """The plan, after every link was looked up; Refused when anything is wrong."""
        for kind, rows in self._plan.rows.items():
            for number, row in rows.items():
                if row is not None:
                    self._check_links(row, self._book.table(kind).get(number))
        if self._problems or self._conflicts:
            raise Refused(tuple(self._problems), tuple(self._conflicts))
        return self._plan

    # ---- one edit ----

    def _take(self, edit: Edit) -> None:
        if isinstance(edit, Create):
            return self._create(edit)
        try:
            kind, number = split_code(edit.code)
        except ValueError as error:
            raise Invalid(f"{error}.") from error
        row = self._row(kind, number)
        if row is None:
            return self._missing(edit)
        if isinstance(edit, Delete):
            return self._delete(row)
        declared = kind.declared.fields.get(edit.field)
        if declared is None:
            raise Invalid(f"A {kind.declared.one} has no field {edit.field!r:.60}.")
        if isinstance(edit, Change):
            return self._change(edit, row, declared)
        if declared.type not in MANY_IDS:
            raise Invalid(f"{declared.title}: holds one value; links are added to a field of several.")
        held = cast("tuple[str, ...]", row.get(edit.field))
        if isinstance(edit, Link):
            target = cast("tuple[str, ...]", check(declared, (edit.target,)))[0]
            if target not in held:
                self._put(row.with_value(edit.field, in_order((*held, target))))
                self._write(Line("link", row.code, edit.field, new=to_json(target)))
        elif edit.target in held:
            self._unlink(row, declared, edit.target)

    def _create(self, edit: Create) -> None:
        kind, declared = edit.kind, edit.kind.declared
        if kind not in _KINDS:
            raise Invalid(f"{declared.title} are not kept in a workbook.")
        if unknown := [name for name in edit.values if name not in declared.fields]:
            raise Invalid(f"A {declared.one} has no field {unknown[0]!r:.60}.")
        if not edit.number and (twin := self._twin(edit)) is not None:
            return self._go_on(twin, edit)
        number = edit.number or (1 if declared.single else self._last(declared.table) + 1)
        if number < 1 or (declared.single and number != 1):
            raise Invalid(f"{declared.prefix}{number} cannot be the code of {declared.one}.")
        if self._row(kind, number) is not None:
            raise Invalid(f"{declared.prefix}{number} is there already.")
        row = kind(number=number, **{name: check(declared.fields[name], value) for name, value in edit.values.items()})
        self._plan.counters[declared.table] = max(number, self._last(declared.table))
        self._put(row)
        self._write(Line("create", row.code, new=_object(row)))

    def _twin(self, edit: Create) -> Record | None:
        """The record that the new one would repeat, as things stand in this plan."""
        names, touched = edit.kind.declared.unique, self._plan.rows.get(edit.kind, {})
        if names and all(edit.values.get(name) for name in names):
            for row in touched.values():
                if row is not None and all(row.get(name) == edit.values[name] for name in names):
                    return row
        twin = self._book.twin(edit.kind, edit.values)
        return twin if twin is not None and twin.number not in touched else None

    def _go_on(self, twin: Record, edit: Create) -> None:
        """A second record of the same (two people answer one question at the same moment): its values go into the first
        one. What somebody else wrote there is a conflict."""
        for name, value in edit.values.items():
            row, declared = self._row(type(twin), twin.number), edit.kind.declared.fields[name]
            assert row is not None
            last = self._youngest(twin.code, name)
            seen = row.get(name) if last is not None and self._own(last) else declared.empty
            if check(declared, value) != declared.empty:
                self._change(Change(twin.code, name, seen, value), row, declared)

    def _change(self, edit: Change, row: Record, declared: Field) -> None:
        new, stored = check(declared, edit.new), row.get(edit.field)
        if stored == new:
            return
        try:
            seen = check(declared, edit.old)
        except Invalid:
            seen = edit.old
        if stored != seen:
            last = self._youngest(edit.code, edit.field)
            self._conflicts.append(Conflict(edit, stored, last.who if last else "", last.at if last else None))
            return
        self._put(row.with_value(edit.field, new))
        self._write_change(row.code, edit.field, stored, new)

    def _write_change(self, code: str, name: str, old: Value, new: Value) -> None:
        last = None if (code, name) in self._changed else self._youngest(code, name)
        if last is not None and last.op == "change" and self._mine(last):
            self._write(Line("change", code, name, last.old, to_json(new), last.number))
        else:
            self._write(Line("change", code, name, to_json(old), to_json(new)))

    def _unlink(self, row: Record, declared: Field, target: str) -> None:
        held = cast("tuple[str, ...]", row.get(declared.name))
        self._put(row.with_value(declared.name, tuple(code for code in held if code != target)))
        self._write(Line("unlink", row.code, declared.name, old=to_json(target)))

    def _missing(self, edit: Change | Link | Unlink | Delete) -> None:
        """An edit of a record that is not there: deleted by now, or never there at all."""
        last = self._youngest(edit.code, "")
        gone_here = any(line.op == "delete" and line.code == edit.code for line in self._plan.lines)
        if gone_here or (last is not None and last.op == "delete"):
            if not isinstance(edit, Delete):  # deleting what was deleted already is what was wanted
                who, at = (last.who, last.at) if last is not None else ("", None)
                self._conflicts.append(Conflict(edit, None, who, at, gone=True))
            return
        raise Invalid(f"There is no {edit.code}.")

    # ---- deleting, with all that belongs to it ----

    def _delete(self, row: Record) -> None:
        doomed: dict[str, Record] = {}
        self._collect(row, doomed)
        for code in reversed(doomed):
            for referrer, declared in self._referrers(code):
                now = self._row(type(referrer), referrer.number)  # two of its fields may point at the same record
                if now is None or now.code in doomed:
                    continue
                if declared.type is FieldType.LINKS:
                    self._unlink(now, declared, code)
                else:
                    self._put(now.with_value(declared.name, ""))
                    self._write(Line("change", now.code, declared.name, to_json(code), to_json("")))
        for code, gone in reversed(doomed.items()):  # what belongs to it first: undo brings the owner back first
            self._plan.rows.setdefault(type(gone), {})[gone.number] = None
            self._write(Line("delete", code, old=_object(gone)))

    def _collect(self, row: Record, doomed: dict[str, Record]) -> None:
        waiting = [row]
        while waiting:
            row = waiting.pop()
            if row.code not in doomed:
                doomed[row.code] = row
                waiting += [referrer for referrer, declared in self._referrers(row.code) if declared.owner]

    def _referrers(self, code: str) -> list[tuple[Record, Field]]:
        """Every record and field that points at `code`, as things stand in this plan."""
        table, found = split_code(code)[0].declared.table, []
        for kind in KINDS:
            for declared in kind.declared.link_fields():
                if declared.of == table:
                    found += [(row, declared) for row in self._candidates(kind, declared, code)
                              if code in _targets(declared, row)]
        return found

    def _candidates(self, kind: type[Record], declared: Field, code: str) -> Iterator[Record]:
        touched = self._plan.rows.get(kind, {})
        for row in self._book.where(kind, declared.name, code):
            if row.number not in touched:
                yield row
        yield from [row for row in touched.values() if row is not None]

    # ---- what is where ----

    def _row(self, kind: type[Record], number: int) -> Record | None:
        touched = self._plan.rows.get(kind)
        if touched is not None and number in touched:
            return touched[number]
        return self._book.table(kind).get(number)

    def _put(self, row: Record) -> None:
        self._plan.rows.setdefault(type(row), {})[row.number] = row

    def _write(self, line: Line) -> None:
        self._changed.add((line.code, line.field))
        self._plan.lines.append(line)

    def _last(self, table: str) -> int:
        if self._counters is None:
            self._counters = dict(self._read_counters())
        return self._plan.counters.get(table, self._counters.get(table, 0))

    def _check_links(self, row: Record, before: Record | None) -> None:
        for declared in row.declared.link_fields():
            if before is not None and before.get(declared.name) == row.get(declared.name):
                continue
            kind = BY_TABLE[declared.of]
            for code in _targets(declared, row):
                if self._row(kind, split_code(code)[1]) is None:
                    self._problems.append(f"{row.code}, {declared.title}: there is no {code}.")


def _targets(declared: Field, row: Record) -> tuple[str, ...]:
    value = row.get(declared.name)
    if declared.type is FieldType.LINKS:
        return cast("tuple[str, ...]", value)
    return (cast(str, value),) if value else ()


def _named(edit: Create) -> str:
    prefix = edit.kind.declared.prefix
    return f"{prefix}{edit.number}" if edit.number else f"New {edit.kind.declared.one}"


def _object(row: Record) -> str:
    """All fields that hold something, as the journal keeps a whole record."""
    return json.dumps(row.values(), ensure_ascii=False, default=_plain)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
