"""The verbs of the command line: thin functions that read their arguments and call the room that does the work.

Only click is imported here; records, store and exchange come with the verb that needs them.
"""
from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO, TypeVar

import click
from click.shell_completion import CompletionItem

from crm_workbook import __version__
from crm_workbook.cli import FINE, PROGRAM, REFUSED, VERBS, Stop, complain, help_text, printable, write
from crm_workbook.i18n import _, ngettext

if TYPE_CHECKING:
    from crm_workbook.app import Opener
    from crm_workbook.records.book import Book

Function = TypeVar("Function", bound=Callable[..., Any])
CHAPTERS = ("goals", "team", "processes", "requirements", "vendors", "phases", "adoption", "radar", "minutes")
ADDRESSES = ("postgresql", "postgresql+psycopg", "postgres")
LONGEST_NAME = 80
_NAMED = 10  # codes named in one sentence


def run(arguments: Sequence[str]) -> int:
    """Runs one verb and gives the exit code. Raises Stop for whatever the person can mend."""
    variable = f"_{PROGRAM.upper().replace('-', '_')}_COMPLETE"
    try:
        if variable in os.environ:
            commands.main(list(arguments), prog_name=PROGRAM, complete_var=variable, standalone_mode=False)
        with commands.make_context(PROGRAM, list(arguments)) as context:
            return commands.invoke(context) or FINE
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.Abort as error:
        raise KeyboardInterrupt from error
    except click.ClickException as error:
        raise Stop(_usage(error) + printable(error.format_message())) from error


def _usage(error: click.ClickException) -> str:
    """How the verb is written, above the sentence that says what is wrong."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is None or context.command in (commands, open_):
        return help_text().partition("\n\n")[0] + "\n\n"
    return f"{context.get_usage()}\n\n"


class _Verbs(click.Group):
    """The verbs; a first word that is none of them is a workbook to open."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            if not ctx.resilient_parsing:  # what is said about a missing file is clearer than about a second word
                _must_exist(args[0], verb=False)
            return open_.name, open_, args
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name in VERBS if name in self.commands]

    def get_help(self, ctx: click.Context) -> str:
        return help_text().rstrip()

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        return [*super().shell_complete(ctx, incomplete), CompletionItem(incomplete, type="file")]


def _as(function: Function) -> Function:
    """The option --as, also behind the verb."""
    return click.option("--as", "name", metavar=_("NAME"), help=_("The name written beside your changes."))(function)


@click.group(cls=_Verbs, add_help_option=True, context_settings={"help_option_names": ["--help", "-h"]})
@_as
@click.version_option(__version__, "--version", "-V", message=f"{PROGRAM} {__version__}")
@click.pass_context
def commands(context: click.Context, name: str | None) -> None:
    """The program."""
    context.obj = name


_file = click.Path()  # whether it is there, and what it is, is said in our own sentences


@commands.command("open", hidden=True, add_help_option=False)
@click.argument("workbook", metavar=_("WORKBOOK"))
@_as
@click.pass_obj
def open_(given: str | None, workbook: str, name: str | None) -> int:
    """Opens a workbook on this terminal; prints the summary where there is none."""
    who = _who(given if name is None else name)
    if not _is_terminal(sys.stdout):
        return _print_summary(_read_book(workbook))
    return _open_app(workbook, who)


@commands.command(help=_("Make an empty workbook in a new file, or in an empty PostgreSQL database."))
@click.argument("workbook", metavar=_("WORKBOOK"), type=_file)
@click.option("--company", metavar=_("NAME"), default="", help=_("The name of the company."))
@_as
@click.pass_obj
def new(given: str | None, workbook: str, company: str, name: str | None) -> None:
    _is_address(workbook)
    with _sentences():
        from crm_workbook.store import Workbook

        Workbook.new(workbook, who=_who(given if name is None else name), company=company).close()
    write(_("{workbook} is made. Open it with: {command}").format(
        workbook=_shown(workbook), command=_command(workbook)) + "\n")


