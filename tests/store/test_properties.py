"""What must hold for any edits at all: file, journal and Book agree, and undo in reverse gives the Book before."""
from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from crm_workbook.records import BY_TABLE, KINDS, Field, FieldType, Record, Value
from crm_workbook.records.book import Book
from crm_workbook.records.declare import MANY_IDS
from crm_workbook.records.edits import Change, Create, Delete, Edit, Link, Refused, Unlink
from crm_workbook.records.goals import CompanyGoal, CrmGoal, Project
from crm_workbook.records.minutes import Unfinished, Workshop
from crm_workbook.records.requirements import Conflict, Requirement, SignOff
from crm_workbook.records.team import Assignment, Department, Person
from crm_workbook.records.vendors import Choice, CostLine, Fit, Vendor
from crm_workbook.store import Workbook
from crm_workbook.store.rescue import Typed
from crm_workbook.store.typist import Typist

SOME = (CompanyGoal, CrmGoal, Project, Workshop, Conflict, Requirement, SignOff, Assignment, Department, Person, Choice,
        CostLine, Fit, Vendor)


def value(random: Random, field: Field, book: Book) -> Value:
    """A valid value, often empty, of links to what is there."""
    if random.random() < 0.3:
        return field.empty
    whole = random.randint(int(field.low or 0), int(min(field.high or 9, (field.low or 0) + 9)))
    if field.type in (FieldType.LINK, FieldType.LINKS):
        codes = [row.code for row in book.table(BY_TABLE[field.of]).values()]
        if field.type is FieldType.LINK:
            return random.choice(codes) if codes else ""
        return tuple(random.sample(codes, min(len(codes), random.randint(0, 3))))
    moment = datetime(2026, 3, 31, 14, 5, tzinfo=UTC) + timedelta(hours=random.randint(0, 10_000))
    made: dict[FieldType, Value] = {
        FieldType.INTEGER: whole, FieldType.NUMBER: whole + random.random() / 2 if whole != field.high else whole,
        FieldType.MONEY: Decimal(random.randint(0, 10**12)).scaleb(-2), FieldType.TICK: True,
        FieldType.YES_NO: random.random() < 0.5, FieldType.DAY: date(2026, 1, 1) + timedelta(random.randint(0, 999)),
        FieldType.MOMENT: moment, FieldType.CHOICE: random.choice(list(field.options or {"": ""})),
        FieldType.KNOWN: "some-id", FieldType.KNOWNS: ("b", "a", "a10", "a9")}
    return made.get(field.type, random.choice(["x", "two\nlines", "Ünï\u202e", "'; DROP TABLE goal", ""]))


def edit(random: Random, book: Book, kinds: tuple[type[Record], ...] = SOME) -> Edit:
    """Any edit that could come next; some are refused."""
    kind = random.choice(kinds)
    rows, fields = list(book.table(kind).values()), list(kind.declared.fields.values())
    if not rows or random.random() < 0.35:
        chosen = random.sample(fields, random.randint(0, min(4, len(fields))))
        return Create(kind, {field.name: value(random, field, book) for field in chosen})
    row, field = random.choice(rows), random.choice(fields)
    if random.random() < 0.15:
        return Delete(row.code)
    if field.type in MANY_IDS and random.random() < 0.7:
        new, held = value(random, field, book), row.get(field.name)
        if isinstance(held, tuple) and held and random.random() < 0.5:
            return Unlink(row.code, field.name, random.choice(held))
        if isinstance(new, tuple) and new:
            return Link(row.code, field.name, new[0])
    return Change(row.code, field.name, row.get(field.name), value(random, field, book))


@settings(max_examples=30, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 14))
def test_undone_in_reverse_any_edits_give_the_book_before(template: Path, random: Random, steps: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = shutil.copy2(template, Path(folder) / "w.crm")
        with Workbook.open(str(path), who="Eva") as eva, Workbook.open(str(path), who="Uwe") as uwe:
            batches: list[tuple[str, Book]] = []
            for _ in range(steps):
                before = eva.book
                try:
                    entries = eva.apply([edit(random, eva.book) for _ in range(random.randint(1, 3))])
                except Refused:
                    assert eva.book == before
                    continue
                if entries:
                    batches.append((entries[0].batch, before))
                if random.random() < 0.5:
                    uwe.poll()
            uwe.poll()
            with Workbook.open(str(path), who="Reader", read_only=True) as reader:
                assert reader.book == eva.book == uwe.book
                assert reader.book.number == eva.book.number == uwe.book.number
            empty = Book()
            assert empty.advanced(reversed(eva.history())) == eva.book, "the journal alone gives the Book"
            for batch, before in reversed(batches):
                eva.undo(batch)
                assert eva.book == before
            uwe.poll()
            with Workbook.open(str(path), who="Reader", read_only=True) as reader:
                assert reader.book == eva.book == uwe.book


class Typing:
    """A person who types into the title of G1, and whose screen may be behind."""

    def __init__(self, path: str, who: str) -> None:
        self.workbook = Workbook.open(path, who=who)
        self.typist = Typist(self.workbook, {}, lambda event: None, lambda ticket, batch, entries: None)
        self.seen, self.count = "", 0

    def look(self) -> None:
        self.typist.note(self.workbook.poll())
        goal = self.workbook.book.get("G1")
        assert isinstance(goal, CompanyGoal)
        self.seen = goal.title

    def type(self) -> tuple[str, str]:
        self.count += 1
        text = f"{self.workbook.who} {self.count}"
        self.typist.write({("G1", "title"): Typed("G1", "title", text, self.seen)})
        return text, self.seen


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.sampled_from(["type", "type", "look", "settle"])), max_size=20))
def test_nobody_types_over_what_they_have_not_seen_and_no_last_word_is_lost(
        template: Path, steps: list[tuple[bool, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = str(shutil.copy2(template, Path(folder) / "w.crm"))
        people = Typing(path, "Eva"), Typing(path, "Uwe")
        people[0].workbook.apply([Create(CompanyGoal, {})])
        stored = ""
        for first, step in steps:
            person = people[0 if first else 1]
            if step == "look":
                person.look()
            elif step == "settle":
                person.typist.settle("G1")
            else:
                text, seen = person.type()
                with Workbook.open(path, who="Reader", read_only=True) as reader:
                    goal = reader.book.get("G1")
                    assert isinstance(goal, CompanyGoal)
                    kept = {row.text for row in reader.book.rows(Unfinished) if row.who == person.workbook.who}
                if goal.title == text:
                    assert not stored or stored.startswith(person.workbook.who) or seen == stored, "written over unseen"
                    assert not kept
                else:
                    assert kept == {text}, "not written and not kept"
                stored = goal.title
        for person in people:
            person.workbook.close()


def test_a_record_of_every_kind_comes_back_as_it_was_written(eva: Workbook) -> None:
    random = Random(7)
    for kind in KINDS:
        for _ in range(1 if kind.declared.single else 3):
            eva.apply([Create(kind, {name: value(random, field, eva.book) for name, field in kind.declared.fields.items()})])
    with Workbook.open(eva.target, who="Reader", read_only=True) as reader:
        assert reader.book == eva.book and reader.book.count() > len(KINDS)
        assert [repr(row) for kind in KINDS for row in reader.book.rows(kind)] == [
            repr(row) for kind in KINDS for row in eva.book.rows(kind)], "of the same types too"
