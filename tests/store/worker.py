"""What the tests run in processes of their own: `python worker.py TASK TARGET ARGUMENT`."""
from __future__ import annotations

import os
import queue
import resource
import signal
import sys

from crm_workbook.records.edits import Change, Create, Refused
from crm_workbook.records.goals import CompanyGoal
from crm_workbook.store import Workbook
from crm_workbook.store.session import Conflicted, Event, Opened, Resumed, Session, Stalled
from crm_workbook.store.signals import block_signals, install

ROUNDS = 60


def say(text: str) -> None:
    print(text, flush=True)


def count(target: str, who: str) -> None:
    """Adds one to a field of G1 that it shares with others, signs it, and writes a field of its own."""
    with Workbook.open(target, who=who) as workbook:
        say("ready")
        sys.stdin.readline()
        for number in range(1, ROUNDS + 1):
            while True:
                workbook.poll()
                goal = workbook.book.get("G1")
                assert isinstance(goal, CompanyGoal)
                seen = int(goal.user_benefit.partition(" ")[0] or 0)
                try:
                    workbook.apply([Change("G1", "user_benefit", goal.user_benefit, f"{seen + 1} {who}"),
                                    Change("G1", who, goal.get(who), f"{who} {number}")])
                    break
                except Refused as refused:
                    assert refused.conflicts and not refused.problems
    say("done")


def create(target: str, who: str) -> None:
    """Creates for ever; says each code once it is acknowledged."""
    with Workbook.open(target, who=who) as workbook:
        while True:
            say(workbook.apply([Create(CompanyGoal, {"title": "x" * 500})])[0].code)


def session(target: str, who: str) -> tuple[Session, queue.SimpleQueue[Event]]:
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    made = Session(target, who=who, post=events.put)
    made.start()
    assert isinstance(events.get(timeout=9), Opened)
    return made, events


def until(events: queue.SimpleQueue[Event], kind: type[Event]) -> Event:
    while not isinstance(event := events.get(timeout=9), kind):
        assert not isinstance(event, Conflicted)
    return event


def full_disk(target: str, mode: str) -> None:
    """Fills the disk (this process may not make files longer) while somebody types."""
    writer, events = session(target, "Eva")
    token = writer.draft(CompanyGoal)
    writer.typed(token, "title", "before", "")
    assert writer.flush()
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (os.stat(target + "-wal").st_size, hard))
    writer.typed(token, "title", "typed on a full disk", "before")
    writer.typed(token, "note", "n" * 9000, "")
    stalled = until(events, Stalled)
    assert isinstance(stalled, Stalled)
    say(stalled.reason)
    if mode == "stays full":
        say(f"{writer.close(timeout=0.5)} {writer.rescued}")
        return
    writer.typed(token, "title", "typed on a full disk, and more", "before")
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    until(events, Resumed)
    say(f"{writer.close()} {writer.rescued}")


def signalled(target: str, mode: str) -> None:
    """Types in mid-word and then does nothing more; `stuck`: the main thread hangs in a write to a terminal."""
    block_signals()
    writer, _ = session(target, "Eva")
    writer.warm()
    token = writer.draft(CompanyGoal)
    install(writer, lambda: say("restored"))
    text = ""
    for letter in "Grow in the nor":
        text += letter
        writer.typed(token, "title", text, "")
    say("typed")
    if mode == "stuck":
        os.write(os.pipe()[1], b"x" * 10_000_000)
    while True:
        signal.sigtimedwait([signal.SIGUSR1], 60)


if __name__ == "__main__":
    tasks = {"count": count, "create": create, "full_disk": full_disk, "signalled": signalled}
    tasks[sys.argv[1]](sys.argv[2], sys.argv[3])
