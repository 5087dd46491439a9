"""Gates: items from facts and by hand, what may be accepted as it is, readiness and stops, signing and opening again."""
from __future__ import annotations

from datetime import date, timedelta

import pytest

from crm_workbook.analysis.facts import View
from crm_workbook.analysis.gates import READY, GateState, ItemState, current, gates, reopen, sign, tick, verdicts
from crm_workbook.analysis.wording import read_figures
from crm_workbook.catalogue import load
from crm_workbook.exchange.sample import sample_book
from crm_workbook.records import Record
from crm_workbook.records.adoption import Support, Workaround
from crm_workbook.records.book import Book
from crm_workbook.records.edits import Change, Create
from crm_workbook.records.phases import GateMark, GateSignOff, Phase
from crm_workbook.records.requirements import Requirement
from crm_workbook.records.team import Assignment, Person
from crm_workbook.sample import TODAY

CATALOGUE = load()


BEGUN: tuple[Record, ...] = (Person(number=1, name="Anna"), Assignment(number=1, role="r-sponsor", person="M1"),
                             Requirement(number=1, title="One card"), Workaround(number=1, title="A list of our own"))
"""Something in the stages that the items below are about, and somebody who ticks."""


def states(*rows: Record, today: date = TODAY) -> dict[str, GateState]:
    return {state.key: state for state in gates(View(Book.of([*BEGUN, *rows]), CATALOGUE, today))}


def item(state: GateState, id_: str) -> ItemState:
    return next(one for one in state.items if one.item.id == id_)


def mark(id_: str, **values: object) -> GateMark:
    given: dict[str, object] = {"number": 1, "item": id_, "mark": "waived", "person": "M1", "on": TODAY, "reason": "Small."}
    return GateMark(**given | values)


def test_each_phase_passes_its_own_gates() -> None:
    two = states(Phase(number=1, title="One", order=1), Phase(number=2, title="Two", order=2))
    assert list(two) == ["gate-prepare", "gate-contract", "gate-go-live PH1", "gate-close PH1", "gate-go-live PH2",
                         "gate-close PH2", "gate-operate"]
    assert list(states()) == ["gate-prepare", "gate-contract", "gate-go-live", "gate-close", "gate-operate"]


def test_of_nothing_nothing_is_ready() -> None:
    for state in gates(View(Book(), CATALOGUE, TODAY)):
        assert state.readiness == 0 and all(one.state in ("unknown", "open") for one in state.items), state.key


def test_readiness_and_stops_are_two_numbers() -> None:
    for state in gates(View(sample_book(), CATALOGUE, TODAY)):
        ready = sum(one.state in READY for one in state.items)
        assert state.readiness == 100 * ready // len(state.items)
        assert state.stops == sum(one.item.hard and one.state not in READY for one in state.items)
        assert len(state.items) == sum(row.gate == state.gate.id for row in CATALOGUE.gate_items.values())


def test_a_soft_item_is_accepted_with_a_name_a_day_and_a_reason() -> None:
    soft = "g-plain-language"
    assert not CATALOGUE.gate_items[soft].hard
    assert item(states()["gate-prepare"], soft).state in ("open", "unknown")
    assert item(states(mark(soft))["gate-prepare"], soft).state == "waived"
    for lacking in ({"reason": " "}, {"person": ""}, {"on": None}, {"on": TODAY + timedelta(1)}):
        assert item(states(mark(soft, **lacking))["gate-prepare"], soft).state in ("open", "unknown")


def test_a_hard_item_is_never_accepted_as_it_is() -> None:
    hard = "g-sponsor"
    assert CATALOGUE.gate_items[hard].hard
    one = item(states(mark(hard))["gate-prepare"], hard)
    assert one.state in ("open", "unknown") and one.stops


def test_a_manual_item_is_ticked_with_name_and_day() -> None:
    (manual,) = [id_ for id_, row in CATALOGUE.gate_items.items() if row.kind == "manual"]
    gate = CATALOGUE.gate_items[manual].gate
    assert item(states()[gate], manual).state == "open"
    assert item(states(mark(manual, mark="done", reason=""))[gate], manual).state == "done"
    assert item(states(mark(manual, mark="done", person=""))[gate], manual).state == "open"


