"""The thread: order, typing, drafts, conflicts, stalls, undo. Events are waited for, never slept for."""
from __future__ import annotations

import fcntl
import os
import queue
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import TypeVar

import pytest

from crm_workbook.records.book import Book
from crm_workbook.records.edits import Change, Create, Delete, Edit, Entry, Link, Unlink
from crm_workbook.records.goals import CompanyGoal, CrmGoal, Project
from crm_workbook.records.minutes import Unfinished
from crm_workbook.records.team import Person
from crm_workbook.records.vendors import Answer, Vendor
from crm_workbook.store import NotAWorkbook, Unsaved, Workbook
from crm_workbook.store.files import lock_path
from crm_workbook.store.session import (
    Advanced,
    Answered,
    Conflicted,
    Created,
    Declined,
    Event,
    Failed,
    Opened,
    Resumed,
    Session,
    Stalled,
    Written,
)
from crm_workbook.store.typist import Typist

E = TypeVar("E", bound=Event)


class Screen:
    """Stands in for the interface: a session, and what it was told."""

    def __init__(self, path: Path, who: str) -> None:
        self.events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self.told: list[Event] = []
        self.full = False
        self.session = Session(str(path), who=who, post=self.events.put, opener=lambda: self.open(path, who))
        self.session.start()
        self.book = self.next(Opened).book

    def open(self, path: Path, who: str) -> Workbook:
        workbook = Workbook.open(str(path), who=who)
        store, write = workbook._store, workbook._store.write

        def maybe() -> AbstractContextManager[object]:
            if self.full:
                raise Unsaved("The disk is full.")
            return write()

        store.write = maybe  # type: ignore[method-assign,assignment]  # a disk that fills up when we say so
        return workbook

    def next(self, kind: type[E]) -> E:
        """Waits for the next event of this kind."""
        while True:
            event = self.take(self.events.get(timeout=8))
            if isinstance(event, kind):
                return event

    def take(self, event: Event) -> Event:
        self.told.append(event)
        if isinstance(event, Advanced):
            self.book = event.book
        return event

    def flush(self) -> Book:
        """Waits until everything was written; the Book then. What was told meanwhile stands in `told`."""
        assert self.session.flush(8)
        while not self.events.empty():
            self.take(self.events.get())
        return self.book

    def of(self, kind: type[E]) -> list[E]:
        return [event for event in self.told if isinstance(event, kind)]


@pytest.fixture
def screens(path: Path) -> Iterator[Callable[[str], Screen]]:
    made: list[Screen] = []

    def open_as(who: str) -> Screen:
        made.append(Screen(path, who))
        return made[-1]

    yield open_as
    for screen in made:
        screen.session.close(1)


@pytest.fixture
def screen(screens: Callable[[str], Screen]) -> Screen:
    return screens("Eva")


def title(book: Book, code: str = "G1") -> str:
    found = book.get(code)
    assert isinstance(found, CompanyGoal | CrmGoal)
    return found.title


def test_edits_are_written_in_order_and_told(screen: Screen) -> None:
    screen.session.submit([Create(CompanyGoal, {"title": "a"})], ticket="one")
    screen.session.submit([Change("G1", "title", "a", "b")], ticket="two")
    screen.session.submit([Change("G1", "weight", None, 9)], ticket="three")
    screen.session.submit([Delete("G1"), Change("G1", "title", "b", "c")], ticket="four")
    assert title(screen.flush()) == "b"
    assert [event.ticket for event in screen.of(Written)] == ["one", "two"]
    declined = screen.of(Declined)
    assert [event.ticket for event in declined] == ["three", "four"] and "too large" in str(declined[0].refused)
    assert all(event.own for event in screen.of(Advanced))


def test_a_draft_becomes_a_record_at_the_first_typed_value(screen: Screen) -> None:
    token = screen.session.draft(Person, side="client", in_group=True)
    other = screen.session.draft(Person)
    screen.session.typed(token, "name", "", "")
    screen.session.typed(token, "side", "", "client")
    screen.session.settled(token)
    assert screen.flush().count() == 0 and token != other
    screen.session.typed(token, "name", "An", "")
    screen.session.typed(token, "name", "Ann", "")
    screen.flush()
    assert screen.of(Created) == [Created(token, "M1")]
    screen.session.typed(token, "job", "boss", "")
    screen.session.submit([Change(token, "contact", "", "phone")])
    screen.session.submit([Change(other, "name", "", "Bob")])
    book = screen.flush()
    assert book.get("M1") == Person(number=1, name="Ann", in_group=True, job="boss", contact="phone")
    assert book.get("M2") == Person(number=2, name="Bob")


