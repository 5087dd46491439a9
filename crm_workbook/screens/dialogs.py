"""What the dialogs of findings and gates share: lines that lead somewhere, keys that are declared once, and that they stay true
while they are open."""
from __future__ import annotations

from asyncio import Queue
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from rich.cells import cell_len
from textual import events, on
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import ModalScreen

from crm_workbook.i18n import _
from crm_workbook.screens.commands import CYRILLIC
from crm_workbook.widgets.bars import SPACE
from crm_workbook.widgets.columns import Column
from crm_workbook.widgets.lines import LineList
from crm_workbook.widgets.pick import PickModal

if TYPE_CHECKING:
    from textual.app import App

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
    return Content("  ").join(Content.assemble((key, "bold"), f"{SPACE}{label}") for key, label in shown)


class DialogLines(LineList):
    """The lines of a dialog. Every key takes effect at once and in order: those of the list, those bound by the dialog, and
    those that its `on_key` knows. What comes after a key that led away is for the place it led to."""

    def __init__(self, dialog: Dialog[Any], columns: Sequence[Column], style_of: Callable[[Any], str]) -> None:
        super().__init__(columns, header=False, style_of=style_of)
        self._dialog = dialog

    async def _on_key(self, event: events.Key) -> None:
        dialog = self._dialog
        if not await dialog.passed_on(event, self):
            bound = self._bindings if event.key in self._bindings.key_to_bindings else dialog._bindings
            for binding in bound.key_to_bindings.get(event.key, ())[:1]:
                event.stop()
                await (self if bound is self._bindings else dialog).run_action(binding.action)
            if not event._stop_propagation:
                dialog.on_key(event)
            await dialog.pass_on(self)
        if event._stop_propagation:
            event.prevent_default()

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
        """Closes the dialog and goes on below it. Under a question that is open it waits: it is drawn again afterwards."""
        if not self.over and self.app.screen is self:
            self.dismiss(result)

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        """Closes it. What it ends with is done at once, so that the next key finds the place to which it leads."""
        self.over = True
        waiting = self._result_callbacks[-1] if self._result_callbacks else None
        then = None
        if waiting is not None:
            then, waiting.callback = waiting.callback, None
        closed = super().dismiss(result)
        if then is not None:
            with self.frame._context():  # what is opened by it outlives this dialog
                then(result)
        return closed

    @property
    def covered(self) -> bool:
        """Closed, or another dialog lies over it: keys are not for this one."""
        return self.over or self.app.screen is not self

    async def passed_on(self, event: events.Key, pump: MessagePump) -> bool:
        """Hands a key on to where it belongs, and those behind it, if they are not for this dialog any more."""
        if not self.covered:
            return False
        event.stop()
        await hand_on(self.app, event)
        await self.pass_on(pump)
        return True

    async def pass_on(self, pump: MessagePump) -> None:
        """After a key that led away: those that wait behind it are for the place it led to. They go there at once, before
        those that are still on their way."""
        if self.covered:
            for event in taken_keys(pump):
                await hand_on(self.app, event)

    def turned_down(self) -> None:
        """Something was not written: what is shown ahead of the Book is forgotten."""

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
        if self.frame.view is not None:
            self.show()
        elif self.app.screen is self:
            self.dismiss(None)

    def on_key(self, event: events.Key) -> None:
        """Enter that was quicker than the list."""
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            self.follow()


async def hand_on(app: App[Any], event: events.Key) -> None:
    """Gives a key to the widget that has the focus now, or to a list to choose from that is about to come."""
    if isinstance(app.screen, PickModal):
        await app.screen.feed(events.Key(event.key, event.character))
    else:
        (app.focused or app.screen)._forward_event(events.Key(event.key, event.character))


def taken_keys(pump: MessagePump) -> list[events.Key]:
    """Takes the keys that wait out of the messages of a widget; the others stay."""
    queue: Queue[Message | None] = pump._message_queue
    first = pump._pending_message
    waiting = [queue.get_nowait() for _turn in range(queue.qsize())]
    keys = [event for event in (first, *waiting) if isinstance(event, events.Key)]
    if isinstance(first, events.Key):
        pump._pending_message = None
    for message in waiting:
        if not isinstance(message, events.Key):
            queue.put_nowait(message)
    return keys


def turned_down(frame: WorkbookScreen) -> None:
    """The store has declined an edit: a dialog that is open shows what stands in the Book."""
    for screen in frame.app.screen_stack:
        if isinstance(screen, Dialog):
            screen.turned_down()


def redraw(frame: WorkbookScreen) -> None:
    """The Book has advanced: a dialog that is open shows it."""
    for screen in frame.app.screen_stack:
        if isinstance(screen, Dialog):
            screen.refresh_book()
