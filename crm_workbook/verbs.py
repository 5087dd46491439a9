"""The verbs of the command line: thin functions that read their arguments and call the room that does the work.

Only click is imported here; records, store and exchange come with the verb that needs them.
"""
from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.shell_completion import CompletionItem

from crm_workbook import __version__
from crm_workbook.arguments import (
    a_day,
    a_vendor,
    catalogue_for,
    command_for,
    is_address,
    is_terminal,
    must_exist,
    note,
    read_book,
    sentences,
    shown,
    terminal_fault,
    who_signs,
)
from crm_workbook.cli import FINDINGS, FINE, PROGRAM, REFUSED, VERBS, Stop, help_text, printable, write
from crm_workbook.i18n import _, ngettext

if TYPE_CHECKING:
    from crm_workbook.app import Opener
    from crm_workbook.records.book import Book

Function = TypeVar("Function", bound=Callable[..., Any])
CHAPTERS = ("goals", "team", "processes", "requirements", "vendors", "phases", "adoption", "radar", "minutes")
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
                must_exist(args[0], verb=False)
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
    who = who_signs(given if name is None else name)
    if not is_terminal(sys.stdout):
        return _print_summary(read_book(workbook), workbook)
    return _open_app(workbook, who)


@commands.command(help=_("Make an empty workbook in a new file, or in an empty PostgreSQL database."))
@click.argument("workbook", metavar=_("WORKBOOK"), type=_file)
@click.option("--company", metavar=_("NAME"), default="", help=_("The name of the company."))
@_as
@click.pass_obj
def new(given: str | None, workbook: str, company: str, name: str | None) -> None:
    is_address(workbook)
    with sentences():
        from crm_workbook.store import Workbook

        Workbook.new(workbook, who=who_signs(given if name is None else name), company=company).close()
    write(_("{workbook} is made. Open it with: {command}").format(
        workbook=shown(workbook), command=command_for(workbook)) + "\n")


@commands.command(help=_("Open an example in which everything may be tried out. It is a copy that is thrown away afterwards."))
@_as
@click.pass_obj
def demo(given: str | None, name: str | None) -> int:
    from crm_workbook.sample import TODAY

    who = who_signs(given if name is None else name)
    if not is_terminal(sys.stdout):
        with sentences():
            from crm_workbook.exchange.sample import sample_book

            book = sample_book()
        return _print_summary(book, day=TODAY)
    _refuse_terminal()
    from crm_workbook.exchange.sample import NAME, open_copy, throw_away_folder

    with throw_away_folder() as folder:  # the copy is made behind the first picture
        return _open_app(str(folder / NAME), who, lambda show: open_copy(folder, show, who=who), TODAY)


@commands.command(help=_("Write the summary of a workbook as TOML: what was decided, the figures, and what is still open. With "
                         "--full everything, so that it can be imported again."))
@click.argument("workbook", metavar=_("WORKBOOK"), type=_file)
@click.option("--full/--summary", "full", default=False, help=_("Everything, or the summary (unless you say otherwise)."))
@click.option("--chapter", type=click.Choice(CHAPTERS), help=_("Only this chapter of the summary."))
@click.option("-o", "--output", metavar=_("FILE"), default="-", help=_("Write into this file, whole or not at all."))
def export(workbook: str, full: bool, chapter: str | None, output: str) -> None:
    if full and chapter:
        raise Stop(_("A full export always holds every chapter. Leave out --chapter, or --full."))
    must_exist(workbook)
    book = read_book(workbook)
    with sentences():
        catalogue = catalogue_for(workbook)
        if full:
            from crm_workbook.exchange.full import write_full

            text = write_full(book, catalogue)
        else:
            from crm_workbook.exchange.summary import write_summary

            text = write_summary(book, catalogue, a_day(None), chapter or "")
        if output == "-":
            return write(text, utf8=True)
        from crm_workbook.exchange.files import write_atomic

        path = write_atomic(output, text)
    note(_("{path} is written.").format(path=shown(str(path))))


@commands.command(help=_("Say which warnings fire, why, and how far each gate is. WORKBOOK may also be a full export "
                         "(.toml), or demo: the example."))
