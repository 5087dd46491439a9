"""The door to the command line: help and version at once, everything else by `verbs`; and how it ends.

`--help` and `--version` need nothing but this module, so that they answer before click, the records or the database are
imported. Exit codes: 0 fine, 1 our fault (with a log file), 2 wrong use or refused input, 3 a warning
is as grave as --fail-on asks, or an answer of a vendor cannot be taken over.
"""
from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from typing import TextIO

from crm_workbook import __version__
from crm_workbook.i18n import N_, _

FINE, OUR_FAULT, REFUSED, FINDINGS, INTERRUPTED = 0, 1, 2, 3, 130
PROGRAM = "crm-workbook"
VERBS: dict[str, tuple[str, str]] = {  # name -> arguments, what it does
    "new": (N_("WORKBOOK [--company NAME]"), N_("make an empty workbook")),
    "demo": ("", N_("look around in an example; nothing is kept")),
    "export": (N_("WORKBOOK [-o FILE]"), N_("write the summary, or with --full everything, as TOML")),
    "check": (N_("WORKBOOK"), N_("say which warnings fire, and how far each gate is")),
    "import": (N_("WORKBOOK FILE"), N_("take over a full export; --dry-run only shows what would change")),
    "vendor-sheet": (N_("WORKBOOK VENDOR"), N_("write the questions to a vendor, as .xlsx or .toml to fill in")),
    "vendor-reply": (N_("WORKBOOK FILE"), N_("say what such a file holds; --take takes the answers over")),
    "backup": (N_("WORKBOOK TARGET"), N_("make a complete copy, also while others work")),
    "history": (N_("WORKBOOK"), N_("who changed what, and when")),
    "catalogue": (N_("check FILE"), N_("say what is wrong with a catalogue file of your own")),
    "doctor": (N_("[WORKBOOK]"), N_("look whether everything is in order here")),
    "paths": ("", N_("where this program keeps its files")),
    "completion": ("bash|zsh|fish", N_("print the script that completes commands with the Tab key")),
}
"""The verbs in the order of the help; `verbs` has a function for each of them."""


class Stop(Exception):
    """Ends the program with exit code 2; the message is made of sentences for the person at the keyboard."""




def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the program and gives its exit code."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    try:
        code = _run(arguments)
        if sys.stdout is not None:
            sys.stdout.flush()
        return code
    except BrokenPipeError:  # whoever read our output has seen enough
        _silence(sys.stdout)
        return FINE
    except KeyboardInterrupt:
        return INTERRUPTED
    except Stop as stop:
        complain(str(stop))
        return REFUSED
    except Exception as error:  # noqa: BLE001 - whatever it is, it ends in a log file and not on the screen
        return _our_fault(error, arguments)


def _run(arguments: Sequence[str]) -> int:
    if arguments in (["--version"], ["-V"]):
        write(f"{PROGRAM} {__version__}\n")
        return FINE
    if arguments in (["--help"], ["-h"], ["help"]):
        write(help_text())
        return FINE
    if not arguments and f"_{PROGRAM.upper().replace('-', '_')}_COMPLETE" not in os.environ:
        raise Stop(help_text().rstrip())
    from crm_workbook import verbs

    return verbs.run(arguments)


def write(text: str, *, utf8: bool = False) -> None:
    """Writes to standard output. `utf8`: in UTF-8 whatever the terminal speaks (TOML, JSON); other text is never refused
    for a character that the terminal does not have."""
    out = sys.stdout
    if out is None:
        raise Stop(_("There is no standard output to write to. Name a file with -o FILE."))
    encoding = "utf-8" if utf8 else out.encoding or "utf-8"
    try:
        out.flush()
        out.buffer.write(text.encode(encoding, "backslashreplace"))
        out.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        _silence(out)
        raise Stop(_("The output could not be written: {reason}.").format(reason=error.strerror)) from error


def help_text() -> str:
    """What `crm-workbook --help` prints."""
    width = max(len(f"{name} {_(usage)}".strip()) for name, (usage, _about) in VERBS.items()) + 2
    verbs = "\n".join(f"  {f'{name} {_(usage)}'.strip():<{width}} {_(about)}" for name, (usage, about) in VERBS.items())
    return _("""\
Usage: {program} [--as NAME] WORKBOOK
       {program} [--as NAME] COMMAND ...

The workbook in which a working group goes through its CRM introduction.
WORKBOOK is a file, or the address of a database (postgresql://...).

To begin:
  {program} demo            look around in an example
  {program} new acme.crm    make a workbook of your own
  {program} acme.crm        open it

Commands ({program} COMMAND --help tells more):
{verbs}

Options:
  --as NAME    the name written beside your changes (otherwise CRM_WORKBOOK_USER, or your login)
  --version    print the version
  --help       print this help
""").format(program=PROGRAM, verbs=verbs)


def printable(text: str) -> str:
    """The text without anything a terminal could take for a command, and without the password of a database address."""
    return "".join(char if char.isprintable() else "?" for char in masked(text))


def masked(text: str) -> str:
    """The text with the passwords in addresses (postgresql://user:password@host/name?password=...) blotted out."""
    text = re.sub(r"(://[^:/@\s]*):[^/\s]*@", r"\1:***@", text)
    return re.sub(r"(?i)([?&][^=&\s]*password=)[^&\s]*", r"\1***", text)


def complain(text: str) -> None:
    """Writes a line to standard error, where it does not get into the output proper."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
    except OSError:
        return  # nobody listens there either


def _silence(stream: TextIO | None) -> None:
    """Lets the interpreter flush the stream at its end without another complaint."""
    if stream is None:
        return
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        return


def _our_fault(error: Exception, arguments: Sequence[str]) -> int:
    """Keeps what is known about a fault of ours in a log file and says where it lies."""
    import platform
    import time
    import traceback

    report = masked("".join(traceback.format_exception(error)))
    head = (f"{PROGRAM} {__version__}, Python {platform.python_version()}, {platform.platform()}\n"
            f"Arguments: {masked(repr(list(arguments)))}\n\n")
    try:
        from platformdirs import user_log_path

        folder = user_log_path(PROGRAM, appauthor=False)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"crash-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{os.getpid()}.log"
        path.write_text(head + report, "utf-8", "backslashreplace")
    except (OSError, ImportError):
        complain(head + report + _("This is a fault of the program, and no log file could be written. Please send the lines "
                                    "above to whoever looks after it."))
    else:
        complain(_("This is a fault of the program: {kind}. What is known about it stands in {path}; please send this file to "
                    "whoever looks after the program.").format(kind=type(error).__name__, path=printable(str(path))))
    return OUR_FAULT


if __name__ == "__main__":
    sys.exit(main())
