"""The queue of writers: a kernel lock on a file beside the workbook, in front of SQLite's own.

The kernel gives the lock back when a process is killed. It keeps two checkpoints apart, at close too, which is what the
WAL-reset bug of SQLite before 3.51.3 needs (sqlite.org/wal.html#walresetbug); and waiting for it is cheaper than SQLite's
own polling. Nobody waits for ever: a program that is stopped while it writes must not stop all others with it.
"""
from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from crm_workbook.store.errors import KEPT, Unsaved
from crm_workbook.store.files import MODE, lock_path

PATIENCE = 2.5  # seconds until we say that somebody else holds the lock
BRIEF = 0.1  # seconds of each later try, until one succeeds: whoever tries again has other things to do in between
_FIRST_LOOK, _LAST_LOOK = 0.001, 0.003  # seconds between two looks at the lock; longer ones starve


def ignoring_no_permissions() -> suppress:
    """For fchmod on a file system that has no permissions."""
    return suppress(PermissionError)


class WriterQueue:
    """One place in the queue; made for a workbook file, used by one thread."""

    def __init__(self, workbook: Path) -> None:
        self._path = lock_path(workbook)
        self._descriptor = -1
        self._in_vain = False  # the last wait

    @contextmanager
    def turn(self, seconds: float = 0) -> Iterator[None]:
        """Waits until it is our turn to write. Unsaved when it is not after so many seconds (0: PATIENCE; after a wait in
        vain: BRIEF); OSError when the lock file cannot be made."""
        if self._descriptor < 0:
            self._descriptor = self._open()
        self._wait(time.monotonic() + (BRIEF if self._in_vain else seconds or PATIENCE))
        try:
            yield
        finally:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def _wait(self, until: float) -> None:
        pause = _FIRST_LOOK
        while True:
            try:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                if time.monotonic() >= until:
                    self._in_vain = True
                    raise Unsaved(f"Another program is writing into this workbook and does not end. Look who else has it "
                                  f"open. {KEPT}") from error
                time.sleep(pause)
                pause = min(pause * 2, _LAST_LOOK)
            else:
                self._in_vain = False
                return

    def _open(self) -> int:
        flags = os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW
        try:
            return os.open(self._path, flags)
        except FileNotFoundError:
            pass
        try:
            descriptor = os.open(self._path, flags | os.O_CREAT | os.O_EXCL, MODE)
        except FileExistsError:  # somebody was faster
            return os.open(self._path, flags)
        with ignoring_no_permissions():
            os.fchmod(descriptor, MODE)
        return descriptor

    def close(self) -> None:
        """Leaves the queue. The file stays: deleting it would let two writers queue on two files."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
