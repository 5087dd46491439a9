"""In how many of all weightings each vendor comes first, worked out in the background while one reads: a few hundred draws at
once, then more and more. Fixed seed: the same answers give the same shares."""
from __future__ import annotations

import logging
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from textual.message import Message
from textual.worker import Worker, get_current_worker

from crm_workbook.analysis.comparison import compare, heard
from crm_workbook.analysis.facts.view import View, shared
from crm_workbook.analysis.sensitivity import Acceptability, smaa, smaa_each
from crm_workbook.analysis.weights import group, weights
from crm_workbook.i18n import _
from crm_workbook.paths import log_file
from crm_workbook.screens.vendors.table_sheet import TableSheet

if TYPE_CHECKING:
    from crm_workbook.screens.workbook import WorkbookScreen

SEED = 2026
"""Where the chance starts; shown with every result."""
DRAWS = 10_000
STEP = 250
OFTEN = 0.1
"""Seconds between two results that are shown."""
SWITCH = 0.0005
"""Seconds after which the thread lets a key through."""
USUAL = max(sys.getswitchinterval(), 0.005)
"""Seconds after which a thread lets the others in otherwise; Python's own 5 ms at least."""
_MOST = 8

Matrix = tuple[tuple[float, ...], ...]


class Question(NamedTuple):
    """What is asked: the values as claimed and as proven, vendors x criteria, how much each is open (of what is proven
    only the share `heard` of it), and the members' lowest and highest weights."""

    claimed: Matrix
    proven: Matrix
    open: Matrix
    heard: float = 1.0
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
    if len(found.asked) < 2 or found.winner is None:
        return None
    given = group(view, round_.code) if round_ is not None else None
    box = None
    if given is not None and len(given.members) > 1:
        box = tuple((given.low.get(id_, 0.0), given.high.get(id_, 0.0)) for id_ in found.criteria)
    return Question(found.matrix, found.proven_matrix, found.open_matrix, heard(view), box)


def refine(asked: Question, draws: int = DRAWS, step: int = STEP) -> Iterator[Shares]:
    """Better and better results, the last with all draws."""
    both = smaa_each((asked.claimed, asked.proven), draws=draws, seed=SEED, open=asked.open, parts=(1.0, asked.heard),
                     step=step)
    if asked.box is None:
        yield from (Shares(claimed, None, proven) for claimed, proven in both)
        return
    members = smaa(asked.claimed, draws=draws, seed=SEED, box=asked.box, open=asked.open, step=step)
    yield from (Shares(claimed, member, proven) for (claimed, proven), member in zip(both, members, strict=True))


class Kept:
    """The last results, so that the next sheet need not begin anew. The board of the comparison has one, and hands it on."""

    def __init__(self) -> None:
        self._results: dict[Question, Shares] = {}

    def put(self, asked: Question, shares: Shares) -> None:
        """Keeps a result in place of the one before."""
        self._results.pop(asked, None)
        self._results[asked] = shares
        while len(self._results) > _MOST:
            del self._results[next(iter(self._results))]

    def known(self, asked: Question | None) -> Shares | None:
        """What came out for this question so far."""
        return self._results.get(asked) if asked is not None else None


class Weighted(TableSheet):
    """A sheet that shows these shares. `ask` begins; `show` is called when there is something new. It ends with the sheet."""

    _worker: Worker[None] | None = None
    _asked: Question | None = None
    trouble = ""  # why there are no shares

    def __init__(self, frame: WorkbookScreen, kept: Kept | None = None) -> None:
        """`kept`: the results there are already."""
        super().__init__(frame)
        self.kept = kept if kept is not None else Kept()

    class Refined(Message):
        """A better result."""

        def __init__(self, asked: Question, shares: Shares) -> None:
            super().__init__()
            self.asked, self.shares = asked, shares

    class Unknown(Message):
        """It cannot be worked out."""

    def ask(self, asked: Question | None) -> Shares | None:
        """What is known about a question; begins to work on it when it is another one than before."""
        if asked != self._asked:
            self._asked, self.trouble = asked, ""
            if self._worker is not None:
                self._worker.cancel()
                self._worker = None
            found = self.kept.known(asked)
            if asked is not None and (found is None or not found.done):
                self._worker = self.run_worker(lambda: self._refine(asked), thread=True, group="weightings",
                                               exit_on_error=False)
        return self.kept.known(asked)

    def _refine(self, asked: Question) -> None:
        """In a thread. Python lets other threads in every 5 ms; while this works, ten times as often. Two of them may work at
        the same time for a moment: the one that ends first resets it, so the other one says it again."""
        worker, shown = get_current_worker(), 0.0
        sys.setswitchinterval(SWITCH)
        try:
            for shares in refine(asked):
                sys.setswitchinterval(SWITCH)
                if worker.is_cancelled:
                    return
                if shares.done or time.monotonic() - shown >= OFTEN:
                    shown = time.monotonic()
                    self.post_message(self.Refined(asked, shares))
        except Exception:  # whatever it is, nobody shall lose the sheet, or what is being written
            logging.exception("The shares of weightings cannot be worked out")
            if not worker.is_cancelled:
                self.post_message(self.Unknown())
        finally:
            sys.setswitchinterval(USUAL)

    def on_weighted_unknown(self, message: Unknown) -> None:
        """Says so in place of the figures."""
        message.stop()
        if self.is_mounted and not self.over and self.frame.view is not None:
            self.trouble = _("How often each vendor comes first cannot be worked out just now; the fault is noted in {log}."
                             ).format(log=log_file())
            self.show_detail()

    def show_detail(self) -> None:
        self.said = self.said or self.trouble
        super().show_detail()

    def on_weighted_refined(self, message: Refined) -> None:
        """Keeps a result, and draws it."""
        message.stop()
        self.kept.put(message.asked, message.shares)
        if message.asked == self._asked and self.is_mounted and not self.over and self.frame.view is not None:
            self.show()