def test_typing_is_one_entry_a_visit_and_one_step_of_undo(screen: Screen) -> None:
    screen.session.submit([Create(CompanyGoal, {"title": "a"})])
    for text in ("ab", "abc", "abcd"):
        screen.session.typed("G1", "title", text, "a")
        screen.flush()
    screen.session.settled("G1")
    screen.session.typed("G1", "title", "abcd!", "abcd")
    screen.session.settled("G1")
    screen.session.ask(lambda workbook: workbook.history("G1"), ticket="history")
    screen.flush()
    answered = screen.of(Answered)[-1].result
    assert isinstance(answered, list) and [entry.new for entry in answered[:-1]] == ['"abcd!"', '"abcd"']
    titles = []
    for step in (screen.session.undo, screen.session.undo, screen.session.redo, screen.session.redo, screen.session.undo):
        step()
        titles.append(title(screen.flush()))
    assert titles == ["abcd", "a", "abcd", "abcd!", "abcd"]
    screen.session.typed("G1", "title", "new way", "abcd")
    screen.session.redo()
    assert title(screen.flush()) == "new way" and screen.of(Written)[-1] == Written("redo", ()), "nothing to redo any more"


def test_the_screen_may_be_behind_what_it_wrote_itself(screen: Screen) -> None:
    """`seen` comes from a Book that did not show the last write yet."""
    screen.session.submit([Create(CompanyGoal, {"title": "a"})])
    for text, seen in (("b", "a"), ("c", "a"), ("d", "b")):
        screen.session.typed("G1", "title", text, seen)
        screen.session.settled("G1")
    assert title(screen.flush()) == "d" and not screen.of(Conflicted)
    screen.session.undo()
    screen.session.typed("G1", "title", "e", "c")
    assert title(screen.flush()) == "e" and not screen.of(Conflicted)


def test_texts_that_meet_are_both_kept(screen: Screen, uwe: Workbook) -> None:
    screen.session.submit([Create(CompanyGoal, {"title": "a"})])
    screen.session.typed("G1", "title", "mine", "a")
    screen.flush()
    uwe.poll()
    uwe.apply([Change("G1", "title", "mine", "theirs")])
    screen.session.typed("G1", "title", "mine!", "a")
    screen.session.typed("G1", "note", "another field", "")
    conflict = screen.next(Conflicted)
    assert (conflict.ref, conflict.field, conflict.mine, conflict.theirs, conflict.who, conflict.gone) == (
        "G1", "title", "mine!", "theirs", "Uwe", False)
    screen.session.typed("G1", "title", "mine!!", "a")
    book = screen.flush()
    assert book.rows(Unfinished) == (Unfinished(number=1, record="G1", field="title", text="mine!!", who="Eva"),)
    assert title(book) == "theirs" and book.get("G1").get("note") == "another field"  # type: ignore[union-attr]  # G1 is there
    assert len(screen.of(Conflicted)) == 1, "told once"
    screen.session.undo()
    screen.session.redo()
    assert screen.flush().rows(Unfinished), "undo does not take the kept text away"
    screen.session.typed("G1", "title", "ours", "theirs")
    book = screen.flush()
    assert title(book) == "ours" and not book.rows(Unfinished)
    screen.session.typed("G1", "title", "ours!", "theirs")
    assert title(screen.flush()) == "ours!" and len(screen.of(Conflicted)) == 1


def test_a_record_that_was_deleted_while_one_types(screen: Screen, uwe: Workbook) -> None:
    screen.session.submit([Create(CompanyGoal, {"title": "a"})])
    screen.flush()
    uwe.poll()
    uwe.apply([Delete("G1")])
    screen.session.typed("G1", "title", "still typing", "a")
    conflict = screen.next(Conflicted)
    assert conflict.gone and conflict.who == "Uwe"
    assert [row.text for row in screen.flush().rows(Unfinished)] == ["still typing"]


