"""The gates: five lists that the group goes through before a large step, how far each is, and how it is signed.

Readiness is the share of items that are ready, `R = sum r_k / n` with equal weights; a stop is a hard item that is not. The two
are shown side by side and never become one number: no average buys a stop.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from crm_workbook.analysis.facts.parts import phases
from crm_workbook.analysis.facts.view import Figure, View
from crm_workbook.analysis.finders import Gap
from crm_workbook.analysis.radar import figures_of, healthy, to_open, values_of
from crm_workbook.analysis.stages import begun
from crm_workbook.analysis.wording import figures_text
from crm_workbook.catalogue.expressions import Wish, parse, wishes
from crm_workbook.records.edits import Change, Create, Edit
from crm_workbook.records.phases import GateMark, GateSignOff, Phase
from crm_workbook.records.team import Person

if TYPE_CHECKING:
    from crm_workbook.catalogue.rows import Gate, GateItem

State = Literal["ok", "done", "waived", "open", "unknown"]
READY = frozenset({"ok", "done", "waived"})


@dataclass(frozen=True, slots=True)
class ItemState:
    """One item: `ok` (the facts say so), `done` (ticked), `waived` (accepted as it is), `open`, `unknown` (not judged yet)."""

    item: GateItem
    state: State
    figures: Mapping[str, Figure]
    wish: Wish | None
    mark: GateMark | None

    @property
    def stops(self) -> bool:
        """Does it hold the group back, whatever else is ready?"""
        return self.item.hard and self.state not in READY

    @property
    def gaps(self) -> list[Gap]:
        """What to open to mend it."""
        if self.item.kind == "manual" or self.state in READY:
            return []
        return to_open(self.wish, self.figures)


@dataclass(frozen=True, slots=True)
class GateState:
    """One gate, of one phase where each has its own. `signed`: the youngest sign-off; `passed`: it let the group through."""

    gate: Gate
    phase: Phase | None
    items: tuple[ItemState, ...]
    signed: GateSignOff | None

    @property
    def readiness(self) -> int:
        """Percent of the items that are ready, rounded down."""
        return 100 * sum(item.state in READY for item in self.items) // len(self.items) if self.items else 100

    @property
    def stops(self) -> int:
        """Hard items that are not ready."""
        return sum(item.stops for item in self.items)

    @property
    def passed(self) -> bool:
        """Signed by somebody, with a verdict that lets the group through, no stop on that day, and not opened again."""
        signed = self.signed
        return signed is not None and signed.verdict in ("go", "go_with_conditions") and bool(signed.people) and (
            not signed.stops and not signed.reopened)

    @property
    def key(self) -> str:
        """What tells it from the others: 'gate-go-live PH1'."""
        return f"{self.gate.id} {self.phase.code}" if self.phase is not None else self.gate.id


def gates(view: View) -> tuple[GateState, ...]:
    """Every gate in the order of the work; one that each phase passes stands there once for each phase."""
    return view.once(_gates)


def current(states: Sequence[GateState]) -> GateState | None:
    """The gate that the group works towards: the first that has not been passed."""
    return next((state for state in states if not state.passed), None)


def _gates(view: View) -> tuple[GateState, ...]:
    ordered = sorted(view.catalogue.gates.values(), key=lambda gate: gate.order)
    single = [gate for gate in ordered if not gate.per_phase]
    again = [gate for gate in ordered if gate.per_phase]
    first = [_state(view, gate, None) for gate in single if not again or gate.order < again[0].order]
    last = [_state(view, gate, None) for gate in single if again and gate.order >= again[0].order]
    middle = [_state(view, gate, phase) for phase in phases(view) or (None,) for gate in again]
    return (*first, *middle, *last)


def _state(view: View, gate: Gate, phase: Phase | None) -> GateState:
    code = phase.code if phase is not None else ""
    seen = view.of_phase(code) if code else view
    marks = {row.item: row for row in view.rows(GateMark) if row.phase == code and _counts(view, row)}
    signed = [row for row in view.where(GateSignOff, "gate", gate.id) if row.phase == code and row.on is not None
              and row.on <= view.today]
    items = tuple(_item(seen, item, marks.get(item.id)) for item in view.catalogue.gate_items.values() if item.gate == gate.id)
    return GateState(gate, phase, items, max(signed, key=lambda row: (row.on or date.min, row.number), default=None))


def _item(view: View, item: GateItem, mark: GateMark | None) -> ItemState:
    if item.kind == "manual":
        state: State = "open" if mark is None else "done" if mark.mark == "done" else "waived"
        return ItemState(item, state, {}, None, mark)
    rule = parse(item.ok_when)
    values = values_of(view, rule)
    figures = figures_of(view, rule)
    found = rule.value(values)
    if found and not any(view.catalogue.facts[name].stage in begun(view) for name in figures):
        found = None  # of nothing, everything is true: there is nothing to judge yet
    if found:
        return ItemState(item, "ok", figures, None, mark)
    if mark is not None and mark.mark == "waived":
        return ItemState(item, "waived", figures, None, mark)
    wish = wishes(rule, values, healthy(view), wanted=True)
    return ItemState(item, "unknown" if found is None else "open", figures, wish, None)


def _counts(view: View, mark: GateMark) -> bool:
    """A tick of one of ours, with a day that has come. A soft item is accepted as it is with a reason; a hard one never."""
    item, person = view.catalogue.gate_items.get(mark.item), view.find(Person, mark.person)
    if item is None or person is None or person.side not in ("client", "") or mark.on is None or mark.on > view.today:
        return False
    return mark.mark == "done" or (mark.mark == "waived" and not item.hard and bool(mark.reason.strip()))


# ---- what can be done ----

def tick(state: GateState, item: GateItem, *, mark: str, person: str, reason: str, on: date) -> list[Edit]:
    """Ticks a manual item ("done"), or accepts a soft one as it is ("waived", with a reason)."""
    return [Create(GateMark, {"item": item.id, "phase": state.phase.code if state.phase else "", "mark": mark, "person": person,
                              "reason": reason, "on": on})]


def verdicts(state: GateState) -> tuple[str, ...]:
    """How it can be signed: with stops only with 'stop', with everything ready with 'go'."""
    if state.stops:
        return ("stop",)
    return ("go", "stop") if state.readiness == 100 else ("go_with_conditions", "stop")


def sign(view: View, state: GateState, *, verdict: str, people: Sequence[str], note: str, on: date) -> list[Edit]:
    """Signs a gate; the figures of that day are kept with it. ValueError for a verdict that is not possible now."""
    if verdict not in verdicts(state):
        raise ValueError(f"{verdict} is not possible with {state.stops} stops and {state.readiness} %")
    code = state.phase.code if state.phase else ""
    return [Create(GateSignOff, {"gate": state.gate.id, "phase": code, "on": on, "verdict": verdict, "people": tuple(people),
                                 "note": note, "readiness": state.readiness, "stops": state.stops,
                                 "figures": figures_text(view.of_phase(code) if code else view)})]


def reopen(signed: GateSignOff, *, person: str, on: date) -> list[Edit]:
    """Opens a signed gate again; what was signed stays readable."""
    return [Change(signed.code, "reopened", signed.reopened, True), Change(signed.code, "reopened_on", signed.reopened_on, on),
            Change(signed.code, "reopened_by", signed.reopened_by, person)]
