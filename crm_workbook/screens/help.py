"""Help: what one does on the screen one is on, and every key, both from their declarations."""
from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from crm_workbook.i18n import _
from crm_workbook.screens.chapters import Chapter
from crm_workbook.screens.commands import COMMANDS

if TYPE_CHECKING:
    from crm_workbook.records import Record


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
        parts.append(Content(_(
            "Move with the arrow keys. Enter opens a line, Tab goes on to the next field, Esc or F3 goes back to the list. "
            "Write, and it is saved; there is no save key. Letters work on a Russian keyboard layout too.") + "\n\n"))
        parts.append(Content.styled(_("Keys in a form"), "bold"))
        parts.append(Content("\n" + _(
            "Tab and the arrows go from field to field. Space changes a tick or a choice, Enter opens a list to choose from, "
            "Backspace empties a choice. F1 shows this page, F3 leads back to the list.") + "\n\n"))
        parts.append(Content.styled(_("Keys everywhere else"), "bold"))
        width = max(cell_len(_keys(command.keys)) for command in COMMANDS)
        for command in COMMANDS:
            keys = _keys(command.keys)
            parts.append(Content.assemble("\n", (keys + " " * (width - cell_len(keys)), "bold"), "  ", _(command.help)))
        return Content("").join(parts)


def _keys(keys: tuple[str, ...]) -> str:
    names = {"left": "←", "right": "→", "f1": "F1"}
    return " ".join(names.get(key, key) for key in keys)
