"""A workbook on a thread of its own: screens hand over what people do and never wait for the disk.

What is typed goes into a buffer and from there to the disk four times a second while a person types (throttled, not
debounced: kill -9 costs a quarter of a second). Everything else is a job; jobs and typed texts are written in the order in
which they came. When the disk takes nothing, all of it is kept and tried again, while others' changes and questions go on;
at the very end it goes to a rescue file. So does, at once, what a mistake of ours keeps from being written.
"""
from __future__ import annotations

import logging
import queue
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from crm_workbook.records import Record, Value
from crm_workbook.records.edits import Change, Delete, Edit, Entry, Link, Refused, Unlink
from crm_workbook.store.errors import NotAWorkbook, Unsaved, shown
from crm_workbook.store.events import (
    Advanced,
    Answered,
    Conflicted,
    Created,
    Declined,
    Event,
    Failed,
    Opened,
    Resumed,
    Stalled,
    Written,
)
from crm_workbook.store.rescue import Item, Loose, Typed, forget, rescue
from crm_workbook.store.typist import Draft, Typist
from crm_workbook.store.workbook import Workbook

THROTTLE = 0.25  # seconds between two writes of what is being typed
POLL = 0.25  # seconds between looks at what others did; a look costs microseconds
RETRY = 0.5
LAST_TRIES = 2.0  # seconds in which a close still tries what could not be written for a while already
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Job:
    """One thing to do. `items` and `edits` are what would be lost if it were never done. `waits`: for all that was handed
    over before, also while that cannot be written."""

    do: Callable[[_Job], None]
    items: dict[tuple[str, str], Item] = field(default_factory=dict)
    edits: tuple[Edit, ...] = ()
    waits: bool = True


