"""Gates on the screen: what is missing is found from the list, ticks and signatures are kept, all with the keyboard."""
from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager
from datetime import date
from pathlib import Path

import pytest
from textual.widgets import Static

from crm_workbook.analysis.gates import GateState, gates
from crm_workbook.records import Record
from crm_workbook.records.goals import CompanyGoal, CrmGoal
from crm_workbook.records.phases import GateMark, GateSignOff, Phase
from crm_workbook.records.team import Person
from crm_workbook.screens.ask import AskModal
from crm_workbook.screens.days import today
from crm_workbook.screens.gates import GateModal, open_gate
from crm_workbook.widgets.lines import LineList
from crm_workbook.widgets.pick import PickModal
from tests.screens.desk import Desk, desk, workbook

PEOPLE = (Person(number=1, name="Anna"), Person(number=2, name="Boris"))
GOALS = (CompanyGoal(number=1, title="Answer faster"), CrmGoal(number=1, title="One card for each client"))
MANUAL = "g-operate-expert"


def state_of(here: Desk, key: str) -> GateState:
    """The gate as it is now."""
    assert here.screen.view is not None
    return next(state for state in gates(here.screen.view) if state.key == key)


def item_of(here: Desk, gate: str, id_: str) -> str:
    """How an item stands now."""
    return next(item.state for item in state_of(here, gate).items if item.item.id == id_)


def said(here: Desk, id_: str) -> str:
    """What stands in a part of the dialog."""
    return str(here.app.screen.query_one(f"#gate-{id_}", Static).content)


async def show(here: Desk, gate: str, item: str = "") -> GateModal:
    """Opens a gate, with the cursor on an item."""
    await here.until(lambda: here.screen.view is not None, "facts")
    open_gate(here.screen, gate)
    await here.until(lambda: isinstance(here.app.screen, GateModal) and bool(here.app.screen.query(LineList)), "gate opened")
    modal = here.app.screen
    assert isinstance(modal, GateModal)
    if item:
        assert modal.lines.go_to(item)
    await here.pilot.pause()
    return modal


def opened(tmp_path: Path, *rows: Iterable[Record], size: tuple[int, int] = (80, 24)) -> AbstractAsyncContextManager[Desk]:
    """A workbook with these records on the screen."""
    return desk(workbook(tmp_path / "a.crm", [row for part in rows for row in part]), size=size)


async def test_the_board_leads_to_what_is_missing(tmp_path: Path) -> None:
    async with opened(tmp_path, PEOPLE, GOALS, [Phase(number=1, title="Enquiries", order=1)]) as here:
        await here.until(lambda: here.screen.view is not None)
        await here.open("8", "gates")
        text = here.text()
        assert "▸  Ready to talk to vendors" in text and "PH1 Ready to go live: Enquiries"[:27] in text
        assert "First:" in text
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, GateModal))
        await here.until(lambda: "each CRM goal serves" in said(here, "item") and "CRM goals without" in said(here, "item"))
        await here.press("enter")  # the cursor starts on the first stop
        await here.until(lambda: here.page.in_form and here.page.current_kind is CrmGoal)
        assert here.page.form.field.name == "company_goals"
        await here.press("f3", "b")
        await here.until(lambda: isinstance(here.app.screen, GateModal) and here.page.view == "gates")


async def test_an_item_is_ticked_by_hand_and_the_dialog_shows_it(tmp_path: Path) -> None:
    async with opened(tmp_path, PEOPLE) as here:
        await show(here, "gate-operate", MANUAL)
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, PickModal))
        await here.type("bor")
        await here.press("enter")
        await here.until(lambda: bool(here.book.rows(GateMark)))
        mark = here.book.rows(GateMark)[0]
        assert (mark.item, mark.mark, mark.person, mark.on) == (MANUAL, "done", "M2", today())
        assert item_of(here, "gate-operate", MANUAL) == "done"
        await here.until(lambda: "Boris" in here.text() and f"{state_of(here, 'gate-operate').readiness} %" in here.text())
        assert isinstance(here.app.screen, GateModal)
        assert "Enter opens the tick; d in its list deletes it." in said(here, "item")
        await here.press("enter")  # what was written about it can be changed
        await here.until(lambda: here.page.in_form and here.page.current_code == "GM1")


async def test_without_people_the_tick_leads_to_their_list(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        await show(here, "gate-operate", MANUAL)
        await here.press("enter")
        await here.until(lambda: here.page.in_form and here.page.current_kind is Person)
        assert "people first" in here.said


@pytest.mark.parametrize("key", ["w", "ц"])
async def test_a_soft_item_is_accepted_with_a_name_and_a_reason(tmp_path: Path, key: str) -> None:
    async with opened(tmp_path, PEOPLE, GOALS) as here:
        await show(here, "gate-prepare", "g-goal-behaviour")
        before = state_of(here, "gate-prepare").readiness
        await here.press(key)
        await here.until(lambda: here.page.in_form and here.page.current_kind is GateMark)
        assert here.page.form.field.name == "person" and "reason" in here.said
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, PickModal))
        await here.press("enter")
        await here.until(lambda: bool(here.book.rows(GateMark)))
        assert item_of(here, "gate-prepare", "g-goal-behaviour") == "open"  # a name alone does not count
        await here.press("f3")
        await here.until(lambda: not here.page.in_form)
        await show(here, "gate-prepare", "g-goal-behaviour")
        await here.press(key)  # goes on with what was begun
        await here.until(lambda: here.page.in_form and here.page.form.field.name == "reason")
        await here.type("later")
        await here.press("f3")
        await here.until(lambda: here.book.rows(GateMark)[0].reason == "later")
        assert len(here.book.rows(GateMark)) == 1
        assert item_of(here, "gate-prepare", "g-goal-behaviour") == "waived"
        assert state_of(here, "gate-prepare").readiness > before


