"""Programs and their scripts, rounds of several programs taking turns, and the figures that come out."""
from __future__ import annotations

import json
import os
import re
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache, partial
from pathlib import Path

from .steps import Idle, Press, Seek, Step, Timed, Until
from .terminal import Terminal

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = Path(__file__).parent / "programs"
PAINT_TIMEOUT, KEY_TIMEOUT, QUIET = 60.0, 5.0, 0.06


@dataclass(frozen=True, slots=True)
class Program:
    """Something to run in a terminal. The first `Until` of its script is its first paint."""

    name: str
    argv: tuple[str, ...]
    script: tuple[Step, ...]
    size: tuple[int, int] = (80, 24)


@dataclass
class Run:
    """What one run gave: lists of readings by name. Times in milliseconds, memory in MiB."""

    readings: dict[str, list[float]] = field(default_factory=dict)
    error: str = ""

    def note(self, name: str, value: float) -> None:
        self.readings.setdefault(name, []).append(value)


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the result: holds when `measured` is not above `budget`."""

    bench: str
    name: str
    measured: float | None
    unit: str
    budget: float

    @property
    def ok(self) -> bool:
        return self.measured is not None and self.measured <= self.budget


class NotPossible(Exception):
    """A bench that cannot run here; the message says why."""


@cache
def scratch() -> Path:
    """A folder for workbooks and homes, gone with the process."""
    holder = tempfile.TemporaryDirectory(prefix="crm-workbook-bench-", ignore_cleanup_errors=True)
    _held.append(holder)
    return Path(holder.name)


_held: list[tempfile.TemporaryDirectory[str]] = []


@cache
def environment() -> dict[str, str]:
    """The environment of every measured program: the same on every machine, with compiled modules."""
    home = scratch() / "home"
    home.mkdir()
    kept = {name: os.environ[name] for name in ("PATH", "VIRTUAL_ENV", "LD_LIBRARY_PATH") if name in os.environ}
    return kept | {"HOME": str(home), "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", "TZ": "UTC",
                   "PYTHONPATH": str(ROOT)}


def script(name: str, *args: object) -> tuple[str, ...]:
    """The command line of one of our small programs."""
    return (sys.executable, str(PROGRAMS / f"{name}.py"), *map(str, args))


def command(*args: object) -> tuple[str, ...]:
    """The command line `crm-workbook ...`, as the installed script starts it."""
    return (sys.executable, "-c", "import sys; from crm_workbook.cli import main; sys.exit(main())", *map(str, args))


def run(program: Program) -> Run:
    """One run of a program through its script."""
    result, terminal = Run(), Terminal(program.argv, environment(), program.size)
    try:
        for step in program.script:
            if not _step(terminal, step, result):
                result.error = f"{program.name}: {step} failed on: " + " / ".join(terminal.text().split())[:300]
                break
        result.note("pss", terminal.pss())
    finally:
        terminal.close()
    return result


def _step(terminal: Terminal, step: Step, result: Run) -> bool:
    match step:
        case Until(pattern, name):
            wanted = re.compile(pattern)
            if wanted.search(terminal.text()) and not name:
                return True
            seen = terminal.watch(lambda: wanted.search(terminal.text()), timeout=PAINT_TIMEOUT)
            if seen and name:
                result.note(name, (seen.at - terminal.start) * 1000)
                result.note(f"{name} cpu", seen.cpu * 1000)
            return bool(seen)
        case Press(keys):
            for key in keys:
                terminal.watch(quiet=0.3, timeout=3)
                terminal.press(key)
            terminal.watch(quiet=0.3, timeout=3)
            return True
        case Seek(key, pattern, most):
            for _time in range(most):
                terminal.watch(quiet=0.3, timeout=3)
                if re.search(pattern, terminal.text()):
                    return True
                terminal.press(key)
            terminal.watch(quiet=0.3, timeout=3)
            return bool(re.search(pattern, terminal.text()))
        case Timed(name, keys, rest):
            terminal.watch(quiet=0.3, timeout=3)
            return all(_timed(terminal, name, key, rest, result) for key in keys)
        case Idle(seconds):
            terminal.watch(quiet=1.0, timeout=5)
            cpu, received = terminal.cpu(), terminal.received
            terminal.watch(timeout=seconds)
            result.note("idle cpu", (terminal.cpu() - cpu) * 1000 / seconds)
            result.note("idle bytes", (terminal.received - received) / seconds)
            return True


def _timed(terminal: Terminal, name: str, key: str, rest: bool, result: Run) -> bool:
    terminal.watch(quiet=QUIET, timeout=2)
    received, sent = terminal.received, terminal.press(key)
    seen = terminal.watch(lambda: True, timeout=KEY_TIMEOUT)
    if seen is None:
        return False
    later = terminal.watch(quiet=0.3 if rest else QUIET, timeout=KEY_TIMEOUT)
    result.note(name, ((later if rest and later else seen).at - sent) * 1000)
    result.note(f"{name} bytes", terminal.received - received)
    return True


@dataclass
class Table:
    """All runs of all programs, round by round."""

    rounds: list[dict[str, Run]]

    def value(self, program: str, reading: str, part: float = 0.5) -> float | None:
        """The median over the rounds of a percentile of the readings of each."""
        values = [value for found in self.rounds if (value := percentile(found[program].readings.get(reading, []), part))
                  is not None]
        return statistics.median(values) if values else None

    def ratio(self, program: str, reading: str, to: str, to_reading: str = "", part: float = 0.5) -> float | None:
        """The median over the rounds of the ratio to another program of the same round."""
        ratios = []
        for found in self.rounds:
            mine = percentile(found[program].readings.get(reading, []), part)
            base = percentile(found[to].readings.get(to_reading or reading, []), part)
            if mine is not None and base:
                ratios.append(mine / base)
        return statistics.median(ratios) if ratios else None

    def errors(self) -> list[str]:
        """What went wrong, each thing once."""
        return sorted({found.error for one in self.rounds for found in one.values() if found.error})


def percentile(values: Sequence[float], part: float) -> float | None:
    """The nearest-rank percentile; None of nothing."""
    ordered = sorted(values)
    return ordered[max(0, -int(-len(ordered) * part // 1) - 1)] if ordered else None


def rounds(programs: Sequence[Program], count: int, warm_up: int = 1) -> Table:
    """Runs the programs in turns, so that a noisy machine slows all alike; the first rounds only warm up."""
    return Table(turns({program.name: partial(run, program) for program in programs}, count, warm_up))


def turns(makers: dict[str, Callable[[], Run]], count: int, warm_up: int = 1) -> list[dict[str, Run]]:
    """The same for anything that gives a Run."""
    found = []
    for number in range(-warm_up, count):
        one = {}
        for name, make in makers.items():
            progress(f"round {max(0, number + 1)}/{count} {name}")
            one[name] = make()
        if number >= 0:
            found.append(one)
    progress("")
    return found


def progress(text: str) -> None:
    """Says how far it is, to somebody who sits in front of it."""
    if sys.stderr.isatty():
        print(f"\r{text:60.60}\r", end="", file=sys.stderr, flush=True)


def show(figures: Sequence[Figure]) -> str:
    """The table that a person reads."""
    lines = [f"{'bench':<10} {'figure':<50} {'measured':>12} {'budget':>12}  ok"]
    for figure in figures:
        measured = "-" if figure.measured is None else f"{figure.measured:,.2f} {figure.unit}"
        lines.append(f"{figure.bench:<10} {figure.name:<50} {measured:>12} {f'{figure.budget:,g} {figure.unit}':>12}  "
                     f"{'yes' if figure.ok else 'NO'}")
    return "\n".join(lines)


def as_json(figures: Sequence[Figure]) -> str:
    """The same for programs."""
    return json.dumps([asdict(figure) | {"ok": figure.ok} for figure in figures], indent=1, ensure_ascii=False)
