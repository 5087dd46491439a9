"""Help: what one does on the screen one is on, and every key, both from their declarations."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from crm_workbook.i18n import N_, _
from crm_workbook.screens.chapters import Chapter
from crm_workbook.screens.commands import BY_ID, COMMANDS
from crm_workbook.screens.frame import SIGNS
from crm_workbook.screens.words import TRENDS, gravity

if TYPE_CHECKING:
    from crm_workbook.records import Record

Table = tuple[str, Iterable[tuple[str, str]]]
"""A title, and lines of a sign or a key with what it means."""


def tables(chapter: str) -> Iterator[Table]:
    """The signs and the keys of a chapter that do not explain themselves."""
    if chapter not in ("overview", "radar"):
        return
    yield _("Signs of the warnings"), ((sign, gravity(id_)) for id_, sign in SIGNS.items())
    if chapter == "overview":
        return
    from crm_workbook.screens import finding, gates, thread

    yield _("Since the state kept last"), ((_(word), _(about)) for word, about in TREND_WORDS)
    yield _("Signs in the dialogs"), (("✓", _("ready")), ("✗", _("missing, or to be mended")), ("?", _("not known yet")),
                                      ("~", _("accepted as it is; in the red thread: its words have changed")))
    yield _("Keys in a warning"), ((key.key, _(key.help)) for key in finding.KEYS)
    yield _("Keys in a gate"), ((key.key, _(key.help)) for key in gates.KEYS)
    yield _("Key in the red thread"), ((thread.CONFIRM[0], _("says that a link still fits although words have changed")),)
    yield _("Key on the Radar"), ((BY_ID["keep"].key, _(BY_ID["keep"].help)),)


TREND_WORDS = ((TRENDS["new"], N_("it did not warn then")), (TRENDS["worse"], N_("it has become graver, or its figures worse")),
               (TRENDS["better"], N_("its figures are better, but not good yet")), ("", N_("no word: as before")))


class HelpModal(ModalScreen[None]):
    """One page of text; any of the usual keys closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter,q,й,question_mark,f1,f3", "dismiss", show=False)]

    def __init__(self, chapter: Chapter | None, kind: type[Record] | None) -> None:
        super().__init__()
        self.chapter, self.kind = chapter, kind

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(_("Help. Enter closes it."), classes="heading", markup=False)
            with VerticalScroll(classes="dialog-body"):
                yield Static(self.text())

    def text(self) -> Content:
        """The whole page."""
        parts: list[Content] = []
        if self.chapter is not None:
            parts += [Content.styled(f"{self.chapter.digit} {self.chapter.title}", "bold"),
                      Content(f"\n{self.chapter.about}\n\n")]
        if self.kind is not None:
            declared = self.kind.declared
            parts += [Content.styled(_(declared.title), "bold"), Content(f"\n{_(declared.about)}\n\n")]
        for title, rows in tables(self.chapter.id) if self.chapter is not None else ():
            parts += [Content.styled(title, "bold"), *_lines(list(rows)), Content("\n\n")]
        parts.append(Content(_(
            "Move with the arrow keys. Enter opens a line, Tab goes on to the next field, Esc or F3 goes back to the list. "
            "Write, and it is saved; there is no save key. Letters work on a Russian keyboard layout too.") + "\n\n"))
        parts.append(Content.styled(_("Keys in a form"), "bold"))
        parts.append(Content("\n" + _(
            "Tab and the arrows go from field to field. Space changes a tick or a choice, Enter opens a list to choose from, "
            "Backspace empties a choice. F1 shows this page, F3 leads back to the list.") + "\n\n"))
        parts.append(Content.styled(_("Keys everywhere else"), "bold"))
        parts += _lines([(_keys(command.keys), _(command.help)) for command in COMMANDS])
        return Content("").join(parts)


class SheetHelp(HelpModal):
    """The help page of one sheet: what one does there, then its keys and signs."""

    def __init__(self, about: str, *tables: Table) -> None:
        super().__init__(None, None)
        self.about, self.tables = about, tables

    def text(self) -> Content:
        parts = [Content(self.about)]
        for title, rows in self.tables:
            parts += [Content("\n\n"), Content.styled(title, "bold"), *_lines(list(rows))]
        return Content("").join(parts)


def _lines(rows: list[tuple[str, str]]) -> list[Content]:
    """One line each: the sign or the keys, then what they mean."""
    width = max(cell_len(sign) for sign, _about in rows)
    return [Content.assemble("\n", (sign + " " * (width - cell_len(sign)), "bold"), "  ", about) for sign, about in rows]


def _keys(keys: tuple[str, ...]) -> str:
    names = {"left": "←", "right": "→", "f1": "F1"}
    return " ".join(names.get(key, key) for key in keys)
