"""SIGHUP (ssh dropped, terminal closed) and SIGTERM: save, then end.

A handler is not enough: with a stalled terminal the main thread hangs in a write, and neither Python's handlers nor the
event loop's ever run. So both signals are blocked in every thread, and one thread of ours waits for them.
"""
from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm_workbook.store.session import Session

_WATCHED = (signal.SIGHUP, signal.SIGTERM)
_RESTORE_SECONDS = 1.0
_log = logging.getLogger(__name__)


def block_signals() -> None:
    """Blocks both signals for this thread and all that it starts: call it in the main thread before any other exists.

    An inherited "ignore" (nohup) is taken back: a program without a terminal would run on for ever.
    """
    for number in _WATCHED:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_BLOCK, _WATCHED)


def install(session: Session, restore: Callable[[], None]) -> threading.Thread:
    """Starts the thread that waits. On a signal it closes the session and ends the process with 129 or 143.

    `restore` puts the terminal back to normal; called for SIGTERM only (after SIGHUP there is no terminal).
    """
    thread = threading.Thread(target=_wait, args=(session, restore), name="signals", daemon=True)
    thread.start()
    return thread


def _wait(session: Session, restore: Callable[[], None]) -> None:
    number = signal.sigwait(_WATCHED)
    try:
        session.close(timeout=5.0)  # first: restoring writes to the terminal, which may hang
        if number == signal.SIGTERM:
            helper = threading.Thread(target=restore, daemon=True)
            helper.start()
            helper.join(_RESTORE_SECONDS)
    except Exception:  # noqa: BLE001  # logged; it must end
        _log.exception("Ending after signal %d", number)
    finally:
        os._exit(128 + number)
