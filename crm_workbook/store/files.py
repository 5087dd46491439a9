"""Workbook files: making one, telling one from anything else, and opening it. Plain sqlite3 only.

Every refusal is a `NotAWorkbook` whose message is a sentence that says what to do. Nothing here changes a file that
is not a workbook, and nothing creates a file except `create`.
"""
from __future__ import annotations

import os
import re
import sqlite3
import stat
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from crm_workbook.store.errors import NotAWorkbook
from crm_workbook.store.names import APPLICATION_ID, BUSY_SECONDS, LOCK_SUFFIX, VERSION

MODE = 0o660  # the group may write; SQLite gives -wal and -shm the same rights, whatever the umask
_MAGIC = b"SQLite format 3\x00"
_NETWORK = re.compile(r"nfs\d?|cifs|smb\d?|smbfs|9p|ceph|glusterfs|lustre|afs|vboxsf|drvfs|fuse\..+")
_LOCAL_FUSE = frozenset({"fuse.fuse-overlayfs"})  # the root of a rootless container


@dataclass(frozen=True, slots=True)
class Identity:
    """What the first bytes of a workbook file say."""

    path: Path
    version: int


def identify(path: Path) -> Identity:
    """What this workbook file is, from its first hundred bytes; NotAWorkbook with the reason when it is none.

    Cheap (no database is opened) and without traces; it does not look for damage further inside.
    """
    path = Path(path)
    try:
        facts = path.stat()
        if stat.S_ISDIR(facts.st_mode):
            raise NotAWorkbook("directory", f"{path} is a folder. Name the workbook file in it.")
        if not stat.S_ISREG(facts.st_mode):
            raise NotAWorkbook("not ours", f"{path} is no ordinary file. Name a workbook file.")
        with path.open("rb") as file:
            head = file.read(100)
    except FileNotFoundError as error:
        raise NotAWorkbook("missing", f"There is no file {path}. Check the name, or make a new workbook with "
                           f"`crm-workbook new {path}`.") from error
    except OSError as error:
        raise NotAWorkbook("read-only", f"{path} cannot be read ({error.strerror}). Ask its owner for the right to read and "
                           "write it.") from error
    if not head:
        raise NotAWorkbook("empty", f"{path} is empty. If making a workbook was interrupted, delete it and make it again.")
    if len(head) < 100 or not head.startswith(_MAGIC):
        raise NotAWorkbook("not ours", f"{path} is not a workbook. Choose a file that was made by `crm-workbook new`; an "
                           "export is read with `crm-workbook import`.")
    application, version = int.from_bytes(head[68:72], "big"), int.from_bytes(head[60:64], "big")
    if application != APPLICATION_ID:
        raise NotAWorkbook("not ours", f"{path} is a database of another program. Choose a file that was made by "
                           "`crm-workbook new`.")
    _refuse_newer(path, version)
    return Identity(path, version)


def _refuse_newer(path: Path, version: int) -> None:
    if version > VERSION:
        raise NotAWorkbook("newer", f"{path} was made by a newer version of CRM Workbook (its format is {version}, this "
                           f"program knows {VERSION}). Install the newer version.")


def create(path: Path) -> None:
    """An empty file with the right permissions, ready to become a workbook; NotAWorkbook when something is there already."""
    refuse_network(path)
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, MODE)
    except FileExistsError as error:
        raise NotAWorkbook("exists", f"{path} exists already. Open it, or choose another name.") from error
    except OSError as error:
        raise NotAWorkbook("read-only", f"{path} cannot be made ({error.strerror}). Choose a folder in which you may "
                           "write.") from error
    try:
        os.fchmod(descriptor, MODE)  # the umask took the group's right away
    except PermissionError:  # a file system without permissions
        pass
    finally:
        os.close(descriptor)


def connect(path: Path, mode: str = "rw") -> sqlite3.Connection:
    """A connection with our settings. `mode`: rw, ro, or immutable (ro without locks); never creates a file."""
    query = "mode=ro&immutable=1" if mode == "immutable" else f"mode={mode}"
    connection = sqlite3.connect(f"file:{quote(str(path))}?{query}", uri=True, isolation_level=None, timeout=BUSY_SECONDS)
    try:
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA synchronous=FULL")  # an acknowledged change survives a power cut; NORMAL loses 17 of 20
        connection.execute("PRAGMA trusted_schema=OFF")
    except BaseException:
        connection.close()
        raise
    return connection