@click.argument("workbook", metavar=_("WORKBOOK"), type=_file)
@click.option("--format", "form", type=click.Choice(("text", "json", "toml")), default="text", help=_("How it is printed."))
@click.option("--fail-on", type=click.Choice(("info", "warn", "serious", "blocker")),
              help=_("End with exit code 3 when a warning is at least this grave and nobody has accepted it."))
@click.option("--date", "on", metavar=_("DAY"), help=_("The day to judge by, such as 2026-03-12. Otherwise today."))
@click.option("--catalogue", "own", metavar=_("FILE"), default="", help=_("The company's own catalogue file."))
def check(workbook: str, form: str, fail_on: str | None, on: str | None, own: str) -> int:
    if workbook == "demo" and not os.path.lexists(workbook):
        from crm_workbook.exchange.sample import sample_book
        from crm_workbook.sample import TODAY

        day, book = TODAY if on is None else a_day(on), sample_book()
    else:
        must_exist(workbook)
        day, book = a_day(on), read_book(workbook)
    with sentences():
        from crm_workbook.analysis.facts import View
        from crm_workbook.exchange.check import as_json, as_text, as_toml, reaches, worst

        view = View(book, catalogue_for(workbook, own), day, zone=datetime.now().astimezone().tzinfo or UTC)
        if form == "text":
            write("".join(f"{line}\n" for line in as_text(view, book)))
        else:
            write(as_json(view) if form == "json" else as_toml(view), utf8=True)
        return FINDINGS if fail_on and reaches(worst(view), fail_on) else FINE


@commands.group("catalogue", help=_("Look after the company's own catalogue file."))
def catalogue_() -> None:
    """Verbs about catalogue files."""


@catalogue_.command("check", help=_("Say what is wrong with a catalogue file of your own, and what is doubtful."))
@click.argument("file", metavar=_("FILE"), type=_file)
def catalogue_check(file: str) -> int:
    from crm_workbook.catalogue import check_file

    problems = check_file(Path(file))
    for problem in problems:
        write(printable(str(problem)) + "\n")
    wrong = sum(not problem.warning for problem in problems)
    if not wrong:
        note(_("{file} can be used.").format(file=shown(file)))
    return REFUSED if wrong else FINE


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
    must_exist(workbook)
    with sentences():
        from crm_workbook.exchange.changes import changes, described, missing
        from crm_workbook.exchange.files import read_bytes
        from crm_workbook.exchange.reading import Problem, decoded, read_full
        from crm_workbook.records.book import Book
        from crm_workbook.store import Workbook

        source = _("standard input") if file == "-" else shown(file)
        text = decoded(read_bytes(file), source)
        with Workbook.open(workbook, who=who_signs(given if name is None else name), read_only=dry_run) as opened:
            ignored: list[Problem] = []
            old = opened.book
            book = read_full(text, source, lenient=lenient, beside=Book() if delete_missing else old, ignored=ignored)
            edits = changes(old, book, delete_missing=delete_missing)
            if dry_run:
                write("".join(f"{line}\n" for line in described(edits, old)))
            else:
                opened.apply(edits)
    for problem in ignored:
        note(_("Left out: {problem}").format(problem=problem))
    _tell_import(edits, [] if delete_missing else missing(old, book), dry_run)


@commands.command("vendor-sheet", help=_("Write the questions to a vendor (its code or name), for the vendor to fill in: a "
                                         "spreadsheet (.xlsx) or TOML."))
@click.argument("workbook", metavar=_("WORKBOOK"), type=_file)
@click.argument("vendor", metavar=_("VENDOR"))
@click.option("-o", "--out", "output", metavar=_("FILE"), default="-", help=_("The file, .xlsx or .toml. Otherwise TOML is "
                                                                               "printed."))
@click.option("--with-answers", "noted", is_flag=True, help=_("With the answers that are noted already, so that the vendor "
                                                              "confirms them."))
