"""Benches of what follows from the records: all facts, patterns and gates."""
from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime

from .measure import Figure, percentile
from .workbooks import grown


def radar(count: int) -> Iterator[Figure]:
    """All facts, patterns and gates of 10,000 records: from scratch, and after one changed field of each kind of record."""
    from crm_workbook.analysis.facts import FACTS, View
    from crm_workbook.analysis.gates import gates
    from crm_workbook.analysis.radar import look
    from crm_workbook.catalogue import load
    from crm_workbook.records.book import Book
    from crm_workbook.records.edits import Entry
    from crm_workbook.sample import TODAY

    def all_of(view: View) -> None:
        look(view)
        gates(view)
        for name in FACTS:
            view.figure(name)

    full, catalogue = grown(10_000), load()
    all_of(View(full, catalogue, TODAY))  # reads the catalogue
    scratch, change = list[float](), dict[str, list[float]]()
    for _turn in range(max(5, count)):
        book = Book(full.tables, 1, full.changed)
        started = time.perf_counter()
        view = View(book, catalogue, TODAY)
        all_of(view)
        scratch.append((time.perf_counter() - started) * 1000)
        for kind, table in book.tables.items():
            row = next(iter(table.values()))
            entry = Entry(2, datetime(2026, 10, 2, tzinfo=UTC), "x", "s", "b", "change", row.code,
                          next(iter(row.declared.fields)), None, json.dumps(None))
            later = book.advanced([entry])
            started = time.perf_counter()
            all_of(view.advanced(later, TODAY))
            change.setdefault(kind.__name__, []).append((time.perf_counter() - started) * 1000)
    yield Figure("radar", "10,000 records, from scratch, p50", percentile(scratch, 0.5), "ms", 250)
    medians = {name: percentile(times, 0.5) or 0.0 for name, times in change.items()}
    slowest = max(medians, key=medians.__getitem__)
    yield Figure("radar", "10,000 records, one field changed, p50", percentile(list(medians.values()), 0.5), "ms", 16)
    yield Figure("radar", f"the slowest kind: {slowest}", medians[slowest], "ms", 16)
