"""Benches of what a person sees and feels: start, keys, forms, long lists, idling, many sessions."""
from __future__ import annotations

from collections.abc import Iterator

from .measure import Figure, NotPossible, Program, Table, command, environment, rounds
from .measure import script as small
from .steps import Idle, Press, Seek, Step, Timed, Until
from .terminal import Terminal
from .workbooks import WHO, of_requirements, sample

SHELL = r"(?s)CRM Workbook.*Adoption.*Minutes"
DATA = r"Talk about this next"
FINDINGS = r"Too little backing from the sponsor"
LIST = r"Requirement\s+Priority"
FIELD = r"Serves the CRM goals"
TO_LIST = (Press(("4",)), Seek("]", LIST))
DOWN = ("down",) * 30

E = Program("E", small("e"), (Until("HELLO", "paint"), Idle()))
T = Program("T", small("t"), (Until(r"requirement 1\b", "paint"), Timed("key", DOWN)))


def app(name: str, path: object, *steps: Step) -> Program:
    """The workbook on the screen, from its first paint on."""
    return Program(name, command(path, "--as", WHO), (Until(SHELL, "paint"), Until(DATA, "data"), *steps))


def _failed(bench: str, table: Table) -> None:
    if errors := table.errors():
        raise NotPossible("; ".join(errors))


def shell(count: int) -> Iterator[Figure]:
    """Shell painted and Overview with data, against E and T; idling."""
    found = Program("found", command(sample(), "--as", WHO), (Until(SHELL, "paint"), Until(FINDINGS, "findings")))
    table = rounds([E, T, app("crm", sample(), Idle()), found], count)
    _failed("shell", table)
    yield Figure("shell", "shell painted", table.ratio("crm", "paint", "E"), "E", 1.4)
    yield Figure("shell", "Overview with its data", table.ratio("crm", "data", "T", "paint"), "T", 2.3)
    yield Figure("shell", "Overview with its findings", table.ratio("found", "findings", "T", "paint"), "T", 2.3)
    yield Figure("shell", "idle CPU", table.value("crm", "idle cpu"), "ms/s", 5)
    yield Figure("shell", "idle bytes", table.value("crm", "idle bytes"), "B/s", 0)


def keys(count: int) -> Iterator[Figure]:
    """Time and bytes of a key in a list, in a field of a form, and of a change of chapter, against T."""
    crm = app("crm", of_requirements(1000), *TO_LIST, Timed("list", DOWN), Press(("enter",)), Until(FIELD), Press(("end",)),
              Timed("field", tuple("what we need on one card")), Press(("escape", "escape")),
              Timed("chapter", tuple("1234512345")), Until("Answers"))  # the second time round every page is there already
    table = rounds([T, crm], count)
    _failed("keys", table)
    for place, title in {"list": "key in a list", "field": "key in a form field", "chapter": "change of chapter"}.items():
        for part in (0.5, 0.95):
            yield Figure("keys", f"{title}, p{part * 100:.0f}", table.ratio("crm", place, "T", "key", part), "T", 2.0)
    yield Figure("keys", "bytes of a key in a list", table.value("crm", "list bytes"), "B", 1500)
    yield Figure("keys", "bytes of a key in a field", table.value("crm", "field bytes"), "B", 400)


def form(count: int) -> Iterator[Figure]:
    """A form of 60 and of 120 fields from the key that opens it until it rests, against 60 Input widgets."""
    def program(name: str, kind: str, fields: int) -> Program:
        steps = (Until("READY", "paint"), Timed("open", ("o",), rest=True), Until("value 0"), Timed("key", ("x", "y")))
        return Program(name, small(kind, fields), steps)

    table = rounds([program("inputs", "inputs", 60), program("60", "form", 60), program("120", "form", 120)], count)
    _failed("form", table)
    yield Figure("form", "60 fields at rest", table.ratio("60", "open", "inputs"), "Inputs", 0.5)
    yield Figure("form", "120 fields against 60", table.ratio("120", "open", "60"), "x", 1.5)


def rows(count: int) -> Iterator[Figure]:
    """Our list with 100,000 rows against 1,000: first paint and memory."""
    def program(name: str, number: int) -> Program:
        return Program(name, small("rows", number), (Until("R1 +requirement 1 of many", "paint"),))

    table = rounds([program("1,000", 1000), program("100,000", 100_000)], count)
    _failed("rows", table)
    yield Figure("rows", "100,000 rows, first paint", table.ratio("100,000", "paint", "1,000"), "x", 2.5)
    yield Figure("rows", "100,000 rows, memory", table.ratio("100,000", "pss", "1,000"), "x", 2.5)


def large(count: int) -> Iterator[Figure]:
    """A workbook of 10,000 requirements against one of 100: first data, a key in the filter, a key in the list."""
    steps = (*TO_LIST, Timed("scroll", DOWN), Press(("/",)), Timed("filter", tuple("many")))
    table = rounds([app("100", of_requirements(100), *steps), app("10,000", of_requirements(10_000), *steps)], count)
    _failed("large", table)
    for reading, title in {"data": "first data", "filter": "key in the filter", "scroll": "key in the list"}.items():
        yield Figure("large", f"10,000 requirements, {title}", table.ratio("10,000", reading, "100"), "x", 1.5)


def journal_paint(count: int) -> Iterator[Figure]:
    """100,000 journal rows against none: first data."""
    table = rounds([app("none", of_requirements(1000)), app("100,000", of_requirements(1000, 100_000))], count)
    _failed("journal", table)
    yield Figure("journal", "100,000 journal rows, first data", table.ratio("100,000", "data", "none"), "x", 1.3)


def sessions(count: int) -> Iterator[Figure]:
    """Memory of the last of 20 sessions on one file, against E alone."""
    table, open_ = rounds([E], 1, 0), list[Terminal]()
    alone = table.value("E", "pss")
    try:
        for _number in range(20):
            terminal = Terminal(command(sample(), "--as", f"{WHO} {_number}"), environment())
            open_.append(terminal)
            if not terminal.watch(lambda shown=terminal: DATA in shown.text()):  # type: ignore[misc]  # bound at once
                raise NotPossible("a session did not paint: " + " / ".join(terminal.text().split())[:200])
        open_[-1].watch(quiet=2.0, timeout=10)
        memory = open_[-1].pss()
    finally:
        for terminal in open_:
            terminal.close()
    yield Figure("sessions", "memory of the 20th session", memory / alone if alone else None, "E", 2.5)
