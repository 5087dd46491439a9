"""The queue of writers: a kernel lock on a file beside the workbook, in front of SQLite's own.

SQLite lets waiting writers poll, which is unfair (the worst waits half a minute); flock is a fair queue, and the kernel
gives the lock back when a process is killed. It also keeps two checkpoints apart, at close too, which is what the
WAL-reset bug of SQLite before 3.51.3 needs (sqlite.org/wal.html#walresetbug).
"""
from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from crm_workbook.store.files import MODE, lock_path


def ignoring_no_permissions() -> suppress:
    """For fchmod on a file system that has no permissions."""
    return suppress(PermissionError)


class WriterQueue:
    """One place in the queue; made for a workbook file, used by one thread."""

    def __init__(self, workbook: Path) -> None:
        self._path = lock_path(workbook)
        self._descriptor = -1

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Waits until it is our turn to write; OSError when the lock file cannot be made."""
        if self._descriptor < 0:
            self._descriptor = self._open()
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)

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
