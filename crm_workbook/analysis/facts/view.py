"""How facts see the workbook, and how a change recomputes only what has looked at the changed records.

A fact is a pure function of a `View`: the records, the catalogue with its params, and a day. The View notes which tables a
function has looked at. In the next Book every table that did not change is the same object, so what a function found still
holds exactly when all tables it looked at are the same: nothing has to be declared, and nothing can be forgotten.

    @fact
    def crm_goals_unlinked(view: View) -> Figure:
        return count(view, CrmGoal, lambda goal: not goal.company_goals, field="company_goals")
"""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, tzinfo
from functools import cached_property, wraps
from typing import Any, NamedTuple, TypeVar, cast

from crm_workbook.analysis.finders import Gap
from crm_workbook.analysis.workdays import Calendar
from crm_workbook.catalogue import Catalogue
from crm_workbook.records import Record, split_code
from crm_workbook.records.book import Book
from crm_workbook.records.phases import Phase

R = TypeVar("R", bound=Record)
T = TypeVar("T")
Value = bool | int | float | None
"""Of a fact: yes or no, a number, or None: not known. Money is a float here; facts are compared, not paid."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What a fact has found: its value (None: not measured), the codes of the records it was counted from, and what to open
    to mend it (or, when it is not known, to write it down). `notes` name what is no record: an empty role, a question that
    nobody has asked."""

    value: Value
    records: tuple[str, ...] = ()
    gap: Gap | None = None
    notes: tuple[str, ...] = ()


_PHASE = "phase"
"""Among what was looked at: which phase the View is about."""
_Part = tuple[type[Record], str, str]
_Look = type[Record] | str | _Part


class _Kept(NamedTuple):
    """A result, and what was looked at for it: tables, everything (`Record`), the phase."""

    result: Any
    reads: set[_Look]