def test_unfinished_texts_are_kept_until_there_is_a_value(screen: Screen, path: Path) -> None:
    token = screen.session.draft(CompanyGoal)
    for text in ("1", "12", "12a"):
        screen.session.unfinished(token, "weight", text)
        screen.flush()
    assert screen.book.rows(Unfinished) == (Unfinished(number=1, record="G1", field="weight", text="12a", who="Eva"),)
    screen.session.typed(token, "weight", 3, None)
    book = screen.flush()
    assert not book.rows(Unfinished) and book.get("G1") == CompanyGoal(number=1, weight=3)
    screen.session.unfinished("G1", "weight", "x")
    screen.session.unfinished("G1", "weight", "")
    assert not screen.flush().rows(Unfinished)


def test_a_typed_value_that_cannot_be_is_declined_and_kept(screen: Screen) -> None:
    screen.session.submit([Create(CompanyGoal, {"title": "a"})])
    screen.session.typed("G1", "weight", 9, None)
    screen.session.typed("G1", "department", "D7", "")
    screen.session.typed("Z1", "title", "x", "")
    book = screen.flush()
    assert {(row.field, row.text) for row in book.rows(Unfinished)} == {("weight", "9"), ("department", "D7")}
    assert [event.ticket for event in screen.of(Declined)] == ["G1", "G1", "Z1"]


def test_two_people_begin_the_one_record_of_a_single_kind(screens: Callable[[str], Screen]) -> None:
    eva, uwe = screens("Eva"), screens("Uwe")
    tokens = eva.session.draft(Project), uwe.session.draft(Project)
    eva.session.typed(tokens[0], "company", "Acme", "")
    eva.flush()
    uwe.session.typed(tokens[1], "currency", "EUR", "")
    uwe.flush()
    assert uwe.of(Created) == [Created(tokens[1], "PRJ1")]
    assert uwe.book.only(Project) == Project(number=1, company="Acme", currency="EUR")


def test_the_one_record_of_a_single_kind_may_be_typed_by_its_code(screen: Screen) -> None:
    screen.session.typed("PRJ1", "company", "Acme", "")
    screen.session.typed("PRJ1", "currency", "EUR", "")
    assert screen.flush().only(Project) == Project(number=1, company="Acme", currency="EUR")
    screen.session.typed("PRJ1", "company", "Acme & Co", "")
    assert screen.flush().only(Project).company == "Acme & Co" and not screen.of(Created)


def test_others_changes_arrive(screens: Callable[[str], Screen]) -> None:
    eva, uwe = screens("Eva"), screens("Uwe")
    eva.session.submit([Create(CompanyGoal, {"title": "a"}), Create(CrmGoal, {})])
    told = uwe.next(Advanced)
    assert not told.own and [entry.code for entry in told.entries] == ["G1", "C1"] and title(told.book) == "a"
    uwe.session.submit([Link("C1", "company_goals", "G1")])
    assert not eva.next(Advanced).own or not eva.next(Advanced).own
    assert eva.flush() == uwe.flush()


def test_undo_of_what_somebody_built_on_is_declined_and_the_step_before_comes_next(screen: Screen, uwe: Workbook) -> None:
    screen.session.submit([Create(CompanyGoal, {"title": "a"})])
    screen.session.submit([Create(CompanyGoal, {"title": "b"})])
    screen.flush()
    uwe.poll()
    uwe.apply([Change("G2", "title", "b", "c")])
    for _ in range(2):  # they may look, and try it once more
        screen.session.undo()
        declined = screen.next(Declined)
        conflict, = declined.refused.conflicts
        assert declined.ticket == "undo" and conflict.who == "Uwe" and isinstance(conflict.edit, Change)
        assert (conflict.edit.code, conflict.edit.field, conflict.theirs) == ("G2", "title", "c")
    screen.session.undo()
    book = screen.flush()
    assert book.get("G1") is None and title(book, "G2") == "c"
    screen.session.undo()
    screen.flush()
    assert screen.of(Written)[-1] == Written("undo", ())


