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
    FIRST,
    PRACTICE,
    STEPS,
    NextStep,
    StepState,
    chapter_progress,
    missing,
    next_step,
    progress,
)
from crm_workbook.catalogue import load
from crm_workbook.records import BY_TABLE, KINDS, Field, FieldType, Record, Value, split_code
from crm_workbook.records.adoption import Measurement, TrainingEvent
from crm_workbook.records.book import Book
from crm_workbook.records.goals import CompanyGoal, CrmGoal, Fear, Project
from crm_workbook.records.phases import AcceptanceTest, GateSignOff, Phase, PhaseFunction
from crm_workbook.records.processes import DataForm, FormField, OldTool, Process, Stage
from crm_workbook.records.requirements import Requirement, SignOff, SurveyAnswer
from crm_workbook.records.team import Assignment, Department, Interest, Office, Person
from crm_workbook.records.values import check
from crm_workbook.records.vendors import Answer, Choice, ContractPoint, CostLine, Fit, Trial, Vendor

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
                given.setdefault(step.field, self.answer(step.kind, step.kind.declared.fields[step.field]))
            self.add(step.kind, **given)
            if step.step.id == "goals.departments":
                self.add(Department)  # the second one is asked for its own goals and needs
        else:
            kind, _number = split_code(step.code)
            assert kind is step.kind
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
        asked = [(old.code, old.field, old.given, old.kind) for old in (*seen[-2:], step)]
        assert len(asked) < 3 or asked[1:] != asked[:-1], f"{step.step.id} asks for the same again"  # twice: two goals, stages
        seen.append(step)
    assert seen[0].step.id == "goals.project" and seen[-1].step.id == "adoption.week"
    assert {step.step.id for step in seen} == {step.id for step in STEPS} and len(seen) <= 300


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


def gap_of(book: Book, id_: str) -> StepState:
    """How far one step is."""
    return next(state for state in chapter_progress(book, id_.partition(".")[0]).steps if state.step.id == id_)


GOAL = new(CrmGoal, title="Faster", company_goals=("G1",), behaviour="b", indicator="i", baseline=1.0, target=2.0)


def test_where_nobody_can_be_chosen_a_person_comes_first() -> None:
    owner = gap_of(book_of(GOAL), "goals.owner")
    assert (owner.kind, owner.code, owner.field, owner.step.kind) == (Person, None, None, CrmGoal)
    assert owner.sentence.endswith("stays alive. Write down the people first.")
    owner = gap_of(book_of(GOAL, new(Person, name="Ewa")), "goals.owner")
    assert (owner.kind, owner.code, owner.field) == (CrmGoal, "C1", "owner")
    assert owner.sentence.endswith("Next: Who looks after it.")


@pytest.mark.parametrize(("step", "rows", "kind"), [
    ("goals.first", [new(CompanyGoal, title="g")], Department), ("goals.link", [new(CrmGoal, title="c")], CompanyGoal),
    ("goals.each", [], Department), ("team.sponsor", [], Person), ("team.interests", [], Person),
    ("team.confirmed", [], Person),
    ("processes.stages", [], Process), ("processes.owner", [new(Process, name="p", in_scope=True)], Person),
    ("processes.fields", [], DataForm), ("requirements.sign_offs", [], Department),
    ("requirements.sign_offs", [new(Department, name="d")], Person), ("requirements.links", [], Requirement),
    ("requirements.links", [new(Requirement, title="r", state="accepted")], CrmGoal),
    ("vendors.core", [], Vendor), ("vendors.evidence", [], Vendor), ("vendors.fit", [], Vendor), ("vendors.costs", [], Vendor),
    ("vendors.trials", [], Vendor), ("vendors.decision", [], Vendor), ("vendors.contract", [], Vendor),
    ("vendors.contract", [new(Vendor, name="v")], Choice), ("vendors.payments", [new(Vendor, name="v")], Choice),
    ("vendors.fit", [new(Vendor, name="v")], Requirement), ("phases.goals", [new(Phase, title="p")], CrmGoal),
    ("phases.functions", [], Phase), ("phases.tests", [], Phase), ("phases.tests", [new(Phase, title="p")], PhaseFunction),
    ("phases.gate", [], Phase), ("adoption.materials", [], Phase), ("adoption.rules", [new(Phase, title="p")], PhaseFunction)])
