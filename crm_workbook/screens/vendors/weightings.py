"""In how many of all weightings each vendor comes first, worked out in the background while one reads: a few hundred draws at
once, then more and more. Fixed seed: the same answers give the same shares."""
from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from textual.message import Message
from textual.worker import Worker, get_current_worker

from crm_workbook.analysis.comparison import compare
from crm_workbook.analysis.facts.view import View, shared
from crm_workbook.analysis.sensitivity import Acceptability, smaa
from crm_workbook.analysis.weights import group, weights
from crm_workbook.screens.vendors.sheet import Sheet

SEED = 2026
"""Where the chance starts; shown with every result."""
DRAWS = 10_000
STEP = 250
OFTEN = 0.1
"""Seconds between two results that are shown."""
SWITCH = 0.0005
"""Seconds after which the thread lets a key through."""
_KEPT = 8

Matrix = tuple[tuple[float, ...], ...]


class Question(NamedTuple):
    """What is asked: the values as claimed and as proven, vendors x criteria, and the members' lowest and highest weights."""

    claimed: Matrix
    proven: Matrix
    box: tuple[tuple[float, float], ...] | None = None


@dataclass(frozen=True, slots=True)
class Shares:
    """What came out so far: over all weightings, between the members' weights (None without a weighing), and over all
    weightings with the proven values."""

    everywhere: Acceptability
    members: Acceptability | None
    proven: Acceptability

    @property
    def draws(self) -> int:
        """The draws of each."""
        return min(found.draws for found in (self.everywhere, self.members, self.proven) if found is not None)

    @property
    def done(self) -> bool:
        """All draws are done."""
        return self.draws >= DRAWS


@shared
def question(view: View) -> Question | None:
    """What is asked about the vendors as they stand; None while there is nothing to compare."""
    found, round_ = compare(view), weights(view).round
    if len(found.inside) < 2 or found.winner is None:
        return None
    given = group(view, round_.code) if round_ is not None else None
    box = None
    if given is not None and len(given.members) > 1:
        box = tuple((given.low.get(id_, 0.0), given.high.get(id_, 0.0)) for id_ in found.criteria)
    return Question(found.matrix, found.proven_matrix, box)


def refine(asked: Question, draws: int = DRAWS, step: int = STEP) -> Iterator[Shares]:
    """Better and better results, the last with all draws."""
    everywhere = smaa(asked.claimed, draws=draws, seed=SEED, step=step)
    proven = smaa(asked.proven, draws=draws, seed=SEED, step=step)
    if asked.box is None:
        yield from (Shares(one, None, other) for one, other in zip(everywhere, proven, strict=True))
        return
    members = smaa(asked.claimed, draws=draws, seed=SEED, box=asked.box, step=step)
    yield from (Shares(*found) for found in zip(everywhere, members, proven, strict=True))


class _Kept:
    """The last results, so that another sheet need not begin anew."""

    def __init__(self) -> None:
        self.results: dict[Question, Shares] = {}

    def put(self, asked: Question, shares: Shares) -> None:
        self.results.pop(asked, None)
        self.results[asked] = shares
        while len(self.results) > _KEPT:
            del self.results[next(iter(self.results))]


_kept = _Kept()


def known(asked: Question | None) -> Shares | None:
    """What came out for this question so far."""
    return _kept.results.get(asked) if asked is not None else None


class Weighted(Sheet):
    """A sheet that shows these shares. `ask` begins; `show` is called when there is something new. It ends with the sheet."""

    _worker: Worker[None] | None = None
    _asked: Question | None = None

    class Refined(Message):
        """A better result."""

        def __init__(self, asked: Question, shares: Shares) -> None:
            super().__init__()
            self.asked, self.shares = asked, shares

    def ask(self, asked: Question | None) -> Shares | None:
        """What is known about a question; begins to work on it when it is another one than before."""
        if asked != self._asked:
            self._asked = asked
            if self._worker is not None:
                self._worker.cancel()
                self._worker = None
            found = known(asked)
            if asked is not None and (found is None or not found.done):
                self._worker = self.run_worker(lambda: self._refine(asked), thread=True, group="weightings")
        return known(asked)

    def _refine(self, asked: Question) -> None:
        """In a thread. Python lets other threads in every 5 ms; while this works, ten times as often."""
        worker, shown, interval = get_current_worker(), 0.0, sys.getswitchinterval()
        sys.setswitchinterval(SWITCH)
        try:
            for shares in refine(asked):
                if worker.is_cancelled:
                    return
                if shares.done or time.monotonic() - shown >= OFTEN:
                    shown = time.monotonic()
                    self.post_message(self.Refined(asked, shares))
        finally:
            sys.setswitchinterval(interval)

    def on_weighted_refined(self, message: Refined) -> None:
        """Keeps a result, and draws it."""
        message.stop()
        _kept.put(message.asked, message.shares)
        if message.asked == self._asked and self.is_mounted and not self.over and self.frame.view is not None:
            self.show()
