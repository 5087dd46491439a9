"""Is everything in order here? Versions, the database library, the terminal, and a workbook with all that is in it."""
from __future__ import annotations

import locale
import os
import platform
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from crm_workbook import __version__
from crm_workbook.i18n import _, ngettext
from crm_workbook.records import KINDS
from crm_workbook.records.book import Book
from crm_workbook.records.declare import MANY_IDS
from crm_workbook.records.values import Invalid, check

PACKAGES = ("textual", "sqlmodel", "sqlalchemy", "alembic", "rich", "tomli-w", "click", "platformdirs")
LITTLE_ROOM = 100 * 1024 * 1024
"""Bytes free on the disk below which the doctor warns."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, what was found, and whether somebody has to do something."""

    subject: str
    sentence: str
    bad: bool = False


def examine(workbook: str = "", *, terminal_fault: str = "") -> Iterator[Finding]:
    """Looks at this installation, and at a workbook if one is named. Nothing is changed."""
    yield Finding("crm-workbook", __version__)
    yield Finding("Python", f"{platform.python_version()}, {platform.platform()}")
    yield from _packages()
    yield from _sqlite()
    yield from _terminal(terminal_fault)
    yield from _rescued()
    if workbook:
        yield from _workbook(workbook)


def has_wal_fault(version: tuple[int, ...]) -> bool:
    """Whether this SQLite can damage a file when two processes reset its log at the same moment.

    3.7.0 to 3.51.2, mended in 3.51.3 and in 3.44.6 and 3.50.7 (sqlite.org/wal.html#walresetbug).
    """
    mended = {(3, 44): 6, (3, 50): 7}.get((version[0], version[1]))
    if mended is not None:
        return version[2] < mended
    return (3, 7, 0) <= version < (3, 51, 3)


def _packages() -> Iterator[Finding]:
    found = []
    for name in PACKAGES:
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            yield Finding(name, _("is not installed. Install crm-workbook again."), bad=True)
    yield Finding(_("packages"), ", ".join(found))


def _sqlite() -> Iterator[Finding]:
    if has_wal_fault(sqlite3.sqlite_version_info):
        yield Finding("SQLite", _(
            "{version}; it has the WAL-reset fault of SQLite before 3.51.3. The lock file beside each workbook keeps writers "
            "apart and so guards against it; do not delete it, and change workbooks only with this program.").format(
                version=sqlite3.sqlite_version))
    else:
        yield Finding("SQLite", _("{version}; the WAL-reset fault is mended in it.").format(version=sqlite3.sqlite_version))


def _terminal(fault: str) -> Iterator[Finding]:
    size = shutil.get_terminal_size((0, 0))
    facts = [f"TERM={os.environ.get('TERM') or _('not set')}"]
    if size.columns:
        facts.append(_("{columns} columns, {lines} lines").format(columns=size.columns, lines=size.lines))
    facts += [f"{name}={os.environ[name]}" for name in ("COLORTERM", "NO_COLOR", "TMUX", "SSH_TTY") if name in os.environ]
    yield Finding(_("terminal"), ", ".join(facts))
    if fault:
        yield Finding(_("screen"), _("The application cannot be shown here. {fault}").format(fault=fault))
    elif 0 < size.columns < 80 or 0 < size.lines < 24:
        yield Finding(_("screen"), _("The window is small; 80 columns and 24 lines are enough for everything."))
    encoding = getattr(sys.stdout, "encoding", None) or "?"
    language = next((os.environ[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if os.environ.get(name)), _("not set"))
    yield Finding(_("language"), _("{language}, output in {encoding}, files in {files}").format(
        language=language, encoding=encoding, files=locale.getpreferredencoding(False)))


def _rescued() -> Iterator[Finding]:
    from crm_workbook.store.rescue import left_over

    for path in left_over():
        yield Finding(_("rescued"), _(
            "{path} holds what could not be written into a workbook. Read it (it is a text), copy what is missing into the "
            "workbook, and delete it.").format(path=path), bad=True)


def _workbook(target: str) -> Iterator[Finding]:
    from crm_workbook.store import NotAWorkbook, Unsaved, Workbook, is_server

    try:
        if not is_server(target):
            yield from _file(Path(target))
        with Workbook.open(target, who="doctor", read_only=True) as workbook:
            count = workbook.book.count()
            yield Finding(_("workbook"), ngettext(
                "{title}: {count} record, youngest change number {number}; structure checked.",
                "{title}: {count} records, youngest change number {number}; structure checked.", count).format(
                    title=workbook.title, count=count, number=workbook.book.number))
            yield from examine_book(workbook.book)
            told = Book().advanced(reversed(workbook.history()))
            if told == workbook.book:
                yield Finding(_("journal"), _("The history leads to exactly these records."))
            else:
                yield Finding(_("journal"), _(
                    "The history does not lead to the records as they are: somebody changed the file with another program. "
                    "Compare it with a backup."), bad=True)
    except (NotAWorkbook, Unsaved) as error:
        yield Finding(_("workbook"), str(error), bad=True)


def _file(path: Path) -> Iterator[Finding]:
    from crm_workbook.store.files import file_system, identify, lock_path

    identity = identify(path)
    real = path.resolve()
    facts = real.stat()
    yield Finding(_("file"), _("{path}, {size} kB, format {version}, rights {mode:o}, file system {kind}").format(
        path=real, size=facts.st_size // 1024, version=identity.version, mode=facts.st_mode & 0o777,
        kind=file_system(real) or _("not known")))
    lock = lock_path(real)
    yield Finding(_("lock file"), _("{path} is there; writers queue on it.").format(path=lock) if lock.exists() else
                  _("{path} is made at the next change.").format(path=lock))
    free = shutil.disk_usage(real.parent).free
    if free < LITTLE_ROOM:
        yield Finding(_("disk"), _("Only {free} MB are free in {folder}. Make room there.").format(
            free=free // 1024 // 1024, folder=real.parent), bad=True)
    if not os.access(real, os.W_OK) or not os.access(real.parent, os.W_OK | os.X_OK):
        yield Finding(_("rights"), _("You may only read it: ask its owner for the right to write to {path} and its folder."
                                     ).format(path=real), bad=True)


def examine_book(book: Book) -> Iterator[Finding]:
    """Values that no field would take today, and links that lead nowhere; the first of each, and how many."""
    wrong, lost = [], []
    for kind in KINDS:
        for row in book.rows(kind):
            for field in kind.declared.fields.values():
                value = row[field.index]
                try:
                    fits = check(field, value) == value
                except Invalid:
                    fits = False
                if not fits:
                    wrong.append(f"{row.code} {field.name}")
            for field in kind.declared.link_fields():
                held = row[field.index]
                lost += [f"{row.code} {field.name} -> {code}" for code in (held if field.type in MANY_IDS else (held,))
                         if code and book.get(code) is None]
    if wrong:
        yield Finding(_("values"), _("{count} values cannot be right, the first: {first}. Open the record and enter it again."
                                     ).format(count=len(wrong), first=wrong[0]), bad=True)
    if lost:
        yield Finding(_("links"), _("{count} links lead to records that are not there, the first: {first}. Open the record and "
                                    "choose another.").format(count=len(lost), first=lost[0]), bad=True)
    if not wrong and not lost:
        yield Finding(_("records"), _("Every value fits its field, every link leads to a record."))