@commands.command(help=_("Open an example in which everything may be tried out. It is a copy that is thrown away afterwards."))
@_as
@click.pass_obj
def demo(given: str | None, name: str | None) -> int:
    who = _who(given if name is None else name)
    if not _is_terminal(sys.stdout):
        with _sentences():
            from crm_workbook.exchange.sample import sample_book

            book = sample_book()
        return _print_summary(book)
    _refuse_terminal()
    from crm_workbook.exchange.sample import NAME, open_copy, throw_away_folder

    with throw_away_folder() as folder:  # the copy is made behind the first picture
        return _open_app(str(folder / NAME), who, lambda show: open_copy(folder, show, who=who))


@commands.command(help=_("Write the summary of a workbook as TOML: what was decided, the figures, and what is still open. With "
                         "--full everything, so that it can be imported again."))
@click.argument("workbook", metavar=_("WORKBOOK"), type=_file)
@click.option("--full/--summary", "full", default=False, help=_("Everything, or the summary (unless you say otherwise)."))
@click.option("--chapter", type=click.Choice(CHAPTERS), help=_("Only this chapter of the summary."))
@click.option("-o", "--output", metavar=_("FILE"), default="-", help=_("Write into this file, whole or not at all."))
def export(workbook: str, full: bool, chapter: str | None, output: str) -> None:
    if full and chapter:
        raise Stop(_("A full export always holds every chapter. Leave out --chapter, or --full."))
    _must_exist(workbook)
    book = _read_book(workbook)
    with _sentences():
        from crm_workbook.catalogue import load

        if full:
            from crm_workbook.exchange.full import write_full

            text = write_full(book, load())
        else:
            from crm_workbook.exchange.summary import write_summary

            text = write_summary(book, load(), chapter or "")
        if output == "-":
            return write(text, utf8=True)
        from crm_workbook.exchange.files import write_atomic

        path = write_atomic(output, text)
    _note(_("{path} is written.").format(path=_shown(str(path))))


@commands.command("import", help=_("Take over a full export into a workbook. Records with the same code are changed, others "
                                   "are added; what is not in FILE is left alone. FILE may be - for standard input."))
@click.argument("workbook", metavar=_("WORKBOOK"), type=_file)
@click.argument("file", metavar=_("FILE"), type=click.Path(allow_dash=True))
@click.option("--dry-run", is_flag=True, help=_("Only show what would change."))
@click.option("--lenient", is_flag=True, help=_("Leave out sections and fields that are not known."))
@click.option("--delete-missing", is_flag=True, help=_("Delete the records of the workbook that are not in FILE."))
@_as
@click.pass_obj
def import_(given: str | None, workbook: str, file: str, dry_run: bool, lenient: bool, delete_missing: bool,
            name: str | None) -> None:
    _must_exist(workbook)
    with _sentences():
        from crm_workbook.exchange.changes import changes, described, missing
        from crm_workbook.exchange.files import read_bytes
        from crm_workbook.exchange.reading import Problem, decoded, read_full
        from crm_workbook.records.book import Book
        from crm_workbook.store import Workbook

        source = _("standard input") if file == "-" else _shown(file)
        text = decoded(read_bytes(file), source)
        with Workbook.open(workbook, who=_who(given if name is None else name), read_only=dry_run) as opened:
            ignored: list[Problem] = []
            old = opened.book
            book = read_full(text, source, lenient=lenient, beside=Book() if delete_missing else old, ignored=ignored)
            edits = changes(old, book, delete_missing=delete_missing)
            if dry_run:
                write("".join(f"{line}\n" for line in described(edits, old)))
            else:
                opened.apply(edits)
    for problem in ignored:
        _note(_("Left out: {problem}").format(problem=problem))
    _tell_import(edits, [] if delete_missing else missing(old, book), dry_run)


@commands.command(help=_("Make a complete and checked copy of a workbook, also while others work in it."))
@click.argument("workbook", metavar=_("WORKBOOK"), type=_file)
@click.argument("target", metavar=_("TARGET"), type=_file)
def backup(workbook: str, target: str) -> None:
    _must_exist(workbook)
    if not Path(target).absolute().parent.is_dir():
        raise Stop(_("There is no folder {folder}. Make it first, or choose another one.").format(
            folder=_shown(str(Path(target).absolute().parent))))
    with _sentences():
        from crm_workbook.store import NotAWorkbook, Workbook, identify

        if os.path.isfile(target):  # an older backup may be replaced, anything else may not
            try:
                identify(Path(target))
            except NotAWorkbook as error:
                raise Stop(_("{target} is there already and is no workbook. Choose another name for the copy.").format(
                    target=_shown(target))) from error
        with Workbook.open(workbook, who=_who(None), read_only=True) as opened:
            opened.backup(Path(target))
    write(_("{target} holds a complete copy of {workbook}.").format(target=_shown(target), workbook=_shown(workbook)) + "\n")


