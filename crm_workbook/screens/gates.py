"""Gates on the screen: how far each is, what stops the group, who ticked what, and how a gate is signed or opened again."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from crm_workbook.analysis.finders import Gap
from crm_workbook.analysis.gates import GateState, ItemState, current, gates, reopen, sign, tick, verdicts
from crm_workbook.analysis.radar import leaves, names_in, values_of
from crm_workbook.analysis.wording import shown, to_change
from crm_workbook.catalogue.expressions import parse
from crm_workbook.i18n import N_, _
from crm_workbook.records.edits import Create, Edit
from crm_workbook.records.phases import GateMark
from crm_workbook.records.team import Person
from crm_workbook.screens.ask import AskModal
from crm_workbook.screens.boards import Board
from crm_workbook.screens.dialogs import Dialog, DialogKey, DialogLines, foot
from crm_workbook.screens.gaps import gap_text, open_gap
from crm_workbook.screens.gatewords import first_stop, gate_name, person_name, signed_in_full, signed_on, signed_short, stops
from crm_workbook.screens.words import full_stop
from crm_workbook.widgets.lines import Column, LineList
from crm_workbook.widgets.pick import PickModal

if TYPE_CHECKING:
    from crm_workbook.screens.listing import ListPage
    from crm_workbook.screens.workbook import WorkbookScreen

SIGNS = {"ok": "✓", "done": "✓", "waived": "~", "open": "✗", "unknown": "?"}
"""How an item stands, in one character."""
REOPEN = DialogKey("o", "reopen", N_("open again"), N_("opens a gate that was passed again"))
KEYS = (DialogKey("w", "accept", N_("accept"), N_("accepts an item as it is, with a name and a reason; not a must")),
        DialogKey("s", "sign", N_("sign"), N_("signs the gate")), REOPEN)
_STATES = {"ok": N_("Ready."), "done": N_("Ready."), "waived": N_("Accepted as it is."), "open": N_("Not ready."),
           "unknown": N_("Cannot be judged yet.")}
_VERDICTS = {"go": N_("go: all is ready"), "go_with_conditions": N_("go, with conditions: you write down who does the rest"),
             "stop": N_("stop: we do not go on yet")}


# ---- the board ----

class GatesBoard(Board):
    """One line a gate; a gate that each phase passes has one for each phase."""

    id = "gates"

    @property
    def title(self) -> str:
        return _("Gates")

    def draw(self, page: ListPage) -> None:
        frame, lines = page.frame, page.lines
        states = gates(frame.view) if frame.view is not None else ()
        here = current(states)
        titles = frame.titles
        assert titles is not None

        def cells(state: GateState) -> tuple[str, ...]:
            name = f"{state.phase.code} {gate_name(state, titles)}" if state.phase is not None else state.gate.name
            return ("✓" if state.passed else "▸" if state is here else "·", name, f"{state.readiness} %", str(state.stops),
                    *signed_short(state))

        lines.empty = _("The gates are shown in a moment.")
        lines.style_of = lambda state: "-dim" if state.passed else ""
        lines.set_columns((Column("", min=1), Column(_("Gate"), min=29, weight=1), Column(_("Ready now"), min=9, align="right"),
                           Column(_("Stops now"), min=9, align="right"), Column(_("Signed"), min=10), Column("", min=20)))
        first = not (lines.rows and isinstance(lines.rows[0], GateState))
        lines.set_rows(states, cells, key=lambda state: state.key)
        if first and here is not None:
            lines.go_to(here.key)

    def detail(self, page: ListPage) -> str:
        lines, titles = page.lines, page.frame.titles
        state = lines.rows[lines.index] if lines.rows else None
        if not isinstance(state, GateState) or titles is None:
            return ""
        if state.passed:
            return signed_in_full(state, titles)
        item = first_stop(state)
        signed = state.signed
        said = "" if signed is None else signed_on(signed) if not signed.reopened else _("Opened again on {day}.").format(
            day=signed.reopened_on or "-")
        return " ".join(filter(None, (said,
                                      full_stop(titles.label(state.phase)) if state.phase is not None else "",
                                      full_stop(_("First: {item}").format(item=item.item.text)) if item is not None else "",
                                      state.gate.about)))

    def enter(self, page: ListPage) -> None:
        if page.lines.key:
            open_gate(page.frame, page.lines.key)


# ---- the dialog ----

Act = Callable[[], None]
"""What is to be done on the screen below when the dialog has gone."""


def open_gate(frame: WorkbookScreen, key: str) -> None:
    """Shows a gate (`GateState.key`)."""
    if frame.view is not None and any(state.key == key for state in gates(frame.view)):
        frame.app.push_screen(GateModal(frame, key), lambda act: act() if act is not None else None)


class GateModal(Dialog["Act | None"]):
    """The list of a gate; Enter on a line leads to what is missing there, and the keys at the foot sign the gate."""

    BINDINGS: ClassVar[list[BindingType]] = [key.binding() for key in KEYS]

    def __init__(self, frame: WorkbookScreen, key: str) -> None:
        super().__init__(frame)
        self.key = key
        self.said = ""  # why the last key did nothing

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(id="gate-head", classes="heading", markup=False)
            yield Static(id="gate-signed", classes="details", markup=False)
            yield DialogLines(self, (Column("", min=1), Column("", min=20, weight=1), Column("", min=6)), _style)
            with VerticalScroll(classes="dialog-body"):
                yield Static(id="gate-item", markup=False)
            yield Static(id="gate-keys", classes="details", markup=False)

    def on_mount(self) -> None:
        self.show()
        state, lines = self.state, self.lines
        if state is not None and (item := first_stop(state)) is not None:
            lines.go_to(item.item.id)
        lines.styles.height = "1.5fr"  # beside 1fr for what is known about the item
        self.query_one("#gate-head").styles.height = "auto"
        self.query_one("#gate-item").styles.padding = 0, 1
        lines.focus()

    @property
    def state(self) -> GateState | None:
        """The gate as it is now; None when its phase has gone."""
        return next((state for state in gates(self.view) if state.key == self.key), None)

    @property
    def item(self) -> ItemState | None:
        """The item under the cursor."""
        lines = self.lines
        found = lines.rows[lines.index] if lines.rows else None
        return found if isinstance(found, ItemState) else None

    def show(self) -> None:
        state = self.state
        if state is None:
            self.dismiss(None)
            return
        name, figures = gate_name(state, self.titles), f"{state.readiness} %   {stops(state.stops)}"
        fits = cell_len(name) + 3 + cell_len(figures) <= self.room
        self.query_one("#gate-head", Static).update(Content(f"{name}   {figures}" if fits else f"{name}\n{figures}"))
        self.query_one("#gate-signed", Static).update(signed_in_full(state, self.titles) or state.gate.about)
        self.lines.styles.max_height = max(len(state.items), 1)
        self.lines.set_rows(state.items, _cells, key=lambda item: item.item.id)
        self.show_item()

    @property
    def room(self) -> int:
        """Cells of a line, without the edges."""
        return min(self.app.size.width * 9 // 10, 100) - 6

    def show_item(self) -> None:
        """What is known about the item under the cursor, below the list."""
        item, state = self.item, self.state
        parts = [Content.styled(f"{self.said}\n", "bold")] if self.said else []
        if item is not None and state is not None:
            parts += [Content.styled(item.item.text, "bold"), *(Content(f"\n{line}") for line in self.words(state, item))]
        self.query_one("#gate-item", Static).update(Content("").join(parts))
        self.call_after_refresh(self._show_keys)

    def _show_keys(self) -> None:
        """The keys that do something now; Tab where there is more to read about the item than fits."""
        passed = self.state is not None and self.state.passed
        keys = [("Enter", _("open")), *((key.key, _(key.label)) for key in KEYS if passed or key is not REOPEN)]
        keys += [("Tab", _("read on"))] if self.query_one(VerticalScroll).max_scroll_y else []
        self.query_one("#gate-keys", Static).update(foot(keys, self.room))

    def words(self, state: GateState, item: ItemState) -> Iterator[str]:
        """The lines about an item: how it stands and why, what would have to change, and what Enter does."""
        yield _(_STATES[item.state]) + (" " + _("Without it the gate stays shut.") if item.stops else "")
        if item.mark is not None:
            said = _("{who}, {day}: {reason}") if item.mark.reason else _("{who}, {day}")
            yield said.format(who=person_name(self.titles, item.mark.person), day=item.mark.on, reason=item.mark.reason)
            if item.state == "done":
                yield _("Enter opens the tick; d in its list deletes it.")
        if item.item.kind == "manual" and item.state == "open":
            yield _("Nothing can be counted here. Press Enter to choose who says that it is done.")
        yield from self.figures(state, item)
        if item.gaps:
            yield _("Enter: {what}").format(what=gap_text(self.titles.book, self.titles, item.gaps[0]))
        if item.state in ("open", "unknown") and not item.item.hard:
            yield _("It may also be accepted as it is, with a name and a reason: press w.")

    def figures(self, state: GateState, item: ItemState) -> Iterator[str]:
        """What would have to change, then the other figures, then how to write down what is not known."""
        facts = self.view.catalogue.facts
        asked = {name for leaf in leaves(item.wish) for name in names_in(leaf.node)}
        if item.wish is not None:
            seen = self.view.of_phase(state.phase.code) if state.phase is not None else self.view
            yield from (f"  {line}" for line in to_change(seen, item.wish, values_of(seen, parse(item.item.ok_when))))
        for name, figure in item.figures.items():
            if name not in asked:
                yield f"  {facts[name].title}: {shown(facts[name], figure.value)}"
        yield from dict.fromkeys(facts[name].missing for name, figure in item.figures.items()
                                 if figure.value is None and item.state == "unknown")

    @on(LineList.Highlighted)
    def _moved(self, message: LineList.Highlighted) -> None:
        message.stop()
        self.said = ""
        self.show_item()

    def say(self, sentence: str) -> None:
        """Why a key did nothing, above the words about the item."""
        self.said = sentence
        self.show_item()

    # ---- what can be done ----

    def follow(self) -> None:
        """Enter on the item under the cursor: what is missing, a tick, or what was written about it."""
        item, frame = self.item, self.frame
        if item is None:
            return
        if item.gaps:
            self._lead(item.gaps[0], item.item.text)
        elif item.mark is not None and item.state in ("done", "waived"):
            code = item.mark.code
            self.end(lambda: frame.go_to(code, "person"))
        elif item.item.kind == "manual":
            self._ask_person(_("Who says that it is done?"), lambda person: self._tick(item, person))
        elif item.state == "ok":
            self.say(_("Nothing to do here: it is ready."))
        else:
            self.say(_("There is nothing to open for this one yet."))

    def _lead(self, gap: Gap, said: str) -> None:
        """Goes to what is missing; `back` opens the gate again."""
        frame, key = self.frame, self.key
        self.end(lambda: open_gap(frame, gap, said, again=lambda: open_gate(frame, key), linger=True))

    def _ask_person(self, question: str, then: Callable[[str], None]) -> None:
        """Lets one of the people be chosen; without people, leads to their list."""
        frame, titles = self.frame, self.titles
        people = [(row.code, titles.label(row)) for row in titles.book.rows(Person)]
        if not people:
            self._lead(Gap(kind=Person), _("Write down the people first."))
            return
        me = [code for code, name in people if name == frame.who]
        self.app.push_screen(PickModal(question, people, chosen=me), lambda found: then(found[0]) if found else None)

    def _tick(self, item: ItemState, person: str) -> None:
        state, session = self.state, self.frame.session
        if state is not None and session is not None:
            session.submit(tick(state, item.item, mark="done", person=person, reason="", on=self.frame.today()))

    def action_accept(self) -> None:
        """Accepts a soft item as it is: leads to the form in which a name and the reason are written."""
        item, state = self.item, self.state
        if item is None or state is None:
            return
        if item.item.hard:
            self.say(_("A must cannot be accepted as it is. Mend it, or sign with stop."))
            return
        if item.state not in ("open", "unknown"):
            self.say(_("Nothing to accept here: it is ready.") if item.state != "waived" else _("It is accepted already."))
            return
        said = _("Choose who accepts it, and write the reason. It counts when both are there.")
        gap = self._begun(item, state) or _new(
            tick(state, item.item, mark="waived", person="", reason="", on=self.frame.today()), "person", "reason")
        self._lead(gap, said)

    def _begun(self, item: ItemState, state: GateState) -> Gap | None:
        """An acceptance of this item that still lacks the name or the reason."""
        phase = state.phase.code if state.phase is not None else ""
        rows = [row for row in self.titles.book.where(GateMark, "item", item.item.id) if row.phase == phase]
        if not rows or rows[-1].mark != "waived":
            return None
        return Gap(rows[-1].code, "person" if not rows[-1].person else "on" if rows[-1].on is None else "reason")

    def action_sign(self) -> None:
        """Asks for the verdict, then leads to the form in which those who sign are chosen."""
        state = self.state
        if state is None:
            return
        details = [f"{gate_name(state, self.titles)}: {state.readiness} %, {stops(state.stops)}"]
        if state.stops:
            details.append(_("With a stop it can only be signed as stopped."))
        answers = [(id_, _(_VERDICTS[id_])) for id_ in verdicts(state)]
        self.app.push_screen(AskModal(_("How do you sign?"), answers, details), self._signed)

    def _signed(self, verdict: str | None) -> None:
        state = self.state
        if not verdict or state is None or verdict not in verdicts(state):
            return
        gap = _new(sign(self.view, state, verdict=verdict, people=(), note="", on=self.frame.today()), "people", "note")
        self._lead(gap, _("Choose who signs. The figures of today are kept with it."))

    def action_reopen(self) -> None:
        """Opens a gate that was passed again; what was signed stays readable."""
        state = self.state
        if state is None or not state.passed:
            self.say(_("This gate has not been passed yet."))
            return
        answers = [("no", _("No, it stays as signed")), ("yes", _("Yes, open it again"))]
        self.app.push_screen(AskModal(_("Open this gate again?"), answers, [gate_name(state, self.titles)]), self._reopen)

    def _reopen(self, answer: str | None) -> None:
        state, session = self.state, self.frame.session
        if answer == "yes" and session is not None and state is not None and state.signed is not None:
            signed = state.signed
            self._ask_person(_("Who opens it again?"),
                             lambda person: session.submit(reopen(signed, person=person, on=self.frame.today())))


def _cells(item: ItemState) -> tuple[str, str, str]:
    return SIGNS[item.state], item.item.text, _("must") if item.item.hard else ""


def _style(item: ItemState) -> str:
    return "-warn" if item.stops else "" if item.state in ("open", "unknown") else "-dim"


def _new(edits: Sequence[Edit], *open_: str) -> Gap:
    """The new record that these edits make, to be written in a form; these fields are left open."""
    create = edits[0]
    assert isinstance(create, Create)
    return Gap(kind=create.kind, given=tuple((name, value) for name, value in create.values.items() if name not in open_))
