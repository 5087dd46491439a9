"""What the dialogs of findings and gates share: lines that lead somewhere, keys that are declared once, and that they stay true
while they are open."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from rich.cells import cell_len
from textual import events, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen

from crm_workbook.i18n import _
from crm_workbook.screens.commands import CYRILLIC
from crm_workbook.widgets.columns import Column
from crm_workbook.widgets.lines import LineList

if TYPE_CHECKING:
    from crm_workbook.analysis.facts import View
    from crm_workbook.screens.titles import Titles
    from crm_workbook.screens.workbook import WorkbookScreen

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DialogKey:
    """A key of a dialog: what it does, in its last line (`label`), and on the help page (`help`)."""

    key: str
    action: str
    label: str
    help: str

    def binding(self) -> Binding:
        """With the same key on a Russian keyboard layout."""
        return Binding(",".join(filter(None, (self.key, CYRILLIC.get(self.key)))), self.action, show=False)


def foot(keys: Iterable[tuple[str, str]], width: int) -> Content:
    """The last line of a dialog: keys and what they do; without the key of the help where there is no room for it."""
    first, last = list(keys), ("Esc", _("back"))
    shown = [*first, ("?", _("help")), last]
    if sum(cell_len(key) + cell_len(label) + 3 for key, label in shown) - 2 > width:
        shown = [*first, last]
    return Content("  ").join(Content.assemble((key, "bold"), f" {label}") for key, label in shown)


class DialogLines(LineList):
    """The lines of a dialog. Enter takes effect at once, so that what is typed after it is for the place it leads to; so do the
    dialog's own keys: one that came before Enter shall not be done after it."""

    def __init__(self, dialog: Dialog[Any], columns: Sequence[Column], style_of: Callable[[Any], str]) -> None:
        super().__init__(columns, header=False, style_of=style_of)
        self._dialog = dialog

    async def _on_key(self, event: events.Key) -> None:
        if self._dialog.over:
            event.stop()
            event.prevent_default()
            self.app.post_message(events.Key(event.key, event.character))
        elif event.key not in self._bindings.key_to_bindings:
            for binding in self._dialog._bindings.key_to_bindings.get(event.key, ()):
                event.stop()
                event.prevent_default()
                await self._dialog.run_action(binding.action)
                break

    def action_select(self) -> None:
        self._dialog.follow()


class Dialog(ModalScreen[T]):
    """A dialog over the page. It is drawn again for each new Book."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f3,q,й", "dismiss", show=False), Binding("question_mark,f1", "help", show=False)]

    def __init__(self, frame: WorkbookScreen) -> None:
        super().__init__()
        self.frame = frame
        self.over = False  # closed by the key before

    @property
    def titles(self) -> Titles:
        """How records are called."""
        assert self.frame.titles is not None
        return self.frame.titles

    @property
    def view(self) -> View:
        """The facts as they are now."""
        assert self.frame.view is not None
        return self.frame.view

    @property
    def lines(self) -> DialogLines:
        """Its list."""
        return self.query_one(DialogLines)

    def show(self) -> None:
        """Draws what is known now."""
        raise NotImplementedError

    def follow(self) -> None:
        """Goes where the line under the cursor leads."""
        raise NotImplementedError

    def say(self, sentence: str) -> None:
        """What was to be said above the key line, which the dialog covers."""

    def end(self, result: T) -> None:
        """Closes the dialog and goes on below it."""
        if not self.over:
            self.over = True
            self.dismiss(result)

    def action_help(self) -> None:
        """Signs and keys."""
        from crm_workbook.screens.chapters import chapter
        from crm_workbook.screens.help import HelpModal

        self.app.push_screen(HelpModal(chapter("radar"), None))

    @on(events.ScreenResume)
    def refresh_book(self) -> None:
        """Draws it again; closes it while nothing is known."""
        if not self.is_mounted or self.over or not self.query(DialogLines):
            return
        if self.frame.view is None:
            self.dismiss(None)
        else:
            self.show()

    def on_key(self, event: events.Key) -> None:
        """Enter that was quicker than the list."""
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            self.follow()


def redraw(frame: WorkbookScreen) -> None:
    """The Book has advanced: a dialog that is open shows it."""
    for screen in frame.app.screen_stack:
        if isinstance(screen, Dialog):
            screen.refresh_book()