class Session:
    """`post` is called from the store thread with each event. `opener` opens the workbook there (default: `target`).

    All methods may be called from any thread and return at once, except `flush` and `close`.
    """

    def __init__(self, target: str, *, who: str, post: Callable[[Event], None],
                 opener: Callable[[], Workbook] | None = None) -> None:
        self.target, self.who = target, who
        self.rescued: Path | None = None  # where `close` put what could not be written
        self._post_event, self._opener = post, opener or (lambda: Workbook.open(target, who=who))
        self._queue: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()  # None: look at the buffer
        self._lock = threading.Lock()  # of the buffer, and of the order of what goes into the queue
        self._buffer: dict[tuple[str, str], Item] = {}
        self._drafts: dict[str, Draft] = {}
        self._backlog: list[_Job] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="store", daemon=True)
        self._deadline: float | None = None  # closing: not tried again after this
        self._stalled, self._retry_at, self._failure = False, 0.0, ""
        self._flushed = self._polled = 0.0
        self._warm = False
        self._unwritten: dict[tuple[str, str], Item] = {}  # what a mistake of ours, or the end, kept from being written
        self._unwritten_edits: list[Edit] = []
        self._done: list[str] = []  # batches that undo takes back, and
        self._undone: list[str] = []  # those that redo takes back
        self._declined: set[str] = set()  # of both, those that were declined once

    # ---- what the screens say ----

    def start(self) -> None:
        """Opens the workbook in the thread; Opened or Failed(opening=True) follows."""
        self._thread.start()

    def warm(self) -> None:
        """Imports what the first write needs, in the thread; call it after the first paint."""
        self._put(_Job(lambda job: self._import()))

    def submit(self, edits: Sequence[Edit], *, ticket: str = "") -> None:
        """Writes these edits, all or none: Written or Declined follows. Codes may be tokens of drafts."""
        self._put(_Job(lambda job: self._submit(job, ticket), edits=tuple(edits)))

    def undo(self) -> None:
        """Takes back the last thing this session did: Written or Declined with the ticket "undo". What was declined is
        tried once more the next time, then left alone."""
        self._put(_Job(lambda job: self._take_back(self._done, self._undone, "undo")))

    def redo(self) -> None:
        """Takes back the last undo: Written or Declined with the ticket "redo"."""
        self._put(_Job(lambda job: self._take_back(self._undone, self._done, "redo")))

    def ask(self, question: Callable[[Workbook], object], *, ticket: str = "") -> None:
        """Runs `question` (history, backup) on the workbook, after all that was handed over before (while that cannot be
        written: at once); Answered or Declined follows."""
        self._put(_Job(lambda job: self._answer(question, ticket), waits=False))

    def draft(self, kind: type[Record], /, **values: Value) -> str:
        """A token for a record that does not exist yet; it is made, with `values`, at the first typed value."""
        with self._lock:
            token = f"new:{len(self._drafts) + 1}"
            self._drafts[token] = kind, values
        return token

    def typed(self, ref: str, field: str, value: Value, seen: Value) -> None:
        """What stands in a field now; `ref` is a code or token, `seen` what stood there when the person began.

        In a field of several ids, what the person added and took out is written; what others did there stays, without
        a conflict.
        """
        self._buffered(Typed(ref, field, value, seen))

    def unfinished(self, ref: str, field: str, text: str) -> None:
        """A text that is no value yet ("12a" in a number); kept until a value or '' follows."""
        self._buffered(Loose(ref, field, text))

    def settled(self, ref: str) -> None:
        """The person left the field or form: what was typed is written now, later typing is undone apart."""
        self._put(_Job(lambda job: self._typist.settle(ref)))

    def flush(self, timeout: float = 5.0) -> bool:
        """Waits until everything handed over so far is on the disk, or was declined; False when it is not by then."""
        reached = threading.Event()
        self._put(_Job(lambda job: reached.set()))
        return reached.wait(timeout) and not (self._unwritten or self._unwritten_edits)

    def close(self, timeout: float = 5.0) -> bool:
        """Writes everything typed and closes; True when all is on the disk. Otherwise it went to `rescued`."""
        if self._thread.ident is None:
            return True
        until = time.monotonic() + timeout
        self._put(_Job(lambda job: self._closing(until - min(0.5, timeout / 4)), waits=False))
        if not self._over.wait(timeout):
            # the thread hangs (a dead disk): save what it holds from here
            self._drain()
            self._rescue(tuple(self._backlog), self._buffer)
            return False
        self._rescue_rest()  # what came after the thread had ended
        return not (self._unwritten or self._unwritten_edits)

    def _put(self, job: _Job) -> None:
        with self._lock:
            if self._buffer:
                self._queue.put(_Job(self._type, self._buffer))
                self._buffer = {}
            self._queue.put(job)

    def _buffered(self, item: Item) -> None:
        with self._lock:
            if not self._buffer:
                self._queue.put(None)
            self._buffer[item.ref, item.field] = item

    # ---- the thread ----

    def _run(self) -> None:
        try:
            if self._open():
                while self._deadline is None or (self._backlog and time.monotonic() < self._deadline):
                    self._gather(self._pause())
                    if self._stalled:
                        self._listen()  # what others did meanwhile comes before the next try
                    self._work()
                    self._listen()
                self._end()
        except Exception:  # noqa: BLE001  # logged
            _log.exception("The store thread ended")
            self._post(Failed("The program made a mistake and cannot store anything more. Leave it; the log has the details."))
        finally:
            self._rescue_rest()
            self._over.set()

    def _open(self) -> bool:
        try:
            self._workbook = self._opener()
        except (NotAWorkbook, Unsaved) as error:
            self._post(Failed(str(error), opening=True))
            return False
        except Exception as error:  # noqa: BLE001  # logged
            _log.exception("Opening %s", shown(self.target))
            self._post(Failed(f"{shown(self.target)} could not be opened ({error}). The log has the details.", opening=True))
            return False
        self._typist = Typist(self._workbook, self._drafts, self._post, self._written)
        self._post(Opened(self._workbook.book, self._workbook.title))
        return True

    def _pause(self) -> float:
        """Seconds until there is something to do without being told."""
        now = time.monotonic()
        due = self._polled + POLL
        if self._buffer and not self._stalled:
            due = min(due, self._flushed + THROTTLE)
        if self._backlog:
            due = min(due, self._retry_at)
        return max(0.0, due - now)

    def _gather(self, pause: float) -> None:
        """Waits for jobs, takes all there are, and the buffer when it is due."""
        try:
            job = self._queue.get(timeout=pause) if pause > 0 else self._queue.get_nowait()
            while True:
                if job is not None:
                    self._backlog.append(job)
                job = self._queue.get_nowait()
        except queue.Empty:
            pass
        if self._buffer and time.monotonic() >= self._flushed + THROTTLE and not self._stalled:
            with self._lock:
                items, self._buffer = self._buffer, {}
            self._backlog.append(_Job(self._type, items))

    def _drain(self) -> None:
        """What is still in the queue when nobody will take it any more."""
        while True:
            try:
                job = self._queue.get_nowait()
            except queue.Empty:
                return
            if job is not None:
                self._backlog.append(job)

    def _work(self) -> None:
        """Does what there is to do, in order, until it is done or the disk takes nothing."""
        while self._backlog and (not self._stalled or time.monotonic() >= self._retry_at):
            job = self._backlog[0]
            try:
                self._do(job)
            except Unsaved as error:
                self._stall(error)
                break
            if job.items:  # the rest of it, after a mistake of ours
                continue
            self._backlog.pop(0)
            if self._stalled and job.waits:
                self._resume()
        if self._stalled:
            free = [job for job in self._backlog if not job.waits]
            self._backlog = [job for job in self._backlog if job.waits]
            for job in free:
                self._do(job)

    def _do(self, job: _Job) -> None:
        """Unsaved when it is to be tried again."""
        try:
            job.do(job)
        except Unsaved:
            raise
        except Exception as error:  # noqa: BLE001  # logged; the thread goes on
            _log.exception("A job of the store thread")
            self._fail(error, job)

    def _listen(self) -> None:
        """Looks at what others did; after own writes too, which may have met something."""
        self._polled = time.monotonic()
        try:
            entries = self._workbook.poll()
        except Unsaved as error:
            if not self._stalled:
                self._stall(error)
        except Exception as error:  # noqa: BLE001  # logged
            if str(error) != self._failure:  # not four times a second
                _log.exception("Reading what others wrote")
                self._failure = str(error)
                self._post(Failed("What others write cannot be read at the moment. The log has the details."))
        else:
            if entries:
                self._typist.note(entries)
                self._post(Advanced(self._workbook.book, entries, own=False))
            if self._stalled and not self._backlog:
                self._resume()

    def _stall(self, error: Unsaved) -> None:
        self._retry_at = time.monotonic() + RETRY
        if not self._stalled:
            self._stalled = True
            _log.warning("Not written: %s", error)
            self._post(Stalled(str(error)))

    def _resume(self) -> None:
        self._stalled = False
        self._post(Resumed())

    def _fail(self, error: Exception, job: _Job) -> None:
        """A mistake of ours: what it keeps from being written goes to the rescue file, at once and again at the end."""
        told = False
        if job.items or job.edits:
            ref = next(iter(job.items), ("", ""))[0]  # the typist takes one record after the other
            bad = {key: job.items.pop(key) for key in list(job.items) if key[0] == ref}
            told = not job.edits and all(key in self._unwritten for key in bad)  # not four times a second
            self._unwritten |= bad
            self._unwritten_edits += job.edits
            self._rescue()
        where = f" What you wrote is kept in {self.rescued}." if self.rescued and (job.edits or self._unwritten) else ""
        if not told:
            self._post(Failed(f"The program made a mistake while storing ({type(error).__name__}).{where} The log has the "
                              "details."))

    def _closing(self, deadline: float) -> None:
        self._deadline = min(deadline, time.monotonic() + LAST_TRIES) if self._stalled else deadline

    def _end(self) -> None:
        """After the close job: what was typed meanwhile, then the file."""
        with self._lock:
            items, self._buffer = self._buffer, {}
        if items:
            self._backlog.append(_Job(self._type, items))
        self._retry_at = 0.0
        self._work()
        try:
            self._workbook.close()
        except Exception:  # noqa: BLE001  # logged
            _log.exception("Closing %s", shown(self.target))

    # ---- jobs ----

    def _import(self) -> None:
        if self._warm:
            return
        interval = max(sys.getswitchinterval(), 0.005)  # a sheet may have lowered it for a moment
        sys.setswitchinterval(0.0005)  # half a second of importing: let the keys through in between
        try:
            self._workbook.warm()
        finally:
            sys.setswitchinterval(interval)
        self._warm = True

    def _type(self, job: _Job) -> None:
        self._import()
        self._flushed = time.monotonic()
        keys = tuple(job.items)
        try:
            self._typist.write(job.items)
        finally:
            done = [key for key in keys if key not in job.items and self._unwritten.pop(key, None) is not None]
            if done and self.rescued is not None and not (self._unwritten or self._unwritten_edits):
                forget(self.rescued)  # later texts of the same fields are on the disk now
                self.rescued = None

    def _submit(self, job: _Job, ticket: str) -> None:
        self._import()
        try:
            edits = [self._resolved(edit) for edit in job.edits]
            entries = self._workbook.apply(edits)
        except Refused as refused:
            self._post(Declined(ticket, refused))
            return
        self._typist.forget(entries)
        self._written(ticket, entries[0].batch if entries else "", entries)

    def _resolved(self, edit: Edit) -> Edit:
        if isinstance(edit, Change | Link | Unlink | Delete) and edit.code in self._drafts:
            return replace(edit, code=self._typist.resolve(edit.code))
        return edit

    def _answer(self, question: Callable[[Workbook], object], ticket: str) -> None:
        try:
            result = question(self._workbook)
        except (Unsaved, NotAWorkbook) as error:
            self._post(Declined(ticket, Refused((str(error),))))
        else:
            self._post(Answered(ticket, result))

    def _take_back(self, source: list[str], other: list[str], ticket: str) -> None:
        self._import()
        if not source:
            self._post(Written(ticket, ()))
            return
        batch = source[-1]
        try:
            entries = self._workbook.undo(batch)
        except Refused as refused:
            if batch in self._declined:
                source.pop()  # they looked, and it still does not work; the next undo takes the step before
            self._declined.add(batch)
            self._post(Declined(ticket, refused))
            return
        source.pop()
        self._typist.forget(entries, batch)
        if entries:
            other.append(entries[0].batch)
        self._tell(ticket, entries)

    def _written(self, ticket: str, batch: str, entries: tuple[Entry, ...]) -> None:
        """After each write that undo can take back (`batch`), or that it leaves alone ('')."""
        if entries and batch:
            self._undone.clear()
            if batch not in self._done[-50:]:
                self._done.append(batch)
        self._tell(ticket, entries)

    def _tell(self, ticket: str, entries: tuple[Entry, ...]) -> None:
        if entries:
            self._post(Advanced(self._workbook.book, entries, own=True))
        if ticket or entries:
            self._post(Written(ticket, entries))

    # ---- out ----

    def _post(self, event: Event) -> None:
        try:
            self._post_event(event)
        except Exception:  # noqa: BLE001  # logged
            _log.exception("Nobody took %s", type(event).__name__)

    def _rescue_rest(self) -> None:
        """The thread is at its end: whatever is left will not be written any more."""
        self._drain()
        with self._lock:
            jobs, self._backlog, buffer, self._buffer = self._backlog, [], self._buffer, {}
        for job in jobs:
            self._unwritten |= job.items
            self._unwritten_edits += job.edits
        self._unwritten |= buffer
        if any(job.items or job.edits for job in jobs) or buffer:
            self._rescue()

    def _rescue(self, jobs: Sequence[_Job] = (), buffer: Mapping[tuple[str, str], Item] = MappingProxyType({})) -> None:
        """Puts all that was not written, and what these hold, into the one rescue file of this session."""
        items = dict(self._unwritten)
        for job in jobs:
            items |= job.items
        items |= buffer
        edits = [*self._unwritten_edits, *(edit for job in jobs for edit in job.edits)]
        if items or edits:
            self.rescued = self._write_rescue(tuple(items.values()), edits) or self.rescued

    def _write_rescue(self, items: Sequence[Item], edits: Sequence[Edit]) -> Path | None:
        drafts = {token: f"new {kind.declared.one}" for token, (kind, _) in self._drafts.items()}
        try:
            return rescue(self.target, self.who, items, edits, drafts, instead=self.rescued)
        except Exception:  # noqa: BLE001  # logged; this is the last net, and what comes after it must still happen
            _log.exception("Rescuing %d texts and %d edits", len(items), len(edits))
            return None


__all__ = ["Advanced", "Answered", "Conflicted", "Created", "Declined", "Event", "Failed", "Opened", "Resumed", "Session",
           "Stalled", "Written"]
