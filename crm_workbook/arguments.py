"""What the words of a command line mean: a workbook, a name, a terminal; and how refusals become sentences."""
from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TextIO

from crm_workbook.cli import PROGRAM, VERBS, Stop, complain, printable
from crm_workbook.i18n import _, ngettext

if TYPE_CHECKING:
    from crm_workbook.catalogue import Catalogue
    from crm_workbook.records.book import Book
    from crm_workbook.records.vendors import Vendor

ADDRESSES = ("postgresql", "postgresql+psycopg", "postgres")
LONGEST_NAME = 80


@contextmanager
def sentences() -> Iterator[None]:
    """Turns every refusal of the rooms below into Stop; faults of ours pass through."""
    from crm_workbook.catalogue import CatalogueError
    from crm_workbook.exchange.files import FileRefused
    from crm_workbook.exchange.reading import ImportErrors
    from crm_workbook.records.edits import Refused
    from crm_workbook.store import NotAWorkbook, Unsaved

    try:
        yield
    except (FileRefused, NotAWorkbook, Unsaved) as error:
        raise Stop(printable(str(error))) from error
    except CatalogueError as error:
        raise Stop("\n".join([*(printable(str(problem)) for problem in error.problems[:50]),
                              _("This is the company's own catalogue file. Mend it, or look at it with: {command}").format(
                                  command=f"{PROGRAM} catalogue check FILE")])) from error
    except ImportErrors as error:
        lines = [printable(str(problem)) for problem in error.problems]
        most = 50
        rest = ngettext("... and {n} more.", "... and {n} more.", len(lines) - most).format(n=len(lines) - most)
        raise Stop("\n".join([*lines[:most], *([rest] if len(lines) > most else []),
                              _("Nothing was taken over.")])) from error
    except Refused as error:
        lines = [*map(printable, error.problems),
                 *(_("{what}: somebody changed it in the meantime.").format(what=_edit_name(conflict.edit))
                   for conflict in error.conflicts)]
        raise Stop("\n".join([*lines[:50], _("Nothing was written. Look at it, and try again.")])) from error


def _edit_name(edit: object) -> str:
    return " ".join(str(getattr(edit, name)) for name in ("code", "field") if hasattr(edit, name))


def must_exist(workbook: str, *, verb: bool = True) -> None:
    """Stop with the way to make it when there is no such file; the rest is said by the store."""
    if is_address(workbook) or os.path.lexists(workbook):
        return
    if not verb and os.sep not in workbook:
        import difflib

        near = difflib.get_close_matches(workbook.casefold(), VERBS, 1, 0.65)
        if near:
            raise Stop(_("There is no file {name}, and no command of this name. Did you mean: {program} {near}").format(
                name=shown(workbook), program=PROGRAM, near=near[0]))
    if workbook.endswith(".toml"):
        raise Stop(_("There is no file {name}.").format(name=shown(workbook)))
    raise Stop(_("There is no workbook {name}. To make it: {command}").format(
        name=shown(workbook), command=f"{PROGRAM} new {shlex.quote(shown(workbook))}"))


def is_address(workbook: str) -> bool:
    """Whether this names a database server and not a file. Stop when it is one that we do not speak to."""
    scheme, separator, _rest = workbook.partition("://")
    if separator and scheme not in ADDRESSES:
        raise Stop(_("{scheme}:// is not known here. A workbook is a file or lies on a PostgreSQL server: postgresql://...").format(
            scheme=shown(scheme)))
    return bool(separator)


def read_book(workbook: str) -> Book:
    """The Book of a workbook, or of a full export (a file that ends in .toml)."""
    with sentences():
        if workbook.endswith(".toml") and not is_address(workbook):
            from crm_workbook.exchange.files import read_bytes
            from crm_workbook.exchange.reading import ImportErrors, decoded, read_full

            try:
                return read_full(decoded(read_bytes(workbook), shown(workbook)), shown(workbook))
            except ImportErrors as error:
                raise Stop("\n".join([*(printable(str(problem)) for problem in error.problems[:50]),
                                      _("Only a workbook or its full export can be read here.")])) from error
        from crm_workbook.store import Workbook

        with Workbook.open(workbook, who=who_signs(None), read_only=True) as opened:
            return opened.book


