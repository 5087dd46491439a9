"""Measures the program against its budgets.

    python -m tests.bench                    everything, about a quarter of an hour
    python -m tests.bench shell keys -n 3    two benches, three rounds each
    python -m tests.bench --json result.json

Programs run in turns in terminals of their own; most figures are ratios to a small Textual program of the same round
(E: one Static; T: a table of 1,000 rows), because the times of a shared machine say little. Linux only.
"""
from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from . import command_line, in_analysis, in_store, on_screen
from .measure import Figure, NotPossible, as_json, show


def journal(count: int) -> Iterator[Figure]:
    """100,000 journal rows against none: first data, an edit."""
    yield from on_screen.journal_paint(count)
    yield from in_store.journal_edit(count)


Bench = Callable[[int], Iterator[Figure]]
BENCHES: dict[str, Bench] = {
    "shell": on_screen.shell, "keys": on_screen.keys, "form": on_screen.form, "rows": on_screen.rows, "large": on_screen.large,
    "journal": journal, "sessions": on_screen.sessions, "edit": in_store.edit, "live": in_store.live,
    "radar": in_analysis.radar, "compare": in_analysis.compare, "smaa": in_analysis.smaa, "mcda": in_analysis.mcda,
    "start": command_line.start, "export": command_line.export, "full": command_line.full}


def main() -> int:
    """Exit code 0: every budget holds; 1: one does not, or a bench could not run."""
    listed = "\n".join(f"  {name:9} {bench.__doc__}" for name, bench in BENCHES.items())
    parser = argparse.ArgumentParser("python -m tests.bench", description=f"{__doc__}\nBenches:\n{listed}",
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", nargs="*", help="which ones; all of them when none is named")
    parser.add_argument("-n", "--rounds", type=int, default=5, help="measured rounds of each bench (5)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too; - for standard output")
    asked = parser.parse_args()
    if unknown := sorted(set(asked.bench) - set(BENCHES)):
        parser.error(f"there is no bench {', '.join(unknown)}; there are {', '.join(BENCHES)}")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.setswitchinterval(0.0002)  # the thread that notes the time of output must not wait
    figures, problems = list[Figure](), list[str]()
    for name in asked.bench or BENCHES:
        print(f"{name}: {BENCHES[name].__doc__}", file=sys.stderr)
        try:
            figures += BENCHES[name](asked.rounds)
        except (NotPossible, ImportError, OSError) as reason:
            problems.append(f"{name}: not measured: {reason}")
    if asked.json and str(asked.json) == "-":
        print(as_json(figures))
    else:
        print(show(figures))
        if asked.json:
            asked.json.write_text(as_json(figures) + "\n", "utf-8")
    print(*problems, sep="\n", end="\n" if problems else "", file=sys.stderr)
    return 0 if figures and all(figure.ok for figure in figures) and not problems else 1


if __name__ == "__main__":
    sys.exit(main())