@commands.command(help=_("Who changed what, and when; the youngest change first."))
@click.argument("workbook", metavar=_("WORKBOOK"), type=_file)
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", help=_("How it is printed."))
@click.option("--record", metavar=_("CODE"), default="", help=_("Only the changes of this record, such as G1."))
@click.option("--limit", metavar=_("N"), type=click.IntRange(0), default=None,
              help=_("At most so many changes; 0 for all. Otherwise 50 as text and all as JSON."))
def history(workbook: str, form: str, record: str, limit: int | None) -> None:
    _must_exist(workbook)
    with _sentences():
        from crm_workbook.exchange.journal import as_json, as_text
        from crm_workbook.records import split_code
        from crm_workbook.store import Workbook

        if record:
            try:
                split_code(record)
            except ValueError as error:
                raise Stop(printable(f"{str(error)[:120]}.")) from error
        most = (50 if form == "text" else 0) if limit is None else limit
        with Workbook.open(workbook, who=_who(None), read_only=True) as opened:
            entries = opened.history(record, most + 1 if most else 0)
        more = bool(most) and len(entries) > most
        entries = entries[:most] if most else entries
        if form == "json":
            return write(as_json(entries), utf8=True)
        write("".join(f"{line}\n" for line in as_text(entries)))
    if more:
        _note(_("There are older changes; --limit 0 shows all of them."))
    elif not entries:
        _note(_("Nothing was changed in {what} yet.").format(what=record or _shown(workbook)))


@commands.command(help=_("Say which versions are at work, what this terminal can do, and whether a workbook is in order."))
@click.argument("workbook", metavar=_("[WORKBOOK]"), type=_file, required=False)
def doctor(workbook: str | None) -> int:
    from crm_workbook.exchange.doctor import examine

    if workbook:
        _must_exist(workbook)
    healthy = True
    for finding in examine(workbook or "", terminal_fault=_terminal_fault()):
        healthy &= not finding.bad
        write(f"{'!' if finding.bad else ' '} {finding.subject + ':':<22} {printable(finding.sentence)}\n")
    return FINE if healthy else REFUSED


@commands.command(help=_("Where this program keeps its files."))
def paths() -> None:
    import platformdirs

    from crm_workbook.paths import rescue_folder, state_file, styles_dir

    here = Path(__file__).parent
    for subject, place in ((_("settings"), platformdirs.user_config_path(PROGRAM)),
                           (_("remembered"), state_file()),
                           (_("rescued"), rescue_folder()),
                           (_("logs"), platformdirs.user_log_path(PROGRAM, appauthor=False)),
                           (_("catalogue"), here / "catalogue" / "data"), (_("example"), here / "sample"),
                           (_("styles"), styles_dir())):
        write(f"{subject:<12} {_shown(str(place))}\n")


@commands.command(help=_("Print the script that completes commands with the Tab key, such as for bash: "
                         "crm-workbook completion bash >> ~/.bashrc"))
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
def completion(shell: str) -> None:
    from click.shell_completion import ShellComplete, get_completion_class

    made = get_completion_class(shell)
    if made is None:
        raise Stop(_("There is no completion for {shell}.").format(shell=shell))
    variable = f"_{PROGRAM.upper().replace('-', '_')}_COMPLETE"
    write(ShellComplete.source(made(commands, {}, PROGRAM, variable)) + "\n")  # bash's own would start a bash


# ---- helpers ----

@contextmanager
def _sentences() -> Iterator[None]:
    """Turns every refusal of the rooms below into Stop; faults of ours pass through."""
    from crm_workbook.exchange.files import FileRefused
    from crm_workbook.exchange.reading import ImportErrors
    from crm_workbook.records.edits import Refused
    from crm_workbook.store import NotAWorkbook, Unsaved

    try:
        yield
    except (FileRefused, NotAWorkbook, Unsaved) as error:
        raise Stop(printable(str(error))) from error
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