def catalogue_for(workbook: str, given: str = "") -> Catalogue:
    """The catalogue with the company's own file on top: the one given, or the one that belongs to the workbook."""
    from crm_workbook.catalogue import load
    from crm_workbook.paths import overlay_of

    return load(Path(given) if given else overlay_of(workbook))


def a_vendor(book: Book, text: str) -> Vendor:
    """The vendor with this code or name. Stop with those that there are."""
    from crm_workbook.records.vendors import Vendor

    rows = book.rows(Vendor)
    found = [row for row in rows if text.upper() == row.code] or [
        row for row in rows if row.name.strip() and text.strip().casefold() == row.name.strip().casefold()]
    if len(found) != 1:
        there = ", ".join(shown(f"{row.code} {row.name}".strip()) for row in rows[:10]) or _("none yet")
        raise Stop(_("There is no vendor {text} in this workbook. The vendors: {there}").format(
            text=shown(text[:60]), there=there))
    return found[0]


def a_day(text: str | None) -> date:
    """The day that was asked for, otherwise the one it is here. Stop when it is none."""
    if text is None:
        return datetime.now().astimezone().date()
    from crm_workbook.records import Field, FieldType
    from crm_workbook.records.values import Invalid, parse

    try:
        found = parse(Field(FieldType.DAY, ""), text, a_day(None))
    except Invalid:
        found = None
    if not isinstance(found, date) or not 1970 <= found.year <= 2200:
        raise Stop(_("--date wants a day such as 2026-03-12, found {text}.").format(text=shown(text[:40])))
    return found


def terminal_fault() -> str:
    """Why the application cannot be shown here, or ''."""
    if not is_terminal(sys.stdin):
        return _("The keyboard is not connected (standard input is no terminal). Start {program} by hand in a terminal; over "
                 "ssh with: ssh -t").format(program=PROGRAM)
    if not is_terminal(sys.stderr):  # the screen is drawn there
        return _("Standard error is no terminal, and the screen is drawn there. Start {program} without 2>.").format(
            program=PROGRAM)
    if os.environ.get("TERM") == "dumb":
        return _("This terminal cannot place characters on the screen (TERM=dumb). Use another terminal, or read the summary "
                 "with: {program} export WORKBOOK").format(program=PROGRAM)
    encoding = getattr(sys.stderr, "encoding", None) or ""
    if encoding.lower().replace("-", "").replace("_", "") != "utf8":
        return _("This terminal does not speak UTF-8 but {encoding}. Set it up for UTF-8, for example: "
                 "LC_ALL=C.UTF-8 {program} ...").format(encoding=encoding or "?", program=PROGRAM)
    return ""


def is_terminal(stream: TextIO | None) -> bool:
    """Does a person sit at its other end?"""
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # closed
        return False


def who_signs(name: str | None) -> str:
    """The name that signs changes: the one given, else CRM_WORKBOOK_USER, else who is logged in."""
    for candidate in (name, os.environ.get("CRM_WORKBOOK_USER"), *_account(), _("somebody")):
        found = " ".join(printable(candidate or "").split())
        if found:
            if len(found) > LONGEST_NAME:
                _refuse_name(found)
            return found
        if candidate is not None and candidate is name:
            _refuse_name(candidate)
    raise AssertionError("unreachable")


def _refuse_name(name: str) -> NoReturn:
    raise Stop(_("The name beside changes (--as, CRM_WORKBOOK_USER) has 1 to {most} characters, this one has {count}.").format(
        most=LONGEST_NAME, count=len(name)))


def _account() -> Iterable[str]:
    """Full name and login name of the account, as far as the system knows them."""
    import pwd

    try:
        entry = pwd.getpwuid(os.getuid())
    except KeyError:
        return (os.environ.get("LOGNAME", ""),)
    return entry.pw_gecos.split(",")[0], entry.pw_name


def note(sentence: str) -> None:
    """Something said beside the output proper."""
    complain(printable(sentence))


def shown(path: str) -> str:
    """A path or an address as it may stand in a sentence."""
    return printable(path)


def command_for(workbook: str) -> str:
    """The command that opens it."""
    return f"{PROGRAM} {shlex.quote(shown(workbook))}"