def test_undo_takes_back_what_was_written_upon_anothers_text_but_not_through_it(screen: Screen, uwe: Workbook) -> None:
    screen.session.submit([Create(CompanyGoal, {"title": "a"})])
    screen.session.typed("G1", "title", "mine", "a")
    screen.flush()
    uwe.poll()
    uwe.apply([Change("G1", "title", "mine", "theirs")])
    screen.next(Advanced)
    screen.session.typed("G1", "title", "theirs and mine", "theirs")
    screen.session.undo()
    assert title(screen.flush()) == "theirs"
    screen.session.undo()
    conflict, = screen.next(Declined).refused.conflicts
    assert conflict.who == "Uwe" and title(screen.book) == "theirs"


# ---- fields of several ids ----

def goals(book: Book) -> tuple[str, ...]:
    found = book.get("C1")
    assert isinstance(found, CrmGoal)
    return found.company_goals


@pytest.fixture
def linked(screen: Screen, uwe: Workbook) -> Screen:
    """G1 to G4, and C1 that is linked to G1."""
    screen.session.submit([*(Create(CompanyGoal, {}) for _ in range(4)), Create(CrmGoal, {"company_goals": ("G1",)})])
    screen.flush()
    uwe.poll()
    return screen


def test_two_people_choose_different_targets_in_one_field(linked: Screen, uwe: Workbook) -> None:
    linked.session.typed("C1", "company_goals", ("G1", "G2"), ("G1",))
    linked.flush()
    uwe.apply([Unlink("C1", "company_goals", "G1"), Link("C1", "company_goals", "G3")])
    linked.session.typed("C1", "company_goals", ("G1", "G2", "G4"), ("G1",))  # the screen shows neither yet
    assert goals(linked.flush()) == ("G2", "G3", "G4")
    linked.session.typed("C1", "company_goals", ("G1", "G4"), ("G1",))
    assert goals(linked.flush()) == ("G3", "G4"), "what was added here is taken out again, what was not stays"
    linked.session.settled("C1")
    linked.session.typed("C1", "company_goals", ("G4",), ("G3", "G4"))
    assert goals(linked.flush()) == ("G4",)
    assert not linked.of(Conflicted) and not linked.of(Declined)
    linked.session.ask(lambda workbook: [entry.op for entry in workbook.history("C1")])
    linked.flush()
    assert linked.of(Answered)[-1].result == ["unlink", "unlink", "link", "link", "unlink", "link", "create"]
    for expected in (("G3", "G4"), ("G3",)):
        linked.session.undo()
        assert goals(linked.flush()) == expected


def test_what_somebody_brought_back_can_be_taken_out_again(linked: Screen, uwe: Workbook) -> None:
    linked.session.typed("C1", "company_goals", ("G1", "G2"), ("G1",))
    linked.session.typed("C1", "company_goals", ("G1",), ("G1",))
    linked.flush()
    linked.session.typed("C1", "company_goals", ("G1", "G2"), ("G1",))
    linked.flush()
    linked.session.typed("C1", "company_goals", ("G1",), ("G1",))
    linked.flush()
    uwe.poll()
    uwe.apply([Link("C1", "company_goals", "G2")])
    while linked.next(Advanced).own:
        pass
    linked.session.typed("C1", "company_goals", ("G1",), ("G1", "G2"))
    assert goals(linked.flush()) == ("G1",)


def test_several_ids_for_a_record_that_is_gone_or_a_target_that_is(linked: Screen, uwe: Workbook) -> None:
    uwe.apply([Delete("G4")])
    linked.session.typed("C1", "company_goals", ("G1", "G4"), ("G1",))
    linked.flush()
    assert "there is no G4" in str(linked.of(Declined)[-1].refused)
    uwe.apply([Delete("C1")])
    linked.session.typed("C1", "company_goals", ("G1", "G2"), ("G1",))
    conflict = linked.next(Conflicted)
    assert conflict.gone and conflict.who == "Uwe" and conflict.mine == ("G1", "G2")
    assert [row.text for row in linked.flush().rows(Unfinished)] == ["G1, G2"]


# ---- kept texts ----