def _must_exist(workbook: str, *, verb: bool = True) -> None:
    """Stop with the way to make it when there is no such file; the rest is said by the store."""
    if _is_address(workbook) or os.path.lexists(workbook):
        return
    if not verb and os.sep not in workbook:
        import difflib

        near = difflib.get_close_matches(workbook.casefold(), VERBS, 1, 0.65)
        if near:
            raise Stop(_("There is no file {name}, and no command of this name. Did you mean: {program} {near}").format(
                name=_shown(workbook), program=PROGRAM, near=near[0]))
    raise Stop(_("There is no workbook {name}. To make it: {command}").format(
        name=_shown(workbook), command=f"{PROGRAM} new {shlex.quote(_shown(workbook))}"))


def _is_address(workbook: str) -> bool:
    """Whether this names a database server and not a file. Stop when it is one that we do not speak to."""
    scheme, separator, _rest = workbook.partition("://")
    if separator and scheme not in ADDRESSES:
        raise Stop(_("{scheme}:// is not known here. A workbook is a file or lies on a PostgreSQL server: postgresql://...").format(
            scheme=_shown(scheme)))
    return bool(separator)


def _read_book(workbook: str) -> Book:
    """The Book of a workbook, or of a full export (a file that ends in .toml)."""
    with _sentences():
        if workbook.endswith(".toml") and not _is_address(workbook):
            from crm_workbook.exchange.files import read_bytes
            from crm_workbook.exchange.reading import decoded, read_full

            return read_full(decoded(read_bytes(workbook), _shown(workbook)), _shown(workbook))
        from crm_workbook.store import Workbook

        with Workbook.open(workbook, who=_who(None), read_only=True) as opened:
            return opened.book


def _print_summary(book: Book) -> int:
    with _sentences():
        from crm_workbook.catalogue import load
        from crm_workbook.exchange.summary import write_summary

        write(write_summary(book, load()), utf8=True)
    return FINE


def _open_app(workbook: str, who: str, opener: Opener | None = None) -> int:
    _refuse_terminal()
    from crm_workbook.app import run as run_app

    return run_app(workbook, who=who, opener=opener)


def _refuse_terminal() -> None:
    if fault := _terminal_fault():
        raise Stop(fault)


def _terminal_fault() -> str:
    """Why the application cannot be shown here, or ''."""
    if not _is_terminal(sys.stdin):
        return _("The keyboard is not connected (standard input is no terminal). Start {program} by hand in a terminal; over "
                 "ssh with: ssh -t").format(program=PROGRAM)
    if not _is_terminal(sys.stderr):  # the screen is drawn there
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


def _is_terminal(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # closed
        return False


def _who(name: str | None) -> str:
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


def _tell_import(edits: Sequence[object], left: Sequence[str], dry_run: bool) -> None:
    counts = {name: sum(type(edit).__name__ == name for edit in edits) for name in ("Create", "Change", "Delete")}
    parts = [ngettext("{n} new record", "{n} new records", counts["Create"]).format(n=counts["Create"]),
             ngettext("{n} changed field", "{n} changed fields", counts["Change"]).format(n=counts["Change"]),
             ngettext("{n} deletion", "{n} deletions", counts["Delete"]).format(n=counts["Delete"])]
    _note(", ".join(parts) + "." + (_(" Nothing was written: this was only a look.") if dry_run else ""))
    if left:
        codes = ", ".join(left[:_NAMED]) + (", ..." if len(left) > _NAMED else "")
        _note(ngettext("{n} record is not in the file and stays as it is: {codes}",
                       "{n} records are not in the file and stay as they are: {codes}",
                       len(left)).format(n=len(left), codes=codes))


def _note(sentence: str) -> None:
    """Something said beside the output proper."""
    complain(printable(sentence))


def _shown(path: str) -> str:
    return printable(path)


def _command(workbook: str) -> str:
    return f"{PROGRAM} {shlex.quote(_shown(workbook))}"
