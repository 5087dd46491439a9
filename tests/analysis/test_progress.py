"""A group that fills in exactly what it is asked for gets from the empty book to the end."""
from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from crm_workbook.analysis.progress import (
    CHAPTERS,
    CONTRACT_ITEMS,
    CORE_QUESTIONS,
    COST_BASICS,
    PRACTICE,
    STEPS,
    NextStep,
    chapter_progress,
    missing,
    next_step,
    progress,
)
from crm_workbook.catalogue import load
from crm_workbook.records import BY_TABLE, KINDS, Field, FieldType, Record, Value, split_code
from crm_workbook.records.adoption import Measurement, TrainingEvent
from crm_workbook.records.book import Book
from crm_workbook.records.goals import CompanyGoal, CrmGoal, Project
from crm_workbook.records.phases import AcceptanceTest, Phase, PhaseFunction
from crm_workbook.records.requirements import Requirement
from crm_workbook.records.team import Assignment, Department, Person
from crm_workbook.records.values import check
from crm_workbook.records.vendors import Answer, Vendor

DAY = date(2026, 3, 2)


def new(kind: type[Record], /, **values: Value) -> Record:
    """A record that holds these values; the rest is empty."""
    return kind(**values)


def book_of(*rows: Record) -> Book:
    """A Book of these records, numbered 1, 2, 3 within each kind."""
    counts: Counter[type[Record]] = Counter()
    numbered = []
    for row in rows:
        counts[type(row)] += 1
        numbered.append(row.make((counts[type(row)], *row[1:])))
    return Book.of(numbered)


ANSWERS = {("requirement", "state"): "accepted", ("requirement", "priority"): "must", ("contract_point", "state"): "agreed",
           ("answer", "state"): "answered", ("answer", "evidence"): "4"}
"""What a sensible group chooses where the first option would not do."""


class Group:
    """Fills in what `next_step` asks for: a new record gets what is given and its name, an old one the one field."""

    def __init__(self) -> None:
        self.records: dict[str, Record] = {}

    @property
    def book(self) -> Book:
        return Book.of(self.records.values())

    def add(self, kind: type[Record], /, **given: Value) -> Record:
        number = 1 + sum(type(row) is kind for row in self.records.values())
        values: dict[str, Value] = {}
        for name, field in kind.declared.fields.items():
            if name in given:
                values[name] = check(field, given[name])
            elif name in kind.declared.label:
                values[name] = self.answer(kind, field)
        row = kind(number=number, **values)
        self.records[row.code] = row
        return row

    def target(self, field: Field) -> str:
        kind = BY_TABLE[field.of]
        found = next((code for code, row in self.records.items() if type(row) is kind), None)
        return found or self.add(kind).code

    def answer(self, kind: type[Record], field: Field) -> Value:
        chosen = ANSWERS.get((kind.declared.table, field.name))
        if chosen is not None:
            return chosen
        plain: dict[FieldType, Value] = {
            FieldType.LINE: "words", FieldType.TEXT: "more words", FieldType.INTEGER: 3, FieldType.NUMBER: 3.0,
            FieldType.MONEY: Decimal(100), FieldType.TICK: True, FieldType.YES_NO: True, FieldType.DAY: DAY}
        if field.type in plain:
            return plain[field.type]
        if field.type is FieldType.CHOICE:
            return next(iter(field.options or {}))
        if field.type is FieldType.KNOWN:
            return next(iter(load().titles(field.of)))
        return self.target(field) if field.type is FieldType.LINK else (self.target(field),)

    def obey(self, step: NextStep) -> None:
        if step.code is None:
            given = dict(step.given)
            if step.field is not None:
                given.setdefault(step.field, self.answer(step.step.kind, step.step.kind.declared.fields[step.field]))
            self.add(step.step.kind, **given)
        else:
            kind, _ = split_code(step.code)
            assert step.field is not None and not step.given
            row = self.records[step.code]
            self.records[step.code] = row.with_value(step.field, self.answer(kind, kind.declared.fields[step.field]))