def test_two_drafts_that_cannot_be_made_keep_both_texts(screen: Screen, uwe: Workbook) -> None:
    uwe.apply([Create(Vendor, {"name": "Alpha"}), Create(Vendor, {"name": "Beta"})])
    screen.next(Advanced)
    tokens = [screen.session.draft(Answer, vendor="V1") for _ in range(2)]
    uwe.apply([Delete("V1")])
    for token in tokens:
        for text in ("a long", f"a long note about {token}"):
            screen.session.typed(token, "note", text, "")
            screen.flush()
        screen.session.settled(token)
    texts = [f"a long note about {token}" for token in tokens]
    assert [(row.record, row.text) for row in screen.flush().rows(Unfinished)] == [("new answer", text) for text in texts]
    screen.session.ask(lambda workbook: [entry.new for entry in workbook.history() if entry.code[:1] == "U"])
    screen.flush()
    told = str(screen.of(Answered)[-1].result)
    assert all(text in told for text in texts)
    screen.session.typed(tokens[1], "note", "", "")
    assert [row.text for row in screen.flush().rows(Unfinished)] == texts[:1]


def test_a_kept_text_goes_when_its_draft_can_be_made(screen: Screen, uwe: Workbook) -> None:
    uwe.apply([Create(Vendor, {"name": "Alpha"})])
    token = screen.session.draft(Answer, vendor="V1")
    batch = uwe.apply([Delete("V1")])[0].batch
    screen.session.typed(token, "note", "a note", "")
    assert [row.text for row in screen.flush().rows(Unfinished)] == ["a note"]
    uwe.undo(batch)
    screen.session.typed(token, "note", "a note, mended", "")
    book = screen.flush()
    assert not book.rows(Unfinished) and [row.note for row in book.rows(Answer)] == ["a note, mended"]


def test_a_second_window_of_the_same_person_keeps_its_own_texts(screens: Callable[[str], Screen], uwe: Workbook) -> None:
    uwe.apply([Create(CompanyGoal, {"title": "a"})])
    first, second = screens("Eva"), screens("Eva")
    uwe.apply([Change("G1", "title", "a", "Uwe")])
    first.session.typed("G1", "title", "a long thought", "a")
    first.flush()
    second.session.typed("G1", "title", "Uwe, mended", "Uwe")
    book = second.flush()
    assert title(book) == "Uwe, mended" and [row.text for row in book.rows(Unfinished)] == ["a long thought"]
    second.session.unfinished("G1", "title", "another")
    assert [row.text for row in second.flush().rows(Unfinished)] == ["a long thought", "another"]
    third = screens("Eva")  # its form shows what was left there
    third.session.typed("G1", "title", "settled", "Uwe, mended")
    assert not third.flush().rows(Unfinished)


# ---- visits ----

def test_an_entry_is_final_after_a_minute(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    screen.session.submit([Create(CompanyGoal, {"title": "a"})])
    clock = [1000.0]
    monkeypatch.setattr("crm_workbook.store.typist.time", SimpleNamespace(monotonic=lambda: clock[0]))
    for text in ("ab", "abc", "abcd", "abcde"):
        screen.session.typed("G1", "title", text, "a")
        screen.session.unfinished("G1", "weight", f"{text}?")
        screen.flush()
        clock[0] += 31
    screen.session.ask(lambda workbook: [entry.new for entry in workbook.history("G1")][:-1], ticket="G1")
    screen.session.ask(lambda workbook: [entry.new for entry in workbook.history("U1")][:-1], ticket="U1")
    screen.flush()
    assert [event.result for event in screen.of(Answered)] == [['"abcde"', '"abc"'], ['"abcde?"', '"abc?"']]
    screen.session.undo()
    assert title(screen.flush()) == "abc"


# ---- when it does not work ----

@pytest.fixture
def lock(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], AbstractContextManager[None]]]:
    """Somebody else holds the writers' lock, who may be stopped."""
    monkeypatch.setattr("crm_workbook.store.lock.PATIENCE", 0.3)

    @contextmanager
    def held() -> Iterator[None]:
        descriptor = os.open(lock_path(path), os.O_RDWR | os.O_CREAT)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        try:
            yield
        finally:
            os.close(descriptor)

    yield held


