"""Commands, each declared once: key binding, key line, palette, help page and the README's table follow from here."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.binding import Binding, BindingType

from crm_workbook.i18n import N_

if TYPE_CHECKING:
    from crm_workbook.screens.workbook import WorkbookScreen

CYRILLIC = dict(zip("qwertyuiopasdfghjklzxcvbnm", "йцукенгшщзфывапролдячсмить", strict=True))
"""The same key on a Russian keyboard layout, so that nobody has to switch layouts to press `n`."""


@dataclass(frozen=True, slots=True)
class Command:
    """One thing a person can ask for.

    `keys`: the first one is shown. `place`: "anywhere", or "list" while the focus is in a list. `why_not` says in a
    sentence why the command is not possible now, "" when it is. `line`: rank in the key line at the bottom, 0: not in it.
    """

    id: str
    keys: tuple[str, ...]
    label: str
    help: str
    place: str = "anywhere"
    line: int = 0
    why_not: Callable[[WorkbookScreen], str] = lambda screen: ""

    def bindings(self) -> list[BindingType]:
        """The Textual bindings: every key, and each letter on the Russian layout too.

        Plain keys are for moving about and belong to the text while somebody writes (`command` is then off); function keys
        and ctrl keys work everywhere (`command_anywhere`).
        """
        everywhere = [key for key in self.keys if key.startswith(_EVERYWHERE)]
        return [Binding(",".join(keys), f"{action}('{self.id}')", self.label, id=f"{self.id}-{action}", show=False)
                for action, keys in (("command", self.plain_keys()), ("command_anywhere", everywhere)) if keys]

    def plain_keys(self) -> list[str]:
        """Its keys that are letters of a text while somebody writes, by Textual's names, on both layouts."""
        plain = [key for key in self.keys if not key.startswith(_EVERYWHERE)]
        return [_NAMES.get(key, key) for key in plain] + [CYRILLIC[key] for key in plain if key in CYRILLIC]

    @property
    def key(self) -> str:
        """The key as people write it."""
        return _SHOWN.get(self.keys[0], self.keys[0])


_EVERYWHERE = ("ctrl+", "f1")
_NAMES = {"?": "question_mark", "/": "slash", "[": "left_square_bracket", "]": "right_square_bracket"}
_SHOWN = {"left": "←", "right": "→", "escape": "esc", "f1": "F1", "f3": "F3"}


def _needs_record(screen: WorkbookScreen) -> str:
    single = screen.current_kind is not None and screen.current_kind.declared.single
    return "" if screen.current_code or single else N_("Choose a record first.")


def _needs_radar(screen: WorkbookScreen) -> str:
    if screen.page is None or screen.page.chapter.id != "radar":
        return N_("This is for the chapter Radar. Press 8 to go there.")
    return "" if screen.view is not None else N_("The figures are not there yet. Try again in a moment.")


def _needs_register(screen: WorkbookScreen) -> str:
    if screen.current_kind:
        return ""
    on_board = screen.page is not None and screen.page.chapter.id != "overview"
    return N_("This is for lists of records. Enter opens the line, → leads to the lists.") if on_board else N_(
        "Choose a chapter and one of its lists first.")


def _needs_vendors(screen: WorkbookScreen) -> str:
    here = screen.page is not None and screen.page.chapter.id == "vendors"
    return "" if here else N_("This is for the chapter Vendors. Press 5 to go there.")


COMMANDS: tuple[Command, ...] = (
    Command("help", ("?", "f1"), N_("help"), N_("Explains the screen you are on, and lists the keys."), line=1),
    Command("next", ("n",), N_("next step"), N_("Leads to the next thing that is missing, and says what to do there."), line=2),
    Command("add", ("a", "insert"), N_("add"), N_("Adds a new record to the list."), "list", 3, _needs_register),
    Command("edit", ("enter",), N_("open"), N_("Opens the record so that you can write in it."), "list", 4, _needs_record),
    Command("filter", ("/",), N_("find"),
            N_("Shows only the lines that contain what you type; a code such as R12 leads to it."), "list", 5, _needs_register),
    Command("palette", ("ctrl+p",), N_("everything"), N_("Finds every record, list and command by a few letters."), line=9),
    Command("delete", ("d", "delete"), N_("delete"), N_("Deletes the record. Undo brings it back."), "list", 6, _needs_record),
    Command("copy", ("c",), N_("duplicate"), N_("Makes a copy of the record."), "list", 0, _needs_record),
    Command("sort", ("s",), N_("sort"), N_("Sorts the list by the next column."), "list", 0, _needs_register),
    Command("links", ("l",), N_("links"), N_("Shows what the record is linked with, and leads there."), "list", 0,
            _needs_record),
    Command("thread", ("r",), N_("red thread"), N_("Shows the way from the company goals to the record and on to the result."),
            "list", 0, _needs_record),
    Command("history", ("h",), N_("history"), N_("Shows who changed the record, when, and what stood there before."), "list", 0,
            _needs_record),
    Command("keep", ("m",), N_("keep state"),
            N_("Keeps what the Radar shows now, for instance at a meeting. From then on it shows what has changed."), "list", 0,
            _needs_radar),
    Command("undo", ("u", "ctrl+z"), N_("undo"),
            N_("Takes back what you changed last, step by step, as long as the program is open."), line=7),
    Command("redo", ("y", "ctrl+y"), N_("redo"), N_("Does again what you took back.")),
    Command("previous_list", ("left", "["), N_("list before"), N_("Goes to the list before this one."), "list"),
    Command("next_list", ("right", "]"), N_("next list"), N_("Goes to the next list of the chapter."), "list"),
    Command("back", ("b", "backspace"), N_("back"), N_("Goes back to where you came from."), "list"),
    Command("export", ("e",), N_("export"), N_("Writes the summary or everything into a TOML file."), line=8),
    Command("vendor_file", ("v",), N_("vendor's file"),
            N_("Writes the questions into a file for a vendor, and reads the file when it comes back filled in."), "list", 0,
            _needs_vendors),
    Command("theme", ("t",), N_("colours"), N_("Changes between dark, light and sixteen colours.")),
    Command("quit", ("q", "ctrl+q"), N_("quit"), N_("Ends the program. Everything is saved already.")),
    *(Command(f"chapter_{digit}", (str(digit),), title, help_) for digit, (title, help_) in enumerate((
        (N_("Overview"), N_("Where we stand, and what comes next.")),
        (N_("Goals"), N_("What the company wants, what the CRM is for, and why.")),
        (N_("Team"), N_("Departments, offices, people and who may decide what.")),
        (N_("Processes"), N_("The work as it is and will be, its forms and lists.")),
        (N_("Requirements"), N_("What the CRM must make possible, and for whom.")),
        (N_("Vendors"), N_("The candidates, their answers, their costs, the decision.")),
        (N_("Phases"), N_("From basic to advanced, step by step.")),
        (N_("Adoption"), N_("Do people learn it, use it, and is repaired what hinders them?")),
        (N_("Radar"), N_("What goes wrong, how far the gates are, and what the group does about it.")),
        (N_("Minutes"), N_("Meetings, copies, history, unfinished entries.")),
    ))),
)
PLAIN_KEYS = {command.id: command.plain_keys() for command in COMMANDS}
BY_ID = {command.id: command for command in COMMANDS}


def key_table() -> str:
    """The table of all keys as Markdown, for README; a test compares the two."""
    rows = [f"| `{command.key}` | {command.help} |" for command in COMMANDS if not command.id.startswith("chapter_")]
    return "\n".join(["| key | what it does |", "|---|---|", "| `0` ... `9` | Goes to a chapter. |", *rows])