def walk() -> Iterator[tuple[Group, NextStep]]:
    """Every step of a group that begins with nothing, before it is done."""
    group = Group()
    for _ in range(400):
        step = next_step(group.book)
        if step is None:
            return
        yield group, step
        group.obey(step)
    raise AssertionError("never finished")


def test_an_empty_book_leads_to_the_company_then_to_its_first_goal() -> None:
    first = next_step(Book())
    assert first is not None and first.step.id == "goals.project"
    assert (first.step.kind, first.code, first.field) == (Project, None, "company")
    begun = book_of(new(Project, company="Ours", start=DAY), new(Department, name="Sales"))
    second = next_step(begun)
    assert second is not None and (second.step.kind, second.code) == (CompanyGoal, None)


def test_a_group_that_does_what_it_is_told_reaches_the_end() -> None:
    seen: list[NextStep] = []
    for _, step in walk():
        assert seen[-2:] != [step, step], f"{step.step.id} asks for the same again"  # twice: two goals, two stages
        seen.append(step)
    assert seen[0].step.id == "goals.project" and seen[-1].step.id == "adoption.week"
    assert {step.step.id for step in seen} == {step.id for step in STEPS} and len(seen) < 300


def test_each_step_taken_never_loses_what_was_there() -> None:
    before: dict[str, int] = dict.fromkeys(CHAPTERS, 0)
    for group, step in walk():
        after = {chapter: sum(state.have for state in part.steps) for chapter, part in progress(group.book).items()}
        assert all(after[chapter] >= before[chapter] for chapter in CHAPTERS), step.step.id
        before = after


def test_the_end_is_complete() -> None:
    group = [group for group, _ in walk()][-1]
    while (step := next_step(group.book)) is not None:
        group.obey(step)
    assert all(part.share == 1 and part.done == part.total for part in progress(group.book).values())


def test_an_empty_book_has_nothing_and_every_chapter_has_steps() -> None:
    empty = progress(Book())
    assert tuple(empty) == CHAPTERS
    for chapter, part in empty.items():
        assert part.done == 0 and part.share == 0 and 6 <= part.total == len(part.steps) <= 14, chapter


def test_share_counts_what_is_done_in_part() -> None:
    book = book_of(new(Person, name="Ana"), new(Person, name="Jan"))
    people = next(state for state in chapter_progress(book, "team").steps if state.step.id == "team.people")
    assert (people.have, people.want, people.done) == (2, 3, False)
    assert 0 < chapter_progress(book, "team").share < 1


def test_a_step_can_be_skipped() -> None:
    skipped = next_step(Book(), after="goals.project")
    assert skipped is not None and skipped.step.id == "goals.departments"
    assert next_step(book_of(new(Measurement, week=DAY, users=3, active=2)), after="adoption.held") is None
    with pytest.raises(KeyError):
        next_step(Book(), after="goals.nothing")


def test_missing_names_the_needed_fields_in_their_order() -> None:
    assert [field.name for field in missing(new(CrmGoal, title="Faster", target=4.0))] == [
        "company_goals", "behaviour", "owner", "indicator", "baseline"]
    assert missing(new(Measurement, week=DAY, users=0, active=0)) == []


def test_two_goals_are_asked_of_each_department_with_users() -> None:
    book = book_of(new(Project, company="Ours", start=DAY), new(Department, name="Sales", users=4),
                    new(Department, name="Cleaning", users=0), new(Department, name="Service"),
                    *(new(CompanyGoal, title="g", department="D1", user_benefit="b") for n in (1, 2)))
    step = next_step(book)
    assert step is not None and (step.step.id, dict(step.given)) == ("goals.each", {"department": "D3"})


def test_a_sponsor_who_did_not_confirm_is_asked_again() -> None:
    states = {state.step.id: state for state in chapter_progress(book_of(
        new(Assignment, role="r-sponsor", person="M1", until=DAY), new(Assignment, role="r-sponsor", person="M2"),
        new(Person, name="Ewa")), "team").steps}
    assert states["team.sponsor"].done
    gap = states["team.confirmed"].gap
    assert gap is not None and (gap.code, gap.field) == ("A2", "confirmed")