def test_a_lock_that_another_program_keeps_stops_writing_only(
        screen: Screen, uwe: Workbook, lock: Callable[[], AbstractContextManager[None]],
        monkeypatch: pytest.MonkeyPatch) -> None:
    screen.session.submit([Create(CompanyGoal, {"title": "a"})])
    screen.flush()
    with lock():
        screen.session.typed("G1", "title", "b", "a")
        reason = screen.next(Stalled).reason
        assert reason.startswith("Another program is writing into this workbook") and "kept here and tried again" in reason
        screen.session.ask(lambda workbook: len(workbook.history("G1")), ticket="history")
        assert screen.next(Answered).result == 1
        monkeypatch.setattr(uwe._store, "_queue", SimpleNamespace(turn=lambda seconds=0: nullcontext(), close=lambda: None))
        uwe.apply([Change("G1", "note", "", "from Uwe")])  # the one who holds it goes on
        assert not screen.next(Advanced).own
    screen.next(Resumed)
    assert title(screen.flush()) == "b" and len(screen.of(Stalled)) == 1


def test_closing_while_another_program_keeps_the_lock(
        screens: Callable[[str], Screen], lock: Callable[[], AbstractContextManager[None]]) -> None:
    eva, uwe = screens("Eva"), screens("Uwe")
    eva.session.submit([Create(CompanyGoal, {"title": "a"})])
    eva.flush()
    with lock():
        began = time.monotonic()
        assert uwe.session.close() is True and time.monotonic() - began < 2
        eva.session.typed("G1", "title", "b", "a")
        eva.next(Stalled)
        began = time.monotonic()
        assert eva.session.close() is False and time.monotonic() - began < 3.5
        assert eva.session.rescued is not None and '"b"' in eva.session.rescued.read_text()


def test_a_full_disk_is_told_once_and_everything_is_written_afterwards(screen: Screen) -> None:
    screen.session.submit([Create(CompanyGoal, {"title": "a"})], ticket="one")
    screen.flush()
    screen.full = True
    screen.session.submit([Change("G1", "note", "", "n")], ticket="two")
    assert screen.next(Stalled).reason == "The disk is full."
    screen.session.typed("G1", "title", "b", "a")
    screen.session.submit([Create(CompanyGoal, {"title": "second"})], ticket="three")
    screen.session.typed("G1", "title", "c", "a")
    assert not screen.session.flush(0.1) and title(screen.book) == "a"
    screen.full = False
    screen.next(Resumed)
    book = screen.flush()
    assert title(book) == "c" and title(book, "G2") == "second" and len(screen.of(Stalled)) == 1
    assert [event.ticket for event in screen.of(Written) if event.ticket != "G1"] == ["one", "two", "three"]


def test_what_cannot_be_written_in_the_end_is_rescued(screen: Screen, own_home: Path) -> None:
    screen.session.submit([Create(CompanyGoal, {"title": "a"})])
    screen.flush()
    screen.full = True
    token = screen.session.draft(Person)
    screen.session.typed("G1", "title", "b\x00\ud800", "a")
    screen.session.submit([Change("G1", "note", "", "n"), Create(CrmGoal, {"title": "c"}), Link("C1", "company_goals", "G1")])
    screen.session.unfinished(token, "hours", "12a")
    assert screen.session.close(0.2) is False
    assert screen.session.rescued is not None and screen.session.rescued.is_relative_to(own_home / ".local" / "state")
    kept = tomllib.loads(screen.session.rescued.read_text())["unsaved"]
    assert [(item["record"], item.get("field", ""), item.get("text", "")) for item in kept if "do" not in item] == [
        ("G1", "title", "b\u2400\\ud800"), ("new person", "hours", "12a")]
    assert [item["do"] for item in kept if "do" in item] == ["change", "create", "link"]


def test_close_writes_what_was_typed_last(screen: Screen, path: Path) -> None:
    token = screen.session.draft(CompanyGoal)
    screen.session.typed(token, "title", "the last wor", "")
    assert screen.session.close() is True and screen.session.close() is True and screen.session.rescued is None
    with Workbook.open(str(path), who="Reader") as workbook:
        assert title(workbook.book) == "the last wor"
    assert [name.name for name in path.parent.iterdir() if "-wal" in name.name] == []


def test_a_thread_that_hangs_does_not_keep_what_was_typed(screen: Screen, own_home: Path) -> None:
    going_on: queue.SimpleQueue[None] = queue.SimpleQueue()
    screen.session.ask(lambda workbook: going_on.get())
    screen.session.typed("G1", "title", "typed meanwhile", "")
    assert screen.session.close(0.1) is False
    assert screen.session.rescued is not None and "typed meanwhile" in screen.session.rescued.read_text()
    going_on.put(None)


