"""What is still missing, and what to do next: from the first goal to the first weekly figure.

`steps` holds what the group is asked for, `finders` how a step finds its gaps. Here a gap becomes something that can be done
at once: what it needs is asked for first, what was begun is finished first, and what is obvious is filled in already.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from crm_workbook.analysis.finders import Gap, column
from crm_workbook.analysis.steps import (
    CHAPTERS,
    CONTRACT_ITEMS,
    CORE_QUESTIONS,
    COST_BASICS,
    PRACTICE,
    STEPS,
    Step,
)
from crm_workbook.i18n import N_, _
from crm_workbook.records import BY_TABLE, Field, FieldType, Record, Value, split_code
from crm_workbook.records.book import Book
from crm_workbook.records.goals import CompanyGoal, CrmGoal
from crm_workbook.records.phases import Phase, PhaseFunction
from crm_workbook.records.processes import DataForm, Process
from crm_workbook.records.requirements import Requirement
from crm_workbook.records.team import Department, Person
from crm_workbook.records.vendors import Choice, Payment, Vendor

FIRST: Mapping[type[Record], str] = {
    Department: N_("Write down the departments first."), Person: N_("Write down the people first."),
    CompanyGoal: N_("Write down a company goal first."), CrmGoal: N_("Write down a CRM goal first."),
    Process: N_("Write down the process first."), DataForm: N_("Write down the form first."),
    Requirement: N_("Write down a requirement first."), Vendor: N_("Write down the vendors first."),
    Choice: N_("Write down which vendor you choose first."), Phase: N_("Write down the phase first."),
    PhaseFunction: N_("Choose the functions of the phase first.")}
"""Why a step asks for a record of another kind: there is none yet, and the step cannot be done without."""

OBVIOUS = frozenset({"department", "process", "data_form", "vendor", "phase"})
"""Tables whose only record is filled in where a new record links to it ..."""
NOT_OBVIOUS = frozenset({(Person, "department"), (Requirement, "phase"), (Payment, "phase")})
"""... except in these fields: others of the kind come later, and a wrong value would not be noticed."""


@dataclass(frozen=True, slots=True)
class StepState:
    """A step and how far it is: `have` of `want` (at least 1), and what to open next (None when it is done).

    To do it: open `field` of the record `code`; without a code, add a new `kind` with `given`. `kind` is not always that of
    the step: where people have to be chosen and none is written down, a person comes first.
    """

    step: Step
    have: int
    want: int
    gap: Gap | None

    @property
    def done(self) -> bool:
        return self.gap is None

    @property
    def code(self) -> str | None:
        return self.gap.code if self.gap else None

    @property
    def field(self) -> str | None:
        return self.gap.field if self.gap else None

    @property
    def given(self) -> Mapping[str, Value]:
        return dict(self.gap.given) if self.gap else {}

    @property
    def kind(self) -> type[Record]:
        """The kind of the record to open or to add."""
        if self.gap is None:
            return self.step.kind
        return split_code(self.gap.code)[0] if self.gap.code else self.gap.kind or self.step.kind

    @property
    def sentence(self) -> str:
        """The sentence of the step, and what exactly comes now: which field, or what has to be there first. Translated."""
        said = _(self.step.sentence)
        if self.gap is None:
            return said
        if self.gap.field:
            field = self.kind.declared.fields[self.gap.field]
            title = _(field.title)
            said += " " + (_("Next: {field}") if title.endswith("?") else _("Next: {field}.")).format(field=title)
            return said + " " + _("Press Space to tick it.") if field.type is FieldType.TICK else said
        if self.kind is not self.step.kind:
            before = _(FIRST[self.kind]) if self.kind in FIRST else _("First add something to the list {list}.").format(
                list=_(self.kind.declared.title))
            return f"{said} {before}"
        return said


NextStep = StepState
"""What `next_step` gives: a step that is not done."""


@dataclass(frozen=True, slots=True)
class Progress:
    """A chapter: `done` of `total` steps; `share` (0 to 1) counts steps that are done in part as well."""

    done: int
    total: int
    share: float
    steps: tuple[StepState, ...]


def missing(record: Record) -> list[Field]:
    """The fields that the record needs and that are empty, in the order declared."""
    return [field for field in record.declared.fields.values() if field.needed and record[field.index] == field.empty]


def chapter_progress(book: Book, chapter: str) -> Progress:
    """How far a chapter is. KeyError for a chapter without steps (radar, minutes)."""
    states = tuple(_state(book, step) for step in _BY_CHAPTER[chapter])
    return Progress(sum(state.done for state in states), len(states),
                    sum(state.have / state.want for state in states) / len(states), states)


def progress(book: Book) -> dict[str, Progress]:
    """How far every chapter is, in the order of the chapters."""
    return {chapter: chapter_progress(book, chapter) for chapter in CHAPTERS}


def next_step(book: Book, after: str = "") -> NextStep | None:
    """The first step that is not done, or the first one behind the step `after` (a step that somebody skips for now).

    None when nothing is left. KeyError when there is no step `after`.
    """
    for step in STEPS[_POSITION[after] + 1 if after else 0:]:
        state = _state(book, step)
        if not state.done:
            return state
    return None


def _state(book: Book, step: Step) -> StepState:
    have, want, gap = step.find(book)
    return StepState(step, have, want, gap and reachable(book, gap, step.kind))


# ---- from a gap to something that can be done now ----

def reachable(book: Book, gap: Gap, kind: type[Record]) -> Gap:
    """The gap as it can be closed at once; `kind` is the kind of a new record where the gap names none.

    Nothing can be chosen from a list without records: then one of those is wanted first. A record that was begun is finished
    before a new one of its kind is asked for. In a new one everything is given that is obvious.
    """
    if gap.code:
        field = split_code(gap.code)[0].declared.fields[gap.field or ""] if gap.field else None
        empty = _nothing_to_choose(book, field) if field else None
        return reachable(book, Gap(kind=empty), empty) if empty else gap
    kind = gap.kind or kind
    begun = _begun(book, kind, dict(gap.given))
    if begun is not None:
        return reachable(book, begun, kind)
    given = dict(gap.given)
    for field in kind.declared.link_fields():
        if field.name not in given and (field.owner or field.name in (*kind.declared.label, gap.field)):
            empty = _nothing_to_choose(book, field)
            if empty is not None:
                return reachable(book, Gap(kind=empty), empty)
    return replace(gap, given=(*gap.given, *_obvious(book, kind, given)), kind=kind)


def _nothing_to_choose(book: Book, field: Field) -> type[Record] | None:
    """The kind that a link points at while there is no record of it."""
    if field.type not in (FieldType.LINK, FieldType.LINKS):
        return None
    kind = BY_TABLE[field.of]
    return None if book.table(kind) else kind


def _begun(book: Book, kind: type[Record], given: Mapping[str, Value]) -> Gap | None:
    """The first record of this kind that could become the one wanted: what it holds fits what is `given`, but one of these
    fields, or of those that name it, is still empty."""
    declared, rows = kind.declared, book.rows(kind)
    wanted = [(field, given[name]) for name, field in declared.fields.items() if name in given]

    def fits(row: Record) -> bool:
        return all(row[field.index] == wish or (field.needed and row[field.index] == field.empty) for field, wish in wanted)
    for field in declared.fields.values():
        if field.name not in declared.label and not (field.needed and field.name in given):
            continue
        values = column(rows, field.name)
        if field.empty in values:
            for row, value in zip(rows, values, strict=True):
                if value == field.empty and fits(row):
                    return Gap(row.code, field.name)
    return None


def _obvious(book: Book, kind: type[Record], given: Mapping[str, Value]) -> list[tuple[str, Value]]:
    """The links of a new record that can lead to one record only."""
    found: list[tuple[str, Value]] = []
    for field in kind.declared.link_fields():
        if field.type is FieldType.LINK and field.of in OBVIOUS and field.name not in given and (
                kind, field.name) not in NOT_OBVIOUS and len(book.table(BY_TABLE[field.of])) == 1:
            found += [(field.name, row.code) for row in book.rows(BY_TABLE[field.of])]
    return found


_BY_CHAPTER: Mapping[str, tuple[Step, ...]] = {
    chapter: tuple(step for step in STEPS if step.chapter == chapter) for chapter in CHAPTERS}
_POSITION: Mapping[str, int] = {step.id: index for index, step in enumerate(STEPS)}

__all__ = ["CHAPTERS", "CONTRACT_ITEMS", "CORE_QUESTIONS", "COST_BASICS", "FIRST", "PRACTICE", "STEPS", "Gap", "NextStep",
           "Progress", "Step", "StepState", "chapter_progress", "missing", "next_step", "progress", "reachable"]