def test_core_questions_are_asked_of_vendors_in_the_race_only() -> None:
    book = book_of(new(Vendor, name="Out", state="out"), new(Vendor, name="In"),
                    new(Answer, vendor="V2", question=CORE_QUESTIONS[0], state="dont_know"))
    core = next(state for state in chapter_progress(book, "vendors").steps if state.step.id == "vendors.core")
    assert (core.have, core.want) == (1, len(CORE_QUESTIONS))
    assert core.gap is not None and dict(core.gap.given) == {"vendor": "V2", "question": CORE_QUESTIONS[1]}


def test_without_any_must_all_that_was_accepted_is_marked() -> None:
    wishes = [new(Requirement, title="t", priority="should", state=state) for state in ("accepted", "rejected")]
    book = book_of(new(Vendor, name="A"), *wishes)
    fit = next(state for state in chapter_progress(book, "vendors").steps if state.step.id == "vendors.fit")
    assert (fit.have, fit.want) == (0, 1)
    assert fit.gap is not None and dict(fit.gap.given) == {"vendor": "V1", "requirement": "R1"}


def test_materials_follow_the_phase_in_work() -> None:
    book = book_of(new(Phase, title="One", order=1, closed_on=DAY), new(Phase, title="Two", order=2),
                    new(PhaseFunction, phase="PH1", function="f-contacts"),
                    new(PhaseFunction, phase="PH2", function="f-tickets"),
                    new(AcceptanceTest, title="t", phase="PH2", function="f-tickets"))
    states = {state.step.id: state.gap for chapter in ("phases", "adoption") for state in chapter_progress(book, chapter).steps}
    tests, materials = states["phases.tests"], states["adoption.materials"]
    assert tests is not None and (tests.code, tests.field) == ("T1", "tester")
    assert materials is not None and dict(materials.given) == {"function": "f-tickets"}


def test_lessons_without_practice_are_not_enough() -> None:
    book = book_of(new(TrainingEvent, title="Lecture", element="t-group-session", on=DAY, led_by="vendor"))
    assert [state.step.id for state in chapter_progress(book, "adoption").steps if state.done] == ["adoption.first"]


def test_sentences_are_short_and_friendly() -> None:
    for step in STEPS:
        assert step.sentence.endswith((".", "...")) and "!" not in step.sentence, step.id
        assert step.sentence.replace("...", "").count(". ") <= 1 and len(step.sentence) <= 120, step.id
    assert len({step.id for step in STEPS}) == len(STEPS) and {step.kind for step in STEPS} <= set(KINDS)


def test_ids_are_those_of_the_catalogue() -> None:
    catalogue = load()
    assert {id_ for id_, row in catalogue.questions.items() if row.core} == set(CORE_QUESTIONS)
    assert set(catalogue.contract_items) == set(CONTRACT_ITEMS)
    assert set(COST_BASICS) <= set(catalogue.cost_buckets)
    assert {*PRACTICE, "t-qa-session"} <= set(catalogue.training_elements)
    assert {"r-sponsor", "r-client-pm", "r-process-owner"} <= set(catalogue.roles) and "gate-go-live" in catalogue.gates


def test_ten_thousand_requirements_are_fast() -> None:
    rows: list[Record] = [new(Department, name="Sales", users=4), new(Vendor, name="A"), new(Vendor, name="B")]
    rows += [new(Requirement, title="t", priority="must" if n % 4 else "should", state="accepted", department="D1",
                         goals=("C1",)) for n in range(1, 10_001)]
    best = 1.0
    for _ in range(5):
        book = Book.of(rows)  # a new one each time: nothing is remembered
        begun = time.perf_counter()
        progress(book)
        next_step(book)
        best = min(best, time.perf_counter() - begun)
    assert best < 0.03, f"{best * 1000:.1f} ms"