@click.option("--force", is_flag=True, help=_("Replace FILE when it is there already, and what was filled in there."))
def vendor_sheet(workbook: str, vendor: str, output: str, noted: bool, force: bool) -> None:
    must_exist(workbook)
    suffix = Path(output).suffix.casefold()
    if output != "-" and suffix not in (".xlsx", ".toml"):
        raise Stop(_("Name a file that ends in .xlsx or .toml, found {file}.").format(file=shown(output)))
    if output != "-" and not force and os.path.lexists(output):
        raise Stop(_("{file} is there already; somebody may have filled it in. Choose another name, or replace it with "
                     "--force.").format(file=shown(output)))
    book = read_book(workbook)
    code = a_vendor(book, vendor).code
    with sentences():
        from crm_workbook.analysis.facts import View
        from crm_workbook.exchange.files import write_atomic
        from crm_workbook.exchange.vendor_sheet import write_toml

        view = View(book, catalogue_for(workbook), a_day(None))
        if output == "-":
            return write(write_toml(view, code, noted=noted), utf8=True)
        if suffix == ".xlsx":
            from crm_workbook.exchange.vendor_xlsx import write_xlsx

            path = write_xlsx(view, code, output, noted=noted)
        else:
            path = write_atomic(output, write_toml(view, code, noted=noted))
    note(_("{path} is written. Send it to the vendor; when it comes back: {command}").format(
        path=shown(str(path)), command=shlex.join((PROGRAM, "vendor-reply", shown(workbook), shown(output)))))


@commands.command("vendor-reply", help=_("Say what a file that a vendor has filled in would bring: what is new, what differs "
                                         "from the notes, what was left out, and what cannot be taken over. In the last case "
                                         "it ends with exit code 3."))
@click.argument("workbook", metavar=_("WORKBOOK"), type=_file)
@click.argument("file", metavar=_("FILE"), type=_file)
@click.option("--take", is_flag=True, help=_("Take over what is new or confirms the notes."))
@click.option("--also", metavar=_("QUESTION"), multiple=True, help=_("With --take: this one too, although it differs or was "
                                                                     "changed. May be given several times."))
@click.option("--vendor", metavar=_("VENDOR"), default="", help=_("Read it for this vendor, whatever names stand in it."))
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", help=_("How it is printed."))
@_as
@click.pass_obj
def vendor_reply(given: str | None, workbook: str, file: str, take: bool, also: tuple[str, ...], vendor: str, form: str,
                 name: str | None) -> int:
    must_exist(workbook)
    if also and not take:
        raise Stop(_("--also names what --take takes over besides. Give both, or none."))
    with sentences():
        from crm_workbook.analysis.facts import View
        from crm_workbook.exchange.vendor_reply import ForeignFile, as_json, as_text, edits_of, preview, read_reply
        from crm_workbook.store import Workbook

        with Workbook.open(workbook, who=who_signs(given if name is None else name), read_only=not take) as opened:
            view = View(opened.book, catalogue_for(workbook), a_day(None))
            try:
                reply = read_reply(file, view, a_vendor(opened.book, vendor).code if vendor else "")
            except ForeignFile as error:
                hint = _("If it is the right file all the same, name the vendor: --vendor {code}").format(
                    code=error.vendor or "V1")
                raise Stop(f"{printable(str(error))}\n{hint}") from error
            found = preview(reply, view)
            if wrong := set(also) - {item.question for item in found.items if item.edits}:
                raise Stop(_("There is nothing to take over for {questions}. Nothing was written.").format(
                    questions=", ".join(map(shown, sorted(wrong)))))
            taken = opened.apply(edits_of(found, {*found.usual, *also})) if take else ()
        if form == "json":
            write(as_json(found), utf8=True)
        else:
            write("".join(f"{line}\n" for line in as_text(found)))
    answers = len({entry.code for entry in taken})
    note(ngettext("{n} answer was taken over.", "{n} answers were taken over.", answers).format(n=answers) if take
         else _("Nothing was written: this was only a look. To take it over: --take"))
    return FINDINGS if found.of("refused") else FINE


