"""The red thread of a record: from the company goals down to the measures, where it breaks, and the way there."""
from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from crm_workbook.analysis.doubts import Doubts, doubts
from crm_workbook.analysis.thread import MOST, Node, State, thread
from crm_workbook.i18n import _
from crm_workbook.records.edits import Create
from crm_workbook.records.radar import LinkCheck
from crm_workbook.screens.gaps import gap_text, open_gap
from crm_workbook.widgets.lines import Column, LineList

if TYPE_CHECKING:
    from crm_workbook.screens.workbook import WorkbookScreen

SIGNS: dict[State, str] = {"ok": "✓", "gap": "✗", "suspect": "~"}
CONFIRM = ("k", "л")
DETAIL = 4
"""Lines below the list."""


class ThreadList(LineList):
    """The lines of a thread. `k` confirms a link here and does not go up."""

    def __init__(self, confirm: Callable[[], None]) -> None:
        super().__init__((Column("", min=1), Column("", min=46, weight=1), Column("", min=12)), header=False,
                         style_of=lambda node: "" if node.state == "ok" else "-warn")
        self._confirm = confirm

    async def _on_key(self, event: events.Key) -> None:
        if event.key in CONFIRM:
            event.stop()
            event.prevent_default()
            self._confirm()


class ThreadModal(ModalScreen[Node]):
    """Ends with the line that somebody wants to go to, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,й,f3", "dismiss", show=False)]

    def __init__(self, frame: WorkbookScreen, code: str) -> None:
        super().__init__()
        assert frame.titles is not None
        self.frame, self.code, self.titles = frame, code, frame.titles
        self.doubts: Doubts = {}
        self.most = MOST

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(_("The red thread of {record}").format(record=self.titles.named(self.code)), classes="heading",
                         markup=False)
            yield ThreadList(self.confirm)
            yield Static(classes="details", markup=False)

    def on_mount(self) -> None:
        self.query_one(".details", Static).styles.height = DETAIL
        self.draw()
        self.lines.focus()

    @property
    def lines(self) -> ThreadList:
        return self.query_one(ThreadList)

    @property
    def node(self) -> Node | None:
        """The line under the cursor."""
        return self.lines.rows[self.lines.index] if self.lines.rows else None

    def take(self, found: Doubts) -> None:
        """The journal has been asked which links are suspect."""
        self.doubts = found
        if self.is_mounted:
            self.draw()

    def draw(self) -> None:
        """Draws every line; the cursor stays on its line, at first on that of the record."""
        assert self.frame.book is not None
        found, first = thread(self.frame.book, self.code, self.doubts, self.most), not self.lines.rows
        if found is None:
            self.dismiss(None)  # somebody has deleted the record meanwhile
            return
        self.lines.set_rows(found.nodes, self._cells, key=lambda node: node.key)
        if first:
            self.lines.go_to(found.key)
        self.show_detail()

    def _cells(self, node: Node) -> tuple[str, str, str]:
        return SIGNS[node.state], "  " * node.depth + self.said(node), _(node.word)

    def said(self, node: Node) -> str:
        """What a line says: what it is called, and what is missing, suspect or known about it."""
        name = node.text or (self.titles.named(node.code) if node.code else "")
        if not (name and node.sentence):
            return name or node.sentence
        return f"{name} · {node.sentence}"

    @on(LineList.Highlighted)
    def show_detail(self) -> None:
        """Below the list: what the keys do with the line, and all that it says."""
        node = self.node
        if node is not None:
            self.query_one(".details", Static).update(f"{self._keys(node)}\n{self.said(node)}")

    def _keys(self, node: Node) -> str:
        if node.more:
            words = _("Enter shows all of them.")
        elif node.gap is None:
            words = _("Enter leads to {code}.").format(code=node.code)
        else:
            frame = self.frame
            assert frame.book is not None and frame.titles is not None
            words = _("Enter: {what}.").format(what=gap_text(frame.book, frame.titles, node.gap).rstrip("?."))
        return f"{words} {_('Press k if it still fits.') if node.doubts else _('Esc closes.')}"

    @on(LineList.Selected)
    def _selected(self) -> None:
        node = self.node
        if node is not None and node.more:
            self.most = 0
            self.draw()
        elif node is not None:
            self.dismiss(node)

    def confirm(self) -> None:
        """The words have changed, and the link still fits; then on to the next suspect one."""
        node = self.node
        if node is None or not node.doubts:
            self.query_one(".details", Static).update(_("Only links to words that have changed are confirmed. They have the "
                                                        "sign {sign}.").format(sign=SIGNS["suspect"]))
            return
        confirm(self.frame, node)
        gone = {(doubt.source, doubt.target) for doubt in node.doubts}
        self.doubts = {pair: doubt for pair, doubt in self.doubts.items() if pair not in gone}
        self.draw()
        here = self.lines.index
        rows: list[Node] = [*self.lines.rows[here:], *self.lines.rows[:here]]
        self.lines.go_to(next((other.key for other in rows if other.doubts), node.key))


def show(screen: WorkbookScreen, code: str) -> None:
    """Opens the thread of a record, and asks the store which of its links are suspect; `arrived` gets the answer."""
    assert screen.book is not None and screen.session is not None
    if thread(screen.book, code) is None:
        screen.say(_("The red thread goes through goals, processes, requirements, vendors and their marks, phases, tests and "
                     "figures. Choose one of these."))
        return
    screen.app.push_screen(ThreadModal(screen, code), lambda node: lead(screen, node))
    screen.session.ask(lambda workbook: doubts(workbook.book, workbook), ticket=f"thread {code}")


def arrived(screen: WorkbookScreen, code: str, found: Doubts) -> None:
    """The answer of the store, if the thread that asked is still open."""
    modal = screen.app.screen
    if isinstance(modal, ThreadModal) and modal.code == code:
        modal.take(found)


def confirm(screen: WorkbookScreen, node: Node) -> None:
    """Keeps that somebody has looked at the suspect links of a line, and that they fit."""
    assert screen.session is not None
    screen.session.submit([Create(LinkCheck, {"source": doubt.source, "target": doubt.target, "on": screen.today()})
                           for doubt in node.doubts], ticket="confirm")
    screen.say(_("{source} still fits {target}. Press u to take it back.").format(
        source=node.code, target=", ".join(doubt.target for doubt in node.doubts)))


def lead(screen: WorkbookScreen, node: Node | None) -> None:
    """Leads to the record of a line, or to what mends it."""
    if node is None:
        return
    if node.gap is None:
        screen.go_to(node.code)
        return
    open_gap(screen, node.gap, node.sentence)