async def test_a_hard_item_is_never_accepted_as_it_is(tmp_path: Path) -> None:
    async with opened(tmp_path, PEOPLE, GOALS) as here:
        modal = await show(here, "gate-prepare", "g-goals-linked")
        await here.press("w")
        assert "A must cannot be accepted as it is." in here.text() and here.app.screen is modal
        await here.press("down")
        assert "A must cannot be accepted as it is." not in here.text()


async def test_a_gate_with_stops_is_signed_as_stopped_with_the_figures_of_the_day(tmp_path: Path) -> None:
    async with opened(tmp_path, PEOPLE, GOALS) as here:
        await show(here, "gate-prepare")
        state = state_of(here, "gate-prepare")
        assert state.stops
        await here.press("s")
        await here.until(lambda: isinstance(here.app.screen, AskModal))
        assert "stop: we do not go on yet" in here.text() and "go: all is ready" not in here.text()
        await here.press("enter")
        await here.until(lambda: here.page.in_form and here.page.current_kind is GateSignOff)
        assert here.page.form.field.name == "people" and not here.book.rows(GateSignOff)  # nothing counts without a name
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, PickModal))
        await here.press("enter")
        await here.until(lambda: bool(here.book.rows(GateSignOff)))
        row = here.book.rows(GateSignOff)[0]
        assert (row.gate, row.verdict, row.people, row.on) == ("gate-prepare", "stop", ("M1",), today())
        assert (row.readiness, row.stops) == (state.readiness, state.stops) and "crm_goals = 1" in row.figures


SIGNED = GateSignOff(number=1, gate="gate-prepare", on=date(2026, 3, 12), verdict="go", people=("M1",), readiness=92, stops=0)


async def test_a_passed_gate_says_what_was_signed_and_is_opened_again(tmp_path: Path) -> None:
    async with opened(tmp_path, PEOPLE, GOALS, [SIGNED]) as here:
        await show(here, "gate-prepare")
        state = state_of(here, "gate-prepare")
        assert state.passed
        today_ = f"Today: {state.readiness} %, {state.stops} stops."
        assert said(here, "signed") == f"Signed on 2026-03-12: go (92 %, 0 stops that day). By Anna (GS1). {today_}"
        await here.press("o")
        await here.until(lambda: isinstance(here.app.screen, AskModal))
        await here.press("down", "enter")
        await here.until(lambda: isinstance(here.app.screen, PickModal))
        await here.press("enter")
        await here.until(lambda: here.book.rows(GateSignOff)[0].reopened)
        row = here.book.rows(GateSignOff)[0]
        assert (row.reopened_on, row.reopened_by, row.verdict, row.readiness) == (today(), "M1", "go", 92)
        await here.until(lambda: "Opened again on" in said(here, "signed"))
        await here.press("o")
        assert "This gate has not been passed yet." in here.text()


async def test_esc_leaves_everything_as_it_is(tmp_path: Path) -> None:
    async with opened(tmp_path, PEOPLE, GOALS, [SIGNED]) as here:
        modal = await show(here, "gate-prepare")
        number = here.book.number
        await here.press("o", "escape", "s", "escape")
        assert here.app.screen is modal
        await here.press("escape")
        assert not isinstance(here.app.screen, GateModal) and here.book.number == number


async def test_hostile_names_in_a_small_window(tmp_path: Path) -> None:
    nasty = "[/b] [@click=app.quit]x[/] \x1b[2J " + "long " * 40
    rows = [Person(number=1, name=nasty), Phase(number=1, title=nasty, order=1), CrmGoal(number=1, title=nasty),
            GateMark(number=1, item="g-goal-behaviour", mark="waived", person="M1", on=date(2026, 3, 1), reason=nasty),
            GateSignOff(number=1, gate="gate-go-live", phase="PH1", on=date(2026, 3, 12), verdict="go", people=("M1",))]
    async with opened(tmp_path, rows, size=(60, 20)) as here:
        await here.until(lambda: here.screen.view is not None)
        await here.open("8", "gates")
        await show(here, "gate-go-live PH1")
        assert "[/b]" in here.text()
        await here.press("escape")
        await show(here, "gate-prepare", "g-goal-behaviour")
        assert "[/b]" in here.text() and "\x1b" not in here.text()


async def test_a_gate_closes_when_its_phase_is_deleted(tmp_path: Path) -> None:
    from crm_workbook.records.edits import Delete

    async with opened(tmp_path, [Phase(number=1, title="One", order=1), Phase(number=2, title="Two", order=2)]) as here:
        await here.until(lambda: here.screen.view is not None)
        await here.open("8", "gates")
        await show(here, "gate-go-live PH2")
        assert here.screen.session is not None
        here.screen.session.submit([Delete("PH2")])
        await here.until(lambda: not isinstance(here.app.screen, GateModal))
