"""Choosing from a list: type to search, Enter takes. One, or several with ticks."""
from __future__ import annotations

from collections.abc import Collection, Sequence

from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input, Static

from crm_workbook.i18n import _
from crm_workbook.widgets.editors import actions_of
from crm_workbook.widgets.lines import Column, LineList
from crm_workbook.widgets.plain import fit, plain

_SEARCH_LIMIT = 200  # characters


class Choices(Widget):
    """Words in brackets on one line, for the mouse; the keys that do the same stand in them."""

    class Clicked(Message):
        """`choice` counts from 0."""

        def __init__(self, choice: int) -> None:
            super().__init__()
            self.choice = choice

    def __init__(self, *texts: str, hint: str = "") -> None:
        super().__init__()
        self.texts, self.hint = [f"[ {text} ]" for text in texts], hint

    def render_line(self, y: int) -> Strip:
        """The line."""
        width = self.size.width
        return Strip([Segment(fit(" ".join(self.texts) + "  " + self.hint, width), self.rich_style)], width)

    async def _on_click(self, event: events.Click) -> None:
        event.stop()
        left = 0
        for number, text in enumerate(self.texts):
            if left <= event.x < left + Segment(text).cell_length:
                self.post_message(self.Clicked(number))
            left += Segment(text).cell_length + 1


class Search(Input):
    """The search line: all keys that are not for writing steer the list. Keys take effect in the order pressed."""

    ACTIONS = actions_of(Input.BINDINGS)

    def __init__(self, modal: PickModal, start: str) -> None:
        self._modal = modal
        super().__init__(start, placeholder=_("Type to search"), compact=True, select_on_focus=False,
                         max_length=_SEARCH_LIMIT, validate_on=())
        self.cursor_blink = False

    async def _on_key(self, event: events.Key) -> None:
        event.prevent_default()
        await self._modal.feed(event)

    async def feed(self, event: events.Key) -> None:
        """Carries out a key."""
        if self._modal.steer(event.key):
            event.stop()
        elif action := self.ACTIONS.get(event.key):
            event.stop()
            await self.run_action(action)
        elif event.is_printable and event.character is not None:
            event.stop()
            self.replace(event.character, *self.selection)

    def post_message(self, message: Message) -> bool:
        """Searches at each key; nobody else listens."""
        if isinstance(message, (Input.Changed, Input.Blurred, Input.Submitted)):
            if isinstance(message, Input.Changed):
                self._modal.search(self.value)
            return True
        return super().post_message(message)


class Options(LineList, can_focus=False):
    """The entries. Where several can be chosen, a click ticks."""

    def __init__(self, modal: PickModal, columns: Sequence[Column]) -> None:
        super().__init__(columns, header=False, always_active=True,
                         empty=_("Nothing fits. Shorten what you typed, or press Esc."))
        self._modal = modal

    async def _on_click(self, event: events.Click) -> None:
        event.prevent_default()
        if not self._modal.many:
            await super()._on_click(event)
            return
        event.stop()
        if self.go_to_line(event.y):
            self._modal.toggle()