@commands.command(help=_("Make a complete and checked copy of a workbook, also while others work in it."))
@click.argument("workbook", metavar=_("WORKBOOK"), type=_file)
@click.argument("target", metavar=_("TARGET"), type=_file)
def backup(workbook: str, target: str) -> None:
    must_exist(workbook)
    if not Path(target).absolute().parent.is_dir():
        raise Stop(_("There is no folder {folder}. Make it first, or choose another one.").format(
            folder=shown(str(Path(target).absolute().parent))))
    with sentences():
        from crm_workbook.store import NotAWorkbook, Workbook, identify

        if os.path.isfile(target):  # an older backup may be replaced, anything else may not
            try:
                identify(Path(target))
            except NotAWorkbook as error:
                raise Stop(_("{target} is there already and is no workbook. Choose another name for the copy.").format(
                    target=shown(target))) from error
        with Workbook.open(workbook, who=who_signs(None), read_only=True) as opened:
            opened.backup(Path(target))
    write(_("{target} holds a complete copy of {workbook}.").format(target=shown(target), workbook=shown(workbook)) + "\n")


@commands.command(help=_("Who changed what, and when; the youngest change first."))
@click.argument("workbook", metavar=_("WORKBOOK"), type=_file)
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", help=_("How it is printed."))
@click.option("--record", metavar=_("CODE"), default="", help=_("Only the changes of this record, such as G1."))
@click.option("--limit", metavar=_("N"), type=click.IntRange(0), default=None,
              help=_("At most so many changes; 0 for all. Otherwise 50 as text and all as JSON."))
def history(workbook: str, form: str, record: str, limit: int | None) -> None:
    must_exist(workbook)
    with sentences():
        from crm_workbook.exchange.journal import as_json, as_text
        from crm_workbook.records import split_code
        from crm_workbook.store import Workbook

        if record:
            try:
                split_code(record)
            except ValueError as error:
                raise Stop(printable(f"{str(error)[:120]}.")) from error
        most = (50 if form == "text" else 0) if limit is None else limit
        with Workbook.open(workbook, who=who_signs(None), read_only=True) as opened:
            entries = opened.history(record, most + 1 if most else 0)
        more = bool(most) and len(entries) > most
        entries = entries[:most] if most else entries
        if form == "json":
            return write(as_json(entries), utf8=True)
        write("".join(f"{line}\n" for line in as_text(entries)))
    if more:
        note(_("There are older changes; --limit 0 shows all of them."))
    elif not entries:
        note(_("Nothing was changed in {what} yet.").format(what=record or shown(workbook)))


@commands.command(help=_("Say which versions are at work, what this terminal can do, and whether a workbook is in order."))
@click.argument("workbook", metavar=_("[WORKBOOK]"), type=_file, required=False)
def doctor(workbook: str | None) -> int:
    from crm_workbook.exchange.doctor import examine

    if workbook:
        must_exist(workbook)
    healthy = True
    for finding in examine(workbook or "", terminal_fault=terminal_fault()):
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
        write(f"{subject:<12} {shown(str(place))}\n")


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

def _print_summary(book: Book, workbook: str = "", day: date | None = None) -> int:
    with sentences():
        from crm_workbook.exchange.summary import write_summary

        write(write_summary(book, catalogue_for(workbook), day or a_day(None)), utf8=True)
    return FINE


def _open_app(workbook: str, who: str, opener: Opener | None = None, day: date | None = None) -> int:
    _refuse_terminal()
    from crm_workbook.app import run as run_app

    return run_app(workbook, who=who, opener=opener, today=lambda: day or a_day(None))


def _refuse_terminal() -> None:
    if fault := terminal_fault():
        raise Stop(fault)


def _tell_import(edits: Sequence[object], left: Sequence[str], dry_run: bool) -> None:
    counts = {name: sum(type(edit).__name__ == name for edit in edits) for name in ("Create", "Change", "Delete")}
    parts = [ngettext("{n} new record", "{n} new records", counts["Create"]).format(n=counts["Create"]),
             ngettext("{n} changed field", "{n} changed fields", counts["Change"]).format(n=counts["Change"]),
             ngettext("{n} deletion", "{n} deletions", counts["Delete"]).format(n=counts["Delete"])]
    note(", ".join(parts) + "." + (_(" Nothing was written: this was only a look.") if dry_run else ""))
    if left:
        codes = ", ".join(left[:_NAMED]) + (", ..." if len(left) > _NAMED else "")
        note(ngettext("{n} record is not in the file and stays as it is: {codes}",
                       "{n} records are not in the file and stay as they are: {codes}",
                       len(left)).format(n=len(left), codes=codes))
