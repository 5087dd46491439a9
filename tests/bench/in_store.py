"""Benches of the store: how soon an edit is on disk, and how soon others see it."""
from __future__ import annotations

import random
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from .measure import Figure, NotPossible, environment, percentile, progress, scratch, script
from .workbooks import WHO, of_requirements

if TYPE_CHECKING:
    from crm_workbook.store.session import Event


def _edit_times(path: str, count: int) -> list[float]:
    """Milliseconds from handing an edit to the session until it says that it is written."""
    from crm_workbook.records.edits import Change
    from crm_workbook.records.requirements import Requirement
    from crm_workbook.store import Workbook
    from crm_workbook.store.session import Declined, Opened, Session, Written

    with Workbook.open(path, who=WHO) as workbook:
        note = workbook.book.rows(Requirement)[0].note
    done, events, declined = threading.Event(), [0.0], list[str]()

    def post(event: Event) -> None:
        if isinstance(event, Declined):
            declined.append(str(event.refused))
        if isinstance(event, Opened | Declined | Written):
            events[0] = time.perf_counter()
            done.set()

    session, times = Session(path, who=WHO, post=post), list[float]()
    session.start()
    try:
        if not done.wait(30):
            raise NotPossible("the session did not open")
        for number in range(count + 10):
            done.clear()
            new, started = f"text {number}", time.perf_counter()
            session.submit([Change("R1", "note", note, new)], ticket=f"edit {number}")
            if not done.wait(10) or declined:
                raise NotPossible("; ".join(declined) or "an edit was not answered")
            times.append((events[0] - started) * 1000)
            note = new
            time.sleep(0.01)
    finally:
        session.close()
    return times[10:]


def edit(count: int) -> Iterator[Figure]:
    """An edit acknowledged on disk."""
    times = _edit_times(str(of_requirements(1000)), max(100, 40 * count))
    yield Figure("edit", "edit on disk, p50", percentile(times, 0.5), "ms", 5)
    yield Figure("edit", "edit on disk, p95", percentile(times, 0.95), "ms", 25)


def journal_edit(count: int) -> Iterator[Figure]:
    """100,000 journal rows against none: an edit."""
    few, many = list[float](), list[float]()
    for _turn in range(max(3, count)):
        few += _edit_times(str(of_requirements(1000)), 40)
        many += _edit_times(str(of_requirements(1000, 100_000)), 40)
    base, grown = percentile(few, 0.5), percentile(many, 0.5)
    yield Figure("journal", "100,000 journal rows, edit", grown / base if base and grown else None, "x", 1.3)


def live(count: int) -> Iterator[Figure]:
    """A change made by one process, until the session of another one has it."""
    from crm_workbook.records.edits import Change
    from crm_workbook.records.requirements import Requirement
    from crm_workbook.store import Workbook

    path = str(of_requirements(100))
    sent: dict[str, float] = {}
    reader = subprocess.Popen(script("reader", path), env=environment(), cwd=scratch(), text=True, stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE)
    assert reader.stdin and reader.stdout
    try:
        if reader.stdout.readline().strip() != "open":
            raise NotPossible("the other session did not open")
        dice = random.Random(7)
        with Workbook.open(path, who=WHO) as workbook:
            for number in range(max(60, 20 * count)):
                time.sleep(dice.uniform(0.1, 0.7))
                requirement = workbook.book.rows(Requirement)[0]
                workbook.apply([Change("R1", "note", requirement.note, f"seen {number}")], batch=f"live-{number}")
                sent[f"seen {number}"] = time.monotonic()
                progress(f"change {number + 1}")
        time.sleep(1.5)
        reader.stdin.close()
        times = _arrivals(reader.stdout.read().splitlines(), sent)
    finally:
        reader.kill()
        reader.wait()
    progress("")
    missed = len(sent) - len(times)
    yield Figure("live", "change seen by another session, p50", percentile(times, 0.5), "ms", 500)
    yield Figure("live", "change seen by another session, p99", percentile(times, 0.99), "ms", 1000)
    yield Figure("live", "changes that never arrived", missed, "", 0)


def _arrivals(lines: Sequence[str], sent: dict[str, float]) -> list[float]:
    """Milliseconds until each change arrived; one that was overtaken by a younger one of the same poll counts too."""
    times, arrived = list[float](), -1
    for line in lines:
        at, _tab, note = line.partition("\t")
        number = int(note.removeprefix("seen "))
        for overtaken in range(arrived + 1, number + 1):
            times.append((float(at) - sent[f"seen {overtaken}"]) * 1000)
        arrived = max(arrived, number)
    return times
