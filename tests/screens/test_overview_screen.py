"""The Overview: what to do and to talk about next is seen, understood, opened and mended, with the keyboard only."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from textual.widgets import Static

from crm_workbook.records import Record
from crm_workbook.records.goals import CompanyGoal, CrmGoal
from crm_workbook.records.minutes import Unfinished
from crm_workbook.records.phases import GateSignOff, Phase
from crm_workbook.records.processes import Process
from crm_workbook.records.radar import FindingResponse
from crm_workbook.records.team import OpenDecision, Person, Question
from crm_workbook.screens.finding import FindingModal
from crm_workbook.screens.gates import GateModal
from crm_workbook.screens.overview import Line, OverviewPage
from crm_workbook.screens.thread import ThreadModal
from crm_workbook.screens.workbook import WorkbookScreen
from tests.screens.desk import Desk, desk, workbook

ANNA = Person(number=1, name="Anna")
GOAL = CompanyGoal(number=1, title="Answer faster")
WORK = Process(number=1, name="Offers")  # whoever writes this down has gone beyond the first steps, and may be warned
LONG_AGO = date(2026, 3, 2)
WAITING = (Question(number=1, title="What does a card cost?", asked_by="client", asked_on=LONG_AGO, waits_for="M1"),
           Question(number=2, title="Answered", asked_by="client", asked_on=LONG_AGO, answered_on=LONG_AGO),
           OpenDecision(number=1, title="One list or two?", raised_on=LONG_AGO),
           Unfinished(number=1, record="G1", field="target", text="12a", who="Anna"))


def overview(here: Desk) -> OverviewPage:
    """The page."""
    assert isinstance(here.screen.page, OverviewPage)
    return here.screen.page


def lines(here: Desk) -> Sequence[Line]:
    """The lines of its list."""
    found: Sequence[Line] = overview(here).lines.rows
    return found


def cursor(here: Desk) -> str:
    """What the cursor is on."""
    return overview(here).lines.key


async def facts(here: Desk) -> None:
    """Lets the facts arrive."""
    await here.until(lambda: here.screen.view is not None, "facts")
    await here.pilot.pause()


def book(tmp_path: Path, *rows: Record) -> Path:
    return workbook(tmp_path / "a.crm", rows)


async def test_the_first_finding_is_opened_mended_and_gone(tmp_path: Path) -> None:
    async with desk(book(tmp_path, GOAL, WORK)) as here:
        await facts(here)
        assert cursor(here) == "finding fp-no-goals" and "!!   No written goals" in here.text()
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, FindingModal))
        await here.press("enter")
        await here.until(lambda: here.page.in_form and here.page.current_kind is CrmGoal)
        await here.type("One card for each client")
        await here.press("escape")
        await here.until(lambda: bool(here.book.rows(CrmGoal)) and not here.page.in_form)
        await here.press("0")
        await here.until(lambda: isinstance(here.screen.page, OverviewPage))
        await here.until(lambda: all(line.key != "finding fp-no-goals" for line in lines(here)))
        assert "No written goals" not in here.text()


@pytest.mark.parametrize("size", [(80, 24), (60, 20)])
async def test_nothing_jumps_when_the_facts_arrive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                   size: tuple[int, int]) -> None:
    work_out = WorkbookScreen._work_out
    monkeypatch.setattr(WorkbookScreen, "_work_out", lambda screen: None)  # they come when the test says so
    async with desk(book(tmp_path, ANNA, GOAL, WORK, *WAITING), size=size) as here:
        before = list(lines(here))
        assert here.screen.view is None and overview(here).lines.index == [line.opens[0] for line in before].index("finding")
        await here.press("enter")  # nothing is known yet, nothing happens
        work_out(here.screen)
        await facts(here)
        after = lines(here)
        assert [line.key for line in before].index("heading waiting") == [line.key for line in after].index("heading waiting")
        assert cursor(here).startswith("finding fp-")


async def test_an_empty_workbook_says_what_comes_and_is_calm(tmp_path: Path) -> None:
    async with desk(book(tmp_path)) as here:
        await facts(here)
        text = here.text()
        assert "Next step" in text and "Press n to go there" in text
        assert "Nothing warns today." in text and "Nothing waits for an answer." in text
        assert "Next gate: Ready to talk to vendors" in text and "stops" in text
        assert cursor(here) == "gate"  # the only line that leads somewhere


async def test_who_is_waited_for(tmp_path: Path) -> None:
    late = FindingResponse(number=1, pattern="fp-no-goals", response="act", person="M1", until=LONG_AGO, reason="writes them")
    async with desk(book(tmp_path, ANNA, GOAL, WORK, late, *WAITING), size=(120, 40)) as here:
        await facts(here)
        found = {line.key: line.right for line in lines(here)}
        assert (found["Q1"], found["OD1"], found["U1"]) == ("Anna answers", "to be decided", "unfinished")
        assert found["finding fp-no-goals"] == "Anna, overdue" and "Q2" not in found
        assert "overdue fp-no-goals" not in found  # it stands above already
        overview(here).lines.go_to("Q1")
        await here.press("enter")
        await here.until(lambda: here.page.in_form and here.page.current_code == "Q1")
        await here.press("f3", "b")
        await here.until(lambda: isinstance(here.screen.page, OverviewPage))


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_the_name_of_the_gate_is_not_cut(tmp_path: Path, size: tuple[int, int]) -> None:
    passed = [GateSignOff(number=number, gate=gate, on=LONG_AGO, verdict="go", people=("M1",), phase="PH1" * (number > 2))
              for number, gate in enumerate(("gate-prepare", "gate-contract", "gate-go-live"), 1)]
    rows = (ANNA, GOAL, Phase(number=1, title="One list for every hospital and its devices", order=1), *passed)
    async with desk(book(tmp_path, *rows), size=size) as here:
        await facts(here)
        await here.until(lambda: "Ready for the next phase" in here.text() and "stops" in here.text(), "the gate")


async def test_what_is_overdue_and_has_no_place_above_waits(tmp_path: Path) -> None:
    late = FindingResponse(number=1, pattern="fp-unlinked-goals", response="act", person="M1", until=LONG_AGO)
    async with desk(book(tmp_path, ANNA, GOAL, WORK, late, CrmGoal(number=1, title="Offers"))) as here:
        await facts(here)
        found = {line.key for line in lines(here)}
        assert ("overdue fp-unlinked-goals" in found) is not ("finding fp-unlinked-goals" in found)


async def test_the_cursor_rests_only_where_enter_does_something(tmp_path: Path) -> None:
    async with desk(book(tmp_path, ANNA, GOAL, *WAITING)) as here:
        await facts(here)
        await here.press("home")
        assert cursor(here) == "gate"
        seen = [cursor(here)]
        for _ in range(len(lines(here))):
            await here.press("down")
            seen.append(cursor(here))
        assert seen[-1] == lines(here)[-1].key == "U1"
        assert set(seen) == {line.key for line in lines(here) if line.opens[0]}
        for _ in range(len(lines(here))):
            await here.press("up")
        assert cursor(here) == "gate"


async def test_the_gate_is_opened_and_stays_true(tmp_path: Path) -> None:
    from crm_workbook.records.edits import Create

    async with desk(book(tmp_path, GOAL)) as here:
        await facts(here)
        await here.press("up", "enter")
        await here.until(lambda: isinstance(here.app.screen, GateModal))
        modal = here.app.screen
        assert isinstance(modal, GateModal) and modal.item is not None and modal.item.item.id == "g-goals-linked"
        assert here.screen.session is not None
        here.screen.session.submit([Create(CrmGoal, {"title": "One card", "company_goals": ("G1",)})])
        await here.until(lambda: modal.item is not None and modal.item.state == "ok")  # somebody else has mended it


async def test_many_waiting_lines_make_room_for_the_goals(tmp_path: Path) -> None:
    many = [Question(number=number, title=f"Question {number}", asked_by="client", asked_on=LONG_AGO)
            for number in range(1, 15)]
    async with desk(book(tmp_path, ANNA, GOAL, *many), size=(120, 40)) as here:
        await facts(here)
        await here.until(lambda: lines(here)[-1].key == "goal G1")
        assert "... and 6 more. Press Enter to see them." in here.text() and "✗    G1 Answer faster" in here.text()
        overview(here).lines.go_to("all")
        await here.press("enter")
        assert {f"Q{number}" for number in range(1, 15)} <= {line.key for line in lines(here)}
        await here.press("end", "enter")
        await here.until(lambda: isinstance(here.app.screen, ThreadModal))


@pytest.mark.parametrize(("size", "shown"), [((160, 45), True), ((80, 24), False)])
async def test_bars_stand_where_there_is_room(tmp_path: Path, size: tuple[int, int], shown: bool) -> None:
    async with desk(book(tmp_path, GOAL), size=size) as here:
        await facts(here)
        assert ("▱▱▱" in here.text()) is shown
        assert overview(here).query_one("#overview-bars", Static).display is shown


async def test_hostile_text_in_a_small_window(tmp_path: Path) -> None:
    nasty = "[/b] [@click=app.quit]x[/] \x1b[2J Łódź " + "long " * 40
    rows = [Person(number=1, name=nasty), CompanyGoal(number=1, title=nasty),
            Question(number=1, title=nasty, asked_by="client", asked_on=LONG_AGO, waits_for="M1")]
    for size in ((60, 20), (120, 40)):
        async with desk(workbook(tmp_path / f"{size[0]}.crm", rows), size=size) as here:
            await facts(here)
            overview(here).lines.go_to("Q1")
            await here.pilot.pause()
            assert "Q1   [/b]" in here.text() and "\x1b" not in here.text()
