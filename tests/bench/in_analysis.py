"""Benches of what follows from the records: all facts, patterns and gates; the comparison of vendors."""
from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from random import Random

from .measure import Figure, NotPossible, percentile
from .workbooks import grown, of_vendors


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


def compare(count: int) -> Iterator[Figure]:
    """50 vendors x 1,000 requirements x 90 questions: the comparison after one change of each kind."""
    from crm_workbook.analysis.comparison import compare as compared
    from crm_workbook.analysis.comparison import seal_strip
    from crm_workbook.analysis.facts import View
    from crm_workbook.catalogue import load
    from crm_workbook.records.edits import Entry
    from crm_workbook.records.requirements import Requirement
    from crm_workbook.records.vendors import Answer, CostLine, Fit, Vendor, WeightVote
    from crm_workbook.sample import TODAY

    book, catalogue, draw, number = of_vendors(50, 1000), load(), Random(1), 1
    started = time.perf_counter()
    view = View(book, catalogue, TODAY)
    inside = len(compared(view).inside)
    scratch = (time.perf_counter() - started) * 1000
    yield Figure("compare", f"{inside} of 50 vendors in, from scratch", scratch, "ms", 500)
    for name, kind, field, values in (
            ("an answer", Answer, "value", ("yes", "unknown")), ("a fit mark", Fit, "mark", ("works", "partly")),
            ("a weight of a member", WeightVote, "points", (10.0, 20.0)), ("a cost line", CostLine, "likely", ("10", "900")),
            ("a vendor ruled out", Vendor, "state", ("out", "candidate")),
            ("a priority", Requirement, "priority", ("must", "should"))):
        times = list[float]()
        for turn in range(max(9, 3 * count)):
            number += 1
            row = draw.choice(book.rows(kind))
            entry = Entry(number, datetime(2026, 10, 2, tzinfo=UTC), "x", "s", "b", "change", row.code, field, None,
                          json.dumps(values[turn % 2]))
            started = time.perf_counter()
            book = book.advanced([entry])
            view = view.advanced(book, TODAY)
            compared(view)
            seal_strip(view)
            times.append((time.perf_counter() - started) * 1000)
        yield Figure("compare", f"after a change of {name}, p50", percentile(times, 0.5), "ms", 100)


DRAWS = 10_000
Matrix = tuple[tuple[float, ...], ...]


def _matrix(vendors: int, seed: int = 3) -> Matrix:
    draw = Random(seed)
    return tuple(tuple(draw.random() for _criterion in range(12)) for _vendor in range(vendors))


def smaa(count: int) -> Iterator[Figure]:
    """10,000 weightings of 50 vendors x 12 criteria: of one matrix, and all that the sheet "How sure is this" works out."""
    from crm_workbook.analysis.sensitivity import smaa as drawn
    from crm_workbook.screens.vendors.weightings import Question, refine

    matrix = _matrix(50)
    gaps = tuple(tuple((1 - value) * 0.2 for value in row) for row in matrix)
    yield Figure("smaa", "10,000 draws, 50 x 12", _median(lambda: list(drawn(matrix, draws=DRAWS, seed=1)), count), "ms CPU",
                 1000)
    half_open = _median(lambda: list(drawn(matrix, draws=DRAWS, seed=1, open=gaps)), count)
    yield Figure("smaa", "the same with answers open", half_open, "ms CPU", 1000)
    first = _median(lambda: next(drawn(matrix, draws=DRAWS, seed=1, open=gaps)), count)
    yield Figure("smaa", "to the first update", first, "ms CPU", 50)
    members = [[value / sum(row) for value in row] for row in _matrix(7, 4)]
    box = tuple((min(column), max(column)) for column in zip(*members, strict=True))
    for vendors, most in ((50, 3000), (5, 600)):
        proven = tuple(tuple(value * 0.6 for value in row) for row in matrix[:vendors])
        asked = Question(matrix[:vendors], proven, gaps[:vendors], 0.5, box)
        whole = _median(lambda asked=asked: list(refine(asked, DRAWS)), count)  # type: ignore[misc]  # bound for this turn
        yield Figure("smaa", f"claimed, proven and members' box, {vendors} x 12", whole, "ms CPU", most)


def mcda(count: int) -> Iterator[Figure]:
    """SMAA of one matrix side by side with numpy and pymcdm on the same one. Not measured where they are not installed."""
    from crm_workbook.analysis.sensitivity import smaa as drawn

    matrix = _matrix(50)
    ours = _median(lambda: list(drawn(matrix, draws=DRAWS, seed=1)), count)
    for name, most, other in _others(matrix, DRAWS):
        yield Figure("mcda", f"ours / {name}", ours / _median(other, count), "x", most)


def _others(matrix: Matrix, draws: int) -> Iterator[tuple[str, float, Callable[[], object]]]:
    """The same with other libraries: name, how many times their time ours may take, what to run. NotPossible when one of them
    is not installed."""
    try:
        import numpy
    except ImportError:
        raise NotPossible("numpy is not installed; the extra of the tests has it") from None
    values, random = numpy.array(matrix), numpy.random.default_rng(1)

    def in_one_product() -> object:
        weights = random.dirichlet(numpy.ones(values.shape[1]), draws)
        order = (-(weights @ values.T)).argsort(axis=1)
        return [numpy.bincount(order[:, rank], minlength=len(values)) / draws for rank in range(len(values))]
    yield "numpy, all draws in one product", 100, in_one_product
    try:
        from pymcdm.methods import WSM  # type: ignore[import-not-found]  # not a dependency: only measured against
    except ImportError:
        raise NotPossible("pymcdm is not installed; `pip install pymcdm` brings it") from None
    method, types = WSM(lambda column, cost=False: column), numpy.ones(values.shape[1])

    def one_by_one() -> object:
        return [method.rank(method(values, weights, types))
                for weights in random.dirichlet(numpy.ones(values.shape[1]), draws)]
    yield "pymcdm, one draw after the other", 1, one_by_one


def _median(function: Callable[[], object], count: int) -> float:
    """Milliseconds of processor time: what it takes on a machine that does nothing else."""
    times = list[float]()
    for _turn in range(max(3, count)):
        started = time.process_time()
        function()
        times.append((time.process_time() - started) * 1000)
    return percentile(times, 0.5) or 0.0
