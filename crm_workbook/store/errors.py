"""The two ways in which keeping a workbook can fail; both messages are sentences for the person at the screen."""
from __future__ import annotations

import errno
import re
import sqlite3
from typing import Literal

Reason = Literal["missing", "exists", "directory", "not ours", "empty", "damaged", "newer", "older", "read-only", "network",
                 "in use", "server"]


class NotAWorkbook(Exception):
    """A workbook that cannot be opened or made. The message says why, and what to do; `reason` is for programs."""

    def __init__(self, reason: Reason, sentence: str) -> None:
        super().__init__(sentence)
        self.reason: Reason = reason


class Unsaved(OSError):
    """Nothing was written. The message says why (disk full, read-only, no connection ...); trying again later may work."""


def shown(target: str) -> str:
    """A path as it is; the address of a server without its passwords (before the host, and `?password=`)."""
    if "://" not in target:
        return target
    target = re.sub(r"^(\w[\w+]*://[^/@]*?):[^/]*@", r"\1@", target)
    return re.sub(r"(?i)([?&][^=&#]*password=)[^&]*", r"\1***", target)


KEPT = "Nothing of the last change was stored; it is kept here and tried again."
READING_ONLY = "The workbook is open for reading only; nothing was changed."
OUTDATED = ("A newer version of the program has brought this workbook up to date meanwhile. Leave, and open it with that "
            f"version. {KEPT}")
_BY_NAME = (
    ("SQLITE_FULL", "The disk is full. Make room on it."),
    ("SQLITE_READONLY", "The workbook's file or folder is read-only. Ask for the right to write there."),
    ("SQLITE_IOERR", "The disk did not take the change (it may be full or gone). Look whether the disk is in order."),
    ("SQLITE_CANTOPEN", "The workbook's folder cannot be written to, or is gone. Look whether it is still there."),
    ("SQLITE_BUSY", "Another program is writing into this workbook and does not end. Look who else has it open."),
    ("SQLITE_LOCKED", "Another program keeps the workbook locked. Look who else has it open."),
    ("SQLITE_CORRUPT", "The workbook file is damaged. Leave the program, keep the file, and open the newest backup."),
    ("SQLITE_NOTADB", "The workbook file was overwritten by something else. Leave the program and open the newest backup."))
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def unsaved_from(error: BaseException) -> Unsaved | None:
    """The sentence for a failure of the disk or the database; None when the failure is not of that sort (ours)."""
    if isinstance(error, Unsaved):
        return error
    original = getattr(error, "orig", None) or error  # SQLAlchemy wraps what the driver raised
    if isinstance(original, sqlite3.Error):
        name = getattr(original, "sqlite_errorname", "") or ""
        for start, sentence in _BY_NAME:
            if name.startswith(start):
                return Unsaved(f"{sentence} {KEPT}")
        return None
    if isinstance(original, OSError):
        full = original.errno in _FULL
        reason = "The disk is full. Make room on it." if full else f"The disk did not take the change: {original}."
        return Unsaved(f"{reason} {KEPT}")
    if type(original).__module__.partition(".")[0] == "psycopg" and type(original).__name__ in _LOST:
        detail = str(original).strip().partition("\n")[0]
        return Unsaved(f"The database server did not take the change ({detail}). Look whether it can be reached. {KEPT}")
    return None


_LOST = frozenset({"OperationalError", "InterfaceError", "AdminShutdown", "CrashShutdown", "CannotConnectNow", "DiskFull",
                   "ReadOnlySqlTransaction", "InsufficientPrivilege", "IdleInTransactionSessionTimeout", "LockNotAvailable",
                   "ConnectionTimeout", "TooManyConnections", "OutOfMemory", "DatabaseDropped"})

__all__ = ["KEPT", "OUTDATED", "READING_ONLY", "NotAWorkbook", "Reason", "Unsaved", "shown", "unsaved_from"]