def test_what_a_step_needs_is_asked_for_first(step: str, rows: list[Record], kind: type[Record]) -> None:
    state = gap_of(book_of(*rows), step)
    assert (state.kind, state.code) == (kind, None)
    assert kind is state.step.kind or state.sentence.endswith(" first.")


def test_every_link_that_a_step_fills_in_has_its_sentence() -> None:
    fields = [field for step in STEPS for field in step.kind.declared.link_fields() if field.needed]
    assert {BY_TABLE[field.of] for field in fields} <= set(FIRST)


@pytest.mark.parametrize(("step", "row", "gap"), [
    ("team.sponsor", new(Assignment, role="r-sponsor"), ("A1", "person")),
    ("team.sponsor", new(Assignment, person="M1"), ("A1", "role")),
    ("team.manager", new(Assignment, person="M1"), ("A1", "role")),
    ("team.confirmed", new(Assignment, person="M1"), ("A1", "role")), ("team.interests", new(Interest), ("DI1", "person")),
    ("goals.each", new(CompanyGoal, title="g"), ("G1", "department")),
    ("goals.each", new(CompanyGoal, department="D1"), ("G1", "title")), ("goals.departments", new(Department, users=3), None),
    ("processes.first", new(Process, in_scope=True), ("P1", "name")), ("processes.old_tools", new(OldTool), ("OT1", "name")),
    ("processes.stages", new(Stage, process="P1"), ("PS1", "name")),
    ("processes.stages", new(Stage, name="s"), ("PS1", "process")),
    ("processes.fields", new(FormField, name="f"), ("F1", "form")),
    ("requirements.survey", new(SurveyAnswer, answer="a"), ("S1", "department")),
    ("requirements.survey", new(SurveyAnswer, department="D1", question="q"), ("S1", "answer")),
    ("requirements.each", new(Requirement, title="r"), ("R1", "department")),
    ("requirements.sign_offs", new(SignOff, department="D1"), ("SO1", "person")),
    ("vendors.two", new(Vendor, product="x"), None),
    ("vendors.core", new(Answer, vendor="V1", value="a"), ("VA1", "question")),
    ("vendors.core", new(Answer), ("VA1", "vendor")),
    ("vendors.fit", new(Fit, vendor="V1", mark="no"), ("FI1", "requirement")),
    ("vendors.costs", new(CostLine, vendor="V1", title="t"), ("CL1", "bucket")),
    ("vendors.trials", new(Trial, vendor="V1"), ("TR1", "kind")),
    ("vendors.contract", new(ContractPoint, vendor="V1"), ("CP1", "item")),
    ("phases.functions", new(PhaseFunction, phase="PH1"), ("FN1", "function")),
    ("phases.gate", new(GateSignOff, gate="gate-go-live"), ("GS1", "phase")),
    ("phases.gate", new(GateSignOff, phase="PH1"), ("GS1", "gate")),
    ("adoption.practice", new(TrainingEvent, title="t"), ("TE1", "element"))])
def test_what_was_begun_is_finished_before_something_new(step: str, row: Record, gap: tuple[str, str] | None) -> None:
    others: list[Record] = [new(Department, name="d"), new(Person, name="Ewa", decider=True), new(Vendor, name="v"),
                            new(Phase, title="p"), new(DataForm, name="f"), new(Process, name="p", in_scope=True),
                            new(Requirement, title="r", state="accepted", priority="must"), new(Choice, vendor="V1")]
    state = gap_of(book_of(*(other for other in others if type(other) is not type(row)), row), step)
    if gap is None:  # a record without a name
        gap = row.declared.prefix + "1", "name"
    assert (state.code, state.field) == gap


