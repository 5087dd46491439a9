"""Benches of the commands that need no screen: start, export, the full export of a large workbook."""
from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from .measure import Figure, NotPossible, Run, Table, command, environment, scratch, turns
from .workbooks import sample


def _timed(argv: tuple[str, ...]) -> Callable[[], Run]:
    def one() -> Run:
        found, started = Run(), time.perf_counter()
        done = subprocess.run(argv, env=environment(), cwd=scratch(), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              check=False)
        found.note("ms", (time.perf_counter() - started) * 1000)
        if done.returncode:
            found.error = f"{' '.join(argv[3:])}: {(done.stderr or done.stdout).strip()[-300:]}"
        return found
    return one


def _table(count: int, **programs: tuple[str, ...]) -> Table:
    table = Table(turns({name: _timed(argv) for name, argv in programs.items()}, count))
    if errors := table.errors():
        raise NotPossible("; ".join(errors))
    return table


def start(count: int) -> Iterator[Figure]:
    """--version and --help against an interpreter that does nothing."""
    table = _table(max(10, 2 * count), bare=(sys.executable, "-c", ""), version=command("--version"), help=command("--help"))
    yield Figure("start", "--version", table.ratio("version", "ms", "bare"), "bare", 4)
    yield Figure("start", "--help", table.ratio("help", "ms", "bare"), "bare", 4)


def export(count: int) -> Iterator[Figure]:
    """`export` and `check` of the sample against `import sqlmodel`."""
    table = _table(count, orm=(sys.executable, "-c", "import sqlmodel"), export=command("export", sample()),
                   check=command("check", sample()))
    yield Figure("export", "export of the sample", table.ratio("export", "ms", "orm"), "import", 1.5)
    yield Figure("export", "check of the sample", table.ratio("check", "ms", "orm"), "import", 1.5)


def full(count: int) -> Iterator[Figure]:
    """The full export of 100,000 records against tomli_w on the same dictionaries."""
    import tomli_w

    from crm_workbook.catalogue import load
    from crm_workbook.exchange.full import write_full
    from crm_workbook.records.book import Book, row_of
    from crm_workbook.records.requirements import Requirement

    rest = tuple(row_of(Requirement, 0, {"priority": "must", "department": "D1", "state": "accepted", "goals": ["C1"],
                                         "note": "one line of notes"}))[2:]
    made = [Requirement.make((i, f"requirement {i} of many", *rest)) for i in range(1, 100_001)]
    book, catalogue = Book.of(made), load()
    plain: dict[str, dict[str, dict[str, Any]]] = {"requirement": {row.code: row.values() for row in made}}

    def timed(work: Callable[[], str]) -> Callable[[], Run]:
        def one() -> Run:
            found, started = Run(), time.perf_counter()
            work()
            found.note("ms", (time.perf_counter() - started) * 1000)
            return found
        return one

    table = Table(turns({"tomli_w": timed(lambda: tomli_w.dumps(plain)), "ours": timed(lambda: write_full(book, catalogue))},
                        max(1, count // 2), 0))
    yield Figure("full", "full export of 100,000 records", table.ratio("ours", "ms", "tomli_w"), "tomli_w", 2.0)