def open_file(path: Path, *, read_only: bool = False) -> tuple[sqlite3.Connection, Identity]:
    """A checked connection to an existing workbook. Reads `immutable` only if `read_only` was asked and nothing else works."""
    path = path.resolve()  # -wal, -shm and the lock lie beside the file, not beside a link to it
    identity = identify(path)
    refuse_network(path)
    if not read_only and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK | os.X_OK)):
        raise NotAWorkbook("read-only", f"You may read {path}, but not write to it or its folder. Ask for the right to "
                           f"write there, or read what is in it with `crm-workbook export {path}`.")
    modes = ("ro", "immutable") if read_only else ("rw",)
    for mode in modes:
        try:
            return _checked(path, mode), identity
        except (sqlite3.Error, UnicodeDecodeError) as error:  # the second: from a damaged schema
            if mode != modes[-1] and _name(error).startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN")):
                continue
            raise refusal(path, error) from error
    raise AssertionError("unreachable")


def _checked(path: Path, mode: str) -> sqlite3.Connection:
    connection = connect(path, mode)
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]  # the header may lag behind the log
        _refuse_newer(path, version)
        if problem := damage(connection):
            raise NotAWorkbook("damaged", _damaged(path, problem))
        connection.execute("SELECT max(number) FROM journal").fetchall()  # our mark, but no journal: damaged
        if mode == "rw":
            connection.execute("PRAGMA journal_mode=WAL").fetchall()  # last: a file that is refused is not touched
    except BaseException:
        connection.close()
        raise
    return connection


def damage(connection: sqlite3.Connection) -> str:
    """What quick_check and foreign_key_check find first, or ''. Changed content (no checksums) is not noticed."""
    plain = connection.text_factory
    connection.text_factory = lambda raw: raw.decode("utf-8", "replace")  # a damaged text must not end the check
    try:
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            return str(found)
        broken = connection.execute("PRAGMA foreign_key_check").fetchone()
        return f"a row of {broken[0]} points at nothing" if broken else ""
    finally:
        connection.text_factory = plain


def refusal(path: Path, error: Exception) -> NotAWorkbook:
    """The sentence for what SQLite said while the file was opened."""
    name = _name(error)
    if name.startswith("SQLITE_NOTADB"):
        return NotAWorkbook("not ours", f"{path} is not a workbook, or its beginning was overwritten. Choose another file or "
                            "a backup.")
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN")):
        return NotAWorkbook("read-only", f"{path} cannot be opened for writing ({error}). Ask for the right to write to it "
                            f"and its folder, or read what is in it with `crm-workbook export {path}`.")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return NotAWorkbook("in use", f"{path} is kept locked by another program. Close that program and try again.")
    if name.startswith(("SQLITE_FULL", "SQLITE_IOERR")):
        return NotAWorkbook("read-only", f"{path} cannot be opened: the disk is full or out of order ({error}). Make room and "
                            "try again.")
    return NotAWorkbook("damaged", _damaged(path, str(error)))


def _damaged(path: Path, detail: str) -> str:
    return (f"{path} is damaged ({detail}). Keep it, and open the newest backup; what was exported since can be read with "
            "`crm-workbook import`.")


def _name(error: Exception) -> str:
    return getattr(error, "sqlite_errorname", "") or ""


# ---- network file systems: two machines get the write lock at the same time, and rows vanish ----

def refuse_network(path: Path, mounts: str | None = None) -> None:
    """NotAWorkbook when the file lies on a network file system, unless CRM_WORKBOOK_ALLOW_NETWORK=1.

    `mounts`: the text of /proc/self/mountinfo (tests).
    """
    if os.environ.get("CRM_WORKBOOK_ALLOW_NETWORK") == "1":
        return
    type_ = file_system(path, mounts)
    if _NETWORK.fullmatch(type_) and type_ not in _LOCAL_FUSE:
        raise NotAWorkbook("network", f"{path} lies on a network file system ({type_}), where changes of several people get "
                           "lost. Put it on a disk of one computer (others come there by ssh), or use a PostgreSQL server. "
                           "Only if nobody else ever opens it: set CRM_WORKBOOK_ALLOW_NETWORK=1.")


def file_system(path: Path, mounts: str | None = None) -> str:
    """The type of the file system a path is on ("ext4"); '' when it cannot be told."""
    if mounts is None:
        try:
            mounts = Path("/proc/self/mountinfo").read_text("utf-8", "surrogateescape")
        except OSError:
            return ""
    place, best, found = str(path.resolve()), -1, ""
    for line in mounts.splitlines():
        front, separator, back = line.partition(" - ")
        parts = front.split(" ")
        if not separator or len(parts) < 5:
            continue
        point = re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), parts[4])
        inside = point == "/" or place == point or place.startswith(point + "/")
        if inside and len(point) >= best:  # of two mounts on one point, the later one is seen
            best, found = len(point), back.split(" ")[0]
    return found


def lock_path(path: Path) -> Path:
    """The side file on which writers queue."""
    return path.with_name(path.name + LOCK_SUFFIX)