def test_a_workbook_that_cannot_be_opened(tmp_path: Path) -> None:
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    session = Session(str(tmp_path / "none.crm"), who="Eva", post=events.put)
    session.start()
    event = events.get(timeout=8)
    assert isinstance(event, Failed) and event.opening and "There is no file" in event.sentence
    assert session.close() is True


def test_mistakes_of_ours_do_not_end_the_thread(screen: Screen, caplog: pytest.LogCaptureFixture) -> None:
    screen.session.ask(lambda workbook: 1 / 0)
    assert "ZeroDivisionError" in screen.next(Failed).sentence and "ZeroDivisionError" in caplog.text
    screen.session.ask(lambda workbook: (_ for _ in ()).throw(NotAWorkbook("exists", "Choose another name.")), ticket="copy")
    assert str(screen.next(Declined).refused) == "Choose another name."
    screen.session.submit([Create(CompanyGoal, {"title": "a"})])
    assert title(screen.flush()) == "a"


def test_what_a_mistake_of_ours_keeps_from_being_written_is_rescued(
        screen: Screen, monkeypatch: pytest.MonkeyPatch, own_home: Path) -> None:
    screen.session.submit([Create(CompanyGoal, {"title": "a"}), Create(CompanyGoal, {"title": "b"})])
    screen.flush()
    write = Workbook.apply

    def faulty(workbook: Workbook, edits: Sequence[Edit], *, batch: str = "") -> tuple[Entry, ...]:
        if any(isinstance(edit, Change) and edit.code == "G1" for edit in edits):
            raise ZeroDivisionError
        return write(workbook, edits, batch=batch)

    monkeypatch.setattr(Workbook, "apply", faulty)
    for text in ("a wor", "a word"):
        screen.session.typed("G1", "title", text, "a")
        screen.session.typed("G2", "title", text, "b")
        assert not screen.session.flush(8), "not everything is on the disk"
    screen.session.submit([Change("G1", "note", "", "a note")])
    sentences = [screen.next(Failed).sentence for _ in range(2)]
    assert all("What you wrote is kept in" in sentence for sentence in sentences) and title(screen.book, "G2") == "a word"
    assert screen.session.close() is False and screen.session.rescued is not None
    kept = tomllib.loads(screen.session.rescued.read_text())["unsaved"]
    assert [item["text"] for item in kept] == ["a word", "a note"]
    assert list(screen.session.rescued.parent.iterdir()) == [screen.session.rescued], "one file, not four a second"


def test_a_mistake_that_passes_leaves_nothing_to_rescue(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    screen.session.submit([Create(CompanyGoal, {"title": "a"})])
    screen.flush()
    with monkeypatch.context() as broken:
        broken.setattr(Typist, "write", lambda *_: 1 / 0)
        screen.session.typed("G1", "title", "ab", "a")
        screen.next(Failed)
    rescued = screen.session.rescued
    assert rescued is not None and rescued.exists()
    screen.session.typed("G1", "title", "abc", "a")
    assert title(screen.flush()) == "abc" and not rescued.exists()
    assert screen.session.close() is True and screen.session.rescued is None


def test_what_is_typed_after_the_thread_has_ended_is_rescued(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Session, "_listen", lambda session: 1 / 0)
    screen.session.submit([Create(CompanyGoal, {"title": "a"})])
    assert "cannot store anything more" in screen.next(Failed).sentence
    screen.session.typed("G1", "title", "ab", "a")
    assert screen.session.close() is False
    assert screen.session.rescued is not None and '"ab"' in screen.session.rescued.read_text()


def test_a_screen_that_does_not_listen_does_not_end_the_thread(path: Path) -> None:
    def post(event: Event) -> None:
        raise RuntimeError("the app is gone")

    session = Session(str(path), who="Eva", post=post)
    session.start()
    session.submit([Create(CompanyGoal, {"title": "a"})])
    assert session.close() is True
    with Workbook.open(str(path), who="Reader") as workbook:
        assert title(workbook.book) == "a"