class View:
    """One Book on one day, as facts see it. `phase_code`: the phase that a gate is about; "" for the phase in work. `zone`:
    where the working day is; moments are kept in UTC."""

    def __init__(self, book: Book, catalogue: Catalogue, today: date, *, phase_code: str = "", zone: tzinfo = UTC) -> None:
        self._book, self.catalogue, self.today, self._phase_code, self.zone = book, catalogue, today, phase_code, zone
        self._kept: dict[Any, _Kept] = {}
        self._before: Mapping[Any, _Kept] = {}
        self._reading: list[set[_Look]] = []
        self._working: list[Any] = []
        self._circular: set[Any] = set()
        self._of_phases: dict[str, View] = {}
        self._main: View | None = None
        self._parts: set[_Part] = set()  # of tables, that were looked at
        self.computed = 0  # how many results were worked out anew

    def advanced(self, book: Book, today: date, *, zone: tzinfo | None = None) -> View:
        """The View of a later Book (in the same zone without one), which takes over every result that still holds."""
        zone = self.zone if zone is None else zone
        same = today == self.today and zone == self.zone
        if book is self._book and same:
            return self
        view = View(book, self.catalogue, today, phase_code=self._phase_code, zone=zone)
        if same:
            changed = self._changed_in(book)
            view._parts = self._parts
            changed |= {look for look in self._parts
                        if look[0] in changed and self._book.where(*look) != book.where(*look)}
            before = {**self._before, **self._kept} if self._before else self._kept
            view._before = {key: kept for key, kept in before.items() if changed.isdisjoint(kept.reads)}
            there = {row.code for row in book.table(Phase).values()} if self._of_phases else ()
            for code, other in self._of_phases.items():
                if code in there:
                    view._adopt(code, other.advanced(book, today, zone=zone))
        return view

    def of_phase(self, code: str) -> View:
        """The same records, with the facts "of the phase" about this phase."""
        if code == self._phase_code:
            return self
        if code not in self._of_phases:
            self._adopt(code, View(self._book, self.catalogue, self.today, phase_code=code, zone=self.zone))
        return self._of_phases[code]

    def _adopt(self, code: str, view: View) -> None:
        view._reading = self._reading  # what it looks at is looked at by whoever asks it
        view._parts = self._parts
        view._main = self
        self._of_phases[code] = view

    # ---- what there is; each of these is noted ----

    def rows(self, kind: type[R]) -> tuple[R, ...]:
        """All records of a kind."""
        self._note(kind)
        return self._book.rows(kind)

    def where(self, kind: type[R], name: str, code: str) -> tuple[R, ...]:
        """The records of a kind whose field `name` is, or contains, this id."""
        self._note(kind)
        return self._book.where(kind, name, code)

    def part(self, kind: type[R], name: str, code: str) -> tuple[R, ...]:
        """`where`, noted as a look at these records only: a change of others in their table does not matter. For a few large
        parts; each is compared again after a change of its table."""
        look = (kind, name, code)
        self._parts.add(look)
        self._note(look)
        return self._book.where(kind, name, code)

    def only(self, kind: type[R]) -> R:
        """The one record of a `single` kind; an empty one (number 0) while nothing was written."""
        self._note(kind)
        return self._book.only(kind)

    def find(self, kind: type[R], code: str) -> R | None:
        """The record with this code if it is of this kind, or None."""
        self._note(kind)
        return self._book.find(kind, code)

    def get(self, code: str) -> Record | None:
        """The record with this code, or None."""
        try:
            self._note(split_code(code)[0])
        except ValueError:
            return None
        return self._book.get(code)

    @property
    def changed(self) -> date | None:
        """The day of the last entry of all. Noted as a look at everything."""
        self._note(Record)
        return self._book.changed

    @property
    def phase_code(self) -> str:
        """The phase that a gate is about; "" for the phase in work."""
        self._note(_PHASE)
        return self._phase_code

    # ---- what is known ----

    def param(self, name: str) -> float:
        """A threshold of the catalogue, as the company has set it. KeyError when there is none."""
        return cast(float, self.catalogue.params[name].value)

    @cached_property
    def calendar(self) -> Calendar:
        """The working days."""
        return Calendar.of(day.on for day in self.catalogue.free_days.values())

    # ---- what follows ----

    def figure(self, name: str) -> Figure:
        """The figure of a fact. KeyError when there is no such fact.

        A company's own conditions can make a fact need itself. Whatever needs itself is not known, wherever one begins to ask.
        """
        from crm_workbook.analysis.facts import FACTS

        function = FACTS[name]
        if function in self._working:
            self._circular.update(self._working[self._working.index(function):])
            self._note(Record)  # what the rest will look at is not known yet: it holds for this Book only
            return Figure(None)
        return self.once(function)

    def value(self, name: str) -> Value:
        """The value of a fact."""
        return self.figure(name).value

    def once(self, function: Callable[[View], T]) -> T:
        """The result of a pure function of this View, worked out at most once for one state of what it looks at."""
        kept = self._kept.get(function)
        if kept is None:
            kept = self._before.get(function) or self._of_any_phase(function)
            if kept is None:
                self._reading.append(set())
                self._working.append(function)
                try:
                    result: Any = function(self)
                finally:
                    reads = self._reading.pop()
                    self._working.pop()
                if function in self._circular and isinstance(result, Figure):
                    result = Figure(None)
                kept = _Kept(result, reads)
                self.computed += 1
            self._kept[function] = kept
        if self._reading:
            self._reading[-1].update(kept.reads)
        return cast(T, kept.result)

    def _of_any_phase(self, function: Any) -> _Kept | None:
        """What the View without a phase has found, where that is the same for every phase."""
        kept = None if self._main is None else self._main._kept.get(function) or self._main._before.get(function)
        return None if kept is None or _PHASE in kept.reads else kept

    def _note(self, look: _Look) -> None:
        if self._reading:
            self._reading[-1].add(look)

    def _changed_in(self, book: Book) -> set[_Look]:
        """The tables that are others in this Book."""
        old, new = self._book.tables, book.tables
        changed: set[_Look] = {kind for kind in {*old, *new} if old.get(kind) is not new.get(kind)}
        return changed if old is new and book.changed == self._book.changed else {*changed, Record}


def shared(function: Callable[[View], T]) -> Callable[[View], T]:
    """A helper of several facts: worked out once for each View. Also makes a function of a View cheap to call again."""
    @wraps(function)
    def ask(view: View) -> T:
        return view.once(function)
    return ask