def test_a_test_that_tests_nothing_is_used_before_a_new_one() -> None:
    book = book_of(new(Phase, title="p"), new(PhaseFunction, phase="PH1", function="f-tickets"), new(Person, name="Ewa"),
                   new(AcceptanceTest, title="t", requirement="R1"), new(AcceptanceTest, title="t"))
    state = gap_of(book, "phases.tests")
    assert (state.code, state.field) == ("T2", "function")


def test_a_begun_record_of_a_later_vendor_goes_before_a_new_one() -> None:
    book = book_of(new(Vendor, name="a"), new(Vendor, name="b"), new(Answer, vendor="V2", question=CORE_QUESTIONS[3]),
                   new(Requirement, title="r", state="accepted"), new(Fit, vendor="V2", requirement="R1"))
    assert (gap_of(book, "vendors.core").code, gap_of(book, "vendors.fit").code) == ("VA1", "FI1")


def test_the_only_one_is_filled_in_already() -> None:
    one = [new(Department, name="d"), new(Phase, title="p"), new(Process, name="p"), new(Vendor, name="v")]
    for step, given in (("goals.first", {"department": "D1"}), ("requirements.first", {"department": "D1"}),
                        ("processes.forms", {"process": "P1"}), ("adoption.first", {"phase": "PH1"}),
                        ("vendors.decision", {"vendor": "V1"}), ("team.people", {}), ("adoption.week", {"phase": "PH1"})):
        assert gap_of(book_of(*one), step).given == given, step
        assert gap_of(book_of(*one, *one), step).given == {}, step


def test_the_first_goal_is_finished_before_two_more_are_asked_for() -> None:
    book = book_of(new(Project, company="Ours", start=DAY), new(Department, name="Sales"), new(CompanyGoal, title="g"))
    for field, value in (("department", "D1"), ("user_benefit", "b")):
        step = next_step(book)
        assert step is not None and (step.step.id, step.code, step.field) == ("goals.first", "G1", field)
        [goal] = book.rows(CompanyGoal)
        book = book_of(*(row for kind in (Project, Department) for row in book.rows(kind)), goal.with_value(field, value))
    step = next_step(book)
    assert step is not None and (step.step.id, step.code) == ("goals.each", None)


def test_the_sentence_says_which_field_comes_next() -> None:
    office = gap_of(book_of(new(Office, name="o", users=3, down_mbps=1.0)), "team.offices")
    assert office.sentence == f"{office.step.sentence} Next: Upload, measured."
    full = new(Office, name="o", users=3, down_mbps=1.0, up_kbps=1.0, ping_ms=1.0)
    assert gap_of(book_of(full), "team.offices").sentence.endswith(" Next: Is there a second line or a mobile backup?")
    fear = gap_of(book_of(new(Fear, fear="f", answer="a")), "goals.fears")
    assert fear.sentence.endswith(" Next: The group agreed on the answer. Press Space to tick it.")
    new_one, done = gap_of(Book(), "goals.departments"), gap_of(book_of(new(Department, name="d")), "goals.departments")
    assert new_one.sentence == new_one.step.sentence == done.sentence and done.done and done.given == {}


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
                    new(AcceptanceTest, title="t", phase="PH2", function="f-tickets"), new(Person, name="Ewa"))
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
    rows: list[Record] = [new(Department, number=1, name="Sales", users=4), new(Vendor, number=1, name="A"),
                          new(Vendor, number=2, name="B")]
    rows += [new(Requirement, number=n, title="t", priority="must" if n % 4 else "should", state="accepted", department="D1",
                         goals=("C1",)) for n in range(1, 10_001)]
    best = 1.0
    for _ in range(5):
        book = Book.of(rows)  # a new one each time: nothing is remembered
        begun = time.perf_counter()
        progress(book)
        next_step(book)
        best = min(best, time.perf_counter() - begun)
    assert best < 0.03, f"{best * 1000:.1f} ms"