class PickModal(ModalScreen[tuple[str, ...] | None]):
    """Ends with the ids chosen, in the order given: none, one, or with `many` several. None: cancelled."""

    def __init__(self, title: str, options: Sequence[tuple[str, str]], *, chosen: Collection[str] = (), many: bool = False,
                 codes: bool = False, nothing: str = "", start: str = "") -> None:
        """`options`: (id, text); where nothing is chosen yet or added, they are asked for when they are drawn or searched.
        `codes`: the ids are shown in a column. `nothing`: the text of an entry that empties the field. `start`: already typed
        into the search."""
        super().__init__()
        self.title_text, self.many, self.codes, self.start = title, many, codes, start
        known = {id_ for id_, _text in options} if chosen else set()
        unknown = [(id_, id_) for id_ in chosen if id_ not in known]  # what was deleted or renamed can be unticked
        self.options = [*([("", nothing)] if nothing else []), *options, *unknown] if nothing or unknown else options
        self.ticked = set(chosen)
        self._toggled = self._moved = False
        self._folded: Sequence[str] = ()  # what is searched: id and text of each entry
        self._words: tuple[str, ...] = ()
        self._found: Sequence[int] = ()  # the entries in which the words occur
        self._ready = self._over = False
        self._early: list[events.Key] = []

    def compose(self) -> ComposeResult:
        widest = max((len(id_) for id_, _text in self.options), default=4) if self.codes else 0
        columns = [*([Column("", 3)] if self.many else []), *([Column("", min(widest, 12))] if self.codes else []),
                   Column("", 10, 1)]
        with Vertical(classes="dialog"):
            yield Static(plain(self.title_text), classes="heading")
            yield Search(self, self.start)
            yield Options(self, columns)
            if self.many:
                yield Choices(_("Enter: take over"), _("Esc: cancel"), hint=_("Space ticks."))
            else:
                yield Choices(_("Enter: choose"), _("Esc: cancel"))

    async def on_mount(self) -> None:
        """The cursor starts on what is chosen already. Then come the keys that were faster than the window."""
        self._ready = True
        self.set_focus(self.query_one(Search))
        self.search(self.start)
        if not self.start and self.ticked:
            self.lines.go_to(next((id_ for id_, _text in self.options if id_ in self.ticked), ""))
        elif not self.start and len(self.options) > 1 and not self.options[0][0]:
            self.lines.go_to(self.options[1][0])  # the first one that is something
        for event in self._early:
            await self.feed(event)
        self.call_after_refresh(self._prepare)  # so that the first letter is as quick as the others

    async def _on_key(self, event: events.Key) -> None:
        if not self._ready:
            event.stop()
            event.prevent_default()
            await self.feed(event)

    async def feed(self, event: events.Key) -> None:
        """Carries out a key; one that comes before the window stands is kept for it."""
        if self._over:  # closed by the key before; what comes after it is for the screen below
            event.stop()
            self.app.post_message(events.Key(event.key, event.character))
        elif self._ready:
            await self.query_one(Search).feed(event)
        else:
            self._early.append(event)

    @property
    def lines(self) -> Options:
        """The list below the search line."""
        return self.query_one(Options)

    def search(self, text: str) -> None:
        """Shows the entries in which all words occur, in any order; an entry whose code was typed comes first."""
        if not self._ready:
            return
        self._moved = self._toggled = False
        words = tuple(text.casefold().split())
        self.lines.set_rows(self._find(words) if words else range(len(self.options)), self._cells,
                            key=lambda index: self.options[index][0], stay=False)

    def _prepare(self) -> None:
        if not self._folded:
            self._folded = [f"{id_} {text}".casefold() for id_, text in self.options]

    def _find(self, words: tuple[str, ...]) -> list[int]:
        """The entries with all words, the best ones first; longer words are looked for among those found before."""
        self._prepare()
        before, folded = self._words, self._folded
        narrower = bool(before) and len(before) <= len(words) and all(map(str.startswith, words, before))
        found = self._found if narrower else range(len(folded))
        for word in words:
            found = [index for index in found if word in folded[index]]
        self._words, self._found = words, found
        first, code = words[0], f"{words[0]} "
        exact = [index for index in found if folded[index].startswith(code)]
        begun = [index for index in found if folded[index].partition(" ")[2].startswith(first)]
        return list(dict.fromkeys([*exact, *begun, *found]))

    def _cells(self, index: int) -> Sequence[str]:
        id_, text = self.options[index]
        tick = [("[x]" if id_ in self.ticked else "[ ]")] if self.many else []
        return *tick, *([id_] if self.codes else []), text

    def end(self, answer: tuple[str, ...] | None) -> None:
        """Closes the window, once."""
        if not self._over:
            self._over = True
            self.dismiss(answer)

    def steer(self, key: str) -> bool:
        """Keys that move in the list, tick, take and cancel; False for keys that belong to the search line."""
        lines = self.lines
        if key in ("escape", "f3"):
            self.end(None)
        elif key == "enter":
            self.take()
        elif key in ("up", "down"):
            lines.action_move(1 if key == "down" else -1)
            self._moved = True
        elif key in ("pageup", "pagedown"):
            lines.action_page(1 if key == "pagedown" else -1)
            self._moved = True
        elif key == "space" and self.many and (self._moved or not self.query_one(Search).value):
            self.toggle()
        elif key not in ("tab", "shift+tab"):
            return False
        return True

    def toggle(self) -> None:
        """Ticks or unticks the entry under the cursor; what is typed next is a new search."""
        key = self.lines.key
        if key:
            self.ticked ^= {key}
            self._toggled = True
            self.lines.refresh_rows({key})
            search = self.query_one(Search)
            search.select_all()

    def take(self) -> None:
        """Ends with what is ticked, or with the entry under the cursor."""
        key = self.lines.key
        if not self.many:
            if self.lines.rows:
                self.end((key,) if key else ())
            return
        if key and not self._toggled and (self.query_one(Search).value or not self.ticked):
            self.ticked.add(key)  # found by typing, or nothing ticked at all, and Enter: this one is meant
        self.end(tuple(id_ for id_, _text in self.options if id_ in self.ticked))

    def on_line_list_highlighted(self, event: LineList.Highlighted) -> None:
        """Nobody outside is concerned."""
        event.stop()

    def on_line_list_selected(self, event: LineList.Selected) -> None:
        """A double click."""
        event.stop()
        self.take()

    def on_choices_clicked(self, event: Choices.Clicked) -> None:
        """A click on a word in brackets."""
        event.stop()
        if event.choice == 0:
            self.take()
        else:
            self.end(None)

    async def _on_click(self, event: events.Click) -> None:
        """A click beside the window closes it; a click on an entry of several ticks it."""
        if self.get_widget_at(event.screen_x, event.screen_y)[0] is self:
            self.end(None)


__all__ = ["Choices", "PickModal"]