def test_a_tick_that_is_only_begun_takes_nothing_back() -> None:
    (manual,) = [id_ for id_, row in CATALOGUE.gate_items.items() if row.kind == "manual"]
    gate = CATALOGUE.gate_items[manual].gate
    rows = (mark(manual, mark="done"), mark(manual, number=2, reason=""), mark(manual, number=3, on=TODAY + timedelta(5)))
    assert item(states(*rows)[gate], manual).state == "done"
    vendor = Person(number=2, name="Vic", side="vendor")
    assert item(states(vendor, mark(manual, mark="done", person="M2"))[gate], manual).state == "open"


def test_what_to_open_is_what_is_wrong() -> None:
    support = Support(number=1, months=12, basic_only=True)
    one = item(states(support, Phase(number=1, title="One", go_live=TODAY - timedelta(9)))["gate-contract"], "g-support-signed")
    assert one.state == "open" and [(gap.code, gap.field) for gap in one.gaps] == [("SU1", "basic_only")]


def test_a_mark_of_one_phase_is_none_of_the_other() -> None:
    rows = (Phase(number=1, title="One", order=1), Phase(number=2, title="Two", order=2), mark("g-buffer", phase="PH2"))
    found = states(*rows)
    assert item(found["gate-go-live PH2"], "g-buffer").state == "waived"
    assert item(found["gate-go-live PH1"], "g-buffer").state in ("open", "unknown")


def test_facts_are_those_of_the_gates_own_phase() -> None:
    rows = (Phase(number=1, title="One", order=1, start=date(2026, 1, 1), end=date(2026, 3, 1), buffer_days=20),
            Phase(number=2, title="Two", order=2, start=date(2026, 5, 1), end=date(2026, 8, 1), buffer_days=0))
    found = states(*rows)
    assert item(found["gate-go-live PH1"], "g-buffer").state == "ok"
    assert item(found["gate-go-live PH2"], "g-buffer").state == "open"


def test_signing_keeps_the_figures_of_that_day() -> None:
    view = View(sample_book(), CATALOGUE, TODAY)
    state = next(one for one in gates(view) if one.stops)
    (edit,) = sign(view, state, verdict="stop", people=["M1", "M2"], note="Not yet.", on=TODAY)
    assert isinstance(edit, Create) and edit.kind is GateSignOff
    assert (edit.values["readiness"], edit.values["stops"]) == (state.readiness, state.stops)
    seen = view.of_phase(state.phase.code if state.phase else "")
    figures = read_figures(str(edit.values["figures"]))
    assert figures["company_goals"] == seen.value("company_goals") and len(figures) > 80


def test_with_stops_nobody_goes_on() -> None:
    view = View(sample_book(), CATALOGUE, TODAY)
    state = next(one for one in gates(view) if one.stops)
    assert verdicts(state) == ("stop",)
    with pytest.raises(ValueError, match="not possible"):
        sign(view, state, verdict="go", people=["M1"], note="", on=TODAY)


def test_a_gate_is_passed_until_it_is_opened_again() -> None:
    signed = GateSignOff(number=1, gate="gate-prepare", on=TODAY, verdict="go", people=("M1",))
    found = states(signed)
    assert found["gate-prepare"].passed
    now = current(tuple(found.values()))
    assert now is not None and now.key == "gate-contract"
    edits = reopen(signed, person="M1", on=TODAY)
    again = signed
    for edit in edits:
        assert isinstance(edit, Change)
        again = again.with_value(edit.field, edit.new)
    assert not states(again)["gate-prepare"].passed and states(again)["gate-prepare"].signed == again
    unsigned = signed.with_value("people", ())
    assert not states(unsigned)["gate-prepare"].passed
    assert not states(signed.with_value("stops", 2))["gate-prepare"].passed, "what stopped on that day is not signed away"
    assert not states(signed.with_value("on", TODAY + timedelta(1)))["gate-prepare"].passed
    stopped = GateSignOff(number=2, gate="gate-prepare", on=TODAY, verdict="stop", people=("M1",))
    assert not states(signed, stopped)["gate-prepare"].passed


def test_ticking_is_an_edit() -> None:
    state = states()["gate-prepare"]
    (edit,) = tick(state, CATALOGUE.gate_items["g-plain-language"], mark="waived", person="M1", reason="Later.", on=TODAY)
    assert isinstance(edit, Create)
    row = GateMark(number=1, **edit.values)
    assert item(states(row)["gate-prepare"], "g-plain-language").state == "waived"
